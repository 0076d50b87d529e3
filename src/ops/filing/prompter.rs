//! Asks a person one question at a time. The dialogue is a parameter, so that a test can answer.

#[cfg(test)]
pub(crate) mod scripted;
mod terminal;

pub(crate) use self::terminal::Terminal;

use crate::ops::failure::Failure;
use crate::printer::text;

/// Stands between a suggestion and what is said about it: only what is before it is the answer.
pub(crate) const ABOUT: &str = " · ";

/// Gives the suggestions for what is typed so far.
pub(crate) type Suggest<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// Whether an answer is valid; else why it is not, as a sentence.
pub(crate) type Check<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// A question that is answered with a line.
#[derive(Default)]
pub(crate) struct Question<'a> {
    pub text: String,
    /// What helps to answer, below the line.
    pub help: String,
    /// What the line holds at first, to be edited.
    pub initial: String,
    /// What an empty line means, if it means something.
    pub default: Option<String>,
    pub suggest: Option<Suggest<'a>>,
}

impl From<&str> for Question<'_> {
    fn from(text: &str) -> Self {
        Self { text: text.trim_end().to_owned(), ..Self::default() }
    }
}

/// Someone who answers questions.
pub(crate) trait Prompter {
    /// Asks until the answer is valid, and returns it.
    fn ask(&mut self, question: &Question<'_>, check: Check<'_>) -> Result<String, Unanswered>;
    /// Lets somebody choose one of several, and returns its number; `start` is marked at first.
    fn choose(
        &mut self,
        question: &str,
        options: &[String],
        start: usize,
    ) -> Result<usize, Unanswered>;
    /// Shows a text that needs no answer.
    fn say(&mut self, text: &str);
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Back to the question before, with Esc.
    Back,
    /// Stopped with Ctrl-C, or there is nobody any longer.
    Stopped,
}

impl From<Unanswered> for Failure {
    fn from(_: Unanswered) -> Self {
        Self::failed(message!("filing-stopped"), "")
    }
}

/// What is said before the first question.
pub(crate) fn beginning() -> String {
    format!("{}\n", text!("filing-beginning"))
}

/// Asks until the answer is valid; an empty answer is none.
pub(crate) fn ask_optional<'a, T>(
    dialogue: &mut dyn Prompter,
    question: impl Into<Question<'a>>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Unanswered> {
    let read = |answer: &str| match answer.trim() {
        "" => Ok(None),
        answer => read(answer).map(Some),
    };
    ask_until_read(dialogue, &question.into(), &read)
}

/// Like [`ask_optional`], but the answer must not be empty.
pub(crate) fn ask_required<'a, T>(
    dialogue: &mut dyn Prompter,
    question: impl Into<Question<'a>>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Unanswered> {
    let read = |answer: &str| match answer.trim() {
        "" => Err(text!("filing-required")),
        answer => read(answer),
    };
    ask_until_read(dialogue, &question.into(), &read)
}

fn ask_until_read<T>(
    dialogue: &mut dyn Prompter,
    question: &Question<'_>,
    read: &dyn Fn(&str) -> Result<T, String>,
) -> Result<T, Unanswered> {
    loop {
        let answer = dialogue.ask(question, &|answer| read(answer).map(drop))?;
        // What was valid may have changed meanwhile, such as a file.
        match read(&answer) {
            Ok(value) => return Ok(value),
            Err(why) => dialogue.say(&why),
        }
    }
}
