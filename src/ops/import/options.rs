//! How an import goes.

use jiff::civil::Date;

use crate::domain::mailbox::Mailbox;
use crate::domain::request::Channel;
use crate::ops::filing::Filing;
use crate::ops::session::PortalOptions;

/// How an import goes.
#[derive(Debug)]
pub struct Options {
    /// The reference under which the decision to import is filed; asked for on a terminal.
    pub reference: Option<String>,
    /// How that decision arrived.
    pub channel: Channel,
    /// The day it arrived, where it is not today.
    pub received: Option<Date>,
    /// The most mailboxes that one file names.
    pub per_request: u16,
    /// Only these mailboxes; all where none is named.
    pub only: Vec<Mailbox>,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
    /// Where the files go, and how.
    pub filing: Filing,
}
