//! A mapping that does not fit the portal, and portals that say less than it needs.

use serde_json::json;

use super::{PETI, all, attribute, get, mail, odd, peti, portal, reader, schemas, user, users};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::{AddressAttribute, MappedAttribute, Mapping, ValueKind};
use crate::domain::mapping::scim_urns as wire;
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::portal::scim::connect_to_write;
use crate::portal::scim::testing::{Fake, Reply, full, list, page, plain, quick};
use crate::portal::{ErrorKind, PortalReader, PortalWriter};

#[tokio::test]
async fn refuses_an_unfit_mapping_before_reading() {
    let answer =
        schemas(json!([{"name": "arkib", "type": "boolean"}, {"name": "tahan", "type": "string"}]));
    let fake = portal(full(), Some(answer), |_| panic!("it was asked for users"));
    let error = reader(&fake, &peti()).await.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Configuration);
    for expected in [
        "(1) state: `arkib` is boolean",
        "account: the portal has no attribute `statusAkaun`",
        "recoverable_until: ",
    ] {
        assert!(error.detail.contains(expected), "{error}");
    }
    assert!(error.help.contains("arkib portal inspect"), "{}", error.help);
}

#[tokio::test]
async fn refuses_a_state_that_nothing_confirms() {
    let slipped = || {
        let mut mapping = peti();
        mapping.state.attribute = attribute("arkibb");
        mapping
    };
    // Schemas that are not there, not whole, or do not say what is in them.
    let partly = json!({"totalResults": 5, "Resources": [{"id": "urn:x:Lain"}]});
    for schemas in [
        None,
        Some(partly),
        Some(json!({"totalResults": 1, "Resources": [{"id": PETI}]})),
        Some(json!("none")),
    ] {
        let fake = portal(full(), schemas, |_| {
            let whole = json!({"arkib": "Ada", "tahan": "N", "statusAkaun": "Aktif"});
            Reply::json(200, &list(1, &[user(1, whole)]))
        });
        for (slip, meaning) in [("tahn", "legal holds"), ("statusAkun", "the state of accounts")] {
            let mut mapping = peti();
            match slip {
                "tahn" => mapping.hold.as_mut().expect("a hold").attribute = attribute(slip),
                _ => mapping.account.as_mut().expect("an account").attribute = attribute(slip),
            }
            let error = all(&fake, &mapping).await.expect_err("a refusal");
            assert!(error.detail.contains(meaning), "{error}");
        }
        let error = all(&fake, &slipped()).await.expect_err("a refusal");
        assert!(error.detail.contains("mailboxes has the attribute"), "{error}");
        assert!(error.help.contains("arkib portal inspect"), "{}", error.help);
        let some = reader(&fake, &slipped()).await.expect("a portal");
        let error = some
            .read_some(&[Mailbox::from_portal("m1@agensi.example")])
            .await
            .expect_err("a refusal");
        assert!(error.detail.contains("mailboxes has the attribute"), "{error}");
        // Written rightly it is there.
        assert_eq!(get(&all(&fake, &peti()).await.expect("a list"), 1).state, State::Enabled);
    }
    // Where the schema says that there is such a thing, nobody needs to have an archive.
    let answer = schemas(
        json!([{"name": "arkib"}, {"name": "tahan"}, {"name": "statusAkaun"}, {"name": "rujukan"}, {"name": "diubah"}, {"name": "disimpan_hingga"}]),
    );
    let fake = portal(full(), Some(answer), |_| Reply::json(200, &list(1, &[user(1, json!({}))])));
    assert_eq!(get(&all(&fake, &peti()).await.expect("a list"), 1).state, State::Disabled);
}

#[tokio::test]
async fn an_attribute_may_share_a_core_name() {
    let mut mapping = odd();
    mapping.mailbox = AddressAttribute::Other(attribute("userName"));
    mapping.state = MappedAttribute {
        attribute: attribute("active"),
        kind: ValueKind::Boolean,
        words: Vocabulary::new([("true", State::Enabled), ("false", State::Disabled)]),
    };
    let mut both = user(
        2,
        json!({"userName": "m1@agensi.example", "active": "True", "emails": "x@agensi.example"}),
    );
    both["active"] = json!(false);
    let observed = all(&users(vec![both]), &mapping).await.expect("a list");
    let seen = get(&observed, 1);
    assert_eq!((seen.state, seen.account), (State::Enabled, AccountState::Disabled));
    assert_eq!(observed.mailboxes().len(), 1);
}

#[tokio::test]
async fn rereads_without_attributes_if_state_is_dropped() {
    let fake = portal(plain(10), None, |request| {
        let extension = match request.query.contains_key("attributes") {
            true => json!({"tahan": "N", "statusAkaun": "Aktif"}),
            false => json!({"arkib": "Ada", "tahan": "N", "statusAkaun": "Aktif"}),
        };
        Reply::json(200, &list(1, &[user(1, extension)]))
    });
    assert_eq!(get(&all(&fake, &peti()).await.expect("a list"), 1).state, State::Enabled);
}

