//! The output for a GitHub Actions job: annotations at the lines of the files, then the text for
//! people, quoted so that the runner executes no commands in it.

use super::annotations;
use super::annotations::{Annotation, AnnotationLevel};
use super::{RunResult, human};
use crate::hash::sha256;
use crate::printer;
use crate::text::escape;

/// The whole output.
pub fn render_run_result(summary: &RunResult<'_>) -> String {
    let notes = annotations::first_of_each_level(
        annotations::collect_annotations(summary, printer::language()),
        annotations::SHOWN,
        printer::language(),
    );
    let mut text: String = notes.iter().map(annotation_command).collect();
    text.push_str(&quote_commands(&human::render_run_result(summary)));
    text
}

/// Disables the older form of commands, which the runner finds anywhere in a line.
fn disarm_commands(text: &str) -> String {
    text.replace("##[", "##\u{200a}[")
}

/// Quotes a text in which the runner must execute no commands. The token is the hash of the text,
/// which the text cannot contain.
fn quote_commands(text: &str) -> String {
    let text = disarm_commands(text);
    let token = &sha256(text.as_bytes())[..32];
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("::stop-commands::{token}\n{text}{end}::{token}::\n")
}

/// `::error file=…,line=…,title=…::message`, every part escaped as the runner unescapes it; of a file or
/// of none.
fn annotation_command(note: &Annotation) -> String {
    let level = match note.level {
        AnnotationLevel::Error => "error",
        AnnotationLevel::Warning => "warning",
        AnnotationLevel::Info => "notice",
    };
    let column = note.column.map_or(String::new(), |column| format!(",col={column}"));
    let place = match note.is_of_file {
        true => {
            format!("file={},line={}{column},", escape_property(&escape(&note.file)), note.line)
        }
        false => String::new(),
    };
    let text = note.text();
    let lines: Vec<_> = text.lines().map(escape).collect();
    format!(
        "::{level} {place}title={}::{}\n",
        escape_property(&escape(&note.kind)),
        escape_data(&lines.join("\n"))
    )
}

fn escape_data(text: &str) -> String {
    disarm_commands(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_stays_one_command() {
        let text = annotation_command(&Annotation {
            level: AnnotationLevel::Error,
            kind: "x::y".into(),
            file: "a,line=9::b\n.yaml".into(),
            line: 3,
            column: Some(5),
            message: "50 %\n::set-env name=A::b ##[error]".into(),
            help: None,
            is_of_file: true,
        });
        assert_eq!(
            text,
            "::error file=a%2Cline=9%3A%3Ab␊.yaml,line=3,col=5,title=x%3A%3Ay::50 %25%0A::set-env name=A::b ##\u{200a}[error]\n"
        );
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn quotes_text_so_it_is_no_command() {
        let text = quote_commands("::add-mask::x\n##[error]y\n");
        let token = text.lines().next().unwrap().trim_start_matches("::stop-commands::");
        assert_eq!(text.lines().last(), Some(format!("::{token}::").as_str()));
        assert_eq!(token.len(), 32);
        assert!(!text.contains("##["), "{text}");
    }
}
