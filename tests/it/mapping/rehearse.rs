//! `arkib portal rehearse` on a portal with its own attributes, and the words in the plan.

use serde_json::{Value, json};

use super::{PETI, POLICY, attribute, policy, request};
use crate::custom_portal::{CustomPortal, PortalFileOptions, USER};
use crate::session::{Session, status, stderr, stdout};

const NAMED_TWICE: [&str; 6] = [
    "portal",
    "rehearse",
    "--mailbox",
    "ujian@agensi.example",
    "--confirm",
    "ujian@agensi.example",
];

/// A portal with `archiveDisabled`, and one with words.
fn portal() -> CustomPortal {
    let user = |number: usize, name: &str, disabled: bool, arkib: &str| {
        json!({"schemas": [USER, PETI], "id": number.to_string(), "userName": format!("{name}@agensi.example"),
            PETI: {"archiveDisabled": disabled, "arkib": arkib}})
    };
    let attributes = [attribute("archiveDisabled", "boolean"), attribute("arkib", "string")];
    let options = PortalFileOptions {
        config: Some(json!({"patch": {"supported": true}})),
        schemas: Some(json!([{"id": PETI, "name": "Peti", "attributes": attributes}])),
        ..PortalFileOptions::default()
    };
    let users = [
        user(1, "ujian", false, "Ada"),
        user(2, "siti", false, "Ada"),
        user(3, "tan", true, "Tiada"),
    ];
    CustomPortal::start(options, users.to_vec())
}

fn mapping(values: &str) -> String {
    format!("portal: scim\nmapping:\n  schema: {PETI}\n  state: {values}\n")
}

const INVERTED: &str = r#"{ attribute: archiveDisabled, type: boolean, values: { enabled: ["true"], disabled: ["false"] } }"#;
const RIGHT: &str = r#"{ attribute: archiveDisabled, type: boolean, values: { enabled: ["false"], disabled: ["true"] } }"#;

/// A real portal is rehearsed on only with all the requests of the commit.
fn committed_policy(session: &Session, more: &str) {
    policy(session, more);
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "x"]);
}

fn rehearse(portal: &CustomPortal, session: &Session, has_archive: &str) -> (i32, Value) {
    let more = ["--has-archive", has_archive, "--format", "json"];
    let output = portal.run(session, &[&NAMED_TWICE[..], &more].concat());
    let said: Value = crate::session::json(&output);
    crate::schemas::assert_matches("rehearse", &said);
    (status(&output), said)
}

#[test]
fn an_inverted_boolean_is_caught_before_anything_is_written() {
    let (session, portal) = (Session::new(), portal());
    let before = portal.user("1");
    committed_policy(&session, &mapping(INVERTED));
    let (exit, said) = rehearse(&portal, &session, "yes");
    assert_eq!((exit, &said["steps"]), (1, &json!([])), "{said:#}");
    let problem = said["problems"][0].to_string();
    for expected in [
        "arkib reads the archive as disabled, where the mapping has `archiveDisabled: false`",
        r#"enabled: [\"false\"], disabled: [\"true\"]"#,
    ] {
        assert!(problem.contains(expected), "{expected}\n{problem}");
    }
    // As it says.
    committed_policy(&session, &mapping(RIGHT));
    let (exit, said) = rehearse(&portal, &session, "yes");
    assert_eq!((exit, &said["problems"]), (0, &json!([])), "{said:#}");
    assert_eq!(said["steps"][0]["written"], "archiveDisabled: true");
    assert_eq!(portal.user("1"), before);
}

// The terminals of tests are those of Unix.
#[cfg(unix)]
#[test]
fn a_person_at_a_terminal_types_the_address_again_and_looks() {
    use crate::terminal::Terminal;

    let (session, portal) = (Session::new(), portal());
    let before = portal.user("1");
    committed_policy(&session, &mapping(RIGHT));
    let start = || Terminal::run(portal.arkib(&session, &NAMED_TWICE[..4]));
    let other = start();
    other.answer("Type its address again to continue: ", "siti@agensi.example");
    let (exit, text) = other.wait();
    assert!(exit.code() == Some(1) && text.contains("nothing was changed"), "{text}");
    let looks = start();
    looks.answer("Type its address again to continue: ", "ujian@agensi.example");
    looks.answer("does it have an archive now? (yes or no) ", "yes");
    looks.answer("Do the portal's own pages show it as terminated? ", "no");
    let (exit, text) = looks.wait();
    assert_eq!(exit.code(), Some(1), "{text}");
    for expected in ["the portal's own pages do not show it", "put back", "is as it was found"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert_eq!(portal.user("1"), before);
    // Ctrl-C while its archive is terminated.
    let stopped = start();
    stopped.answer("Type its address again to continue: ", "ujian@agensi.example");
    stopped.answer("does it have an archive now? (yes or no) ", "yes");
    stopped.expect("Do the portal's own pages show it as terminated? ");
    assert_ne!(portal.user("1"), before);
    stopped.type_text("\x03");
    let (exit, text) = stopped.wait();
    assert_eq!(exit.code(), Some(3), "{text}");
    assert!(text.contains("Interrupted: the mapping is not proven. ujian@"), "{text}");
    assert_eq!(portal.user("1"), before);
}

#[test]
fn the_plan_shows_the_words_and_doubts_one_that_nobody_has() {
    let (session, portal) = (Session::new(), portal());
    policy(
        &session,
        &mapping(
            "{ attribute: arkib, values: { enabled: [Ada], disabled: [Tiada], terminated: [Tamat] } }",
        ),
    );
    request(&session, "R-1", "terminate", "siti@agensi.example");
    request(&session, "R-2", "enable", "tan@agensi.example");
    let run = |more: &[&str]| portal.run(&session, &[&["reconcile", "--dry-run"], more].concat());
    let doubt = "no mailbox in the portal has the word `Tamat` yet; try `arkib portal rehearse`";
    for format in ["human", "markdown"] {
        let text = stdout(&run(&["--format", format]));
        for expected in [" terminate: `arkib: Tamat`\n", " enable: `arkib: Ada`\n", doubt] {
            assert!(text.contains(expected), "{format}\n{text}");
        }
        assert!(!text.contains("the word `Ada`"), "{text}");
    }
    let output = run(&["--format", "json"]);
    let said: Value = crate::session::json(&output);
    assert_eq!(
        said["plan"]["writes"],
        json!([{"action": "terminate", "attribute": "arkib", "word": "Tamat", "seen": false},
            {"action": "enable", "attribute": "arkib", "word": "Ada", "seen": true}]),
        "{}",
        stderr(&output)
    );
    // Not the whole portal was read: nothing is known.
    let some = stdout(&run(&["--only", "siti@agensi.example"]));
    assert!(some.contains("terminate: `arkib: Tamat`") && !some.contains("has the word"), "{some}");
    assert!(!some.contains("enable: `"), "{some}");
    let inspected = stdout(&portal.run(&session, &["portal", "inspect"]));
    assert!(
        inspected.contains("state: no mailbox in the portal has the word `Tamat`"),
        "{inspected}"
    );
    // arkib's own words are not shown.
    session.write("requests/agency.yaml", format!("{POLICY}portal: embedded\n"));
    session.write(
        "portal.csv",
        "mailbox,state\nsiti@agensi.example,enabled\ntan@agensi.example,disabled\n",
    );
    let own = stdout(&session.run(&["reconcile", "--dry-run"]));
    assert!(own.contains("1 to terminate") && !own.contains("Written to the portal"), "{own}");
}
