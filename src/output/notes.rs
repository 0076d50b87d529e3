//! What a forge shows at the lines of files: problems, what cannot be done, what went wrong, and
//! what reviewers must not miss. One list serves every forge. Pure.

use super::findings::plural;
use super::groups;
use super::{Reconciled, Told};
use crate::domain::archive::Target;
use crate::domain::plan::{Change, Plan};
use crate::domain::policy;
use crate::exit::Exit;
use crate::finding::Severity;

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It fails or stops the run.
    Error,
    /// It needs a look.
    Warning,
    /// It is worth knowing.
    Info,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Note {
    /// How grave.
    pub level: Level,
    /// A short stable name.
    pub kind: String,
    /// The file, from the top of the repository.
    pub file: String,
    /// The line in it, from one.
    pub line: usize,
    /// The column in it, from one, where one is meant.
    pub column: Option<usize>,
    /// What there is to say; lines are ended by line feeds.
    pub message: String,
}

/// How many notices, warnings and errors of a step GitHub shows, of each; what is said of all of them
/// must be among these.
pub const SHOWN: usize = 10;
/// How many changes of a policy are told in one note.
const POLICY_WORDS: usize = 40;

/// Everything.
pub fn of(told: &Told<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = told
        .findings
        .iter()
        .map(|finding| Note {
            level: match finding.severity {
                Severity::Error => Level::Error,
                Severity::Warning => Level::Warning,
            },
            kind: finding.kind.to_owned(),
            file: told.places.of(&finding.file),
            line: finding.position.map_or(1, |at| at.line),
            column: finding.position.map(|at| at.column),
            message: format!("{}\nhelp: {}", finding.message, finding.help),
        })
        .collect();
    policies(told, told.policies, &mut notes);
    for run in told.runs {
        of_run(told, run, &mut notes);
    }
    if let Some(ended) = &told.ended
        && ended.exit != Exit::Done
        && told.findings.is_empty()
    {
        let file = told.places.of_folder(policy::FILE_NAME);
        notes.push(note(Level::Error, "arkib", file, 1, ended.reason.clone()));
    }
    notes
}

/// The first of each level, and one that counts the others and says of what kinds they are: so many
/// in all.
pub fn first(notes: Vec<Note>, most: usize) -> Vec<Note> {
    let mut shown = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Info] {
        let mut of_level: Vec<&Note> = notes.iter().filter(|note| note.level == level).collect();
        if of_level.len() <= most {
            shown.extend(of_level.into_iter().cloned());
            continue;
        }
        let others = of_level.split_off(most - 1);
        shown.extend(of_level.into_iter().cloned());
        if let Some(first) = others.first() {
            let (file, line) = (first.file.clone(), first.line);
            shown.push(note(level, "more", file, line, counted(&others)));
        }
    }
    shown
}

/// `and 4003 more: 3990 foreign-domain, 13 unknown-key`.
fn counted(notes: &[&Note]) -> String {
    let mut kinds = groups::by(notes, |note| note.kind.as_str());
    kinds.sort_by_key(|group| std::cmp::Reverse(group.count));
    let mut said: Vec<String> = kinds
        .iter()
        .take(SHOWN)
        .map(|group| format!("{} {}", group.count, group.key))
        .collect();
    if kinds.len() > SHOWN {
        said.push("…".to_owned());
    }
    format!(
        "and {} more that are not annotated: {}; --format json has them all",
        notes.len(),
        said.join(", ")
    )
}

fn note(level: Level, kind: &str, file: String, line: usize, message: String) -> Note {
    Note {
        level,
        kind: kind.to_owned(),
        file,
        line,
        column: None,
        message,
    }
}

fn policies(told: &Told<'_>, changes: &[(String, Vec<String>)], notes: &mut Vec<Note>) {
    for (file, words) in changes {
        let mut lines: Vec<&str> = words
            .iter()
            .take(POLICY_WORDS)
            .map(String::as_str)
            .collect();
        if words.len() > POLICY_WORDS {
            lines.push("…");
        }
        let file = told.places.of(file);
        notes.push(note(
            Level::Warning,
            "policy-changes",
            file,
            1,
            lines.join("\n"),
        ));
    }
}

fn of_run(told: &Told<'_>, run: &Reconciled, notes: &mut Vec<Note>) {
    let before = notes.len();
    let policy_file = told.places.of(&run.policy_file);
    for stale in &run.stale {
        let message = match &stale.subject {
            Some(subject) => format!("{subject}: {}", stale.why),
            None => stale.why.clone(),
        };
        notes.push(note(
            Level::Error,
            "stale-plan",
            policy_file.clone(),
            1,
            message,
        ));
    }
    if let Some(pull_request) = &run.pull_request {
        policies(told, &pull_request.policies, notes);
    }
    if let Some(plan) = run.plan.as_ref().filter(|_| run.stale.is_empty()) {
        let level = if run.accepted {
            Level::Info
        } else {
            Level::Error
        };
        for refusal in &plan.refusals {
            let message = refusal.to_string();
            notes.push(note(level, refusal.code(), policy_file.clone(), 1, message));
        }
        blocked(told, plan, notes);
        match &run.outcomes {
            Some(outcomes) => {
                for (change, outcome) in plan.changes.iter().zip(outcomes) {
                    if !outcome.is_good() {
                        let why = outcome.detail().unwrap_or_default();
                        let verb = change.target.verb();
                        let message = format!("{} was not done: {verb}: {why}", change.mailbox);
                        notes.push(at_change(
                            told,
                            change,
                            Level::Error,
                            outcome.as_str(),
                            message,
                        ));
                    }
                }
            }
            None => terminations(told, plan, policy_file.clone(), notes),
        }
    }
    let is_explained = notes[before..]
        .iter()
        .any(|note| note.level == Level::Error);
    if !matches!(run.exit, Exit::Done | Exit::Pending) && !is_explained {
        notes.push(note(
            Level::Error,
            "arkib",
            policy_file,
            1,
            run.reason.clone(),
        ));
    }
}

fn blocked(told: &Told<'_>, plan: &Plan, notes: &mut Vec<Note>) {
    for blocked in &plan.blocked {
        let message = format!(
            "{}: {} ({})",
            blocked.mailbox, blocked.obstacle, blocked.request.id
        );
        let file = told.places.of(&blocked.request.file);
        let line = blocked.line as usize;
        notes.push(note(
            Level::Warning,
            blocked.obstacle.code(),
            file,
            line,
            message,
        ));
    }
}

/// What reviewers must not miss; the rows have the other changes.
fn terminations(told: &Told<'_>, plan: &Plan, policy_file: String, notes: &mut Vec<Note>) {
    let count = plan.terminations();
    if count > SHOWN {
        let archives = plural(count, "archive", "archives");
        let message = format!("{archives} would be terminated; not all are annotated");
        notes.push(note(Level::Info, "terminations", policy_file, 1, message));
    }
    let changes = plan.changes.iter();
    for change in changes.filter(|it| it.target == Target::Terminated) {
        let note = change
            .note
            .map(|note| format!("; {note}"))
            .unwrap_or_default();
        let message = format!("{} would be terminated{note}", change.mailbox);
        notes.push(at_change(told, change, Level::Info, "terminate", message));
    }
}

fn at_change(told: &Told<'_>, change: &Change, level: Level, kind: &str, message: String) -> Note {
    let file = told.places.of(&change.request.file);
    note(level, kind, file, change.line as usize, message)
}
