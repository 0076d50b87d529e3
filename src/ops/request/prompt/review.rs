//! The whole request before it is written: shown, confirmed, or changed.

use std::fmt::Write as _;

use super::context::{Answers, PromptContext};
use super::steps::Step;
use crate::domain::request::Request;
use crate::finding::{Finding, Severity};
use crate::language::Message;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::prompter::{Prompter, Question, Unanswered};
use crate::output::fields::Fields;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// The column of the values.
const INDENT: usize = 16;
/// The most mailboxes that are shown.
const MOST_MAILBOXES: usize = 10;
/// The most warnings that are shown.
const MOST_FINDINGS: usize = 8;

/// Shows the request as it would be written, and what is wrong or odd.
pub(crate) fn show(
    dialogue: &mut dyn Prompter,
    answers: &Answers,
    (candidate, withdrawn): (&Candidate, Option<&Request>),
    findings: &[Finding],
) {
    let file = escape(&candidate.shown);
    let count = answers.intake.mailboxes.len();
    let id = candidate.id.as_str();
    let what = Message::from_word(answers.intake.verb());
    let title = match count {
        0 => {
            let withdraws = answers.intake.withdraws.as_ref();
            let withdraws = withdraws.map_or_else(String::new, ToString::to_string);
            text!("request-review-withdraw", id, what, withdraws)
        }
        _ => text!("request-review", id, what, count),
    };
    let mut fields = Fields::new(INDENT, &title);
    for step in Step::all(answers) {
        let mut lines = step.lines(answers);
        if step == Step::Mailboxes && lines.len() > MOST_MAILBOXES {
            let more = lines.len() - MOST_MAILBOXES;
            lines.truncate(MOST_MAILBOXES);
            lines.push(text!("request-and-more", count = more));
        }
        if step == Step::Withdraws {
            lines.extend(withdrawn.map(|of| printer::render(&of.describe_change())));
        }
        fields.push_lines(&printer::render(&step.label()), lines);
    }
    fields.push(&text!("request-label-written"), &file);
    dialogue.say(&format!("\n{}", fields.text()));
    let notes = render_findings(findings);
    if !notes.is_empty() {
        dialogue.say(&notes);
    }
}

fn render_findings(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings.iter().take(MOST_FINDINGS) {
        let (problem, help) = (&finding.message, &finding.help);
        let line = match finding.severity {
            Severity::Error => text!("request-review-error", problem),
            Severity::Warning => text!("request-review-warning", problem),
        };
        let _ = writeln!(text, "! {}", escape(&line));
        if !help.is_empty() {
            let _ = writeln!(text, "  {}", escape(&printer::render(help)));
        }
    }
    let more = findings.len().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        let _ = writeln!(text, "  {}", text!("request-and-more", count = more));
    }
    text
}

/// Whether the file is written as shown: yes, or no.
pub(crate) fn confirm(dialogue: &mut dyn Prompter) -> Result<bool, Unanswered> {
    let question = text!("request-ask-write");
    let question = Question {
        text: text!("run-confirm", question),
        help: text!("request-ask-write-help"),
        ..Question::default()
    };
    let check = |answer: &str| match printer::parse_yes_or_no(answer) {
        Some(_) => Ok(()),
        None => Err(text!("run-answer-yes-or-no")),
    };
    match dialogue.ask(&question, &check) {
        Ok(answer) => Ok(printer::parse_yes_or_no(&answer) == Some(true)),
        Err(Unanswered::Back) => Ok(false),
        Err(stopped) => Err(stopped),
    }
}

/// Lets the clerk change an answer, or stop. An answer that is left with Esc stays as it was.
pub(crate) fn change(
    dialogue: &mut dyn Prompter,
    answers: &mut Answers,
    about: &PromptContext<'_>,
) -> Result<(), Unanswered> {
    let steps = Step::all(answers);
    let mut options: Vec<String> = steps.iter().map(|step| describe(*step, answers)).collect();
    options.push(text!("request-change-nothing"));
    options.push(text!("request-stop"));
    let chosen = match dialogue.choose(&text!("request-ask-change"), &options, 0) {
        Err(Unanswered::Back) => return Ok(()),
        chosen => chosen?,
    };
    match steps.get(chosen) {
        Some(step) => {
            let mut changed = answers.clone();
            match step.ask(dialogue, &mut changed, about) {
                Ok(()) => *answers = changed,
                Err(Unanswered::Back) => {}
                Err(stopped) => return Err(stopped),
            }
            Ok(())
        }
        None if chosen == steps.len() => Ok(()),
        None => Err(Unanswered::Stopped),
    }
}

/// "mailboxes: siti@agensi.example and 2 more".
fn describe(step: Step, answers: &Answers) -> String {
    let label = printer::render(&step.label());
    let lines = step.lines(answers);
    let value = match lines.as_slice() {
        [] => text!("request-left-out"),
        [only] => escape(only).into_owned(),
        [first, ..] => {
            text!("request-first-and-more", first = escape(first), count = lines.len() - 1)
        }
    };
    format!("{label}: {value}")
}
