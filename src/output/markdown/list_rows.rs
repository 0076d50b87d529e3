//! The rows of the lists in a comment that are no rows of a plan, each with its rank.

use super::fit_to_limit::{MarkdownRow, Rank};
use super::safe_text;
use super::safe_text::{code, prose};
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::Outcome;
use crate::domain::plan::{Plan, StaleReason};
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::finding::{Finding, Severity};
use crate::output::findings::FindingGroup;
use crate::output::groups::{COMMENT, SMALL};
use crate::output::row_lines::{LineRole, ListingLine};
use crate::output::{findings, grouped_plan, outcomes, plan_rows, row_lines};
use crate::printer;
use crate::printer::text;

/// The problems of files, one row each; if there are very many, the first of each kind.
pub(super) fn problem_rows(
    found: &[Finding],
    places: &RepositoryPathResolver,
    is_whole: bool,
) -> Vec<MarkdownRow> {
    if is_whole || found.len() <= SMALL {
        return found.iter().map(|finding| problem_row(finding, places)).collect();
    }
    let groups = findings::first_of_each_kind(found);
    groups.iter().flat_map(|group| rows_of_kind(group, places)).collect()
}

/// The first problems of a kind, and the number of the others.
fn rows_of_kind(group: &FindingGroup<'_>, places: &RepositoryPathResolver) -> Vec<MarkdownRow> {
    let rows = group.items.iter().map(|finding| problem_row(finding, places));
    let mut rows: Vec<MarkdownRow> = rows.collect();
    let (severity, kind) = group.key;
    let more = group.hidden_count();
    if more > 0 {
        let text = format!("- {}", prose(&text!("comment-more-problems", count = more, kind)));
        rows.push(MarkdownRow::new(rank_of(severity), text).with_count(more));
    }
    rows
}

fn rank_of(severity: Severity) -> Rank {
    match severity {
        Severity::Error => Rank::Trouble,
        Severity::Warning => Rank::Warning,
    }
}

fn problem_row(finding: &Finding, places: &RepositoryPathResolver) -> MarkdownRow {
    let place = match finding.position {
        Some(at) => safe_text::place(places, &finding.file, at.line),
        None => code(&finding.place_text()),
    };
    let text = format!(
        "- **{}** {} {place}<br>{}<br>_{}_",
        finding.severity.as_str(),
        code(finding.kind),
        prose(&printer::render(&finding.message)),
        prose(&text!("run-help", help = &finding.help))
    );
    MarkdownRow::new(rank_of(finding.severity), text)
}

/// The outcome of each change, failures first.
pub(super) fn outcome_rows(plan: &Plan, outcomes: &[Outcome], is_whole: bool) -> Vec<MarkdownRow> {
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
    let mut rows: Vec<MarkdownRow> =
        lines.zip(ranks).map(|(line, rank)| line_row(rank, &line)).collect();
    rows.sort_by_key(|row| row.rank != Rank::Trouble);
    rows
}

/// Why a saved plan is outdated.
pub(super) fn stale_rows(stale: &[StaleReason], is_whole: bool) -> Vec<MarkdownRow> {
    if !is_whole && stale.len() > SMALL {
        let lines = grouped_plan::stale_lines(stale, COMMENT);
        return lines.iter().map(|line| line_row(Rank::Trouble, line)).collect();
    }
    let each = stale.iter().map(plan_rows::stale_text);
    each.map(|line| MarkdownRow::new(Rank::Trouble, format!("- {}", prose(&line)))).collect()
}

/// A line as an item, or as one of the group above it.
fn line_row(rank: Rank, line: &ListingLine) -> MarkdownRow {
    let cells = line.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| prose(cell));
    let cells = cells.collect::<Vec<_>>().join(" · ");
    let text = match line.role {
        LineRole::Head | LineRole::More | LineRole::Single => format!("- {cells}"),
        LineRole::About | LineRole::Member => format!("  - {cells}"),
    };
    MarkdownRow::new(rank, text).with_count(line.count)
}
