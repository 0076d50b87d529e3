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
        let found = "the words for `enabled`, or for both `disabled` and `terminated`, are missing";
        let help = "write the portal's words for an archive that exists and for none, such as {enabled: [Ada], disabled: [Tiada]}";
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
        let found = "the word for `active` is missing";
        let help = "write the portal's word for an active account, such as {active: [Aktif]}; an account whose word is not listed is not changed";
        fields.add_issue(YamlPath::keys(at), MISSING, found, help);
    }
    accounts
}

/// Words for a legal hold, below the key `at`.
pub(super) fn validate_holds(draft: &RawHoldWords, at: &str, fields: &mut FieldValidator) -> Holds {
    let words = [("held", &draft.held, true), ("free", &draft.free, false)];
    let holds = validate_words(at, &words, fields);
    if holds.word_for(&true).is_none() || holds.word_for(&false).is_none() {
        let found = "the words for both `held` and `free` are needed";
        let help = "write the portal's words for an archive on hold and for one that is not, such as {held: [Y], free: [N]}; any other word counts as held";
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
            format!("`{}` is still to be filled in", excerpt(text, 80)),
            "write the portal's name or word, or delete the line if the portal has none; `arkib portal inspect` shows its attributes and words",
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
                    format!("found a word of {length} characters, expected 1 to {LONGEST}"),
                    "write the portal's word exactly; an empty value counts as no archive, no hold and an active account",
                )
            } else if word.chars().any(char::is_control) {
                (
                    "bad-word",
                    format!("found a control character in `{}`", excerpt(word, 40)),
                    "write the portal's word exactly",
                )
            } else if let Some(other) = seen.insert(trimmed.to_lowercase(), key) {
                (
                    "word-twice",
                    format!("`{}` is here and under `{other}`", excerpt(word, 40)),
                    "each word means one thing; case makes no difference",
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
