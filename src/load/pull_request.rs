//! What a pull request makes of the branch that it is to be merged into.

mod approval_dates;
mod new_decisions;
mod policy_changes;
#[cfg(test)]
mod tests;

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use self::new_decisions::NewDecisions;
use super::{RequestsLocation, changed_records, files_at_commit};
use crate::domain::agency::{Agency, LoadedAgencies};
use crate::domain::other_files::{OtherFile, find_other_files};
use crate::domain::policy::Policy;
use crate::domain::policy::diff::PolicyChange;
use crate::domain::request::immutability;
use crate::domain::request::request_file_source::{
    FolderSnapshot, RequestFileSource as _, is_same_content, split_folder,
};
use crate::domain::request::rules::approval_key;
use crate::domain::request::three_way_merge::{ChangedFile, MergedPullRequest, is_rule_file};
use crate::finding;
use crate::finding::{Finding, Severity};
use crate::git;
use crate::git::{GitError, GitFolder, NamedCommit};
use crate::language::Message;
use crate::load::agency_loader;
use crate::load::folder::RequestsFolder;
use crate::text::path_below;
use crate::yaml::UnlocatedFinding;

/// A pull request compared with the branch that it is to be merged into.
pub struct BaseComparison {
    /// The commit of the branch.
    pub head: NamedCommit,
    /// The files on the branch.
    files: FolderSnapshot,
    /// Everything on the branch; its `files` are left out.
    pub loaded: LoadedAgencies,
    /// Everything as the pull request makes it, by its own policies and keys, where it changes these.
    pub under_own_rules: Option<LoadedAgencies>,
    /// The files once the pull request is merged.
    pub merged: FolderSnapshot,
    /// How the pull request changes policies: by file, in words.
    pub policies: Vec<PolicyChange>,
    /// The files that it changes and that are no requests.
    pub other_files: Vec<OtherFile>,
    /// The files that it adds or changes, as the user knows them.
    pub touched: BTreeSet<String>,
    /// Every path that its commits change, requests or not, from the top of the repository, with
    /// git's letter.
    pub changed: Vec<(char, String)>,
    /// The files that are staged, or on disk and unknown to git, by their path in the folder.
    pub uncommitted: BTreeSet<String>,
}

impl BaseComparison {
    /// "origin/main at 4f2c9e1".
    pub fn describe(&self) -> Message {
        let name = self.head.branch.as_deref().unwrap_or_default();
        let commit = &self.head.short;
        match name.starts_with(commit) {
            true => commit.into(),
            false => message!("plan-source-base", name, commit),
        }
    }

    /// Whether a file, by its way from the folder, is on the branch already.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.content(path).is_some()
    }

    /// The agency of that policy as it is on the branch.
    pub fn agency(&self, policy: &Policy) -> Option<&Agency> {
        self.loaded.agency(&policy.file)
    }
}

/// Reads both sides. What is planned is the pull request's requests under the base's policies; what
/// is found is all that would be wrong before or after the merge.
pub(super) fn read_both_sides(
    requests: &RequestsLocation,
    place: &GitFolder,
    head: &NamedCommit,
    base: &str,
    folder: &RequestsFolder,
) -> Result<(LoadedAgencies, BaseComparison), GitError> {
    let base = place.named_commit(base)?;
    let fork = place.merge_base(&base, head)?;
    let commits = [&*base.commit, &*fork, &*head.commit];
    let (read, changed) = rayon::join(
        || read_pull_request(requests, place, commits, folder),
        || git::files_changed_between(place, &fork, &head.commit),
    );
    let ((pull, uncommitted), changed) = (read?, changed?);
    let as_of = requests.as_of();
    let mut before = agency_loader::load(&pull.base, as_of);
    let found = before.findings.clone();
    let broken: HashSet<&str> = only_errors(&found).map(|finding| &*finding.file).collect();
    let planned = requests_to_plan(&pull, as_of, &broken, &mut before);
    let under_own_rules = pull
        .changes_rules()
        .then(|| agency_loader::load_reusing(&pull.merged, as_of, Some(&before)));
    let after = under_own_rules.as_ref().unwrap_or(&planned);
    let changed_files = pull.touched.iter().map(|touched| pull.base.display_path(&touched.path));
    let requests = changed_files.filter_map(|file| before.request_in_file(&file));
    let pending = requests.filter(|request| request.approved_on().is_none());
    let pending = pending.map(|request| &*request.file).collect();
    let mut findings = planned.findings.clone();
    add_merge_policy_first(&mut findings, &after.findings, &base);
    for found in [
        after.findings.clone(),
        pull.conflicts.clone(),
        immutability::find_violations(&pull, &broken, &pending),
        check_approvals(&pull, &before, after, &broken),
        approval_dates::find_misdated_approvals(&pull, &before, after, as_of),
        approval_dates::find_approvals_before_the_rule(&pull, &before, after, as_of),
        changed_records::find_changed_records(&place.prefix, &changed, &folder.folder_name()),
    ] {
        findings.extend(found);
    }
    finding::sort_findings(&mut findings);
    let touched = pull.touched.iter().filter(|file| file.after.is_some());
    let touched = touched.map(|touched| pull.merged.display_path(&touched.path).to_string());
    let decisions = match pull.changes_rules() {
        true => new_decisions::describe_new_decisions(&planned, after, as_of),
        false => NewDecisions::new(),
    };
    let policies = policy_changes::policy_changes([&before, after], &pull.merged, decisions);
    let described: Vec<&str> = policies.iter().map(|(file, _)| &**file).collect();
    let at = (&*place.prefix, &*folder.folder_name());
    let documents = LazyCell::new(|| -> HashSet<String> {
        let requests = planned.agencies.iter().flat_map(|agency| &agency.requests);
        let documents = requests.flat_map(|request| {
            let (folder, _) = split_folder(&request.file);
            request.evidence.iter().map(move |document| format!("{folder}/{}", document.file))
        });
        documents.collect()
    });
    let other_files = find_other_files(&changed, at, &described, |file| documents.contains(file));
    let request_files = after.request_files;
    let base = BaseComparison {
        head: base,
        other_files,
        policies,
        touched: touched.collect(),
        files: pull.base,
        loaded: before,
        under_own_rules,
        merged: pull.merged,
        changed,
        uncommitted,
    };
    Ok((LoadedAgencies { findings, request_files, ..planned }, base))
}

