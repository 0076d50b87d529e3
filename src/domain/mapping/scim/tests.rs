//! Unit tests of the file above.

use super::*;

const PETI: &str = "urn:example:params:scim:schemas:extension:mel:1.0:Peti";

#[test]
fn parses_plain_full_and_partial_names() {
    let shown =
        |text: &str| AttributeName::parse(text, Some(PETI)).map(|attribute| attribute.to_string());
    assert_eq!(shown("arkib"), Ok(format!("{PETI}:arkib")));
    assert_eq!(shown("arkib.status"), Ok(format!("{PETI}:arkib.status")));
    assert_eq!(shown(&format!("{USER}:userType")), Ok("userType".to_owned()));
    let lower = USER.to_lowercase();
    assert_eq!(shown(&format!("{lower}:name.formatted")), Ok("name.formatted".to_owned()));
    for bad in [
        "",
        "1a",
        "a b",
        "a.b.c",
        "a.",
        ".a",
        "a,b",
        "a&b",
        "a\"b",
        "é",
        "http://x/y:a",
        "urn:x",
        "x:y",
        "urn:x y:z:a",
        "urn:x,y:z:a",
    ] {
        assert!(shown(bad).is_err(), "{bad} was taken");
    }
    assert!(AttributeName::parse("arkib", None).is_err());
    assert!(AttributeName::parse("arkib", Some("urn:x:y\nprotected: [a]")).is_err());
}

#[test]
fn part_overlaps_its_attribute_in_any_case() {
    let attribute = |text| AttributeName::parse(text, Some(PETI)).expect("a name");
    for (one, other, overlap) in [
        ("arkib", "ARKIB", true),
        ("arkib", "arkib.a", true),
        ("arkib.b", "arkib.a", false),
        ("arkib", "tahan", false),
        ("active", "urn:ietf:params:scim:schemas:core:2.0:User:active", false),
    ] {
        assert_eq!(attribute(one).overlaps(&attribute(other)), overlap, "{one} {other}");
    }
}

#[test]
fn default_mapping_is_arkibs_extension() {
    let own = Mapping::default();
    assert!(own.is_arkib_extension() && own.comparable_entries().is_empty());
    assert_eq!(own.state.attribute.to_string(), format!("{MAILBOX}:state"));
    assert_eq!(
        (own.word_for_state(true), own.word_for_state(false)),
        (Some("enabled"), Some("terminated"))
    );
    assert_eq!(own.attributes().len(), 6);
}
