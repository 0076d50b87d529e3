//! One agency from its requests to its outcomes: read the portal, plan, show, ask, apply.

use tokio::sync::oneshot;

use super::{Context, carry_out, show};
use crate::commands::connect::{Session, Wanted};
use crate::desired::{self, Desired};
use crate::exit::Exit;
use crate::plan::{self, NotCleared, Plan};
use crate::policy::PortalKind;
use crate::portal::{self, PortalError, PortalRead};
use crate::printer;
use crate::progress::Progress;
use crate::report::findings::plural;
use crate::report::{Reconciled, human};
use crate::request::reader::Agency;
use crate::visible::visible;

/// Why an agency's run ends before its end.
enum Halt {
    /// The portal fails.
    Portal(PortalError),
    /// A person or the system interrupts.
    Interrupted,
}

impl From<PortalError> for Halt {
    fn from(error: PortalError) -> Self {
        Self::Portal(error)
    }
}

/// Reconciles one agency and tells of it.
pub(super) async fn reconcile(
    context: &Context<'_>,
    agency: &Agency,
    sessions: &mut Vec<(PortalKind, Session)>,
) -> Reconciled {
    let mut run = Reconciled {
        agency: agency.policy.agency.clone(),
        requests_at: context.source.place(),
        portal: agency.policy.portal.as_str(),
        as_of: context.args.requests.as_of,
        plan: None,
        outcomes: None,
        exit: Exit::Done,
        reason: String::new(),
        help: None,
    };
    show(context.args, || human::header(&run));
    match one(context, agency, sessions, &mut run).await {
        Ok(()) => {}
        Err(Halt::Portal(error)) => {
            run.exit = Exit::Failed;
            run.reason = format!("Failed while {error}");
            run.help = Some(error.help).filter(|help| !help.is_empty());
        }
        Err(Halt::Interrupted) => {
            run.exit = Exit::Partly;
            run.reason = "Interrupted: nothing was changed for this agency.".to_owned();
            run.help = Some("run arkib again when it suits; nothing is lost".to_owned());
        }
    }
    be_strict(context, &mut run);
    show(context.args, || human::ending(&run));
    run
}

async fn one(
    context: &Context<'_>,
    agency: &Agency,
    sessions: &mut Vec<(PortalKind, Session)>,
    run: &mut Reconciled,
) -> Result<(), Halt> {
    let everything = desired::fold(&agency.requests, context.args.requests.as_of());
    let kept = everything.wanted();
    let only = &context.args.only;
    let desired = if only.is_empty() {
        everything
    } else {
        everything.only(only, &agency.requests)
    };
    warn_of_unnamed(context, &desired, agency);
    let kind = agency.policy.portal;
    let (reader, observed) = tokio::select! {
        biased;
        () = context.stop.asked() => return Err(Halt::Interrupted),
        read = read(context, kind, sessions) => read?,
    };
    let plan = plan::plan(&desired, &observed, &agency.policy, kept);
    show(context.args, || human::plan(&plan));
    let session = session(kind, sessions)?;
    let decided = decide(context, agency, session, &reader, &plan, run).await;
    run.plan = Some(plan);
    decided
}

async fn read(
    context: &Context<'_>,
    kind: PortalKind,
    sessions: &mut Vec<(PortalKind, Session)>,
) -> Result<(portal::scim::Reader, crate::observed::Observed), PortalError> {
    if !sessions.iter().any(|(open, _)| *open == kind) {
        let session = Session::open(kind, &wanted(context)).await?;
        sessions.push((kind, session));
    }
    let reader = session(kind, sessions)?.reader().await?;
    let progress = Progress::new("reading mailboxes");
    let only = &context.args.only;
    let observed = portal::observe(&reader, only, &|done, of| progress.at(done, of)).await?;
    Ok((reader, observed))
}

/// The open session of a kind of portal.
fn session(kind: PortalKind, sessions: &[(PortalKind, Session)]) -> Result<&Session, PortalError> {
    sessions
        .iter()
        .find(|(open, _)| *open == kind)
        .map(|(_, session)| session)
        .ok_or_else(|| {
            crate::commands::connect::configuration("it is not open".to_owned(), "run arkib again")
        })
}

