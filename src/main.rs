//! The `chaland` command.
fn main() {}
