//! Values, bodies and schemas that differ from portal to portal.

use std::io::Write as _;

use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{all, reader};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::scim_urns as wire;
use crate::portal::scim::testing::{Fake, Reply, Request, full, list, page, plain, quick, user};
use crate::portal::scim::{Writer, connect_to_write, inspect};
use crate::portal::{ErrorKind, PortalReader as _, PortalWriter as _};

async fn writer(fake: &Fake) -> Writer {
    connect_to_write(&fake.endpoint(), &quick(), &Mapping::default()).await.expect("a portal")
}

const LARGE_ID: u64 = 9_007_199_254_740_993;

#[tokio::test]
async fn ids_may_be_numbers() {
    let numbered = || {
        let mut one = user(1);
        one["id"] = json!(LARGE_ID);
        one
    };
    let fake = Fake::new(full(), move |request, _| match request.is_list() {
        true => Reply::json(200, &list(1, &[numbered()])),
        false => Reply::json(200, &numbered()),
    });
    let observed = all(&fake).await.expect("a list");
    let id = observed.mailboxes()[0].id.clone();
    assert_eq!(*id, LARGE_ID.to_string());
    let writer = writer(&fake).await;
    let alone = writer.reread_mailbox(&id).await.expect("a user");
    assert_eq!(alone.expect("a user").id, id);
    let portal = inspect(&fake.endpoint(), &quick(), &[], &|_, _| {}).await.expect("a portal");
    assert_eq!(portal.users, Some(1));
    for odd in [json!(-1), json!(1.5), json!(null), json!([1]), json!("")] {
        let mut one = user(1);
        one["id"] = odd;
        let fake = Fake::new(full(), move |_, _| Reply::json(200, &list(1, &[one.clone()])));
        assert!(all(&fake).await.expect_err("no id").detail.contains("has no id"));
    }
}

#[tokio::test]
async fn booleans_may_be_numbers_or_texts() {
    for (value, is_true) in [
        (json!(1), true),
        (json!(0), false),
        (json!("1"), true),
        (json!("0"), false),
        (json!("True"), true),
        (json!("FALSE"), false),
    ] {
        let mut one = user(1);
        one["active"] = value.clone();
        one[wire::MAILBOX]["hold"] = value.clone();
        let fake = Fake::new(full(), move |_, _| Reply::json(200, &list(1, &[one.clone()])));
        let observed = all(&fake).await.expect("a list");
        let account = if is_true { AccountState::Active } else { AccountState::Disabled };
        let read = &observed.mailboxes()[0];
        assert_eq!((&read.account, read.hold), (&account, is_true), "{value}");
    }
}

/// An answer as bytes, with these further headers.
fn raw(headers: &str, body: &[u8]) -> Reply {
    let head = format!(
        "HTTP/1.1 200 x\r\nconnection: close\r\ncontent-type: application/scim+json\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    Reply::Raw([head.as_bytes(), body].concat())
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(body).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn a_byte_order_mark_and_gzip_are_taken_off() {
    let json = list(2, &[user(1), user(2)]).to_string();
    let marked = [b"\xef\xbb\xbf", json.as_bytes()].concat();
    for (headers, body) in [
        ("", marked.clone()),
        ("content-encoding: gzip\r\n", gzip(json.as_bytes())),
        ("", gzip(&marked)),
        // Said, and not done.
        ("content-encoding: gzip\r\n", json.into_bytes()),
    ] {
        let fake = Fake::new(full(), move |_, _| raw(headers, &body));
        assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 2);
        assert!(fake.asked().iter().all(|asked| !asked.headers.contains_key("accept-encoding")));
    }
}

#[tokio::test]
async fn other_packings_are_named() {
    let broken = gzip(b"[]")[..9].to_vec();
    for (headers, body, says) in [
        ("content-encoding: br\r\n", b"\x0b\x02\x80".to_vec(), "compressed (Content-Encoding br)"),
        ("content-encoding: gzip\r\n", broken, "compressed (Content-Encoding gzip)"),
        // A few bytes that unpack to more than arkib reads.
        ("content-encoding: gzip\r\n", gzip(&vec![b' '; 2 << 20]), "larger than 1 MiB"),
    ] {
        let fake = Fake::new(full(), move |_, _| raw(headers, &body));
        let error = all(&fake).await.expect_err(says);
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.detail.contains(says), "{error}");
        assert_eq!(fake.asked().len(), 1, "asked again");
    }
}

