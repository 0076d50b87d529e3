//! Lists that seem whole and are not, and portals that fail with the pages that arkib asks for.

use serde_json::{Value, json};

use super::{all, reader};
use crate::domain::archive_state::State;
use crate::domain::mapping::scim_urns as wire;
use crate::portal::scim::inspect;
use crate::portal::scim::testing::{Fake, Reply, Request, full, list, page, plain, quick, user};
use crate::portal::{ErrorKind, PortalReader as _};

/// How many users the portal really has.
const USERS: usize = 25;

/// A portal that gives no more than ten users in a page, whatever is asked for.
fn capped(asked: usize, change: impl Fn(&Request, &mut Value) + Send + Sync + 'static) -> Fake {
    Fake::new(plain(asked), move |request, _| {
        let mut answer = page(request, USERS, 10);
        change(request, &mut answer);
        Reply::json(200, &answer)
    })
}

/// As if the page were all that there is.
fn count_the_page(answer: &mut Value) {
    answer["totalResults"] = json!(answer["Resources"].as_array().unwrap().len());
}

#[tokio::test]
async fn a_silent_cap_hides_nobody() {
    for asked in [10, 200] {
        let observed = all(&capped(asked, |_, _| {})).await.expect("a list");
        assert_eq!(observed.mailboxes().len(), USERS);
    }
}

#[tokio::test]
async fn a_total_of_the_page_is_a_contradiction() {
    for asked in [10, 200] {
        let fake = capped(asked, |_, answer| count_the_page(answer));
        let error = all(&fake).await.expect_err("a contradiction");
        assert_eq!(error.kind, ErrorKind::Inconsistent);
        assert!(error.detail.contains("reports 10 mailboxes but has more behind them"), "{error}");
        // Nor does a filter take it for whole: ten of twelve came.
        let some: Vec<_> = (1..=12).map(super::lookups::mailbox).collect();
        let fake = Fake::new(full(), |request, _| {
            let mut answer = page(request, 12, 10);
            count_the_page(&mut answer);
            Reply::json(200, &answer)
        });
        let error = reader(&fake).await.read_some(&some).await.expect_err("a contradiction");
        assert!(error.detail.contains("has more behind them"), "{error}");
    }
}

/// A total may stop at a round number that is many pages long.
#[tokio::test]
async fn a_total_that_stops_counting_is_a_contradiction() {
    let fake = capped(10, |_, answer| answer["totalResults"] = json!(20));
    let error = all(&fake).await.expect_err("a contradiction");
    assert!(error.detail.contains("reports 20 mailboxes but has more"), "{error}");
}

/// What comes behind the end of a list that is whole makes no difference.
#[tokio::test]
async fn a_whole_list_is_taken_whatever_is_behind_its_end() {
    let replies: [fn(&Request) -> Reply; 5] = [
        |_| Reply::json(200, &json!({"totalResults": 10})),
        |_| Reply::error(400, "invalidValue", "there is no such page"),
        |_| Reply::status(404),
        // The last one again, or the same page.
        |_| Reply::json(200, &list(10, &[user(10)])),
        |_| Reply::json(200, &list(10, &(1..=10).map(user).collect::<Vec<_>>())),
    ];
    for reply in replies {
        let fake = Fake::new(plain(10), move |request, _| match request.number("startIndex") {
            Some(11) => reply(request),
            _ => Reply::json(200, &page(request, 10, 10)),
        });
        assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 10);
        let counted = inspect(&fake.endpoint(), &quick(), &[], &|_, _| {}).await;
        assert_eq!(counted.expect("a portal").users, Some(10));
    }
}

#[tokio::test]
async fn an_ignored_start_is_a_contradiction() {
    // With a true total the page comes again; with that of the page a smaller one has another total.
    for (total, says) in [(Some(USERS), "again and again"), (None, "more behind them")] {
        let fake = Fake::new(plain(200), move |request, _| {
            let count = request.number("count").unwrap_or(10).min(10);
            let users: Vec<_> = (1..=count).map(user).collect();
            Reply::json(200, &list(total.unwrap_or(count), &users))
        });
        let error = all(&fake).await.expect_err(says);
        assert!(error.detail.contains(says), "{error}");
    }
}

