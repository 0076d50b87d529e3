//! The name of a plan: two plans have the same digest only if they do the same to the same
//! mailboxes in the same state under the same policy. Pure.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::{Change, Note, Plan};
use crate::domain::archive::{Account, State};
use crate::domain::mapping::Words;
use crate::domain::mapping::bulk::BulkMapping;
use crate::domain::mapping::report::ReportMapping;
use crate::domain::policy::{Limits, Policy};

/// SHA-256, in lower-case hexadecimal when shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The first eight digits, to tell plans apart on a screen.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }

    /// The fewest digits that accept a plan: 128 bits, so that nobody can make two plans that are
    /// accepted by the same digits.
    pub const SHORTEST: usize = 32;

    /// Enough digits to accept the plan by.
    pub fn handle(&self) -> String {
        self.to_string()[..Self::SHORTEST].to_owned()
    }

    /// Reads what was shown, all 64 digits of it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// Whether a text that a person gave, at least as long as [`Digest::handle`], names this plan.
    pub fn is_named_by(&self, text: &str) -> bool {
        text.len() >= Self::SHORTEST && self.to_string().starts_with(&text.to_ascii_lowercase())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Feeds fields with their length before them, so that no two lists of fields look alike.
struct Hasher(Sha256);

impl Hasher {
    fn field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: impl ToString) {
        self.field(text.to_string().as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                self.field(b"some");
                self.field(text.as_bytes());
            }
            None => self.field(b"none"),
        }
    }
}

/// The digest of a plan whose refusals are known.
pub(super) fn of(plan: &Plan, policy: &Policy) -> Digest {
    let mut hasher = Hasher(Sha256::new());
    hasher.field(b"arkib.plan/1");
    hash_policy(&mut hasher, policy);
    hasher.text(plan.changes.len());
    for change in &plan.changes {
        hash_change(&mut hasher, change);
    }
    for refusal in &plan.refusals {
        hasher.text(refusal);
    }
    Digest(hasher.0.finalize().into())
}

/// The digest of a policy's meaning.
pub fn of_policy(policy: &Policy) -> Digest {
    let mut hasher = Hasher(Sha256::new());
    hash_policy(&mut hasher, policy);
    Digest(hasher.0.finalize().into())
}

/// The digest of files, each by its path and the digest of its content.
pub fn of_files<'a>(files: impl Iterator<Item = (&'a str, &'a [u8; 32])>) -> Digest {
    let mut hasher = Hasher(Sha256::new());
    for (path, digest) in files {
        hasher.field(path.as_bytes());
        hasher.field(digest);
    }
    Digest(hasher.0.finalize().into())
}

/// The digest of rows of a list of that name.
pub fn of_rows<'a>(name: &str, rows: impl Iterator<Item = Vec<&'a str>>) -> Digest {
    let mut hasher = Hasher(Sha256::new());
    hasher.text(name);
    for row in rows {
        hasher.text(row.len());
        row.iter().for_each(|field| hasher.text(field));
    }
    Digest(hasher.0.finalize().into())
}

/// Names every field, so that a new one does not compile until it is considered.
fn hash_change(hasher: &mut Hasher, change: &Change) {
    let Change {
        mailbox,
        target,
        cause,
        request,
        line: _,
        from,
        id,
        version,
        note,
    } = change;
    hasher.text(mailbox);
    hasher.text(target.state());
    hasher.text(cause.as_reviewed());
    hasher.text(&request.id);
    hasher.text(from);
    hasher.field(id.as_bytes());
    hasher.optional(version.as_deref());
    hash_note(hasher, *note);
}

/// What becomes of an archive's content is part of what was reviewed.
fn hash_note(hasher: &mut Hasher, note: Option<Note>) {
    match note {
        // The day moves on with every day; the days that make it are the policy's, hashed there.
        Some(Note::KeptUntil(_)) => hasher.field(b"kept"),
        Some(note) => hasher.text(note),
        None => hasher.field(b"none"),
    }
}

fn hash_policy(hasher: &mut Hasher, policy: &Policy) {
    let Policy {
        file: _,
        agency,
        name: _,
        domains,
        approvers,
        // They approve nothing new.
        former_approvers: _,
        language: _,
        portal,
        mapping,
        limits:
            Limits {
                terminations,
                terminations_percent,
                changes,
            },
        protected,
        provenance,
        recoverable_days,
        // They change nothing in the portal.
        notices: _,
        report,
        bulk,
    } = policy;
    hasher.text(agency);
    hasher.text(domains.join(","));
    hasher.text(approvers.len());
    approvers.iter().for_each(|approver| hasher.text(approver));
    hasher.text(portal.as_str());
    hasher.text(terminations);
    hasher.text(terminations_percent);
    hasher.text(changes);
    hasher.text(recoverable_days.map_or(-1, i64::from));
    hasher.text(protected.len());
    protected.iter().for_each(|mailbox| hasher.text(mailbox));
    hasher.text(provenance.as_str());
    // It decides what is read and written. Nothing is said of arkib's own extension.
    for (key, said) in mapping.facts() {
        hasher.text(key);
        hasher.text(said.len());
        said.iter().for_each(|it| hasher.text(it));
    }
    // The usual names and words add nothing, so that a plan of another kind of portal keeps its name.
    if *report != ReportMapping::default() {
        hash_report(hasher, report);
    }
    if *bulk != BulkMapping::default() {
        hash_bulk(hasher, bulk);
    }
}

/// What a report is taken to say.
fn hash_report(hasher: &mut Hasher, report: &ReportMapping) {
    let ReportMapping {
        columns,
        states,
        accounts,
        holds,
        agency,
    } = report;
    hasher.field(b"report");
    hasher.text(columns.len());
    for (column, name) in columns {
        hasher.text(column.key());
        hasher.text(name);
    }
    hash_words(hasher, states.as_ref(), State::as_str);
    hash_words(hasher, accounts.as_ref(), Account::as_str);
    hash_words(hasher, holds.as_ref(), |held| match held {
        true => "held",
        false => "free",
    });
    hasher.optional(agency.as_deref());
}

fn hash_words<T: PartialEq>(
    hasher: &mut Hasher,
    words: Option<&Words<T>>,
    meaning: impl Fn(&T) -> &str,
) {
    let Some(words) = words else {
        return hasher.field(b"none");
    };
    hasher.text(words.iter().count());
    for (word, means) in words.iter() {
        hasher.text(word);
        hasher.text(meaning(means));
    }
}

/// What the portal is asked for, in its words.
fn hash_bulk(hasher: &mut Hasher, bulk: &BulkMapping) {
    let BulkMapping {
        mailbox,
        action,
        request,
        enable,
        terminate,
        delimiter,
        encoding,
    } = bulk;
    hasher.field(b"bulk");
    hasher.text(mailbox);
    hasher.text(action);
    hasher.optional(request.as_deref());
    hasher.text(enable);
    hasher.text(terminate);
    hasher.text(delimiter.as_str());
    hasher.text(encoding.as_str());
}
