//! Carries out a plan that has been shown: whether it may be applied now, and in which way; applies and
//! records it.

use super::apply;
use super::hand_over::HandOverFolder;
use super::hand_over_place::HandOverPlace;
use super::options::ReconcileContext;
use super::previous_runs::{PreviousRuns, SettledChanges};
use super::recording::ChangeRecorder;
use crate::domain::agency::Agency;
use crate::domain::change_outcome::Outcome;
use crate::domain::plan::{ClearedPlan, NotCleared, Plan};
use crate::domain::policy::PortalKind;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::open_changes::open_changes_for_portal;
use crate::exit::Exit;
use crate::language::Message;
use crate::ops::agency_state::Observer;
use crate::ops::exit_status::{FailOn, RunEvent, exit_after};
use crate::ops::failure::Failure;
use crate::ops::interrupt::{ask_unless_interrupted, unless_interrupted};
use crate::ops::records_access::records_folder_of;
use crate::output::AgencyResult;
use crate::portal::any_reader::AnyReader;
use crate::portal::scim::Writer;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// Carries out a cleared plan.
///
/// # Errors
/// Why nothing was changed.
pub(super) async fn decide_and_apply(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
    reader: Option<&AnyReader>,
    cleared: ClearedPlan<'_>,
    run: &mut AgencyResult,
) -> Result<(), Failure> {
    let plan = cleared.plan();
    if context.options.dry_run {
        end_dry_run(context, plan, run);
        if agency.policy.portal == PortalKind::Files
            && let Ok((_, runs)) = observer.read_records(agency)
        {
            let cut = describe_cut_hand_overs(agency.policy.portal, &runs);
            cut.into_iter().for_each(|cut| run.reason.push(cut));
        }
        return Ok(());
    }
    let Some(reader) = reader else {
        apply::wait_for_earlier_changes(context, None::<&AnyReader>, plan, run).await;
        return Ok(());
    };
    let previous = PreviousRuns::read(observer, agency)?;
    let place = match agency.policy.portal {
        PortalKind::Files => {
            Some(HandOverPlace::open(context, agency, &previous.reserved_files()).await?)
        }
        _ => None,
    };
    let place = place.as_ref();
    if plan.changes.is_empty() {
        // Before they are looked up: the end that this run waits for is recorded.
        apply::wait_for_earlier_changes(context, Some(reader), plan, run).await;
    }
    let mut settled = previous.settle(context, observer, reader, plan, place).await;
    if plan.changes.is_empty() && settled.events.is_empty() {
        report_settled(context, plan, &previous, &settled, place, run);
        if let Some(place) = place {
            place.remove_leftovers(&previous.files_that_are_over(&settled));
        }
        return Ok(());
    }
    check_allowed(context, agency, plan).await?;
    let method = if plan.changes.is_empty() {
        None
    } else if let Some(writer) = open_writer(context, observer, agency).await? {
        Some(ApplyMethod::Portal(writer))
    } else {
        let folder = place.map(|at| HandOverFolder::new(context, agency, plan, &previous, at));
        folder.map(ApplyMethod::HandOver)
    };
    let mut leftovers = previous.files_that_are_over(&settled);
    let file = match &method {
        Some(ApplyMethod::HandOver(folder)) => folder.file(),
        _ => None,
    };
    leftovers.extend(file.clone());
    let begun = ChangeRecorder::begin_record(context, agency, plan, run, &previous, file);
    if let (Err(_), Some(place)) = (&begun, place) {
        place.remove_leftovers(&leftovers);
    }
    let recording = begun?;
    recording.record_settled(settled.events.clone());
    match &method {
        Some(ApplyMethod::Portal(writer)) => {
            apply::apply_and_wait(context, writer, reader, cleared, &recording, run).await;
            if context.options.wait && !plan.in_progress.is_empty() {
                let waited = previous.settle(context, observer, reader, plan, place).await;
                recording.record_settled(settled.add_waited(waited, plan));
            }
        }
        Some(ApplyMethod::HandOver(folder)) => {
            apply::hand_over(context, folder, cleared, &recording, run).await;
        }
        None => {}
    }
    report_settled(context, plan, &previous, &settled, place, run);
    // The record says how the run ended, and blocked mailboxes may make that a failure.
    fail_strict_if_blocked(context, plan, run);
    if recording.end_record(plan, run).await
        && let Some(place) = place
    {
        place.remove_leftovers(&leftovers);
    }
    suggest_next_step(context, agency, run);
    Ok(())
}

