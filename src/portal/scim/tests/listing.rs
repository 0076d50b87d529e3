//! Lists: pages of every shape, and lists that contradict themselves.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::{all, reader};
use crate::domain::archive_state::State;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::scim_urns as wire;
use crate::portal::scim::testing::{Fake, Reply, full, list, page, plain, quick, user};
use crate::portal::scim::{ClientLimits, connect};
use crate::portal::{ErrorKind, PortalReader};

fn pages(
    config: Value,
    answer: impl Fn(&crate::portal::scim::testing::Request, usize) -> Value + Send + Sync + 'static,
) -> Fake {
    Fake::new(config, move |request, before| Reply::json(200, &answer(request, before)))
}

#[tokio::test]
async fn reads_pages_of_any_size() {
    for (total, asked, largest) in
        [(0, 10, 10), (1, 1, 1), (7, 3, 3), (9, 3, 3), (100, 200, 7), (95, 20, 20), (200, 20, 50)]
    {
        let fake = pages(plain(asked), move |request, _| page(request, total, largest));
        let reported = Mutex::new(Vec::new());
        let observed = reader(&fake)
            .await
            .read_all(&Default::default(), &|read, of| reported.lock().unwrap().push((read, of)))
            .await
            .expect("a list");
        assert_eq!(observed.mailboxes().len(), total);
        assert!(observed.is_complete());
        assert_eq!(reported.lock().unwrap().last(), Some(&(total, Some(total))));
    }
}

#[tokio::test]
async fn reads_smaller_later_pages() {
    let fake =
        pages(plain(20), |request, before| page(request, 100, if before == 0 { 20 } else { 6 }));
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 100);
}

