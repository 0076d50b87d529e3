//! A person's data go, on the word of whoever may say so, and everything still verifies.

use std::fs;
use std::path::{Path, PathBuf};

use arkib::domain::record::entry::{Event, Line};
use serde_json::Value;

use crate::architecture::files_below;
use crate::session::{Session, copy, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example, noraini@agensi.example]\nformer_approvers: [dahulu@agensi.example]\nportal: embedded\nlimits: { terminations: 9, terminations_percent: 100, changes: 9 }\nretention_years: 7\n";
const LETTER: &str = "Saya, Siti Aminah, memohon\n";
const SITI: &str = "siti.aminah@agensi.example";
const LATER: [&str; 2] = ["--as-of", "2034-01-05"];
const REDACT: &[&str] = &[
    "redact",
    SITI,
    "--by",
    "pentadbir@agensi.example",
    "--reason",
    "Tempoh simpanan tujuh tahun telah tamat.",
    "--as-of",
    "2034-01-05",
];

fn request(id: &str, action: &str, day: &str, mailboxes: &[&str], more: &str) -> String {
    let named: String = mailboxes
        .iter()
        .map(|it| format!("  - {it}@agensi.example\n"))
        .collect();
    format!(
        "version: 1\nid: {id}\naction: {action}\nmailboxes:\n{named}received:\n  date: {day}\n  channel: letter\n  reference: CONTOH (1)\n{more}approval:\n  by: dahulu@agensi.example\n  date: {day}\n"
    )
}

/// Two archives enabled together, one of them terminated by a request of its own, and another agency.
/// Everything is on main; `pr` is checked out.
fn agency() -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    let evidence = format!(
        "evidence:\n  - file: R-1-surat.txt\n    sha256: {}\n    size: {}\n",
        arkib::domain::hash::sha256(LETTER.as_bytes()),
        LETTER.len()
    );
    let more = "  from: Siti.Aminah@agensi.example\n";
    session.write(
        "requests/2026/R-1.yaml",
        "# asked for by siti.aminah@agensi.example\n".to_owned()
            + &request("R-1", "enable", "2026-01-02", &["siti.aminah", "abu"], more)
            + "reason: Peti mel Siti Aminah penuh\n"
            + &evidence,
    );
    session.write("requests/2026/R-1-surat.txt", LETTER);
    session.write(
        "requests/2026/R-2.yaml",
        request("R-2", "terminate", "2026-02-02", &["siti.aminah"], "")
            + "reason: siti.aminah@agensi.example telah bersara\n",
    );
    session.write(
        "requests/2026/R-3.yaml",
        request("R-3", "enable", "2026-02-03", &["nur.siti.aminah"], ""),
    );
    session.write(
        "requests/lain/agency.yaml",
        POLICY
            .replace("CONTOH", "LAIN")
            .replace("[agensi.example]", "[lain.example]")
            .replace("pentadbir@agensi", "ketua@lain")
            .replace("noraini@agensi", "wakil@lain"),
    );
    session.write(
        "requests/lain/L-1.yaml",
        request("L-1", "enable", "2026-01-02", &["x"], more).replace("x@agensi", "x@lain"),
    );
    session.write("portal.csv", "mailbox,state\nsiti.aminah@agensi.example,disabled\nabu@agensi.example,disabled\nnur.siti.aminah@agensi.example,disabled\nx@lain.example,disabled\n");
    session.git(&["init", "-q", "-b", "main"]);
    commit(&session);
    for day in ["2026-01-10", "2026-03-10"] {
        let output = session.run(&["reconcile", "--yes", "--as-of", day]);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }
    commit(&session);
    session.git(&["checkout", "-q", "-b", "pr"]);
    session
}

fn commit(session: &Session) {
    session.git(&["add", "-A", "requests"]);
    session.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
}

