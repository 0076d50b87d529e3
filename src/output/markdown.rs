//! The output as Markdown, for a comment on a pull request, a job summary or a file. It is made for the
//! screen of a phone: lists that wrap, and what ends archives first.
//!
//! Text from files and portals is only in [`safe_text`], where Markdown, HTML, mentions and quick actions
//! do not work. Whole rows are left out, the least important first, and their number is shown.

mod fit_to_limit;
mod list_rows;
mod plan_sections;
mod safe_text;

pub use self::fit_to_limit::hides_terminations;

use std::path::Path;

use self::fit_to_limit::{MarkdownRow, Rank, RowGroup, RowNoun, render_within_limit};
use self::plan_sections::{DetailLevel, Section};
use self::safe_text::{code, prose};
use super::findings::count_problems;
use super::groups;
use super::groups::SMALL;
use super::json::ExitOutput;
use super::{AgencyResult, RunResult, grouped_plan, phrases, plan_rows};
use crate::domain::other_files::OtherFile;
use crate::domain::plan::Plan;
use crate::domain::policy::diff::{PolicyChange, PolicyLine};
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::exit::Exit;
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::text::shown_path;

/// The most changes of a policy that are shown.
const POLICY_WORDS: usize = 40;
/// The most rows of each kind that is left alone or waits: more than fit into a comment.
const QUIET: usize = 1_000;

/// The whole output in at most `most` bytes. `whole` is the file with the full output.
pub fn render_run_result(summary: &RunResult<'_>, most: usize, whole: Option<&Path>) -> String {
    let amount = if most == usize::MAX { DetailLevel::Whole } else { DetailLevel::First };
    let text = render_at_detail_level(summary, most, whole, amount);
    match hides_terminations(&text) {
        true => render_at_detail_level(summary, most, whole, DetailLevel::Names),
        false => text,
    }
}

fn render_at_detail_level(
    summary: &RunResult<'_>,
    most: usize,
    whole: Option<&Path>,
    amount: DetailLevel,
) -> String {
    let is_whole = amount == DetailLevel::Whole;
    let mut parts = vec![RowGroup::new_plain(format!("<!-- arkib {} -->", summary.command))];
    if let Some(ended) = &summary.ended {
        let heading = format!("### arkib: {}\n", check_title(summary, ended));
        parts.push(RowGroup::new_plain(heading));
        parts.extend(problem_rows(summary, is_whole));
        parts.extend(policy_changes(summary.policies));
        parts.extend(other_files(summary.files));
        parts.push(ending_rows(&ended.reason, ended.help.as_ref()));
        let requests = code(&printer::render(&summary.requests_at));
        parts.push(RowGroup::new_plain(text!("comment-requests", requests) + "\n"));
    } else if !summary.findings.is_empty() {
        let count = printer::render(&count_problems(summary.findings));
        parts.push(RowGroup::new_plain(format!("### arkib: {count}\n")));
        parts.extend(problem_rows(summary, is_whole));
    }
    let agencies = summary.runs.iter();
    let is_alone = summary.runs.len() == 1;
    let agency = |run| agency_groups(run, is_alone, &summary.places, amount);
    parts.extend(agencies.flat_map(agency));
    let whole = match whole {
        Some(file) => text!("comment-output-in-file", file = code(&shown_path(file))),
        None => text!("comment-output-of-report"),
    };
    if !is_whole && is_large(summary) {
        parts.push(RowGroup::new_plain(text!("comment-not-all-rows", place = &whole)));
    }
    render_within_limit(&parts, most, &whole)
}

fn problem_rows(summary: &RunResult<'_>, is_whole: bool) -> Option<RowGroup> {
    let rows = list_rows::problem_rows(summary.findings, &summary.places, is_whole);
    RowGroup::new_list("", rows, RowNoun::Problem)
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
    let rows = lines.map(|line| MarkdownRow::new(Rank::Change, line.to_owned()));
    let mut parts = vec![RowGroup::new_plain(format!("<!-- arkib {command} -->"))];
    parts.extend(RowGroup::new_fenced("", "text", rows.collect(), RowNoun::Line));
    render_within_limit(&parts, most, &text!("comment-output-of-json"))
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
        Some(plan) => phrases::headline(plan, run.pull_request.as_ref()),
        None => message!("comment-no-plan"),
    };
    match run.exit {
        Exit::Refused => text!("comment-refused-plan", totals),
        Exit::Failed | Exit::Partly => text!("comment-failed-plan", totals),
        Exit::Done | Exit::Pending | Exit::Usage => printer::render(&totals),
    }
}

fn agency_groups(
    run: &AgencyResult,
    is_alone: bool,
    places: &RepositoryPathResolver,
    amount: DetailLevel,
) -> Vec<RowGroup> {
    let is_whole = amount == DetailLevel::Whole;
    let agency = if is_alone { String::new() } else { format!("{}: ", code(&run.agency)) };
    let mut parts = vec![RowGroup {
        called: RowNoun::Agency,
        ..RowGroup::new_plain(format!("### arkib: {agency}{}\n", heading(run)))
    }];
    parts.extend(refusals(run));
    let rows = list_rows::stale_rows(&run.stale, is_whole);
    let title = format!("**{}**\n\n", text!("comment-saved-plan-outdated"));
    parts.extend(RowGroup::new_list(&title, rows, RowNoun::Reason));
    match (&run.plan, &run.outcomes) {
        (Some(plan), Some(outcomes)) => {
            let rows = list_rows::outcome_rows(plan, outcomes, is_whole);
            parts.extend(RowGroup::new_list("", rows, RowNoun::Outcome));
        }
        (Some(plan), None) if run.stale.is_empty() => {
            let section = Section { places, amount };
            parts.extend(plan_row_groups(run, plan, &section));
        }
        _ => {}
    }
    if let Some(settled) = &run.settled {
        parts.push(RowGroup::new_plain(format!("{}\n", prose(&printer::render(settled)))));
    }
    parts.push(ending_rows(&run.reason, run.help.as_ref()));
    parts.push(RowGroup::new_plain(comparison_summary(run) + "\n"));
    parts
}

