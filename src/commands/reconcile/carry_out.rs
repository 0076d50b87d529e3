//! Hands a cleared plan to `apply` and follows it to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Args, show};
use crate::apply::settle::{Patience, settle};
use crate::apply::{self, Event, Options, Outcome, Stop, outcome};
use crate::desired::Target;
use crate::exit::{self, Exit};
use crate::mailbox::Mailbox;
use crate::observed::State;
use crate::plan::{Cleared, Plan};
use crate::portal::{PortalError, PortalRead, PortalWrite};
use crate::printer;
use crate::progress::Progress;
use crate::report::{Reconciled, human};

/// Applies, waits if asked to, and says what became of it.
pub(super) async fn carry_out(
    args: &Args,
    writer: &impl PortalWrite,
    reader: &impl PortalRead,
    cleared: Cleared<'_>,
    run: &mut Reconciled,
) -> Result<(), PortalError> {
    let plan = cleared.plan();
    let stop = Arc::new(Stop::default());
    let watch = tokio::spawn(heed_signals(Arc::clone(&stop)));
    let options = Options {
        concurrency: args.concurrency.into(),
    };
    let mut outcomes = {
        let progress = Progress::new("applying changes");
        let ended = AtomicUsize::new(0);
        let total = Some(plan.changes.len());
        apply::apply(cleared, writer, &options, &stop, &|event| {
            if let Event::Ended(..) = event {
                progress.at(ended.fetch_add(1, Ordering::Relaxed) + 1, total);
            }
        })
        .await
    };
    let mut unsettled = 0;
    if args.wait {
        unsettled = follow(args, reader, plan, Some(&mut outcomes), &stop).await;
    }
    watch.abort();
    show(args, || human::outcomes(plan, &outcomes));
    run.exit = outcome::exit(&outcomes);
    run.reason = format!("{}.", human::tally(&outcomes));
    if !matches!(run.exit, Exit::Done) {
        run.help =
            Some("run arkib again; it does what is still to be done, and nothing twice".to_owned());
    }
    note_unsettled(run, unsettled);
    run.outcomes = Some(outcomes);
    Ok(())
}

/// With --wait and nothing to change: waits for what was in progress before this run.
pub(super) async fn settle_only(
    args: &Args,
    reader: &impl PortalRead,
    plan: &Plan,
    run: &mut Reconciled,
) -> Result<(), PortalError> {
    if args.wait {
        let unsettled = follow(args, reader, plan, None, &Stop::default()).await;
        note_unsettled(run, unsettled);
    }
    Ok(())
}

fn note_unsettled(run: &mut Reconciled, unsettled: usize) {
    if unsettled > 0 {
        run.exit = run.exit.and(Exit::Partly);
        run.reason = format!(
            "{} {unsettled} in progress before this run did not settle.",
            run.reason
        );
    }
}

/// Waits for what this run set going and for what was on its way before it. Gives how many of
/// the latter did not get there.
async fn follow(
    args: &Args,
    reader: &impl PortalRead,
    plan: &Plan,
    outcomes: Option<&mut Vec<Outcome>>,
    stop: &Stop,
) -> usize {
    let before: Vec<(Mailbox, Target)> = plan
        .in_progress
        .iter()
        .filter(|item| match item.target {
            Target::Enabled => item.state == State::Enabling,
            Target::Terminated => item.state == State::Terminating,
        })
        .map(|item| (item.mailbox.clone(), item.target))
        .collect();
    let mut none = Vec::new();
    let outcomes = outcomes.unwrap_or(&mut none);
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
    let patience = Patience {
        limit: Duration::from_secs(args.wait_timeout),
        first_pause: Duration::from_secs(1),
    };
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
            let good = |(mailbox, _): &&(Mailbox, Target)| {
                !settled.get(mailbox).is_some_and(Outcome::is_good)
            };
            before.iter().filter(good).count()
        }
        Err(error) => {
            let why = format!(
                "accepted, but the portal could not be asked whether it is done: {}",
                error.detail
            );
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_settling()) {
                *outcome = Outcome::Unknown { why: why.clone() };
            }
            before.len()
        }
    }
}

/// The first signal lets what is under way end; the second ends the program.
async fn heed_signals(stop: Arc<Stop>) {
    signalled().await;
    stop.ask();
    printer::say("Interrupted: what is under way ends, nothing new begins. Once more to abort.");
    signalled().await;
    exit::abort();
}

/// Waits for Ctrl-C, or what asks a program to end on this system.
#[cfg(unix)]
pub(in crate::commands) async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Waits for Ctrl-C, or what asks a program to end on this system.
#[cfg(windows)]
pub(in crate::commands) async fn signalled() {
    use tokio::signal::windows::ctrl_break;
    match ctrl_break() {
        Ok(mut end) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
