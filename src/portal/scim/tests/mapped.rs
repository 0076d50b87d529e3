//! Portals that do not speak arkib's own extension, read and written by a mapping.

mod misfits;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::{
    AddressAttribute, AttributeName, MappedAttribute, Mapping, ValueKind,
};
use crate::domain::mapping::scim_urns as wire;
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::portal::scim::testing::{Fake, Reply, Request, full, list, plain, quick};
use crate::portal::scim::{Reader, connect, connect_to_write};
use crate::portal::{MaySend, PortalChange, PortalError, PortalReader, PortalWriter, Target};

const PETI: &str = "urn:example:params:scim:schemas:extension:mel:1.0:Peti";

fn attribute(name: &str) -> AttributeName {
    AttributeName::parse(name, Some(PETI)).expect("a name")
}

/// The portal of the policy's own example.
fn peti() -> Mapping {
    let valued = |name| MappedAttribute {
        attribute: attribute(name),
        kind: ValueKind::String,
        words: Vocabulary::default(),
    };
    Mapping {
        mailbox: AddressAttribute::UserName,
        state: MappedAttribute {
            words: Vocabulary::new([
                ("Tiada", State::Disabled),
                ("Sedang dibuka", State::Enabling),
                ("Ada", State::Enabled),
                ("Aktif", State::Enabled),
                ("Tamat", State::Terminated),
            ]),
            ..valued("arkib")
        },
        hold: Some(MappedAttribute {
            attribute: attribute("tahan"),
            kind: ValueKind::String,
            words: Vocabulary::new([("Y", true), ("N", false)]),
        }),
        account: Some(MappedAttribute {
            attribute: attribute("statusAkaun"),
            kind: ValueKind::String,
            words: Vocabulary::new([
                ("Aktif", AccountState::Active),
                ("Tidak Aktif", AccountState::Disabled),
            ]),
        }),
        request: Some(attribute("rujukan")),
        changed_at: Some(attribute("diubah")),
        recoverable_until: Some(attribute("disimpan_hingga")),
    }
}

fn user(number: usize, extension: Value) -> Value {
    json!({"schemas": [wire::USER, PETI], "id": number.to_string(), "userName": format!("m{number}@agensi.example"),
        "meta": {"version": "W/\"1\""}, PETI: extension})
}

fn schemas(attributes: Value) -> Value {
    json!({"totalResults": 1, "Resources": [{"id": PETI, "attributes": attributes}]})
}

