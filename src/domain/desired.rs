//! The desired state of each mailbox on a given day, from the approved requests. Pure.

#[cfg(test)]
mod keep_only_tests;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use itertools::{EitherOrBoth, Itertools as _};
use jiff::civil::Date;

use crate::domain::approval::verification::{UnverifiedApprovals, UnverifiedReason};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::{Mailbox, sort_by_mailbox};
use crate::domain::observed::MailboxFilter;
use crate::domain::request::cross_checks::withdrawn_requests;
use crate::domain::request::{Action, Request, RequestId};

/// The desired state of one mailbox, and the request that wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredMailbox {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The desired state of its archive.
    pub target: Target,
    /// The approved request that decides.
    pub request: Arc<Request>,
    /// The line in its file that names the mailbox.
    pub line: u32,
    /// Why its request is not carried out, if the approval is unverified.
    pub unverified: Option<Box<UnverifiedRequest>>,
}

/// A request whose approval is unverified, so that its mailboxes are not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedRequest {
    /// The request that decides, or one that withdraws it.
    pub request: RequestId,
    /// Why.
    pub reason: UnverifiedReason,
}

/// The desired state of an agency's mailboxes on a given day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The day.
    pub as_of: Date,
    /// Sorted by mailbox; one entry per mailbox.
    pub mailboxes: Vec<DesiredMailbox>,
    /// Requests without an approval, sorted by id.
    pub pending: Vec<Arc<Request>>,
    /// Approved requests that are not due yet, sorted by id.
    pub scheduled: Vec<Arc<Request>>,
    /// Of both, why an approval does not count.
    pub unverified: UnverifiedApprovals,
    /// Every mailbox in a request that was not withdrawn, due or not; sorted.
    pub named: Vec<Mailbox>,
    /// The requests that count as never made; sorted.
    pub withdrawn: Vec<RequestId>,
    /// How many archives all the requests keep, even if only some mailboxes are left here: the base
    /// of the percentage of terminations.
    pub kept: usize,
}

/// Folds the requests of an agency into the desired state. Their order does not matter: for each
/// mailbox the last request that is due wins, by the day of effect, then the day of approval, then
/// the id. Withdrawn and unapproved requests do not count. A withdrawal whose approval is unverified
/// withdraws nothing, but the request that it names is not carried out either.
pub fn fold_requests(
    requests: &[Arc<Request>],
    as_of: Date,
    unverified: &UnverifiedApprovals,
) -> Desired {
    let withdrawn_ids = withdrawn_requests(requests, as_of, unverified);
    let is_counted = |request: &&Arc<Request>| !withdrawn_ids.contains(&request.id);
    let counted = || requests.iter().filter(is_counted);

    let is_due = |request: &&Arc<Request>| request.effect_day().is_some_and(|day| day <= as_of);
    let mut mailboxes: Vec<DesiredMailbox> =
        counted().filter(is_due).flat_map(desired_mailboxes).collect();
    // For each mailbox the deciding request comes first, and is kept.
    sort_by_mailbox(
        &mut mailboxes,
        |wanted| &wanted.mailbox,
        |a, b| effect_order(&b.request).cmp(&effect_order(&a.request)),
    );
    mailboxes.dedup_by(|later, first| later.mailbox == first.mailbox);
    if !unverified.is_empty() {
        mark_unverified(unverified, &mut mailboxes, requests, as_of);
    }

    let mut withdrawn: Vec<RequestId> = withdrawn_ids.iter().cloned().collect();
    withdrawn.sort_unstable();

    let mut named: Vec<Mailbox> = counted()
        .flat_map(|request| request.mailboxes())
        .map(|named| named.mailbox.clone())
        .collect();
    sort_by_mailbox(&mut named, |mailbox| mailbox, |_, _| Ordering::Equal);
    named.dedup();

    let scheduled = sorted_by_id(
        counted().filter(|request| request.effect_day().is_some_and(|day| day > as_of)),
    );
    let pending = sorted_by_id(counted().filter(|request| request.effect_day().is_none()));
    let reason = |id: &RequestId| Some((id.clone(), unverified.get(id)?.clone()));
    let waiting = pending.iter().chain(&scheduled);
    Desired {
        as_of,
        kept: count_enabled(&mailboxes),
        mailboxes,
        unverified: waiting.filter_map(|request| reason(&request.id)).collect(),
        pending,
        scheduled,
        named,
        withdrawn,
    }
}

