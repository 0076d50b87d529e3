//! Approvals that nobody can give: requests that fewer approvers may approve than must, and agencies that
//! ask for signatures and know no key.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::agency::Agency;
use crate::domain::policy::ApprovalProvenance;
use crate::domain::request::request_file_source::MOST_PROBLEMS;
use crate::domain::request::{Request, RequestId};
use crate::finding::Finding;
use crate::git::GitError;
use crate::load::{LoadedRequests, agency_loader};
use crate::yaml::{UnlocatedFinding, YamlPath};

/// Warnings, by the policy and keys as they will be.
pub(super) fn find_unreachable_approvals(
    source: &LoadedRequests,
) -> Result<Vec<Finding>, GitError> {
    let own = source.base.as_ref().and_then(|base| base.under_own_rules.as_ref());
    let agencies = own.map_or(&source.loaded.agencies, |loaded| &loaded.agencies);
    let policies = agencies.iter().filter_map(|agency| Some((agency, nobody_signs(agency)?)));
    let policies: Vec<(&Agency, UnlocatedFinding)> = policies.collect();
    let requests: Vec<(&Arc<Request>, UnlocatedFinding)> =
        agencies.iter().flat_map(too_few_approvers).take(MOST_PROBLEMS).collect();
    if policies.is_empty() && requests.is_empty() {
        return Ok(Vec::new());
    }
    let files = source.request_file_source()?;
    let policies = policies.into_iter().flat_map(|(agency, issue)| {
        agency_loader::locate_policy_findings(&*files, &agency.policy.file, vec![issue])
    });
    let requests = requests.into_iter().flat_map(|(request, issue)| {
        agency_loader::locate_request_findings(&*files, &request.file, vec![issue])
    });
    Ok(policies.chain(requests).collect())
}

fn nobody_signs(agency: &Agency) -> Option<UnlocatedFinding> {
    let Agency { policy, keys, .. } = agency;
    let is_signed = policy.provenance == ApprovalProvenance::Signed;
    (is_signed && keys.ssh.is_empty() && keys.authorities.is_empty()).then(|| {
        UnlocatedFinding::warning(
            YamlPath::keys("provenance"),
            "nobody-can-sign",
            message!("approval-nobody-can-sign"),
            message!("approval-nobody-can-sign-help"),
        )
    })
}

/// The pending requests of an agency that fewer approvers may approve than must.
fn too_few_approvers(agency: &Agency) -> Vec<(&Arc<Request>, UnlocatedFinding)> {
    let requests = &agency.requests;
    let mut ids: Option<HashMap<&RequestId, &Arc<Request>>> = None;
    let mut found = Vec::new();
    for request in requests {
        let Some(missing) = request.missing_approvals() else { continue };
        let withdrawn = request.withdraws().and_then(|withdraws| {
            let all = || requests.iter().map(|request| (&request.id, request)).collect();
            ids.get_or_insert_with(all).get(withdraws).copied()
        });
        let may = missing.approvers.iter().filter(|approver| {
            withdrawn.is_none_or(|withdrawn| withdrawn.conflicting_role_of(approver).is_none())
        });
        let may = may.count();
        if may < missing.needs {
            let (all, may) = (missing.has + missing.needs, missing.has + may);
            found.push((
                request,
                UnlocatedFinding::warning(
                    YamlPath::keys("action"),
                    "unreachable-approvals",
                    message!("approval-unreachable", all, may),
                    message!("approval-unreachable-help"),
                ),
            ));
        }
    }
    found
}
