//! Whether a saved plan is still valid, compared with what would be planned now. Pure.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::saved::{PlanFile, SavedAgencyPlan, SavedChange, SavedRefusal};
use super::{Change, Digest, Plan, Refusal, Shard, guard};
use crate::domain::archive_state::Target;
use crate::domain::policy::Policy;
use crate::domain::request::Request;
use crate::language::Message;

/// How far the clock of the machine that made a plan may be ahead.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Why a saved plan is no longer valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleReason {
    /// The mailbox or file, if one is meant.
    pub subject: Option<String>,
    /// Why.
    pub why: Message,
}

impl StaleReason {
    /// A reason about the plan as a whole.
    pub fn about_plan(why: impl Into<Message>) -> Self {
        Self { subject: None, why: why.into() }
    }

    /// A reason about a mailbox or a file.
    pub fn about_subject(subject: impl Into<String>, why: impl Into<Message>) -> Self {
        Self { subject: Some(subject.into()), why: why.into() }
    }
}

impl PlanFile {
    /// Why the plan is too old or from the future.
    pub fn check_age(&self, now: Timestamp, most: SignedDuration) -> Option<StaleReason> {
        let Ok(made) = self.sealed.made_at.parse::<Timestamp>() else {
            return Some(StaleReason::about_plan(message!("plan-stale-no-time")));
        };
        let why = match now.duration_since(made) {
            age if age > most => message!(
                "plan-stale-too-old",
                age = format_hours_and_minutes(age),
                made = made.to_string(),
                most = format_hours_and_minutes(most),
            ),
            age if age < -SKEW => message!("plan-stale-future", made = made.to_string()),
            _ => return None,
        };
        Some(StaleReason::about_plan(why))
    }
}

fn format_hours_and_minutes(duration: SignedDuration) -> Message {
    match (duration.as_mins(), duration.as_secs()) {
        (0, 0) => message!("plan-no-second"),
        (0, seconds) => message!("plan-seconds", seconds = seconds.to_string()),
        (minutes, _) => {
            let (hours, minutes) = ((minutes / 60).to_string(), (minutes % 60).to_string());
            message!("plan-hours", hours, minutes)
        }
    }
}

impl SavedAgencyPlan {
    /// Why it differs from what would be planned now; empty if it is the same, including the digest.
    /// `now` is the plan for its mailboxes only.
    pub fn stale_reasons(&self, now: &Plan, policy: Digest, requests: Digest) -> Vec<StaleReason> {
        let mut stale = self.stale_row_reasons(now, policy, requests);
        let refusals = now.refusals.iter().map(SavedRefusal::new);
        if stale.is_empty() && !refusals.eq(self.refusals.iter().cloned()) {
            stale.push(StaleReason::about_plan(message!("plan-stale-other-limits")));
        }
        if stale.is_empty() && self.digest != now.digest.to_string() {
            stale.push(StaleReason::about_plan(message!("plan-stale-digest")));
        }
        stale
    }

    /// Checks a shard's part, planned `now`, against all changes of this plan: it gets the limits and
    /// the digest of the whole plan. Returns why the part is no longer valid. `kept` is the number of
    /// archives that the agency's requests keep.
    pub fn stale_shard_reasons(
        &self,
        shard: Shard,
        now: &mut Plan,
        (policy, kept): (&Policy, usize),
        requests: Digest,
    ) -> Vec<StaleReason> {
        let mut stale = self.restrict_to_shard(shard).stale_row_reasons(
            now,
            super::policy_digest(policy),
            requests,
        );
        let ends = self.changes.iter().filter(|change| change.action == Target::Terminated);
        let mut refusals = guard::exceeded_limits(ends.count(), self.changes.len(), policy, kept);
        refusals.extend(now.refusals.drain(..).filter(Refusal::is_sign_of_loss));
        let limits = self.refusals.iter();
        let known: HashSet<&str> = limits.map(|refusal| &*refusal.limit).collect();
        let found: HashSet<&str> = refusals.iter().map(Refusal::code).collect();
        if stale.is_empty() && known != found {
            stale.push(StaleReason::about_plan(message!("plan-stale-other-limits")));
        }
        now.refusals = refusals;
        match Digest::parse_hex(&self.digest) {
            Some(digest) => now.digest = digest,
            None => stale.push(StaleReason::about_plan(message!("plan-stale-no-digest"))),
        }
        stale
    }