/// A portal with these schemas, and none where it says nothing.
fn portal(
    config: Value,
    schemas: Option<Value>,
    reply: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Fake {
    Fake::bare(move |request| {
        if request.path.ends_with("/ServiceProviderConfig") {
            return Reply::json(200, &config);
        }
        if request.path.ends_with("/Schemas") {
            return match &schemas {
                Some(schemas) => Reply::json(200, schemas),
                None => Reply::status(404),
            };
        }
        reply(request)
    })
}

fn users(users: Vec<Value>) -> Fake {
    portal(plain(10), None, move |_| Reply::json(200, &list(users.len(), &users)))
}

async fn reader(fake: &Fake, mapping: &Mapping) -> Result<Reader, PortalError> {
    connect(&fake.endpoint(), &quick(), mapping).await
}

async fn all(fake: &Fake, mapping: &Mapping) -> Result<Observed, PortalError> {
    reader(fake, mapping).await?.read_all(&Default::default(), &|_, _| {}).await
}

fn get(observed: &Observed, number: usize) -> ObservedMailbox {
    let mailbox = Mailbox::from_portal(&format!("m{number}@agensi.example"));
    observed.find_mailbox(&mailbox).expect("the mailbox").clone()
}

#[tokio::test]
async fn reads_the_portals_words() {
    let fake = users(vec![
        user(
            1,
            json!({"ARKIB": "aktif", "tahan": "Y", "statusAkaun": "Tidak Aktif", "rujukan": "BMT-1", "diubah": "2026-11-10", "disimpan_hingga": "2026-12-24T00:00:00+08:00"}),
        ),
        user(2, json!({"arkib": "Tamat", "tahan": "N", "statusAkaun": "Aktif"})),
        user(
            3,
            json!({"arkib": "Rosak", "tahan": "mungkin", "statusAkaun": "Cuti", "diubah": "semalam"}),
        ),
        user(4, json!({})),
    ]);
    let observed = all(&fake, &peti()).await.expect("a list");
    let first = get(&observed, 1);
    assert_eq!(
        (first.state, first.account, first.hold),
        (State::Enabled, AccountState::Disabled, true)
    );
    assert_eq!(first.request.as_deref(), Some("BMT-1"));
    assert_eq!(
        first.changed_at.map(|moment| moment.to_string()).as_deref(),
        Some("2026-11-09T16:00:00Z")
    );
    assert_eq!(
        first.recoverable_until.map(|moment| moment.to_string()).as_deref(),
        Some("2026-12-23T16:00:00Z")
    );
    let second = get(&observed, 2);
    assert_eq!(
        (second.state, second.account, second.hold),
        (State::Terminated, AccountState::Active, false)
    );
    // What nobody knows is left alone.
    let third = get(&observed, 3);
    assert_eq!(
        (third.state, third.account, third.hold),
        (State::Unknown("Rosak".into()), AccountState::Unknown("Cuti".into()), true)
    );
    let fourth = get(&observed, 4);
    assert_eq!(
        (fourth.state, fourth.account, fourth.hold),
        (State::Disabled, AccountState::Active, false)
    );
    let asked = &fake.asked()[0].query["attributes"];
    assert!(
        asked.contains(&format!("{PETI}:arkib,{PETI}:tahan")) && !asked.contains("arkib:2.0"),
        "{asked}"
    );
}

/// A portal that tells only when the whole user was last changed.
#[tokio::test]
async fn the_last_change_may_be_that_of_the_whole_user() {
    let mut mapping = peti();
    mapping.changed_at = AttributeName::parse("meta.lastModified", Some(wire::USER)).ok();
    let mut one = user(1, json!({"arkib": "Ada", "tahan": "N", "statusAkaun": "Aktif"}));
    one["meta"] = json!({"lastModified": "2026-11-10T08:30:00Z", "version": "W/\"3\""});
    let fake = users(vec![one]);
    let mailbox = get(&all(&fake, &mapping).await.expect("a list"), 1);
    let at = mailbox.modified_at.map(|moment| moment.to_string());
    // A new telephone number moves it, so no letter says it of the archive.
    assert_eq!((at.as_deref(), mailbox.changed_at), (Some("2026-11-10T08:30:00Z"), None));
    assert_eq!(mailbox.version.as_deref(), Some("W/\"3\""));
    let asked = &fake.asked()[0].query["attributes"];
    assert!(asked.contains(",meta.lastModified,"), "{asked}");
}

/// The state in a part of a core attribute, an integer; the address among `emails`; nothing else.
fn odd() -> Mapping {
    Mapping {
        mailbox: AddressAttribute::Emails,
        state: MappedAttribute {
            attribute: AttributeName::parse(&format!("{}:archive.status", wire::USER), None)
                .expect("a name"),
            kind: ValueKind::Integer,
            words: Vocabulary::new([
                ("0", State::Disabled),
                ("1", State::Enabled),
                ("9", State::Terminated),
            ]),
        },
        hold: None,
        account: None,
        request: None,
        changed_at: None,
        recoverable_until: None,
    }
}

fn mail(number: usize, emails: Value, status: Value) -> Value {
    json!({"id": number.to_string(), "userName": format!("n{number}"), "emails": emails, "archive": {"status": status}})
}

#[tokio::test]
async fn takes_addresses_from_emails() {
    let primary =
        json!([{"value": "lain@agensi.example"}, {"value": "M1@agensi.example", "primary": true}]);
    let fake = users(vec![
        mail(1, primary, json!(1)),
        mail(2, json!([{"value": "m2@agensi.example"}]), json!("9")),
        mail(3, json!([]), json!(1)),
        mail(4, json!([{"value": "m4@agensi.example"}, {"value": "x4@agensi.example"}]), json!(1)),
        json!({"id": "5", "userName": "svc", "active": false}),
    ]);
    let observed = all(&fake, &odd()).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 2);
    assert_eq!(get(&observed, 1).state, State::Enabled);
    assert_eq!(get(&observed, 2).state, State::Terminated);
    assert_eq!(get(&observed, 1).request, None);
}

