//! The same pages fetched and the same writes sent as arkib does, with as many under way, by a bare
//! HTTP client that looks at no answer but for its status.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use serde_json::{Value, json};

const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox";
/// As `src/portal/scim/list.rs` has it: pages under way, their size, and the one mailbox by which they overlap.
const AHEAD: usize = 4;
const PAGE: usize = 1000;
/// As arkib's `--concurrency` is by default.
const WRITES: usize = 16;
/// Operations of a bulk request, and such requests under way, as `src/portal/scim/together.rs` has it.
const OPERATIONS: usize = 100;
const BULKS: usize = 4;

struct Portal {
    client: Client,
    url: String,
    token: String,
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(tokio::runtime::Runtime::new()?)
}

impl Portal {
    fn new(url: &str, token: &str) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::builder().no_proxy().build()?,
            url: url.trim_end_matches('/').to_owned(),
            token: format!("Bearer {token}"),
        })
    }

    async fn get(&self, query: &str) -> anyhow::Result<Vec<u8>> {
        let asked = self.client.get(format!("{}/Users?{query}", self.url));
        let mut answer = asked.header(AUTHORIZATION, &self.token).send().await?;
        ensure!(answer.status().is_success(), "{}", answer.status());
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    async fn has_cursors(&self) -> anyhow::Result<bool> {
        let asked = self.client.get(format!("{}/ServiceProviderConfig", self.url));
        let config = asked.header(AUTHORIZATION, &self.token).send().await?;
        let config: Value = serde_json::from_slice(&config.bytes().await?)?;
        Ok(config["pagination"]["cursor"] == true)
    }

    async fn total(&self) -> anyhow::Result<usize> {
        let first: Value = serde_json::from_slice(&self.get("startIndex=1&count=1").await?)?;
        let total = first["totalResults"].as_u64().context("no total")?;
        Ok(usize::try_from(total)?)
    }

    /// Every page, by cursor where the portal has cursors, as arkib asks for them; gives the bytes
    /// of each to `take`.
    async fn pages(&self, total: usize, take: impl Fn(Vec<u8>)) -> anyhow::Result<()> {
        let names = ["state", "hold", "account", "request", "changedAt", "recoverableUntil"];
        let names = names.map(|name| format!("{EXTENSION}:{name}")).join(",");
        let attributes = format!("userName,{names},active,meta.version");
        let mut next = self.has_cursors().await?.then(String::new);
        if next.is_some() {
            while let Some(cursor) = next {
                let query = format!("cursor={cursor}&count={PAGE}&attributes={attributes}");
                let page = self.get(&query).await?;
                next = cursor_of(&page);
                take(page);
            }
            return Ok(());
        }
        let starts = std::iter::once(1).chain((PAGE..=total).step_by(PAGE - 1));
        let pages = starts
            .map(|start| format!("startIndex={start}&count={PAGE}&attributes={attributes}"))
            .map(|query| async move { self.get(&query).await });
        let mut pages = stream::iter(pages).buffered(AHEAD);
        while let Some(page) = pages.next().await {
            take(page?);
        }
        Ok(())
    }
}

/// The cursor of the next page, which stands behind the users.
fn cursor_of(page: &[u8]) -> Option<String> {
    let key = b"\"nextCursor\":\"";
    let at = page.windows(key.len()).rposition(|part| part == key)?;
    let value = &page[at + key.len()..];
    let end = value.iter().position(|byte| *byte == b'"')?;
    let value = std::str::from_utf8(&value[..end]).ok()?;
    let percent = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    Some(value.bytes().map(percent).collect())
}

pub fn fetch(url: &str, token: &str) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let portal = Portal::new(url, token)?;
        let total = portal.total().await?;
        let begin = Instant::now();
        portal.pages(total, drop).await?;
        super::told("fetch", total, begin.elapsed());
        Ok(())
    })
}

/// Which requests the writes are made by.
#[derive(Clone, Copy, PartialEq)]
pub enum Manner {
    /// A PATCH each.
    Alone,
    /// As arkib does: each termination is looked at right before.
    Looking,
    /// As arkib does where the portal has /Bulk: terminations likewise, all else in bulk requests.
    BulkSender,
}

/// A mailbox to change, and how.
struct Due {
    terminates: bool,
    id: String,
    version: String,
    body: Value,
}

