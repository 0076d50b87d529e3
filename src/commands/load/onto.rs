//! What a pull request makes of the branch that it is to be merged into.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{Requests, commit};
use crate::commands::connect::read_bounded;
use crate::finding::{self, Finding};
use crate::git::{self, GitError, Head, Place};
use crate::policy::difference::{difference, list};
use crate::policy::{self, Policy};
use crate::provenance::ALLOWED_SIGNERS;
use crate::request::folder::Folder;
use crate::request::pull_request::PullRequest;
use crate::request::reader::{self, Agency, Files as _, Loaded};
use crate::request::records;
use crate::request::snapshot::Snapshot;
use crate::yaml::{self, Issue};

/// The largest `allowed_signers` that is read, in bytes.
const LARGEST_SIGNERS: u64 = 1 << 20;

/// The branch that a pull request is to be merged into.
pub struct Onto {
    /// Its commit.
    pub head: Head,
    /// Everything on it.
    pub loaded: Loaded,
    /// The files once the pull request is merged.
    pub merged: Snapshot,
    /// How the pull request changes policies: by file, in words.
    pub policies: Vec<PolicyChange>,
    /// The files that it adds or changes, as the user knows them.
    pub touched: BTreeSet<String>,
}

/// What a pull request changes of one policy: its file as the user knows it, and a line a change.
pub type PolicyChange = (String, Vec<String>);

impl Onto {
    /// "origin/main at 4f2c9e1".
    pub fn name(&self) -> String {
        let name = self.head.branch.as_deref().unwrap_or_default();
        if name.starts_with(&self.head.short) {
            self.head.short.clone()
        } else {
            format!("{name} at {}", self.head.short)
        }
    }

    /// The agency of that policy as it is on the branch.
    pub fn agency(&self, policy: &Policy) -> Option<&Agency> {
        let mut agencies = self.loaded.agencies.iter();
        agencies.find(|agency| agency.policy.file == policy.file)
    }
}

/// Reads both sides. What is planned is the pull request's requests under the base's policies; what
/// is found is all that would be wrong before or after the merge.
pub(super) fn read(
    requests: &Requests,
    place: &Place,
    head: &Head,
    base: &str,
    folder: &Folder,
) -> Result<(Loaded, Onto), GitError> {
    let shown = folder.name();
    let base = place.at(base)?;
    let fork = place.merge_base(&base.commit, &head.commit)?;
    let (pull, signers_now) = if requests.reference.is_some() {
        let commits = [base.commit.as_str(), &fork, &head.commit];
        let mut read = commit::snapshots(place, &commits, &shown)?.into_iter();
        let mut next = || read.next().unwrap_or_else(|| Snapshot::new(shown.clone()));
        let (base, fork, head) = (next(), next(), next());
        (PullRequest::new(base, &fork, &head), None)
    } else {
        let commits = [base.commit.as_str(), &fork];
        let mut read = commit::snapshots(place, &commits, &shown)?.into_iter();
        let mut next = || read.next().unwrap_or_else(|| Snapshot::new(shown.clone()));
        let (base, fork) = (next(), next());
        let head = Snapshot::take(folder);
        (
            PullRequest::new(base, &fork, &head),
            Some(requests.requests.as_path()),
        )
    };
    let as_of = requests.as_of();
    let before = reader::load(&pull.base, as_of);
    let mut planned = planned(&pull, as_of);
    let after = if pull.changes_policy() {
        reader::load(&pull.merged, as_of)
    } else {
        planned.clone()
    };
    explain(&mut planned.findings, &after.findings, &base);
    planned.findings.extend(after.findings.iter().cloned());
    planned.findings.extend(pull.conflicts.iter().cloned());
    planned.findings.extend(records::broken(&pull));
    planned.findings.extend(not_merged(&pull, &after));
    finding::sort(&mut planned.findings);
    planned.request_files = after.request_files;
    let mut policies = policy_changes(&before, &after);
    signers_changes(
        place,
        [&fork, &head.commit],
        signers_now,
        &pull,
        &mut policies,
    )?;
    let onto = Onto {
        head: base,
        loaded: before,
        policies,
        touched: pull
            .touched
            .iter()
            .filter(|touched| touched.after.is_some())
            .map(|touched| pull.merged.shown(&touched.path).to_string())
            .collect(),
        merged: pull.merged,
    };
    Ok((planned, onto))
}

fn planned(pull: &PullRequest, as_of: jiff::civil::Date) -> Loaded {
    let planned = pull.under_base_policy();
    let is_policy = |path: &String| path.rsplit('/').next() == Some(policy::FILE_NAME);
    if !planned.files().keys().any(is_policy) && pull.changes_policy() {
        // Nothing is governed yet; what is to be said of the new policies is said of the merged.
        return Loaded::default();
    }
    reader::load(&planned, as_of)
}

