//! A plan that is kept for later: what was reviewed, bound to the requests, the policy and the
//! state of each mailbox that it was made from. Whoever applies it makes the plan anew and asks
//! whether it is still the same; the file alone is no authority for anything. (A shard asks so of its own rows
//! alone, and takes the others from the file.) Pure.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Change, Digest, Plan, Refusal, Shard, guard};
use crate::domain::hash::sha256;
use crate::domain::mailbox::Mailbox;
use crate::domain::policy::Policy;

/// The version of the format.
pub const FORMAT: &str = "arkib.plan/1";
/// How the note begins that tells until when a terminated archive is kept.
const KEPT: &str = "the portal keeps the archive until";
/// What a plan is not kept of: a portal that seems to have lost what was asked for.
const LOST: [&str; 3] = [
    Refusal::PORTAL_EMPTY,
    Refusal::PORTAL_SHRUNKEN,
    Refusal::ARCHIVES_GONE,
];
const OTHER_LIMITS: &str = "the limits that it exceeds are others now, or by more or less";
/// How far the clock that a plan was made by may be ahead.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

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
    fn of(refusal: &Refusal) -> Self {
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
    /// enable or terminate.
    pub action: String,
    /// request or drift.
    pub cause: String,
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

/// Why a saved plan no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The mailbox or file, where one is meant.
    pub subject: Option<String>,
    /// Why.
    pub why: String,
}

impl Stale {
    /// A reason about the plan as a whole.
    pub fn whole(why: impl Into<String>) -> Self {
        Self {
            subject: None,
            why: why.into(),
        }
    }

    /// A reason about a mailbox or a file.
    pub fn about(subject: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            subject: Some(subject.into()),
            why: why.into(),
        }
    }
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
    pub fn of(&self, agency: &str) -> Option<&SavedPlan> {
        let mut agencies = self.sealed.agencies.iter();
        agencies.find(|kept| kept.agency == agency)
    }

    /// Why the plan is too old or from the future.
    pub fn aged(&self, now: Timestamp, most: SignedDuration) -> Option<Stale> {
        let Ok(made) = self.sealed.made_at.parse::<Timestamp>() else {
            return Some(Stale::whole("it does not say when it was made"));
        };
        let age = now.duration_since(made);
        if age > most {
            Some(Stale::whole(format!(
                "it was made {} ago, at {made}; --max-age allows {}",
                whole_hours(age),
                whole_hours(most)
            )))
        } else if age < -SKEW {
            Some(Stale::whole(format!(
                "it was made in the future, at {made}"
            )))
        } else {
            None
        }
    }
}

