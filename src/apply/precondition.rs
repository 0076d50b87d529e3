//! Whether a mailbox is still as the plan saw it. Pure.

use crate::domain::archive::{Account, State, Target};
use crate::domain::observed::ObservedMailbox;
use crate::domain::plan::Change;

/// How a mailbox stands to the change that was planned for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// As planned: the change may be made.
    AsPlanned,
    /// What the change would bring about is there or under way.
    Met,
    /// Something that the plan relied on is no longer so.
    Moved(String),
}

pub(super) fn standing(change: &Change, now: Option<&ObservedMailbox>) -> Standing {
    let Some(now) = now else {
        return Standing::Moved("the portal no longer has this account".to_owned());
    };
    if now.mailbox != change.mailbox {
        return Standing::Moved("the account has another address now".to_owned());
    }
    if is_met(change.target, &now.state) {
        return Standing::Met;
    }
    if now.state.is_not_reported() && change.from != State::Disabled {
        return Standing::Moved(
            "the portal does not say what state the archive is in, when it is asked for this mailbox alone"
                .to_owned(),
        );
    }
    if now.state != change.from && !now.state.is_not_reported() {
        return Standing::Moved(format!(
            "the archive is {} now; the plan was made when it was {}",
            now.state, change.from
        ));
    }
    if now.account != Account::Active {
        return Standing::Moved(format!(
            "the account is {} now; the plan was made when it was active",
            now.account.as_str()
        ));
    }
    if change.target == Target::Terminated && now.hold {
        return Standing::Moved("a legal hold lies on the archive now".to_owned());
    }
    Standing::AsPlanned
}

/// Whether a state is the target, or on its way there.
pub(super) fn is_met(target: Target, state: &State) -> bool {
    match target {
        Target::Enabled => matches!(state, State::Enabled | State::Enabling),
        Target::Terminated => matches!(
            state,
            State::Terminated | State::Terminating | State::Disabled
        ),
    }
}

/// Whether the portal still works on it.
pub(super) fn is_settling(state: &State) -> bool {
    matches!(state, State::Enabling | State::Terminating)
}
