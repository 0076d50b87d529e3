//! Annotations that a forge shows at the lines of files: problems, obstacles, failures, and what
//! reviewers must not miss. One list for every forge. Pure.

use std::collections::HashMap;

use super::{AgencyResult, PullRequestEffects, RunResult, groups};
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::Outcome;
use crate::domain::other_files::OtherFile;
use crate::domain::plan::{LaterDayEffect, Note, Plan};
use crate::domain::policy;
use crate::domain::policy::diff::PolicyChange;
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::hash::sha256;
use crate::language::{Language, Message};
use crate::text::escape;

/// The severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnotationLevel {
    /// It fails or stops the run.
    Error,
    /// It needs attention.
    Warning,
    /// It is worth knowing.
    Info,
}

/// A note.
#[derive(Debug, Clone)]
pub struct Annotation {
    /// The severity.
    pub level: AnnotationLevel,
    /// A short stable name of its kind.
    pub kind: String,
    /// The file, from the top of the repository.
    pub file: String,
    /// The line in it, from one.
    pub line: usize,
    /// The column in it, from one, if there is one.
    pub column: Option<usize>,
    /// The message, of one or more lines.
    pub message: String,
    /// What to do, if there is anything.
    pub help: Option<String>,
    /// Whether it is about that file, and not about the run, for which some forges want a file, too.
    pub is_of_file: bool,
}

impl Annotation {
    /// The message, and what to do.
    pub fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        }
    }

    /// The text in one line.
    pub fn one_line(&self) -> String {
        self.text().replace('\n', "; ")
    }
}

/// What stands for each note from run to run. The line is not part of it: a note that moves is the same
/// one. Two equal notes get different ones.
pub fn fingerprints(notes: &[Annotation]) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let fingerprint = |note: &Annotation| {
        let key = format!("{}\0{}\0{}", note.kind, note.file, note.one_line());
        let count = counts.entry(key.clone()).or_default();
        *count += 1;
        sha256(format!("{key}\0{}", *count - 1).as_bytes())
    };
    notes.iter().map(fingerprint).collect()
}

/// How many notices, warnings and errors of a step GitHub shows, of each; the note that counts the
/// others must be among them.
pub const SHOWN: usize = 10;
/// The most changes of a policy in one note.
const POLICY_WORDS: usize = 40;

/// All notes of a run, in a language.
pub fn collect_annotations(summary: &RunResult<'_>, language: Language) -> Vec<Annotation> {
    let places = &summary.places;
    let mut notes = AnnotationCollector { places, language, notes: Vec::new() };
    for finding in summary.findings {
        let level = match finding.severity {
            Severity::Error => AnnotationLevel::Error,
            Severity::Warning => AnnotationLevel::Warning,
        };
        let line = finding.position.map_or(1, |at| at.line);
        let message = finding.message.render(language);
        notes.notes.push(Annotation {
            column: finding.position.map(|at| at.column),
            help: Some(finding.help.render(language)),
            ..new_annotation(
                level,
                finding.kind,
                places.to_repository_path(&finding.file),
                line,
                message,
            )
        });
    }
    notes.add_policies(summary.policies);
    notes.add_files(summary.files);
    for run in summary.runs {
        notes.add_run(run);
    }
    if let Some(ended) = &summary.ended
        && ended.status != Exit::Done
        && summary.findings.is_empty()
    {
        let file = places.path_in_folder(policy::FILE_NAME);
        let reason = ended.reason.render(language);
        notes.notes.push(Annotation {
            is_of_file: false,
            ..new_annotation(AnnotationLevel::Error, "arkib", file, 1, reason)
        });
    }
    notes.notes
}

fn new_annotation(
    level: AnnotationLevel,
    kind: &str,
    file: String,
    line: usize,
    message: String,
) -> Annotation {
    Annotation {
        level,
        kind: kind.to_owned(),
        file,
        line,
        column: None,
        message,
        help: None,
        is_of_file: true,
    }
}

/// The kind of the notes about terminations, and of the one that counts very many of them.
const TERMINATE: &str = "terminate";

