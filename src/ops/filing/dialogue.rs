//! Asks a person, one thing at a time. Who answers is passed in, so that a test can.

use std::io::ErrorKind;

use super::unwritten;
use crate::ops::failure::Failure;
use crate::printer;
use crate::text::escape;

/// A person to ask.
pub(crate) trait Dialogue {
    /// Asks a question and gives the line that answers it; `None` where there will be no more answers.
    fn ask(&mut self, question: &str) -> Option<String>;
    /// Says something that needs no answer.
    fn say(&mut self, text: &str);
}

/// The person has gone, with Ctrl-D or the end of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InputEnded;

impl From<InputEnded> for Failure {
    fn from(_: InputEnded) -> Self {
        unwritten("the input has ended", "")
    }
}

/// A terminal with a person in front of it.
pub(crate) struct Terminal;

impl Dialogue for Terminal {
    fn ask(&mut self, question: &str) -> Option<String> {
        loop {
            match printer::ask(question) {
                Ok(answer) => return answer,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    reject(self, &error.to_string());
                }
                Err(_) => return None,
            }
        }
    }

    fn say(&mut self, text: &str) {
        printer::say(text);
    }
}

/// Asks until the answer can be used; an empty one is none.
pub(crate) fn optional<T>(
    dialogue: &mut dyn Dialogue,
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
            Err(why) => reject(dialogue, &why),
        }
    }
}

/// Says why an answer cannot be used.
pub(crate) fn reject(dialogue: &mut dyn Dialogue, why: &str) {
    dialogue.say(&format!("  Not taken: {}.", escape(why)));
}

/// As [`optional`], but something must be answered.
pub(crate) fn required<T>(
    dialogue: &mut dyn Dialogue,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, InputEnded> {
    loop {
        match optional(dialogue, question, &read)? {
            Some(value) => return Ok(value),
            None => dialogue.say("  This is needed."),
        }
    }
}
