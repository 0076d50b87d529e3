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
use super::session::{PortalOptions, Session};
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::saved::SavedPlans;
use crate::domain::plan::{Shard, Stale};
use crate::domain::policy::PortalKind;
use crate::exit::Exit;
use crate::load::{Location, Source, today};
use crate::output::findings;
use crate::output::findings::count;
use crate::output::format::ReviewFormat;
use crate::output::writer;
use crate::output::writer::Destination;
use crate::output::{Ended, Reconciled, Told, human, json};
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

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
    /// With --plan: the oldest plan to take, such as 90m or 24h
    pub max_age: SignedDuration,
    /// Let exactly the plan of this digest exceed the limits; several times for several agencies
    pub accept: Vec<String>,
    /// Only this mailbox; several times for several. Limits then count what is left
    pub only: Vec<Mailbox>,
    /// Only the part I of N, for N machines at once: a mailbox is in the part that the SHA-256 of its
    /// address says. Limits count the whole plan. Best with --plan: without it each part reads the
    /// whole portal. Pending and scheduled requests are shown by every part
    pub shard: Option<Shard>,
    /// Follow what the portal accepts and still works on, to its end
    pub wait: bool,
    /// With --wait: for at most so long
    pub wait_timeout: u64,
    /// The most requests under way at a time; where the portal takes bulk requests, one may carry
    /// up to a hundred changes
    pub concurrency: u16,
    /// The folder of the records: where a run is recorded, and where what earlier runs did is read
    /// [default: `records` beside the agency's policy]
    pub records: Option<PathBuf>,
    /// With portal: files, the folder to put what is handed over in
    /// [default: .arkib/hand-over beside the requests folder]
    pub hand_over: Option<PathBuf>,
    /// With portal: files, hand over once more what was handed over and is not done: earlier files
    /// are lost, refused, or destroyed
    pub hand_over_again: bool,
    /// Apply requests that are not committed; for rehearsals
    pub allow_uncommitted: bool,
    /// Fail on blocked mailboxes and warnings, too
    pub strict: bool,
    /// How the result is written, and where else.
    pub output: Destination,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let asks = !options.dry_run && !options.yes;
    let is_human = options.output.format == ReviewFormat::Human;
    if asks && (!is_human || !printer::is_interactive()) {
        let reason = "nobody can be asked here: give --yes to apply, or --dry-run to look";
        return ended(options, None, Exit::Usage, reason, None);
    }
    if options.shard.is_some() && options.plan.is_none() && !options.accept.is_empty() {
        let reason = "--shard takes --accept only together with --plan FILE: without it, shards that begin later have another plan, of what is left";
        let help = "keep the whole plan with --dry-run --plan-out FILE, and accept that";
        return ended(options, None, Exit::Usage, reason, Some(help.to_owned()));
    }
    let plan = match options.plan.as_deref().map(saved::read).transpose() {
        Ok(plan) => plan,
        Err((exit, reason, help)) => return ended(options, None, exit, &reason, Some(help)),
    };
    let source = match options.requests.load(options.base.as_deref()) {
        Ok(source) => source,
        Err(error) => {
            let reason = format!("The requests cannot be read: {error}. Nothing was changed.");
            let help = Some(error.help().to_owned());
            return ended(options, None, Exit::Failed, &reason, help);
        }
    };
    let found = &source.loaded.findings;
    if has_errors(found) || (options.strict && !found.is_empty()) {
        let reason = format!("{}; nothing was changed", count(found));
        return ended(options, Some(&source), Exit::Failed, &reason, None);
    }
    if source.loaded.agencies.is_empty() {
        let (exit, reason) = match options.plan_out {
            None => (Exit::Done, "Nothing to do yet: no policy is merged."),
            Some(_) => (Exit::Failed, "No plan was kept: no policy is merged yet."),
        };
        return ended(options, Some(&source), exit, reason, None);
    }
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(reason) => return ended(options, Some(&source), Exit::Failed, &reason, None),
    };
    show(options, || findings::human(found));
    let mut runs = runtime.block_on(agencies(options, &source, plan.as_ref()));
    if let Some(file) = &options.plan_out
        && let Err(why) = saved::write(file, &source, &runs)
    {
        fail_all(&mut runs, &why);
    }
    let written = writer::report(&options.output, &told(&source, &runs));
    if let Err(why) = written {
        fail_all(&mut runs, &why);
    }
    let told = told(&source, &runs);
    writer::finish(&options.output, &told, || json::told(&told));
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
    options: &Options,
    source: Option<&Source>,
    exit: Exit,
    reason: &str,
    help: Option<String>,
) -> Exit {
    let place = source.map_or_else(|| options.requests.folder(), Source::place);
    let none = Vec::new();
    let found = source.map_or(&none, |source| &source.loaded.findings);
    if options.output.format == ReviewFormat::Human {
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
        places: source.map_or_else(|| options.requests.places(), Source::places),
    };
    if let Err(why) = writer::report(&options.output, &told) {
        printer::fail(&why);
    }
    writer::finish(&options.output, &told, || json::told(&told));
    exit
}

async fn agencies(
    options: &Options,
    source: &Source,
    plan: Option<&SavedPlans>,
) -> Vec<Reconciled> {
    let mut context = Context {
        options,
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
    warn_of_foreign(options, &source.loaded.agencies);
    for agency in &source.loaded.agencies {
        if !runs.is_empty() {
            show(options, || "\n".to_owned());
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
    options: &'a Options,
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
fn show(options: &Options, text: impl FnOnce() -> String) {
    if options.output.format == ReviewFormat::Human {
        printer::result(&text());
    }
}

fn warn_of_foreign(options: &Options, agencies: &[Agency]) {
    for mailbox in &options.only {
        if !agencies.iter().any(|agency| agency.policy.owns(mailbox)) {
            let mailbox = visible(mailbox.as_str());
            printer::say(&format!("note: {mailbox} is of no agency in this folder"));
        }
    }
}
