//! A run as Markdown, for a comment on a pull request, a step's summary or a file.
//!
//! What comes from files and portals stands inside fences longer than any it holds, or as character
//! references inside `<code>`, where neither Markdown, HTML, mentions nor quick actions work. Rows
//! are left out whole, and their number is said.

use std::path::Path;

use super::findings::{count, plural};
use super::rows::{self, Kind, Row};
use super::table::align;
use super::{Ended, Reconciled, Told, human};
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::plan::Change;
use crate::visible::visible;

/// What is kept free for the end of an agency's part.
const RESERVE: usize = 1_500;

/// Everything, in at most so many characters. `whole` names the file that holds what is left out.
pub fn told(told: &Told<'_>, most: usize, whole: Option<&Path>) -> String {
    let mut sheet = Sheet::new(most);
    sheet.line(&format!("<!-- arkib {} -->", told.command));
    if let Some(ended) = &told.ended {
        sheet.line(&format!("### arkib: {}\n", title(told, ended)));
        sheet.line(&format!("Requests {}\n", code(&told.requests_at)));
        sheet.policies(told.policies);
        sheet.findings(told.findings);
        sheet.ending(ended.exit, &ended.reason, ended.help.as_deref());
    }
    if !told.runs.is_empty() && !told.findings.is_empty() {
        sheet.line(&format!("### arkib: {}\n", count(told.findings)));
        sheet.findings(told.findings);
    }
    for (index, run) in told.runs.iter().enumerate() {
        let share = sheet.left() / (told.runs.len() - index);
        let mut part = Sheet::new(share);
        part.agency(run);
        sheet.take(part);
    }
    if sheet.left_out > 0 {
        let rows = plural(sheet.left_out, "row is", "rows are");
        let place = match whole {
            Some(file) => format!("the whole is in {}", code(&file.display().to_string())),
            None => "`--report FILE` writes the whole".to_owned(),
        };
        sheet.line(&format!("**{rows} left out here; {place}.**"));
    }
    sheet.text
}

/// A text for people as it is, in a fence.
pub fn text(command: &str, text: &str) -> String {
    let rows: Vec<String> = plain(text).lines().map(str::to_owned).collect();
    let mut sheet = Sheet::new(usize::MAX);
    sheet.line(&format!("<!-- arkib {command} -->"));
    sheet.block("text", &rows);
    sheet.text
}

fn title(told: &Told<'_>, ended: &Ended) -> String {
    match (told.findings, ended.exit) {
        ([], Exit::Done) => "no problems".to_owned(),
        ([], _) => "it did not come to an end".to_owned(),
        (found, _) => count(found),
    }
}

/// Text under construction that does not grow beyond its limit.
struct Sheet {
    text: String,
    used: usize,
    most: usize,
    left_out: usize,
}

impl Sheet {
    fn new(most: usize) -> Self {
        Self {
            text: String::new(),
            used: 0,
            most,
            left_out: 0,
        }
    }

    /// The characters that are left, but for the reserve.
    fn left(&self) -> usize {
        self.most.saturating_sub(self.used + RESERVE)
    }

    fn line(&mut self, line: &str) {
        self.used += line.chars().count() + 1;
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn take(&mut self, other: Self) {
        self.used += other.used;
        self.text.push_str(&other.text);
        self.left_out += other.left_out;
    }

    /// Rows in a fence, as many as there is room for.
    fn block(&mut self, language: &str, rows: &[String]) {
        let fence = fence(rows);
        let mut shown = String::new();
        let mut room = self.left().saturating_sub(2 * fence.len() + 20);
        let mut count = 0;
        for row in rows {
            let length = row.chars().count() + 1;
            if length > room {
                break;
            }
            room -= length;
            count += 1;
            shown.push_str(row);
            shown.push('\n');
        }
        self.left_out += rows.len() - count;
        if count > 0 {
            self.line(&format!("{fence}{language}"));
            self.used += shown.chars().count();
            self.text.push_str(&shown);
            self.line(&format!("{fence}\n"));
        }
    }

    /// Rows that are folded away under a title.
    fn details(&mut self, title: &str, language: &str, rows: &[String]) {
        if rows.is_empty() {
            return;
        }
        let room = title.len() + 60;
        if self.left() < room + rows[0].chars().count() + 40 {
            self.left_out += rows.len();
            return;
        }
        self.line(&format!("<details><summary>{title}</summary>\n"));
        self.block(language, rows);
        self.line("</details>\n");
    }

    fn findings(&mut self, found: &[Finding]) {
        let rows: Vec<String> = found
            .iter()
            .map(|finding| {
                let word = match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                };
                format!(
                    "{}: {word}[{}]: {}\n  help: {}",
                    finding.place(),
                    finding.kind,
                    visible(&finding.message),
                    visible(&finding.help)
                )
            })
            .collect();
        if !rows.is_empty() {
            self.block("text", &rows);
        }
    }

