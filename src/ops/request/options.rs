//! The options of `arkib request`, and the mailboxes that they name.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::new_request::NewRequest;
use crate::domain::request::{RequestId, mailbox_list, pasted_list};
use crate::environment::read_bounded;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::language::Message;
use crate::ops::failure::Failure;
use crate::ops::filing::{FilingOptions, failure_of_findings};
use crate::ops::portal_session::PortalFileOptions;
use crate::printer;
use crate::text::escape;

/// The options of all three kinds of request.
#[derive(Debug)]
pub struct Options {
    /// The values of the request, without its mailboxes.
    pub intake: NewRequest,
    /// Addresses, in any form that can be pasted.
    pub mailboxes: Vec<String>,
    /// A list of more addresses; `-` is standard input.
    pub list: Option<PathBuf>,
    /// The portal to read mailboxes from; `None` if it is not read.
    pub portal: Option<PortalFileOptions>,
    /// Whether the portal is read even without a terminal.
    pub always_asks: bool,
    /// Scanned documents, which are copied next to the file.
    pub evidence: Vec<PathBuf>,
    /// The id, if it is not the one after the agency's newest.
    pub id: Option<RequestId>,
    /// Where and how the file is written.
    pub filing: FilingOptions,
}

impl Options {
    /// All values, including the mailboxes of the list.
    pub(super) fn to_intake(&self) -> Result<NewRequest, Failure> {
        let mut mailboxes = Vec::new();
        let mut wrong = String::new();
        let pasted = self.mailboxes.iter();
        for read in pasted.flat_map(|text| pasted_list::parse_mailboxes(text)) {
            match read {
                Ok(mailbox) => mailboxes.push(mailbox),
                Err(why) => wrong.push_str(&format!("\n  {}", escape(&printer::render(&why)))),
            }
        }
        if !wrong.is_empty() {
            let reason = message!("request-not-valid", wrong);
            return Err(Failure::new(Exit::Usage, reason, ""));
        }
        if let Some(file) = &self.list {
            mailboxes
                .extend(read_list(file).map_err(|findings| failure_of_findings(findings, ""))?);
        }
        Ok(NewRequest { mailboxes, ..self.intake.clone() })
    }
}

/// The missing values, each with its option.
pub(super) fn missing_values(intake: &NewRequest) -> Vec<Message> {
    let mut missing = Vec::new();
    match intake.target {
        Some(_) if intake.mailboxes.is_empty() => {
            missing.push(message!("request-missing-mailboxes"));
        }
        None if intake.withdraws.is_none() => missing.push(message!("request-missing-id")),
        _ => {}
    }
    if intake.channel.is_none() {
        missing.push(message!("request-missing-channel"));
    }
    if intake.reference.is_none() {
        missing.push(message!("request-missing-reference"));
    }
    missing
}

/// The mailboxes of a list file.
pub(super) fn read_list(file: &Path) -> Result<Vec<Mailbox>, Vec<Finding>> {
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
        let why = message!("request-list-no-file", error = error.to_string());
        let help = message!("request-list-no-file-help");
        vec![Finding::whole_file(&shown, "cannot-read", why, help)]
    })?;
    mailbox_list::read_mailboxes(&shown, &bytes)
}
