//! What earlier runs left open: changes that were announced and have no recorded end. Pure.

#[cfg(test)]
mod rule_tests;

use std::collections::{HashMap, HashSet};

use super::chain::RunRecord;
use super::entry::{Event, HandOver, Intent};
use super::enums::Settlement;
use super::history::in_chain_order;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{HandedOverChange, Observed};
use crate::domain::plan::Shard;
use crate::domain::policy::PortalKind;

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
    /// The kind of its portal; a portal for rehearsals and others know nothing about each other.
    pub portal: Option<PortalKind>,
    /// The file that its run was to hand over.
    pub reserved_file: Option<String>,
    /// The details of its outcome; `None` if there is none, or the portal accepted it.
    pub detail: Option<String>,
    /// Whether the portal accepted it, and still worked on it.
    pub is_accepted: bool,
}

/// A file that a run was about to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedFile {
    /// The file.
    pub file: HandOver,
    /// Whether a record says that it is there. If not, the run was killed at that moment.
    pub is_there: bool,
    /// Whether a later file says that it must not be uploaded any more.
    pub is_void: bool,
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
    let is_rehearsal = |open: &OpenChange| open.portal.is_some_and(PortalKind::is_rehearsal);
    open.retain(|open| is_rehearsal(open) == portal.is_rehearsal());
    open
}

/// The open changes, oldest first. A change with an unknown outcome is open; so is one that the portal accepted
/// and still worked on, and one that was handed over, until an export shows it, a later file asks for it, or the
/// user cancels the file.
///
/// A later file counts unless it is known not to have appeared: if its run was killed at that moment, people
/// may have it.
pub fn open_changes(runs: &[RunRecord]) -> Vec<OpenChange> {
    let (mut settled, mut there) = (HashMap::new(), HashSet::new());
    for (_, line) in runs.iter().flat_map(|run| &run.lines) {
        match &line.event {
            Event::Settled(event) => drop(settled.insert(event.intent.as_str(), event.outcome)),
            Event::HandedOver(file) => drop(there.insert(file.file.as_str())),
            _ => {}
        }
    }
    let (mut asked_later, mut void, mut cancelled) =
        (HashSet::new(), HashSet::new(), HashSet::new());
    let mut open: Vec<OpenChange> = Vec::new();
    // The newest first.
    for run in in_chain_order(runs).into_iter().rev().filter(|run| !run.is_under_way) {
        let mut left = changes_left_open(run);
        let is_absent =
            |open: &OpenChange| settled.get(&*open.hash) == Some(&Settlement::NotApplied);
        let (mut by_file, mut file) = (Vec::new(), None);
        for open in &mut left {
            if let Some(announced) = &mut open.file {
                announced.is_there = there.contains(&*announced.file.file);
                announced.is_void = void.contains(&announced.file.file);
                by_file.push(open.intent.mailbox.clone());
                file = Some(announced.clone());
            }
        }
        let is_absent = left.iter().any(is_absent);
        left.retain(|open| {
            let is_closed =
                |file| asked_later.contains(&open.intent.mailbox) || cancelled.contains(file);
            let is_closed = open.handed_over_file().is_some_and(is_closed);
            !is_closed && !settled.contains_key(&*open.hash)
        });
        open.append(&mut left);
        if let Some(announced) = file.filter(|file| file.is_there || !is_absent) {
            asked_later.extend(by_file);
            void.extend(announced.file.void);
            cancelled.extend(announced.file.cancelled);
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

/// What one run left open; whether its file is there, others say.
fn changes_left_open(run: &RunRecord) -> Vec<OpenChange> {
    let begun = run.begun_event();
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
                    portal: begun.map(|begun| begun.portal),
                    reserved_file: begun.and_then(|begun| begun.hand_over.clone()),
                    detail: None,
                    is_accepted: false,
                };
                open.insert(&intent.mailbox, announced);
            }
            Event::HandOver(file) => {
                for change in open.values_mut() {
                    let (is_there, is_void) = (false, false);
                    change.file = Some(AnnouncedFile { file: file.clone(), is_there, is_void });
                }
            }
            Event::Outcome(outcome) if outcome.is_settling || outcome.outcome.is_open() => {
                if let Some(change) = open.get_mut(outcome.mailbox.as_str()) {
                    change.is_accepted = outcome.is_settling;
                    change.detail = outcome.detail.clone().filter(|_| !outcome.is_settling);
                }
            }
            Event::Outcome(outcome) => drop(open.remove(outcome.mailbox.as_str())),
            _ => {}
        }
    }
    open.into_values().collect()
}

