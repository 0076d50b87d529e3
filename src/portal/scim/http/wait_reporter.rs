//! Says that requests wait long, one line for all of them. May not know what they wait for.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A wait from this length on is reported, and again from time to time.
const LONG_WAIT: Duration = Duration::from_secs(5);
pub(super) const BETWEEN_REPORTS: Duration = Duration::from_secs(15);

/// Reports the waits of all requests of a client.
#[derive(Debug)]
pub(super) struct WaitReporter {
    report: fn(&str),
    /// When a wait of any request was last reported.
    last: Mutex<Option<Instant>>,
}

impl WaitReporter {
    /// `report` takes each line.
    pub(super) fn new(report: fn(&str)) -> Self {
        Self { report, last: Mutex::default() }
    }

    /// Waits for an answer, and says so where it does not come.
    pub(super) async fn report_silence<F: Future>(
        &self,
        purpose: &str,
        mut answer: Pin<Box<F>>,
    ) -> F::Output {
        let (mut wait, mut waited) = (LONG_WAIT, 0);
        loop {
            if let Ok(answer) = tokio::time::timeout(wait, &mut answer).await {
                return answer;
            }
            waited += wait.as_secs();
            self.report_wait(&format!("{purpose}: no answer for {waited} seconds, still waiting"));
            wait = BETWEEN_REPORTS;
        }
    }

    /// Says that nothing is sent for so long, where that is long.
    pub(super) fn report_pause(&self, purpose: &str, wait: Duration) {
        if wait >= LONG_WAIT {
            self.report_wait(&format!("{purpose}: next attempt in {} seconds", wait.as_secs()));
        }
    }

    /// One line for all requests that wait at the same time.
    fn report_wait(&self, line: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= BETWEEN_REPORTS) {
            *last = Some(Instant::now());
            (self.report)(line);
        }
    }
}
