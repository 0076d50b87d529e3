//! `arkib reconcile`: the main job (procedure step 3): the command line, and the run over all
//! agencies. What is done for each is in [`agency`].

mod agency;
mod carry_out;

use std::sync::Arc;

use jiff::civil::Date;

use super::connect::{Embedded, Session};
use super::interrupt;
use super::load::{Requests, Source, today};
use crate::apply::Stop;
use crate::cli::Format;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::mailbox::Mailbox;
use crate::plan::Digest;
use crate::policy::PortalKind;
use crate::printer;
use crate::report::Reconciled;
use crate::report::findings::{self, count};
use crate::report::json::{self, ReconcileOutput};
use crate::request::reader::Agency;
use crate::visible::visible;
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

A real portal (portal: scim) is found through the environment:
  ARKIB_PORTAL_URL         its SCIM address, such as https://portal.example/scim/v2
  ARKIB_PORTAL_TOKEN_FILE  a file with its token; or ARKIB_PORTAL_TOKEN, the token itself")]
pub struct Args {
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    embedded: Embedded,
    /// Show the plan and change nothing
    #[arg(long, conflicts_with_all = ["yes", "wait"])]
    dry_run: bool,
    /// Apply without asking
    #[arg(long)]
    yes: bool,
    /// With --dry-run: exit with 2 where changes are pending
    #[arg(long, requires = "dry_run", conflicts_with_all = ["yes", "wait"])]
    detailed_exitcode: bool,
    /// Let exactly the plan of this digest exceed the limits; several times for several agencies
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    accept: Vec<String>,
    /// Only this mailbox; several times for several. Limits then count what is left
    #[arg(long, value_name = "MAILBOX", value_parser = Mailbox::parse)]
    only: Vec<Mailbox>,
    /// Follow what the portal accepts and still works on, to its end
    #[arg(long)]
    wait: bool,
    /// With --wait: for at most so long
    #[arg(long, value_name = "SECONDS", default_value_t = 600, requires = "wait")]
    wait_timeout: u64,
    /// The most changes under way at a time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,
    /// Apply requests that are not committed; for rehearsals
    #[arg(long)]
    allow_uncommitted: bool,
    /// Fail on blocked mailboxes and warnings, too
    #[arg(long)]
    strict: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
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
    if asks && (args.format == Format::Json || !printer::is_interactive()) {
        let reason = "nobody can be asked here: give --yes to apply, or --dry-run to look";
        return ended(
            args,
            &args.requests.requests.display().to_string(),
            &[],
            Exit::Usage,
            reason,
        );
    }
    let source = args.requests.load();
    let found = &source.loaded.findings;
    if has_errors(found) || (args.strict && !found.is_empty()) {
        let reason = format!("{}; nothing was changed", count(found));
        return ended(args, &source.place(), found, Exit::Failed, &reason);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => {
            return ended(args, &source.place(), &[], Exit::Failed, &reason);
        }
    };
    show(args, || findings::human(found));
    let runs = runtime.block_on(agencies(args, &source));
    if args.format == Format::Json {
        let output = |run| ReconcileOutput::of(run, found);
        let outputs: Vec<ReconcileOutput> = runs.iter().map(output).collect();
        printer::result(&json::one_or_many(&outputs));
    }
    // A question that nobody answered any more must not keep the program.
    runtime.shutdown_background();
    runs.iter().fold(Exit::Done, |exit, run| exit.and(run.exit))
}

/// Ends a run that never came to an agency.
fn ended(args: &Args, place: &str, found: &[Finding], exit: Exit, reason: &str) -> Exit {
    match args.format {
        Format::Human if found.is_empty() => printer::say(reason),
        Format::Human => printer::result(&format!("{}{reason}\n", findings::human(found))),
        Format::Json => {
            printer::result(&json::render(&ReconcileOutput::ended(
                place, found, exit, reason,
            )));
        }
    }
    exit
}

async fn agencies(args: &Args, source: &Source) -> Vec<Reconciled> {
    let context = Context {
        args,
        source,
        stop: interrupt::heed(),
        today: today(),
    };
    let mut runs: Vec<Reconciled> = Vec::new();
    let mut sessions: Vec<(PortalKind, Session)> = Vec::new();
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
}

/// Prints for people; for programs everything comes at the end.
fn show(args: &Args, text: impl FnOnce() -> String) {
    if args.format == Format::Human {
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
