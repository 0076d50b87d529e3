//! Asks a person one question at a time. The dialogue is a parameter, so that a test can answer.

#[cfg(test)]
pub(crate) mod scripted;

use std::io::ErrorKind;

use super::failure_before_writing;
use crate::ops::failure::Failure;
use crate::printer;
use crate::text::escape;

/// What is said before the first question.
pub(crate) const BEGINNING: &str =
    "Press Ctrl-C to stop at any time; nothing is written before the end.\n";

/// Someone who answers questions.
pub(crate) trait Prompter {
    /// Asks a question and returns the line with the answer; `None` at the end of the input.
    fn ask(&mut self, question: &str) -> Option<String>;
    /// Shows a text that needs no answer.
    fn say(&mut self, text: &str);
}

/// The input ended, with Ctrl-D or the end of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InputEnded;

impl From<InputEnded> for Failure {
    fn from(_: InputEnded) -> Self {
        failure_before_writing("the input has ended", "")
    }
}

/// A terminal.
pub(crate) struct Terminal;

impl Prompter for Terminal {
    fn ask(&mut self, question: &str) -> Option<String> {
        loop {
            match printer::ask_line(question) {
                Ok(answer) => return answer,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    show_rejection(self, &error.to_string());
                }
                Err(_) => return None,
            }
        }
    }

    fn say(&mut self, text: &str) {
        printer::print_message(text);
    }
}

/// Asks until the answer is valid; an empty answer is none.
pub(crate) fn ask_optional<T>(
    dialogue: &mut dyn Prompter,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, InputEnded> {
    loop {
        let answer = dialogue.ask(question).ok_or(InputEnded)?;
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(None);
        }
        match read(answer) {
            Ok(value) => return Ok(Some(value)),
            Err(why) => show_rejection(dialogue, &why),
        }
    }
}

/// Shows why an answer is not valid.
pub(crate) fn show_rejection(dialogue: &mut dyn Prompter, why: &str) {
    dialogue.say(&format!("  Not valid: {}.", escape(why)));
}

/// Like [`ask_optional`], but the answer must not be empty.
pub(crate) fn ask_required<T>(
    dialogue: &mut dyn Prompter,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, InputEnded> {
    loop {
        match ask_optional(dialogue, question, &read)? {
            Some(value) => return Ok(value),
            None => dialogue.say("  This is required."),
        }
    }
}
