//! What the clerk should know of a new request before it goes to an approver: what would stand in its
//! way once it is approved, and what makes it needless. Pure.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive::Target;
use crate::domain::archive::{Account, State};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::domain::request::{Action, Approval, Request, RequestId, across};
use crate::finding::Severity;
use crate::text::excerpt;
use crate::yaml::{Issue, MAX_FINDINGS, Path};

/// What is to be said of a new request beyond what every check says: what stands in its way once it
/// is approved, and what makes it needless. `others` are the agency's other requests. At most as many
/// as are shown of one file.
pub fn issues(
    request: &Request,
    policy: &Policy,
    others: &[Arc<Request>],
    observed: Option<&Observed>,
    as_of: Date,
) -> Vec<Issue> {
    let mut issues = days(request, as_of);
    issues.extend(nobody_may_approve(request, policy));
    match &request.action {
        Action::Withdraw { withdraws } => issues.extend(withdrawn(withdraws, others)),
        Action::Change { target, .. } => {
            issues.extend(contradictions(request, others, as_of));
            issues.extend(mailboxes(request, *target, policy, others, observed));
        }
    }
    issues.truncate(MAX_FINDINGS + 1);
    issues
}

fn days(request: &Request, as_of: Date) -> Vec<Issue> {
    let mut issues = Vec::new();
    let received = request.received.date;
    if received > as_of {
        issues.push(Issue::warning(
            Path::keys("received.date"),
            "received-in-future",
            format!("the request is received on {received}, which is yet to come"),
            "mend the day, if that is a slip",
        ));
    }
    if let Some(effective) = request.effective.filter(|day| *day < as_of) {
        issues.push(Issue::warning(
            Path::keys("effective"),
            "effective-in-past",
            format!("the request is to take effect on {effective}, which has gone by"),
            "it counts from its approval on; leave `effective` out if that is what is meant",
        ));
    }
    issues
}

/// An approver who is concerned may not approve (procedure section 5).
fn nobody_may_approve(request: &Request, policy: &Policy) -> Option<Issue> {
    let named = request.mailboxes().iter().map(|named| &named.mailbox);
    let concerned_mailboxes: HashSet<&Mailbox> = named.chain(&request.received.from).collect();
    let nobody = policy
        .approvers
        .iter()
        .all(|approver| concerned_mailboxes.contains(approver));
    (nobody && request.approval.is_none()).then(|| {
        Issue::warning(
            Path::root(),
            "nobody-may-approve",
            "every approver of the policy is the applicant or one of the mailboxes",
            "file the approvers' own mailboxes as a request of their own, or name another approver in the policy first",
        )
    })
}

fn withdrawn(withdraws: &RequestId, others: &[Arc<Request>]) -> Vec<Issue> {
    let at = Path::keys("withdraws");
    let asks_the_same = |other: &&Arc<Request>| other.withdraws() == Some(withdraws);
    let issue = |other: &Arc<Request>| match other.approval {
        Some(_) => Issue::error(
            at.clone(),
            "already-withdrawn",
            format!("`{withdraws}` is withdrawn already, by {}", other.id),
            "nothing is to be filed",
        ),
        None => Issue::warning(
            at.clone(),
            "already-asked",
            format!("{} asks for the same, and waits for approval", other.id),
            "file this one only if it is another document",
        ),
    };
    others.iter().filter(asks_the_same).map(issue).collect()
}

