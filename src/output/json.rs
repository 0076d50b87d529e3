//! JSON for programs: types of their own, versioned, described by `arkib schema`.

mod plan;
mod pull_request;

use schemars::JsonSchema;
use std::fmt::Write as _;

use serde::Serialize;

pub use super::exit_output::{ExitOutput, exit_output};

use self::plan::{PlanOutput, StaleReasonOutput, outputs_of};
use self::pull_request::{OtherFileOutput, PolicyChangeOutput, PullRequestOutput};
use super::{AgencyResult, RunResult};
use crate::domain::change_outcome::Outcome;
use crate::domain::observed::ExportFile;
use crate::domain::plan::{Change, ShardSummary};
use crate::finding::Finding;
use crate::language::Message;
use crate::text::{is_gap, is_unsafe};

/// The output of a command about agencies, the same for one as for several.
#[derive(Serialize, JsonSchema)]
pub struct AgenciesOutput<'a, T> {
    /// The name of the format and its version, such as `arkib.reconcile/2`.
    format: &'static str,
    /// What there is of each agency; of none in particular where the run ended before the first.
    agencies: &'a [T],
}

/// What a command says of one agency.
pub trait AgencyOutput: Serialize {
    /// The name of the command's format and its version.
    const FORMAT: &'static str;
}

/// The output of `arkib reconcile --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema, Default)]
pub struct ReconcileOutput {
    /// The agency's short name; null if no policy could be read.
    agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    requests: String,
    /// The portal's kind.
    portal: Option<&'static str>,
    /// The export that was read, if people operate the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<ExportOutput>,
    /// What would be done or was done; null if the run failed before there was a plan.
    plan: Option<PlanOutput>,
    /// With --shard: the part of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<ShardOutput>,
    /// With a base: what else the pull request does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_request: Option<PullRequestOutput>,
    /// Why a saved plan is outdated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stale: Vec<StaleReasonOutput>,
    /// The outcome of each change, in the plan's order; null if the plan was not applied.
    outcomes: Option<Vec<OutcomeOutput>>,
    /// What became of the changes that earlier runs left open, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<String>,
    /// The file with the record of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// With a base, if the run ended before there was a plan: how policies would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicyChangeOutput>,
    /// Likewise: other files that change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<OtherFileOutput>,
    /// Problems of the files.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl AgencyOutput for ReconcileOutput {
    const FORMAT: &'static str = "arkib.reconcile/2";
}

impl ReconcileOutput {
    /// Builds the output.
    pub fn new(run: &AgencyResult, found: &[Finding]) -> Self {
        Self {
            agency: Some(run.agency.clone()),
            requests: run.requests_at.in_english(),
            portal: Some(run.portal),
            export: run.export.as_ref().map(ExportOutput::new),
            plan: run.plan.as_ref().map(|plan| PlanOutput::new(plan, &run.words)),
            shard: run.share.map(ShardOutput::new),
            pull_request: run.pull_request.as_ref().map(PullRequestOutput::new),
            stale: outputs_of(&run.stale, StaleReasonOutput::new),
            outcomes: outcome_outputs(run),
            settled: run.settled.as_ref().map(Message::in_english),
            record: run.record.clone(),
            policies: Vec::new(),
            files: Vec::new(),
            findings: outputs_of(found, FindingOutput::new),
            exit: exit_output(run.exit, &run.reason).with_help(run.help.clone()),
        }
    }

    /// The output of a run that ended before the first agency.
    fn ended_early(summary: &RunResult<'_>, ended: &ExitOutput) -> Self {
        Self {
            requests: summary.requests_at.in_english(),
            policies: outputs_of(summary.policies, PolicyChangeOutput::new),
            files: outputs_of(summary.files, OtherFileOutput::new),
            findings: outputs_of(summary.findings, FindingOutput::new),
            exit: ended.clone(),
            ..Self::default()
        }
    }
}

