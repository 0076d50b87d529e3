//! A saved plan: what was reviewed, bound to the requests, the policy and the state of each mailbox
//! that it was made from. A run that applies it plans again and compares; the file alone authorizes
//! nothing. (A shard compares only its own rows and takes the others from the file.) Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::ReviewedCause;
use super::{Change, Digest, Note, Plan, Refusal, Shard};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::hash::sha256;
use crate::language::Message;

/// The version of the format.
pub const FORMAT: &str = "arkib.plan/1";
/// What `arkib reconcile --plan-out` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "arkib saved plan")]
pub struct PlanFile {
    /// `arkib.plan/1`.
    pub format: String,
    /// SHA-256 of everything below, as written.
    pub seal: String,
    /// What is sealed.
    pub sealed: SealedContents,
}

/// What a saved plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SealedContents {
    /// When it was made (RFC 3339).
    pub made_at: String,
    /// The version of arkib that made it.
    pub arkib: String,
    /// The commit from which the requests were read, if any.
    pub commit: Option<String>,
    /// The day for which it was made.
    pub as_of: String,
    /// The plan of each agency.
    pub agencies: Vec<SavedAgencyPlan>,
}

/// The plan of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SavedPlan")]
pub struct SavedAgencyPlan {
    /// The agency's short name.
    pub agency: String,
    /// The plan's digest.
    pub digest: String,
    /// The digest of what the policy means.
    pub policy: String,
    /// The digest of the agency's request files.
    pub requests: String,
    /// The limits that it exceeds.
    pub refusals: Vec<SavedRefusal>,
    /// The changes, terminations first.
    pub changes: Vec<SavedChange>,
}

/// One limit that is exceeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedRefusal {
    /// Its stable name.
    pub limit: String,
    /// By how much, as a text.
    pub message: String,
}

impl SavedRefusal {
    pub(super) fn new(refusal: &Refusal) -> Self {
        Self { limit: refusal.code().to_owned(), message: refusal.to_string() }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedChange {
    /// The mailbox.
    pub mailbox: String,
    /// The action.
    pub action: Target,
    /// Why.
    pub cause: ReviewedCause,
    /// The request that is the authority for it.
    pub request: String,
    /// The request's file.
    pub file: String,
    /// The state of the archive when it was planned.
    pub from: String,
    /// The portal's key of the mailbox.
    pub id: String,
    /// The version of the mailbox when it was planned, if the portal has versions.
    pub version: Option<String>,
    /// What happens to the content of the archive: a stable word, and a day if it has one.
    pub note: Option<String>,
}

impl PlanFile {
    /// Seals what a plan says.
    pub fn new(sealed: SealedContents) -> Self {
        Self { format: FORMAT.to_owned(), seal: compute_seal(&sealed), sealed }
    }

    /// As it is written to a file.
    pub fn to_text(&self) -> String {
        // These types always fit into JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads exactly what [`PlanFile::to_text`] wrote.
    ///
    /// # Errors
    /// If the text is not as arkib wrote it.
    pub fn read(text: &str) -> Result<Self, Message> {
        let plan: Self = serde_json::from_str(text)
            .map_err(|error| message!("plan-saved-other", error = error.to_string()))?;
        if plan.format != FORMAT {
            return Err(message!("plan-saved-format", format = FORMAT));
        }
        if plan.seal != compute_seal(&plan.sealed) || plan.to_text() != text {
            return Err(message!("plan-saved-changed"));
        }
        Ok(plan)
    }

    /// The plan of an agency.
    pub fn plan_of(&self, agency: &str) -> Option<&SavedAgencyPlan> {
        let mut agencies = self.sealed.agencies.iter();
        agencies.find(|kept| kept.agency == agency)
    }
}

fn compute_seal(sealed: &SealedContents) -> String {
    sha256(&serde_json::to_vec(sealed).unwrap_or_default())
}

impl SavedAgencyPlan {
    /// A plan in its saved form.
    pub fn new(plan: &Plan, policy: Digest, requests: Digest) -> Self {
        Self {
            agency: plan.agency.clone(),
            digest: plan.digest.to_string(),
            policy: policy.to_string(),
            requests: requests.to_string(),
            refusals: plan.refusals.iter().map(SavedRefusal::new).collect(),
            changes: plan.changes.iter().map(SavedChange::new).collect(),
        }
    }

    /// The mailboxes that it changes. Invalid addresses are left out.
    pub fn mailboxes(&self) -> Vec<Mailbox> {
        let named = self.changes.iter();
        named.filter_map(|change| Mailbox::parse(&change.mailbox).ok()).collect()
    }

    /// The part of a shard: only its changes, with the digest and the limits of the whole plan.
    #[must_use]
    pub fn restrict_to_shard(&self, shard: Shard) -> Self {
        let mut share = self.clone();
        let is_held = |change: &SavedChange| shard.contains_address(&change.mailbox);
        share.changes.retain(is_held);
        share
    }
}

impl SavedChange {
    pub(super) fn new(change: &Change) -> Self {
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
        Self {
            mailbox: mailbox.to_string(),
            action: *target,
            cause: cause.to_reviewed_cause(),
            request: request.id.to_string(),
            file: request.file.to_string(),
            from: from.to_string(),
            id: id.to_string(),
            version: version.as_deref().map(str::to_owned),
            note: note.map(Note::stable_key),
        }
    }
}
