//! Which notices are due: those for the current stage of a request that were not given yet. A notice
//! for a past stage is never due. Pure.

pub mod withdrawal;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Kind;
use super::addressee::Addressee;
use crate::domain::archive_state::Target;
use crate::domain::desired::effect_order;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle, Stage};
use crate::domain::local_time::{last_whole_day, local_day};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan::{Digest, Obstacle, rows_digest};
use crate::domain::record::enums::DeliveryOutcome;
use crate::domain::record::history::{History, NoticeDelivery};
use crate::domain::request::{Action, Request, RequestId};

/// What decides which notices are due.
#[derive(Clone, Copy)]
pub struct NoticeFacts<'a> {
    /// How far each request has come.
    pub lifecycles: &'a [RequestLifecycle],
    /// The notices that were given before.
    pub history: &'a History,
    /// No notices are given about requests received before this day.
    pub since: Date,
    /// The day.
    pub as_of: Date,
    /// For how many days the portal keeps a terminated archive, if the agency knows.
    pub recoverable_days: Option<u32>,
    /// What the portal has. A user without an account gets no notice.
    pub observed: Option<&'a Observed>,
    /// The requests whose notices someone asked to give again.
    pub again: &'a [RequestId],
    /// The recipient to give them to again; all if `None`.
    pub again_to: Option<&'a Mailbox>,
}

impl NoticeFacts<'_> {
    /// Whether someone asked to give this notice again.
    fn is_repeat_requested(&self, due: &DueNotice) -> bool {
        self.again.contains(&due.request.id) && self.again_to.is_none_or(|to| *to == due.to)
    }
}

/// A notice that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueNotice {
    /// The request that it is about.
    pub request: Arc<Request>,
    /// What it reports.
    pub kind: Kind,
    /// The recipient.
    pub to: Mailbox,
    /// The person of that address.
    pub addressee: Addressee,
    /// The mailboxes that it is about and that this recipient may see.
    pub mailboxes: Vec<NoticeMailbox>,
    /// Whether it was given before and someone asked to give it again.
    pub is_again: bool,
}

/// What a notice says about one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeMailbox {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The day on which it was done, if known.
    pub done_on: Option<Date>,
    /// The last day on which a terminated archive can be recovered, if it still can.
    pub recoverable_until: Option<Date>,
    /// Whether an earlier request enables it again, now that its termination is withdrawn.
    pub is_restored: bool,
    /// The notice that says that it is done: enabled or terminated, also if it was withdrawn since.
    pub done_kind: Kind,
    /// Why it cannot be done.
    pub obstacle: Option<Obstacle>,
}

/// The notices that are due, sorted by request, kind and recipient.
pub fn due_notices(facts: &NoticeFacts<'_>) -> Vec<DueNotice> {
    let now = current_notices(facts).into_iter();
    now.filter_map(|due| skip_if_delivered(facts, due)).collect()
}

/// The notices for current stages that were given, but it is not known whether they arrived, or a
/// mail server refused them.
pub fn unconfirmed_notices<'a>(facts: &NoticeFacts<'a>) -> Vec<(DueNotice, &'a NoticeDelivery)> {
    let now = current_notices(facts).into_iter();
    let given = now.filter_map(|due| {
        let given = find_delivery(facts, &due, due.kind)?;
        Some((due, given))
    });
    let unconfirmed = given.filter(|(due, given)| {
        use DeliveryOutcome::{Refused, Unknown};
        let is_open = matches!(given.outcome, Unknown | Refused);
        is_open && !given.is_under_way && !facts.is_repeat_requested(due)
    });
    unconfirmed.collect()
}

/// The notices for the current stages of all requests, given or not.
fn current_notices(facts: &NoticeFacts<'_>) -> Vec<DueNotice> {
    let (latest, restored) =
        (latest_requests(facts.lifecycles), restored_mailboxes(facts.lifecycles));
    let finder = NoticeFinder { facts, latest, restored };
    let lifecycles = facts.lifecycles.iter();
    let recent = lifecycles.filter(|lifecycle| lifecycle.request.received.date >= facts.since);
    let due = recent.flat_map(|lifecycle| finder.stage_notices(lifecycle));
    let mut due: Vec<DueNotice> = due.collect();
    due.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    due.dedup_by(|later, first| sort_key(later) == sort_key(first));
    due
}

fn sort_key(due: &DueNotice) -> (&RequestId, Kind, &Mailbox) {
    (&due.request.id, due.kind, &due.to)
}

/// The digest of a list of notices of one agency.
pub fn notice_list_digest(agency: &str, due: &[DueNotice]) -> Digest {
    let rows = due.iter().map(|due| {
        let mut row = vec![
            agency,
            due.request.id.as_str(),
            due.kind.as_str(),
            due.to.as_str(),
            due.request.received.channel.as_str(),
        ];
        row.extend(due.mailboxes.iter().map(|about| about.mailbox.as_str()));
        row
    });
    rows_digest("arkib.notify/1", rows)
}

