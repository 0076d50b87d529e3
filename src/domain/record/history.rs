//! What the records of runs say became of requests and notices. Pure.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::chain::Run;
use super::entry::Event;
use super::words::{DeliveryOutcome, NoticeKind};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Recorded;
use crate::domain::outcome::OutcomeKind;
use crate::domain::request::Channel;

/// What is known of one mailbox of one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deed {
    /// When it was first done, or found to be so.
    pub done_at: Option<Timestamp>,
    /// When it was last done, or found to be so.
    pub last_done_at: Option<Timestamp>,
    /// The last attempt that did not end well and came after everything that did: its outcome's
    /// word, and its cause.
    pub trouble: Option<(String, Option<String>)>,
}

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// When it was begun, or when its outcome was written down.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// Unknown, too, where a run was killed before it could say.
    pub outcome: DeliveryOutcome,
    /// What the mail server said; or the name of the file.
    pub detail: Option<String>,
    /// Whether the run that gives it is still under way.
    pub is_under_way: bool,
}

impl Given {
    /// Whether it is known what became of it, for good.
    fn is_final(&self) -> bool {
        self.outcome.is_given() || self.outcome == DeliveryOutcome::Refused
    }
}

/// A notice's name: request, kind, and whom it is for.
pub type NoticeKey = (String, NoticeKind, String);

/// Everything that the records say of requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    deeds: HashMap<(String, String), Deed>,
    notices: HashMap<String, Vec<(NoticeKey, Given)>>,
}

impl History {
    /// Of the records of one agency, in any order.
    pub fn of(runs: &[Run]) -> Self {
        let mut history = Self::default();
        // What came after what is told by the chain, and not by clocks, of which some are wrong.
        for run in in_order(runs) {
            for (_, line) in &run.lines {
                // arkib wrote it, as the hash shows.
                let at = line.at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
                history.take(at, &line.event, run);
            }
        }
        history
    }

    fn take(&mut self, at: Timestamp, event: &Event, run: &Run) {
        match event {
            // Whether it came about is told by a later line.
            Event::Outcome(it) if it.outcome == OutcomeKind::HandedOver => {}
            Event::Outcome(it) => {
                let outcome = (it.outcome.is_done(), it.outcome.as_str());
                self.deed(at, (&it.request, &it.mailbox), outcome, it.detail.as_ref());
            }
            Event::Settled(it) => {
                let outcome = (it.outcome.is_done(), it.outcome.as_str());
                self.deed(at, (&it.request, &it.mailbox), outcome, Some(&it.detail));
            }
            Event::Notice(it) => self.given(
                (&it.request, it.kind, &it.to),
                Given {
                    at,
                    channel: it.channel,
                    outcome: DeliveryOutcome::Unknown,
                    detail: it.file.clone(),
                    is_under_way: run.is_under_way,
                },
            ),
            Event::Delivery(it) => {
                let key = (&it.request, it.kind, &it.to);
                // Of two runs at once one may have put off what the other gave.
                if let Some(given) = self.known(key)
                    && !(it.outcome == DeliveryOutcome::Deferred && given.is_final())
                {
                    given.at = at;
                    given.outcome = it.outcome;
                    given.is_under_way = false;
                    if it.detail.is_some() {
                        given.detail.clone_from(&it.detail);
                    }
                }
            }
            Event::Begun(_) | Event::Intent(_) | Event::Notifying(_) | Event::Ended(_) => {}
        }
    }

    fn deed(
        &mut self,
        at: Timestamp,
        (request, mailbox): (&str, &str),
        (is_done, word): (bool, &str),
        detail: Option<&String>,
    ) {
        let key = (request.to_owned(), mailbox.to_owned());
        let deed = self.deeds.entry(key).or_default();
        if is_done {
            let first = deed.done_at.get_or_insert(at);
            *first = at.min(*first);
            deed.last_done_at = deed.last_done_at.max(Some(at));
            deed.trouble = None;
        } else {
            deed.trouble = Some((word.to_owned(), detail.cloned()));
        }
    }

    fn known(&mut self, (request, kind, to): (&String, NoticeKind, &String)) -> Option<&mut Given> {
        let of_request = self.notices.get_mut(request)?;
        let is_it = |key: &NoticeKey| key.1 == kind && key.2 == *to;
        let mut found = of_request.iter_mut().filter(|(key, _)| is_it(key));
        found.next().map(|(_, given)| given)
    }

    fn given(&mut self, key: (&String, NoticeKind, &String), given: Given) {
        match self.known(key) {
            // What was given stays so while it is given once more.
            Some(known) if known.is_final() => {}
            // It was deferred before, and is tried again.
            Some(known) => *known = given,
            None => {
                let (request, kind, to) = key;
                let whole = (request.clone(), kind, to.clone());
                let of_request = self.notices.entry(request.clone()).or_default();
                of_request.push((whole, given));
            }
        }
    }