/// What was compared, and the numbers that the heading does not have.
fn comparison_summary(run: &AgencyResult) -> String {
    let shard = run.share.map(|share| match share.of_changes {
        Some(count) => text!("comment-shard-of", shard = share.shard.to_string(), count),
        None => text!("plan-shard", shard = share.shard.to_string()),
    });
    let besides = run.plan.as_ref().filter(|_| run.stale.is_empty()).map(|plan| {
        let besides = phrases::plan_besides(plan, run.pull_request.as_ref());
        printer::render(&Message::joined(besides, " · "))
    });
    let about = [
        besides.filter(|besides| !besides.is_empty()),
        Some(code(&run.agency)),
        Some(text!("plan-requests", requests = code(&printer::render(&run.requests_at)))),
        Some(text!("plan-portal", portal = run.portal)),
        run.export.as_ref().map(|export| code(&phrases::export_read(export))),
        run.as_of.map(|day| text!("plan-as-of", day)),
        shard,
        run.plan.as_ref().map(|plan| text!("comment-plan", digest = plan.digest.short())),
    ];
    about.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// How policies change, in the order of `difference`: approvers before long lists.
fn policy_changes(changes: &[PolicyChange]) -> Vec<RowGroup> {
    let parts = changes.iter().filter_map(|(file, words)| {
        let (shown, more) = groups::split_policy_lines(words, POLICY_WORDS);
        let row = |line: &PolicyLine| {
            let text = prose(&printer::render(line.text()));
            match line.is_termination() {
                true => MarkdownRow::new(Rank::Termination, format!("- **{text}**")),
                false => MarkdownRow::new(Rank::Policy, format!("- {text}")),
            }
        };
        let mut rows: Vec<MarkdownRow> = shown.iter().map(row).collect();
        if more > 0 {
            let text = groups::and_more_text(message!("plan-changes", count = more));
            rows.push(MarkdownRow::new(Rank::Policy, format!("- {text}")).with_count(more));
        }
        let title = phrases::policy_change_title(&code(file), words);
        RowGroup::new_list(&format!("**{title}.**\n\n"), rows, RowNoun::PolicyChange)
    });
    parts.collect()
}

/// Other files that a pull request changes.
fn other_files(files: &[OtherFile]) -> Option<RowGroup> {
    let lines = plan_rows::other_file_lines(files).into_iter();
    let rows = lines.map(|(line, count)| {
        MarkdownRow::new(Rank::Policy, format!("- {}", prose(&line))).with_count(count)
    });
    let title = format!("**{}**\n\n", text!("plan-other-files"));
    RowGroup::new_list(&title, rows.collect(), RowNoun::OtherFile)
}

/// The exceeded limits.
fn refusals(run: &AgencyResult) -> Option<RowGroup> {
    let plan = run.plan.as_ref().filter(|_| run.stale.is_empty())?;
    let rows = plan.refusals.iter().map(|refusal| {
        let text = format!("- {}", prose(&printer::render(refusal.describe())));
        MarkdownRow::new(Rank::Trouble, text)
    });
    let title = format!("**{}**\n\n", phrases::limits_title(run.accepted));
    RowGroup::new_list(&title, rows.collect(), RowNoun::Limit)
}

fn plan_row_groups(run: &AgencyResult, plan: &Plan, section: &Section<'_>) -> Vec<RowGroup> {
    let pull_request = run.pull_request.as_ref();
    let most = if section.amount == DetailLevel::Whole { usize::MAX } else { QUIET };
    let mut rows = plan_rows::termination_rows(plan, pull_request);
    rows.extend(plan_rows::enable_and_obstacle_rows(plan, pull_request));
    rows.extend(plan_rows::in_progress_rows(plan));
    rows.extend(plan_rows::side_rows(plan, pull_request, most, run.names_unmanaged));
    let mut parts = section.of_rows(&rows);
    let words = phrases::written_words(&run.words);
    if let Some((title, words)) = words.split_first() {
        let words = words.iter().map(|line| {
            let word = line.trim_start_matches([' ', '!']);
            MarkdownRow::new(Rank::Policy, format!("- {}", prose(word)))
        });
        let title = format!("**{title}**\n\n");
        parts.extend(RowGroup::new_list(&title, words.collect(), RowNoun::Word));
    }
    if let Some(pull_request) = pull_request {
        parts.extend(policy_changes(&pull_request.policies));
        parts.extend(other_files(&pull_request.files));
        let lines = phrases::how_to_approve(plan).into_iter();
        let lines = lines.chain([phrases::outstanding(pull_request)]);
        parts.extend(lines.map(|line| RowGroup::new_plain(prose(&line) + "\n")));
    }
    // What is folded comes last.
    parts.sort_by_key(|part| part.called == RowNoun::OtherRow);
    parts
}

fn ending_rows(reason: &Message, help: Option<&Message>) -> RowGroup {
    let reason = prose(&printer::render(reason));
    let help = help.map(|help| prose(&text!("run-help", help)));
    let lines: Vec<String> = std::iter::once(reason).chain(help).collect();
    RowGroup::new_plain(lines.join("\n\n") + "\n")
}
