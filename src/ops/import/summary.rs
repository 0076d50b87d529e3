//! What becomes of an import while it goes on, for people and for programs.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::output::{AgencyOutput, FileOutput, ImportOutput, LeftOutput};
use crate::domain::agency::Agency;
use crate::domain::plan::adoption::{Group, Left};
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
use crate::output::json::FindingOutput;
use crate::printer;
use crate::text::{plural, visible};

/// So many mailboxes of a file are shown to people.
const MOST_SHOWN: usize = 10;

/// What became of it so far.
#[derive(Default)]
pub(super) struct ImportSummary {
    /// Where the requests were read.
    requests: Option<String>,
    agencies: Vec<AgencyOutput>,
    pub ending: Ending,
}

impl From<Failure> for ImportSummary {
    fn from(failure: Failure) -> Self {
        Self {
            ending: failure.into(),
            ..Self::default()
        }
    }
}

impl ImportSummary {
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
    pub(super) fn set_left(&mut self, agency: &Agency, left: Vec<Left>) {
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
                files: Vec::new(),
                left: Vec::new(),
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
        let mailboxes = candidate.intake.subject.mailboxes().iter();
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

    /// Notes no files any more.
    pub(super) fn clear(&mut self) {
        self.agencies.iter_mut().for_each(|it| it.files.clear());
    }

    /// The files that were written, or would be.
    pub(super) fn files(&self) -> impl Iterator<Item = &FileOutput> {
        self.agencies.iter().flat_map(|agency| &agency.files)
    }

    /// Prints it.
    pub(super) fn print(self, filing: &Filing) {
        match filing.format {
            DialogueFormat::Json => printer::result(&json::render(&self.output(filing))),
            DialogueFormat::Human => self.human(),
        }
    }

    fn output(self, filing: &Filing) -> ImportOutput {
        ImportOutput {
            format: "arkib.import/1",
            requests: self.requests,
            as_of: filing.requests.as_of().to_string(),
            agencies: self.agencies,
            findings: self.ending.findings.iter().map(FindingOutput::of).collect(),
            exit: self.ending.exit(),
            branch: self.ending.branch,
            next: self.ending.next,
            notes: self.ending.notes,
        }
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
            let _ = writeln!(text, "{}", visible(&agency.agency));
            for file in &agency.files {
                let mailboxes = plural(file.mailboxes.len(), "mailbox", "mailboxes");
                let shown = visible(&file.file);
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
                let (mailbox, why) = (visible(&left.mailbox), visible(&left.reason));
                let _ = writeln!(text, "  ! left alone  {mailbox}  {why}");
            }
            text.push('\n');
        }
        text
    }
}
