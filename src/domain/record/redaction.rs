//! Events that were taken out of records: which hold a person's address, whether a record without
//! them is otherwise the same, and which lines a run says it took out. Pure.

use std::collections::HashSet;

use serde_json::Value;

use super::chain::Run;
use super::entry::{Event, Line};
use crate::domain::mailbox::Mailbox;
use crate::domain::personal::mentions;

/// Whether an event holds one of the addresses, in any field.
pub fn holds(event: &Event, people: &[Mailbox]) -> bool {
    if matches!(event, Event::Redacted(_)) {
        return false;
    }
    let mut open = vec![serde_json::to_value(event).unwrap_or_default()];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if mentions(&text, people) => return true,
            Value::Array(values) => open.extend(values),
            Value::Object(fields) => open.extend(fields.into_iter().filter_map(|(key, value)| {
                // An address by itself is that of one person, however it begins.
                let is_address = matches!(key.as_str(), "mailbox" | "to");
                let other = |text: &str| {
                    !people
                        .iter()
                        .any(|it| text.eq_ignore_ascii_case(it.as_str()))
                };
                let is_other = is_address && value.as_str().is_some_and(other);
                (!is_other).then_some(value)
            })),
            _ => {}
        }
    }
    false
}

/// The hashes of the lines that must lose their events, so that no record names the people. Where the
/// end of a change names them, its announcement goes, too, whoever's it is: alone it would be taken
/// for a change that was left open.
pub fn to_go(runs: &[Run], people: &[Mailbox]) -> HashSet<String> {
    let mut gone = HashSet::new();
    for run in runs {
        for (at, (_, line)) in run.lines.iter().enumerate() {
            if !holds(&line.event, people) {
                continue;
            }
            gone.insert(line.hash.clone());
            let before = run.lines[..at].iter().map(|(_, line)| line);
            match &line.event {
                Event::Settled(settled) => drop(gone.insert(settled.intent.clone())),
                end => {
                    let announced = before.filter(|line| is_end_of(end, &line.event));
                    gone.extend(announced.map(|line| line.hash.clone()));
                }
            }
        }
    }
    gone
}

/// Whether an event tells how what another announced has ended.
fn is_end_of(end: &Event, announced: &Event) -> bool {
    match (end, announced) {
        (Event::Outcome(outcome), Event::Intent(intent)) => outcome.mailbox == intent.mailbox,
        (Event::Delivery(delivery), Event::Notice(notice)) => {
            (&delivery.request, &delivery.kind, &delivery.to)
                == (&notice.request, &notice.kind, &notice.to)
        }
        _ => false,
    }
}

/// The bytes of a record with the events of some lines taken out, and how many were. What follows
/// the last line end, a line that was being written, goes where it mentions the people.
pub fn without(bytes: &[u8], hashes: &HashSet<&str>, people: &[Mailbox]) -> (Vec<u8>, usize) {
    let mut text = Vec::with_capacity(bytes.len());
    let mut count = 0;
    for part in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = part.strip_suffix(b"\n") else {
            if !mentions(&String::from_utf8_lossy(part), people) {
                text.extend_from_slice(part);
            }
            continue;
        };
        let line = std::str::from_utf8(line).ok().and_then(Line::read);
        match line.filter(|line| hashes.contains(line.hash.as_str())) {
            Some(line) if !matches!(line.event, Event::Redacted(_)) => {
                count += 1;
                text.extend_from_slice(line.redacted().to_text().as_bytes());
            }
            _ => text.extend_from_slice(part),
        }
    }
    (text, count)
}

/// What a record lost between two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Nothing; it may have grown.
    Whole,
    /// The events of the lines of these hashes, or what followed the last whole line.
    Without(Vec<String>),
    /// Something else is changed or gone.
    No,
}

/// Compares a record with what it was. A last line that was cut off by a kill may be gone, too.
pub fn kept(before: &[u8], after: &[u8]) -> Kept {
    if after.starts_with(before) {
        return Kept::Whole;
    }
    let mut hashes = Vec::new();
    let mut is_cut = false;
    let mut rest = after.split_inclusive(|byte| *byte == b'\n');
    for part in before.split_inclusive(|byte| *byte == b'\n') {
        if !part.ends_with(b"\n") {
            is_cut = true;
            break;
        }
        let Some(now) = rest.next() else {
            return Kept::No;
        };
        if now == part {
            continue;
        }
        let (Some(was), Some(is)) = (line(part), line(now)) else {
            return Kept::No;
        };
        if matches!(was.event, Event::Redacted(_)) || was.clone().redacted() != is {
            return Kept::No;
        }
        hashes.push(is.hash);
    }
    if hashes.is_empty() && !is_cut {
        return Kept::No;
    }
    Kept::Without(hashes)
}

fn line(part: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(part.strip_suffix(b"\n")?).ok()?;
    Line::read(text)
}

/// The hashes of the lines that a record says were taken out; `None` where it says nothing of that
/// kind.
pub fn named_in(record: &[u8]) -> Option<Vec<String>> {
    let parts = record.split_inclusive(|byte| *byte == b'\n');
    let lines: Vec<Line> = parts.filter_map(line).collect();
    let says = |line: &Line| matches!(line.event, Event::Redacting(_));
    let hashes = lines.iter().flat_map(named).cloned();
    lines.iter().any(says).then(|| hashes.collect())
}

/// The hashes of the lines that all of these records say were taken out.
pub fn all_named(runs: &[Run]) -> HashSet<&str> {
    let lines = runs.iter().flat_map(|run| &run.lines);
    let named = lines.flat_map(|(_, line)| named(line));
    named.map(String::as_str).collect()
}