/// A portal with these attributes in the schema of arkib's extension, or without the schema.
fn with_schema(
    attributes: Option<Value>,
    reply: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Fake {
    Fake::bare(move |request| match &request.path {
        path if path.ends_with("/ServiceProviderConfig") => Reply::json(200, &full()),
        path if path.ends_with("/Schemas") => {
            let schema = match &attributes {
                Some(attributes) => json!({"id": wire::MAILBOX, "attributes": attributes}),
                None => json!({"id": "urn:other", "attributes": [{"name": "lain"}]}),
            };
            Reply::json(200, &json!({"totalResults": 1, "Resources": [schema]}))
        }
        _ => reply(request),
    })
}

#[tokio::test]
async fn attributes_that_come_on_request_are_asked_for() {
    let attributes = json!([{"name": "state", "returned": "request"}, {"name": "request"}]);
    let fake = with_schema(Some(attributes.clone()), |request| {
        let mut answer = match request.is_list() {
            true => page(request, 3, 2),
            false => user(1),
        };
        let asked = request.query.get("attributes");
        if !asked.is_some_and(|names| names.contains(&format!("{}:state", wire::MAILBOX))) {
            answer.as_object_mut().unwrap().remove(wire::MAILBOX);
        }
        Reply::json(200, &answer)
    });
    let observed = all(&fake).await.expect("a list");
    assert!(observed.mailboxes().iter().all(|read| read.state == State::Enabled));
    let writer = writer(&fake).await;
    let alone = writer.reread_mailbox(&"1".into()).await;
    assert_eq!(alone.expect("a user").expect("a user").state, State::Enabled);
    let portal = inspect(&fake.endpoint(), &quick(), &[Mapping::default()], &|_, _| {}).await;
    let warnings = &portal.expect("a portal").mappings[0].warnings;
    assert!(warnings.iter().any(|warning| warning.contains("only on request")), "{warnings:?}");
    // One that refuses to be asked so would show no archive: it is not read without.
    let fake =
        with_schema(Some(attributes), |request| match request.query.contains_key("attributes") {
            true => Reply::error(400, "invalidValue", "attributes"),
            false => panic!("read without"),
        });
    assert_eq!(all(&fake).await.expect_err("a refusal").kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn users_vouch_for_a_schema_that_is_not_listed() {
    let fake = with_schema(None, |request| match request.is_list() {
        true => Reply::json(200, &page(request, 3, 3)),
        false => Reply::json(200, &user(1)),
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 3);
    let some = reader(&fake).await.read_some(&[Mailbox::from_portal("m1@agensi.example")]).await;
    assert_eq!(some.expect("a list").mailboxes().len(), 1);
    let portal = inspect(&fake.endpoint(), &quick(), &[Mapping::default()], &|_, _| {}).await;
    let tried = &portal.expect("a portal").mappings[0];
    assert!(tried.problems.is_empty(), "{:?}", tried.problems);
    assert!(tried.warnings[0].contains("users have it, so arkib uses it"), "{:?}", tried.warnings);
}

#[tokio::test]
async fn accounts_of_a_domain_are_no_addresses() {
    let names = ["AGENSI\\siti", "agensi/siti", "AGENSI/m2@agensi.example", "m1@agensi.example"];
    let fake = Fake::new(plain(10), move |_, _| {
        let users: Vec<_> = (1..=4)
            .map(|number| {
                let mut one = user(number);
                one["userName"] = json!(names[number - 1]);
                one
            })
            .collect();
        Reply::json(200, &list(4, &users))
    });
    let observed = all(&fake).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 1);
    assert_eq!(observed.mailboxes()[0].mailbox.as_str(), "m1@agensi.example");
    let fake = Fake::new(plain(10), |_, _| {
        let mut one = user(1);
        one["userName"] = json!("AGENSI\\siti");
        Reply::json(200, &list(1, &[one]))
    });
    assert!(all(&fake).await.expect("a list").is_empty(), "an account is no mailbox");
    let portal = inspect(&fake.endpoint(), &quick(), &[Mapping::default()], &|_, _| {}).await;
    let problems = &portal.expect("a portal").mappings[0].problems;
    assert!(
        problems.iter().any(|one| one.contains("none of 1 user has an address")),
        "{problems:?}"
    );
}
