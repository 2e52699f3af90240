//! Placeholder until the reader lands.
fn main() {}
