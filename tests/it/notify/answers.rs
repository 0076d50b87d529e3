//! What each answer of the mail server means, and where there is none.

use super::{at, by_mail, doubts, give, notify, outcomes, read, reason};
use crate::session::{status, stdout};
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
