//! The meaning of each failed answer, from `meanings.yaml`: one table of the causes, in plain words. Pure.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::http::{Explanation, Explanations};
use crate::portal::{ErrorKind, PortalError};

#[derive(Debug, Deserialize)]
struct ErrorMeanings {
    answers: Explanations<ErrorKind>,
    scim_types: HashMap<String, String>,
}

/// The file is part of the program, and a test reads it. Without it an unanswered write would look
/// like a refused one, so nothing goes on.
static MEANINGS: LazyLock<ErrorMeanings> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("meanings.yaml")).expect("meanings.yaml is whole")
});

/// The meaning of one word: a status, or what somebody else calls an error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErrorMeaning(Option<&'static Explanation<ErrorKind>>);

impl ErrorMeaning {
    /// Whether the section lists the word.
    pub(crate) fn is_listed(section: &str, word: &str) -> bool {
        MEANINGS.answers.find_listed(section, word).is_some()
    }

    /// Of a word that the section lists, or of any other.
    pub(crate) fn for_word(section: &str, word: &str) -> Self {
        Self(MEANINGS.answers.for_word(section, word))
    }

    /// Of a status that the section lists, by itself or by its class, or of any other.
    pub(crate) fn for_status(section: &str, status: u16) -> Self {
        Self(MEANINGS.answers.for_status(section, status))
    }

    /// The error, with these values for the names in braces.
    pub(crate) fn to_error(self, doing: &str, values: &[(&str, &str)]) -> PortalError {
        let (kind, (what, help)) = self.0.map_or_else(
            || (ErrorKind::Rejected, Default::default()),
            |meaning| (meaning.kind, meaning.fill_in(values)),
        );
        PortalError::new(kind, doing, what, help)
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
        for section in ["portal", "token endpoint", "token error", "no SCIM"] {
            let other = MEANINGS.answers.for_word(section, "a word that nobody knows");
            assert!(other.is_some(), "{section}");
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