fn wanted<'a>(context: &Context<'a>) -> Wanted<'a> {
    let args = context.args;
    Wanted {
        embedded: &args.embedded,
        requests: &args.requests.requests,
        today: args.requests.as_of,
        may_write: !args.dry_run,
        concurrency: args.concurrency.into(),
    }
}

fn be_strict(context: &Context<'_>, run: &mut Reconciled) {
    let blocked = run.plan.as_ref().map_or(0, |plan| plan.blocked.len());
    if context.args.strict && blocked > 0 && matches!(run.exit, Exit::Done | Exit::Pending) {
        run.exit = Exit::Failed;
        run.reason = format!(
            "{} Failed all the same, because {} and --strict was given.",
            run.reason,
            plural(blocked, "mailbox is blocked", "mailboxes are blocked")
        );
    }
}

fn warn_of_unnamed(context: &Context<'_>, desired: &Desired, agency: &Agency) {
    for mailbox in &context.args.only {
        if agency.policy.owns(mailbox) && desired.named.binary_search(mailbox).is_err() {
            let mailbox = visible(mailbox.as_str());
            printer::say(&format!(
                "note: no request names {mailbox}, so nothing is done to it"
            ));
        }
    }
}

/// What happens to a plan that has been shown.
async fn decide(
    context: &Context<'_>,
    agency: &Agency,
    session: &Session,
    reader: &impl PortalRead,
    plan: &Plan,
    run: &mut Reconciled,
) -> Result<(), Halt> {
    let args = context.args;
    let alone = context.source.loaded.agencies.len() == 1;
    let cleared = match plan.clear(&args.accept, alone) {
        Ok(cleared) => cleared,
        Err(why) => {
            refuse_plan(run, plan, &why);
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
        carry_out::settle_only(context, reader, plan, run).await;
        return Ok(());
    }
    if let Some((why, help)) = why_not(context, agency) {
        run.exit = Exit::Refused;
        run.reason = format!("Refused: {why}. Nothing was changed.");
        run.help = Some(help);
        return Ok(());
    }
    if printer::has_failed() {
        run.exit = Exit::Failed;
        run.reason = "Failed: the plan could not be shown, so nothing was changed.".to_owned();
        return Ok(());
    }
    if !args.yes && !confirmed(context, plan).await? {
        run.exit = Exit::Failed;
        run.reason = "Not confirmed: nothing was changed.".to_owned();
        return Ok(());
    }
    let writer = session.writer().await?;
    carry_out::carry_out(context, &writer, reader, cleared, run).await;
    Ok(())
}

/// Why a plan within its limits may not be applied here and now, and what to do.
fn why_not(context: &Context<'_>, agency: &Agency) -> Option<(String, String)> {
    if agency.policy.portal == PortalKind::Scim && context.args.requests.as_of() != context.today {
        let why = format!(
            "today is {}, and a real portal is changed as of today only",
            context.today
        );
        return Some((
            why,
            "leave --as-of out; it is for dry runs and rehearsals".to_owned(),
        ));
    }
    if context.args.allow_uncommitted {
        return None;
    }
    context.source.why_uncommitted()
}

/// Asks. The question may stay open when the run is interrupted; its thread ends with the program.
async fn confirmed(context: &Context<'_>, plan: &Plan) -> Result<bool, Halt> {
    let what = match (plan.terminations(), plan.enables()) {
        (0, enables) => format!("Enable {enables}"),
        (terminations, 0) => format!("Terminate {terminations}"),
        (terminations, enables) => format!("Terminate {terminations} and enable {enables}"),
    };
    let day = match context.args.requests.as_of {
        Some(day) => format!(" as of {day}"),
        None => String::new(),
    };
    let question = format!("{what}{day}? Type yes to go on:");
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || answer.send(printer::confirm(&question)));
    tokio::select! {
        biased;
        () = context.stop.asked() => Err(Halt::Interrupted),
        yes = answered => Ok(yes.unwrap_or(false)),
    }
}

fn refuse_plan(run: &mut Reconciled, plan: &Plan, why: &NotCleared) {
    run.exit = Exit::Refused;
    match why {
        NotCleared::Refused(refusals) => {
            let limits = plural(refusals.len(), "limit", "limits");
            run.reason =
                format!("Refused, because the plan exceeds {limits}: nothing was changed.");
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
