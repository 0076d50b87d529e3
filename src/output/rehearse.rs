//! The output of `arkib portal rehearse`, for people and for programs. Knows no portal.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::ExitOutput;
use crate::domain::mapping::scim::Mapping;
use crate::domain::rehearsal::{Problem, RehearsalAction, RehearsalStep};
use crate::language::Message;
use crate::printer;
use crate::printer::{fit_line, text};
use crate::text::escape;

/// The output of `arkib portal rehearse --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "arkib portal rehearse output")]
pub struct RehearseOutput {
    /// `arkib.rehearse/1`.
    format: &'static str,
    /// The agency's short name; null if the run ended before it was known.
    pub agency: Option<String>,
    /// The portal's kind.
    pub portal: Option<&'static str>,
    /// The test mailbox.
    pub mailbox: String,
    /// The state in which its archive was found; null if it was not read.
    pub found: Option<String>,
    /// Each change, in order.
    pub steps: Vec<StepOutput>,
    /// What is wrong.
    pub problems: Vec<ProblemOutput>,
    /// Whether the mailbox is as it was found.
    pub as_found: bool,
    /// The file with the record of the run; null if nothing was written.
    pub record: Option<String>,
    /// How the run ended.
    pub exit: ExitOutput,
}

/// A change, and what was read back.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StepOutput")]
pub struct StepOutput {
    /// The change.
    action: RehearsalAction,
    /// Whether it was sent in a bulk request.
    bulk: bool,
    /// What was written.
    written: String,
    /// The archive's state before.
    from: String,
    /// The archive's state that was read back; null if it could not be read.
    pub read_back: Option<String>,
    /// What is wrong; null if it is as it should be.
    pub problem: Option<Message>,
}

/// What is wrong, and what to do.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProblemOutput")]
pub struct ProblemOutput {
    /// What is wrong.
    problem: Message,
    /// What to do.
    help: Message,
}

impl StepOutput {
    /// Builds the output.
    pub fn new(step: &RehearsalStep, mapping: &Mapping) -> Self {
        let problem = step.misfit.as_ref().map(|misfit| misfit.describe(step, mapping).what);
        Self {
            action: step.action,
            bulk: step.in_bulk,
            written: step.written.clone(),
            from: step.from.to_string(),
            read_back: step.read_back.as_ref().map(ToString::to_string),
            problem,
        }
    }

    /// As a line for people.
    pub fn line(&self) -> String {
        let action = match self.action {
            RehearsalAction::Enable => message!("word-enable"),
            RehearsalAction::Terminate => message!("word-terminate"),
            RehearsalAction::PutBack => message!("rehearsal-put-back"),
        };
        let written = escape(&self.written);
        let wrote = match self.bulk {
            true => text!("rehearsal-wrote-in-bulk", written),
            false => text!("rehearsal-wrote", written),
        };
        let (sign, about) = match (&self.problem, &self.read_back) {
            (Some(problem), _) => ("!", printer::render(problem)),
            (None, Some(state)) => {
                (" ", text!("rehearsal-read-back", state = Message::from_word(state)))
            }
            (None, None) => (" ", text!("rehearsal-not-read-back")),
        };
        let action = printer::render(&action);
        fit_line(&format!("{sign} {action:<10} {wrote}; {}", escape(&about)), 11)
    }
}

impl From<Problem> for ProblemOutput {
    fn from(problem: Problem) -> Self {
        Self { problem: problem.what, help: problem.help }
    }
}

impl RehearseOutput {
    /// The output before anything is known.
    pub fn new(mailbox: String) -> Self {
        Self { format: "arkib.rehearse/1", mailbox, as_found: true, ..Self::default() }
    }

    /// The lines for people before the first change.
    pub fn head(&self) -> String {
        let header = text!(
            "rehearsal-head",
            version = env!("CARGO_PKG_VERSION"),
            agency = escape(self.agency.as_deref().unwrap_or("?")),
            portal = self.portal.unwrap_or("?")
        );
        let state = self.found.as_deref().map(Message::from_word);
        let state = state.unwrap_or_else(|| message!("rehearsal-not-read"));
        let found = printer::render(&message!("rehearsal-found"));
        let state = printer::render(&state);
        let (mailbox, state) = (escape(&self.mailbox), escape(&state));
        format!(
            "{}\n{}",
            fit_line(&header, 2),
            fit_line(&format!("  {found:<10} {mailbox}: {state}"), 11)
        )
    }

    /// The lines for people after the last change.
    pub fn tail(&self) -> String {
        let mut text = String::from("\n");
        if !self.problems.is_empty() {
            text += &text!("rehearsal-problems", count = self.problems.len());
            text.push('\n');
            for problem in &self.problems {
                let (what, help) =
                    (printer::render(&problem.problem), text!("run-help", help = &problem.help));
                text += &fit_line(&format!("  ! {}", escape(&what)), 2);
                text += &fit_line(&format!("    {}", escape(&help)), 2);
            }
            text.push('\n');
        }
        text + &fit_line(&self.exit.to_text(), 2)
    }

    /// Everything for people.
    pub fn render_text(&self) -> String {
        let steps: String = self.steps.iter().map(StepOutput::line).collect();
        match self.found {
            Some(_) => format!("{}{steps}{}", self.head(), self.tail()),
            None => fit_line(&self.exit.to_text(), 2),
        }
    }
}
