//! Two agencies in one repository, each with a token of its own for the portal.

use std::process::{Command, Output};

use serde_json::json;

use crate::custom_portal::{CustomPortal, PortalFileOptions, USER};
use crate::session::{InTime as _, Session, status, stderr, stdout};

const MAILBOX: &str = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox";
const OF_SATU: &str = "rahsia-satu-1";
const OF_DUA: &str = "rahsia-dua-2";
const APPLY: &[&str] = &["reconcile", "--yes", "--allow-uncommitted"];

/// Each agency asks for one archive; the portal opens an agency's accounts to its own token only.
fn two_agencies() -> (Session, CustomPortal) {
    let session = Session::new();
    for agency in ["satu", "dua"] {
        session.write(
            &format!("requests/{agency}/agency.yaml"),
            format!("version: 1\nagency: {}\nname: Jabatan\ndomains: [{agency}.example]\napprovers: [pentadbir@{agency}.example]\nportal: scim\n", agency.to_uppercase()),
        );
        session.write(
            &format!("requests/{agency}/R-1.yaml"),
            format!("version: 1\nid: R-1\naction: enable\nmailboxes:\n  - a@{agency}.example\nreceived:\n  date: 2026-01-02\n  channel: memo\n  reference: R 1\napprovals:\n  - by: pentadbir@{agency}.example\n    date: 2026-01-03\n"),
        );
    }
    let options = PortalFileOptions {
        config: Some(json!({"patch": {"supported": true}, "etag": {"supported": false}})),
        schemas: Some(
            json!([{"id": MAILBOX, "name": "Mailbox", "attributes": [{"name": "state", "type": "string"}]}]),
        ),
        tokens: vec![(OF_SATU, "@satu.example"), (OF_DUA, "@dua.example")],
        ..PortalFileOptions::default()
    };
    let users = ["satu", "dua"].map(|agency| {
        json!({"schemas": [USER, MAILBOX], "id": agency, "userName": format!("a@{agency}.example"),
            MAILBOX: {"state": "disabled"}})
    });
    (session, CustomPortal::start(options, users.to_vec()))
}

fn run(session: &Session, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command: Command = session.arkib(arguments);
    command.envs(variables.iter().copied());
    command.in_time()
}

#[test]
fn each_agency_is_changed_with_its_own_token() {
    let (session, portal) = two_agencies();
    let (url, dua) = (("ARKIB_PORTAL_URL", &*portal.url), ("ARKIB_PORTAL_TOKEN_DUA", OF_DUA));
    let state = |id: &str| portal.user(id)[MAILBOX]["state"].clone();
    // The token of one opens nothing of the other.
    let wrong = run(&session, APPLY, &[url, dua, ("ARKIB_PORTAL_TOKEN_SATU", OF_DUA)]);
    assert_eq!((state("satu"), state("dua")), (json!("disabled"), json!("enabled")));
    assert!(stdout(&wrong).contains("! blocked  a@satu.example"), "{}", stdout(&wrong));
    let both = [url, dua, ("ARKIB_PORTAL_TOKEN_SATU", OF_SATU)];
    let output = run(&session, APPLY, &both);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(state("satu"), "enabled");
    // The token of all is for agencies without one of their own.
    let rest = [url, dua, ("ARKIB_PORTAL_TOKEN", OF_SATU)];
    let arguments = &["reconcile", "--dry-run", "--detailed-exitcode"];
    let output = run(&session, arguments, &rest);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_refusal_names_the_variables_of_the_agency() {
    let (session, portal) = two_agencies();
    let general = [("ARKIB_PORTAL_URL", &*portal.url), ("ARKIB_PORTAL_TOKEN", OF_SATU)];
    for (own, says) in [
        (
            ("ARKIB_PORTAL_TOKEN_DUA", "rahsia-salah"),
            "set ARKIB_PORTAL_TOKEN_DUA or ARKIB_PORTAL_TOKEN_FILE_DUA",
        ),
        (
            ("ARKIB_PORTAL_URL_DUA", &*portal.url),
            "neither ARKIB_PORTAL_TOKEN_DUA, ARKIB_PORTAL_TOKEN_FILE_DUA",
        ),
        (
            ("ARKIB_PORTAL_TOKEN_DUA", ""),
            "set ARKIB_PORTAL_TOKEN_DUA or ARKIB_PORTAL_TOKEN_FILE_DUA",
        ),
    ] {
        let variables = [&general[..], &[own]].concat();
        let output = run(&session, &["reconcile", "--dry-run"], &variables);
        let all = stdout(&output) + &stderr(&output);
        assert_eq!(status(&output), 1, "{all}");
        assert!(all.contains(says), "{own:?}: {all}");
        assert!(!all.contains("rahsia"), "{all}");
    }
}
