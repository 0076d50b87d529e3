//! Refused requests leave nothing behind.

use super::{FIRST, accepted, letter, read, refused};
use crate::outputs::{DAY, agency, request};

#[test]
fn unapprovable_requests_are_refused() {
    let all = ["tan".to_owned()];
    let mut later = request("R-2", "enable", &all);
    later.push_str("effective: 2026-12-01\n");
    let session = agency(
        &[
            (
                "R-1",
                request("R-1", "enable", &["siti".to_owned()])
                    .replace("2026-01", "2026-11")
                    .replace("2026-11-03", DAY[1]),
            ),
            ("R-2", later),
            ("R-3", request("R-3", "terminate", &["ali".to_owned()])),
            (
                "R-4",
                request("R-4", "x", &all)
                    .replace("action: x", "action: withdraw\nwithdraws: R-3")
                    .replace("mailboxes:\n  - tan@agensi.example\n", ""),
            ),
        ],
        &[],
    );
    accepted(&session, &["check", DAY[0], DAY[1]]);
    let approved = |by: &'static str, day: &'static str| ["--approved-by", by, "--approved", day];
    let admin = "pentadbir@agensi.example";
    for (arguments, kind) in [
        (vec!["enable", "siti@lain.example"], "foreign-domain"),
        (vec!["enable", "siti@agensi.example", "Siti@agensi.example"], "mailbox-twice"),
        (vec!["terminate", "tan@agensi.example", "--effective", "2026-12-01"], "contradiction"),
        (vec!["withdraw", "R-9"], "withdraws-unknown"),
        (vec!["withdraw", "R-4"], "withdraws-unknown"),
        (vec!["withdraw", "R-3"], "already-withdrawn"),
        (
            [&["enable", "a@agensi.example"], &approved("x@agensi.example", DAY[1])[..]].concat(),
            "unknown-approver",
        ),
        ([&["enable", admin], &approved(admin, DAY[1])[..]].concat(), "self-approval"),
        (
            [&["enable", "a@agensi.example", "--from", admin], &approved(admin, DAY[1])[..]]
                .concat(),
            "self-approval",
        ),
        (
            [&["enable", "a@agensi.example"], &approved(admin, "2026-11-22")[..]].concat(),
            "approval-before-receipt",
        ),
        (
            [&["terminate", "siti@agensi.example"], &approved(admin, DAY[1])[..]].concat(),
            "contradiction",
        ),
    ] {
        let text = refused(&session, &letter(&arguments), 1);
        assert!(text.contains(&format!("error[{kind}]")), "{kind}: {text}");
        assert!(text.contains("Nothing was written: 1 problem in 1 file."), "{text}");
        assert!(!session.path().join("requests/2026").exists());
    }
    let text = accepted(&session, &letter(&["terminate", "siti@agensi.example"]));
    assert!(text.contains("warning[contradiction]: if it is approved on that day, "), "{text}");
    let text = accepted(
        &session,
        &letter(&[
            "enable",
            admin,
            "a@agensi.example",
            "--received",
            "2026-11-30",
            "--effective",
            "2026-11-01",
        ]),
    );
    for kind in ["received-in-future", "effective-in-past", "nobody-may-approve"] {
        assert!(text.contains(&format!("warning[{kind}]")), "{kind}: {text}");
    }
    let text = accepted(&session, &letter(&["enable", "a@agensi.example"]));
    assert!(
        text.contains("warning[already-asked]: R-6 already asks to enable `a@agensi.example`"),
        "{text}"
    );
    let text = accepted(
        &session,
        &[&letter(&["enable", "b@agensi.example"])[..], &approved(admin, DAY[1])].concat(),
    );
    assert!(text.contains("\nand open the pull request.\n"), "{text}");
    assert!(
        read(&session, "requests/2026/R-8.yaml")
            .contains("approvals:\n  - by: pentadbir@agensi.example\n    date: 2026-11-23\n")
    );
}

#[cfg(unix)]
#[test]
fn a_link_as_year_folder_is_refused() {
    let session = agency(&[], &[]);
    std::fs::create_dir(session.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", session.path().join("requests/2026")).unwrap();
    refused(&session, &letter(&["enable", "a@agensi.example"]), 1);
    assert_eq!(std::fs::read_dir(session.path().join("elsewhere")).unwrap().count(), 0);
}

#[test]
fn unfilable_documents_leave_nothing_behind() {
    let session = agency(&[], &[("siti.aminah", "disabled")]);
    session.write("empty.pdf", "");
    session.write("good.pdf", "%PDF");
    // An existing file is never overwritten.
    session.write(&FIRST.replace(".yaml", "-2.pdf"), "another");
    let before = session.git(&["status", "--porcelain", "--untracked-files=all"]);
    let enable = ["enable", "siti.aminah@agensi.example", "--evidence", "good.pdf", "--evidence"];
    for document in ["nowhere.pdf", "empty.pdf", "requests", "good.pdf"] {
        let said = refused(&session, &letter(&[&enable[..], &[document]].concat()), 1);
        assert!(!said.contains("Wrote"), "{said}");
    }
    let after = session.git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(after, before);
}

#[test]
fn ids_are_valid_file_names_everywhere() {
    let session = agency(&[], &[]);
    for id in ["CON", "com1", "aux.2026", "R-1."] {
        let said = refused(&session, &letter(&["enable", "x@agensi.example", "--id", id]), 64);
        assert!(said.contains(id), "{said}");
    }
}