fn whole_hours(duration: SignedDuration) -> String {
    match (duration.as_mins(), duration.as_secs()) {
        (0, 0) => "less than a second".to_owned(),
        (0, seconds) => format!("{seconds} s"),
        (minutes, _) => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

fn seal(sealed: &Sealed) -> String {
    sha256(&serde_json::to_vec(sealed).unwrap_or_default())
}

impl SavedPlan {
    /// A plan as it is kept.
    pub fn of(plan: &Plan, policy: Digest, requests: Digest) -> Self {
        Self {
            agency: plan.agency.clone(),
            digest: plan.digest.to_string(),
            policy: policy.to_string(),
            requests: requests.to_string(),
            refusals: plan.refusals.iter().map(SavedRefusal::of).collect(),
            changes: plan.changes.iter().map(SavedChange::of).collect(),
        }
    }

    /// The mailboxes that it changes. One that is no address is none of arkib's.
    pub fn mailboxes(&self) -> Vec<Mailbox> {
        let named = self.changes.iter();
        named
            .filter_map(|it| Mailbox::parse(&it.mailbox).ok())
            .collect()
    }

    /// Why it is not what would be planned now; empty where it is, to the digest. `now` is the
    /// plan for its mailboxes alone.
    pub fn stale(&self, now: &Plan, policy: Digest, requests: Digest) -> Vec<Stale> {
        let mut stale = self.stale_rows(now, policy, requests);
        let refusals = now.refusals.iter().map(SavedRefusal::of);
        if stale.is_empty() && !refusals.eq(self.refusals.iter().cloned()) {
            stale.push(Stale::whole(OTHER_LIMITS));
        }
        if stale.is_empty() && self.digest != now.digest.to_string() {
            stale.push(Stale::whole("its digest is not that of its changes"));
        }
        stale
    }

    /// The part of a shard: its changes alone, under the name and the limits of the whole.
    #[must_use]
    pub fn share(&self, shard: Shard) -> Self {
        let mut share = self.clone();
        share.changes.retain(|it| shard.holds_address(&it.mailbox));
        share
    }

    /// Judges a shard's part, planned `now`, by all changes of this plan, whoever makes them: its
    /// limits and its digest become those of the whole. Gives why the part no longer holds.
    /// `kept` is how many archives the agency's requests keep in all.
    pub fn judge_share(
        &self,
        shard: Shard,
        now: &mut Plan,
        (policy, kept): (&Policy, usize),
        requests: Digest,
    ) -> Vec<Stale> {
        let mut stale = self
            .share(shard)
            .stale_rows(now, super::of_policy(policy), requests);
        let ends = self.changes.iter().filter(|it| it.action == "terminate");
        let mut refusals = guard::counted(ends.count(), self.changes.len(), policy, kept);
        let lost = |it: &Refusal| LOST.contains(&it.code());
        refusals.extend(now.refusals.drain(..).filter(lost));
        let known: HashSet<&str> = self.refusals.iter().map(|it| it.limit.as_str()).collect();
        let found: HashSet<&str> = refusals.iter().map(Refusal::code).collect();
        if stale.is_empty() && known != found {
            stale.push(Stale::whole(OTHER_LIMITS));
        }
        now.refusals = refusals;
        match Digest::read(&self.digest) {
            Some(digest) => now.digest = digest,
            None => stale.push(Stale::whole("its digest is none")),
        }
        stale
    }

    fn stale_rows(&self, now: &Plan, policy: Digest, requests: Digest) -> Vec<Stale> {
        let mut stale = Vec::new();
        if self.policy != policy.to_string() {
            stale.push(Stale::whole(format!(
                "the policy of {} is another than the plan was made under",
                self.agency
            )));
        }
        if self.requests != requests.to_string() {
            stale.push(Stale::whole(
                "the requests are others than the plan was made from",
            ));
        }
        if self
            .refusals
            .iter()
            .any(|it| LOST.contains(&it.limit.as_str()))
        {
            stale.push(Stale::whole(
                "it was made when the portal showed far fewer mailboxes or archives than the requests name",
            ));
        }
        let planned: HashMap<&str, &Change> = now
            .changes
            .iter()
            .map(|change| (change.mailbox.as_str(), change))
            .collect();
        for saved in &self.changes {
            let why = match planned.get(saved.mailbox.as_str()) {
                Some(change) => saved.difference(&SavedChange::of(change)),
                None => Some(why_not(now, &saved.mailbox, &saved.request)),
            };
            stale.extend(why.map(|why| Stale::about(&*saved.mailbox, why)));
        }
        let kept: HashSet<&str> = self.changes.iter().map(|it| it.mailbox.as_str()).collect();
        for change in &now.changes {
            if !kept.contains(change.mailbox.as_str()) {
                let why = format!(
                    "{} would be done now; the plan does not say so",
                    change.target.verb()
                );
                stale.push(Stale::about(change.mailbox.as_str(), why));
            }
        }
        stale
    }
}

/// Why nothing would be done to a mailbox now.
fn why_not(now: &Plan, mailbox: &str, request: &str) -> String {
    let mut blocked = now.blocked.iter();
    if let Some(blocked) = blocked.find(|it| it.mailbox.as_str() == mailbox) {
        return format!("it is blocked now: {}", blocked.obstacle);
    }
    let mut in_progress = now.in_progress.iter();
    if let Some(item) = in_progress.find(|it| it.mailbox.as_str() == mailbox) {
        return match &item.handed_over {
            Some(_) => "it was handed over, and no report shows it yet".to_owned(),
            None => format!("the portal is {} it now", item.state),
        };
    }
    if now.scheduled.iter().any(|it| it.id.as_str() == request) {
        return format!("{request} is not due yet");
    }
    if now.pending.iter().any(|it| it.id.as_str() == request) {
        return format!("{request} waits for approval");
    }
    "nothing is to be done any more; it is as its requests say".to_owned()
}

impl SavedChange {
    fn of(change: &Change) -> Self {
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
            action: target.verb().to_owned(),
            cause: cause.as_reviewed().to_owned(),
            request: request.id.to_string(),
            file: request.file.to_string(),
            from: from.to_string(),
            id: id.to_string(),
            version: version.as_deref().map(str::to_owned),
            note: note.map(|note| note.to_string()),
        }
    }

    /// What is otherwise now. The file may have another name where arkib is run from elsewhere,
    /// and the day in a note moves on; the digest has what counts of it.
    fn difference(&self, now: &Self) -> Option<String> {
        if self.request != now.request {
            return Some(format!("{} decides now, not {}", now.request, self.request));
        }
        if self.action != now.action {
            return Some(format!("to {} would be planned now", now.action));
        }
        if self.id != now.id {
            return Some("it is another account in the portal now".to_owned());
        }
        if self.from != now.from {
            return Some(format!(
                "the archive is {} now; the plan was made when it was {}",
                now.from, self.from
            ));
        }
        if self.version != now.version {
            return Some("it was changed in the portal after the plan was made".to_owned());
        }
        // How long a termination can be undone moves on with the day; the days are the policy's.
        let moves = |note: &Option<String>| note.as_deref().map(|it| it.starts_with(KEPT));
        if self.note != now.note
            && (moves(&self.note), moves(&now.note)) != (Some(true), Some(true))
        {
            let note = now.note.as_deref().unwrap_or("nothing");
            return Some(format!(
                "what is to be said of its mail is otherwise now: {note}"
            ));
        }
        (self.cause != now.cause)
            .then(|| format!("the cause is {} now, not {}", now.cause, self.cause))
    }
}
