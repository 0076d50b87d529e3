//! The timeline of a mailbox: its requests, which one decides, the state in the portal, what is next.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domain::agency::Agency;
use crate::domain::desired;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle, Stage};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::notice::due::withdrawal::describe_waiting;
use crate::domain::plan::{Plan, PlanEntry};
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::domain::request::{Request, RequestId};
use crate::language::Message;
use crate::ops::agency_state::AgencyState;
use crate::output::status::{MailboxTimeline, NoticeDeliveryOutput, RequestStatusOutput};

/// The most approvers that are named.
const MOST_APPROVERS: usize = 3;

/// The mailboxes of an agency that a subject means; empty if it belongs to another agency.
pub(super) fn mailboxes_of_subject(subject: &str, agency: &Agency) -> Vec<Mailbox> {
    let mut requests = agency.requests.iter();
    if let Some(request) = requests.find(|request| request.id.as_str() == subject) {
        let named = concerned_mailboxes(request, &agency.requests).iter();
        return named.map(|named| named.mailbox.clone()).collect();
    }
    Mailbox::parse(subject)
        .ok()
        .filter(|mailbox| agency.policy.owns_domain_of(mailbox))
        .into_iter()
        .collect()
}

/// The data of the mailboxes to show, by mailbox: a request may name ten thousand of them, and there may
/// be a hundred thousand requests.
pub(super) struct MailboxIndex<'a> {
    agency_state: &'a AgencyState,
    approvers: &'a [Mailbox],
    planned: HashMap<&'a Mailbox, PlanEntry<'a>>,
    waiting: Vec<(&'a RequestId, Vec<&'a Mailbox>)>,
    about: HashMap<&'a Mailbox, Vec<RequestProgress<'a>>>,
}

/// A request about a mailbox, and how far it has come there; a withdrawal names none.
type RequestProgress<'a> = (&'a RequestLifecycle, Option<&'a MailboxLifecycle>);

impl<'a> MailboxIndex<'a> {
    /// The index of these mailboxes; `lifecycles` are those of all requests.
    pub(super) fn new(
        mailboxes: &'a [Mailbox],
        agency_state: &'a AgencyState,
        agency: &'a Agency,
        lifecycles: &'a [RequestLifecycle],
    ) -> Self {
        let plan = agency_state.portal.as_ref().map(|(_, plan)| plan);
        Self {
            agency_state,
            approvers: &agency.policy.approvers,
            planned: plan.map(Plan::by_mailbox).unwrap_or_default(),
            waiting: agency_state.waiting_withdrawals(agency, lifecycles),
            about: requests_by_mailbox(mailboxes.iter().collect(), lifecycles),
        }
    }
}

/// The requests that name each mailbox, and those that withdraw them, in the order in which they take
/// effect; requests without approval come last.
fn requests_by_mailbox<'a>(
    asked: HashSet<&Mailbox>,
    lifecycles: &'a [RequestLifecycle],
) -> HashMap<&'a Mailbox, Vec<RequestProgress<'a>>> {
    let mut withdrawals: HashMap<&RequestId, Vec<RequestProgress<'_>>> = HashMap::new();
    for lifecycle in lifecycles {
        if let Some(withdrawn) = lifecycle.request.withdraws() {
            withdrawals.entry(withdrawn).or_default().push((lifecycle, None));
        }
    }
    let mut about: HashMap<&Mailbox, Vec<RequestProgress<'_>>> = HashMap::new();
    for lifecycle in lifecycles {
        let mailboxes = lifecycle.mailboxes.iter();
        for here in mailboxes.filter(|here| asked.contains(&here.mailbox)) {
            let requests = about.entry(&here.mailbox).or_default();
            requests.push((lifecycle, Some(here)));
            requests.extend(withdrawals.get(&lifecycle.request.id).into_iter().flatten());
        }
    }
    for requests in about.values_mut() {
        requests.sort_by_key(|(lifecycle, _)| {
            let is_pending = lifecycle.request.effect_day().is_none();
            (is_pending, desired::effect_order(&lifecycle.request))
        });
    }
    about
}

