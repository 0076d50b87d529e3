//! Computes the digests of plans, policies and files, field by field. Pure.

#[cfg(test)]
mod tests;

use sha2::{Digest as _, Sha256};

use crate::domain::mapping::export::ExportMapping;
use crate::domain::mapping::upload_file::BulkMapping;
use crate::domain::mapping::{Meaning, Vocabulary};
use crate::domain::plan::digest::Digest;
use crate::domain::plan::{Change, Note, Plan};
use crate::domain::policy::{Limits, Policy};

/// The digest of a plan whose refusals are known.
pub(super) fn plan_digest(plan: &Plan, policy: &Policy) -> Digest {
    let mut hasher = Hasher::default();
    hasher.text("arkib.plan/1");
    hasher.policy(policy);
    hasher.text(plan.changes.len());
    for change in &plan.changes {
        hasher.change(change);
    }
    for refusal in &plan.refusals {
        hasher.text(refusal);
    }
    hasher.digest()
}

/// The digest of what a policy means.
pub fn policy_digest(policy: &Policy) -> Digest {
    let mut hasher = Hasher::default();
    hasher.policy(policy);
    hasher.digest()
}

/// The digest of files, each by its path and the digest of its content.
pub fn files_digest<'a>(files: impl Iterator<Item = (&'a str, &'a [u8; 32])>) -> Digest {
    let mut hasher = Hasher::default();
    for (path, digest) in files {
        hasher.field(path.as_bytes());
        hasher.field(digest);
    }
    hasher.digest()
}

/// The digest of a named list of rows.
pub fn rows_digest<'a>(name: &str, rows: impl Iterator<Item = Vec<&'a str>>) -> Digest {
    let mut hasher = Hasher::default();
    hasher.text(name);
    for row in rows {
        hasher.list(&row);
    }
    hasher.digest()
}

/// Hashes each field with its length before it, so that different lists of fields never look alike.
/// Structs are destructured field by field, so that a new field does not compile until it is considered.
#[derive(Default)]
struct Hasher(Sha256);

impl Hasher {
    fn digest(self) -> Digest {
        Digest(self.0.finalize().into())
    }

    fn field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: impl ToString) {
        self.field(text.to_string().as_bytes());
    }

    fn list<T: ToString>(&mut self, texts: &[T]) {
        self.text(texts.len());
        texts.iter().for_each(|text| self.text(text.to_string()));
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

    fn change(&mut self, change: &Change) {
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
        self.field(mailbox.as_str().as_bytes());
        self.field(target.state().as_bytes());
        self.field(cause.as_reviewed().as_str().as_bytes());
        self.field(request.id.as_str().as_bytes());
        self.text(from);
        self.field(id.as_bytes());
        self.optional(version.as_deref());
        // What becomes of an archive's content is part of what was reviewed.
        match note {
            // This day changes every day; the number of days is hashed with the policy.
            Some(Note::KeptUntil(_)) => self.field(b"kept"),
            // What is hashed never follows the texts that are shown: a plan keeps its digest.
            Some(Note::KeepingUnknown) => {
                self.field(b"the archive's mail is lost once the portal no longer keeps it");
            }
            Some(Note::ComesBack(day)) => self.text(format_args!(
                "the terminated archive comes back; it is kept until {day}"
            )),
            Some(Note::LastDay(day)) => self.text(format_args!(
                "the old archive is given up today, {day}; if that has happened, the new one is empty"
            )),
            Some(Note::EmptySince(day)) => self.text(format_args!(
                "the old archive was kept until {day} only; the new one is empty"
            )),
            Some(Note::OldArchiveUnknown) => {
                self.field(b"the portal does not say whether the old archive comes back");
            }
            None => self.field(b"none"),
        }
    }

    /// A new field of the policy must also be shown by `policy::diff`.
    fn policy(&mut self, policy: &Policy) {
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
            export,
            bulk,
        } = policy;
        self.text(agency);
        self.text(domains.join(","));
        self.list(approvers);
        self.text(portal.as_str());
        self.text(terminations);
        self.text(terminations_percent);
        self.text(changes);
        self.text(recoverable_days.map_or(-1, i64::from));
        self.list(protected);
        self.text(provenance.as_str());
        // It decides what is read and written. arkib's own extension adds nothing.
        for (key, values) in mapping.facts() {
            self.text(key);
            self.list(&values);
        }
        // The usual names and words add nothing, so that plans for other kinds of portal keep their digest.
        if *export != ExportMapping::default() {
            self.export(export);
        }
        if *bulk != BulkMapping::default() {
            self.bulk(bulk);
        }
    }

    /// How an export is read.
    fn export(&mut self, export: &ExportMapping) {
        let ExportMapping {
            columns,
            states,
            accounts,
            holds,
            agency,
        } = export;
        self.text("export");
        self.text(columns.len());
        for (column, name) in columns {
            self.text(column.as_str());
            self.text(name);
        }
        self.words(states.as_ref());
        self.words(accounts.as_ref());
        self.words(holds.as_ref());
        self.optional(agency.as_deref());
    }

    fn words<T: Meaning>(&mut self, words: Option<&Vocabulary<T>>) {
        let Some(words) = words else {
            return self.text("none");
        };
        self.text(words.iter().count());
        for (word, means) in words.iter() {
            self.text(word);
            self.text(means.name());
        }
    }

    /// How bulk changes are written.
    fn bulk(&mut self, bulk: &BulkMapping) {
        let BulkMapping {
            mailbox,
            action,
            request,
            enable,
            terminate,
            delimiter,
            encoding,
        } = bulk;
        self.text("bulk");
        self.text(mailbox);
        self.text(action);
        self.optional(request.as_deref());
        self.text(enable);
        self.text(terminate);
        self.text(delimiter.as_str());
        self.text(encoding.as_str());
    }
}
