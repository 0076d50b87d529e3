//! Warnings about a new request before it goes to an approver: what would block it once it is
//! approved, and what makes it unnecessary. Pure.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive_state::Target;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, RelatedAccount, SimilarAddressIndex};
use crate::domain::policy::Policy;
use crate::domain::request::{Action, Request, RequestId, RequestedMailbox, cross_checks};
use crate::finding::Severity;
use crate::language::Message;
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
        Action::Withdraw { withdraws } => {
            let again = withdrawal_warnings(withdraws, others);
            let is_first = again.is_empty();
            let late = late_withdrawal_warning(withdraws, others, observed, as_of);
            let late = late.filter(|_| is_first);
            issues.extend(again.into_iter().chain(late));
        }
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
            message!("request-received-later", received),
            message!("request-received-later-help"),
        ));
    }
    if let Some(effective) = request.effective.filter(|day| *day < as_of) {
        issues.push(UnlocatedFinding::warning(
            YamlPath::keys("effective"),
            "effective-in-past",
            message!("request-effective-past", effective),
            message!("request-effective-early-help"),
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
            message!("request-no-approver-left"),
            message!("request-no-approver-left-help"),
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
            message!("request-already-withdrawn", withdraws, other = &other.id),
            message!("request-already-withdrawn-help"),
        ),
        None => UnlocatedFinding::warning(
            at.clone(),
            "already-asked",
            message!("request-same-waits", other = &other.id),
            message!("request-same-waits-help"),
        ),
    };
    others.iter().filter(asks_the_same).map(issue).collect()
}

/// A withdrawal does not bring back what the portal has done since the request took effect.
fn late_withdrawal_warning(
    withdraws: &RequestId,
    others: &[Arc<Request>],
    observed: Option<&Observed>,
    as_of: Date,
) -> Option<UnlocatedFinding> {
    let withdrawn = others.iter().find(|other| other.id == *withdraws)?;
    let day = withdrawn.effect_day().filter(|day| *day <= as_of)?;
    let instead = decides_instead(withdrawn, others, as_of);
    let help = match withdrawn.target()? {
        _ if let Some(other) = instead => {
            message!("request-withdraws-instead-help", other = &other.id)
        }
        // On one day two requests may not want the opposite.
        Target::Enabled if day == as_of => {
            let next = as_of.tomorrow().unwrap_or(as_of);
            message!("request-withdraws-enabled-today-help", withdraws, next)
        }
        Target::Enabled => message!("request-withdraws-enabled-help", withdraws),
        Target::Terminated => message!("request-withdraws-terminated-help", withdraws),
    };
    let is_replaced = instead.is_some_and(|other| precedence(other) > precedence(withdrawn));
    let done = match observed.map(|portal| is_met(withdrawn, portal)) {
        _ if is_replaced => "replaced",
        Some(true) => "yes",
        Some(false) => "no",
        None => "unread",
    };
    Some(UnlocatedFinding::warning(
        YamlPath::keys("withdraws"),
        "in-effect",
        message!("request-withdraws-in-effect", withdraws, day, done),
        help,
    ))
}

/// Whether the portal has every mailbox as the request asks.
pub fn is_met(request: &Request, observed: &Observed) -> bool {
    let is_met = |named: &RequestedMailbox| {
        let archive = observed.find_mailbox(&named.mailbox);
        let target = request.target();
        archive.is_some_and(|archive| target.is_some_and(|it| it.is_met_by(&archive.state)))
    };
    request.mailboxes().iter().all(is_met)
}

/// A request that decides about a mailbox again, once this one is withdrawn.
fn decides_instead<'a>(
    withdrawn: &Request,
    others: &'a [Arc<Request>],
    as_of: Date,
) -> Option<&'a Arc<Request>> {
    let gone: HashSet<&RequestId> = others.iter().filter_map(|other| other.withdraws()).collect();
    let named: HashSet<&Mailbox> =
        withdrawn.mailboxes().iter().map(|named| &named.mailbox).collect();
    let again = others.iter().filter(|other| {
        other.id != withdrawn.id
            && !gone.contains(&other.id)
            && other.effect_day().is_some_and(|day| day <= as_of)
            && other.mailboxes().iter().any(|theirs| named.contains(&theirs.mailbox))
    });
    again.max_by_key(|other| precedence(other))
}

