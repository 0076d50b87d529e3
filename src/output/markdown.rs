//! A run as Markdown, for a comment on a pull request, a step's summary or a file.
//!
//! What comes from files and portals stands inside fences longer than any it holds, or as character
//! references inside `<code>`, where neither Markdown, HTML, mentions nor quick actions work. Rows
//! are left out whole, the least important first, and their number is said.

mod fences;

use std::path::Path;

use super::findings::{count, plural};
use super::groups;
use super::groups::{COMMENT, SMALL};
use super::sheet::{Part, Rank, Row, lay_out};
use super::{Ended, Reconciled, Told};
use super::{human, lines, listing, rows};
use crate::domain::plan::Plan;
use crate::exit::Exit;
use crate::text::visible;

/// How many changes of a policy are shown one by one.
const POLICY_WORDS: usize = 40;
/// How many rows are made of each kind that is left alone or waits: more than fit into a comment.
const QUIET: usize = 1_000;

/// Everything, in at most so many bytes. `whole` names the file that holds what is left out.
pub fn told(told: &Told<'_>, most: usize, whole: Option<&Path>) -> String {
    let is_whole = most == usize::MAX;
    let mut parts = vec![Part::frame(format!("<!-- arkib {} -->\n", told.command))];
    if let Some(ended) = &told.ended {
        parts.push(Part::frame(format!(
            "### arkib: {}\n\nRequests {}\n\n",
            title(told, ended),
            code(&told.requests_at)
        )));
        parts.extend(policies(told.policies));
        parts.extend(problems(told, is_whole));
        parts.push(ending(ended.exit, &ended.reason, ended.help.as_deref()));
    } else if !told.findings.is_empty() {
        parts.push(Part::frame(format!(
            "### arkib: {}\n\n",
            count(told.findings)
        )));
        parts.extend(problems(told, is_whole));
    }
    let agencies = told.runs.iter();
    parts.extend(agencies.flat_map(|run| agency(run, is_whole)));
    let whole = match whole {
        Some(file) => format!("the whole is in {}", code(&file.display().to_string())),
        None => "`--report FILE` writes the whole".to_owned(),
    };
    if !is_whole && is_large(told) {
        parts.push(Part::frame(format!("Not all rows are here; {whole}.\n")));
    }
    lay_out(&parts, most, &whole)
}

fn problems(told: &Told<'_>, is_whole: bool) -> Option<Part> {
    let rows = fences::problems(told.findings, is_whole);
    Part::fence(String::new(), "text", rows, ("problem", "problems"))
}

/// Whether anything is grouped, of which only the first rows are shown.
fn is_large(told: &Told<'_>) -> bool {
    let sizes = told.runs.iter().map(|run| {
        let plan = run.plan.as_ref();
        let plan = plan.map_or(0, |plan| listing::size(plan, run.pull_request.as_ref()));
        plan.max(run.stale.len())
    });
    sizes.chain([told.findings.len()]).any(|size| size > SMALL)
}

/// A text for people as it is, in a fence, in at most so many bytes.
pub fn text(command: &str, text: &str, most: usize) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    let lines = plain.trim_end().lines();
    let rows = lines.map(|line| Row::new(Rank::Change, line.to_owned()));
    let mut parts = vec![Part::frame(format!("<!-- arkib {command} -->\n"))];
    let called = ("line", "lines");
    parts.extend(Part::fence(String::new(), "text", rows.collect(), called));
    lay_out(&parts, most, "`--format json` has the whole")
}

fn title(told: &Told<'_>, ended: &Ended) -> String {
    match (told.findings, ended.exit) {
        ([], Exit::Done) => "no problems".to_owned(),
        ([], Exit::Refused) => "refused".to_owned(),
        ([], _) => "it did not come to an end".to_owned(),
        (found, _) => count(found),
    }
}

/// What the run comes to, for its heading.
fn heading(run: &Reconciled) -> String {
    if let Some(outcomes) = &run.outcomes {
        return human::tally(outcomes);
    }
    if !run.stale.is_empty() {
        return "refused, the kept plan no longer holds".to_owned();
    }
    let planned = match &run.plan {
        Some(plan) => human::title(plan, run.pull_request.as_ref()),
        None => "no plan".to_owned(),
    };
    match run.exit {
        Exit::Refused => format!("refused: {planned}"),
        Exit::Failed | Exit::Partly => format!("failed: {planned}"),
        Exit::Done | Exit::Pending | Exit::Usage => planned,
    }
}

fn agency(run: &Reconciled, is_whole: bool) -> Vec<Part> {
    let mut about = format!(
        "### arkib: {}\n\n{} · requests {} · portal {}",
        heading(run),
        code(&run.agency),
        code(&run.requests_at),
        run.portal
    );
    if let Some(seen) = &run.report {
        about.push_str(&format!(" · {}", code(&human::report(seen))));
    }
    if let Some(day) = run.as_of {
        about.push_str(&format!(" · as of {day}"));
    }
    if let Some(share) = run.share {
        about.push_str(&format!(" · shard {}", share.shard));
        if let Some(whole) = share.of_changes {
            about.push_str(&format!(" of a plan of {whole}"));
        }
    }
    if let Some(plan) = &run.plan {
        about.push_str(&format!(" · plan {}", plan.digest.short()));
    }
    let mut parts = vec![Part {
        called: ("agency", "agencies"),
        ..Part::frame(about + "\n\n")
    }];
    if let Some(told) = &run.pull_request {
        parts.extend(policies(&told.policies));
    }
    parts.extend(refusals(run));
    let rows = fences::stale(&run.stale, is_whole);
    let title = "**The kept plan no longer holds:**\n\n".to_owned();
    parts.extend(Part::fence(title, "text", rows, ("reason", "reasons")));
    match (&run.plan, &run.outcomes) {
        (Some(plan), Some(outcomes)) => {
            let rows = fences::outcomes(plan, outcomes, is_whole);
            let called = ("outcome", "outcomes");
            parts.extend(Part::fence(String::new(), "text", rows, called));
        }
        (Some(plan), None) if run.stale.is_empty() => parts.extend(planned(run, plan, is_whole)),
        _ => {}
    }
    if let Some(settled) = &run.settled {
        parts.push(Part::frame(format!("{settled}\n\n")));
    }
    parts.push(ending(run.exit, &run.reason, run.help.as_deref()));
    parts
}

