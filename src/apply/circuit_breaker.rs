//! Stops a run in which every change fails. Knows no portal; holds one small state for all changes.

use std::sync::{Mutex, PoisonError};

use crate::language::Message;
use crate::portal::{ErrorKind, PortalError};

/// After this many failures in a row with the same cause, nothing new starts.
const FAILURES: usize = 5;
/// The same for changes that the portal accepts and does not make.
const WITHOUT_EFFECT: usize = 3;

/// A circuit breaker over the changes of a run.
#[derive(Debug, Default)]
pub(super) struct CircuitBreaker(Mutex<BreakerState>);

#[derive(Debug, Default)]
struct BreakerState {
    last: Option<(ErrorKind, Message)>,
    in_a_row: usize,
    open_reason: Option<Message>,
}

impl CircuitBreaker {
    /// Why nothing new may start; `None` while the breaker is closed.
    pub(super) fn open_reason(&self) -> Option<Message> {
        self.lock().open_reason.clone()
    }

    pub(super) fn count_success(&self) {
        let mut inner = self.lock();
        inner.last = None;
        inner.in_a_row = 0;
    }

    pub(super) fn count_failure(&self, error: &PortalError) {
        let mut inner = self.lock();
        let cause = failure_cause(error);
        if inner.last.as_ref() == Some(&cause) {
            inner.in_a_row += 1;
        } else {
            inner.last = Some(cause);
            inner.in_a_row = 1;
        }
        if inner.open_reason.is_some() {
            return;
        }
        if matches!(error.kind, ErrorKind::Unauthorized | ErrorKind::Forbidden) {
            inner.open_reason = Some(message!("outcome-token-refused", detail = &error.detail));
        } else if error.kind == ErrorKind::NoEffect {
            inner.open_reason = (inner.in_a_row >= WITHOUT_EFFECT)
                .then(|| message!("outcome-no-effect", count = WITHOUT_EFFECT));
        } else if inner.in_a_row >= FAILURES {
            inner.open_reason =
                Some(message!("outcome-same-failures", count = FAILURES, detail = &error.detail));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BreakerState> {
        // The state is consistent after every statement, so a panic elsewhere cannot damage it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two causes are equal if their kinds are; if the portal rejects a single change, also its message.
fn failure_cause(error: &PortalError) -> (ErrorKind, Message) {
    let words = match error.kind {
        ErrorKind::Rejected | ErrorKind::NotFound => error.detail.clone(),
        _ => Message::default(),
    };
    (error.kind, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ErrorKind, detail: &str) -> PortalError {
        PortalError {
            kind,
            doing: "changing".into(),
            detail: detail.into(),
            help: Message::default(),
        }
    }

    #[test]
    fn opens_after_five_equal_failures_in_a_row() {
        let breaker = CircuitBreaker::default();
        for _ in 0..4 {
            breaker.count_failure(&error(ErrorKind::Server, "500"));
        }
        breaker.count_success();
        for _ in 0..4 {
            breaker.count_failure(&error(ErrorKind::Server, "500"));
        }
        assert_eq!(breaker.open_reason(), None);
        breaker.count_failure(&error(ErrorKind::Server, "500"));
        assert!(breaker.open_reason().is_some());
    }

    #[test]
    fn different_rejections_do_not_open_it() {
        let breaker = CircuitBreaker::default();
        for number in 0..20 {
            breaker.count_failure(&error(ErrorKind::Rejected, &number.to_string()));
        }
        assert_eq!(breaker.open_reason(), None);
    }

    #[test]
    fn opens_after_three_changes_without_effect() {
        let breaker = CircuitBreaker::default();
        for _ in 0..3 {
            assert_eq!(breaker.open_reason(), None);
            breaker.count_failure(&error(ErrorKind::NoEffect, "accepted"));
        }
        let reason = breaker.open_reason().expect("it is open");
        assert!(reason.contains("Ask its operator") && reason.contains("--wait"), "{reason}");
    }

    #[test]
    fn opens_at_once_on_a_refused_token() {
        for kind in [ErrorKind::Unauthorized, ErrorKind::Forbidden] {
            let breaker = CircuitBreaker::default();
            breaker.count_failure(&error(kind, "no"));
            assert!(breaker.open_reason().is_some());
        }
    }
}
