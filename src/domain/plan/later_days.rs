//! What a pull request brings after its day: the fold and the plan of each later day on which a request
//! about its mailboxes takes effect, compared with those of the base. Pure.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::{Plan, PlanEntry, diff};
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::Target;
use crate::domain::desired::{Desired, DesiredMailbox, fold_requests};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;
use crate::domain::request::approval_state::MissingApprovals;
use crate::domain::request::{Request, RequestId, RequestedMailbox};
use crate::language::Message;

/// What happens to a mailbox on a later day. Terminations come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaterDayEffect {
    /// Its archive is terminated.
    Terminated,
    /// Its archive is enabled.
    Enabled,
    /// The base would have changed it to this.
    Prevented(Target),
    /// No request decides about it any more.
    Ended,
}

/// A mailbox and the day on which something changes for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterDayChange {
    /// What happens.
    pub effect: LaterDayEffect,
    /// From which day on.
    pub day: Date,
    /// To which mailbox.
    pub mailbox: Mailbox,
    /// The request that decides; or that would have decided, or did until then.
    pub request: Arc<Request>,
    /// The line of the request's file that names the mailbox.
    pub line: u32,
    /// Whether the base has it, too: it happens with or without the pull request.
    pub is_on_base: bool,
    /// The approvals without which it does not happen, if its request is still pending.
    pub waits: Option<MissingApprovals>,
    /// What a reviewer should know: what stands in its way today, or what happens to the archive.
    pub remark: Option<Message>,
}

impl LaterDayChange {
    pub(super) fn new(effect: LaterDayEffect, day: Date, wanted: &DesiredMailbox) -> Self {
        Self {
            effect,
            day,
            mailbox: wanted.mailbox.clone(),
            request: Arc::clone(&wanted.request),
            line: wanted.line,
            is_on_base: false,
            waits: None,
            remark: None,
        }
    }
}

/// The mailboxes for which a pull request, or the base, has something on a later day, and the requests
/// about them on both sides.
#[derive(Debug)]
pub struct LaterDayPlanner {
    as_of: Date,
    /// Sorted.
    pub mailboxes: Vec<Mailbox>,
    base: Vec<Arc<Request>>,
    head: Vec<Arc<Request>>,
    /// The approvals that do not count.
    pub unverified: UnverifiedApprovals,
    /// The requests that are planned as if they were approved, and what they wait for.
    waiting: HashMap<RequestId, MissingApprovals>,
}

