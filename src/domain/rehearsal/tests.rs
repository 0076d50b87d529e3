//! What is said of each kind of misfit.

use super::*;
use crate::domain::mapping::scim::boolean_vocabulary;
use crate::domain::request::RequestId;

/// `archiveDisabled` with its words the wrong way round.
fn inverted() -> Mapping {
    let mut mapping = Mapping::default();
    mapping.state.kind = ValueKind::Boolean;
    mapping.state.words = boolean_vocabulary(State::Enabled, State::Disabled);
    mapping
}

#[test]
fn no_request_can_have_the_id_of_a_rehearsal() {
    assert_eq!(RequestId::parse(NO_REQUEST), None);
}

#[test]
fn an_inverted_boolean_is_known_by_what_a_person_sees() {
    let mapping = inverted();
    assert_eq!(reading_problem(&State::Enabled, true, &mapping), None);
    assert_eq!(reading_problem(&State::Terminated, false, &mapping), None);
    for (found, has_archive, reads, shows) in [
        (State::Disabled, true, "as disabled, where the mapping has `state: false`", "an archive"),
        (State::Enabled, false, "as enabled, where the mapping has `state: true`", "no archive"),
    ] {
        let problem = reading_problem(&found, has_archive, &mapping).expect("a problem");
        assert!(
            problem.what.contains(reads) && problem.what.in_english().ends_with(shows),
            "{problem:?}"
        );
        let correct = r#"`values: { enabled: ["false"], disabled: ["true"] }`"#;
        assert!(problem.help.contains(correct), "{problem:?}");
    }
}
