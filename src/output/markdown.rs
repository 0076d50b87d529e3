//! The output as Markdown, for a comment on a pull request, a job summary or a file.
//!
//! Text from files and portals is inside fences that are longer than any fence in it, or in `<code>` as
//! character references, where Markdown, HTML, mentions and quick actions do not work. Whole rows are
//! left out, the least important first, and their number is shown.

mod fence_rows;
mod fit_to_limit;

pub use self::fit_to_limit::hides_terminations;

use std::path::Path;

use self::fit_to_limit::{Called, FenceRow, Rank, RowGroup, lay_out};
use super::findings::count_problems;
use super::groups;
use super::groups::{COMMENT, SMALL};
use super::json::ExitOutput;
use super::{AgencyResult, RunResult, grouped_plan, phrases, plan_rows, row_lines};
use crate::domain::other_files::OtherFile;
use crate::domain::plan::Plan;
use crate::domain::policy::diff::{PolicyChange, PolicyLine};
use crate::exit::Exit;
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::text::{escape, shown_path};

/// The most changes of a policy that are shown.
const POLICY_WORDS: usize = 40;
/// The most rows of each kind that is left alone or waits: more than fit into a comment.
const QUIET: usize = 1_000;

/// The whole output in at most `most` bytes. `whole` is the file with the full output.
pub fn render_run_result(summary: &RunResult<'_>, most: usize, whole: Option<&Path>) -> String {
    let is_whole = most == usize::MAX;
    let mut parts = vec![RowGroup::new_plain(format!("<!-- arkib {} -->", summary.command))];
    if let Some(ended) = &summary.ended {
        let (title, requests) =
            (check_title(summary, ended), escape_code(&printer::render(&summary.requests_at)));
        let requests = text!("comment-requests", requests);
        let heading = format!("### arkib: {title}\n\n{requests}\n");
        parts.push(RowGroup::new_plain(heading));
        parts.extend(policy_changes(summary.policies));
        parts.extend(other_files(summary.files));
        parts.extend(problem_rows(summary, is_whole));
        parts.push(ending_rows(ended.status, &ended.reason, ended.help.as_ref()));
    } else if !summary.findings.is_empty() {
        let count = printer::render(&count_problems(summary.findings));
        parts.push(RowGroup::new_plain(format!("### arkib: {count}\n")));
        parts.extend(problem_rows(summary, is_whole));
    }
    let agencies = summary.runs.iter();
    parts.extend(agencies.flat_map(|run| agency_groups(run, is_whole)));
    let whole = match whole {
        Some(file) => text!("comment-output-in-file", file = escape_code(&shown_path(file))),
        None => text!("comment-output-of-report"),
    };
    if !is_whole && is_large(summary) {
        parts.push(RowGroup::new_plain(text!("comment-not-all-rows", place = &whole)));
    }
    lay_out(&parts, most, &whole)
}

fn problem_rows(summary: &RunResult<'_>, is_whole: bool) -> Option<RowGroup> {
    let rows = fence_rows::problem_rows(summary.findings, is_whole);
    RowGroup::new_fenced("", "text", rows, Called::Problem)
}

/// Whether anything is so large that it is grouped.
fn is_large(summary: &RunResult<'_>) -> bool {
    let sizes = summary.runs.iter().map(|run| {
        let plan = run.plan.as_ref();
        let plan = plan.map_or(0, |plan| grouped_plan::row_count(plan, run.pull_request.as_ref()));
        plan.max(run.stale.len())
    });
    sizes.chain([summary.findings.len()]).any(|row_count| row_count > SMALL)
}

/// A text for people in a fence, in at most `most` bytes.
pub fn fence_text(command: &str, text: &str, most: usize) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    let lines = plain.trim_end().lines();
    let rows = lines.map(|line| FenceRow::new(Rank::Change, line.to_owned()));
    let mut parts = vec![RowGroup::new_plain(format!("<!-- arkib {command} -->"))];
    parts.extend(RowGroup::new_fenced("", "text", rows.collect(), Called::Line));
    lay_out(&parts, most, &text!("comment-output-of-json"))
}

fn check_title(summary: &RunResult<'_>, ended: &ExitOutput) -> String {
    match (summary.findings, ended.status) {
        ([], Exit::Done) => text!("comment-no-problems"),
        ([], Exit::Refused) => text!("comment-refused"),
        ([], _) => text!("comment-not-completed"),
        (found, _) => printer::render(&count_problems(found)),
    }
}