/// Finds the current notices. Knows which request was last carried out on each mailbox.
struct NoticeFinder<'a> {
    facts: &'a NoticeFacts<'a>,
    latest: HashMap<&'a Mailbox, &'a Request>,
    /// The mailboxes that a request in effect has enabled, once or again, by the next run.
    restored: HashSet<&'a Mailbox>,
}

fn restored_mailboxes(lifecycles: &[RequestLifecycle]) -> HashSet<&Mailbox> {
    use Stage::{Blocked, InProgress, Waiting};
    let enabling = lifecycles.iter().filter(|of| of.request.target() == Some(Target::Enabled));
    let mailboxes = enabling.flat_map(|of| &of.mailboxes);
    let is_due = |of: &&MailboxLifecycle| {
        of.has_drifted || matches!(of.stage, Blocked | InProgress | Waiting)
    };
    mailboxes.filter(is_due).map(|of| &of.mailbox).collect()
}

fn latest_requests(lifecycles: &[RequestLifecycle]) -> HashMap<&Mailbox, &Request> {
    let mut latest: HashMap<&Mailbox, &Request> = HashMap::new();
    for lifecycle in lifecycles {
        let mailboxes = lifecycle.mailboxes.iter();
        for done in mailboxes.filter(|mailbox| mailbox.stage == Stage::Done) {
            let last = latest.entry(&done.mailbox).or_insert(&lifecycle.request);
            if effect_order(last) < effect_order(&lifecycle.request) {
                *last = &lifecycle.request;
            }
        }
    }
    latest
}

impl NoticeFinder<'_> {
    /// The notices for the current stage of a request, given or not.
    fn stage_notices(&self, lifecycle: &RequestLifecycle) -> Vec<DueNotice> {
        if let Action::Withdraw { .. } = lifecycle.request.action {
            return self.withdrawal_notices(lifecycle).unwrap_or_default();
        }
        let applicant = lifecycle.request.received.from.as_ref();
        let mailboxes = lifecycle.mailboxes.iter();
        let done: Vec<&MailboxLifecycle> =
            mailboxes.filter(|mailbox| self.is_still_done(lifecycle, mailbox)).collect();
        let users = lifecycle.mailboxes.iter();
        // What is about the person who had the address before is no business of another one.
        let users = users.filter(|user| {
            let is_another = matches!(user.obstacle, Some(Obstacle::AnotherAccount(_)));
            self.has_account(&user.mailbox) && !is_another
        });
        let mut due = Vec::new();
        for user in users {
            if self.is_still_done(lifecycle, user) {
                // An applicant who is a user also sees the other mailboxes.
                let is_applicant = applicant == Some(&user.mailbox);
                let shown = if is_applicant { &done[..] } else { &[user] };
                let kind = Kind::completion_kind(&lifecycle.request);
                due.push(self.build_notice(lifecycle, kind, &user.mailbox, shown));
            }
            // Before the end, users are notified only if no applicant is named.
            let kind =
                kind_of_stage(&lifecycle.request, user.stage).filter(|kind| !kind.is_final());
            if let Some(kind) = kind
                .filter(|kind| applicant.is_none() && self.covers_mailbox(lifecycle, user, *kind))
            {
                due.push(self.build_notice(lifecycle, kind, &user.mailbox, &[user]));
            }
        }
        due.extend(applicant.and_then(|applicant| self.applicant_notice(lifecycle, applicant)));
        due
    }

    fn has_account(&self, user: &Mailbox) -> bool {
        let observed = self.facts.observed;
        observed.is_some_and(|observed| observed.find_mailbox(user).is_some())
    }

    /// The applicant's notice about the whole request. An applicant who is also a user gets the final
    /// notice as a user.
    fn applicant_notice(&self, lifecycle: &RequestLifecycle, to: &Mailbox) -> Option<DueNotice> {
        let kind = kind_of_stage(&lifecycle.request, lifecycle.stage)?;
        let mailboxes = lifecycle.mailboxes.iter();
        // A notice about a drifted archive would be wrong; the next run corrects the archive.
        let is_left_out =
            |mailbox: &MailboxLifecycle| mailbox.mailbox == *to || mailbox.has_drifted;
        if kind.is_final() && mailboxes.clone().any(is_left_out) {
            return None;
        }
        let covered = mailboxes.filter(|mailbox| self.covers_mailbox(lifecycle, mailbox, kind));
        let covered: Vec<&MailboxLifecycle> = covered.collect();
        (!covered.is_empty()).then(|| self.build_notice(lifecycle, kind, to, &covered))
    }

    /// Whether a notice of that kind covers this mailbox.
    fn covers_mailbox(
        &self,
        lifecycle: &RequestLifecycle,
        mailbox: &MailboxLifecycle,
        kind: Kind,
    ) -> bool {
        match kind {
            // A repair of what was done before is no news to its user.
            Kind::Approved => {
                mailbox.done_at.is_none()
                    && kind_of_stage(&lifecycle.request, mailbox.stage) == Some(Kind::Approved)
            }
            Kind::Received | Kind::Withdrawn => true,
            Kind::Blocked => mailbox.stage == Stage::Blocked,
            Kind::Enabled | Kind::Terminated => self.is_still_done(lifecycle, mailbox),
        }
    }

    /// Whether it is done and still so: a notice about what was undone would be wrong.
    fn is_still_done(&self, lifecycle: &RequestLifecycle, mailbox: &MailboxLifecycle) -> bool {
        let latest = self.latest.get(&mailbox.mailbox);
        let is_still_so = latest.is_none_or(|last| {
            effect_order(last) <= effect_order(&lifecycle.request)
                || last.target() == lifecycle.request.target()
        });
        mailbox.stage == Stage::Done
            && mailbox.is_as_requested
            && !mailbox.has_drifted
            && is_still_so
    }

    /// A notice to one recipient about some mailboxes of a request.
    fn build_notice(
        &self,
        lifecycle: &RequestLifecycle,
        kind: Kind,
        to: &Mailbox,
        mailboxes: &[&MailboxLifecycle],
    ) -> DueNotice {
        let about = mailboxes.iter().map(|mailbox| self.describe_mailbox(lifecycle, mailbox));
        self.new_due_notice(lifecycle, kind, to, about.collect())
    }

    /// What a notice says about a mailbox of a request.
    fn describe_mailbox(
        &self,
        lifecycle: &RequestLifecycle,
        mailbox: &MailboxLifecycle,
    ) -> NoticeMailbox {
        // What was withdrawn is no longer followed to its end: the portal may have failed at it.
        let archive = self.facts.observed.and_then(|all| all.find_mailbox(&mailbox.mailbox));
        let is_otherwise = lifecycle
            .request
            .target()
            .is_some_and(|target| archive.is_some_and(|archive| !target.is_met_by(&archive.state)));
        let is_done = match mailbox.stage {
            Stage::Withdrawn => !is_otherwise,
            stage => stage == Stage::Done,
        };
        // A repair is not the day of the request, but the portal keeps the archive from then on.
        let kept = || {
            let days = self.facts.recoverable_days?;
            mailbox.last_done_at?.checked_add((i64::from(days) * 24).hours()).ok()
        };
        let is_absent = is_done
            && mailbox.is_as_requested
            && lifecycle.request.target() == Some(Target::Terminated);
        let until = mailbox.recoverable_until.or_else(kept).and_then(last_whole_day);
        let is_restored = mailbox.stage == Stage::Withdrawn
            && is_absent
            && self.restored.contains(&mailbox.mailbox);
        NoticeMailbox {
            mailbox: mailbox.mailbox.clone(),
            done_on: mailbox.done_at.map(local_day).filter(|_| is_done),
            recoverable_until: until
                .filter(|day| is_absent && !is_restored && *day >= self.facts.as_of),
            is_restored,
            done_kind: Kind::completion_kind(&lifecycle.request),
            obstacle: mailbox.obstacle.clone(),
        }
    }

    fn new_due_notice(
        &self,
        lifecycle: &RequestLifecycle,
        kind: Kind,
        to: &Mailbox,
        mailboxes: Vec<NoticeMailbox>,
    ) -> DueNotice {
        let request = &lifecycle.request;
        let requests: Vec<&Request> = [Some(request), lifecycle.withdraws.as_ref()]
            .into_iter()
            .flatten()
            .map(|r| &**r)
            .collect();
        DueNotice {
            request: Arc::clone(request),
            kind,
            to: to.clone(),
            addressee: Addressee::find(to, &requests, self.facts.observed),
            mailboxes,
            is_again: false,
        }
    }
}

