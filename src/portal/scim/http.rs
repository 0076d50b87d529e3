//! How requests leave, how long they may take, when they are sent again, how many at once, and what
//! a failure means in words. May not know whose credentials they carry, nor what is asked.

mod body;
pub(super) mod client;
pub(super) mod explain;
mod failure;
mod latency;
mod limiter;
mod policy;
mod retry;
mod transport;

pub(super) use body::{NoBody, read as read_body};
pub(super) use failure::{Failure, malformed};
pub(super) use policy::{Attempt, Policy};
pub(super) use retry::{Cause, Repeats, retry_after};
pub(super) use transport::{Peer, no_answer};

use reqwest::header::{HeaderMap, HeaderName};

/// A header's value, where it is text.
pub(super) fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
