//! What a refusal or a strange answer of a forge means. Pure.

use super::ci_run::Forge;
use super::error::ForgeError;
use crate::language::Message;

/// What a status means. `said` is the forge's own message, safe to show.
pub(super) fn status_error(forge: Forge, status: u16, is_limit: bool, said: &str) -> ForgeError {
    let word = match status {
        // Some limit with the status of a refusal.
        _ if is_limit => "busy",
        401 => "token",
        403 => "forbidden",
        404 => "absent",
        429 => "busy",
        300..=399 => "redirects",
        500..=599 => "failed",
        _ => "refuses",
    };
    let is_refusal = ["token", "forbidden", "absent"].contains(&word);
    let name = forge.name();
    let why = message!("forge-status", word, forge = name, status = status.to_string());
    let help = match is_refusal {
        true => message!("forge-token-help", forge = name),
        false => message!("forge-status-help", word, forge = name, variable = forge.api_variable()),
    };
    let said = Some(Message::verbatim(said)).filter(|said| !said.is_empty());
    let why = Message::joined([why].into_iter().chain(said), ": ");
    ForgeError { is_refusal, status: Some(status), why, help }
}

/// What a successful answer means that is not what was asked for.
pub(super) fn answer_error(forge: Forge, word: &'static str) -> ForgeError {
    ForgeError::new(
        message!("forge-answer", word, forge = forge.name()),
        message!("forge-answer-help", word, variable = forge.api_variable()),
    )
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
                assert!(error.why.in_english().ends_with(": no"), "{error:?}");
                assert!(error.help.in_english().len() > 9, "{error:?}");
            }
            for word in ["web-page", "too-long", "too-slow", "other"] {
                let error = answer_error(forge, word);
                assert!(error.why.in_english().starts_with(forge.name()), "{error:?}");
                assert!(error.help.contains(forge.api_variable()), "{error:?}");
            }
        }
        let limited = status_error(Forge::Github, 403, true, "");
        assert!(
            !limited.is_refusal && limited.why.in_english().ends_with("for now (403)"),
            "{limited:?}"
        );
    }
}
