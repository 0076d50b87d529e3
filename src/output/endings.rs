//! What became of very many changes: what did not go well by its cause, what did by its request.

use super::groups;
use super::groups::{Rooms, TOTALS};
use super::listing;
use super::listing::{Line, Role, line};
use super::rows::Kind;
use super::table::align;
use crate::apply::Outcome;
use crate::domain::archive::Target;
use crate::domain::plan::{Change, Plan};
use crate::text::{excerpt, visible};

/// The most characters of a cause.
const LONGEST: usize = 300;

/// A change and how it ended.
type Ending<'a> = (&'a Change, &'a Outcome);

/// How an outcome looks.
pub(super) fn kind(outcome: &Outcome) -> Kind {
    match outcome {
        Outcome::Applied { .. } | Outcome::HandedOver { .. } => Kind::Enable,
        Outcome::AlreadySo { .. } => Kind::Quiet,
        Outcome::Failed { .. } => Kind::Terminate,
        Outcome::Unknown { .. } | Outcome::Skipped { .. } => Kind::Blocked,
    }
}

/// Its sign and word.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Applied { .. } => "✓ applied",
        Outcome::AlreadySo { .. } => "✓ already so",
        Outcome::HandedOver { .. } => "→ handed over",
        Outcome::Failed { .. } => "✗ failed",
        Outcome::Unknown { .. } => "? unknown",
        Outcome::Skipped { .. } => "· skipped",
    }
}

/// A change and how it ended, as a row.
pub(super) fn cells(change: &Change, outcome: &Outcome) -> [String; 5] {
    [
        word(outcome).to_owned(),
        change.target.verb().to_owned(),
        visible(change.mailbox.as_str()).into_owned(),
        visible(change.request.id.as_str()).into_owned(),
        visible(outcome.detail().unwrap_or_default()).into_owned(),
    ]
}

/// "2 applied, 1 failed". What the portal has accepted and still works on is told apart.
pub fn tally(outcomes: &[Outcome]) -> String {
    let count = |which: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|one| which(one)).count();
    let parts: Vec<String> = [
        (
            count(&|one| {
                matches!(
                    one,
                    Outcome::Applied {
                        settling: false,
                        ..
                    }
                )
            }),
            "applied",
        ),
        (
            count(&|one| matches!(one, Outcome::Applied { settling: true, .. })),
            "accepted and still under way in the portal",
        ),
        (
            count(&|one| matches!(one, Outcome::AlreadySo { .. })),
            "already so",
        ),
        (
            count(&|one| matches!(one, Outcome::HandedOver { .. })),
            "handed over",
        ),
        (
            count(&|one| matches!(one, Outcome::Failed { .. })),
            "failed",
        ),
        (
            count(&|one| matches!(one, Outcome::Unknown { .. })),
            "unknown",
        ),
        (
            count(&|one| matches!(one, Outcome::Skipped { .. })),
            "skipped",
        ),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    parts.join(", ")
}

/// What did not go well, then what did, as lines.
pub(super) fn lines(plan: &Plan, outcomes: &[Outcome], rooms: Rooms) -> (Vec<Line>, Vec<Line>) {
    let all: Vec<Ending<'_>> = plan.changes.iter().zip(outcomes).collect();
    let (good, bad): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, it)| it.is_good());
    let (remarked, plain): (Vec<_>, Vec<_>) =
        good.into_iter().partition(|(_, it)| it.detail().is_some());
    let mut trouble = Vec::new();
    // The worst first; each kind of outcome has room of its own.
    for word in ["failed", "unknown", "skipped"] {
        let of_word = bad.iter().filter(|(_, it)| it.as_str() == word);
        trouble.extend(by_cause(of_word.copied().collect(), rooms));
    }
    let mut others = by_cause(remarked, rooms);
    for target in [Target::Terminated, Target::Enabled] {
        let of_target = plain.iter().filter(|(change, _)| change.target == target);
        others.extend(totals(of_target.copied().collect()));
    }
    (trouble, others)
}

/// `✗ failed 412: the portal answered 503`, and the first rows.
fn by_cause(endings: Vec<Ending<'_>>, rooms: Rooms) -> Vec<Line> {
    let grouped = groups::by(endings, |(change, outcome)| {
        (word(outcome), cause(change, outcome))
    });
    let shown = groups::cut(grouped, rooms.others);
    let mut lines = Vec::new();
    for group in &shown.groups {
        let (word, cause) = &group.key;
        let kind = group.items.first().map_or(Kind::Quiet, |(_, it)| kind(it));
        let text = format!("{word} {}: {cause}", group.count);
        lines.push(line(Role::Head, kind, 0, text));
        let cells = group.items.iter().map(|(change, outcome)| {
            let [_, verb, mailbox, request, _] = cells(change, outcome);
            [verb, mailbox, request]
        });
        let cells: Vec<[String; 3]> = cells.collect();
        lines.extend(listing::members(kind, &cells, group.more()));
    }
    lines.extend(singles(&shown.singles));
    lines.extend(listing::more(
        Kind::Blocked,
        &shown,
        ("cause", "causes", ""),
    ));
    lines
}

/// The cause without the mailbox's own address, which would make each cause another.
fn cause(change: &Change, outcome: &Outcome) -> String {
    let detail = outcome.detail().unwrap_or_default();
    excerpt(&detail.replace(change.mailbox.as_str(), "…"), LONGEST)
}

/// What simply was done: how many of each request.
fn totals(endings: Vec<Ending<'_>>) -> Vec<Line> {
    let grouped = groups::by(endings, |(change, _)| change.request.id.as_str());
    let shown = groups::cut(grouped, TOTALS);
    let mut counts = Vec::new();
    let mut cells = Vec::new();
    for group in &shown.groups {
        let Some((change, outcome)) = group.items.first() else {
            continue;
        };
        counts.push(group.count);
        cells.push([
            format!("{} {}", word(outcome), group.count),
            change.target.verb().to_owned(),
            visible(group.key).into_owned(),
        ]);
    }
    let rows = align(&cells).into_iter().zip(counts);
    let mut lines: Vec<Line> = rows
        .map(|(text, count)| line(Role::Single, Kind::Enable, count, text))
        .collect();
    lines.extend(singles(&shown.singles));
    lines.extend(listing::more(
        Kind::Enable,
        &shown,
        ("request", "requests", ""),
    ));
    lines
}

fn singles(endings: &[Ending<'_>]) -> Vec<Line> {
    let cells: Vec<[String; 5]> = endings
        .iter()
        .map(|(change, it)| cells(change, it))
        .collect();
    let rows = align(&cells).into_iter().zip(endings);
    rows.map(|(text, (_, outcome))| line(Role::Single, kind(outcome), 1, text))
        .collect()
}
