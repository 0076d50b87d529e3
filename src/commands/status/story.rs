//! The story of a mailbox: what was asked, what decides, what the portal has, what is next.

use jiff::civil::Date;

use crate::desired::{self, Desired};
use crate::mailbox::Mailbox;
use crate::observed::Observed;
use crate::plan::{self, Plan};
use crate::report::status::{MailboxStory, PortalStory, RequestStory};
use crate::request::across::concerned;
use crate::request::reader::Agency;
use crate::request::{Action, Request};

/// The mailboxes that a subject means in an agency; none where it is not of this agency.
pub(super) fn mailboxes_of(subject: &str, agency: &Agency) -> Vec<Mailbox> {
    if let Some(request) = agency
        .requests
        .iter()
        .find(|request| request.id.as_str() == subject)
    {
        let named = concerned(request, &agency.requests).iter();
        return named.map(|named| named.mailbox.clone()).collect();
    }
    Mailbox::parse(subject)
        .ok()
        .filter(|mailbox| agency.policy.owns(mailbox))
        .into_iter()
        .collect()
}

/// What is to be said of a mailbox.
pub(super) fn story(
    mailbox: &Mailbox,
    agency: &Agency,
    desired: &Desired,
    observed: &Observed,
    plan: &Plan,
) -> MailboxStory {
    let wish = desired.wishes.iter().find(|wish| wish.mailbox == *mailbox);
    let requests = requests_about(mailbox, agency);
    MailboxStory {
        mailbox: mailbox.to_string(),
        portal: observed.get(mailbox).map(|seen| PortalStory {
            state: seen.state.to_string(),
            account: seen.account.as_str().to_owned(),
            request: seen.request.as_deref().map(str::to_owned),
            changed_at: seen.changed_at.map(|at| at.to_string()),
            recoverable_until: seen.recoverable_until.map(|at| at.to_string()),
            hold: seen.hold,
        }),
        wanted: wish.map(|wish| wish.target.state()),
        next: next(mailbox, plan, wish.is_some()),
        requests: requests
            .into_iter()
            .map(|request| {
                let decides = wish.is_some_and(|wish| wish.request.id == request.id);
                request_story(request, agency, desired.as_of, decides)
            })
            .collect(),
    }
}

/// The requests that name a mailbox, and those that withdraw them, in the order in which they
/// take effect; those without an approval last.
fn requests_about<'a>(mailbox: &Mailbox, agency: &'a Agency) -> Vec<&'a Request> {
    let names = |request: &Request| {
        let mut named = request.mailboxes().iter();
        named.any(|named| named.mailbox == *mailbox)
    };
    let all = || agency.requests.iter().map(AsRef::as_ref);
    let mut requests: Vec<&Request> = all()
        .filter(|request: &&Request| match &request.action {
            Action::Change { .. } => names(request),
            Action::Withdraw { withdraws } => {
                all().any(|other: &Request| other.id == *withdraws && names(other))
            }
        })
        .collect();
    requests.sort_by_key(|request| (request.day().is_none(), desired::rank(request)));
    requests
}

/// What the next run does about a mailbox.
fn next(mailbox: &Mailbox, plan: &Plan, wished: bool) -> String {
    if let Some(change) = plan
        .changes
        .iter()
        .find(|change| change.mailbox == *mailbox)
    {
        let note = change
            .note
            .map(|note| format!("; {note}"))
            .unwrap_or_default();
        let why = match change.cause {
            plan::Cause::Request => "",
            plan::Cause::Drift => " again, because it was done and is no longer so",
        };
        return format!("{}{why}{note}", change.target.verb());
    }
    if let Some(blocked) = plan
        .blocked
        .iter()
        .find(|blocked| blocked.mailbox == *mailbox)
    {
        return format!("nothing, because {}", blocked.obstacle);
    }
    if let Some(item) = plan
        .in_progress
        .iter()
        .find(|item| item.mailbox == *mailbox)
    {
        return format!("nothing yet; the portal is still {}", item.state);
    }
    if wished {
        "nothing; it is as its requests say".to_owned()
    } else {
        "nothing; no approved request is due".to_owned()
    }
}

fn request_story(request: &Request, agency: &Agency, as_of: Date, decides: bool) -> RequestStory {
    let withdrawn_by = agency.requests.iter().find(|other| {
        matches!(&other.action, Action::Withdraw { withdraws } if *withdraws == request.id)
            && other.day().is_some_and(|day| day <= as_of)
    });
    let withdraws = match &request.action {
        Action::Withdraw { withdraws } => Some(withdraws.to_string()),
        Action::Change { .. } => None,
    };
    let standing = match request.day() {
        _ if withdrawn_by.is_some() => "withdrawn",
        None => "pending",
        Some(day) if day > as_of => "scheduled",
        Some(_) if withdraws.is_some() => "in-effect",
        Some(_) if decides => "decides",
        Some(_) => "superseded",
    };
    let approval = request.approval.as_ref();
    RequestStory {
        request: request.id.to_string(),
        action: request.action_word(),
        standing,
        withdraws,
        withdrawn_by: withdrawn_by.map(|other| other.id.to_string()),
        received: request.received.date.to_string(),
        channel: request.received.channel.as_str(),
        reference: request.received.reference.clone(),
        from: request.received.from.as_ref().map(ToString::to_string),
        approved_by: approval.map(|approval| approval.by.to_string()),
        approved: approval.map(|approval| approval.date.to_string()),
        day: request.day().map(|day| day.to_string()),
        reason: request.reason.clone(),
        file: request.file.to_string(),
    }
}
