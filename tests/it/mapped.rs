//! A portal that is not arkib's own: what `arkib portal inspect` shows of it, the template that a
//! person fills in, and how `arkib reconcile` works by it.

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
    for name in [
        "userName",
        "arkib",
        "tahan",
        "statusAkaun",
        "rujukan",
        "diubah",
    ] {
        text = text.replacen("<attribute>", name, 1);
    }
    // What the portal has nothing for goes.
    let kept = text
        .lines()
        .filter(|line| !line.contains('<') || line.trim_start().starts_with('#'));
    kept.map(|line| format!("{line}\n")).collect()
}

const APPLY: &[&str] = &["reconcile", "--yes", "--allow-uncommitted"];

#[test]
fn a_template_that_is_filled_in_works() {
    let (session, portal) = (Session::new(), Strange::start(peti(), malay()));
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
    assert_eq!((exit, &said["template"]), (0, &Value::Null), "{said:#}");
    assert_eq!(
        said["mappings"][0],
        json!({"agency": "CONTOH", "states": {"disabled": 2, "enabled": 2, "terminated": 4, "unknown": 1}, "without_address": 0})
    );
    let doubts = said["doubts"].to_string();
    let unknown = r#"CONTOH: state: the mapping has no meaning for \"Rosak\" (1 user); such a mailbox is left alone"#;
    assert!(doubts.contains(unknown), "{doubts}");
}

#[test]
fn a_template_that_is_not_filled_in_is_refused() {
    let (session, portal) = (Session::new(), Strange::start(peti(), malay()));
    let (said, _) = inspected(&portal, &session);
    let template = said["template"].as_str().unwrap();
    policy(&session, template);
    let check = session.run(&["check", "--format", "json"]);
    let found: Value = serde_json::from_str(&stdout(&check)).unwrap();
    assert_eq!(status(&check), 1, "{found:#}");
    let findings = found["findings"].as_array().unwrap();
    let places = template
        .lines()
        .filter(|line| line.contains('<') && !line.trim_start().starts_with('#'));
    assert_eq!(findings.len(), places.count(), "{found:#}");
    for finding in findings {
        assert_eq!(finding["kind"], "not-filled-in", "{finding}");
    }
    // One place that is left is enough.
    let left = filled(&said).replace("[Tamat]", "[<words for an archive that was removed>]");
    policy(&session, &left);
    let check = session.run(&["check"]);
    let text = stdout(&check);
    assert_eq!(status(&check), 1, "{text}");
    assert!(
        text.contains("`<words for an archive that was removed>` is still to be filled in"),
        "{text}"
    );
}

/// `archiveDisabled: true` was once taken for an archive by its name and its word.
#[test]
fn the_template_assigns_no_meaning() {
    let says = Says {
        schemas: Some(
            json!([{"id": PETI, "attributes": [attribute("archiveDisabled", "boolean"), attribute("statusArkib", "string")]}]),
        ),
        ..Says::default()
    };
    let user = |number: usize| {
        json!({"id": number.to_string(), "userName": format!("a{number}@agensi.example"), "active": true,
            PETI: {"archiveDisabled": number == 1, "statusArkib": if number == 1 { "Enabled" } else { "Disabled" }}})
    };
    let portal = Strange::start(says, (1..4).map(user).collect());
    let (said, _) = inspected(&portal, &Session::new());
    let template = said["template"].as_str().unwrap();
    for line in template.lines() {
        let line = line.trim_start();
        let value = line.split_once(": ").map_or("", |(_, value)| value);
        let is_open = value.starts_with('<') || value.starts_with("[<") || line.ends_with(':');
        let is_name = line == "portal: scim" || line == format!("schema: {PETI}");
        assert!(line.starts_with('#') || is_open || is_name, "{line}");
    }
    for seen in [
        "archiveDisabled  boolean  readWrite  3 users  \"false\" 2, \"true\" 1",
        "statusArkib      string   readWrite  3 users  \"Disabled\" 2, \"Enabled\" 1",
    ] {
        assert!(
            template.contains(&format!("\n  #   {seen}\n")),
            "{template}"
        );
    }
}

/// What inspect says of an attribute.
fn found<'a>(said: &'a Value, name: &str) -> &'a Value {
    let schemas = said["schemas"].as_array().unwrap();
    let mut attributes = schemas
        .iter()
        .flat_map(|schema| schema["attributes"].as_array().unwrap());
    attributes.find(|it| it["name"] == name).unwrap()
}

