//! Validates single values of a draft, for requests and policies. Pure.

use jiff::civil::Date;

use crate::domain::local_time::parse_day;
use crate::domain::mailbox_address::Mailbox;
use crate::language::Message;
use crate::text::{excerpt, is_unsafe};
use crate::yaml::schema_walk::did_you_mean;
use crate::yaml::{Text, UnlocatedFinding, WholeNumber, YamlPath};

/// What people write for words of requests, which are English: those of Malay letters, and other spellings.
pub const OTHER_WORDS: [(&str, &str); 15] = [
    ("aktifkan", "enable"),
    ("mengaktifkan", "enable"),
    ("pengaktifan", "enable"),
    ("tamatkan", "terminate"),
    ("menamatkan", "terminate"),
    ("penamatan", "terminate"),
    ("tarik balik", "withdraw"),
    ("menarik balik", "withdraw"),
    ("penarikan balik", "withdraw"),
    ("batalkan", "withdraw"),
    ("e-mel", "email"),
    ("emel", "email"),
    ("e-mail", "email"),
    ("surat", "letter"),
    ("borang", "form"),
];

/// Collects issues while values are validated.
#[derive(Default)]
pub(crate) struct FieldValidator {
    pub issues: Vec<UnlocatedFinding>,
}

impl FieldValidator {
    pub(crate) fn add_issue(
        &mut self,
        at: YamlPath,
        kind: &'static str,
        message: impl Into<Message>,
        help: impl Into<Message>,
    ) {
        self.issues.push(UnlocatedFinding::error(at, kind, message, help));
    }

    /// A required key; if missing, it is reported at the mapping that should have it.
    pub(crate) fn required<'a, T>(&mut self, value: &'a Option<T>, key: &str) -> Option<&'a T> {
        let name = key.rsplit('.').next().unwrap_or(key);
        self.required_at(value, || YamlPath::keys(key), name)
    }

    /// The same for a key at a path.
    pub(crate) fn required_at<'a, T>(
        &mut self,
        value: &'a Option<T>,
        at: impl FnOnce() -> YamlPath,
        name: &str,
    ) -> Option<&'a T> {
        if value.is_none() {
            self.add_issue(
                at(),
                "missing-key",
                message!("field-missing", name),
                message!("field-missing-help", name),
            );
        }
        value.as_ref()
    }

    pub(crate) fn check_version(&mut self, value: &Option<WholeNumber>) {
        if let Some(WholeNumber(version)) = self.required(value, "version")
            && *version != 1
        {
            self.add_issue(
                YamlPath::keys("version"),
                "unknown-version",
                message!("field-version", version = *version),
                message!("field-version-help"),
            );
        }
    }

    /// A day that exists, as YYYY-MM-DD (ISO 8601 calendar date).
    pub(crate) fn validate_date(&mut self, value: &Option<Text>, key: &str) -> Option<Date> {
        self.validate_date_at(value.as_ref()?, || YamlPath::keys(key))
    }

    /// The same for a value at a path.
    pub(crate) fn validate_date_at(
        &mut self,
        Text(text): &Text,
        at: impl FnOnce() -> YamlPath,
    ) -> Option<Date> {
        let read = parse_day(text);
        if let Err(expected) = &read {
            self.add_issue(
                at(),
                "bad-date",
                message!("field-date", text = excerpt(text, 40), expected),
                message!("field-date-help"),
            );
        }
        read.ok()
    }

    pub(crate) fn validate_mailbox(
        &mut self,
        value: &Text,
        at: impl FnOnce() -> YamlPath,
    ) -> Option<Mailbox> {
        let read = Mailbox::parse(&value.0);
        if let Err(why) = &read {
            let shown = excerpt(&value.0, 80);
            self.add_issue(
                at(),
                "not-an-address",
                message!("field-address", shown, why),
                message!("field-address-help"),
            );
        }
        read.ok()
    }

    /// One of a few words.
    pub(crate) fn validate_choice<T: Copy>(
        &mut self,
        value: &Text,
        at: YamlPath,
        kind: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == value.0);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = match suggest_word(&value.0, &names) {
                Some(near) => message!("yaml-did-you-mean-help", near),
                None => message!("field-choice-help"),
            };
            let (found, expected) = (excerpt(&value.0, 40), names.join(", "));
            self.add_issue(at, kind, message!("field-choice", found, expected), help);
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// One of a few words, if the key is there.
    pub(crate) fn validate_optional_choice<T: Copy>(
        &mut self,
        value: &Option<Text>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        self.validate_choice(value.as_ref()?, YamlPath::keys(key), "unknown-word", words)
    }

    /// Free text: not empty, of limited length, and only visible characters. (Escapes in double
    /// quotes could add invisible ones.)
    pub(crate) fn validate_text(&mut self, value: &Text, key: &str, most: usize) -> Option<String> {
        self.validate_text_at(value, || YamlPath::keys(key), most)
    }

    /// The same, if the key is there.
    pub(crate) fn validate_optional_text(
        &mut self,
        value: &Option<Text>,
        key: &str,
        most: usize,
    ) -> Option<String> {
        self.validate_text(value.as_ref()?, key, most)
    }

    /// The same for a value at a path.
    pub(crate) fn validate_text_at(
        &mut self,
        Text(text): &Text,
        at: impl FnOnce() -> YamlPath,
        most: usize,
    ) -> Option<String> {
        let length = text.chars().count();
        let bad = text.chars().find(|c| *c != '\n' && is_unsafe(*c));
        let (kind, message, help) = if text.trim().is_empty() {
            ("no-value", message!("field-empty"), message!("field-empty-help"))
        } else if length > most {
            ("text-too-long", message!("field-long", length, most), message!("field-long-help"))
        } else if let Some(bad) = bad {
            (
                "control-character",
                message!("field-control-character", code = format!("{:04X}", bad as u32)),
                message!("field-control-character-help"),
            )
        } else {
            return Some(text.clone());
        };
        self.add_issue(at(), kind, message, help);
        None
    }
}

/// The word of these that another one seems to mean, also in Malay.
pub fn suggest_word<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.trim().to_lowercase();
    let mut malay = OTHER_WORDS.iter().filter(|(malay, _)| *malay == word);
    let meant = malay.find_map(|(_, meant)| names.iter().find(|name| *name == meant));
    meant.copied().or_else(|| did_you_mean(&word, names))
}
