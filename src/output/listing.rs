//! A large plan as lines that a person can read: what is changed by the request that asks for it,
//! what cannot be or is under way by the reason. Pure.

use super::PullRequestSummary;
use super::groups;
use super::groups::{Group, REMARKS, Room, Rooms};
use super::lines;
use super::lines::{Line, Role, line};
use super::rows;
use super::rows::{Kind, Row};
use crate::domain::archive::Target;
use crate::domain::mailbox::MAX_ADDRESS;
use crate::domain::plan::{Change, Plan, StaleReason};
use crate::text::{excerpt, plural};

/// The most characters of a file's name or a reason.
const LONGEST: usize = 200;
/// Up to so many terminations are shown one by one, whatever else there is: none of them hides.
const EACH_TERMINATION: usize = 200;

/// Everything that a plan does, cannot do or waits for the portal to do: terminations first.
pub(super) fn plan(
    plan: &Plan,
    pull_request: Option<&PullRequestSummary>,
    rooms: Rooms,
) -> Vec<Line> {
    let mut lines = changes(plan, Target::Terminated, rooms.terminations);
    lines.extend(changes(plan, Target::Enabled, rooms.others));
    let mut others = rows::obstacles(plan, pull_request);
    others.extend(rows::in_progress(plan));
    lines.extend(by_reason(&others, rooms.others));
    lines
}

/// How many rows a plan comes to, which decides whether it is grouped.
pub(super) fn size(plan: &Plan, pull_request: Option<&PullRequestSummary>) -> usize {
    let prevented = pull_request.map_or(0, |pull| pull.prevented.len() + pull.lifted.len());
    let stuck = plan.blocked.len() + plan.recalled.len() + plan.in_progress.len();
    plan.changes.len() + stuck + prevented
}

/// A change, and what there is to say of it besides its request.
type Remarked<'a> = (&'a Change, String);

fn changes(plan: &Plan, target: Target, room: Room) -> Vec<Line> {
    let changes = plan.changes.iter().filter(|change| change.target == target);
    if target == Target::Terminated && changes.clone().count() <= EACH_TERMINATION {
        return lines::singles(&changes.map(rows::change).collect::<Vec<Row>>());
    }
    let changes: Vec<Remarked<'_>> = changes
        .map(|change| (change, rows::remark(change)))
        .collect();
    let usual = groups::counted(changes.iter().map(|(_, remark)| remark));
    let usual = usual.first().map(|(remark, _)| (*remark).clone());
    let grouped = groups::by(changes, |(change, _)| change.request.id.as_str());
    let (several, alone) = groups::apart(grouped);
    let several = several
        .into_iter()
        .map(|group| described(group, usual.as_deref()));
    // Of those that stand alone, too, what is rare must not be among those left out.
    let (alone, counted) = groups::rare_first(alone, |(_, remark)| remark.clone());
    let shown = groups::cut(several.collect(), alone, room);
    let mut lines = lines::grouped(
        &shown,
        ("request", "requests", &format!(", to {}", target.verb())),
        |group| group.key.clone(),
        |(change, _)| rows::change(change),
        |(_, remark), [word, mailbox, ..]| [word, mailbox, remark.clone()],
    );
    if shown.more_singles > 0 && counted.len() > 1 {
        let of_all = remarks(&counted).into_iter();
        lines.extend(of_all.map(|text| line(Role::More, rows::kind(target), 0, text)));
    }
    lines
}

/// The changes of a request below what is said of all of them; only where their remarks differ each
/// keeps its own, and what is rare comes first.
fn described<'a>(
    group: Group<&str, Remarked<'a>>,
    usual: Option<&str>,
) -> Group<Vec<String>, Remarked<'a>> {
    let (mut items, counted) = groups::rare_first(group.items, |(_, remark)| remark.clone());
    let drift = items
        .iter()
        .filter(|(change, _)| change.cause.is_drift())
        .count();
    let says_more = |(remark, _): &(String, usize)| Some(remark.as_str()) != usual;
    let mut heads = Vec::new();
    if let Some((change, _)) = items.first() {
        heads.push(head(change, group.count, drift));
        heads.push(excerpt(&change.request.file, LONGEST));
    }
    heads.extend(remarks(&counted));
    if counted.len() == 1 {
        items.iter_mut().for_each(|(_, remark)| remark.clear());
    }
    Group {
        key: heads,
        count: group.count,
        is_rare: drift > 0 || counted.iter().any(says_more),
        items,
    }
}

/// `R-1: terminate 250 · approved 2026-11-05 · 12 of them drift`.
fn head(change: &Change, count: usize, drift: usize) -> String {
    let request = &change.request;
    let id = excerpt(request.id.as_str(), LONGEST);
    let mut text = format!("{id}: {} {count}", change.target.verb());
    if let Some(approval) = &request.approval {
        text.push_str(&format!(" · approved {}", approval.date));
    }
    if drift > 0 {
        text.push_str(&format!(" · {drift} of them drift"));
    }
    text
}

/// The remarks of a group, with how many rows have each where they differ.
fn remarks(counted: &[(String, usize)]) -> Vec<String> {
    let said = counted.iter().filter(|(text, _)| !text.is_empty());
    if counted.len() == 1 {
        return said.map(|(text, _)| text.clone()).collect();
    }
    let shown = said.clone().take(REMARKS);
    let mut lines: Vec<String> = shown
        .map(|(text, count)| format!("{count} of them: {text}"))
        .collect();
    let more = said.count().saturating_sub(REMARKS);
    if more > 0 {
        let more = plural(more, "other remark", "other remarks");
        lines.push(format!("… and {more}"));
    }
    lines
}

/// Rows that are told apart by their word and their reason alone.
fn by_reason(rows: &[Row], room: Room) -> Vec<Line> {
    let each = rows.chunk_by(|one, other| one.cells[0] == other.cells[0]);
    let lines = each.map(|same| {
        let shown = groups::shown(same, |row| row.cells[3].as_str(), room);
        lines::grouped(
            &shown,
            ("reason", "reasons", ""),
            |group| {
                let word = group.items.first().map_or("", |row| &row.cells[0]);
                let word = word.trim_start_matches(|sign: char| !sign.is_alphanumeric());
                vec![format!(
                    "{word} {}: {}",
                    group.count,
                    excerpt(group.key, LONGEST)
                )]
            },
            |row| (*row).clone(),
            |_, [word, mailbox, request, _]| [word, mailbox, request],
        )
    });
    lines.flatten().collect()
}

/// Why a kept plan no longer holds, by the reason.
pub(super) fn stale(all: &[StaleReason], rooms: Rooms) -> Vec<Line> {
    let shown = groups::shown(all, |stale| stale.why.as_str(), rooms.others);
    lines::grouped(
        &shown,
        ("reason", "reasons", ""),
        |group| vec![format!("{}: {}", group.count, excerpt(group.key, LONGEST))],
        |stale| Row::new(Kind::Blocked, [format!("! {}", rows::stale(stale))]),
        |stale, _| {
            let subject = stale.subject.as_deref().unwrap_or_default();
            ["!".to_owned(), excerpt(subject, MAX_ADDRESS), String::new()]
        },
    )
}
