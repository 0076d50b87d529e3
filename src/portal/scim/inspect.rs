//! Looks at a portal that nobody has mapped yet: what it says of itself, and up to two pages of its
//! users. Sends nothing but GET.

use std::collections::BTreeMap;

use serde_json::Value;

use super::capabilities;
use super::capabilities::Capabilities;
use super::fit;
use super::fit::Vouched;
use super::fit::fit;
use super::guess;
use super::guess::Guess;
use super::http::{Failure, GetOnly, malformed};
use super::matcher::Matcher;
use super::schemas;
use super::schemas::{Offered, Schema};
use super::tally::Tally;
use super::{Endpoint, Limits, page, query, user, wire};
use crate::domain::archive::State;
use crate::domain::mapping::scim::{Address, Mapping};
use crate::domain::observed::Sieve;
use crate::portal::PortalError;

/// Said where a user by itself says less than in a list: arkib reads it so before it terminates.
const LESS_ALONE: &str = "state: a user read by itself does not say what the list says of its archive, so that it would look as if it had none; ask the portal's operator";

/// How many users are looked at in one page.
const SAMPLE: usize = 200;

/// What a portal says of itself, and some of its users.
#[derive(Debug)]
pub struct Inspected {
    /// What it can do.
    pub offers: Offers,
    /// Its kinds of resources.
    pub types: Vec<ResourceType>,
    /// How many users it says there are.
    pub total: Option<usize>,
    /// How many of them were looked at.
    pub looked_at: usize,
    offered: Offered,
    tally: Tally,
    pages: Vec<Vec<u8>>,
    /// One of them as it stands in the list, and by itself, as it is read before it is changed.
    alone: Option<(Vec<u8>, Vec<u8>)>,
}

/// What a portal can do (RFC 7643 section 5).
#[derive(Debug)]
pub struct Offers {
    /// What arkib makes use of.
    pub capabilities: Capabilities,
    /// Whether it says anything at all.
    pub has_config: bool,
    /// Lists in an order.
    pub sort: bool,
    /// How those who call it say who they are: type and name.
    pub authentication: Vec<(String, String)>,
}

/// A kind of resource (RFC 7643 section 6).
#[derive(Debug)]
pub struct ResourceType {
    /// Its name.
    pub name: String,
    /// Where its resources are.
    pub endpoint: String,
    /// The URN of its schema.
    pub schema: String,
    /// The URNs of its extensions.
    pub extensions: Vec<String>,
}

/// What arkib would see by a mapping.
#[derive(Debug, Default)]
pub struct Seen {
    /// What does not fit, each a sentence.
    pub problems: Vec<String>,
    /// How many of the mailboxes that were looked at are in each state.
    pub states: BTreeMap<String, usize>,
    /// How many of the users that were looked at have no address.
    pub without_address: usize,
    /// How many addresses belong to users that have several, of which none is the one.
    pub ambiguous: usize,
}

/// Looks at a portal.
///
/// # Errors
/// Where the portal does not answer, refuses the token, or is not SCIM.
pub async fn inspect(endpoint: &Endpoint, limits: &Limits) -> Result<Inspected, PortalError> {
    let http = GetOnly::open(endpoint, limits)?;
    let offers = offers(&http).await?;
    let types = types(&http).await?;
    let offered = schemas::read(&http).await?;
    let pages = sample(&http, &offers.capabilities).await?;
    let mut tally = Tally::default();
    pages.iter().for_each(|page| tally.page(page));
    let alone = alone(&http, &pages).await;
    let total = pages.first().and_then(|body| total(body));
    Ok(Inspected {
        offers,
        types,
        total,
        looked_at: tally.users,
        offered,
        tally,
        pages,
        alone,
    })
}

impl Inspected {
    /// The schemas of users: SCIM's own and the extensions.
    pub fn schemas(&self) -> Vec<&Schema> {
        let users = self
            .types
            .iter()
            .find(|it| it.schema.eq_ignore_ascii_case(wire::USER));
        let is_of_users = |schema: &&Schema| {
            let id = schema.id.to_lowercase();
            let is = |urn: &str| urn.eq_ignore_ascii_case(&id);
            match users.filter(|it| !it.extensions.is_empty()) {
                Some(users) => is(wire::USER) || users.extensions.iter().any(|it| is(it)),
                None => is(wire::USER) || !id.starts_with("urn:ietf:params:scim:schemas:core:"),
            }
        };
        self.offered.schemas.iter().filter(is_of_users).collect()
    }

