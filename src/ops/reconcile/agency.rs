//! One agency from its requests to its outcomes: observe the portal, plan, show, then decide.

use super::carry_out::{decide_and_apply, fail_strict_if_blocked, over_limits_failure};
use super::options::ReconcileContext;
use super::plan;
use super::recent_changes::wait_for_recent_changes;
use crate::domain::agency::Agency;
use crate::domain::archive_state::Target;
use crate::domain::mapping::written_words::written_words;
use crate::domain::plan::{ShardSummary, StaleReason};
use crate::domain::policy::PortalKind;
use crate::journal::lock::{FolderLock, LockKind};
use crate::ops::agency_state::Observer;
use crate::ops::clock::check_clock;
use crate::ops::failure::Failure;
use crate::ops::interrupt::unless_interrupted;
use crate::ops::records_access::{lock_records, records_folder_of};
use crate::output::format::ReportFormat;
use crate::output::{AgencyResult, human, result_printer};
use crate::portal::any_reader::AnyReader;
use crate::printer;
use crate::printer::text;

/// Reconciles one agency, and shows its progress.
pub(super) async fn reconcile(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
) -> AgencyResult {
    if context.options.wait && agency.policy.portal == PortalKind::Files {
        printer::print_note(&text!("run-wait-note"));
    }
    let as_of = context.options.requests.as_of;
    let mut run = AgencyResult::for_policy(&agency.policy, context.source.describe_source(), as_of);
    run.names_unmanaged = context.options.names_unmanaged();
    run.share = context.options.shard.map(|shard| ShardSummary { shard, of_changes: None });
    context.print_if_human(|| human::header(&run));
    if let Err(failure) = reconcile_agency(context, agency, observer, &mut run).await {
        (run.exit, run.reason, run.help) = (failure.exit, failure.reason, failure.help);
    }
    context.print_if_human(|| human::settled(&run));
    if context.options.output.format == ReportFormat::Human {
        result_printer::print_ending(run.exit, &human::ending(&run));
    }
    run
}

async fn reconcile_agency(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
    run: &mut AgencyResult,
) -> Result<(), Failure> {
    if run.share.is_some() && agency.policy.portal == PortalKind::Files {
        let why = message!("run-shard-of-files");
        return Err(Failure::refused(why, message!("run-shard-of-files-help")));
    }
    let _lock = lock_agency_records(context, agency).await?;
    unless_interrupted(Some(context.stop), wait_for_recent_changes(context, agency, observer))
        .await?;
    let (plan, reader) = match (context.plan, &*context.source.base) {
        (Some(plans), _) => match plans.plan_of(&agency.policy.agency) {
            Some(kept) => plan::replan_saved(context, agency, kept, observer, run).await?,
            None => {
                let why = message!("run-plan-without-agency");
                run.stale.push(StaleReason::about_plan(why));
                return Err(show_and_refuse_stale_plan(context, run));
            }
        },
        (None, Some(base)) => plan::plan_pull_request(context, agency, base, observer, run).await?,
        (None, None) => plan::plan_all(context, agency, observer, run).await?,
    };
    let portal_time = reader.as_ref().and_then(AnyReader::portal_time);
    check_clock(observer, agency, portal_time, context.options.dry_run)
        .map_err(|(why, help)| Failure::refused(why, help))?;
    run.stale.splice(..0, context.stale.iter().cloned());
    let is_seen = |target| reader.as_ref().and_then(|reader| reader.has_seen_word(target));
    let is_planned = |target: &Target| plan.changes.iter().any(|change| change.target == *target);
    let planned = [Target::Terminated, Target::Enabled].into_iter().filter(is_planned);
    run.words = written_words(&agency.policy.mapping, planned, is_seen);
    if let Some(export) = reader.as_ref().and_then(AnyReader::export) {
        context.print_if_human(|| format!("{}\n\n", human::export_read(export)));
        run.export = Some(export.clone());
    }
    let ended = if run.stale.is_empty() {
        let is_alone = context.source.loaded.agencies.len() == 1;
        let cleared = plan.clear_to_run(&context.options.accept, is_alone);
        run.accepted = cleared.is_ok() && !plan.refusals.is_empty();
        context.print_if_human(|| human::plan(&plan, run));
        context.print_if_human(|| human::written_words(&run.words));
        if let Some(share) = run.share {
            let (own, count) = (plan.changes.len(), share.of_changes.unwrap_or_default());
            let shard = share.shard.to_string();
            context.print_if_human(|| text!("plan-shard-applies", shard, own, count) + "\n");
        }
        match cleared {
            Ok(cleared) => {
                decide_and_apply(context, agency, observer, reader.as_ref(), cleared, run).await
            }
            Err(why) => Err(over_limits_failure(run, &plan, &why)),
        }
    } else {
        Err(show_and_refuse_stale_plan(context, run))
    };
    fail_strict_if_blocked(context, &plan, run);
    run.plan = Some(plan);
    ended
}

/// Locks the records, unless this is a dry run.
async fn lock_agency_records(
    context: &ReconcileContext<'_>,
    agency: &Agency,
) -> Result<Option<FolderLock>, Failure> {
    let options = context.options;
    if options.dry_run {
        return Ok(None);
    }
    let so = message!("run-nothing-changed");
    let (folder, shown) =
        records_folder_of(&options.requests, options.records.as_deref(), context.source, agency)
            .map_err(|failure| failure.into_refusal(so.clone()))?;
    let kind = if options.shard.is_some() { LockKind::Shared } else { LockKind::Exclusive };
    lock_records((&folder, &shown), kind, context.stop, so).await.map(Some)
}

/// Shows why the saved plan is outdated, and returns the failure.
fn show_and_refuse_stale_plan(context: &ReconcileContext<'_>, run: &AgencyResult) -> Failure {
    context.print_if_human(|| human::stale(run));
    Failure::refused(message!("run-plan-outdated"), message!("run-plan-again-help"))
}
