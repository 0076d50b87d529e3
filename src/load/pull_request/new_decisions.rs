//! What merged requests decide otherwise once a pull request's own policies and keys count: other numbers
//! of approvals, keys, authorities, provenance, or another policy for the same files.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::agency::{Agency, LoadedAgencies};
use crate::domain::approval::verification::{UnverifiedApprovals, find_unverified};
use crate::domain::archive_state::Target;
use crate::domain::desired::fold_requests;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan::{LaterDayEffect, LaterDayPlanner};
use crate::domain::policy::diff::PolicyLine;
use crate::domain::request::{Request, RequestId};

/// Lines for a reviewer by policy file.
pub(super) type NewDecisions = BTreeMap<String, Vec<PolicyLine>>;

/// Lines for a reviewer by policy file; of each file the terminations come first. `planned` are the requests
/// of the pull request under the policies and keys of the base, `after` the same under its own.
pub(super) fn describe_new_decisions(
    planned: &LoadedAgencies,
    after: &LoadedAgencies,
    as_of: Date,
) -> NewDecisions {
    let [planned, after] = [planned, after].map(verify);
    let [was, is] = [&planned, &after].map(|side| decisions(side, as_of));
    let mut found: Vec<(Arc<str>, PolicyLine)> = Vec::new();
    for (mailbox, decision) in &is {
        if was.get(mailbox).map(|was| was.target) != Some(decision.target) {
            found.push(line(mailbox, decision.target, &decision.request, &decision.policy));
        }
    }
    for (mailbox, decision) in was.iter().filter(|(mailbox, _)| !is.contains_key(*mailbox)) {
        let line = PolicyLine::Other(message!("policy-undecided", mailbox));
        found.push((Arc::clone(&decision.policy), line));
    }
    let base: Vec<Arc<Request>> = planned.iter().flat_map(AgencyVerification::counted).collect();
    for agency in &after {
        let head: Vec<Arc<Request>> = agency.counted().collect();
        let later = LaterDayPlanner::new(&base, &head, as_of);
        for change in later.changes(&Observed::default(), &agency.agency.policy) {
            let target = match change.effect {
                LaterDayEffect::Terminated => Target::Terminated,
                LaterDayEffect::Enabled => Target::Enabled,
                LaterDayEffect::Prevented(_) | LaterDayEffect::Ended => continue,
            };
            if !change.is_on_base {
                let file = &agency.agency.policy.file;
                found.push(line(&change.mailbox, target, &change.request.id, file));
            }
        }
    }
    found.sort_by_key(|(_, line)| !line.is_termination());
    let mut lines = NewDecisions::new();
    for (file, line) in found {
        lines.entry(file.to_string()).or_default().push(line);
    }
    lines
}

fn line(
    mailbox: &Mailbox,
    target: Target,
    request: &RequestId,
    policy: &Arc<str>,
) -> (Arc<str>, PolicyLine) {
    let line = match target {
        Target::Terminated => {
            PolicyLine::Termination(message!("policy-terminates", mailbox, request))
        }
        Target::Enabled => PolicyLine::Other(message!("policy-enables", mailbox, request)),
    };
    (Arc::clone(policy), line)
}

/// An agency, and its approvals that are not verified.
struct AgencyVerification<'a> {
    agency: &'a Agency,
    unverified: UnverifiedApprovals,
}

impl AgencyVerification<'_> {
    /// The requests whose approvals count.
    fn counted(&self) -> impl Iterator<Item = Arc<Request>> {
        let requests = self.agency.requests.iter();
        requests.filter(|request| !self.unverified.contains_key(&request.id)).cloned()
    }
}

/// Verifies every approval.
fn verify(loaded: &LoadedAgencies) -> Vec<AgencyVerification<'_>> {
    let agencies = loaded.agencies.iter().map(|agency| {
        let Agency { policy, requests, keys } = agency;
        AgencyVerification { agency, unverified: find_unverified(requests, policy, keys) }
    });
    agencies.collect()
}

/// What is decided about a mailbox, by which request, under which policy.
struct DecidedTarget {
    target: Target,
    request: RequestId,
    policy: Arc<str>,
}

/// What is decided on a day about each mailbox, whichever agency it belongs to.
fn decisions(agencies: &[AgencyVerification<'_>], day: Date) -> BTreeMap<Mailbox, DecidedTarget> {
    let each = agencies.iter().flat_map(|AgencyVerification { agency, unverified }| {
        let desired = fold_requests(&agency.requests, day, unverified);
        let counted = desired.mailboxes.into_iter().filter(|wanted| wanted.unverified.is_none());
        counted.map(|wanted| {
            let (request, policy) = (wanted.request.id.clone(), Arc::clone(&agency.policy.file));
            (wanted.mailbox, DecidedTarget { target: wanted.target, request, policy })
        })
    });
    each.collect()
}
