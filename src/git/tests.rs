//! What git answers about repositories that are made for each test.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::discovery::real_path;
use super::program::Repository;
use super::*;

/// When each commit was made.
const SECONDS: i64 = 1_767_225_600;

/// A repository whose `main` has one commit.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    fn empty() -> Self {
        let scratch = Self(tempfile::tempdir().expect("a folder"));
        scratch.git(&["init", "-q", "-b", "main"]);
        scratch
    }

    pub fn new() -> Self {
        let scratch = Self::empty();
        scratch.write("requests/R-1.yaml", "one\n");
        scratch.write("requests/sub/R-2.yaml", "two two\n");
        scratch.write("README.md", "three\n");
        scratch.commit();
        scratch
    }

    pub fn path(&self, below: &str) -> PathBuf {
        let top = real_path(self.0.path()).expect("a folder");
        if below.is_empty() { top } else { top.join(below) }
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn git(&self, words: &[&str]) -> String {
        self.git_reading(words, b"")
    }

    /// What a command says that reads these bytes.
    pub fn git_reading(&self, words: &[&str], input: &[u8]) -> String {
        let date = format!("{SECONDS} +0800");
        let mut child = Command::new("git")
            .args(["-c", "user.name=x", "-c", "user.email=x@agensi.example"])
            .args(["-c", "commit.gpgsign=false", "-c", "advice.addEmbeddedRepo=false"])
            // Without sample hooks, upkeep and waiting for the disk, which cost most of the time.
            .args([
                "-c",
                "init.templateDir=",
                "-c",
                "maintenance.auto=false",
                "-c",
                "core.fsync=none",
            ])
            .args(words)
            .current_dir(self.path(""))
            .env("GIT_COMMITTER_DATE", date)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("git");
        // One that reads nothing may have ended.
        let _ = child.stdin.take().expect("its input").write_all(input);
        let ran = child.wait_with_output().expect("git");
        assert!(ran.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).trim_end().to_owned()
    }

    pub fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// A commit of the same files with these parents.
    fn commit_onto(&self, parents: &[&str]) -> String {
        let message = format!("onto {}", parents.len());
        let parents = parents.iter().flat_map(|parent| ["-p", parent]);
        let words: Vec<&str> =
            ["commit-tree", "-m", &message, "HEAD^{tree}"].into_iter().chain(parents).collect();
        self.git(&words)
    }

    fn find(&self, folder: &str) -> Result<GitFolder, String> {
        GitFolder::find(&self.path(folder)).map_err(|error| error.to_string())
    }

    /// Its folder `requests`.
    pub fn place(&self) -> GitFolder {
        self.find("requests").expect("a repository")
    }
}

const NO_REPOSITORY: &str = "git says: not a git repository";

#[test]
fn a_folder_is_found_in_its_work_tree_even_where_it_is_not_on_disk() {
    let scratch = Scratch::new();
    for folder in ["", "requests", "requests/none/there"] {
        let place = scratch.find(folder).expect("a repository");
        assert_eq!(place.repository.top, scratch.path(""));
        assert_eq!((place.repository.is_bare, &*place.prefix), (false, folder));
    }
}

#[test]
fn a_bare_repository_counts_only_around_a_folder_that_is_not_on_disk() {
    let scratch = Scratch::new();
    let bare = Scratch(tempfile::tempdir().expect("a folder"));
    bare.git(&["clone", "-q", "--bare", &scratch.path("").to_string_lossy(), "bare.git"]);
    let place = bare.find("bare.git/requests").expect("a repository");
    assert_eq!(place.repository.top, bare.path("bare.git"));
    assert_eq!((place.repository.is_bare, &*place.prefix), (true, "requests"));
    assert_eq!(list_tree(&place, "main").expect("a tree").len(), 2);
    // Nobody stands in it, so it may be what a branch brought.
    for folder in ["bare.git", "bare.git/objects"] {
        let found = bare.find(folder);
        assert!(found.as_ref().is_err_and(|why| why.starts_with(NO_REPOSITORY)), "{found:?}");
    }
}

