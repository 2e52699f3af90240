//! What threads search with, made once each and handed from one search to the next.

use std::sync::{Mutex, PoisonError};

/// Scratches that wait for the next search; one per thread at most.
pub(super) struct Scratches<T>(Mutex<Vec<T>>);

impl<T> Scratches<T> {
    pub fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Acts with a scratch that waits, or a new one.
    pub fn with<R>(&self, new: impl FnOnce() -> T, act: impl FnOnce(&mut T) -> R) -> R {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = waiting.unwrap_or_else(new);
        let result = act(&mut scratch);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        result
    }
}
