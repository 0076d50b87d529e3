//! The history of requests and notices, from the records of runs. Pure.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::chain::RunRecord;
use super::entry::{Event, Intent};
use super::enums::{DeliveryOutcome, NoticeKind};
use crate::domain::local_time::{days_between, local_day};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{RecordedRequest, is_portal_account_id};
use crate::domain::request::Channel;

/// What is known about one mailbox of one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestedMailboxHistory {
    /// When it was first done, or found to be so.
    pub done_at: Option<Timestamp>,
    /// When it was last done, or found to be so.
    pub last_done_at: Option<Timestamp>,
    /// The run by which it was first done, or that found it to be so.
    pub done_in: Option<RunSource>,
    /// The last attempt, if it failed and nothing succeeded after it: its outcome's word, and its cause.
    pub last_problem: Option<(String, Option<String>)>,
    /// When the portal last accepted it, until a run sees it done.
    pub accepted_at: Option<Timestamp>,
}

/// A run, as its record names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSource {
    /// Who ran it, if its first line can be read.
    pub by: Option<Arc<str>>,
    /// The file of its record.
    pub record: Arc<str>,
}

/// The outcome of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDelivery {
    /// The request that it is about.
    pub request: String,
    /// What it reports.
    pub kind: NoticeKind,
    /// The recipient.
    pub to: String,
    /// When it was begun, or when its outcome was recorded.
    pub at: Timestamp,
    /// The channel.
    pub channel: Channel,
    /// The outcome; unknown also if a run was killed before it recorded one.
    pub outcome: DeliveryOutcome,
    /// The mail server's answer, or the name of the file.
    pub detail: Option<String>,
    /// The run that gave it.
    pub run: RunSource,
    /// Whether the run that gives it is still under way.
    pub is_under_way: bool,
}

impl NoticeDelivery {
    /// Whether its outcome is known and final.
    fn is_final(&self) -> bool {
        self.outcome.is_sent_or_printed() || self.outcome == DeliveryOutcome::Refused
    }
}

/// Everything that the records say about requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    mailboxes: HashMap<(String, String), RequestedMailboxHistory>,
    notices: HashMap<String, Vec<NoticeDelivery>>,
}

impl History {
    /// Reads the records of one agency, in any order.
    pub fn from_runs(runs: &[RunRecord]) -> Self {
        let mut history = Self::default();
        // The chain gives the order, because clocks may be wrong.
        for run in in_chain_order(runs) {
            let ahead = rehearsed_days_ahead(run).unwrap_or_default();
            let source = RunSource { by: run.run_by(), record: Arc::clone(&run.file) };
            for (_, line) in &run.lines {
                // arkib wrote it, as the hash proves.
                let at: Timestamp = line.at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
                let at = at.checked_add((i64::from(ahead) * 24).hours()).unwrap_or(at);
                history.add_event(at, &line.event, (&source, run.is_under_way));
            }
        }
        history
    }

