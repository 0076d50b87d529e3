//! How the export of a portal operated by people is read: its columns, and its words for states,
//! accounts and holds. The usual names in Malay and English are built in; the policy adds others.
//! Pure.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::scim::Mapping;
use super::vocabulary::{Accounts, Holds, States, Vocabulary};
use crate::language::Message;

words! {
    /// What a column of an export says about a mailbox.
    pub enum ExportField {
        /// Its address.
        Mailbox = "mailbox",
        /// The state of its archive.
        State = "state",
        /// The state of the user's account.
        Account = "account",
        /// Whether the archive is on legal hold.
        Hold = "hold",
        /// The request that last changed it.
        Request = "request",
        /// When it was last changed.
        ChangedAt = "changed_at",
        /// Until when a terminated archive can be recovered.
        RecoverableUntil = "recoverable_until",
        /// When the account was created.
        Created = "created",
        /// The account's key in the portal, which no other account ever gets.
        Id = "id",
        /// The name of the person behind it.
        Name = "name",
        /// That person's post.
        Post = "post",
        /// That person's office.
        Office = "office",
        /// The agency that it belongs to.
        Agency = "agency",
    }
}

impl ExportField {
    /// What it says, as a text.
    pub fn description(self) -> Message {
        match self {
            Self::Mailbox => message!("export-field-mailbox"),
            Self::State => message!("export-field-state"),
            Self::Account => message!("export-field-account"),
            Self::Hold => message!("export-field-hold"),
            Self::Request => message!("export-field-request"),
            Self::ChangedAt => message!("export-field-changed"),
            Self::RecoverableUntil => message!("export-field-kept"),
            Self::Created => message!("export-field-created"),
            Self::Id => message!("export-field-id"),
            Self::Name => message!("export-field-name"),
            Self::Post => message!("export-field-post"),
            Self::Office => message!("export-field-office"),
            Self::Agency => message!("export-field-agency"),
        }
    }
}

/// The usual names and words.
struct DefaultMapping {
    /// By the folded name.
    columns: HashMap<String, ExportField>,
    states: States,
    accounts: Accounts,
    holds: Holds,
}

/// The file `usual.yaml`: names and words by their meaning.
#[derive(Default, Deserialize)]
struct DefaultMappingFile {
    columns: BTreeMap<ExportField, Vec<String>>,
    states: BTreeMap<String, Vec<String>>,
    accounts: BTreeMap<String, Vec<String>>,
    holds: BTreeMap<String, Vec<String>>,
}

static USUAL: LazyLock<DefaultMapping> = LazyLock::new(|| {
    let written = DefaultMappingFile::parse_embedded();
    let own = Mapping::default();
    DefaultMapping {
        columns: written
            .columns
            .iter()
            .flat_map(|(column, names)| names.iter().map(|name| (fold_name(name), *column)))
            .collect(),
        states: build_vocabulary(&written.states, &own.state.words),
        accounts: build_vocabulary(
            &written.accounts,
            &own.account.map(|account| account.words).unwrap_or_default(),
        ),
        holds: build_vocabulary(
            &written.holds,
            &Vocabulary::new([("held", true), ("free", false)]),
        ),
    }
});

impl DefaultMappingFile {
    fn parse_embedded() -> Self {
        // The file is part of the program, and tests read it, so this does not fail.
        serde_yaml::from_str(include_str!("usual.yaml")).unwrap_or_default()
    }
}

/// The usual meaning of a column's name, given as [`fold_name`] returns it.
pub fn field_of_default_name(folded: &str) -> Option<ExportField> {
    USUAL.columns.get(folded).copied()
}

/// How an export is read. The default knows only the usual names and words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportMapping {
    /// The columns that the policy names; the others are found by their usual names.
    pub columns: BTreeMap<ExportField, String>,
    /// The words for the states of an archive, instead of the usual ones.
    pub states: Option<States>,
    /// The words for the states of an account, instead of the usual ones.
    pub accounts: Option<Accounts>,
    /// The words for a legal hold, instead of the usual ones.
    pub holds: Option<Holds>,
    /// The agency whose rows count, if the export has rows of several agencies.
    pub agency: Option<String>,
}

impl ExportMapping {
    /// The words for the states of an archive.
    pub fn states(&self) -> &States {
        self.states.as_ref().unwrap_or(&USUAL.states)
    }

    /// The words for the states of an account.
    pub fn accounts(&self) -> &Accounts {
        self.accounts.as_ref().unwrap_or(&USUAL.accounts)
    }

    /// The words for a legal hold.
    pub fn holds(&self) -> &Holds {
        self.holds.as_ref().unwrap_or(&USUAL.holds)
    }
}

/// Words by the names of their meanings.
fn build_vocabulary<T: Clone + PartialEq>(
    of: &BTreeMap<String, Vec<String>>,
    meanings: &Vocabulary<T>,
) -> Vocabulary<T> {
    Vocabulary::new(of.iter().flat_map(|(name, words)| {
        let meaning = meanings.meaning_of(name);
        let each = words.iter();
        each.filter_map(move |word| Some((word.as_str(), meaning?.clone())))
    }))
}

/// A name in the form for comparing: without case, blanks, punctuation and diacritics.
pub fn fold_name(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|character| match character {
            'à'..='å' => Some('a'),
            'ç' => Some('c'),
            'è'..='ë' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ñ' => Some('n'),
            'ò'..='ö' => Some('o'),
            'ù'..='ü' => Some('u'),
            other => other.is_alphanumeric().then_some(other),
        })
        .collect()
}

/// Whether two names are the same: "E-mel" is the same as "Emel" and "e mel".
pub fn is_same_name(one: &str, other: &str) -> bool {
    fold_name(one) == fold_name(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::State;

    #[test]
    fn every_usual_name_has_one_meaning() {
        let written = DefaultMappingFile::parse_embedded().columns;
        assert_eq!(written.len(), ExportField::ALL.len());
        for (column, names) in written {
            for name in names {
                assert_eq!(
                    field_of_default_name(&fold_name(&name)),
                    Some(column),
                    "{name} is there twice"
                );
            }
        }
    }

    #[test]
    fn names_compare_by_letters_and_digits() {
        for name in ["ALAMAT E-MEL", " alamat  emel:", "Alamat\u{a0}E\u{2011}mél", "alamat_e_mel"]
        {
            assert!(is_same_name(name, "Alamat E-mel"), "{name}");
        }
        assert!(!is_same_name("Alamat E-mel 2", "Alamat E-mel"));
    }

    #[test]
    fn usual_words_have_one_meaning_and_others_none() {
        let mapping = ExportMapping::default();
        for (word, state) in [
            ("YA", State::Enabled),
            ("tiada", State::Disabled),
            ("Tidak  Aktif", State::Disabled),
            ("Ditamatkan", State::Terminated),
            ("Sedang Ditamatkan", State::Terminating),
        ] {
            assert_eq!(mapping.states().meaning_of(word), Some(&state), "{word}");
        }
        for word in ["Sedang Diproses", "-", "1", "Ya?", "N/A"] {
            assert_eq!(mapping.states().meaning_of(word), None, "{word}");
        }
        let mut words: Vec<String> =
            mapping.states().iter().map(|entry| entry.0.to_lowercase()).collect();
        let all = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