    /// What is known of a mailbox of a request.
    pub fn of_mailbox(&self, request: &str, mailbox: &str) -> Option<&Deed> {
        self.deeds.get(&(request.to_owned(), mailbox.to_owned()))
    }

    /// The notices about a request, oldest first.
    pub fn notices(&self, request: &str) -> &[(NoticeKey, Given)] {
        self.notices.get(request).map_or(&[], Vec::as_slice)
    }

    /// What became of one notice.
    pub fn notice(&self, request: &str, kind: NoticeKind, to: &str) -> Option<&Given> {
        let mut of_request = self.notices(request).iter();
        let found = of_request.find(|(key, _)| key.1 == kind && key.2 == to);
        found.map(|(_, given)| given)
    }
}

/// Which request was last carried out on each mailbox, or found to be so, as the records of runs
/// say: those of rehearsals, or those of real portals, however they were reached.
pub fn last_done(runs: &[Run], of_rehearsals: bool) -> Vec<Recorded> {
    let is_meant = |run: &&Run| run.is_rehearsal() == Some(of_rehearsals);
    let mut last: HashMap<&str, &str> = HashMap::new();
    for run in in_order(runs).into_iter().filter(is_meant) {
        for (_, line) in &run.lines {
            match &line.event {
                Event::Outcome(it) if it.outcome.is_done() => {
                    last.insert(&it.mailbox, &it.request);
                }
                Event::Settled(it) if it.outcome.is_done() => {
                    last.insert(&it.mailbox, &it.request);
                }
                _ => {}
            }
        }
    }
    last.into_iter()
        .map(|(mailbox, request)| (Mailbox::from_portal(mailbox), request.into()))
        .collect()
}

