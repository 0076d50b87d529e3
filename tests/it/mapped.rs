//! A portal that is not arkib's own: what `arkib portal inspect` prints is pasted as it is, and
//! `arkib reconcile` works by it.

use serde_json::{Value, json};

use crate::session::{Session, status, stderr, stdout};
use crate::strange::{Says, Strange, USER};

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
            PETI: {"arkib": arkib, "tahan": tahan, "statusAkaun": akaun, "ketua": "Puan Ketua", "diubah": "2026-11-01"}})
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

fn peti() -> Says {
    Says {
        config: Some(json!({"patch": {"supported": true}, "etag": {"supported": false}})),
        schemas: Some(
            json!([{"id": PETI, "name": "Peti", "attributes": [attribute("arkib", "string"), attribute("tahan", "string"),
            attribute("statusAkaun", "string"), attribute("ketua", "string"), attribute("diubah", "dateTime"), attribute("rujukan", "string")]}]),
        ),
        ..Says::default()
    }
}

fn request(session: &Session, id: &str, action: &str, mailbox: &str) {
    session.write(
        &format!("requests/2026/{id}.yaml"),
        format!("version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - {mailbox}\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R {id}\napproval:\n  by: pentadbir.uc@agensi.example\n  date: 2026-11-03\n"),
    );
}

/// What inspect says, as JSON that its schema describes, and the status.
fn inspected(portal: &Strange, session: &Session) -> (Value, i32) {
    let output = portal.run(session, &["portal", "inspect", "--format", "json"]);
    let said: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let schema: Value =
        serde_json::from_str(&stdout(&session.run(&["schema", "inspect"]))).unwrap();
    assert!(jsonschema::is_valid(&schema, &said), "{said:#}");
    assert_eq!(said["exit"]["status"], status(&output));
    (said, status(&output))
}

/// Pastes what inspect prints.
fn paste(session: &Session, said: &Value) {
    let section = said["mapping"].as_str().unwrap();
    session.write("requests/agency.yaml", format!("{POLICY}{section}"));
}

const APPLY: &[&str] = &["reconcile", "--yes", "--allow-uncommitted"];

#[test]
fn what_inspect_prints_works_as_it_is() {
    let (session, portal) = (Session::new(), Strange::start(peti(), malay()));
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 0, "{said:#}");
    paste(&session, &said);
    request(&session, "R-1", "enable", "pegawai1@agensi.example");
    request(&session, "R-2", "terminate", "pegawai2@agensi.example");
    request(&session, "R-3", "terminate", "pegawai3@agensi.example");
    request(&session, "R-4", "enable", "pegawai4@agensi.example");
    request(&session, "R-5", "enable", "pegawai5@agensi.example");
    request(&session, "R-6", "terminate", "pegawai6@agensi.example");
    let output = portal.run(&session, APPLY);
    let text = stdout(&output);
    assert_eq!(status(&output), 0, "{text}{}", stderr(&output));
    for blocked in ["a legal hold lies", "the account is disabled", "Rosak"] {
        assert!(text.contains(blocked), "{blocked}\n{text}");
    }
    for (id, word, by) in [
        ("1", "Ada", json!("R-1")),
        ("2", "Tamat", json!("R-2")),
        ("3", "Ada", Value::Null),
        ("5", "Rosak", Value::Null),
    ] {
        let peti = &portal.user(id)[PETI];
        assert_eq!(
            (&peti["arkib"], &peti["rujukan"]),
            (&json!(word), &by),
            "{id}"
        );
    }
    let again = portal.run(&session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
    // By now the policy's own is looked at.
    let (said, exit) = inspected(&portal, &session);
    assert_eq!((exit, said["by"].as_str()), (0, Some("policy")));
}

#[test]
fn inspect_shows_no_person_and_says_which_word_it_does_not_know() {
    let mut people = malay();
    for number in [10, 11] {
        let mut user = people[4].clone();
        user["id"] = json!(number.to_string());
        user["userName"] = json!(format!("Pegawai{number}@AGENSI.example"));
        people.push(user);
    }
    // Somebody typed into the wrong field.
    people[0][PETI]["tahan"] = json!("Pegawai Satu 800101-14-5566");
    people[1][PETI]["statusAkaun"] = json!("Puan Dua");
    let (session, portal) = (Session::new(), Strange::start(peti(), people));
    for format in ["human", "json", "markdown"] {
        let text = stdout(&portal.run(&session, &["portal", "inspect", "--format", format]));
        for person in ["egawai", "Puan", "800101", "@AGENSI", "@agensi"] {
            assert!(!text.contains(person), "{person}\n{text}");
        }
        assert!(text.contains("Rosak") && text.contains("Tiada"), "{text}");
        assert!(text.contains("may be about persons"), "{text}");
    }
    let (said, _) = inspected(&portal, &session);
    let section = said["mapping"].as_str().unwrap();
    assert!(
        section.contains("\n  # state: arkib does not know the word \"Rosak\" (3 users)"),
        "{section}"
    );
}

