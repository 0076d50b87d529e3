//! A plan that is kept for later: what was reviewed, bound to the requests, the policy and the
//! state of each mailbox that it was made from. Whoever applies it makes the plan anew and asks
//! whether it is still the same; the file alone is no authority for anything. (A shard asks so of its own rows
//! alone, and takes the others from the file.) Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::ReviewedCause;
use super::{Change, Digest, Plan, Refusal, Shard};
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::hash::sha256;

/// The version of the format.
pub const FORMAT: &str = "arkib.plan/1";
/// What `arkib reconcile --plan-out` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "arkib kept plan")]
pub struct SavedPlans {
    /// `arkib.plan/1`.
    pub format: String,
    /// SHA-256 of everything below, as it is written.
    pub seal: String,
    /// What is sealed.
    pub sealed: Sealed,
}

/// What a saved plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// When it was made (RFC 3339).
    pub made_at: String,
    /// The version of arkib that made it.
    pub arkib: String,
    /// The commit that the requests were read at, where they were in one.
    pub commit: Option<String>,
    /// The day for which it was made.
    pub as_of: String,
    /// The plan of each agency.
    pub agencies: Vec<SavedPlan>,
}

/// The plan of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedPlan {
    /// The agency's short name.
    pub agency: String,
    /// The plan's digest.
    pub digest: String,
    /// The digest of the policy's meaning.
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
    /// By how much, in words.
    pub message: String,
}

impl SavedRefusal {
    pub(super) fn from_refusal(refusal: &Refusal) -> Self {
        Self {
            limit: refusal.code().to_owned(),
            message: refusal.to_string(),
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedChange {
    /// The mailbox.
    pub mailbox: String,
    /// What is to be done.
    pub action: Target,
    /// Why.
    pub cause: ReviewedCause,
    /// The request that is the authority for it.
    pub request: String,
    /// The request's file.
    pub file: String,
    /// The state that it was planned against.
    pub from: String,
    /// The portal's key of the mailbox.
    pub id: String,
    /// The version that it was planned against, where the portal has versions.
    pub version: Option<String>,
    /// What a reviewer was told.
    pub note: Option<String>,
}

impl SavedPlans {
    /// Seals what a plan says.
    pub fn new(sealed: Sealed) -> Self {
        Self {
            format: FORMAT.to_owned(),
            seal: seal(&sealed),
            sealed,
        }
    }

    /// As it is written to a file.
    pub fn to_text(&self) -> String {
        // These types hold nothing that JSON cannot.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads what [`SavedPlans::to_text`] wrote, to the byte.
    ///
    /// # Errors
    /// What is not as arkib wrote it.
    pub fn read(text: &str) -> Result<Self, String> {
        let plan: Self = serde_json::from_str(text)
            .map_err(|error| format!("it is no kept plan, or was changed: {error}"))?;
        if plan.format != FORMAT {
            return Err(format!("it is of another format than {FORMAT}"));
        }
        if plan.seal != seal(&plan.sealed) || plan.to_text() != text {
            return Err("it was changed after arkib wrote it".to_owned());
        }
        Ok(plan)
    }

    /// The plan of an agency.
    pub fn plan_of(&self, agency: &str) -> Option<&SavedPlan> {
        let mut agencies = self.sealed.agencies.iter();
        agencies.find(|kept| kept.agency == agency)
    }
}

fn seal(sealed: &Sealed) -> String {
    sha256(&serde_json::to_vec(sealed).unwrap_or_default())
}

impl SavedPlan {
    /// A plan as it is kept.
    pub fn from_plan(plan: &Plan, policy: Digest, requests: Digest) -> Self {
        Self {
            agency: plan.agency.clone(),
            digest: plan.digest.to_string(),
            policy: policy.to_string(),
            requests: requests.to_string(),
            refusals: plan
                .refusals
                .iter()
                .map(SavedRefusal::from_refusal)
                .collect(),
            changes: plan.changes.iter().map(SavedChange::from_change).collect(),
        }
    }

    /// The mailboxes that it changes. One that is no address is none of arkib's.
    pub fn mailboxes(&self) -> Vec<Mailbox> {
        let named = self.changes.iter();
        named
            .filter_map(|change| Mailbox::parse(&change.mailbox).ok())
            .collect()
    }

    /// The part of a shard: its changes alone, under the name and the limits of the whole.
    #[must_use]
    pub fn share(&self, shard: Shard) -> Self {
        let mut share = self.clone();
        share
            .changes
            .retain(|change| shard.holds_address(&change.mailbox));
        share
    }
}

impl SavedChange {
    pub(super) fn from_change(change: &Change) -> Self {
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
        Self {
            mailbox: mailbox.to_string(),
            action: *target,
            cause: cause.as_reviewed(),
            request: request.id.to_string(),
            file: request.file.to_string(),
            from: from.to_string(),
            id: id.to_string(),
            version: version.as_deref().map(str::to_owned),
            note: note.map(|note| note.to_string()),
        }
    }
}
