//! arkib keeps an agency's archive mailboxes as its approved requests say.
//!
//! Data flows one way: request files → desired → plan (with observed) → outcomes → records →
//! lifecycle → notices, register and reports. The modules `request` (but its reader), `policy`,
//! `mapping`, `provenance`, `desired`, `observed`, `plan`, `lifecycle`, `notice`, `register` and `language` are
//! pure: they know no I/O, no clock and no async. Only `commands` joins the stages.

pub mod apply;
pub mod calendar;
pub mod cli;
pub mod commands;
pub mod desired;
pub mod evidence;
pub mod exit;
pub mod finding;
pub mod git;
pub mod hash;
pub mod language;
pub mod lease;
pub mod lifecycle;
pub mod mail;
pub mod mailbox;
pub mod mapping;
pub mod notice;
pub mod observed;
pub mod personal;
pub mod plan;
pub mod policy;
pub mod portal;
pub mod printer;
pub mod progress;
pub mod provenance;
pub mod records;
pub mod register;
pub mod report;
pub mod request;
pub mod secret;
pub mod visible;
pub mod yaml;
