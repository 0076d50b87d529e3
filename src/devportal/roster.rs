//! The roster: a CSV file of the mailboxes that a new development portal starts with. Pure; may not
//! know the store.

use std::collections::HashMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::archive::Archive;
use super::enum_words::{Account, State};
use crate::domain::mailbox_address::Mailbox;
use crate::hash::hex;
use crate::text::plural;

/// Mailboxes as a CSV file lists them, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    pub(crate) rows: Vec<RosterRow>,
}

/// One mailbox of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RosterRow {
    pub(crate) mailbox: Mailbox,
    pub(crate) name: String,
    /// The post.
    pub(crate) title: Option<String>,
    /// Without a settling time: the roster has no clock.
    pub(crate) archive: Archive,
    /// When the account was created; `None`: it was always there.
    pub(crate) created: Option<Timestamp>,
}

/// Why a roster cannot be read: its first error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: found {found}, expected {expected}")]
pub struct RosterError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What was found there.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Roster {
    /// The columns that it may have.
    pub(crate) const COLUMNS: &str =
        "mailbox,name,title,account,state,request,changed_at,recoverable_until,hold,created";

    /// Reads a roster: UTF-8 (a byte order mark is fine), a header, the columns in any order.
    /// Only `mailbox` is required; an empty cell counts as absent. `name` is for messages alone.
    ///
    /// # Errors
    /// The first wrong line: what was found and what was expected.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, RosterError> {
        match read_rows(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(rows) => Ok(Self { rows }),
            Err(error) => Err(RosterError { file: name.to_owned(), ..error }),
        }
    }

    /// A digest of its content; the layout of the file does not count, the order of its rows does.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for row in &self.rows {
            // The debug output of an address does not show it.
            hash.update(format!("{} {row:?}\n", row.mailbox));
        }
        hex(&hash.finalize())
    }
}

/// An error before its file is known.
fn roster_error(line: u64, found: String, expected: impl Into<String>) -> RosterError {
    RosterError { file: String::new(), line, found, expected: expected.into() }
}

/// A cell for a message: shortened, with control characters made visible.
fn quote_cell(cell: &str, what: &str) -> String {
    let short: String = cell.chars().take(80).collect();
    format!("{what} `{}`", short.escape_debug())
}

fn read_rows(bytes: &[u8]) -> Result<Vec<RosterRow>, RosterError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(source) => return Err(csv_error(&source, 1)),
    };
    check_header(&header)?;
    let mut rows = Vec::new();
    let mut seen: HashMap<Mailbox, u64> = HashMap::new();
    for record in reader.into_records() {
        let record = record.map_err(|source| csv_error(&source, 0))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = RawRosterRow { header: &header, record: &record, line }.parse_row()?;
        if let Some(first) = seen.insert(row.mailbox.clone(), line) {
            let found = format!("a mailbox that is already in line {first}");
            return Err(roster_error(line, found, "each mailbox once"));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn check_header(header: &csv::StringRecord) -> Result<(), RosterError> {
    let expected = "a header of mailbox and any of name, title, account, state, request, changed_at, recoverable_until, hold and created";
    for (index, cell) in header.iter().enumerate() {
        if !Roster::COLUMNS.split(',').any(|column| column == cell) {
            return Err(roster_error(1, quote_cell(cell, "the column"), expected));
        }
        if header.iter().take(index).any(|previous| previous == cell) {
            let found = quote_cell(cell, "a second column");
            return Err(roster_error(1, found, "each column once"));
        }
    }
    if !header.iter().any(|cell| cell == "mailbox") {
        return Err(roster_error(1, "no column `mailbox`".to_owned(), expected));
    }
    Ok(())
}

/// One line of the file under its header.
struct RawRosterRow<'r> {
    header: &'r csv::StringRecord,
    record: &'r csv::StringRecord,
    line: u64,
}

impl<'r> RawRosterRow<'r> {
    fn non_empty_cell(&self, column: &str) -> Option<&'r str> {
        let index = self.header.iter().position(|name| name == column)?;
        self.record.get(index).filter(|cell| !cell.is_empty())
    }

    /// A cell whose text must have a certain form.
    fn parse_cell<T>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        expected: &str,
    ) -> Result<Option<T>, RosterError> {
        let Some(text) = self.non_empty_cell(column) else {
            return Ok(None);
        };
        match parse(text) {
            None => {
                Err(roster_error(self.line, quote_cell(text, &format!("the {column}")), expected))
            }
            value => Ok(value),
        }
    }

    fn parse_row(&self) -> Result<RosterRow, RosterError> {
        let Some(address) = self.non_empty_cell("mailbox") else {
            return Err(roster_error(self.line, "no mailbox".to_owned(), "an address"));
        };
        let mailbox = Mailbox::parse(address).map_err(|why| {
            let found = format!("{}: {}", quote_cell(address, "the mailbox"), why.in_english());
            let expected = "an address such as siti.aminah@agensi.example";
            roster_error(self.line, found, expected)
        })?;
        let local = mailbox.as_str().rsplit_once('@').map_or("", |(local, _)| local);
        let time = |column| {
            let parse = |text: &str| text.parse::<Timestamp>().ok();
            self.parse_cell(column, parse, "a time such as 2026-11-03T04:00:00Z")
        };
        let accounts = "active, disabled, requested-to-delete or deleted";
        let account =
            self.parse_cell("account", Account::parse, accounts)?.unwrap_or(Account::Active);
        let states = "disabled, enabling, enabled, terminating or terminated";
        let state = self.parse_cell("state", State::parse, states)?.unwrap_or(State::Disabled);
        let hold = self.parse_cell("hold", |text| text.parse().ok(), "true or false")?;
        Ok(RosterRow {
            name: self.non_empty_cell("name").unwrap_or(local).to_owned(),
            title: self.non_empty_cell("title").map(str::to_owned),
            archive: Archive {
                state,
                request: self.non_empty_cell("request").map(str::to_owned),
                changed_at: time("changed_at")?,
                recoverable_until: time("recoverable_until")?,
                hold: Some(hold.unwrap_or(false)),
                account: Some(account),
                active: Some(account == Account::Active),
                settles_at: None,
            },
            created: time("created")?,
            mailbox,
        })
    }
}