    fn add_event(&mut self, at: Timestamp, event: &Event, (run, is_under_way): (&RunSource, bool)) {
        match event {
            Event::Outcome(event) if event.is_settling => {
                let known = self.mailbox_mut(&event.request, &event.mailbox);
                (known.accepted_at, known.last_problem) = (Some(at), None);
            }
            Event::Outcome(event) => {
                let end = (event.outcome.is_done(), event.outcome.as_str());
                let detail = event.detail.as_ref();
                self.add_outcome((at, run), (&event.request, &event.mailbox), end, detail);
            }
            Event::Settled(event) => {
                let end = (event.outcome.is_done(), event.outcome.as_str());
                let detail = Some(&event.detail);
                let done_at = event.done_at.as_ref().and_then(|at| at.parse().ok());
                let at = (done_at.unwrap_or(at), run);
                self.add_outcome(at, (&event.request, &event.mailbox), end, detail);
            }
            Event::Notice(notice) => self.add_notice(NoticeDelivery {
                request: notice.request.clone(),
                kind: notice.kind,
                to: notice.to.clone(),
                at,
                channel: notice.channel,
                outcome: DeliveryOutcome::Unknown,
                detail: notice.file.clone(),
                run: run.clone(),
                is_under_way,
            }),
            Event::Delivery(delivery) => {
                // Of two simultaneous runs one may have deferred what the other gave.
                if let Some(given) =
                    self.find_notice_mut(&delivery.request, delivery.kind, &delivery.to)
                    && !(delivery.outcome == DeliveryOutcome::Deferred && given.is_final())
                {
                    given.at = at;
                    given.run = run.clone();
                    given.outcome = delivery.outcome;
                    given.is_under_way = false;
                    if delivery.detail.is_some() {
                        given.detail.clone_from(&delivery.detail);
                    }
                }
            }
            // A later line says whether it was done.
            Event::Begun(_) | Event::Intent(_) | Event::HandOver(_) | Event::HandedOver(_) => {}
            Event::Notifying(_) | Event::Ended(_) => {}
            // A rehearsal is no request's change.
            Event::Rehearsing(_) | Event::Rehearsal(_) | Event::Rehearsed(_) => {}
        }
    }

    fn add_outcome(
        &mut self,
        (at, run): (Timestamp, &RunSource),
        (request, mailbox): (&str, &str),
        (is_done, word): (bool, &str),
        detail: Option<&String>,
    ) {
        let known = self.mailbox_mut(request, mailbox);
        if is_done {
            known.accepted_at = None;
            if known.done_at.is_none_or(|first| at < first) {
                known.done_at = Some(at);
                known.done_in = Some(run.clone());
            }
            known.last_done_at = known.last_done_at.max(Some(at));
            known.last_problem = None;
        } else {
            known.last_problem = Some((word.to_owned(), detail.cloned()));
        }
    }

    fn mailbox_mut(&mut self, request: &str, mailbox: &str) -> &mut RequestedMailboxHistory {
        self.mailboxes.entry((request.to_owned(), mailbox.to_owned())).or_default()
    }

    fn find_notice_mut(
        &mut self,
        request: &str,
        kind: NoticeKind,
        to: &str,
    ) -> Option<&mut NoticeDelivery> {
        let mut of_request = self.notices.get_mut(request)?.iter_mut();
        of_request.find(|given| given.kind == kind && given.to == to)
    }

    fn add_notice(&mut self, given: NoticeDelivery) {
        match self.find_notice_mut(&given.request, given.kind, &given.to) {
            // A given notice stays given while it is given again.
            Some(known) if known.is_final() => {}
            // It was deferred before, and is tried again.
            Some(known) => *known = given,
            None => {
                let of_request = self.notices.entry(given.request.clone());
                of_request.or_default().push(given);
            }
        }
    }

    /// What is known about a mailbox of a request.
    pub fn mailbox(&self, request: &str, mailbox: &str) -> Option<&RequestedMailboxHistory> {
        self.mailboxes.get(&(request.to_owned(), mailbox.to_owned()))
    }

    /// The notices about a request, oldest first.
    pub fn notices(&self, request: &str) -> &[NoticeDelivery] {
        self.notices.get(request).map_or(&[], Vec::as_slice)
    }

    /// One notice that was given.
    pub fn notice(&self, request: &str, kind: NoticeKind, to: &str) -> Option<&NoticeDelivery> {
        let mut of_request = self.notices(request).iter();
        of_request.find(|given| given.kind == kind && given.to == to)
    }
}

/// By how many days a rehearsal was ahead of the clock (`--as-of`), as its portal was, too. What was done in
/// a real portal was done on the day of the clock.
fn rehearsed_days_ahead(run: &RunRecord) -> Option<i32> {
    let (_, line) = run.lines.first()?;
    let as_of = match &line.event {
        Event::Begun(begun) if begun.portal.is_rehearsal() => &begun.as_of,
        _ => return None,
    };
    let begun_at: Timestamp = line.at.parse().ok()?;
    Some(days_between(local_day(begun_at), as_of.parse().ok()?))
}

