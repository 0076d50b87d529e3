//! `arkib notify` as an officer and as CI meet it: each person is told once, whatever the mail server
//! does and whenever the run is killed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::outputs::{DAY, valid};
use crate::session::{Session, status, stderr, stdout};
use crate::smtp_server::{Act, Manner, Smtp};
use crate::tls::BOTH;
use crate::tls_server::{Authority, Server};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: embedded\nnotices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n";

/// A request whose archives are enabled already, so that each user is due a notice of it.
fn request(id: &str, channel: &str, mailboxes: &[&str]) -> String {
    let named: String = mailboxes
        .iter()
        .map(|it| format!("  - {it}@agensi.example\n"))
        .collect();
    format!(
        "version: 1\nid: {id}\naction: enable\nmailboxes:\n{named}received:\n  date: 2026-11-02\n  channel: {channel}\n  reference: R\napproval:\n  by: pentadbir@agensi.example\n  date: 2026-11-03\n"
    )
}

fn agency(policy: &str, requests: &[(&str, &str, &[&str])]) -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", policy);
    let mut csv = String::from("mailbox,state\n");
    for (id, channel, mailboxes) in requests {
        session.write(
            &format!("requests/{id}.yaml"),
            request(id, channel, mailboxes),
        );
        mailboxes
            .iter()
            .for_each(|it| csv.push_str(&format!("{it}@agensi.example,enabled\n")));
    }
    session.write("portal.csv", csv);
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Requests"]);
    session
}

fn by_mail(mailboxes: &[&str]) -> Session {
    agency(POLICY, &[("R-1", "email", mailboxes)])
}

fn notify(session: &Session, smtp: &Smtp, more: &[&str]) -> Command {
    let mut command = session.arkib(&["notify", "--format", "json"]);
    command
        .args(DAY)
        .args(more)
        .env("ARKIB_SMTP_URL", smtp.url());
    command
}

fn give(session: &Session, smtp: &Smtp, more: &[&str]) -> (Value, i32) {
    let output = notify(session, smtp, &[&["--yes"], more].concat())
        .output()
        .unwrap();
    read(&output)
}

fn read(output: &Output) -> (Value, i32) {
    let text = stdout(output);
    let value = serde_json::from_str(&text);
    let value = value.unwrap_or_else(|error| panic!("{error}: {text}{}", stderr(output)));
    (value, status(output))
}

/// As `a sent`.
fn outcomes(report: &Value) -> Vec<String> {
    let notices = report["notices"].as_array().unwrap();
    let each = notices.iter().map(|notice| {
        let to = notice["to"].as_str().unwrap();
        let outcome = notice["outcome"].as_str().unwrap_or("-");
        format!("{} {outcome}", to.split('@').next().unwrap())
    });
    each.collect()
}

fn doubts(report: &Value) -> Vec<String> {
    let doubts = report["doubts"].as_array().unwrap();
    let each = doubts.iter().map(|doubt| {
        let to = doubt["to"].as_str().unwrap();
        format!(
            "{} {}",
            to.split('@').next().unwrap(),
            doubt["outcome"].as_str().unwrap()
        )
    });
    each.collect()
}

fn at(name: &str) -> String {
    format!("{name}@agensi.example")
}

fn records(session: &Session) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(session.path().join("requests/records")) else {
        return Vec::new();
    };
    folder.map(|entry| entry.unwrap().path()).collect()
}

fn reason(report: &Value) -> &str {
    report["exit"]["reason"].as_str().unwrap()
}

