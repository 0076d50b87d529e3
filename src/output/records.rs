//! The records of runs, for people and for programs.

use std::collections::{BTreeSet, HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{ExitOutput, FindingOutput};
use crate::domain::local_time::to_local_time;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{Begun, Event, NotifyBegun, OutcomeEvent, RehearsalBegun};
use crate::finding::Finding;
use crate::language::Message;
use crate::printer;
use crate::printer::{text, wrap};
use crate::text::escape;

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
    /// The requests that its changes and notices are about.
    requests: BTreeSet<String>,
    /// The mailboxes of its changes, and the recipients of its notices.
    mailboxes: BTreeSet<String>,
    /// The number of changes or notices that were announced.
    intents: usize,
    /// The number that succeeded: applied or already so, sent or printed.
    done: usize,
    /// The number that did not succeed.
    not_done: usize,
    /// The number that the portal accepted and still worked on.
    accepted: usize,
    /// The number of changes of earlier runs that this run found done.
    seen_done: usize,
    /// The number that is open: announced, but no record has the outcome, and the portal did not accept it. A notice
    /// stays open.
    open: usize,
    /// How it ended; null if it was cut off.
    ended: Option<String>,
    /// The exit status with which it ended.
    #[serde(skip)]
    status: u8,
    /// Whether it is still running on this machine.
    under_way: bool,
    /// The file that hands its changes over.
    #[serde(skip)]
    hand_over: Option<String>,
    /// Files of earlier runs that must not be used any more.
    #[serde(skip)]
    void: Vec<String>,
}

/// A run that voids the file of an earlier one is about its requests and mailboxes, too.
pub fn note_voided_subjects(runs: &mut [RunOutput]) {
    for at in 0..runs.len() {
        let (earlier, rest) = runs.split_at_mut(at);
        let run = &mut rest[0];
        let is_void = |file: &String| run.void.contains(file);
        for other in earlier.iter().filter(|other| other.hand_over.as_ref().is_some_and(is_void)) {
            run.requests.extend(other.requests.iter().cloned());
            run.mailboxes.extend(other.mailboxes.iter().cloned());
        }
    }
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
        let mut outcomes: HashMap<&str, &OutcomeEvent> = HashMap::new();
        for (_, line) in &run.lines {
            match &line.event {
                Event::Begun(begun) => output.begun = Some(begun.clone()),
                Event::Intent(intent) => {
                    output.note_subject(&intent.request, &intent.mailbox);
                    output.announce(open.contains(&line.hash));
                }
                Event::Outcome(outcome) => {
                    output.note_subject(&outcome.request, &outcome.mailbox);
                    outcomes.insert(&outcome.mailbox, outcome);
                }
                Event::Notifying(notifying) => output.notifying = Some(notifying.clone()),
                Event::Notice(notice) => {
                    output.note_subject(&notice.request, &notice.to);
                    output.announce(true);
                }
                Event::Delivery(delivery) => {
                    output.note_subject(&delivery.request, &delivery.to);
                    output.end(delivery.outcome.is_sent_or_printed());
                }
                Event::Rehearsing(rehearsing) => {
                    output.mailboxes.insert(rehearsing.mailbox.clone());
                    output.rehearsing = Some(rehearsing.clone());
                }
                Event::Rehearsal(_) => output.announce(true),
                Event::Rehearsed(rehearsed) => output.end(rehearsed.problem.is_none()),
                Event::Ended(ended) => {
                    output.status = ended.status;
                    output.ended = Some(ended.reason.clone());
                }
                Event::Settled(settled) => {
                    output.note_subject(&settled.request, &settled.mailbox);
                    output.seen_done += usize::from(settled.outcome.is_done());
                }
                Event::HandOver(file) => {
                    output.hand_over = Some(file.file.clone());
                    output.void.extend(file.void.iter().chain(&file.cancelled).cloned());
                }
                Event::HandedOver(_) => {}
            }
        }
        for outcome in outcomes.values() {
            let count = match (outcome.is_settling, outcome.outcome.is_done()) {
                (true, _) => &mut output.accepted,
                (false, true) => &mut output.done,
                (false, false) => &mut output.not_done,
            };
            *count += 1;
        }
        output.open = output.open.saturating_sub(output.accepted);
        output
    }

    fn announce(&mut self, is_open: bool) {
        self.intents += 1;
        self.open += usize::from(is_open);
    }

    fn end(&mut self, is_done: bool) {
        self.open = self.open.saturating_sub(1);
        *if is_done { &mut self.done } else { &mut self.not_done } += 1;
    }

    fn note_subject(&mut self, request: &str, mailbox: &str) {
        self.requests.insert(request.to_owned());
        self.mailboxes.insert(mailbox.to_owned());
    }

    /// Whether it is about a mailbox or a request.
    pub fn is_about(&self, subject: &str) -> bool {
        let mut subjects = self.requests.iter().chain(&self.mailboxes);
        subjects.any(|known| known.eq_ignore_ascii_case(subject))
    }
}