/// Refuses every page for which `is_refused` says so, with this status.
fn refusing(status: u16, is_refused: fn(Option<usize>) -> bool) -> Fake {
    Fake::new(plain(500), move |request, _| {
        if is_refused(request.number("count")) {
            return Reply::error(status, "", "count");
        }
        Reply::json(200, &page(request, 250, 50))
    })
}

#[tokio::test]
async fn asks_for_smaller_pages_and_then_for_any() {
    let cases: [fn(Option<usize>) -> bool; 3] = [
        |count| count > Some(100),
        |count| count > Some(50),
        // No size at all is taken.
        |count| count.is_some(),
    ];
    for status in [400, 413, 500] {
        for is_refused in cases {
            let fake = refusing(status, is_refused);
            assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 250, "{status}");
            // It is learnt once.
            let asked = fake.asked();
            let refused = asked.iter().filter(|request| is_refused(request.number("count")));
            assert!(refused.count() <= 9, "{status}");
        }
    }
    let error = all(&refusing(400, |_| true)).await.expect_err("a refusal");
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
}

#[tokio::test]
async fn a_lookup_survives_a_portal_that_takes_no_count() {
    let fake = Fake::new(full(), |request, _| {
        if request.query.contains_key("count") {
            return Reply::status(500);
        }
        let users = if request.query.contains_key("filter") { vec![user(1)] } else { vec![] };
        Reply::json(200, &list(users.len(), &users))
    });
    let observed = reader(&fake).await.read_some(&[super::lookups::mailbox(1)]).await;
    assert_eq!(observed.expect("a list").mailboxes().len(), 1);
}

/// A portal of so many users that gives the extension where `has_it` says so.
fn hiding(users: usize, has_it: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Fake {
    Fake::new(full(), move |request, _| {
        let mut answer = match request.path.rsplit_once("/Users/") {
            Some((_, id)) => user(id.parse().unwrap()),
            None => page(request, users, 3),
        };
        if !has_it(request) {
            let listed = answer.get_mut("Resources").and_then(Value::as_array_mut);
            for user in listed.into_iter().flatten() {
                user.as_object_mut().unwrap().remove(wire::MAILBOX);
            }
        }
        Reply::json(200, &answer)
    })
}

#[tokio::test]
async fn a_list_without_the_extension_is_held_against_single_users() {
    let fake = hiding(7, |request| !request.is_list());
    for read in
        [all(&fake).await, reader(&fake).await.read_some(&[super::lookups::mailbox(1)]).await]
    {
        let error = read.expect_err("a refusal");
        assert_eq!(error.kind, ErrorKind::Inconsistent);
        assert!(error.detail.contains("one that is read individually has it"), "{error}");
    }
    let mappings = [Default::default()];
    let portal = inspect(&fake.endpoint(), &quick(), &mappings, &|_, _| {}).await;
    let problems = &portal.expect("a portal").mappings[0].problems;
    assert!(
        problems.iter().any(|problem| problem.contains("nobody's in the list")),
        "{problems:?}"
    );
}

/// On the first page nobody has an archive, so that it does not show that `attributes` drop it.
#[tokio::test]
async fn attributes_may_drop_the_extension_on_later_pages_only() {
    let fake = Fake::new(full(), |request, _| {
        let mut answer = page(request, 7, 3);
        for user in answer["Resources"].as_array_mut().unwrap() {
            if user["id"].as_str() < Some("4") || request.query.contains_key("attributes") {
                user.as_object_mut().unwrap().remove(wire::MAILBOX);
            }
        }
        Reply::json(200, &answer)
    });
    let observed = all(&fake).await.expect("a list");
    let enabled = |state: &&State| **state == State::Enabled;
    assert_eq!(observed.mailboxes().iter().map(|one| &one.state).filter(enabled).count(), 4);
}
