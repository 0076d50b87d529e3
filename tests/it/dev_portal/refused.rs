//! What is refused before anything is changed, and what is never shown.

use super::{APPLY, POLICY, agency, assert_converged, json};
use crate::portal::Portal;
use crate::session::{InTime as _, status, stderr, stdout};

#[test]
fn a_wrong_token_is_never_shown() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let secret = "rahsia-yang-salah";
    for arguments in [APPLY, &["reconcile", "--dry-run"], &["status"]] {
        let output = portal
            .arkib(&session, arguments)
            .env_remove("ARKIB_PORTAL_TOKEN_FILE")
            .env("ARKIB_PORTAL_TOKEN", secret)
            .env("ARKIB_LOG", "trace")
            .in_time();
        assert_eq!(status(&output), 1);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(said.contains("token"), "{said}");
        assert!(!said.contains(secret), "the token was shown");
    }
    assert_eq!(portal.audit(), [""; 0]);
}

#[test]
fn logs_contain_no_address_by_default() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let output = portal.arkib(&session, APPLY).env("ARKIB_LOG", "trace").in_time();
    assert_eq!(status(&output), 0);
    let said = stderr(&output);
    assert!(!said.contains("m000@agensi.example") && !said.contains(&portal.token), "{said}");
}

#[test]
fn the_token_needs_https_or_loopback() {
    let session = agency(1);
    for (url, expected) in [
        (Some("http://portal.agensi.example/scim/v2"), "https"),
        (Some("http://10.0.0.1/scim/v2"), "https"),
        (Some("ftp://portal.agensi.example/"), "https"),
        (Some("not a url"), "ARKIB_PORTAL_URL"),
        (None, "ARKIB_PORTAL_URL"),
    ] {
        let mut command = session.arkib(APPLY);
        command.env("ARKIB_PORTAL_TOKEN", "rahsia");
        if let Some(url) = url {
            command.env("ARKIB_PORTAL_URL", url);
        }
        let output = command.in_time();
        assert_eq!(status(&output), 1);
        let report = json(&output);
        let said = format!("{}{}", report["exit"], stderr(&output));
        assert!(said.to_lowercase().contains(&expected.to_lowercase()), "{url:?}: {said}");
        assert!(!said.contains("rahsia"));
        assert!(!session.path().join(".arkib").exists(), "it fell back to the embedded portal");
    }
}

#[test]
fn a_missing_network_is_reported() {
    let session = agency(1);
    let output = session
        .arkib(&["reconcile", "--dry-run"])
        // Nothing listens there.
        .env("ARKIB_PORTAL_URL", "http://127.0.0.1:1/scim/v2")
        .env("ARKIB_PORTAL_TOKEN", "rahsia")
        .in_time();
    assert_eq!(status(&output), 1);
    let said = format!("{}{}", stdout(&output), stderr(&output));
    assert!(said.contains("help:") && said.contains("127.0.0.1"), "{said}");
}

#[test]
fn accept_allows_only_the_reviewed_plan() {
    let session = agency(12);
    session.write("requests/agency.yaml", POLICY.replace("changes: 1000", "changes: 5"));
    let portal = Portal::start(&session, &[]);
    let refused = portal.run(&session, APPLY);
    assert_eq!(status(&refused), 4);
    let report = json(&refused);
    assert_eq!(report["plan"]["refusals"][0]["limit"], "changes");
    assert_eq!(portal.audit(), [""; 0]);
    let digest = report["plan"]["digest"].as_str().unwrap().to_owned();

    // A new request makes another plan, which was not accepted.
    let one = std::fs::read_to_string(session.path().join("requests/R-1.yaml")).unwrap();
    let other = one.replace("R-1", "R-2").replace("action: enable", "action: terminate");
    let other = other.replace("date: 2026-01-03", "date: 2026-01-04");
    session.write("requests/R-2.yaml", other);
    let stale = portal.run(&session, &[APPLY, &["--accept", &digest]].concat());
    assert_eq!(status(&stale), 4, "{}", stdout(&stale));
    assert_eq!(portal.audit(), [""; 0]);

    std::fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    let accepted = portal.run(&session, &[APPLY, &["--accept", &digest[..32]]].concat());
    assert_eq!(status(&accepted), 0, "{}", stdout(&accepted));
    assert_converged(&session, &portal, 12);
}

#[test]
fn a_real_portal_is_changed_only_today() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let output = portal.run(&session, &[APPLY, &["--as-of", "2099-01-01"]].concat());
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert_eq!(portal.audit(), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn no_change_without_visible_output() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let plain = ["reconcile", "--yes", "--allow-uncommitted"];
    let output = portal.arkib(&session, &plain).stdout(full()).output().unwrap();
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("cannot be written"), "{}", stderr(&output));
    assert_eq!(portal.audit(), [""; 0]);
    for arguments in [&["check"][..], &["schema", "request"], &["--help"]] {
        let output = session.arkib(arguments).stdout(full()).output().unwrap();
        assert_eq!(status(&output), 1, "{arguments:?}");
    }
}