#[test]
fn the_current_folder_is_in_one_work_tree() {
    let here = std::env::current_dir().expect("a folder");
    let at = |top: PathBuf, is_bare| GitFolder {
        repository: Repository { top, is_bare },
        prefix: String::new(),
    };
    assert!(at(here.clone(), false).holds_current_folder());
    assert!(!at(here.clone(), true).holds_current_folder());
    assert!(!at(here.join("src"), false).holds_current_folder());
}

#[cfg(unix)]
#[test]
fn a_link_leads_out_of_a_work_tree_and_not_from_elsewhere() {
    let scratch = Scratch::new();
    std::os::unix::fs::symlink("requests", scratch.path("link")).expect("a link");
    let found = scratch.find("link");
    assert!(found.as_ref().is_err_and(|why| why.contains("link is a link")), "{found:?}");
    let outside = tempfile::tempdir().expect("a folder");
    let link = outside.path().join("link");
    std::os::unix::fs::symlink(scratch.path("requests"), &link).expect("a link");
    assert_eq!(GitFolder::find(&link).expect("a repository").prefix, "requests");
}

#[test]
fn a_repository_inside_another_counts_only_if_the_other_tracks_nothing_there() {
    let scratch = Scratch::new();
    for folder in ["own", "tracked", "module"] {
        scratch.write(&format!("{folder}/requests/R-1.yaml"), "one\n");
    }
    scratch.git(&["add", "tracked"]);
    for folder in ["own", "tracked", "module"] {
        scratch.git(&["init", "-q", folder]);
    }
    scratch.git(&["-C", "module", "add", "requests"]);
    scratch.git(&["-C", "module", "commit", "-q", "-m", "x"]);
    scratch.git(&["add", "module"]);
    assert!(scratch.git(&["ls-files", "-s", "module"]).starts_with("160000 "));
    assert_eq!(
        scratch.find("own/requests").expect("a repository").repository.top,
        scratch.path("own")
    );
    for (folder, what) in [
        ("tracked", "is in a git directory that a commit put there"),
        ("module", "is in a submodule"),
    ] {
        let found = scratch.find(&format!("{folder}/requests"));
        assert!(found.as_ref().is_err_and(|why| why.contains(what)), "{folder}: {found:?}");
    }
}

#[test]
fn a_name_means_one_commit_or_none() {
    let scratch = Scratch::new();
    let [first, second] = [scratch.git(&["rev-parse", "HEAD"]), scratch.commit()];
    let place = scratch.place();
    let resolved = |name: &str| place.resolve_commit(name).map_err(|error| error.to_string());
    for (name, commit) in [
        ("main", &second),
        ("HEAD", &second),
        ("@", &second),
        ("refs/heads/main", &second),
        ("main~1", &first),
        (first.as_str(), &first),
    ] {
        assert_eq!(resolved(name).as_ref(), Ok(commit), "{name}");
    }
    for name in ["none", "main:requests", "--git-dir", "--all", "-h", ""] {
        let why = format!("there is no commit `{name}` in this repository");
        assert_eq!(resolved(name), Err(why));
    }
    // That git does not answer at all is no answer.
    let found = resolved("refs/no\0name");
    assert!(found.as_ref().is_err_and(|why| why.contains("cannot be started")), "{found:?}");
    let empty = Scratch::empty();
    empty.write("requests/R-1.yaml", "one\n");
    let found = empty.place().resolve_commit("HEAD").map_err(|error| error.to_string());
    assert_eq!(found, Err("nothing is committed in this repository yet".to_owned()));
}

