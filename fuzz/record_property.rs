//! What holds for any bytes given as records of runs. The fuzz target runs it on what it invents, the
//! integration tests on a record and on mutations of it.

use std::sync::{Arc, LazyLock};

use arkib::domain::archive_state::Target;
use arkib::domain::change_outcome::OutcomeKind;
use arkib::domain::policy::PortalKind;
use arkib::domain::record::chain::{RunRecord, head_hashes, read_run_record, verify};
use arkib::domain::record::entry::{Begun, Ended, Event, FORMAT, Intent, OutcomeEvent, RecordLine};
use arkib::domain::record::open_changes::open_changes;

use super::edits;

/// The record of a run that came to its end, made and verified once.
pub fn good() -> &'static str {
    static GOOD: LazyLock<String> = LazyLock::new(|| {
        let good = make_good();
        assert!(verify(&[run(0, good.as_bytes())]).is_empty());
        good
    });
    &GOOD
}

fn make_good() -> String {
    // What the portal said of a failure may hold what stands for bytes that are no text.
    let detail = "the portal says: \u{fffd} \"ya\"\n";
    chained([
        Event::Begun(Begun {
            format: FORMAT.into(),
            arkib: "0.1.0".into(),
            agency: "CONTOH".into(),
            by: "kerani".into(),
            job: None,
            portal: PortalKind::Scim,
            export: None,
            commit: None,
            accepted: false,
            policy: "p".into(),
            plan: "q".into(),
            as_of: "2026-11-23".into(),
            changes: 1,
            hand_over: None,
            shard: None,
        }),
        Event::Intent(Intent {
            mailbox: "a@agensi.example".into(),
            action: Target::Enabled,
            request: "R-1".into(),
            from: "disabled".into(),
            id: "1".into(),
        }),
        Event::Outcome(OutcomeEvent {
            is_settling: false,
            mailbox: "a@agensi.example".into(),
            request: "R-1".into(),
            outcome: OutcomeKind::Failed,
            detail: Some(detail.into()),
        }),
        Event::Ended(Ended { status: 1, reason: "1 failed.".into() }),
    ])
}

/// Events as the lines of one run.
fn chained(events: impl IntoIterator<Item = Event>) -> String {
    let mut prev = Vec::new();
    let mut text = String::new();
    for (seq, event) in (0..).zip(events) {
        let at = format!("2026-11-23T01:02:{:02}.000Z", seq % 60);
        let line = RecordLine::new(seq, at, std::mem::take(&mut prev), event);
        prev = vec![line.hash.clone()];
        text.push_str(&line.to_text());
    }
    text
}

fn run(number: usize, bytes: &[u8]) -> RunRecord {
    let file: Arc<str> = format!("requests/records/{number}.jsonl").into();
    read_run_record(&file, bytes)
}

/// Panics where a promise about records is broken.
pub fn holds(bytes: &[u8]) {
    // Several files, as a folder has them; no record holds this byte.
    let files: Vec<&[u8]> = bytes.split(|byte| *byte == 0).take(4).collect();
    let runs: Vec<RunRecord> = (0..).zip(&files).map(|(n, bytes)| run(n, bytes)).collect();
    verify(&runs);
    head_hashes(&runs);
    open_changes(&runs);
    for (run, bytes) in runs.iter().zip(&files) {
        let known: String = run.lines.iter().map(|(_, line)| line.to_text()).collect();
        if run.findings.is_empty() {
            assert_eq!(known.as_bytes(), *bytes, "a change is not seen");
        }
        forged(bytes);
    }
    is_seen(bytes);
}

/// Lines in which everything was chosen by someone else, with the hashes that arkib would give them.
fn forged(bytes: &[u8]) {
    let lines: Vec<RecordLine> = bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|text| serde_json::from_slice(text).ok())
        .map(|line: RecordLine| RecordLine::new(line.seq, line.at, line.prev, line.event))
        .collect();
    let text: String = lines.iter().map(RecordLine::to_text).collect();
    let run = self::run(0, text.as_bytes());
    let read: Vec<&RecordLine> = run.lines.iter().map(|(_, line)| line).collect();
    assert_eq!(read, lines.iter().collect::<Vec<_>>(), "lost on the way");
    verify(&[run]);
    // The same events in order are a record with which only the events can be wrong.
    let text = chained(lines.iter().map(|line| line.event.clone()));
    let run = self::run(0, text.as_bytes());
    assert_eq!(run.lines.len(), lines.len());
    let kinds = run.findings.iter().map(|finding| finding.kind);
    let odd: Vec<_> = kinds
        .filter(|kind| !["record-empty", "line-after-end", "more-problems"].contains(kind))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

/// Panics where a change of a good record, as the script says, is not found.
pub fn is_seen(script: &[u8]) {
    if let Some(changed) = edits::edited(good().as_bytes(), script) {
        let findings = verify(&[run(0, &changed)]);
        assert!(!findings.is_empty(), "a change of a record is not seen");
    }
}