impl LaterDayPlanner {
    /// Finds the mailboxes of the requests that `head` adds, approves or withdraws, and those that the
    /// base may terminate later.
    pub fn new<'a>(base: &'a [Arc<Request>], head: &'a [Arc<Request>], as_of: Date) -> Self {
        let is_later = |request: &Request| request.effect_day().is_some_and(|day| day > as_of);
        let mut days = Self {
            as_of,
            mailboxes: Vec::new(),
            base: Vec::new(),
            head: Vec::new(),
            unverified: UnverifiedApprovals::new(),
            waiting: HashMap::new(),
        };
        if !base.iter().chain(head).any(|request| is_later(request)) {
            return days;
        }
        let [on_base, on_head] = [base, head].map(requests_by_id);
        let added = head.iter().filter(|request| on_base.get(&request.id) != Some(request));
        let gone = base.iter().filter(|request| !on_head.contains_key(&request.id));
        // A withdrawal may make an older termination count again.
        let ends = |request: &&Arc<Request>| {
            request.target() != Some(Target::Enabled) && is_later(request)
        };
        let changed = added.chain(gone).chain(base.iter().filter(ends));
        let concerned = changed.flat_map(|request| {
            [&on_head, &on_base].into_iter().flat_map(|side| mailboxes_of_request(request, side))
        });
        let concerned: HashSet<&Mailbox> = concerned.map(|named| &named.mailbox).collect();
        let mut later: BTreeSet<&Mailbox> = BTreeSet::new();
        let mut about = |side: &'a [Arc<Request>], known: &ById<'a>| {
            let each = side.iter().filter(|request| {
                let mailboxes =
                    mailboxes_of_request(request, known).iter().map(|named| &named.mailbox);
                let mut mailboxes =
                    mailboxes.filter(|mailbox| concerned.contains(mailbox)).peekable();
                let is_about = mailboxes.peek().is_some();
                if is_later(request) {
                    later.extend(mailboxes);
                }
                is_about
            });
            each.cloned().collect::<Vec<Arc<Request>>>()
        };
        days.base = about(base, &on_base);
        days.head = about(head, &on_head);
        days.mailboxes = later.into_iter().cloned().collect();
        days
    }

    /// What the pending requests would bring, from `as_of` on, if they were approved on that day.
    pub fn once_approved(requests: &[Arc<Request>], pending: &[Arc<Request>], as_of: Date) -> Self {
        let waiting = pending
            .iter()
            .filter_map(|request| Some((request.id.clone(), request.missing_approvals()?.clone())));
        let waiting: HashMap<RequestId, MissingApprovals> = waiting.collect();
        let approve = |request: &Arc<Request>| match waiting.contains_key(&request.id) {
            false => Arc::clone(request),
            true => Arc::new(request.as_approved_on(as_of.max(request.received.date))),
        };
        let (base, head) = match waiting.is_empty() {
            true => (&[][..], Vec::new()),
            false => (requests, requests.iter().map(approve).collect()),
        };
        let yesterday = as_of.yesterday().unwrap_or(as_of);
        Self { waiting, ..Self::new(base, &head, yesterday) }
    }

    /// The requests of later days: their approvals are to be verified where the policy requires it.
    pub fn later_requests(&self) -> Vec<&Arc<Request>> {
        let is_later = |day: Date| day > self.as_of;
        self.head.iter().filter(|request| request.effect_day().is_some_and(is_later)).collect()
    }

    /// What happens on the later days: terminations first, then by day and mailbox. Each day is planned
    /// as if everything before it had been carried out.
    pub fn changes(&self, observed: &Observed, policy: &Policy) -> Vec<LaterDayChange> {
        let mut found = Vec::new();
        if self.mailboxes.is_empty() {
            return found;
        }
        let requests = self.base.iter().chain(&self.head);
        let days = requests.filter_map(|request| request.effect_day());
        let days: BTreeSet<Date> = days.filter(|day| *day > self.as_of).collect();
        let nothing = fold_requests(&[], self.as_of, &self.unverified);
        let mut before = self.fold(self.as_of);
        let mut observed = observed.clone().keep_only(&self.mailboxes);
        observed = assume_applied(self.plan_new(&nothing, &before[1], &observed, policy), observed);
        for day in days {
            let now = self.fold(day);
            let plan = self.plan_new(&before[1], &now[1], &observed, policy);
            let planned = plan.by_mailbox();
            found.extend(self.mailboxes.iter().filter_map(|mailbox| {
                let change = compare(day, mailbox, &before, &now)?;
                let remark = remark(&change, &before[1], &now[1], planned.get(mailbox).copied());
                let waits = self.missing_approvals(&change);
                Some(LaterDayChange { remark, waits, ..change })
            }));
            observed = assume_applied(plan, observed);
            before = now;
        }
        // What happens without the approvals is not theirs.
        found.retain(|change| change.waits.is_none() || !change.is_on_base);
        found.sort_by(|a, b| {
            let key = |change: &LaterDayChange| (change.effect, change.is_on_base, change.day);
            key(a).cmp(&key(b)).then_with(|| a.mailbox.cmp(&b.mailbox))
        });
        found
    }

    /// What a change waits for. (Where a withdrawal makes another request count, its own is not known.)
    fn missing_approvals(&self, change: &LaterDayChange) -> Option<MissingApprovals> {
        let own = self.waiting.get(&change.request.id).cloned();
        (!self.waiting.is_empty()).then(|| own.unwrap_or_default())
    }

    /// The plan of what is decided otherwise than the day before.
    fn plan_new(
        &self,
        before: &Desired,
        now: &Desired,
        observed: &Observed,
        policy: &Policy,
    ) -> Plan {
        let mut new = now.clone();
        new.mailboxes.retain(|wanted| {
            let is_concerned = self.mailboxes.binary_search(&wanted.mailbox).is_ok();
            is_concerned && decision(before.find_mailbox(&wanted.mailbox)) != decision(Some(wanted))
        });
        diff::plan_changes(&new, observed, policy)
    }

    /// The desired states of base and head on a day.
    fn fold(&self, day: Date) -> [Desired; 2] {
        [&self.base, &self.head].map(|requests| fold_requests(requests, day, &self.unverified))
    }
}