/// The result of the run, for its heading.
fn heading(run: &AgencyResult) -> String {
    if let Some(outcomes) = &run.outcomes {
        return printer::render(&phrases::outcome_counts(outcomes));
    }
    if !run.stale.is_empty() {
        return text!("comment-plan-outdated");
    }
    let totals = match &run.plan {
        Some(plan) => phrases::plan_totals(plan, run.pull_request.as_ref()),
        None => message!("comment-no-plan"),
    };
    match run.exit {
        Exit::Refused => text!("comment-refused-plan", totals),
        Exit::Failed | Exit::Partly => text!("comment-failed-plan", totals),
        Exit::Done | Exit::Pending | Exit::Usage => printer::render(&totals),
    }
}

fn agency_groups(run: &AgencyResult, is_whole: bool) -> Vec<RowGroup> {
    let shard = run.share.map(|share| match share.of_changes {
        Some(count) => text!("comment-shard-of", shard = share.shard.to_string(), count),
        None => text!("plan-shard", shard = share.shard.to_string()),
    });
    let about = [
        Some(escape_code(&run.agency)),
        Some(text!("plan-requests", requests = escape_code(&printer::render(&run.requests_at)))),
        Some(text!("plan-portal", portal = run.portal)),
        run.export.as_ref().map(|export| escape_code(&phrases::export_read(export))),
        run.as_of.map(|day| text!("plan-as-of", day)),
        shard,
        run.plan.as_ref().map(|plan| text!("comment-plan", digest = plan.digest.short())),
    ];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let mut parts = vec![RowGroup {
        called: Called::Agency,
        ..RowGroup::new_plain(format!("### arkib: {}\n\n{about}\n", heading(run)))
    }];
    parts.extend(refusals(run));
    let rows = fence_rows::stale_rows(&run.stale, is_whole);
    let title = format!("**{}**\n\n", text!("comment-saved-plan-outdated"));
    parts.extend(RowGroup::new_fenced(&title, "text", rows, Called::Reason));
    match (&run.plan, &run.outcomes) {
        (Some(plan), Some(outcomes)) => {
            let rows = fence_rows::outcome_rows(plan, outcomes, is_whole);
            parts.extend(RowGroup::new_fenced("", "text", rows, Called::Outcome));
        }
        (Some(plan), None) if run.stale.is_empty() => {
            parts.extend(plan_row_groups(run, plan, is_whole))
        }
        _ => {}
    }
    if let Some(settled) = &run.settled {
        parts.push(RowGroup::new_plain(format!("{}\n", printer::render(settled))));
    }
    parts.push(ending_rows(run.exit, &run.reason, run.help.as_ref()));
    parts
}

/// How policies change, in the order of `difference`: approvers before long lists.
fn policy_changes(changes: &[PolicyChange]) -> Vec<RowGroup> {
    let parts = changes.iter().filter_map(|(file, words)| {
        let (shown, more) = groups::split_policy_lines(words, POLICY_WORDS);
        let row = |line: &PolicyLine| {
            let rank = if line.is_termination() { Rank::Termination } else { Rank::Policy };
            FenceRow::new(rank, format!("! {}", escape(&printer::render(line.text()))))
        };
        let mut rows: Vec<FenceRow> = shown.iter().map(row).collect();
        if more > 0 {
            let text = groups::and_more_text(message!("plan-changes", count = more));
            rows.push(FenceRow::new(Rank::Policy, format!("! {text}")).with_count(more));
        }
        let title = phrases::policy_change_title(&escape_code(file), words);
        RowGroup::new_fenced(&format!("**{title}.**\n\n"), "diff", rows, Called::PolicyChange)
    });
    parts.collect()
}

/// Other files that a pull request changes.
fn other_files(files: &[OtherFile]) -> Option<RowGroup> {
    let lines = plan_rows::other_file_lines(files).into_iter();
    let rows = lines
        .map(|(line, count)| FenceRow::new(Rank::Policy, format!("! {line}")).with_count(count));
    let title = format!("**{}**\n\n", text!("plan-other-files"));
    RowGroup::new_fenced(&title, "diff", rows.collect(), Called::OtherFile)
}

/// The exceeded limits.
fn refusals(run: &AgencyResult) -> Option<RowGroup> {
    let plan = run.plan.as_ref().filter(|_| run.stale.is_empty())?;
    let rows = plan.refusals.iter().map(|refusal| {
        let text = format!("! {}", escape(&printer::render(refusal.describe())));
        FenceRow::new(Rank::Trouble, text)
    });
    let title = format!("**{}**\n\n", phrases::limits_title(run.accepted));
    RowGroup::new_fenced(&title, "diff", rows.collect(), Called::Limit)
}

