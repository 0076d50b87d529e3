//! JSON for programs: types of their own, versioned, described by `arkib schema`.

mod plan;

use std::fmt::Write as _;

use serde::Serialize;

pub use super::ended::{ExitOutput, exit};

use self::plan::{PlanOutput, PolicyOutput, PullRequestOutput, StaleOutput, each};
use super::object::object;
use super::{Reconciled, RunSummary};
use crate::domain::observed::Export;
use crate::domain::outcome::Outcome;
use crate::domain::plan::{Change, Share};
use crate::finding::Finding;
use crate::text::is_unsafe;

const RECONCILE: &str = "arkib.reconcile/1";

object! {
    /// The output of `arkib reconcile --format json` for one agency; an array of these where the
    /// requests folder holds several.
    #[derive(Default)]
    pub struct ReconcileOutput of (run: &Reconciled, found: &[Finding]) {
        /// `arkib.reconcile/1`.
        format: &'static str = RECONCILE,
        /// The agency's short name; absent where no policy could be read.
        agency: Option<String> = Some(run.agency.clone()),
        /// Where the requests were read: a commit, or a folder.
        requests: String = run.requests_at.clone(),
        /// The portal's kind.
        portal: Option<&'static str> = Some(run.portal),
        /// The export that was looked at, where people operate the portal.
        #[serde(skip_serializing_if = "Option::is_none")]
        export: Option<ExportOutput> = run.export.as_ref().map(ExportOutput::of),
        /// What would be or was done; null where the run failed before there was a plan.
        plan: Option<PlanOutput> = run.plan.as_ref().map(PlanOutput::of),
        /// With --shard: which part of the plan is told of here.
        #[serde(skip_serializing_if = "Option::is_none")]
        shard: Option<ShardOutput> = run.share.map(ShardOutput::of),
        /// With a base: what else the pull request does.
        #[serde(skip_serializing_if = "Option::is_none")]
        pull_request: Option<PullRequestOutput> = run.pull_request.as_ref().map(PullRequestOutput::of),
        /// Why a kept plan no longer holds.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stale: Vec<StaleOutput> = each(&run.stale, StaleOutput::of),
        /// What became of each change, in the plan's order; null where the plan was not applied.
        outcomes: Option<Vec<OutcomeOutput>> = outcomes(run),
        /// What earlier runs left open and this one settled, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        settled: Option<String> = run.settled.clone(),
        /// The file that the run was recorded in.
        #[serde(skip_serializing_if = "Option::is_none")]
        record: Option<String> = run.record.clone(),
        /// With a base, where the run ended before there was a plan: how policies would change.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        policies: Vec<PolicyOutput> = Vec::new(),
        /// Problems of the files.
        findings: Vec<FindingOutput> = each(found, FindingOutput::of),
        /// How the run ended.
        exit: ExitOutput = exit(run.exit, &run.reason).with_help(run.help.clone()),
    }
}

impl ReconcileOutput {
    /// Of a run that ended before an agency could be reconciled.
    fn ended(summary: &RunSummary<'_>, ended: &ExitOutput) -> Self {
        Self {
            format: RECONCILE,
            requests: summary.requests_at.clone(),
            policies: each(summary.policies, PolicyOutput::of),
            findings: each(summary.findings, FindingOutput::of),
            exit: ended.clone(),
            ..Self::default()
        }
    }
}

object! {
    /// The output of `arkib check --format json`.
    #[schemars(title = "arkib check output")]
    pub struct CheckOutput of (requests: usize, agencies: Vec<String>, summary: &RunSummary<'_>) {
        /// `arkib.check/1`.
        format: &'static str = "arkib.check/1",
        /// How many request files were read.
        requests: usize = requests,
        /// The short names of the agencies whose policy is good.
        agencies: Vec<String> = agencies,
        /// With a base: how policies would change.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        policies: Vec<PolicyOutput> = each(summary.policies, PolicyOutput::of),
        /// Problems of the files.
        findings: Vec<FindingOutput> = each(summary.findings, FindingOutput::of),
        /// How the run ended.
        exit: ExitOutput = summary.ended.clone().unwrap_or_default(),
    }
}

object! {
    /// A problem of a file.
    pub struct FindingOutput of (finding: &Finding) {
        file: String = finding.file.to_string(),
        line: Option<usize> = finding.position.map(|at| at.line),
        column: Option<usize> = finding.position.map(|at| at.column),
        severity: &'static str = finding.severity.as_str(),
        kind: &'static str = finding.kind,
        message: String = finding.message.clone(),
        help: String = finding.help.clone(),
    }
}

object! {
    /// One of the parts of a run.
    struct ShardOutput of (share: Share) {
        /// Which part, from one.
        index: u64 = share.shard.index(),
        /// How many parts there are.
        count: u64 = share.shard.count(),
        /// The changes of the whole plan; null where there came to be none.
        of_changes: Option<usize> = share.of_changes,
    }
}

object! {
    /// An export of a portal that people operate.
    struct ExportOutput of (export: &Export) {
        /// Its file's name.
        name: String = export.name.clone(),
        sha256: String = export.sha256.clone(),
        /// Of when it is (RFC 3339).
        taken: String = export.taken.to_string(),
    }
}

object! {
    struct OutcomeOutput of (change: &Change, outcome: &Outcome) {
        mailbox: String = change.mailbox.to_string(),
        action: &'static str = change.target.verb(),
        request: String = change.request.id.to_string(),
        outcome: &'static str = outcome.as_str(),
        detail: Option<String> = outcome.detail().map(str::to_owned),
    }
}

fn outcomes(run: &Reconciled) -> Option<Vec<OutcomeOutput>> {
    let (plan, outcomes) = (run.plan.as_ref()?, run.outcomes.as_ref()?);
    let each = plan.changes.iter().zip(outcomes);
    Some(
        each.map(|(change, ended)| OutcomeOutput::of(change, ended))
            .collect(),
    )
}

/// Everything that a run of `arkib reconcile` tells.
pub fn summary(summary: &RunSummary<'_>) -> String {
    match &summary.ended {
        Some(ended) => render(&ReconcileOutput::ended(summary, ended)),
        None => one_or_many(&each(summary.runs, |run| {
            ReconcileOutput::of(run, summary.findings)
        })),
    }
}

/// One agency's output by itself, those of several as an array.
pub fn one_or_many<T: Serialize>(outputs: &[T]) -> String {
    match outputs {
        [one] => render(one),
        many => render(&many),
    }
}

/// Pretty, with a line end.
pub fn render<T: Serialize>(output: &T) -> String {
    // These types hold nothing that JSON cannot: a failure would be a fault of this module.
    let plain = serde_json::to_string_pretty(output).unwrap_or_default();
    let mut text = String::with_capacity(plain.len() + 1);
    for character in plain.chars() {
        if character != '\n' && is_unsafe(character) {
            // Such a character stands inside a string only, where its escape means the same.
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
    fn json_shows_no_character_that_could_play_tricks_and_means_the_same() {
        let hostile = "a\u{1b}b\u{202e}c\u{9b}d\u{e0001}e";
        let text = render(&hostile);
        assert!(text.trim_end().chars().all(|c| !is_unsafe(c)), "{text}");
        assert_eq!(
            serde_json::from_str::<String>(&text).ok().as_deref(),
            Some(hostile)
        );
    }
}