/// Tells a person at a terminal what comes after changes that were made.
fn suggest_next_step(context: &ReconcileContext<'_>, agency: &Agency, run: &mut AgencyResult) {
    let is_over = run.exit == Exit::Done && run.help.is_none() && !printer::is_quiet();
    let mut outcomes = run.outcomes.iter().flatten();
    if !is_over || !printer::is_interactive() || !outcomes.any(Outcome::is_done_or_handed_over) {
        return;
    }
    let options = context.options;
    let notices = agency.policy.notices.as_ref().map(|_| message!("outcome-next-notify"));
    let (requests, records) = (&options.requests, options.records.as_deref());
    let folder = records_folder_of(requests, records, context.source, agency).ok();
    let folder = folder.filter(|_| options.records_branch.is_none());
    let records = folder.map(|(_, folder)| message!("outcome-next-records", folder));
    let next: Vec<Message> = notices.into_iter().chain(records).collect();
    run.help = (!next.is_empty()).then(|| Message::joined(next, "; "));
}

/// Says what became of what earlier runs left open, and what people were asked to do. A hand-over that
/// was cut off is no success.
fn report_settled(
    context: &ReconcileContext<'_>,
    plan: &Plan,
    previous: &PreviousRuns,
    settled: &SettledChanges,
    place: Option<&HandOverPlace>,
    run: &mut AgencyResult,
) {
    let handed_over = plan.in_progress.iter().filter_map(|item| item.handed_over.as_ref());
    let (with_operators, unclear): (Vec<_>, Vec<_>) =
        handed_over.partition(|change| change.is_certain || settled.is_there(&change.file));
    if !unclear.is_empty() {
        run.reason.push(message!("run-waits-after-kill", count = unclear.len()));
    }
    if !with_operators.is_empty() {
        run.reason.push(message!("run-waits-for-operators", count = with_operators.len()));
    }
    run.settled = previous.describe_settled(settled, context.options.shard);
    if settled.is_hand_over_cut {
        run.exit = exit_after(run.exit, RunEvent::HandOverCut);
        let next = place.and_then(|place| settled.describe_next_step(place));
        run.help.get_or_insert_with(|| next.unwrap_or_else(|| message!("run-again-short-help")));
    }
}

fn end_dry_run(context: &ReconcileContext<'_>, plan: &Plan, run: &mut AgencyResult) {
    run.reason = message!("run-dry");
    let mut pull_request = run.pull_request.iter();
    let prevents = pull_request.any(|summary| !summary.prevented.is_empty());
    let found = FailOn::found_in(&context.options.fail_on, plan, prevents);
    run.exit = exit_after(run.exit, RunEvent::Looked { found: &found });
    if !found.is_empty() {
        let words: Vec<&str> = found.iter().map(|found| found.as_str()).collect();
        run.reason.push(message!("run-status-two", words = words.join(", ")));
    }
}

/// What a dry run says of changes of which it is not known whether they were handed over.
fn describe_cut_hand_overs(portal: PortalKind, runs: &[RunRecord]) -> Option<Message> {
    let open = open_changes_for_portal(portal, runs);
    let cut = open.iter().filter(|open| open.file.as_ref().is_none_or(|file| !file.is_there));
    let count = cut.count();
    (count > 0).then(|| message!("run-cut-hand-over", count))
}

/// How the changes of a plan are applied.
enum ApplyMethod<'a> {
    /// arkib writes to the portal.
    Portal(Writer),
    /// People operate the portal.
    HandOver(HandOverFolder<'a>),
}

