//! The command line of `arkib reconcile`.

use std::convert::Infallible;
use std::path::PathBuf;

use jiff::SignedDuration;

use super::arguments::{
    LONGEST_WAIT, OutputArgs, PortalArgs, RequestsLocationArgs, number, parse_age, parse_base,
    parse_commit_name, parse_plan_digest,
};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::Shard;
use crate::exit::Exit;
use crate::ops::exit_status::FailOn;
use crate::ops::reconcile;
use crate::ops::reconcile::Options;

/// Compares requests and portal, and applies the differences.
///
/// On a terminal it shows the plan and asks before it changes anything; elsewhere it needs --yes. It
/// never does anything that no approved request asks for, and it is always safe to run it again.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    requests: RequestsLocationArgs,
    #[command(flatten)]
    portal: PortalArgs,
    /// Show the plan and change nothing
    #[arg(long, conflicts_with_all = ["yes", "wait"])]
    dry_run: bool,
    /// Apply without asking
    #[arg(long)]
    yes: bool,
    /// With --dry-run: exit with 2 if the plan has one of these
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', requires = "dry_run", conflicts_with_all = ["yes", "wait"], help_heading = "Exit status")]
    fail_on: Vec<FailOn>,
    /// The same as --fail-on drift,due: exit with 2 if there are changes
    #[arg(long, requires = "dry_run", conflicts_with_all = ["yes", "wait"], help_heading = "Exit status")]
    detailed_exitcode: bool,
    /// With --dry-run: show what a pull request adds, changes or prevents in this branch. The policies
    /// of the branch apply, and only mailboxes that the pull request touches are read
    #[arg(long, value_name = "REF", value_parser = parse_commit_name, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"], group = "compared", help_heading = "Pull requests")]
    base: Option<String>,
    /// As --base, with the branch that the pull request of this CI job is to be merged into
    #[arg(long, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"], group = "compared", help_heading = "Pull requests")]
    pull_request: bool,
    /// With --base or --pull-request: read the whole portal, and count what is already pending in one line
    #[arg(long, requires = "compared", conflicts_with_all = ["only", "yes", "wait"], help_heading = "Pull requests")]
    drift: bool,
    /// With --dry-run: save the plan to this file, for --plan
    #[arg(long, value_name = "FILE", requires = "dry_run", conflicts_with_all = ["plan", "yes", "wait"], help_heading = "Plans and limits")]
    plan_out: Option<PathBuf>,
    /// Apply exactly this saved plan, or nothing if it is outdated (exit status 4)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "compared", "drift"], help_heading = "Plans and limits")]
    plan: Option<PathBuf>,
    /// With --plan: the maximum age of the plan, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", requires = "plan", conflicts_with_all = ["only", "compared", "drift", "plan_out"], value_parser = parse_age, help_heading = "Plans and limits")]
    max_age: SignedDuration,
    /// Allow only the plan with this digest to exceed the limits; repeat for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = parse_plan_digest, help_heading = "Plans and limits")]
    accept: Vec<Option<String>>,
    /// Only this mailbox; may be repeated. Limits then count only these changes
    #[arg(long, value_name = "MAILBOX", value_parser = |name: &str| Ok::<_, Infallible>(Mailbox::from_portal(name)))]
    only: Vec<Mailbox>,
    /// Apply only part I of N, to use N machines at once. The SHA-256 of its address decides in which
    /// part a mailbox is. Limits count the whole plan. Use --plan, too: without it, each part reads
    /// the whole portal. Every part shows pending and scheduled requests
    #[arg(
        long,
        value_name = "I/N",
        conflicts_with_all = ["only", "compared", "drift", "plan_out", "hand_over_again"],
        help_heading = "Plans and limits"
    )]
    shard: Option<Shard>,
    /// Wait until the portal has finished the changes that it accepted
    #[arg(long, help_heading = "Portal")]
    wait: bool,
    /// With --wait: the longest time to wait
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 600,
        value_parser = number(0..=LONGEST_WAIT),
        requires = "wait",
        conflicts_with = "dry_run",
        help_heading = "Portal"
    )]
    wait_timeout: u64,
    /// Name the mailboxes with an archive that no request names; otherwise they are only counted
    #[arg(long)]
    unmanaged: bool,
    /// The most requests sent to the portal at the same time; if it supports bulk requests, each may
    /// hold up to a hundred changes
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = number(1..=256_u16), help_heading = "Portal")]
    concurrency: u16,
    /// The folder with the records of earlier runs; this run is recorded there, too
    /// [default: `records` next to the agency's policy]
    #[arg(long, value_name = "DIR", help_heading = "Records")]
    records: Option<PathBuf>,
    /// Keep the records on this branch of the remote repository: fetched before the run, pushed after it
    #[arg(long, value_name = "NAME", conflicts_with = "records", value_parser = parse_commit_name, help_heading = "Records")]
    records_branch: Option<String>,
    /// With portal: files, the folder for the files that are handed over
    /// [default: .arkib/hand-over next to the requests folder]
    #[arg(long, value_name = "DIR", env = "ARKIB_HAND_OVER", help_heading = "Portal")]
    hand_over: Option<PathBuf>,
    /// With portal: files, hand over again what was handed over but not done, because earlier files
    /// were lost, refused or destroyed
    #[arg(long, help_heading = "Portal")]
    hand_over_again: bool,
    /// Allow requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference", help_heading = "Requests")]
    allow_uncommitted: bool,
    /// Also fail on blocked mailboxes and warnings
    #[arg(long, help_heading = "Exit status")]
    strict: bool,
    /// Also write the figures of the run as OpenMetrics text to this file, of a failed run, too
    #[arg(long, value_name = "FILE", conflicts_with_all = ["base", "pull_request"], help_heading = "Files")]
    metrics: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub fn run(mut args: Args) -> Exit {
    if args.detailed_exitcode {
        args.fail_on.extend(FailOn::CHANGES);
    }
    reconcile::run(Options {
        requests: args.requests.into(),
        portal: args.portal.into(),
        dry_run: args.dry_run,
        yes: args.yes,
        fail_on: args.fail_on,
        base: parse_base(args.base, args.pull_request),
        drift: args.drift,
        plan_out: args.plan_out,
        plan: args.plan,
        max_age: args.max_age,
        accept: args.accept.into_iter().flatten().collect(),
        only: args.only,
        shard: args.shard,
        wait: args.wait,
        wait_timeout: args.wait_timeout,
        names_unmanaged: args.unmanaged,
        concurrency: args.concurrency,
        records: args.records,
        records_branch: args.records_branch,
        hand_over: args.hand_over,
        hand_over_again: args.hand_over_again,
        allow_uncommitted: args.allow_uncommitted,
        strict: args.strict,
        metrics: args.metrics,
        output: args.output.into(),
    })
}
