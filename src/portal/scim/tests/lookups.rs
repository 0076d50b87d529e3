//! A few mailboxes by filter, and what is done where filters do not work.

use serde_json::json;

use super::reader;
use crate::domain::mailbox_address::Mailbox;
use crate::portal::scim::testing::{Fake, Reply, full, list, page, plain, user};
use crate::portal::{ErrorKind, PortalReader};

pub(super) fn mailbox(number: usize) -> Mailbox {
    Mailbox::from_portal(&format!("m{number}@agensi.example"))
}

fn mailboxes(numbers: &[usize]) -> Vec<Mailbox> {
    numbers.iter().copied().map(mailbox).collect()
}

/// Mailboxes 1 to 3, of which the first is spelt with capitals.
fn portal(is_case_exact: bool) -> Fake {
    Fake::new(full(), move |request, _| {
        let mut users = [user(1), user(2), user(3)];
        users[0]["userName"] = json!("M1@Agensi.example");
        let Some(filter) = request.query.get("filter") else {
            let count = request.number("count").unwrap_or(3).min(3);
            return Reply::json(200, &list(3, &users[..count]));
        };
        let spelt = |text: &str| match is_case_exact {
            true => text.to_owned(),
            false => text.to_ascii_lowercase(),
        };
        let named = |user: &&serde_json::Value| {
            let name = user["userName"].as_str().unwrap_or_default();
            spelt(filter).contains(&spelt(&format!("\"{name}\"")))
        };
        let found: Vec<_> = users.iter().filter(named).cloned().collect();
        Reply::json(200, &list(found.len(), &found))
    })
}

#[tokio::test]
async fn three_mailboxes_take_three_requests() {
    let fake = portal(false);
    let reader = reader(&fake).await;
    let observed = reader.read_some(&mailboxes(&[3, 2, 1])).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 3);
    assert!(!observed.is_complete());
    assert_eq!(fake.seen().len(), 3);
    assert_eq!(
        fake.asked()[0].query["filter"],
        r#"userName eq "m1@agensi.example" or userName eq "m2@agensi.example" or userName eq "m3@agensi.example""#
    );
}

#[tokio::test]
async fn confirms_an_absent_mailbox_once() {
    // A filter that gave nobody is asked again term by term, because some portals read only the first.
    for (asked, found, requests) in [(&[4, 3, 2, 1][..], 3, 3), (&[4, 5], 0, 8)] {
        let fake = portal(false);
        let reader = reader(&fake).await;
        for _ in 0..2 {
            let observed = reader.read_some(&mailboxes(asked)).await.expect("a list");
            assert_eq!(observed.mailboxes().len(), found);
            assert!(!observed.is_empty(), "the portal has others");
        }
        assert_eq!(fake.asked().len(), requests);
    }
}

#[tokio::test]
async fn case_sensitive_filters_hide_nobody() {
    for asked in [&[1][..], &[1, 3], &[1, 4]] {
        let fake = portal(true);
        let reader = reader(&fake).await;
        for _ in 0..2 {
            let observed = reader.read_some(&mailboxes(asked)).await.expect("a list");
            let first = observed.find_mailbox(&mailboxes(&[1])[0]);
            assert!(first.is_some(), "{asked:?}");
        }
    }
}

#[tokio::test]
async fn an_empty_portal_has_no_mailbox() {
    let fake = Fake::new(full(), |_, _| Reply::json(200, &list(0, &[])));
    let reader = reader(&fake).await;
    let observed = reader.read_some(&mailboxes(&[1])).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 0);
    assert!(observed.is_empty() && !observed.is_complete());
}

#[tokio::test]
async fn drops_unrequested_mailboxes_and_ignores_case() {
    let fake = Fake::new(full(), |_, _| {
        let mut shouting = user(1);
        shouting["userName"] = json!("M1@AGENSI.example");
        Reply::json(200, &list(2, &[shouting, user(10)]))
    });
    let observed = reader(&fake).await.read_some(&mailboxes(&[1])).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 1);
    assert!(observed.find_mailbox(&mailboxes(&[1])[0]).is_some());
}

#[tokio::test]
async fn reads_all_pages_of_a_filtered_answer() {
    let fake = Fake::new(full(), |request, _| Reply::json(200, &page(request, 5, 2)));
    let observed =
        reader(&fake).await.read_some(&mailboxes(&[1, 2, 3, 4, 5])).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 5);
}

#[tokio::test]
async fn reads_everything_without_filters() {
    type Refuse = fn() -> Reply;
    let refusals: [Option<Refuse>; 4] = [
        None,
        Some(|| Reply::error(400, "invalidFilter", "no")),
        Some(|| Reply::status(400)),
        Some(|| Reply::status(501)),
    ];
    for refuse in refusals {
        let config = if refuse.is_some() { full() } else { plain(3) };
        let fake = Fake::new(config, move |request, _| {
            match (request.query.contains_key("filter"), refuse) {
                (true, Some(refuse)) => refuse(),
                (true, None) => panic!("a filter where none is offered"),
                (false, _) => Reply::json(200, &page(request, 9, 3)),
            }
        });
        let reader = reader(&fake).await;
        for _ in 0..2 {
            let observed = reader.read_some(&mailboxes(&[2, 8, 11])).await.expect("a list");
            assert_eq!(observed.mailboxes().len(), 2);
            assert!(!observed.is_complete());
        }
        let with_filter =
            fake.asked().iter().filter(|request| request.query.contains_key("filter")).count();
        assert!(with_filter <= 2, "the refusal was not remembered");
    }
}

