//! Decides which mailboxes of a portal are kept: of half a million a run needs those that requests
//! name, and the archives that no request names. Pure.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::Mailbox;

/// Decides for each mailbox whether it is kept. Others are only counted.
#[derive(Debug)]
pub struct MailboxFilter {
    /// The named mailboxes, each with its target if known. `None`: every mailbox is kept.
    named: Option<HashMap<Mailbox, Option<Target>, RandomState>>,
    /// Whether archives that are not named are kept.
    archives: bool,
}

/// A mailbox that is kept.
#[derive(Debug, PartialEq, Eq)]
pub struct KeptMailbox {
    /// Its address.
    pub mailbox: Mailbox,
    /// Its archive meets its target: nothing will be written, so its version and its last request do
    /// not matter.
    pub is_met: bool,
}

impl Default for MailboxFilter {
    fn default() -> Self {
        Self::EVERYTHING
    }
}

impl MailboxFilter {
    /// Keeps everything.
    pub const EVERYTHING: Self = Self { named: None, archives: true };

    /// Keeps these mailboxes, and all that have an archive.
    pub fn named_and_archived(named: impl IntoIterator<Item = Mailbox>) -> Self {
        Self {
            named: Some(named.into_iter().map(|mailbox| (mailbox, None)).collect()),
            archives: true,
        }
    }

    /// Adds the targets of archives, so that those that meet them are kept in short form.
    #[must_use]
    pub fn with_targets<'a>(mut self, wanted: impl Iterator<Item = (&'a Mailbox, Target)>) -> Self {
        if let Some(named) = &mut self.named {
            for (mailbox, target) in wanted {
                named.insert(mailbox.clone(), Some(target));
            }
        }
        self
    }

    /// Keeps only these mailboxes.
    pub fn named_only(named: &[Mailbox]) -> Self {
        Self { archives: false, ..Self::named_and_archived(named.iter().cloned()) }
    }

    /// The mailbox with this name, if requests name it.
    pub fn named_mailbox(&self, name: &str) -> Option<Mailbox> {
        let folded = fold_address(name);
        match &self.named {
            Some(named) => named.get_key_value(&*folded).map(|(known, _)| known.clone()),
            None => Some(Mailbox::from_portal(&folded)),
        }
    }

    /// The mailbox with this name in the portal, if it is kept. An address that requests name is
    /// stored once, by the requests.
    pub fn keep(&self, name: &str, state: &State) -> Option<KeptMailbox> {
        let folded = fold_address(name);
        let named = self.named.as_ref();
        match named.map(|named| named.get_key_value(&*folded)) {
            Some(Some((known, target))) => Some(KeptMailbox {
                mailbox: known.clone(),
                is_met: target.is_some_and(|target| target.is_met_by(state)),
            }),
            Some(None) if !self.archives || state.is_absent() => None,
            _ => Some(KeptMailbox { mailbox: Mailbox::from_portal(&folded), is_met: false }),
        }
    }
}

/// An address in the form of [`Mailbox`].
fn fold_address(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Vec<Mailbox> {
        vec![Mailbox::from_portal("a@x.example")]
    }

    #[test]
    fn keeps_named_mailboxes_and_other_archives() {
        let mailbox_filter = MailboxFilter::named_and_archived(named());
        assert!(mailbox_filter.keep(" A@X.example", &State::Disabled).is_some());
        for (state, kept) in [
            (State::Disabled, false),
            (State::Terminated, false),
            (State::Enabled, true),
            (State::Terminating, true),
            (State::Unknown("?".into()), true),
        ] {
            assert_eq!(mailbox_filter.keep("b@x.example", &state).is_some(), kept, "{state:?}");
        }
    }

    #[test]
    fn known_address_is_stored_once() {
        let named = named();
        let kept = MailboxFilter::named_only(&named).keep("A@x.example", &State::Enabled);
        let kept = kept.expect("it is named").mailbox;
        assert!(std::ptr::eq(kept.as_str(), named[0].as_str()));
        assert_eq!(MailboxFilter::named_only(&named).keep("b@x.example", &State::Enabled), None);
    }

    #[test]
    fn everything_keeps_any_mailbox() {
        let kept = MailboxFilter::EVERYTHING.keep("B@x.example", &State::Disabled);
        let kept = kept.map(|kept| kept.mailbox);
        assert_eq!(kept, Some(Mailbox::from_portal("b@x.example")));
    }

    #[test]
    fn marks_mailboxes_that_meet_their_target() {
        let named = named();
        for (target, state, is_met) in [
            (Target::Enabled, State::Enabled, true),
            (Target::Enabled, State::Disabled, false),
            (Target::Enabled, State::Enabling, false),
            (Target::Terminated, State::Disabled, true),
            (Target::Terminated, State::Enabled, false),
        ] {
            let mailbox_filter = MailboxFilter::named_and_archived(named.clone())
                .with_targets([(&named[0], target)].into_iter());
            let kept = mailbox_filter.keep("a@x.example", &state).expect("it is named");
            assert_eq!(kept.is_met, is_met, "{target:?} {state:?}");
        }
    }
}
