//! Why a file cannot be read as a table, and what to do. Who reads it says which file it was. Pure.

use crate::language::Message;

/// How a file is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFault {
    /// It is not what it should be.
    Malformed,
    /// It contradicts itself, or lacks a part of what it had.
    Inconsistent,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// How it is wrong.
    pub fault: TableFault,
    /// What was found.
    pub detail: Message,
    /// What to do; empty where only another copy of the file helps.
    pub help: Message,
}

pub(super) fn malformed_error(detail: Message, help: Message) -> TableError {
    TableError { fault: TableFault::Malformed, detail, help }
}

/// Only another copy helps.
pub(super) fn incomplete_error(detail: Message) -> TableError {
    TableError { fault: TableFault::Inconsistent, detail, help: Message::default() }
}