/// What to keep of a portal for these requests: the mailboxes that they name, also in withdrawn
/// requests, and the archives that no request names.
pub fn mailbox_filter<'a>(requests: impl IntoIterator<Item = &'a Arc<Request>>) -> MailboxFilter {
    let named = requests.into_iter().flat_map(|request| request.mailboxes());
    MailboxFilter::named_and_archived(named.map(|named| named.mailbox.clone()))
}

/// Adds to each mailbox why its request is not carried out.
fn mark_unverified(
    unverified: &UnverifiedApprovals,
    mailboxes: &mut [DesiredMailbox],
    requests: &[Arc<Request>],
    as_of: Date,
) {
    let mut about: HashMap<&RequestId, UnverifiedRequest> = HashMap::new();
    for request in requests {
        let Some(reason) = unverified.get(&request.id) else {
            continue;
        };
        let is_due = request.effect_day().is_some_and(|day| day <= as_of);
        let because = || UnverifiedRequest { request: request.id.clone(), reason: reason.clone() };
        match &request.action {
            Action::Withdraw { withdraws } if is_due => {
                about.entry(withdraws).or_insert_with(because);
            }
            Action::Withdraw { .. } => {}
            // A reason of the request itself comes before one of its withdrawal.
            Action::Change { .. } => drop(about.insert(&request.id, because())),
        }
    }
    for wanted in mailboxes {
        let unverified = about.get(&wanted.request.id);
        wanted.unverified = unverified.cloned().map(Box::new);
    }
}

/// The order in which requests take effect; the last one that is due decides.
pub(crate) fn effect_order(request: &Request) -> impl Ord + use<> {
    let approved = request.approved_on();
    (request.effect_day(), approved, request.id.clone())
}

fn desired_mailboxes(request: &Arc<Request>) -> impl Iterator<Item = DesiredMailbox> {
    let target = request.target();
    let named = request.mailboxes().iter();
    named.filter_map(move |named| {
        Some(DesiredMailbox {
            mailbox: named.mailbox.clone(),
            target: target?,
            request: Arc::clone(request),
            line: named.line,
            unverified: None,
        })
    })
}

fn sorted_by_id<'a>(requests: impl Iterator<Item = &'a Arc<Request>>) -> Vec<Arc<Request>> {
    let mut requests: Vec<Arc<Request>> = requests.cloned().collect();
    requests.sort_by(|a, b| a.id.cmp(&b.id));
    requests
}

