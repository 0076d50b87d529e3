//! Tests of arkib as its users meet it, and of the promises that hold for every input.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod architecture;
mod bounded;
mod broken;
mod chaos;
mod comments;
mod committed;
mod diagnostics;
mod evasion;
mod evidence;
mod exports;
mod files;
mod gate;
mod getting_in;
mod history;
mod hold;
mod hostile;
mod import;
mod kept;
mod killed;
mod large;
mod leaks;
mod limits;
mod mapped;
mod merging;
mod notify;
mod outputs;
mod portal;
mod promises;
mod properties;
mod proxy;
mod reader;
mod readme;
mod receive;
mod records;
mod register;
mod rehearsal;
mod security;
mod session;
mod shards;
mod signed;
mod smtp_server;
mod strange;
#[cfg(unix)]
mod terminal;
mod tls;
mod tls_server;
mod together;