/// Says of what is wrong under the base's policy alone that the policy must be merged first.
fn explain(found: &mut [Finding], after: &[Finding], base: &Head) {
    let name = base.branch.as_deref().unwrap_or(&base.short);
    for finding in found.iter_mut().filter(|it| !after.contains(it)) {
        finding.help = format!(
            "{}; the policy that counts is the one on {name}, so a change of it is merged first, by itself",
            finding.help
        );
    }
}

/// Requests that come with the very policy under which they claim to be approved.
fn not_merged(pull: &PullRequest, after: &Loaded) -> Vec<Finding> {
    let below = pull.below_new_policies().into_iter();
    let below: BTreeSet<Arc<str>> = below.map(|path| pull.merged.shown(path)).collect();
    let requests = after.agencies.iter().flat_map(|agency| &agency.requests);
    requests
        .filter(|request| request.approval.is_some() && below.contains(&request.file))
        .flat_map(|request| {
            let issue = Issue::error(
                yaml::Path::keys("approval.by"),
                "policy-not-merged",
                "the request is approved under a policy that is not merged yet",
                "merge the policy first, by itself; then its approvers may approve",
            );
            reader::place_request(&pull.merged, &request.file, issue)
        })
        .collect()
}

/// How policies differ before and after.
fn policy_changes(before: &Loaded, after: &Loaded) -> Vec<PolicyChange> {
    let find = |loaded: &Loaded, file: &str| -> Option<Policy> {
        let mut policies = loaded.agencies.iter().map(|agency| &agency.policy);
        policies.find(|policy| *policy.file == *file).cloned()
    };
    let files: BTreeSet<&str> = [before, after]
        .iter()
        .flat_map(|loaded| &loaded.agencies)
        .map(|agency| &*agency.policy.file)
        .collect();
    let mut changes = Vec::new();
    for file in files {
        let words = match (find(before, file), find(after, file)) {
            (Some(before), Some(now)) => {
                let mut words = difference(&before, &now);
                words.extend(no_longer_protected(&before, &now, after));
                words
            }
            (None, Some(now)) => vec![format!("new: the policy of {}", now.agency)],
            (Some(before), None) => vec![format!("gone: the policy of {}", before.agency)],
            (None, None) => Vec::new(),
        };
        if !words.is_empty() {
            changes.push((file.to_owned(), words));
        }
    }
    changes
}

/// What happens to mailboxes that lose their protection.
fn no_longer_protected(before: &Policy, now: &Policy, after: &Loaded) -> Vec<String> {
    let lost: Vec<_> = before
        .protected
        .iter()
        .filter(|mailbox| !now.protected.contains(mailbox))
        .collect();
    let requests = after
        .agencies
        .iter()
        .filter(|agency| agency.policy.file == now.file)
        .flat_map(|agency| &agency.requests);
    requests
        .filter(|request| request.action_word() == "terminate" && request.approval.is_some())
        .flat_map(|request| {
            let named = request.mailboxes().iter().map(|named| &named.mailbox);
            let hit = named.filter(|mailbox| lost.contains(mailbox));
            hit.map(|mailbox| {
                format!(
                    "protected: {mailbox} may then be terminated, as {} asks",
                    request.id
                )
            })
        })
        .collect()
}

/// How the keys of the approvers differ. `now` is the folder whose files count for the pull
/// request, where it is not a commit.
fn signers_changes(
    place: &Place,
    [fork, head]: [&str; 2],
    now: Option<&Path>,
    pull: &PullRequest,
    changes: &mut Vec<PolicyChange>,
) -> Result<(), GitError> {
    let policies = pull.merged.files().keys();
    for policy in policies.filter_map(|path| path.strip_suffix(policy::FILE_NAME)) {
        let path = format!("{policy}{ALLOWED_SIGNERS}");
        let at = |commit: &str| git::blob(place, commit, &path, LARGEST_SIGNERS);
        let before = at(fork)?;
        let after = match now {
            Some(folder) => read_bounded(&folder.join(&path), LARGEST_SIGNERS).ok(),
            None => at(head)?,
        };
        let lines = |bytes: Option<Vec<u8>>| -> Vec<String> {
            let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
            let lines = text.lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(str::to_owned)
                .collect()
        };
        let (before, after) = (lines(before), lines(after));
        let mut words = Vec::new();
        list(ALLOWED_SIGNERS, &before, &after, &mut words);
        if words.is_empty() {
            continue;
        }
        let file = pull.merged.shown(&format!("{policy}{}", policy::FILE_NAME));
        match changes.iter_mut().find(|(other, _)| **other == *file) {
            Some((_, known)) => known.extend(words),
            None => changes.push((file.to_string(), words)),
        }
    }
    Ok(())
}
