//! One agency from its requests to its outcomes: observe the portal, plan, show, then decide.

use super::decide::{be_strict, carry_out, over_limits};
use super::hand_over;
use super::options::Context;
use super::plan;
use crate::domain::agency::Agency;
use crate::domain::plan::{Share, StaleReason};
use crate::domain::policy::PortalKind;
use crate::ops::failure::Failure;
use crate::ops::survey::Observer;
use crate::output::{Reconciled, human};
use crate::portal::any::Reader;
use crate::printer;
use crate::text::plural;

/// Reconciles one agency, and shows how far it comes.
pub(super) async fn reconcile(
    context: &Context<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
) -> Reconciled {
    if context.options.wait && agency.policy.portal == PortalKind::Files {
        printer::say(
            "note: --wait follows nothing where people operate the portal; their next export tells",
        );
    }
    let as_of = context.options.requests.as_of;
    let mut run = Reconciled::begin(&agency.policy, context.source.place(), as_of);
    run.share = context.options.shard.map(|shard| Share {
        shard,
        of_changes: None,
    });
    context.show(|| human::header(&run));
    if let Err(failure) = one(context, agency, observer, &mut run).await {
        (run.exit, run.reason, run.help) = (failure.exit, failure.reason, failure.help);
    }
    context.show(|| human::ending(&run));
    run
}

async fn one(
    context: &Context<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
    run: &mut Reconciled,
) -> Result<(), Failure> {
    if run.share.is_some() && agency.policy.portal == PortalKind::Files {
        let why = "people operate this portal, and they get one file for all (portal: files)";
        return Err(Failure::refused(why, "leave --shard out"));
    }
    let _lock = hand_over::lock(context, agency)?;
    let (plan, reader) = match (context.plan, &context.source.base) {
        (Some(plans), _) => match plans.plan_of(&agency.policy.agency) {
            Some(kept) => plan::again(context, agency, kept, observer, run).await?,
            None => {
                let why = "the kept plan knows nothing of this agency";
                run.stale.push(StaleReason::about_plan(why));
                return Err(stale(context, run));
            }
        },
        (None, Some(base)) => plan::pull_request(context, agency, base, observer, run).await?,
        (None, None) => plan::whole(context, agency, observer, run).await?,
    };
    run.stale.splice(..0, context.stale.iter().cloned());
    if let Some(export) = reader.as_ref().and_then(Reader::export) {
        context.show(|| format!("{}\n\n", human::export(export)));
        run.export = Some(export.clone());
    }
    let ended = if run.stale.is_empty() {
        let is_alone = context.source.loaded.agencies.len() == 1;
        let cleared = plan.clear(&context.options.accept, is_alone);
        run.accepted = cleared.is_ok() && !plan.refusals.is_empty();
        context.show(|| human::plan(&plan, run.pull_request.as_ref(), run.accepted));
        if let Some(share) = run.share {
            let (own, whole) = (plan.changes.len(), share.of_changes.unwrap_or_default());
            context.show(|| {
                format!(
                    "Shard {} makes {own} of {}; limits and digest are of the whole plan.\n",
                    share.shard,
                    plural(whole, "change", "changes")
                )
            });
        }
        match cleared {
            Ok(cleared) => {
                carry_out(context, agency, observer, reader.as_ref(), cleared, run).await
            }
            Err(why) => Err(over_limits(run, &plan, &why)),
        }
    } else {
        Err(stale(context, run))
    };
    be_strict(context, &plan, run);
    run.plan = Some(plan);
    ended
}

/// The kept plan no longer holds, for the reasons that are shown.
fn stale(context: &Context<'_>, run: &Reconciled) -> Failure {
    context.show(|| human::stale(run));
    Failure::refused(
        "the kept plan no longer holds, so none of it was done",
        "make a new plan with --plan-out, and have that reviewed",
    )
}
