//! The meaning of each failed or missing answer, from `meanings.yaml`:
//! one table of the causes, in plain words. Pure.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::portal::{ErrorKind, PortalError};

/// The meaning of one word: a status, or what somebody else calls an error.
#[derive(Debug, Deserialize)]
pub(crate) struct ErrorMeaning {
    kind: ErrorKind,
    what: String,
    help: String,
}

#[derive(Debug, Deserialize)]
struct ErrorMeanings {
    /// By section and word.
    answers: HashMap<String, HashMap<String, ErrorMeaning>>,
    scim_types: HashMap<String, String>,
}

/// The file is part of the program, and a test reads it. Without it an unanswered write would look
/// like a refused one, so nothing goes on.
static MEANINGS: LazyLock<ErrorMeanings> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("meanings.yaml")).expect("meanings.yaml is whole")
});
static UNKNOWN: ErrorMeaning =
    ErrorMeaning { kind: ErrorKind::Rejected, what: String::new(), help: String::new() };

impl ErrorMeaning {
    fn find(section: &str, word: &str) -> Option<&'static Self> {
        MEANINGS.answers.get(section)?.get(word)
    }

    /// Where the section lists the word.
    pub(crate) fn find_listed(section: &str, word: &str) -> Option<&'static Self> {
        Self::find(section, word).filter(|_| word != "other")
    }

    /// Of a word that the section lists, or of any other.
    pub(crate) fn for_word(section: &str, word: &str) -> &'static Self {
        let other = || Self::find(section, "other");
        Self::find(section, word).or_else(other).unwrap_or(&UNKNOWN)
    }

    /// Of a status that the section lists, by itself or by its class, or of any other.
    pub(crate) fn for_status(section: &str, status: u16) -> &'static Self {
        Self::find_listed(section, &status.to_string())
            .unwrap_or_else(|| Self::for_word(section, &format!("{}xx", status / 100)))
    }

    /// The error, with these values for the names in braces.
    pub(crate) fn to_error(&self, doing: &str, values: &[(&str, &str)]) -> PortalError {
        let filled = |text: &str| {
            values.iter().fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
        };
        PortalError::new(self.kind, doing, filled(&self.what), filled(&self.help))
    }
}

/// A `scimType` in plain words.
pub(crate) fn explain_scim_type(scim_type: &str) -> Option<&'static str> {
    let mut known = MEANINGS.scim_types.iter();
    let (_, words) = known.find(|(name, _)| name.eq_ignore_ascii_case(scim_type))?;
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_a_fallback() {
        let read: ErrorMeanings =
            serde_yaml::from_str(include_str!("meanings.yaml")).expect("YAML");
        for section in [
            "portal",
            "token endpoint",
            "token error",
            "no answer",
            "proxy",
            "TLS",
            "TLS alert",
            "certificate",
            "no SCIM",
        ] {
            assert!(read.answers[section].contains_key("other"), "{section}");
        }
        let error = ErrorMeaning::for_status("portal", 507).to_error("x", &[("status", "507")]);
        assert_eq!(error.kind, ErrorKind::Server);
        assert_eq!(error.detail, "the portal failed (507)");
        let error = ErrorMeaning::for_status("portal", 418).to_error("x", &[("status", "418")]);
        assert_eq!(error.detail, "the portal refuses the request (418)");
    }

    #[test]
    fn explains_every_scim_type() {
        for word in [
            "invalidFilter",
            "tooMany",
            "uniqueness",
            "mutability",
            "invalidSyntax",
            "invalidPath",
            "noTarget",
            "invalidValue",
            "invalidVers",
            "sensitive",
            "invalidCursor",
            "expiredCursor",
            "invalidCount",
        ] {
            assert!(explain_scim_type(word).is_some(), "{word}");
        }
        assert_eq!(explain_scim_type("other"), None);
    }
}