/// Which request was last carried out on each mailbox, or found to be done, according to the records:
/// either those of rehearsals, or those of real portals of any kind. Keys of accounts up to the day on which
/// the portal was set up anew do not count.
pub fn last_done_requests(
    runs: &[RunRecord],
    of_rehearsals: bool,
    portal_since: Option<Date>,
) -> Vec<RecordedRequest> {
    let is_meant = |run: &&RunRecord| run.is_rehearsal() == Some(of_rehearsals);
    let mut last: HashMap<&str, RecordedRequest> = HashMap::new();
    let mut intents: HashMap<(&str, &str), &Intent> = HashMap::new();
    for run in in_chain_order(runs).into_iter().filter(is_meant) {
        for (_, line) in &run.lines {
            let (is_done, is_finished, mailbox, request) = match &line.event {
                Event::Intent(intent) => {
                    intents.insert((&intent.mailbox, &intent.request), intent);
                    continue;
                }
                Event::Outcome(event) => {
                    (event.outcome.is_done(), !event.is_settling, &event.mailbox, &event.request)
                }
                Event::Settled(event) => {
                    (event.outcome.is_done(), true, &event.mailbox, &event.request)
                }
                _ => continue,
            };
            // What nobody announced is not known to be done.
            let intent = intents.get(&(mailbox.as_str(), request.as_str()));
            if let (true, Some(intent)) = (is_done, intent) {
                let day = local_day(line.at.parse().unwrap_or(Timestamp::UNIX_EPOCH));
                let counts = portal_since.is_none_or(|since| day > since);
                let is_key = counts && is_portal_account_id(&intent.id, &intent.mailbox);
                // What was seen done once stays so while it is sent again.
                let was_seen = last
                    .get(mailbox.as_str())
                    .is_some_and(|entry| entry.is_finished && *entry.request == **request);
                let done = RecordedRequest {
                    mailbox: Mailbox::from_portal(mailbox),
                    request: request.as_str().into(),
                    target: intent.action,
                    is_finished: is_finished || was_seen,
                    id: is_key.then(|| intent.id.as_str().into()),
                };
                last.insert(mailbox, done);
            }
        }
    }
    last.into_values().collect()
}

/// Runs in the order of the chain; unrelated runs in the given order.
pub(super) fn in_chain_order(runs: &[RunRecord]) -> Vec<&RunRecord> {
    let mut holders: HashMap<&str, usize> = HashMap::new();
    for (index, run) in runs.iter().enumerate() {
        holders.extend(run.lines.iter().map(|(_, line)| (&*line.hash, index)));
    }
    let mut waits: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); runs.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); runs.len()];
    for (index, run) in runs.iter().enumerate() {
        let before = run.lines.first().map(|(_, line)| line.prev.as_slice());
        let before = before.unwrap_or_default().iter();
        let known = before.filter_map(|hash| holders.get(hash.as_str()));
        for previous in known.copied().filter(|previous| *previous != index) {
            if waits[index].insert(previous) {
                followers[previous].push(index);
            }
        }
    }
    let indexes = 0..runs.len();
    let mut ready: BTreeSet<usize> = indexes.filter(|run| waits[*run].is_empty()).collect();
    let mut ordered = Vec::with_capacity(runs.len());
    while let Some(index) = ready.pop_first() {
        ordered.push(index);
        for follower in &followers[index] {
            waits[*follower].remove(&index);
            if waits[*follower].is_empty() {
                ready.insert(*follower);
            }
        }
    }
    // Records by arkib never form a circle; forged ones come last.
    let known: BTreeSet<usize> = ordered.iter().copied().collect();
    ordered.extend((0..runs.len()).filter(|index| !known.contains(index)));
    ordered.into_iter().map(|index| &runs[index]).collect()
}
