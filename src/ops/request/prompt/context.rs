//! What the dialogue knows of a request, and what its questions depend on.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::request::new_request::{NewRequest, ReceivedDocument};

/// What the questions depend on.
pub(crate) struct PromptContext<'a> {
    pub agencies: &'a [Agency],
    pub roster: Option<&'a Observed>,
    pub today: Date,
    pub files: &'a dyn ClerkFiles,
}

/// The files that the clerk names. An error is a sentence.
pub(crate) trait ClerkFiles {
    /// The mailboxes of a list.
    fn read_list(&self, file: &Path) -> Result<Vec<Mailbox>, String>;
    /// What a scanned document is.
    fn read_received_document(&self, file: &Path) -> Result<ReceivedDocument, String>;
    /// The files and folders whose path begins like that.
    fn complete(&self, typed: &str) -> Vec<String>;
}

/// What is known of a request: first from the command line, then from answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    pub intake: NewRequest,
    /// Where its documents are, in their order.
    pub evidence: Vec<PathBuf>,
}
