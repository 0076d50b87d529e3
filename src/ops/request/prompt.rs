//! Asks the clerk for the values of a request, one at a time, with a way back. Knows neither files nor
//! terminals.

mod documents;
mod mailboxes;
pub(super) mod review;
pub(super) mod steps;
mod suggestions;
#[cfg(test)]
mod tests;
pub(super) mod withdrawable;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use self::steps::Step;
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::request::intake::{Intake, ReceivedDocument};
use crate::ops::filing::prompter::{Prompter, Unanswered, beginning};
use crate::printer::text;

/// What the questions depend on.
pub(super) struct PromptContext<'a> {
    pub agencies: &'a [Agency],
    pub roster: Option<&'a Observed>,
    pub today: Date,
    pub files: &'a dyn ClerkFiles,
}

/// The files that the clerk names. An error is a sentence.
pub(super) trait ClerkFiles {
    /// The mailboxes of a list.
    fn read_list(&self, file: &Path) -> Result<Vec<Mailbox>, String>;
    /// What a scanned document is.
    fn read_document(&self, file: &Path) -> Result<ReceivedDocument, String>;
    /// The files and folders whose path begins like that.
    fn complete(&self, typed: &str) -> Vec<String>;
}

/// What is known of a request: first from the command line, then from answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answers {
    pub intake: Intake,
    /// Where its documents are, in their order.
    pub evidence: Vec<PathBuf>,
}

/// Asks for all missing values. Esc goes back to the question before.
pub(super) fn ask_missing_values(
    dialogue: &mut dyn Prompter,
    answers: &mut Answers,
    about: &PromptContext<'_>,
) -> Result<(), Unanswered> {
    dialogue.say(&beginning());
    let steps: Vec<Step> =
        Step::all(answers).into_iter().filter(|step| !step.is_answered(answers)).collect();
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        match step.ask(dialogue, answers, about) {
            Ok(()) => at += 1,
            Err(Unanswered::Back) if at > 0 => at -= 1,
            Err(Unanswered::Back) => dialogue.say(&text!("request-first-question")),
            Err(Unanswered::Stopped) => return Err(Unanswered::Stopped),
        }
    }
    Ok(())
}
