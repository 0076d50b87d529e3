//! One agency from its requests to its outcomes: read the portal, plan, show, ask, apply.

use tokio::sync::oneshot;

use super::hand_over;
use super::hand_over::People;
use super::plan;
use super::plan::Planned;
use super::previous_runs;
use super::recording::{Begin, Recording};
use super::{Context, apply, show};
use crate::domain::agency::Agency;
use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::plan::{NotCleared, Plan, Share, Stale};
use crate::domain::policy::{Policy, PortalKind};
use crate::exit::Exit;
use crate::ops::failure::Failure;
use crate::ops::session::{Session, Wanted, configuration};
use crate::output::findings::plural;
use crate::output::{Reconciled, human};
use crate::portal;
use crate::portal::any::Reader;
use crate::portal::{PortalError, PortalRead as _, Scope};
use crate::printer;
use crate::progress::Progress;
use crate::text::visible;

/// The portals that are open, by kind.
pub(super) type Sessions = Vec<(PortalKind, Session)>;

/// Reconciles one agency and tells of it.
pub(super) async fn reconcile(
    context: &Context<'_>,
    agency: &Agency,
    sessions: &mut Sessions,
) -> Reconciled {
    if context.options.wait && agency.policy.portal == PortalKind::Files {
        printer::say(
            "note: --wait follows nothing where people operate the portal; their next report tells",
        );
    }
    let as_of = context.options.requests.as_of;
    let mut run = Reconciled::begin(&agency.policy, context.source.place(), as_of);
    run.share = context.options.shard.map(|shard| Share {
        shard,
        of_changes: None,
    });
    show(context.options, || human::header(&run));
    if run.share.is_some() && agency.policy.portal == PortalKind::Files {
        let why = "people operate this portal, and they get one file for all (portal: files)";
        run.exit = Exit::Refused;
        run.reason = format!("Refused: {why}. Nothing was changed.");
        run.help = Some("leave --shard out".to_owned());
        show(context.options, || human::ending(&run));
        return run;
    }
    match one(context, agency, sessions, &mut run).await {
        Ok(()) => {}
        Err(failure) => {
            (run.exit, run.reason, run.help) = (failure.exit, failure.reason, failure.help);
        }
    }
    show(context.options, || human::ending(&run));
    run
}

async fn one(
    context: &Context<'_>,
    agency: &Agency,
    sessions: &mut Sessions,
    run: &mut Reconciled,
) -> Result<(), Failure> {
    let _turn = hand_over::turn(context, agency)?;
    let planned = match (context.plan, &context.source.onto) {
        (Some(plans), _) => match plans.of(&agency.policy.agency) {
            Some(kept) => plan::again(context, agency, kept, sessions).await?,
            None => {
                run.stale
                    .push(Stale::whole("the kept plan knows nothing of this agency"));
                refuse_stale(context, run);
                return Ok(());
            }
        },
        (None, Some(onto)) => plan::pull_request(context, agency, onto, sessions).await?,
        (None, None) => plan::whole(context, agency, sessions).await?,
    };
    let Planned {
        plan,
        pull_request,
        stale,
        of_changes,
        reader,
    } = planned;
    if let Some(seen) = reader.as_ref().and_then(Reader::report) {
        show(context.options, || format!("{}\n\n", human::report(seen)));
        run.report = Some(seen.clone());
    }
    run.pull_request = pull_request;
    run.share = context
        .options
        .shard
        .map(|shard| Share { shard, of_changes });
    run.stale = stale;
    run.stale.splice(0..0, context.stale.iter().cloned());
    let decided = if run.stale.is_empty() {
        let cleared = plan.clear(&context.options.accept, is_alone(context));
        run.accepted = cleared.is_ok() && !plan.refusals.is_empty();
        show(context.options, || {
            human::plan(&plan, run.pull_request.as_ref(), run.accepted)
        });
        if let Some(shard) = context.options.shard {
            let (own, whole) = (plan.changes.len(), of_changes.unwrap_or_default());
            show(context.options, || {
                format!(
                    "Shard {shard} makes {own} of {}; limits and digest are of the whole plan.\n",
                    plural(whole, "change", "changes")
                )
            });
        }
        decide(context, agency, sessions, reader.as_ref(), &plan, run).await
    } else {
        refuse_stale(context, run);
        Ok(())
    };
    be_strict(context, &plan, run);
    run.plan = Some(plan);
    decided
}

/// What the scope says of the agency's portal.
pub(super) async fn look(
    context: &Context<'_>,
    agency: &Agency,
    sessions: &mut Sessions,
    scope: &Scope<'_>,
) -> Result<(Reader, Observed), Failure> {
    tokio::select! {
        biased;
        () = context.stop.asked() => Err(Failure::interrupted()),
        read = read(context, &agency.policy, sessions, scope) => {
            let (reader, observed) = read?;
            let seen = hand_over::add_handed_over(context, agency, reader.report(), observed)?;
            let seen = add_recorded(context, agency, &reader, seen)?;
            Ok((reader, seen))
        }
    }
}