/// The first notes of each level, and one that counts the others by kind: at most `most` per level. After
/// the errors come all terminations.
pub fn first_of_each_level(
    notes: Vec<Annotation>,
    most: usize,
    language: Language,
) -> Vec<Annotation> {
    let (terminations, mut notes): (Vec<_>, Vec<_>) =
        notes.into_iter().partition(|note| note.kind == TERMINATE);
    let mut shown = Vec::new();
    for level in [AnnotationLevel::Error, AnnotationLevel::Warning, AnnotationLevel::Info] {
        let mut of_level;
        (of_level, notes) = notes.into_iter().partition::<Vec<_>, _>(|note| note.level == level);
        if of_level.len() > most {
            let others = of_level.split_off(most - 1);
            let (file, line) = (others[0].file.clone(), others[0].line);
            of_level.push(new_annotation(
                level,
                "more",
                file,
                line,
                count_by_kind(&others, language),
            ));
        }
        shown.extend(of_level);
        if level == AnnotationLevel::Error {
            shown.extend_from_slice(&terminations);
        }
    }
    shown
}

/// `and 4003 more: 3990 foreign-domain, 13 unknown-key`.
fn count_by_kind(notes: &[Annotation], language: Language) -> String {
    let kinds = groups::count_by_key(notes.iter().map(|note| note.kind.as_str()));
    let (shown, more) = groups::split_first(&kinds, SHOWN);
    let mut said: Vec<String> =
        shown.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    if more > 0 {
        said.push("…".to_owned());
    }
    message!("comment-not-annotated", count = notes.len(), kinds = said.join(", ")).render(language)
}

/// The collected notes.
struct AnnotationCollector<'a> {
    places: &'a RepositoryPathResolver,
    language: Language,
    notes: Vec<Annotation>,
}

