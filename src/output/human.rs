//! The plan and its outcomes for people, in a terminal or a CI log.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::findings;
use super::groups;
use super::groups::{NAMED, SCREEN, SMALL};
use super::plan_rows::{RowKind, TextRow};
use super::row_lines::{LineRole, ListingLine};
use super::{
    AgencyResult, PullRequestEffects, RunResult, align_columns, grouped_plan, outcomes, phrases,
    plan_rows, request_details, row_lines,
};
use crate::domain::change_outcome::Outcome;
use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::other_files::OtherFile;
use crate::domain::plan::Plan;
use crate::domain::policy::diff::PolicyChange;
use crate::printer;
use crate::printer::{note, text, width, wrap};
use crate::text::{escape, excerpt};

pub use super::phrases::{export_read, outcome_counts};

const TERMINATE: Style = AnsiColor::Red.on_default();
const ENABLE: Style = AnsiColor::Green.on_default();
const BLOCKED: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
/// The most requests whose details are shown; every change also has a row above them.
const DETAILED: usize = 20;
/// The most lines above the totals that a small terminal still shows together with them and a question.
const SCREENFUL: usize = 19;

/// Adds a style to a text; `anstream` removes it if it is not wanted.
fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A painted line, broken where the screen ends.
fn line(style: Style, text: &str) -> String {
    paint(style, &fit(text)) + "\n"
}

/// Counts and the like in lines that fit, each with its number.
fn fit_parts(text: &str) -> String {
    const GLUE: &str = "\u{a0}";
    let parts = text.split_inclusive(['·', ',', ':']).map(|part| {
        let rest = part.trim_start();
        let before = &part[..part.len() - rest.len()];
        let is_short = width(rest) <= printer::columns() / 2;
        let rest = if is_short { rest.replace(' ', GLUE) } else { rest.to_owned() };
        format!("{before}{rest}")
    });
    fit(&parts.collect::<String>()).replace(GLUE, " ")
}

/// Lines that fit on the screen.
fn fit(text: &str) -> String {
    wrap(text, printer::columns(), 2)
}

/// The first line of a run.
pub fn header(run: &AgencyResult) -> String {
    let more = [
        Some(text!("plan-portal", portal = run.portal)),
        run.as_of.map(|day| text!("plan-as-of", day)),
        run.share.map(|share| text!("plan-shard", shard = share.shard.to_string())),
    ];
    let header = phrases::header(&run.agency, &run.requests_at, more);
    paint(STRONG, &fit_parts(&header)) + "\n\n"
}

/// The plan of a run: a row per mailbox, then the details, then the totals. What is longer than a small
/// screen ends with the terminations and the totals, so that they are above the question. A large plan
/// is grouped by request, and its totals also come first.
pub fn plan(plan: &Plan, run: &AgencyResult) -> String {
    let pull_request = run.pull_request.as_ref();
    let totals = phrases::plan_totals(plan, pull_request);
    let title = text!("plan-title", digest = plan.digest.short(), totals);
    let sides = plan_rows::side_rows(plan, pull_request, NAMED, run.names_unmanaged);
    let mut text = rows_and_totals(plan, pull_request, &sides, DETAILED, &title);
    if let Some(pull_request) = pull_request {
        let approve = phrases::how_to_approve(plan).filter(|_| !printer::is_quiet()).into_iter();
        text.extend(
            approve.chain([phrases::outstanding(pull_request)]).map(|text| fit(&text) + "\n"),
        );
    }
    if !plan.refusals.is_empty() {
        text.push_str(&refusals(plan, run.accepted));
    }
    text
}

/// The totals of a plan, and the limits that it exceeds.
pub fn totals(plan: &Plan) -> String {
    let totals = phrases::plan_totals(plan, None);
    let title = text!("plan-title", digest = plan.digest.short(), totals);
    let title = paint(STRONG, &fit_parts(&title)) + "\n";
    title + &if plan.refusals.is_empty() { String::new() } else { refusals(plan, false) }
}

/// What approvals do: the rows of the plan of a pull request that brings them.
pub fn approval_effects(plan: &Plan, effects: &PullRequestEffects) -> String {
    let totals = phrases::plan_totals(plan, Some(effects));
    let sides = plan_rows::side_rows(plan, Some(effects), NAMED, false);
    rows_and_totals(plan, Some(effects), &sides, 0, &printer::render(&totals))
}

