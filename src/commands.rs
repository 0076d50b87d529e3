//! The command line of each command: its options and their help. What it does is in [`crate::ops`].

pub mod completions;
pub mod portal;
pub mod schema;
