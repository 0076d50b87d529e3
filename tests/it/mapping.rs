//! A portal with its own extension: what `arkib portal inspect` shows, the template that a person
//! fills in, and how `arkib reconcile` uses it.

mod inspect;
mod rehearse;
mod several;

use serde_json::{Value, json};

use crate::custom_portal::{CustomPortal, PortalFileOptions, USER};
use crate::session::{Session, status, stderr, stdout};

const PETI: &str = "urn:example:params:scim:schemas:extension:mel:1.0:Peti";
const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir.uc@agensi.example]\nlimits: { terminations: 9, terminations_percent: 100 }\n";

fn attribute(name: &str, kind: &str) -> Value {
    json!({"name": name, "type": kind, "multiValued": false, "mutability": "readWrite"})
}

/// Users as a portal in Malay has them.
fn malay() -> Vec<Value> {
    let user = |number: usize, arkib: &str, tahan: &str, akaun: &str| {
        json!({"schemas": [USER, PETI], "id": number.to_string(), "userName": format!("Pegawai{number}@AGENSI.example"),
            "displayName": format!("Encik Pegawai {number}"),
            PETI: {"arkib": arkib, "tahan": tahan, "statusAkaun": akaun, "ketua": format!("Puan Ketua {number}"), "diubah": "2026-11-01"}})
    };
    vec![
        user(1, "Tiada", "N", "Aktif"),
        user(2, "Ada", "N", "Aktif"),
        user(3, "Ada", "Y", "Aktif"),
        user(4, "Tiada", "N", "Tidak Aktif"),
        user(5, "Rosak", "n", "AKTIF"),
        user(6, "TAMAT", "N", "Aktif"),
        user(7, "tiada", "N", "Aktif"),
        user(8, "Tamat", "N", "Aktif"),
        user(9, "Tamat", "N", "Aktif"),
    ]
}

fn peti() -> PortalFileOptions {
    PortalFileOptions {
        config: Some(json!({"patch": {"supported": true}, "etag": {"supported": false}})),
        schemas: Some(
            json!([{"id": PETI, "name": "Peti", "attributes": [attribute("arkib", "string"), attribute("tahan", "string"),
            attribute("statusAkaun", "string"), attribute("ketua", "string"), attribute("diubah", "dateTime"), attribute("rujukan", "string")]}]),
        ),
        ..PortalFileOptions::default()
    }
}

fn request(session: &Session, id: &str, action: &str, mailbox: &str) {
    session.write(
        &format!("requests/2026/{id}.yaml"),
        format!("version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - {mailbox}\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R {id}\napprovals:\n  - by: pentadbir.uc@agensi.example\n    date: 2026-11-03\n"),
    );
}

/// The output of inspect as valid JSON, and the status.
fn inspected(portal: &CustomPortal, session: &Session) -> (Value, i32) {
    let output = portal.run(session, &["portal", "inspect", "--format", "json"]);
    let said: Value = crate::session::json(&output);
    crate::schemas::assert_matches("inspect", &said);
    assert_eq!(said["exit"]["status"], status(&output));
    (said, status(&output))
}

/// Writes the policy with these lines on the portal.
fn policy(session: &Session, section: &str) {
    session.write("requests/agency.yaml", format!("{POLICY}{section}"));
}

/// The mapping of the portal in Malay, as a person fills the template in.
fn filled(said: &Value) -> String {
    let mut text = said["template"].as_str().unwrap().to_owned();
    for (place, with) in [
        ("<words for no archive>", "Tiada"),
        ("<words for an archive>", "Ada"),
        ("<words for an archive that was removed>", "Tamat"),
        ("<words for on hold>", "\"Y\""),
        ("<words for not on hold>", "\"N\""),
        ("<words for in use>", "Aktif"),
        ("<words for switched off>", "Tidak Aktif"),
        ("<string, boolean or integer>", "string"),
    ] {
        assert!(text.contains(place), "{place}\n{text}");
        text = text.replace(place, with);
    }
    for name in ["userName", "arkib", "tahan", "statusAkaun", "rujukan", "diubah"] {
        text = text.replacen("<attribute>", name, 1);
    }
    // Keys that the portal does not support are removed.
    let kept =
        text.lines().filter(|line| !line.contains('<') || line.trim_start().starts_with('#'));
    kept.map(|line| format!("{line}\n")).collect()
}

const APPLY: &[&str] = &["reconcile", "--yes", "--allow-uncommitted"];

/// The output of inspect for an attribute.
fn found<'a>(said: &'a Value, name: &str) -> &'a Value {
    let schemas = said["schemas"].as_array().unwrap();
    let mut attributes = schemas.iter().flat_map(|schema| schema["attributes"].as_array().unwrap());
    attributes.find(|attribute| attribute["name"] == name).unwrap()
}

