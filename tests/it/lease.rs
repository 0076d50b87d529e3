//! The lease: runs in clones of their own that share nothing but a portal without If-Match and a
//! git remote. The portal's own audit trail is the judge.

use std::fs;
#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use arkib::git::{LeaseRef, Place};
use arkib::lease::{Note, Store as _, Swapped};
use serde_json::Value;

use crate::outputs::{agency, numbered, request};
use crate::portal::Portal;
#[cfg(unix)]
use crate::rehearsal::signal;
use crate::rehearsal::{count, json, until_changes};
use crate::session::{Session, status, stderr, stdout};

const REF: &str = "refs/arkib/lease/CONTOH";
const APPLY: [&str; 5] = ["reconcile", "--yes", "--format", "json", "--lease=origin"];

/// An agency's remote and its portal, whose runners have a clone each.
struct Scene {
    desk: Session,
    portal: Portal,
}

impl Scene {
    fn new(changes: usize, options: &[&str]) -> Self {
        let names = numbered(changes);
        let rows: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), "disabled")).collect();
        let desk = agency(&[("R-1", request("R-1", "enable", &names))], &rows);
        let policy = fs::read_to_string(desk.path().join("requests/agency.yaml")).unwrap();
        desk.write("requests/agency.yaml", policy.replace("embedded", "scim"));
        desk.git(&["commit", "-q", "-a", "-m", "scim"]);
        desk.git(&["init", "-q", "--bare", "-b", "main", "remote.git"]);
        desk.git(&["push", "-q", "remote.git", "main"]);
        let options = [&["--no-if-match"], options].concat();
        let portal = Portal::start(&desk, &options);
        Self { desk, portal }
    }

    fn remote(&self) -> PathBuf {
        self.desk.path().join("remote.git")
    }

    /// As an address, so that git asks it as it asks another machine.
    fn address(&self) -> String {
        let path = self.remote().display().to_string().replace('\\', "/");
        format!("file:///{}", path.trim_start_matches('/'))
    }

    fn runner(&self) -> Session {
        let runner = Session::new();
        runner.git(&["clone", "-q", &self.address(), "."]);
        runner
    }

    fn arkib(&self, runner: &Session, arguments: &[&str]) -> Command {
        let mut command = self.portal.arkib(runner, arguments);
        command
            .env("ARKIB_PORTAL_TOKEN_FILE", self.desk.path().join("token"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn begin(&self, runner: &Session, more: &[&str]) -> Child {
        let arguments = [&APPLY[..], more].concat();
        self.arkib(runner, &arguments).spawn().unwrap()
    }

    fn run(&self, more: &[&str]) -> Output {
        let runner = self.runner();
        self.begin(&runner, more).wait_with_output().unwrap()
    }

    /// What the lease's ref leads to.
    fn lease(&self) -> Option<String> {
        let remote = self.remote().display().to_string();
        let arguments = ["-C", &remote, "for-each-ref", "--format=%(objectname)", REF];
        let id = self.desk.git(&arguments);
        (!id.is_empty()).then_some(id)
    }

    /// Waits until a run has the lease.
    fn until_taken(&self) {
        let begun = Instant::now();
        while self.lease().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "nobody takes it");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Puts something into the lease's place.
    fn put(&self, object: &str) {
        let remote = self.remote().display().to_string();
        self.desk.git(&["-C", &remote, "update-ref", REF, object]);
    }

    /// Writes an object into the remote.
    fn object(&self, kind: &str, content: &str) -> String {
        self.desk.write("content", content);
        let remote = self.remote().display().to_string();
        let file = self.desk.path().join("content").display().to_string();
        let object = ["hash-object", "-w", "--literally", "-t", kind, &file];
        self.desk.git(&[&["-C", &remote], &object[..]].concat())
    }

    /// Every change was made, and once; and nobody has the lease.
    fn converged(&self, changes: usize) {
        let mut audit = self.portal.audit();
        assert_eq!(audit.len(), changes, "{audit:#?}");
        audit.sort();
        audit.dedup();
        assert_eq!(audit.len(), changes, "a change was made twice");
        assert_eq!(self.lease(), None, "the lease was not given back");
    }
}

/// How a run ended, in words.
fn ended(output: &Output) -> (i32, String) {
    let report: Value = json(output);
    let end = if report["exit"].is_null() {
        &report[0]["exit"]
    } else {
        &report["exit"]
    };
    let reason = end["reason"].as_str().unwrap_or_default().to_owned();
    (status(output), reason)
}

#[test]
fn of_two_runs_at_once_one_makes_all_and_the_other_finds_nothing_to_do() {
    let scene = Scene::new(500, &[]);
    let runners = [scene.runner(), scene.runner()];
    let runs = runners
        .each_ref()
        .map(|it| scene.begin(it, &["--lease-length=60"]));
    let mut ends: Vec<(i32, String)> = runs
        .into_iter()
        .map(|run| ended(&run.wait_with_output().unwrap()))
        .collect();
    ends.sort();
    assert_eq!(
        ends,
        [
            (0, "500 applied.".to_owned()),
            (0, "Nothing to do.".to_owned())
        ]
    );
    scene.converged(500);
}

#[test]
fn who_does_not_wait_long_is_refused_and_told_who_has_it() {
    let scene = Scene::new(8, &["--latency", "400"]);
    let runner = scene.runner();
    let mut command = scene.arkib(&runner, &[&APPLY[..], &["--concurrency=1"]].concat());
    command.env("GITHUB_ACTOR", "siti");
    let first = command
        .env("CI_JOB_URL", "https://gitlab.example/jobs/7")
        .spawn()
        .unwrap();
    scene.until_taken();
    let second = scene.run(&["--lease-wait=0"]);
    let (exit, reason) = ended(&second);
    assert_eq!(exit, 4, "{reason}");
    let expected = "Refused: another run holds the lease of CONTOH and did not let go for as long as this one waits: siti, https://gitlab.example/jobs/7, since 2";
    assert!(reason.starts_with(expected), "{reason}");
    assert!(reason.ends_with("Nothing was changed."), "{reason}");
    // A dry run changes nothing, so it does not wait.
    let dry = ["reconcile", "--dry-run", "--lease=origin", "--lease-wait=0"];
    let looked = scene.arkib(&runner, &dry).output().unwrap();
    assert_eq!(status(&looked), 0, "{}", stderr(&looked));
    // Who waits is told for whom, and has nothing left to do.
    let third = scene.run(&[]);
    assert_eq!(ended(&third), (0, "Nothing to do.".to_owned()));
    let said = stderr(&third);
    let expected = "Waiting for the lease of CONTOH, which another run holds: siti, https://gitlab.example/jobs/7, since 2";
    assert!(said.contains(expected), "{said}");
    assert!(
        said.contains("For 15 minutes at most; after 5 minutes"),
        "{said}"
    );
    assert!(first.wait_with_output().unwrap().status.success());
    scene.converged(8);
}

#[test]
fn a_killed_runs_lease_is_taken_over_after_its_length() {
    let scene = Scene::new(40, &["--latency", "50"]);
    let runner = scene.runner();
    let mut killed = scene.begin(&runner, &["--concurrency=1", "--lease-length=5"]);
    until_changes(&scene.portal, 3);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(scene.lease().is_some(), "it could not let go");
    let (begun, next) = (Instant::now(), scene.run(&["--lease-length=2"]));
    // Not before the length that the killed run had chosen.
    assert!(begun.elapsed() >= Duration::from_secs(5));
    let (exit, reason) = ended(&next);
    assert_eq!(exit, 0, "{reason}");
    let said = stderr(&next);
    assert!(
        said.contains("is taken over: its holder gave no sign of life for"),
        "{said}"
    );
    scene.converged(40);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_lets_go_and_so_does_one_that_is_refused() {
    for name in ["-INT", "-TERM"] {
        let scene = Scene::new(100, &["--latency", "50"]);
        let runner = scene.runner();
        let run = scene.begin(&runner, &["--concurrency=1"]);
        until_changes(&scene.portal, 2);
        signal(&run, name);
        let output = run.wait_with_output().unwrap();
        assert_eq!(status(&output), 3, "{}", stderr(&output));
        assert_eq!(scene.lease(), None, "{name}");
    }
    let scene = Scene::new(1, &[]);
    let runner = scene.runner();
    runner.write("requests/R-2.yaml", request("R-2", "enable", &numbered(1)));
    let output = scene.begin(&runner, &[]).wait_with_output().unwrap();
    assert_eq!(ended(&output).0, 4);
    scene.converged(0);
}

#[cfg(unix)]
#[test]
fn who_is_interrupted_while_it_waits_changes_nothing() {
    let scene = Scene::new(2, &[]);
    let note =
        "{\"by\":\"someone\",\"since\":\"2026-11-25T01:00:00Z\",\"length\":3600,\"nonce\":\"x\"}";
    let tree = scene.object("tree", "");
    let commit = scene.object(
        "commit",
        &format!("tree {tree}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\n{note}\n"),
    );
    scene.put(&commit);
    let runner = scene.runner();
    let mut run = scene.begin(&runner, &[]);
    // It says that it waits.
    let mut said = String::new();
    let mut errors = std::io::BufReader::new(run.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut errors, &mut said).unwrap();
    assert!(said.contains("another run holds: someone, since 2026-11-25T01:00:00Z by its clock. For 180 minutes at most; after 60 minutes"), "{said}");
    signal(&run, "-INT");
    let output = run.wait_with_output().unwrap();
    let (exit, reason) = ended(&output);
    assert_eq!(exit, 3, "{reason}");
    assert!(reason.contains("nothing was changed"), "{reason}");
    assert_eq!(
        scene.lease(),
        Some(commit),
        "what others have is left alone"
    );
    assert_eq!(scene.portal.audit().len(), 0);
}

#[test]
fn a_run_whose_lease_is_taken_away_begins_nothing_more() {
    let scene = Scene::new(400, &["--latency", "50"]);
    let runner = scene.runner();
    let run = scene.begin(&runner, &["--concurrency=1", "--lease-length=5"]);
    until_changes(&scene.portal, 2);
    let theirs = scene.object("blob", "somebody else's");
    scene.put(&theirs);
    let output = run.wait_with_output().unwrap();
    let (exit, reason) = ended(&output);
    assert_eq!(exit, 3, "{reason}");
    let report = json(&output);
    assert!(
        count(&report, "applied") >= 2 && count(&report, "skipped") > 0,
        "{reason}"
    );
    assert_eq!(count(&report, "applied"), scene.portal.audit().len());
    let details = stdout(&output);
    assert!(
        details.contains("the lease is no longer this run's"),
        "{details}"
    );
    assert_eq!(scene.lease(), Some(theirs));
}

#[test]
fn whatever_stands_in_its_place_is_shown_safely_and_taken_over() {
    let scene = Scene::new(1, &[]);
    let tree = scene.object("tree", "");
    let head = format!("tree {tree}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\n");
    let hostile = format!(
        "{head}{{\"by\":\"\\u001b[2J\\u202e::error::{}\",\"nonce\":\"x\"}}\n",
        "x".repeat(5000)
    );
    let objects = [
        scene.desk.git(&["rev-parse", "main"]),
        scene.object("blob", &"\u{1b}[31m".repeat(400_000)),
        scene.object("commit", &hostile),
        scene.object("commit", &format!("{head}{}\n", "{".repeat(100_000))),
    ];
    for object in objects {
        scene.put(&object);
        let output = scene.run(&["--lease-length=3"]);
        let (exit, reason) = ended(&output);
        assert_eq!(exit, 0, "{object}: {reason}");
        let said = stderr(&output);
        assert!(said.contains("is taken over"), "{said}");
        assert!(
            !said.contains('\u{1b}') && !said.contains('\u{202e}'),
            "{said:?}"
        );
        assert!(said.len() < 2000, "{} bytes", said.len());
        assert_eq!(scene.lease(), None);
    }
    scene.converged(1);
}

#[test]
fn a_remote_that_cannot_be_used_changes_nothing() {
    let scene = Scene::new(1, &[]);
    let runner = scene.runner();
    let failed = |remote: &str| {
        let remote = format!("--lease={remote}");
        let arguments = ["reconcile", "--yes", "--format", "json", &remote];
        let output = scene.arkib(&runner, &arguments).output().unwrap();
        let (exit, reason) = ended(&output);
        assert_eq!(exit, 1, "{reason}");
        assert!(
            reason.starts_with(
                "Failed while taking the lease of CONTOH, refs/arkib/lease/CONTOH of "
            ),
            "{reason}"
        );
        assert!(reason.ends_with("Nothing was changed."), "{reason}");
        reason
    };
    // None of that name, and nobody who listens: a port that was free a moment ago.
    failed("nowhere");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    // The job's token in the clone's configuration, and in the option itself.
    let address = format!("http://glpat-0123456789@127.0.0.1:{port}/x.git");
    scene.desk.git(&[
        "-C",
        runner.path().to_str().unwrap(),
        "remote",
        "add",
        "job",
        &address,
    ]);
    let reason = failed("job");
    assert!(reason.contains("git says: unable to access"), "{reason}");
    assert!(!reason.contains("glpat"), "{reason}");
    let option = format!("--lease={address}");
    let arguments = ["reconcile", "--yes", "--format", "json", &option];
    let output = scene.arkib(&runner, &arguments).output().unwrap();
    let (exit, reason) = ended(&output);
    assert_eq!(exit, 1, "{reason}");
    assert!(reason.contains("may hold a login"), "{reason}");
    assert!(!reason.contains("glpat"), "{reason}");
    // One that takes no pushes.
    scene.desk.git(&[
        "-C",
        "remote.git",
        "config",
        "receive.denyCurrentBranch",
        "refuse",
    ]);
    scene.desk.git(&[
        "-C",
        "remote.git",
        "config",
        "receive.hideRefs",
        "refs/arkib",
    ]);
    let reason = failed("origin");
    assert!(reason.contains("deny updating a hidden ref"), "{reason}");
    scene.converged(0);
    // Nothing stands for none: so CI hands over a variable that is not set.
    let arguments = ["reconcile", "--yes"];
    let output = scene
        .arkib(&runner, &arguments)
        .env("ARKIB_LEASE", "")
        .output()
        .unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
}

#[test]
fn it_is_pushed_from_whatever_clone_whatever_is_configured() {
    let scene = Scene::new(1, &[]);
    let shallow = Session::new();
    shallow.git(&["clone", "-q", "--depth=1", &scene.address(), "."]);
    for (name, value) in [
        ("commit.gpgSign", "true"),
        ("push.gpgSign", "true"),
        ("push.followTags", "true"),
        ("core.hooksPath", "hooks"),
        ("user.useConfigOnly", "true"),
        ("transfer.fsckObjects", "true"),
    ] {
        shallow.git(&["config", name, value]);
    }
    // As the hook of a desk that checks what people push.
    shallow.write("hooks/pre-push", "#!/bin/sh\nexit 1\n");
    #[cfg(unix)]
    make_executable(&shallow.path().join("hooks/pre-push"));
    scene
        .desk
        .git(&["-C", "remote.git", "config", "receive.fsckObjects", "true"]);
    let before = shallow.git(&["for-each-ref"]);
    let output = scene.begin(&shallow, &[]).wait_with_output().unwrap();
    assert_eq!(
        ended(&output),
        (0, "1 applied.".to_owned()),
        "{}",
        stderr(&output)
    );
    assert_eq!(
        shallow.git(&["for-each-ref"]),
        before,
        "a ref was left behind"
    );
    scene.converged(1);
}

#[tokio::test]
async fn of_all_that_expect_the_same_in_its_place_one_is_taken() {
    let scene = Scene::new(1, &[]);
    let runners = [scene.runner(), scene.runner()];
    let refs = runners.each_ref().map(|runner| {
        let place = Place::of(&runner.path().join("requests")).unwrap();
        LeaseRef::new(&place, "origin", "CONTOH")
    });
    let note = |nonce: &str| Note::new("someone".into(), None, String::new(), nonce.into());
    let (mut a, mut b, late) = (note("a"), note("b"), note("late"));
    assert_eq!(refs[0].look().await, Ok(None));
    // Free, held, and held by somebody else meanwhile. (A run's notes differ from each other, too.)
    let mut seen: Option<String> = None;
    for renewals in 0..5 {
        (a.renewals, b.renewals) = (renewals, renewals);
        let (one, other) = tokio::join!(
            refs[0].swap(seen.as_deref(), Some(&a)),
            refs[1].swap(seen.as_deref(), Some(&b))
        );
        let won = match (one.unwrap(), other.unwrap()) {
            (Swapped::Done(id), Swapped::Lost) => (id, &a),
            (Swapped::Lost, Swapped::Done(id)) => (id, &b),
            both => panic!("{both:?}"),
        };
        for one in &refs {
            let held = one.look().await.unwrap().unwrap();
            assert_eq!((&held.id, &held.note), (&won.0, won.1));
        }
        assert_eq!(refs[0].swap(None, Some(&late)).await, Ok(Swapped::Lost));
        assert_eq!(
            refs[0].swap(Some(&"0".repeat(40)), None).await,
            Ok(Swapped::Lost)
        );
        seen = Some(won.0);
    }
    // What is not taken for another reason is nobody's win.
    let bare = scene.remote().join("hooks/pre-receive");
    fs::create_dir_all(bare.parent().unwrap()).unwrap();
    fs::write(&bare, "#!/bin/sh\necho not today >&2\nexit 1\n").unwrap();
    #[cfg(unix)]
    {
        make_executable(&bare);
        let why = refs[0].swap(seen.as_deref(), Some(&late)).await;
        let why = why.unwrap_err();
        assert!(
            why.to_string().contains("pre-receive hook declined"),
            "{why}"
        );
        assert_eq!(scene.lease(), seen);
    }
    fs::remove_file(&bare).unwrap();
    assert_eq!(
        refs[1].swap(seen.as_deref(), None).await,
        Ok(Swapped::Done(String::new()))
    );
    assert_eq!((refs[1].look().await, scene.lease()), (Ok(None), None));
}

#[cfg(unix)]
fn make_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn each_agency_has_a_lease_of_its_own() {
    let scene = Scene::new(1, &[]);
    let desk = &scene.desk;
    let policy = fs::read_to_string(desk.path().join("requests/agency.yaml")).unwrap();
    let other = policy
        .replace("CONTOH", "LAIN")
        .replace("agensi.example", "lain.example");
    desk.write("requests/lain/agency.yaml", other);
    desk.git(&["add", "requests"]);
    desk.git(&["commit", "-q", "-m", "Another agency"]);
    desk.git(&["push", "-q", "remote.git", "main"]);
    // Somebody is at work for the one.
    scene.put("main");
    let output = scene.run(&["--lease-wait=0"]);
    let report = json(&output);
    let ends: Vec<&Value> = report
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["exit"]["status"])
        .collect();
    assert_eq!(ends, [4, 0], "{report:#}");
    assert_eq!(scene.portal.audit().len(), 0);
}
