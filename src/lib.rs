//! arkib keeps archive mailboxes in the state that approved requests ask for.
//!
//! Data flows one way: request files → desired → plan (with observed) → outcomes → records →
//! lifecycle → notices, register and output. Only `ops` joins the stages; `docs/en/ARCHITECTURE.md`
//! describes the rooms.

// First, so that every room can use their macros: `words!`, and `message!`.
#[macro_use]
pub mod text;
#[macro_use]
pub mod language;

pub mod apply;
pub mod cli;
pub mod commands;
#[cfg(feature = "embedded")]
pub mod devportal;
pub mod domain;
pub mod environment;
pub mod exit;
pub mod finding;
pub mod forge;
pub mod git;
pub mod hash;
pub mod http;
pub mod journal;
pub mod load;
pub mod mail;
pub mod ops;
pub mod output;
pub mod portal;
pub mod printer;
pub mod private_files;
pub mod progress;
pub mod redactor;
pub mod shell;
pub mod signature;
pub mod ssh_keygen;
pub mod system_limits;
pub mod table;
pub mod yaml;
