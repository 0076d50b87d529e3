//! A request that is about to be filed (procedure step 1), and its draft. Pure.

pub mod warnings;

use jiff::civil::Date;

use super::draft::{ApprovalDraft, EvidenceDraft, ReceivedDraft, RequestDraft};
use super::{Approval, Evidence, Received, RequestId};
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::yaml::{Text, Whole};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// To enable or terminate archives.
    Change(Target, Vec<Mailbox>),
    /// To withdraw a request.
    Withdraw(RequestId),
}

impl Subject {
    /// The word of the action.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Change(target, _) => target.verb(),
            Self::Withdraw(_) => "withdraw",
        }
    }

    /// The mailboxes that are named; none to withdraw.
    pub fn mailboxes(&self) -> &[Mailbox] {
        match self {
            Self::Change(_, mailboxes) => mailboxes,
            Self::Withdraw(_) => &[],
        }
    }
}

/// A document that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What its name ends in.
    pub ending: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Everything that the file of a request says but its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// What is asked for.
    pub subject: Subject,
    /// How it arrived.
    pub received: Received,
    /// The documents that came with it.
    pub documents: Vec<Document>,
    /// The approval, where it was given already.
    pub approval: Option<Approval>,
    /// Not before this day.
    pub effective: Option<Date>,
    /// Why.
    pub reason: Option<String>,
}

impl Intake {
    /// The documents as the file names them: by the request's id.
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
    pub fn draft(&self, id: &RequestId) -> RequestDraft {
        let text = |value: &dyn ToString| Some(Text(value.to_string()));
        let texts =
            |mailboxes: &[Mailbox]| mailboxes.iter().map(|it| Text(it.to_string())).collect();
        let (mailboxes, withdraws) = match &self.subject {
            Subject::Change(_, mailboxes) => (Some(texts(mailboxes)), None),
            Subject::Withdraw(id) => (None, text(id)),
        };
        let evidence = self.evidence(id).into_iter().map(|evidence| EvidenceDraft {
            file: Some(Text(evidence.file)),
            sha256: Some(Text(evidence.sha256)),
            size: Some(Whole(evidence.size)),
        });
        RequestDraft {
            version: Some(Whole(1)),
            id: text(id),
            action: text(&self.subject.verb()),
            mailboxes,
            withdraws,
            received: Some(ReceivedDraft {
                date: text(&self.received.date),
                channel: text(&self.received.channel.as_str()),
                reference: text(&self.received.reference),
                from: self.received.from.as_ref().and_then(|it| text(it)),
            }),
            approval: self.approval.as_ref().map(|approval| ApprovalDraft {
                by: text(&approval.by),
                date: text(&approval.date),
            }),
            effective: self.effective.as_ref().and_then(|it| text(it)),
            reason: self.reason.as_ref().and_then(|it| text(it)),
            evidence: (!self.documents.is_empty()).then(|| evidence.collect()),
        }
    }
}
