//! What earlier runs left open: changes that were announced and have no recorded end. Pure.

#[cfg(test)]
mod rule_tests;

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::chain::RunRecord;
use super::entry::{Event, HandOverFile, Intent, OutcomeEvent, Settled};
use super::enums::Settlement;
use crate::domain::archive_state::State;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{HandedOverChange, Observed, is_portal_key};
use crate::domain::plan::Shard;
use crate::domain::policy::PortalKind;

/// After so long nothing that a run sent can be under way any more.
const LONGEST_UNDER_WAY: SignedDuration = SignedDuration::from_hours(1);

/// A change that was announced and has no recorded end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChange {
    /// The hash of the line that announced it.
    pub hash: String,
    /// When it was announced.
    pub at: String,
    /// The change.
    pub intent: Intent,
    /// Whether a later run announced the same change: what the portal shows may be that one's work.
    pub is_sent_again: bool,
    /// The file by which people are asked to make it; a later export of the portal shows whether they did.
    pub file: Option<AnnouncedFile>,
    /// Whether its portal is only for rehearsals; other portals know nothing about it.
    pub is_rehearsal: bool,
    /// The details of its outcome.
    pub detail: Option<String>,
}

/// A file that a run was about to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedFile {
    /// The file.
    pub file: HandOverFile,
    /// Whether a record says that it is there. If not, the run was killed at that moment.
    pub is_there: bool,
}

impl OpenChange {
    /// The name of the file that was handed over, or may have been.
    pub fn handed_over_file(&self) -> Option<&str> {
        self.file.as_ref().map(|announced| &*announced.file.file)
    }

    /// Whether this shard settles the change. Without shards, every run does.
    pub fn is_in_shard(&self, shard: Option<Shard>) -> bool {
        shard.is_none_or(|shard| shard.contains_address(&self.intent.mailbox))
    }
}

/// The open changes that a run against this kind of portal can settle: a rehearsal settles only
/// those of rehearsals, and another portal only the others.
pub fn open_changes_for_portal(portal: PortalKind, runs: &[RunRecord]) -> Vec<OpenChange> {
    let mut open = open_changes(runs);
    open.retain(|open| open.is_rehearsal == portal.is_rehearsal());
    open
}

/// The open changes, oldest first. A change with an unknown outcome is open; so is one that was
/// handed over, until an export shows it.
pub fn open_changes(runs: &[RunRecord]) -> Vec<OpenChange> {
    let (mut settled, mut found) = (HashSet::new(), HashSet::new());
    for (_, line) in runs.iter().flat_map(|run| &run.lines) {
        if let Event::Settled(event) = &line.event {
            let is_found = event.outcome == Settlement::HandedOver;
            let hashes = if is_found { &mut found } else { &mut settled };
            hashes.insert(event.intent.as_str());
        }
    }
    let ended = runs.iter().filter(|run| !run.is_under_way);
    let open = ended.flat_map(changes_left_open);
    let mut open: Vec<OpenChange> = open.filter(|open| !settled.contains(&*open.hash)).collect();
    for open in &mut open {
        if let Some(announced) = &mut open.file {
            announced.is_there |= found.contains(&*open.hash);
        }
    }
    open.sort_by(|a, b| (&a.at, &a.hash).cmp(&(&b.at, &b.hash)));
    mark_sent_again(&mut open, runs);
    open
}

fn mark_sent_again(open: &mut [OpenChange], runs: &[RunRecord]) {
    let mut last: HashMap<(&str, &str), &str> = HashMap::new();
    if open.is_empty() {
        return;
    }
    for (_, line) in runs.iter().flat_map(|run| &run.lines) {
        if let Event::Intent(intent) = &line.event {
            let at = last.entry((&intent.mailbox, &intent.request)).or_default();
            *at = line.at.as_str().max(at);
        }
    }
    for open in open {
        let last = last.get(&(open.intent.mailbox.as_str(), open.intent.request.as_str()));
        open.is_sent_again = last.is_some_and(|last| *last > open.at.as_str());
    }
}

