//! The progress and result of an import, for people and for programs.

use std::fmt::Write as _;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::agency::Agency;
use crate::domain::plan::adoption::{ArchiveGroupKey, NotAdopted};
use crate::domain::policy::Policy;
use crate::domain::policy::notices::Notices;
use crate::exit::Exit;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::FilingOptions;
use crate::ops::filing::candidate::Candidate;
use crate::ops::filing::filing_result::{FilingResult, FilingResultOutput};
use crate::output::findings;
use crate::output::format::DialogueFormat;
use crate::output::json;
use crate::printer;
use crate::printer::{fit_line, text};
use crate::text::escape;

/// The most mailboxes of a file that are shown to people.
const MOST_SHOWN: usize = 10;

/// The output of `arkib import --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "arkib import output")]
pub struct ImportOutput {
    /// `arkib.import/1`.
    format: &'static str,
    /// Where the requests were read: a commit or a folder; null if they could not be read.
    requests: Option<String>,
    /// The day that counts as today.
    as_of: String,
    /// By agency; empty if nothing could be read.
    agencies: Vec<AgencyOutput>,
    #[serde(flatten)]
    ended: FilingResultOutput,
    #[serde(skip)]
    pub(super) ending: FilingResult,
}

/// The import of one agency.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct AgencyOutput {
    /// Its short name.
    pub agency: String,
    /// The files that were written; of a dry run, those that would be.
    pub files: Vec<FileOutput>,
    /// Archives that were left alone.
    pub left: Vec<LeftArchiveOutput>,
}

/// A request file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FileOutput {
    /// The id of the request.
    pub id: String,
    /// The file, as shown to the user.
    pub file: String,
    /// The path of the file from the top of the repository, if it was written into one.
    pub request: Option<String>,
    /// Whether the file was written.
    pub written: bool,
    /// What its archives have in common: request, month, undated, inactive or approver.
    pub group: &'static str,
    /// The portal's word for the request; the month as YYYY-MM, or YYYY-MM/YYYY-MM from one to another;
    /// or the approver.
    pub group_value: Option<String>,
    /// The mailboxes that it names, sorted.
    pub mailboxes: Vec<String>,
    /// The content of the file, in a dry run with a reference.
    pub text: Option<String>,
    #[serde(skip)]
    pub in_common: ArchiveGroupKey,
    /// Its path from the requests folder.
    #[serde(skip)]
    pub path: String,
}

/// An archive that was left alone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LeftOutput")]
struct LeftArchiveOutput {
    /// The mailbox.
    pub mailbox: String,
    /// terminating, unknown-state, ambiguous or not-an-address; of those that were named with --only
    /// also no-account, no-archive and named.
    pub code: &'static str,
    /// Why, in words.
    pub reason: Message,
}

impl From<Failure> for ImportOutput {
    fn from(failure: Failure) -> Self {
        Self { ending: failure.into(), ..Self::default() }
    }
}

impl ImportOutput {
    /// An empty output for these requests.
    pub(super) fn for_source(source: &LoadedRequests) -> Self {
        Self { requests: Some(source.describe_source().in_english()), ..Self::default() }
    }

    /// Ends with a failure, whose reason is a clause; files that were written stay.
    pub(super) fn ended_by_failure(mut self, failure: Failure) -> Self {
        let (exit, what) = match self.all_files().next() {
            None => (Exit::Failed, message!("run-nothing-written")),
            Some(_) => (Exit::Partly, message!("import-nothing-more")),
        };
        self.ending.set_failure(failure.with_prefix(what));
        self.ending.exit = exit;
        self
    }

    /// Notes the archives that are left alone in an agency; a later round replaces them.
    pub(super) fn note_left_archives(&mut self, agency: &Agency, left: Vec<NotAdopted>) {
        let left = left.into_iter().map(|archive| LeftArchiveOutput {
            mailbox: archive.mailbox.to_string(),
            code: archive.code,
            reason: archive.reason,
        });
        self.agency_output_mut(&agency.policy.agency).left = left.collect();
    }

    fn agency_output_mut(&mut self, name: &str) -> &mut AgencyOutput {
        let mut agencies = self.agencies.iter();
        let known = agencies.position(|agency| agency.agency == name);
        let index = known.unwrap_or_else(|| {
            self.agencies.push(AgencyOutput { agency: name.to_owned(), ..AgencyOutput::default() });
            self.agencies.len() - 1
        });
        &mut self.agencies[index]
    }

    /// Warns if users would get notices about archives that they already had.
    pub(super) fn warn_of_notices(&mut self, policy: &Policy, received: Date) {
        let is_due = |notices: &&Notices| notices.since <= received;
        let Some(notices) = policy.notices.as_ref().filter(is_due) else {
            return;
        };
        let note = message!(
            "import-notices",
            agency = &policy.agency,
            since = notices.since,
            file = &*policy.file,
            received
        );
        if !self.ending.warnings.contains(&note) {
            self.ending.warnings.push(note);
        }
    }

    /// Adds a file that is written, or would be.
    pub(super) fn add_file(
        &mut self,
        (group, candidate): &(ArchiveGroupKey, Candidate),
    ) -> &mut FileOutput {
        let mailboxes = candidate.intake.mailboxes.iter();
        let files = &mut self.agency_output_mut(&candidate.agency).files;
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

    pub(super) fn clear_files(&mut self) {
        for agency in &mut self.agencies {
            agency.files.clear();
        }
    }

    /// The files that were written, or would be.
    pub(super) fn all_files(&self) -> impl Iterator<Item = &FileOutput> {
        self.agencies.iter().flat_map(|agency| &agency.files)
    }

    pub(super) fn print(mut self, filing: &FilingOptions) {
        if filing.format == DialogueFormat::Human {
            return self.print_human();
        }
        self.format = "arkib.import/1";
        self.as_of = filing.requests.as_of().to_string();
        self.ended = self.ending.to_output();
        printer::print_result(&json::render(&self));
    }

    fn print_human(&self) {
        self.ending.print_notes();
        let found = findings::render_findings(&self.ending.findings);
        let is_done = self.ending.exit == Exit::Done || self.all_files().next().is_some();
        let closing = message!("import-open");
        self.ending.print_result(found + &self.list_text(), is_done, &closing);
    }

    /// The files and what is left, for people.
    pub(super) fn list_text(&self) -> String {
        let mut text = String::new();
        for agency in &self.agencies {
            if agency.files.is_empty() && agency.left.is_empty() {
                continue;
            }
            let _ = writeln!(text, "{}", escape(&agency.agency));
            for file in &agency.files {
                let mailboxes = text!("import-mailboxes", count = file.mailboxes.len());
                let shown = escape(&file.file);
                let common = printer::render(&file.in_common.describe());
                text += &fit_line(&format!("  + {shown}  {mailboxes}: {common}"), 4);
                for mailbox in file.mailboxes.iter().take(MOST_SHOWN) {
                    let _ = writeln!(text, "      {mailbox}");
                }
                if file.mailboxes.len() > MOST_SHOWN {
                    let more = text!("import-more", count = file.mailboxes.len() - MOST_SHOWN);
                    let _ = writeln!(text, "      {more}");
                }
            }
            for left in &agency.left {
                let (mailbox, why) = (&*left.mailbox, &left.reason);
                text +=
                    &fit_line(&format!("  ! {}", escape(&text!("import-left", mailbox, why))), 4);
            }
            text.push('\n');
        }
        text
    }
}
