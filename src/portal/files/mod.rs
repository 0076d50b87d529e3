//! A portal operated by people: its report is what is observed, a file of bulk changes
//! (*Penukaran Secara Pukal*) is what it is given, with a page for the person who uploads it.
//!
//! Here bytes come in and go out; nothing here opens a file, knows a clock, or decides anything.

pub mod bulk;
pub mod handover;
pub mod report;
