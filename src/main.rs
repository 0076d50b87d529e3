//! The `arkib` program.

fn main() {}
