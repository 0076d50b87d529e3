//! One change of a file of bulk changes, and whether it can be written there safely. Pure: it knows
//! no format.

use std::fmt;

use crate::domain::mapping::bulk::{BulkMapping, looks_like_formula};
use crate::portal::Row;

/// The most changes in one file: what a sheet can hold below its head.
pub const MOST_ROWS: usize = 1_048_575;

/// Why a change cannot be written, in words that complete "the change of … cannot be handed over: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsafe {
    /// A spreadsheet would carry it out as a formula (CWE-1236), and it cannot be written otherwise
    /// without becoming another address.
    #[error(
        "its {0} begins like a formula, which a spreadsheet program would carry out; make this change in the portal by hand"
    )]
    Formula(Part),
    /// Windows-1252 does not have all of its characters.
    #[error(
        "its {0} holds a character that windows-1252 does not have; set `bulk.encoding: utf-8` in agency.yaml, or make this change in the portal by hand"
    )]
    Character(Part),
    /// It holds a line end, a tab or another control character.
    #[error("its {0} holds a control character; make this change in the portal by hand")]
    Control(Part),
}

/// A part of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The address.
    Address,
    /// The request's id.
    Request,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Request => "request's id",
        })
    }
}

/// Why a file cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BulkError {
    /// A row that is not safe; the caller asks [`Row::is_safe`] first.
    #[error("row {row}: {why}")]
    Row {
        /// Its number in the file.
        row: usize,
        /// What is wrong with it.
        why: Unsafe,
    },
    /// More rows than a file can have.
    #[error("there are {0} changes; one file holds at most {MOST_ROWS}")]
    TooMany(usize),
    /// The library that writes the file could not.
    #[error("the file cannot be made: {0}")]
    Writing(String),
}

impl Row<'_> {
    /// Whether the change can be written so that the portal takes it as it is meant and a
    /// spreadsheet program that opens the file carries nothing out.
    ///
    /// # Errors
    /// Says what is wrong, and what to do instead.
    pub fn is_safe(&self, mapping: &BulkMapping) -> Result<(), Unsafe> {
        let mut parts = vec![(self.mailbox.as_str(), Part::Address)];
        if mapping.request.is_some() {
            parts.push((self.request, Part::Request));
        }
        for (text, part) in parts {
            if text.chars().any(char::is_control) {
                return Err(Unsafe::Control(part));
            }
            if looks_like_formula(text) {
                return Err(Unsafe::Formula(part));
            }
            if !mapping.encoding.can_hold(text) {
                return Err(Unsafe::Character(part));
            }
        }
        Ok(())
    }

    /// Its fields, in the order of the columns.
    pub(super) fn fields<'a>(&'a self, mapping: &'a BulkMapping) -> impl Iterator<Item = &'a str> {
        let request = mapping.request.as_ref().map(|_| self.request);
        [self.mailbox.as_str(), mapping.word(self.action)]
            .into_iter()
            .chain(request)
    }
}

/// Every row is safe, and there are not too many.
pub(super) fn check(rows: &[Row<'_>], mapping: &BulkMapping) -> Result<(), BulkError> {
    if rows.len() > MOST_ROWS {
        return Err(BulkError::TooMany(rows.len()));
    }
    for (number, row) in (2..).zip(rows) {
        row.is_safe(mapping)
            .map_err(|why| BulkError::Row { row: number, why })?;
    }
    Ok(())
}