/// An error of the CSV reader as a roster error.
fn csv_error(source: &csv::Error, otherwise: u64) -> RosterError {
    let line = source.position().map_or(otherwise, csv::Position::line);
    match source.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let expected = format!("{expected_len}, as the header has");
            roster_error(line, plural(*len, "cell", "cells"), expected)
        }
        csv::ErrorKind::Utf8 { .. } => {
            roster_error(line, "bytes that are not UTF-8".to_owned(), "UTF-8")
        }
        _ => roster_error(line, "text that is not CSV".to_owned(), "CSV (RFC 4180)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_columns_in_any_order_with_defaults() {
        let text = "\u{feff}state,mailbox,hold\r\nenabled,Siti@agensi.example,true\r\n,tan@agensi.example,\r\n";
        let roster = Roster::read(text.as_bytes(), "portal.csv").expect("a roster");
        assert_eq!(roster.rows.len(), 2);
        let (siti, tan) = (&roster.rows[0], &roster.rows[1]);
        assert_eq!((siti.archive.state, siti.archive.hold), (State::Enabled, Some(true)));
        assert_eq!(siti.mailbox.as_str(), "siti@agensi.example");
        assert_eq!(
            (tan.archive.state, tan.archive.hold, tan.name.as_str()),
            (State::Disabled, Some(false), "tan")
        );
        assert_eq!(tan.archive.account, Some(Account::Active));
        let plain = Roster::read(
            b"mailbox,hold,state\nsiti@agensi.example,true,enabled\ntan@agensi.example,false,disabled\n",
            "other.csv",
        );
        assert_eq!(plain.map(|plain| plain.digest()), Ok(roster.digest()));
    }

    #[test]
    fn reports_errors_with_their_line() {
        for (text, line, part) in [
            ("", 1, "no column `mailbox`"),
            ("name\nx\n", 1, "no column `mailbox`"),
            ("mailbox,colour\n", 1, "the column `colour`"),
            ("mailbox,mailbox\n", 1, "a second column `mailbox`"),
            ("mailbox\na@x.example\nb\n", 3, "the mailbox `b`"),
            ("mailbox,name\n,x\n", 2, "no mailbox"),
            ("mailbox,state\na@x.example,on\n", 2, "the state `on`"),
            ("mailbox,account\na@x.example,on\n", 2, "the account `on`"),
            ("mailbox,hold\na@x.example,yes\n", 2, "the hold `yes`"),
            ("mailbox,changed_at\na@x.example,2026-11-03\n", 2, "the changed_at `2026-11-03`"),
            ("mailbox\na@x.example\nA@x.example\n", 3, "line 2"),
            ("mailbox,name\na@x.example\n", 2, "1 cell"),
        ] {
            let error = Roster::read(text.as_bytes(), "portal.csv").expect_err(text);
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.to_string().contains(part), "{text}: {error}");
        }
        assert!(Roster::read(b"mailbox\n\xff@x.example\n", "x").is_err());
    }
}
