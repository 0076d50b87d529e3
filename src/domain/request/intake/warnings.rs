//! Warnings about a new request before it goes to an approver: what would block it once it is
//! approved, and what makes it unnecessary. Pure.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive_state::Target;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::domain::request::{Action, Request, RequestId, cross_checks};
use crate::finding::Severity;
use crate::text::excerpt;
use crate::yaml::{MAX_FINDINGS, UnlocatedFinding, YamlPath};

/// The issues of a new request that `check` does not report: what would block it once it is approved,
/// and what makes it unnecessary. `others` are the agency's other requests. At most as many issues as
/// are shown for one file.
pub fn find_warnings(
    request: &Request,
    policy: &Policy,
    others: &[Arc<Request>],
    observed: Option<&Observed>,
    as_of: Date,
) -> Vec<UnlocatedFinding> {
    let mut issues = day_warnings(request, as_of);
    issues.extend(no_approver_warning(request, policy));
    match &request.action {
        Action::Withdraw { withdraws } => issues.extend(withdrawal_warnings(withdraws, others)),
        Action::Change { target, .. } => {
            issues.extend(contradiction_warnings(request, others, as_of));
            issues.extend(mailbox_warnings(request, *target, policy, others, observed));
        }
    }
    issues.truncate(MAX_FINDINGS + 1);
    issues
}

fn day_warnings(request: &Request, as_of: Date) -> Vec<UnlocatedFinding> {
    let mut issues = Vec::new();
    let received = request.received.date;
    if received > as_of {
        issues.push(UnlocatedFinding::warning(
            YamlPath::keys("received.date"),
            "received-in-future",
            format!("the day of receipt is {received}, which is in the future"),
            "correct the day if it is a mistake",
        ));
    }
    if let Some(effective) = request.effective.filter(|day| *day < as_of) {
        issues.push(UnlocatedFinding::warning(
            YamlPath::keys("effective"),
            "effective-in-past",
            format!("the request takes effect on {effective}, which is in the past"),
            "it takes effect on the day of its approval; if you mean that, leave `effective` out",
        ));
    }
    issues
}

/// An approver who is concerned may not approve (procedure section 5).
fn no_approver_warning(request: &Request, policy: &Policy) -> Option<UnlocatedFinding> {
    let named = request.mailboxes().iter().map(|named| &named.mailbox);
    let concerned: HashSet<&Mailbox> = named.chain(&request.received.from).collect();
    let mut approvers = policy.approvers.iter();
    let nobody = approvers.all(|approver| concerned.contains(approver));
    (nobody && request.approvals.is_empty()).then(|| {
        UnlocatedFinding::warning(
            YamlPath::root(),
            "nobody-may-approve",
            "every approver of the policy is the applicant or one of the mailboxes",
            "file the approvers' mailboxes as a separate request, or first add another approver to the policy",
        )
    })
}

fn withdrawal_warnings(withdraws: &RequestId, others: &[Arc<Request>]) -> Vec<UnlocatedFinding> {
    let at = YamlPath::keys("withdraws");
    let asks_the_same = |other: &&Arc<Request>| other.withdraws() == Some(withdraws);
    let issue = |other: &Arc<Request>| match other.approved_on() {
        Some(_) => UnlocatedFinding::error(
            at.clone(),
            "already-withdrawn",
            format!("`{withdraws}` is already withdrawn, by {}", other.id),
            "do not file this request",
        ),
        None => UnlocatedFinding::warning(
            at.clone(),
            "already-asked",
            format!("{} asks for the same and waits for approval", other.id),
            "file this request only if it came with a different document",
        ),
    };
    others.iter().filter(asks_the_same).map(issue).collect()
}

