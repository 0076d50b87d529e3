//! What operators hear of a run (`ARKIB_ALERT_URL`) and its figures (`--metrics`): sent once, hidden, and
//! never the reason why a run fails.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::outputs::{DAY, agency, request};
use crate::session::{InTime as _, Session, status, stderr, stdout};
use crate::smtp_server::{ServerOptions, Smtp};
use crate::webhook::{SECRET, Webhook};

/// An archive that no request names, and one to enable.
fn unmanaged() -> Session {
    let due = request("R-1", "enable", &["siti".to_owned()]);
    agency(&[("R-1", due)], &[("siti", "disabled"), ("kamal", "enabled")])
}

/// Nothing to hear.
fn quiet() -> Session {
    let done = request("R-1", "enable", &["siti".to_owned()]);
    agency(&[("R-1", done)], &[("siti", "enabled")])
}

fn reconcile(session: &Session, webhook: &Webhook, more: &[&str]) -> Command {
    let mut command = session.arkib(&["reconcile"]);
    command.args(DAY).args(more).env("ARKIB_ALERT_URL", webhook.url());
    command
}

#[test]
fn one_message_that_matches_its_schema_and_the_address_stays_secret() {
    let (session, webhook) = (unmanaged(), Webhook::start());
    let mut command = reconcile(&session, &webhook, &["--dry-run"]);
    let output = command.env("ARKIB_LOG", "trace").in_time();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let said = format!("{}{}", stdout(&output), stderr(&output));
    assert!(!said.contains(SECRET), "{said}");
    let received = webhook.take();
    let [(head, body)] = &*received else { panic!("{received:?}") };
    assert!(head.contains("content-type: application/json"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    crate::schemas::assert_matches("alert", &body);
    assert_eq!(body["format"], "arkib.alert/1");
    assert_eq!(body["title"], "arkib: 1 unmanaged");
    assert_eq!(body["unmanaged"]["items"][0]["mailbox"], "kamal@agensi.example");
    assert_eq!(body["run"]["dry_run"], true);
}

#[test]
fn where_all_is_well_nothing_is_sent() {
    let (session, webhook) = (quiet(), Webhook::start());
    for more in [&["--dry-run", "--fail-on", "drift,unmanaged,blocked,due"][..], &["--yes"]] {
        let output = reconcile(&session, &webhook, more).in_time();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    }
    // What `--fail-on` does not name, what an applying run does not look for, what the runs that apply a
    // saved plan say, and what the comment on a pull request says.
    let session = unmanaged();
    let other = &["--dry-run", "--fail-on", "drift,blocked"][..];
    let saved = &["--dry-run", "--plan-out", "plan.json"][..];
    for more in [other, saved, &["--yes"], &["--dry-run", "--base", "main"]] {
        let output = reconcile(&session, &webhook, more).in_time();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    }
    let session = quiet();
    session.write("portal.csv", "mailbox,state,request\nsiti@agensi.example,disabled,R-1\n");
    let output = reconcile(&session, &webhook, saved).in_time();
    assert!(stdout(&output).contains("drift"), "{}", stdout(&output));
    assert_eq!(webhook.take(), []);
}

#[test]
fn a_run_that_fails_before_the_first_agency_is_heard_of() {
    let (session, webhook) = (quiet(), Webhook::start());
    session.write("requests/R-2.yaml", "version: 1\nid: R-2\nactoin: enable\n");
    let output = reconcile(&session, &webhook, &["--dry-run"]).in_time();
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let received = webhook.take();
    let body: Value = serde_json::from_str(&received[0].1).unwrap();
    assert_eq!((received.len(), &body["title"]), (1, &"arkib: 1 failed".into()));
    let failed = &body["failed"]["items"][0];
    assert_eq!((&failed["agency"], &failed["status"]), (&Value::Null, &1.into()));
    // The first of what is broken, and what to do.
    let (reason, text) = (failed["reason"].as_str().unwrap(), body["text"].as_str().unwrap());
    let first = "2 problems in 1 file; nothing was changed; the first: requests/R-2.yaml:1:1: the key 'received' is missing; add 'received";
    for said in [reason, text] {
        assert!(said.replace('`', "'").contains(first), "{said}");
    }
    // Another reason has its help, too; also where a plan was to be saved.
    let more = ["--dry-run", "--ref", "nowhere", "--plan-out", "plan.json"];
    let output = reconcile(&session, &webhook, &more).in_time();
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let body: Value = serde_json::from_str(&webhook.take()[0].1).unwrap();
    let reason = body["failed"]["items"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("Nothing was changed; fetch it first"), "{reason}");
}

#[test]
fn a_message_holds_no_token_whatever_names_it() {
    let (session, webhook) = (quiet(), Webhook::start());
    let portal = Webhook::answering(&["401 Unauthorized"; 8]);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    let policy = policy.replace("portal: embedded", "portal: scim");
    session.write("requests/agency.yaml", policy.replace("CONTOH", "token-rahsia-4711"));
    let mut command = reconcile(&session, &webhook, &["--dry-run"]);
    command
        .env("ARKIB_PORTAL_URL", format!("http://{}/scim", portal.address))
        .env("ARKIB_PORTAL_TOKEN", "token-rahsia-4711");
    let output = command.in_time();
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let received = webhook.take();
    let [(_, body)] = &*received else { panic!("{received:?}") };
    assert!(body.contains("[token]") && !body.contains("4711"), "{body}");
    // Nor an e-mail, of the password of its own server either.
    let smtp = Smtp::with(ServerOptions { auth: Some("235 ok"), ..ServerOptions::default() });
    command
        .args(["--ref", "kata-laluan-4711"])
        .env("ARKIB_ALERT_URL", "mailto:operator@agensi.example")
        .env("ARKIB_SMTP_URL", smtp.url())
        .env("ARKIB_SMTP_USER", "arkib")
        .env("ARKIB_SMTP_PASSWORD", "kata-laluan-4711");
    let output = command.in_time();
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let text = smtp.text("operator@agensi.example");
    assert!(text.contains("[token]") && !text.contains("4711"), "{text}");
}

#[test]
fn what_cannot_be_sent_is_one_line_and_changes_no_exit_status() {
    let session = unmanaged();
    for (answers, tries, said) in [
        (&["404 Not Found"][..], 1, "the webhook answered 404 (ok); check ARKIB_ALERT_URL"),
        (&["302 Found\r\nLocation: /lain"], 1, "the webhook answered 302"),
        (&["400 Bad Request"], 1, "check that ARKIB_ALERT_FORMAT is what this address takes"),
        // One that repeats the secret.
        (&["403 no\r\nContent-Type: text/plain\r\nX-Echo: rahsia-T0001-B0001"], 1, "403 ([token])"),
        (&["503 Busy\r\nRetry-After: 0"], 2, ""),
        // A page of a proxy or a login; but so does Slack say that all is well.
        (&["200 OK\r\nX-Echo: <!doctype html><p>Log in"], 1, "a login page answered in place of"),
        (&["200 OK\r\nContent-Type: text/html"], 1, ""),
    ] {
        let webhook = Webhook::answering(answers);
        let output = reconcile(&session, &webhook, &["--dry-run"]).in_time();
        let (said_all, exit) = (stderr(&output), status(&output));
        assert_eq!((exit, webhook.take().len()), (0, tries), "{answers:?}: {said_all}");
        assert_eq!(said_all.contains("the alert was not sent"), !said.is_empty(), "{said_all}");
        assert!(said_all.contains(said) && said_all.lines().count() <= 1, "{said_all}");
        assert!(!said_all.contains(SECRET), "{said_all}");
    }
}

#[test]
fn an_address_or_shape_that_cannot_be_used_is_said_also_where_all_is_well() {
    let session = quiet();
    for (url, format, said) in [
        ("http://hooks.example/rahsia-T0001-B0001", "", "plain http"),
        ("https://u:rahsia-T0001-B0001@hooks.example/", "", "user name or password"),
        ("rahsia-T0001-B0001", "", "not a URL"),
        ("https://hooks.example/rahsia-T0001-B0001", "discord", "json, slack, mattermost, teams"),
        // The address, in the wrong variable.
        ("https://hooks.example/x", "https://rahsia-T0001-B0001", "no format of alerts"),
        ("mailto:a@b.example,c@d.example", "", "one address"),
        ("mailto:a@b.example", "", "ARKIB_SMTP_URL"),
    ] {
        let mut command = session.arkib(&["reconcile", "--dry-run"]);
        command.args(DAY).env("ARKIB_ALERT_URL", url).env("ARKIB_ALERT_FORMAT", format);
        let output = command.in_time();
        let text = stderr(&output);
        assert_eq!(status(&output), 0, "{url}: {text}");
        assert!(text.contains("no alert can be sent") && text.contains(said), "{url}: {text}");
        assert!(!text.contains(SECRET) && text.lines().count() == 1, "{url}: {text}");
    }
    // As CI gives variables that are not set.
    let mut command = session.arkib(&["reconcile", "--dry-run"]);
    command.args(DAY).env("ARKIB_ALERT_URL", "").env("ARKIB_ALERT_FORMAT", "");
    assert_eq!(stderr(&command.in_time()), "");
}

#[test]
fn a_message_goes_by_mail_too() {
    let (session, smtp) = (unmanaged(), Smtp::start());
    let mut command = session.arkib(&["reconcile", "--dry-run"]);
    command
        .args(DAY)
        .env("ARKIB_ALERT_URL", "mailto:operator@agensi.example")
        .env("ARKIB_SMTP_URL", smtp.url());
    let output = command.in_time();
    assert_eq!((status(&output), &*stderr(&output)), (0, ""));
    let text = smtp.text("operator@agensi.example");
    for part in [
        "Subject: arkib: 1 unmanaged",
        "Auto-Submitted: auto-generated",
        "kamal@agensi.example is enabled",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn figures_are_written_at_the_end_of_every_run() {
    let session = unmanaged();
    let run = |more: &[&str]| {
        let _ = fs::remove_file(session.path().join("arkib.prom"));
        let output =
            session.run(&[&["reconcile", "--metrics", "arkib.prom"], &DAY[..], more].concat());
        let text = fs::read_to_string(session.path().join("arkib.prom")).unwrap();
        assert!(text.ends_with("\n# EOF\n"), "{text}");
        // Who collects it is another user.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let about = fs::metadata(session.path().join("arkib.prom")).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, 0o644);
        }
        (status(&output), text)
    };
    let has =
        |text: &str, line: &str| assert!(text.contains(&format!("\n{line}\n")), "{line}: {text}");
    let (exit, text) = run(&["--dry-run", "--fail-on", "unmanaged"]);
    assert_eq!(exit, 2);
    has(&text, "arkib_run_exit_status 2");
    has(&text, "arkib_mailboxes{agency=\"CONTOH\",state=\"unmanaged\"} 1");
    let (exit, text) = run(&["--yes"]);
    assert_eq!(exit, 0);
    has(&text, "arkib_outcomes{agency=\"CONTOH\",outcome=\"applied\"} 1");
    session.write("requests/R-2.yaml", "version: 1\nid: R-2\nactoin: enable\n");
    let (exit, text) = run(&["--dry-run"]);
    assert_eq!(exit, 1);
    has(&text, "arkib_run_exit_status 1");
}

#[test]
fn a_run_whose_figures_cannot_be_written_fails_and_changes_nothing() {
    let session = unmanaged();
    session.write("folder/x", "");
    for (file, more, said) in [
        ("folder", "--yes", "nothing was changed"),
        ("folder", "--dry-run", "folder"),
        ("nowhere/m", "--yes", "nothing was changed"),
        ("nowhere/m", "--dry-run", "nowhere"),
    ] {
        let arguments = [&["reconcile", "--metrics", file, more], &DAY[..]].concat();
        let output = session.run(&arguments);
        assert_eq!(status(&output), 1, "{}", stdout(&output));
        let text = format!("{}{}", stdout(&output), stderr(&output));
        let why = format!("{file} cannot be written");
        for part in [said, &why, "use a file in a folder that exists and is writable"] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        assert!(!text.contains(".arkib-tmp-"), "{text}");
    }
    // There is no record of a run.
    let records = fs::read_dir(session.path().join("requests/records")).into_iter().flatten();
    let names = records.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let records: Vec<String> = names.filter(|name| name.ends_with(".jsonl")).collect();
    assert!(records.is_empty(), "{records:?}");
}
