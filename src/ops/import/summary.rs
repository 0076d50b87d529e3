//! What becomes of an import while it goes on.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::adoption::{Adoption, Group};
use crate::domain::policy::Policy;
use crate::domain::request::intake::{Intake, Subject};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::Source;
use crate::ops::request::candidate::Candidate;
use crate::output::findings::plural;
use crate::text::visible;

/// So many mailboxes of a file are shown to people.
const MOST_SHOWN: usize = 10;

/// Everything that is to be told.
#[derive(Clone, Default)]
pub(super) struct Told {
    /// Where the requests were read.
    pub place: Option<String>,
    pub agencies: Vec<AgencyTold>,
    pub branch: Option<String>,
    /// Commands that are to be given next.
    pub next: Vec<String>,
    pub notes: Vec<String>,
    pub findings: Vec<Finding>,
    pub exit: Exit,
    pub reason: String,
    pub help: Option<String>,
}

/// One agency's files, and what is left.
#[derive(Clone)]
pub(super) struct AgencyTold {
    pub agency: String,
    pub files: Vec<FileTold>,
    pub left: Vec<(Mailbox, String, &'static str)>,
}

/// A file that was written, or would be.
#[derive(Clone)]
pub(super) struct FileTold {
    pub id: String,
    pub shown: String,
    /// Its way from the requests folder.
    pub path: String,
    pub in_repository: Option<String>,
    pub group: Group,
    pub mailboxes: Vec<Mailbox>,
    /// What it would hold, where it was not written.
    pub text: Option<String>,
    pub is_written: bool,
}

impl Told {
    /// Nothing was written, and why.
    pub(super) fn unwritten(reason: impl Into<String>) -> Self {
        Self::default().stopped(reason.into())
    }

    /// Where the requests were read.
    pub(super) fn at(source: &Source) -> Self {
        Self {
            place: Some(source.place()),
            ..Self::default()
        }
    }

    /// It ended here; what was written before stays told.
    pub(super) fn stopped(self, reason: String) -> Self {
        let exit = match self.written() {
            0 => Exit::Failed,
            _ => Exit::Partly,
        };
        Self {
            exit,
            reason,
            ..self
        }
    }

    /// That nothing was written, or nothing more.
    pub(super) fn nothing(&self) -> &'static str {
        match self.written() {
            0 => "Nothing was written",
            _ => "Nothing more was written",
        }
    }

    /// Notes how it ended.
    pub(super) fn end(&mut self, exit: Exit, why: &str) {
        self.exit = exit;
        why.clone_into(&mut self.reason);
    }

    /// Notes what is left in an agency; that of a later look counts.
    pub(super) fn agency(&mut self, agency: &Agency, adoption: &Adoption) {
        let left = adoption.left.iter();
        let left = left
            .map(|(it, why)| (it.clone(), why.to_string(), why.code()))
            .collect();
        let name = &agency.policy.agency;
        match self.agencies.iter_mut().find(|it| it.agency == *name) {
            Some(known) => known.left = left,
            None => self.agencies.push(AgencyTold {
                agency: name.clone(),
                files: Vec::new(),
                left,
            }),
        }
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
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Notes a file that was written.
    pub(super) fn file(
        &mut self,
        candidate: &Candidate,
        group: &Group,
        intake: &Intake,
        source: &Source,
    ) {
        let repository = source.repository();
        let file = self.push(candidate, group, intake);
        file.is_written = true;
        file.in_repository = repository.map(|it| it.in_repository(&candidate.path));
    }

    /// Notes files that would be written.
    pub(super) fn plan(
        &mut self,
        candidates: &[Candidate],
        groups: &[Group],
        intakes: &[Intake],
        is_whole: bool,
    ) {
        for ((candidate, group), intake) in candidates.iter().zip(groups).zip(intakes) {
            let file = self.push(candidate, group, intake);
            file.text = is_whole.then(|| candidate.text.clone());
        }
    }

    fn push(&mut self, candidate: &Candidate, group: &Group, intake: &Intake) -> &mut FileTold {
        let index = match self
            .agencies
            .iter()
            .position(|it| it.agency == candidate.agency)
        {
            Some(index) => index,
            None => {
                self.agencies.push(AgencyTold {
                    agency: candidate.agency.clone(),
                    files: Vec::new(),
                    left: Vec::new(),
                });
                self.agencies.len() - 1
            }
        };
        let files = &mut self.agencies[index].files;
        files.push(FileTold {
            id: candidate.id.to_string(),
            shown: candidate.shown.to_string(),
            path: candidate.path.clone(),
            in_repository: None,
            group: group.clone(),
            mailboxes: match &intake.subject {
                Subject::Change(_, mailboxes) => mailboxes.clone(),
                Subject::Withdraw(_) => Vec::new(),
            },
            text: None,
            is_written: false,
        });
        let last = files.len() - 1;
        &mut files[last]
    }

    fn files(&self) -> impl Iterator<Item = &FileTold> {
        self.agencies.iter().flat_map(|it| &it.files)
    }

    /// How many files were written.
    pub(super) fn written(&self) -> usize {
        self.files().filter(|it| it.is_written).count()
    }

    /// How many mailboxes they name.
    pub(super) fn mailboxes(&self) -> usize {
        self.files().map(|it| it.mailboxes.len()).sum()
    }

    /// The id of the first.
    pub(super) fn first(&self) -> Option<String> {
        self.files().next().map(|it| it.id.clone())
    }

    /// The ways to them from the requests folder.
    pub(super) fn paths(&self) -> Vec<String> {
        self.files().map(|it| it.path.clone()).collect()
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
                let shown = visible(&file.shown);
                let _ = writeln!(text, "  + {shown}  {mailboxes}: {}", file.group);
                for mailbox in file.mailboxes.iter().take(MOST_SHOWN) {
                    let _ = writeln!(text, "      {mailbox}");
                }
                if file.mailboxes.len() > MOST_SHOWN {
                    let more = file.mailboxes.len() - MOST_SHOWN;
                    let _ = writeln!(text, "      and {more} more");
                }
            }
            for (mailbox, why, _) in &agency.left {
                let mailbox = visible(mailbox.as_str());
                let _ = writeln!(text, "  ! left alone  {mailbox}  {}", visible(why));
            }
            text.push('\n');
        }
        text
    }
}
