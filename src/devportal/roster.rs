//! The roster: a CSV file of the mailboxes that a new development portal starts with. Pure; may not
//! know the store.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::words::{Account, State};
use crate::domain::mailbox::Mailbox;

const COLUMNS: [&str; 8] = [
    "mailbox",
    "name",
    "account",
    "state",
    "request",
    "changed_at",
    "recoverable_until",
    "hold",
];

/// Mailboxes as a CSV file lists them, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    pub(crate) rows: Vec<Row>,
}

/// One mailbox of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) mailbox: Mailbox,
    pub(crate) name: String,
    pub(crate) account: Account,
    pub(crate) state: State,
    pub(crate) request: Option<String>,
    pub(crate) changed_at: Option<Timestamp>,
    pub(crate) recoverable_until: Option<Timestamp>,
    pub(crate) hold: bool,
}

/// A roster that cannot be read, with the first thing that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: found {found}, expected {expected}")]
pub struct RosterError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

impl Roster {
    /// Reads a roster: UTF-8 (a byte order mark is fine), a header, the columns in any order.
    /// Only `mailbox` is required; an empty cell counts as absent. `name` is for messages alone.
    ///
    /// # Errors
    /// The first line that is wrong: what it has and what was expected.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, RosterError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let error = |line: u64, found: String, expected: &str| RosterError {
            file: name.to_owned(),
            line,
            found,
            expected: expected.to_owned(),
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let header = reader
            .headers()
            .map_err(|source| csv_error(&source, 1, &error))?
            .clone();
        let columns = columns(&header, &error)?;
        let mut rows = Vec::new();
        let mut seen: HashMap<Mailbox, u64> = HashMap::new();
        for record in reader.into_records() {
            let record = record.map_err(|source| csv_error(&source, 0, &error))?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |column: &str| {
                columns
                    .get(column)
                    .and_then(|index| record.get(*index))
                    .filter(|cell| !cell.is_empty())
            };
            let row = row(&cell).map_err(|(found, expected)| error(line, found, expected))?;
            if let Some(first) = seen.insert(row.mailbox.clone(), line) {
                return Err(error(
                    line,
                    format!("a mailbox that line {first} has already"),
                    "each mailbox once",
                ));
            }
            rows.push(row);
        }
        Ok(Self { rows })
    }

    /// How many mailboxes it lists.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A digest of what it says; the layout of the file does not count, the order of its rows does.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for row in &self.rows {
            hash.update(format!("{:?}\n", row.fields()));
        }
        hash.finalize()
            .iter()
            .fold(String::new(), |mut text, byte| {
                // Writing to a string does not fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}

impl Row {
    /// Every field as text; destructured so that a new field is not forgotten in the digest.
    fn fields(&self) -> [String; 8] {
        let Self {
            mailbox,
            name,
            account,
            state,
            request,
            changed_at,
            recoverable_until,
            hold,
        } = self;
        let time = |time: &Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        [
            mailbox.to_string(),
            name.clone(),
            account.as_str().to_owned(),
            state.as_str().to_owned(),
            request.clone().unwrap_or_default(),
            time(changed_at),
            time(recoverable_until),
            hold.to_string(),
        ]
    }
}

fn columns(
    header: &csv::StringRecord,
    error: &impl Fn(u64, String, &str) -> RosterError,
) -> Result<HashMap<&'static str, usize>, RosterError> {
    let mut columns = HashMap::new();
    for (index, cell) in header.iter().enumerate() {
        let Some(column) = COLUMNS.iter().find(|column| **column == cell) else {
            return Err(error(1, quoted(cell, "the column"), EXPECTED_COLUMNS));
        };
        if columns.insert(*column, index).is_some() {
            return Err(error(
                1,
                quoted(cell, "twice the column"),
                "each column once",
            ));
        }
    }
    if !columns.contains_key("mailbox") {
        return Err(error(1, "no column `mailbox`".to_owned(), EXPECTED_COLUMNS));
    }
    Ok(columns)
}

const EXPECTED_COLUMNS: &str = "a header of mailbox and any of name, account, state, request, changed_at, recoverable_until and hold";

/// A cell as a message may show it: bounded, control characters made visible.
fn quoted(cell: &str, what: &str) -> String {
    let short: String = cell.chars().take(80).collect();
    format!("{what} `{}`", short.escape_debug())
}

fn row<'c>(cell: &impl Fn(&str) -> Option<&'c str>) -> Result<Row, (String, &'static str)> {
    let mailbox = cell("mailbox").ok_or_else(|| ("no mailbox".to_owned(), "an address"))?;
    let mailbox = Mailbox::parse(mailbox).map_err(|why| {
        (
            format!("{}: {why}", quoted(mailbox, "the mailbox")),
            "an address such as siti.aminah@agensi.example",
        )
    })?;
    let local = mailbox
        .as_str()
        .rsplit_once('@')
        .map_or("", |(local, _)| local);
    let time = |column: &str| match cell(column) {
        None => Ok(None),
        Some(text) => text.parse::<Timestamp>().map(Some).map_err(|_| {
            (
                quoted(text, &format!("the {column}")),
                "a time such as 2026-11-03T04:00:00Z",
            )
        }),
    };
    Ok(Row {
        name: cell("name").unwrap_or(local).to_owned(),
        account: match cell("account") {
            None => Account::Active,
            Some(word) => Account::parse(word).ok_or_else(|| {
                (
                    quoted(word, "the account"),
                    "active, disabled, requested-to-delete or deleted",
                )
            })?,
        },
        state: match cell("state") {
            None => State::Disabled,
            Some(word) => State::parse(word).ok_or_else(|| {
                (
                    quoted(word, "the state"),
                    "disabled, enabling, enabled, terminating or terminated",
                )
            })?,
        },
        request: cell("request").map(str::to_owned),
        changed_at: time("changed_at")?,
        recoverable_until: time("recoverable_until")?,
        hold: match cell("hold") {
            None | Some("false") => false,
            Some("true") => true,
            Some(word) => return Err((quoted(word, "the hold"), "true or false")),
        },
        mailbox,
    })
}

