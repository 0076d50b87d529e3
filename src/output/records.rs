//! The records of runs, for people and for programs.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{ExitOutput, FindingOutput};
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{Begun, Event, NotifyBegun, RehearsalBegun};
use crate::finding::Finding;
use crate::text::{escape, prefix_if_some};

/// The output of `arkib records --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib records output")]
pub struct RecordsOutput {
    /// `arkib.records/1`.
    format: &'static str,
    /// The runs, oldest first.
    pub runs: Vec<RunOutput>,
    /// Problems of the records.
    findings: Vec<FindingOutput>,
    /// How the command ended.
    exit: ExitOutput,
}

impl RecordsOutput {
    /// Builds the output.
    pub fn new(runs: Vec<RunOutput>, found: &[Finding], exit: ExitOutput) -> Self {
        Self {
            format: "arkib.records/1",
            runs,
            findings: found.iter().map(FindingOutput::new).collect(),
            exit,
        }
    }
}

/// One run.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct RunOutput {
    file: String,
    /// The commit that brought the file; null where git knows none.
    brought_by: Option<String>,
    /// When its first line was written.
    at: Option<String>,
    /// Who ran what; null if that line is missing.
    begun: Option<Begun>,
    /// Who sent notices, if the run did that.
    notifying: Option<NotifyBegun>,
    /// Who rehearsed the mapping, and on which mailbox, if the run did that.
    #[serde(skip_serializing_if = "Option::is_none")]
    rehearsing: Option<RehearsalBegun>,
    /// The number of changes or notices that were announced.
    intents: usize,
    /// The number that succeeded: applied or already so, sent or printed.
    done: usize,
    /// The number that did not succeed.
    not_done: usize,
    /// The number that is open: announced, but no record has the outcome. A notice stays open.
    open: usize,
    /// How it ended; null if it was cut off.
    ended: Option<String>,
    /// Whether it is still running on this machine.
    under_way: bool,
}

impl RunOutput {
    /// The output of a record; `open` are the hashes of announced entries without an outcome.
    pub fn new(run: &RunRecord, open: &HashSet<String>, brought_by: Option<String>) -> Self {
        let first = run.lines.first().map(|(_, line)| line);
        let mut output = Self {
            file: run.file.to_string(),
            brought_by,
            at: first.map(|line| line.at.clone()),
            under_way: run.is_under_way,
            ..Self::default()
        };
        // Of a change that was read back later, only the last outcome counts.
        let mut outcomes: HashMap<&str, bool> = HashMap::new();
        for (_, line) in &run.lines {
            match &line.event {
                Event::Begun(begun) => output.begun = Some(begun.clone()),
                Event::Intent(_) => {
                    output.intents += 1;
                    output.open += usize::from(open.contains(&line.hash));
                }
                Event::Outcome(outcome) => {
                    outcomes.insert(&outcome.mailbox, outcome.outcome.is_done());
                }
                Event::Notifying(notifying) => output.notifying = Some(notifying.clone()),
                Event::Notice(_) => {
                    output.intents += 1;
                    output.open += 1;
                }
                Event::Delivery(delivery) => {
                    output.open = output.open.saturating_sub(1);
                    if delivery.outcome.is_sent_or_printed() {
                        output.done += 1;
                    } else {
                        output.not_done += 1;
                    }
                }
                Event::Rehearsing(rehearsing) => output.rehearsing = Some(rehearsing.clone()),
                Event::Rehearsal(_) => {
                    output.intents += 1;
                    output.open += 1;
                }
                Event::Rehearsed(rehearsed) => {
                    output.open = output.open.saturating_sub(1);
                    match rehearsed.problem {
                        None => output.done += 1,
                        Some(_) => output.not_done += 1,
                    }
                }
                Event::Ended(ended) => output.ended = Some(ended.reason.clone()),
                Event::HandOver(_) | Event::HandedOver(_) | Event::Settled(_) => {}
            }
        }
        let done = outcomes.values().filter(|is_done| **is_done).count();
        output.done += done;
        output.not_done += outcomes.len() - done;
        output
    }
}

/// The files and the commits that brought them, where git knows one.
pub fn render_commits(rows: &[RunOutput]) -> String {
    let line = |row: &RunOutput| {
        let commit = row.brought_by.as_ref()?.get(..12)?;
        Some(format!("{}  brought by commit {commit}\n", escape(&row.file)))
    };
    rows.iter().filter_map(line).collect()
}

/// The runs for people.
pub fn render_runs(rows: &[RunOutput]) -> String {
    let mut text = String::new();
    for row in rows {
        let at = row.at.as_deref().unwrap_or("?");
        let short = |commit: &Option<String>| {
            let commit = commit.as_deref().and_then(|commit| commit.get(..7));
            commit.unwrap_or("none").to_owned()
        };
        let _ = match (&row.begun, &row.notifying, &row.rehearsing) {
            (Some(begun), ..) => writeln!(
                text,
                "{at}  {}  by {}  plan {}{}  commit {}",
                escape(&begun.agency),
                escape(&begun.by),
                begun.plan.get(..8).unwrap_or("?"),
                prefix_if_some("  shard ", begun.shard.as_ref()),
                short(&begun.commit),
            ),
            (None, Some(run), _) => writeln!(
                text,
                "{at}  {}  by {}  notices  commit {}",
                escape(&run.agency),
                escape(&run.by),
                short(&run.commit),
            ),
            (None, None, Some(run)) => writeln!(
                text,
                "{at}  {}  by {}  rehearsal on {}, found {}",
                escape(&run.agency),
                escape(&run.by),
                escape(&run.mailbox),
                escape(&run.found),
            ),
            (None, None, None) => writeln!(text, "{at}  the first line cannot be read"),
        };
        let open = match row.open {
            0 => String::new(),
            open => format!(", {open} open"),
        };
        let otherwise = if row.under_way { "still running" } else { "cut off" };
        let ended = row.ended.as_deref().unwrap_or(otherwise);
        let _ = writeln!(
            text,
            "  {} announced, {} done, {} not done{open}; {}\n  {}\n",
            row.intents,
            row.done,
            row.not_done,
            escape(ended),
            escape(&row.file)
        );
    }
    text
}