#[tokio::test]
async fn looks_up_by_the_address_attribute() {
    let fake = portal(full(), Some(schemas(json!([]))), |request| {
        let all = [(1, "m1@agensi.example"), (2, "m2@agensi.example")];
        let filter = request.query.get("filter");
        let given = all.iter().filter(|(number, _)| filter.is_none() || *number == 1);
        let given: Vec<Value> = given
            .map(|(number, address)| mail(*number, json!([{"value": address}]), json!(1)))
            .collect();
        Reply::json(200, &list(given.len(), &given))
    });
    let reader = reader(&fake, &odd()).await.expect("a portal");
    let mailboxes = |numbers: &[usize]| -> Vec<Mailbox> {
        numbers
            .iter()
            .map(|number| Mailbox::from_portal(&format!("m{number}@agensi.example")))
            .collect()
    };
    let observed = reader.read_some(&mailboxes(&[1])).await.expect("an answer");
    assert_eq!(observed.mailboxes().len(), 1);
    assert_eq!(fake.asked()[0].query["filter"], r#"emails.value eq "m1@agensi.example""#);
    assert_eq!(fake.asked().len(), 1);
    // The filter finds nothing of the second: only the whole list says that there is no such account.
    let observed = reader.read_some(&mailboxes(&[1, 2])).await.expect("an answer");
    assert_eq!(observed.mailboxes().len(), 2);
    assert!(!observed.is_complete());
    assert!(!fake.asked().last().is_some_and(|request| request.query.contains_key("filter")));
}

fn change(target: Target) -> PortalChange {
    PortalChange {
        id: "7".into(),
        version: Some("W/\"1\"".into()),
        target,
        request: "BMT-2026-0042".into(),
        in_other_form: false,
    }
}

/// What is sent to bring a mailbox to a state.
async fn sent(mapping: &Mapping, target: Target) -> Value {
    let fake = Fake::new(full(), |_, _| Reply::status(204));
    let writer = connect_to_write(&fake.endpoint(), &quick(), mapping).await.expect("a portal");
    writer.write(&change(target)).await.expect("done");
    let body: Value = serde_json::from_str(&fake.asked()[0].body).unwrap();
    body["Operations"].clone()
}

#[tokio::test]
async fn writes_the_portals_words() {
    assert_eq!(
        sent(&peti(), Target::Enabled).await,
        json!([{"op": "replace", "path": format!("{PETI}:arkib"), "value": "Ada"},
            {"op": "replace", "path": format!("{PETI}:rujukan"), "value": "BMT-2026-0042"}])
    );
    assert_eq!(sent(&peti(), Target::Terminated).await[0]["value"], json!("Tamat"));
    // Core attributes by their plain name, integers as such, and no request where none can be held.
    assert_eq!(
        sent(&odd(), Target::Terminated).await,
        json!([{"op": "replace", "path": "archive.status", "value": 9}])
    );
    let mut boolean = peti();
    boolean.state.kind = ValueKind::Boolean;
    boolean.state.words = Vocabulary::new([("True", State::Enabled), ("false", State::Disabled)]);
    assert_eq!(sent(&boolean, Target::Enabled).await[0]["value"], json!(true));
    assert_eq!(sent(&boolean, Target::Terminated).await[0]["value"], json!(false));
}

#[tokio::test]
async fn reads_write_answers_by_the_mapping() {
    let shown = user(7, json!({"arkib": "Ada", "rujukan": "BMT-2026-0042"}));
    let answer = shown.clone();
    let fake = Fake::new(full(), move |_, _| Reply::json(200, &answer));
    let writer = connect_to_write(&fake.endpoint(), &quick(), &peti()).await.expect("a portal");
    let now = writer.write(&change(Target::Enabled)).await.expect("done").expect("the mailbox");
    assert_eq!((now.state, now.request.as_deref()), (State::Enabled, Some("BMT-2026-0042")));
    let mut config = full();
    config["bulk"] = json!({"supported": true, "maxOperations": 100, "maxPayloadSize": 100_000});
    let fake = Fake::new(config, move |request, _| {
        assert_eq!(request.path, "/scim/v2/Bulk");
        let result = |id: &str| json!({"location": format!("/Users/{id}"), "status": "200", "response": user(id.parse().unwrap(), json!({"arkib": "Ada"}))});
        Reply::json(200, &json!({"Operations": [result("7"), result("8")]}))
    });
    let writer = connect_to_write(&fake.endpoint(), &quick(), &peti()).await.expect("a portal");
    let may_send: MaySend = Arc::new(|| true);
    let (one, other) =
        (change(Target::Enabled), PortalChange { id: "8".into(), ..change(Target::Enabled) });
    let (one, other) = tokio::join!(
        writer.write_in_bulk(&one, &may_send),
        writer.write_in_bulk(&other, &may_send)
    );
    for written in [one, other] {
        let now = written.expect("sent").expect("done").expect("the mailbox");
        assert_eq!((now.state, now.request), (State::Enabled, None));
    }
    assert!(fake.asked()[0].body.contains(&format!("{PETI}:arkib")));
}
