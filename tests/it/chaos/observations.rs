//! What arkib observed of each mailbox, and whether its requests may follow from that. This finds
//! what the audit trail cannot: a change that the portal refused should not have been sent.

use std::collections::HashMap;

use arkib::domain::archive_state::{AccountState, State};
use arkib::domain::mapping::scim::Mapping;
use arkib::domain::mapping::scim_urns as wire;
use arkib::domain::observed::Observed;
use serde_json::Value;

use super::clock_skew::each_user;
use super::http::Message;
use super::request_kind::{Intent, RequestKind};

/// The last shown state of a mailbox.
struct ObservedMailbox {
    state: String,
    held: bool,
    active: bool,
    /// Shown since the plan was made and since the last write for it.
    fresh: bool,
}

/// Everything shown so far.
pub struct Observations {
    mailboxes: HashMap<String, ObservedMailbox>,
    /// Whether the portal refuses stale writes by itself.
    if_match: bool,
    pub violations: Vec<String>,
}

impl Observations {
    pub fn new(if_match: bool) -> Self {
        Self { mailboxes: HashMap::new(), if_match, violations: Vec::new() }
    }

    /// Records that a plan was made from this; earlier answers no longer count.
    pub fn record_plan(&mut self, observed: &Observed) {
        let shown = observed.mailboxes().iter().map(|mailbox| {
            let shown = ObservedMailbox {
                state: mailbox.state.as_str().to_owned(),
                held: mailbox.hold,
                active: mailbox.account == AccountState::Active,
                fresh: false,
            };
            (mailbox.id.to_string(), shown)
        });
        self.mailboxes = shown.collect();
    }

    /// Records an answer.
    pub fn record_answer(&mut self, kind: &RequestKind, answer: &Message) {
        let is_look = matches!(kind, RequestKind::List { .. } | RequestKind::User(_));
        let Some(mut body) = answer.json().filter(|_| is_look && answer.is_good()) else {
            return;
        };
        each_user(&mut body, |user| {
            let id = user["id"].as_str().unwrap_or_default().to_owned();
            let archive = &user[wire::MAILBOX];
            let shown = ObservedMailbox {
                state: archive["state"].as_str().unwrap_or_default().to_owned(),
                held: archive["hold"] == Value::Bool(true),
                active: archive["account"] == "active",
                fresh: true,
            };
            self.mailboxes.insert(id, shown);
        });
    }

    /// Checks a request.
    pub fn check_request(&mut self, kind: &RequestKind) {
        let wrong = kind.changes().iter().filter_map(|intent| {
            let why = self.objection(intent)?;
            Some(format!("{}: {why}", kind.describe()))
        });
        let wrong: Vec<String> = wrong.collect();
        self.violations.extend(wrong);
    }

    /// The reason why the change must not be requested, if any.
    fn objection(&self, intent: &Intent) -> Option<&'static str> {
        let Some(shown) = self.mailboxes.get(&intent.id) else {
            return Some("it was never shown");
        };
        let terminates = intent.state == "terminated";
        if is_met(&intent.state, &shown.state) {
            Some("it was shown to be so already")
        } else if terminates && shown.held {
            Some("it was shown on hold")
        } else if !shown.active {
            Some("its account was shown as not active")
        } else if (terminates || !self.if_match) && !shown.fresh {
            Some("it was not looked at right before")
        } else {
            None
        }
    }

    /// Records that a write was, or may have been, accepted: earlier answers are stale.
    pub fn record_write(&mut self, kind: &RequestKind) {
        for intent in kind.changes() {
            if let Some(shown) = self.mailboxes.get_mut(&intent.id) {
                shown.fresh = false;
            }
        }
    }
}

/// Whether a state satisfies `wanted`, or is in progress towards it.
pub fn is_met(wanted: &str, state: &str) -> bool {
    match Mapping::default().state.words.meaning_of(state) {
        Some(State::Enabled | State::Enabling) => wanted == "enabled",
        Some(State::Terminated | State::Terminating | State::Disabled) => wanted == "terminated",
        None | Some(State::Unknown(_)) => false,
    }
}
