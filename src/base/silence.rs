//! Panics of other people's code that become errors of ours: left untold on the error stream.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether this thread runs a step whose panic becomes an error.
    static SILENCED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a step of other people's code; `None` where it panics, whose text is not printed. All other panics go where they
/// went before. What the step was changing is not to be used after a panic.
pub fn caught<T>(step: impl FnOnce() -> T) -> Option<T> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told_before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !SILENCED.try_with(Cell::get).unwrap_or(false) {
                told_before(panic);
            }
        }));
    });
    let before = SILENCED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(step));
    SILENCED.set(before);
    outcome.ok()
}