fn read_pull_request(
    requests: &RequestsLocation,
    place: &GitFolder,
    commits: [&str; 3],
    folder: &RequestsFolder,
) -> Result<(MergedPullRequest, BTreeSet<String>), GitError> {
    let shown = folder.folder_name();
    let disk = requests.reference.is_none().then(|| FolderSnapshot::read_all(folder));
    let on_disk = |path: &str| match &disk {
        Some(disk) => disk.content(path)?.as_ref().ok().map(Arc::clone),
        None => folder.read_if_file(path),
    };
    let read = files_at_commit::read_snapshots(place, &commits, &shown, &on_disk)?;
    let mut read = read.into_iter();
    let mut next = || read.next().unwrap_or_else(|| FolderSnapshot::new(Arc::clone(&shown)));
    let (base, fork, mut head) = (next(), next(), next());
    let uncommitted = match disk {
        None => BTreeSet::new(),
        Some(disk) => {
            let mut staged = add_staged(&mut head, place, commits[2])?;
            staged.extend(add_uncommitted(&mut head, &fork, disk));
            staged.into_iter().collect()
        }
    };
    Ok((MergedPullRequest::new(base, &fork, &head), uncommitted))
}

/// Makes the changes that are staged, as they would be committed, and names them.
fn add_staged(
    head: &mut FolderSnapshot,
    place: &GitFolder,
    commit: &str,
) -> Result<Vec<String>, GitError> {
    let mut staged = Vec::new();
    for (letter, whole) in git::files_staged(place, commit)? {
        let path = path_below(&whole, &place.prefix);
        // git cannot be asked for the content of every path, nor of a conflict.
        if !files_at_commit::is_read(path) || path.contains('\n') || letter == 'U' {
            continue;
        }
        if letter == 'D' {
            head.remove_file(path);
        } else {
            let bytes = git::read_blobs(place, &[&format!(":{whole}")])?.swap_remove(0);
            head.insert_file(path.to_owned(), Ok(bytes.into()));
        }
        staged.push(path.to_owned());
    }
    Ok(staged)
}

/// Adds the files on disk that git does not know, and names them. Of every other file the commit counts:
/// what a checkout makes of it is also up to the branch, by attributes such as `working-tree-encoding`.
fn add_uncommitted(
    head: &mut FolderSnapshot,
    fork: &FolderSnapshot,
    mut disk: FolderSnapshot,
) -> Vec<String> {
    let known: HashSet<_> =
        head.findings.iter().map(|found| (found.kind, Arc::clone(&found.file))).collect();
    let is_new = |found: &Finding| !known.contains(&(found.kind, Arc::clone(&found.file)));
    let mut findings: Vec<Finding> = disk.findings.drain(..).filter(is_new).collect();
    let mut new = Vec::new();
    for (path, committed, on_disk) in head.pair_with(&disk) {
        if on_disk.is_none() || is_same_content(committed, on_disk) {
            continue;
        }
        if committed.is_none() && fork.content(path).is_none() {
            new.extend(on_disk.map(|content| (path.to_owned(), content.clone())));
        } else {
            let finding = Finding::whole_file(
                &head.display_path(path),
                "not-as-committed",
                message!("folder-not-committed"),
                message!("folder-not-committed-help"),
            );
            findings.push(Finding { severity: Severity::Warning, ..finding });
        }
    }
    head.findings.extend(findings);
    let paths = new.iter().map(|(path, _)| path.clone()).collect();
    new.into_iter().for_each(|(path, content)| head.insert_file(path, content));
    paths
}