/// Requests that want the opposite state of a mailbox from the same day on, while this one is not
/// approved yet. With a future effective day the contradiction is certain; otherwise it depends on
/// the day of approval.
fn contradiction_warnings(
    request: &Request,
    others: &[Arc<Request>],
    as_of: Date,
) -> Vec<UnlocatedFinding> {
    if request.approved_on().is_some() {
        // `check` reports it.
        return Vec::new();
    }
    let approved = request.as_approved_on(as_of.max(request.received.date));
    let is_certain = request.effective.is_some() && approved.effect_day() == request.effective;
    let mut all: Vec<Arc<Request>> = others.to_vec();
    all.push(Arc::new(approved));
    let found = cross_checks::check(&all, &HashSet::new(), as_of).into_iter();
    // A contradiction is reported at the later request, and this one is the last.
    found
        .filter(|(index, issue)| *index == others.len() && issue.kind == "contradiction")
        .map(|(_, issue)| match is_certain {
            true => issue,
            false => UnlocatedFinding {
                severity: Severity::Warning,
                message: message!("finding-if-approved-that-day", message = issue.message),
                ..issue
            },
        })
        .collect()
}

fn mailbox_warnings(
    request: &Request,
    target: Target,
    policy: &Policy,
    others: &[Arc<Request>],
    observed: Option<&Observed>,
) -> Vec<UnlocatedFinding> {
    let pending = pending_requests(target, others);
    let protected: HashSet<&Mailbox> = policy.protected.iter().collect();
    let mut issues = Vec::new();
    for (index, named) in request.mailboxes().iter().enumerate() {
        let mailbox = &named.mailbox;
        let mut warn = |kind, message: String, help: &str| {
            let at = YamlPath::keys("mailboxes").index(index);
            issues.push(UnlocatedFinding::warning(at, kind, message, help));
        };
        if target == Target::Terminated && protected.contains(mailbox) {
            warn(
                "protected",
                format!("the policy protects `{mailbox}`: the termination would be blocked"),
                "leave the mailbox out, or first remove it from `protected` in the policy, in a separate change",
            );
        }
        if let Some(other) = pending.get(mailbox) {
            let verb = target.verb();
            warn(
                "already-asked",
                format!("{other} already asks to {verb} `{mailbox}` and waits for approval"),
                "leave the mailbox out, unless this is a different document",
            );
        }
        if let Some((kind, why)) =
            observed.and_then(|portal| find_obstacle(mailbox, target, portal))
        {
            let help =
                "look the mailbox up in the portal; leave it out if the address is a mistake";
            warn(kind, format!("`{mailbox}`: {why}"), help);
        }
        if issues.len() > MAX_FINDINGS {
            break;
        }
    }
    issues
}

/// The mailboxes that wait for the same action, each with its first request.
fn pending_requests(target: Target, others: &[Arc<Request>]) -> HashMap<&Mailbox, &RequestId> {
    let asks_the_same =
        |other: &&Arc<Request>| other.target() == Some(target) && other.approved_on().is_none();
    let mut pending = HashMap::new();
    for other in others.iter().filter(asks_the_same) {
        for named in other.mailboxes() {
            pending.entry(&named.mailbox).or_insert(&other.id);
        }
    }
    pending
}

/// What in the portal prevents a change, as a short name and a text.
pub fn find_obstacle(
    mailbox: &Mailbox,
    target: Target,
    observed: &Observed,
) -> Option<(&'static str, String)> {
    let Some(account) = observed.find_mailbox(mailbox) else {
        return Some(("no-account", "the portal has no such account".to_owned()));
    };
    let (kind, why) = match (target, &account.state) {
        _ if observed.is_ambiguous(mailbox) => {
            ("ambiguous", "more than one account in the portal has this address")
        }
        (Target::Enabled, State::Enabled) => ("already-so", "its archive is already enabled"),
        (Target::Enabled, State::Enabling) => {
            ("already-so", "the portal is already enabling its archive")
        }
        (Target::Terminated, State::Disabled) => ("already-so", "it has no archive to terminate"),
        (Target::Terminated, State::Terminated) => {
            ("already-so", "its archive is already terminated")
        }
        (Target::Terminated, State::Terminating) => {
            ("already-so", "the portal is already terminating its archive")
        }
        (Target::Terminated, _) if account.hold => {
            ("hold", "it is on legal hold, so its archive must stay")
        }
        _ if account.account == AccountState::Active => return None,
        _ => {
            let word = excerpt(account.account.as_str(), 40);
            let why = format!("its account is {word} in the portal");
            return Some(("account-not-active", why));
        }
    };
    Some((kind, why.to_owned()))
}
