//! A large plan as lines that a person can read: changes by request, obstacles and changes in progress
//! by reason. Pure.

use super::PullRequestEffects;
use super::groups;
use super::groups::{Group, REMARKS, RowLimit};
use super::plan_rows;
use super::plan_rows::{RowKind, TextRow};
use super::row_lines;
use super::row_lines::{Called, LineRole, ListingLine, new_line};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::MAX_ADDRESS;
use crate::domain::plan::{Change, Plan, StaleReason};
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::text::excerpt;

/// The most characters of a file's name or a reason.
const LONGEST: usize = 200;

/// The changes of a plan, its obstacles and the changes in progress: terminations first.
pub(super) fn plan_lines(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
    limit: RowLimit,
) -> Vec<ListingLine> {
    // No termination is left out.
    let mut lines = row_lines::ungrouped_lines(&plan_rows::termination_rows(plan, pull_request));
    lines.extend(enable_lines(plan, limit));
    let mut others = plan_rows::obstacle_rows(plan, pull_request);
    others.extend(plan_rows::in_progress_rows(plan));
    lines.extend(group_by_reason(&others, limit));
    lines
}

/// The number of rows of a plan, which decides whether it is grouped.
pub(super) fn row_count(plan: &Plan, pull_request: Option<&PullRequestEffects>) -> usize {
    let prevented = pull_request.map_or(0, |pull| {
        pull.prevented.len() + pull.lifted.len() + pull.later.len() + pull.due_terminations.len()
    });
    let stuck = plan.blocked.len() + plan.recalled.len() + plan.in_progress.len();
    plan.changes.len() + stuck + prevented
}

/// A change and its remark.
type Remarked<'a> = (&'a Change, String);

fn enable_lines(plan: &Plan, limit: RowLimit) -> Vec<ListingLine> {
    let changes = plan.changes.iter().filter(|change| change.target == Target::Enabled);
    let changes: Vec<Remarked<'_>> =
        changes.map(|change| (change, plan_rows::change_remark(change))).collect();
    let usual = groups::count_by_key(changes.iter().map(|(_, remark)| remark));
    let usual = usual.first().map(|(remark, _)| (*remark).clone());
    let grouped = groups::group_by(changes, |(change, _)| change.request.id.as_str());
    let (several, alone) = groups::split_singles(grouped);
    let several = several.into_iter().map(|group| describe_group(group, usual.as_deref()));
    // Rare single changes must not be left out either.
    let (alone, counted) = groups::sort_rare_first(alone, |(_, remark)| remark.clone());
    let shown = groups::cut_to_limit(several.collect(), alone, limit);
    let mut lines = row_lines::group_lines(
        &shown,
        Called::RequestsToEnable,
        |group| group.key.clone(),
        |(change, _)| plan_rows::change_row(change),
        |(_, remark), [word, mailbox, ..]| [word, mailbox, remark.clone()],
    );
    if shown.more_singles > 0 && counted.len() > 1 {
        let of_all = remark_texts(&counted).into_iter();
        lines.extend(of_all.map(|text| new_line(LineRole::More, RowKind::Enable, 0, text)));
    }
    lines
}

/// The changes of a request, with heads for all of them; each keeps its remark only if the remarks
/// differ, and rare ones come first.
fn describe_group<'a>(
    group: Group<&str, Remarked<'a>>,
    usual: Option<&str>,
) -> Group<Vec<String>, Remarked<'a>> {
    let (mut items, counted) = groups::sort_rare_first(group.items, |(_, remark)| remark.clone());
    let drift = items.iter().filter(|(change, _)| change.cause.is_drift()).count();
    let says_more = |(remark, _): &(String, usize)| Some(remark.as_str()) != usual;
    let mut heads = Vec::new();
    if let Some((change, _)) = items.first() {
        heads.push(request_heading(change, group.count, drift));
        heads.push(excerpt(&change.request.file, LONGEST));
    }
    heads.extend(remark_texts(&counted));
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
fn request_heading(change: &Change, count: usize, drift: usize) -> String {
    let request = &change.request;
    let id = excerpt(request.id.as_str(), LONGEST);
    let verb = Message::of_word(change.target.verb());
    let heading = message!("plan-request-heading", request = id, verb, count);
    let approved = request.approved_on().map(|day| message!("plan-approved", day));
    let drift = (drift > 0).then(|| message!("plan-drift-of-them", count = drift));
    let parts = std::iter::once(heading).chain(approved).chain(drift);
    printer::render(&Message::joined(parts, " · "))
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

/// Groups rows by their word and reason.
fn group_by_reason(rows: &[TextRow], limit: RowLimit) -> Vec<ListingLine> {
    let each = rows.chunk_by(|one, other| one.cells[0] == other.cells[0]);
    let lines = each.map(|same| {
        let shown = groups::group_within_limit(same, |row| row.cells[3].as_str(), limit);
        row_lines::group_lines(
            &shown,
            Called::Reasons,
            |group| {
                let word = group.items.first().map_or("", |row| &row.cells[0]);
                let word = word.trim_start_matches(|sign: char| !sign.is_alphanumeric());
                vec![format!("{word} {}: {}", group.count, excerpt(group.key, LONGEST))]
            },
            |row| (*row).clone(),
            |_, [word, mailbox, request, _]| [word, mailbox, request],
        )
    });
    lines.flatten().collect()
}

/// Why a saved plan is outdated, by reason.
pub(super) fn stale_lines(all: &[StaleReason], limit: RowLimit) -> Vec<ListingLine> {
    let shown = groups::group_within_limit(all, |stale| printer::render(&stale.why), limit);
    row_lines::group_lines(
        &shown,
        Called::Reasons,
        |group| vec![format!("{}: {}", group.count, excerpt(&group.key, LONGEST))],
        |stale| TextRow::new(RowKind::Blocked, [format!("! {}", plan_rows::stale_text(stale))]),
        |stale, _| {
            let subject = stale.subject.as_deref().unwrap_or_default();
            ["!".to_owned(), excerpt(subject, MAX_ADDRESS), String::new()]
        },
    )
}
