//! A request to enable or terminate archives, or to withdraw such a request (procedure 4.1 and
//! 4.2, steps 1 and 2). Pure; [`crate::load`] reads the files.

pub mod approval_editor;
pub mod approval_state;
pub mod check;
pub mod cross_checks;
pub mod evidence;
pub mod folder_entry;
pub mod immutability;
pub mod mailbox_list;
pub mod new_request;
pub mod next_id;
pub mod pasted_list;
pub mod portable_name;
pub mod raw;
pub mod request_file_source;
pub mod rules;
#[cfg(test)]
pub(crate) mod sample;
pub mod three_way_merge;
pub mod truncated_text;
pub mod yaml_writer;

use std::fmt;
use std::sync::Arc;

pub use approval_state::Approval;
use approval_state::{ApprovalState, MissingApprovals};
use jiff::civil::Date;

use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::{Mailbox, name_mailboxes};
use crate::language::Message;
use crate::text::one_line;

/// The id of a request, which is also the name of its file without `.yaml`; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Parses an id: 1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
    pub fn parse(text: &str) -> Option<Self> {
        let good = (1..=64).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        good.then(|| Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

shown_values!(&RequestId);

words! {
    /// How a request arrived (procedure step 1).
    pub enum Channel {
        /// E-mel.
        Email = "email",
        /// Memo.
        Memo = "memo",
        /// Surat.
        Letter = "letter",
        /// Borang.
        Form = "form",
    }
}

/// The receipt of a request (procedure step 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The day.
    pub date: Date,
    /// The channel.
    pub channel: Channel,
    /// The reference under which the document is filed (procedure section 6).
    pub reference: String,
    /// The applicant.
    pub from: Option<Mailbox>,
    /// The applicant's name, and below it, a line each, post, office and address, as in a letter; without
    /// an applicant, that of the only mailbox's user.
    pub name: Option<String>,
    /// The agency's own file, where the answer is kept (Ruj. Kami).
    pub file: Option<String>,
}

impl Received {
    /// The applicant's name and what stands below it, on one line.
    pub fn name_line(&self) -> Option<String> {
        Some(self.name.as_deref()?.trim().lines().map(one_line).collect::<Vec<_>>().join(", "))
    }
}

/// A mailbox in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedMailbox {
    /// The address.
    pub mailbox: Mailbox,
    /// The line in the request file that names it, from one.
    pub line: u32,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// To enable or terminate the archives of some mailboxes.
    Change {
        /// Their desired state.
        target: Target,
        /// The mailboxes, in the file's order, without duplicates.
        mailboxes: Vec<RequestedMailbox>,
    },
    /// To withdraw another request, so that it does not count.
    Withdraw {
        /// That request.
        withdraws: RequestId,
    },
}

/// A document filed beside a request, such as the scanned letter (procedure section 6). It decides
/// nothing; it is only kept unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its path from the request's folder, with forward slashes.
    pub file: String,
    /// The SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// One request, read from a file without findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its file, as the user names it, with forward slashes.
    pub file: Arc<str>,
    /// What it asks for.
    pub action: Action,
    /// How it arrived.
    pub received: Received,
    /// Its approvals, in the file's order; each by another approver.
    pub approvals: Vec<Approval>,
    /// Whether these are enough. If not, the request is pending and never applied.
    pub approval_state: ApprovalState,
    /// The earliest day to carry it out.
    pub effective: Option<Date>,
    /// Why, in the applicant's words.
    pub reason: Option<String>,
    /// The documents filed with it.
    pub evidence: Vec<Evidence>,
}

impl Request {
    /// The day on which an approved request takes effect: its effective day, but never before it
    /// was approved. `None` while it is pending.
    pub fn effect_day(&self) -> Option<Date> {
        let approved = self.approved_on()?;
        Some(self.effective.map_or(approved, |day| day.max(approved)))
    }

    /// The day of the approval that completed the required number; `None` while it is pending.
    pub fn approved_on(&self) -> Option<Date> {
        match self.approval_state {
            ApprovalState::Approved(day) => Some(day),
            ApprovalState::Pending(_) => None,
        }
    }

    /// The same request as if it had all its approvals since a day.
    pub fn as_approved_on(&self, day: Date) -> Self {
        Self { approval_state: ApprovalState::Approved(day), ..self.clone() }
    }

    /// The approvals that it waits for, while it is pending.
    pub fn missing_approvals(&self) -> Option<&MissingApprovals> {
        match &self.approval_state {
            ApprovalState::Approved(_) => None,
            ApprovalState::Pending(missing) => Some(missing),
        }
    }

    /// What somebody is in it, so that they cannot approve it, nor its withdrawal.
    pub fn conflicting_role_of(&self, person: &Mailbox) -> Option<Message> {
        if self.received.from.as_ref() == Some(person) {
            return Some(message!("request-role-applicant"));
        }
        let mut mailboxes = self.mailboxes().iter();
        mailboxes.any(|named| named.mailbox == *person).then(|| message!("request-role-mailbox"))
    }

    /// The mailboxes that it names; none for a withdrawal.
    pub fn mailboxes(&self) -> &[RequestedMailbox] {
        match &self.action {
            Action::Change { mailboxes, .. } => mailboxes,
            Action::Withdraw { .. } => &[],
        }
    }

    /// The desired state of its archives; `None` for a withdrawal.
    pub fn target(&self) -> Option<Target> {
        match &self.action {
            Action::Change { target, .. } => Some(*target),
            Action::Withdraw { .. } => None,
        }
    }

    /// The request that it withdraws, if it is a withdrawal.
    pub fn withdraws(&self) -> Option<&RequestId> {
        match &self.action {
            Action::Change { .. } => None,
            Action::Withdraw { withdraws } => Some(withdraws),
        }
    }

    /// The word of its action in request files.
    pub fn action_word(&self) -> &'static str {
        self.target().map_or("withdraw", Target::verb)
    }

    /// What it does to which mailboxes; not of a withdrawal.
    pub fn describe_change(&self) -> Message {
        let mailboxes = self.mailboxes().iter().map(|named| &named.mailbox);
        let (action, mailboxes) =
            (Message::from_word(self.action_word()), name_mailboxes(mailboxes));
        message!("request-change", action, mailboxes)
    }
}
