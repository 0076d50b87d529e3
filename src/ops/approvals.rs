//! Asks git who committed an approval, if the policy requires signatures.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::domain::agency::Agency;
use crate::domain::agency::LoadedAgencies;
use crate::domain::approval_signature::{
    CommitSignature, UnverifiedApprovals, UnverifiedReason, reason_unverified,
};
use crate::domain::desired;
use crate::domain::desired::Desired;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::Observed;
use crate::domain::plan;
use crate::domain::plan::{Obstacle, Plan};
use crate::domain::policy::{ApprovalProvenance, Policy};
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::domain::request::file_source::FileDigest;
use crate::domain::request::{Action, Request, RequestId};
use crate::git;
use crate::git::{FileMode, GitError, GitFolder, Signature};
use crate::load::LoadedRequests;
use crate::yaml::MAX_BYTES;

/// The requests of an agency, before or after a pull request.
pub(super) struct AgencyRevision<'a> {
    /// All requests.
    pub requests: &'a [Arc<Request>],
    /// What was read from their files.
    pub loaded: &'a LoadedAgencies,
    /// The commits whose history must contain the approvals.
    pub commits: Vec<&'a str>,
}

impl<'a> AgencyRevision<'a> {
    /// The requests that a command works on.
    pub fn new(source: &'a LoadedRequests, agency: &'a Agency) -> Self {
        Self { requests: &agency.requests, loaded: &source.loaded, commits: source.commits() }
    }
}

/// Marks every approval as unverified that a change depends on and that its approver did not sign.
/// Only these approvals are verified: git needs more time for one signature than arkib for reading
/// a thousand requests.
///
/// # Errors
/// If git fails.
pub(super) fn verify_approvals(
    source: &LoadedRequests,
    side: &AgencyRevision<'_>,
    policy: &Policy,
    desired: Desired,
    observed: &Observed,
) -> Result<Desired, GitError> {
    if policy.provenance == ApprovalProvenance::Committed {
        return Ok(desired);
    }
    let as_of = desired.as_of;
    let mut verified: HashSet<RequestId> = HashSet::new();
    let mut unverified = UnverifiedApprovals::new();
    let mut desired = desired;
    // If a withdrawal is not verified, another request may decide; that one is verified next.
    loop {
        let plan = plan::plan(&desired, observed, policy);
        let mut wanted = requests_of_changes(&plan);
        wanted.extend(side.requests.iter().filter(|request| {
            let is_due = request.effect_day().is_some_and(|day| day <= as_of);
            is_due && matches!(request.action, Action::Withdraw { .. })
        }));
        wanted.retain(|request| verified.insert(request.id.clone()));
        if wanted.is_empty() {
            return Ok(desired);
        }
        unverified.extend(find_unverified(source, side, policy, &wanted)?);
        desired = desired::fold_requests(side.requests, as_of, &unverified);
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

/// Which of these approvals are not verified. One `git log` finds the commits that added them;
/// another verifies those commits.
///
/// # Errors
/// If git fails.
pub(super) fn find_unverified(
    source: &LoadedRequests,
    side: &AgencyRevision<'_>,
    policy: &Policy,
    requests: &[&Arc<Request>],
) -> Result<UnverifiedApprovals, GitError> {
    let all = |reason: UnverifiedReason| -> UnverifiedApprovals {
        let each = requests.iter();
        each.map(|request| (request.id.clone(), reason.clone())).collect()
    };
    let (Some(place), false) = (source.repository(), side.commits.is_empty()) else {
        return Ok(all(UnverifiedReason::NOT_COMMITTED));
    };
    if place.is_shallow()? {
        return Ok(all(UnverifiedReason::SHALLOW));
    }
    let paths: Vec<&str> =
        requests.iter().map(|request| source.relative_path(&request.file)).collect();
    let blobs = find_blob_ids(&side.loaded.files, place, &side.commits, &paths)?;
    let brought = git::commits_by_content(place, &side.commits, &blobs)?;
    let mut commits_by_content: Vec<&str> =
        brought.values().flatten().map(String::as_str).collect();
    commits_by_content.sort_unstable();
    commits_by_content.dedup();
    let allowed: String =
        source.keys(policy).ssh.iter().map(|signer| format!("{signer}\n")).collect();
    let signatures = git::verify_signatures(place, &commits_by_content, allowed.as_bytes())?;
    let signer = |said: Signature| CommitSignature {
        commit: said.commit,
        verdict: said.verdict,
        name: said.name,
        key: said.key,
    };
    let signers: HashMap<String, CommitSignature> =
        signatures.into_iter().map(|(commit, signature)| (commit, signer(signature))).collect();
    Ok(requests
        .iter()
        .zip(&paths)
        .filter_map(|(request, path)| {
            let commits = brought.get(*path).into_iter().flatten();
            let signers: Vec<_> = commits.filter_map(|commit| signers.get(commit)).collect();
            let mut approvals = request.approvals.iter();
            let reason = approvals
                .find_map(|approval| reason_unverified(&approval.by, signers.iter().copied()))?;
            Some((request.id.clone(), reason))
        })
        .collect())
}

/// The git blobs by path, only those with the content that was read.
fn find_blob_ids(
    files: &BTreeMap<String, FileDigest>,
    place: &GitFolder,
    commits: &[&str],
    paths: &[&str],
) -> Result<HashMap<String, String>, GitError> {
    let mut blobs = HashMap::new();
    for commit in commits {
        let wanted: HashSet<&str> =
            paths.iter().filter(|path| !blobs.contains_key(**path)).copied().collect();
        let entries: Vec<(String, String)> = git::list_tree(place, commit)?
            .into_iter()
            .filter(|entry| entry.mode == FileMode::File && entry.size <= MAX_BYTES as u64)
            .filter_map(|entry| Some((String::from_utf8(entry.path).ok()?, entry.id)))
            .filter(|(path, _)| wanted.contains(path.as_str()))
            .collect();
        let ids: Vec<&str> = entries.iter().map(|(_, id)| id.as_str()).collect();
        let contents = git::read_blobs(place, &ids)?;
        for ((path, id), bytes) in entries.into_iter().zip(contents) {
            if files.get(&path) == Some(&crate::domain::request::file_source::file_digest(&bytes)) {
                blobs.insert(path, id);
            }
        }
    }
    Ok(blobs)
}

/// The mailboxes of merged requests for which the pull request adds commits, so that an approval may
/// be verified after the merge that was not before.
///
/// # Errors
/// If git fails.
pub(super) fn find_newly_verified(
    source: &LoadedRequests,
    base: &AgencyRevision<'_>,
    policy: &Policy,
) -> Result<Vec<Mailbox>, GitError> {
    let (ApprovalProvenance::Signed, Some(place), Some(head), [before]) =
        (policy.provenance, source.repository(), source.commit(), &*base.commits)
    else {
        return Ok(Vec::new());
    };
    let requests = base.requests.iter();
    let approved = requests.filter(|request| !request.approvals.is_empty());
    let paths: Vec<&str> = approved.map(|request| source.relative_path(&request.file)).collect();
    let blobs = find_blob_ids(&base.loaded.files, place, &base.commits, &paths)?;
    let without = format!("^{before}");
    let brought = git::commits_by_content(place, &[head, &without], &blobs)?;
    let verified = base
        .requests
        .iter()
        .filter(|request| brought.contains_key(source.relative_path(&request.file)));
    let named = verified.flat_map(|request| concerned_mailboxes(request, base.requests));
    Ok(named.map(|named| named.mailbox.clone()).collect())
}