    fn stale_row_reasons(&self, now: &Plan, policy: Digest, requests: Digest) -> Vec<StaleReason> {
        let mut stale = Vec::new();
        if self.policy != policy.to_string() {
            let why = message!("plan-stale-policy", agency = &*self.agency);
            stale.push(StaleReason::about_plan(why));
        }
        if self.requests != requests.to_string() {
            stale.push(StaleReason::about_plan(message!("plan-stale-requests")));
        }
        let mut limits = self.refusals.iter().map(|refusal| refusal.limit.as_str());
        if limits.any(|limit| Refusal::SIGNS_OF_LOSS.contains(&limit)) {
            stale.push(StaleReason::about_plan(message!("plan-stale-loss")));
        }
        let planned = now.changes.iter();
        let planned: HashMap<&str, &Change> =
            planned.map(|change| (change.mailbox.as_str(), change)).collect();
        for saved in &self.changes {
            let why = match planned.get(saved.mailbox.as_str()) {
                Some(change) => saved.describe_difference(&SavedChange::new(change)),
                None => Some(reason_not_planned(now, &saved.mailbox, &saved.request)),
            };
            stale.extend(why.map(|why| StaleReason::about_subject(&*saved.mailbox, why)));
        }
        let saved = self.changes.iter();
        let kept: HashSet<&str> = saved.map(|change| &*change.mailbox).collect();
        let is_new = |change: &&Change| !kept.contains(change.mailbox.as_str());
        stale.extend(now.changes.iter().filter(is_new).map(|change| {
            let verb = Message::from_word(change.target.verb());
            let why = message!("plan-stale-new-change", verb);
            StaleReason::about_subject(change.mailbox.as_str(), why)
        }));
        stale
    }
}

/// Why a mailbox would not be changed now.
fn reason_not_planned(now: &Plan, mailbox: &str, request: &str) -> Message {
    let mut blocked = now.blocked.iter();
    if let Some(blocked) = blocked.find(|blocked| blocked.mailbox.as_str() == mailbox) {
        return message!("plan-stale-blocked", obstacle = blocked.obstacle.describe());
    }
    let mut in_progress = now.in_progress.iter();
    if let Some(item) = in_progress.find(|item| item.mailbox.as_str() == mailbox) {
        return match &item.handed_over {
            Some(handed_over) => {
                message!("plan-stale-handed-over", handed = handed_over.describe())
            }
            None => {
                let state = Message::from_word(item.state.as_str());
                message!("plan-stale-in-progress", state)
            }
        };
    }
    let is_it = |other: &Arc<Request>| other.id.as_str() == request;
    if now.scheduled.iter().any(is_it) {
        return message!("plan-stale-not-due", request);
    }
    if now.pending.iter().any(is_it) {
        return message!("plan-stale-pending", request);
    }
    message!("plan-stale-done")
}

impl SavedChange {
    /// What has changed. The path of the file is ignored, because arkib may run from another folder;
    /// so is the day in a note, which changes daily.
    fn describe_difference(&self, now: &Self) -> Option<Message> {
        if self.request != now.request {
            let (request, before) = (&*now.request, &*self.request);
            return Some(message!("plan-stale-other-request", request, before));
        }
        if self.action != now.action {
            let verb = Message::from_word(now.action.verb());
            return Some(message!("plan-stale-other-action", verb));
        }
        if self.id != now.id {
            return Some(message!("plan-stale-other-account"));
        }
        if self.from != now.from {
            let (is, was) = (Message::from_word(&now.from), Message::from_word(&self.from));
            return Some(message!("plan-stale-other-state", is, was));
        }
        if self.version != now.version {
            return Some(message!("plan-stale-changed-in-portal"));
        }
        if self.note != now.note {
            return Some(message!("plan-stale-note"));
        }
        (self.cause != now.cause).then(|| {
            let (is, was) =
                (Message::from_word(now.cause.as_str()), Message::from_word(self.cause.as_str()));
            message!("plan-stale-cause", is, was)
        })
    }
}
