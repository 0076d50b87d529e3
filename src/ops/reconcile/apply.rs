//! Passes a cleared plan to `apply` and waits for the outcomes.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::hand_over::HandOverFolder;
use super::options::ReconcileContext;
use super::recording::ChangeRecorder;
use crate::apply;
use crate::apply::settle::{PollingLimits, settle};
use crate::apply::{ApplyLimits, Outcome, Stop};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::{ClearedPlan, MailboxInProgress, Plan};
use crate::exit::Exit;
use crate::language::Message;
use crate::ops::exit_status::{RunEvent, exit_after};
use crate::output::{AgencyResult, human};
use crate::portal::{PortalReader, PortalWriter};
use crate::printer;
use crate::progress::Progress;

/// For how long a change that the portal accepted is looked for. One that is interrupted must end
/// before the run's grace does.
const READ_LAG: Duration = Duration::from_secs(7);
const READ_LAG_WITH_WAIT: Duration = Duration::from_secs(60);

/// Applies the plan, waits with --wait, and stores the outcomes.
pub(super) async fn apply_and_wait(
    context: &ReconcileContext<'_>,
    writer: &impl PortalWriter,
    reader: &impl PortalReader,
    cleared: ClearedPlan<'_>,
    recording: &ChangeRecorder,
    run: &mut AgencyResult,
) {
    let plan = cleared.plan();
    let limits = ApplyLimits {
        concurrency: context.options.concurrency.into(),
        read_lag: match context.options.wait {
            true => wait_limits(context).limit.min(READ_LAG_WITH_WAIT),
            false => READ_LAG,
        },
    };
    let mut outcomes = apply::apply(cleared, writer, reader, limits, context.stop, recording).await;
    recording.progress.end();
    let mut unsettled = changes_under_way(plan).count();
    if context.options.wait {
        let accepted = outcomes.clone();
        unsettled =
            wait_for_changes(reader, plan, &mut outcomes, wait_limits(context), context.stop).await;
        // What did not end in that time stays accepted on record.
        let has_ended =
            |(accepted, end): (&Outcome, &Outcome)| accepted != end && !end.kind().is_open();
        let ends = plan.changes.iter().zip(accepted.iter().zip(&outcomes));
        for (change, (_, end)) in ends.filter(|(_, ends)| has_ended(*ends)) {
            recording.record_outcome(change, end);
        }
    }
    store_outcomes(context, plan, outcomes, None, run);
    report_unsettled(context.options.wait, run, unsettled);
}

/// Hands a plan over to the people who operate the portal, and says where the files are.
pub(super) async fn hand_over(
    context: &ReconcileContext<'_>,
    folder: &HandOverFolder<'_>,
    cleared: ClearedPlan<'_>,
    recording: &ChangeRecorder,
    run: &mut AgencyResult,
) {
    let plan = cleared.plan();
    let outcomes = apply::hand_over(cleared, folder, context.stop, recording).await;
    recording.progress.end();
    store_outcomes(context, plan, outcomes, Some(folder.describe_next_step()), run);
}

/// Shows and stores the outcomes; `next` says what to do if all changes succeeded.
fn store_outcomes(
    context: &ReconcileContext<'_>,
    plan: &Plan,
    outcomes: Vec<Outcome>,
    next: Option<Message>,
    run: &mut AgencyResult,
) {
    context.print_if_human(|| human::outcomes(plan, &outcomes));
    run.exit = exit_after(run.exit, RunEvent::Applied(&outcomes));
    run.reason = message!("outcome-sentence", counts = human::outcome_counts(&outcomes));
    run.help = match run.exit {
        Exit::Done => next,
        _ => Some(message!("run-again-help")),
    };
    run.outcomes = Some(outcomes);
}

/// There is nothing to change now, but the portal may still be working on earlier changes.
pub(super) async fn wait_for_earlier_changes(
    context: &ReconcileContext<'_>,
    reader: Option<&impl PortalReader>,
    plan: &Plan,
    run: &mut AgencyResult,
) {
    let mut unsettled = changes_under_way(plan).count();
    run.reason = match plan.in_progress.len() {
        0 => message!("run-nothing-to-do"),
        _ => message!("run-nothing-to-do-now"),
    };
    if let (true, Some(reader)) = (context.options.wait, reader) {
        unsettled =
            wait_for_changes(reader, plan, &mut [], wait_limits(context), context.stop).await;
    }
    report_unsettled(context.options.wait, run, unsettled);
}

/// The changes that the portal itself was working on before this run.
fn changes_under_way(plan: &Plan) -> impl Iterator<Item = &MailboxInProgress> {
    plan.in_progress.iter().filter(|item| item.handed_over.is_none())
}

/// Reports the changes that the portal was working on before this run and has not finished.
fn report_unsettled(wait: bool, run: &mut AgencyResult, unsettled: usize) {
    if unsettled == 0 {
        return;
    }
    run.reason.push(message!("run-waits-for-portal", count = unsettled));
    let mailboxes = unsettled;
    run.exit = exit_after(run.exit, RunEvent::Unsettled { mailboxes, wait });
}

/// How long `--wait` waits.
fn wait_limits(context: &ReconcileContext<'_>) -> PollingLimits {
    PollingLimits {
        limit: Duration::from_secs(context.options.wait_timeout),
        first_pause: Duration::from_secs(1),
    }
}

/// Waits for the changes of this run and for earlier ones that are in progress. Returns how many of
/// the latter did not finish.
async fn wait_for_changes(
    reader: &impl PortalReader,
    plan: &Plan,
    outcomes: &mut [Outcome],
    limits: PollingLimits,
    stop: &Stop,
) -> usize {
    let before: Vec<(Mailbox, Target)> =
        changes_under_way(plan).map(|item| (item.mailbox.clone(), item.target)).collect();
    let mut waiting = before.clone();
    waiting.extend(
        plan.changes
            .iter()
            .zip(outcomes.iter())
            .filter(|(_, outcome)| outcome.is_settling())
            .map(|(change, _)| (change.mailbox.clone(), change.target)),
    );
    if waiting.is_empty() {
        return 0;
    }
    let _progress = Progress::new(&message!("run-waiting"));
    match settle(reader, &waiting, limits, stop).await {
        Ok(settled) => {
            for (change, outcome) in plan.changes.iter().zip(outcomes.iter_mut()) {
                match settled.get(&change.mailbox) {
                    Some(end) if outcome.is_settling() && end.is_done_or_handed_over() => {
                        *outcome = outcome.clone().into_settled();
                    }
                    Some(end) if outcome.is_settling() => *outcome = end.clone(),
                    _ => {}
                }
            }
            let is_open = |(mailbox, _): &&(Mailbox, Target)| {
                !settled.get(mailbox).is_some_and(Outcome::is_done_or_handed_over)
            };
            before.iter().filter(is_open).count()
        }
        Err(error) => {
            let why = message!("outcome-not-asked", detail = &error.detail);
            if !before.is_empty() {
                printer::print_message(&printer::render(&error.message()));
                printer::print_message(&printer::text!("run-help", help = &error.help));
            }
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_settling()) {
                *outcome = Outcome::Unknown { why: why.clone() };
            }
            before.len()
        }
    }
}
