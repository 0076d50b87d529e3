//! A request to enable or terminate archives, or to withdraw such a request (procedure 4.1 and
//! 4.2, steps 1 and 2). Pure; the files are read by [`crate::load`].

pub mod across;
pub mod check;
pub mod draft;
pub mod evidence;
pub mod files;
pub mod immutable;
pub mod intake;
pub mod mailbox_list;
pub mod naming;
pub mod next_id;
pub mod pasted_list;
pub mod pull_request;
pub mod rules;
#[cfg(test)]
pub(crate) mod sample;
pub mod write;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;

/// The id of a request, which is also the name of its file without `.yaml`; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Reads an id: 1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
    pub fn parse(text: &str) -> Option<Self> {
        let good = (1..=64).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
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
    /// The way.
    pub channel: Channel,
    /// The reference under which the document is filed (procedure section 6).
    pub reference: String,
    /// The applicant.
    pub from: Option<Mailbox>,
}

/// The approval of a request (procedure step 2 and section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The agency's UC administrator who approved.
    pub by: Mailbox,
    /// The day.
    pub date: Date,
}

/// A mailbox as a request names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMailbox {
    /// The address.
    pub mailbox: Mailbox,
    /// The line of the request file that names it, from one.
    pub line: u32,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// To enable or terminate the archives of some mailboxes.
    Change {
        /// What they are to become.
        target: Target,
        /// Which, in the file's order, none twice.
        mailboxes: Vec<NamedMailbox>,
    },
    /// To count another request as never made.
    Withdraw {
        /// That request.
        withdraws: RequestId,
    },
}

/// A document filed beside a request, such as the scanned letter (procedure section 6). Nothing
/// rests on it: it is kept, and kept as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its way from the request's folder, with forward slashes.
    pub file: String,
    /// The SHA-256 of its bytes, 64 hexadecimal digits in small letters.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// One request file that was read without a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Its file, as the user knows it, with forward slashes.
    pub file: Arc<str>,
    /// What it asks for.
    pub action: Action,
    /// How it arrived.
    pub received: Received,
    /// Its approval; without one it is pending and never applied.
    pub approval: Option<Approval>,
    /// Not before this day.
    pub effective: Option<Date>,
    /// Why, in the applicant's words.
    pub reason: Option<String>,
    /// The documents filed with it.
    pub evidence: Vec<Evidence>,
}

impl Request {
    /// The day on which an approved request takes effect: its effective day, but never before it
    /// was approved. `None` while it is pending.
    pub fn day(&self) -> Option<Date> {
        let approved = self.approval.as_ref()?.date;
        Some(self.effective.map_or(approved, |day| day.max(approved)))
    }

    /// The mailboxes it names; none for a withdrawal.
    pub fn mailboxes(&self) -> &[NamedMailbox] {
        match &self.action {
            Action::Change { mailboxes, .. } => mailboxes,
            Action::Withdraw { .. } => &[],
        }
    }

    /// What the archives that it names are to become; nothing of a withdrawal.
    pub fn target(&self) -> Option<Target> {
        match &self.action {
            Action::Change { target, .. } => Some(*target),
            Action::Withdraw { .. } => None,
        }
    }

    /// The request that it withdraws, where it is a withdrawal.
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
}