#[test]
fn each_answer_of_the_server_is_taken_for_what_it_says() {
    let session = by_mail(&["a", "b", "c", "d", "e", "f", "g"]);
    let smtp = Smtp::start();
    smtp.act(&at("b"), Act::AtRcpt("550 5.1.1 no such user"));
    smtp.act(&at("c"), Act::AtRcpt("451 4.2.1 later"));
    smtp.act(&at("d"), Act::AfterText("554 5.7.1 not that"));
    smtp.act(&at("e"), Act::AfterText("452 4.3.1 full"));
    smtp.act(&at("f"), Act::LoseAfterText);
    smtp.act(&at("g"), Act::AtData("451 later"));
    let (report, exit) = give(&session, &smtp, &[]);
    let expected = [
        "a sent",
        "b refused",
        "c deferred",
        "d refused",
        "e deferred",
        "f unknown",
        "g deferred",
    ];
    assert_eq!(
        (outcomes(&report), exit),
        (expected.map(str::to_owned).to_vec(), 3),
        "{report:#}"
    );
    assert_eq!(report["notices"][1]["detail"], "550 5.1.1 no such user");
    // What was put off is given by the next run; what is unknown is told, and not given again.
    smtp.be_good();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(
        (outcomes(&report), exit),
        (
            vec!["c sent".to_owned(), "e sent".into(), "g sent".into()],
            0
        ),
        "{report:#}"
    );
    assert_eq!(doubts(&report), ["b refused", "d refused", "f unknown"]);
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!((outcomes(&report), exit), (Vec::new(), 0));
    assert_eq!(smtp.taken(), ["a", "c", "e", "f", "g"].map(at));
    // Until a person wants it.
    let (report, exit) = give(&session, &smtp, &["--again", "R-1", "--to", &at("f")]);
    assert_eq!((outcomes(&report), exit), (vec!["f sent".to_owned()], 0));
    assert_eq!(report["notices"][0]["again"], true);
    assert_eq!(doubts(&report), ["b refused", "d refused"]);
    let output = session.run(&["records", "verify"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[test]
fn a_connection_lost_before_the_text_leaves_the_notice_for_the_next_run() {
    let session = by_mail(&["a", "b", "c", "d", "e"]);
    let smtp = Smtp::start();
    for name in ["b", "c", "d"] {
        smtp.act(&at(name), Act::LoseAtRcpt);
    }
    let (report, exit) = give(&session, &smtp, &[]);
    // After three in a row the rest is not tried.
    assert_eq!(
        outcomes(&report),
        ["a sent", "b deferred", "c deferred", "d -", "e -"],
        "{report:#}"
    );
    assert_eq!(exit, 3);
    smtp.be_good();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!((outcomes(&report).len(), exit), (4, 0), "{report:#}");
    assert_eq!(smtp.taken(), ["a", "b", "c", "d", "e"].map(at));
}

#[test]
fn a_server_that_takes_nothing_from_here_uses_no_notice_up() {
    let session = by_mail(&["a", "b"]);
    let manners = [
        Manner {
            greeting: Some("554 5.3.2 go away"),
            ..Manner::default()
        },
        Manner {
            mail: Some("550 5.7.1 not your address"),
            ..Manner::default()
        },
        Manner {
            mail: Some("530 5.7.0 log in first"),
            ..Manner::default()
        },
        Manner {
            greeting: Some("220 ready\r\nand nothing of SMTP"),
            ..Manner::default()
        },
    ];
    for manner in manners {
        let smtp = Smtp::with(manner);
        let (report, exit) = give(&session, &smtp, &[]);
        assert_eq!(
            (outcomes(&report), exit),
            (vec!["a -".to_owned(), "b -".into()], 1),
            "{report:#}"
        );
        assert!(
            reason(&report).contains("Stopped: the mail server 127.0.0.1"),
            "{report:#}"
        );
    }
    // Nobody listens there.
    let gone = Smtp::start();
    let url = gone.url();
    drop(gone);
    let smtp = Smtp::start();
    let output = notify(&session, &smtp, &["--yes"])
        .env("ARKIB_SMTP_URL", url)
        .output()
        .unwrap();
    let (report, exit) = read(&output);
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a deferred".to_owned(), "b deferred".into()], 1)
    );
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a sent".to_owned(), "b sent".into()], 0),
        "{report:#}"
    );
}

#[test]
fn a_run_killed_while_the_server_has_the_text_is_unknown_and_nobody_is_told_twice() {
    for before in [false, true] {
        let session = by_mail(&["a", "b", "c"]);
        let smtp = Smtp::start();
        let program = Arc::new(Mutex::new(None));
        let act = if before {
            Act::KillAtRcpt
        } else {
            Act::KillAfterText
        };
        smtp.act(&at("b"), act(Arc::clone(&program)));
        let mut held = program.lock().unwrap();
        let mut command = notify(&session, &smtp, &["--yes"]);
        *held = Some(
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        drop(held);
        let begun = Instant::now();
        loop {
            let ended = program
                .lock()
                .unwrap()
                .as_mut()
                .unwrap()
                .try_wait()
                .unwrap();
            if let Some(ended) = ended {
                assert!(!ended.success(), "it was not killed");
                break;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it was not killed"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        smtp.be_good();
        let (report, exit) = give(&session, &smtp, &[]);
        let (expected, open): (&[&str], &[&str]) = match before {
            true => (&["b sent", "c sent"], &[]),
            false => (&["c sent"], &["b unknown"]),
        };
        assert_eq!(
            (outcomes(&report), exit),
            (expected.iter().map(|it| (*it).to_owned()).collect(), 0)
        );
        assert_eq!(doubts(&report), open);
        assert_eq!(smtp.taken(), ["a", "b", "c"].map(at));
        assert_eq!(status(&session.run(&["records", "verify"])), 0);
    }
}

#[test]
fn a_run_killed_at_any_line_of_its_record_gives_nothing_twice() {
    let requests: [(&str, &str, &[&str]); 2] = [
        ("R-1", "email", &["a", "b", "c"]),
        ("R-2", "letter", &["d", "e"]),
    ];
    let lines = |session: &Session| -> usize {
        let each = records(session)
            .into_iter()
            .filter_map(|file| fs::read(file).ok());
        each.map(|text| text.iter().filter(|byte| **byte == b'\n').count())
            .sum()
    };
    for step in 1..12 {
        let session = agency(POLICY, &requests);
        let smtp = Smtp::start();
        let mut command = notify(&session, &smtp, &["--yes"]);
        let mut program = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while lines(&session) < step && program.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        let _ = program.kill();
        let _ = program.wait();
        let (report, exit) = give(&session, &smtp, &[]);
        assert_eq!(exit, 0, "{step}: {report:#}");
        let (after, _) = give(&session, &smtp, &[]);
        assert_eq!(outcomes(&after).len(), 0, "{step}: {after:#}");
        // Everybody was told once, or is known not to be known.
        let mut told = smtp.taken();
        told.dedup();
        assert_eq!(told, smtp.taken(), "{step}");
        let folder = fs::read_dir(session.path().join("notices")).unwrap();
        let pages = folder.count();
        assert!(pages <= 2, "{step}");
        let unknown = doubts(&after).len();
        assert!(told.len() + pages + unknown >= 5, "{step}: {after:#}");
    }
}

#[test]
fn two_runs_at_once_give_each_notice_once() {
    let session = by_mail(&["a", "b"]);
    let smtp = Smtp::start();
    let release = session.path().join("release");
    smtp.act(&at("a"), Act::WaitFor(release.clone()));
    let mut command = notify(&session, &smtp, &["--yes"]);
    let first = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while smtp.taken().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not begin"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    // The first goes on waiting; a second one would be served at once.
    smtp.be_good();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(reason(&report).contains("another run"), "{report:#}");
    // Who only looks disturbs nobody, and what is under way is not due.
    let (looked, exit) = read(&notify(&session, &smtp, &["--dry-run"]).output().unwrap());
    assert_eq!((outcomes(&looked), exit), (vec!["b -".to_owned()], 0));
    assert_eq!(doubts(&looked), Vec::<String>::new());
    fs::write(release, "").unwrap();
    let (report, exit) = read(&first.wait_with_output().unwrap());
    assert_eq!((outcomes(&report).len(), exit), (2, 0), "{report:#}");
    assert_eq!(smtp.taken(), ["a", "b"].map(at));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_what_is_under_way_and_leaves_the_rest() {
    let session = by_mail(&["a", "b", "c"]);
    let smtp = Smtp::start();
    let release = session.path().join("release");
    smtp.act(&at("a"), Act::WaitFor(release.clone()));
    let mut command = notify(&session, &smtp, &["--yes"]);
    let run = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while smtp.taken().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not begin"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    crate::rehearsal::signal(&run, "-INT");
    std::thread::sleep(Duration::from_millis(300));
    fs::write(release, "").unwrap();
    let (report, exit) = read(&run.wait_with_output().unwrap());
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a sent".to_owned(), "b -".into(), "c -".into()], 3),
        "{report:#}"
    );
    let (report, _) = give(&session, &smtp, &[]);
    assert_eq!(outcomes(&report), ["b sent", "c sent"]);
}

#[test]
fn nothing_in_the_data_becomes_a_header_a_command_or_markup() {
    let policy = POLICY.replace(
        "name: Jabatan Contoh",
        "name: \"Jabatan\\nBcc: lain@jahat.example\\n\\n.\\nRCPT TO:<lain@jahat.example> <b>\"",
    );
    let session = agency(&policy, &[("R-1", "email", &["=cmd|x"])]);
    let smtp = Smtp::start();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 0, "{report:#}");
    let rcpt: Vec<String> = smtp
        .lines()
        .into_iter()
        .filter(|it| it.starts_with("RCPT"))
        .collect();
    assert_eq!(rcpt, ["RCPT TO:<=cmd|x@agensi.example>"]);
    let text = smtp.text("=cmd|x@agensi.example");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(body.contains("&lt;b&gt;"), "{body}");
    for header in [
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "To: =cmd|x@agensi.example",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("\nX-"), "{head}");
}

#[test]
fn each_person_has_a_message_of_their_own_that_is_always_the_same_one() {
    let session = by_mail(&["siti", "rosli"]);
    let id = |smtp: &Smtp, name: &str| {
        let text = smtp.text(&at(name));
        let line = text
            .lines()
            .find(|line| line.starts_with("Message-ID"))
            .unwrap()
            .to_owned();
        assert!(
            !text.contains(&at(if name == "siti" { "rosli" } else { "siti" })),
            "{text}"
        );
        line
    };
    let (one, two) = (Smtp::start(), Smtp::start());
    give(&session, &one, &[]);
    assert_ne!(id(&one, "siti"), id(&one, "rosli"));
    give(&session, &two, &["--again", "R-1"]);
    assert_eq!(id(&one, "siti"), id(&two, "siti"));
    assert!(
        one.text(&at("siti"))
            .contains("Subject: Arkib e-mel telah diaktifkan (R-1)")
    );
    let english = Smtp::start();
    give(&session, &english, &["--again", "R-1", "--language", "en"]);
    assert!(
        english
            .text(&at("siti"))
            .contains("Subject: E-mail archive enabled (R-1)")
    );
}

#[test]
fn the_way_is_encrypted_or_nothing_is_sent_and_the_password_is_shown_nowhere() {
    let session = by_mail(&["a"]);
    let (good, other) = (Authority::new("CA Contoh"), Authority::new("CA Lain"));
    session.write("good.pem", good.pem());
    session.write("other.pem", other.pem());
    session.write("password", "rahsia-4711-mel\n");
    let identity = good.for_names(&["localhost"]);
    let server = Server {
        shows: &identity,
        asks_for_clients_of: None,
        versions: BOTH,
    };
    let config = Some(server.config());
    let run = |smtp: &Smtp, scheme: &str, ca: &str| {
        let url = format!("{scheme}://localhost:{}", smtp.address.port());
        let mut command = notify(&session, smtp, &["--yes"]);
        command
            .env("ARKIB_SMTP_URL", url)
            .env("ARKIB_SMTP_CA", ca)
            .env("ARKIB_SMTP_USER", "arkib")
            .env("ARKIB_SMTP_PASSWORD_FILE", "password")
            .env("ARKIB_LOG", "trace");
        let output = command.output().unwrap();
        let (report, exit) = read(&output);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        for secret in ["rahsia-4711", "cmFoc2lh", "AGFya2liAHJhaHNpYS00NzExLW1lbA"] {
            assert!(!said.contains(secret), "{said}");
        }
        assert!(
            !stderr(&output).contains("a@agensi.example"),
            "{}",
            stderr(&output)
        );
        assert_eq!(exit == 0, smtp.taken().len() == 1, "{report:#}");
        (exit, reason(&report).to_owned(), smtp.lines())
    };
    let auth = Some("235 2.7.0 welcome");
    let starttls = |injected, auth| {
        Smtp::with(Manner {
            starttls: config.clone(),
            injected,
            auth,
            ..Manner::default()
        })
    };
    // Without the certificate of who it should be, without STARTTLS, with words put in by another.
    let (exit, why, lines) = run(&starttls(None, auth), "smtp", "other.pem");
    assert!(exit == 1 && why.contains("certificate"), "{why}");
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
    let (exit, why, lines) = run(
        &Smtp::with(Manner {
            auth,
            ..Manner::default()
        }),
        "smtp",
        "good.pem",
    );
    assert!(exit == 1 && why.contains("STARTTLS"), "{why}");
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
    let injected = "\r\n250-mel.jahat.example\r\n250 AUTH PLAIN";
    let (exit, why, lines) = run(&starttls(Some(injected), auth), "smtp", "good.pem");
    assert!(exit == 1, "{why}");
    assert!(
        !lines.iter().any(|line| line.starts_with("AUTH")),
        "{lines:?}"
    );
    // A login that is refused, echoing what it was given.
    let echo = Some("535 5.7.8 no rahsia-4711-mel");
    let (exit, why, _) = run(&starttls(None, echo), "smtp", "good.pem");
    assert!(exit == 1 && why.contains("535 5.7.8 no"), "{why}");
    // Nothing of that used the notice up.
    let smtps = Smtp::with(Manner {
        tls: config.clone(),
        auth,
        ..Manner::default()
    });
    let (exit, why, _) = run(&smtps, "smtps", "other.pem");
    assert!(exit == 1 && why.contains("certificate"), "{why}");
    let (exit, why, lines) = run(&starttls(None, auth), "smtp", "good.pem");
    assert_eq!(exit, 0, "{why}");
    assert!(
        lines.iter().any(|line| line.starts_with("AUTH PLAIN")),
        "{lines:?}"
    );
    let written: String = records(&session)
        .iter()
        .map(|it| fs::read_to_string(it).unwrap())
        .collect();
    assert!(
        written.contains("2.0.0 taken") && !written.contains("rahsia"),
        "{written}"
    );
    let again = notify(&session, &smtps, &["--yes", "--again", "R-1"])
        .env(
            "ARKIB_SMTP_URL",
            format!("smtps://localhost:{}", smtps.address.port()),
        )
        .env("ARKIB_SMTP_CA", "good.pem")
        .output()
        .unwrap();
    assert_eq!(read(&again).1, 0, "{}", stdout(&again));
}

#[test]
fn what_is_to_be_printed_is_in_files_that_name_nobody_and_are_never_overwritten() {
    let requests: [(&str, &str, &[&str]); 3] = [
        ("R-1", "letter", &["a", "b"]),
        ("R-2", "memo", &["c"]),
        ("R-3", "form", &["d"]),
    ];
    let session = agency(POLICY, &requests);
    session.write("out/R-1-enabled-1.html", "an earlier one");
    let arguments = [&["notify", "--yes", "--output", "out"], &DAY[..]].concat();
    let output = session.run(&arguments);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let folder = fs::read_dir(session.path().join("out")).unwrap();
    let mut names: Vec<String> = folder
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "R-1-enabled-1.html",
        "R-1-enabled-2.html",
        "R-1-enabled-3.html",
        "R-2-enabled-1.html",
        "R-3-enabled-1.html",
    ];
    assert_eq!(names, expected);
    let page = |name: &str| fs::read_to_string(session.path().join("out").join(name)).unwrap();
    assert_eq!(page(names[0].as_str()), "an earlier one");
    assert!(page("R-2-enabled-1.html").contains(">MEMO<"));
    assert!(page("R-3-enabled-1.html").contains("Slip Akuan Penerimaan"));
    assert!(page("R-1-enabled-2.html").contains("Content-Security-Policy"));
    let shown = stdout(&output);
    assert!(
        shown.contains("⎙ letter  a@agensi.example  R-1  enabled  out/R-1-enabled-2.html"),
        "{shown}"
    );
    assert!(shown.contains("4 printed."), "{shown}");
    let (report, _) = read(&session.run(&[&arguments[..], &["--format", "json"]].concat()));
    assert_eq!(outcomes(&report), Vec::<String>::new());
    // What is on record is what was made.
    let text: String = records(&session)
        .iter()
        .map(|it| fs::read_to_string(it).unwrap())
        .collect();
    assert!(text.contains("\"file\":\"R-1-enabled-2.html\""), "{text}");
}

#[cfg(unix)]
#[test]
fn a_pdf_is_made_by_a_browser_that_is_given_nothing_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let session = agency(POLICY, &[("R-1", "letter", &["a"])]);
    let run = |browser: &str| {
        let mut command = session.arkib(&[
            "notify", "--yes", "--pdf", "--format", "json", "--again", "R-1",
        ]);
        command
            .args(DAY)
            .env("ARKIB_SMTP_PASSWORD", "rahsia")
            .env("SEEN", session.path().join("seen"));
        if browser.is_empty() {
            command.env("PATH", session.path());
        } else {
            command.env("ARKIB_CHROMIUM", session.path().join(browser));
        }
        read(&command.output().unwrap())
    };
    let (report, exit) = run("nowhere");
    assert_eq!(exit, 1, "{report:#}");
    assert_eq!(records(&session).len(), 0);
    session.write(
        "browser",
        "#!/bin/sh\nenv > \"$SEEN\"\nfor a in \"$@\"; do case $a in --print-to-pdf=*) printf '%%PDF-1.4' > \"${a#*=}\";; esac; done\n",
    );
    fs::set_permissions(
        session.path().join("browser"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let (report, exit) = run("browser");
    assert_eq!(
        (exit, &report["notices"][0]["pdf"]),
        (0, &Value::from("notices/R-1-enabled-1.pdf")),
        "{report:#}"
    );
    let seen = fs::read_to_string(session.path().join("seen")).unwrap();
    assert!(!seen.contains("ARKIB_"), "{seen}");
    session.write("browser", "#!/bin/sh\nexit 1\n");
    let (report, exit) = run("browser");
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a printed".to_owned()], 3),
        "{report:#}"
    );
}

#[test]
fn templates_of_the_agencys_own_count_once_they_are_committed() {
    let session = by_mail(&["a", "b"]);
    let smtp = Smtp::start();
    session.write(
        "requests/templates/email.txt",
        "Kepada {{ to }}: {{ title }}\n",
    );
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(
        reason(&report).contains("requests/templates/email.txt differs"),
        "{report:#}"
    );
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "A template"]);
    session.write("requests/templates/email.html", "{{ to }}\n\n{% if %}");
    let (report, exit) = give(&session, &smtp, &["--allow-uncommitted"]);
    assert_eq!(exit, 1, "{report:#}");
    assert!(
        reason(&report).contains("requests/templates/email.html:3:"),
        "{report:#}"
    );
    // It shows at the last notice, and still none was given.
    session.write(
        "requests/templates/email.html",
        "{% if to[:1] == 'b' %}\n{{ nothing }}{% endif %}",
    );
    let (report, _) = give(&session, &smtp, &["--allow-uncommitted"]);
    assert!(
        reason(&report).contains("requests/templates/email.html:2:"),
        "{report:#}"
    );
    assert_eq!((smtp.taken().len(), records(&session).len()), (0, 0));
    // The commit has no such template, and what lies beside it does not count.
    let (report, exit) = give(&session, &smtp, &["--ref", "main"]);
    assert_eq!((outcomes(&report).len(), exit), (2, 0), "{report:#}");
    assert!(
        smtp.text(&at("a"))
            .contains("Kepada a@agensi.example: Arkib e-mel telah diaktifkan")
    );
}

