//! What becomes of an import while it goes on, for people and for programs.

use std::fmt::Write as _;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::agency::Agency;
use crate::domain::plan::adoption::{Group, NotAdopted};
use crate::domain::policy::Policy;
use crate::exit::Exit;
use crate::load::Source;
use crate::ops::failure::Failure;
use crate::ops::filing::Filing;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::ending::Ending;
use crate::output::findings;
use crate::output::format::DialogueFormat;
use crate::output::json;
use crate::output::json::{ExitOutput, FindingOutput};
use crate::printer;
use crate::text::{escape, plural};

/// So many mailboxes of a file are shown to people.
const MOST_SHOWN: usize = 10;

/// The output of `arkib import --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "arkib import output")]
pub struct ImportOutput {
    /// `arkib.import/1`.
    format: &'static str,
    /// Where the requests were read: a commit, or a folder; null where they could not be.
    requests: Option<String>,
    /// The day for which it was asked.
    as_of: String,
    /// By agency; none where nothing could be looked at.
    agencies: Vec<AgencyOutput>,
    /// The branch on which the files were committed.
    branch: Option<String>,
    /// The commands that come next.
    next: Vec<String>,
    /// What else is worth knowing.
    notes: Vec<String>,
    /// What is wrong with files, or what should be minded.
    findings: Vec<FindingOutput>,
    /// How the command ended.
    exit: ExitOutput,
    #[serde(skip)]
    pub(super) ending: Ending,
}

/// One agency's part of an import.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct AgencyOutput {
    /// Its short name.
    pub agency: String,
    /// The files that were written; of a dry run, those that would be.
    pub files: Vec<FileOutput>,
    /// Archives that were looked at and left alone.
    pub left: Vec<LeftOutput>,
}

/// A request file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FileOutput {
    /// The id of the request.
    pub id: String,
    /// The file, as the user knows it.
    pub file: String,
    /// The file's way from the top of the repository, where it was written into one.
    pub request: Option<String>,
    /// Whether the file is there now.
    pub written: bool,
    /// What its archives have in common: request, month, undated, inactive or approver.
    pub group: &'static str,
    /// The portal's word for the request; the month as YYYY-MM, or YYYY-MM/YYYY-MM from one to another;
    /// or the approver.
    pub group_value: Option<String>,
    /// The mailboxes that it names, sorted.
    pub mailboxes: Vec<String>,
    /// What the file would hold, of a dry run with a reference.
    pub text: Option<String>,
    #[serde(skip)]
    pub in_common: Group,
    /// Its way from the requests folder.
    #[serde(skip)]
    pub path: String,
}

/// An archive that was left alone.
#[derive(Debug, Serialize, JsonSchema)]
struct LeftOutput {
    /// The mailbox.
    pub mailbox: String,
    /// terminating, unknown-state, ambiguous or not-an-address; of those that were named with --only
    /// also no-account, no-archive and named.
    pub code: &'static str,
    /// Why, in words.
    pub reason: String,
}

impl From<Failure> for ImportOutput {
    fn from(failure: Failure) -> Self {
        Self {
            ending: failure.into(),
            ..Self::default()
        }
    }
}

impl ImportOutput {
    /// Where the requests were read.
    pub(super) fn at(source: &Source) -> Self {
        Self {
            requests: Some(source.place()),
            ..Self::default()
        }
    }

    /// It ended here, for a reason that is a clause; what was written before stays.
    pub(super) fn stopped(mut self, failure: Failure) -> Self {
        let (exit, what) = match self.files().next() {
            None => (Exit::Failed, "Nothing was written"),
            Some(_) => (Exit::Partly, "Nothing more was written"),
        };
        self.ending.fail(failure.prefixed(what));
        self.ending.exit = exit;
        self
    }

    /// Notes what is left in an agency; that of a later look counts.
    pub(super) fn set_left(&mut self, agency: &Agency, left: Vec<NotAdopted>) {
        let left = left.into_iter().map(|archive| LeftOutput {
            mailbox: archive.mailbox.to_string(),
            code: archive.code,
            reason: archive.reason,
        });
        self.agency(&agency.policy.agency).left = left.collect();
    }