/// Reads the ids and versions of what is due, which is not counted, and then sends all of it.
pub fn write(url: &str, token: &str, due: &Path, manner: Manner) -> anyhow::Result<()> {
    let wanted = fs::read_to_string(due)?;
    let wanted: HashMap<&str, (&str, &str)> = wanted
        .lines()
        .filter_map(|line| {
            let mut words = line.split('\t');
            Some((words.next()?, (words.next()?, words.next()?)))
        })
        .collect();
    runtime()?.block_on(async {
        let portal = Portal::new(url, token)?;
        let total = portal.total().await?;
        let found = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&found);
        portal
            .pages(total, |page| {
                let page: Value = serde_json::from_slice(&page).unwrap_or_default();
                let users = page["Resources"].as_array().cloned().unwrap_or_default();
                let mut found = into.lock().unwrap_or_else(|it| it.into_inner());
                found.extend(users.iter().filter_map(|user| due_of(user, &wanted)));
            })
            .await?;
        let mut due = std::mem::take(&mut *found.lock().unwrap_or_else(|it| it.into_inner()));
        // Overlapping pages give a mailbox twice.
        due.sort_by(|a, b| a.id.cmp(&b.id));
        due.dedup_by(|a, b| a.id == b.id);
        ensure!(due.len() == wanted.len(), "the portal lacks some of what is due");
        let begin = Instant::now();
        let (terminations, others): (Vec<Due>, Vec<Due>) =
            due.into_iter().partition(|one| one.terminates);
        let count = terminations.len() + others.len();
        let looks = manner != Manner::Alone;
        let first = stream::iter(&terminations).map(anyhow::Ok);
        first.try_for_each_concurrent(WRITES, |one| portal.look_and_patch(one, looks)).await?;
        if manner == Manner::BulkSender {
            let all = stream::iter(others.chunks(OPERATIONS)).map(anyhow::Ok);
            all.try_for_each_concurrent(BULKS, |part| portal.bulk(part)).await?;
        } else {
            let all = stream::iter(&others).map(anyhow::Ok);
            all.try_for_each_concurrent(WRITES, |one| portal.patch(one)).await?;
        }
        super::told("write", count, begin.elapsed());
        Ok(())
    })
}

fn due_of(user: &Value, wanted: &HashMap<&str, (&str, &str)>) -> Option<Due> {
    let (state, request) = wanted.get(user["userName"].as_str()?)?;
    let set = |name: &str, value: &str| json!({"op": "replace", "path": format!("{EXTENSION}:{name}"), "value": value});
    Some(Due {
        terminates: *state == "terminated",
        id: user["id"].as_str()?.to_owned(),
        version: user["meta"]["version"].as_str()?.to_owned(),
        body: json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [set("state", state), set("request", request)],
        }),
    })
}

impl Portal {
    async fn look_and_patch(&self, due: &Due, looks: bool) -> anyhow::Result<()> {
        if looks {
            let asked = self.client.get(format!("{}/Users/{}", self.url, due.id));
            let answer = asked.header(AUTHORIZATION, &self.token).send().await?;
            ensure!(answer.status().is_success(), "{}", answer.status());
            answer.bytes().await?;
        }
        self.patch(due).await
    }

    async fn patch(&self, due: &Due) -> anyhow::Result<()> {
        let asked = self
            .client
            .patch(format!("{}/Users/{}", self.url, due.id))
            .header(AUTHORIZATION, &self.token)
            .header(CONTENT_TYPE, "application/scim+json")
            .header(IF_MATCH, &due.version)
            .body(serde_json::to_vec(&due.body)?);
        let answer = asked.send().await?;
        ensure!(answer.status().is_success(), "{}", answer.status());
        answer.bytes().await?;
        Ok(())
    }

    async fn bulk(&self, part: &[Due]) -> anyhow::Result<()> {
        let operations: Vec<Value> = part
            .iter()
            .map(|due| {
                json!({
                    "method": "PATCH", "path": format!("/Users/{}", due.id),
                    "version": due.version, "data": due.body,
                })
            })
            .collect();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": operations,
        });
        let asked = self
            .client
            .post(format!("{}/Bulk", self.url))
            .header(AUTHORIZATION, &self.token)
            .header(CONTENT_TYPE, "application/scim+json")
            .body(serde_json::to_vec(&body)?);
        let answer = asked.send().await?;
        ensure!(answer.status().is_success(), "{}", answer.status());
        let text = answer.text().await?;
        let done = text.matches("\"status\":\"200\"").count();
        ensure!(done == part.len(), "{done} of {} were done", part.len());
        Ok(())
    }
}
