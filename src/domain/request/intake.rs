//! A request that is about to be filed (procedure step 1): its draft, and what its clerk should know
//! before it goes to an approver. Pure.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::draft::{ApprovalDraft, EvidenceDraft, ReceivedDraft, RequestDraft};
use super::{Action, Approval, Evidence, Received, Request, RequestId, across};
use crate::domain::agency::Agency;
use crate::domain::archive::Target;
use crate::domain::archive::{Account, State};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::finding::Severity;
use crate::yaml::{Issue, MAX_FINDINGS, Path, Text, Whole};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// To enable or terminate archives.
    Change(Target, Vec<Mailbox>),
    /// To withdraw a request.
    Withdraw(RequestId),
}

impl Subject {
    /// The word of the action.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Change(target, _) => target.verb(),
            Self::Withdraw(_) => "withdraw",
        }
    }
}

/// A document that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What its name ends in.
    pub ending: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Everything that the file of a request says but its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// What is asked for.
    pub subject: Subject,
    /// How it arrived.
    pub received: Received,
    /// The documents that came with it.
    pub documents: Vec<Document>,
    /// The approval, where it was given already.
    pub approval: Option<Approval>,
    /// Not before this day.
    pub effective: Option<Date>,
    /// Why.
    pub reason: Option<String>,
}

impl Intake {
    /// The documents as the file names them: by the request's id.
    pub fn evidence(&self, id: &RequestId) -> Vec<Evidence> {
        let numbered = (1..).zip(&self.documents);
        numbered
            .map(|(number, document)| Evidence {
                file: format!("{id}-{number}.{}", document.ending),
                sha256: document.sha256.clone(),
                size: document.size,
            })
            .collect()
    }

    /// The draft of the file.
    pub fn draft(&self, id: &RequestId) -> RequestDraft {
        let text = |value: &dyn ToString| Some(Text(value.to_string()));
        let (mailboxes, withdraws) = match &self.subject {
            Subject::Change(_, mailboxes) => {
                let texts = mailboxes.iter().map(|it| Text(it.to_string()));
                (Some(texts.collect()), None)
            }
            Subject::Withdraw(id) => (None, text(id)),
        };
        RequestDraft {
            version: Some(Whole(1)),
            id: text(id),
            action: text(&self.subject.verb()),
            mailboxes,
            withdraws,
            received: Some(ReceivedDraft {
                date: text(&self.received.date),
                channel: text(&self.received.channel.as_str()),
                reference: text(&self.received.reference),
                from: self.received.from.as_ref().and_then(|it| text(it)),
            }),
            approval: self.approval.as_ref().map(|approval| ApprovalDraft {
                by: text(&approval.by),
                date: text(&approval.date),
            }),
            effective: self.effective.as_ref().and_then(|it| text(it)),
            reason: self.reason.as_ref().and_then(|it| text(it)),
            evidence: Some(self.evidence(id))
                .filter(|it| !it.is_empty())
                .map(|it| it.iter().map(evidence).collect()),
        }
    }
}

fn evidence(evidence: &Evidence) -> EvidenceDraft {
    EvidenceDraft {
        file: Some(Text(evidence.file.clone())),
        sha256: Some(Text(evidence.sha256.clone())),
        size: Some(Whole(evidence.size)),
    }
}

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
    if let Some(day) = request.effective.filter(|day| *day < as_of) {
        issues.push(Issue::warning(
            Path::keys("effective"),
            "effective-in-past",
            format!("the request is to take effect on {day}, which has gone by"),
            "it counts from its approval on; leave `effective` out if that is what is meant",
        ));
    }
    issues
}

