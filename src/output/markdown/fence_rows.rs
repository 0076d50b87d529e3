//! The rows in the fences of a comment, each with its rank.

use super::fit_to_limit::{FenceRow, Rank};
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::Outcome;
use crate::domain::plan::{Plan, StaleReason};
use crate::finding::{Finding, Severity};
use crate::output::findings::FindingGroup;
use crate::output::groups::{COMMENT, SMALL};
use crate::output::plan_rows::RowKind;
use crate::output::row_lines::{LineRole, ListingLine};
use crate::output::{findings, grouped_plan, outcomes, plan_rows, row_lines};
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// The problems of files, one row each; if there are very many, the first of each kind.
pub(super) fn problem_rows(found: &[Finding], is_whole: bool) -> Vec<FenceRow> {
    if is_whole || found.len() <= SMALL {
        return found.iter().map(problem_row).collect();
    }
    let groups = findings::first_of_each_kind(found);
    groups.iter().flat_map(rows_of_kind).collect()
}

/// The first problems of a kind, and the number of the others.
fn rows_of_kind(group: &FindingGroup<'_>) -> Vec<FenceRow> {
    let mut rows: Vec<FenceRow> = group.items.iter().map(|finding| problem_row(finding)).collect();
    let (severity, kind) = group.key;
    let more = group.hidden_count();
    if more > 0 {
        let text = text!("comment-more-problems", count = more, kind) + "\n";
        rows.push(FenceRow::new(rank_of(severity), text).with_count(more));
    }
    rows
}

fn rank_of(severity: Severity) -> Rank {
    match severity {
        Severity::Error => Rank::Trouble,
        Severity::Warning => Rank::Warning,
    }
}

fn problem_row(finding: &Finding) -> FenceRow {
    let text = format!(
        "{}: {}[{}]: {}\n  help: {}",
        finding.place_text(),
        finding.severity.as_str(),
        finding.kind,
        escape(&printer::render(&finding.message)),
        escape(&printer::render(&finding.help))
    );
    FenceRow::new(rank_of(finding.severity), text)
}

/// The outcome of each change, failures first.
pub(super) fn outcome_rows(plan: &Plan, outcomes: &[Outcome], is_whole: bool) -> Vec<FenceRow> {
    if !is_whole && outcomes.len() > SMALL {
        let (trouble, good) = outcomes::outcome_lines(plan, outcomes, COMMENT);
        let trouble = trouble.iter().map(|line| line_row(Rank::Trouble, line));
        let good = good.iter().map(|line| line_row(Rank::Change, line));
        return trouble.chain(good).collect();
    }
    let ranks = plan.changes.iter().zip(outcomes).map(|(change, outcome)| {
        match (outcome.is_done_or_handed_over(), change.target) {
            (false, _) => Rank::Trouble,
            (true, Target::Terminated) => Rank::Important,
            (true, Target::Enabled) => Rank::Change,
        }
    });
    let lines = row_lines::ungrouped_lines(&outcomes::outcome_rows(plan, outcomes)).into_iter();
    let mut rows: Vec<FenceRow> =
        lines.zip(ranks).map(|(line, rank)| FenceRow::new(rank, line.text)).collect();
    rows.sort_by_key(|row| row.rank != Rank::Trouble);
    rows
}

/// Why a saved plan is outdated.
pub(super) fn stale_rows(stale: &[StaleReason], is_whole: bool) -> Vec<FenceRow> {
    if !is_whole && stale.len() > SMALL {
        let lines = grouped_plan::stale_lines(stale, COMMENT);
        return lines.iter().map(|line| line_row(Rank::Trouble, line)).collect();
    }
    let each = stale.iter().map(plan_rows::stale_text);
    each.map(|line| FenceRow::new(Rank::Trouble, format!("  ! {line}"))).collect()
}

/// A line of a group, outside a plan.
fn line_row(rank: Rank, line: &ListingLine) -> FenceRow {
    let text = &line.text;
    let text = match line.role {
        LineRole::Head | LineRole::More | LineRole::Single => text.clone(),
        LineRole::About | LineRole::Member => format!("  {text}"),
    };
    FenceRow::new(rank, text).with_count(line.count)
}

/// Lines of a plan in a diff block. There, a sign must come first to have an effect, and a head is
/// between two `@@`.
pub(super) fn diff_rows(lines: &[ListingLine]) -> Vec<FenceRow> {
    let rows = lines.iter().map(|line| {
        let (rank, sign) = match line.kind {
            RowKind::Terminate => (Rank::Termination, ""),
            RowKind::Outstanding => (Rank::Important, ""),
            // A prevented change is also a warning.
            RowKind::Prevented => (Rank::Important, "! "),
            RowKind::Enable | RowKind::Blocked => (Rank::Change, ""),
            RowKind::Quiet => (Rank::Quiet, ""),
        };
        let row = line_row(rank, line);
        let text = match line.role {
            LineRole::Head => format!("@@ {} @@", line.text),
            LineRole::Member | LineRole::Single => format!("{sign}{}", line.text),
            LineRole::About | LineRole::More => row.text,
        };
        FenceRow { text, ..row }
    });
    rows.collect()
}
