//! The story of a mailbox: what was asked, what decides, what the portal has, what is next.

use std::collections::HashMap;

use crate::calendar::local_day;
use crate::commands::survey::Survey;
use crate::desired;
use crate::lifecycle::{Life, Stage};
use crate::mailbox::Mailbox;
use crate::plan::{self, Plan};
use crate::report::status::{MailboxStory, NoticeStory, PortalStory, RequestStory};
use crate::request::across::concerned;
use crate::request::reader::Agency;
use crate::request::{Action, Request, RequestId};

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

/// What is to be said of a mailbox; `lives` are those of all requests.
pub(super) fn story(
    mailbox: &Mailbox,
    agency: &Agency,
    survey: &Survey,
    lives: &HashMap<&RequestId, &Life>,
) -> MailboxStory {
    let desired = &survey.desired;
    let wish = desired.wishes.iter().find(|wish| wish.mailbox == *mailbox);
    let requests = requests_about(mailbox, agency);
    let observed = survey.portal.as_ref().map(|(observed, _)| observed);
    let seen = observed.and_then(|observed| observed.get(mailbox));
    let plan = survey.portal.as_ref().map(|(_, plan)| plan);
    MailboxStory {
        mailbox: mailbox.to_string(),
        portal: seen.map(|seen| PortalStory {
            state: seen.state.to_string(),
            account: seen.account.as_str().to_owned(),
            request: seen.request.as_deref().map(str::to_owned),
            changed_at: seen.changed_at.map(|at| at.to_string()),
            recoverable_until: seen.recoverable_until.map(|at| at.to_string()),
            hold: seen.hold,
        }),
        wanted: wish.map(|wish| wish.target.state()),
        next: plan.map_or_else(
            || "nobody knows without the portal".to_owned(),
            |plan| next(mailbox, plan, wish.is_some()),
        ),
        requests: requests
            .into_iter()
            .filter_map(|request| lives.get(&request.id))
            .map(|life| {
                let decides = wish.is_some_and(|wish| wish.request.id == life.request.id);
                request_story(life, mailbox, survey, decides)
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
            plan::Cause::Drift | plan::Cause::Recorded => {
                " again, because it was done and is no longer so"
            }
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
        return match &item.handed_over {
            Some(it) => format!(
                "nothing more; it was handed over on {}, and the portal's report does not show it yet",
                crate::calendar::local_day(it.at)
            ),
            None => format!("nothing yet; the portal is still {}", item.state),
        };
    }
    if wished {
        "nothing; it is as its requests say".to_owned()
    } else {
        "nothing; no approved request is due".to_owned()
    }
}

fn request_story(life: &Life, mailbox: &Mailbox, survey: &Survey, decides: bool) -> RequestStory {
    let request = &life.request;
    let here = life.mailboxes.iter().find(|it| it.mailbox == *mailbox);
    let withdraws = match &request.action {
        Action::Withdraw { withdraws } => Some(withdraws.to_string()),
        Action::Change { .. } => None,
    };
    let standing = match life.stage {
        Stage::Withdrawn => "withdrawn",
        Stage::Redacted => "redacted",
        Stage::Pending => "pending",
        Stage::Scheduled => "scheduled",
        _ if withdraws.is_some() => "in-effect",
        _ if decides => "decides",
        _ => "superseded",
    };
    let approval = request.approval.as_ref();
    let concerns = |to: &str| {
        let from = request.received.from.as_ref();
        to == mailbox.as_str() || from.is_some_and(|from| to == from.as_str())
    };
    let done_at = here.and_then(|here| here.done_at);
    let given = survey.history.notices(request.id.as_str()).iter();
    RequestStory {
        request: request.id.to_string(),
        action: request.action_word(),
        standing,
        stage: here.map_or(life.stage, |here| here.stage).as_str(),
        done_at: done_at.map(|at| at.to_string()),
        done_on: done_at.map(|at| local_day(at).to_string()),
        trouble: here.and_then(|here| {
            let (outcome, cause) = here.trouble.as_ref()?;
            let cause = cause.iter().map(|cause| format!(": {cause}"));
            Some(format!("{outcome}{}", cause.collect::<String>()))
        }),
        notices: given
            .filter(|(key, _)| concerns(&key.2))
            .map(|(key, given)| NoticeStory::of(key, given))
            .collect(),
        withdraws,
        withdrawn_by: life.withdrawn_by.as_ref().map(ToString::to_string),
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