#[tokio::test]
async fn reads_schemas_in_pages_and_bare_lists() {
    let slipped = json!([{"id": PETI, "attributes": [{"name": "lain"}]}]);
    let fake = portal(full(), Some(slipped), |_| Reply::json(200, &list(1, &[user(1, json!({}))])));
    assert!(all(&fake, &peti()).await.is_err());
    let fake = Fake::bare(|request| {
        if request.path.ends_with("/Schemas") {
            let first = request.number("startIndex").is_none();
            let id = if first { "urn:x:Lain" } else { PETI };
            return Reply::json(
                200,
                &json!({"totalResults": 2, "Resources": [{"id": id, "attributes": [{"name": "lain"}]}]}),
            );
        }
        if request.is_list() {
            return Reply::json(200, &list(1, &[user(1, json!({}))]));
        }
        Reply::json(200, &json!({"totalResults": 1, "Resources": [full()]}))
    });
    let error = all(&fake, &peti()).await.expect_err("a refusal");
    assert!(error.detail.contains("no attribute `arkib`"), "{error}");
    assert_eq!(fake.seen().len() - fake.asked().len(), 3);
}

#[tokio::test]
async fn other_resources_count_but_are_not_mailboxes() {
    let fake = Fake::new(plain(2), |request, _| {
        let mut answer = page(request, 6, 2);
        for resource in answer["Resources"].as_array_mut().unwrap() {
            let id: usize = resource["id"].as_str().unwrap().parse().unwrap();
            if id.is_multiple_of(3) {
                *resource = match id {
                    3 => {
                        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "3", "displayName": "Semua"})
                    }
                    _ => {
                        json!({"id": "6", "displayName": "Semua", "meta": {"resourceType": "Group"}})
                    }
                };
            }
        }
        Reply::json(200, &answer)
    });
    assert_eq!(all(&fake, &Mapping::default()).await.expect("a list").mailboxes().len(), 4);
}

#[tokio::test]
async fn case_exact_addresses_are_not_filtered() {
    let answer = json!({"totalResults": 2, "Resources": [{"id": wire::MAILBOX}, {"id": wire::USER, "attributes": [{"name": "userName", "caseExact": true}]}]});
    let fake = portal(full(), Some(answer), |request| {
        assert!(!request.query.contains_key("filter"));
        let mut shouting = user(1, json!({}));
        shouting["userName"] = json!("M1@AGENSI.example");
        Reply::json(200, &list(1, &[shouting]))
    });
    let reader = reader(&fake, &Mapping::default()).await.expect("a portal");
    let observed =
        reader.read_some(&[Mailbox::from_portal("m1@agensi.example")]).await.expect("an answer");
    assert_eq!(observed.mailboxes().len(), 1);
}

#[tokio::test]
async fn ambiguous_addresses_belong_to_nobody() {
    let two = json!([{"value": "m1@agensi.example"}, {"value": "m2@agensi.example"}]);
    let both = json!([{"value": "m3@agensi.example", "primary": true}, {"value": "m4@agensi.example", "primary": true}]);
    let fake = users(vec![
        mail(1, two, json!(1)),
        mail(2, both, json!(1)),
        mail(3, json!([{"value": "m5@agensi.example"}]), json!(1)),
    ]);
    let observed = all(&fake, &odd()).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 1);
    for (number, expected) in [(1, true), (2, true), (3, true), (4, true), (5, false)] {
        let address = Mailbox::from_portal(&format!("m{number}@agensi.example"));
        assert_eq!(observed.is_ambiguous(&address), expected, "{address}");
    }
}

#[tokio::test]
async fn incomplete_single_users_are_refused() {
    let fake = portal(plain(10), None, |_| Reply::json(200, &user(1, json!({}))));
    let writer = connect_to_write(&fake.endpoint(), &quick(), &peti()).await.expect("a writer");
    let seen = writer.reread_mailbox(&"1".into()).await.expect("a user");
    assert!(seen.expect("a user").state.is_not_reported());
}

#[tokio::test]
async fn users_vouch_for_attributes_that_are_not_listed() {
    let listed = || Some(schemas(json!([{"name": "arkib"}, {"name": "lain"}])));
    let everything = json!({"arkib": "Ada", "tahan": "N", "statusAkaun": "Aktif", "rujukan": "BMT-1",
        "diubah": "2026-11-10", "disimpan_hingga": "2026-12-24"});
    let fake = portal(full(), listed(), move |_| {
        Reply::json(200, &list(1, &[user(1, everything.clone())]))
    });
    assert_eq!(get(&all(&fake, &peti()).await.expect("a list"), 1).state, State::Enabled);
    let some = reader(&fake, &peti()).await.expect("a portal");
    let some = some.read_some(&[Mailbox::from_portal("m1@agensi.example")]).await;
    assert_eq!(some.expect("a list").mailboxes().len(), 1);
    // What nobody has is a slip, whichever attribute it is.
    let fake = portal(full(), listed(), |_| {
        let some =
            json!({"arkib": "Ada", "tahan": "N", "statusAkaun": "Aktif", "diubah": "2026-11-10"});
        Reply::json(200, &list(1, &[user(1, some)]))
    });
    let error = all(&fake, &peti()).await.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Configuration);
    for expected in
        ["(1) request: the portal has no attribute `rujukan`", "(2) recoverable_until: "]
    {
        assert!(error.detail.contains(expected), "{error}");
    }
    // Nor does a portal without users show anything.
    let fake = portal(full(), listed(), |_| Reply::json(200, &list(0, &[])));
    let error = all(&fake, &peti()).await.expect_err("a refusal");
    assert!(error.detail.contains("(5) recoverable_until"), "{error}");
}
