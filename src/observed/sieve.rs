//! What of a whole portal is worth keeping: of half a million mailboxes a run needs those that
//! requests name, and the archives that nobody asked for. Pure.

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::State;
use crate::mailbox::Mailbox;

/// Decides of each mailbox that is read whether it is kept. What is not kept is counted.
#[derive(Debug)]
pub struct Sieve {
    /// None: every mailbox is kept.
    named: Option<HashSet<Mailbox, RandomState>>,
    /// Whether an archive is kept that nobody named.
    archives: bool,
}

impl Default for Sieve {
    fn default() -> Self {
        Self::EVERYTHING
    }
}

impl Sieve {
    /// Keeps everything.
    pub const EVERYTHING: Self = Self {
        named: None,
        archives: true,
    };

    /// Keeps these mailboxes, and whoever has an archive.
    pub fn around(named: impl IntoIterator<Item = Mailbox>) -> Self {
        Self {
            named: Some(named.into_iter().collect()),
            archives: true,
        }
    }

    /// Keeps these mailboxes alone.
    pub fn these(named: &[Mailbox]) -> Self {
        Self {
            named: Some(named.iter().cloned().collect()),
            archives: false,
        }
    }

    /// The mailbox that the portal calls by this name, if it is kept. An address that requests
    /// name is stored once, by them.
    pub fn keep(&self, name: &str, state: &State) -> Option<Mailbox> {
        let name = name.trim();
        let named = self.named.as_ref();
        let folded = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
        match named.map(|named| named.get(&*folded)) {
            Some(Some(known)) => Some(known.clone()),
            Some(None) if !self.archives || state.is_gone() => None,
            _ => Some(Mailbox::from_portal(&folded)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Vec<Mailbox> {
        vec![Mailbox::from_portal("a@x.example")]
    }

    #[test]
    fn around_some_mailboxes_only_archives_are_kept() {
        let sieve = Sieve::around(named());
        assert!(sieve.keep(" A@X.example", &State::Disabled).is_some());
        for (state, kept) in [
            (State::Disabled, false),
            (State::Terminated, false),
            (State::Enabled, true),
            (State::Terminating, true),
            (State::Unknown("?".into()), true),
        ] {
            assert_eq!(
                sieve.keep("b@x.example", &state).is_some(),
                kept,
                "{state:?}"
            );
        }
    }

    #[test]
    fn an_address_that_is_known_is_not_stored_again() {
        let named = named();
        let kept = Sieve::these(&named).keep("A@x.example", &State::Enabled);
        let kept = kept.expect("it is named");
        assert!(std::ptr::eq(kept.as_str(), named[0].as_str()));
        assert_eq!(
            Sieve::these(&named).keep("b@x.example", &State::Enabled),
            None
        );
    }

    #[test]
    fn everything_is_everything() {
        let kept = Sieve::EVERYTHING.keep("B@x.example", &State::Disabled);
        assert_eq!(kept, Some(Mailbox::from_portal("b@x.example")));
    }
}
