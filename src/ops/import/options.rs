//! How an import goes.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::domain::mailbox::Mailbox;
use crate::domain::request::Channel;
use crate::load;
use crate::ops::session::PortalOptions;
use crate::output::format::DialogueFormat;

/// How an import goes.
#[derive(Debug)]
pub struct Options {
    /// The reference under which the decision to import is filed; asked for on a terminal
    pub reference: Option<String>,
    /// How that decision arrived
    pub channel: Channel,
    /// The day it arrived [default: today]
    pub received: Option<Date>,
    /// The most mailboxes that one file names
    pub per_request: u16,
    /// Only these mailboxes; may be said several times
    pub only: Vec<Mailbox>,
    /// Write the files without asking first
    pub yes: bool,
    /// Show what would be written, and write nothing
    pub dry_run: bool,
    /// Also make the branch import/ID, and on it a commit of these files alone; nothing is pushed
    pub branch: bool,
    /// The folder with the requests and their `agency.yaml`
    pub requests: PathBuf,
    /// Take this day for today
    pub as_of: Option<Date>,
    /// Which portal, as far as the environment does not say
    pub portal: PortalOptions,
    /// How the result is written
    pub format: DialogueFormat,
}

impl Options {
    /// The day that was asked for, or the real one.
    pub(super) fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(load::today)
    }

    /// The day on which the decision arrived.
    pub(super) fn received(&self) -> Date {
        self.received.unwrap_or_else(|| self.as_of())
    }
}
