//! The options of `arkib reconcile`, and what all of its agencies have in common.

use std::path::PathBuf;

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::apply::Stop;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::saved::PlanFile;
use crate::domain::plan::{Shard, StaleReason};
use crate::load::{LoadedRequests, RequestsLocation};
use crate::ops::base::Base;
use crate::ops::exit_status::FailOn;
use crate::ops::portal_session::PortalFileOptions;
use crate::output::report_writer::OutputOptions;

/// The options of a run.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// What the environment does not say about the portal.
    pub portal: PortalFileOptions,
    /// Show the plan and change nothing
    pub dry_run: bool,
    /// Apply without asking
    pub yes: bool,
    /// With --dry-run: what makes the status 2
    pub fail_on: Vec<FailOn>,
    /// With --dry-run: show what a pull request adds, changes or prevents in this branch
    pub base: Option<Base>,
    /// With --base: read the whole portal, and count what is already pending in one line
    pub drift: bool,
    /// With --dry-run: save the plan to this file, for --plan
    pub plan_out: Option<PathBuf>,
    /// Apply exactly this saved plan, or nothing if it is outdated (exit status 4)
    pub plan: Option<PathBuf>,
    /// With --plan: the maximum age of the plan
    pub max_age: SignedDuration,
    /// The digests of plans that may exceed the limits
    pub accept: Vec<String>,
    /// Only these mailboxes, if any is named. Limits then count only these changes
    pub only: Vec<Mailbox>,
    /// Only this part of the plan. Limits count the whole plan
    pub shard: Option<Shard>,
    /// Wait until the portal has finished the changes that it accepted
    pub wait: bool,
    /// With --wait: the longest time to wait, in seconds
    pub wait_timeout: u64,
    /// Name the mailboxes with an archive that no request names
    pub names_unmanaged: bool,
    /// The most requests to the portal at a time
    pub concurrency: u16,
    /// The folder of the records [default: `records` next to the agency's policy]
    pub records: Option<PathBuf>,
    /// The branch of the remote repository with the records, in place of a folder
    pub records_branch: Option<String>,
    /// With portal: files, the folder for the files that are handed over
    /// [default: .arkib/hand-over next to the requests folder]
    pub hand_over: Option<PathBuf>,
    /// With portal: files, hand over again what was handed over but not done
    pub hand_over_again: bool,
    /// Allow requests that are not committed; for rehearsals
    pub allow_uncommitted: bool,
    /// Also fail on blocked mailboxes and warnings
    pub strict: bool,
    /// The file for the figures of the run
    pub metrics: Option<PathBuf>,
    /// The format of the result, and the file for a copy.
    pub output: OutputOptions,
}

/// What every agency of a run has in common.
pub(super) struct ReconcileContext<'a> {
    pub options: &'a Options,
    pub source: &'a LoadedRequests,
    /// What interrupts the run.
    pub stop: &'a Stop,
    /// Today, whatever --as-of says.
    pub today: Date,
    /// The saved plan to apply.
    pub plan: Option<&'a PlanFile>,
    /// Why the saved plan is outdated for all agencies.
    pub stale: Vec<StaleReason>,
}

impl Options {
    /// Whether somebody asked which mailboxes no request names.
    pub(super) fn names_unmanaged(&self) -> bool {
        let is_asked = self.fail_on.contains(&FailOn::Unmanaged);
        self.names_unmanaged || is_asked || !self.only.is_empty()
    }
}

impl ReconcileContext<'_> {
    /// Prints for people; programs get everything at the end.
    pub fn print_if_human(&self, text: impl FnOnce() -> String) {
        self.options.output.print_if_human(text);
    }
}