/// What the portal has, with what the records of runs say of it where it cannot.
fn add_recorded(
    context: &Context<'_>,
    agency: &Agency,
    reader: &Reader,
    observed: Observed,
) -> Result<Observed, Failure> {
    if reader.holds_requests() {
        return Ok(observed);
    }
    let recorded = previous_runs::recorded(context, agency)
        .map_err(|(why, help)| Failure::new(Exit::Refused, format!("Refused: {why}."), help))?;
    Ok(observed.with_recorded(recorded))
}

async fn read(
    context: &Context<'_>,
    policy: &Policy,
    sessions: &mut Sessions,
    scope: &Scope<'_>,
) -> Result<(Reader, Observed), PortalError> {
    let kind = policy.portal;
    if !sessions.iter().any(|(open, _)| *open == kind) {
        let session = Session::open(kind, &wanted(context)).await?;
        sessions.push((kind, session));
    }
    let reader = session(kind, sessions)?.reader(policy).await?;
    let progress = Progress::new("reading mailboxes");
    let observed = portal::observe(&reader, scope, &|done, of| progress.at(done, of)).await?;
    Ok((reader, observed))
}

/// The open session of a kind of portal.
fn session(kind: PortalKind, sessions: &Sessions) -> Result<&Session, PortalError> {
    sessions
        .iter()
        .find(|(open, _)| *open == kind)
        .map(|(_, session)| session)
        .ok_or_else(|| configuration("it is not open".to_owned(), "run arkib again"))
}

fn wanted<'a>(context: &Context<'a>) -> Wanted<'a> {
    let options = context.options;
    Wanted {
        portal: &options.portal,
        requests: &options.requests.requests,
        today: options.requests.as_of,
        may_write: !options.dry_run,
        concurrency: options.concurrency.into(),
    }
}

fn be_strict(context: &Context<'_>, plan: &Plan, run: &mut Reconciled) {
    let blocked = plan.blocked.len();
    if context.options.strict && blocked > 0 && matches!(run.exit, Exit::Done | Exit::Pending) {
        run.exit = Exit::Failed;
        run.reason = format!(
            "{} Failed all the same, because {} and --strict was given.",
            run.reason,
            plural(blocked, "mailbox is blocked", "mailboxes are blocked")
        );
    }
}

pub(super) fn warn_of_unnamed(context: &Context<'_>, desired: &Desired, agency: &Agency) {
    for mailbox in &context.options.only {
        if agency.policy.owns(mailbox) && desired.named.binary_search(mailbox).is_err() {
            let mailbox = visible(mailbox.as_str());
            printer::say(&format!(
                "note: no request names {mailbox}, so nothing is done to it"
            ));
        }
    }
}

/// Whether an accepted plan can only be that of this agency.
fn is_alone(context: &Context<'_>) -> bool {
    context.source.loaded.agencies.len() == 1
}

/// What happens to a plan that has been shown.
async fn decide(
    context: &Context<'_>,
    agency: &Agency,
    sessions: &Sessions,
    reader: Option<&Reader>,
    plan: &Plan,
    run: &mut Reconciled,
) -> Result<(), Failure> {
    let options = context.options;
    let cleared = match plan.clear(&options.accept, is_alone(context)) {
        Ok(cleared) => cleared,
        Err(why) => {
            refuse_plan(run, plan, &why);
            return Ok(());
        }
    };
    if options.dry_run {
        run.reason = "Dry run: nothing was changed.".to_owned();
        let prevents = run
            .pull_request
            .iter()
            .any(|told| !told.prevented.is_empty());
        if options.detailed_exitcode && (prevents || !plan.changes.is_empty()) {
            run.exit = Exit::Pending;
        }
        return Ok(());
    }
    let Some(reader) = reader else {
        apply::settle_only(context, None::<&Reader>, plan, run).await;
        return Ok(());
    };
    let earlier = match previous_runs::known(context, agency) {
        Ok(earlier) => earlier,
        Err((why, help)) => return refuse(run, &why, help),
    };
    let settled = previous_runs::look_back(context, reader, &earlier, plan).await;
    if plan.changes.is_empty() && settled.is_empty() {
        run.settled = previous_runs::tell(&earlier, &settled);
        apply::settle_only(context, Some(reader), plan, run).await;
        return Ok(());
    }
    if let Some((why, help)) = why_not(context, agency) {
        return refuse(run, &why, help);
    }
    if printer::has_failed() {
        run.exit = Exit::Failed;
        run.reason = "Failed: the plan could not be shown, so nothing was changed.".to_owned();
        return Ok(());
    }
    if !options.yes && !plan.changes.is_empty() && !confirmed(context, agency, plan).await? {
        run.exit = Exit::Failed;
        run.reason = "Not confirmed: nothing was changed.".to_owned();
        return Ok(());
    }
    let writer = if plan.changes.is_empty() {
        None
    } else {
        let session = session(agency.policy.portal, sessions)?;
        session.writer(&agency.policy).await?
    };
    let by_people = writer.is_none() && !plan.changes.is_empty();
    let people = by_people.then(|| People::new(context, agency, plan, &earlier));
    if let Some(people) = people.as_ref().filter(|_| !options.hand_over_again) {
        let unknown = people.unknown_before();
        if let [first, ..] = unknown.as_slice() {
            let why = format!(
                "{} handed over before that no record knows, {first} among them",
                plural(unknown.len(), "folder was", "folders were")
            );
            let help = "bring the records back as git has them; only if nothing of it is done or will be, --hand-over-again".to_owned();
            return refuse(run, &why, help);
        }
    }
    let begun = Begin {
        plan,
        accepted: run.accepted,
        report: reader.report(),
    };
    let recording = match Recording::begin(context, agency, &begun, &earlier) {
        Ok(recording) => recording,
        Err((why, help)) => return refuse(run, &why, help),
    };
    run.settled = previous_runs::tell(&earlier, &settled);
    recording.settled(&settled).await;
    match (&writer, &people) {
        (Some(writer), _) => {
            apply::carry_out(context, writer, reader, cleared, &recording, run).await;
        }
        (None, Some(people)) => {
            apply::hand_over(context, people, cleared, &recording, run).await;
            let outcomes = run.outcomes.as_deref().unwrap_or_default();
            let replaced = previous_runs::replaced(&earlier, plan, outcomes);
            recording.settled(&replaced).await;
        }
        (None, None) => apply::settle_only(context, Some(reader), plan, run).await,
    }
    // The record says how the run ended, and blocked mailboxes may make that a failure.
    be_strict(context, plan, run);
    recording.end(run).await;
    Ok(())
}

