//! What `arkib portal inspect` counts while it reads the list.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::json;

use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::scim_urns as wire;
use crate::portal::scim::inspect;
use crate::portal::scim::testing::{Fake, Reply, full, page, plain, quick};

#[tokio::test]
async fn counts_a_reread_list_once() {
    let pages = AtomicUsize::new(0);
    let fake = Fake::new(plain(10), move |request, _| {
        if !request.is_list() {
            return Reply::json(200, &json!({"id": "1", "userName": "m1@agensi.example"}));
        }
        let mut answer = page(request, 45, 10);
        // The third page of the first reading contradicts the others.
        if pages.fetch_add(1, Relaxed) == 2 {
            answer["totalResults"] = json!(44);
        }
        Reply::json(200, &answer)
    });
    let mappings = [Mapping::default()];
    let portal =
        inspect(&fake.endpoint(), &quick(), &mappings, &|_, _| {}).await.expect("a portal");
    assert_eq!(portal.users, Some(45));
    assert_eq!(portal.mappings[0].states["enabled"], 45);
    let own = portal.schemas.iter().find(|known| known.id == wire::MAILBOX);
    let mut attributes = own.expect("the extension").attributes.iter();
    let state = attributes.find(|known| known.name == "state");
    let words = &state.expect("the attribute").words;
    assert_eq!((words[0].word.as_str(), words[0].users), ("enabled", 45));
    assert_eq!(words.len(), 1);
    // One that is read by itself says less.
    assert_eq!(portal.mappings[0].problems.len(), 1);
    // Users are asked for with all that they have.
    assert!(fake.asked().iter().all(|request| !request.query.contains_key("attributes")));
}

#[tokio::test]
async fn an_inconsistent_list_is_an_error() {
    let fake = Fake::new(full(), |request, _| {
        let total = 20 + request.number("startIndex").unwrap_or(1);
        Reply::json(200, &page(request, total, 10))
    });
    let error = inspect(&fake.endpoint(), &quick(), &[], &|_, _| {}).await;
    let error = error.expect_err("a contradiction");
    assert!(error.detail.contains("contradicts itself"), "{error}");
}
