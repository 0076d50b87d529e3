//! Approvals that their approvers did not sign, if the policy requires signatures. May not know how a
//! signature is verified.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::domain::agency::Agency;
use crate::domain::approval::verification::{UnverifiedReason, unverified_reasons};
use crate::domain::request::Request;
use crate::domain::request::request_file_source::{MOST_PROBLEMS, RequestFileSource};
use crate::domain::request::rules::approval_key;
use crate::finding::Finding;
use crate::git::GitError;
use crate::load::{LoadedRequests, agency_loader};
use crate::yaml::UnlocatedFinding;

/// All approvals that are not verified. With a base: those that the branch brings, by the policy and the
/// keys of the base; and where it changes these, all of them by its own.
pub(super) fn find_unverified_approvals(source: &LoadedRequests) -> Result<Vec<Finding>, GitError> {
    let everything = |_: &Request| true;
    let is_new = |request: &Request| source.is_touched(&request.file);
    let mut found: Vec<UnverifiedApproval> = Vec::new();
    for agency in &source.loaded.agencies {
        match &*source.base {
            None => found.extend(verify_agency(agency, everything, is_new)),
            Some(_) => found.extend(verify_agency(agency, is_new, is_new)),
        }
    }
    let changed = source.base.iter().filter_map(|base| base.under_own_rules.as_ref());
    for agency in changed.flat_map(|loaded| &loaded.agencies) {
        let known: HashSet<(Arc<str>, usize)> =
            found.iter().map(UnverifiedApproval::place).collect();
        let more = verify_agency(agency, everything, is_new);
        found.extend(more.into_iter().filter(|more| !known.contains(&more.place())));
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let files = source.request_file_source()?;
    let found = found.iter().take(MOST_PROBLEMS);
    Ok(found.flat_map(|unverified| unverified.locate(&*files)).collect())
}

/// An approval that is not verified.
struct UnverifiedApproval {
    request: Arc<Request>,
    reason: UnverifiedReason,
    /// Whether a branch brings the request.
    is_new: bool,
}

/// What is wrong with the chosen requests of an agency, on all cores.
fn verify_agency(
    agency: &Agency,
    is_chosen: impl Fn(&Request) -> bool + Sync,
    is_new: impl Fn(&Request) -> bool + Sync,
) -> Vec<UnverifiedApproval> {
    let Agency { policy, keys, requests, .. } = agency;
    let chosen = requests.par_iter().filter(|request| is_chosen(request));
    let found = chosen.flat_map_iter(|request| {
        let is_new = is_new(request);
        let reasons = unverified_reasons(request, policy, keys);
        reasons.map(move |reason| UnverifiedApproval {
            request: Arc::clone(request),
            reason,
            is_new,
        })
    });
    found.collect()
}

impl UnverifiedApproval {
    fn place(&self) -> (Arc<str>, usize) {
        (Arc::clone(&self.request.file), self.reason.index)
    }

    fn locate(&self, files: &dyn RequestFileSource) -> Vec<Finding> {
        let at = approval_key(self.reason.index, "by");
        let message = message!("signature-unverified", reason = self.reason.describe());
        let help = self.reason.cause.help();
        let issue = match (self.is_new, self.reason.cause.may_have_counted()) {
            (true, _) => UnlocatedFinding::error(at, "not-signed", message, help),
            (false, false) => {
                let help = message!("signature-unmerged-help", help);
                UnlocatedFinding::error(at, "not-signed", message, help)
            }
            // What is merged stays as it is: it may be older than the agency's signatures, or a key was stolen.
            (false, true) => {
                let help = message!("signature-merged-help");
                UnlocatedFinding::warning(at, "not-signed", message, help)
            }
        };
        agency_loader::locate_request_findings(files, &self.request.file, vec![issue])
    }
}
