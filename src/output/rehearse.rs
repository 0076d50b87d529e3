//! The output of `arkib portal rehearse`, for people and for programs. Knows no portal.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::ExitOutput;
use crate::domain::mapping::scim::Mapping;
use crate::domain::rehearsal::{Problem, RehearsalAction, RehearsalStep};
use crate::text::{escape, plural};

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
    pub problem: Option<String>,
}

/// What is wrong, and what to do.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProblemOutput")]
pub struct ProblemOutput {
    /// What is wrong.
    problem: String,
    /// What to do.
    help: String,
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
        let (sign, about) = match (&self.problem, &self.read_back) {
            (Some(problem), _) => ("!", problem.as_str()),
            (None, Some(state)) => (" ", state.as_str()),
            (None, None) => (" ", "not known"),
        };
        let is_fine = self.problem.is_none();
        let action = self.action.as_str().replace('-', " ");
        format!(
            "{sign} {action:<10} wrote `{}`{}; {}{}\n",
            escape(&self.written),
            if self.bulk { " in a bulk request" } else { "" },
            if is_fine { "read back: " } else { "" },
            escape(about),
        )
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
        let header = format!(
            "arkib {} · {} · portal {} · rehearsal",
            env!("CARGO_PKG_VERSION"),
            escape(self.agency.as_deref().unwrap_or("?")),
            self.portal.unwrap_or("?")
        );
        let found = self.found.as_deref().unwrap_or("not read");
        format!("{header}\n\n  found      {}: {}\n", escape(&self.mailbox), escape(found))
    }

    /// The lines for people after the last change.
    pub fn tail(&self) -> String {
        let mut text = String::from("\n");
        if !self.problems.is_empty() {
            let count = plural(self.problems.len(), "problem", "problems");
            let _ = writeln!(text, "{count}:");
            for problem in &self.problems {
                let (what, help) = (escape(&problem.problem), escape(&problem.help));
                let _ = writeln!(text, "  ! {what}\n    help: {help}");
            }
            text.push('\n');
        }
        text + &self.exit.to_text() + "\n"
    }

    /// Everything for people.
    pub fn render_text(&self) -> String {
        let steps: String = self.steps.iter().map(StepOutput::line).collect();
        match self.found {
            Some(_) => format!("{}{steps}{}", self.head(), self.tail()),
            None => self.exit.to_text() + "\n",
        }
    }
}
