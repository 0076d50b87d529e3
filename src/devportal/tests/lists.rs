//! Lists over HTTP.

use super::*;

fn roster(mailboxes: usize) -> Options {
    let mut text = "mailbox,state\n".to_owned();
    for n in 0..mailboxes {
        let state = if n % 3 == 0 { "enabled" } else { "disabled" };
        text.push_str(&format!("u{n:04}@agensi.example,{state}\n"));
    }
    let mut options = options();
    options.roster = Some(Roster::read(text.as_bytes(), "portal.csv").expect("a roster"));
    options.page_size = 10;
    options
}

fn names(answer: &Answer) -> Vec<String> {
    answer.body["Resources"]
        .as_array()
        .expect("resources")
        .iter()
        .map(|user| user["userName"].as_str().expect("a name").to_owned())
        .collect()
}

fn all(mailboxes: impl Iterator<Item = usize>) -> Vec<String> {
    mailboxes.map(|n| format!("u{n:04}@agensi.example")).collect()
}

/// Every page by cursor.
async fn walk(site: &Site, query: &str) -> Vec<String> {
    let (mut read, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = site.get(&format!("Users?{query}&cursor={cursor}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        read.extend(names(&page));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return read,
        }
    }
}

#[tokio::test]
async fn every_paging_gives_each_mailbox_once() {
    let site = Site::new(roster(34)).await;
    assert_eq!(walk(&site, "attributes=userName").await, all(0..34));
    assert_eq!(walk(&site, "count=7").await, all(0..34));
    let enabled = format!("filter={}:state%20eq%20%22enabled%22&count=5", wire::MAILBOX);
    assert_eq!(walk(&site, &enabled).await, all((0..34).step_by(3)));
    let backwards = "sortBy=userName&sortOrder=descending&count=9";
    assert_eq!(walk(&site, backwards).await, all((0..34).rev()));

    for gap in [false, true] {
        if gap {
            site.send(Method::DELETE, "Users/00000003", &Value::Null).await;
        }
        let (mut read, mut index) = (Vec::new(), 1);
        loop {
            let page = site.get(&format!("Users?startIndex={index}&count=99")).await;
            let total = page.body["totalResults"].as_u64().expect("a number");
            assert_eq!(total, if gap { 33 } else { 34 });
            let count = page.body["itemsPerPage"].as_u64().expect("a number");
            assert_eq!(
                (page.body["startIndex"].as_u64(), names(&page).len() as u64),
                (Some(index), count)
            );
            assert_eq!(page.body.get("nextCursor"), None);
            if count == 0 {
                break;
            }
            assert!(count <= 10);
            index += count;
            read.extend(names(&page));
        }
        assert_eq!(read, all((0..34).filter(|n| !gap || *n != 2)));
    }
}

#[tokio::test]
async fn refuses_a_cursor_of_another_list() {
    let site = Site::new(roster(34)).await;
    let page = site.get("Users?cursor=").await;
    let cursor = page.body["nextCursor"].as_str().expect("more").to_owned();
    for query in [
        format!("Users?cursor={cursor}&filter=title%20pr"),
        format!("Users?cursor={cursor}&sortBy=userName"),
        "Users?cursor=r-1-x".to_owned(),
        "Users?cursor=%C3%BC".to_owned(),
    ] {
        assert_eq!(site.get(&query).await.error(), (400, "invalidCursor"), "{query}");
    }
    let both = site.get(&format!("Users?cursor={cursor}&startIndex=1")).await;
    assert_eq!(both.error(), (400, "invalidValue"));
}

#[tokio::test]
async fn get_and_post_searches_agree() {
    let site = Site::new(roster(34)).await;
    let filter = "userName eq \"U0007@agensi.example\" or userName eq \"u0003@AGENSI.example\" or userName eq \"nobody\"";
    let search =
        json!({"schemas": [wire::SEARCH_REQUEST], "filter": filter, "attributes": ["userName"]});
    for path in ["Users/.search", ".search"] {
        let found = site.send(Method::POST, path, &search).await;
        assert_eq!(found.body["totalResults"], 2);
        assert_eq!(names(&found), all([3, 7].into_iter()));
        assert_eq!(found.body["Resources"][0].get("meta"), None);
    }
    let narrowed = "Users?filter=userName%20eq%20%22u0007@agensi.example%22%20and%20title%20pr";
    assert_eq!(site.get(narrowed).await.body["totalResults"], 0);
    let count = site.get("Users?count=0").await;
    assert_eq!((&count.body["totalResults"], names(&count).len()), (&34.into(), 0));
    let negative = site.get("Users?count=-5&startIndex=-5").await;
    assert_eq!((&negative.body["startIndex"], names(&negative).len()), (&1.into(), 0));
    let beyond = site.get("Users?startIndex=9223372036854775807").await;
    assert_eq!(names(&beyond).len(), 0);
}
