//! Verifies that records are intact: finds lines and records that are cut off, missing, changed,
//! reordered or forked. Pure.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::entry::{Begun, Event, RecordLine};
use crate::domain::plan::Shard;
use crate::finding::{Finding, Position, Severity};
use crate::language::Message;
use crate::text::excerpt;
use crate::yaml::MAX_FINDINGS;

/// The kind of the finding about a last line that is cut off.
pub const TORN: &str = "line-torn";

/// The record of one run as it was read.
#[derive(Debug, Clone)]
pub struct RunRecord {
    /// Its file, as the user names it.
    pub file: Arc<str>,
    /// The lines that are as arkib wrote them, with their numbers from one.
    pub lines: Vec<(usize, RecordLine)>,
    /// The problems of this record alone.
    pub findings: Vec<Finding>,
    /// Whether the run is still under way, so that no other run may settle what it left open.
    pub is_under_way: bool,
}

impl RunRecord {
    /// The last line that is as arkib wrote it; the next run follows it.
    pub fn last_line(&self) -> Option<&RecordLine> {
        self.lines.last().map(|(_, line)| line)
    }

    /// The first event of a run that applies a plan.
    pub fn begun_event(&self) -> Option<&Begun> {
        self.lines.iter().find_map(|(_, line)| match &line.event {
            Event::Begun(begun) => Some(begun),
            _ => None,
        })
    }

    /// Who ran it.
    pub fn run_by(&self) -> Option<Arc<str>> {
        self.lines.iter().find_map(|(_, line)| match &line.event {
            Event::Begun(begun) => Some(begun.by.as_str().into()),
            Event::Notifying(begun) => Some(begun.by.as_str().into()),
            _ => None,
        })
    }

    /// Whether its portal is only for rehearsals; `None` if the run does not change a portal.
    pub fn is_rehearsal(&self) -> Option<bool> {
        let begun = self.begun_event()?;
        Some(begun.portal.is_rehearsal())
    }

    /// Whether the run finished.
    pub fn has_ended(&self) -> bool {
        let last = self.last_line().map(|line| &line.event);
        matches!(last, Some(Event::Ended(_)))
    }
}

/// Reads a run's record.
pub fn read_run_record(file: &Arc<str>, bytes: &[u8]) -> RunRecord {
    let mut run = RunRecord {
        file: Arc::clone(file),
        lines: Vec::new(),
        findings: Vec::new(),
        is_under_way: false,
    };
    let mut has_crlf = false;
    for (number, part) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        let shown = String::from_utf8_lossy(part);
        let found = |text: &str, kind, message: Message, help: Message| {
            finding_at_line(file, number, text, kind, message, help)
        };
        let Some(whole) = part.strip_suffix(b"\n") else {
            // The text after the last line end is an unfinished line.
            run.findings.push(to_warning(found(
                &shown,
                TORN,
                message!("record-torn"),
                message!("record-torn-help"),
            )));
            break;
        };
        // git adds it on Windows by default.
        let plain = whole.strip_suffix(b"\r");
        if plain.is_some() && !std::mem::replace(&mut has_crlf, true) {
            run.findings.push(to_warning(found(
                &shown,
                "line-ends",
                message!("record-line-ends"),
                message!("record-line-ends-help"),
            )));
        }
        // Invalid bytes are shown as U+FFFD, which a line may also contain, so they are not compared.
        let text = std::str::from_utf8(plain.unwrap_or(whole)).ok();
        match text.and_then(RecordLine::read) {
            Some(line) => run.lines.push((number, line)),
            None => run.findings.push(found(
                shown.trim_end_matches('\n'),
                "line-changed",
                message!("record-line-changed"),
                message!("record-line-changed-help"),
            )),
        }
        if run.findings.len() > MAX_FINDINGS {
            // The file is probably not a record; its first problems are enough.
            break;
        }
    }
    if bytes.is_empty() {
        // A record that was emptied is missed by the record after it.
        run.findings.push(to_warning(Finding::whole_file(
            file,
            "record-empty",
            message!("record-empty"),
            message!("record-empty-help"),
        )));
    }
    let disorder = check_order(&run);
    run.findings.extend(disorder);
    crate::finding::limit_findings_of_file(&mut run.findings, file, MAX_FINDINGS);
    run
}

