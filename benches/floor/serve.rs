//! A portal that costs next to nothing, to see what the client alone costs. Its mailboxes are rendered once,
//! and a page is a piece of that; or each page is made as it is sent, so that the portal may have any size.
//! Reads only.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox";
/// It stops by itself.
const LIFE: Duration = Duration::from_secs(1800);

/// The mailboxes of a portal, as JSON with a comma behind each.
enum Mailboxes {
    /// All of them, and where each begins.
    Rendered { text: String, begins: Vec<usize> },
    /// `officer0000000@…` and so on. Requests name the first ones; the archives of the last of these are not
    /// enabled yet.
    Generated { total: usize, named: usize, due: usize },
}

impl Mailboxes {
    fn total(&self) -> usize {
        match self {
            Self::Rendered { begins, .. } => begins.len() - 1,
            Self::Generated { total, .. } => *total,
        }
    }

    fn page(&self, begin: usize, end: usize) -> Cow<'_, str> {
        match self {
            Self::Rendered { text, begins } => text[begins[begin]..begins[end]].into(),
            Self::Generated { named, due, .. } => {
                (begin..end).map(|at| generated(at, at < named - due)).collect()
            }
        }
    }
}

fn generated(number: usize, is_enabled: bool) -> String {
    let (user, at) = (r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",""#, id(number));
    let state = if is_enabled { "enabled" } else { "disabled" };
    format!(
        r#"{user}{EXTENSION}"],"id":"{at}","userName":"officer{number:07}@perkhidmatan.example","active":true,"{EXTENSION}":{{"state":"{state}","account":"active","hold":false}},"meta":{{"version":"W/\"{number}\""}}}},"#
    )
}

fn id(number: usize) -> String {
    format!("{:08x}-6f1c-4c52-9d6b-{number:012x}", number * 2_654_435_761 % (1 << 32))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    #[serde(default = "one")]
    start_index: usize,
    count: Option<usize>,
}

fn one() -> usize {
    1
}

pub fn serve(roster: &Path, url_file: &Path) -> anyhow::Result<()> {
    serve_mailboxes(render(roster)?, url_file)
}

/// Serves so many mailboxes, so many of them named by a request, and so many of these not enabled yet.
pub fn generate(counts: [&str; 3], url_file: &Path) -> anyhow::Result<()> {
    let [total, named, due] = counts.map(str::parse);
    serve_mailboxes(Mailboxes::Generated { total: total?, named: named?, due: due? }, url_file)
}

fn serve_mailboxes(mailboxes: Mailboxes, url_file: &Path) -> anyhow::Result<()> {
    let mailboxes = Arc::new(mailboxes);
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/scim/v2", listener.local_addr()?);
        let app = Router::new()
            .route("/scim/v2/ServiceProviderConfig", get(config))
            .route("/scim/v2/Schemas", get(schemas))
            .route("/scim/v2/Users", get(users))
            .with_state(mailboxes);
        fs::write(url_file, url)?;
        tokio::select! {
            served = axum::serve(listener, app) => served?,
            () = tokio::time::sleep(LIFE) => {}
        }
        Ok(())
    })
}

fn render(roster: &Path) -> anyhow::Result<Mailboxes> {
    let (mut text, mut begins) = (String::new(), Vec::new());
    for (number, row) in csv::Reader::from_path(roster)?.records().enumerate() {
        let row = row?;
        let cell = |index: usize| row.get(index).context("a short row");
        let mut archive = json!({"state": cell(3)?, "account": cell(2)?, "hold": false});
        for (name, index) in [("request", 4), ("changedAt", 5)] {
            if !cell(index)?.is_empty() {
                archive[name] = cell(index)?.into();
            }
        }
        begins.push(text.len());
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", EXTENSION],
            "id": id(number), "userName": cell(0)?, "active": true,
            EXTENSION: archive, "meta": {"version": format!("W/\"{number}\"")},
        });
        text.push_str(&user.to_string());
        text.push(',');
    }
    begins.push(text.len());
    Ok(Mailboxes::Rendered { text, begins })
}

fn scim(text: String) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/scim+json")], text)
}

async fn users(State(all): State<Arc<Mailboxes>>, Query(asked): Query<Asked>) -> impl IntoResponse {
    let total = all.total();
    let begin = (asked.start_index - 1).min(total);
    let end = (begin + asked.count.unwrap_or(1000).min(1000)).min(total);
    let users = all.page(begin, end);
    scim(format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{total},"startIndex":{},"itemsPerPage":{},"Resources":[{}]}}"#,
        begin + 1,
        end - begin,
        users.trim_end_matches(',')
    ))
}

async fn config() -> impl IntoResponse {
    scim(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true}, "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": false, "maxResults": 1000}, "changePassword": {"supported": false},
        "sort": {"supported": false}, "etag": {"supported": true}, "authenticationSchemes": [],
    })
    .to_string())
}

async fn schemas() -> impl IntoResponse {
    let string = |name: &str| json!({"name": name, "type": "string", "mutability": "readWrite", "returned": "default"});
    let names = ["state", "request", "changedAt", "recoverableUntil", "account"];
    let mut attributes: Vec<_> = names.iter().map(|name| string(name)).collect();
    attributes.push(json!({"name": "hold", "type": "boolean", "mutability": "readWrite", "returned": "default"}));
    let schema = json!({"id": EXTENSION, "name": "Mailbox", "attributes": attributes});
    scim(
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 1, "Resources": [schema],
        })
        .to_string(),
    )
}