#[test]
fn a_look_gives_and_writes_nothing() {
    let session = agency(
        POLICY,
        &[("R-1", "email", &["a"]), ("R-2", "letter", &["b"])],
    );
    let before = fs::read_dir(session.path()).unwrap().count();
    let arguments = [&["notify", "--dry-run", "--show"], &DAY[..]].concat();
    let output = session.run(&arguments);
    let shown = stdout(&output);
    assert_eq!(status(&output), 0, "{shown}{}", stderr(&output));
    for part in [
        "✉ email   a@agensi.example  R-1  enabled  Arkib e-mel telah diaktifkan",
        "⎙ letter  b@agensi.example  R-2  enabled  Arkib e-mel telah diaktifkan",
        "│ Sukacita dimaklumkan bahawa arkib e-mel yang dipohon telah diaktifkan.",
        "│ Ruj. Kami : R-2",
        "Dry run: 2 notices are due. Nobody was told anything.",
    ] {
        assert!(shown.contains(part), "no `{part}` in {shown}");
    }
    assert_eq!(fs::read_dir(session.path()).unwrap().count(), before);
    assert_eq!(records(&session).len(), 0);
    let narrowed =
        stdout(&session.run(&[&arguments[..], &["--only", "b@agensi.example"]].concat()));
    assert!(
        !narrowed.contains("R-1 ") && narrowed.contains("1 notice is due"),
        "{narrowed}"
    );
    let markdown = stdout(&session.run(&[&arguments[..], &["--format", "markdown"]].concat()));
    assert!(markdown.starts_with("<!-- arkib notify -->"), "{markdown}");
}

