//! The plan and its outcomes for people, in a terminal or a CI log.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::findings;
use super::groups;
use super::groups::{NAMED, SCREEN, SMALL};
use super::plan_rows;
use super::plan_rows::{RowKind, TextRow};
use super::row_lines;
use super::row_lines::{LineRole, ListingLine};
use super::{AgencyResult, PullRequestEffects, RunResult, grouped_plan, outcomes, phrases};
use crate::domain::change_outcome::Outcome;
use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::other_files::OtherFile;
use crate::domain::plan::{Change, Plan};
use crate::domain::policy::diff::PolicyChange;
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt};

pub use super::phrases::{export_read, outcome_counts};

const TERMINATE: Style = AnsiColor::Red.on_default();
const ENABLE: Style = AnsiColor::Green.on_default();
const BLOCKED: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
/// The most single diffs that are shown; every change also has a row above them.
const DIFFS: usize = 20;

/// Adds a style to a text; `anstream` removes it if it is not wanted.
fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The first line of a run.
pub fn header(run: &AgencyResult) -> String {
    let more = [
        Some(text!("plan-portal", portal = run.portal)),
        run.as_of.map(|day| text!("plan-as-of", day)),
        run.share.map(|share| text!("plan-shard", shard = share.shard.to_string())),
    ];
    let header = phrases::header(&run.agency, &run.requests_at, more);
    paint(STRONG, &header) + "\n\n"
}

/// The plan: a row per mailbox, then the diffs, then the totals. A large plan is grouped by request,
/// and its totals also come first.
pub fn plan(plan: &Plan, pull_request: Option<&PullRequestEffects>, accepted: bool) -> String {
    let totals = phrases::plan_totals(plan, pull_request);
    let title = text!("plan-title", digest = plan.digest.short(), totals);
    let mut text = rows_and_totals(plan, pull_request, &plan.changes, &title);
    if let Some(pull_request) = pull_request {
        let approve = phrases::how_to_approve(plan).into_iter();
        for line in approve.chain([phrases::outstanding(pull_request)]) {
            let _ = writeln!(text, "{line}");
        }
    }
    if !plan.refusals.is_empty() {
        text.push_str(&refusals(plan, accepted));
    }
    text
}

/// What approvals do: the rows of the plan of a pull request that brings them.
pub fn approval_effects(plan: &Plan, effects: &PullRequestEffects) -> String {
    let totals = phrases::plan_totals(plan, Some(effects));
    rows_and_totals(plan, Some(effects), &[], &printer::render(&totals))
}

fn rows_and_totals(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
    diffs: &[Change],
    title: &str,
) -> String {
    let mut text = String::new();
    let is_large = grouped_plan::row_count(plan, pull_request) > SMALL;
    if is_large {
        let _ = writeln!(text, "{}", paint(STRONG, title));
        let _ = writeln!(text, "{}\n", paint(QUIET, &text!("plan-large-hint")));
    }
    let mut rows = Vec::new();
    if is_large {
        text.push_str(&render_lines(&grouped_plan::plan_lines(plan, pull_request, SCREEN)));
    } else {
        rows = plan_rows::change_and_obstacle_rows(plan, pull_request);
        rows.extend(plan_rows::in_progress_rows(plan));
    }
    rows.extend(plan_rows::side_rows(plan, pull_request, NAMED));
    text.push_str(&render_table(&rows));
    if let Some(pull_request) = pull_request {
        text.push_str(&policy_changes(&pull_request.policies));
        text.push_str(&other_files(&pull_request.files));
    }
    if !is_large {
        text.push_str(&render_diffs(diffs));
    }
    let _ = writeln!(text, "{}", paint(STRONG, title));
    text
}

/// Aligned rows, and a blank line after them.
fn render_table<const N: usize>(rows: &[TextRow<N>]) -> String {
    render_lines(&row_lines::ungrouped_lines(rows))
}

/// The first diffs.
fn render_diffs(changes: &[Change]) -> String {
    let (shown, more) = groups::split_first(changes, DIFFS);
    let mut text = String::new();
    for change in shown {
        for (kind, line) in plan_rows::diff_lines(change) {
            let _ = writeln!(text, "  {}", paint(style_of_row(kind), &line));
        }
        text.push('\n');
    }
    if more > 0 {
        let more = groups::and_more_text(message!("plan-diffs", count = more));
        let _ = writeln!(text, "  {more}\n");
    }
    text
}

/// Grouped lines: heads are bold, and their members are indented.
fn render_lines(lines: &[ListingLine]) -> String {
    let mut text = String::new();
    let mut last = None;
    for line in lines {
        let style = style_of_row(line.kind);
        let (indent, style) = match line.role {
            LineRole::Head => ("  ", style.bold()),
            LineRole::Member => ("    ", style),
            LineRole::About => ("    ", QUIET),
            LineRole::Single => ("  ", style),
            LineRole::More => ("  ", QUIET.bold()),
        };
        let begins = match line.role {
            LineRole::Head => true,
            LineRole::Single => last != Some(LineRole::Single),
            LineRole::About | LineRole::Member | LineRole::More => false,
        };
        if last.is_some() && begins {
            text.push('\n');
        }
        let _ = writeln!(text, "{indent}{}", paint(style, &line.text));
        last = Some(line.role);
    }
    if last.is_some() {
        text.push('\n');
    }
    text
}

