//! The plan as rows, a row a mailbox or a request: what people read on a screen and in a pull
//! request alike.

use std::fmt::Write as _;

use crate::apply::Outcome;
use crate::calendar::local_day;
use crate::desired::{Target, Wish};
use crate::mailbox::MAX_ADDRESS;
use crate::observed::HandedOver;
use crate::plan::{Cause, Change, Plan, Recalled};
use crate::request::{Action, Request};
use crate::visible::{excerpt, visible};

use super::PullRequestTold;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An archive that would be terminated.
    Terminate,
    /// An archive that would be enabled.
    Enable,
    /// A request that cannot be carried out.
    Blocked,
    /// A change that a pull request prevents.
    Prevented,
    /// What is told besides.
    Quiet,
}

/// One row: sign and word, subject, request, what there is to say.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its cells; nothing in them plays tricks on a screen.
    pub cells: [String; 4],
    /// What it is about.
    pub kind: Kind,
}

impl Row {
    /// A row; `about` must be fit to be shown.
    pub fn new(word: &str, subject: &str, request: &str, about: String, kind: Kind) -> Self {
        let cells = [
            word.to_owned(),
            excerpt(subject, MAX_ADDRESS),
            visible(request).into_owned(),
            about,
        ];
        Self { cells, kind }
    }

    /// Sign and word, which rows of a kind have in common.
    pub fn word(&self) -> &str {
        &self.cells[0]
    }

    /// The mailbox, or what else it is about.
    pub fn subject(&self) -> &str {
        &self.cells[1]
    }

    /// The request.
    pub fn request(&self) -> &str {
        &self.cells[2]
    }

    /// What there is to say.
    pub fn about(&self) -> &str {
        &self.cells[3]
    }
}

/// What would be done, and what cannot be: all of it, in the plan's order.
pub fn changes(plan: &Plan) -> Vec<Row> {
    let mut rows: Vec<Row> = plan.changes.iter().map(change).collect();
    rows.extend(plan.blocked.iter().map(|blocked| {
        Row::new(
            "! blocked",
            blocked.mailbox.as_str(),
            blocked.request.id.as_str(),
            visible(&blocked.obstacle.to_string()).into_owned(),
            Kind::Blocked,
        )
    }));
    rows.extend(plan.recalled.iter().map(|it| {
        Row::new(
            "! recalled",
            it.handed_over.mailbox.as_str(),
            &it.handed_over.request,
            recalled(it),
            Kind::Blocked,
        )
    }));
    rows
}

fn recalled(it: &Recalled) -> String {
    let HandedOver {
        target, at, file, ..
    } = &it.handed_over;
    let day = local_day(*at);
    let verb = target.verb();
    match (it.is_done, file) {
        (true, _) => format!(
            "was handed over on {day} to {verb}, and is done, though its request counts no longer"
        ),
        (false, Some(file)) => format!(
            "was handed over on {day} to {verb}, and is wanted no longer: do not upload {}",
            visible(file)
        ),
        (false, None) => format!(
            "was perhaps handed over on {day} to {verb}, and is wanted no longer: do not do it"
        ),
    }
}

/// What a pull request prevents, and what it asks for that is so already.
pub fn besides(told: &PullRequestTold) -> (Vec<Row>, Vec<Row>) {
    let prevented = told.prevented.iter().map(|change| {
        Row::new(
            "× prevented",
            change.mailbox.as_str(),
            change.request.id.as_str(),
            format!(
                "would be {} without this pull request",
                change.target.state()
            ),
            Kind::Prevented,
        )
    });
    let lifted = told.lifted.iter().map(|it| {
        let waits = match it.day() {
            Some(day) => format!("it would be due on {day}, and is withdrawn"),
            None => "it waits for approval, and is withdrawn".to_owned(),
        };
        Row {
            kind: Kind::Prevented,
            ..request("× withdrawn", it, &waits)
        }
    });
    (
        prevented.chain(lifted).collect(),
        told.met.iter().map(met).collect(),
    )
}

fn met(wish: &Wish) -> Row {
    Row::new(
        "= in sync",
        wish.mailbox.as_str(),
        wish.request.id.as_str(),
        format!("{}; it is so already", wish.target.verb()),
        Kind::Quiet,
    )
}