fn assume_applied(plan: Plan, observed: Observed) -> Observed {
    let changes = plan.changes.iter();
    observed.with_targets_met(changes.map(|change| (&change.mailbox, change.target)))
}

type ById<'a> = HashMap<&'a RequestId, &'a Arc<Request>, RandomState>;

fn requests_by_id(requests: &[Arc<Request>]) -> ById<'_> {
    requests.iter().map(|request| (&request.id, request)).collect()
}

/// The mailboxes that a request is about; for a withdrawal those of the withdrawn request.
fn mailboxes_of_request<'a>(request: &'a Request, side: &ById<'a>) -> &'a [RequestedMailbox] {
    let withdrawn = request.withdraws().and_then(|id| side.get(id));
    withdrawn.map_or(request.mailboxes(), |withdrawn| withdrawn.mailboxes())
}

/// What is decided about a mailbox.
fn decision(wanted: Option<&DesiredMailbox>) -> Option<(Target, &RequestId)> {
    wanted.map(|wanted| (wanted.target, &wanted.request.id))
}

/// What a day changes for a mailbox: in the head, or only in the base. `before` and `now` are the desired
/// states of base and head on the day before it and on it.
fn compare(
    day: Date,
    mailbox: &Mailbox,
    before: &[Desired; 2],
    now: &[Desired; 2],
) -> Option<LaterDayChange> {
    let [was_on_base, was] = before.each_ref().map(|side| side.find_mailbox(mailbox));
    let [on_base, is] = now.each_ref().map(|side| side.find_mailbox(mailbox));
    let is_on_base = decision(is) == decision(on_base);
    let change = match (is, was) {
        _ if decision(is) == decision(was) => {
            let prevented = on_base.filter(|_| decision(on_base) != decision(was_on_base))?;
            let effect = LaterDayEffect::Prevented(prevented.target);
            return (!is_on_base).then(|| LaterDayChange::new(effect, day, prevented));
        }
        (Some(wanted), _) => {
            let effect = match wanted.target {
                Target::Terminated => LaterDayEffect::Terminated,
                Target::Enabled => LaterDayEffect::Enabled,
            };
            LaterDayChange::new(effect, day, wanted)
        }
        (None, Some(was)) => LaterDayChange::new(LaterDayEffect::Ended, day, was),
        (None, None) => return None,
    };
    // What the base also does is only shown where it terminates.
    let is_shown = !is_on_base || change.effect == LaterDayEffect::Terminated;
    is_shown.then_some(LaterDayChange { is_on_base, ..change })
}

fn remark(
    change: &LaterDayChange,
    before: &Desired,
    now: &Desired,
    planned: Option<PlanEntry<'_>>,
) -> Option<Message> {
    let decided = before.find_mailbox(&change.mailbox).map(|was| &was.request.id);
    let withdrawn = decided.filter(|id| now.withdrawn.binary_search(id).is_ok());
    let withdrawn = withdrawn.map(|id| message!("plan-request-withdrawn", request = id.as_str()));
    let outlook = match (change.effect, planned) {
        (LaterDayEffect::Prevented(_) | LaterDayEffect::Ended, _) => None,
        (_, None) => Some(message!("plan-met-today")),
        (_, Some(PlanEntry::Change(change))) => change.remark(),
        (_, Some(PlanEntry::Blocked(blocked))) => {
            Some(message!("plan-today", what = blocked.obstacle.describe()))
        }
        (_, Some(PlanEntry::InProgress(item))) => {
            Some(message!("plan-today", what = Message::from_word(item.state.as_str())))
        }
    };
    let remarks: Vec<Message> = withdrawn.into_iter().chain(outlook).collect();
    (!remarks.is_empty()).then(|| Message::joined(remarks, "; "))
}