/// The timeline of a mailbox.
pub(super) fn timeline(mailbox: &Mailbox, index: &MailboxIndex<'_>) -> MailboxTimeline {
    let agency_state = index.agency_state;
    let wanted = agency_state.desired.find_mailbox(mailbox);
    let about = index.about.get(mailbox).map_or(&[][..], Vec::as_slice);
    let observed = agency_state.portal.as_ref().map(|(observed, _)| observed);
    let observed = observed.and_then(|observed| observed.find_mailbox(mailbox));
    let next = match agency_state.portal {
        None => message!("status-next-unknown"),
        Some(_) => match index.planned.get(mailbox) {
            Some(planned) => describe_next_step(planned),
            None => describe_later_step(about, wanted.is_some(), index.approvers),
        },
    };
    let waits = index.waiting.iter().filter(|(_, about)| about.contains(&mailbox));
    let waits = waits.map(|(id, about)| describe_waiting(id, about));
    let next = Message::joined([next].into_iter().chain(waits), "; ");
    let requests = about.iter().map(|(lifecycle, here)| {
        let decides = wanted.is_some_and(|wanted| wanted.request.id == lifecycle.request.id);
        request_timeline(mailbox, (lifecycle, *here), agency_state, decides)
    });
    let wanted = wanted.map(|wanted| wanted.target);
    MailboxTimeline::new(mailbox, observed, wanted, next, requests.collect())
}

/// What the next run does with a mailbox.
fn describe_next_step(planned: &PlanEntry<'_>) -> Message {
    match planned {
        PlanEntry::Change(change) => {
            let verb = Message::from_word(change.target.verb());
            let next = match change.cause.is_drift() {
                true => message!("status-next-again", verb),
                false => verb,
            };
            Message::joined(std::iter::once(next).chain(change.remark()), "; ")
        }
        PlanEntry::Blocked(blocked) => {
            message!("status-next-blocked", obstacle = blocked.obstacle.describe())
        }
        PlanEntry::InProgress(item) => match &item.handed_over {
            Some(handed_over) => {
                message!("status-next-handed-over", handed = handed_over.describe())
            }
            None => {
                let state = Message::from_word(item.state.as_str());
                message!("status-next-in-progress", state)
            }
        },
    }
}

/// What becomes of a mailbox with which the next run does nothing.
fn describe_later_step(
    about: &[RequestProgress<'_>],
    is_wanted: bool,
    approvers: &[Mailbox],
) -> Message {
    let at = |stage: Stage| {
        let requests = about.iter().map(|(lifecycle, _)| lifecycle);
        requests.filter(move |lifecycle| lifecycle.stage == stage).map(|found| &found.request)
    };
    let scheduled = at(Stage::Scheduled).min_by_key(|request| request.effect_day());
    let step = |request: &Arc<Request>| {
        let verb = Message::from_word(request.target()?.verb());
        let id = &request.id;
        Some(match request.effect_day() {
            Some(day) => message!("status-next-on-day", verb, day, id),
            None => match possible_approvers(request, approvers) {
                nobody if nobody.is_empty() => message!("status-next-once-approved", verb, id),
                approvers => message!("status-next-once-approved-by", verb, id, approvers),
            },
        })
    };
    scheduled.into_iter().chain(at(Stage::Pending)).find_map(step).unwrap_or_else(
        || match is_wanted {
            true => message!("status-next-as-wanted"),
            false => message!("status-next-nothing-due"),
        },
    )
}

/// Who may approve a request and has not done so: the first of them.
fn possible_approvers(request: &Request, approvers: &[Mailbox]) -> String {
    let may = |by: &&Mailbox| {
        let named = request.mailboxes().iter().map(|named| &named.mailbox);
        let mut others = named
            .chain(&request.received.from)
            .chain(request.approvals.iter().map(|given| &given.by));
        !others.any(|other| other == *by)
    };
    let able: Vec<&str> = approvers.iter().filter(may).map(Mailbox::as_str).collect();
    let more = if able.len() > MOST_APPROVERS { ", …" } else { "" };
    able[..able.len().min(MOST_APPROVERS)].join(", ") + more
}

fn request_timeline(
    mailbox: &Mailbox,
    (lifecycle, here): RequestProgress<'_>,
    agency_state: &AgencyState,
    decides: bool,
) -> RequestStatusOutput {
    let request = &lifecycle.request;
    let standing = match lifecycle.stage {
        Stage::Withdrawn => "withdrawn",
        Stage::Pending => "pending",
        Stage::Scheduled => "scheduled",
        _ if request.withdraws().is_some() => "in-effect",
        _ if decides => "decides",
        _ => "superseded",
    };
    // The notice of a withdrawal goes to the applicant of the withdrawn request.
    let asked = [Some(request), lifecycle.withdraws.as_ref()].into_iter().flatten();
    let applicants: Vec<&Mailbox> = asked.filter_map(|one| one.received.from.as_ref()).collect();
    let concerns =
        |to: &str| to == mailbox.as_str() || applicants.iter().any(|from| to == from.as_str());
    let given = agency_state.history.notices(request.id.as_str()).iter();
    let notices = given.filter(|given| concerns(&given.to)).map(NoticeDeliveryOutput::new);
    RequestStatusOutput::new(lifecycle, here, standing, notices.collect())
}