fn refuse(run: &mut Reconciled, why: &str, help: String) -> Result<(), Failure> {
    run.exit = Exit::Refused;
    run.reason = format!("Refused: {why}. Nothing was changed.");
    run.help = Some(help);
    Ok(())
}

/// Why a plan within its limits may not be applied here and now, and what to do.
fn why_not(context: &Context<'_>, agency: &Agency) -> Option<(String, String)> {
    if !agency.policy.portal.is_rehearsal() && context.options.requests.as_of() != context.today {
        let why = format!(
            "today is {}, and a real portal is changed as of today only",
            context.today
        );
        return Some((
            why,
            "leave --as-of out; it is for dry runs and rehearsals".to_owned(),
        ));
    }
    if context.options.allow_uncommitted {
        return None;
    }
    context.source.why_uncommitted()
}

/// Asks. The question may stay open when the run is interrupted; its thread ends with the program.
async fn confirmed(context: &Context<'_>, agency: &Agency, plan: &Plan) -> Result<bool, Failure> {
    let what = match (plan.terminations(), plan.enables()) {
        (0, enables) => format!("Enable {enables}"),
        (terminations, 0) => format!("Terminate {terminations}"),
        (terminations, enables) => format!("Terminate {terminations} and enable {enables}"),
    };
    let day = match context.options.requests.as_of {
        Some(day) => format!(" as of {day}"),
        None => String::new(),
    };
    let what = match agency.policy.portal {
        PortalKind::Files => format!("Hand over: {}", what.to_lowercase()),
        _ => what,
    };
    let question = format!("{what}{day}? Type yes to go on:");
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || answer.send(printer::confirm(&question)));
    tokio::select! {
        biased;
        () = context.stop.asked() => Err(Failure::interrupted()),
        yes = answered => Ok(yes.unwrap_or(false)),
    }
}

fn refuse_stale(context: &Context<'_>, run: &mut Reconciled) {
    show(context.options, || human::stale(run));
    run.exit = Exit::Refused;
    run.reason =
        "Refused: the kept plan no longer holds, so none of it was done. Nothing was changed."
            .to_owned();
    run.help = Some("make a new plan with --plan-out, and have that reviewed".to_owned());
}

fn refuse_plan(run: &mut Reconciled, plan: &Plan, why: &NotCleared) {
    run.exit = Exit::Refused;
    match why {
        NotCleared::Refused(refusals) => {
            let limits = plural(refusals.len(), "limit", "limits");
            run.reason =
                format!("Refused, because the plan exceeds {limits}: nothing was changed.");
            run.help = Some(match &run.pull_request {
                None => format!(
                    "if every change of the plan is right, let exactly this plan through: --accept {}",
                    plan.digest.handle()
                ),
                // After the merge there may be more to do, and then it is another plan.
                Some(_) => "after the merge the run is refused likewise, and says how to let it through; or split the request, or change the policy first".to_owned(),
            });
        }
        NotCleared::AnotherPlan(_) => {
            run.reason = format!("Refused: {why}. Nothing was changed.");
            run.help = Some(
                "review the plan above, and accept it by its own digest if it is right".to_owned(),
            );
        }
    }
}
