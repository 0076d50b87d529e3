//! Findings for people: the line, what is wrong with it, what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::finding::{Finding, Severity};
use crate::visible::{excerpt, visible};

/// The longest part of a source line that is shown.
const LONGEST_LINE: usize = 200;

/// Every finding with its snippet.
pub fn human(findings: &[Finding]) -> String {
    let mut text = String::new();
    let renderer = Renderer::styled();
    for finding in findings {
        text.push_str(&one(finding, &renderer));
        text.push_str("\n\n");
    }
    text
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