    /// Whether the portal has arkib's own extension.
    pub fn has_own(&self) -> bool {
        let own = wire::MAILBOX.to_lowercase();
        let seen = self.tally.attributes.keys();
        self.offered.get(wire::MAILBOX).is_some()
            || seen
                .into_iter()
                .any(|path| path.starts_with(&format!("{own}:")))
    }

    /// What arkib would use for what.
    pub fn guess(&self) -> Guess {
        let matcher = Matcher::new(&anybody());
        let with = self
            .pages
            .iter()
            .filter_map(|page| page::decode(page, &matcher, &Sieve::EVERYTHING).ok());
        let with = with.map(|page| {
            page.mailboxes
                .iter()
                .filter(|it| !it.mailbox.is_nobody())
                .count()
        });
        guess::guess(&self.schemas(), &self.tally, with.sum())
    }

    /// Holds a mapping against what the portal says and what its users have.
    pub fn try_out(&self, mapping: &Mapping) -> Seen {
        let fit = fit(mapping, &self.offered);
        let mut seen = Seen {
            problems: fit.problems,
            ..Seen::default()
        };
        let matcher = Matcher::new(mapping);
        let (mut vouched, mut mailboxes) = (fit.vouched, 0);
        for page in &self.pages {
            let page = match page::decode(page, &matcher, &Sieve::EVERYTHING) {
                Ok(page) => page,
                Err(why) => {
                    seen.problems.push(format!("users: {why}"));
                    continue;
                }
            };
            vouched = vouched.or(Vouched {
                state: page.with_state > 0,
                hold: page.with_hold > 0,
                account: page.with_account > 0,
            });
            seen.ambiguous += page.claimed.len();
            for it in page.mailboxes {
                if it.mailbox.is_nobody() {
                    seen.without_address += 1;
                    continue;
                }
                mailboxes += 1;
                let state = match &it.state {
                    State::Unknown(_) => "unknown",
                    known => known.as_str(),
                };
                *seen.states.entry(state.to_owned()).or_default() += 1;
            }
        }
        let unknown = vouched.lacking(mapping);
        if let (true, Some(unknown)) = (seen.problems.is_empty() && mailboxes > 0, unknown) {
            seen.problems.push(fit::silent(&unknown, mailboxes).detail);
        }
        if let Some((listed, alone)) = &self.alone {
            let says = |body: &[u8]| user::decode(body, &matcher).is_ok_and(|it| it.said.has_state);
            if says(listed) && !says(alone) {
                seen.problems.push(LESS_ALONE.to_owned());
            }
        }
        if mailboxes == 0 && self.looked_at > 0 {
            seen.problems.push(format!(
                "mailbox: not one of {} users has an address in `{}`",
                self.looked_at, mapping.mailbox
            ));
        }
        seen
    }
}

async fn offers(http: &GetOnly) -> Result<Offers, PortalError> {
    let mut offers = Offers {
        capabilities: Capabilities::default(),
        has_config: false,
        sort: false,
        authentication: Vec::new(),
    };
    let doing = "asking the portal what it can do";
    let answer = match http.get("ServiceProviderConfig", "", doing).await {
        Ok(answer) => answer,
        Err(Failure {
            status: Some(404 | 501),
            ..
        }) => return Ok(offers),
        Err(failure) => return Err(failure.into()),
    };
    offers.capabilities =
        capabilities::decode(&answer.body).map_err(|why| malformed(doing, &why))?;
    offers.has_config = true;
    let Some(config) = resources(&answer.body).into_iter().next() else {
        return Ok(offers);
    };
    offers.sort = field(&config, "sort")
        .and_then(|sort| field(sort, "supported"))
        .is_some_and(|it| {
            it.as_bool() == Some(true)
                || it
                    .as_str()
                    .is_some_and(|it| it.eq_ignore_ascii_case("true"))
        });
    let schemes = field(&config, "authenticationSchemes").and_then(Value::as_array);
    offers.authentication = schemes
        .into_iter()
        .flatten()
        .take(20)
        .map(|scheme| (text(scheme, "type"), text(scheme, "name")))
        .collect();
    Ok(offers)
}

