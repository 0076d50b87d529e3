//! The story of a mailbox: what was asked, what decides, what the portal has, what is next.

use std::collections::{HashMap, HashSet};

use crate::domain::agency::Agency;
use crate::domain::calendar::local_day;
use crate::domain::desired;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle, Stage};
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::{Plan, Planned};
use crate::domain::request::RequestId;
use crate::domain::request::across::concerned_mailboxes;
use crate::ops::survey::Survey;
use crate::output::status::{MailboxTimeline, NoticeTimeline, RequestTimeline};

/// The mailboxes that a subject means in an agency; none where it is not of this agency.
pub(super) fn mailboxes_of(subject: &str, agency: &Agency) -> Vec<Mailbox> {
    let mut requests = agency.requests.iter();
    if let Some(request) = requests.find(|request| request.id.as_str() == subject) {
        let named = concerned_mailboxes(request, &agency.requests).iter();
        return named.map(|named| named.mailbox.clone()).collect();
    }
    Mailbox::parse(subject)
        .ok()
        .filter(|mailbox| agency.policy.owns(mailbox))
        .into_iter()
        .collect()
}

/// What is known of the mailboxes that are told of, by mailbox: a request may name ten thousand, among
/// the mailboxes of a hundred thousand requests.
pub(super) struct Index<'a> {
    survey: &'a Survey,
    planned: HashMap<&'a Mailbox, Planned<'a>>,
    about: HashMap<&'a Mailbox, Vec<About<'a>>>,
}

/// A request about a mailbox, and how far it has come there; a withdrawal names none.
type About<'a> = (&'a RequestLifecycle, Option<&'a MailboxLifecycle>);

impl<'a> Index<'a> {
    /// Of these mailboxes; `lifecycles` are those of all requests.
    pub(super) fn of(
        mailboxes: &'a [Mailbox],
        survey: &'a Survey,
        lives: &'a [RequestLifecycle],
    ) -> Self {
        let plan = survey.portal.as_ref().map(|(_, plan)| plan);
        Self {
            survey,
            planned: plan.map(Plan::by_mailbox).unwrap_or_default(),
            about: about(mailboxes.iter().collect(), lives),
        }
    }
}

/// The requests that name each mailbox, and those that withdraw them, in the order in which they
/// take effect; those without an approval last.
fn about<'a>(
    asked: HashSet<&Mailbox>,
    lives: &'a [RequestLifecycle],
) -> HashMap<&'a Mailbox, Vec<About<'a>>> {
    let mut withdrawals: HashMap<&RequestId, Vec<About<'_>>> = HashMap::new();
    for life in lives {
        if let Some(withdrawn) = life.request.withdraws() {
            withdrawals.entry(withdrawn).or_default().push((life, None));
        }
    }
    let mut about: HashMap<&Mailbox, Vec<About<'_>>> = HashMap::new();
    for life in lives {
        let mailboxes = life.mailboxes.iter();
        for here in mailboxes.filter(|here| asked.contains(&here.mailbox)) {
            let requests = about.entry(&here.mailbox).or_default();
            requests.push((life, Some(here)));
            requests.extend(withdrawals.get(&life.request.id).into_iter().flatten());
        }
    }
    for requests in about.values_mut() {
        requests.sort_by_key(|(life, _)| {
            let is_pending = life.request.day().is_none();
            (is_pending, desired::rank(&life.request))
        });
    }
    about
}

/// What is to be said of a mailbox.
pub(super) fn timeline(mailbox: &Mailbox, index: &Index<'_>) -> MailboxTimeline {
    let survey = index.survey;
    let wanted = survey.desired.get(mailbox);
    let about = index.about.get(mailbox).into_iter().flatten();
    let observed = survey.portal.as_ref().map(|(observed, _)| observed);
    let observed = observed.and_then(|observed| observed.get(mailbox));
    let next = match survey.portal {
        None => "nobody knows without the portal".to_owned(),
        Some(_) => next(index.planned.get(mailbox), wanted.is_some()),
    };
    let requests = about.map(|(life, here)| {
        let decides = wanted.is_some_and(|wanted| wanted.request.id == life.request.id);
        request_timeline(mailbox, (life, *here), survey, decides)
    });
    let wanted = wanted.map(|wanted| wanted.target);
    MailboxTimeline::of(mailbox, observed, wanted, next, requests.collect())
}

/// What the next run does about a mailbox.
fn next(planned: Option<&Planned<'_>>, wished: bool) -> String {
    match planned {
        Some(Planned::Change(change)) => {
            let why = if change.cause.is_drift() {
                " again, because it was done and is no longer so"
            } else {
                ""
            };
            let note = change.note.map(|note| format!("; {note}"));
            format!("{}{why}{}", change.target.verb(), note.unwrap_or_default())
        }
        Some(Planned::Blocked(blocked)) => format!("nothing, because {}", blocked.obstacle),
        Some(Planned::InProgress(item)) => match &item.handed_over {
            Some(handed_over) => format!(
                "nothing more; it was handed over on {}, and the portal's export does not show it yet",
                local_day(handed_over.at)
            ),
            None => format!("nothing yet; the portal is still {}", item.state),
        },
        None if wished => "nothing; it is as its requests say".to_owned(),
        None => "nothing; no approved request is due".to_owned(),
    }
}

fn request_timeline(
    mailbox: &Mailbox,
    (life, here): About<'_>,
    survey: &Survey,
    decides: bool,
) -> RequestTimeline {
    let request = &life.request;
    let standing = match life.stage {
        Stage::Withdrawn => "withdrawn",
        Stage::Pending => "pending",
        Stage::Scheduled => "scheduled",
        _ if request.withdraws().is_some() => "in-effect",
        _ if decides => "decides",
        _ => "superseded",
    };
    let concerns = |to: &str| {
        let from = request.received.from.as_ref();
        to == mailbox.as_str() || from.is_some_and(|from| to == from.as_str())
    };
    let given = survey.history.notices(request.id.as_str()).iter();
    let notices = given
        .filter(|given| concerns(&given.to))
        .map(NoticeTimeline::of);
    RequestTimeline::of(life, here, standing, notices.collect())
}
