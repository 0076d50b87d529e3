//! Findings for people: the line, what is wrong with it, what to do.

use std::cmp::Reverse;
use std::collections::HashSet;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::groups;
use super::groups::{PROBLEMS, SMALL};
use crate::finding::{Finding, Severity};
use crate::text::{excerpt, visible};

/// The longest part of a source line that is shown.
const LONGEST_LINE: usize = 200;

/// Every finding with its snippet; of very many the first of each kind, and how many there are.
pub fn human(findings: &[Finding]) -> String {
    let mut text = String::new();
    let renderer = Renderer::styled();
    if findings.len() > SMALL {
        return by_kind(findings, &renderer);
    }
    for finding in findings {
        text.push_str(&one(finding, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// The first findings of each kind, errors first, and what all come to.
fn by_kind(findings: &[Finding], renderer: &Renderer) -> String {
    let mut text = String::new();
    let grouped = groups::by(findings, kind);
    let totals: Vec<String> = grouped.iter().map(|it| total(it.key, &it.items)).collect();
    for shown in shares(grouped) {
        for finding in &shown.items {
            text.push_str(&one(finding, renderer));
            text.push_str("\n\n");
        }
        if shown.more() > 0 {
            text.push_str(&format!("… and {} more {}\n\n", shown.more(), shown.key.1));
        }
    }
    text.push_str("All of them, by kind (--format json has each):\n");
    for line in totals {
        text.push_str(&format!("  {line}\n"));
    }
    text.push('\n');
    text
}

/// The first findings of each kind: errors, then warnings; of each the commonest first.
pub(super) fn first(findings: &[Finding]) -> Vec<Alike<'_>> {
    shares(groups::by(findings, kind))
}

fn shares(grouped: Vec<Alike<'_>>) -> Vec<Alike<'_>> {
    // One that is alone of its kind is a group, too: there are not many kinds, and a warning among
    // a thousand errors is to be seen.
    let each = (PROBLEMS / grouped.len().max(1)).max(1);
    let mut shown = grouped;
    shown.sort_by_key(|group| (group.key.0, Reverse(group.count)));
    for group in &mut shown {
        group.items.truncate(each);
    }
    shown
}

/// How grave, and of which kind.
type Kind = (Severity, &'static str);

/// Findings of one kind.
pub(super) type Alike<'a> = groups::Group<Kind, &'a Finding>;

fn kind(finding: &&Finding) -> Kind {
    (finding.severity, finding.kind)
}

/// `412 foreign-domain (error) in 300 files`.
fn total((severity, kind): Kind, findings: &[&Finding]) -> String {
    let files: HashSet<&str> = findings.iter().map(|finding| &*finding.file).collect();
    format!(
        "{} {kind} ({}) in {}",
        findings.len(),
        severity.as_str(),
        plural(files.len(), "file", "files")
    )
}

/// "3 problems in 2 files".
pub fn count(findings: &[Finding]) -> String {
    let mut files: Vec<&str> = findings.iter().map(|finding| &*finding.file).collect();
    files.sort_unstable();
    files.dedup();
    format!(
        "{} in {}",
        plural(findings.len(), "problem", "problems"),
        plural(files.len(), "file", "files")
    )
}

/// "1 file", "2 files".
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn one(finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = visible(&finding.message);
    let help = visible(&finding.help);
    let file = visible(&finding.file);
    let title = level.primary_title(message.as_ref()).id(finding.kind);
    let line = finding
        .source_line
        .as_deref()
        .map(|line| Line::new(line, finding));
    let group: Group<'_> = match (&line, finding.position) {
        (Some(line), Some(at)) => title.element(
            Snippet::source(line.shown.as_str())
                .path(file.as_ref())
                .line_start(at.line)
                .annotation(AnnotationKind::Primary.span(line.from..line.to)),
        ),
        _ => title.element(Origin::path(file.as_ref())),
    };
    renderer.render(&[group.element(Level::HELP.message(help.as_ref()))])
}

/// A source line as it can be shown, and the bytes of it that are meant.
struct Line {
    shown: String,
    from: usize,
    to: usize,
}

impl Line {
    fn new(line: &str, finding: &Finding) -> Self {
        let (column, length) = finding.position.map_or((1, 0), |at| (at.column, at.length));
        let before: String = line.chars().take(column - 1).collect();
        let meant: String = line.chars().skip(column - 1).take(length.max(1)).collect();
        let after: String = line.chars().skip(column - 1 + length.max(1)).collect();
        // A tab would be drawn as four columns and shift the marks; positions count it as one.
        let shown = |part: &str| visible(&part.replace('\t', " ")).into_owned();
        let (before, meant) = (shown(&before), excerpt(&meant, LONGEST_LINE));
        let from = before.len();
        let to = from + meant.len();
        let rest = excerpt(&after, LONGEST_LINE.saturating_sub(before.chars().count()));
        Self {
            shown: format!("{before}{meant}{rest}"),
            from,
            to,
        }
    }
}