#[test]
fn json_is_as_its_schema_says_however_the_run_ends() {
    let session = agency(
        &format!("{POLICY}  limit: 1\n"),
        &[("R-1", "letter", &["a", "b"])],
    );
    let run = |more: &[&str], expected| {
        let arguments = [&["notify", "--format", "json"], &DAY[..], more].concat();
        valid(&session, "notify", &arguments, expected)
    };
    run(&[], 64);
    run(&["--dry-run", "--ref", "nowhere"], 1);
    let refused = run(&["--yes"], 4);
    assert!(reason(&refused).contains("2 notices are due, more than the policy's limit of 1"));
    let digest = refused["digest"].as_str().unwrap().to_owned();
    run(&["--yes", "--accept", &"0".repeat(32)], 4);
    // Another list is not the accepted one.
    run(
        &["--yes", "--only", "a@agensi.example", "--accept", &digest],
        4,
    );
    session.write("requests/R-2.yaml", request("R-2", "letter", &["a"]));
    run(&["--yes", "--only", "R-1", "--accept", &digest[..32]], 4);
    fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    let done = run(&["--yes", "--accept", &digest[..32]], 0);
    assert_eq!(outcomes(&done), ["a printed", "b printed"]);
    run(
        &[
            "--dry-run",
            "--show",
            "--again",
            "R-1",
            "--to",
            "a@agensi.example",
        ],
        0,
    );
    session.write("requests/R-3.yaml", "version: 1\n");
    run(&["--dry-run"], 1);
}