fn csv_error(
    source: &csv::Error,
    otherwise: u64,
    error: &impl Fn(u64, String, &str) -> RosterError,
) -> RosterError {
    let line = source.position().map_or(otherwise, csv::Position::line);
    match source.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => error(
            line,
            format!("{len} cells"),
            &format!("{expected_len}, as the header has"),
        ),
        csv::ErrorKind::Utf8 { .. } => error(line, "bytes that are not UTF-8".to_owned(), "UTF-8"),
        _ => error(line, "what is not CSV".to_owned(), "CSV (RFC 4180)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_any_order_and_absent_cells_have_defaults() {
        let text = "\u{feff}state,mailbox,hold\r\nenabled,Siti@agensi.example,true\r\n,tan@agensi.example,\r\n";
        let roster = Roster::read(text.as_bytes(), "portal.csv").expect("a roster");
        assert_eq!(roster.len(), 2);
        let (siti, tan) = (&roster.rows[0], &roster.rows[1]);
        assert_eq!((siti.state, siti.hold), (State::Enabled, true));
        assert_eq!(siti.mailbox.as_str(), "siti@agensi.example");
        assert_eq!(
            (tan.state, tan.hold, tan.name.as_str()),
            (State::Disabled, false, "tan")
        );
        assert_eq!(tan.account, Account::Active);
        let plain = Roster::read(
            b"mailbox,hold,state\nsiti@agensi.example,true,enabled\ntan@agensi.example,false,disabled\n",
            "other.csv",
        );
        assert_eq!(plain.map(|plain| plain.digest()), Ok(roster.digest()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, line, part) in [
            ("", 1, "no column `mailbox`"),
            ("name\nx\n", 1, "no column `mailbox`"),
            ("mailbox,colour\n", 1, "the column `colour`"),
            ("mailbox,mailbox\n", 1, "twice the column `mailbox`"),
            ("mailbox\na@x.example\nb\n", 3, "the mailbox `b`"),
            ("mailbox,name\n,x\n", 2, "no mailbox"),
            ("mailbox,state\na@x.example,on\n", 2, "the state `on`"),
            ("mailbox,account\na@x.example,on\n", 2, "the account `on`"),
            ("mailbox,hold\na@x.example,yes\n", 2, "the hold `yes`"),
            (
                "mailbox,changed_at\na@x.example,2026-11-03\n",
                2,
                "the changed_at `2026-11-03`",
            ),
            ("mailbox\na@x.example\nA@x.example\n", 3, "line 2"),
            ("mailbox,name\na@x.example\n", 2, "1 cells"),
        ] {
            let error = Roster::read(text.as_bytes(), "portal.csv").expect_err(text);
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.to_string().contains(part), "{text}: {error}");
        }
        assert!(Roster::read(b"mailbox\n\xff@x.example\n", "x").is_err());
    }
}