/// Runs in the order of the chain; of those that do not follow each other, in the order given.
fn in_order(runs: &[Run]) -> Vec<&Run> {
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
        for earlier in known.copied().filter(|earlier| *earlier != index) {
            if waits[index].insert(earlier) {
                followers[earlier].push(index);
            }
        }
    }
    let mut ready: BTreeSet<usize> = (0..runs.len()).filter(|it| waits[*it].is_empty()).collect();
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
    // Nothing that arkib wrote goes in circles; what somebody forged comes last.
    let known: BTreeSet<usize> = ordered.iter().copied().collect();
    ordered.extend((0..runs.len()).filter(|it| !known.contains(it)));
    ordered.into_iter().map(|index| &runs[index]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::entry::{Delivery, Line, Notice, Outcome, Settled};
    use crate::domain::record::words::Settlement;

    fn run(events: Vec<Event>) -> Run {
        let lines = (0..).zip(events).map(|(seq, event)| {
            let at = format!("2026-11-23T01:00:{seq:02}.000Z");
            (seq as usize + 1, Line::new(seq, at, vec![], event))
        });
        Run {
            file: "requests/records/1.jsonl".into(),
            lines: lines.collect(),
            findings: vec![],
            is_under_way: false,
        }
    }

    /// What a record has under a word.
    fn read<T: serde::de::DeserializeOwned>(word: &str) -> T {
        serde_json::from_value(word.into()).expect("a word of records")
    }

    fn outcome(word: &str) -> Event {
        Event::Outcome(Outcome {
            mailbox: "a@agensi.example".into(),
            request: "R-1".into(),
            outcome: read(word),
            detail: None,
        })
    }

    fn notice() -> Event {
        Event::Notice(Notice {
            request: "R-1".into(),
            kind: NoticeKind::Enabled,
            to: "a@agensi.example".into(),
            channel: Channel::Email,
            message_id: None,
            file: None,
            sha256: String::new(),
        })
    }

    fn delivery(word: &str) -> Event {
        Event::Delivery(Delivery {
            request: "R-1".into(),
            kind: NoticeKind::Enabled,
            to: "a@agensi.example".into(),
            outcome: read(word),
            detail: None,
        })
    }

    #[test]
    fn the_first_time_that_it_was_done_counts_and_the_last_trouble() {
        let told = |words: &[&str]| {
            let history = History::of(&[run(words.iter().map(|it| outcome(it)).collect())]);
            let deed = history.of_mailbox("R-1", "a@agensi.example").cloned();
            let deed = deed.unwrap_or_default();
            (
                deed.done_at.map(|at| at.to_string()),
                deed.trouble.map(|it| it.0),
            )
        };
        let at = |second| Some(format!("2026-11-23T01:00:0{second}Z"));
        let trouble = |word: &str| Some(word.to_owned());
        assert_eq!(told(&["failed"]), (None, trouble("failed")));
        assert_eq!(told(&["failed", "applied"]), (at(1), None));
        assert_eq!(told(&["already-so", "applied"]), (at(0), None));
        assert_eq!(told(&["applied", "unknown"]), (at(0), trouble("unknown")));
    }

    /// A run that follows another.
    fn after(earlier: &Run, at: &str, events: Vec<Event>) -> Run {
        let mut run = run(events);
        for (_, line) in &mut run.lines {
            line.at = at.to_owned();
        }
        let tail = earlier.tail().map(|line| line.hash.clone());
        run.lines[0].1.prev = tail.into_iter().collect();
        run
    }

    #[test]
    fn the_chain_tells_what_came_after_what_and_no_clock() {
        // The clock of the first run was a day ahead.
        let mut first = run(vec![notice(), delivery("deferred")]);
        for (_, line) in &mut first.lines {
            line.at = "2026-11-24T01:00:00.000Z".to_owned();
        }
        let events = vec![notice(), delivery("sent")];
        let second = after(&first, "2026-11-23T02:00:00.000Z", events);
        for runs in [[first.clone(), second.clone()], [second, first]] {
            let history = History::of(&runs);
            let given = history.notice("R-1", NoticeKind::Enabled, "a@agensi.example");
            assert_eq!(
                given.map(|given| given.outcome),
                Some(DeliveryOutcome::Sent)
            );
        }
    }

    /// A run that did something to a portal of that kind.
    fn on(portal: &str, file: &str, events: &[(&str, &str, &str)]) -> Run {
        let begun = serde_json::json!({"begun": {
            "format": "arkib.record/1", "arkib": "0", "agency": "A", "by": "k", "job": null,
            "portal": portal, "commit": null, "accepted": false, "policy": "", "plan": "",
            "as_of": "2026-11-23", "changes": 1
        }});
        let mut all = vec![serde_json::from_value(begun).expect("an event")];
        all.extend(events.iter().map(|(mailbox, request, word)| {
            Event::Outcome(Outcome {
                mailbox: (*mailbox).into(),
                request: (*request).into(),
                outcome: read(word),
                detail: None,
            })
        }));
        Run {
            file: file.into(),
            ..run(all)
        }
    }

    #[test]
    fn the_request_that_was_last_carried_out_is_told_and_rehearsals_are_apart() {
        let first = on(
            "scim",
            "1",
            &[("a", "R-1", "applied"), ("b", "R-1", "applied")],
        );
        let mut second = on(
            "files",
            "2",
            &[("a", "R-2", "already-so"), ("b", "R-2", "failed")],
        );
        let tail = first.tail().map(|line| line.hash.clone());
        second.lines[0].1.prev = tail.into_iter().collect();
        let rehearsal = on(
            "embedded",
            "0",
            &[("a", "R-3", "applied"), ("c", "R-3", "applied")],
        );
        let without = run(vec![notice()]);
        // In whatever order they are read.
        for runs in [
            [
                first.clone(),
                second.clone(),
                rehearsal.clone(),
                without.clone(),
            ],
            [rehearsal, second, first, without],
        ] {
            let told = |of_rehearsals| {
                let mut told: Vec<String> = last_done(&runs, of_rehearsals)
                    .iter()
                    .map(|(mailbox, request)| format!("{mailbox} {request}"))
                    .collect();
                told.sort();
                told
            };
            assert_eq!(told(false), ["a R-2", "b R-1"]);
            assert_eq!(told(true), ["a R-3", "c R-3"]);
        }
    }

    #[test]
    fn what_a_later_run_settled_counts() {
        let settled = Event::Settled(Settled {
            mailbox: "a@agensi.example".into(),
            request: "R-1".into(),
            intent: String::new(),
            outcome: Settlement::Applied,
            detail: "the archive is enabled".into(),
        });
        let history = History::of(&[run(vec![outcome("unknown"), settled])]);
        let deed = history.of_mailbox("R-1", "a@agensi.example");
        assert!(deed.is_some_and(|deed| deed.done_at.is_some() && deed.trouble.is_none()));
    }

    #[test]
    fn a_notice_without_a_delivery_is_unknown_and_one_tried_again_counts_once() {
        let outcome = |events| {
            let history = History::of(&[run(events)]);
            assert_eq!(history.notices("R-1").len(), 1);
            let given = history.notice("R-1", NoticeKind::Enabled, "a@agensi.example");
            given.map(|given| given.outcome.as_str())
        };
        assert_eq!(outcome(vec![notice()]), Some("unknown"));
        let events = vec![notice(), delivery("sent")];
        assert_eq!(outcome(events), Some("sent"));
        let events = vec![notice(), delivery("deferred"), notice(), delivery("sent")];
        assert_eq!(outcome(events), Some("sent"));
        let events = vec![notice(), delivery("sent"), notice(), delivery("deferred")];
        assert_eq!(outcome(events), Some("sent"));
        let events = vec![notice(), delivery("deferred"), notice()];
        assert_eq!(outcome(events), Some("unknown"));
    }
}
