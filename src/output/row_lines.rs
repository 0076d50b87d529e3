//! Rows as lines, the same on a screen and in a comment: one by one, or in groups. Knows nothing about
//! the content of rows. Pure.

use super::groups::{Group, ShownGroups};
use super::plan_rows::{RowKind, TextRow};
use crate::language::Message;
use crate::printer::text;

/// The role of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineRole {
    /// The head of a group: what its rows have in common, and their number.
    Head,
    /// More about a group, or the number of its rows that are not shown.
    About,
    /// A row of a group.
    Member,
    /// A single row.
    Single,
    /// The number of groups or rows that are not shown.
    More,
}

/// One line.
#[derive(Debug, Clone)]
pub(super) struct ListingLine {
    /// Its role.
    pub(super) role: LineRole,
    /// Its kind.
    pub(super) kind: RowKind,
    /// Its cells, escaped for a screen; one in all but members and single rows.
    pub(super) cells: Vec<String>,
    /// The number of rows that it represents.
    pub(super) count: usize,
}

/// Makes a line of one text.
pub(super) fn new_line(role: LineRole, kind: RowKind, count: usize, text: String) -> ListingLine {
    ListingLine { role, kind, cells: vec![text], count }
}

/// Single rows.
pub(super) fn ungrouped_lines<const N: usize>(rows: &[TextRow<N>]) -> Vec<ListingLine> {
    rows_as_lines(LineRole::Single, rows)
}

fn rows_as_lines<const N: usize>(role: LineRole, rows: &[TextRow<N>]) -> Vec<ListingLine> {
    let line = |row: &TextRow<N>| ListingLine {
        role,
        kind: row.kind,
        cells: row.cells.to_vec(),
        count: row.count,
    };
    rows.iter().map(line).collect()
}

/// The name of groups that are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupNoun {
    /// Requests whose archives are to be enabled.
    RequestsToEnable,
    /// Requests.
    Requests,
    /// Reasons.
    Reasons,
    /// Causes.
    Causes,
}

impl GroupNoun {
    fn count(self, count: usize) -> Message {
        match self {
            Self::RequestsToEnable | Self::Requests => message!("plan-more-requests", count),
            Self::Reasons => message!("plan-more-reasons", count),
            Self::Causes => message!("plan-more-causes", count),
        }
    }

    fn more_groups(self, count: usize, rows: usize) -> String {
        let (groups, mailboxes) = (self.count(count), message!("plan-mailboxes", count = rows));
        match self {
            Self::RequestsToEnable => text!("plan-more-groups-to-enable", groups, mailboxes),
            _ => text!("plan-more-groups", groups, mailboxes),
        }
    }

    fn more_singles(self, count: usize) -> String {
        let groups = self.count(count);
        match self {
            Self::RequestsToEnable => text!("plan-more-singles-to-enable", groups),
            _ => text!("plan-more-singles", groups),
        }
    }
}

/// The groups, each with its head and its first rows with three cells; then the single rows; then the
/// number of those that are not shown.
pub(super) fn group_lines<K, T, const N: usize>(
    shown: &ShownGroups<K, T>,
    called: GroupNoun,
    heads: impl Fn(&Group<K, T>) -> Vec<String>,
    row: impl Fn(&T) -> TextRow<N>,
    member: impl Fn(&T, [String; N], &Group<K, T>) -> [String; 3],
) -> Vec<ListingLine> {
    let mut lines = Vec::new();
    for group in &shown.groups {
        let members = group.items.iter().map(|item| {
            let row = row(item);
            TextRow::new(row.kind, member(item, row.cells, group))
        });
        let members: Vec<TextRow<3>> = members.collect();
        let kind = members.first().map_or(RowKind::Quiet, |row| row.kind);
        let roles = std::iter::once(LineRole::Head).chain(std::iter::repeat(LineRole::About));
        let heads = roles.zip(heads(group));
        lines.extend(heads.map(|(role, text)| new_line(role, kind, 0, text)));
        lines.extend(rows_as_lines(LineRole::Member, &members));
        let count = group.hidden_count();
        if count > 0 {
            let text = text!("plan-more", count);
            lines.push(new_line(LineRole::About, kind, count, text));
        }
    }
    let rows: Vec<TextRow<N>> = shown.singles.iter().map(row).collect();
    lines.extend(ungrouped_lines(&rows));
    let kind = lines.first().map_or(RowKind::Quiet, |line| line.kind);
    lines.extend(hidden_count_lines(shown, called, kind));
    lines
}

/// The numbers of groups and single rows that are not shown.
pub(super) fn hidden_count_lines<K, T>(
    shown: &ShownGroups<K, T>,
    called: GroupNoun,
    kind: RowKind,
) -> Vec<ListingLine> {
    let mut lines = Vec::new();
    let (groups, rows) = shown.more_groups;
    if groups > 0 {
        let text = called.more_groups(groups, rows);
        lines.push(new_line(LineRole::More, kind, rows, text));
    }
    let singles = shown.more_singles;
    if singles > 0 {
        lines.push(new_line(LineRole::More, kind, singles, called.more_singles(singles)));
    }
    lines
}