async fn open_writer(
    context: &ReconcileContext<'_>,
    observer: &mut Observer<'_>,
    agency: &Agency,
) -> Result<Option<Writer>, Failure> {
    let open = async { Ok(observer.session.open_writer(&agency.policy).await?) };
    unless_interrupted(Some(context.stop), open).await
}

/// Checks that a plan within its limits may be applied now.
async fn check_allowed(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    plan: &Plan,
) -> Result<(), Failure> {
    let options = context.options;
    if !agency.policy.portal.is_rehearsal() && options.requests.as_of() != context.today {
        let why = message!("run-other-day", today = context.today);
        let help = message!("run-other-day-help");
        return Err(Failure::refused(why, help));
    }
    if !options.allow_uncommitted
        && let Some((why, help)) = context.source.why_uncommitted()
    {
        return Err(Failure::refused(why, help));
    }
    if let Some((why, help)) = options.output.find_write_failure(options.metrics.as_deref()) {
        return Err(Failure::failed(message!("plan-not-written", why), help));
    }
    let asks = !options.yes && !plan.changes.is_empty();
    if asks && options.requests.reference.is_none() {
        warn_of_unmerged_branch(context);
    }
    let question = confirmation_question(context, agency, plan);
    let ask = move || printer::confirm(&question);
    match !asks || ask_unless_interrupted(context.stop, ask).await? {
        true => Ok(()),
        false => Err(Failure::failed(message!("run-not-confirmed"), "")),
    }
}

/// Nobody has reviewed what is not merged. (CI checks out what is merged, and is not asked.)
fn warn_of_unmerged_branch(context: &ReconcileContext<'_>) {
    let place = context.source.repository();
    if let Some((branch, main)) = place.and_then(|place| place.unmerged_branch().ok().flatten()) {
        printer::print_message(&escape(&text!("run-unmerged-branch", branch, main)));
    }
}

fn confirmation_question(context: &ReconcileContext<'_>, agency: &Agency, plan: &Plan) -> Message {
    let day = match context.options.requests.as_of {
        Some(day) => message!("run-ask-day", day),
        None => Message::default(),
    };
    let way = match agency.policy.portal {
        PortalKind::Files => "hand-over",
        _ => "apply",
    };
    match (plan.count_terminations(), plan.count_enables()) {
        (0, enables) => message!("run-ask-enable", enables, way, day),
        (terminations, 0) => message!("run-ask-terminate", terminations, way, day),
        (terminations, enables) => message!("run-ask-both", terminations, enables, way, day),
    }
}

/// With --strict blocked mailboxes are a failure.
pub(super) fn fail_strict_if_blocked(
    context: &ReconcileContext<'_>,
    plan: &Plan,
    run: &mut AgencyResult,
) {
    let blocked = plan.blocked.len();
    let strictly = RunEvent::Blocked { mailboxes: blocked, strict: context.options.strict };
    let exit = exit_after(run.exit, strictly);
    if exit != run.exit {
        run.exit = exit;
        run.reason.push(message!("run-blocked-strict", count = blocked));
    }
}

/// The failure for a plan that exceeds its limits, or is not the accepted one.
pub(super) fn over_limits_failure(run: &AgencyResult, plan: &Plan, why: &NotCleared) -> Failure {
    match why {
        NotCleared::Refused(refusals) => {
            let help = match &run.pull_request {
                None => message!(
                    "run-over-limits-help",
                    digest = plan.digest.shortest_accepted_prefix()
                ),
                // After the merge there may be more to do, and then it is another plan.
                Some(_) => message!("run-over-limits-pull-request-help"),
            };
            let reason = message!("run-over-limits", count = refusals.len());
            Failure::new(Exit::Refused, reason, help)
        }
        NotCleared::AnotherPlan(digest) => {
            let why = message!("run-another-plan", digest = digest.shortest_accepted_prefix());
            Failure::refused(why, message!("run-another-plan-help"))
        }
    }
}