fn done(session: &Session, more: &[&str]) -> String {
    let output = session.run(&[REDACT, &["--yes"], more].concat());
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// Why it is refused.
fn refused(session: &Session, more: &[&str], expected: i32) -> String {
    let before = everything(session);
    let output = session.run(&[REDACT, &["--yes"], more].concat());
    assert_eq!(
        status(&output),
        expected,
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    assert!(before == everything(session), "something was changed");
    stderr(&output)
}

/// Every file below the requests, and what it holds.
fn everything(session: &Session) -> Vec<(PathBuf, Vec<u8>)> {
    let root = session.path().join("requests");
    let mut files = Vec::new();
    for ending in ["yaml", "jsonl", "txt"] {
        files_below(&root, ending, &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect()
}

/// The files that hold a text, in any case.
fn holding(session: &Session, text: &str) -> Vec<String> {
    let held = everything(session)
        .into_iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).to_lowercase().contains(text));
    held.map(|(file, _)| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// What a command finds, but for what it tells of each redaction that is as it should be.
fn found(session: &Session, arguments: &[&str]) -> Vec<String> {
    let is_told = |it: &String| arguments[0] == "check" && it.starts_with("redacted ");
    let mut found = all_found(session, arguments);
    found.retain(|it| !is_told(it));
    found
}

/// What a command finds: kinds, with files and lines. Checks are made on the day of the redaction.
fn all_found(session: &Session, arguments: &[&str]) -> Vec<String> {
    let as_of = match arguments[0] {
        "check" => &LATER[..],
        _ => &[],
    };
    let output = session.run(&[arguments, as_of, &["--format", "json"]].concat());
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let findings = report["findings"].as_array().unwrap().iter().map(|it| {
        format!(
            "{} {}:{}",
            it["kind"].as_str().unwrap(),
            it["file"].as_str().unwrap(),
            it["line"]
        )
    });
    findings.collect()
}

const NONE: [String; 0] = [];
const CHECK: &[&str] = &["check", "--base", "main"];
const VERIFY: &[&str] = &["records", "verify"];

#[test]
fn a_person_goes_and_everything_still_verifies() {
    let session = agency();
    let before = everything(&session);
    let plan = [
        "reconcile",
        "--dry-run",
        "--detailed-exitcode",
        LATER[0],
        LATER[1],
    ];
    assert_eq!(status(&session.run(&plan)), 0);
    let dry = session.run(&[REDACT, &["--dry-run", "--evidence"]].concat());
    assert_eq!(status(&dry), 0, "{}", stderr(&dry));
    assert!(
        before == everything(&session),
        "a dry run changed something"
    );
    let said = stdout(&dry);
    for part in [
        "requests/2026/R-1.yaml  1 mailbox, 1 left; the applicant; 1 comment; 1 document\n",
        "requests/2026/R-2.yaml  1 mailbox, none is left; the reason\n",
        "R-1.yaml keeps its `reason`",
        "the files of LAIN name them, too",
        "Older commits still hold",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }

    done(&session, &["--evidence", "--reasons"]);
    let nur = "nur.siti.aminah@agensi.example";
    let text = fs::read_to_string(session.path().join("requests/2026/R-1.yaml")).unwrap();
    assert_eq!(
        text,
        request("R-1", "enable", "2026-01-02", &["abu"], "")
            + "redacted:\n  date: 2034-01-05\n  by: pentadbir@agensi.example\n  reason: Tempoh simpanan tujuh tahun telah tamat.\n"
    );
    assert!(!session.path().join("requests/2026/R-1-surat.txt").exists());
    // Only who is called much alike is left, and the other agency's own.
    for (file, bytes) in everything(&session) {
        let text = String::from_utf8(bytes.clone()).unwrap().to_lowercase();
        if file.to_string_lossy().contains("lain") {
            assert!(
                before.contains(&(file, bytes)),
                "another agency's file was changed"
            );
        } else {
            assert!(
                !text.replace(nur, "").contains("siti.aminah"),
                "{}: {text}",
                file.display()
            );
        }
    }
    assert_eq!(found(&session, VERIFY), NONE);
    assert_eq!(found(&session, &["check"]), NONE);
    commit(&session);
    assert_eq!(found(&session, CHECK), NONE);
    assert_eq!(
        found(&session, &["check", "--base", "main", "--ref", "pr"]),
        NONE
    );
    // Nothing is done to anybody because of it, and later runs go on.
    assert_eq!(
        status(&session.run(&plan)),
        0,
        "{}",
        stdout(&session.run(&plan))
    );
    session.write(
        "requests/2026/R-4.yaml",
        request("R-4", "terminate", "2026-03-11", &["abu"], ""),
    );
    commit(&session);
    let output = session.run(&["reconcile", "--yes", "--as-of", "2026-03-12"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert!(
        !stdout(&output).contains("earlier run"),
        "{}",
        stdout(&output)
    );
    assert_eq!(found(&session, VERIFY), NONE);
    let listed = stdout(&session.run(&["records", "list"]));
    assert_eq!(
        listed.matches(", 2 events taken out;").count(),
        2,
        "{listed}"
    );
    let said = "4 events and 2 requests lost personal data\n  on the word of pentadbir@agensi.example: Tempoh simpanan tujuh tahun telah tamat.; 2 records and 2 requests without them.\n";
    assert!(listed.contains(said), "{listed}");
    // Once is enough.
    let again = done(&session, &[]);
    assert!(again.contains("There is nothing to take out"), "{again}");
}

#[test]
fn a_second_run_finishes_what_a_killed_one_began() {
    let whole = agency();
    let begun = everything(&whole);
    done(&whole, &["--evidence"]);
    let ended = everything(&whole);
    let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
    let is_new = |file: &PathBuf| !begun.iter().any(|(other, _)| name(other) == name(file));
    let (record, _) = ended.iter().find(|(file, _)| is_new(file)).unwrap();
    assert!(name(record).contains("-redaction-"), "{record:?}");
    let records: Vec<String> = begun
        .iter()
        .filter(|(file, _)| !file.to_string_lossy().contains("lain"))
        .map(|(file, _)| name(file))
        .filter(|it| it.ends_with(".jsonl"))
        .collect();
    // In the order in which it writes; nothing is gone before the record says so.
    let mut steps = vec![name(record)];
    steps.extend(records);
    steps.extend(["R-1-surat.txt", "R-1.yaml", "R-2.yaml"].map(str::to_owned));
    for killed in 1..=steps.len() {
        let session = Session::in_copy_of(whole.path());
        session.git(&["checkout", "-q", "-f", "main"]);
        let root = session.path().join("requests");
        fs::remove_dir_all(&root).unwrap();
        fs::create_dir(&root).unwrap();
        copy(&whole.path().join("requests"), &root);
        // What comes after the kill is as it was.
        for step in &steps[killed..] {
            let (file, bytes) = begun.iter().find(|(file, _)| name(file) == *step).unwrap();
            let way = file.strip_prefix(whole.path()).unwrap();
            fs::write(session.path().join(way), bytes).unwrap();
        }
        // What was being written beside the file that was not replaced any more.
        let next = steps.get(killed).and_then(|step| {
            let (file, _) = begun.iter().find(|(file, _)| name(file) == *step)?;
            let way = file.strip_prefix(whole.path()).unwrap();
            Some(
                session
                    .path()
                    .join(way)
                    .with_file_name(".arkib-redact-x1y2z3"),
            )
        });
        next.iter().for_each(|file| fs::write(file, SITI).unwrap());
        // The record lacks its end.
        let way = record.strip_prefix(whole.path()).unwrap();
        let text = fs::read_to_string(session.path().join(way)).unwrap();
        let first = text.lines().next().unwrap();
        fs::write(session.path().join(way), format!("{first}\n")).unwrap();

        done(&session, &["--evidence"]);
        let how = &steps[..killed];
        assert!(
            !next.is_some_and(|file| file.exists()),
            "{how:?}: something unfinished is left"
        );
        let left = holding(&session, SITI);
        assert!(
            left.iter()
                .all(|it| it == "R-3.yaml" || it == "L-1.yaml" || it.ends_with(".jsonl")),
            "{how:?}: {left:?}"
        );
        assert!(!root.join("2026/R-1-surat.txt").exists(), "{how:?}");
        let found_now = found(&session, VERIFY);
        assert!(
            found_now.iter().all(|it| it.starts_with("no-end ")),
            "{how:?}: {found_now:?}"
        );
        session.git(&["checkout", "-q", "-b", "mended"]);
        commit(&session);
        assert_eq!(found(&session, CHECK), NONE, "{how:?}");
    }
}

#[test]
fn a_termination_is_the_last_to_go() {
    let session = agency();
    // Whatever the files are called.
    session.write(
        "requests/2026/R-0.yaml",
        request("R-0", "terminate", "2026-03-01", &["siti.aminah"], ""),
    );
    let before = everything(&session);
    // The document of the enable cannot be deleted.
    let letter = session.path().join("requests/2026/R-1-surat.txt");
    fs::remove_file(&letter).unwrap();
    fs::create_dir(&letter).unwrap();
    let output = session.run(&[REDACT, &["--yes", "--evidence"]].concat());
    assert_eq!(status(&output), 3, "{}", stderr(&output));
    let why = stderr(&output);
    for part in [
        "2026/R-1-surat.txt is no regular file",
        "run the same command again",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
    for (file, bytes) in before {
        let is_request = file.to_string_lossy().ends_with(".yaml");
        assert!(
            !is_request || fs::read(&file).unwrap() == bytes,
            "{}",
            file.display()
        );
    }
    fs::remove_dir(&letter).unwrap();
    assert_eq!(found(&session, VERIFY), NONE);
    assert!(stdout(&session.run(&["records", "list"])).contains("It stopped before its end."));
    done(&session, &["--evidence"]);
    let text = fs::read_to_string(session.path().join("requests/2026/R-2.yaml")).unwrap();
    assert!(text.contains("mailboxes: []\n"), "{text}");
}

#[test]
fn whoever_decided_a_redaction_can_go_later() {
    let session = agency();
    done(&session, &[]);
    let again = [
        "redact",
        "pentadbir@agensi.example",
        "--by",
        "noraini@agensi.example",
        "--reason",
        "Telah bersara",
        "--yes",
        LATER[0],
        LATER[1],
    ];
    let output = session.run(&again);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    // What they once took out is in order still; who decided stays in the requests, which is said.
    assert_eq!(found(&session, VERIFY), NONE);
    commit(&session);
    assert_eq!(found(&session, CHECK), NONE);
    let records = holding(&session, "pentadbir@agensi.example");
    assert!(
        !records.iter().any(|it| it.ends_with(".jsonl")),
        "{records:?}"
    );
    assert!(
        stdout(&output).contains("still names them"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_document_that_another_request_keeps_is_not_deleted() {
    let session = agency();
    let third = session.path().join("requests/2026/R-3.yaml");
    let first = fs::read_to_string(session.path().join("requests/2026/R-1.yaml")).unwrap();
    let evidence = first.split_once("evidence:").unwrap().1;
    let text = fs::read_to_string(&third).unwrap() + "evidence:" + evidence;
    fs::write(&third, &text).unwrap();
    commit(&session);
    session.git(&["branch", "-f", "main"]);
    done(&session, &["--evidence"]);
    commit(&session);
    assert_eq!(fs::read_to_string(&third).unwrap(), text);
    assert!(session.path().join("requests/2026/R-1-surat.txt").exists());
    assert_eq!(found(&session, CHECK), NONE);
    assert_eq!(found(&session, &["check"]), NONE);
}

#[test]
fn what_is_not_past_or_not_theirs_to_say_stays() {
    let session = agency();
    let is_refused = |more: &[&str], words: &str| {
        let why = refused(&session, more, 4);
        assert!(why.contains(words), "{words}: {why}");
    };
    is_refused(
        &["abu@agensi.example"],
        "the archive of abu@agensi.example is to be there, as R-1 asks",
    );
    // Nobody but an approver, and nobody of themselves.
    let by = |who: &str| {
        let mut arguments = REDACT.to_vec();
        arguments[3] = Box::leak(who.to_owned().into_boxed_str());
        let output = session.run(&[&arguments[..], &["--yes"]].concat());
        assert_eq!(status(&output), 4);
        stderr(&output)
    };
    assert!(by("lain@agensi.example").contains("is none of the approvers"));
    assert!(by(SITI).contains("would decide about their own data"));
    let output = session.run(&[
        "redact",
        SITI,
        "--by",
        "pentadbir@agensi.example",
        "--yes",
        "--reason",
        "Kerana Siti.Aminah@agensi.example meminta",
    ]);
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    // Nobody to ask, nothing to say.
    assert_eq!(status(&session.run(REDACT)), 64);
    assert_eq!(status(&session.run(&["redact", SITI])), 64);
    assert_eq!(status(&session.run(&["redact", "--list", SITI])), 64);
    // A request that waits.
    let waits = request("R-5", "enable", "2035-01-01", &["siti.aminah"], "");
    session.write("requests/2026/R-5.yaml", waits);
    is_refused(&[], "R-5 is not decided or not due yet");
    fs::remove_file(session.path().join("requests/2026/R-5.yaml")).unwrap();
    // Records that are broken, or that leave something open.
    let mut records = Vec::new();
    files_below(
        &session.path().join("requests/records"),
        "jsonl",
        &mut records,
    );
    records.sort();
    let good = fs::read_to_string(&records[1]).unwrap();
    fs::write(&records[1], good.replace("applied", "Applied")).unwrap();
    is_refused(&[], "the records do not verify");
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let ended = lines.iter().position(|it| it.contains("\"outcome\":{"));
    let announced = lines[..ended.unwrap()].concat();
    assert!(announced.contains(SITI), "{announced}");
    fs::write(&records[1], announced).unwrap();
    is_refused(&[], "nobody knows what became of the change of siti.aminah");
    fs::write(&records[1], &good).unwrap();
    // What nobody protects is terminated; whether it was, the records say, or nobody knows.
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    let protected = format!("{policy}protected: [{SITI}]\n");
    session.write("requests/agency.yaml", protected);
    is_refused(&[], "the policy protects siti.aminah@agensi.example");
    session.write("requests/agency.yaml", policy);
    let dry = [REDACT, &["--dry-run"]].concat();
    let words =
        "no record says that the archive of siti.aminah@agensi.example was terminated, as R-2";
    assert!(!stdout(&session.run(&dry)).contains(words));
    let elsewhere = [&dry[..], &["--records", "nowhere"]].concat();
    assert!(stdout(&session.run(&elsewhere)).contains(words));
    // A file that no line can be taken out of.
    let odd = request(
        "R-6",
        "terminate",
        "2026-02-02",
        &["siti.aminah", "abu2"],
        "",
    )
    .replace("  - siti", "  -\n    siti");
    session.write("requests/2026/R-6.yaml", odd);
    is_refused(
        &[],
        "R-6.yaml: what is left would not say what it said before",
    );
}

#[test]
fn a_pull_request_takes_a_mailbox_out_of_all_requests_or_of_none() {
    let session = agency();
    let good = |name: &str| {
        let file = session.path().join(format!("requests/2026/{name}.yaml"));
        fs::read_to_string(file).unwrap()
    };
    let (first, second) = (good("R-1"), good("R-2"));
    done(&session, &[]);
    let (first_after, second_after) = (good("R-1"), good("R-2"));
    commit(&session);
    assert_eq!(found(&session, CHECK), NONE);
    let with = |one: &str, two: &str| {
        session.write("requests/2026/R-1.yaml", one);
        session.write("requests/2026/R-2.yaml", two);
        found(&session, CHECK)
    };
    // The termination gone and the enable left: the archive would come back.
    assert_eq!(
        with(&first, &second_after),
        ["still-named requests/2026/R-1.yaml:6"]
    );
    assert_eq!(
        with(&first_after, &second),
        ["still-named requests/2026/R-2.yaml:5"]
    );
    // Nobody is taken out of a request, and yet the records have lost events.
    let kinds = with(&first, &second);
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    let is_record = |it: &String| it.starts_with("run-record-edited ");
    assert!(kinds.iter().all(is_record), "{kinds:?}");
    // Also by a request that comes with it.
    session.write(
        "requests/2026/R-7.yaml",
        request("R-7", "terminate", "2026-05-02", &["siti.aminah"], "")
            .replace("dahulu", "noraini"),
    );
    assert_eq!(
        with(&first_after, &second_after),
        ["still-named requests/2026/R-7.yaml:5"]
    );
    fs::remove_file(session.path().join("requests/2026/R-7.yaml")).unwrap();
    // A redaction is no way to change anything else, and nothing is put back.
    for (from, to, line) in [
        ("abu@", "ali@", 5),
        ("  - abu", "  - abu2@agensi.example\n  - abu", 5),
        ("letter", "memo", 8),
        ("CONTOH (1)", "CONTOH (2)", 9),
        ("dahulu@", "noraini@", 11),
        ("action: enable", "action: terminate", 3),
        ("redacted:", "effective: 2026-09-09\nredacted:", 18),
    ] {
        assert!(first_after.contains(from), "{from}");
        let found = with(&first_after.replace(from, to), &second_after);
        assert_eq!(
            found,
            [format!("record-edited requests/2026/R-1.yaml:{line}")],
            "{from}"
        );
    }
    let unsaid = first_after.split("redacted:").next().unwrap();
    let found_now = with(unsaid, &second_after);
    assert!(
        found_now[0].starts_with("record-edited requests/2026/R-1.yaml"),
        "{found_now:?}"
    );
    // What is not merged was never redacted.
    session.write(
        "requests/2026/R-7.yaml",
        request("R-7", "terminate", "2026-05-02", &["y"], "").replace("dahulu", "noraini")
            + "redacted:\n  date: 2034-01-05\n  by: pentadbir@agensi.example\n  reason: Tamat.\n",
    );
    assert_eq!(
        with(&first_after, &second_after),
        ["redacted-unmerged requests/2026/R-7.yaml:13"]
    );
    fs::remove_file(session.path().join("requests/2026/R-7.yaml")).unwrap();
    // None of them is deleted.
    with(&first_after, &second_after);
    fs::remove_file(session.path().join("requests/2026/R-2.yaml")).unwrap();
    assert_eq!(
        found(&session, CHECK),
        ["record-deleted requests/2026/R-2.yaml:1"]
    );
}

#[test]
fn events_go_only_with_a_record_that_says_so_and_bytes_of_the_rest_do_not() {
    let session = agency();
    done(&session, &[]);
    commit(&session);
    assert_eq!(found(&session, CHECK), NONE);
    let mut records = Vec::new();
    files_below(
        &session.path().join("requests/records"),
        "jsonl",
        &mut records,
    );
    records.sort();
    let is_own = |file: &PathBuf| file.to_string_lossy().contains("-redaction-");
    let own = records.iter().find(|it| is_own(it)).unwrap().clone();
    let own_text = fs::read(&own).unwrap();
    // Without the record that names the lines.
    fs::remove_file(&own).unwrap();
    commit(&session);
    let kinds = found(&session, CHECK);
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    assert!(
        kinds.iter().all(|it| it.starts_with("run-record-edited ")),
        "{kinds:?}"
    );
    let kinds = found(&session, VERIFY);
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    assert!(
        kinds.iter().all(|it| it.starts_with("redacted ")),
        "{kinds:?}"
    );
    fs::write(&own, &own_text).unwrap();
    commit(&session);
    assert_eq!(found(&session, CHECK), NONE);
    // Any byte of what is left.
    let file = &records[0];
    assert!(!is_own(file));
    let good = fs::read(file).unwrap();
    for place in (0..good.len()).step_by(97).filter(|it| good[*it] != b'\n') {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(file, &bad).unwrap();
        let kinds = found(&session, VERIFY);
        assert!(
            kinds.iter().any(|it| it.starts_with("line-changed ")),
            "byte {place}: {kinds:?}"
        );
    }
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    fs::write(file, &bad).unwrap();
    commit(&session);
    let kinds = found(&session, CHECK);
    assert_eq!(kinds.len(), 1, "{kinds:?}");
    assert!(kinds[0].starts_with("run-record-edited "), "{kinds:?}");
}

#[test]
fn a_bad_block_is_found_at_its_place() {
    let session = agency();
    let block = |date: &str, by: &str, reason: &str| {
        request("R-9", "terminate", "2026-02-02", &["y"], "")
            .replace("mailboxes:\n  - y@agensi.example\n", "mailboxes: []\n")
            + &format!("redacted:\n{date}{by}{reason}")
    };
    let (date, by, reason) = (
        "  date: 2034-01-05\n",
        "  by: dahulu@agensi.example\n",
        "  reason: Tamat.\n",
    );
    for (text, expected) in [
        (block("", by, reason), "missing-key"),
        (block(date, "", reason), "missing-key"),
        (block(date, by, ""), "missing-key"),
        (block("  date: 2034-02-30\n", by, reason), "bad-date"),
        (
            block("  date: 2026-02-01\n", by, reason),
            "redaction-before-request",
        ),
        (
            block(date, "  by: siapa@agensi.example\n", reason),
            "unknown-redactor",
        ),
        (block(date, by, "  reason: ''\n"), "no-value"),
        (
            block(date, by, "  reason: Tamat\n  why: x\n"),
            "unknown-key",
        ),
        (
            block(date, by, reason).replace("mailboxes: []", "mailboxes: [dahulu@agensi.example]"),
            "self-approval",
        ),
        (
            block(date, "  by: noraini@agensi.example\n", reason)
                .replace("mailboxes: []", "mailboxes: [noraini@agensi.example]"),
            "self-redaction",
        ),
        (
            block(date, by, reason)
                .split("redacted:")
                .next()
                .unwrap()
                .to_owned(),
            "no-mailboxes",
        ),
    ] {
        session.write("requests/2026/R-9.yaml", &text);
        let found = found(&session, &["check"]);
        assert!(
            found.iter().any(|it| it.starts_with(expected)),
            "{expected}: {found:?}\n{text}"
        );
    }
    session.write("requests/2026/R-9.yaml", block(date, by, reason));
    assert_eq!(found(&session, &["check"]), NONE);
}

#[test]
fn the_list_says_whose_time_is_over() {
    let session = agency();
    let list = |more: &[&str]| -> Value {
        let output = session.run(&[&["redact", "--list", "--format", "json"], more].concat());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let value: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let schema = stdout(&session.run(&["schema", "redact"]));
        let schema: Value = serde_json::from_str(&schema).unwrap();
        assert!(jsonschema::is_valid(&schema, &value), "{value:#}");
        value
    };
    let closed = &list(&["--as-of", "2033-02-01"])["closed"];
    assert_eq!(closed.as_array().unwrap().len(), 1, "{closed:#}");
    assert_eq!(
        (
            &closed[0]["mailbox"],
            &closed[0]["from"],
            &closed[0]["may_go"]
        ),
        (&SITI.into(), &"2033-02-02".into(), &false.into())
    );
    assert_eq!(closed[0]["requests"], serde_json::json!(["R-1", "R-2"]));
    assert_eq!(
        list(&["--as-of", "2033-02-02"])["closed"][0]["may_go"],
        true
    );
    // A withdrawn request is closed, too; one that waits is not.
    session.write(
        "requests/2026/R-8.yaml",
        request("R-8", "enable", "2026-04-01", &["z"], ""),
    );
    session.write(
        "requests/2026/W-8.yaml",
        request("W-8", "withdraw", "2026-04-02", &["z"], "")
            .replace("mailboxes:\n  - z@agensi.example\n", "withdraws: R-8\n"),
    );
    let closed = &list(&LATER)["closed"];
    assert_eq!(
        closed[1]["requests"],
        serde_json::json!(["R-8", "W-8"]),
        "{closed:#}"
    );
    let waits = request("R-5", "enable", "2026-01-01", &["siti.aminah"], "");
    let pending = waits.split("approval:").next().unwrap();
    session.write("requests/2026/R-5.yaml", pending);
    let closed = &list(&LATER)["closed"];
    assert_eq!(closed.as_array().unwrap().len(), 1, "{closed:#}");
    // Without a number of years nobody can say.
    session.write(
        "requests/agency.yaml",
        POLICY.replace("retention_years: 7\n", ""),
    );
    let said = stdout(&session.run(&["redact", "--list"]));
    assert!(said.contains("add `retention_years: 7`"), "{said}");
    // What a redaction prints for programs is as its schema says, too.
    fs::remove_file(session.path().join("requests/2026/R-5.yaml")).unwrap();
    let output = session.run(&[REDACT, &["--dry-run", "--format", "json"]].concat());
    let value: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let schema: Value = serde_json::from_str(&stdout(&session.run(&["schema", "redact"]))).unwrap();
    assert!(jsonschema::is_valid(&schema, &value), "{value:#}");
    assert_eq!(value["requests"].as_array().unwrap().len(), 2, "{value:#}");
}

/// The lines of a record, chained and hashed anew after a change.
fn forge(file: &Path, change: impl Fn(u64, Line) -> Line) {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| {
        let line = Line::read(line).unwrap();
        change(line.seq, line).to_text()
    });
    fs::write(file, lines.collect::<String>()).unwrap();
}

#[test]
fn nothing_of_others_goes_under_the_cover_of_a_redaction() {
    let session = agency();
    done(&session, &[]);
    let mut records = Vec::new();
    let folder = session.path().join("requests/records");
    files_below(&folder, "jsonl", &mut records);
    records.sort();
    commit(&session);
    let told = all_found(&session, CHECK);
    assert_eq!(
        told,
        [
            "redacted requests/2026/R-1.yaml:18",
            "redacted requests/2026/R-2.yaml:12"
        ]
    );
    // Who ran it, and when, is nobody's data.
    let run = records
        .iter()
        .find(|it| !it.to_string_lossy().contains("-redaction-"))
        .unwrap();
    let first = fs::read_to_string(run).unwrap();
    let begun = Line::read(first.lines().next().unwrap()).unwrap().hash;
    forge(
        run,
        |seq, line| if seq == 0 { line.redacted() } else { line },
    );
    let own = records
        .iter()
        .find(|it| it.to_string_lossy().contains("-redaction-"))
        .unwrap();
    forge(own, |_, line| {
        let mut event = line.event;
        if let Event::Redacting(redacting) = &mut event {
            redacting.lines.push(begun.clone());
        }
        Line::new(line.seq, line.at, line.prev, line.salt, event)
    });
    commit(&session);
    let kinds = found(&session, CHECK);
    assert!(
        kinds.iter().any(|it| it.starts_with("run-record-edited ")),
        "{kinds:?}"
    );
}

#[test]
fn what_arkib_redact_refuses_a_pull_request_may_not_do_by_hand() {
    let session = agency();
    let file = "requests/2026/R-1.yaml";
    let text = fs::read_to_string(session.path().join(file)).unwrap();
    let block = |by: &str, day: &str| {
        format!("redacted:\n  date: {day}\n  by: {by}@agensi.example\n  reason: Tamat.\n")
    };
    let without =
        |name: &str, block: &str| text.replace(&format!("  - {name}@agensi.example\n"), "") + block;
    let kinds = |text: String| {
        session.write(file, text);
        commit(&session);
        let found = found(&session, CHECK);
        found
            .into_iter()
            .map(|it| it.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    // An archive that is to be there.
    assert_eq!(
        kinds(without("abu", &block("pentadbir", "2034-01-05"))),
        ["still-in-use"]
    );
    // A day that is yet to come.
    let early = kinds(without("abu", &block("pentadbir", "2034-01-06")));
    assert!(
        early.contains(&"redaction-in-future".to_owned()),
        "{early:?}"
    );
    // On the word of the very person.
    let own = text.replace("Siti.Aminah@agensi.example", "noraini@agensi.example");
    session.git(&["checkout", "-q", "main"]);
    session.write(file, &own);
    commit(&session);
    session.git(&["checkout", "-q", "-B", "pr"]);
    let gone =
        own.replace("  from: noraini@agensi.example\n", "") + &block("noraini", "2034-01-05");
    assert_eq!(kinds(gone), ["record-edited"]);
}

#[test]
fn a_sharp_in_a_reference_is_no_comment() {
    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    let text = request("R-4", "terminate", "2026-03-02", &["siti.aminah"], "");
    let text = text.replace(
        "CONTOH (1)",
        "\"Bil #12 # 3\"  # untuk siti.aminah@agensi.example",
    );
    session.write("requests/2026/R-4.yaml", &text);
    commit(&session);
    session.git(&["checkout", "-q", "-B", "pr"]);
    done(&session, &[]);
    commit(&session);
    assert_eq!(found(&session, CHECK), NONE);
    let left = fs::read_to_string(session.path().join("requests/2026/R-4.yaml")).unwrap();
    assert!(left.contains("  reference: \"Bil #12 # 3\"\n"), "{left}");
    assert!(!holding(&session, SITI).contains(&"R-4.yaml".to_owned()));
}
