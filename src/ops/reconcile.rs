//! `arkib reconcile`: the main job (procedure step 3): the command line, and the run over all
//! agencies. What is done for each is in [`agency`].

mod agency;
mod apply;
mod hand_over;
mod plan;
mod previous_runs;
mod recording;
mod saved;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;

use super::interrupt;
use super::session::{PortalArgs, Session};
use crate::apply::Stop;
use crate::cli::ReviewFormat;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::saved::SavedPlans;
use crate::domain::plan::{Digest, Shard, Stale};
use crate::domain::policy::PortalKind;
use crate::exit::Exit;
use crate::load;
use crate::load::reader::Agency;
use crate::load::{Requests, Source, today};
use crate::output::findings;
use crate::output::findings::count;
use crate::output::writer;
use crate::output::{Ended, Reconciled, Told, human, json};
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

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
    #[arg(long, value_name = "REF", value_parser = load::reference, requires = "dry_run", conflicts_with_all = ["only", "yes", "wait"])]
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
    #[arg(long, value_name = "TIME", default_value = "24h", requires = "plan", conflicts_with_all = ["only", "base", "drift", "plan_out"], value_parser = super::age)]
    max_age: SignedDuration,
    /// Let exactly the plan of this digest exceed the limits; several times for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
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
    output: writer::Output,
}

fn digest(text: &str) -> Result<String, String> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !(Digest::SHORTEST..=64).contains(&text.len()) || !is_hex {
        return Err(format!(
            "a plan's digest has {} to 64 hexadecimal digits; the refused plan shows it",
            Digest::SHORTEST
        ));
    }
    Ok(text.to_ascii_lowercase())
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    let asks = !args.dry_run && !args.yes;
    let is_human = args.output.format == ReviewFormat::Human;
    if asks && (!is_human || !printer::is_interactive()) {
        let reason = "nobody can be asked here: give --yes to apply, or --dry-run to look";
        return ended(args, None, Exit::Usage, reason, None);
    }
    if args.shard.is_some() && args.plan.is_none() && !args.accept.is_empty() {
        let reason = "--shard takes --accept only together with --plan FILE: without it, shards that begin later have another plan, of what is left";
        let help = "keep the whole plan with --dry-run --plan-out FILE, and accept that";
        return ended(args, None, Exit::Usage, reason, Some(help.to_owned()));
    }
    let plan = match args.plan.as_deref().map(saved::read).transpose() {
        Ok(plan) => plan,
        Err((exit, reason, help)) => return ended(args, None, exit, &reason, Some(help)),
    };
    let source = match args.requests.load(args.base.as_deref()) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}. Nothing was changed.");
            let help = Some(error.help().to_owned());
            return ended(args, None, Exit::Failed, &reason, help);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) || (args.strict && !found.is_empty()) {
        let reason = format!("{}; nothing was changed", count(found));
        return ended(args, Some(&source), Exit::Failed, &reason, None);
    }
    if source.loaded.agencies.is_empty() {
        let (exit, reason) = match args.plan_out {
            None => (Exit::Done, "Nothing to do yet: no policy is merged."),
            Some(_) => (Exit::Failed, "No plan was kept: no policy is merged yet."),
        };
        return ended(args, Some(&source), exit, reason, None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(args, Some(&source), Exit::Failed, &reason, None),
    };
    show(args, || findings::human(found));
    let mut runs = runtime.block_on(agencies(args, &source, plan.as_ref()));
    if let Some(file) = &args.plan_out
        && let Err(why) = saved::write(file, &source, &runs)
    {
        fail_all(&mut runs, &why);
    }
    let written = writer::report(&args.output, &told(&source, &runs));
    if let Err(why) = written {
        fail_all(&mut runs, &why);
    }
    let told = told(&source, &runs);
    writer::finish(&args.output, &told, || json::told(&told));
    let exit = runs.iter().fold(Exit::Done, |exit, run| exit.and(run.exit));
    // A question that nobody answered any more must not keep the program.
    runtime.shutdown_background();
    exit
}

fn told<'a>(source: &'a Source, runs: &'a [Reconciled]) -> Told<'a> {
    Told {
        command: "reconcile",
        requests_at: source.place(),
        findings: &source.loaded.findings,
        policies: &[],
        runs,
        ended: None,
        places: source.places(),
    }
}

/// What was asked for besides was not done: that is no success, and every output says so.
fn fail_all(runs: &mut [Reconciled], why: &str) {
    printer::say(why);
    for run in runs {
        run.exit = run.exit.and(Exit::Failed);
        run.reason = format!("{} {why}", run.reason);
    }
}

/// Ends a run that never came to an agency.
fn ended(
    args: &Args,
    source: Option<&Source>,
    exit: Exit,
    reason: &str,
    help: Option<String>,
) -> Exit {
    let place = source.map_or_else(|| args.requests.folder(), Source::place);
    let none = Vec::new();
    let found = source.map_or(&none, |source| &source.loaded.findings);
    if args.output.format == ReviewFormat::Human {
        let policies = human::policies(source.map_or(&[], Source::policies));
        match (found.as_slice(), policies.as_str()) {
            ([], "") => printer::say(reason),
            (found, policies) => {
                let found = findings::human(found);
                printer::result(&format!("{policies}{found}{reason}\n"));
            }
        }
        if let Some(help) = &help {
            printer::say(&format!("help: {help}"));
        }
    }
    let told = Told {
        command: "reconcile",
        requests_at: place,
        findings: found,
        policies: source.map_or(&[], Source::policies),
        runs: &[],
        ended: Some(Ended {
            exit,
            reason: reason.to_owned(),
            help,
        }),
        places: source.map_or_else(|| args.requests.places(), Source::places),
    };
    if let Err(why) = writer::report(&args.output, &told) {
        printer::fail(&why);
    }
    writer::finish(&args.output, &told, || json::told(&told));
    exit
}

async fn agencies(args: &Args, source: &Source, plan: Option<&SavedPlans>) -> Vec<Reconciled> {
    let mut context = Context {
        args,
        source,
        stop: interrupt::heed(),
        today: today(),
        plan,
        stale: Vec::new(),
    };
    let mut runs: Vec<Reconciled> = Vec::new();
    let mut sessions: Vec<(PortalKind, Session)> = Vec::new();
    if let Some(plans) = plan {
        context.stale = plan::stale_as_a_whole(&context, plans, &mut sessions).await;
    }
    warn_of_foreign(args, &source.loaded.agencies);
    for agency in &source.loaded.agencies {
        if !runs.is_empty() {
            show(args, || "\n".to_owned());
        }
        runs.push(agency::reconcile(&context, agency, &mut sessions).await);
    }
    for (_, session) in sessions {
        session.close().await;
    }
    runs
}

/// What every agency of a run has in common.
struct Context<'a> {
    args: &'a Args,
    source: &'a Source,
    stop: Arc<Stop>,
    /// The real day.
    today: Date,
    /// The kept plan that is to be carried out.
    plan: Option<&'a SavedPlans>,
    /// Why it holds for no agency.
    stale: Vec<Stale>,
}

/// Prints for people; for programs everything comes at the end.
fn show(args: &Args, text: impl FnOnce() -> String) {
    if args.output.format == ReviewFormat::Human {
        printer::result(&text());
    }
}

fn warn_of_foreign(args: &Args, agencies: &[Agency]) {
    for mailbox in &args.only {
        if !agencies.iter().any(|agency| agency.policy.owns(mailbox)) {
            let mailbox = visible(mailbox.as_str());
            printer::say(&format!("note: {mailbox} is of no agency in this folder"));
        }
    }
}
