//! What the report of a portal operated by people calls things: its columns, and its words for
//! states, accounts and holds. The usual names in Malay and English are known; the policy says
//! others. Pure.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::{Accounts, Holds, States, Words};
use crate::domain::archive::{Account, State};
use crate::text::words;

words! {
    /// What a column of a report says of a mailbox.
    pub enum Column {
        /// Its address.
        Mailbox = "mailbox",
        /// The state of its archive.
        State = "state",
        /// The state of the user's account.
        Account = "account",
        /// Whether a legal hold lies on the archive.
        Hold = "hold",
        /// The request that last changed it.
        Request = "request",
        /// When it was last changed.
        ChangedAt = "changed_at",
        /// Until when a terminated archive can be had back.
        RecoverableUntil = "recoverable_until",
        /// The agency that it belongs to.
        Agency = "agency",
    }
}

impl Column {
    /// What it says, in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Mailbox => "the mailboxes' addresses",
            Self::State => "the states of the archives",
            Self::Account => "the states of the accounts",
            Self::Hold => "the legal holds",
            Self::Request => "the requests",
            Self::ChangedAt => "when something was last changed",
            Self::RecoverableUntil => "until when terminated archives are kept",
            Self::Agency => "the agencies",
        }
    }

    /// The names that are known without a policy, the most usual first.
    #[rustfmt::skip]
    pub fn known_names(self) -> &'static [&'static str] {
        match self {
            Self::Mailbox => &[
                "Alamat E-mel", "E-mel", "Peti Mel", "Alamat Peti Mel", "Alamat E-mail", "E-mail",
                "E-mail Address", "Mail", "Mailbox", "Mailbox Address", "Primary SMTP Address",
            ],
            Self::State => &[
                "Arkib", "Status Arkib", "Keadaan Arkib", "Arkib E-mel", "Status Arkib E-mel",
                "Pengarkiban", "Pengarkiban E-mel", "Status Pengarkiban", "Perkhidmatan Arkib",
                "Perkhidmatan Pengarkiban", "Archive", "Archive Status", "Archive State",
                "Archive Mailbox", "Archiving", "Archiving Status",
            ],
            Self::Account => &[
                "Status", "Status Akaun", "Keadaan Akaun", "Status Pengguna", "Account",
                "Account Status", "Account State", "User Status",
            ],
            Self::Hold => &[
                "Tahanan", "Penahanan", "Tahanan Undang-undang", "Penahanan Undang-undang",
                "Tahanan Litigasi", "Hold", "Legal Hold", "Litigation Hold",
            ],
            Self::Request => &[
                "Rujukan", "No. Rujukan", "Permohonan", "No. Permohonan", "ID Permohonan",
                "Request", "Request ID", "Reference",
            ],
            Self::ChangedAt => &[
                "Dikemas kini", "Tarikh Kemas Kini", "Tarikh Dikemas Kini", "Kemas Kini Terakhir",
                "Tarikh Perubahan", "Changed At", "Last Changed", "Last Modified", "Last Updated",
                "Updated",
            ],
            Self::RecoverableUntil => &[
                "Disimpan Hingga", "Disimpan Sehingga", "Boleh Dipulihkan Hingga",
                "Boleh Dipulihkan Sehingga", "Kept Until", "Recoverable Until", "Retained Until",
            ],
            Self::Agency => &["Agensi", "Nama Agensi", "Agency", "Agency Name"],
        }
    }
}

/// The known names, folded, with their meanings.
static KNOWN: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let names = |column: Column| {
        let each = column.known_names().iter();
        each.map(move |name| (folded_name(name), column))
    };
    Column::ALL.into_iter().flat_map(names).collect()
});

/// What a column of that name usually says; the name as [`folded_name`] has it.
pub fn usual_meaning(folded: &str) -> Option<Column> {
    KNOWN.get(folded).copied()
}

/// How a report is read. The default knows the usual names and words alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportMapping {
    /// The columns that the policy names; the others are found by their usual names.
    pub columns: BTreeMap<Column, String>,
    /// The words for the states of an archive, in place of the usual ones.
    pub states: Option<States>,
    /// The words for the states of an account, in place of the usual ones.
    pub accounts: Option<Accounts>,
    /// The words for a legal hold, in place of the usual ones.
    pub holds: Option<Holds>,
    /// The agency whose rows count, where the report has those of several.
    pub agency: Option<String>,
}