/// What became of each change: what did not go well first, otherwise in the plan's order.
pub fn outcomes(plan: &Plan, outcomes: &[Outcome]) -> Vec<Row> {
    let each = plan.changes.iter().zip(outcomes);
    let mut rows: Vec<Row> = each
        .map(|(change, outcome)| {
            let word = format!("{} {}", outcome_word(outcome), change.target.verb());
            let kind = match (outcome.is_good(), change.target) {
                (false, _) => Kind::Blocked,
                (true, Target::Terminated) => Kind::Terminate,
                (true, Target::Enabled) => Kind::Enable,
            };
            let about = visible(outcome.detail().unwrap_or_default()).into_owned();
            let mailbox = change.mailbox.as_str();
            Row::new(&word, mailbox, change.request.id.as_str(), about, kind)
        })
        .collect();
    rows.sort_by_key(|row| row.kind != Kind::Blocked);
    rows
}

/// Sign and word of an outcome.
pub fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Applied { .. } => "✓ applied",
        Outcome::AlreadySo { .. } => "✓ already so",
        Outcome::HandedOver { .. } => "→ handed over",
        Outcome::Failed { .. } => "✗ failed",
        Outcome::Unknown { .. } => "? unknown",
        Outcome::Skipped { .. } => "· skipped",
    }
}

/// What the portal works on: all of it.
pub fn in_progress(plan: &Plan) -> Vec<Row> {
    let each = plan.in_progress.iter().map(|item| {
        Row::new(
            "~ in progress",
            item.mailbox.as_str(),
            item.request.as_str(),
            match &item.handed_over {
                Some(it) => format!(
                    "{} on {}; {} in the portal's report, wanted {}",
                    match it.file {
                        Some(_) => "handed over",
                        None => "perhaps handed over, by a run that did not come to its end,",
                    },
                    local_day(it.at),
                    item.state,
                    item.target.state()
                ),
                None => format!(
                    "{} in the portal; wanted {}",
                    item.state,
                    item.target.state()
                ),
            },
            Kind::Quiet,
        )
    });
    each.collect()
}

/// What nobody asked for, and what waits.
pub fn waiting(plan: &Plan) -> Vec<Row> {
    let mut rows: Vec<Row> = plan
        .unmanaged
        .iter()
        .map(|item| {
            Row::new(
                "· unmanaged",
                item.mailbox.as_str(),
                "",
                format!("{} in the portal; no request names it", item.state),
                Kind::Quiet,
            )
        })
        .collect();
    let pending = plan.pending.iter();
    rows.extend(pending.map(|it| request("? pending", it, "waits for approval")));
    rows.extend(plan.scheduled.iter().map(|it| {
        let day = it.day().map(|day| day.to_string()).unwrap_or_default();
        request("@ scheduled", it, &format!("from {day} on"))
    }));
    rows
}

/// Only the first rows of each group, and a row that counts the others.
pub fn capped(rows: Vec<Row>, most: usize) -> Vec<Row> {
    let mut shown: Vec<Row> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.peek() {
        let group = first.word().to_owned();
        let mut count = 0;
        while let Some(next) = rows.next_if(|next| next.word() == group) {
            count += 1;
            if count <= most {
                shown.push(next);
            }
        }
        if count > most {
            let about = format!("… and {} more; --format json has them all", count - most);
            shown.push(Row::new(&group, "", "", about, Kind::Quiet));
        }
    }
    shown
}

fn request(word: &'static str, request: &Request, waits: &str) -> Row {
    let mailboxes = request.mailboxes();
    let first = mailboxes.first().map_or("", |named| named.mailbox.as_str());
    let others = match mailboxes.len() {
        0 | 1 => String::new(),
        count => format!(" {count} mailboxes, this one first"),
    };
    let verb = request.action_word();
    let about = match &request.action {
        Action::Withdraw { withdraws } => format!("{verb} {withdraws}; {waits}"),
        Action::Change { .. } => format!("{verb}{others}; {waits}"),
    };
    Row::new(word, first, request.id.as_str(), about, Kind::Quiet)
}

fn change(change: &Change) -> Row {
    let (word, kind) = match change.target {
        Target::Terminated => ("- terminate", Kind::Terminate),
        Target::Enabled => ("+ enable", Kind::Enable),
    };
    let mut about = match (change.cause, &change.request.approval) {
        (Cause::Drift | Cause::Recorded, _) => format!(
            "drift: was {}, is {} in the portal",
            change.target.state(),
            change.from
        ),
        (Cause::Request, Some(approval)) => format!("approved {}", approval.date),
        (Cause::Request, None) => String::new(),
    };
    if let Some(note) = change.note {
        let _ = write!(about, "; {note}");
    }
    Row::new(
        word,
        change.mailbox.as_str(),
        change.request.id.as_str(),
        visible(&about).into_owned(),
        kind,
    )
}
