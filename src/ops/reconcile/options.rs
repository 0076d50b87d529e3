//! How a run of `arkib reconcile` goes, and what all of its agencies have in common.

use std::path::PathBuf;

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::apply::Stop;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::saved::SavedPlans;
use crate::domain::plan::{Shard, Stale};
use crate::load::{Location, Source, reference};
use crate::ops::arguments::{age, plan_digest};
use crate::ops::session::PortalOptions;
use crate::output::writer::Destination;

/// How a run goes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the requests are
    #[command(flatten)]
    pub requests: Location,
    /// Which portal, as far as the environment does not say
    #[command(flatten)]
    pub portal: PortalOptions,
    /// Show the plan and change nothing
    #[arg(long, conflicts_with_all = ["yes", "wait"])]
    pub dry_run: bool,
    /// Apply without asking
    #[arg(long)]
    pub yes: bool,
    /// With --dry-run: exit with 2 where changes are pending
    #[arg(long, requires = "dry_run", conflicts_with_all = ["yes", "wait"])]
    pub detailed_exitcode: bool,
    /// With --dry-run: show what a pull request adds to this branch, changes or prevents; its
    /// policies count, and only the mailboxes that the pull request touches are looked up
    #[arg(long, value_name = "REF", value_parser = reference, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"])]
    pub base: Option<String>,
    /// With --base: read the whole portal, to count in one line what is pending anyway
    #[arg(long, requires = "base", conflicts_with_all = ["only", "yes", "wait"])]
    pub drift: bool,
    /// With --dry-run: keep the plan in this file, for --plan
    #[arg(long, value_name = "FILE", requires = "dry_run", conflicts_with_all = ["plan", "yes", "wait"])]
    pub plan_out: Option<PathBuf>,
    /// Do exactly what this kept plan says, or nothing where it no longer holds (exit status 4)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "base", "drift"])]
    pub plan: Option<PathBuf>,
    /// With --plan: the oldest plan to take, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", requires = "plan", conflicts_with_all = ["only", "base", "drift", "plan_out"], value_parser = age)]
    pub max_age: SignedDuration,
    /// Let exactly the plan of this digest exceed the limits; several times for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = plan_digest)]
    pub accept: Vec<String>,
    /// Only this mailbox; several times for several. Limits then count what is left
    #[arg(long, value_name = "MAILBOX", value_parser = Mailbox::parse)]
    pub only: Vec<Mailbox>,
    /// Only the part I of N, for N machines at once: a mailbox is in the part that the SHA-256 of its
    /// address says. Limits count the whole plan. Best with --plan: without it each part reads the
    /// whole portal. Pending and scheduled requests are shown by every part
    #[arg(
        long,
        value_name = "I/N",
        conflicts_with_all = ["only", "base", "drift", "plan_out", "hand_over_again"]
    )]
    pub shard: Option<Shard>,
    /// Follow what the portal accepts and still works on, to its end
    #[arg(long)]
    pub wait: bool,
    /// With --wait: for at most so long
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 600,
        requires = "wait",
        conflicts_with = "dry_run"
    )]
    pub wait_timeout: u64,
    /// The most requests under way at a time; where the portal takes bulk requests, one may carry
    /// up to a hundred changes
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// The folder of the records: where a run is recorded, and where what earlier runs did is read
    /// [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    pub records: Option<PathBuf>,
    /// With portal: files, the folder to put what is handed over in
    /// [default: .arkib/hand-over beside the requests folder]
    #[arg(long, value_name = "DIR", env = "ARKIB_HAND_OVER")]
    pub hand_over: Option<PathBuf>,
    /// With portal: files, hand over once more what was handed over and is not done: earlier files
    /// are lost, refused, or destroyed
    #[arg(long)]
    pub hand_over_again: bool,
    /// Apply requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference")]
    pub allow_uncommitted: bool,
    /// Fail on blocked mailboxes and warnings, too
    #[arg(long)]
    pub strict: bool,
    /// How the result is written, and where else
    #[command(flatten)]
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
    pub stale: Vec<Stale>,
}

impl Context<'_> {
    /// Prints for people; for programs everything comes at the end.
    pub fn show(&self, text: impl FnOnce() -> String) {
        self.options.output.show(text);
    }
}
