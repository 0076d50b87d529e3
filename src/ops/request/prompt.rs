//! Asks the clerk for the values of a request, one at a time, with a way back. Knows neither files nor
//! terminals.

pub(super) mod context;
mod documents;
mod mailboxes;
pub(super) mod review;
pub(super) mod steps;
mod suggestions;
#[cfg(test)]
mod tests;
pub(super) mod withdrawable;

use self::context::{Answers, PromptContext};
use self::steps::Step;
use crate::ops::filing::prompter::{Prompter, Unanswered, beginning};
use crate::printer::text;

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
        if !step.has_meaning(answers) {
            at += 1;
            continue;
        }
        match step.ask(dialogue, answers, about) {
            Ok(()) => at += 1,
            Err(Unanswered::Back) => {
                match steps[..at].iter().rposition(|step| step.has_meaning(answers)) {
                    Some(before) => at = before,
                    None => dialogue.say(&text!("request-first-question")),
                }
            }
            Err(Unanswered::Stopped) => return Err(Unanswered::Stopped),
        }
    }
    Ok(())
}
