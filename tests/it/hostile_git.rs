//! git is run as if the repository were hostile: it gets no secret, runs no program that a branch can
//! name, and never reads another repository than the one that was reviewed.

use std::collections::BTreeSet;
use std::fs;

use arkib::git::GitFolder;

use crate::review_bypass::{agency, commit, found, policy, request};
use crate::session::{InTime as _, Session, status, stderr, stdout};

/// What reads, and the five that git does as its user for `arkib request --branch`.
const PLUMBING: [&str; 13] = [
    "cat-file",
    "check-ignore",
    "check-ref-format",
    "diff-index",
    "diff-tree",
    "for-each-ref",
    "ls-files",
    "ls-tree",
    "merge-base",
    // Names and addresses of remotes.
    "remote",
    "rev-list",
    "rev-parse",
    "symbolic-ref",
];
const WRITING: [&str; 5] = ["add", "commit", "status", "switch", "var"];
/// What a shell adds of its own.
const OF_THE_SHELL: [&str; 4] = ["OLDPWD", "PWD", "SHLVL", "_"];
const GIVEN: [&str; 14] = [
    "GIT_ALLOW_PROTOCOL",
    "GIT_ATTR_NOSYSTEM",
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_GRAFT_FILE",
    "GIT_NO_LAZY_FETCH",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OPTIONAL_LOCKS",
    "GIT_TERMINAL_PROMPT",
    "HOME",
    "LC_ALL",
    "PATH",
    "TMPDIR",
];
const OPTIONS: &str = "--no-pager -c safe.bareRepository=explicit -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.attributesFile=/dev/null -c diff.external= -c log.showSignature=false -c protocol.allow=never -c submodule.recurse=false ";

/// A program that says that it ran, if it runs.
fn canary(session: &Session) -> String {
    format!("touch {}; cat", session.path().join("ran").display())
}

fn nothing_ran(session: &Session, what: &str) {
    assert!(!session.path().join("ran").exists(), "{what} ran a program");
}

/// Commands that together ask git everything.
const COMMANDS: [&[&str]; 4] = [
    &["check", "--base", "main"],
    &["reconcile", "--dry-run", "--base", "main"],
    &["reconcile", "--yes"],
    &["notify", "--dry-run"],
];

