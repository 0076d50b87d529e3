//! `arkib init`: a new agency's files, which every other command takes as they are.

use std::fs;
use std::path::Path;

use crate::portal::Portal;
use crate::session::{InTime as _, Session, stderr, stdout};

const CONTOH: [&str; 8] = [
    "--agency",
    "CONTOH",
    "--name",
    "Jabatan Contoh: Malaysia",
    "--domain",
    "agensi.example",
    "--approver",
    "pentadbir.uc@agensi.example",
];

/// Runs it; returns the exit status, the result and the messages.
fn init(session: &Session, more: &[&str]) -> (i32, String, String) {
    let output = session.run(&[&["init"][..], &CONTOH, more].concat());
    (output.status.code().unwrap(), stdout(&output), stderr(&output))
}

#[test]
fn git_ignores_what_has_personal_data() {
    for kind in ["agency", "files"] {
        let session = Session::new();
        let (status, _, messages) = init(&session, &[".", "--kind", kind]);
        assert_eq!(status, 0, "{messages}");
        session.git(&["init", "-q"]);
        let pages = ["register.html", "BMT-2026-0042.html", "notices/R-1-enabled-1.html"];
        for file in pages.into_iter().chain(["register.csv", "daftar-2026.csv"]) {
            session.git(&["check-ignore", file]);
        }
        // The mailboxes of a rehearsal are no secret.
        let example = if kind == "files" { "laporan-contoh.csv" } else { "portal.csv" };
        let checked = session.git_command(&["check-ignore", example]).in_time();
        assert_eq!(checked.status.code(), Some(1), "{example}");
    }
}

#[test]
fn a_new_agency_is_complete() {
    let session = Session::new();
    let kind = ["baharu", "--kind", "trial", "--language", "en"];
    let (status, result, messages) = init(&session, &kind);
    assert_eq!(status, 0, "{messages}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/agency");
    let written: Vec<&str> = result.lines().collect();
    for path in &written {
        let name = Path::new(path).strip_prefix("baharu").unwrap();
        let text = fs::read(session.path().join(path)).unwrap();
        // All are those of the example, but for the policy.
        let is_same = text == fs::read(root.join(name)).unwrap_or_default();
        let own = ["requests/agency.yaml", "README.md", "portal.csv"];
        assert_eq!(is_same, !own.iter().any(|name| path.ends_with(name)), "{path}");
    }
    assert!(written.iter().any(|path| path.ends_with("setup-arkib")), "{result}");
    // Everything of the example is there, but what tells of that agency.
    let requests = |path: &str| path.starts_with("requests/") || path == "README.ms.md";
    let listed =
        std::process::Command::new("git").args(["ls-files"]).current_dir(&root).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let missing: Vec<&str> = listed
        .lines()
        .filter(|path| !requests(path) && !session.path().join("baharu").join(path).exists())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");

    let requests = ["--requests", "baharu/requests"];
    let checked = session.run(&[&["check"][..], &requests].concat());
    assert!(checked.status.success(), "{}", stderr(&checked));
    let plan = session.run(&[&["reconcile", "--dry-run", "--unmanaged"][..], &requests].concat());
    assert!(plan.status.success(), "{}", stderr(&plan));
    assert!(stdout(&plan).contains("unmanaged  rosli@agensi.example"), "{}", stdout(&plan));

    let readme = fs::read_to_string(session.path().join("baharu/README.md")).unwrap();
    assert!(
        readme.starts_with("# Archive requests of Jabatan Contoh: Malaysia\n\nEach request"),
        "{readme}"
    );
    assert!(!readme.contains("2026/` |") && readme.contains("## The records"), "{readme}");
    // Without a word it is in Malay, as the policy says.
    assert_eq!(init(&session, &["lain", "--kind", "trial"]).0, 0);
    let malay = fs::read_to_string(session.path().join("lain/README.md")).unwrap();
    assert!(malay.starts_with("# Permohonan arkib Jabatan Contoh: Malaysia\n\nSetiap"), "{malay}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            |name: &str| fs::metadata(session.path().join(name)).unwrap().permissions().mode();
        let modes = ["ci/setup-arkib", "hooks/pre-commit"]
            .map(|name| mode(&format!("baharu/{name}")) & 0o777);
        assert_eq!(modes, [0o700; 2]);
    }
}