/// An approver who is concerned may not approve (procedure section 5).
fn nobody_may_approve(request: &Request, policy: &Policy) -> Option<Issue> {
    let named: HashSet<&Mailbox> = request
        .mailboxes()
        .iter()
        .map(|named| &named.mailbox)
        .chain(&request.received.from)
        .collect();
    let nobody = policy.approvers.iter().all(|it| named.contains(it));
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
    let tell = |other: &Arc<Request>| match (&other.action, &other.approval) {
        (Action::Withdraw { withdraws: it }, _) if it != withdraws => None,
        (Action::Change { .. }, _) => None,
        (Action::Withdraw { .. }, Some(_)) => Some(Issue::error(
            at.clone(),
            "already-withdrawn",
            format!("`{withdraws}` is withdrawn already, by {}", other.id),
            "nothing is to be filed",
        )),
        (Action::Withdraw { .. }, None) => Some(Issue::warning(
            at.clone(),
            "already-asked",
            format!("{} asks for the same, and waits for approval", other.id),
            "file this one only if it is another document",
        )),
    };
    others.iter().filter_map(tell).collect()
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
            let help = "leave the mailbox out; or let the policy no longer protect it, in a change of its own";
            let message =
                format!("the policy protects `{mailbox}`: the termination would be blocked");
            warn("protected", message, help);
        }
        if let Some(other) = pending.get(mailbox) {
            let message = format!(
                "{other} asks to {} `{mailbox}` already, and waits for approval",
                target.verb()
            );
            warn(
                "already-asked",
                message,
                "leave the mailbox out, unless this is another document",
            );
        }
        if let Some((kind, why)) = observed.and_then(|it| obstacle(mailbox, target, it)) {
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
    let mut pending = HashMap::new();
    for other in others.iter().filter(|it| it.approval.is_none()) {
        if let Action::Change {
            target: its,
            mailboxes,
        } = &other.action
            && *its == target
        {
            for named in mailboxes {
                pending.entry(&named.mailbox).or_insert(&other.id);
            }
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
    let Some(seen) = observed.get(mailbox) else {
        return Some(("no-account", "the portal has no such account".to_owned()));
    };
    if observed.is_ambiguous(mailbox) {
        let why = "more than one account in the portal has this address";
        return Some(("ambiguous", why.to_owned()));
    }
    let so = match (target, &seen.state) {
        (Target::Enabled, State::Enabled) => Some("its archive is enabled already"),
        (Target::Enabled, State::Enabling) => Some("the portal is enabling its archive already"),
        (Target::Terminated, State::Disabled) => Some("it has no archive to terminate"),
        (Target::Terminated, State::Terminated) => Some("its archive is terminated already"),
        (Target::Terminated, State::Terminating) => {
            Some("the portal is terminating its archive already")
        }
        _ => None,
    };
    if let Some(why) = so {
        return Some(("already-so", why.to_owned()));
    }
    if seen.hold && target == Target::Terminated {
        return Some((
            "hold",
            "a legal hold lies on it, so its archive must stay".to_owned(),
        ));
    }
    match &seen.account {
        Account::Active => None,
        other => {
            let account = crate::text::excerpt(other.as_str(), 40);
            Some((
                "account-not-active",
                format!("its account is {account} in the portal"),
            ))
        }
    }
}

/// The agency that a request belongs to, by its mailboxes or the request that it withdraws.
///
/// # Errors
/// Why there is none, and what to do.
pub fn agency_of<'a>(
    subject: &Subject,
    agencies: &'a [Agency],
) -> Result<&'a Agency, (String, &'static str)> {
    if let [only] = agencies {
        return Ok(only);
    }
    let mailboxes = match subject {
        Subject::Withdraw(id) => {
            let has = |it: &&Agency| it.requests.iter().any(|request| request.id == *id);
            let mut found = agencies.iter().filter(has);
            return match (found.next(), found.next()) {
                (Some(agency), None) => Ok(agency),
                (None, _) => {
                    let why = format!("no request of these agencies has the id `{id}`");
                    Err((why, "name the id of a request, as its file is called"))
                }
                (Some(one), Some(other)) => {
                    let why = format!(
                        "the id `{id}` is that of a request in {} and in {}",
                        one.policy.agency, other.policy.agency
                    );
                    Err((why, "name the folder of one agency with --requests DIR"))
                }
            };
        }
        Subject::Change(_, mailboxes) => mailboxes,
    };
    let mut chosen: Option<(&Agency, &Mailbox)> = None;
    for mailbox in mailboxes {
        let Some(owner) = agencies.iter().find(|it| it.policy.owns(mailbox)) else {
            let why = format!(
                "`{mailbox}` is of none of these agencies, whose domains are {}",
                domains(agencies)
            );
            return Err((why, "mend the address, or leave it out"));
        };
        match chosen {
            None => chosen = Some((owner, mailbox)),
            Some((agency, first)) if agency.policy.file != owner.policy.file => {
                let why = format!(
                    "`{first}` is of {} and `{mailbox}` of {}",
                    agency.policy.agency, owner.policy.agency
                );
                return Err((why, "file one request for each agency"));
            }
            Some(_) => {}
        }
    }
    chosen
        .map(|(agency, _)| agency)
        .ok_or_else(|| ("no mailbox is named".to_owned(), "name at least one"))
}

/// The domains of agencies, as a list in words.
pub fn domains(agencies: &[Agency]) -> String {
    let all = agencies.iter().flat_map(|it| &it.policy.domains);
    all.map(String::as_str).collect::<Vec<_>>().join(", ")
}
