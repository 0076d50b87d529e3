//! A large plan as lines that a person can read: what is changed by the request that asks for it,
//! what cannot be or is under way by the reason. Screen and comment show the same lines. Pure.

use super::PullRequestTold;
use super::findings::plural;
use super::groups;
use super::groups::{REMARKS, Room, Rooms, Shown};
use super::rows;
use super::rows::{Kind, Row};
use super::table::align;
use crate::domain::archive::Target;
use crate::domain::mailbox::MAX_ADDRESS;
use crate::domain::plan::{Change, Plan, Stale};
use crate::text::excerpt;

/// The most characters of a file's name or a reason.
const LONGEST: usize = 200;
/// Up to so many terminations are shown one by one, whatever else there is: none of them hides.
const EACH_TERMINATION: usize = 200;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What the rows below have in common, and how many there are.
    Head,
    /// More of that.
    About,
    /// One of them.
    Member,
    /// A row that stands alone.
    Single,
    /// How many are not shown, in a group.
    MoreMembers,
    /// How many are not shown, of all.
    More,
}

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// What it is.
    pub(super) role: Role,
    /// What it is about.
    pub(super) kind: Kind,
    /// Its text; nothing in it plays tricks on a screen.
    pub(super) text: String,
    /// For how many rows it stands.
    pub(super) rows: usize,
}

/// A line.
pub(super) fn line(role: Role, kind: Kind, rows: usize, text: String) -> Line {
    Line {
        role,
        kind,
        text,
        rows,
    }
}

/// Everything that a plan does, cannot do or waits for the portal to do: terminations first.
pub(super) fn plan(plan: &Plan, told: Option<&PullRequestTold>, rooms: Rooms) -> Vec<Line> {
    let mut lines = changes(plan, Target::Terminated, rooms.terminations);
    lines.extend(changes(plan, Target::Enabled, rooms.others));
    let mut others = rows::obstacles(plan);
    others.extend(told.map(rows::prevented).unwrap_or_default());
    others.extend(rows::in_progress(plan));
    lines.extend(by_reason(others, rooms.others));
    lines
}

/// How many rows a plan comes to, which decides whether it is grouped.
pub(super) fn size(plan: &Plan, told: Option<&PullRequestTold>) -> usize {
    let besides = told.map_or(0, |told| told.prevented.len() + told.lifted.len());
    let Plan {
        changes,
        blocked,
        recalled,
        in_progress,
        ..
    } = plan;
    changes.len() + blocked.len() + recalled.len() + in_progress.len() + besides
}

fn changes(plan: &Plan, target: Target, room: Room) -> Vec<Line> {
    let of_target: Vec<&Change> = plan
        .changes
        .iter()
        .filter(|it| it.target == target)
        .collect();
    if target == Target::Terminated && of_target.len() <= EACH_TERMINATION {
        return singles(of_target.into_iter().map(rows::change), rows::kind(target));
    }
    let (_, of_all) = groups::rare_first(of_target.clone(), |it| rows::remark(it));
    let usual = of_all.first().map(|(remark, _)| remark.clone());
    let mut grouped = groups::by(of_target, |it| it.request.id.as_str());
    let mut remarks = Vec::new();
    for group in &mut grouped {
        let items = std::mem::take(&mut group.items);
        let (items, counted) = groups::rare_first(items, |it| rows::remark(it));
        // Where there is but one change, its own row says it.
        if group.count > 1 {
            let drift = items.iter().filter(|it| it.cause.is_drift()).count();
            let says_more = |(remark, _): &(String, usize)| Some(remark) != usual.as_ref();
            group.is_rare = drift > 0 || counted.iter().any(says_more);
            remarks.push((group.key, (counted, drift)));
        }
        group.items = items;
    }
    let remarks: std::collections::HashMap<_, _> = remarks.into_iter().collect();
    let kind = rows::kind(target);
    // Of those that stand alone, too, what is rare must not be among those left out.
    let (mut grouped, alone): (Vec<_>, Vec<_>) = grouped.into_iter().partition(|it| it.count > 1);
    let (alone, counted) = groups::rare_first(alone, |it| {
        it.items
            .first()
            .map(|it| rows::remark(it))
            .unwrap_or_default()
    });
    grouped.extend(alone);
    let shown = groups::cut(grouped, room);
    let mut lines = Vec::new();
    for group in &shown.groups {
        let (Some(first), Some((counted, drift))) = (group.items.first(), remarks.get(group.key))
        else {
            continue;
        };
        lines.push(line(Role::Head, kind, 0, head(first, group.count, *drift)));
        let about = |text: String| line(Role::About, kind, 0, text);
        lines.push(about(excerpt(&first.request.file, LONGEST)));
        lines.extend(told(counted).into_iter().map(about));
        let is_mixed = counted.len() > 1;
        let cells = group.items.iter().map(|it| {
            let [word, mailbox, ..] = rows::change(it).cells;
            let remark = if is_mixed {
                rows::remark(it)
            } else {
                String::new()
            };
            [word, mailbox, remark]
        });
        lines.extend(members(kind, &cells.collect::<Vec<_>>(), group.more()));
    }
    let rows = shown.singles.iter().map(|it| rows::change(it)).collect();
    let verb = format!(", to {}", target.verb());
    rest(
        &mut lines,
        rows,
        &shown,
        kind,
        ("request", "requests", &verb),
    );
    if shown.more_singles > 0 && counted.len() > 1 {
        let of_all = told(&counted).into_iter();
        lines.extend(of_all.map(|text| line(Role::More, kind, 0, text)));
    }
    lines
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
fn told(counted: &[(String, usize)]) -> Vec<String> {
    if let [(one, _)] = counted {
        return Some(one.clone())
            .filter(|it| !it.is_empty())
            .into_iter()
            .collect();
    }
    let said = counted.iter().filter(|(text, _)| !text.is_empty());
    let mut lines: Vec<String> = said
        .clone()
        .take(REMARKS)
        .map(|(text, count)| format!("{count} of them: {text}"))
        .collect();
    let more = said.count().saturating_sub(REMARKS);
    if more > 0 {
        lines.push(format!(
            "… and {}",
            plural(more, "other remark", "other remarks")
        ));
    }
    lines
}

/// Rows that are told apart by their word and their reason alone.
fn by_reason(rows: Vec<Row>, room: Room) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.peek() {
        let (word, kind) = (first.cells[0].clone(), first.kind);
        let mut same = Vec::new();
        while let Some(row) = rows.next_if(|row| row.cells[0] == word) {
            same.push(row);
        }
        let shown = groups::cut(groups::by(same, |row| row.cells[3].clone()), room);
        for group in &shown.groups {
            let reason = excerpt(&group.key, LONGEST);
            let name = word.trim_start_matches(|sign: char| !sign.is_alphanumeric());
            let text = format!("{name} {}: {reason}", group.count);
            lines.push(line(Role::Head, kind, 0, text));
            let cells = group.items.iter().map(|row| {
                let [word, mailbox, request, _] = row.cells.clone();
                [word, mailbox, request]
            });
            lines.extend(members(kind, &cells.collect::<Vec<_>>(), group.more()));
        }
        let singles = shown.singles.clone();
        rest(&mut lines, singles, &shown, kind, ("reason", "reasons", ""));
    }
    lines
}

