//! What a run learns of the portal while it writes: which form of a change takes effect, in bulk and
//! alone, and whether the portal matches the versions that it shows. Knows no portal.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use tokio::sync::OnceCell;

/// One way to write: in bulk, or one by one. Each has a usual form and another one.
#[derive(Debug, Default)]
pub(super) struct WriteMethod {
    state: Mutex<WriteMethodState>,
    /// Whether the first change whose answer shows it done was also seen by a read of its own.
    pub(super) proof: OnceCell<bool>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum WriteMethodState {
    #[default]
    Untried,
    UsualHasNoEffect,
    NeitherHasEffect,
    UsualWorks,
    OtherWorks,
}

impl WriteMethod {
    fn update(&self, next: impl FnOnce(WriteMethodState) -> WriteMethodState) {
        // One assignment: a panic elsewhere cannot damage it.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = next(*state);
    }

    fn state(&self) -> WriteMethodState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether to send the other form; `None` if neither takes effect.
    pub(super) fn form(&self) -> Option<bool> {
        match self.state() {
            WriteMethodState::Untried | WriteMethodState::UsualWorks => Some(false),
            WriteMethodState::UsualHasNoEffect | WriteMethodState::OtherWorks => Some(true),
            WriteMethodState::NeitherHasEffect => None,
        }
    }

    /// Whether a change that was sent so has been seen in the portal.
    pub(super) fn works(&self) -> bool {
        matches!(self.state(), WriteMethodState::UsualWorks | WriteMethodState::OtherWorks)
    }

    pub(super) fn count_effect(&self, in_other_form: bool) {
        self.update(|state| match state {
            WriteMethodState::UsualWorks | WriteMethodState::OtherWorks => state,
            _ if in_other_form => WriteMethodState::OtherWorks,
            _ => WriteMethodState::UsualWorks,
        });
    }

    pub(super) fn count_no_effect(&self, in_other_form: bool) {
        self.update(|state| match (state, in_other_form) {
            (WriteMethodState::Untried, false) => WriteMethodState::UsualHasNoEffect,
            (WriteMethodState::UsualHasNoEffect, true) => WriteMethodState::NeitherHasEffect,
            _ => state,
        });
    }
}

/// Whether the portal matches the versions that it shows (If-Match). RFC 9110 section 13.1.1 never
/// matches a weak one, and some portals keep to it.
#[derive(Debug, Default)]
pub(super) struct IfMatchSupport {
    works: AtomicBool,
    is_refused: AtomicBool,
}

impl IfMatchSupport {
    pub(super) fn count_match(&self) {
        self.works.store(true, Relaxed);
    }

    /// Whether a refusal of this version may only mean that the portal refuses each.
    pub(super) fn is_doubtful(&self, version: &str) -> bool {
        version.starts_with("W/") && !self.works.load(Relaxed)
    }

    /// The portal refuses a version that it goes on showing. Whether that is new.
    pub(super) fn refuse(&self) -> bool {
        !self.is_refused.swap(true, Relaxed)
    }

    pub(super) fn is_refused(&self) -> bool {
        self.is_refused.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_used_until_another_one_is_needed() {
        let way = WriteMethod::default();
        assert_eq!(way.form(), Some(false));
        way.count_no_effect(false);
        // Of changes that were sent at the same time.
        way.count_no_effect(false);
        assert_eq!((way.form(), way.works()), (Some(true), false));
        way.count_no_effect(true);
        assert_eq!(way.form(), None);
        let way = WriteMethod::default();
        way.count_no_effect(false);
        way.count_effect(true);
        way.count_no_effect(true);
        assert_eq!((way.form(), way.works()), (Some(true), true));
    }
}
