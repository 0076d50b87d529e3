//! `arkib reconcile`: the main job (procedure step 3). Joins the stages: load, read the portal,
//! plan, show, ask, apply, report.

pub(super) mod carry_out;

use jiff::Timestamp;
use jiff::civil::Date;

use super::connect::{Embedded, Session, Wanted};
use super::load::{Requests, Source};
use crate::calendar::local_day;
use crate::cli::Format;
use crate::desired::{self, Desired};
use crate::exit::Exit;
use crate::mailbox::Mailbox;
use crate::plan::{self, NotCleared, Plan};
use crate::policy::PortalKind;
use crate::portal::{self, PortalError, PortalRead};
use crate::printer;
use crate::progress::Progress;
use crate::report::findings::{self, count, plural};
use crate::report::json::{self, ReconcileOutput};
use crate::report::{Reconciled, human};
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
  arkib reconcile --accept 3f9a1c2e5b7d9f01      let exactly that plan pass the limits

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
    /// Let exactly the plan of this digest pass the limits
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    accept: Option<String>,
    /// Take this day for today
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    /// Only this mailbox; may be given several times
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
    if text.len() < 16 || text.len() > 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(
            "a plan's digest has 16 to 64 hexadecimal digits; the refused plan shows it".to_owned(),
        );
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
    let runs = runtime.block_on(agencies(args, &source));
    if args.format == Format::Json {
        let outputs: Vec<ReconcileOutput> = runs.iter().map(ReconcileOutput::of).collect();
        printer::result(&match outputs.as_slice() {
            [one] => json::render(one),
            many => json::render(&many),
        });
    }
    runs.iter().fold(Exit::Done, |exit, run| exit.and(run.exit))
}

/// Ends a run that never came to an agency.
fn ended(
    args: &Args,
    place: &str,
    found: &[crate::finding::Finding],
    exit: Exit,
    reason: &str,
) -> Exit {
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
    let mut runs = Vec::new();
    let mut sessions: Vec<(PortalKind, Session)> = Vec::new();
    warn_of_foreign(args, &source.loaded.agencies);
    for agency in &source.loaded.agencies {
        let mut run = Reconciled {
            agency: agency.policy.agency.clone(),
            requests_at: source.place(),
            portal: agency.policy.portal.as_str(),
            plan: None,
            outcomes: None,
            exit: Exit::Done,
            reason: String::new(),
            help: None,
        };
        show(args, || {
            let gap = if runs.is_empty() { "" } else { "\n" };
            format!("{gap}{}", human::header(&run))
        });
        let kind = agency.policy.portal;
        if !sessions.iter().any(|(open, _)| *open == kind) {
            match Session::open(kind, &wanted(args)).await {
                Ok(session) => sessions.push((kind, session)),
                Err(error) => fail(&mut run, &error),
            }
        }
        if let Some((_, session)) = sessions.iter().find(|(open, _)| *open == kind)
            && let Err(error) = one(args, source, agency, session, &mut run).await
        {
            fail(&mut run, &error);
        }
        be_strict(args, &mut run);
        show(args, || human::ending(&run));
        runs.push(run);
    }
    for (_, session) in sessions {
        session.close().await;
    }
    runs
}

fn wanted(args: &Args) -> Wanted<'_> {
    Wanted {
        embedded: &args.embedded,
        requests: &args.requests.requests,
        today: args.as_of,
        may_write: !args.dry_run,
        concurrency: args.concurrency.into(),
    }
}

/// Prints for people; for programs everything comes at the end.
fn show(args: &Args, text: impl FnOnce() -> String) {
    if args.format == Format::Human {
        printer::result(&text());
    }
}

fn fail(run: &mut Reconciled, error: &PortalError) {
    run.exit = Exit::Failed;
    run.reason = format!("Failed while {error}");
    run.help = Some(error.help.clone()).filter(|help| !help.is_empty());
}

fn be_strict(args: &Args, run: &mut Reconciled) {
    let blocked = run.plan.as_ref().map_or(0, |plan| plan.blocked.len());
    if args.strict && blocked > 0 && matches!(run.exit, Exit::Done | Exit::Pending) {
        run.exit = Exit::Failed;
        run.reason = format!(
            "{} Failed, because {blocked} blocked and --strict.",
            run.reason
        );
    }
}