/// Two requests that want opposite things of a mailbox from the same day on, of which this one is not
/// approved yet. With an effective day to come no day of approval can help; without one it may.
fn contradictions(request: &Request, others: &[Arc<Request>], as_of: Date) -> Vec<Issue> {
    if request.approval.is_some() {
        // The check says so.
        return Vec::new();
    }
    let approved = Request {
        approval: Some(Approval {
            by: Mailbox::from_portal("an approver"),
            date: as_of.max(request.received.date),
        }),
        ..request.clone()
    };
    let is_certain = request.effective.is_some() && approved.day() == request.effective;
    let mut all: Vec<Arc<Request>> = others.to_vec();
    all.push(Arc::new(approved));
    let found = across::check(&all, &HashSet::new(), as_of).into_iter();
    // What contradicts is reported at the later of the two, and this one is the last.
    found
        .filter(|(index, issue)| *index == others.len() && issue.kind == "contradiction")
        .map(|(_, issue)| match is_certain {
            true => issue,
            false => Issue {
                severity: Severity::Warning,
                message: format!("if it is approved on that day, {}", issue.message),
                ..issue
            },
        })
        .collect()
}

fn mailboxes(
    request: &Request,
    target: Target,
    policy: &Policy,
    others: &[Arc<Request>],
    observed: Option<&Observed>,
) -> Vec<Issue> {
    let pending = pending(target, others);
    let protected: HashSet<&Mailbox> = policy.protected.iter().collect();
    let mut issues = Vec::new();
    for (index, named) in request.mailboxes().iter().enumerate() {
        let mailbox = &named.mailbox;
        let mut warn = |kind, message: String, help: &str| {
            let at = Path::keys("mailboxes").index(index);
            issues.push(Issue::warning(at, kind, message, help));
        };
        if target == Target::Terminated && protected.contains(mailbox) {
            warn(
                "protected",
                format!("the policy protects `{mailbox}`: the termination would be blocked"),
                "leave the mailbox out; or let the policy no longer protect it, in a change of its own",
            );
        }
        if let Some(other) = pending.get(mailbox) {
            let verb = target.verb();
            warn(
                "already-asked",
                format!("{other} asks to {verb} `{mailbox}` already, and waits for approval"),
                "leave the mailbox out, unless this is another document",
            );
        }
        if let Some((kind, why)) = observed.and_then(|portal| obstacle(mailbox, target, portal)) {
            let help = "look the mailbox up in the portal; leave it out if the address is a slip";
            warn(kind, format!("`{mailbox}`: {why}"), help);
        }
        if issues.len() > MAX_FINDINGS {
            break;
        }
    }
    issues
}

/// The mailboxes that wait for the same, and the first request of each.
fn pending(target: Target, others: &[Arc<Request>]) -> HashMap<&Mailbox, &RequestId> {
    let asks_the_same =
        |other: &&Arc<Request>| other.target() == Some(target) && other.approval.is_none();
    let mut pending = HashMap::new();
    for other in others.iter().filter(asks_the_same) {
        for named in other.mailboxes() {
            pending.entry(&named.mailbox).or_insert(&other.id);
        }
    }
    pending
}

/// What the portal says against a change, by a short name and in words.
pub fn obstacle(
    mailbox: &Mailbox,
    target: Target,
    observed: &Observed,
) -> Option<(&'static str, String)> {
    let Some(account) = observed.get(mailbox) else {
        return Some(("no-account", "the portal has no such account".to_owned()));
    };
    let (kind, why) = match (target, &account.state) {
        _ if observed.is_ambiguous(mailbox) => (
            "ambiguous",
            "more than one account in the portal has this address",
        ),
        (Target::Enabled, State::Enabled) => ("already-so", "its archive is enabled already"),
        (Target::Enabled, State::Enabling) => {
            ("already-so", "the portal is enabling its archive already")
        }
        (Target::Terminated, State::Disabled) => ("already-so", "it has no archive to terminate"),
        (Target::Terminated, State::Terminated) => {
            ("already-so", "its archive is terminated already")
        }
        (Target::Terminated, State::Terminating) => (
            "already-so",
            "the portal is terminating its archive already",
        ),
        (Target::Terminated, _) if account.hold => {
            ("hold", "a legal hold lies on it, so its archive must stay")
        }
        _ if account.account == Account::Active => return None,
        _ => {
            let word = excerpt(account.account.as_str(), 40);
            let why = format!("its account is {word} in the portal");
            return Some(("account-not-active", why));
        }
    };
    Some((kind, why.to_owned()))
}