/// Why a kept plan no longer holds, by the reason.
pub(super) fn stale(all: &[Stale], rooms: Rooms) -> Vec<Line> {
    let kind = Kind::Blocked;
    let shown = groups::cut(groups::by(all, |it| it.why.as_str()), rooms.others);
    let mut lines = Vec::new();
    for group in &shown.groups {
        let text = format!("{}: {}", group.count, excerpt(group.key, LONGEST));
        lines.push(line(Role::Head, kind, 0, text));
        let subjects = group.items.iter().map(|it| {
            let subject = it.subject.as_deref().unwrap_or_default();
            ["!".to_owned(), excerpt(subject, MAX_ADDRESS), String::new()]
        });
        lines.extend(members(kind, &subjects.collect::<Vec<_>>(), group.more()));
    }
    let singles = shown.singles.iter().map(|it| {
        let text = format!("! {}", rows::stale(it));
        line(Role::Single, kind, 1, text)
    });
    lines.extend(singles);
    lines.extend(more(kind, &shown, ("reason", "reasons", "")));
    lines
}

/// The rows of a group, lined up, and how many there are more.
pub(super) fn members(kind: Kind, cells: &[[String; 3]], more: usize) -> Vec<Line> {
    let rows = align(cells).into_iter();
    let mut lines: Vec<Line> = rows.map(|text| line(Role::Member, kind, 1, text)).collect();
    if more > 0 {
        lines.push(line(
            Role::MoreMembers,
            kind,
            more,
            format!("… and {more} more"),
        ));
    }
    lines
}

/// What stands alone, and what is not shown at all.
fn rest<K, T>(
    lines: &mut Vec<Line>,
    singles: Vec<Row>,
    shown: &Shown<K, T>,
    kind: Kind,
    names: (&str, &str, &str),
) {
    lines.extend(self::singles(singles, kind));
    lines.extend(more(kind, shown, names));
}

/// Rows one by one, lined up.
fn singles(rows: impl IntoIterator<Item = Row>, kind: Kind) -> Vec<Line> {
    let cells: Vec<[String; 4]> = rows.into_iter().map(|row| row.cells).collect();
    let rows = align(&cells).into_iter();
    rows.map(|text| line(Role::Single, kind, 1, text)).collect()
}

/// How many groups and single rows are not shown at all: what one and what many are called, and what
/// is said behind.
pub(super) fn more<K, T>(
    kind: Kind,
    shown: &Shown<K, T>,
    (one, many, then): (&str, &str, &str),
) -> Vec<Line> {
    let mut lines = Vec::new();
    let (others, rows) = shown.more_groups;
    if others > 0 {
        let text = format!(
            "… and {} more {} with {}{then}",
            others,
            if others == 1 { one } else { many },
            plural(rows, "mailbox", "mailboxes")
        );
        lines.push(line(Role::More, kind, rows, text));
    }
    let singles = shown.more_singles;
    if singles > 0 {
        let of = if singles == 1 { one } else { many };
        let text = format!("… and {singles} more {of} of one mailbox each{then}");
        lines.push(line(Role::More, kind, singles, text));
    }
    lines
}
