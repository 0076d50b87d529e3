//! Merges a pull request's own changes into its base branch. What the base gained meanwhile does not
//! count as a change of the pull request. Pure.

use super::request_file_source::{Content, FolderSnapshot, is_same_content, split_folder};
use crate::domain::policy;
use crate::domain::policy::signer_files::is_signer_file;
use crate::finding::Finding;

/// A pull request's changes, and the requests before and after it.
#[derive(Debug, Clone)]
pub struct MergedPullRequest {
    /// The current base branch.
    pub base: FolderSnapshot,
    /// The base with the changes of the pull request.
    pub merged: FolderSnapshot,
    /// The files that it adds, changes or deletes, sorted.
    pub touched: Vec<ChangedFile>,
    /// Files that both sides changed.
    pub conflicts: Vec<Finding>,
}

/// One file that a pull request adds, changes or deletes.
#[derive(Debug, Clone)]
pub struct ChangedFile {
    /// Its path in the requests folder.
    pub path: String,
    /// Its content in the base.
    pub before: Option<Content>,
    /// Its content with the pull request.
    pub after: Option<Content>,
}

impl ChangedFile {
    /// Whether it is a rule.
    pub fn is_rule_file(&self) -> bool {
        is_rule_file(&self.path)
    }
}

/// Whether a file is a rule for requests: a policy, or whose signatures count.
pub fn is_rule_file(path: &str) -> bool {
    let (_, name) = split_folder(path);
    name == policy::FILE_NAME || is_signer_file(name)
}

impl MergedPullRequest {
    /// Applies the changes of `head` since `fork`, the common commit, to `base`.
    pub fn new(base: FolderSnapshot, fork: &FolderSnapshot, head: &FolderSnapshot) -> Self {
        let mut merged = base.clone();
        let mut touched = Vec::new();
        let mut conflicts = Vec::new();
        for (path, was, is) in fork.pair_with(head) {
            if is_same_content(was, is) {
                continue;
            }
            let now = base.content(path);
            if is_same_content(is, now) {
                continue;
            }
            if !is_same_content(was, now) {
                // The base stays as it is; a person must resolve the conflict.
                conflicts.push(merge_conflict(head, path, was.is_some(), now.is_some()));
                continue;
            }
            set_or_remove(&mut merged, path, is);
            touched.push(ChangedFile {
                path: path.to_owned(),
                before: now.cloned(),
                after: is.cloned(),
            });
        }
        // Findings about names and links concern the pull request.
        merged.findings.clone_from(&head.findings);
        Self { base, merged, touched, conflicts }
    }

    /// The requests of the pull request under the policies of the base, so that no pull request
    /// approves itself. Requests under a policy that is also new are left out.
    pub fn snapshot_under_base_policy(&self) -> FolderSnapshot {
        let mut planned = self.merged.clone();
        for touched in self.touched.iter().filter(|touched| touched.is_rule_file()) {
            set_or_remove(&mut planned, &touched.path, touched.before.as_ref());
        }
        for path in self.requests_below_new_policies() {
            planned.remove_file(path);
        }
        planned
    }

    /// The requests that the pull request adds below a policy that it also adds.
    pub fn requests_below_new_policies(&self) -> Vec<&str> {
        let is_added = |touched: &&ChangedFile| touched.before.is_none();
        let added = || self.touched.iter().filter(is_added);
        let places = added().map(|touched| split_folder(&touched.path));
        let new = places.filter(|(_, name)| *name == policy::FILE_NAME).map(|(folder, _)| folder);
        let new: Vec<&str> = new.collect();
        let requests = added().filter(|touched| !touched.is_rule_file());
        let paths = requests.map(|request| request.path.as_str());
        let is_below = |path: &&str| {
            nearest_policy(&self.merged, path).is_some_and(|folder| new.contains(&folder))
        };
        paths.filter(is_below).collect()
    }

    /// Whether it changes, adds or deletes a rule.
    pub fn changes_rules(&self) -> bool {
        self.touched.iter().any(ChangedFile::is_rule_file)
    }
}

/// The folder of the policy that applies to a file.
fn nearest_policy<'a>(files: &FolderSnapshot, path: &'a str) -> Option<&'a str> {
    let above = |path: &&'a str| (!path.is_empty()).then(|| split_folder(path).0);
    let mut folders = std::iter::successors(above(&path), above);
    folders.find(|folder| {
        let policy = format!("{folder}/{}", policy::FILE_NAME);
        files.content(policy.trim_start_matches('/')).is_some()
    })
}

/// Sets the content of a file, or removes the file.
fn set_or_remove(files: &mut FolderSnapshot, path: &str, content: Option<&Content>) {
    match content {
        Some(content) => files.insert_file(path.to_owned(), content.clone()),
        None => files.remove_file(path),
    }
}

