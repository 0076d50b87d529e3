//! Computes the digests of plans, policies and files, field by field. Pure.

#[cfg(test)]
mod tests;

use sha2::{Digest as _, Sha256};

use crate::domain::mapping::export_file::ExportMapping;
use crate::domain::mapping::upload_file::UploadFileFormat;
use crate::domain::mapping::vocabulary::{HasCanonicalName, Vocabulary};
use crate::domain::plan::digest::Digest;
use crate::domain::plan::{Change, Note, Plan};
use crate::domain::policy::required_approvals::RequiredApprovals;
use crate::domain::policy::{ChangeLimits, Policy};

/// The digest of a plan whose refusals are known.
pub(super) fn plan_digest(plan: &Plan, policy: &Policy) -> Digest {
    let mut hasher = FieldHasher::default();
    hasher.add_text("arkib.plan/1");
    hasher.add_policy(policy);
    hasher.add_text(plan.changes.len());
    for change in &plan.changes {
        hasher.add_change(change);
    }
    for refusal in &plan.refusals {
        hasher.add_text(refusal.code());
        hasher.add_list(refusal.numbers());
    }
    hasher.finish()
}

/// The digest of what a policy means.
pub fn policy_digest(policy: &Policy) -> Digest {
    let mut hasher = FieldHasher::default();
    hasher.add_policy(policy);
    hasher.finish()
}

/// The digest of files, each by its path and the digest of its content.
pub fn files_digest<'a>(files: impl Iterator<Item = (&'a str, &'a [u8; 32])>) -> Digest {
    let mut hasher = FieldHasher::default();
    for (path, digest) in files {
        hasher.add_field(path.as_bytes());
        hasher.add_field(digest);
    }
    hasher.finish()
}

/// The digest of a named list of rows.
pub fn rows_digest<'a>(name: &str, rows: impl Iterator<Item = Vec<&'a str>>) -> Digest {
    let mut hasher = FieldHasher::default();
    hasher.add_text(name);
    for row in rows {
        hasher.add_list(&row);
    }
    hasher.finish()
}

/// Hashes each field with its length before it, so that different lists of fields never look alike.
/// Structs are destructured field by field, so that a new field does not compile until it is considered.
#[derive(Default)]
struct FieldHasher(Sha256);

impl FieldHasher {
    fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }

    fn add_field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn add_text(&mut self, text: impl ToString) {
        self.add_field(text.to_string().as_bytes());
    }

    fn add_list<T: ToString>(&mut self, texts: &[T]) {
        self.add_text(texts.len());
        texts.iter().for_each(|text| self.add_text(text.to_string()));
    }

    fn add_optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                self.add_field(b"some");
                self.add_field(text.as_bytes());
            }
            None => self.add_field(b"none"),
        }
    }

    fn add_change(&mut self, change: &Change) {
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
            last_change: _,
        } = change;
        self.add_field(mailbox.as_str().as_bytes());
        self.add_field(target.state_word().as_bytes());
        self.add_field(cause.to_reviewed_cause().as_str().as_bytes());
        self.add_field(request.id.as_str().as_bytes());
        self.add_text(from);
        self.add_field(id.as_bytes());
        self.add_optional(version.as_deref());
        // What becomes of an archive's content is part of what was reviewed.
        self.add_optional(note.map(Note::stable_key).as_deref());
    }

    /// A new field of the policy must also be shown by `policy::diff`.
    fn add_policy(&mut self, policy: &Policy) {
        let Policy {
            file: _,
            agency,
            name: _,
            domains,
            approvers,
            approvals: RequiredApprovals { enable, terminate, withdraw, since },
            repository,
            // They approve nothing new.
            former_approvers: _,
            language: _,
            portal,
            mapping,
            limits: ChangeLimits { terminations, terminations_percent, changes },
            protected,
            provenance,
            recoverable_days,
            portal_since,
            // They change nothing in the portal.
            notices: _,
            export,
            bulk,
        } = policy;
        self.add_text(agency);
        self.add_text(domains.join(","));
        self.add_list(approvers);
        self.add_list(&[enable, terminate, withdraw]);
        self.add_optional(since.map(|day| day.to_string()).as_deref());
        self.add_optional(repository.as_deref());
        self.add_text(portal.as_str());
        self.add_text(terminations);
        self.add_text(terminations_percent);
        self.add_text(changes);
        self.add_text(recoverable_days.map_or(-1, i64::from));
        self.add_list(protected);
        self.add_text(provenance.as_str());
        // Without it a plan keeps its digest.
        if let Some(day) = portal_since {
            self.add_text("portal_since");
            self.add_text(day);
        }
        // It decides what is read and written. arkib's own extension adds nothing.
        for (key, values) in mapping.comparable_entries() {
            self.add_text(key);
            self.add_list(&values);
        }
        // The usual names and words add nothing, so that plans for other kinds of portal keep their digest.
        if *export != ExportMapping::default() {
            self.add_export_mapping(export);
        }
        if *bulk != UploadFileFormat::default() {
            self.add_upload_file_format(bulk);
        }
    }

    /// How an export is read.
    fn add_export_mapping(&mut self, export: &ExportMapping) {
        let ExportMapping { columns, states, accounts, holds, agency } = export;
        self.add_text("export");
        self.add_text(columns.len());
        for (column, name) in columns {
            self.add_text(column.as_str());
            self.add_text(name);
        }
        self.add_vocabulary(states.as_ref());
        self.add_vocabulary(accounts.as_ref());
        self.add_vocabulary(holds.as_ref());
        self.add_optional(agency.as_deref());
    }

    fn add_vocabulary<T: HasCanonicalName>(&mut self, words: Option<&Vocabulary<T>>) {
        let Some(words) = words else {
            return self.add_text("none");
        };
        self.add_text(words.iter().count());
        for (word, means) in words.iter() {
            self.add_text(word);
            self.add_text(means.name());
        }
    }

    /// How bulk changes are written.
    fn add_upload_file_format(&mut self, bulk: &UploadFileFormat) {
        let UploadFileFormat { mailbox, action, request, enable, terminate, delimiter, encoding } =
            bulk;
        self.add_text("bulk");
        self.add_text(mailbox);
        self.add_text(action);
        self.add_optional(request.as_deref());
        self.add_text(enable);
        self.add_text(terminate);
        self.add_text(delimiter.as_str());
        self.add_text(encoding.as_str());
    }
}
