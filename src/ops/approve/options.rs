//! The options of `arkib approve`.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::RequestId;
use crate::exit::Exit;
use crate::ops::failure::Failure;
use crate::ops::filing::FilingOptions;
use crate::ops::portal_session::PortalFileOptions;
use crate::printer;

/// The options of `arkib approve`.
#[derive(Debug)]
pub struct Options {
    /// The requests.
    pub ids: Vec<RequestId>,
    /// Who approves, if not git's user.
    pub approver: Option<Mailbox>,
    /// The day of the approval, if not today.
    pub date: Option<Date>,
    /// The key to sign with, if not git's.
    pub key: Option<PathBuf>,
    /// A signature that was made with another program.
    pub signature: Option<PathBuf>,
    /// Only print the statement.
    pub print: bool,
    /// The portal that is read; `None` if it is not.
    pub portal: Option<PortalFileOptions>,
    /// Where and how the files are written.
    pub filing: FilingOptions,
}

impl Options {
    /// Refuses options that do not go together.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.signature.is_some() && self.ids.len() > 1 {
            return Err(one_id_failure("--signature"));
        }
        if let Some(day) = self.date.filter(|day| *day > self.today()) {
            let (reason, help) =
                (message!("approve-in-future", day), message!("approve-in-future-help"));
            return Err(Failure::new(Exit::Usage, reason, help));
        }
        let is_asked = !self.filing.yes && !self.filing.dry_run;
        if is_asked && !printer::is_interactive() {
            let (reason, help) =
                (message!("approve-no-terminal"), message!("approve-no-terminal-help"));
            return Err(Failure::new(Exit::Usage, reason, help));
        }
        Ok(())
    }

    /// The day that is taken for today.
    pub(super) fn today(&self) -> Date {
        self.filing.requests.as_of()
    }
}

/// A failure because an option is for one request.
pub(super) fn one_id_failure(option: &str) -> Failure {
    let reason = message!("approve-one-id", option);
    Failure::new(Exit::Usage, reason, message!("approve-one-id-help"))
}