#[tokio::test]
async fn reads_once_if_filters_are_ignored() {
    let fake = Fake::new(full(), |request, _| Reply::json(200, &page(request, 9, 3)));
    let observed = reader(&fake).await.read_some(&mailboxes(&[2, 8, 11])).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 2);
    assert_eq!(fake.asked().len(), 4);
}

#[tokio::test]
async fn a_failed_lookup_is_an_error() {
    for (status, kind) in
        [(500, ErrorKind::Server), (403, ErrorKind::Forbidden), (404, ErrorKind::NotFound)]
    {
        let fake = Fake::new(full(), move |_, _| Reply::status(status));
        let error = reader(&fake).await.read_some(&mailboxes(&[1])).await.expect_err("an error");
        assert_eq!(error.kind, kind);
    }
}

#[tokio::test]
async fn looks_up_many_mailboxes_in_batches() {
    let fake = Fake::new(full(), |request, _| {
        let users: Vec<_> = request.query["filter"]
            .split('"')
            .filter_map(|name| name.strip_prefix('m')?.split('@').next()?.parse().ok())
            .map(user)
            .collect();
        Reply::json(200, &list(users.len(), &users))
    });
    let numbers: Vec<_> = (1..=300).collect();
    let observed = reader(&fake).await.read_some(&mailboxes(&numbers)).await.expect("a list");
    assert_eq!(observed.mailboxes().len(), 300);
    assert!(fake.asked().len() > 3);
}

/// A portal of 25 users that applies filters in its own way: which users a filter of these addresses gives.
fn filtering(applies: impl Fn(&[&str], &str) -> bool + Send + Sync + 'static) -> Fake {
    Fake::new(full(), move |request, _| {
        let Some(filter) = request.query.get("filter") else {
            return Reply::json(200, &page(request, 25, 200));
        };
        let terms: Vec<&str> = filter.split('"').skip(1).step_by(2).collect();
        let names = (1..=25).map(|number| (number, format!("m{number}@agensi.example")));
        let found: Vec<_> = names
            .filter(|(_, name)| applies(&terms, name))
            .map(|(number, _)| user(number))
            .collect();
        Reply::json(200, &list(found.len(), &found))
    })
}

#[tokio::test]
async fn filters_that_are_half_applied_hide_nobody() {
    type Applies = fn(&[&str], &str) -> bool;
    let cases: [(&str, Applies); 6] = [
        ("the first term", |terms, name| terms[0].eq_ignore_ascii_case(name)),
        ("the last term", |terms, name| terms[terms.len() - 1].eq_ignore_ascii_case(name)),
        ("no term", |_, _| false),
        ("all users", |_, _| true),
        ("in its own case", |terms, name| terms.contains(&name)),
        // `sw` in place of `eq`: others come, too.
        ("the beginning of the first", |terms, name| {
            name.starts_with(&terms[0].to_lowercase()[..2])
        }),
    ];
    for (which, applies) in cases {
        let fake = filtering(applies);
        let observed = reader(&fake).await.read_some(&mailboxes(&[2, 13, 24, 99])).await;
        assert_eq!(observed.expect(which).mailboxes().len(), 3, "{which}");
    }
}

/// An ignored filter, a page of ten, and a total of the page: only the list of all shows what that is.
#[tokio::test]
async fn an_ignored_filter_with_a_total_of_the_page_is_a_contradiction() {
    let fake = Fake::new(full(), |request, _| {
        let mut answer = page(request, 25, 10);
        answer["totalResults"] = json!(answer["Resources"].as_array().unwrap().len());
        Reply::json(200, &answer)
    });
    let read = reader(&fake).await.read_some(&mailboxes(&[24])).await;
    assert!(read.expect_err("a contradiction").detail.contains("more behind them"));
}

/// A portal that decodes `+` as a blank, and one that stumbles over quotes.
#[tokio::test]
async fn odd_addresses_are_not_believed_to_be_absent() {
    for odd in ["a+b@agensi.example", "d'cruz@agensi.example"] {
        let fake = Fake::new(full(), move |request, _| {
            let mut users = [user(1), user(2)];
            users[1]["userName"] = json!(odd);
            let filter = request.query.get("filter").map(|filter| filter.to_lowercase());
            let is_found = |user: &&serde_json::Value| match &filter {
                Some(filter) => user["id"] == json!("1") && filter.contains("m1@"),
                None => true,
            };
            let found: Vec<_> = users.iter().filter(is_found).cloned().collect();
            Reply::json(200, &list(found.len(), &found))
        });
        let some = [mailbox(1), Mailbox::from_portal(odd)];
        let observed = reader(&fake).await.read_some(&some).await.expect("a list");
        assert_eq!(observed.mailboxes().len(), 2, "{odd}");
    }
}