#[test]
fn a_name_that_can_mean_two_commits_is_refused() {
    let scratch = Scratch::new();
    let second = scratch.commit();
    let place = scratch.place();
    // Of letters that numbers are written in, and too short for a commit's name, or too long.
    for branch in ["abc", "beef", "other", "side/main", "rel@2"] {
        scratch.git(&["branch", branch, "main~1"]);
    }
    for tag in [
        "refs/tags/other",
        "refs/tags/HEAD",
        "refs/heads/HEAD",
        "refs/tags/rel@2",
        "refs/tags/upstream",
        "refs/remotes/upstream/HEAD",
        "refs/tags/@",
    ] {
        scratch.git(&["update-ref", tag, &second]);
    }
    let resolved = |name: &str| place.resolve_commit(name).map_err(|error| error.to_string());
    for (name, meant) in [
        ("other", "refs/tags/other, refs/heads/other"),
        ("other~0", "refs/tags/other, refs/heads/other"),
        ("beef", "refs/heads/beef"),
        ("rel@2", "refs/tags/rel@2, refs/heads/rel@2"),
        ("rel@2@{0}", "refs/tags/rel@2, refs/heads/rel@2"),
        ("upstream", "refs/tags/upstream, refs/remotes/upstream/HEAD"),
    ] {
        let found = resolved(name);
        let is_refused = found.as_ref().is_err_and(|why| {
            why.starts_with(&format!("`{name}` is ambiguous"))
                && meant.split(", ").all(|one| why.contains(one))
        });
        assert!(is_refused, "{name}: {found:?}");
    }
    for name in ["abc", "refs/heads/other", "main", "main@{0}", "side/main", "HEAD", "@", "@~0"] {
        assert!(resolved(name).is_ok(), "{name}: {:?}", resolved(name));
    }
    assert_eq!(resolved("HEAD"), Ok(second.clone()));
    assert_eq!(resolved("@"), Ok(second));
}

#[test]
fn a_commit_has_a_short_name_a_branch_and_a_time() {
    let scratch = Scratch::new();
    let place = scratch.place();
    let commit = scratch.git(&["rev-parse", "HEAD"]);
    let head = place.head().expect("a commit");
    assert_eq!((&head.commit, head.branch.as_deref()), (&commit, Some("main")));
    assert_eq!(head.short, scratch.git(&["rev-parse", "--short", "HEAD"]));
    assert_eq!(place.commit_time(&head), Ok(Some(SECONDS)));
    for (name, shown) in [
        ("main~0", "main~0"),
        ("refs/heads/main", "main"),
        ("refs/remotes/origin/main", "origin/main"),
        ("refs/arkib/x", "refs/arkib/x"),
    ] {
        let full = if name.starts_with("refs/") { name } else { "refs/heads/main" };
        scratch.git(&["update-ref", full, &commit]);
        let named = place.named_commit(name).expect("a commit");
        assert_eq!(named.branch.as_deref(), Some(shown));
    }
    scratch.git(&["checkout", "-q", "--detach"]);
    assert_eq!(place.head().expect("a commit").branch, None);
}

#[test]
fn two_commits_have_one_common_ancestor() {
    let scratch = Scratch::new();
    let root = scratch.git(&["rev-parse", "HEAD"]);
    let [one, other] = [scratch.commit_onto(&[&root]), scratch.commit_onto(&[&root, &root])];
    let place = scratch.place();
    let base = |one: &str, other: &str| {
        let [one, other] = [one, other].map(|name| place.named_commit(name).expect("a commit"));
        place.merge_base(&one, &other).map_err(|error| error.to_string())
    };
    scratch.git(&["branch", "one", &one]);
    scratch.git(&["branch", "other", &other]);
    assert_eq!(base("one", "main"), Ok(root));
    scratch.git(&["branch", "lone", &scratch.commit_onto(&[])]);
    let short = |name: &str| scratch.git(&["rev-parse", "--short", name]);
    let [main, lone] = ["main", "lone"].map(short);
    let none = format!("main ({main}) and lone ({lone}) have no commit in common here");
    assert_eq!(base("main", "lone"), Err(none));
    let merged = [[&*one, &*other], [&*other, &*one]].map(|parents| scratch.commit_onto(&parents));
    let found = base(&merged[0], &merged[1]);
    assert!(found.as_ref().is_err_and(|why| why.contains("(criss-cross)")), "{found:?}");
}

