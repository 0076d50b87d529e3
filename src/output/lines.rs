//! Rows as lines that screen and comment show alike: one by one, or below what they have in common.
//! Knows nothing of what the rows are about. Pure.

use super::groups::{Group, Shown};
use super::rows::{Kind, Row};
use super::table::align;
use crate::text::plural;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What the rows below have in common, and how many there are.
    Head,
    /// What else is said of them, and how many more there are.
    About,
    /// One of them.
    Member,
    /// A row that stands alone.
    Single,
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
    pub(super) count: usize,
}

/// A line.
pub(super) fn line(role: Role, kind: Kind, count: usize, text: String) -> Line {
    Line {
        role,
        kind,
        text,
        count,
    }
}

/// Rows one by one, lined up.
pub(super) fn singles<const N: usize>(rows: &[Row<N>]) -> Vec<Line> {
    aligned(Role::Single, rows)
}

fn aligned<const N: usize>(role: Role, rows: &[Row<N>]) -> Vec<Line> {
    let texts = align(rows.iter().map(|row| &row.cells)).into_iter();
    let lines = texts.zip(rows);
    lines
        .map(|(text, row)| line(role, row.kind, row.count, text))
        .collect()
}

/// What groups and single rows are called that are not shown at all: one, several, and what is said
/// behind.
pub(super) type Called<'a> = (&'a str, &'a str, &'a str);

/// The groups, each with what its rows have in common above the first of them, of which three cells
/// are shown; then what stands alone; then how many there are more.
pub(super) fn grouped<K, T, const N: usize>(
    shown: &Shown<K, T>,
    called: Called<'_>,
    heads: impl Fn(&Group<K, T>) -> Vec<String>,
    row: impl Fn(&T) -> Row<N>,
    member: impl Fn(&T, [String; N]) -> [String; 3],
) -> Vec<Line> {
    let mut lines = Vec::new();
    for group in &shown.groups {
        let members = group.items.iter().map(|item| {
            let row = row(item);
            Row::new(row.kind, member(item, row.cells))
        });
        let members: Vec<Row<3>> = members.collect();
        let kind = members.first().map_or(Kind::Quiet, |row| row.kind);
        let roles = std::iter::once(Role::Head).chain(std::iter::repeat(Role::About));
        let heads = roles.zip(heads(group));
        lines.extend(heads.map(|(role, text)| line(role, kind, 0, text)));
        lines.extend(aligned(Role::Member, &members));
        let count = group.more();
        if count > 0 {
            let text = format!("… and {count} more");
            lines.push(line(Role::About, kind, count, text));
        }
    }
    let rows: Vec<Row<N>> = shown.singles.iter().map(row).collect();
    lines.extend(singles(&rows));
    let kind = lines.first().map_or(Kind::Quiet, |line| line.kind);
    lines.extend(more(shown, called, kind));
    lines
}

/// How many groups and single rows are not shown at all.
pub(super) fn more<K, T>(
    shown: &Shown<K, T>,
    (one, many, then): Called<'_>,
    kind: Kind,
) -> Vec<Line> {
    let called = |count: usize| format!("{count} more {}", if count == 1 { one } else { many });
    let mut lines = Vec::new();
    let (groups, rows) = shown.more_groups;
    if groups > 0 {
        let mailboxes = plural(rows, "mailbox", "mailboxes");
        let text = format!("… and {} with {mailboxes}{then}", called(groups));
        lines.push(line(Role::More, kind, rows, text));
    }
    let singles = shown.more_singles;
    if singles > 0 {
        let text = format!("… and {} of one mailbox each{then}", called(singles));
        lines.push(line(Role::More, kind, singles, text));
    }
    lines
}
