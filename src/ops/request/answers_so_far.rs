//! What is known of a request: from the command line first, then from answers.

use jiff::civil::Date;

use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::intake::{Document, Intake, Subject};
use crate::domain::request::{Approval, Channel, Received, RequestId};

/// What a request says, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The mailboxes that it names.
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
    /// Not before this day.
    pub effective: Option<Date>,
    /// Why, in a sentence or two.
    pub reason: Option<String>,
    /// Who approved it and on which day, where that has been done already.
    pub approval: Option<Approval>,
}

impl Known {
    /// What must be known and is not: what it is, and how the command line says it.
    pub(super) fn missing(&self, target: Option<Target>) -> Vec<&'static str> {
        let mut missing = Vec::new();
        match target {
            Some(_) if self.mailboxes.is_empty() => {
                missing.push("the mailboxes: MAILBOX…, or --from-file FILE");
            }
            None if self.withdraws.is_none() => missing.push("the request that is withdrawn: ID"),
            _ => {}
        }
        if self.channel.is_none() {
            missing.push("how it arrived: --channel email|memo|letter|form");
        }
        if self.reference.is_none() {
            missing.push("the reference under which it is filed: --reference TEXT");
        }
        missing
    }

    /// The request, where everything that it needs is known. It has arrived `today` unless another
    /// day is known.
    pub(super) fn intake(
        self,
        target: Option<Target>,
        documents: Vec<Document>,
        today: Date,
    ) -> Option<Intake> {
        let subject = match target {
            Some(target) => Subject::Change(target, self.mailboxes),
            None => Subject::Withdraw(self.withdraws?),
        };
        Some(Intake {
            subject,
            received: Received {
                date: self.received.unwrap_or(today),
                channel: self.channel?,
                reference: self.reference?,
                from: self.from,
            },
            documents,
            approval: self.approval,
            effective: self.effective,
            reason: self.reason,
        })
    }
}
