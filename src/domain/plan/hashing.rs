//! Hashes plans, policies and files into digests, field by field. Pure.

use sha2::{Digest as _, Sha256};

use crate::domain::archive::{Account, State};
use crate::domain::mapping::Words;
use crate::domain::mapping::bulk::BulkMapping;
use crate::domain::mapping::report::ReportMapping;
use crate::domain::plan::digest::Digest;
use crate::domain::plan::{Change, Note, Plan};
use crate::domain::policy::{Limits, Policy};

/// The digest of a plan whose refusals are known.
pub(crate) fn of(plan: &Plan, policy: &Policy) -> Digest {
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
pub(crate) fn hash_change(hasher: &mut Hasher, change: &Change) {
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
    hasher.text(cause.as_reviewed().as_str());
    hasher.text(&request.id);
    hasher.text(from);
    hasher.field(id.as_bytes());
    hasher.optional(version.as_deref());
    hash_note(hasher, *note);
}

/// What becomes of an archive's content is part of what was reviewed.
pub(crate) fn hash_note(hasher: &mut Hasher, note: Option<Note>) {
    match note {
        // The day moves on with every day; the days that make it are the policy's, hashed there.
        Some(Note::KeptUntil(_)) => hasher.field(b"kept"),
        Some(note) => hasher.text(note),
        None => hasher.field(b"none"),
    }
}

pub(crate) fn hash_policy(hasher: &mut Hasher, policy: &Policy) {
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
pub(crate) fn hash_report(hasher: &mut Hasher, report: &ReportMapping) {
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
        hasher.text(column.as_str());
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

pub(crate) fn hash_words<T: PartialEq>(
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
pub(crate) fn hash_bulk(hasher: &mut Hasher, bulk: &BulkMapping) {
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

/// Feeds fields with their length before them, so that no two lists of fields look alike.
pub(crate) struct Hasher(Sha256);

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
