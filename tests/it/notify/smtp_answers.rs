//! The meaning of each answer of the mail server, and of no answer.

use super::{
    POLICY, address, agency, agency_by_email, notify, notify_json, outcomes, read, reason,
    unconfirmed,
};
use crate::session::{InTime as _, status, stdout};
use crate::smtp_server::{Behavior, ServerOptions, Smtp};

#[test]
fn server_answers_decide_the_outcome() {
    let session = agency_by_email(&["a", "b", "c", "d", "e", "f", "g"]);
    let smtp = Smtp::start();
    smtp.set_behavior(&address("b"), Behavior::AtRcpt("550 5.1.1 no such user"));
    smtp.set_behavior(&address("c"), Behavior::AtRcpt("451 4.2.1 later"));
    smtp.set_behavior(&address("d"), Behavior::AfterText("554 5.7.1 not that"));
    smtp.set_behavior(&address("e"), Behavior::AfterText("452 4.3.1 full"));
    smtp.set_behavior(&address("f"), Behavior::LoseAfterText);
    smtp.set_behavior(&address("g"), Behavior::AtData("451 later"));
    let (report, exit) = notify_json(&session, &smtp, &[]);
    let expected =
        ["a sent", "b refused", "c deferred", "d refused", "e deferred", "f unknown", "g deferred"];
    assert_eq!((outcomes(&report), exit), (expected.map(str::to_owned).to_vec(), 3), "{report:#}");
    assert_eq!(report["notices"][1]["detail"], "550 5.1.1 no such user");
    // Deferred notices are sent by the next run; unknown ones are reported and not sent again.
    smtp.reset_behavior();
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["c sent".to_owned(), "e sent".into(), "g sent".into()], 0),
        "{report:#}"
    );
    assert_eq!(unconfirmed(&report), ["b refused", "d refused", "f unknown"]);
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!((outcomes(&report), exit), (Vec::new(), 0));
    assert_eq!(smtp.accepted(), ["a", "c", "e", "f", "g"].map(address));
    // Until a person asks for it.
    let (report, exit) = notify_json(&session, &smtp, &["--again", "R-1", "--to", &address("f")]);
    assert_eq!((outcomes(&report), exit), (vec!["f sent".to_owned()], 0));
    assert_eq!(report["notices"][0]["again"], true);
    // Nothing is said of others.
    assert_eq!(unconfirmed(&report), [""; 0]);
    let output = session.run(&["records", "verify"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[test]
fn a_connection_lost_early_defers_the_notice() {
    let session = agency_by_email(&["a", "b", "c", "d", "e"]);
    let smtp = Smtp::start();
    for name in ["b", "c", "d"] {
        smtp.set_behavior(&address(name), Behavior::LoseAtRcpt);
    }
    let (report, exit) = notify_json(&session, &smtp, &[]);
    // After three in a row the others are not tried.
    assert_eq!(
        outcomes(&report),
        ["a sent", "b deferred", "c deferred", "d -", "e -"],
        "{report:#}"
    );
    assert_eq!(exit, 3);
    smtp.reset_behavior();
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!((outcomes(&report).len(), exit), (4, 0), "{report:#}");
    assert_eq!(smtp.accepted(), ["a", "b", "c", "d", "e"].map(address));
}

#[test]
fn a_server_that_refuses_everything_defers_notices() {
    let session = agency_by_email(&["a", "b"]);
    let manners = [
        ServerOptions { greeting: Some("554 5.3.2 go away"), ..ServerOptions::default() },
        ServerOptions { mail: Some("550 5.7.1 not your address"), ..ServerOptions::default() },
        ServerOptions { mail: Some("530 5.7.0 log in first"), ..ServerOptions::default() },
        ServerOptions {
            greeting: Some("220 ready\r\nand nothing of SMTP"),
            ..ServerOptions::default()
        },
    ];
    for manner in manners {
        let smtp = Smtp::with(manner);
        let (report, exit) = notify_json(&session, &smtp, &[]);
        assert_eq!(
            (outcomes(&report), exit),
            (vec!["a -".to_owned(), "b -".into()], 1),
            "{report:#}"
        );
        assert!(reason(&report).contains("Stopped: the mail server 127.0.0.1"), "{report:#}");
    }
    // There is no server at that port.
    let gone = Smtp::start();
    let url = gone.url();
    drop(gone);
    let smtp = Smtp::start();
    let output = notify(&session, &smtp, &["--yes"]).env("ARKIB_SMTP_URL", url).in_time();
    let (report, exit) = read(&output);
    assert_eq!((outcomes(&report), exit), (vec!["a deferred".to_owned(), "b deferred".into()], 1));
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a sent".to_owned(), "b sent".into()], 0),
        "{report:#}"
    );
}

#[test]
fn a_refusal_of_the_sender_defers_notices() {
    let session = agency_by_email(&["a", "b", "c", "d"]);
    let smtp = Smtp::start();
    for name in ["a", "b", "c", "d"] {
        smtp.set_behavior(&address(name), Behavior::AtRcpt("553 5.7.1 sender address rejected"));
    }
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(outcomes(&report), ["a deferred", "b deferred", "c deferred", "d -"]);
    assert_eq!(exit, 1, "{report:#}");
    assert!(reason(&report).contains("by its policy"), "{report:#}");
    // After one was accepted, such an answer concerns the recipient.
    smtp.reset_behavior();
    smtp.set_behavior(&address("b"), Behavior::AtRcpt("550 5.7.1 not for her"));
    let (report, _) = notify_json(&session, &smtp, &[]);
    assert_eq!(outcomes(&report), ["a sent", "b refused", "c sent", "d sent"]);
}

#[test]
fn one_message_per_connection_is_supported() {
    let session = agency_by_email(&["a", "b", "c"]);
    let smtp = Smtp::with(ServerOptions { reset: Some("500 what"), ..ServerOptions::default() });
    let mut sent = Vec::new();
    for _ in 0..3 {
        let (report, _) = notify_json(&session, &smtp, &[]);
        assert!(
            outcomes(&report).iter().all(|outcome| !outcome.ends_with("refused")),
            "{report:#}"
        );
        sent = smtp.accepted();
    }
    assert_eq!(sent, ["a", "b", "c"].map(address));
}

#[test]
fn a_portal_without_mailboxes_sends_no_notices() {
    let session = agency_by_email(&["a", "b", "c"]);
    let asked = super::request("R-1", "email", &["a", "b", "c"]);
    let asked = asked.replace("reference: R", "reference: R\n  from: ketua@agensi.example");
    session.write("requests/R-1.yaml", asked);
    session.git(&["commit", "-q", "-a", "-m", "By the chief"]);
    let other = "mailbox,state\nother@agensi.example,enabled\n";
    session.write("portal.csv", other);
    let smtp = Smtp::start();
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(smtp.accepted().is_empty());
    let digest = report["digest"].as_str().unwrap().to_owned();
    let (report, _) = notify_json(&session, &smtp, &["--accept", &digest]);
    assert_eq!(outcomes(&report), ["ketua sent"], "{report:#}");
}

#[test]
fn unsigned_requests_send_no_notices() {
    let policy = format!("{POLICY}provenance: signed\nrepository: 0198c1d2e3f40516\n");
    let session = agency(&policy, &[("R-1", "email", &["a"])]);
    let smtp = Smtp::start();
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!((outcomes(&report), exit), (vec![], 0), "{report:#}");
}

#[test]
fn incomplete_records_need_a_person() {
    let session = agency_by_email(&["a"]);
    let smtp = Smtp::start();
    notify_json(&session, &smtp, &[]);
    session.write("requests/R-2.yaml", super::request("R-2", "email", &["a"]));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Another"]);
    let record = super::records(&session).remove(0);
    let text = std::fs::read_to_string(&record).unwrap();
    // With the line ends of git on Windows they are still read; edited ones are not.
    std::fs::write(&record, text.replace('\n', "\r\n")).unwrap();
    let output = notify(&session, &smtp, &["--dry-run"]).in_time();
    let (report, exit) = read(&output);
    assert_eq!((outcomes(&report).len(), exit), (1, 0), "{report:#}");
    std::fs::write(&record, text.replace("sent", "gone")).unwrap();
    let (report, exit) = notify_json(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(reason(&report).contains("so it is unknown who was informed"), "{report:#}");
}
