//! The rows of a plan in groups that a person can read, the same on a screen and in a comment: changes by
//! request, obstacles and changes in progress by reason. Pure.

use super::groups::{Group, REMARKS, RowLimit, ShownGroups};
use super::plan_rows::{RowKind, TextRow};
use super::row_lines::{GroupNoun, ListingLine};
use super::{PullRequestEffects, groups, phrases, plan_rows, row_lines};
use crate::domain::mailbox_address::MAX_ADDRESS;
use crate::domain::plan::{Plan, StaleReason};
use crate::printer;
use crate::printer::text;
use crate::text::excerpt;

/// The most characters of a request's details or a reason.
const LONGEST: usize = 200;

/// What the rows of a group have in common.
#[derive(Debug)]
pub(super) struct InCommon {
    /// Their remarks with the number of rows, the most frequent first; one, if it is that of all.
    pub(super) remarks: Vec<(String, usize)>,
    /// Whether they are all of one request.
    pub(super) is_one_request: bool,
    /// The lines of its file.
    lines: Vec<u32>,
}

/// The number of rows of a plan, which decides whether it is grouped.
pub(super) fn row_count(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> usize {
    let prevented = pull_request.map_or(0, |pull| {
        pull.prevented.len() + pull.lifted.len() + pull.later.len() + pull.due_terminations.len()
    });
    let stuck = plan.blocked.len() + plan.recalled.len() + plan.in_progress.len();
    plan.changes.len() + stuck + prevented
}

/// Whether a row changes an archive.
pub(super) fn is_change(row: &TextRow) -> bool {
    matches!(row.kind, RowKind::Terminate | RowKind::Outstanding | RowKind::Enable)
}

/// Groups rows of one kind within the limit. Rare rows come first, so that they are not left out.
pub(super) fn group_rows(rows: Vec<TextRow>, limit: RowLimit) -> ShownGroups<InCommon, TextRow> {
    let remark = |row: &TextRow| row.cells[3].clone();
    let usual = groups::count_by_key(rows.iter().map(remark)).into_iter().next();
    let grouped =
        groups::group_by(rows, |row| row.cells[if is_change(row) { 2 } else { 3 }].clone());
    let (several, alone) = groups::split_singles(grouped);
    let several = several.into_iter().map(|group| {
        let lines = group.items.iter().filter_map(|row| row.source.as_ref());
        let lines = lines.map(|source| source.line).collect();
        let (items, remarks) = groups::sort_rare_first(group.items, remark);
        let is_rare = items.first().is_some_and(is_change)
            && remarks
                .iter()
                .any(|(remark, _)| Some(remark) != usual.as_ref().map(|(usual, _)| usual));
        let is_one_request = items.windows(2).all(|pair| pair[0].cells[2] == pair[1].cells[2]);
        Group {
            key: InCommon { remarks, is_one_request, lines },
            count: group.count,
            is_rare,
            items,
        }
    });
    let (alone, _) = groups::sort_rare_first(alone, remark);
    groups::cut_to_limit(several.collect(), alone, limit)
}

/// The archives to enable, the obstacles and the changes in progress of a large plan. (No termination is
/// left out, so none is grouped.)
pub(super) fn other_lines(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
    limit: RowLimit,
) -> Vec<ListingLine> {
    let mut rows = plan_rows::enable_and_obstacle_rows(plan, pull_request);
    rows.extend(plan_rows::in_progress_rows(plan));
    let chunks = rows.chunk_by(|one, other| one.cells[0] == other.cells[0]);
    let lines = chunks.map(|same| {
        let is_enabling = same[0].kind == RowKind::Enable;
        let called = if is_enabling { GroupNoun::RequestsToEnable } else { GroupNoun::Reasons };
        row_lines::group_lines(
            &group_rows(same.to_vec(), limit),
            called,
            |group| headings(group, is_enabling),
            TextRow::clone,
            |_, [word, mailbox, request, remark], group| match (is_enabling, &*group.key.remarks) {
                (false, _) => [word, mailbox, request],
                (true, [_]) => [word, mailbox, String::new()],
                (true, _) => [word, mailbox, remark],
            },
        )
    });
    lines.flatten().collect()
}

/// `R-1: enable 250`, and the details of the request and the remarks; or `blocked 99: no such account`.
fn headings(group: &Group<InCommon, TextRow>, is_by_request: bool) -> Vec<String> {
    let Some(TextRow { cells: [word, _, request, remark], source, .. }) = group.items.first()
    else {
        return Vec::new();
    };
    let word = word.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let count = group.count;
    if !is_by_request {
        return vec![format!("{word} {count}: {}", excerpt(remark, LONGEST))];
    }
    let request = excerpt(request, LONGEST);
    let heading = text!("plan-request-heading", request, verb = word, count);
    let lines = group.key.lines.iter().copied();
    let details = source.as_ref().map(|source| phrases::request_details(&source.request, lines));
    let details = details.map(|details| excerpt(&details, LONGEST));
    std::iter::once(heading).chain(details).chain(remark_texts(&group.key.remarks)).collect()
}

/// The remarks of a group, with the number of rows if they differ.
fn remark_texts(counted: &[(String, usize)]) -> Vec<String> {
    let said = counted.iter().filter(|(text, _)| !text.is_empty());
    if counted.len() == 1 {
        return said.map(|(text, _)| text.clone()).collect();
    }
    let shown = said.clone().take(REMARKS);
    let mut lines: Vec<String> =
        shown.map(|(remark, count)| text!("plan-remark-of", count = *count, remark)).collect();
    let more = said.count().saturating_sub(REMARKS);
    if more > 0 {
        lines.push(text!("plan-more-remarks", count = more));
    }
    lines
}

/// Why a saved plan is outdated, by reason.
pub(super) fn stale_lines(all: &[StaleReason], limit: RowLimit) -> Vec<ListingLine> {
    let shown = groups::group_within_limit(all, |stale| printer::render(&stale.why), limit);
    row_lines::group_lines(
        &shown,
        GroupNoun::Reasons,
        |group| vec![format!("{}: {}", group.count, excerpt(&group.key, LONGEST))],
        |stale| TextRow::new(RowKind::Blocked, [format!("! {}", plan_rows::stale_text(stale))]),
        |stale, _, _| {
            let subject = stale.subject.as_deref().unwrap_or_default();
            ["!".to_owned(), excerpt(subject, MAX_ADDRESS), String::new()]
        },
    )
}
