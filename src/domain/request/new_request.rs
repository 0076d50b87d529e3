//! A request that is about to be filed (procedure step 1), and its draft. Pure.

pub mod warnings;

use jiff::civil::Date;

use super::raw::{RawApproval, RawEvidence, RawReceived, RawRequest};
use super::{Approval, Channel, Evidence, RequestId};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::yaml::{Optional, Text, WholeNumber};

/// A document that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedDocument {
    /// Its file extension.
    pub ending: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The contents of a new request file as far as they are known: first from the command line, then
/// from answers. The id comes last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRequest {
    /// The desired state of archives; `None` to withdraw a request.
    pub target: Option<Target>,
    /// The mailboxes that it names; none to withdraw.
    pub mailboxes: Vec<Mailbox>,
    /// The request that is withdrawn.
    pub withdraws: Option<RequestId>,
    /// The day it arrived.
    pub received: Option<Date>,
    /// How it arrived.
    pub channel: Option<Channel>,
    /// The reference under which the document is filed.
    pub reference: Option<String>,
    /// The applicant.
    pub from: Option<Mailbox>,
    /// The applicant's name, as in a letter.
    pub name: Option<String>,
    /// The agency's own file (Ruj. Kami).
    pub file: Option<String>,
    /// The documents that came with it.
    pub documents: Vec<ReceivedDocument>,
    /// Who approved it and on which day, if it is already approved.
    pub approval: Option<Approval>,
    /// The earliest day to carry it out.
    pub effective: Option<Date>,
    /// Why, in a sentence or two.
    pub reason: Option<String>,
}

impl NewRequest {
    /// The word of the action.
    pub fn verb(&self) -> &'static str {
        self.target.map_or("withdraw", Target::verb)
    }

    /// The documents with their names in the file, made from the request's id.
    pub fn evidence(&self, id: &RequestId) -> Vec<Evidence> {
        let numbered = (1..).zip(&self.documents);
        let evidence = numbered.map(|(number, document)| Evidence {
            file: format!("{id}-{number}.{}", document.ending),
            sha256: document.sha256.clone(),
            size: document.size,
        });
        evidence.collect()
    }

    /// The draft of the file.
    pub fn to_draft(&self, id: &RequestId) -> RawRequest {
        fn optional_text<T: ToString>(value: Option<T>) -> Optional<Text> {
            Optional(value.map(|value| Text(value.to_string())))
        }
        let mailboxes = self.mailboxes.iter();
        let mailboxes = mailboxes.map(|mailbox| Text(mailbox.to_string()));
        let evidence = self.evidence(id).into_iter().map(|evidence| RawEvidence {
            file: optional_text(Some(evidence.file)),
            sha256: optional_text(Some(evidence.sha256)),
            size: Optional(Some(WholeNumber(evidence.size))),
        });
        RawRequest {
            version: Optional(Some(WholeNumber(1))),
            id: optional_text(Some(id)),
            action: optional_text(Some(self.verb())),
            mailboxes: Optional(self.target.map(|_| mailboxes.collect())),
            withdraws: optional_text(self.withdraws.as_ref()),
            received: Optional(Some(RawReceived {
                date: optional_text(self.received),
                channel: optional_text(self.channel.map(Channel::as_str)),
                reference: optional_text(self.reference.as_ref()),
                from: optional_text(self.from.as_ref()),
                name: optional_text(self.name.as_ref()),
                file: optional_text(self.file.as_ref()),
            })),
            approvals: Optional(self.approval.as_ref().map(|approval| {
                vec![RawApproval {
                    by: optional_text(Some(&approval.by)),
                    date: optional_text(Some(approval.date)),
                    signature: optional_text(approval.signature.as_ref()),
                }]
            })),
            effective: optional_text(self.effective),
            reason: optional_text(self.reason.as_ref()),
            evidence: Optional((!self.documents.is_empty()).then(|| evidence.collect())),
        }
    }
}