/// Checks that each line follows the one before.
fn check_order(run: &RunRecord) -> Vec<Finding> {
    let mut findings = Vec::new();
    let present: HashSet<u64> = run.lines.iter().map(|(_, line)| line.seq).collect();
    let mut before: Option<&(usize, RecordLine)> = None;
    let mut ended = false;
    for entry in &run.lines {
        let (number, line) = entry;
        let mut report = |kind, message: Message, help: Message| {
            findings.push(line_finding(run, entry, kind, message, help));
        };
        let expected = match before {
            // An unreadable line counts as one.
            Some((at, known)) => known.seq.saturating_add((number - at) as u64),
            None => *number as u64 - 1,
        };
        if line.seq != expected {
            let found = line.seq;
            match present.contains(&expected) {
                true => report(
                    "lines-reordered",
                    message!("record-reordered", found, expected),
                    message!("record-reordered-help"),
                ),
                false => report(
                    "line-missing",
                    message!("record-line-missing", found, expected),
                    message!("record-line-missing-help"),
                ),
            }
        } else if let Some((at, known)) = before
            && at + 1 == *number
            && line.prev != [known.hash.clone()]
        {
            report(
                "chain-broken",
                message!("record-chain-broken"),
                message!("record-chain-broken-help"),
            );
        }
        if ended {
            report(
                "line-after-end",
                message!("record-after-end"),
                message!("record-after-end-help"),
            );
        }
        ended |= matches!(line.event, Event::Ended(_));
        before = Some(entry);
    }
    findings
}

/// A warning about a run that did not finish.
fn missing_end_finding(run: &RunRecord) -> Option<Finding> {
    let is_cut = !run.lines.is_empty() && !run.has_ended() && !run.is_under_way;
    is_cut.then(|| {
        to_warning(Finding::whole_file(
            &run.file,
            "no-end",
            message!("record-no-end"),
            message!("record-no-end-help"),
        ))
    })
}

/// All problems of the records of one agency, sorted: within each run, and between runs. No run
/// follows the end of the newest one, so only git protects it.
pub fn verify(runs: &[RunRecord]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = runs.iter().flat_map(|run| run.findings.clone()).collect();
    findings.extend(runs.iter().filter_map(missing_end_finding));
    let lines = runs.iter().flat_map(|run| &run.lines);
    let known: HashSet<&str> = lines.map(|(_, line)| line.hash.as_str()).collect();
    let mut followers: BTreeMap<&str, Vec<&RunRecord>> = BTreeMap::new();
    for run in runs {
        let Some(entry) = run.lines.first().filter(|(_, line)| line.seq == 0) else {
            continue;
        };
        let first = &entry.1;
        for hash in &first.prev {
            followers.entry(hash).or_default().push(run);
            if !known.contains(hash.as_str()) {
                findings.push(line_finding(
                    run,
                    entry,
                    "record-missing",
                    message!("record-missing"),
                    message!("record-missing-help"),
                ));
            }
        }
        if first.prev.is_empty() {
            followers.entry("").or_default().push(run);
        }
    }
    for several in followers.values().filter(|several| several.len() > 1) {
        for (at, run) in several.iter().enumerate() {
            let mut before = several[..at].iter();
            let other = before.find(|other| !are_shards(run, other));
            findings.extend(other.map(|other| fork_finding(run, other)));
        }
    }
    crate::finding::sort_findings(&mut findings);
    findings
}

/// Whether two runs are different shards of one run, which run at the same time on purpose.
fn are_shards(one: &RunRecord, other: &RunRecord) -> bool {
    let part = |run: &RunRecord| run.begun_event()?.shard.as_ref()?.parse::<Shard>().ok();
    let parts = part(one).zip(part(other));
    parts.is_some_and(|(one, other)| one.is_sibling_of(other))
}

/// Two runs follow the same run: they ran at the same time, or one does not belong here.
fn fork_finding(run: &RunRecord, other: &RunRecord) -> Finding {
    to_warning(Finding::whole_file(
        &run.file,
        "fork",
        message!("record-fork", other = &other.file),
        message!("record-fork-help"),
    ))
}

/// The hashes that the next run follows: the last lines of all runs that no other run follows.
pub fn head_hashes(runs: &[RunRecord]) -> Vec<String> {
    let followed: HashSet<&str> = runs
        .iter()
        .filter_map(|run| run.lines.first())
        .flat_map(|(_, line)| &line.prev)
        .map(String::as_str)
        .collect();
    let last_lines = runs.iter().filter_map(RunRecord::last_line);
    let tails = last_lines.map(|line| &line.hash);
    let tails = tails.filter(|hash| !followed.contains(hash.as_str()));
    let mut heads: Vec<String> = tails.cloned().collect();
    heads.sort();
    // A copied record gives the same hash twice.
    heads.dedup();
    heads
}

fn to_warning(finding: Finding) -> Finding {
    Finding { severity: Severity::Warning, ..finding }
}

/// A finding about a line that is itself as arkib wrote it.
fn line_finding(
    run: &RunRecord,
    (number, line): &(usize, RecordLine),
    kind: &'static str,
    message: impl Into<Message>,
    help: impl Into<Message>,
) -> Finding {
    let text = line.to_text();
    finding_at_line(&run.file, *number, text.trim_end(), kind, message, help)
}

fn finding_at_line(
    file: &Arc<str>,
    line: usize,
    text: &str,
    kind: &'static str,
    message: impl Into<Message>,
    help: impl Into<Message>,
) -> Finding {
    Finding {
        position: Some(Position { line, column: 1, length: text.chars().take(80).count() }),
        source_line: Some(excerpt(text, 200).into()),
        ..Finding::whole_file(file, kind, message, help)
    }
}
