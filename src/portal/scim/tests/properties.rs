//! Answers of every kind, and mutations of them: what `cargo fuzz` looks for holes in.

use proptest::prelude::*;

use crate::domain::mapping::scim_urns as wire;
use crate::portal::scim::fuzz_property::check_answer_invariants;

/// An answer of each kind, as portals of several makes write them.
fn answers() -> Vec<Vec<u8>> {
    let extension = wire::MAILBOX;
    let user = format!(
        r#"{{"id":"1","userName":"a@x.example","active":"True","meta":{{"version":"W/\"7\""}},"{extension}":{{"state":"enabled","request":"R-1","changedAt":"2026-11-10T00:00:00Z","hold":false,"account":"active"}}}}"#
    );
    let page = |ids: &[usize], total: usize| {
        let users: Vec<_> = ids
            .iter()
            .map(|id| format!(r#"{{"id":"{id}","userName":"m{id}@x.example"}}"#))
            .collect();
        format!(r#"{{"totalResults":{total},"Resources":[{}],"nextCursor":"c"}}"#, users.join(","))
            .into_bytes()
    };
    let separate = |pages: &[Vec<u8>]| pages.join(&0xff);
    vec![
        user.clone().into_bytes(),
        format!(r#"{{"totalResults":1,"itemsPerPage":1,"Resources":[{user}]}}"#).into_bytes(),
        separate(&[page(&[1, 2], 4), page(&[3, 4], 4)]),
        separate(&[page(&[1, 2], 3), page(&[2, 3], 3)]),
        separate(&[page(&[1, 2], 3), page(&[2, 3], 4)]),
        br#"{"patch":{"supported":true},"bulk":{"supported":true,"maxOperations":1000,"maxPayloadSize":1048576},"filter":{"supported":true,"maxResults":200},"etag":{"supported":true},"pagination":{"cursor":true,"maxPageSize":100}}"#.to_vec(),
        format!(r#"{{"totalResults":2,"Resources":[{{"id":"{extension}"}},{{"id":"urn:other"}}]}}"#).into_bytes(),
        br#"{"status":"400","scimType":"invalidFilter","detail":"no\u001b[2J"}"#.to_vec(),
        b"<!doctype html><p>Hi".to_vec(),
        b"[[[[[[".to_vec(),
    ]
}

#[test]
fn property_holds_for_every_answer() {
    answers().iter().for_each(|body| check_answer_invariants(body));
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(3000)
    })]

    #[test]
    fn property_holds_for_mutations(
        answer in prop::sample::select(answers()),
        other in prop::sample::select(answers()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(
            b"{}[]\",: \\u0123456789.-eEtrufalsn\x00\xff\xc2".to_vec())), 0..6),
        splice in prop::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
    ) {
        let mut body = answer;
        if let Some((from, at)) = splice {
            let at = at.index(body.len());
            let tail = other[from.index(other.len())..].to_vec();
            body.splice(at..at, tail);
        }
        for (at, byte) in edits {
            let at = at.index(body.len());
            body[at] = byte;
        }
        check_answer_invariants(&body);
    }
}
