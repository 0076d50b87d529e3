//! What a refusal or a strange answer of a forge means: the words are in `meanings.yaml`. Pure.

use std::sync::LazyLock;

use super::ci_run::Forge;
use crate::environment::EnvError;
use crate::http::{HttpError, Meanings};

/// Why a forge does not do what it is asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct ForgeError {
    /// Whether it refuses the token, or shows it nothing there.
    pub is_refusal: bool,
    /// The status, where it answered with one.
    pub status: Option<u16>,
    /// What happened.
    pub why: String,
    /// What to do.
    pub help: String,
}

impl From<HttpError> for ForgeError {
    fn from(error: HttpError) -> Self {
        Self { is_refusal: false, status: None, why: error.why, help: error.help }
    }
}

impl From<EnvError> for ForgeError {
    fn from(error: EnvError) -> Self {
        Self { is_refusal: false, status: None, why: error.why, help: error.help }
    }
}

/// Whether it is a refusal of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
enum Kind {
    Refusal,
    Failure,
}

/// The file is part of the program, and a test reads it.
static MEANINGS: LazyLock<Meanings<Kind>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("meanings.yaml")).expect("meanings.yaml is whole")
});

/// What a status means. `said` is the forge's own message, safe to show.
pub(super) fn status_error(forge: Forge, status: u16, is_limit: bool, said: &str) -> ForgeError {
    // Some limit with the status of a refusal.
    let status_meant = if is_limit { 429 } else { status };
    let section = match status_meant {
        401 | 403 | 404 => forge.name(),
        _ => "status",
    };
    let said = match said {
        "" => String::new(),
        said => format!(": {said}"),
    };
    let (is_refusal, why, help) = match MEANINGS.for_status(section, status_meant) {
        Some(meaning) => {
            let (why, help) = meaning.fill_in(&values(forge, &status.to_string()));
            (meaning.kind == Kind::Refusal, why, help)
        }
        None => (false, String::new(), String::new()),
    };
    ForgeError { is_refusal, status: Some(status), why: why + &said, help }
}

/// What a successful answer means that is not what was asked for.
pub(super) fn answer_error(forge: Forge, word: &str) -> ForgeError {
    let filled = MEANINGS.for_word("answer", word).map(|found| found.fill_in(&values(forge, "")));
    let (why, help) = filled.unwrap_or_default();
    ForgeError { is_refusal: false, status: None, why, help }
}

fn values(forge: Forge, status: &str) -> [(&'static str, &str); 3] {
    [("forge", forge.name()), ("status", status), ("variable", forge.api_variable())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_words() {
        for forge in [Forge::Github, Forge::Gitlab, Forge::Forgejo] {
            for (status, is_refusal) in [
                (302, false),
                (400, false),
                (401, true),
                (403, true),
                (404, true),
                (413, false),
                (422, false),
                (429, false),
                (500, false),
            ] {
                let error = status_error(forge, status, false, "no");
                assert_eq!(error.is_refusal, is_refusal, "{forge:?} {status}");
                assert!(error.why.contains(forge.name()), "{error:?}");
                assert!(error.why.contains(&format!("({status})")), "{error:?}");
                assert!(error.why.ends_with(": no"), "{error:?}");
                assert!(!error.help.is_empty() && !error.help.contains('{'), "{error:?}");
            }
            for word in ["web page", "too long", "too slow", "other"] {
                let error = answer_error(forge, word);
                assert!(error.why.starts_with(forge.name()), "{error:?}");
                assert!(error.help.contains(forge.api_variable()), "{error:?}");
            }
        }
        let limited = status_error(Forge::Github, 403, true, "");
        assert!(!limited.is_refusal && limited.why.ends_with("for now (403)"), "{limited:?}");
    }
}
