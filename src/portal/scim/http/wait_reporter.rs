//! Says that requests wait long, one line for all of them. May not know what they wait for.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::language::Message;
use crate::portal::Doing;

/// A wait from this length on is reported, and again from time to time.
const LONG_WAIT: Duration = Duration::from_secs(5);
pub(super) const BETWEEN_REPORTS: Duration = Duration::from_secs(15);

/// Reports the waits of all requests of a client.
#[derive(Debug)]
pub(super) struct WaitReporter {
    report: fn(&Message),
    /// When a wait of any request was last reported.
    last: Mutex<Option<Instant>>,
}

impl WaitReporter {
    /// `report` takes each line.
    pub(super) fn new(report: fn(&Message)) -> Self {
        Self { report, last: Mutex::default() }
    }

    /// Waits for an answer, and says so where it does not come.
    pub(super) async fn report_silence<F: Future>(
        &self,
        purpose: Doing,
        mut answer: Pin<Box<F>>,
    ) -> F::Output {
        let (mut wait, mut waited) = (LONG_WAIT, 0);
        loop {
            if let Ok(answer) = tokio::time::timeout(wait, &mut answer).await {
                return answer;
            }
            waited += wait.as_secs();
            let doing = Message::from(purpose);
            self.report_wait(&message!("portal-silent", doing, seconds = waited));
            wait = BETWEEN_REPORTS;
        }
    }

    /// Says that nothing is sent for so long, where that is long.
    pub(super) fn report_pause(&self, purpose: Doing, wait: Duration) {
        if wait >= LONG_WAIT {
            let doing = Message::from(purpose);
            self.report_wait(&message!("portal-pause", doing, seconds = wait.as_secs()));
        }
    }

    /// One line for all requests that wait at the same time.
    fn report_wait(&self, line: &Message) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= BETWEEN_REPORTS) {
            *last = Some(Instant::now());
            (self.report)(line);
        }
    }
}