/// A repository of each kind is valid, and its first plan is made without an edit, as is said at the end.
#[test]
fn each_kind_makes_its_first_plan() {
    let session = Session::new();
    session.write("portal.csv", "mailbox,state\nsiti.aminah@agensi.example,enabled\n");
    let portal = Portal::start(&session, &[]);
    for (kind, own, says) in [
        ("agency", "apply.yml", "unmanaged  siti.aminah@agensi.example"),
        ("shards", ".gitlab/shards.yml", "unmanaged  siti.aminah@agensi.example"),
        ("files", "laporan-contoh.csv", "unmanaged  rosli@agensi.example"),
        ("trial", "portal.csv", "unmanaged  rosli@agensi.example"),
    ] {
        let (status, result, messages) = init(&session, &[kind, "--kind", kind]);
        assert_eq!(status, 0, "{messages}");
        assert!(result.lines().any(|path| path.ends_with(own)), "{kind}: {result}");
        let requests = format!("{kind}/requests");
        let checked = session.run(&["check", "--strict", "--requests", &requests]);
        assert!(checked.status.success(), "{kind}: {}", stdout(&checked));
        let command = messages.split('`').find(|part| part.starts_with("arkib reconcile"));
        let arguments: Vec<&str> = command.unwrap().split(' ').skip(1).collect();
        let mut command = session.arkib(&arguments);
        command.env("ARKIB_PORTAL_URL", &portal.url).env("ARKIB_PORTAL_TOKEN", &portal.token);
        let plan = command.in_time();
        assert!(plan.status.success(), "{kind}: {}", stderr(&plan));
        assert!(stdout(&plan).contains(says), "{kind}: {}", stdout(&plan));
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_is_asked_for_what_is_missing() {
    let session = Session::new();
    let arguments = ["init", "--agency", "CONTOH", "--name", "Contoh", "--forge", "gitlab"];
    let terminal = crate::terminal::Terminal::run(session.arkib(&arguments));
    terminal.answer("Which domains", "agensi.example");
    terminal.answer("Who may approve?", "ketua.unit@agensi.example");
    terminal.answer("Which? A number or a word", "trial");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(screen.contains("requests/agency.yaml") && screen.contains("Next ("), "{screen}");
    let plan = session.run(&["reconcile", "--dry-run"]);
    assert!(plan.status.success(), "{}", stderr(&plan));
}

#[test]
fn what_is_missing_is_named_where_nobody_can_be_asked() {
    let session = Session::new();
    let output = session.run(&["init", "--agency", "CONTOH", "--domain", "agensi.example"]);
    assert_eq!(output.status.code(), Some(64));
    let said = stderr(&output);
    assert!(said.contains("--name TEXT") && said.contains("--approver ADDRESS"), "{said}");
    assert!(!said.contains("--agency") && !said.contains("--domain"), "{said}");
    assert_eq!(fs::read_dir(session.path()).unwrap().count(), 0);
}

#[test]
fn no_jobs_of_forgejo_run_on_eight_machines() {
    let session = Session::new();
    let (status, result, messages) = init(&session, &["--kind", "shards", "--forge", "forgejo"]);
    assert_eq!((status, &*result), (64, ""), "{messages}");
    assert!(messages.contains("no jobs for Forgejo") && messages.contains("help: "), "{messages}");
    assert_eq!(fs::read_dir(session.path()).unwrap().count(), 0);
}

#[test]
fn each_repository_has_its_own_id() {
    let session = Session::new();
    let id = |folder: &str| {
        assert_eq!(init(&session, &[folder]).0, 0);
        let policy =
            fs::read_to_string(session.path().join(folder).join("requests/agency.yaml")).unwrap();
        policy.lines().find_map(|line| line.strip_prefix("repository: ")).unwrap().to_owned()
    };
    let (one, other) = (id("satu"), id("dua"));
    assert_ne!(one, other);
    assert_eq!([8, 13, 18, 23].map(|at| &one[at..=at]), ["-"; 4], "{one}");
    assert_eq!((one.len(), &one[14..15]), (36, "4"), "{one}");
}

#[test]
fn the_jobs_of_one_forge_can_be_written() {
    let session = Session::new();
    let (_, github, _) = init(&session, &["satu", "--forge", "github"]);
    assert!(github.contains("apply.yml") && !github.contains(".gitlab-ci.yml"), "{github}");
    let (_, gitlab, _) = init(&session, &["dua", "--forge", "gitlab"]);
    assert!(!gitlab.contains("apply.yml") && gitlab.contains(".gitlab-ci.yml"), "{gitlab}");
}

#[test]
fn nothing_is_overwritten_and_nothing_half_written() {
    let session = Session::new();
    session.write("CODEOWNERS", "mine\n");
    let (status, result, messages) = init(&session, &[]);
    assert_eq!((status, result.as_str()), (1, ""));
    assert!(
        messages.contains("Nothing was written: 1 file is there already, CODEOWNERS"),
        "{messages}"
    );
    assert_eq!(fs::read_to_string(session.path().join("CODEOWNERS")).unwrap(), "mine\n");
    assert_eq!(fs::read_dir(session.path()).unwrap().count(), 1);
    // A file where a folder must be: what was written before it goes again.
    session.write("satu/requests", "mine\n");
    let (status, _, messages) = init(&session, &["satu"]);
    assert!(status == 1 && messages.contains("Nothing was written"), "{messages}");
    assert!(!session.path().join("satu/.arkib-version").exists());
}

/// What is there already, and how it is said.
#[test]
fn what_is_in_the_way_is_named() {
    let session = Session::new();
    session.write("satu/ci", "mine\n");
    let (status, _, messages) = init(&session, &["satu"]);
    assert!(status == 1 && messages.contains("ci is a file, and a folder is due"), "{messages}");
    assert_eq!(fs::read_dir(session.path().join("satu")).unwrap().count(), 1);
    // A run that was killed: some of its files, and one that was not complete.
    assert_eq!(init(&session, &["dua"]).0, 0);
    for name in ["schemas", "hooks"] {
        fs::remove_dir_all(session.path().join("dua").join(name)).unwrap();
    }
    session.write("dua/hooks/.arkib-tmp-aBcDeF", "half");
    let (status, _, messages) = init(&session, &["dua"]);
    assert!(status == 1 && messages.contains("an earlier run was cut off"), "{messages}");
    let help = messages.lines().find(|line| line.starts_with("help: delete ")).unwrap();
    let listed = help.trim_start_matches("help: delete ").trim_end_matches(", then run it again");
    listed.split(", ").for_each(|name| fs::remove_file(session.path().join(name)).unwrap());
    let (status, _, messages) = init(&session, &["dua"]);
    assert!(status == 0 && messages.contains("README.md stays as it is"), "{messages}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;

    let session = Session::new();
    fs::create_dir(session.path().join("outside")).unwrap();
    for (name, target) in [(".github", "../outside"), ("README.md", "nothing")] {
        let folder = session.path().join("satu");
        fs::create_dir(&folder).unwrap();
        symlink(target, folder.join(name)).unwrap();
        let (status, _, messages) = init(&session, &["satu"]);
        let why = format!("Nothing was written: satu/{name} is a link");
        assert!(status == 1 && messages.contains(&why), "{messages}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_file(folder.join(name)).unwrap();
        fs::remove_dir(folder).unwrap();
    }
    assert_eq!(fs::read_dir(session.path().join("outside")).unwrap().count(), 0);
}

#[test]
fn the_repository_around_decides() {
    let session = Session::new();
    session.write("klon/README.md", "# Baharu\n");
    for part in [".git/objects/info", ".git/refs/heads"] {
        fs::create_dir_all(session.path().join("klon").join(part)).unwrap();
    }
    session.write("klon/.git/HEAD", "ref: refs/heads/main\n");
    for inside in ["klon/.git", "klon/.git/hooks"] {
        let (status, _, messages) = init(&session, &[inside]);
        assert!(status == 1 && messages.contains("is a folder of git's own"), "{messages}");
    }
    let (status, _, messages) = init(&session, &["klon/satu"]);
    assert!(status == 0 && messages.contains("warning: klon/satu is a folder of"), "{messages}");
    let (status, _, messages) = init(&session, &["klon"]);
    assert!(status == 0 && !messages.contains("warning"), "{messages}");
    assert!(messages.contains("README.md stays as it is"), "{messages}");
    assert_eq!(fs::read_to_string(session.path().join("klon/README.md")).unwrap(), "# Baharu\n");
}

#[test]
fn a_policy_with_problems_is_not_written() {
    let session = Session::new();
    let (status, _, messages) = init(&session, &["--domain", "tiada domain"]);
    assert!(status == 1 && messages.contains("the policy would have problems"), "{messages}");
    assert!(messages.contains("tiada domain"), "{messages}");
    assert_eq!(fs::read_dir(session.path()).unwrap().count(), 0);
}
