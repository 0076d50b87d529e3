//! What must hold between the requests of an agency: ids, withdrawals, contradictions. Pure.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Action, NamedMailbox, Request, RequestId};
use crate::domain::approval::UnverifiedApprovals;
use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::yaml::{Issue, Path};

/// An issue and the request (its place in the slice given) in whose file it lies.
pub type RequestIssue = (usize, Issue);

/// Checks the requests of one agency against each other. The slice is sorted by file. `unread` are
/// the ids of requests whose files have findings of their own, so that nothing is said of them.
///
/// A withdrawal that is due `as_of` that day ends a contradiction, also one that was there before.
pub fn check(requests: &[Arc<Request>], unread: &HashSet<&str>, as_of: Date) -> Vec<RequestIssue> {
    let (mut found, others) = rayon::join(
        || ids_are_unique(requests),
        || nothing_contradicts(requests, as_of),
    );
    found.extend(withdrawals_name_requests(requests, unread));
    found.extend(others);
    found
}

fn ids_are_unique(requests: &[Arc<Request>]) -> Vec<RequestIssue> {
    let mut first: HashMap<&RequestId, &Arc<Request>> = HashMap::with_capacity(requests.len());
    let mut found = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let other = *first.entry(&request.id).or_insert(request);
        if !Arc::ptr_eq(other, request) {
            let why = format!("the id `{}` is already that of {}", request.id, other.file);
            let help = "give the newer request an id of its own, and name its file after it";
            found.push((index, Issue::error(Path::keys("id"), "id-twice", why, help)));
        }
    }
    found
}

fn withdrawals_name_requests(
    requests: &[Arc<Request>],
    unread: &HashSet<&str>,
) -> Vec<RequestIssue> {
    let mut found = Vec::new();
    let mut ids: Option<HashMap<&RequestId, &Arc<Request>>> = None;
    for (index, request) in requests.iter().enumerate() {
        let Some(withdraws) = request.withdraws() else {
            continue;
        };
        let ids = ids.get_or_insert_with(|| {
            requests
                .iter()
                .map(|request| (&request.id, request))
                .collect()
        });
        let (message, help) = match ids.get(withdraws).map(|other| &other.action) {
            None if unread.contains(withdraws.as_str()) => continue,
            None => (
                format!("no request has the id `{withdraws}`"),
                "name the id of a request of this agency, as its file is called",
            ),
            Some(Action::Withdraw { .. }) => (
                format!("`{withdraws}` is itself a withdrawal"),
                "to make the first request count again, file it anew",
            ),
            Some(Action::Change { .. }) => continue,
        };
        let kind = "withdraws-unknown";
        let at = Path::keys("withdraws");
        found.push((index, Issue::error(at, kind, message, help)));
    }
    found
}

/// Two approved requests that want opposite things of a mailbox from the same day on: no order of
/// theirs was approved by anybody.
fn nothing_contradicts(requests: &[Arc<Request>], as_of: Date) -> Vec<RequestIssue> {
    let withdrawals = withdrawal_days(requests, &UnverifiedApprovals::new());
    // Few mailboxes are ever terminated, so only those are remembered.
    let mut terminated: HashMap<(&Mailbox, Date), Vec<usize>> = HashMap::new();
    let counted_requests = || {
        requests.iter().enumerate().filter_map(|(index, request)| {
            let Action::Change { target, mailboxes } = &request.action else {
                return None;
            };
            let day = request.day()?;
            // One that is withdrawn only later counts until then.
            let gone = withdrawals
                .get(&request.id)
                .is_some_and(|gone| *gone <= day.max(as_of));
            (!gone).then_some((index, day, *target, mailboxes))
        })
    };
    for (index, day, target, mailboxes) in counted_requests() {
        if target == Target::Terminated {
            for named in mailboxes {
                terminated
                    .entry((&named.mailbox, day))
                    .or_default()
                    .push(index);
            }
        }
    }
    let mut found = Vec::new();
    if terminated.is_empty() {
        return found;
    }
    for (index, day, target, mailboxes) in counted_requests() {
        if target != Target::Enabled {
            continue;
        }
        for (entry, named) in mailboxes.iter().enumerate() {
            let others = terminated.get(&(&named.mailbox, day));
            let others = others.into_iter().flatten();
            found.extend(others.map(|other| contradiction(requests, index, entry, *other, day)));
        }
    }
    found
}

/// Reported in the file that sorts later, at its entry.
fn contradiction(
    requests: &[Arc<Request>],
    enabling: usize,
    entry: usize,
    terminating: usize,
    day: Date,
) -> RequestIssue {
    let mailbox = &requests[enabling].mailboxes()[entry].mailbox;
    let (at, entry, other) = if enabling > terminating {
        (enabling, entry, terminating)
    } else {
        let entry = requests[terminating]
            .mailboxes()
            .iter()
            .position(|named| named.mailbox == *mailbox)
            .unwrap_or(0);
        (terminating, entry, enabling)
    };
    let (here, there) = (&requests[at], &requests[other]);
    (
        at,
        Issue::error(
            Path::keys("mailboxes").index(entry),
            "contradiction",
            format!(
                "this request wants to {} `{mailbox}` from {day} on, but {} wants to {} it from the same day on",
                here.action_word(),
                there.id,
                there.action_word(),
            ),
            "give the one that is not merged yet another `effective` day, or withdraw one of the two",
        ),
    )
}

/// The mailboxes that a request is about; of a withdrawal those of the request that it withdraws.
pub fn concerned_mailboxes<'a>(
    request: &'a Request,
    all: &'a [Arc<Request>],
) -> &'a [NamedMailbox] {
    let Some(withdraws) = request.withdraws() else {
        return request.mailboxes();
    };
    let withdrawn = all.iter().find(|other| other.id == *withdraws);
    withdrawn.map_or(&[], |other| other.mailboxes())
}

/// The ids of the requests that an approved withdrawal, which is not in doubt, has taken back by a
/// day.
pub fn withdrawn(
    requests: &[Arc<Request>],
    as_of: Date,
    unverified: &UnverifiedApprovals,
) -> HashSet<RequestId> {
    withdrawal_days(requests, unverified)
        .into_iter()
        .filter(|(_, day)| *day <= as_of)
        .map(|(id, _)| id)
        .collect()
}

/// From which day on each withdrawn request counts as never made.
fn withdrawal_days(
    requests: &[Arc<Request>],
    unverified: &UnverifiedApprovals,
) -> HashMap<RequestId, Date> {
    let mut days: HashMap<RequestId, Date> = HashMap::new();
    for request in requests
        .iter()
        .filter(|request| !unverified.contains_key(&request.id))
    {
        if let (Some(withdraws), Some(day)) = (request.withdraws(), request.day()) {
            let first = days.entry(withdraws.clone()).or_insert(day);
            *first = day.min(*first);
        }
    }
    days
}
