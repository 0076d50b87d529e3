//! What can go wrong with a portal, in words that a person understands.

use std::fmt;

use crate::environment::Unusable;

/// The cause, as far as the program acts on it. Equal kinds count as the same cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Address, token or transport are not set up so that a request may leave.
    Configuration,
    /// No connection could be made; nothing was sent.
    Unreachable,
    /// The connection broke or ended after the request was sent.
    Broken,
    /// No answer in time.
    Timeout,
    /// 401: the token is missing, wrong or has expired.
    Unauthorized,
    /// 403: the token may not do this.
    Forbidden,
    /// 404.
    NotFound,
    /// 412: the mailbox changed since it was read (RFC 7644 section 3.14).
    Stale,
    /// 429, or 503 with Retry-After, and it stayed so: the request was not taken.
    RateLimited,
    /// 3xx: the portal points elsewhere, where arkib does not go.
    Redirected,
    /// Another 4xx: the portal refuses this request.
    Rejected,
    /// 5xx, and it stayed so.
    Server,
    /// The answer cannot be understood: not JSON, cut off, too large, not SCIM.
    Malformed,
    /// A list that contradicts itself, however often it is read.
    Inconsistent,
    /// What was given for the portal's state may not be used: too old, or of another agency.
    Refused,
}

/// A failed exchange with the portal. Never holds a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PortalError {
    /// The cause.
    pub kind: ErrorKind,
    /// What arkib was doing: "reading the list of mailboxes".
    pub doing: String,
    /// What happened, and the portal's own words where it had some (control characters made visible, bounded).
    pub detail: String,
    /// What the user can do.
    pub help: String,
}

/// Nothing can be sent to the portal before that is put right.
impl From<Unusable> for PortalError {
    fn from(unusable: Unusable) -> Self {
        Self {
            kind: ErrorKind::Configuration,
            doing: "setting up the connection to the portal".to_owned(),
            detail: unusable.why,
            help: unusable.help,
        }
    }
}

impl fmt::Display for PortalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.doing, self.detail)
    }
}

impl PortalError {
    /// Whether a write that failed so may nevertheless have been done: sent, and no clear answer.
    pub fn may_have_happened(&self) -> bool {
        match self.kind {
            ErrorKind::Broken
            | ErrorKind::Timeout
            | ErrorKind::Redirected
            | ErrorKind::Server
            | ErrorKind::Malformed => true,
            ErrorKind::Configuration
            | ErrorKind::Unreachable
            | ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Stale
            | ErrorKind::RateLimited
            | ErrorKind::Rejected
            | ErrorKind::Inconsistent
            | ErrorKind::Refused => false,
        }
    }
}