/// A portal that has next to nothing of SCIM: no config, no schemas, addresses among `emails`, a
/// boolean that it writes as a string, and no place for the request.
#[test]
fn a_portal_that_has_next_to_nothing_works_too() {
    let user = |number: usize, ada: &str| {
        json!({"id": number.to_string(), "userName": format!("p{number}"), "emails": [{"value": format!("pegawai{number}@agensi.example"), "primary": "True"}],
            "arkib": {"status": ada}})
    };
    let service = json!({"id": "9", "userName": "sistem"});
    let says = Says {
        is_silent: true,
        ..Says::default()
    };
    let portal = Strange::start(says, vec![user(1, "False"), user(2, "True"), service]);
    let session = Session::new();
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 0, "{said:#}");
    paste(&session, &said);
    request(&session, "R-1", "enable", "pegawai1@agensi.example");
    request(&session, "R-2", "terminate", "pegawai2@agensi.example");
    let output = portal.run(&session, APPLY);
    let text = stdout(&output);
    assert!(
        status(&output) == 0 && text.contains("2 applied"),
        "{text}{}",
        stderr(&output)
    );
    assert_eq!(portal.user("1")["arkib"]["status"], "True");
    assert_eq!(portal.user("2")["arkib"]["status"], "False");
    assert_eq!(
        portal.user("1").as_object().unwrap().len(),
        4,
        "nothing else was written"
    );
    let again = portal.run(&session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
}

#[test]
fn a_slip_in_the_mapping_is_said_and_nothing_is_done() {
    let (session, portal) = (Session::new(), Strange::start(peti(), malay()));
    let (said, _) = inspected(&portal, &session);
    let section = said["mapping"]
        .as_str()
        .unwrap()
        .replace("attribute: arkib,", "attribute: arkb,")
        .replace("rujukan", "rujukn");
    session.write("requests/agency.yaml", format!("{POLICY}{section}"));
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
    assert_eq!(
        (exit, said["problems"].as_array().unwrap().len()),
        (1, 2),
        "{said:#}"
    );
    assert!(
        said["mapping"]
            .as_str()
            .unwrap()
            .contains("attribute: arkib,")
    );
    // A policy that cannot be read does not keep anybody from looking.
    session.write("requests/agency.yaml", "portal: [");
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1);
    assert!(said["mapping"].is_string(), "{said:#}");
    assert!(
        said["problems"].to_string().contains("has findings"),
        "{said:#}"
    );
}

#[test]
fn a_portal_without_archives_is_not_guessed_at() {
    let says = Says {
        schemas: Some(
            json!({"totalResults": 1, "Resources": [{"id": PETI, "attributes": [attribute("saizPeti", "integer")]}]}),
        ),
        ..Says::default()
    };
    let portal = Strange::start(
        says,
        vec![json!({"id": "1", "userName": "a@agensi.example"})],
    );
    let session = Session::new();
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1);
    assert!(
        said["doubts"]
            .to_string()
            .contains("nothing looks like the state"),
        "{said:#}"
    );
    let nowhere = session.run(&["portal", "inspect"]);
    assert_eq!(status(&nowhere), 1);
    assert!(
        stderr(&nowhere).contains("ARKIB_PORTAL_URL is not set"),
        "{}",
        stderr(&nowhere)
    );
}

#[test]
fn a_user_that_says_less_by_itself_is_noticed() {
    let says = Says {
        hides: Some(PETI),
        ..peti()
    };
    let mut users = malay();
    users.retain(|user| user[PETI]["tahan"] == "N");
    let (said, exit) = inspected(&Strange::start(says, users), &Session::new());
    assert_eq!(exit, 1);
    assert!(
        said["problems"].to_string().contains("read by itself"),
        "{said:#}"
    );
}

/// What an enemy writes into schemas and words reaches neither the screen nor the policy.
#[test]
fn a_portal_that_lies_writes_nothing_into_the_policy() {
    let evil = "Ada\u{1b}[2J\"], terminated: [Ada]\n  request: tipu";
    let told = json!({"name": "arkib", "type": "string", "canonicalValues": [evil, "Ada", "'; x: \"", "Tiada"]});
    let trap = json!({"name": "status\n  hold: {attribute: x}", "type": "string"});
    let says = Says {
        schemas: Some(
            json!([{"id": PETI, "attributes": [told, trap, {"name": "userName"}, {"name": "tahan", "type": "string\u{1b}[31m"}, {"name": "arkib", "type": "boolean"}]},
        {"id": "urn:x:y\nprotected: [a]", "attributes": [{"name": "arkib"}]}]),
        ),
        ..Says::default()
    };
    let users = vec![
        json!({"id": "1", "userName": "a@agensi.example", PETI: {"arkib": "Ada", "userName": "palsu@agensi.example"}}),
    ];
    let portal = Strange::start(says, users);
    let session = Session::new();
    let (said, _) = inspected(&portal, &session);
    let section = said["mapping"].as_str().unwrap();
    for line in section
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
    {
        assert!(
            !line.contains("tipu") && !line.contains("protected") && !line.contains("hold"),
            "{section}"
        );
    }
    let human = stdout(&portal.run(&session, &["portal", "inspect"]));
    assert!(!human.contains('\u{1b}'), "{human:?}");
    paste(&session, &said);
    let check = session.run(&["check"]);
    assert!(
        !stdout(&check).contains("unknown-key"),
        "{}",
        stdout(&check)
    );
}

#[cfg(feature = "embedded")]
#[test]
fn arkibs_own_extension_needs_no_mapping() {
    let session = Session::new();
    session.write("portal.csv", "mailbox,name,account,state,request,changed_at,recoverable_until,hold\nsiti@agensi.example,Siti,active,enabled,,,,false\n");
    let portal = crate::portal::Portal::start(&session, &[]);
    let output = portal.run(&session, &["portal", "inspect"]);
    let text = stdout(&output);
    assert_eq!(status(&output), 0, "{text}");
    assert!(
        text.contains("no mapping is needed") && text.contains("1 enabled"),
        "{text}"
    );
    assert!(!text.contains("siti@"), "{text}");
}