impl Desired {
    /// As [`mailbox_filter`]; archives that meet their target are kept in short form.
    pub fn mailbox_filter<'a>(
        &self,
        requests: impl IntoIterator<Item = &'a Arc<Request>>,
    ) -> MailboxFilter {
        let wanted = self.mailboxes.iter().map(|wanted| (&wanted.mailbox, wanted.target));
        mailbox_filter(requests).with_targets(wanted)
    }

    /// Keeps only what concerns these mailboxes. `requests` are all requests of the agency, because a
    /// withdrawal concerns the mailboxes of the request that it withdraws.
    #[must_use]
    pub fn keep_only(&self, mailboxes: &[Mailbox], requests: &[Arc<Request>]) -> Self {
        let kept: BTreeSet<&Mailbox> = mailboxes.iter().collect();
        let names = |request: &Request| {
            let mut named = request.mailboxes().iter();
            named.any(|named| kept.contains(&named.mailbox))
        };
        let concerns = |request: &Arc<Request>| match &request.action {
            Action::Change { .. } => names(request),
            Action::Withdraw { withdraws } => {
                requests.iter().any(|other| other.id == *withdraws && names(other))
            }
        };
        let concerning = |waiting: &[Arc<Request>]| {
            waiting.iter().filter(|request| concerns(request)).cloned().collect()
        };
        let wanted = kept.iter().filter_map(|mailbox| self.find_mailbox(mailbox));
        let named = kept.iter().filter(|mailbox| self.named.binary_search(mailbox).is_ok());
        Self {
            as_of: self.as_of,
            mailboxes: wanted.cloned().collect(),
            pending: concerning(&self.pending),
            scheduled: concerning(&self.scheduled),
            unverified: self.unverified.clone(),
            named: named.copied().cloned().collect(),
            withdrawn: self.withdrawn.clone(),
            kept: self.kept,
        }
    }

    /// What is new or different compared with another day or branch: mailboxes, and requests that
    /// now wait. `named` are the mailboxes whose desired state changed or ended.
    #[must_use]
    pub fn difference_from(&self, base: &Self) -> Self {
        let same = |one: &DesiredMailbox, other: &DesiredMailbox| {
            // Most are the same request, which is stored once.
            let same_request =
                Arc::ptr_eq(&one.request, &other.request) || one.request.id == other.request.id;
            same_request && (one.target, &one.unverified) == (other.target, &other.unverified)
        };
        let not_in = |one: &'_ Self, other: &'_ Self| -> Vec<DesiredMailbox> {
            let (one, other) = (&one.mailboxes, &other.mailboxes);
            missing_from(other, one, |wanted| &wanted.mailbox, same).cloned().collect()
        };
        // A pending request may gain approvals.
        let waiting = |request: &Arc<Request>| (request.id.clone(), request.approvals.len());
        let new = |requests: &[Arc<Request>], before: &[Arc<Request>]| {
            let before: HashSet<(RequestId, usize)> = before.iter().map(waiting).collect();
            let new = requests.iter().filter(|request| !before.contains(&waiting(request)));
            new.cloned().collect()
        };
        let (new_mailboxes, old_mailboxes) = (not_in(self, base), not_in(base, self));
        let both = new_mailboxes.iter().chain(&old_mailboxes);
        let freed = missing_from(&self.named, &base.named, |mailbox| mailbox, |_, _| true);
        let mut named: Vec<Mailbox> =
            both.map(|wanted| &wanted.mailbox).chain(freed).cloned().collect();
        named.sort_unstable();
        named.dedup();
        Self {
            as_of: self.as_of,
            mailboxes: new_mailboxes,
            pending: new(&self.pending, &base.pending),
            scheduled: new(&self.scheduled, &base.scheduled),
            unverified: self.unverified.clone(),
            named,
            withdrawn: self.withdrawn.clone(),
            kept: self.kept,
        }
    }

    /// The requests of the base that are withdrawn here and not there.
    #[must_use]
    pub fn newly_withdrawn(&self, base: &Self, requests: &[Arc<Request>]) -> Vec<Arc<Request>> {
        let has = |desired: &Self, id: &RequestId| desired.withdrawn.binary_search(id).is_ok();
        let is_new = |request: &&Arc<Request>| has(self, &request.id) && !has(base, &request.id);
        requests.iter().filter(is_new).cloned().collect()
    }

    /// The desired state of a mailbox.
    pub fn find_mailbox(&self, mailbox: &Mailbox) -> Option<&DesiredMailbox> {
        let found = self.mailboxes.binary_search_by(|wanted| wanted.mailbox.cmp(mailbox));
        found.ok().map(|index| &self.mailboxes[index])
    }

    /// How many of these archives should be enabled.
    pub fn count_enabled(&self) -> usize {
        count_enabled(&self.mailboxes)
    }
}

/// Those of `items` for which `others` has none with the same mailbox, or not the same; both are sorted by mailbox.
fn missing_from<'i, T>(
    others: &'i [T],
    items: &'i [T],
    mailbox: impl Fn(&T) -> &Mailbox,
    is_same: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = &'i T> {
    let pairs = others.iter().merge_join_by(items, move |a, b| mailbox(a).cmp(mailbox(b)));
    pairs.filter_map(move |pair| match pair {
        EitherOrBoth::Both(other, item) => (!is_same(other, item)).then_some(item),
        EitherOrBoth::Left(_) => None,
        EitherOrBoth::Right(item) => Some(item),
    })
}

fn count_enabled(mailboxes: &[DesiredMailbox]) -> usize {
    let mailboxes = mailboxes.iter();
    mailboxes.filter(|wanted| wanted.target == Target::Enabled).count()
}