/// The rows, the details of at most so many requests, and the title.
fn rows_and_totals(
    plan: &Plan,
    pull_request: Option<&PullRequestEffects>,
    sides: &[TextRow],
    details: usize,
    title: &str,
) -> String {
    let title = paint(STRONG, &fit_parts(title)) + "\n";
    let mut terminations = plan_rows::termination_rows(plan, pull_request);
    for row in terminations.iter_mut().filter(|row| row.kind == RowKind::Outstanding) {
        let [.., remark] = &mut row.cells;
        let parts = [text!("plan-also-without"), std::mem::take(remark)];
        *remark = parts.join("; ").trim_end_matches("; ").to_owned();
    }
    let files = pull_request.map_or(String::new(), |pull_request| {
        policy_changes(&pull_request.policies) + &other_files(&pull_request.files)
    });
    if grouped_plan::row_count(plan, pull_request) > SMALL {
        let hint = note(line(QUIET, &text!("plan-large-hint")) + "\n");
        let others = render_lines(&grouped_plan::other_lines(plan, pull_request, SCREEN));
        let (sides, terminations) = (render_table(sides), render_table(&terminations));
        return format!("{title}{hint}{others}{sides}{files}{terminations}{title}");
    }
    let mut others = plan_rows::enable_and_obstacle_rows(plan, pull_request);
    others.extend(plan_rows::in_progress_rows(plan));
    others.extend_from_slice(sides);
    let whole = [&terminations[..], &others].concat();
    let text = format!("{}{files}{}", render_table(&whole), render_details(&whole, details));
    if text.lines().count() <= SCREENFUL {
        return text + &title;
    }
    let whole = [&others[..], &terminations].concat();
    let details = render_details(&whole, details);
    format!("{}{files}{details}{}{title}", render_table(&others), render_table(&terminations))
}

/// Aligned rows, and a blank line after them.
fn render_table<const N: usize>(rows: &[TextRow<N>]) -> String {
    render_lines(&row_lines::ungrouped_lines(rows))
}

/// What rows do not say of the first requests that change something.
fn render_details(rows: &[TextRow], most: usize) -> String {
    let requests = request_details::collect(rows);
    let (shown, more) = groups::split_first(&requests, most);
    let mut text = String::new();
    for request in shown {
        text.push_str(&wrap(&format!("  {}", request.describe()), printer::columns(), 4));
        for (kind, line) in request.diff_lines() {
            let _ = write!(text, "\n    {}", paint(style_of_row(kind), &line));
        }
        text.push_str("\n\n");
    }
    if more > 0 && most > 0 {
        let more = message!("plan-more-requests", count = more);
        let _ = writeln!(text, "  {}\n", groups::and_more_text(more));
    }
    text
}

/// Grouped lines: heads are bold, and their members are indented.
fn render_lines(lines: &[ListingLine]) -> String {
    let mut text = String::new();
    let is_row = |role| matches!(role, LineRole::Member | LineRole::Single);
    for chunk in lines.chunk_by(|one, next| one.role == next.role && is_row(one.role)) {
        let role = chunk[0].role;
        if !text.is_empty() && matches!(role, LineRole::Head | LineRole::Single) {
            text.push('\n');
        }
        let indent = match role {
            LineRole::Head | LineRole::Single | LineRole::More => "  ",
            LineRole::Member | LineRole::About => "    ",
        };
        let rows: Vec<&[String]> = chunk.iter().map(|line| &*line.cells).collect();
        let texts = match is_row(role) {
            true => align_columns::align(&rows, indent.len(), printer::columns()),
            false => rows.iter().map(|cells| indented(indent, &cells.concat())).collect(),
        };
        for (line, shown) in chunk.iter().zip(texts) {
            let style = style_of_row(line.kind);
            let style = match role {
                LineRole::Head => style.bold(),
                LineRole::Member | LineRole::Single => style,
                LineRole::About => QUIET,
                LineRole::More => QUIET.bold(),
            };
            let _ = writeln!(text, "{indent}{}", paint(style, &shown));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// A text that fits on the screen behind its indent, which is left out of its first line.
fn indented(indent: &str, text: &str) -> String {
    fit(&format!("{indent}{text}")).trim_start().to_owned()
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
        text.push_str(&line(BLOCKED, &title));
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
        None => fit(&line) + "\n",
    });
    lines.collect()
}

/// A line with a warning.
fn warning(text: &str) -> String {
    fit(&format!("  {} {text}", paint(BLOCKED, "!"))) + "\n"
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
        let _ = writeln!(text, "{}", fit(&ended.to_text()));
    }
    text
}

/// The output for one agency, as in a terminal at the end of the run.
pub fn run(run: &AgencyResult) -> String {
    let mut text = header(run);
    text.push_str(&stale(run));
    if let (Some(made), true) = (&run.plan, run.stale.is_empty()) {
        text.push_str(&plan(made, run));
        text.push_str(&written_words(&run.words));
        if let Some(ended) = &run.outcomes {
            text.push_str(&outcomes(made, ended));
        }
    }
    text + &settled(run) + &ending(run)
}

fn refusals(plan: &Plan, accepted: bool) -> String {
    let each = plan.refusals.iter();
    let each: String = each.map(|refusal| warning(&printer::render(refusal.describe()))).collect();
    format!("\n{}{each}", line(BLOCKED, &phrases::limits_title(accepted)))
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
    format!("\n{}{}\n", render_lines(&all), note(line(QUIET, &text!("outcome-large-hint"))))
}

/// What became of the changes that earlier runs left open.
pub fn settled(run: &AgencyResult) -> String {
    let settled = run.settled.iter();
    settled.map(|settled| fit(&escape(&printer::render(settled))) + "\n").collect()
}

/// How the run ended, and what the user can do.
pub fn ending(run: &AgencyResult) -> String {
    let label = text!("run-help", help = "");
    let help = run.help.as_ref().map_or_else(String::new, |help| {
        format!("\n{} {}", paint(STRONG, label.trim_end()), escape(&printer::render(help)))
    });
    fit(&format!("{}{help}\n", escape(&printer::render(&run.reason))))
}
