//! The command line of each command: its options and their help. What it does is in [`crate::ops`].

pub mod approve;
mod arguments;
pub mod check;
pub mod comment;
pub mod completions;
pub mod import;
pub mod init;
pub mod man;
pub mod notify;
pub mod portal;
pub mod reconcile;
pub mod records;
pub mod register;
pub mod request;
pub mod schema;
pub mod status;
