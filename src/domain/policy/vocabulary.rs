//! The words of a portal in the policy. Pure.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::archive_state::{AccountState, State};
use crate::domain::field_validator::FieldValidator;
use crate::domain::mapping::vocabulary::{Accounts, Holds, States, Vocabulary};
use crate::text::excerpt;
use crate::yaml::YamlPath;
use crate::yaml::strict_scalars::{Optional, Text};

/// The longest word of a portal, in characters.
const LONGEST: usize = 100;
/// The kind of the finding about missing words.
const MISSING: &str = "missing-words";

/// The portal's words for the states of an archive; if there are several, the first is written.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawStateWords {
    /// There is no archive, such as [Tiada].
    pub disabled: Optional<Vec<Text>>,
    /// The portal is creating it.
    pub enabling: Optional<Vec<Text>>,
    /// There is an archive, such as [Ada].
    pub enabled: Optional<Vec<Text>>,
    /// The portal is removing it.
    pub terminating: Optional<Vec<Text>>,
    /// It was removed, such as [Ditamatkan].
    pub terminated: Optional<Vec<Text>>,
}

/// The portal's words for the states of an account.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawAccountWords {
    /// Active, such as [Aktif].
    pub active: Optional<Vec<Text>>,
    /// Switched off.
    pub disabled: Optional<Vec<Text>>,
    /// About to be deleted.
    pub requested_to_delete: Optional<Vec<Text>>,
    /// Deleted.
    pub deleted: Optional<Vec<Text>>,
}

/// The portal's words for a legal hold.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawHoldWords {
    /// The archive is on hold, such as [Y].
    pub held: Optional<Vec<Text>>,
    /// The archive is not on hold, such as [N].
    pub free: Optional<Vec<Text>>,
}

/// Words for the states of an archive, below the key `at`.
pub(super) fn validate_states(
    draft: &RawStateWords,
    at: &str,
    fields: &mut FieldValidator,
) -> States {
    let words = [
        ("disabled", &draft.disabled, State::Disabled),
        ("enabling", &draft.enabling, State::Enabling),
        ("enabled", &draft.enabled, State::Enabled),
        ("terminating", &draft.terminating, State::Terminating),
        ("terminated", &draft.terminated, State::Terminated),
    ];
    let states = validate_words(at, &words, fields);
    // Without these words arkib can neither read nor write whether there is an archive.
    let has = |state| states.word_for(&state).is_some();
    if !has(State::Enabled) || !(has(State::Disabled) || has(State::Terminated)) {
        let found = message!("policy-no-states");
        let help = message!("policy-no-states-help");
        fields.add_issue(YamlPath::keys(at), MISSING, found, help);
    }
    states
}

/// Words for the states of an account, below the key `at`.
pub(super) fn validate_accounts(
    draft: &RawAccountWords,
    at: &str,
    fields: &mut FieldValidator,
) -> Accounts {
    let to_delete = &draft.requested_to_delete;
    let words = [
        ("active", &draft.active, AccountState::Active),
        ("disabled", &draft.disabled, AccountState::Disabled),
        ("requested_to_delete", to_delete, AccountState::RequestedToDelete),
        ("deleted", &draft.deleted, AccountState::Deleted),
    ];
    let accounts = validate_words(at, &words, fields);
    if accounts.word_for(&AccountState::Active).is_none() {
        let found = message!("policy-no-active");
        let help = message!("policy-no-active-help");
        fields.add_issue(YamlPath::keys(at), MISSING, found, help);
    }
    accounts
}

/// Words for a legal hold, below the key `at`.
pub(super) fn validate_holds(draft: &RawHoldWords, at: &str, fields: &mut FieldValidator) -> Holds {
    let words = [("held", &draft.held, true), ("free", &draft.free, false)];
    let holds = validate_words(at, &words, fields);
    if holds.word_for(&true).is_none() || holds.word_for(&false).is_none() {
        let found = message!("policy-no-holds");
        let help = message!("policy-no-holds-help");
        fields.add_issue(YamlPath::keys(at), MISSING, found, help);
    }
    holds
}

/// Reports a placeholder of the template of `arkib portal inspect` that is not filled in yet, and
/// returns whether it is one.
pub(super) fn report_placeholder(
    Text(text): &Text,
    at: impl Fn() -> YamlPath,
    fields: &mut FieldValidator,
) -> bool {
    let text = text.trim();
    let is_placeholder = text.starts_with('<') && text.ends_with('>');
    if is_placeholder {
        fields.add_issue(
            at(),
            "not-filled-in",
            message!("policy-placeholder", text = excerpt(text, 80)),
            message!("policy-placeholder-help"),
        );
    }
    is_placeholder
}

fn validate_words<T: Clone + PartialEq>(
    at: &str,
    of: &[(&str, &Optional<Vec<Text>>, T)],
    fields: &mut FieldValidator,
) -> Vocabulary<T> {
    // In a table an empty cell may say something.
    let takes_empty = at.starts_with("export.");
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut words = Vec::new();
    for (key, texts, meaning) in of {
        for (index, text) in texts.iter().flatten().enumerate() {
            let (Text(word), place) =
                (text, || YamlPath::keys(&format!("{at}.{key}")).index(index));
            let (trimmed, length) = (word.trim(), word.chars().count());
            if report_placeholder(text, place, fields) {
                // This avoids another message about a missing word.
                words.push((trimmed, meaning.clone()));
                continue;
            }
            let (kind, message, help) = if (trimmed.is_empty() && !takes_empty) || length > LONGEST
            {
                (
                    "bad-word",
                    message!("policy-word-length", length, most = LONGEST),
                    message!("policy-word-length-help"),
                )
            } else if word.chars().any(char::is_control) {
                (
                    "bad-word",
                    message!("policy-word-control", word = excerpt(word, 40)),
                    message!("policy-word-help"),
                )
            } else if let Some(other) = seen.insert(trimmed.to_lowercase(), key) {
                (
                    "word-twice",
                    message!("policy-word-twice", name = excerpt(word, 40), other),
                    message!("policy-one-meaning-help"),
                )
            } else {
                words.push((trimmed, meaning.clone()));
                continue;
            };
            fields.add_issue(place(), kind, message, help);
        }
    }
    Vocabulary::new(words)
}
