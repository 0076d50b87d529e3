//! The command line of `arkib reconcile`.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::arguments::{Output, PortalArgs, Requests, age, plan_digest, reference};
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::Shard;
use crate::exit::Exit;
use crate::ops::reconcile;
use crate::ops::reconcile::Options;

/// Shows what differs between requests and portal, and makes it so.
///
/// On a terminal it shows the plan and asks before it changes anything; elsewhere it needs --yes.
/// What no approved request asks for is never done, and running it again is always safe.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib reconcile --dry-run                      show what would be done, change nothing
  arkib reconcile                                show it, ask, do it
  arkib reconcile --yes                          do it without asking, in CI
  arkib reconcile --dry-run --detailed-exitcode  exit with 2 where changes are pending
  arkib reconcile --only siti@agensi.example     this mailbox alone
  arkib reconcile --accept DIGEST                let exactly that plan exceed the limits
  arkib reconcile --dry-run --base origin/main   what this branch adds to main, and no more
  arkib reconcile --dry-run --plan-out FILE      keep the plan, and later
  arkib reconcile --yes --plan FILE              do exactly that, or nothing
  arkib reconcile --yes --plan FILE --shard 3/8  its third part of eight, on eight machines

A real portal (portal: scim) is found through the environment:
  ARKIB_PORTAL_URL         its SCIM address, such as https://portal.example/scim/v2
and opened in exactly one of three ways (secrets in a file are read again when they rotate):
  ARKIB_PORTAL_TOKEN_FILE  a file with its token; or ARKIB_PORTAL_TOKEN, the token itself
  ARKIB_PORTAL_OAUTH_URL   where tokens are asked for (OAuth 2.0, client credentials); then also
    ARKIB_PORTAL_OAUTH_CLIENT_ID           the client's name there
    ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE  a file with its secret; or ..._CLIENT_SECRET
    ARKIB_PORTAL_OAUTH_SCOPE               what the token is for, if the endpoint wants to know
    ARKIB_PORTAL_OAUTH_AUTH                basic, or post where the secret goes into the form
  ARKIB_PORTAL_USER        a user's name; then also ARKIB_PORTAL_PASSWORD_FILE, a file with the
                           password, or ARKIB_PORTAL_PASSWORD
The way there, to the portal and to where tokens are asked for:
  ARKIB_PORTAL_CA          PEM file of the authorities to trust, in place of the system's
  ARKIB_PORTAL_CERT        PEM file of the certificate that the portal asks for, if it asks
  ARKIB_PORTAL_KEY         PEM file of its private key, where that is a file of its own
  HTTPS_PROXY, NO_PROXY    a proxy on the way (http://user:password@host:port), and hosts without it")]
pub struct Args {
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    portal: PortalArgs,
    /// Show the plan and change nothing
    #[arg(long, conflicts_with_all = ["yes", "wait"])]
    dry_run: bool,
    /// Apply without asking
    #[arg(long)]
    yes: bool,
    /// With --dry-run: exit with 2 where changes are pending
    #[arg(long, requires = "dry_run", conflicts_with_all = ["yes", "wait"])]
    detailed_exitcode: bool,
    /// With --dry-run: show what a pull request adds to this branch, changes or prevents; its
    /// policies count, and only the mailboxes that the pull request touches are looked up
    #[arg(long, value_name = "REF", value_parser = reference, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"])]
    base: Option<String>,
    /// With --base: read the whole portal, to count in one line what is pending anyway
    #[arg(long, requires = "base", conflicts_with_all = ["only", "yes", "wait"])]
    drift: bool,
    /// With --dry-run: keep the plan in this file, for --plan
    #[arg(long, value_name = "FILE", requires = "dry_run", conflicts_with_all = ["plan", "yes", "wait"])]
    plan_out: Option<PathBuf>,
    /// Do exactly what this kept plan says, or nothing where it no longer holds (exit status 4)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "base", "drift"])]
    plan: Option<PathBuf>,
    /// With --plan: the oldest plan to take, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", requires = "plan", conflicts_with_all = ["only", "base", "drift", "plan_out"], value_parser = age)]
    max_age: SignedDuration,
    /// Let exactly the plan of this digest exceed the limits; several times for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = plan_digest)]
    accept: Vec<String>,
    /// Only this mailbox; several times for several. Limits then count what is left
    #[arg(long, value_name = "MAILBOX", value_parser = Mailbox::parse)]
    only: Vec<Mailbox>,
    /// Only the part I of N, for N machines at once: a mailbox is in the part that the SHA-256 of its
    /// address says. Limits count the whole plan. Best with --plan: without it each part reads the
    /// whole portal. Pending and scheduled requests are shown by every part
    #[arg(
        long,
        value_name = "I/N",
        conflicts_with_all = ["only", "base", "drift", "plan_out", "hand_over_again"]
    )]
    shard: Option<Shard>,
    /// Follow what the portal accepts and still works on, to its end
    #[arg(long)]
    wait: bool,
    /// With --wait: for at most so long
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 600,
        requires = "wait",
        conflicts_with = "dry_run"
    )]
    wait_timeout: u64,
    /// The most requests under way at a time; where the portal takes bulk requests, one may carry
    /// up to a hundred changes
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,
    /// The folder of the records: where a run is recorded, and where what earlier runs did is read
    /// [default: `records` beside the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    /// With portal: files, the folder to put what is handed over in
    /// [default: .arkib/hand-over beside the requests folder]
    #[arg(long, value_name = "DIR", env = "ARKIB_HAND_OVER")]
    hand_over: Option<PathBuf>,
    /// With portal: files, hand over once more what was handed over and is not done: earlier files
    /// are lost, refused, or destroyed
    #[arg(long)]
    hand_over_again: bool,
    /// Apply requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference")]
    allow_uncommitted: bool,
    /// Fail on blocked mailboxes and warnings, too
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> Exit {
    reconcile::run(&args.into())
}

impl From<Args> for Options {
    fn from(args: Args) -> Self {
        Self {
            requests: args.requests.into(),
            portal: args.portal.into(),
            dry_run: args.dry_run,
            yes: args.yes,
            detailed_exitcode: args.detailed_exitcode,
            base: args.base,
            drift: args.drift,
            plan_out: args.plan_out,
            plan: args.plan,
            max_age: args.max_age,
            accept: args.accept,
            only: args.only,
            shard: args.shard,
            wait: args.wait,
            wait_timeout: args.wait_timeout,
            concurrency: args.concurrency,
            records: args.records,
            hand_over: args.hand_over,
            hand_over_again: args.hand_over_again,
            allow_uncommitted: args.allow_uncommitted,
            strict: args.strict,
            output: args.output.into(),
        }
    }
}