    fn agency(&mut self, run: &Reconciled) {
        let title = match &run.plan {
            Some(plan) => human::title(plan, run.pull_request.as_ref()),
            None => "no plan".to_owned(),
        };
        self.line(&format!("### arkib: {title}\n"));
        let mut about = format!(
            "{} · requests {} · portal {}",
            code(&run.agency),
            code(&run.requests_at),
            run.portal
        );
        if let Some(day) = run.as_of {
            about.push_str(&format!(" · as of {day}"));
        }
        if let Some(plan) = &run.plan {
            about.push_str(&format!(" · plan {}", plan.digest.short()));
        }
        self.line(&format!("{about}\n"));
        if let Some(told) = &run.pull_request {
            self.policies(&told.policies);
        }
        if let (Some(plan), None) = (&run.plan, &run.outcomes) {
            let refusals: Vec<String> = plan
                .refusals
                .iter()
                .map(|refusal| format!("! {}", visible(&refusal.to_string())))
                .collect();
            if !refusals.is_empty() {
                self.line("**This plan will not run by itself:**\n");
                self.block("diff", &refusals);
            }
        }
        let stale: Vec<String> = human::stale(run).lines().map(plain).collect();
        if !stale.is_empty() {
            self.line("**The kept plan no longer holds:**\n");
            self.block("text", &stale);
        }
        self.plan(run);
        self.outcomes(run);
        self.ending(run.exit, &run.reason, run.help.as_deref());
    }

    fn policies(&mut self, changes: &[(String, Vec<String>)]) {
        for (file, words) in changes {
            self.line(&format!(
                "**{} changes;** until that is merged, the one there is counts.\n",
                code(file)
            ));
            let rows: Vec<String> = words
                .iter()
                .map(|word| format!("! {}", visible(word)))
                .collect();
            self.block("diff", &rows);
        }
    }

    fn plan(&mut self, run: &Reconciled) {
        let Some(plan) = &run.plan else { return };
        let mut changes = rows::changes(plan);
        let mut quiet = rows::in_progress(plan);
        if let Some(told) = &run.pull_request {
            let (prevented, met) = rows::besides(told);
            changes.extend(prevented);
            quiet.extend(met);
        }
        quiet.extend(rows::waiting(plan));
        if run.stale.is_empty() {
            self.block("diff", &lines(changes));
        }
        if let Some(told) = &run.pull_request {
            self.line(&format!("{}\n", human::otherwise(told)));
        }
        if run.outcomes.is_none() && run.stale.is_empty() {
            let title = format!("Left alone or waiting: {}", quiet.len());
            self.details(&title, "text", &lines(quiet));
            let diffs: Vec<String> = plan.changes.iter().map(diff).collect();
            self.details("Where each change is asked for", "diff", &diffs);
        }
    }

    fn outcomes(&mut self, run: &Reconciled) {
        let (Some(plan), Some(outcomes)) = (&run.plan, &run.outcomes) else {
            return;
        };
        let text = plain(&human::outcomes(plan, outcomes));
        let rows: Vec<String> = text
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| line.trim_start().to_owned())
            .collect();
        self.block("text", &rows);
    }

    fn ending(&mut self, exit: Exit, reason: &str, help: Option<&str>) {
        let is_plain = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_alphanumeric() || " .,:;-".contains(c))
        };
        let is_good = matches!(exit, Exit::Done | Exit::Pending);
        let mut rows = Vec::new();
        if is_good && is_plain(reason) {
            self.line(&format!("{reason}\n"));
        } else {
            rows.extend(visible(reason).lines().map(str::to_owned));
        }
        rows.extend(help.map(|help| format!("help: {}", visible(help))));
        // The reserve is for this.
        let kept = std::mem::replace(&mut self.most, usize::MAX);
        if !rows.is_empty() {
            self.block("text", &rows);
        }
        self.most = kept;
    }
}

/// Rows as lines, lined up.
fn lines(rows: Vec<Row>) -> Vec<String> {
    let kinds: Vec<Kind> = rows.iter().map(|row| row.kind).collect();
    let cells: Vec<[String; 4]> = rows.into_iter().map(|row| row.cells).collect();
    align(&cells)
        .into_iter()
        .zip(kinds)
        // In a diff block `!` and ` ` lines stand out or not; a prevented change is a warning, too.
        .map(|(line, kind)| match kind {
            Kind::Prevented => format!("! {line}"),
            _ => line,
        })
        .collect()
}

/// The diff of a change, whose signs must come first in a line to be seen.
fn diff(change: &Change) -> String {
    let text = plain(&human::diff(change));
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    lines.join("\n")
}

/// A text of the human report without its colours.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text)
        .to_string()
        .trim_end()
        .to_owned()
}

/// A fence longer than any row of backticks in the rows.
fn fence(rows: &[String]) -> String {
    let longest = rows
        .iter()
        .flat_map(|row| row.split(|character| character != '`'))
        .map(str::len)
        .max()
        .unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
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
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence(&["plain".into()]), "```");
        assert_eq!(fence(&["a ```` b".into(), "`".into()]), "`````");
    }

    #[test]
    fn code_holds_nothing_that_means_something() {
        assert_eq!(code("a <b>@x`"), "<code>a &#60;b&#62;&#64;x&#96;</code>");
        assert!(
            !code("](javascript:x)\n/close #1 \u{202e}").contains(['\n', '#', ']'].as_slice())
                || code("#").contains("&#35;")
        );
    }

    #[test]
    fn rows_are_left_out_whole_and_counted() {
        let rows: Vec<String> = (0..100).map(|n| format!("{n:0>50}")).collect();
        let mut sheet = Sheet::new(RESERVE + 1_000);
        sheet.block("diff", &rows);
        assert!(sheet.used <= 1_000, "{}", sheet.used);
        assert_eq!(sheet.used, sheet.text.chars().count());
        let shown = sheet.text.lines().filter(|line| line.len() == 50).count();
        assert_eq!(shown + sheet.left_out, 100);
        assert!(shown > 15, "only {shown}");
    }
}
