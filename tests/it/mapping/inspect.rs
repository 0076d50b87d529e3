//! What `arkib portal inspect` shows of a portal with its own extension, and what it never shows.

use serde_json::{Value, json};

use super::{PETI, attribute, filled, found, inspected, malay, peti, policy};
use crate::custom_portal::{CustomPortal, PortalFileOptions};
use crate::session::{Session, status, stdout};

#[test]
fn an_unfilled_template_is_refused() {
    let (session, portal) = (Session::new(), CustomPortal::start(peti(), malay()));
    let (said, _) = inspected(&portal, &session);
    let template = said["template"].as_str().unwrap();
    policy(&session, template);
    let check = session.run(&["check", "--format", "json"]);
    let found: Value = serde_json::from_str(&stdout(&check)).unwrap();
    assert_eq!(status(&check), 1, "{found:#}");
    let findings = found["findings"].as_array().unwrap();
    let places =
        template.lines().filter(|line| line.contains('<') && !line.trim_start().starts_with('#'));
    assert_eq!(findings.len(), places.count(), "{found:#}");
    for finding in findings {
        assert_eq!(finding["kind"], "not-filled-in", "{finding}");
    }
    // One empty place is enough.
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

/// `archiveDisabled: true` was once read as an archive because of its name and value.
#[test]
fn the_template_assigns_no_meaning() {
    let says = PortalFileOptions {
        schemas: Some(
            json!([{"id": PETI, "attributes": [attribute("archiveDisabled", "boolean"), attribute("statusArkib", "string")]}]),
        ),
        ..PortalFileOptions::default()
    };
    let user = |number: usize| {
        json!({"id": number.to_string(), "userName": format!("a{number}@agensi.example"), "active": true,
            PETI: {"archiveDisabled": number == 1, "statusArkib": if number == 1 { "Enabled" } else { "Disabled" }}})
    };
    let portal = CustomPortal::start(says, (1..4).map(user).collect());
    let (said, _) = inspected(&portal, &Session::new());
    let template = said["template"].as_str().unwrap();
    for line in template.lines() {
        let line = line.trim_start();
        let value = line.split_once(": ").map_or("", |(_, value)| value);
        let is_open = value.starts_with('<') || value.starts_with("[<") || line.ends_with(':');
        let is_name = line == "portal: scim" || line == format!("schema: {PETI}");
        assert!(line.starts_with('#') || is_open || is_name, "{line}");
    }
    for line in [
        "archiveDisabled  boolean  readWrite  3 users  \"false\" 2, \"true\" 1",
        "statusArkib      string   readWrite  3 users  \"Disabled\" 2, \"Enabled\" 1",
    ] {
        assert!(template.contains(&format!("\n  #   {line}\n")), "{template}");
    }
}

#[test]
fn every_user_of_the_list_is_counted() {
    let user = |number: usize| {
        let word = if number == 47 { "Rosak" } else { "Ada" };
        json!({"id": number.to_string(), "userName": format!("p{number}@agensi.example"), PETI: {"arkib": word, "tahan": "N", "statusAkaun": "Aktif"}})
    };
    let says = PortalFileOptions { largest_page: Some(10), ..peti() };
    let portal = CustomPortal::start(says, (1..48).map(user).collect());
    let session = Session::new();
    let (said, _) = inspected(&portal, &session);
    assert_eq!(said["users"], 47);
    assert_eq!(
        found(&said, "arkib")["words"],
        json!([{"word": "Ada", "users": 46}, {"word": "Rosak", "users": 1}])
    );
    assert_eq!(
        (&found(&said, "arkib")["users"], &found(&said, "rujukan")["users"]),
        (&json!(47), &json!(0))
    );
    policy(&session, &filled(&said));
    let (said, exit) = inspected(&portal, &session);
    assert_eq!((exit, &said["mappings"][0]["states"]), (0, &json!({"enabled": 46, "unknown": 1})));
}

#[test]
fn attributes_with_many_values_are_not_shown() {
    let user = |number: usize| {
        json!({"id": number.to_string(), "userName": format!("p{number}"),
            PETI: {"arkib": format!("w{}", number % 20), "tahan": format!("t{}", number % 21), "ketua": format!("nombor {number}")}})
    };
    let portal = CustomPortal::start(peti(), (0..1200).map(user).collect());
    let (said, _) = inspected(&portal, &Session::new());
    let counted = |name| {
        let attribute = found(&said, name);
        let words = attribute["words"].as_array().unwrap().len();
        (words, attribute["different"].clone(), attribute["users"].clone())
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
fn inspect_shows_no_personal_data() {
    let mut users = malay();
    for number in [10, 11] {
        let mut user = users[4].clone();
        user["id"] = json!(number.to_string());
        user["userName"] = json!(format!("Pegawai{number}@AGENSI.example"));
        users.push(user);
    }
    // Someone typed into the wrong field.
    users[0][PETI]["tahan"] = json!("Pegawai Satu 800101-14-5566");
    users[1][PETI]["statusAkaun"] = json!("dua@agensi.example");
    let (session, portal) = (Session::new(), CustomPortal::start(peti(), users));
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

/// Hostile texts in schemas and words reach neither the screen nor the policy.
#[test]
fn hostile_portal_names_are_not_written() {
    let evil = "Ada\u{1b}[2J\"], terminated: [Ada]\n  request: tipu";
    let attribute_schema = json!({"name": "arkib", "type": "string", "canonicalValues": [evil, "Ada", "'; x: \"", "Tiada"]});
    let trap = json!({"name": "status\n  hold: {attribute: x}", "type": "string"});
    let says = PortalFileOptions {
        schemas: Some(
            json!([{"id": PETI, "attributes": [attribute_schema, trap, {"name": "userName"}, {"name": "tahan", "type": "string\u{1b}[31m"}, {"name": "arkib", "type": "boolean"}]},
        {"id": "urn:x:y\nprotected: [a]", "attributes": [{"name": "arkib"}]}]),
        ),
        ..PortalFileOptions::default()
    };
    let users = vec![
        json!({"id": "1", "userName": "a@agensi.example", PETI: {"arkib": "Ada", "userName": "palsu@agensi.example"}}),
    ];
    let portal = CustomPortal::start(says, users);
    let session = Session::new();
    let (said, _) = inspected(&portal, &session);
    let section = said["template"].as_str().unwrap();
    // Apart from comments the output is the same as for an honest portal.
    let (honest, _) = inspected(&CustomPortal::start(peti(), malay()), &session);
    let written = |text: &str| -> Vec<String> {
        let lines = text.lines();
        let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(written(section), written(honest["template"].as_str().unwrap()));
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
    assert!(text.contains("no mapping is needed") && text.contains("1 enabled"), "{text}");
    assert!(!text.contains("siti@"), "{text}");
}
