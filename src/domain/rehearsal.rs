//! A rehearsal of a portal's mapping on one test mailbox: what is written and read back, what is wrong,
//! and what to correct in the policy. Pure.

#[cfg(test)]
mod tests;

use super::archive_state::{State, Target};
use super::mapping::scim::{Mapping, ValueKind};
use super::mapping::written_words::has_arkib_words;
use crate::text::excerpt;

/// What stands in the portal in place of a request's id. No request can have this id.
pub const NO_REQUEST: &str = "(rehearsal)";

/// The longest text of a portal that is shown.
const LONGEST: usize = 300;

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
    pub misfit: Option<Misfit>,
}

/// Something that is not as the mapping says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// The portal refuses the change; its words.
    Refused(String),
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
    ChangedMeanwhile(&'static str),
    /// It could not be read; why.
    Unreadable(String),
    /// It could not be recorded; why.
    Unrecorded(String),
    /// The run was interrupted before the change was seen.
    Interrupted,
}

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, as a clause.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// How a rehearsal left the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LeftState {
    /// As it was found.
    #[default]
    AsFound,
    /// Without an archive, as it was found, but in this state: arkib cannot write the old one.
    WithoutArchive(State),
    /// Not as it was found: what it is now, if that is known, and why.
    Otherwise(Option<State>, String),
}

/// The result of a rehearsal.
#[derive(Debug, Default)]
pub struct RehearsalResult {
    /// What is wrong with the mapping or the portal.
    pub problems: Vec<Problem>,
    /// Whether it was interrupted.
    pub is_interrupted: bool,
    /// How it left the mailbox.
    pub left: LeftState,
}

impl Misfit {
    /// What is wrong after a step that wrote a word, and what to correct in the mapping.
    pub fn describe(&self, step: &RehearsalStep, mapping: &Mapping) -> Problem {
        let written = format!("`{}`", step.written);
        let state = match step.action {
            RehearsalAction::Enable => "enabled",
            _ if mapping.state.words.word_for(&State::Terminated).is_some() => "terminated",
            _ => "disabled",
        };
        let values = format!("correct the word for `{state}` in `mapping.state.values`");
        let (what, help) = match self {
            Self::Refused(detail) => (
                format!("the portal refuses {written}: {}", excerpt(detail, LONGEST)),
                format!("{values}, or ask the portal's operator what the token may write"),
            ),
            Self::NoEffect if step.in_bulk => (
                format!("the portal accepted a bulk request with {written} and changed nothing"),
                "ask the portal's operator to repair /Bulk, or to say in /ServiceProviderConfig that it is not supported".to_owned(),
            ),
            Self::NoEffect => (
                format!("the portal accepted {written} and changed nothing: it is {}", step.from),
                format!("{values}, or its `attribute`; if both are right, PATCH has no effect: tell the portal's operator"),
            ),
            Self::AnotherState(State::Unknown(word)) => (
                format!("{written} was written, and `{}` is read back", excerpt(word, 80)),
                format!("{values}: if `{}` means {state}, put it first", excerpt(word, 80)),
            ),
            Self::AnotherState(other) => (
                format!("{written} was written, and the archive is read back as {other}"),
                format!("{values}: another word seems to mean {state}"),
            ),
            Self::Unfinished(other) => (
                format!("after {written} the portal did not finish: the archive is {other}"),
                "ask the portal's operator, or wait longer with --wait-timeout".to_owned(),
            ),
            Self::HiddenAlone => (
                "the portal does not show the state when the mailbox is read by itself".to_owned(),
                "ask the portal's operator to return the attribute with every user".to_owned(),
            ),
            Self::NotInWebPages => (
                format!("{written} is read back, but the portal's own pages do not show it as {state}"),
                format!("{values}: the portal stores the word and does not act on it"),
            ),
            Self::RequestNotKept(kept) => (
                format!(
                    "`{NO_REQUEST}` was written as the request, and {} was read back",
                    kept.as_ref().map_or("nothing".to_owned(), |kept| format!("`{}`", excerpt(kept, 80)))
                ),
                "correct `mapping.request`, or leave it out: then only the records know the request".to_owned(),
            ),
            Self::ChangedMeanwhile(what) => (
                format!("someone else changed the mailbox meanwhile: {what}"),
                "rehearse on a mailbox that nobody else uses".to_owned(),
            ),
            Self::Unreadable(why) => (
                format!("the mailbox could not be read back: {}", excerpt(why, LONGEST)),
                "try again".to_owned(),
            ),
            Self::Unrecorded(why) => (
                format!("it cannot be recorded, so it was not sent: {why}"),
                "use another folder with --records DIR".to_owned(),
            ),
            Self::Interrupted => ("interrupted".to_owned(), "try again".to_owned()),
        };
        let (is_about_words, names) =
            (help.starts_with("correct the word"), help.contains("`mapping."));
        if (is_about_words && has_arkib_words(&mapping.state))
            || (names && mapping.is_arkib_extension())
        {
            let help = "the portal does not do what arkib's extension asks for: tell its operator";
            return Problem { what, help: help.to_owned() };
        }
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
    let shows = if has_archive { "an archive" } else { "no archive" };
    let what = format!(
        "arkib reads the archive as {found}, where the mapping has `{}: {}`, but the portal's own pages show {shows}",
        mapping.state.attribute.name_in_schema(),
        word(is_read),
    );
    let help = match mapping.state.kind {
        _ if has_arkib_words(&mapping.state) => {
            "if that is the same mailbox, the portal does not use arkib's extension as it should: tell its operator".to_owned()
        }
        ValueKind::Boolean => format!(
            "the words are the wrong way round: write `values: {{ enabled: [\"{}\"], disabled: [\"{}\"] }}` under `mapping.state`",
            word(false),
            word(true),
        ),
        _ => "correct `attribute` or `values` of `mapping.state`; `arkib portal inspect` shows the portal's attributes and words".to_owned(),
    };
    Some(Problem { what, help })
}
