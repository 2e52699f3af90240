//! How far the work is: the study says it, a face shows it.

/// Someone who is told how far the work is.
pub trait Progress: Sync {
    /// Step `name` (a snake_case key, as `read_streets`) has done `done` of `total` pieces; `total` 0 is unknown.
    fn step(&self, name: &str, done: u64, total: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _name: &str, _done: u64, _total: u64) {}
}