#[test]
fn a_filled_in_template_works() {
    let (session, portal) = (Session::new(), CustomPortal::start(peti(), malay()));
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1, "{said:#}");
    policy(&session, &filled(&said));
    let check = session.run(&["check"]);
    assert_eq!(status(&check), 0, "{}", stdout(&check));
    request(&session, "R-1", "enable", "pegawai1@agensi.example");
    request(&session, "R-2", "terminate", "pegawai2@agensi.example");
    request(&session, "R-3", "terminate", "pegawai3@agensi.example");
    request(&session, "R-4", "enable", "pegawai4@agensi.example");
    request(&session, "R-5", "enable", "pegawai5@agensi.example");
    request(&session, "R-6", "terminate", "pegawai6@agensi.example");
    let output = portal.run(&session, APPLY);
    let text = stdout(&output);
    assert_eq!(status(&output), 0, "{text}{}", stderr(&output));
    for blocked in ["the archive is on legal hold", "the account is disabled", "Rosak"] {
        assert!(text.contains(blocked), "{blocked}\n{text}");
    }
    for (id, word, by) in [
        ("1", "Ada", json!("R-1")),
        ("2", "Tamat", json!("R-2")),
        ("3", "Ada", Value::Null),
        ("5", "Rosak", Value::Null),
    ] {
        let peti = &portal.user(id)[PETI];
        assert_eq!((&peti["arkib"], &peti["rujukan"]), (&json!(word), &by), "{id}");
    }
    let again = portal.run(&session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
    // Now the mapping of the policy is checked.
    let (said, exit) = inspected(&portal, &session);
    assert_eq!((exit, &said["template"]), (0, &Value::Null), "{said:#}");
    assert_eq!(
        said["mappings"][0],
        json!({"agency": "CONTOH", "states": {"disabled": 2, "enabled": 2, "terminated": 4, "unknown": 1}, "without_address": 0})
    );
    let warnings = said["warnings"].to_string();
    let unknown = r#"CONTOH: state: the mapping has no meaning for \"Rosak\" (1 user); such a mailbox is left alone"#;
    assert!(warnings.contains(unknown), "{warnings}");
}

/// A portal with minimal SCIM: no config, no schemas, addresses among `emails`, a boolean that it
/// writes as a string, and no place for the request.
#[test]
fn a_minimal_portal_works() {
    let user = |number: usize, ada: &str| {
        json!({"id": number.to_string(), "userName": format!("p{number}"), "emails": [{"value": format!("pegawai{number}@agensi.example"), "primary": "True"}],
            "arkib": {"status": ada}})
    };
    let service = json!({"id": "9", "userName": "sistem"});
    let says = PortalFileOptions { is_silent: true, ..PortalFileOptions::default() };
    let portal = CustomPortal::start(says, vec![user(1, "False"), user(2, "True"), service]);
    let session = Session::new();
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1, "{said:#}");
    assert_eq!(
        found(&said, "arkib.status")["words"],
        json!([{"word": "False", "users": 1}, {"word": "True", "users": 1}])
    );
    policy(
        &session,
        &format!(
            "portal: scim\nmapping:\n  mailbox: emails\n  state: {{ attribute: \"{USER}:arkib.status\", values: {{ enabled: [\"True\"], disabled: [\"False\"] }} }}\n"
        ),
    );
    request(&session, "R-1", "enable", "pegawai1@agensi.example");
    request(&session, "R-2", "terminate", "pegawai2@agensi.example");
    let output = portal.run(&session, APPLY);
    let text = stdout(&output);
    assert!(status(&output) == 0 && text.contains("2 applied"), "{text}{}", stderr(&output));
    assert_eq!(portal.user("1")["arkib"]["status"], "True");
    assert_eq!(portal.user("2")["arkib"]["status"], "False");
    assert_eq!(portal.user("1").as_object().unwrap().len(), 4, "nothing else was written");
    let again = portal.run(&session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
}

#[test]
fn a_wrong_mapping_is_reported_without_changes() {
    let (session, portal) = (Session::new(), CustomPortal::start(peti(), malay()));
    let (said, _) = inspected(&portal, &session);
    let section = filled(&said)
        .replace("attribute: arkib", "attribute: arkb")
        .replace("request: rujukan", "request: rujukn");
    policy(&session, &section);
    request(&session, "R-2", "enable", "pegawai2@agensi.example");
    let output = portal.run(&session, APPLY);
    let text = stdout(&output) + &stderr(&output);
    assert_eq!(status(&output), 1, "{text}");
    for expected in [
        "(1) state: the portal has no attribute `arkb` (did you mean `arkib`?)",
        "(2) request: ",
        "arkib portal inspect",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    let (said, exit) = inspected(&portal, &session);
    assert_eq!((exit, said["problems"].as_array().unwrap().len()), (1, 2), "{said:#}");
    assert_eq!(said["mappings"][0]["states"], json!({}), "{said:#}");
    // An unreadable policy does not prevent inspection.
    session.write("requests/agency.yaml", "portal: [");
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1);
    assert!(said["template"].is_string(), "{said:#}");
    assert!(said["problems"].to_string().contains("has findings"), "{said:#}");
}

#[test]
fn a_portal_without_archives_gives_no_words() {
    let says = PortalFileOptions {
        schemas: Some(
            json!({"totalResults": 1, "Resources": [{"id": PETI, "attributes": [attribute("saizPeti", "integer")]}]}),
        ),
        ..PortalFileOptions::default()
    };
    let portal =
        CustomPortal::start(says, vec![json!({"id": "1", "userName": "a@agensi.example"})]);
    let session = Session::new();
    let (said, exit) = inspected(&portal, &session);
    assert_eq!((exit, &said["mappings"]), (1, &json!([])));
    assert_eq!(found(&said, "saizPeti")["users"], 0);
    let nowhere = session.run(&["portal", "inspect"]);
    assert_eq!(status(&nowhere), 1);
    assert!(stderr(&nowhere).contains("ARKIB_PORTAL_URL is not set"), "{}", stderr(&nowhere));
}

#[test]
fn an_incomplete_single_user_is_noticed() {
    let says = PortalFileOptions { hides: Some(PETI), ..peti() };
    let mut users = malay();
    users.retain(|user| user[PETI]["tahan"] == "N");
    let (session, portal) = (Session::new(), CustomPortal::start(says, users));
    let (said, _) = inspected(&portal, &session);
    policy(&session, &filled(&said));
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1);
    assert!(
        said["problems"].to_string().contains("but not when the user is read individually"),
        "{said:#}"
    );
}
