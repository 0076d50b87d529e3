//! Verifies the approvals that a plan depends on, if the policy requires signatures. May not know where
//! requests and keys come from.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::agency::Agency;
use crate::domain::approval::verification::{UnverifiedApprovals, find_unverified};
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::plan;
use crate::domain::plan::{Obstacle, Plan};
use crate::domain::policy::ApprovalProvenance;
use crate::domain::request::{Action, Request, RequestId};

/// Marks every request as unverified that a change depends on, or will on a later day or with more approvals,
/// and that not all its approvers signed. Only these are verified: a signature takes longer than reading a request.
pub(super) fn verify_approvals(agency: &Agency, desired: Desired, observed: &Observed) -> Desired {
    let Agency { policy, keys, requests, .. } = agency;
    if policy.provenance == ApprovalProvenance::Committed {
        return desired;
    }
    let as_of = desired.as_of;
    let mut verified: HashSet<RequestId> = HashSet::new();
    let mut unverified = UnverifiedApprovals::new();
    let mut desired = desired;
    // If a withdrawal is not verified, another request may decide; that one is verified next.
    loop {
        let plan = plan::plan(&desired, observed, policy);
        let mut wanted = requests_of_changes(&plan);
        wanted.extend(requests.iter().filter(|request| {
            let is_due = request.effect_day().is_some_and(|day| day <= as_of);
            is_due && matches!(request.action, Action::Withdraw { .. })
        }));
        wanted.extend(&desired.scheduled);
        wanted.extend(desired.pending.iter().filter(|request| !request.approvals.is_empty()));
        wanted.retain(|request| verified.insert(request.id.clone()));
        if wanted.is_empty() {
            return desired;
        }
        unverified.extend(find_unverified(wanted, policy, keys));
        desired = desired::fold_requests(requests, as_of, &unverified);
    }
}

/// The requests that the changes of a plan depend on.
fn requests_of_changes(plan: &Plan) -> Vec<&Arc<Request>> {
    let changes = plan.changes.iter().map(|change| &change.request);
    let blocked = plan.blocked.iter().filter_map(|blocked| {
        matches!(blocked.obstacle, Obstacle::Unverified(_)).then_some(&blocked.request)
    });
    changes.chain(blocked).collect()
}