fn changes_left_open(run: &RunRecord) -> Vec<OpenChange> {
    let mut open: HashMap<&str, OpenChange> = HashMap::new();
    for (_, line) in &run.lines {
        match &line.event {
            Event::Intent(intent) => {
                let announced = OpenChange {
                    hash: line.hash.clone(),
                    at: line.at.clone(),
                    intent: intent.clone(),
                    is_sent_again: false,
                    file: None,
                    is_rehearsal: run.is_rehearsal() == Some(true),
                    detail: None,
                };
                open.insert(&intent.mailbox, announced);
            }
            Event::HandOver(file) => {
                for change in open.values_mut() {
                    change.file = Some(AnnouncedFile { file: file.clone(), is_there: false });
                }
            }
            Event::Outcome(outcome) if outcome.outcome.is_open() => {
                if let Some(change) = open.get_mut(outcome.mailbox.as_str()) {
                    change.detail.clone_from(&outcome.detail);
                    if outcome.outcome == OutcomeKind::HandedOver {
                        change.file.get_or_insert_with(|| file_of(outcome)).is_there = true;
                    }
                }
            }
            Event::Outcome(outcome) => drop(open.remove(outcome.mailbox.as_str())),
            _ => {}
        }
    }
    open.into_values().collect()
}

/// The file that an outcome names: `NAME.csv (SHA-256 3f9a1c2e)`.
fn file_of(outcome: &OutcomeEvent) -> AnnouncedFile {
    let detail = outcome.detail.as_deref().unwrap_or_default();
    let (file, sha256) = detail.split_once(" (SHA-256 ").unwrap_or((detail, ""));
    let sha256 = sha256.trim_end_matches(')').to_owned();
    AnnouncedFile { file: HandOverFile { file: file.to_owned(), sha256 }, is_there: true }
}

/// The open changes that were handed over to people, in order.
pub fn handed_over_changes(open: &[OpenChange]) -> Vec<HandedOverChange> {
    open.iter().filter_map(to_handed_over_change).collect()
}

fn to_handed_over_change(open: &OpenChange) -> Option<HandedOverChange> {
    let intent = &open.intent;
    let announced = open.file.as_ref()?;
    Some(HandedOverChange {
        file: announced.file.file.as_str().into(),
        is_certain: announced.is_there,
        mailbox: Mailbox::parse(&intent.mailbox).ok()?,
        target: intent.action,
        request: intent.request.as_str().into(),
        at: open.at.parse().ok()?,
    })
}

/// Whether the portal shows an open change as not done, with the state from before it.
pub fn shows_old_state(open: &OpenChange, observed: &Observed) -> bool {
    let mailbox = Mailbox::parse(&open.intent.mailbox).ok();
    mailbox.and_then(|mailbox| observed.get(&mailbox)).is_some_and(|now| {
        now.state.as_str() == open.intent.from && !open.intent.action.is_met_by(&now.state)
    })
}