#[tokio::test]
async fn an_empty_page_ends_a_list_without_totals() {
    let fake = pages(plain(3), |request, _| {
        let mut page = page(request, 7, 3);
        page.as_object_mut().unwrap().remove("totalResults");
        page
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 7);
}

#[tokio::test]
async fn refuses_inconsistent_lists() {
    type Answer = fn(&crate::portal::scim::testing::Request, usize) -> Value;
    let cases: [(&str, Answer); 7] = [
        ("again and again", |_, _| list(9, &[user(1), user(2)])),
        ("9 mailboxes but lists 7", |request, _| {
            let mut page = page(request, 7, 3);
            page["totalResults"] = json!(9);
            page
        }),
        ("lists more", |_, _| list(1, &[user(1), user(2)])),
        ("is in the list twice", |_, _| list(2, &[user(1), user(1)])),
        ("reported 7 mailboxes on the first page and 8", |request, _| {
            let later = request.number("startIndex") > Some(1);
            let mut page = page(request, 7, 3);
            page["totalResults"] = json!(if later { 8 } else { 7 });
            page
        }),
        ("changed between", |request, _| {
            // One goes and one comes behind the first page: the totals agree.
            let start = request.number("startIndex").unwrap_or(1);
            let gone = usize::from(start > 1);
            let users: Vec<_> = (start + gone..=40 + gone).take(20).map(user).collect();
            list(40, &users)
        }),
        ("does not end", |_, _| list(6_000_000, &[user(1)])),
    ];
    for (says, answer) in cases {
        let fake = pages(plain(20), answer);
        let error = all(&fake).await.expect_err(says);
        assert_eq!(error.kind, ErrorKind::Inconsistent, "{error}");
        assert!(error.detail.contains(says), "{error}");
        let firsts =
            fake.asked().iter().filter(|request| request.number("startIndex") == Some(1)).count();
        assert_eq!(firsts, 3, "{says}: not read three times");
    }
}

#[tokio::test]
async fn rereads_a_list_that_shifts() {
    // An insert before the first page, once it has been given: a mailbox comes twice.
    let fake = pages(plain(3), |request, before| match before {
        0 => list(4, &[user(2), user(3), user(4)]),
        1 => list(5, &[user(4), user(5)]),
        _ => page(request, 5, 3),
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 5);
}

#[tokio::test]
async fn reads_rounded_pages_without_overlap() {
    let fake = pages(plain(20), |request, _| {
        let first = (request.number("startIndex").unwrap() - 1) / 20 * 20;
        let users: Vec<_> = (first + 1..=50).take(20).map(user).collect();
        list(50, &users)
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 50);
}

#[tokio::test]
async fn omits_refused_attributes() {
    let fake = Fake::new(plain(3), |request, _| {
        if request.query.contains_key("attributes") {
            return Reply::error(400, "invalidPath", "unknown attribute");
        }
        Reply::json(200, &page(request, 9, 3))
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 9);
    assert_eq!(fake.asked().len(), 4);
}

#[tokio::test]
async fn detects_attributes_that_drop_the_extension() {
    let fake = pages(plain(3), |request, _| {
        let mut page = page(request, 6, 3);
        if request.query.contains_key("attributes") {
            for user in page["Resources"].as_array_mut().unwrap() {
                user.as_object_mut().unwrap().remove(wire::MAILBOX);
            }
        }
        page
    });
    let observed = all(&fake).await.expect("a list");
    assert!(observed.mailboxes().iter().all(|mailbox| mailbox.state == State::Enabled));
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn keeps_unknown_states() {
    let fake = pages(full(), |_, _| {
        let mut odd = user(1);
        odd[wire::MAILBOX]["state"] = json!("hibernating");
        list(1, &[odd])
    });
    let observed = all(&fake).await.expect("a list");
    let mailbox = observed.find_mailbox(&Mailbox::from_portal("m1@agensi.example")).expect("it");
    assert_eq!(mailbox.state, State::Unknown("hibernating".into()));
}

fn by_cursor() -> Value {
    json!({"filter": {"supported": true, "maxResults": 200}, "pagination": {"cursor": true, "maxPageSize": 3}})
}

/// A page of three from the one that the cursor names.
fn cursor_page(request: &crate::portal::scim::testing::Request, total: usize) -> Value {
    let cursor = request.query.get("cursor").expect("a cursor");
    let begin: usize = cursor.strip_prefix("+/").map_or(1, |cursor| cursor.parse().unwrap());
    let users: Vec<_> = (begin..=total).take(3).map(user).collect();
    let mut page = json!({"totalResults": total, "Resources": users});
    if begin + 3 <= total {
        page["nextCursor"] = json!(format!("+/{}", begin + 3));
    }
    page
}

#[tokio::test]
async fn follows_cursors() {
    let fake = pages(by_cursor(), |request, _| cursor_page(request, 8));
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 8);
    let asked = fake.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|request| request.number("count") == Some(3)));
}

/// What stands behind the list may look like its cursor; what is fetched for it is thrown away.
#[tokio::test]
async fn ignores_text_that_looks_like_a_cursor() {
    for decoy in ["+/7", "+/1"] {
        let fake = pages(by_cursor(), move |request, _| {
            let mut page = cursor_page(request, 8);
            page["zDecoy"] = json!({"nextCursor": decoy});
            page
        });
        assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 8);
        assert!(fake.asked().len() > 3, "the decoy was not followed");
    }
}

#[tokio::test]
async fn restarts_after_an_expired_cursor() {
    let fake = Fake::new(by_cursor(), |request, before| {
        if before == 1 {
            return Reply::error(400, "expiredCursor", "too late");
        }
        Reply::json(200, &cursor_page(request, 8))
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 8);
}

#[tokio::test]
async fn detects_a_cursor_cycle() {
    for users in [vec![], vec![user(1)]] {
        let fake =
            pages(by_cursor(), move |_, _| json!({"Resources": users, "nextCursor": "again"}));
        assert_eq!(all(&fake).await.expect_err("an error").kind, ErrorKind::Inconsistent);
        assert!(fake.asked().len() < 20);
    }
}

/// A list that goes on for ever, always with something new, by index and by cursor.
fn endless(config: Value) -> Fake {
    pages(config, |request, before| {
        let start = request.number("startIndex").unwrap_or(before * 3 + 1);
        let users: Vec<_> = (start..start + 3).map(user).collect();
        json!({"Resources": users, "nextCursor": before.to_string()})
    })
}

#[tokio::test]
async fn answers_are_bounded_together() {
    for (padding, is_read) in [(100, true), (20_000, false)] {
        let fake = pages(plain(3), move |request, _| {
            let start = request.number("startIndex").unwrap_or(1);
            let mut users: Vec<_> = (start..=30.min(start + 2)).map(user).collect();
            users.iter_mut().for_each(|user| user["title"] = "x".repeat(padding).into());
            list(30, &users)
        });
        let few = ClientLimits { max_received: 100_000, per_user: 2_000, ..quick() };
        let reader = connect(&fake.endpoint(), &few, &Mapping::default()).await.expect("a portal");
        let read = reader.read_all(&Default::default(), &|_, _| {}).await;
        assert_eq!(read.is_ok(), is_read, "{:?}", read.map(drop));
        let error = reader.read_all(&Default::default(), &|_, _| {}).await.err();
        let why = error.map(|error| error.detail).unwrap_or_default();
        assert_eq!(why.contains("answers together are far larger"), !is_read, "{why}");
    }
}

#[tokio::test]
async fn gives_up_on_an_endless_list() {
    for config in [plain(3), by_cursor()] {
        let fake = endless(config.clone());
        let few = ClientLimits { max_mailboxes: 30, readings: 1, ..quick() };
        let reader = connect(&fake.endpoint(), &few, &Mapping::default()).await.expect("a portal");
        let error = reader.read_all(&Default::default(), &|_, _| {}).await.expect_err("an error");
        assert_eq!(error.kind, ErrorKind::Inconsistent);
        assert!(error.detail.contains("does not end"), "{error}");
        assert!(fake.asked().len() < 20, "{}", fake.asked().len());
        // Nor is it read for ever where many are allowed.
        let fake = endless(config);
        let short = ClientLimits { reading: Duration::from_secs(1), ..quick() };
        let reader =
            connect(&fake.endpoint(), &short, &Mapping::default()).await.expect("a portal");
        let error = reader.read_all(&Default::default(), &|_, _| {}).await.expect_err("an error");
        assert_eq!(error.kind, ErrorKind::Timeout);
        assert!(error.help.contains("does not end"), "{}", error.help);
        assert!(fake.asked().len() > 1);
    }
}