#[test]
fn an_agency_whose_policy_says_nothing_of_notices_gives_none() {
    let silent = POLICY.split("notices:").next().unwrap();
    let session = agency(silent, &[("R-1", "letter", &["a"])]);
    let arguments = [&["notify", "--yes"], &DAY[..]].concat();
    let output = session.run(&arguments);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    assert!(
        stdout(&output).contains("add `notices: {since: "),
        "{}",
        stdout(&output)
    );
    // Where another agency in the folder gives some, that is no failure.
    let other = POLICY
        .replace("CONTOH", "LAIN")
        .replace("agensi.example", "lain.example");
    session.write("requests/lain/agency.yaml", other);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Another agency"]);
    let output = session.run(&arguments);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_server_is_asked_for_only_where_a_message_is_due_and_in_plain_words() {
    let session = agency(
        POLICY,
        &[("R-1", "letter", &["a"]), ("R-2", "email", &["b"])],
    );
    let run = |more: &[&str], url: Option<&str>| {
        let mut command = session.arkib(&["notify", "--yes", "--format", "json"]);
        command
            .args(DAY)
            .args(more)
            .envs(url.map(|url| ("ARKIB_SMTP_URL", url)));
        read(&command.output().unwrap())
    };
    let (report, exit) = run(&[], None);
    assert!(
        exit == 1 && reason(&report).contains("ARKIB_SMTP_URL is not set"),
        "{report:#}"
    );
    assert_eq!(records(&session).len(), 0);
    let (report, exit) = run(&[], Some("smtp://u:rahsia-4711@mel.agensi.example"));
    assert!(
        exit == 1 && !report.to_string().contains("rahsia"),
        "{report:#}"
    );
    let (report, exit) = run(&["--only", "R-1"], None);
    assert_eq!((outcomes(&report), exit), (vec!["a printed".to_owned()], 0));
}
