//! The usual words of Malay and English for what arkib has to tell apart: names of attributes, and
//! words for the states of archives and accounts. For guesses, which a person confirms. Pure.

use crate::domain::archive::{Account, State};

/// Whether a name of an attribute speaks of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// An archive.
    Archive,
    /// The state of something.
    Status,
    /// A mailbox.
    Mailbox,
    /// A legal hold.
    Hold,
    /// A user's account.
    Account,
    /// A request or a ticket.
    Request,
    /// That something changed.
    Change,
    /// Until when something is kept.
    Until,
    /// A day or a moment.
    Date,
    /// Something else about a thing, not its state: its size, name, number, kind.
    Other,
}

const NAMES: &[(Topic, &[&str])] = &[
    (
        Topic::Archive,
        &[
            "arkib",
            "archive",
            "archived",
            "archiving",
            "arkip",
            "arsip",
            "archival",
        ],
    ),
    (Topic::Status, &["status", "state", "keadaan", "taraf"]),
    (Topic::Mailbox, &["peti", "mailbox", "mel", "emel"]),
    (
        Topic::Hold,
        &[
            "tahan",
            "tahanan",
            "ditahan",
            "hold",
            "litigation",
            "litigasi",
            "pegun",
            "guaman",
            "undang",
        ],
    ),
    (Topic::Account, &["akaun", "account", "akses"]),
    (
        Topic::Request,
        &[
            "rujukan",
            "tiket",
            "ticket",
            "request",
            "permohonan",
            "reference",
            "ref",
        ],
    ),
    (
        Topic::Change,
        &[
            "ubah",
            "diubah",
            "kemaskini",
            "dikemaskini",
            "changed",
            "modified",
            "updated",
            "tukar",
            "ditukar",
        ],
    ),
    (
        Topic::Until,
        &[
            "hingga",
            "sehingga",
            "simpan",
            "disimpan",
            "until",
            "recoverable",
            "recover",
            "retention",
            "luput",
            "expiry",
            "expires",
            "pulih",
            "purge",
        ],
    ),
    (
        Topic::Date,
        &["tarikh", "date", "masa", "time", "at", "pada"],
    ),
    (
        Topic::Other,
        &[
            "saiz", "size", "kuota", "quota", "nama", "name", "jenis", "type", "bil", "count",
            "no", "nombor", "number", "id", "url", "server", "pelayan",
        ],
    ),
];

/// The topics of a name such as `statusAkaun` or `disimpan_hingga`.
pub fn topics(name: &str) -> Vec<Topic> {
    let words = words(name);
    let speaks = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let found = NAMES.iter().filter(|(_, known)| speaks(known));
    found.map(|(topic, _)| *topic).collect()
}

