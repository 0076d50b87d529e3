//! What each answer of the mail server means, and where there is none.

use super::{POLICY, agency, at, by_mail, give, notify, outcomes, read, reason, unconfirmed};
use crate::session::{InTime as _, status, stdout};
use crate::smtp_server::{Act, Manner, Smtp};

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
    assert_eq!(
        unconfirmed(&report),
        ["b refused", "d refused", "f unknown"]
    );
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!((outcomes(&report), exit), (Vec::new(), 0));
    assert_eq!(smtp.taken(), ["a", "c", "e", "f", "g"].map(at));
    // Until a person wants it.
    let (report, exit) = give(&session, &smtp, &["--again", "R-1", "--to", &at("f")]);
    assert_eq!((outcomes(&report), exit), (vec!["f sent".to_owned()], 0));
    assert_eq!(report["notices"][0]["again"], true);
    assert_eq!(unconfirmed(&report), ["b refused", "d refused"]);
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
        .in_time();
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
fn a_refusal_that_may_mean_the_sender_uses_no_notice_up() {
    let session = by_mail(&["a", "b", "c", "d"]);
    let smtp = Smtp::start();
    for name in ["a", "b", "c", "d"] {
        smtp.act(&at(name), Act::AtRcpt("553 5.7.1 sender address rejected"));
    }
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(
        outcomes(&report),
        ["a deferred", "b deferred", "c deferred", "d -"]
    );
    assert_eq!(exit, 1, "{report:#}");
    assert!(reason(&report).contains("by its policy"), "{report:#}");
    // Once one was taken, such an answer means the person.
    smtp.be_good();
    smtp.act(&at("b"), Act::AtRcpt("550 5.7.1 not for her"));
    let (report, _) = give(&session, &smtp, &[]);
    assert_eq!(
        outcomes(&report),
        ["a sent", "b refused", "c sent", "d sent"]
    );
}

#[test]
fn a_server_that_takes_one_message_a_connection_refuses_nobody() {
    let session = by_mail(&["a", "b", "c"]);
    let smtp = Smtp::with(Manner {
        reset: Some("500 what"),
        ..Manner::default()
    });
    let mut sent = Vec::new();
    for _ in 0..3 {
        let (report, _) = give(&session, &smtp, &[]);
        assert!(
            outcomes(&report).iter().all(|it| !it.ends_with("refused")),
            "{report:#}"
        );
        sent = smtp.taken();
    }
    assert_eq!(sent, ["a", "b", "c"].map(at));
}

#[test]
fn a_portal_that_lost_its_mailboxes_tells_nobody_anything() {
    let session = by_mail(&["a", "b", "c"]);
    let asked = super::request("R-1", "email", &["a", "b", "c"]);
    let asked = asked.replace("reference: R", "reference: R\n  from: ketua@agensi.example");
    session.write("requests/R-1.yaml", asked);
    session.git(&["commit", "-q", "-a", "-m", "By the chief"]);
    let other = "mailbox,state\nother@agensi.example,enabled\n";
    session.write("portal.csv", other);
    let smtp = Smtp::start();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(smtp.taken().is_empty());
    let digest = report["digest"].as_str().unwrap().to_owned();
    let (report, _) = give(&session, &smtp, &["--accept", &digest]);
    assert_eq!(outcomes(&report), ["ketua sent"], "{report:#}");
}

#[test]
fn nobody_is_told_of_what_its_approver_did_not_sign() {
    let policy = format!("{POLICY}provenance: signed\n");
    let session = agency(&policy, &[("R-1", "email", &["a"])]);
    let smtp = Smtp::start();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!((outcomes(&report), exit), (vec![], 0), "{report:#}");
}

#[test]
fn records_that_are_not_whole_leave_it_to_a_person() {
    let session = by_mail(&["a"]);
    let smtp = Smtp::start();
    give(&session, &smtp, &[]);
    session.write("requests/R-2.yaml", super::request("R-2", "email", &["a"]));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Another"]);
    let record = super::records(&session).remove(0);
    let text = std::fs::read_to_string(&record).unwrap();
    // As git makes them on Windows, they are still read; edited they are not.
    std::fs::write(&record, text.replace('\n', "\r\n")).unwrap();
    let output = notify(&session, &smtp, &["--dry-run"]).in_time();
    let (report, exit) = read(&output);
    assert_eq!((outcomes(&report).len(), exit), (1, 0), "{report:#}");
    std::fs::write(&record, text.replace("sent", "gone")).unwrap();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(
        reason(&report).contains("nobody knows who was told"),
        "{report:#}"
    );
}