/// How policies change: who may approve before long lists, as `difference` has it.
fn policies(changes: &[(String, Vec<String>)]) -> Vec<Part> {
    let parts = changes.iter().filter_map(|(file, words)| {
        let (shown, count) = groups::first(words, POLICY_WORDS);
        let row = |text: &str| Row::new(Rank::Policy, format!("! {text}"));
        let mut rows: Vec<Row> = shown.iter().map(|word| row(&visible(word))).collect();
        if count > 0 {
            let more = groups::and_more(plural(count, "change", "changes"));
            rows.push(Row {
                count,
                ..row(&more)
            });
        }
        let title = format!("**{} {}.**\n\n", code(file), human::how_it_changes(words));
        Part::fence(
            title,
            "diff",
            rows,
            ("change of a policy", "changes of policies"),
        )
    });
    parts.collect()
}

/// The limits that are exceeded.
fn refusals(run: &Reconciled) -> Option<Part> {
    let plan = run.plan.as_ref().filter(|_| run.stale.is_empty())?;
    let rows = plan.refusals.iter().map(|refusal| {
        let text = format!("! {}", visible(&refusal.to_string()));
        Row::new(Rank::Trouble, text)
    });
    let title = format!("**{}**\n\n", human::about_limits(run.accepted));
    Part::fence(title, "diff", rows.collect(), ("limit", "limits"))
}

fn planned(run: &Reconciled, plan: &Plan, is_whole: bool) -> Vec<Part> {
    let told = run.pull_request.as_ref();
    let is_large = !is_whole && listing::size(plan, told) > SMALL;
    let mut quiet = Vec::new();
    let changes = if is_large {
        listing::plan(plan, told, COMMENT)
    } else {
        let mut changes = rows::changes(plan);
        changes.extend(told.map(rows::prevented).unwrap_or_default());
        quiet = rows::in_progress(plan);
        lines::singles(&changes)
    };
    let most = if is_whole { usize::MAX } else { QUIET };
    quiet.extend(told.map_or_else(Vec::new, |told| rows::met(told, most)));
    quiet.extend(rows::waiting(plan, most));
    let mut parts = Vec::new();
    let changes = fences::planned(&changes);
    parts.extend(Part::fence(
        String::new(),
        "diff",
        changes,
        ("change", "changes"),
    ));
    if let Some(told) = told {
        parts.push(Part::frame(format!("{}\n\n", human::otherwise(told))));
    }
    let details = |title: &str, language, rows, called| {
        let before = format!("<details><summary>{title}</summary>\n\n");
        Part::fence(before, language, rows, called).map(|part| Part {
            after: "</details>\n\n".to_owned(),
            ..part
        })
    };
    let count: usize = quiet.iter().map(|row| row.count).sum();
    let title = format!("Left alone or waiting: {count}");
    let quiet = fences::planned(&lines::singles(&quiet));
    parts.extend(details(&title, "text", quiet, ("other row", "other rows")));
    // Of a large plan each request is named with its file above its rows.
    let diffs = if is_large { &[][..] } else { &plan.changes };
    let diffs = diffs.iter().map(|change| {
        let lines = rows::diff(change).map(|(_, line)| line);
        Row::new(Rank::Detail, lines.join("\n"))
    });
    let title = "Where each change is asked for";
    parts.extend(details(title, "diff", diffs.collect(), ("diff", "diffs")));
    parts
}

fn ending(exit: Exit, reason: &str, help: Option<&str>) -> Part {
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || " .,:;-".contains(c))
    };
    let help = help.map(|help| format!("help: {}", visible(help)));
    let is_good = matches!(exit, Exit::Done | Exit::Pending);
    let (before, said) = if is_good && is_plain(reason) {
        (format!("{reason}\n\n"), None)
    } else {
        (String::new(), Some(visible(reason).into_owned()))
    };
    let rows = said.into_iter().chain(help);
    Part {
        language: "text",
        rows: rows.map(|text| Row::new(Rank::Frame, text)).collect(),
        ..Part::frame(before)
    }
}

/// Text as code, in which every character that could mean something is a reference to itself.
fn code(text: &str) -> String {
    let mut shown = String::from("<code>");
    for character in visible(text).chars() {
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
    fn code_holds_nothing_that_means_something() {
        assert_eq!(code("a <b>@x`"), "<code>a &#60;b&#62;&#64;x&#96;</code>");
        let hostile = code("](javascript:x)\n/close #1 \u{202e}");
        let inner = hostile
            .trim_start_matches("<code>")
            .trim_end_matches("</code>");
        let is_reference = |c: char| c.is_alphanumeric() || " &#;".contains(c);
        assert!(inner.chars().all(is_reference), "{inner}");
    }
}
