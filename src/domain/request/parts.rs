//! The parts of a request file, each read by itself, before the rules see them together. Pure.

use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::policy::Policy;
use crate::domain::request::{Channel, RequestId};

/// The values of a draft that could be read; what rules look at, so that one bad value does not
/// hide what is wrong elsewhere.
pub(crate) struct Parts {
    pub id: Option<RequestId>,
    pub verb: Option<Verb>,
    /// `None` for an entry that is no address, so that the others keep their place.
    pub mailboxes: Option<Vec<Option<Mailbox>>>,
    pub withdraws: Option<RequestId>,
    pub has_withdraws: bool,
    pub received_date: Option<Date>,
    pub channel: Option<Channel>,
    pub reference: Option<String>,
    pub from: Option<Mailbox>,
    pub approver: Option<Mailbox>,
    pub approval_date: Option<Date>,
}

/// Where a request comes from.
pub struct Origin<'a> {
    /// Its file, as the user knows it.
    pub file: &'a Arc<str>,
    /// The file's name without `.yaml`.
    pub stem: &'a str,
    /// The file's text, to find the line of each mailbox.
    pub text: &'a str,
    /// The agency's policy; rules that need one are left out while it has findings of its own.
    pub policy: Option<&'a Policy>,
}

/// What the action key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Change(Target),
    Withdraw,
}

pub(crate) const VERBS: [(&str, Verb); 3] = [
    ("enable", Verb::Change(Target::Enabled)),
    ("terminate", Verb::Change(Target::Terminated)),
    ("withdraw", Verb::Withdraw),
];

/// The most mailboxes that one request names.
pub const MAX_MAILBOXES: usize = 10_000;
