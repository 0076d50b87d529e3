//! Adoption: for which archives without a request a request can be written afterwards. Pure.

mod group;
#[cfg(test)]
mod tests;

pub use self::group::{ArchiveBatch, ArchiveGroupKey};

use self::group::split_into_batches;
use super::diff::is_unmanaged;
use crate::domain::archive_state::State;
use crate::domain::desired::Desired;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::policy::Policy;
use crate::language::Message;
use crate::text::excerpt;

/// The most characters shown of an unknown state.
const MOST_OF_A_STATE: usize = 80;

/// An archive that is not adopted, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAdopted {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// Why, as a stable name.
    pub code: &'static str,
    /// Why, as a text.
    pub reason: Message,
}

/// The result for all archives that no request names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdoptionPlan {
    /// By group, then by mailbox.
    pub batches: Vec<ArchiveBatch>,
    /// Archives that are left as they are, by mailbox.
    pub left: Vec<NotAdopted>,
}

/// Sorts the agency's archives that no request names into batches of at most `most`. `only` are the
/// mailboxes to adopt, each of which gets a result; empty for all.
pub fn plan_adoption(
    observed: &Observed,
    desired: &Desired,
    policy: &Policy,
    only: &[Mailbox],
    most: usize,
) -> AdoptionPlan {
    let own = only.iter().filter(|mailbox| policy.owns_domain_of(mailbox));
    let mut left: Vec<NotAdopted> = own
        .filter_map(|mailbox| reason_not_adoptable(mailbox, observed, desired, policy))
        .collect();
    let mut taken: Vec<&ObservedMailbox> = Vec::new();
    for archive in observed.mailboxes() {
        let is_meant = only.is_empty() || only.contains(&archive.mailbox);
        if !is_meant || !is_unmanaged(archive, desired, policy) {
            continue;
        }
        match reason_not_adopted(archive, observed) {
            Some(why) => left.push(why),
            None => taken.push(archive),
        }
    }
    left.sort();
    left.dedup();
    AdoptionPlan { batches: split_into_batches(&taken, policy, most), left }
}

/// Why an archive that no request names cannot be adopted.
fn reason_not_adopted(archive: &ObservedMailbox, observed: &Observed) -> Option<NotAdopted> {
    let (code, reason) = match &archive.state {
        _ if observed.is_ambiguous(&archive.mailbox) => {
            ("ambiguous", message!("request-portal-ambiguous"))
        }
        _ if Mailbox::parse(archive.mailbox.as_str()).is_err() => {
            ("not-an-address", message!("import-odd-address"))
        }
        State::Enabled | State::Enabling => return None,
        State::Terminating => ("terminating", message!("import-terminating")),
        state => {
            let state = excerpt(state.as_str(), MOST_OF_A_STATE);
            let why = message!("plan-obstacle-unknown-state", state);
            ("unknown-state", why)
        }
    };
    Some(not_adopted(&archive.mailbox, code, reason))
}

/// Why a mailbox in `only` is not such an archive.
fn reason_not_adoptable(
    mailbox: &Mailbox,
    observed: &Observed,
    desired: &Desired,
    policy: &Policy,
) -> Option<NotAdopted> {
    let (code, reason) = match observed.find_mailbox(mailbox) {
        _ if desired.named.binary_search(mailbox).is_ok() => ("named", message!("import-named")),
        None => ("no-account", message!("plan-obstacle-no-account")),
        Some(account) if !is_unmanaged(account, desired, policy) => (
            "no-archive",
            message!("import-no-archive", state = Message::from_word(account.state.as_str())),
        ),
        Some(_) => return None,
    };
    Some(not_adopted(mailbox, code, reason))
}

fn not_adopted(mailbox: &Mailbox, code: &'static str, reason: Message) -> NotAdopted {
    NotAdopted { mailbox: mailbox.clone(), code, reason }
}