/// One agency, from its requests to its outcomes.
async fn one(
    args: &Args,
    source: &Source,
    agency: &Agency,
    session: &Session,
    run: &mut Reconciled,
) -> Result<(), PortalError> {
    let as_of = args.as_of.unwrap_or_else(|| local_day(Timestamp::now()));
    let everything = desired::fold(&agency.requests, as_of);
    let kept = everything.wanted();
    let desired = if args.only.is_empty() {
        everything
    } else {
        everything.only(&args.only)
    };
    warn_of_unnamed(args, &desired, agency);
    let reader = session.reader().await?;
    let observed = {
        let progress = Progress::new("reading mailboxes");
        portal::observe(&reader, &args.only, &|done, of| progress.at(done, of)).await?
    };
    let plan = plan::plan(&desired, &observed, &agency.policy, kept);
    show(args, || human::plan(&plan));
    decide(args, source, session, &reader, &plan, run).await?;
    run.plan = Some(plan);
    Ok(())
}

fn warn_of_unnamed(args: &Args, desired: &Desired, agency: &Agency) {
    for mailbox in &args.only {
        if agency.policy.owns(mailbox) && desired.named.binary_search(mailbox).is_err() {
            let mailbox = visible(mailbox.as_str());
            printer::say(&format!(
                "note: no request names {mailbox}, so nothing is done to it"
            ));
        }
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

/// What happens to a plan that has been shown.
async fn decide(
    args: &Args,
    source: &Source,
    session: &Session,
    reader: &impl PortalRead,
    plan: &Plan,
    run: &mut Reconciled,
) -> Result<(), PortalError> {
    let cleared = match plan.clear(args.accept.as_deref()) {
        Ok(cleared) => cleared,
        Err(why) => {
            refuse(run, plan, &why);
            return Ok(());
        }
    };
    if args.dry_run {
        run.reason = "Dry run: nothing was changed.".to_owned();
        if args.detailed_exitcode && !plan.changes.is_empty() {
            run.exit = Exit::Pending;
        }
        return Ok(());
    }
    if plan.changes.is_empty() {
        run.reason = "Nothing to do.".to_owned();
        return carry_out::settle_only(args, reader, plan, run).await;
    }
    if !args.allow_uncommitted
        && let Some(why) = source.why_uncommitted()
    {
        run.exit = Exit::Refused;
        run.reason = format!("Refused: {why}. Nothing was changed.");
        run.help =
            Some("commit the requests first; --allow-uncommitted is for rehearsals".to_owned());
        return Ok(());
    }
    if !args.yes && !printer::confirm(&question(plan)) {
        run.exit = Exit::Failed;
        run.reason = "Not confirmed: nothing was changed.".to_owned();
        return Ok(());
    }
    let writer = session.writer().await?;
    carry_out::carry_out(args, &writer, reader, cleared, run).await
}

fn question(plan: &Plan) -> String {
    let what = match (plan.terminations(), plan.enables()) {
        (0, enables) => format!("Enable {enables}"),
        (terminations, 0) => format!("Terminate {terminations}"),
        (terminations, enables) => format!("Terminate {terminations} and enable {enables}"),
    };
    format!("{what}? Type yes to go on:")
}

fn refuse(run: &mut Reconciled, plan: &Plan, why: &NotCleared) {
    run.exit = Exit::Refused;
    match why {
        NotCleared::Refused(refusals) => {
            let limits = plural(refusals.len(), "limit", "limits");
            run.reason = format!("Refused, because the plan passes {limits}: nothing was changed.");
            run.help = Some(format!(
                "if every change of the plan is right, let exactly this plan through: --accept {}",
                plan.digest.handle()
            ));
        }
        NotCleared::AnotherPlan(_) => {
            run.reason = format!("Refused: {why}. Nothing was changed.");
            run.help = Some(
                "review the plan above, and accept it by its own digest if it is right".to_owned(),
            );
        }
    }
}