/// The files and the commits that brought them, where git knows one.
pub fn render_commits(rows: &[RunOutput]) -> String {
    let line = |row: &RunOutput| {
        let commit = row.brought_by.as_ref()?.get(..12)?;
        Some(text!("record-brought", file = escape(&row.file), commit) + "\n")
    };
    rows.iter().filter_map(line).collect()
}

/// How many requests and mailboxes of a run are named.
const NAMED: usize = 3;

/// The runs for people. The request or mailbox that they asked about is always named.
pub fn render_runs(rows: &[RunOutput], about: Option<&str>) -> String {
    rows.iter().map(|row| run_lines(row, about)).collect()
}

fn run_lines(row: &RunOutput, about: Option<&str>) -> String {
    let short = |commit: &Option<String>| {
        let commit = commit.as_deref().and_then(|commit| commit.get(..7));
        let commit = commit.map_or_else(|| message!("record-no-commit"), Message::verbatim);
        message!("record-commit", commit)
    };
    let who = |agency: &String, by| [agency.into(), message!("record-by", by)].to_vec();
    let (who, what) = match (&row.begun, &row.notifying, &row.rehearsing) {
        (Some(run), ..) => {
            let plan = message!("record-plan", plan = run.plan.get(..8).unwrap_or("?"));
            let shard = run.shard.iter().map(|shard| message!("record-shard", shard));
            let what = std::iter::once(plan).chain(shard).chain([short(&run.commit)]);
            (who(&run.agency, &run.by), what.collect())
        }
        (None, Some(run), _) => {
            (who(&run.agency, &run.by), vec![message!("record-notices"), short(&run.commit)])
        }
        (None, None, Some(run)) => {
            let (mailbox, found) = (&run.mailbox, Message::from_word(&run.found));
            let what = message!("record-rehearsal", mailbox, found);
            (who(&run.agency, &run.by), vec![what])
        }
        (None, None, None) => (Vec::new(), vec![message!("record-first-unread")]),
    };
    let at = Message::verbatim(row.at.as_deref().map_or("?".to_owned(), local_minute));
    let more = [
        (row.accepted > 0).then(|| message!("record-accepted", count = row.accepted)),
        (row.open > 0).then(|| message!("record-open", count = row.open)),
        (row.seen_done > 0).then(|| message!("record-seen-done", count = row.seen_done)),
    ];
    let counts = [
        message!("record-announced", count = row.intents),
        message!("record-done", count = row.done),
        message!("record-not-done", count = row.not_done),
    ];
    let counts = counts.into_iter().chain(more.into_iter().flatten());
    let counts = Message::joined(counts, ", ");
    let ended = match &row.ended {
        Some(reason) => message!("record-ended", status = usize::from(row.status), reason),
        None if row.under_way => message!("record-running"),
        None => message!("record-cut"),
    };
    let lines = [
        Some(Message::joined(std::iter::once(at).chain(who), "  ")),
        Some(Message::joined(what, "  ")),
        Some(Message::joined([counts, ended], "; ")),
        list_some(&row.requests, about),
        list_some(&row.mailboxes, about),
        Some(Message::verbatim(&row.file)),
    ];
    let lines = lines.iter().flatten().map(|line| escape(&printer::render(line)).into_owned());
    let text = lines.collect::<Vec<_>>().join("\n  ") + "\n\n";
    wrap(&text, printer::columns(), 4)
}

/// The first of some names, before them the one that was asked about, and how many more there are.
fn list_some(names: &BTreeSet<String>, about: Option<&str>) -> Option<Message> {
    let is_asked = |name: &&String| about.is_some_and(|about| name.eq_ignore_ascii_case(about));
    let (asked, others): (Vec<&String>, Vec<&String>) = names.iter().partition(is_asked);
    let first = asked.into_iter().chain(others).take(NAMED).map(Message::from);
    let count = names.len().saturating_sub(NAMED);
    let more = (count > 0).then(|| message!("record-and-more", count));
    (!names.is_empty()).then(|| Message::joined(first.chain(more), ", "))
}

/// A moment (RFC 3339) to the minute, in the agency's time zone.
fn local_minute(at: &str) -> String {
    let at = at.parse().map(|at| to_local_time(at).strftime("%Y-%m-%d %H:%M").to_string());
    at.unwrap_or_else(|_| "?".to_owned())
}
