//! Findings for people: the line, the problem, and what to do.

use std::cmp::Reverse;
use std::collections::HashSet;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::groups;
use super::groups::{Group, PROBLEMS, SMALL};
use crate::finding::{Finding, Severity};
use crate::language::Message;
use crate::printer;
use crate::printer::{text, wrap};
use crate::text::{escape, excerpt};

/// The longest part of a source line that is shown.
const LONGEST_LINE: usize = 200;
/// The columns before a help, without its name: the number of a line, and ` = : `.
const HELP_BEGINS: usize = 10;

/// Every finding with its snippet; if there are very many, the first of each kind, and their numbers.
pub fn render_findings(findings: &[Finding]) -> String {
    let columns = printer::columns();
    let renderer = Renderer::styled().term_width(columns.min(LONGEST_LINE));
    let snippet = |finding: &Finding| render_finding(finding, &renderer, columns) + "\n\n";
    if findings.len() <= SMALL {
        return findings.iter().map(snippet).collect();
    }
    let mut text = String::new();
    for group in first_of_each_kind(findings) {
        text.extend(group.items.iter().copied().map(snippet));
        if group.hidden_count() > 0 {
            let (more, (_, kind)) = (group.hidden_count(), group.key);
            text.push_str(&text!("finding-more-of-kind", more, kind));
            text.push_str("\n\n");
        }
    }
    text.push_str(&text!("finding-totals"));
    text.push('\n');
    for Group { key: (severity, kind), items, .. } in groups::group_by(findings, severity_and_kind)
    {
        let severity = Message::from_word(severity.as_str());
        let (count, files) = (items.len(), count_files(items));
        let line = text!("finding-total", count, kind, severity, files);
        text.push_str(&format!("  {line}\n"));
    }
    text + "\n"
}

/// The first findings of each kind: errors, then warnings; the most frequent kind first.
pub(super) fn first_of_each_kind(findings: &[Finding]) -> Vec<FindingGroup<'_>> {
    let mut groups = groups::group_by(findings, severity_and_kind);
    // A single finding of its kind is also a group: there are not many kinds, and a warning among a
    // thousand errors must be visible.
    let each = (PROBLEMS / groups.len().max(1)).max(1);
    groups.sort_by_key(|group| (group.key.0, Reverse(group.count)));
    for group in &mut groups {
        group.items.truncate(each);
    }
    groups
}

/// The severity and the kind.
type Kind = (Severity, &'static str);

/// Findings of one kind.
pub(super) type FindingGroup<'a> = Group<Kind, &'a Finding>;

fn severity_and_kind(finding: &&Finding) -> Kind {
    (finding.severity, finding.kind)
}

/// The number of files.
fn count_files<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> usize {
    let files = findings.into_iter().map(|finding| &*finding.file);
    files.collect::<HashSet<&str>>().len()
}

/// "3 problems in 2 files".
pub fn count_problems(findings: &[Finding]) -> Message {
    message!("finding-problems", count = findings.len(), files = count_files(findings))
}

fn render_finding(finding: &Finding, renderer: &Renderer, columns: usize) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let severity = printer::render(&Message::from_word(finding.severity.as_str()));
    let help_name = text!("finding-help");
    let (message, help) = (printer::render(&finding.message), printer::render(&finding.help));
    // What stands before them: `warning[…]: `, and the number of a line and ` = help: `.
    let before = "warning[]: ".len() + finding.kind.len();
    let message = wrap(&escape(&message), columns.saturating_sub(before), 0);
    let help = wrap(&escape(&help), columns.saturating_sub(HELP_BEGINS + help_name.len()), 0);
    let file = escape(&finding.file);
    let title = level.with_name(severity.as_str()).primary_title(message.as_str()).id(finding.kind);
    let source = finding.source_line.as_deref();
    let line = source.map(|line| MarkedLine::new(line, finding));
    let group = match (&line, finding.position) {
        (Some(line), Some(at)) => title.element(
            Snippet::source(line.shown.as_str())
                .path(file.as_ref())
                .line_start(at.line)
                .annotation(AnnotationKind::Primary.span(line.from..line.to)),
        ),
        _ => title.element(Origin::path(file.as_ref())),
    };
    renderer
        .render(&[group.element(Level::HELP.with_name(help_name.as_str()).message(help.as_str()))])
}

/// A source line that is safe to show, and the bytes of it to mark.
struct MarkedLine {
    shown: String,
    from: usize,
    to: usize,
}

impl MarkedLine {
    fn new(line: &str, finding: &Finding) -> Self {
        let (column, length) = finding.position.map_or((1, 0), |at| (at.column, at.length));
        let before: String = line.chars().take(column - 1).collect();
        let meant: String = line.chars().skip(column - 1).take(length.max(1)).collect();
        let after: String = line.chars().skip(column - 1 + length.max(1)).collect();
        // A tab is drawn as four columns and would shift the marks; positions count it as one.
        let shown = |part: &str| escape(&part.replace('\t', " ")).into_owned();
        let (before, meant) = (shown(&before), excerpt(&meant, LONGEST_LINE));
        let from = before.len();
        let to = from + meant.len();
        let rest = excerpt(&after, LONGEST_LINE.saturating_sub(before.chars().count()));
        Self { shown: format!("{before}{meant}{rest}"), from, to }
    }
}