/// The words that a name is put together from, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for character in name.chars() {
        let is_letter = character.is_alphanumeric();
        if !is_letter || (after_small && character.is_uppercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (is_letter, words.last_mut()) {
            word.extend(character.to_lowercase());
        }
        after_small = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

const STATES: &[(State, &[&str])] = &[
    (
        State::Disabled,
        &[
            "tiada",
            "tidak",
            "tidak ada",
            "tidak aktif",
            "tak aktif",
            "belum",
            "tutup",
            "ditutup",
            "dinyahaktifkan",
            "no",
            "n",
            "none",
            "off",
            "false",
            "0",
            "inactive",
            "not active",
            "tidak diaktifkan",
            "disabled",
            "notenabled",
            "not enabled",
            "notarchived",
            "not archived",
            "nonaktif",
            "not provisioned",
        ],
    ),
    (
        State::Enabling,
        &[
            "sedang dibuka",
            "sedang diaktifkan",
            "dalam proses",
            "sedang dicipta",
            "enabling",
            "provisioning",
            "activating",
            "pending",
        ],
    ),
    (
        State::Enabled,
        &[
            "ada",
            "aktif",
            "ya",
            "buka",
            "dibuka",
            "diaktifkan",
            "hidup",
            "yes",
            "y",
            "on",
            "true",
            "1",
            "active",
            "enabled",
            "provisioned",
            "archived",
        ],
    ),
    (
        State::Terminating,
        &[
            "sedang ditutup",
            "sedang ditamatkan",
            "sedang dipadam",
            "terminating",
            "disabling",
            "deprovisioning",
            "deleting",
        ],
    ),
    (
        State::Terminated,
        &[
            "tamat",
            "ditamatkan",
            "telah ditamatkan",
            "ditamat",
            "dipadam",
            "dihapus",
            "dihapuskan",
            "terminated",
            "deleted",
            "removed",
            "deprovisioned",
            "purged",
        ],
    ),
];

/// Of the words for a terminated archive those that speak of its end.
const FOR_GOOD: &[&str] = &[
    "dipadam",
    "dihapus",
    "dihapuskan",
    "deleted",
    "removed",
    "purged",
];

const ACCOUNTS: &[(Account, &[&str])] = &[
    (
        Account::Active,
        &[
            "aktif", "active", "enabled", "ya", "yes", "y", "true", "1", "a", "dibuka", "in use",
            "normal",
        ],
    ),
    (
        Account::Disabled,
        &[
            "tidak aktif",
            "tak aktif",
            "inactive",
            "not active",
            "disabled",
            "tidak",
            "no",
            "n",
            "false",
            "0",
            "digantung",
            "gantung",
            "suspended",
            "locked",
            "dikunci",
            "blocked",
            "disekat",
            "nonaktif",
            "dinyahaktifkan",
        ],
    ),
    (
        Account::RequestedToDelete,
        &[
            "mohon padam",
            "mohon hapus",
            "dipohon hapus",
            "dimohon hapus",
            "permohonan hapus",
            "akan dipadam",
            "akan dihapus",
            "menunggu hapus",
            "requested to delete",
            "requestedtodelete",
            "pending delete",
            "pendingdelete",
            "to be deleted",
        ],
    ),
    (
        Account::Deleted,
        &[
            "dipadam",
            "dihapus",
            "dihapuskan",
            "padam",
            "hapus",
            "tamat",
            "deleted",
            "removed",
            "terminated",
        ],
    ),
];

const HOLDS: &[(bool, &[&str])] = &[
    (
        true,
        &[
            "y",
            "ya",
            "ada",
            "yes",
            "true",
            "1",
            "tahan",
            "ditahan",
            "held",
            "hold",
            "on",
            "onhold",
            "on hold",
            "litigation hold",
            "aktif",
            "active",
        ],
    ),
    (
        false,
        &[
            "n",
            "t",
            "tidak",
            "no",
            "false",
            "0",
            "bebas",
            "tiada",
            "none",
            "free",
            "off",
            "nothold",
            "not held",
            "tidak aktif",
            "inactive",
            "released",
        ],
    ),
];

/// Whether a word for an archive that is there no longer says that nobody brings it back.
pub fn is_for_good(word: &str) -> bool {
    let word = word.trim().to_lowercase();
    FOR_GOOD.contains(&&*word)
}

/// What a word usually means for an archive.
pub fn state(word: &str) -> Option<&'static State> {
    meaning(STATES, word)
}

/// What a word usually means for an account.
pub fn account(word: &str) -> Option<&'static Account> {
    meaning(ACCOUNTS, word)
}

/// What a word usually means for a legal hold.
pub fn hold(word: &str) -> Option<&'static bool> {
    meaning(HOLDS, word)
}

fn meaning<T>(known: &'static [(T, &[&str])], word: &str) -> Option<&'static T> {
    let word = word.trim().to_lowercase().replace(['-', '_'], " ");
    let found = known
        .iter()
        .find(|(_, words)| words.contains(&word.as_str()));
    found.map(|(meaning, _)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, expected) in [
            ("arkib", vec![Topic::Archive]),
            ("statusAkaun", vec![Topic::Status, Topic::Account]),
            ("disimpan_hingga", vec![Topic::Until]),
            ("litigationHold", vec![Topic::Hold]),
            ("ARCHIVE-STATUS", vec![Topic::Archive, Topic::Status]),
            ("rujukan", vec![Topic::Request]),
            ("tarikhArkib", vec![Topic::Archive, Topic::Date]),
            ("displayName", vec![Topic::Other]),
            ("jabatan", vec![]),
        ] {
            assert_eq!(topics(name), expected, "{name}");
        }
    }

    #[test]
    fn words_have_one_meaning_of_each_kind() {
        fn once<T>(known: &[(T, &[&str])]) {
            let mut all: Vec<&str> = known
                .iter()
                .flat_map(|(_, it)| it.iter().copied())
                .collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count);
        }
        once(STATES);
        once(ACCOUNTS);
        once(HOLDS);
        assert_eq!(state(" Tamat "), Some(&State::Terminated));
        assert_eq!(
            account("Requested-To-Delete"),
            Some(&Account::RequestedToDelete)
        );
        assert_eq!(hold("Y"), Some(&true));
        assert_eq!(state("Rosak"), None);
    }

    #[test]
    fn what_a_report_may_say_a_portal_may_say_too() {
        let report = crate::domain::mapping::report::ReportMapping::default();
        for (word, meant) in report.accounts().iter() {
            assert_eq!(account(word), Some(meant), "{word}");
        }
        for (word, meant) in report.holds().iter() {
            assert_eq!(hold(word), Some(meant), "{word}");
        }
        for (word, meant) in report.states().iter() {
            assert_eq!(state(word), Some(meant), "{word}");
        }
    }
}