#[cfg(unix)]
#[test]
fn every_call_of_git_only_reads_and_gets_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;

    let session = agency();
    let signed = policy("pentadbir", "provenance: signed\nrepository: 0198c1d2e3f40516\n");
    let key = "pentadbir@agensi.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBfo3EpkAg4QVWP7dYpL1xGXqKDAgQUGeRcGkWBVPAXk\n";
    session.git(&["checkout", "-q", "main"]);
    session.write("requests/agency.yaml", signed);
    session.write("requests/allowed_signers", key);
    commit(&session);
    session.git(&["checkout", "-q", "-B", "pr"]);
    session.write("requests/R-2.yaml", request("R-2", "terminate", "m2", "pentadbir", ""));
    commit(&session);
    session.write("requests/R-3.yaml", request("R-3", "enable", "m3", "pentadbir", ""));

    let path = std::env::var("PATH").unwrap();
    let real = std::env::split_paths(&path).map(|folder| folder.join("git"));
    let real = real.into_iter().find(|file| file.is_file()).unwrap();
    // A file for each call, because some are at once.
    let seen = session.path().join("seen");
    fs::create_dir(&seen).unwrap();
    let text = format!(
        "#!/bin/sh\n{{ echo \"CALL $*\"; env; }} > {}/$$\nexec {} \"$@\"\n",
        seen.display(),
        real.display()
    );
    session.write("bin/git", text);
    let program = session.path().join("bin/git");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let new: &[&str] = &[
        "request",
        "enable",
        "m3@agensi.example",
        "--branch",
        "--id",
        "R-9",
        "--received",
        "2026-01-02",
        "--channel",
        "memo",
        "--reference",
        "R",
    ];
    let run = |arguments: &[&str]| {
        let output = session
            .arkib(arguments)
            .env("PATH", format!("{}:{path}", session.path().join("bin").display()))
            .env("HOME", session.path())
            .env("ARKIB_PORTAL_TOKEN", "rahsia")
            .env("ARKIB_PORTAL_LATER", "rahsia")
            .env("ARKIB_SMTP_PASSWORD", "rahsia")
            .env("GITHUB_TOKEN", "rahsia")
            .env("GIT_SSH_COMMAND", "rahsia")
            .env("GIT_EXTERNAL_DIFF", "rahsia")
            .env("GIT_AUTHOR_NAME", "Kerani")
            .env("GIT_AUTHOR_EMAIL", "kerani@agensi.example")
            .env("GIT_COMMITTER_NAME", "Kerani")
            .env("GIT_COMMITTER_EMAIL", "kerani@agensi.example")
            .in_time();
        assert!(status(&output) >= 0, "{}", stderr(&output));
    };
    COMMANDS.iter().chain([&new]).for_each(|arguments| run(arguments));
    // Which commit brought a record.
    session.write("requests/records/1.jsonl", "{}\n");
    commit(&session);
    run(&["records", "verify"]);

    let calls = fs::read_dir(seen).unwrap();
    let calls: Vec<String> =
        calls.map(|call| fs::read_to_string(call.unwrap().path()).unwrap()).collect();
    let mut commands = BTreeSet::new();
    for call in &calls {
        let (words, variables) = call.strip_prefix("CALL ").unwrap().split_once('\n').unwrap();
        let top = format!("-C {} ", fs::canonicalize(session.path()).unwrap().display());
        let words = words.strip_prefix(&top).unwrap_or_else(|| panic!("elsewhere: {words}"));
        let names: BTreeSet<&str> =
            variables.lines().filter_map(|line| line.split('=').next()).collect();
        let first = words.split(' ').next().unwrap();
        if WRITING.contains(&first) {
            commands.insert(first);
            assert!(!names.iter().any(|name| name.starts_with("ARKIB_")), "{words}: {names:?}");
            assert!(!names.contains("GIT_SSH_COMMAND") && names.contains("GIT_AUTHOR_NAME"));
            continue;
        }
        let words =
            words.strip_prefix(OPTIONS).unwrap_or_else(|| panic!("not only reads: {words}"));
        let here = "--git-dir=.git --work-tree=. ";
        let command = match words {
            "-c safe.bareRepository=all rev-parse --git-dir" => "rev-parse",
            words => {
                let words = words.strip_prefix(here).unwrap_or_else(|| panic!("where: {words}"));
                words.split(' ').find(|word| !word.contains('/')).unwrap()
            }
        };
        assert!(PLUMBING.contains(&command), "not plumbing: {words}");
        assert!(command != "diff-index" || words.contains("--cached"), "runs filters: {words}");
        commands.insert(command);
        for name in &names {
            let is_known = GIVEN.contains(name) || OF_THE_SHELL.contains(name);
            assert!(is_known, "{name} is given to {words}");
        }
        assert!(!variables.contains("rahsia"), "{words}: {variables}");
        for name in
            GIVEN.iter().filter(|name| name.starts_with("GIT_") && !name.contains("CEILING"))
        {
            assert!(names.contains(name), "{name} is not given to {words}");
        }
    }
    let all: BTreeSet<&str> = PLUMBING.into_iter().chain(WRITING).collect();
    let unseen: Vec<_> = all.difference(&commands).collect();
    assert_eq!(unseen, [&"ls-files"], "only a nested repository needs it");
}

/// The branch makes its requests folder a git directory whose configuration names programs.
#[test]
fn a_bare_repository_in_the_requests_folder_is_a_finding() {
    let session = agency();
    session.git(&["clone", "-q", "--bare", ".", "evil.git"]);
    for part in ["HEAD", "packed-refs"] {
        session.write(
            &format!("requests/{part}"),
            fs::read(session.path().join("evil.git").join(part)).unwrap(),
        );
    }
    session.write("requests/objects/.keep", "");
    session.write("requests/refs/.keep", "");
    session.write(
        "requests/config",
        format!(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = /\n\tfsmonitor = \"{}\"\n",
            canary(&session)
        ),
    );
    fs::remove_dir_all(session.path().join("evil.git")).unwrap();
    commit(&session);
    for more in [&[][..], &["--ref", "pr"]] {
        let kinds = found(&session, more);
        assert!(kinds.contains(&"git-directory requests/HEAD".to_owned()), "{kinds:?}");
    }
    for arguments in COMMANDS {
        session.run(arguments);
        nothing_ran(&session, &arguments.join(" "));
    }
    // From within, too.
    let mut command = session.arkib(&["check", "--base", "main", "--requests", "."]);
    let output = command.current_dir(session.path().join("requests")).in_time();
    assert!(stdout(&output).contains("git-directory"), "{}{}", stdout(&output), stderr(&output));
    nothing_ran(&session, "check");
}

