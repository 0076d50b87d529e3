//! What happens to a plan that has been shown: whether it may be carried out here and now, and by
//! whom; then it is carried out and recorded.

use super::apply;
use super::hand_over::HandOverFolder;
use super::options::Context;
use super::previous_runs::PreviousRuns;
use super::recording::Recording;
use crate::domain::agency::Agency;
use crate::domain::plan::{Cleared, NotCleared, Plan};
use crate::domain::policy::PortalKind;
use crate::exit::Exit;
use crate::ops::exit_status::{Happened, exit_after};
use crate::ops::failure::Failure;
use crate::ops::interrupt::confirm;
use crate::ops::survey::Observer;
use crate::output::Reconciled;
use crate::portal::any::Reader;
use crate::portal::scim::Writer;
use crate::printer;
use crate::text::plural;

/// Carries out a plan that its limits let through.
///
/// # Errors
/// Why none of it was done.
pub(super) async fn carry_out(
    context: &Context<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
    reader: Option<&Reader>,
    cleared: Cleared<'_>,
    run: &mut Reconciled,
) -> Result<(), Failure> {
    let plan = cleared.plan();
    if context.options.dry_run {
        dry_run(context, plan, run);
        return Ok(());
    }
    let Some(reader) = reader else {
        apply::settle_only(context, None::<&Reader>, plan, run).await;
        return Ok(());
    };
    let previous = PreviousRuns::read(observer, agency)?;
    let settled = previous.settle(context, observer, reader, plan).await;
    if plan.changes.is_empty() && settled.is_empty() {
        run.settled = previous.summary(&settled);
        apply::settle_only(context, Some(reader), plan, run).await;
        return Ok(());
    }
    allow(context, agency, plan).await?;
    let means = if plan.changes.is_empty() {
        None
    } else if let Some(writer) = observer.session.writer(&agency.policy).await? {
        Some(Means::Portal(writer))
    } else {
        let folder = HandOverFolder::new(context, agency, plan, &previous)?;
        Some(Means::People(folder))
    };
    let recording = Recording::begin(context, agency, plan, run, &previous)?;
    run.settled = previous.summary(&settled);
    recording.settled(&settled).await;
    match &means {
        Some(Means::Portal(writer)) => {
            apply::carry_out(context, writer, reader, cleared, &recording, run).await;
        }
        Some(Means::People(folder)) => {
            apply::hand_over(context, folder, cleared, &recording, run).await;
            let outcomes = run.outcomes.as_deref().unwrap_or_default();
            recording.settled(&previous.replaced(plan, outcomes)).await;
        }
        None => apply::settle_only(context, Some(reader), plan, run).await,
    }
    // The record says how the run ended, and blocked mailboxes may make that a failure.
    be_strict(context, plan, run);
    recording.end(run).await;
    Ok(())
}

fn dry_run(context: &Context<'_>, plan: &Plan, run: &mut Reconciled) {
    run.reason = "Dry run: nothing was changed.".to_owned();
    let mut pull_request = run.pull_request.iter();
    let prevents = pull_request.any(|summary| !summary.prevented.is_empty());
    let looked = Happened::Looked {
        changes: prevents || !plan.changes.is_empty(),
        detailed: context.options.detailed_exitcode,
    };
    run.exit = exit_after(run.exit, looked);
}

/// By which means the changes of a plan are made.
enum Means<'a> {
    /// arkib writes to the portal.
    Portal(Writer),
    /// People operate the portal.
    People(HandOverFolder<'a>),
}

/// Lets a plan within its limits be applied here and now, or not.
async fn allow(context: &Context<'_>, agency: &Agency, plan: &Plan) -> Result<(), Failure> {
    let options = context.options;
    if !agency.policy.portal.is_rehearsal() && options.requests.as_of() != context.today {
        let why = format!(
            "today is {}, and a real portal is changed as of today only",
            context.today
        );
        let help = "leave --as-of out; it is for dry runs and rehearsals";
        return Err(Failure::refused(why, help));
    }
    if !options.allow_uncommitted
        && let Some((why, help)) = context.source.why_uncommitted()
    {
        return Err(Failure::refused(why, help));
    }
    if printer::has_failed() {
        let reason = "Failed: the plan could not be shown, so nothing was changed.";
        return Err(Failure::failed(reason, ""));
    }
    let is_agreed = options.yes
        || plan.changes.is_empty()
        || confirm(context.stop, question(context, agency, plan)).await?;
    if is_agreed {
        Ok(())
    } else {
        let reason = "Not confirmed: nothing was changed.";
        Err(Failure::failed(reason, ""))
    }
}

fn question(context: &Context<'_>, agency: &Agency, plan: &Plan) -> String {
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
    format!("{what}{day}? Type yes to go on:")
}

/// With --strict blocked mailboxes are a failure.
pub(super) fn be_strict(context: &Context<'_>, plan: &Plan, run: &mut Reconciled) {
    let blocked = plan.blocked.len();
    let strictly = Happened::Blocked {
        mailboxes: blocked,
        strict: context.options.strict,
    };
    let exit = exit_after(run.exit, strictly);
    if exit != run.exit {
        run.exit = exit;
        run.reason = format!(
            "{} Failed all the same, because {} and --strict was given.",
            run.reason,
            plural(blocked, "mailbox is blocked", "mailboxes are blocked")
        );
    }
}

/// The plan exceeds its limits, or is another one than was accepted.
pub(super) fn over_limits(run: &Reconciled, plan: &Plan, why: &NotCleared) -> Failure {
    match why {
        NotCleared::Refused(refusals) => {
            let limits = plural(refusals.len(), "limit", "limits");
            let help = match &run.pull_request {
                None => format!(
                    "if every change of the plan is right, let exactly this plan through: --accept {}",
                    plan.digest.handle()
                ),
                // After the merge there may be more to do, and then it is another plan.
                Some(_) => "after the merge the run is refused likewise, and says how to let it through; or split the request, or change the policy first".to_owned(),
            };
            let reason =
                format!("Refused, because the plan exceeds {limits}: nothing was changed.");
            Failure::new(Exit::Refused, reason, help)
        }
        NotCleared::AnotherPlan(_) => Failure::refused(
            why,
            "review the plan above, and accept it by its own digest if it is right",
        ),
    }
}
