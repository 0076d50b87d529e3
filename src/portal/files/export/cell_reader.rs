//! What the fields of a row say, by the words of the policy or the usual ones; and what of them
//! nobody knows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::dates;
use super::dates::ParsedDate;
use super::error::policy_mismatch_error;
use super::header_row;
use super::header_row::HeaderRow;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mapping::export_file::{ExportField, ExportMapping};
use crate::domain::observed::ObservedMailbox;
use crate::language::Message;
use crate::portal::PortalError;
use crate::text::excerpt;

/// How much of an unknown word is kept.
const WORD: usize = 100;
/// What stands for the word of an empty field.
const EMPTY: &str = "left empty";
/// A column with more words that nobody knows does not say states.
const MOST_WORDS: usize = 50;

/// Reads fields, and remembers what could not be read.
pub(super) struct CellReader<'a> {
    mapping: &'a ExportMapping,
    /// Words of each column that nobody knows, with how often they stand there.
    unknown: BTreeMap<ExportField, BTreeMap<String, usize>>,
    unread: BTreeMap<ExportField, UnreadableDates>,
}

/// Dates of a column that cannot be read.
#[derive(Default)]
struct UnreadableDates {
    rows: usize,
    /// Some have the month before the day.
    month_first: bool,
}

impl<'a> CellReader<'a> {
    pub(super) fn new(mapping: &'a ExportMapping) -> Self {
        Self { mapping, unknown: BTreeMap::new(), unread: BTreeMap::new() }
    }

    /// An empty field says nothing, unless the policy gives it a meaning.
    pub(super) fn read_state(&mut self, word: &str) -> State {
        match self.mapping.states().meaning_of(word) {
            Some(state) => state.clone(),
            None => State::Unknown(self.count_unknown_word(ExportField::State, word)),
        }
    }

    /// Without a column of accounts every mailbox in the export is in use. With one, a field that
    /// is left empty says nothing, and nothing is done.
    pub(super) fn read_account(&mut self, word: Option<&str>) -> AccountState {
        let Some(word) = word else {
            return AccountState::Active;
        };
        match self.mapping.accounts().meaning_of(word) {
            Some(account) => account.clone(),
            None => AccountState::Unknown(self.count_unknown_word(ExportField::Account, word)),
        }
    }

    /// What cannot be read is a hold: it keeps an archive.
    pub(super) fn read_hold(&mut self, word: &str) -> bool {
        match self.mapping.holds().meaning_of(word) {
            Some(held) => *held,
            None if word.is_empty() => false,
            None => {
                self.count_unknown_word(ExportField::Hold, word);
                true
            }
        }
    }

    fn count_unknown_word(&mut self, column: ExportField, word: &str) -> Box<str> {
        let word = match word {
            "" => EMPTY.to_owned(),
            word if may_identify_person(word) => "not shown".to_owned(),
            word => excerpt(word, WORD),
        };
        let words = self.unknown.entry(column).or_default();
        // So many are refused at the end, and none is shown.
        if words.len() <= MOST_WORDS || words.contains_key(&word) {
            *words.entry(word.clone()).or_insert(0) += 1;
        }
        word.into()
    }

    pub(super) fn read_date(&mut self, column: ExportField, text: &str) -> Option<Timestamp> {
        if text.is_empty() {
            return None;
        }
        let read = dates::parse_date_field(text);
        if let ParsedDate::Read(moment) = read {
            return Some(moment.at);
        }
        let unread = self.unread.entry(column).or_default();
        unread.rows += 1;
        unread.month_first |= read == ParsedDate::MonthFirst;
        None
    }

    /// Whether some dates have the month before the day.
    pub(super) fn has_month_first_dates(&self) -> bool {
        self.unread.values().any(|unread| unread.month_first)
    }

    /// Refuses a column that says something else than it should.
    pub(super) fn check_unknown_words(&self, head: &HeaderRow) -> Result<(), PortalError> {
        let mut unknown = self.unknown.iter();
        if let Some((column, _)) = unknown.find(|(_, words)| words.len() > MOST_WORDS) {
            return Err(policy_mismatch_error(
                message!(
                    "export-many-words",
                    column = head.column_name(*column),
                    most = MOST_WORDS,
                    field = column.description()
                ),
                header_row::policy_key_help(*column),
            ));
        }
        Ok(())
    }

    /// Takes away the dates of columns that are not believed.
    pub(super) fn drop_unreadable_dates(&self, mailboxes: &mut [ObservedMailbox]) {
        for (column, _) in self.unread.iter().filter(|(_, unread)| unread.month_first) {
            for mailbox in mailboxes.iter_mut() {
                match column {
                    ExportField::ChangedAt => mailbox.changed_at = None,
                    ExportField::Created => mailbox.created = None,
                    _ => mailbox.recoverable_until = None,
                }
            }
        }
    }

    /// What an administrator should know of them.
    pub(super) fn remarks(&self, head: &HeaderRow) -> Vec<Message> {
        let mut remarks = Vec::new();
        for (column, key) in [
            (ExportField::State, "states"),
            (ExportField::Account, "accounts"),
            (ExportField::Hold, "holds"),
        ] {
            let unknown = self.unknown.get(&column).into_iter().flatten();
            let mut words: Vec<(&String, &usize)> = unknown.collect();
            if words.is_empty() {
                continue;
            }
            let rows: usize = words.iter().map(|(_, count)| **count).sum();
            words.sort_by_key(|(_, count)| Reverse(**count));
            let first = words.iter().take(5).map(|(word, _)| format!("`{word}`"));
            let more = (words.len() > 5).then(|| "…".to_owned());
            let said = first.chain(more).collect::<Vec<String>>().join(", ");
            let column = head.column_name(column);
            let has_empty = usize::from(words.iter().any(|(word, _)| *word == EMPTY));
            remarks.push(match key {
                "holds" => message!("export-unknown-holds", column, rows, said, has_empty),
                _ => message!("export-unknown-words", column, rows, said, key, has_empty),
            });
        }
        for (column, UnreadableDates { rows, month_first }) in &self.unread {
            let name = head.column_name(*column);
            remarks.push(match month_first {
                true => message!("export-month-first", name),
                false => message!("export-unread-dates", name, rows),
            });
        }
        remarks
    }
}

/// Whether a word may be about a person: such are not shown, wherever the policy looks for states.
fn may_identify_person(word: &str) -> bool {
    word.contains('@') || word.bytes().filter(u8::is_ascii_digit).count() >= 6
}