#[test]
fn a_git_directory_that_a_commit_put_around_the_requests_is_refused() {
    let session = agency();
    session.git(&["clone", "-q", "--bare", ".", "mail"]);
    session.write("mail/refs/.keep", "");
    session.git(&["rm", "-q", "-r", "requests"]);
    let find = || GitFolder::find(&session.path().join("mail/requests"));
    assert!(find().is_ok(), "a clone that nobody committed is a repository of its own");
    session.git(&["add", "-f", "mail"]);
    let why = find().unwrap_err().to_string();
    assert!(why.contains("in a git directory that a commit put there"), "{why}");
    // A folder that is on disk is in a work tree, or in none.
    session.write("mail/requests/agency.yaml", policy("evil", ""));
    assert_eq!(find().unwrap().prefix, "mail/requests");
    fs::rename(session.path().join(".git"), session.path().join("git")).unwrap();
    let why = find().unwrap_err().to_string();
    assert!(why.contains("not a git repository"), "{why}");
}

#[test]
fn a_nested_git_directory_is_never_read() {
    let session = agency();
    session.git(&["init", "-q", "requests"]);
    session.git(&["-C", "requests", "config", "core.fsmonitor", &canary(&session)]);
    let find = || GitFolder::find(&session.path().join("requests"));
    let why = find().unwrap_err().to_string();
    assert!(why.contains("would read another repository"), "{why}");
    for arguments in COMMANDS {
        session.run(arguments);
        nothing_ran(&session, &arguments.join(" "));
    }
    fs::remove_dir_all(session.path().join("requests/.git")).unwrap();
    session.git(&["init", "-q", "requests/sub"]);
    assert_eq!(find().unwrap().prefix, "requests");
    assert_eq!(found(&session, &[]), ["git-directory requests/sub/.git"]);
}

/// Names that git does not check out, but a tree can have.
#[test]
fn a_commit_with_a_git_directory_is_a_finding() {
    let session = agency();
    let [blob, other] = ["agency.yaml", "R-1.yaml"]
        .map(|file| session.git(&["rev-parse", &format!("HEAD:requests/{file}")]));
    let tree = |lines: &str| {
        session.write("tree", lines);
        let mut command = session.git_command(&["mktree"]);
        let output = command.stdin(fs::File::open(session.path().join("tree")).unwrap()).in_time();
        stdout(&output).trim().to_owned()
    };
    let inner = tree(&format!("100644 blob {blob}\tconfig\n"));
    let folder = tree(&format!(
        "040000 tree {inner}\t.GIT\n040000 tree {inner}\tGIT~1\n100644 blob {other}\tR-1.yaml\n100644 blob {blob}\tagency.yaml\n"
    ));
    let top = tree(&format!("040000 tree {folder}\trequests\n"));
    let evil = session.git(&["commit-tree", "-m", "x", "-p", "main", &top]);
    session.git(&["update-ref", "refs/heads/evil", &evil]);
    let kinds = found(&session, &["--ref", "evil"]);
    let expected = ["git-directory requests/.GIT/config", "git-directory requests/GIT~1/config"];
    assert_eq!(kinds, expected);
}

/// Programs of the user's own configuration, which a branch selects by its attributes.
#[test]
fn no_filter_driver_or_hook_runs() {
    let session = agency();
    let canary = canary(&session);
    for name in [
        "filter.x.clean",
        "filter.x.smudge",
        "diff.x.textconv",
        "diff.x.command",
        "diff.external",
        "core.fsmonitor",
        "core.pager",
        "gpg.program",
        "core.sshCommand",
        "core.alternateRefsCommand",
    ] {
        session.git(&["config", name, &canary]);
    }
    session.git(&["config", "log.showSignature", "true"]);
    session.write("requests/.gitattributes", "*.yaml filter=x diff=x -text\n");
    session.write("requests/R-2.yaml", request("R-2", "terminate", "m2", "pentadbir", ""));
    commit(&session);
    let _ = fs::remove_file(session.path().join("ran"));
    // The index knows neither their size nor their time.
    session.write("requests/R-1.yaml", request("R-1", "enable", "m3", "pentadbir", ""));
    session.write("requests/R-2.yaml", request("R-2", "terminate", "m2", "pentadbir", ""));
    for arguments in COMMANDS {
        session.run(arguments);
        nothing_ran(&session, &arguments.join(" "));
    }
}