/// The file that a run was to hand over, according to the first line of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservedFile<'r> {
    /// Its name.
    pub file: &'r str,
    /// How many changes the run was to ask for.
    pub changes: usize,
    /// The mailboxes of those that are on record.
    pub on_record: Vec<&'r str>,
    /// Whether nothing is left of its run that a later one has to find out.
    pub is_over: bool,
    /// Whether a record says that it was about to appear.
    pub is_announced: bool,
}

/// The files that runs were to hand over; these changes are open.
///
/// A record that holds no change at all is over when another run with files begins after it: that one had
/// proof that nothing was handed over.
pub fn reserved_files<'r>(runs: &'r [RunRecord], open: &[OpenChange]) -> Vec<ReservedFile<'r>> {
    let open: HashSet<&str> = open.iter().map(|open| &*open.hash).collect();
    let mut before_others: HashSet<&str> = HashSet::new();
    let mut files = Vec::new();
    for run in in_chain_order(runs).into_iter().rev() {
        let begun = run.begun_event().filter(|begun| begun.portal == PortalKind::Files);
        let is_followed = run.last_line().is_some_and(|line| before_others.contains(&*line.hash));
        if begun.is_some() || is_followed {
            let first = run.lines.first().into_iter();
            before_others.extend(first.flat_map(|(_, line)| &line.prev).map(String::as_str));
        }
        let Some((begun, file)) = begun.and_then(|begun| Some((begun, begun.hand_over.as_ref()?)))
        else {
            continue;
        };
        let (mut on_record, mut is_open, mut is_announced) = (Vec::new(), false, false);
        for (_, line) in &run.lines {
            match &line.event {
                Event::Intent(intent) => {
                    on_record.push(&*intent.mailbox);
                    is_open |= open.contains(&*line.hash);
                }
                Event::HandOver(_) => is_announced = true,
                _ => {}
            }
        }
        let is_closed = if on_record.is_empty() { is_followed } else { !is_open };
        let is_over = !run.is_under_way && (run.has_ended() || is_closed);
        files.push(ReservedFile { file, changes: begun.changes, on_record, is_over, is_announced });
    }
    files
}

/// The open changes that were handed over to people, in order.
pub fn handed_over_changes(open: &[OpenChange]) -> Vec<HandedOverChange> {
    open.iter().filter_map(to_handed_over_change).collect()
}

pub(super) fn to_handed_over_change(open: &OpenChange) -> Option<HandedOverChange> {
    let intent = &open.intent;
    let announced = open.file.as_ref()?;
    Some(HandedOverChange {
        file: announced.file.file.as_str().into(),
        is_certain: announced.is_there,
        is_void: announced.is_void,
        mailbox: Mailbox::parse(&intent.mailbox).ok()?,
        target: intent.action,
        request: intent.request.as_str().into(),
        at: open.at.parse().ok()?,
    })
}

/// Whether the portal shows an open change as not done, with the state from before it.
pub fn shows_old_state(open: &OpenChange, observed: &Observed) -> bool {
    let mailbox = Mailbox::parse(&open.intent.mailbox).ok();
    mailbox.and_then(|mailbox| observed.find_mailbox(&mailbox)).is_some_and(|now| {
        now.state.as_str() == open.intent.from && !open.intent.action.is_met_by(&now.state)
    })
}
