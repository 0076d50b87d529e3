//! How a run of `arkib reconcile` goes, and what all of its agencies have in common.

use std::path::PathBuf;

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::apply::Stop;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::saved::SavedPlans;
use crate::domain::plan::{Shard, StaleReason};
use crate::load::{Location, Source};
use crate::ops::session::PortalOptions;
use crate::output::writer::Destination;

/// How a run goes.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: Location,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
    /// Show the plan and change nothing
    pub dry_run: bool,
    /// Apply without asking
    pub yes: bool,
    /// With --dry-run: exit with 2 where changes are pending
    pub detailed_exitcode: bool,
    /// With --dry-run: show what a pull request adds to this branch, changes or prevents; its
    /// policies count, and only the mailboxes that the pull request touches are looked up
    pub base: Option<String>,
    /// With --base: read the whole portal, to count in one line what is pending anyway
    pub drift: bool,
    /// With --dry-run: keep the plan in this file, for --plan
    pub plan_out: Option<PathBuf>,
    /// Do exactly what this kept plan says, or nothing where it no longer holds (exit status 4)
    pub plan: Option<PathBuf>,
    /// With --plan: the oldest plan to take
    pub max_age: SignedDuration,
    /// The digests of plans that may exceed the limits
    pub accept: Vec<String>,
    /// Only these mailboxes, where any is named. Limits then count what is left
    pub only: Vec<Mailbox>,
    /// Only this part of the plan. Limits count the whole plan
    pub shard: Option<Shard>,
    /// Follow what the portal accepts and still works on, to its end
    pub wait: bool,
    /// With --wait: for at most so many seconds
    pub wait_timeout: u64,
    /// The most requests under way at a time
    pub concurrency: u16,
    /// The folder of the records [default: `records` beside the agency's policy]
    pub records: Option<PathBuf>,
    /// With portal: files, the folder to put what is handed over in
    /// [default: .arkib/hand-over beside the requests folder]
    pub hand_over: Option<PathBuf>,
    /// With portal: files, hand over once more what was handed over and is not done
    pub hand_over_again: bool,
    /// Apply requests that are not committed; for rehearsals
    pub allow_uncommitted: bool,
    /// Fail on blocked mailboxes and warnings, too
    pub strict: bool,
    /// How the result is written, and where else.
    pub output: Destination,
}

/// What every agency of a run has in common.
pub(super) struct Context<'a> {
    pub options: &'a Options,
    pub source: &'a Source,
    /// What interrupts the run.
    pub stop: &'a Stop,
    /// The real day.
    pub today: Date,
    /// The kept plan that is to be carried out.
    pub plan: Option<&'a SavedPlans>,
    /// Why it holds for no agency.
    pub stale: Vec<StaleReason>,
}

impl Context<'_> {
    /// Prints for people; for programs everything comes at the end.
    pub fn show(&self, text: impl FnOnce() -> String) {
        self.options.output.show(text);
    }
}