/// The output of `arkib check --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib check output")]
pub struct CheckOutput {
    /// `arkib.check/1`.
    format: &'static str,
    /// How many request files were read.
    requests: usize,
    /// The short names of the agencies with a valid policy.
    agencies: Vec<String>,
    /// With a base: how policies would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicyChangeOutput>,
    /// With a base: other files that change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<OtherFileOutput>,
    /// Problems of the files.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl CheckOutput {
    /// Builds the output.
    pub fn new(requests: usize, agencies: Vec<String>, summary: &RunResult<'_>) -> Self {
        Self {
            format: "arkib.check/1",
            requests,
            agencies,
            policies: outputs_of(summary.policies, PolicyChangeOutput::new),
            files: outputs_of(summary.files, OtherFileOutput::new),
            findings: outputs_of(summary.findings, FindingOutput::new),
            exit: summary.ended.clone().unwrap_or_default(),
        }
    }
}

/// A problem of a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingOutput {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    severity: &'static str,
    kind: &'static str,
    message: String,
    help: String,
}

impl FindingOutput {
    /// Builds the output.
    pub fn new(finding: &Finding) -> Self {
        Self {
            file: finding.file.to_string(),
            line: finding.position.map(|at| at.line),
            column: finding.position.map(|at| at.column),
            severity: finding.severity.as_str(),
            kind: finding.kind,
            message: finding.message.in_english(),
            help: finding.help.in_english(),
        }
    }
}

/// One of the parts of a run.
#[derive(Debug, Serialize, JsonSchema)]
struct ShardOutput {
    /// Which part, from one.
    index: u64,
    /// How many parts there are.
    count: u64,
    /// The number of changes in the whole plan; null if there is no plan.
    of_changes: Option<usize>,
}

impl ShardOutput {
    fn new(share: ShardSummary) -> Self {
        Self {
            index: share.shard.index(),
            count: share.shard.count(),
            of_changes: share.of_changes,
        }
    }
}

/// An export of a portal that people operate.
#[derive(Debug, Serialize, JsonSchema)]
struct ExportOutput {
    /// The name of its file.
    name: String,
    sha256: String,
    /// The time of the export (RFC 3339).
    taken: String,
}

impl ExportOutput {
    fn new(export: &ExportFile) -> Self {
        Self {
            name: export.name.clone(),
            sha256: export.sha256.clone(),
            taken: export.taken.to_string(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct OutcomeOutput {
    mailbox: String,
    action: &'static str,
    request: String,
    outcome: &'static str,
    detail: Option<String>,
}

impl OutcomeOutput {
    fn new(change: &Change, outcome: &Outcome) -> Self {
        Self {
            mailbox: change.mailbox.to_string(),
            action: change.target.verb(),
            request: change.request.id.to_string(),
            outcome: outcome.as_str(),
            detail: outcome.detail().map(|detail| detail.in_english()),
        }
    }
}

fn outcome_outputs(run: &AgencyResult) -> Option<Vec<OutcomeOutput>> {
    let (plan, outcomes) = (run.plan.as_ref()?, run.outcomes.as_ref()?);
    let each = plan.changes.iter().zip(outcomes);
    Some(each.map(|(change, ended)| OutcomeOutput::new(change, ended)).collect())
}

/// The output of `arkib reconcile`.
pub fn render_run_result(summary: &RunResult<'_>) -> String {
    match &summary.ended {
        Some(ended) => render_agencies(&[ReconcileOutput::ended_early(summary, ended)]),
        None => render_agencies(&outputs_of(summary.runs, |run| {
            ReconcileOutput::new(run, summary.findings)
        })),
    }
}

/// The output about agencies.
pub fn render_agencies<T: AgencyOutput>(agencies: &[T]) -> String {
    render(&AgenciesOutput { format: T::FORMAT, agencies })
}

/// Pretty JSON with a line end.
pub fn render<T: Serialize>(output: &T) -> String {
    // JSON can represent all of these types, so this cannot fail.
    let plain = serde_json::to_string_pretty(output).unwrap_or_default();
    let mut text = String::with_capacity(plain.len() + 1);
    for character in plain.chars() {
        if character != '\n' && (is_unsafe(character) || is_gap(character)) {
            // Such a character occurs only inside a string, where its escape means the same.
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_unsafe_characters_and_keeps_the_value() {
        let hostile = "a\u{1b}b\u{202e}c\u{9b}d\u{e0001}e\u{3000}f";
        let text = render(&hostile);
        assert!(text.trim_end().chars().all(|c| !is_unsafe(c) && !is_gap(c)), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).ok().as_deref(), Some(hostile));
    }
}
