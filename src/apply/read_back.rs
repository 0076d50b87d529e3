//! Reads back all changes that the portal accepted: an answer is no proof, and only what a read shows is
//! said to be done. Only reads.

use super::Outcome;
use super::effect::{
    ReadLag, is_old, may_be_old, not_shown_message, outcome_of_state, unclear_outcome,
};
use super::run_state::SharedRunState;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan::Change;
use crate::portal;
use crate::portal::{PortalError, PortalReader, ReadScope};

/// Reads the mailboxes of changes without an outcome, for as long as reads may lag behind writes, and
/// fills in what became of each.
pub(super) async fn read_back<R: PortalReader>(
    changes: &[Change],
    outcomes: &mut [Option<Outcome>],
    reader: &R,
    run: &SharedRunState<'_>,
) {
    let mut lag = ReadLag::new(run);
    loop {
        let left = changes.iter().zip(&*outcomes).filter(|(_, outcome)| outcome.is_none());
        let asked: Vec<Mailbox> = left.map(|(change, _)| change.mailbox.clone()).collect();
        if asked.is_empty() {
            return;
        }
        let observed = observe(reader, &asked, run).await;
        let is_last = lag.is_over();
        for (change, outcome) in changes.iter().zip(&mut *outcomes) {
            if outcome.is_none() {
                *outcome = outcome_of_read(change, &observed, run, is_last);
            }
        }
        if outcomes.iter().any(Option::is_none) {
            lag.wait().await;
        }
    }
}

async fn observe<R: PortalReader>(
    reader: &R,
    mailboxes: &[Mailbox],
    run: &SharedRunState<'_>,
) -> Result<Observed, String> {
    let unread = |error: PortalError| format!("it could not be read again: {}", error.detail);
    let scope = ReadScope::These(mailboxes);
    tokio::select! {
        observed = portal::observe(reader, &scope, &|_, _| {}) => {
            observed.map_err(unread)
        }
        () = run.stop.wait_until_grace_is_over() => {
            Err("the run was interrupted before it was read again".to_owned())
        }
    }
}

/// What a read says of a change; `None` if another one may say more.
fn outcome_of_read(
    change: &Change,
    observed: &Result<Observed, String>,
    run: &SharedRunState<'_>,
    is_last: bool,
) -> Option<Outcome> {
    let observed = match observed {
        Ok(observed) => observed,
        Err(why) => return Some(unclear_outcome(why)),
    };
    match observed.get(&change.mailbox).filter(|_| !observed.is_ambiguous(&change.mailbox)) {
        Some(now) if now.id != change.id => {
            Some(unclear_outcome("another account then has the address"))
        }
        Some(now) if !may_be_old(change, now) => Some(outcome_of_state(change, now)),
        _ if !is_last => None,
        Some(now) if is_old(change, now) => {
            let why = format!("{}; run arkib again to find out", not_shown_message(run, now));
            Some(Outcome::Unknown { why })
        }
        Some(now) => Some(outcome_of_state(change, now)),
        None => Some(unclear_outcome("it then does not show this account")),
    }
}
