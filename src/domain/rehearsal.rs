//! A rehearsal of a portal's mapping on one test mailbox: what is written and read back, what is wrong,
//! and what to correct in the policy. Pure.

#[cfg(test)]
mod tests;

use super::archive_state::{State, Target};
use super::mapping::scim::{Mapping, ValueKind};
use super::mapping::written_words::has_arkib_words;
use crate::language::Message;
use crate::text::excerpt;

/// What stands in the portal in place of a request's id. No request can have this id.
pub const NO_REQUEST: &str = "(rehearsal)";

words! {
    /// A change of a rehearsal.
    pub enum RehearsalAction {
        /// The archive is enabled.
        Enable = "enable",
        /// The archive is terminated.
        Terminate = "terminate",
        /// The mailbox is put back as it was found.
        PutBack = "put-back",
    }
}

impl From<Target> for RehearsalAction {
    fn from(target: Target) -> Self {
        match target {
            Target::Enabled => Self::Enable,
            Target::Terminated => Self::Terminate,
        }
    }
}

/// One change, and what was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsalStep {
    /// The change.
    pub action: RehearsalAction,
    /// Whether it was sent in a bulk request.
    pub in_bulk: bool,
    /// What was written, such as `arkib: Tamat`.
    pub written: String,
    /// The archive's state before.
    pub from: State,
    /// The archive's state after it, if it could be read.
    pub read_back: Option<State>,
    /// What is wrong.
    pub misfit: Option<StepFailure>,
}

/// Something that is not as the mapping says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepFailure {
    /// The portal refuses the change; its words.
    Refused(Message),
    /// The portal accepted the change, and the archive is as before.
    NoEffect,
    /// A state that is neither the old one nor the wanted one.
    AnotherState(State),
    /// The portal had not finished after the longest time that was waited.
    Unfinished(State),
    /// The state is not shown when the mailbox is read by itself.
    HiddenAlone,
    /// By the portal's own pages the archive is not as arkib reads it.
    NotInWebPages,
    /// The request was written, and something else was read back.
    RequestNotKept(Option<Box<str>>),
    /// The mailbox is no longer as it was when the rehearsal began.
    ChangedMeanwhile(Message),
    /// It could not be read; why.
    Unreadable(Message),
    /// It could not be recorded; why.
    Unrecorded(String),
    /// The run was interrupted before the change was seen.
    Interrupted,
}

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, as a clause.
    pub what: Message,
    /// What to do.
    pub help: Message,
}

/// How a rehearsal left the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RestoreOutcome {
    /// As it was found.
    #[default]
    AsFound,
    /// Without an archive, as it was found, but in this state: arkib cannot write the old one.
    WithoutArchive(State),
    /// Not as it was found: what it is now, if that is known, and why.
    Otherwise(Option<State>, Message),
}

/// The result of a rehearsal.
#[derive(Debug, Default)]
pub struct RehearsalResult {
    /// What is wrong with the mapping or the portal.
    pub problems: Vec<Problem>,
    /// Whether it was interrupted.
    pub is_interrupted: bool,
    /// How it left the mailbox.
    pub left: RestoreOutcome,
}

impl StepFailure {
    /// What is wrong after a step that wrote a word, and what to correct in the mapping.
    pub fn describe(&self, step: &RehearsalStep, mapping: &Mapping) -> Problem {
        let written = &step.written;
        let word = match step.action {
            RehearsalAction::Enable => "enabled",
            _ if mapping.state.words.word_for(&State::Terminated).is_some() => "terminated",
            _ => "disabled",
        };
        let is_of_words = matches!(
            self,
            Self::Refused(_) | Self::AnotherState(_) | Self::NotInWebPages | Self::NoEffect
        ) && !(step.in_bulk && *self == Self::NoEffect);
        let is_of_mapping = is_of_words || matches!(self, Self::RequestNotKept(_));
        let state = || Message::from_word(word);
        let (what, help) = match self {
            Self::Refused(detail) => (
                message!("rehearsal-refused", written, detail),
                message!("rehearsal-refused-help", word),
            ),
            Self::NoEffect if step.in_bulk => (
                message!("rehearsal-no-effect-in-bulk", written),
                message!("rehearsal-no-effect-in-bulk-help"),
            ),
            Self::NoEffect => (
                message!("rehearsal-no-effect", written, state = &step.from),
                message!("rehearsal-no-effect-help", word),
            ),
            Self::AnotherState(State::Unknown(other)) => (
                message!("rehearsal-another-word", written, other = excerpt(other, 80)),
                message!(
                    "rehearsal-another-word-help",
                    word,
                    other = excerpt(other, 80),
                    state = state()
                ),
            ),
            Self::AnotherState(other) => (
                message!("rehearsal-another-state", written, other),
                message!("rehearsal-another-state-help", word, state = state()),
            ),
            Self::Unfinished(other) => (
                message!("rehearsal-unfinished", written, state = other),
                message!("rehearsal-unfinished-help"),
            ),
            Self::HiddenAlone => {
                (message!("rehearsal-hidden-alone"), message!("rehearsal-hidden-alone-help"))
            }
            Self::NotInWebPages => (
                message!("rehearsal-not-in-pages", written, state = state()),
                message!("rehearsal-not-in-pages-help", word),
            ),
            Self::RequestNotKept(kept) => (
                match kept {
                    Some(kept) => {
                        message!(
                            "rehearsal-request-changed",
                            id = NO_REQUEST,
                            kept = excerpt(kept, 80)
                        )
                    }
                    None => message!("rehearsal-request-not-kept", id = NO_REQUEST),
                },
                message!("rehearsal-request-not-kept-help"),
            ),
            Self::ChangedMeanwhile(what) => (
                message!("rehearsal-changed-meanwhile", what),
                message!("rehearsal-changed-meanwhile-help"),
            ),
            Self::Unreadable(why) => {
                (message!("rehearsal-unreadable", why), message!("rehearsal-try-again"))
            }
            Self::Unrecorded(why) => {
                (message!("rehearsal-unrecorded", why), message!("rehearsal-unrecorded-help"))
            }
            Self::Interrupted => {
                (message!("rehearsal-interrupted"), message!("rehearsal-try-again"))
            }
        };
        let is_of_portal = (is_of_words && has_arkib_words(&mapping.state))
            || (is_of_mapping && mapping.is_arkib_extension());
        let help = if is_of_portal { message!("rehearsal-extension-help") } else { help };
        Problem { what, help }
    }
}

/// What is wrong if arkib reads the opposite of what the portal's own pages show: the words are the
/// wrong way round, or the attribute is another one.
pub fn reading_problem(found: &State, has_archive: bool, mapping: &Mapping) -> Option<Problem> {
    let is_read = *found == State::Enabled;
    if is_read == has_archive {
        return None;
    }
    let word = |enabled| mapping.word_for_state(enabled).unwrap_or_default();
    let what = message!(
        "rehearsal-read-otherwise",
        found,
        attribute = mapping.state.attribute.name_in_schema(),
        word = word(is_read),
        shows = if has_archive { "archive" } else { "none" },
    );
    let help = match mapping.state.kind {
        _ if has_arkib_words(&mapping.state) => message!("rehearsal-read-otherwise-extension-help"),
        ValueKind::Boolean => {
            message!("rehearsal-wrong-way-round-help", enabled = word(false), disabled = word(true))
        }
        _ => message!("rehearsal-read-otherwise-help"),
    };
    Some(Problem { what, help })
}
