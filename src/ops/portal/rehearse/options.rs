//! The options of `arkib portal rehearse`.

use std::path::PathBuf;

use crate::domain::mailbox_address::Mailbox;
use crate::load::RequestsLocation;
use crate::ops::portal_session::PortalFileOptions;
use crate::output::format::Format;
use crate::printer;

/// The options of a rehearsal.
#[derive(Debug)]
pub struct Options {
    /// The test mailbox.
    pub mailbox: Mailbox,
    /// The same again.
    pub confirm: Option<Mailbox>,
    /// Whether it has an archive now, by the portal's own pages.
    pub has_archive: Option<bool>,
    /// The longest time to wait for the portal to finish a change, in seconds.
    pub wait_timeout: u64,
    /// Where the requests are.
    pub requests: RequestsLocation,
    /// What the environment does not say about the portal.
    pub portal: PortalFileOptions,
    /// The folder of the records.
    pub records: Option<PathBuf>,
    /// The format of the result.
    pub format: Format,
}

impl Options {
    /// Whether a person can answer questions.
    pub(super) fn can_ask(&self) -> bool {
        self.format == Format::Human && printer::is_interactive()
    }
}
