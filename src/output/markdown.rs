//! A run as Markdown, for a comment on a pull request, a step's summary or a file.
//!
//! What comes from files and portals stands inside fences longer than any it holds, or as character
//! references inside `<code>`, where neither Markdown, HTML, mentions nor quick actions work. Rows
//! are left out whole, the least important first, and their number is said.

mod fences;

use std::path::Path;

use self::fences::{diff, ended, grouped, lines, plain, problems, row_of};
use super::findings::{count, plural};
use super::groups::{COMMENT, SMALL};
use super::listing;
use super::rows;
use super::sheet::{Part, Rank, Row, lay_out};
use super::{Ended, Reconciled, Told, human};
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
    let mut parts = vec![frame(format!("<!-- arkib {} -->\n", told.command))];
    if let Some(ended) = &told.ended {
        parts.push(frame(format!(
            "### arkib: {}\n\nRequests {}\n\n",
            title(told, ended),
            code(&told.requests_at)
        )));
        policies(told.policies, &mut parts);
        parts.extend(problems(told.findings, is_whole));
        parts.push(ending(ended.exit, &ended.reason, ended.help.as_deref()));
    } else if !told.findings.is_empty() {
        parts.push(frame(format!("### arkib: {}\n\n", count(told.findings))));
        parts.extend(problems(told.findings, is_whole));
    }
    for run in told.runs {
        agency(run, is_whole, &mut parts);
    }
    let whole = match whole {
        Some(file) => format!("the whole is in {}", code(&file.display().to_string())),
        None => "`--report FILE` writes the whole".to_owned(),
    };
    if !is_whole && is_large(told) {
        parts.push(frame(format!("Not all rows are here; {whole}.\n")));
    }
    lay_out(&parts, most, &whole)
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
    let plain = plain(text);
    let rows = plain.lines().map(|line| Row {
        rank: Rank::Change,
        text: line.to_owned(),
        count: 1,
    });
    let parts = [
        frame(format!("<!-- arkib {command} -->\n")),
        Part {
            language: "text",
            rows: rows.collect(),
            called: ("line", "lines"),
            ..Part::default()
        },
    ];
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