/// Of the requests about a mailbox that are in effect, the one with the greatest decides.
fn precedence(request: &Request) -> (Option<Date>, Option<Date>, &RequestId) {
    (request.effect_day(), request.approved_on(), &request.id)
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
    let mut addresses = None;
    let mut issues = Vec::new();
    for (index, named) in request.mailboxes().iter().enumerate() {
        let mailbox = &named.mailbox;
        let mut warn = |kind, message: Message, help: Message| {
            let at = YamlPath::keys("mailboxes").index(index);
            issues.push(UnlocatedFinding::warning(at, kind, message, help));
        };
        if target == Target::Terminated && protected.contains(mailbox) {
            warn(
                "protected",
                message!("request-protected", mailbox),
                message!("request-protected-help"),
            );
        }
        if let Some(other) = pending.get(mailbox) {
            let verb = Message::from_word(target.verb());
            warn(
                "already-asked",
                message!("request-mailbox-waits", other = *other, verb, mailbox),
                message!("request-mailbox-waits-help"),
            );
        }
        let found =
            observed.and_then(|portal| find_obstacle(mailbox, target, (portal, &mut addresses)));
        if let Some((kind, why)) = found {
            let help = message!("request-look-up-help");
            warn(kind, message!("request-mailbox-why", mailbox, why), help);
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

/// What in the portal prevents a change, as a short name and a clause. The addresses of the portal are
/// prepared when a similar one is first looked for.
pub fn find_obstacle<'a>(
    mailbox: &Mailbox,
    target: Target,
    (observed, addresses): (&'a Observed, &mut Option<SimilarAddressIndex<'a>>),
) -> Option<(&'static str, Message)> {
    let Some(account) = observed.find_mailbox(mailbox) else {
        let addresses = addresses.get_or_insert_with(|| observed.all_addresses());
        let why = match observed.find_related_account(mailbox, Some(addresses)) {
            Some(RelatedAccount::Similar(near)) => {
                message!("plan-obstacle-similar-account", similar = near.as_str())
            }
            _ => message!("plan-obstacle-no-account"),
        };
        return Some(("no-account", why));
    };
    let (kind, why) = match (target, &account.state) {
        _ if observed.is_ambiguous(mailbox) => ("ambiguous", message!("request-portal-ambiguous")),
        (Target::Enabled, State::Enabled) => ("already-so", message!("request-portal-enabled")),
        (Target::Enabled, State::Enabling) => ("already-so", message!("request-portal-enabling")),
        (Target::Terminated, State::Disabled) => {
            ("already-so", message!("request-portal-no-archive"))
        }
        (Target::Terminated, State::Terminated) => {
            ("already-so", message!("request-portal-terminated"))
        }
        (Target::Terminated, State::Terminating) => {
            ("already-so", message!("request-portal-terminating"))
        }
        (Target::Terminated, _) if account.hold => ("hold", message!("request-portal-held")),
        _ if account.account == AccountState::Active => return None,
        _ => {
            let word = excerpt(account.account.as_str(), 40);
            let word = Message::from_word(&word);
            ("account-not-active", message!("request-portal-account", word))
        }
    };
    Some((kind, why))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::observed::sample_mailbox;
    use crate::domain::request::sample;
    use crate::language::Language;

    fn observed(state: State) -> Observed {
        let mailbox = sample_mailbox("siti.aminah@agensi.example", "1", state);
        Observed::new(vec![mailbox], true)
    }

    fn warn(request: &Request, others: &[Arc<Request>], state: State) -> String {
        let policy = sample::policy("A", "");
        let day = date(2026, 11, 23);
        let found = find_warnings(request, &policy, others, Some(&observed(state)), day);
        let said = found.iter().map(|issue| issue.message.render(Language::English));
        said.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_late_withdrawal_says_whether_the_request_was_carried_out() {
        let enables = sample::change("R-1", "enable", &["siti.aminah"], "2026-11-02", "");
        let withdraws = sample::withdrawal("R-2", "R-1", "", "");
        let warn = |state| warn(&withdraws, &[Arc::clone(&enables)], state);
        assert!(warn(State::Enabled).contains("was carried out"), "{}", warn(State::Enabled));
        assert!(warn(State::Disabled).contains("may carry it out"), "{}", warn(State::Disabled));
        let ends = sample::change("R-3", "terminate", &["siti.aminah"], "2026-11-04", "");
        let said = super::tests::warn(&withdraws, &[enables, ends], State::Disabled);
        assert!(said.contains("does not undo what the portal has done"), "{said}");
    }

    #[test]
    fn a_slip_in_an_address_shows_what_was_meant() {
        let slip = sample::change("R-1", "enable", &["siti.amina"], "", "");
        let said = warn(&slip, &[], State::Disabled);
        assert!(said.contains("did you mean siti.aminah@agensi.example?"), "{said}");
        let other = sample::change("R-1", "enable", &["rosli"], "", "");
        assert!(warn(&other, &[], State::Disabled).contains("no such account"));
    }

    #[test]
    fn a_contradiction_names_another_day() {
        let enables = sample::change("R-1", "enable", &["siti.aminah"], "2026-11-23", "");
        let ends = sample::change("R-2", "terminate", &["siti.aminah"], "", "");
        let policy = sample::policy("A", "");
        let found = find_warnings(&ends, &policy, &[enables], None, date(2026, 11, 23));
        let help = found[0].help.render(Language::English);
        assert!(help.contains("for example 2026-11-24"), "{help}");
    }
}