fn merge_conflict(head: &FolderSnapshot, path: &str, was: bool, is_there: bool) -> Finding {
    let (message, help) = match (was, is_there) {
        (false, _) => (message!("finding-base-added"), message!("finding-base-added-help")),
        (true, true) => {
            let message = message!("finding-base-changed");
            let help = match is_rule_file(path) {
                true => message!("finding-update-branch-help"),
                false => message!("finding-base-approved-help"),
            };
            (message, help)
        }
        (true, false) => (message!("finding-base-deleted"), message!("finding-base-deleted-help")),
    };
    Finding::whole_file(&head.display_path(path), "conflict", message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(files: &[(&str, &str)]) -> FolderSnapshot {
        let mut snapshot = FolderSnapshot::new("requests".into());
        for (path, text) in files {
            snapshot.insert_file((*path).to_owned(), Ok(text.as_bytes().into()));
        }
        snapshot
    }

    fn paths(snapshot: &FolderSnapshot) -> Vec<&str> {
        snapshot.files().map(|(path, _)| path).collect()
    }

    #[test]
    fn two_approvals_of_a_request_are_a_conflict_that_approving_again_ends() {
        let side = |text| snapshot(&[("R-1.yaml", text), ("agency.yaml", text)]);
        let pull = MergedPullRequest::new(side("a"), &side(""), &side("b"));
        let help: Vec<String> =
            pull.conflicts.iter().map(|found| found.help.in_english()).collect();
        assert!(
            help[0].contains("take the base's file, then run `arkib approve` again"),
            "{help:?}"
        );
        assert_eq!(help[1], "update the branch");
    }

    #[test]
    fn changes_of_the_base_are_not_the_pull_requests() {
        let fork = snapshot(&[("a.yaml", "a\n"), ("b.yaml", "b")]);
        let base = snapshot(&[("a.yaml", "a\n"), ("b.yaml", "b"), ("c.yaml", "c")]);
        let head = snapshot(&[("a.yaml", "a\r\n"), ("d.yaml", "d")]);
        let pull = MergedPullRequest::new(base, &fork, &head);
        assert_eq!(paths(&pull.merged), ["a.yaml", "c.yaml", "d.yaml"]);
        let touched: Vec<&str> = pull.touched.iter().map(|touched| touched.path.as_str()).collect();
        assert_eq!(touched, ["b.yaml", "d.yaml"]);
        assert!(pull.conflicts.is_empty());
    }

    #[test]
    fn same_new_file_in_both_branches_conflicts() {
        let fork = snapshot(&[]);
        let pull = MergedPullRequest::new(
            snapshot(&[("n.yaml", "theirs")]),
            &fork,
            &snapshot(&[("n.yaml", "ours")]),
        );
        assert_eq!(pull.conflicts.len(), 1);
        let same = snapshot(&[("n.yaml", "ours")]);
        let pull = MergedPullRequest::new(same.clone(), &fork, &same);
        assert!(pull.conflicts.is_empty() && pull.touched.is_empty());
    }

    #[test]
    fn changed_copies_of_one_folder_are_merged_by_their_changes() {
        let files =
            ["a.yaml", "b.yaml", "k.yaml"].map(|path| (path.to_owned(), Ok(b"x"[..].into())));
        let fork = FolderSnapshot::of_files("requests".into(), files.into());
        let (mut base, mut head) = (fork.clone(), fork.clone());
        base.insert_file("d.yaml".into(), Ok(b"d"[..].into()));
        head.remove_file("a.yaml");
        head.insert_file("b.yaml".into(), Ok(b"y"[..].into()));
        head.insert_file("c.yaml".into(), Ok(b"c"[..].into()));
        let pull = MergedPullRequest::new(base, &fork, &head);
        let touched: Vec<&str> = pull.touched.iter().map(|touched| &*touched.path).collect();
        assert_eq!(touched, ["a.yaml", "b.yaml", "c.yaml"]);
        assert_eq!(paths(&pull.merged), ["b.yaml", "c.yaml", "d.yaml", "k.yaml"]);
        assert_eq!(pull.merged.content("b.yaml"), head.content("b.yaml"));
    }

    #[test]
    fn uses_the_policies_of_the_base() {
        let fork = snapshot(&[("agency.yaml", "old"), ("2026/r.yaml", "r")]);
        let head = snapshot(&[
            ("agency.yaml", "new"),
            ("2026/agency.yaml", "mine"),
            ("2026/r.yaml", "r"),
            ("2026/s.yaml", "s"),
            ("t.yaml", "t"),
        ]);
        let pull = MergedPullRequest::new(fork.clone(), &fork, &head);
        let planned = pull.snapshot_under_base_policy();
        assert_eq!(paths(&planned), ["2026/r.yaml", "agency.yaml", "t.yaml"]);
        assert_eq!(planned.content("agency.yaml"), fork.content("agency.yaml"));
        assert_eq!(pull.requests_below_new_policies(), ["2026/s.yaml"]);
    }
}
