//! Tests of arkib as its users meet it, and of the promises that hold for every input.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod broken;
mod chaos;
mod comments;
mod committed;
mod evasion;
mod history;
mod hostile;
mod kept;
mod killed;
mod lease;
mod leaks;
mod limits;
mod merging;
mod outputs;
mod portal;
mod promises;
mod properties;
mod proxy;
mod reader;
mod readme;
mod records;
mod rehearsal;
mod scenarios;
mod security;
mod session;
mod signed;
mod together;
mod tls;
mod tls_server;
mod wall;
