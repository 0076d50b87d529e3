//! The outcomes of changes as rows. Very many are grouped: failures by their cause, successes by their
//! request. Pure.

use super::groups;
use super::groups::{RowLimit, TOTALS};
use super::plan_rows::{RowKind, TextRow};
use super::row_lines;
use super::row_lines::{GroupNoun, ListingLine};
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::Outcome;
use crate::domain::plan::{Change, Plan};
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt};

/// The most characters of a cause.
const LONGEST: usize = 300;

/// A change and its outcome.
type ChangeOutcome<'a> = (&'a Change, &'a Outcome);

/// The sign and word of an outcome, and its kind of row.
fn word_and_kind(outcome: &Outcome) -> (String, RowKind) {
    let (sign, word, kind) = match outcome {
        Outcome::Applied { .. } => ("✓", text!("outcome-word-applied"), RowKind::Enable),
        Outcome::AlreadySo { .. } => ("✓", text!("outcome-word-already-so"), RowKind::Quiet),
        Outcome::HandedOver { .. } => ("→", text!("outcome-word-handed-over"), RowKind::Enable),
        Outcome::Failed { .. } => ("✗", text!("outcome-word-failed"), RowKind::Terminate),
        Outcome::Unknown { .. } => ("?", text!("outcome-word-unknown"), RowKind::Blocked),
        Outcome::Skipped { .. } => ("·", text!("outcome-word-skipped"), RowKind::Blocked),
    };
    (format!("{sign} {word}"), kind)
}

/// The cause of an outcome, or more about it.
fn detail_text(outcome: &Outcome) -> String {
    outcome.detail().map_or_else(String::new, |detail| printer::render(&detail))
}

/// Each change and its outcome, in the plan's order.
pub(super) fn outcome_rows(plan: &Plan, outcomes: &[Outcome]) -> Vec<TextRow<5>> {
    plan.changes.iter().zip(outcomes).map(outcome_row).collect()
}

fn outcome_row((change, outcome): ChangeOutcome<'_>) -> TextRow<5> {
    let (word, kind) = word_and_kind(outcome);
    let shown = |text: &str| escape(text).into_owned();
    let cells = [
        word,
        printer::render(&Message::from_word(change.target.verb())),
        shown(change.mailbox.as_str()),
        shown(change.request.id.as_str()),
        escape(&detail_text(outcome)).into_owned(),
    ];
    TextRow::new(kind, cells)
}

/// The failures, then the successes, as lines.
pub(super) fn outcome_lines(
    plan: &Plan,
    outcomes: &[Outcome],
    limit: RowLimit,
) -> (Vec<ListingLine>, Vec<ListingLine>) {
    let all = plan.changes.iter().zip(outcomes);
    let (good, bad): (Vec<ChangeOutcome<'_>>, Vec<_>) =
        all.partition(|(_, outcome)| outcome.is_done_or_handed_over());
    let (remarked, plain): (Vec<_>, Vec<_>) =
        good.into_iter().partition(|(_, outcome)| outcome.detail().is_some());
    // The worst first; each kind of outcome has its own limit.
    let trouble = ["failed", "unknown", "skipped"].into_iter().flat_map(|word| {
        let from_word = bad.iter().filter(|(_, outcome)| outcome.as_str() == word);
        lines_by_cause(from_word.copied(), limit)
    });
    let mut others = lines_by_cause(remarked, limit);
    for target in [Target::Terminated, Target::Enabled] {
        let of_target = plain.iter().filter(|(change, _)| change.target == target);
        others.extend(success_lines(of_target.copied()));
    }
    (trouble.collect(), others)
}

/// `✗ failed 412: the portal answered 503`, and the first rows.
fn lines_by_cause<'a>(
    endings: impl IntoIterator<Item = ChangeOutcome<'a>>,
    limit: RowLimit,
) -> Vec<ListingLine> {
    let key = |(change, outcome): &ChangeOutcome<'_>| {
        (word_and_kind(outcome).0, cause_without_mailbox(change, outcome))
    };
    let shown = groups::group_within_limit(endings, key, limit);
    row_lines::group_lines(
        &shown,
        GroupNoun::Causes,
        |group| {
            let (word, cause) = &group.key;
            vec![format!("{word} {}: {cause}", group.count)]
        },
        |ending| outcome_row(*ending),
        |_, [_, verb, mailbox, request, _], _| [verb, mailbox, request],
    )
}

/// The cause without the address of the mailbox, so that equal causes are equal texts.
fn cause_without_mailbox(change: &Change, outcome: &Outcome) -> String {
    let detail = detail_text(outcome);
    excerpt(&detail.replace(change.mailbox.as_str(), "…"), LONGEST)
}

/// The plain successes: the number for each request.
fn success_lines<'a>(endings: impl IntoIterator<Item = ChangeOutcome<'a>>) -> Vec<ListingLine> {
    let shown =
        groups::group_within_limit(endings, |(change, _)| change.request.id.as_str(), TOTALS);
    let totals = shown.groups.iter().filter_map(|group| {
        let [word, verb, _, request, _] = outcome_row(*group.items.first()?).cells;
        let cells = [format!("{word} {}", group.count), verb, request];
        Some(TextRow { count: group.count, ..TextRow::new(RowKind::Enable, cells) })
    });
    let mut lines = row_lines::ungrouped_lines(&totals.collect::<Vec<_>>());
    let singles: Vec<TextRow<5>> = shown.singles.iter().copied().map(outcome_row).collect();
    lines.extend(row_lines::ungrouped_lines(&singles));
    lines.extend(row_lines::hidden_count_lines(&shown, GroupNoun::Requests, RowKind::Enable));
    lines
}
