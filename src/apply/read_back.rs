//! Reads back all changes that the portal accepted: an answer is no proof, and only what a read shows is
//! said to be done. Only reads.

use super::Outcome;
use super::effect::{
    ReadLag, not_shown_message, outcome_of_state, shows_effect, shows_prior_state, unclear_outcome,
};
use super::run_state::SharedRunState;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan::Change;
use crate::language::Message;
use crate::portal;
use crate::portal::{ErrorKind, PortalError, PortalReader, ReadScope};

/// Reads the mailboxes of these changes, for as long as reads may lag behind writes, and fills in what
/// became of each. What only a read of the mailbox by itself showed as done is read back, too.
pub(super) async fn read_back<R: PortalReader>(
    changes: &[Change],
    mut left: Vec<usize>,
    outcomes: &mut [Option<Outcome>],
    reader: &R,
    run: &SharedRunState<'_>,
) {
    let mut lag = ReadLag::new(run);
    while !left.is_empty() {
        let asked: Vec<Mailbox> =
            left.iter().map(|index| changes[*index].mailbox.clone()).collect();
        let observed = observe(reader, &asked, run).await;
        let is_last = lag.is_over();
        left.retain(|index| {
            let (change, outcome) = (&changes[*index], &mut outcomes[*index]);
            let read = match &observed {
                Ok(observed) => outcome_of_read(change, outcome.as_ref(), observed, run, is_last),
                Err(why) => Some(outcome.clone().unwrap_or_else(|| unclear_outcome(why.clone()))),
            };
            let is_left = read.is_none();
            *outcome = read.or_else(|| outcome.take());
            is_left
        });
        if !left.is_empty() {
            lag.wait().await;
        }
    }
}

async fn observe<R: PortalReader>(
    reader: &R,
    mailboxes: &[Mailbox],
    run: &SharedRunState<'_>,
) -> Result<Observed, Message> {
    let unread = |error: PortalError| message!("outcome-not-read-again", detail = error.detail);
    let scope = ReadScope::These(mailboxes);
    tokio::select! {
        observed = portal::observe(reader, &scope, &|_, _| {}) => {
            observed.map_err(unread)
        }
        () = run.stop.wait_until_grace_is_over() => Err(message!("outcome-interrupted-unread")),
    }
}

/// What a read says of a change that was accepted, or that seemed to be done; `None` if another read may
/// say more.
fn outcome_of_read(
    change: &Change,
    known: Option<&Outcome>,
    observed: &Observed,
    run: &SharedRunState<'_>,
    is_last: bool,
) -> Option<Outcome> {
    let is_clear = !observed.is_ambiguous(&change.mailbox);
    match observed.find_mailbox(&change.mailbox) {
        Some(now) if is_clear && now.id == change.id && shows_effect(change, now) => {
            Some(known.cloned().unwrap_or_else(|| outcome_of_state(change, now)))
        }
        _ if !is_last => None,
        _ if !is_clear => Some(unclear_outcome(message!("outcome-several-accounts"))),
        None => Some(unclear_outcome(message!("outcome-account-hidden"))),
        Some(now) if now.id != change.id => {
            Some(unclear_outcome(message!("outcome-another-account")))
        }
        Some(now) if known.is_some() => {
            Some(Outcome::Unknown { why: message!("outcome-contradiction", state = &now.state) })
        }
        Some(now) if shows_prior_state(change, now) => {
            let why = not_shown_message(run, now);
            let doing = message!("outcome-changing");
            run.breaker.count_failure(&PortalError::new(
                ErrorKind::NoEffect,
                doing,
                why.clone(),
                "",
            ));
            Some(Outcome::Unknown { why: message!("outcome-run-again", why) })
        }
        Some(now) => Some(outcome_of_state(change, now)),
    }
}