fn plan_row_groups(run: &AgencyResult, plan: &Plan, is_whole: bool) -> Vec<RowGroup> {
    let pull_request = run.pull_request.as_ref();
    let is_large = !is_whole && grouped_plan::row_count(plan, pull_request) > SMALL;
    let mut quiet = Vec::new();
    let changes = if is_large {
        grouped_plan::plan_lines(plan, pull_request, COMMENT)
    } else {
        quiet = plan_rows::in_progress_rows(plan);
        row_lines::ungrouped_lines(&plan_rows::change_and_obstacle_rows(plan, pull_request))
    };
    let most = if is_whole { usize::MAX } else { QUIET };
    quiet.extend(plan_rows::side_rows(plan, pull_request, most));
    let mut parts = Vec::new();
    let changes = fence_rows::diff_rows(&changes);
    parts.extend(RowGroup::new_fenced("", "diff", changes, Called::Change));
    let words = phrases::written_words(&run.words).into_iter();
    let words = words.map(|line| FenceRow::new(Rank::Policy, line)).collect();
    parts.extend(RowGroup::new_fenced("", "diff", words, Called::Word));
    if let Some(pull_request) = pull_request {
        parts.extend(policy_changes(&pull_request.policies));
        parts.extend(other_files(&pull_request.files));
        let lines = phrases::how_to_approve(plan).into_iter();
        let lines = lines.chain([phrases::outstanding(pull_request)]);
        parts.extend(lines.map(|line| RowGroup::new_plain(line + "\n")));
    }
    let details = |title: &str, language, rows, called| {
        let before = format!("<details><summary>{title}</summary>\n\n");
        let part = RowGroup::new_fenced(&before, language, rows, called);
        part.map(|part| RowGroup { close: part.close + "</details>\n\n", ..part })
    };
    let count: usize = quiet.iter().map(|row| row.count).sum();
    let title = text!("comment-left-alone", count);
    let quiet = fence_rows::diff_rows(&row_lines::ungrouped_lines(&quiet));
    parts.extend(details(&title, "text", quiet, Called::OtherRow));
    // In a large plan the head of each request names its file.
    let diffs = if is_large { &[][..] } else { &plan.changes };
    let diffs = diffs.iter().map(|change| {
        let lines = plan_rows::diff_lines(change).into_iter().map(|(_, line)| line);
        let lines: Vec<String> = lines.collect();
        FenceRow::new(Rank::Detail, lines.join("\n"))
    });
    let title = text!("comment-request-of-each");
    parts.extend(details(&title, "diff", diffs.collect(), Called::Diff));
    parts
}

fn ending_rows(exit: Exit, reason: &Message, help: Option<&Message>) -> RowGroup {
    let reason = printer::render(reason);
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || " .,:;-".contains(c);
    let is_plain = matches!(exit, Exit::Done | Exit::Pending) && reason.chars().all(is_harmless);
    let said = (!is_plain).then(|| escape(&reason).into_owned());
    let help = help.map(|help| text!("run-help", help = escape(&printer::render(help))));
    let rows = said.into_iter().chain(help);
    let rows = rows.map(|text| FenceRow::new(Rank::Frame, text)).collect();
    let frame = RowGroup::new_plain(format!("{reason}\n"));
    let before = if is_plain { format!("{reason}\n\n") } else { String::new() };
    RowGroup::new_fenced(&before, "text", rows, frame.called).unwrap_or(frame)
}

/// Text as code, with every special character as a character reference.
fn escape_code(text: &str) -> String {
    let mut shown = String::from("<code>");
    for character in escape(text).chars() {
        if character.is_alphanumeric() || character == ' ' {
            shown.push(character);
        } else {
            shown.push_str(&format!("&#{};", character as u32));
        }
    }
    shown + "</code>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_escapes_markdown_and_html() {
        assert_eq!(escape_code("a <b>@x`"), "<code>a &#60;b&#62;&#64;x&#96;</code>");
        let hostile = escape_code("](javascript:x)\n/close #1 \u{202e}");
        let inner = hostile.trim_start_matches("<code>").trim_end_matches("</code>");
        let is_reference = |c: char| c.is_alphanumeric() || " &#;".contains(c);
        assert!(inner.chars().all(is_reference), "{inner}");
    }
}
