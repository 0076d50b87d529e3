//! Checks the requests of an agency against each other: ids, withdrawals, contradictions. Pure.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::rules::{approval_key, self_approval};
use super::{Action, Request, RequestId, RequestedMailbox};
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::language::Message;
use crate::yaml::{UnlocatedFinding, YamlPath};

/// An issue and the index of the request in whose file it is.
pub type RequestIssue = (usize, UnlocatedFinding);

/// Checks the requests of one agency against each other. The slice is sorted by file. `unread` are
/// the ids of requests whose files have findings, so that withdrawals of them are not reported.
///
/// A withdrawal that is due on `as_of` ends a contradiction, even an older one.
pub fn check(requests: &[Arc<Request>], unread: &HashSet<&str>, as_of: Date) -> Vec<RequestIssue> {
    let (mut found, others) =
        rayon::join(|| check_ids(requests), || find_contradictions(requests, as_of));
    found.extend(check_withdrawals(requests, unread));
    found.extend(others);
    found
}

fn check_ids(requests: &[Arc<Request>]) -> Vec<RequestIssue> {
    // Some systems ignore the case of file names.
    let mut first: HashMap<String, &Arc<Request>, RandomState> = HashMap::default();
    first.reserve(requests.len());
    let mut found = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let id = request.id.as_str().to_ascii_lowercase();
        let other = *first.entry(id).or_insert(request);
        if !Arc::ptr_eq(other, request) {
            let why = match request.id == other.id {
                true => message!("request-id-twice", id = &request.id, other = &other.file),
                false => message!(
                    "request-id-case",
                    id = &request.id,
                    other = &other.id,
                    file = &other.file
                ),
            };
            let help = message!("request-id-twice-help");
            found.push((
                index,
                UnlocatedFinding::error(YamlPath::keys("id"), "id-twice", why, help),
            ));
        }
    }
    found
}

/// Approvals of a withdrawal by somebody whom the withdrawn request is about.
fn approvals_by_concerned<'a>(
    withdrawal: &'a Request,
    withdrawn: &'a Request,
) -> impl Iterator<Item = UnlocatedFinding> + 'a {
    let approvals = withdrawal.approvals.iter().enumerate();
    approvals.filter_map(|(index, approval)| {
        let role = withdrawn.conflicting_role_of(&approval.by)?;
        let role = message!("request-role-withdrawn", role, id = &withdrawn.id);
        Some(self_approval(approval_key(index, "by"), &approval.by, role))
    })
}

fn check_withdrawals(requests: &[Arc<Request>], unread: &HashSet<&str>) -> Vec<RequestIssue> {
    let mut found = Vec::new();
    let mut ids: Option<HashMap<&RequestId, &Arc<Request>>> = None;
    for (index, request) in requests.iter().enumerate() {
        let Some(withdraws) = request.withdraws() else {
            continue;
        };
        let ids = ids
            .get_or_insert_with(|| requests.iter().map(|request| (&request.id, request)).collect());
        if let Some(other) = ids.get(withdraws) {
            let issues = approvals_by_concerned(request, other);
            found.extend(issues.map(|issue| (index, issue)));
        }
        let (message, help) = match ids.get(withdraws).map(|other| &other.action) {
            None if unread.contains(withdraws.as_str()) => continue,
            None => (
                message!("request-withdraws-unknown", withdraws),
                message!("request-withdraws-unknown-help"),
            ),
            Some(Action::Withdraw { .. }) => (
                message!("request-withdraws-withdrawal", withdraws),
                message!("request-withdraws-withdrawal-help"),
            ),
            Some(Action::Change { .. }) => continue,
        };
        let kind = "withdraws-unknown";
        let at = YamlPath::keys("withdraws");
        found.push((index, UnlocatedFinding::error(at, kind, message, help)));
    }
    found
}

/// Finds approved requests that want opposite states of a mailbox from the same day on: nobody
/// approved an order between them.
fn find_contradictions(requests: &[Arc<Request>], as_of: Date) -> Vec<RequestIssue> {
    let withdrawals = withdrawal_days(requests, &UnverifiedApprovals::new());
    // Few mailboxes are ever terminated, so only those are remembered.
    let mut terminated: HashMap<(&Mailbox, Date), Vec<usize>, RandomState> = HashMap::default();
    let counted_requests = || {
        requests.iter().enumerate().filter_map(|(index, request)| {
            let Action::Change { target, mailboxes } = &request.action else {
                return None;
            };
            let day = request.effect_day()?;
            // A request that is withdrawn later counts until then.
            let gone = withdrawals.get(&request.id).is_some_and(|gone| *gone <= day.max(as_of));
            (!gone).then_some((index, day, *target, mailboxes))
        })
    };
    for (index, day, target, mailboxes) in counted_requests() {
        if target == Target::Terminated {
            for named in mailboxes {
                terminated.entry((&named.mailbox, day)).or_default().push(index);
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
            found.extend(
                others.map(|other| contradiction_finding(requests, index, entry, *other, day)),
            );
        }
    }
    found
}

/// The contradiction, reported in the file that sorts later, at its entry.
fn contradiction_finding(
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
        UnlocatedFinding::error(
            YamlPath::keys("mailboxes").index(entry),
            "contradiction",
            message!(
                "request-contradiction",
                verb = Message::from_word(here.action_word()),
                mailbox,
                day,
                other = &there.id,
                other_verb = Message::from_word(there.action_word())
            ),
            message!("request-contradiction-help", next = day.tomorrow().unwrap_or(day)),
        ),
    )
}

/// The mailboxes that a request is about; for a withdrawal those of the withdrawn request.
pub fn concerned_mailboxes<'a>(
    request: &'a Request,
    all: &'a [Arc<Request>],
) -> &'a [RequestedMailbox] {
    let Some(withdraws) = request.withdraws() else {
        return request.mailboxes();
    };
    let withdrawn = all.iter().find(|other| other.id == *withdraws);
    withdrawn.map_or(&[], |other| other.mailboxes())
}

/// The ids of the requests that are withdrawn on a day, by approved and verified withdrawals.
pub fn withdrawn_requests(
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

/// The day from which each withdrawn request no longer counts.
fn withdrawal_days(
    requests: &[Arc<Request>],
    unverified: &UnverifiedApprovals,
) -> HashMap<RequestId, Date> {
    let mut days: HashMap<RequestId, Date> = HashMap::new();
    for request in requests.iter().filter(|request| !unverified.contains_key(&request.id)) {
        if let (Some(withdraws), Some(day)) = (request.withdraws(), request.effect_day()) {
            let first = days.entry(withdraws.clone()).or_insert(day);
            *first = day.min(*first);
        }
    }
    days
}