#[test]
fn a_tree_is_listed_below_the_folder() {
    let scratch = Scratch::new();
    let listed = |folder: &str| -> Vec<(String, FileMode, u64)> {
        let place = scratch.find(folder).expect("a repository");
        let entries = list_tree(&place, "HEAD").expect("a tree");
        let ids: Vec<&str> = entries.iter().map(|entry| &*entry.id).collect();
        let sizes = blob_sizes(&place, &ids).expect("sizes");
        let entry = |(entry, size): (&TreeEntry, u64)| {
            let size = if entry.mode == FileMode::File { size } else { 0 };
            (String::from_utf8(entry.path.clone()).expect("text"), entry.mode, size)
        };
        entries.iter().zip(sizes).map(entry).collect()
    };
    let file = |path: &str, size| (path.to_owned(), FileMode::File, size);
    assert_eq!(listed("requests"), [file("R-1.yaml", 4), file("sub/R-2.yaml", 8)]);
    let whole =
        [file("README.md", 6), file("requests/R-1.yaml", 4), file("requests/sub/R-2.yaml", 8)];
    assert_eq!(listed(""), whole);
    assert_eq!(listed("none"), []);
    assert_eq!(listed("README.md"), [file("", 6)]);
    // A submodule has no content here, and the others keep theirs.
    let commit = scratch.git(&["rev-parse", "HEAD"]);
    let module = format!("160000,{commit},requests/module");
    scratch.git(&["update-index", "--add", "--cacheinfo", &module]);
    scratch.git(&["commit", "-q", "-m", "x"]);
    let module = ("module".to_owned(), FileMode::Submodule, 0);
    assert_eq!(listed("requests"), [file("R-1.yaml", 4), module, file("sub/R-2.yaml", 8)]);
}

#[test]
fn contents_come_in_the_order_that_was_asked_for() {
    let scratch = Scratch::new();
    let place = scratch.place();
    let ids = ["HEAD:README.md", "HEAD:requests/R-1.yaml", "HEAD:README.md"]
        .map(|name| scratch.git(&["rev-parse", name]));
    let ids = ids.each_ref().map(String::as_str);
    let wanted = [&b"three\n"[..], b"one\n", b"three\n"];
    assert_eq!(read_blobs(&place, &ids).expect("contents"), wanted);
    assert_eq!(map_blobs(&place, &ids, <[u8]>::len).expect("contents"), [6, 4, 6]);
    assert_eq!(read_blobs(&place, &[]), Ok(Vec::new()));
    let missing = "1".repeat(40);
    assert!(read_blobs(&place, &[ids[0], &missing]).is_err());
}

#[test]
fn each_file_has_the_commit_that_brought_it() {
    let scratch = Scratch::new();
    let [first, second] = [scratch.git(&["rev-parse", "HEAD"]), {
        scratch.write("requests/R-3.yaml", "three\n");
        scratch.write("R-4.yaml", "four\n");
        scratch.commit()
    }];
    let brought = |folder: &str| {
        let place = scratch.find(folder).expect("a repository");
        let commits = folder_history(&place, "HEAD", ".yaml").expect("commits").brought;
        let mut commits: Vec<(String, String)> = commits.into_iter().collect();
        commits.sort_unstable();
        commits
    };
    let file = |path: &str, commit: &String| (path.to_owned(), commit.clone());
    let below = [file("R-1.yaml", &first), file("R-3.yaml", &second), file("sub/R-2.yaml", &first)];
    assert_eq!(brought("requests"), below);
    assert_eq!(brought("").len(), 4);
}

#[test]
fn what_changed_is_of_the_folder_and_of_git_s_settings() {
    let scratch = Scratch::new();
    scratch.write("requests/R-1.yaml", "another\n");
    scratch.write("requests/R-3.yaml", "three\n");
    scratch.write("README.md", "another\n");
    scratch.write("docs/.gitattributes", "* text\n");
    let changed = |folder: &str| {
        let place = scratch.find(folder).expect("a repository");
        files_changed_between(&place, "HEAD~1", "HEAD").expect("changes")
    };
    let is = |letter: char, path: &str| (letter, path.to_owned());
    scratch.git(&["add", "--all"]);
    let staged = [is('M', "requests/R-1.yaml"), is('A', "requests/R-3.yaml")];
    assert_eq!(files_staged(&scratch.place(), "HEAD").expect("changes"), staged);
    scratch.commit();
    let settings = is('A', "docs/.gitattributes");
    assert_eq!(changed("requests"), [std::slice::from_ref(&settings), &staged[..]].concat());
    assert_eq!(changed(""), [&[is('M', "README.md"), settings], &staged[..]].concat());
}
