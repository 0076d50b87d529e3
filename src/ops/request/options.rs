//! What is known of a request before anything is asked.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::prompt::Known;
use super::summary::Told;
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::{Channel, RequestId, mailbox_list, pasted_list};
use crate::environment::read_bounded;
use crate::finding::Finding;
use crate::load;
use crate::ops::session::PortalOptions;
use crate::output::findings::count;
use crate::output::format::DialogueFormat;
use crate::text::visible;

/// Whether the portal is asked for its mailboxes.
#[derive(Debug)]
pub struct Lookup {
    /// Look the mailboxes up in the portal; on a terminal that is done anyway
    pub portal: bool,
    /// Do not ask the portal
    pub no_portal: bool,
    /// Which portal, as far as the environment does not say.
    pub portal_args: PortalOptions,
}

/// What is said of every request.
#[derive(Debug)]
pub struct Filing {
    /// The day it arrived [default: today]
    pub received: Option<Date>,
    /// How it arrived
    pub channel: Option<Channel>,
    /// The reference under which the document is filed
    pub reference: Option<String>,
    /// The applicant
    pub from: Option<Mailbox>,
    /// Not before this day
    pub effective: Option<Date>,
    /// A scanned document of it, which is copied beside the file; may be said several times
    pub evidence: Vec<PathBuf>,
    /// Why, in a sentence or two
    pub reason: Option<String>,
    /// The id [default: the next after the agency's newest]
    pub id: Option<RequestId>,
    /// Who approved it, where that has been done already
    pub approved_by: Option<Mailbox>,
    /// The day of that approval
    pub approved: Option<Date>,
    /// Write the file without showing it first
    pub yes: bool,
    /// Show the file, and write nothing
    pub dry_run: bool,
    /// Also make the branch request/ID, and on it a commit of this file alone; nothing is pushed
    pub branch: bool,
    /// The folder with the requests and their `agency.yaml`
    pub requests: PathBuf,
    /// Take this day for today
    pub as_of: Option<Date>,
    /// How the result is written
    pub format: DialogueFormat,
}

impl Filing {
    /// The day that was asked for, or the real one.
    pub(super) fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(load::today)
    }
}

/// What is asked, whichever of the three it is.
#[derive(Debug)]
pub struct Options {
    /// None to withdraw.
    pub target: Option<Target>,
    /// Addresses, in any form in which they can be pasted.
    pub mailboxes: Vec<String>,
    /// A list of more of them; `-` is standard input.
    pub list: Option<PathBuf>,
    /// The request that is withdrawn.
    pub withdraws: Option<RequestId>,
    /// None to withdraw: then the portal has nothing to say.
    pub lookup: Option<Lookup>,
    /// What is said of every request.
    pub filing: Filing,
}

impl Options {
    /// Everything that was said, the list's mailboxes included.
    pub(super) fn known(&self) -> Result<Known, Box<Told>> {
        let mut mailboxes = Vec::new();
        let mut wrong = Vec::new();
        for read in self
            .mailboxes
            .iter()
            .flat_map(|it| pasted_list::mailboxes(it))
        {
            match read {
                Ok(mailbox) => mailboxes.push(mailbox),
                Err(none) => wrong.push(format!("\n  {}", visible(&none.why))),
            }
        }
        if !wrong.is_empty() {
            let reason = format!("Nothing was written. Not taken:{}", wrong.concat());
            return Err(Box::new(Told {
                exit: crate::exit::Exit::Usage,
                ..Told::unwritten(reason)
            }));
        }
        if let Some(file) = &self.list {
            mailboxes.extend(read_list(file).map_err(|findings| {
                let reason = format!("Nothing was written: {}.", count(&findings));
                Box::new(Told {
                    findings,
                    ..Told::unwritten(reason)
                })
            })?);
        }
        let filing = &self.filing;
        Ok(Known {
            mailboxes,
            withdraws: self.withdraws.clone(),
            received: filing.received,
            channel: filing.channel,
            reference: filing.reference.clone(),
            from: filing.from.clone(),
            effective: filing.effective,
            reason: filing.reason.clone(),
        })
    }
}

fn read_list(file: &Path) -> Result<Vec<Mailbox>, Vec<Finding>> {
    let is_input = file == Path::new("-");
    let shown: Arc<str> = match is_input {
        true => "standard input".into(),
        false => file.to_string_lossy().into(),
    };
    let bytes = if is_input {
        let mut bytes = Vec::new();
        let most = mailbox_list::LARGEST as u64 + 1;
        let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
        read.map(|_| bytes)
    } else {
        read_bounded(file, mailbox_list::LARGEST as u64)
    };
    let bytes = bytes.map_err(|error| {
        let why = format!("the list cannot be read: {error}");
        let help = "name a file that holds one mailbox a line, or a table";
        vec![Finding::whole_file(&shown, "cannot-read", why, help)]
    })?;
    mailbox_list::mailboxes(&shown, &bytes)
}