/// The outcome of an open change, according to the portal. `None` if it stays open: the mailbox was not
/// read, or not surely, or the change may still be under way.
///
/// A change that is not seen was not surely not made: what was sent may take effect later. So nothing but
/// its effect settles it, until it is so old that nothing of it can be under way. A hand-over is settled
/// only when it is done.
pub fn find_settlement(
    open: &OpenChange,
    observed: &Observed,
    stores_request: bool,
    now: Timestamp,
) -> Option<Settled> {
    let mailbox = Mailbox::parse(&open.intent.mailbox).ok()?;
    // It is not clear which account, or which row, is right.
    if observed.is_ambiguous(&mailbox) || observed.unreadable_row_of(&mailbox).is_some() {
        return None;
    }
    let is_old = open.at.parse().is_ok_and(|at| now.duration_since(at) > LONGEST_UNDER_WAY);
    let unknown = |detail: String| settled_event(open, Settlement::Unknown, detail);
    let Some(mailbox) = observed.get(&mailbox) else {
        let is_over = is_old && open.file.is_none();
        return is_over.then(|| unknown("the portal does not show such an account".to_owned()));
    };
    let has_key = |id: &str| is_portal_key(id, mailbox.mailbox.as_str());
    if open.intent.id != *mailbox.id && has_key(&open.intent.id) && has_key(&mailbox.id) {
        return Some(unknown("another account has the address now".to_owned()));
    }
    let state = &mailbox.state;
    if matches!(state, State::Enabling | State::Terminating) {
        return None;
    }
    if let Some(handed_over) = to_handed_over_change(open) {
        let detail = format!("the export shows the archive as {state}");
        let is_done = handed_over.is_done_in(mailbox);
        return is_done.then(|| settled_event(open, Settlement::SeenDone, detail));
    }
    if !open.intent.action.is_met_by(state) {
        let before = if shows_old_state(open, observed) { ", as before" } else { "" };
        return is_old.then(|| unknown(format!("not seen; the archive is {state}{before}")));
    }
    let (outcome, more) = match mailbox.request.as_deref() {
        Some(by) if by != open.intent.request => (Settlement::Unknown, format!(", by {by}")),
        Some(_) if open.is_sent_again => {
            (Settlement::AlreadySo, "; a later run sent the same change".to_owned())
        }
        Some(_) => (Settlement::SeenDone, String::new()),
        None if stores_request => {
            (Settlement::Unknown, "; the portal does not say by which request".to_owned())
        }
        None => (Settlement::AlreadySo, "; this portal does not say by whom".to_owned()),
    };
    Some(settled_event(open, outcome, format!("the archive is {state}{more}")))
}

/// The event that settles an open change.
pub fn settled_event(open: &OpenChange, outcome: Settlement, detail: String) -> Settled {
    Settled {
        mailbox: open.intent.mailbox.clone(),
        request: open.intent.request.clone(),
        intent: open.hash.clone(),
        outcome,
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::Target;
    use crate::domain::observed::{ObservedMailbox, sample_mailbox};

    fn settle_with(
        state: State,
        request: Option<&str>,
        is_sent_again: bool,
        stores_request: bool,
    ) -> (Settlement, String) {
        let open = OpenChange {
            hash: "h".into(),
            at: "2026-11-23T01:00:00.000Z".into(),
            intent: Intent {
                mailbox: "a@agensi.example".into(),
                action: Target::Enabled,
                request: "R-1".into(),
                from: "disabled".into(),
                id: "1".into(),
            },
            is_sent_again,
            file: None,
            is_rehearsal: false,
            detail: None,
        };
        let mailbox = ObservedMailbox {
            request: request.map(Into::into),
            ..sample_mailbox("a@agensi.example", "1", state)
        };
        let observed = Observed::new(vec![mailbox], true);
        let now = "2026-11-23T01:00:01Z".parse().expect("a time");
        let settled = find_settlement(&open, &observed, stores_request, now);
        let settled = settled.expect("a settlement");
        (settled.outcome, settled.detail)
    }

    #[test]
    fn what_is_done_is_seen_and_ascribed_to_nobody() {
        use Settlement::{AlreadySo, SeenDone, Unknown};
        for (request, is_sent_again, stores_request, outcome, more) in [
            (Some("R-1"), false, true, SeenDone, ""),
            // The later change has its own end, which may say that its run made it.
            (Some("R-1"), true, true, AlreadySo, "; a later run sent the same change"),
            (None, false, true, Unknown, "; the portal does not say by which request"),
            (None, false, false, AlreadySo, "; this portal does not say by whom"),
            (Some("R-9"), false, false, Unknown, ", by R-9"),
        ] {
            let found = settle_with(State::Enabled, request, is_sent_again, stores_request);
            assert_eq!(found, (outcome, format!("the archive is enabled{more}")));
        }
    }
}
