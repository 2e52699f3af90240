//! How long the allocator keeps freed memory for what is asked of it next.
//!
//! In: nothing. Out: nothing. An import frees and asks for columns of megabytes every few milliseconds. Given back to the system
//! after 10 ms, as mimalloc does by itself, they are cleared page by page when they are taken again: a tenth of the time.

#![allow(unsafe_code)]

use std::ffi::c_long;

use libmimalloc_sys::{mi_collect, mi_option_get, mi_option_set, mi_version};

/// The place of `mi_option_purge_delay` among the options of mimalloc 2 (`mi_option_t` in its `mimalloc.h`), milliseconds.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
/// What that option is where nothing else was said.
const OWN_DELAY_MS: c_long = 10;
/// How long freed memory is kept.
const KEPT_MS: c_long = 100;

/// Lets mimalloc keep freed memory for a tenth of a second, unless its user said otherwise (`MIMALLOC_PURGE_DELAY`).
pub fn keep_freed_memory() {
    // SAFETY: these read and write a number of the allocator, which it allows at any time; a place beyond its options gives 0.
    unsafe {
        if mi_version() / 10_000 == 2 && mi_option_get(PURGE_DELAY) == OWN_DELAY_MS {
            mi_option_set(PURGE_DELAY, KEPT_MS);
        }
    }
}

/// Gives freed memory back, at once and from here on as soon as mimalloc does by itself: for work of which the memory counts for
/// more than the time. Does nothing where another allocator is at work.
pub fn give_back_freed_memory() {
    // SAFETY: as above; the allocator looks through its own lists at any time.
    unsafe {
        if mi_version() / 10_000 == 2 && mi_option_get(PURGE_DELAY) == KEPT_MS {
            mi_option_set(PURGE_DELAY, OWN_DELAY_MS);
        }
        mi_collect(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_is_the_option_that_is_set() {
        // SAFETY: as above.
        let delay = || unsafe { mi_option_get(PURGE_DELAY) };
        let before = delay();
        assert!([OWN_DELAY_MS, KEPT_MS].contains(&before) || std::env::var_os("MIMALLOC_PURGE_DELAY").is_some());
        keep_freed_memory();
        keep_freed_memory();
        assert_eq!(delay(), if before == OWN_DELAY_MS { KEPT_MS } else { before });
        give_back_freed_memory();
        assert_eq!(delay(), if before == KEPT_MS { OWN_DELAY_MS } else { before });
    }
}
