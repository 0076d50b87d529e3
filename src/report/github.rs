//! A run for a job of GitHub Actions: annotations at the lines of the files, then the text that
//! people read, so wrapped that nothing in it is taken for a command of the runner.

use sha2::{Digest as _, Sha256};

use super::places::Places;
use super::{Reconciled, Told, human};
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::visible::visible;

/// Everything.
pub fn told(told: &Told<'_>) -> String {
    let mut text = String::new();
    for finding in told.findings {
        text.push_str(&of_finding(finding, &told.places));
    }
    text.push_str(&of_policies(told.policies, &told.places));
    for run in told.runs {
        text.push_str(&of_run(run, &told.places));
    }
    if let Some(ended) = &told.ended
        && ended.exit != Exit::Done
        && told.findings.is_empty()
    {
        text.push_str(&annotation("error", None, "arkib", &ended.reason));
    }
    text + &quoted(&human::told(told))
}

/// An older form of command counts anywhere in a line.
fn disarmed(text: &str) -> String {
    text.replace("##[", "##\u{200a}[")
}

/// Text between which the runner takes no commands. The token is the text's own hash, which no text
/// can hold.
fn quoted(text: &str) -> String {
    let text = disarmed(text);
    let hash = Sha256::digest(text.as_bytes());
    let token: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("::stop-commands::{token}\n{text}{end}::{token}::\n")
}

fn of_finding(finding: &Finding, places: &Places) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let at = finding.position.map(|at| (at.line, Some(at.column)));
    let message = format!("{}\nhelp: {}", finding.message, finding.help);
    let place = Some((places.of(&finding.file), at));
    annotation(level, place, finding.kind, &message)
}

fn of_run(run: &Reconciled, places: &Places) -> String {
    let mut text = String::new();
    let policy = Some((places.of(&run.policy_file), Some((1, None))));
    for stale in &run.stale {
        let message = match &stale.subject {
            Some(subject) => format!("{subject}: {}", stale.why),
            None => stale.why.clone(),
        };
        text.push_str(&annotation("error", None, "stale plan", &message));
    }
    if let Some(told) = &run.pull_request {
        text.push_str(&of_policies(&told.policies, places));
    }
    let Some(plan) = &run.plan else {
        text.push_str(&annotation("error", None, "arkib", &run.reason));
        return text;
    };
    if run.outcomes.is_none() {
        for refusal in &plan.refusals {
            let message = refusal.to_string();
            text.push_str(&annotation(
                "error",
                policy.clone(),
                refusal.code(),
                &message,
            ));
        }
    }
    for blocked in &plan.blocked {
        let place = (
            places.of(&blocked.request.file),
            Some((blocked.line as usize, None)),
        );
        let message = format!(
            "{}: {} ({})",
            blocked.mailbox, blocked.obstacle, blocked.request.id
        );
        text.push_str(&annotation("warning", Some(place), "blocked", &message));
    }
    for (index, change) in plan.changes.iter().enumerate() {
        let place = (
            places.of(&change.request.file),
            Some((change.line as usize, None)),
        );
        let verb = change.target.verb();
        match run
            .outcomes
            .as_ref()
            .and_then(|outcomes| outcomes.get(index))
        {
            Some(outcome) if !outcome.is_good() => {
                let why = outcome.detail().unwrap_or_default();
                let message = format!("{} was not done: {verb}: {why}", change.mailbox);
                text.push_str(&annotation(
                    "error",
                    Some(place),
                    outcome.as_str(),
                    &message,
                ));
            }
            // What reviewers must not miss; the rows have the others.
            None if change.target == crate::desired::Target::Terminated => {
                let note = change
                    .note
                    .map(|note| format!("; {note}"))
                    .unwrap_or_default();
                let message = format!("{} would be terminated{note}", change.mailbox);
                text.push_str(&annotation("notice", Some(place), verb, &message));
            }
            _ => {}
        }
    }
    if matches!(run.exit, Exit::Failed | Exit::Refused) && run.outcomes.is_none() {
        text.push_str(&annotation("error", None, "arkib", &run.reason));
    }
    text
}

fn of_policies(changes: &[(String, Vec<String>)], places: &Places) -> String {
    let each = changes.iter().map(|(file, words)| {
        let at = Some((places.of(file), Some((1, None))));
        annotation("warning", at, "policy changes", &words.join("\n"))
    });
    each.collect()
}

type Place = (String, Option<(usize, Option<usize>)>);

/// `::error file=…,line=…,title=…::message`, every part escaped as the runner unescapes it.
fn annotation(level: &str, place: Option<Place>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some((file, at)) = place {
        properties.push(format!("file={}", property(&visible(&file))));
        if let Some((line, column)) = at {
            properties.push(format!("line={line}"));
            properties.extend(column.map(|column| format!("col={column}")));
        }
    }
    properties.push(format!("title={}", property(&visible(title))));
    let lines: Vec<_> = message.lines().map(visible).collect();
    format!(
        "::{level} {}::{}\n",
        properties.join(","),
        data(&lines.join("\n"))
    )
}

fn data(text: &str) -> String {
    disarmed(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_cannot_become_another_command() {
        let place = ("a,line=9::b\n.yaml".to_owned(), Some((3, Some(5))));
        let text = annotation("error", Some(place), "x::y", "50 %\n::set-env name=A::b");
        assert_eq!(
            text,
            "::error file=a%2Cline=9%3A%3Ab␊.yaml,line=3,col=5,title=x%3A%3Ay::50 %25%0A::set-env name=A::b\n"
        );
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn what_people_read_is_no_command() {
        let text = quoted("::add-mask::x\n##[error]y\n");
        let token = text
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("::stop-commands::");
        assert_eq!(text.lines().last(), Some(format!("::{token}::").as_str()));
        assert_eq!(token.len(), 32);
        assert!(!text.contains("##["), "{text}");
    }
}