/// The kind of notice of a stage.
fn kind_of_stage(request: &Request, stage: Stage) -> Option<Kind> {
    match stage {
        Stage::Pending => Some(Kind::Received),
        Stage::Scheduled | Stage::Waiting | Stage::InProgress => Some(Kind::Approved),
        Stage::Blocked => Some(Kind::Blocked),
        Stage::Done => Some(Kind::completion_kind(request)),
        Stage::Superseded | Stage::Withdrawn => None,
    }
}

/// The given notice of that kind about the same request for the same recipient. A deferred notice was
/// not given.
fn find_delivery<'a>(
    facts: &NoticeFacts<'a>,
    due: &DueNotice,
    kind: Kind,
) -> Option<&'a NoticeDelivery> {
    let (request, to) = (due.request.id.as_str(), due.to.as_str());
    let given = facts.history.notice(request, kind, to);
    given.filter(|given| given.is_under_way || given.outcome != DeliveryOutcome::Deferred)
}

/// The notice, unless it or the final notice was given already.
fn skip_if_delivered(facts: &NoticeFacts<'_>, mut due: DueNotice) -> Option<DueNotice> {
    let before = find_delivery(facts, &due, due.kind);
    if before.is_some_and(|given| given.is_under_way) {
        return None;
    }
    if facts.is_repeat_requested(&due) {
        due.is_again = before.is_some();
        return Some(due);
    }
    // An obstacle is news even after a final notice about another mailbox.
    let is_early = matches!(due.kind, Kind::Received | Kind::Approved);
    let mut last = Kind::ALL.into_iter().filter(|kind| kind.is_final());
    let is_late = is_early && last.any(|kind| find_delivery(facts, &due, kind).is_some());
    (before.is_none() && !is_late).then_some(due)
}
