//! Which mappings fit which schemas.

use super::*;
use crate::domain::archive_state::State;
use crate::domain::mapping::scim::{MappedAttribute, USER};
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::portal::scim::schemas::decode;

const PETI: &str = "urn:x:Peti";

fn attribute(name: &str) -> AttributeName {
    AttributeName::parse(name, Some(PETI)).expect("a name")
}

fn mapping(state: &str) -> Mapping {
    Mapping {
        state: MappedAttribute {
            attribute: attribute(state),
            kind: ValueKind::String,
            words: Vocabulary::new([("Ada", State::Enabled), ("Tiada", State::Disabled)]),
        },
        hold: None,
        account: None,
        request: None,
        changed_at: None,
        recoverable_until: None,
        ..Mapping::default()
    }
}

fn offered(attributes: &str) -> PortalSchemas {
    let body = format!(
        r#"{{"totalResults":1,"Resources":[{{"id":"{PETI}","attributes":[{attributes}]}}]}}"#
    );
    let (_, schemas) = decode(body.as_bytes()).expect("a list");
    PortalSchemas { schemas, is_whole: true }
}

fn problems(mapping: &Mapping, attributes: &str) -> String {
    check_fit(mapping, &offered(attributes)).problems.join("\n")
}

#[test]
fn a_fitting_mapping_has_no_problems() {
    let schema = r#"{"name":"Arkib","type":"string","mutability":"readWrite","canonicalValues":["ADA","TIADA"]}"#;
    let fit = check_fit(&mapping("arkib"), &offered(schema));
    assert!(fit.problems.is_empty(), "{:?}", fit.problems);
    assert!(fit.confirmed.state);
}

#[test]
fn reports_all_misfits_at_once() {
    let mut mapping = mapping("arkb");
    mapping.request = Some(attribute("rujukan"));
    mapping.changed_at = Some(attribute("diubah"));
    let schema = r#"{"name":"arkib","type":"string"},{"name":"Rujukan","type":"string","mutability":"readOnly"},{"name":"diubah","type":"complex","subAttributes":[{"name":"pada"}]}"#;
    let said = problems(&mapping, schema);
    for expected in [
        "state: the portal has no attribute `arkb` (did you mean `arkib`?); there are arkib, Rujukan, diubah",
        "request: `rujukan` is read-only in the portal: leave `request` out",
        "changed_at: `diubah` has sub-attributes; name one of them, as `diubah.pada`: there are pada",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let refusal =
        misfit_error(&mapping, &check_fit(&mapping, &offered(schema)).problems).expect("a refusal");
    assert!(refusal.detail.contains("(3) ") && refusal.help.contains("arkib portal inspect"));
}

#[test]
fn checks_types_words_and_hidden_attributes() {
    for (schema, expected) in [
        (
            r#"{"name":"arkib","type":"boolean"}"#,
            "is boolean in the portal, expected string or reference; say how it is written with `type`",
        ),
        (r#"{"name":"arkib","type":"string","multiValued":true}"#, "several values"),
        (r#"{"name":"arkib","type":"string","mutability":"readOnly"}"#, "read-only"),
        (r#"{"name":"arkib","type":"string","mutability":"writeOnly"}"#, "write-only"),
        (r#"{"name":"arkib","type":"string","returned":"never"}"#, "write-only"),
        (
            r#"{"name":"arkib","type":"string","canonicalValues":["Ada","Tamat"]}"#,
            "does not accept the word `Tiada`; the portal's words are Ada, Tamat",
        ),
        (
            r#"{"name":"arkib","type":"string","caseExact":true,"canonicalValues":["ada","Tiada"]}"#,
            "does not accept the word `Ada`",
        ),
        (r#"{"name":"\u001b[2Jx","type":"string"}"#, "there are ␛[2Jx"),
    ] {
        let said = problems(&mapping("arkib"), schema);
        assert!(said.contains(expected), "{expected}\n{said}");
        assert!(!said.contains('\u{1b}'));
    }
}

/// It stands in no schema (RFC 7643 section 3.1).
#[test]
fn what_every_resource_has_needs_no_schema() {
    let mut mapping = mapping("arkib");
    mapping.changed_at = AttributeName::parse("meta.lastModified", Some(USER)).ok();
    let of_users = format!(r#"{{"id":"{USER}","attributes":[{{"name":"userName"}}]}}"#);
    let own = format!(r#"{{"id":"{PETI}","attributes":[{{"name":"arkib","type":"string"}}]}}"#);
    let body = format!(r#"{{"totalResults":2,"Resources":[{of_users},{own}]}}"#);
    let (_, schemas) = decode(body.as_bytes()).expect("a list");
    let fit = check_fit(&mapping, &PortalSchemas { schemas, is_whole: true });
    assert_eq!(fit.problems, Vec::<String>::new());
}

#[test]
fn missing_schemas_neither_refuse_nor_confirm() {
    let unknown =
        [PortalSchemas::default(), PortalSchemas { is_whole: false, ..offered(r#"{"name":"x"}"#) }];
    let mut other = mapping("arkib");
    other.state.attribute = AttributeName::parse("urn:y:Lain:arkib", None).expect("a name");
    for offered in unknown {
        let fit = check_fit(&other, &offered);
        assert!(fit.problems.is_empty() && !fit.confirmed.state);
    }
    let fit = check_fit(&other, &offered(r#"{"name":"x"}"#));
    assert_eq!(
        fit.problems,
        ["state: the portal has no schema `urn:y:Lain`; there are urn:x:Peti"]
    );
}
