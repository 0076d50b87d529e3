//! When requests to the portal are sent again, how many at once, and what a failure means in words. May
//! not know whose credentials they carry, nor what is asked.

mod concurrency_limiter;
pub(super) mod error_body;
pub(super) mod error_meanings;
mod failure;
mod latency;
pub(super) mod outage;
mod retry_rules;
mod retrying_sender;
mod wait_reporter;

pub(super) use failure::{RequestFailure, malformed_error, no_answer_failure};
pub(super) use retry_rules::{FailureCause, RepeatRule};
pub(super) use retrying_sender::RetryingSender;