#[test]
fn a_linked_work_tree_works() {
    let session = agency();
    session.git(&["worktree", "add", "-q", "linked", "main"]);
    let place = GitFolder::find(&session.path().join("linked/requests")).unwrap();
    assert_eq!(place.prefix, "requests");
    assert_eq!(place.head().unwrap().branch.as_deref(), Some("main"));
}

/// Needs a user who may give files away.
#[cfg(unix)]
#[test]
fn a_checkout_of_another_user_needs_safe_directory() {
    let session = agency();
    for folder in [session.path().to_owned(), session.path().join(".git")] {
        if std::os::unix::fs::chown(&folder, Some(12345), None).is_err() {
            return;
        }
    }
    let check = |trusted: &str| {
        session
            .arkib(&["check", "--base", "main"])
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "safe.directory")
            .env("GIT_CONFIG_VALUE_0", trusted)
            .in_time()
    };
    let refused = check("/elsewhere");
    assert_eq!(status(&refused), 1);
    assert!(stderr(&refused).contains("dubious ownership"), "{}", stderr(&refused));
    assert_eq!(status(&check("*")), 0);
}

/// What is committed terminates m2. What git checks out enables m3, because curly quotes become
/// straight ones.
const TWO_FACES: &str = "{version: 1, id: R-2, received: {date: 2026-11-02, channel: memo, reference: “R},\n action: terminate, mailboxes: [m2@agensi.example], approvals: [{by: pentadbir@agensi.example, date: 2026-11-03}], reason: 'x”},\n action: enable, mailboxes: [m3@agensi.example], reason: “y'} # ”, approvals: [{by: pentadbir@agensi.example, date: 2026-11-03}]}\n";

#[test]
fn attributes_change_nothing_that_is_planned() {
    let session = agency();
    session.write("blob", TWO_FACES);
    let id = session.git(&["hash-object", "-w", "--no-filters", "blob"]);
    let attributes = "*.yaml working-tree-encoding=ASCII//TRANSLIT -diff\n";
    session.write("requests/.gitattributes", attributes);
    session.write(".gitattributes", "*.txt -diff\n");
    session.git(&["add", ".gitattributes", "requests/.gitattributes"]);
    let entry = format!("100644,{id},requests/R-2.yaml");
    session.git(&["update-index", "--add", "--cacheinfo", &entry]);
    session.git(&["commit", "-q", "-m", "R-2: enable m3"]);
    // As git would check it out, with a C library that transliterates.
    session.write("requests/R-2.yaml", TWO_FACES.replace(['“', '”'], "\""));
    let plan = ["reconcile", "--dry-run", "--base", "main", "--as-of", "2026-11-23"];
    let output = session.run(&plan);
    let text = stdout(&output);
    assert!(text.contains("- terminate  m2@agensi.example"), "{text}{}", stderr(&output));
    // Only the reason, as which the commit has it, names another one.
    assert!(!text.contains("enable  m3@") && text.contains("1 to terminate ·"), "{text}");
    assert!(text.contains("warning[not-as-committed]"), "{text}");
    for file in [".gitattributes", "requests/.gitattributes"] {
        assert!(text.contains(&format!("  ! {file}: adds what git does")), "{text}");
    }
    assert!(text.contains("--> requests/R-2.yaml"), "{text}");
    // The same as what is applied.
    let committed = session.run(&[&plan[..], &["--ref", "pr"]].concat());
    assert!(stdout(&committed).contains("- terminate  m2@agensi.example"));
    let output = session.run(&["reconcile", "--dry-run", "--as-of", "2026-11-23"]);
    let text = stdout(&output);
    assert!(text.contains("with uncommitted changes in R-2.yaml"), "{text}");
    assert_eq!(status(&session.run(&["reconcile", "--yes", "--as-of", "2026-11-23"])), 4);
    // Line ends of Windows are nothing to speak of.
    session.write("requests/R-2.yaml", TWO_FACES.replace('\n', "\r\n"));
    assert!(!stdout(&session.run(&plan)).contains("not-as-committed"));
}
