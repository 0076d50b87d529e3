//! The command line of `arkib reconcile`.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::arguments::{
    OutputArgs, PortalArgs, RequestsLocationArgs, parse_age, parse_base, parse_commit_name,
    parse_plan_digest,
};
use crate::commands::arguments::value_of;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::Shard;
use crate::exit::Exit;
use crate::ops::exit_status::FailOn;
use crate::ops::reconcile;
use crate::ops::reconcile::Options;

/// Shows the differences between requests and portal, and applies them.
///
/// On a terminal it shows the plan and asks before it changes anything; elsewhere it needs --yes. It
/// never does anything that no approved request asks for, and it is always safe to run it again.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib reconcile --dry-run                      show the plan, change nothing
  arkib reconcile                                show it, ask, apply it
  arkib reconcile --yes                          apply it without asking, in CI
  arkib reconcile --dry-run --fail-on drift,due  exit with 2 for changes
  arkib reconcile --only siti@agensi.example     only this mailbox
  arkib reconcile --accept DIGEST                let this plan exceed limits
  arkib reconcile --dry-run --base origin/main   what this branch adds to main
  arkib reconcile --dry-run --pull-request       the same in CI
  arkib reconcile --dry-run --plan-out FILE      save the plan, and later
  arkib reconcile --yes --plan FILE              apply exactly that, or nothing
  arkib reconcile --yes --plan FILE --shard 3/8  the third of eight parts

The environment says where a real portal (portal: scim) is:
  ARKIB_PORTAL_URL         its SCIM URL, such as https://portal.example/scim/v2

Use exactly one way to log in. A secret in a file is read again when it changes.
  ARKIB_PORTAL_TOKEN_FILE  a file with a token; or ARKIB_PORTAL_TOKEN, the token
  ARKIB_PORTAL_OAUTH_URL   token endpoint (OAuth 2.0, client credentials), with
    ARKIB_PORTAL_OAUTH_CLIENT_ID           the client's id
    ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE  a file with its secret; or
                                           ARKIB_PORTAL_OAUTH_CLIENT_SECRET
    ARKIB_PORTAL_OAUTH_SCOPE               the scope, if the endpoint needs one
    ARKIB_PORTAL_OAUTH_AUTH                basic, or post to send the secret in
                                           the form
  ARKIB_PORTAL_USER        a user name, with ARKIB_PORTAL_PASSWORD_FILE, a file
                           with the password, or ARKIB_PORTAL_PASSWORD

With several agencies, each can have its own: ARKIB_PORTAL_TOKEN_CONTOH is for
the agency CONTOH alone. If one such variable is set, only those count for it,
but for ARKIB_PORTAL_URL, ARKIB_PORTAL_CA and the proxy.

For the connections to the portal and to the token endpoint:
  ARKIB_PORTAL_CA          PEM file with the authorities to trust, instead of
                           those of the system
  ARKIB_PORTAL_CERT        PEM file with the client certificate, if the portal
                           asks for one
  ARKIB_PORTAL_KEY         PEM file with its private key, if in a separate file
  HTTPS_PROXY, NO_PROXY    a proxy (http://user:password@host:port), and hosts
                           that do not use it

To tell operators of failures and drift (a dry run: also of what waits or ends):
  ARKIB_ALERT_URL          a webhook, or mailto:ADDRESS with the mail server of
                           `arkib notify`; ARKIB_ALERT_FORMAT says what the
                           webhook takes: json, slack, mattermost or teams")]
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
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', requires = "dry_run", conflicts_with_all = ["yes", "wait"])]
    fail_on: Vec<FailOn>,
    /// The same as --fail-on drift,due: exit with 2 if there are changes
    #[arg(long, requires = "dry_run", conflicts_with_all = ["yes", "wait"])]
    detailed_exitcode: bool,
    /// With --dry-run: show what a pull request adds, changes or prevents in this branch. The policies
    /// of the branch apply, and only mailboxes that the pull request touches are read
    #[arg(long, value_name = "REF", value_parser = parse_commit_name, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"], group = "compared")]
    base: Option<String>,
    /// As --base, with the branch that the pull request of this CI job is to be merged into
    #[arg(long, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"], group = "compared")]
    pull_request: bool,
    /// With --base or --pull-request: read the whole portal, and count what is already pending in one line
    #[arg(long, requires = "compared", conflicts_with_all = ["only", "yes", "wait"])]
    drift: bool,
    /// With --dry-run: save the plan to this file, for --plan
    #[arg(long, value_name = "FILE", requires = "dry_run", conflicts_with_all = ["plan", "yes", "wait"])]
    plan_out: Option<PathBuf>,
    /// Apply exactly this saved plan, or nothing if it is outdated (exit status 4)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "compared", "drift"])]
    plan: Option<PathBuf>,
    /// With --plan: the maximum age of the plan, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", requires = "plan", conflicts_with_all = ["only", "compared", "drift", "plan_out"], value_parser = parse_age)]
    max_age: SignedDuration,
    /// Allow only the plan with this digest to exceed the limits; repeat for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = parse_plan_digest)]
    accept: Vec<Option<String>>,
    /// Only this mailbox; may be repeated. Limits then count only these changes
    #[arg(long, value_name = "MAILBOX", value_parser = value_of(Mailbox::parse))]
    only: Vec<Mailbox>,
    /// Apply only part I of N, to use N machines at once. The SHA-256 of its address decides in which
    /// part a mailbox is. Limits count the whole plan. Use --plan, too: without it, each part reads
    /// the whole portal. Every part shows pending and scheduled requests
    #[arg(
        long,
        value_name = "I/N",
        conflicts_with_all = ["only", "compared", "drift", "plan_out", "hand_over_again"]
    )]
    shard: Option<Shard>,
    /// Wait until the portal has finished the changes that it accepted
    #[arg(long)]
    wait: bool,
    /// With --wait: the longest time to wait
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 600,
        requires = "wait",
        conflicts_with = "dry_run"
    )]
    wait_timeout: u64,
    /// Name the mailboxes with an archive that no request names; otherwise they are only counted
    #[arg(long)]
    unmanaged: bool,
    /// The most requests sent to the portal at the same time; if it supports bulk requests, each may
    /// hold up to a hundred changes
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,
    /// The folder with the records of earlier runs; this run is recorded there, too
    /// [default: `records` next to the agency's policy]
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    /// Keep the records on this branch of the remote repository: fetched before the run, pushed after it
    #[arg(long, value_name = "NAME", conflicts_with = "records", value_parser = parse_commit_name)]
    records_branch: Option<String>,
    /// With portal: files, the folder for the files that are handed over
    /// [default: .arkib/hand-over next to the requests folder]
    #[arg(long, value_name = "DIR", env = "ARKIB_HAND_OVER")]
    hand_over: Option<PathBuf>,
    /// With portal: files, hand over again what was handed over but not done, because earlier files
    /// were lost, refused or destroyed
    #[arg(long)]
    hand_over_again: bool,
    /// Allow requests that are not committed; for rehearsals
    #[arg(long, conflicts_with = "reference")]
    allow_uncommitted: bool,
    /// Also fail on blocked mailboxes and warnings
    #[arg(long)]
    strict: bool,
    /// Also write the figures of the run as OpenMetrics text to this file, of a failed run, too
    #[arg(long, value_name = "FILE", conflicts_with_all = ["base", "pull_request"])]
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
