//! Checks that a schema or a user confirms that the portal has each attribute of the mapping.
//! With a typo in a name every archive would look as if it did not exist. Pure.

use crate::domain::archive_state::Target;
use crate::domain::mapping::scim::{AttributeName, Mapping};
use crate::portal::{Doing, ErrorKind, PortalError};
use crate::text::plural;

/// The attributes that are confirmed to exist in the portal: with a typo in the name of one every
/// archive would look as if it did not exist, were not on hold, or were in use.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct ConfirmedAttributes {
    pub(super) state: bool,
    pub(super) hold: bool,
    pub(super) account: bool,
    pub(super) request: bool,
    pub(super) changed_at: bool,
    pub(super) recoverable_until: bool,
    /// The word that arkib writes to enable, and the one that it writes to terminate.
    pub(super) words: [bool; 2],
}

/// Follows the problem of an attribute that users have.
pub(super) const USED_ANYWAY: &str = "; users have it, so arkib uses it";

impl ConfirmedAttributes {
    /// Of all of them.
    pub(super) const ALL: Self = Self {
        state: true,
        hold: true,
        account: true,
        request: true,
        changed_at: true,
        recoverable_until: true,
        words: [false; 2],
    };

    /// The attribute of that key in the policy. Of an address every mailbox shows that it exists.
    fn has(self, key: &str) -> bool {
        match key {
            "state" => self.state,
            "hold" => self.hold,
            "account" => self.account,
            "request" => self.request,
            "changed_at" => self.changed_at,
            "recoverable_until" => self.recoverable_until,
            _ => self != Self::default(),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            state: self.state || other.state,
            hold: self.hold || other.hold,
            account: self.account || other.account,
            request: self.request || other.request,
            changed_at: self.changed_at || other.changed_at,
            recoverable_until: self.recoverable_until || other.recoverable_until,
            words: [self.words[0] || other.words[0], self.words[1] || other.words[1]],
        }
    }

    /// Whether a user has the word that arkib writes for a change.
    pub(super) fn has_word(self, target: Target) -> bool {
        self.words[usize::from(target == Target::Terminated)]
    }

    /// The first attribute of a mapping that nothing confirms: the key in the policy, and its name.
    pub(super) fn first_unconfirmed(self, mapping: &Mapping) -> Option<(&'static str, String)> {
        let is_shown = |key: &str, attribute: &AttributeName| match key {
            "state" => self.state,
            "hold" => self.hold,
            // Every user may have `active`, and need not say so (RFC 7643 section 4.1.1).
            "account" => {
                self.account || attribute.overlaps(&AttributeName::core_attribute("active"))
            }
            _ => true,
        };
        let mut attributes = mapping.attributes().into_iter();
        attributes
            .find(|(key, attribute)| !is_shown(key, attribute))
            .map(|(key, attribute)| (key, attribute.to_string()))
    }
}

/// The problems of those attributes that nobody has either, each once.
pub(super) fn unconfirmed_problems(
    unlisted: &[(&'static str, String)],
    shown: ConfirmedAttributes,
) -> Vec<String> {
    let open = unlisted.iter().filter(|(key, _)| !shown.has(key));
    let mut problems: Vec<String> = open.map(|(_, problem)| problem.clone()).collect();
    problems.dedup();
    problems
}

/// What to say where the portal has mailboxes, none of them says anything of an attribute, and no
/// schema says that there is such a thing.
pub(super) fn unconfirmed_error(
    (key, attribute): &(&str, String),
    mailboxes: usize,
) -> PortalError {
    let (meaning, looks, way_out) = match *key {
        "state" => (
            "the state of archives",
            "every archive looks as if it did not exist",
            "If it is true that no mailbox has an archive yet, ask the portal's operator to list the attribute in /Schemas, or to set it in one mailbox to the word for no archive",
        ),
        "hold" => (
            "legal holds",
            "every archive looks as if it were not on hold",
            "If the portal has no holds, remove `hold` from the mapping; otherwise ask its operator to list the attribute in /Schemas",
        ),
        _ => (
            "the state of accounts",
            "every account looks as if it were in use",
            "If the portal has no such attribute, remove `account` from the mapping, so that `active` is used",
        ),
    };
    PortalError::new(
        ErrorKind::Configuration,
        Doing::Listing,
        format!(
            "none of {} has the attribute `{attribute}`, which the policy's `mapping` names for {meaning}, and the portal's schemas do not show whether it exists",
            plural(mailboxes, "mailbox", "mailboxes")
        ),
        format!(
            "nothing was done, because with a wrong name {looks}; `arkib portal inspect` shows what the portal has. {way_out}"
        ),
    )
}