impl ReportMapping {
    /// The words for the states of an archive.
    pub fn states(&self) -> &States {
        self.states.as_ref().unwrap_or(&STATES)
    }

    /// The words for the states of an account.
    pub fn accounts(&self) -> &Accounts {
        self.accounts.as_ref().unwrap_or(&ACCOUNTS)
    }

    /// The words for a legal hold.
    pub fn holds(&self) -> &Holds {
        self.holds.as_ref().unwrap_or(&HOLDS)
    }
}

#[rustfmt::skip]
static STATES: LazyLock<States> = LazyLock::new(|| {
    words(&[
        (State::Enabled, &[
            "Ya", "Yes", "Y", "True", "Ada", "Aktif", "Diaktifkan", "Active", "Enabled",
        ]),
        (State::Disabled, &[
            "Tidak", "No", "N", "False", "Tiada", "Tidak Aktif", "Tidak Diaktifkan",
            "Dinyahaktifkan", "None", "Inactive", "Not Active", "Disabled", "Not Enabled",
        ]),
        (State::Enabling, &["Sedang Diaktifkan", "Enabling"]),
        (State::Terminating, &["Sedang Ditamatkan", "Terminating"]),
        (State::Terminated, &["Ditamatkan", "Tamat", "Telah Ditamatkan", "Terminated"]),
    ])
});

#[rustfmt::skip]
static ACCOUNTS: LazyLock<Accounts> = LazyLock::new(|| {
    words(&[
        (Account::Active, &["Aktif", "Active"]),
        (Account::Disabled, &[
            "Tidak Aktif", "Dinyahaktifkan", "Disabled", "Inactive", "Not Active",
        ]),
        (Account::RequestedToDelete, &[
            "Dipohon Hapus", "Permohonan Hapus", "Requested to Delete", "requested-to-delete",
        ]),
        (Account::Deleted, &["Dihapus", "Dihapuskan", "Deleted"]),
    ])
});

#[rustfmt::skip]
static HOLDS: LazyLock<Holds> = LazyLock::new(|| {
    words(&[
        (true, &["Ya", "Yes", "Y", "True", "Ada", "Aktif", "Active", "Held"]),
        (false, &["Tidak", "No", "N", "False", "Tiada", "None", "Tidak Aktif", "Inactive"]),
    ])
});

fn words<T: Clone + PartialEq>(of: &[(T, &[&str])]) -> Words<T> {
    Words::new(
        of.iter()
            .flat_map(|(meaning, words)| words.iter().map(|word| (*word, meaning.clone()))),
    )
}

/// A name as names are compared: without case, blanks, punctuation and diacritics.
pub fn folded_name(name: &str) -> String {
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

/// Whether two names are one: "E-mel" is "Emel", and "e mel".
pub fn same_name(one: &str, other: &str) -> bool {
    folded_name(one) == folded_name(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_has_two_meanings() {
        let mut seen: HashMap<String, Column> = HashMap::new();
        for column in Column::ALL {
            for name in column.known_names() {
                let before = seen.insert(folded_name(name), column);
                assert_eq!(before, None, "{name} stands twice");
            }
        }
    }

    #[test]
    fn names_are_compared_by_their_letters_and_digits() {
        for name in [
            "ALAMAT E-MEL",
            " alamat  emel:",
            "Alamat\u{a0}E\u{2011}mél",
            "alamat_e_mel",
        ] {
            assert!(same_name(name, "Alamat E-mel"), "{name}");
        }
        assert!(!same_name("Alamat E-mel 2", "Alamat E-mel"));
    }

    #[test]
    fn known_words_mean_one_thing_and_what_is_under_way_is_not_guessed() {
        let mapping = ReportMapping::default();
        for (word, state) in [
            ("YA", State::Enabled),
            ("tiada", State::Disabled),
            ("Tidak  Aktif", State::Disabled),
            ("Ditamatkan", State::Terminated),
            ("Sedang Ditamatkan", State::Terminating),
        ] {
            assert_eq!(mapping.states().read(word), Some(&state), "{word}");
        }
        for word in ["Sedang Diproses", "-", "1", "Ya?", "N/A"] {
            assert_eq!(mapping.states().read(word), None, "{word}");
        }
        let mut words: Vec<String> = mapping
            .states()
            .iter()
            .map(|it| it.0.to_lowercase())
            .collect();
        let all = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