#[test]
fn every_user_of_the_list_is_counted() {
    let user = |number: usize| {
        let word = if number == 47 { "Rosak" } else { "Ada" };
        json!({"id": number.to_string(), "userName": format!("p{number}@agensi.example"), PETI: {"arkib": word, "tahan": "N", "statusAkaun": "Aktif"}})
    };
    let says = Says {
        largest_page: Some(10),
        ..peti()
    };
    let portal = Strange::start(says, (1..48).map(user).collect());
    let session = Session::new();
    let (said, _) = inspected(&portal, &session);
    assert_eq!(said["users"], 47);
    assert_eq!(
        found(&said, "arkib")["words"],
        json!([{"word": "Ada", "users": 46}, {"word": "Rosak", "users": 1}])
    );
    assert_eq!(
        (
            &found(&said, "arkib")["users"],
            &found(&said, "rujukan")["users"]
        ),
        (&json!(47), &json!(0))
    );
    policy(&session, &filled(&said));
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(
        (exit, &said["mappings"][0]["states"]),
        (0, &json!({"enabled": 46, "unknown": 1}))
    );
}

#[test]
fn of_attributes_with_many_values_none_is_shown() {
    let user = |number: usize| {
        json!({"id": number.to_string(), "userName": format!("p{number}"),
            PETI: {"arkib": format!("w{}", number % 20), "tahan": format!("t{}", number % 21), "ketua": format!("nombor {number}")}})
    };
    let portal = Strange::start(peti(), (0..1200).map(user).collect());
    let (said, _) = inspected(&portal, &Session::new());
    let counted = |name| {
        let attribute = found(&said, name);
        let words = attribute["words"].as_array().unwrap().len();
        (
            words,
            attribute["different"].clone(),
            attribute["users"].clone(),
        )
    };
    assert_eq!(counted("arkib"), (20, json!(20), json!(1200)));
    assert_eq!(counted("tahan"), (0, json!(21), json!(1200)));
    assert_eq!(counted("ketua"), (0, Value::Null, json!(1200)));
    let text = stdout(&portal.run(&Session::new(), &["portal", "inspect"]));
    for expected in ["21 different values", "more than 1000 different values"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("nombor") && !text.contains("\"t1"), "{text}");
}

#[test]
fn inspect_shows_no_person() {
    let mut people = malay();
    for number in [10, 11] {
        let mut user = people[4].clone();
        user["id"] = json!(number.to_string());
        user["userName"] = json!(format!("Pegawai{number}@AGENSI.example"));
        people.push(user);
    }
    // Somebody typed into the wrong field.
    people[0][PETI]["tahan"] = json!("Pegawai Satu 800101-14-5566");
    people[1][PETI]["statusAkaun"] = json!("dua@agensi.example");
    let (session, portal) = (Session::new(), Strange::start(peti(), people));
    for format in ["human", "json", "markdown"] {
        let text = stdout(&portal.run(&session, &["portal", "inspect", "--format", format]));
        for person in ["egawai", "Puan", "800101", "@AGENSI", "@agensi"] {
            assert!(!text.contains(person), "{person}\n{text}");
        }
        assert!(text.contains("Rosak") && text.contains("Tiada"), "{text}");
        if format == "human" {
            assert!(text.contains("\"N\" 9, \"Y\" 1, 1 not shown"), "{text}");
        }
    }
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
    assert_eq!(
        (exit, said["problems"].as_array().unwrap().len()),
        (1, 2),
        "{said:#}"
    );
    assert_eq!(said["mappings"][0]["states"], json!({}), "{said:#}");
    // A policy that cannot be read does not keep anybody from looking.
    session.write("requests/agency.yaml", "portal: [");
    let (said, exit) = inspected(&portal, &session);
    assert_eq!(exit, 1);
    assert!(said["template"].is_string(), "{said:#}");
    assert!(
        said["problems"].to_string().contains("has findings"),
        "{said:#}"
    );
}

#[test]
fn a_portal_without_archives_has_nothing_to_fill_in_with() {
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
    assert_eq!((exit, &said["mappings"]), (1, &json!([])));
    assert_eq!(found(&said, "saizPeti")["users"], 0);
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
    let (session, portal) = (Session::new(), Strange::start(says, users));
    let (said, _) = inspected(&portal, &session);
    policy(&session, &filled(&said));
    let (said, exit) = inspected(&portal, &session);
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
    let section = said["template"].as_str().unwrap();
    // What is no comment is the same as of an honest portal.
    let (honest, _) = inspected(&Strange::start(peti(), malay()), &session);
    let written = |text: &str| -> Vec<String> {
        let lines = text.lines();
        let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        written(section),
        written(honest["template"].as_str().unwrap())
    );
    let human = stdout(&portal.run(&session, &["portal", "inspect"]));
    assert!(!human.contains('\u{1b}'), "{human:?}");
    policy(&session, section);
    let check = session.run(&["check", "--format", "json"]);
    let findings: Value = serde_json::from_str(&stdout(&check)).unwrap();
    for finding in findings["findings"].as_array().unwrap() {
        assert_eq!(finding["kind"], "not-filled-in", "{finding}");
    }
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