fn named(line: &Line) -> &[String] {
    match &line.event {
        Event::Redacting(redacting) => &redacting.lines,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::chain;
    use crate::domain::record::entry::{Ended, Intent, Outcome, Settled};
    use crate::domain::record::open::open;

    fn people() -> Vec<Mailbox> {
        vec![Mailbox::parse("siti.aminah@agensi.example").expect("an address")]
    }

    fn record(end: &str) -> Vec<u8> {
        let outcome = |mailbox: &str, detail: Option<&str>| {
            Event::Outcome(Outcome {
                mailbox: mailbox.into(),
                request: "R-1".into(),
                outcome: "failed".into(),
                detail: detail.map(str::to_owned),
            })
        };
        let events = [
            outcome("siti.aminah@agensi.example", None),
            outcome("abu@agensi.example", None),
            outcome("abu@agensi.example", Some("as SITI.AMINAH@agensi.example")),
            Event::Ended(Ended {
                status: 0,
                reason: "done".into(),
            }),
        ];
        let mut prev = Vec::new();
        let mut text = String::new();
        for (seq, event) in (0..).zip(events) {
            let line = Line::new(seq, "2026".into(), prev, "5a".repeat(16), event);
            prev = vec![line.hash.clone()];
            text.push_str(&line.to_text());
        }
        (text + end).into_bytes()
    }

    #[test]
    fn a_record_without_events_is_told_from_one_that_was_edited() {
        let before = record("");
        let lines: Vec<Line> = before
            .split_inclusive(|it| *it == b'\n')
            .filter_map(line)
            .collect();
        let held = lines.iter().filter(|it| holds(&it.event, &people()));
        let hashes: HashSet<&str> = held.map(|it| it.hash.as_str()).collect();
        assert_eq!(hashes.len(), 2);
        let (after, count) = without(&before, &hashes, &people());
        assert_eq!(count, 2);
        assert!(!mentions(&String::from_utf8_lossy(&after), &people()));
        let Kept::Without(found) = kept(&before, &after) else {
            panic!("it is told otherwise");
        };
        assert_eq!(
            found.iter().map(String::as_str).collect::<HashSet<_>>(),
            hashes
        );
        // Done again it changes nothing.
        assert_eq!(without(&after, &hashes, &people()), (after.clone(), 0));
        // Nothing is put back, added in between, or changed.
        assert_eq!(kept(&after, &before), Kept::No);
        for place in (0..after.len()).step_by(7) {
            let mut bad = after.clone();
            bad[place] ^= 1;
            assert_eq!(kept(&before, &bad), Kept::No, "byte {place}");
        }
        assert_eq!(kept(&before, &after[..after.len() / 2]), Kept::No);
        assert_eq!(
            kept(&before, &[&before[..], b"more\n"].concat()),
            Kept::Whole
        );
        // A line that was cut off goes where it holds the address.
        let torn = record("{\"seq\":4,\"event\":\"siti.aminah@agensi.example");
        assert_eq!(without(&torn, &hashes, &people()).0, after);
        assert!(matches!(kept(&torn, &after), Kept::Without(_)));
        assert_eq!(kept(&torn, &before), Kept::Without(Vec::new()));
    }

    #[test]
    fn what_is_taken_out_leaves_no_change_open() {
        let intent = |mailbox: &str| {
            Event::Intent(Intent {
                mailbox: mailbox.into(),
                action: "enable".into(),
                request: "R-1".into(),
                from: "disabled".into(),
                id: "7".into(),
            })
        };
        let outcome = |mailbox: &str, outcome: &str, detail: &str| {
            Event::Outcome(Outcome {
                mailbox: mailbox.into(),
                request: "R-1".into(),
                outcome: outcome.into(),
                detail: Some(detail.into()),
            })
        };
        let siti = "siti.aminah@agensi.example";
        let run = |name: &str, events: Vec<Event>| -> Vec<u8> {
            let mut prev = Vec::new();
            let mut text = String::new();
            for (seq, event) in (0..).zip(events) {
                let line = Line::new(seq, name.into(), prev, "5a".repeat(16), event);
                prev = vec![line.hash.clone()];
                text.push_str(&line.to_text());
            }
            text.into_bytes()
        };
        let read = |bytes: &[u8]| chain::read(&"r.jsonl".into(), bytes);
        let first = run(
            "1",
            vec![
                intent("abu@agensi.example"),
                intent(siti),
                outcome(
                    "abu@agensi.example",
                    "failed",
                    "the portal gave it to siti.aminah@agensi.example",
                ),
                outcome(siti, "applied", "done"),
                intent("ali@agensi.example"),
                intent("tan@agensi.example"),
            ],
        );
        let ali = read(&first).lines[4].1.hash.clone();
        let second = run(
            "2",
            vec![Event::Settled(Settled {
                mailbox: "ali@agensi.example".into(),
                request: "R-1".into(),
                intent: ali,
                outcome: "unknown".into(),
                detail: "by siti.aminah@agensi.example".into(),
            })],
        );
        let runs = [read(&first), read(&second)];
        let left = |runs: &[Run]| -> Vec<String> {
            open(runs).into_iter().map(|it| it.intent.mailbox).collect()
        };
        assert_eq!(left(&runs), ["tan@agensi.example"]);
        let gone = to_go(&runs, &people());
        assert_eq!(gone.len(), 6);
        let hashes = gone.iter().map(String::as_str).collect();
        let after = [&first, &second].map(|bytes| read(&without(bytes, &hashes, &people()).0));
        assert_eq!(left(&after), ["tan@agensi.example"]);
    }
}