fn style_of_row(kind: RowKind) -> Style {
    match kind {
        RowKind::Terminate | RowKind::Outstanding => TERMINATE,
        RowKind::Enable => ENABLE,
        RowKind::Blocked | RowKind::Prevented => BLOCKED,
        RowKind::Quiet => QUIET,
    }
}

/// How a pull request changes policies; the changes apply only after the merge.
pub fn policy_changes(changes: &[PolicyChange]) -> String {
    let mut text = String::new();
    for (file, words) in changes {
        let title = phrases::policy_change_title(&escape(file), words) + ":";
        let _ = writeln!(text, "{}", paint(BLOCKED, &title));
        let (shown, more) = groups::split_policy_lines(words, SMALL);
        for line in shown {
            text.push_str(&warning(&excerpt(&printer::render(line.text()), 300)));
        }
        if more > 0 {
            let more = groups::and_more_text(message!("plan-changes", count = more));
            let _ = writeln!(text, "  {more}");
        }
        text.push('\n');
    }
    text
}

/// Other files that a pull request changes.
pub fn other_files(files: &[OtherFile]) -> String {
    let lines = plan_rows::other_file_lines(files);
    let title = lines.first().map(|_| paint(BLOCKED, &text!("plan-other-files")) + "\n");
    let lines: String = lines.iter().map(|(line, _)| warning(line)).collect();
    title.map_or(String::new(), |title| format!("{title}{lines}\n"))
}

/// The words that are written to the portal, and a warning about one that no mailbox has.
pub fn written_words(words: &[WrittenWord]) -> String {
    let lines = phrases::written_words(words).into_iter();
    let lines = lines.map(|line| match line.strip_prefix("! ") {
        Some(warning_text) => warning(warning_text),
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// A line with a warning.
fn warning(text: &str) -> String {
    format!("  {} {text}\n", paint(BLOCKED, "!"))
}

/// The whole output, as in a terminal at the end of the run.
pub fn render_run_result(summary: &RunResult<'_>) -> String {
    let mut text = findings::render_findings(summary.findings);
    text.push_str(&policy_changes(summary.policies));
    text.push_str(&other_files(summary.files));
    for run in summary.runs {
        text.push_str(&self::run(run));
        text.push('\n');
    }
    if let Some(ended) = &summary.ended {
        let _ = writeln!(text, "{}", ended.to_text());
    }
    text
}

/// The output for one agency, as in a terminal at the end of the run.
pub fn run(run: &AgencyResult) -> String {
    let mut text = header(run);
    text.push_str(&stale(run));
    if let (Some(made), true) = (&run.plan, run.stale.is_empty()) {
        text.push_str(&plan(made, run.pull_request.as_ref(), run.accepted));
        text.push_str(&written_words(&run.words));
        if let Some(ended) = &run.outcomes {
            text.push_str(&outcomes(made, ended));
        }
    }
    text + &ending(run)
}

fn refusals(plan: &Plan, accepted: bool) -> String {
    let each = plan.refusals.iter();
    let each: String = each.map(|refusal| warning(&printer::render(refusal.describe()))).collect();
    format!("\n{}\n{each}", paint(BLOCKED, &phrases::limits_title(accepted)))
}

/// Why a saved plan is outdated.
pub fn stale(run: &AgencyResult) -> String {
    if run.stale.len() > SMALL {
        return render_lines(&grouped_plan::stale_lines(&run.stale, SCREEN));
    }
    let each = run.stale.iter();
    each.map(|stale| warning(&plan_rows::stale_text(stale))).collect()
}

/// The outcome of each change; if there are many, by request, and failures by their cause.
pub fn outcomes(plan: &Plan, outcomes: &[Outcome]) -> String {
    if outcomes.len() <= SMALL {
        return format!("\n{}", render_table(&outcomes::outcome_rows(plan, outcomes)));
    }
    let (mut all, good) = outcomes::outcome_lines(plan, outcomes, SCREEN);
    all.extend(good);
    format!("\n{}{}\n\n", render_lines(&all), paint(QUIET, &text!("outcome-large-hint")))
}

/// How the run ended, and what the user can do.
pub fn ending(run: &AgencyResult) -> String {
    let settled = run.settled.iter();
    let settled: String =
        settled.map(|settled| format!("{}\n", escape(&printer::render(settled)))).collect();
    let label = text!("run-help", help = "");
    let help = run.help.as_ref().map_or_else(String::new, |help| {
        format!("\n{} {}", paint(STRONG, label.trim_end()), escape(&printer::render(help)))
    });
    format!("{settled}{}{help}\n", escape(&printer::render(&run.reason)))
}