impl AnnotationCollector<'_> {
    fn add(&mut self, level: AnnotationLevel, kind: &str, file: &str, line: u32, message: String) {
        let file = self.places.to_repository_path(file);
        self.notes.push(new_annotation(level, kind, file, line as usize, message));
    }

    fn add_files(&mut self, files: &[OtherFile]) {
        for file in files {
            self.add(
                AnnotationLevel::Warning,
                "other-file",
                &file.file,
                1,
                file.describe().render(self.language),
            );
        }
    }

    fn add_policies(&mut self, changes: &[PolicyChange]) {
        for (file, words) in changes {
            let (shown, more) = groups::split_policy_lines(words, POLICY_WORDS);
            let lines: Vec<String> =
                shown.iter().map(|line| line.text().render(self.language)).collect();
            let mut message = lines.join("\n");
            if more > 0 {
                message.push_str("\n…");
            }
            self.add(AnnotationLevel::Warning, "policy-changes", file, 1, message);
        }
    }

    fn add_run(&mut self, run: &AgencyResult) {
        let before = self.notes.len();
        let policy_file = &run.policy_file;
        for stale in &run.stale {
            let why = stale.why.render(self.language);
            let message = match &stale.subject {
                Some(subject) => format!("{subject}: {why}"),
                None => why,
            };
            self.add(AnnotationLevel::Error, "stale-plan", policy_file, 1, message);
        }
        if let Some(pull_request) = &run.pull_request {
            self.add_policies(&pull_request.policies);
            self.add_files(&pull_request.files);
        }
        if let Some(plan) = run.plan.as_ref().filter(|_| run.stale.is_empty()) {
            self.add_plan(plan, run);
        }
        let mut own = self.notes[before..].iter();
        let is_explained = own.any(|note| note.level == AnnotationLevel::Error);
        if !matches!(run.exit, Exit::Done | Exit::Pending) && !is_explained {
            self.add(
                AnnotationLevel::Error,
                "arkib",
                policy_file,
                1,
                run.reason.render(self.language),
            );
        }
    }

    fn add_plan(&mut self, plan: &Plan, run: &AgencyResult) {
        let level = match run.accepted {
            true => AnnotationLevel::Info,
            false => AnnotationLevel::Error,
        };
        for refusal in &plan.refusals {
            let message = refusal.describe().render(self.language);
            self.add(level, refusal.code(), &run.policy_file, 1, message);
        }
        for blocked in &plan.blocked {
            let (obstacle, request) = (&blocked.obstacle, &blocked.request);
            let mailbox = &blocked.mailbox;
            let ends = run.pull_request.is_some() && blocked.target == Target::Terminated;
            let (kind, obstacle) = match ends {
                true => {
                    let verb = Message::from_word(blocked.target.verb());
                    (TERMINATE, Message::joined([verb, obstacle.describe()], ": "))
                }
                false => (obstacle.code(), obstacle.describe()),
            };
            let message = format!("{mailbox}: {} ({})", obstacle.render(self.language), request.id);
            self.add(AnnotationLevel::Warning, kind, &request.file, blocked.line, message);
        }
        match &run.outcomes {
            Some(outcomes) => self.add_outcomes(plan, outcomes),
            None => {
                self.add_terminations(plan, &run.policy_file);
                if let Some(pull_request) = &run.pull_request {
                    self.add_later_terminations(pull_request);
                }
            }
        }
    }

    fn add_outcomes(&mut self, plan: &Plan, outcomes: &[Outcome]) {
        let endings = plan.changes.iter().zip(outcomes);
        for (change, outcome) in endings.filter(|(_, outcome)| !outcome.is_done_or_handed_over()) {
            let verb = Message::from_word(change.target.verb());
            let why = outcome.detail().unwrap_or_default();
            let message =
                message!("comment-not-done", mailbox = change.mailbox.as_str(), verb, why)
                    .render(self.language);
            let (kind, file) = (outcome.as_str(), &change.request.file);
            self.add(AnnotationLevel::Error, kind, file, change.line, message);
        }
    }

    /// Terminations, which reviewers must not miss; the rows show the other changes.
    fn add_terminations(&mut self, plan: &Plan, policy_file: &str) {
        let count = plan.count_terminations();
        if count > SHOWN {
            let message = message!("comment-terminations", count).render(self.language);
            self.add(AnnotationLevel::Info, TERMINATE, policy_file, 1, message);
        }
        let changes = plan.changes.iter();
        for change in changes.filter(|change| change.target == Target::Terminated) {
            let mailbox = change.mailbox.as_str();
            let terminated = message!("comment-would-be-terminated", mailbox);
            let message = std::iter::once(terminated).chain(change.note.map(Note::describe));
            let message = Message::joined(message, "; ").render(self.language);
            let file = &change.request.file;
            self.add(AnnotationLevel::Info, TERMINATE, file, change.line, message);
        }
    }

    /// Terminations of later days, and those that are due with or without the pull request.
    fn add_later_terminations(&mut self, pull_request: &PullRequestEffects) {
        let later = pull_request.later.iter();
        for change in later.filter(|change| change.effect == LaterDayEffect::Terminated) {
            let (mailbox, day) = (change.mailbox.as_str(), change.day);
            let when = match &change.waits {
                Some(waits) => message!("comment-once-approved", waits = waits.describe()),
                None => message!("plan-from-day", day),
            };
            let terminated = match change.is_on_base {
                true => message!("comment-would-be-terminated-when-anyway", mailbox, when),
                false => message!("comment-would-be-terminated-when", mailbox, when),
            };
            let message = std::iter::once(terminated).chain(change.remark.clone());
            let message =
                escape(&Message::joined(message, "; ").render(self.language)).into_owned();
            let file = &change.request.file;
            self.add(AnnotationLevel::Info, TERMINATE, file, change.line, message);
        }
        for change in &pull_request.due_terminations {
            let mailbox = change.mailbox.as_str();
            let message =
                message!("comment-would-be-terminated-anyway", mailbox).render(self.language);
            let file = &change.request.file;
            self.add(AnnotationLevel::Info, TERMINATE, file, change.line, message);
        }
    }
}