fn only_errors(found: &[Finding]) -> impl Iterator<Item = &Finding> {
    found.iter().filter(|finding| finding.severity == Severity::Error)
}

/// What is planned. Where the base has no policy that could judge, that is nothing, and what is to
/// be said of the new policies is said of the requests once they are merged.
fn requests_to_plan(
    pull: &MergedPullRequest,
    as_of: Date,
    broken: &HashSet<&str>,
    before: &mut LoadedAgencies,
) -> LoadedAgencies {
    let planned = pull.snapshot_under_base_policy();
    if pull.changes_rules() {
        let paths = planned.files().map(|(path, _)| path);
        let rules: Vec<&str> = paths.filter(|path| is_rule_file(path)).collect();
        let is_broken = rules.iter().any(|path| broken.contains(&*planned.display_path(path)));
        if rules.is_empty() || is_broken {
            return LoadedAgencies::default();
        }
        return agency_loader::load_reusing(&planned, as_of, Some(before));
    }
    let changed: Vec<&str> = pull.touched.iter().map(|touched| &*touched.path).collect();
    agency_loader::load_changed(&planned, as_of, before, &changed)
        .unwrap_or_else(|| agency_loader::load_reusing(&planned, as_of, Some(before)))
}

/// Adds to findings that only the base's policy causes that the policy must be merged first.
fn add_merge_policy_first(found: &mut [Finding], after: &[Finding], base: &NamedCommit) {
    let name = base.branch.as_deref().unwrap_or(&base.short);
    let after: HashSet<(&str, Option<finding::Position>, &str)> =
        after.iter().map(|finding| (&*finding.file, finding.position, finding.kind)).collect();
    for finding in found {
        if !after.contains(&(&*finding.file, finding.position, finding.kind)) {
            let help = finding.help.clone();
            finding.help = message!("finding-policy-of-base-help", help, name);
        }
    }
}

/// Approvals of the pull request that are not allowed: under a policy that is added or fixed with
/// it, or by a former approver.
fn check_approvals(
    pull: &MergedPullRequest,
    before: &LoadedAgencies,
    after: &LoadedAgencies,
    broken: &HashSet<&str>,
) -> Vec<Finding> {
    let below = pull.requests_below_new_policies().into_iter();
    let below: HashSet<Arc<str>> = below.map(|path| pull.merged.display_path(path)).collect();
    let is_new = |touched: &&ChangedFile| !touched.is_rule_file() && touched.after.is_some();
    let new = pull.touched.iter().filter(is_new);
    let new: Vec<Arc<str>> = new.map(|entry| pull.merged.display_path(&entry.path)).collect();
    let mut findings = Vec::new();
    for agency in &after.agencies {
        let file = &agency.policy.file;
        let is_fixed = broken.contains(&**file);
        let former = before.agency(file).map_or(&[][..], |agency| &agency.policy.former_approvers);
        for request in new.iter().filter_map(|file| agency.request_in_file(file)) {
            let is_early = is_fixed || below.contains(&request.file);
            let merged = before.request_in_file(&request.file);
            let merged = merged.map_or(&[][..], |merged| &merged.approvals);
            let approvals = request.approvals.iter().enumerate();
            let new = approvals.filter(|(_, approval)| !merged.contains(approval));
            let issues = new.filter_map(|(index, approval)| {
                let (kind, message, help) = if is_early {
                    (
                        "policy-not-merged",
                        message!("approval-new-policy"),
                        message!("approval-new-policy-help"),
                    )
                } else if former.contains(&approval.by) {
                    (
                        "former-approver",
                        message!("approval-former"),
                        message!("approval-former-help"),
                    )
                } else {
                    return None;
                };
                Some(UnlocatedFinding::error(approval_key(index, "by"), kind, message, help))
            });
            let issues: Vec<UnlocatedFinding> = issues.collect();
            if !issues.is_empty() {
                let (merged, file) = (&pull.merged, &request.file);
                findings.extend(agency_loader::locate_request_findings(merged, file, issues));
            }
        }
    }
    findings
}