    fn agency(&mut self, name: &str) -> &mut AgencyOutput {
        let mut agencies = self.agencies.iter();
        let known = agencies.position(|it| it.agency == name);
        let index = known.unwrap_or_else(|| {
            self.agencies.push(AgencyOutput {
                agency: name.to_owned(),
                ..AgencyOutput::default()
            });
            self.agencies.len() - 1
        });
        &mut self.agencies[index]
    }

    /// Warns where the users would be written to about what they have had all along.
    pub(super) fn warn_of_notices(&mut self, policy: &Policy, received: Date) {
        let Some(notices) = policy.notices.as_ref().filter(|it| it.since <= received) else {
            return;
        };
        let note = format!(
            "note: {} writes to users about requests received since {}, so `arkib notify` will tell each of these that the request was received and the archive enabled; to leave them in peace set `notices.since` in {} to a day after {received}, in a change of its own",
            policy.agency, notices.since, policy.file
        );
        if !self.ending.notes.contains(&note) {
            self.ending.notes.push(note);
        }
    }

    /// Notes a file that is written, or would be.
    pub(super) fn push(&mut self, (group, candidate): &(Group, Candidate)) -> &mut FileOutput {
        let mailboxes = candidate.intake.mailboxes.iter();
        let files = &mut self.agency(&candidate.agency).files;
        files.push(FileOutput {
            id: candidate.id.to_string(),
            file: candidate.shown.to_string(),
            request: None,
            written: false,
            group: group.as_str(),
            group_value: group.value(),
            mailboxes: mailboxes.map(ToString::to_string).collect(),
            text: None,
            in_common: group.clone(),
            path: candidate.path.clone(),
        });
        let last = files.len() - 1;
        &mut files[last]
    }

    pub(super) fn clear(&mut self) {
        self.agencies.iter_mut().for_each(|it| it.files.clear());
    }

    /// The files that were written, or would be.
    pub(super) fn files(&self) -> impl Iterator<Item = &FileOutput> {
        self.agencies.iter().flat_map(|agency| &agency.files)
    }

    pub(super) fn print(mut self, filing: &Filing) {
        if filing.format == DialogueFormat::Human {
            return self.human();
        }
        self.format = "arkib.import/1";
        self.as_of = filing.requests.as_of().to_string();
        self.findings = self.ending.findings.iter().map(FindingOutput::of).collect();
        self.exit = self.ending.exit();
        self.branch = self.ending.branch.take();
        self.next = std::mem::take(&mut self.ending.next);
        self.notes = std::mem::take(&mut self.ending.notes);
        printer::result(&json::render(&self));
    }

    fn human(&self) {
        self.ending.say_notes();
        let found = findings::human(&self.ending.findings);
        let is_done = self.ending.exit == Exit::Done || self.files().next().is_some();
        let closing =
            "and open the pull request, in which an approver adds the approval to each file.";
        self.ending.print(found + &self.list(), is_done, closing);
    }

    /// The files and what is left, for people.
    pub(super) fn list(&self) -> String {
        let mut text = String::new();
        for agency in &self.agencies {
            if agency.files.is_empty() && agency.left.is_empty() {
                continue;
            }
            let _ = writeln!(text, "{}", escape(&agency.agency));
            for file in &agency.files {
                let mailboxes = plural(file.mailboxes.len(), "mailbox", "mailboxes");
                let shown = escape(&file.file);
                let _ = writeln!(text, "  + {shown}  {mailboxes}: {}", file.in_common);
                for mailbox in file.mailboxes.iter().take(MOST_SHOWN) {
                    let _ = writeln!(text, "      {mailbox}");
                }
                if file.mailboxes.len() > MOST_SHOWN {
                    let more = file.mailboxes.len() - MOST_SHOWN;
                    let _ = writeln!(text, "      and {more} more");
                }
            }
            for left in &agency.left {
                let (mailbox, why) = (escape(&left.mailbox), escape(&left.reason));
                let _ = writeln!(text, "  ! left alone  {mailbox}  {why}");
            }
            text.push('\n');
        }
        text
    }
}
