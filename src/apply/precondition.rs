//! Whether a mailbox is still as it was when the plan was made. Pure.

use crate::domain::archive_state::{AccountState, State, Target};
use crate::domain::observed::ObservedMailbox;
use crate::domain::plan::Change;
use crate::language::Message;

/// Whether the planned change of a mailbox may still be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PreconditionResult {
    /// As planned: the change may be made.
    AsPlanned,
    /// The wanted state is already there or in progress.
    AlreadyMet,
    /// Something that the plan relied on has changed.
    Changed(Message),
}

pub(super) fn check_precondition(
    change: &Change,
    now: Option<&ObservedMailbox>,
) -> PreconditionResult {
    let Some(now) = now else {
        return PreconditionResult::Changed(message!("outcome-no-account"));
    };
    if now.mailbox != change.mailbox {
        return PreconditionResult::Changed(message!("outcome-moved"));
    }
    if is_target_reached(change.target, &now.state) {
        return PreconditionResult::AlreadyMet;
    }
    if now.state.is_not_reported() && change.from != State::Disabled {
        return PreconditionResult::Changed(message!("outcome-hidden-alone"));
    }
    if now.state != change.from && !now.state.is_not_reported() {
        return PreconditionResult::Changed(message!(
            "outcome-state-now",
            is = &now.state,
            was = &change.from
        ));
    }
    if now.account != AccountState::Active {
        return PreconditionResult::Changed(message!(
            "outcome-account-now",
            account = Message::from_word(now.account.as_str())
        ));
    }
    if change.target == Target::Terminated && now.hold {
        return PreconditionResult::Changed(message!("outcome-held-now"));
    }
    PreconditionResult::AsPlanned
}

/// Whether a state is the target or leads to it.
pub(super) fn is_target_reached(target: Target, state: &State) -> bool {
    match target {
        Target::Enabled => matches!(state, State::Enabled | State::Enabling),
        Target::Terminated => {
            matches!(state, State::Terminated | State::Terminating | State::Disabled)
        }
    }
}

/// Whether the portal is still working on it.
pub(super) fn is_settling(state: &State) -> bool {
    matches!(state, State::Enabling | State::Terminating)
}
