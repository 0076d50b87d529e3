//! Which notices are due, one rule per test; and that every notice renders, whatever it contains.

mod again;
mod letters;
mod which;
mod wording;

use std::sync::Arc;

use jiff::civil::Date;

use super::due::{DueNotice, NoticeFacts, due_notices};
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::desired::fold_requests;
use crate::domain::lifecycle::{LifecycleInput, RequestLifecycle, request_lifecycles};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::policy::Policy;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{Delivery, Event, Notice, OutcomeEvent, RecordLine};
use crate::domain::record::history::History;
use crate::domain::request::{Request, RequestId, sample};

const SITI: &str = "siti@agensi.example";
const ROSLI: &str = "rosli@agensi.example";
const CHIEF: &str = "ketua@agensi.example";
const APPROVED: &str = "approvals: [{by: uc@agensi.example, date: 2026-11-03}]";

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn policy(more: &str) -> Policy {
    sample::policy("Jabatan <A> & B", more)
}

fn request_by(id: &str, channel: &str, received: &str, more: &str) -> Arc<Request> {
    let received = format!("date: 2026-11-02, channel: {channel}, reference: \"R <1>\"{received}");
    sample::request(id, &received, more)
}

/// A request that came by letter; `who` is its applicant, or nobody.
fn request(id: &str, action: &str, mailboxes: &[&str], who: &str, approval: &str) -> Arc<Request> {
    let from = match who {
        "" => String::new(),
        who => format!(", from: {who}"),
    };
    let named = match action {
        "withdraw" => format!("withdraws: {}", mailboxes.join("")),
        _ => format!("mailboxes: [{}]", mailboxes.join(", ")),
    };
    request_by(id, "letter", &from, &format!("action: {action}\n{named}\n{approval}"))
}

fn archive(mailbox: &str, state: State, request: &str) -> ObservedMailbox {
    ObservedMailbox {
        request: (!request.is_empty()).then(|| request.into()),
        changed_at: Some("2026-11-12T02:00:00Z".parse().expect("a moment")),
        ..sample_mailbox(mailbox, mailbox, state)
    }
}

/// The input of these tests.
struct Case {
    requests: Vec<Arc<Request>>,
    portal: Vec<ObservedMailbox>,
    events: Vec<Event>,
    is_under_way: bool,
    since: Date,
    as_of: Date,
    recoverable_days: Option<u32>,
    again: Vec<RequestId>,
    again_to: Option<Mailbox>,
}

impl Case {
    fn of(requests: &[Arc<Request>], portal: &[ObservedMailbox]) -> Self {
        Self {
            requests: requests.to_vec(),
            portal: portal.to_vec(),
            events: Vec::new(),
            is_under_way: false,
            since: day("2026-11-01"),
            as_of: day("2026-11-23"),
            recoverable_days: None,
            again: Vec::new(),
            again_to: None,
        }
    }

    fn after(mut self, events: Vec<Event>) -> Self {
        self.events = events;
        self
    }

    fn again(mut self, id: &str, to: Option<&str>) -> Self {
        self.again = vec![RequestId::parse(id).expect("an id")];
        self.again_to = to.map(|to| Mailbox::parse(to).expect("an address"));
        self
    }

    fn lifecycles(&self, history: &History) -> (Vec<RequestLifecycle>, Observed) {
        let desired = fold_requests(&self.requests, self.as_of, &UnverifiedApprovals::new());
        let observed = Observed::new(self.portal.clone(), true);
        let plan = plan(&desired, &observed, &policy(""));
        let lifecycles = request_lifecycles(&LifecycleInput {
            requests: &self.requests,
            desired: &desired,
            portal: Some((&observed, &plan)),
            history,
        });
        (lifecycles, observed)
    }

    fn ask<T>(&self, of: impl FnOnce(&NoticeFacts<'_>) -> T) -> T {
        let lines = (0..).zip(self.events.clone()).map(|(seq, event)| {
            let at = format!("2026-11-22T01:00:{seq:02}.000Z");
            (seq as usize + 1, RecordLine::new(seq, at, vec![], event))
        });
        let history = History::from_runs(&[RunRecord {
            file: "requests/records/1.jsonl".into(),
            lines: lines.collect(),
            findings: vec![],
            is_under_way: self.is_under_way,
        }]);
        let (lifecycles, observed) = self.lifecycles(&history);
        of(&NoticeFacts {
            lifecycles: &lifecycles,
            history: &history,
            since: self.since,
            as_of: self.as_of,
            recoverable_days: self.recoverable_days,
            observed: Some(&observed),
            again: &self.again,
            again_to: self.again_to.as_ref(),
        })
    }

    fn due(&self) -> Vec<DueNotice> {
        self.ask(due_notices)
    }

    /// As `R-1 enabled siti`.
    fn words(&self) -> Vec<String> {
        self.due().iter().map(words).collect()
    }
}

fn words(due: &DueNotice) -> String {
    let name = |mailbox: &Mailbox| mailbox.as_str().split('@').next().unwrap_or("").to_owned();
    let about: Vec<String> = due.mailboxes.iter().map(|about| name(&about.mailbox)).collect();
    let again = if due.is_again { " again" } else { "" };
    format!(
        "{} {} {}: {}{again}",
        due.request.id,
        due.kind.as_str(),
        name(&due.to),
        about.join(" ")
    )
}

/// What a record has under a word.
fn read<T: serde::de::DeserializeOwned>(word: &str) -> T {
    serde_json::from_value(word.into()).expect("a word of records")
}

fn notice(kind: &str, to: &str) -> Event {
    Event::Notice(Notice {
        request: "R-1".into(),
        kind: read(kind),
        to: to.into(),
        channel: read("email"),
        message_id: None,
        file: None,
        sha256: String::new(),
    })
}

fn given(kind: &str, to: &str, outcome: &str) -> Vec<Event> {
    let delivery = Event::Delivery(Delivery {
        request: "R-1".into(),
        kind: read(kind),
        to: to.into(),
        outcome: read(outcome),
        detail: None,
    });
    vec![notice(kind, to), delivery]
}

fn applied(request: &str, mailbox: &str) -> Event {
    Event::Outcome(OutcomeEvent {
        is_settling: false,
        mailbox: mailbox.into(),
        request: request.into(),
        outcome: read("applied"),
        detail: None,
    })
}
