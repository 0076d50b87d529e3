//! Hands a cleared plan to `apply` and follows it to its end.

use std::time::Duration;

use super::hand_over::HandOverFolder;
use super::options::Context;
use super::recording::Recording;
use crate::apply;
use crate::apply::settle::{Patience, settle};
use crate::apply::{Outcome, Stop};
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::{Cleared, InProgress, Plan};
use crate::exit::Exit;
use crate::ops::exit_status::{Happened, exit_after};
use crate::output::{Reconciled, human};
use crate::portal::{PortalRead, PortalWrite};
use crate::printer;
use crate::progress::Progress;
use crate::text::plural;

/// Applies, waits if asked to, and says what became of it.
pub(super) async fn carry_out(
    context: &Context<'_>,
    writer: &impl PortalWrite,
    reader: &impl PortalRead,
    cleared: Cleared<'_>,
    recording: &Recording,
    run: &mut Reconciled,
) {
    let plan = cleared.plan();
    let concurrency = context.options.concurrency.into();
    let mut outcomes = apply::apply(cleared, writer, concurrency, context.stop, recording).await;
    let mut unsettled = under_way(plan).count();
    if context.options.wait {
        unsettled = follow(reader, plan, &mut outcomes, patience(context), context.stop).await;
    }
    end(context, plan, outcomes, None, run);
    note_unsettled(context.options.wait, plan, run, unsettled);
}

/// Hands a plan over to the people who operate the portal, and says where they find it.
pub(super) async fn hand_over(
    context: &Context<'_>,
    folder: &HandOverFolder<'_>,
    cleared: Cleared<'_>,
    recording: &Recording,
    run: &mut Reconciled,
) {
    let plan = cleared.plan();
    let outcomes = apply::hand_over(cleared, folder, context.stop, recording).await;
    end(context, plan, outcomes, Some(folder.next()), run);
    note_unsettled(context.options.wait, plan, run, 0);
}

/// Says what became of the changes; `next` is what is to be done where all of them went well.
fn end(
    context: &Context<'_>,
    plan: &Plan,
    outcomes: Vec<Outcome>,
    next: Option<String>,
    run: &mut Reconciled,
) {
    context.show(|| human::outcomes(plan, &outcomes));
    run.exit = exit_after(run.exit, Happened::Applied(&outcomes));
    run.reason = format!("{}.", human::tally(&outcomes));
    let again = "run arkib again; it does what is still to be done, and nothing twice";
    run.help = match run.exit {
        Exit::Done => next,
        _ => Some(again.to_owned()),
    };
    run.outcomes = Some(outcomes);
}

/// Nothing is to be changed now; but the portal may be working on what was changed before.
pub(super) async fn settle_only(
    context: &Context<'_>,
    reader: Option<&impl PortalRead>,
    plan: &Plan,
    run: &mut Reconciled,
) {
    let mut unsettled = under_way(plan).count();
    run.reason = match plan.in_progress.len() {
        0 => "Nothing to do.",
        _ => "Nothing to do now.",
    }
    .to_owned();
    if let (true, Some(reader)) = (context.options.wait, reader) {
        unsettled = follow(reader, plan, &mut [], patience(context), context.stop).await;
    }
    note_unsettled(context.options.wait, plan, run, unsettled);
}

/// What of the plan the portal itself was working on before this run.
fn under_way(plan: &Plan) -> impl Iterator<Item = &InProgress> {
    plan.in_progress
        .iter()
        .filter(|it| it.handed_over.is_none())
}

/// Says what the portal was working on before this run and has not brought where it is wanted, and
/// what people were asked to do.
fn note_unsettled(wait: bool, plan: &Plan, run: &mut Reconciled, unsettled: usize) {
    let waits = |count| plural(count, "mailbox waits", "mailboxes wait");
    let by_people = plan.in_progress.len() - under_way(plan).count();
    if by_people > 0 {
        run.reason = format!(
            "{} {} for the people who operate the portal, whom it was handed over to; give arkib a new export then.",
            run.reason,
            waits(by_people)
        );
    }
    if unsettled == 0 {
        return;
    }
    run.reason = format!(
        "{} {} for the portal, which was working on it before; run arkib again then.",
        run.reason,
        waits(unsettled)
    );
    let mailboxes = unsettled;
    run.exit = exit_after(run.exit, Happened::Unsettled { mailboxes, wait });
}

/// How long `--wait` waits.
fn patience(context: &Context<'_>) -> Patience {
    Patience {
        limit: Duration::from_secs(context.options.wait_timeout),
        first_pause: Duration::from_secs(1),
    }
}

/// Waits for what this run set going and for what was on its way before it. Gives how many of
/// the latter did not get there.
async fn follow(
    reader: &impl PortalRead,
    plan: &Plan,
    outcomes: &mut [Outcome],
    patience: Patience,
    stop: &Stop,
) -> usize {
    let before: Vec<(Mailbox, Target)> = under_way(plan)
        .map(|item| (item.mailbox.clone(), item.target))
        .collect();
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
    let _progress = Progress::new("waiting for the portal to finish");
    match settle(reader, &waiting, patience, stop).await {
        Ok(settled) => {
            for (change, outcome) in plan.changes.iter().zip(outcomes.iter_mut()) {
                match settled.get(&change.mailbox) {
                    Some(end) if outcome.is_settling() && end.is_good() => {
                        *outcome = outcome.clone().settled();
                    }
                    Some(end) if outcome.is_settling() => *outcome = end.clone(),
                    _ => {}
                }
            }
            let is_open = |(mailbox, _): &&(Mailbox, Target)| {
                !settled.get(mailbox).is_some_and(Outcome::is_good)
            };
            before.iter().filter(is_open).count()
        }
        Err(error) => {
            let why = format!(
                "accepted, but the portal could not be asked whether it is done: {}",
                error.detail
            );
            if !before.is_empty() {
                printer::say(&format!("{error}\nhelp: {}", error.help));
            }
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_settling()) {
                *outcome = Outcome::Unknown { why: why.clone() };
            }
            before.len()
        }
    }
}

#[cfg(test)]
mod tests;
