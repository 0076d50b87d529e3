//! A few mailboxes by filter, and what is done where filters do not work.

use serde_json::json;

use super::super::testing::{Fake, Reply, full, list, page, plain, user};
use super::reader;
use crate::mailbox::Mailbox;
use crate::portal::{ErrorKind, PortalRead};

fn mailboxes(numbers: &[usize]) -> Vec<Mailbox> {
    numbers
        .iter()
        .map(|number| Mailbox::from_portal(&format!("m{number}@agensi.example")))
        .collect()
}

#[tokio::test]
async fn three_mailboxes_are_three_requests_in_all() {
    let fake = Fake::new(full(), |request, _| {
        let filter = &request.query["filter"];
        let users: Vec<_> = [1, 3]
            .into_iter()
            .filter(|n| filter.contains(&format!("\"m{n}@")))
            .map(user)
            .collect();
        Reply::json(200, &list(users.len(), &users))
    });
    let observed = reader(&fake)
        .await
        .read_some(&mailboxes(&[3, 2, 1]))
        .await
        .expect("a list");
    assert_eq!(observed.mailboxes().len(), 2);
    assert!(!observed.is_complete());
    assert_eq!(fake.seen().len(), 3);
    assert_eq!(
        fake.asked()[0].query["filter"],
        r#"userName eq "m1@agensi.example" or userName eq "m2@agensi.example" or userName eq "m3@agensi.example""#
    );
}

#[tokio::test]
async fn more_than_was_asked_for_and_other_case_are_sorted_out() {
    let fake = Fake::new(full(), |_, _| {
        let mut shouting = user(1);
        shouting["userName"] = json!("M1@AGENSI.example");
        Reply::json(200, &list(2, &[shouting, user(10)]))
    });
    let observed = reader(&fake)
        .await
        .read_some(&mailboxes(&[1]))
        .await
        .expect("a list");
    assert_eq!(observed.mailboxes().len(), 1);
    assert!(observed.get(&mailboxes(&[1])[0]).is_some());
}

#[tokio::test]
async fn a_filtered_answer_in_pages_is_read_to_its_end() {
    let fake = Fake::new(full(), |request, _| Reply::json(200, &page(request, 5, 2)));
    let observed = reader(&fake)
        .await
        .read_some(&mailboxes(&[1, 2, 3, 4, 5]))
        .await
        .expect("a list");
    assert_eq!(observed.mailboxes().len(), 5);
}

#[tokio::test]
async fn without_filters_everything_is_read_and_sorted_out() {
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
            let observed = reader
                .read_some(&mailboxes(&[2, 8, 11]))
                .await
                .expect("a list");
            assert_eq!(observed.mailboxes().len(), 2);
            assert!(!observed.is_complete());
        }
        let with_filter = fake
            .asked()
            .iter()
            .filter(|it| it.query.contains_key("filter"))
            .count();
        assert!(with_filter <= 2, "the refusal was not remembered");
    }
}

#[tokio::test]
async fn a_portal_that_pays_no_regard_to_the_filter_is_read_once() {
    let fake = Fake::new(full(), |request, _| Reply::json(200, &page(request, 9, 3)));
    let observed = reader(&fake)
        .await
        .read_some(&mailboxes(&[2, 8, 11]))
        .await
        .expect("a list");
    assert_eq!(observed.mailboxes().len(), 2);
    assert_eq!(fake.asked().len(), 4);
}

#[tokio::test]
async fn a_lookup_that_fails_is_no_absence() {
    for (status, kind) in [
        (500, ErrorKind::Server),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
    ] {
        let fake = Fake::new(full(), move |_, _| Reply::status(status));
        let error = reader(&fake)
            .await
            .read_some(&mailboxes(&[1]))
            .await
            .expect_err("an error");
        assert_eq!(error.kind, kind);
    }
}

#[tokio::test]
async fn many_mailboxes_are_looked_up_in_batches() {
    let fake = Fake::new(full(), |request, _| {
        let users: Vec<_> = request.query["filter"]
            .split('"')
            .filter_map(|it| it.strip_prefix('m')?.split('@').next()?.parse().ok())
            .map(user)
            .collect();
        Reply::json(200, &list(users.len(), &users))
    });
    let numbers: Vec<_> = (1..=300).collect();
    let observed = reader(&fake)
        .await
        .read_some(&mailboxes(&numbers))
        .await
        .expect("a list");
    assert_eq!(observed.mailboxes().len(), 300);
    assert!(fake.asked().len() > 3);
}
