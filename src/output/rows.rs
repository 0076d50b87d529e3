//! The plan as rows, a row a mailbox or a request: what people read on a screen and in a pull
//! request alike.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::domain::archive::Target;
use crate::domain::calendar::local_day;
use crate::domain::desired::Wish;
use crate::domain::mailbox::MAX_ADDRESS;
use crate::domain::observed::HandedOver;
use crate::domain::plan::{Cause, Change, Plan, Recalled, Stale};
use crate::domain::request::{Action, Request};
use crate::text::{excerpt, visible};

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
    /// For how many it stands.
    pub count: usize,
}

fn row(word: &'static str, subject: &str, request: &str, about: String, kind: Kind) -> Row {
    Row {
        cells: [
            word.to_owned(),
            excerpt(subject, MAX_ADDRESS),
            visible(request).into_owned(),
            about,
        ],
        kind,
        count: 1,
    }
}

/// What would be done, and what cannot be: all of it, in the plan's order.
pub fn changes(plan: &Plan) -> Vec<Row> {
    let mut rows: Vec<Row> = plan.changes.iter().map(change).collect();
    rows.extend(obstacles(plan));
    rows
}

/// What cannot be done, and what people were asked to do and should not.
pub fn obstacles(plan: &Plan) -> Vec<Row> {
    let blocked = plan.blocked.iter().map(|blocked| {
        row(
            "! blocked",
            blocked.mailbox.as_str(),
            blocked.request.id.as_str(),
            visible(&blocked.obstacle.to_string()).into_owned(),
            Kind::Blocked,
        )
    });
    let mut rows: Vec<Row> = blocked.collect();
    rows.extend(plan.recalled.iter().map(|it| {
        row(
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

/// What a pull request prevents.
pub fn prevented(told: &PullRequestTold) -> Vec<Row> {
    let prevented = told.prevented.iter().map(|change| {
        row(
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
    prevented.chain(lifted).collect()
}

/// What a pull request asks for that is so already: the first.
pub fn met(told: &PullRequestTold, most: usize) -> Vec<Row> {
    first("= in sync", &told.met, most, wish)
}

fn wish(wish: &Wish) -> Row {
    row(
        "= in sync",
        wish.mailbox.as_str(),
        wish.request.id.as_str(),
        format!("{}; it is so already", wish.target.verb()),
        Kind::Quiet,
    )
}

/// What the portal works on: all of it.
pub fn in_progress(plan: &Plan) -> Vec<Row> {
    let each = plan.in_progress.iter().map(|item| {
        row(
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

/// What nobody asked for, and what waits: the first of each.
pub fn waiting(plan: &Plan, most: usize) -> Vec<Row> {
    let mut rows = first("· unmanaged", &plan.unmanaged, most, |item| {
        row(
            "· unmanaged",
            item.mailbox.as_str(),
            "",
            format!("{} in the portal; no request names it", item.state),
            Kind::Quiet,
        )
    });
    let pending = |it: &Arc<Request>| request("? pending", it, "waits for approval");
    rows.extend(first("? pending", &plan.pending, most, pending));
    rows.extend(first("@ scheduled", &plan.scheduled, most, |it| {
        let day = it.day().map(|day| day.to_string()).unwrap_or_default();
        request("@ scheduled", it, &format!("from {day} on"))
    }));
    rows
}

/// Only the first rows, and one that counts the others.
fn first<T>(word: &'static str, items: &[T], most: usize, each: impl Fn(&T) -> Row) -> Vec<Row> {
    let mut rows: Vec<Row> = items.iter().take(most).map(each).collect();
    if items.len() > most {
        let more = items.len() - most;
        let about = format!("… and {more} more; --format json has them all");
        rows.push(Row {
            count: more,
            ..row(word, "", "", about, Kind::Quiet)
        });
    }
    rows
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
    row(word, first, request.id.as_str(), about, Kind::Quiet)
}

/// What a change of an archive to this is about.
pub fn kind(target: Target) -> Kind {
    match target {
        Target::Terminated => Kind::Terminate,
        Target::Enabled => Kind::Enable,
    }
}

/// A change as a row.
pub fn change(change: &Change) -> Row {
    let word = match change.target {
        Target::Terminated => "- terminate",
        Target::Enabled => "+ enable",
    };
    let mut about = match (change.cause, &change.request.approval) {
        (Cause::Drift | Cause::Recorded, _) | (_, None) => String::new(),
        (Cause::Request, Some(approval)) => format!("approved {}", approval.date),
    };
    let remark = remark(change);
    if !about.is_empty() && !remark.is_empty() {
        about.push_str("; ");
    }
    about.push_str(&remark);
    row(
        word,
        change.mailbox.as_str(),
        change.request.id.as_str(),
        visible(&about).into_owned(),
        kind(change.target),
    )
}

/// What there is to say of a change besides its request.
pub fn remark(change: &Change) -> String {
    let mut text = String::new();
    if change.cause.is_drift() {
        let _ = write!(
            text,
            "drift: was {}, is {} in the portal",
            change.target.state(),
            change.from
        );
    }
    if let Some(note) = change.note {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let _ = write!(text, "{note}");
    }
    visible(&text).into_owned()
}

/// Why a kept plan no longer holds, as a line without a sign.
pub fn stale(stale: &Stale) -> String {
    match &stale.subject {
        Some(subject) => format!("{}: {}", visible(subject), visible(&stale.why)),
        None => visible(&stale.why).into_owned(),
    }
}
