//! A portal that costs next to nothing, to see what the client alone costs: every mailbox is
//! rendered once, and a page is a piece of that. Reads only.

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
const LIFE: Duration = Duration::from_secs(600);

/// All mailboxes as JSON, each with a comma behind it, and where each begins.
struct Rendered {
    text: String,
    begins: Vec<usize>,
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
    let rendered = Arc::new(render(roster)?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/scim/v2", listener.local_addr()?);
        let app = Router::new()
            .route("/scim/v2/ServiceProviderConfig", get(config))
            .route("/scim/v2/Schemas", get(schemas))
            .route("/scim/v2/Users", get(users))
            .with_state(rendered);
        fs::write(url_file, url)?;
        tokio::select! {
            served = axum::serve(listener, app) => served?,
            () = tokio::time::sleep(LIFE) => {}
        }
        Ok(())
    })
}

fn render(roster: &Path) -> anyhow::Result<Rendered> {
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
        let id = format!("{:08x}-6f1c-4c52-9d6b-{number:012x}", number * 2_654_435_761 % (1 << 32));
        begins.push(text.len());
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", EXTENSION],
            "id": id, "userName": cell(0)?, "active": true,
            EXTENSION: archive, "meta": {"version": format!("W/\"{number}\"")},
        });
        text.push_str(&user.to_string());
        text.push(',');
    }
    begins.push(text.len());
    Ok(Rendered { text, begins })
}

fn scim(text: String) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/scim+json")], text)
}

async fn users(State(all): State<Arc<Rendered>>, Query(asked): Query<Asked>) -> impl IntoResponse {
    let total = all.begins.len() - 1;
    let begin = (asked.start_index - 1).min(total);
    let end = (begin + asked.count.unwrap_or(1000).min(1000)).min(total);
    let users = &all.text[all.begins[begin]..all.begins[end]];
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
