//! Unit tests of the file above.

use super::*;
use crate::domain::archive_state::AccountState;
use crate::domain::mapping::scim::Mapping;

fn decode(json: &[u8]) -> Result<DecodedMailbox, String> {
    super::decode(json, &CompiledMapping::new(&Mapping::default()))
}

fn read(json: &str) -> ObservedMailbox {
    decode(json.as_bytes()).expect("a user").mailbox
}

#[test]
fn reads_names_and_urns_in_any_case() {
    let mailbox = read(
        r#"{"ID":"1","UserName":"Siti@Agensi.Example","META":{"Version":"W/\"7\"","location":"/Users/1"},
            "URN:IETF:params:scim:schemas:extension:ARKIB:2.0:mailbox":{"STATE":"Enabled","Request":"BMT-1","HOLD":"True",
            "ChangedAt":"2026-11-10T00:00:00Z","somethingElse":[{"a":1}]},"emails":[{"value":"x"}]}"#,
    );
    assert_eq!(mailbox.mailbox.as_str(), "siti@agensi.example");
    assert_eq!(mailbox.version.as_deref(), Some("W/\"7\""));
    assert_eq!(mailbox.state, State::Enabled);
    assert_eq!(mailbox.request.as_deref(), Some("BMT-1"));
    assert!(mailbox.hold);
    assert!(mailbox.changed_at.is_some());
}

#[test]
fn without_extension_active_counts() {
    let mailbox = read(r#"{"id":"1","userName":"a@x.example"}"#);
    assert_eq!(mailbox.state, State::Disabled);
    assert_eq!(mailbox.account, AccountState::Active);
    assert!(!mailbox.hold);
    for off in ["false", "\"False\""] {
        let json = format!(r#"{{"id":"1","userName":"a@x.example","active":{off}}}"#);
        assert_eq!(read(&json).account, AccountState::Disabled);
    }
}

#[test]
fn unclear_values_make_arkib_do_less() {
    let mailbox = read(
        r#"{"id":"1","userName":"a@x.example","active":3,"urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox":
            {"state":"on\u001b[2Jhold","hold":"perhaps","changedAt":"yesterday"}}"#,
    );
    assert_eq!(mailbox.state, State::Unknown("on\u{1b}[2Jhold".into()));
    assert!(matches!(mailbox.account, AccountState::Unknown(_)));
    assert!(mailbox.hold);
    assert_eq!(mailbox.changed_at, None);
}

#[test]
fn a_hold_that_is_no_plain_value_is_a_hold() {
    for hold in [r#"{"value":false}"#, "[false]", "{}", "[]", "7"] {
        let mailbox = read(&format!(
            r#"{{"id":"1","userName":"a@x.example","urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox":
                {{"state":"enabled","hold":{hold}}}}}"#
        ));
        assert!(mailbox.hold, "{hold}");
    }
}

#[test]
fn account_takes_precedence_over_active() {
    let mailbox = read(
        r#"{"id":"1","userName":"a@x.example","active":true,"urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox":
            {"account":"requested-to-delete","hold":false}}"#,
    );
    assert_eq!(mailbox.account, AccountState::RequestedToDelete);
    assert!(!mailbox.hold);
}

#[test]
fn refuses_a_user_without_id_or_name() {
    for (json, expected) in [
        (r#"{"userName":"a@x.example"}"#, "the mailbox has no id"),
        (r#"{"id":"1","userName":null}"#, "the mailbox has no userName"),
        (r#"[1]"#, "it is not a user"),
        (r#"{"id":"1","userName":"a@x"#, "the JSON is incomplete"),
    ] {
        assert_eq!(decode(json.as_bytes()), Err(expected.to_owned()));
    }
}

#[test]
fn the_person_is_read_where_people_are() {
    let json = br#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1", "userName": "siti@agensi.example",
        "displayName": "Siti", "NAME": {"formatted": "Siti binti\u0000 Ali", "familyName": "Ali"}, "title": 7,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Bahagian\nKewangan"}}"#;
    let read =
        |matcher: CompiledMapping| super::decode(json, &matcher).expect("a user").mailbox.person;
    let matcher = || CompiledMapping::new(&Mapping::default());
    assert_eq!(read(matcher()), None);
    let person = read(matcher().with_people(false)).expect("a person");
    assert_eq!(person.name.as_deref(), Some("Siti binti Ali"));
    assert_eq!((person.post, person.office.as_deref()), (None, Some("Bahagian Kewangan")));
}