async fn types(http: &GetOnly) -> Result<Vec<ResourceType>, PortalError> {
    let doing = "asking the portal for its kinds of resources";
    let answer = match http.get("ResourceTypes", "", doing).await {
        Ok(answer) => answer,
        Err(failure) if failure.status.is_some() => return Ok(Vec::new()),
        Err(failure) => return Err(failure.into()),
    };
    let extensions = |kind: &Value| {
        let listed = field(kind, "schemaExtensions").and_then(Value::as_array);
        listed
            .into_iter()
            .flatten()
            .map(|it| text(it, "schema"))
            .collect()
    };
    let each = resources(&answer.body).into_iter().take(100);
    Ok(each
        .map(|kind| ResourceType {
            name: text(&kind, "name"),
            endpoint: text(&kind, "endpoint"),
            schema: text(&kind, "schema"),
            extensions: extensions(&kind),
        })
        .collect())
}

/// The first page of users, and the last: those who came lately may be otherwise.
async fn sample(http: &GetOnly, capabilities: &Capabilities) -> Result<Vec<Vec<u8>>, PortalError> {
    let doing = "reading some mailboxes";
    let count = capabilities.max_page.unwrap_or(SAMPLE).clamp(1, SAMPLE);
    let first = match capabilities.cursor {
        true => query::Position::Cursor { cursor: "", count },
        false => query::Position::Index { start: 1, count },
    };
    let answer = http
        .get("Users", &query::list(None, first, None), doing)
        .await?;
    let given = page::decode(&answer.body, &Matcher::new(&anybody()), &Sieve::EVERYTHING)
        .map_err(|why| malformed(doing, &why))?;
    let mut pages = vec![answer.body];
    let second = match (given.next_cursor, given.total) {
        (Some(cursor), _) => {
            let position = query::Position::Cursor {
                cursor: &cursor,
                count,
            };
            query::list(None, position, None)
        }
        (None, Some(total)) if !capabilities.cursor && total > given.mailboxes.len() => {
            let start = total.saturating_sub(count).max(given.mailboxes.len()) + 1;
            query::list(None, query::Position::Index { start, count }, None)
        }
        _ => return Ok(pages),
    };
    // What the first page shows is enough where the second fails.
    if let Ok(answer) = http.get("Users", &second, doing).await {
        pages.push(answer.body);
    }
    Ok(pages)
}

/// A mapping by which every user can be read, also one that has no userName.
fn anybody() -> Mapping {
    Mapping {
        mailbox: Address::Emails,
        ..Mapping::default()
    }
}

/// A user by itself: one that has more to say than others. What fails here is no harm.
async fn alone(http: &GetOnly, pages: &[Vec<u8>]) -> Option<(Vec<u8>, Vec<u8>)> {
    let users = resources(pages.first()?);
    let longest = users.iter().max_by_key(|user| user.to_string().len())?;
    let id = field(longest, "id").and_then(Value::as_str)?;
    if matches!(id, "" | "." | "..") {
        return None;
    }
    let path = format!("Users/{}", query::encode(id));
    let answer = http.get(&path, "", "reading a mailbox by itself").await;
    let listed = longest.to_string().into_bytes();
    answer.ok().map(|answer| (listed, answer.body))
}

fn total(body: &[u8]) -> Option<usize> {
    page::decode(body, &Matcher::new(&anybody()), &Sieve::EVERYTHING)
        .ok()?
        .total
}

/// What an answer lists: in a ListResponse, in a bare list, or itself.
fn resources(body: &[u8]) -> Vec<Value> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(all)) => all,
        Ok(value) => match field(&value, "Resources") {
            Some(Value::Array(all)) => all.clone(),
            _ => vec![value],
        },
        Err(_) => Vec::new(),
    }
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let found = value
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

fn text(value: &Value, name: &str) -> String {
    let text = field(value, name)
        .and_then(Value::as_str)
        .unwrap_or_default();
    text.chars().take(300).collect()
}