fn frame(text: String) -> Part {
    Part {
        before: text,
        called: ("heading", "headings"),
        ..Part::default()
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

fn agency(run: &Reconciled, is_whole: bool, parts: &mut Vec<Part>) {
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
    parts.push(Part {
        called: ("agency", "agencies"),
        ..frame(about + "\n\n")
    });
    let pull_request = run.pull_request.as_ref();
    policies(pull_request.map_or(&[], |told| &told.policies), parts);
    trouble(run, is_whole, parts);
    match (&run.plan, &run.outcomes) {
        (Some(plan), Some(outcomes)) => parts.push(ended(plan, outcomes, is_whole)),
        (Some(plan), None) if run.stale.is_empty() => planned(run, plan, is_whole, parts),
        _ => {}
    }
    if let Some(settled) = &run.settled {
        parts.push(frame(format!("{settled}\n\n")));
    }
    parts.push(ending(run.exit, &run.reason, run.help.as_deref()));
}

/// How policies change: who may approve before long lists, as `difference` has it.
fn policies(changes: &[(String, Vec<String>)], parts: &mut Vec<Part>) {
    for (file, words) in changes {
        let mut rows: Vec<Row> = words
            .iter()
            .take(POLICY_WORDS)
            .map(|word| Row {
                rank: Rank::Policy,
                text: format!("! {}", visible(word)),
                count: 1,
            })
            .collect();
        if words.len() > POLICY_WORDS {
            let more = plural(words.len() - POLICY_WORDS, "change", "changes");
            rows.push(Row {
                rank: Rank::Policy,
                text: format!("! … and {more} more; --format json has them all"),
                count: words.len() - POLICY_WORDS,
            });
        }
        parts.push(Part {
            before: format!("**{} {}.**\n\n", code(file), human::how_it_changes(words)),
            language: "diff",
            rows,
            called: ("change of a policy", "changes of policies"),
            ..Part::default()
        });
    }
}

/// The limits that are exceeded, and why a kept plan no longer holds.
fn trouble(run: &Reconciled, is_whole: bool, parts: &mut Vec<Part>) {
    let row = |text: String| Row {
        rank: Rank::Trouble,
        text,
        count: 1,
    };
    let refusals = run.plan.iter().flat_map(|plan| &plan.refusals);
    let refusals: Vec<Row> = refusals
        .map(|refusal| row(format!("! {}", visible(&refusal.to_string()))))
        .collect();
    if !refusals.is_empty() && run.stale.is_empty() {
        parts.push(Part {
            before: format!("**{}**\n\n", human::about_limits(run.accepted)),
            language: "diff",
            rows: refusals,
            called: ("limit", "limits"),
            ..Part::default()
        });
    }
    let stale: Vec<Row> = if is_whole || run.stale.len() <= SMALL {
        let each = run.stale.iter().map(rows::stale);
        each.map(|line| row(format!("  ! {line}"))).collect()
    } else {
        let lines = listing::stale(&run.stale, COMMENT).into_iter();
        lines
            .map(|line| row_of(Rank::Trouble, &line, false))
            .collect()
    };
    if !stale.is_empty() {
        parts.push(Part {
            before: "**The kept plan no longer holds:**\n\n".to_owned(),
            language: "text",
            rows: stale,
            called: ("reason", "reasons"),
            ..Part::default()
        });
    }
}

fn planned(run: &Reconciled, plan: &Plan, is_whole: bool, parts: &mut Vec<Part>) {
    let told = run.pull_request.as_ref();
    let is_large = !is_whole && listing::size(plan, told) > SMALL;
    let mut quiet = Vec::new();
    let changes = if is_large {
        grouped(listing::plan(plan, told, COMMENT))
    } else {
        let mut changes = rows::changes(plan);
        changes.extend(told.map(rows::prevented).unwrap_or_default());
        quiet = rows::in_progress(plan);
        lines(changes)
    };
    let most = if is_whole { usize::MAX } else { QUIET };
    quiet.extend(told.map_or_else(Vec::new, |told| rows::met(told, most)));
    quiet.extend(rows::waiting(plan, most));
    if !changes.is_empty() {
        parts.push(Part {
            language: "diff",
            rows: changes,
            called: ("change", "changes"),
            ..Part::default()
        });
    }
    if let Some(told) = &run.pull_request {
        parts.push(frame(format!("{}\n\n", human::otherwise(told))));
    }
    let details = |title: String, language, rows, called| Part {
        before: format!("<details><summary>{title}</summary>\n\n"),
        language,
        rows,
        after: "</details>\n\n".to_owned(),
        called,
    };
    if !quiet.is_empty() {
        let count: usize = quiet.iter().map(|row| row.count).sum();
        let title = format!("Left alone or waiting: {count}");
        parts.push(details(
            title,
            "text",
            lines(quiet),
            ("other row", "other rows"),
        ));
    }
    // Of a large plan each request is named with its file above its rows.
    let diffs = if is_large { &[][..] } else { &plan.changes };
    let diffs: Vec<Row> = diffs
        .iter()
        .map(|change| Row {
            rank: Rank::Detail,
            text: diff(change),
            count: 1,
        })
        .collect();
    if !diffs.is_empty() {
        let title = "Where each change is asked for".to_owned();
        parts.push(details(title, "diff", diffs, ("diff", "diffs")));
    }
}

fn ending(exit: Exit, reason: &str, help: Option<&str>) -> Part {
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || " .,:;-".contains(c))
    };
    let mut part = frame(String::new());
    let mut said: Vec<String> = Vec::new();
    if matches!(exit, Exit::Done | Exit::Pending) && is_plain(reason) {
        part.before = format!("{reason}\n\n");
    } else {
        said.push(visible(reason).into_owned());
    }
    said.extend(help.map(|help| format!("help: {}", visible(help))));
    let row = |text| Row {
        rank: Rank::Frame,
        text,
        count: 1,
    };
    Part {
        language: "text",
        rows: said.into_iter().map(row).collect(),
        ..part
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
