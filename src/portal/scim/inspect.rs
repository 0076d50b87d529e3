//! Looks at a portal that nobody has mapped yet: what it says of itself, and what all of its users
//! have. Sends nothing but GET.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::attribute_counts::{Tally, Values};
use super::capabilities;
use super::capabilities::Capabilities;
use super::connection::GetOnly;
use super::directory::Directory;
use super::endpoint::Endpoint;
use super::json::{field, list, listed, scalar, text};
use super::limits::Limits;
use super::mapping_counts::{Census, Tried};
use super::matcher::Matcher;
use super::query;
use super::quirks::Learnt;
use super::reader::Reader;
use super::schemas;
use super::schemas::{Offered, Schema};
use super::vouched::Vouched;
use crate::domain::mapping::scim::{Address, Attribute, Mapping};
use crate::domain::mapping::scim_names as wire;
use crate::domain::observed::Sieve;
use crate::portal::{PortalError, PortalRead as _, Progress};

/// The most users in one page: they are read with all that they have.
const LARGEST_PAGE: usize = 500;

/// What a portal says of itself, and what its users have.
#[derive(Debug)]
pub struct Inspected {
    /// What it can do.
    pub offers: Offers,
    /// Its kinds of resources.
    pub types: Vec<ResourceType>,
    /// What each of the mappings makes of it, in their order.
    pub tried: Vec<Tried>,
    offered: Offered,
    tally: Tally,
}

/// What a portal can do (RFC 7643 section 5).
#[derive(Debug, Default)]
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

/// Looks at a portal, and reads all of its users by each of these mappings.
///
/// # Errors
/// Where the portal does not answer, refuses the token, is not SCIM, or does not give its list whole.
pub async fn inspect(
    endpoint: &Endpoint,
    limits: &Limits,
    mappings: &[Mapping],
    progress: Progress<'_>,
) -> Result<Inspected, PortalError> {
    let http = GetOnly::open(endpoint, limits)?;
    let offers = offers(&http).await?;
    let types = types(&http).await?;
    let offered = schemas::read(&http).await?;
    let census = Census::new(mappings, &offered);
    let census = count(&http, &offers.capabilities, limits, census, progress).await?;
    let listed = census.tally.longest.as_bytes();
    let alone = alone(&http, listed).await;
    let one = alone.as_deref().map(|alone| (listed, alone));
    let trials = census.trials.into_iter();
    Ok(Inspected {
        offers,
        types,
        tried: trials.map(|trial| trial.finish(one)).collect(),
        offered,
        tally: census.tally,
    })
}

/// Reads the whole list as every command reads it, and counts what comes.
async fn count(
    http: &GetOnly,
    capabilities: &Capabilities,
    limits: &Limits,
    census: Census,
    progress: Progress<'_>,
) -> Result<Census, PortalError> {
    let largest = capabilities.max_page.unwrap_or(LARGEST_PAGE);
    let reader = Reader {
        directory: Directory {
            http: http.clone(),
            matcher: Arc::new(Matcher::new(&anybody())),
            vouched: Vouched::ALL,
            capabilities: Capabilities {
                max_page: Some(largest.min(LARGEST_PAGE)),
                ..capabilities.clone()
            },
            limits: limits.clone(),
            // Users with all that they have, and nobody twice.
            learnt: Learnt {
                whole_users: AtomicBool::new(true),
                no_overlap: AtomicBool::new(true),
                ..Learnt::default()
            },
            census: Some(Box::new(Mutex::new(census))),
        },
    };
    let nobody = Arc::new(Sieve::these(&[]));
    reader.read_all(&nobody, progress).await?;
    let census = *reader.directory.census.unwrap_or_default();
    Ok(census.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A mapping by which every user can be read, also one that has no userName.
fn anybody() -> Mapping {
    Mapping {
        mailbox: Address::Other(Attribute::core("userName")),
        ..Mapping::default()
    }
}

/// A user of the list by itself, as it is read before it is changed. What fails here is no harm.
async fn alone(http: &GetOnly, listed: &[u8]) -> Option<Vec<u8>> {
    let user: Value = serde_json::from_slice(listed).ok()?;
    let id = field(&user, "id").as_str()?;
    if matches!(id, "" | "." | "..") {
        return None;
    }
    let path = format!("Users/{}", query::encode(id));
    let answer = http.get(&path, "", "reading a mailbox by itself").await;
    answer.ok().map(|answer| answer.body)
}

impl Inspected {
    /// The schemas of users: SCIM's own and the extensions.
    pub fn schemas(&self) -> Vec<&Schema> {
        let users = self
            .types
            .iter()
            .find(|kind| kind.schema.eq_ignore_ascii_case(wire::USER));
        let is_of_users = |schema: &&Schema| {
            let id = schema.id.to_lowercase();
            let is = |urn: &str| urn.eq_ignore_ascii_case(&id);
            match users.filter(|kind| !kind.extensions.is_empty()) {
                Some(users) => is(wire::USER) || users.extensions.iter().any(|urn| is(urn)),
                None => is(wire::USER) || !id.starts_with("urn:ietf:params:scim:schemas:core:"),
            }
        };
        self.offered.schemas.iter().filter(is_of_users).collect()
    }

    /// How many users there are.
    pub fn users(&self) -> usize {
        self.tally.users
    }

    /// What users have of an attribute; none where nobody has it.
    pub fn values(&self, attribute: &Attribute) -> Option<&Values> {
        self.tally.get(attribute)
    }

    /// Every attribute that some user has.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.tally
            .attributes
            .values()
            .map(|(attribute, _)| attribute)
    }

    /// Whether the portal has arkib's own extension.
    pub fn has_own(&self) -> bool {
        let is_own = |attribute: &Attribute| {
            let schema = attribute.schema.as_deref();
            schema.is_some_and(|schema| schema.eq_ignore_ascii_case(wire::MAILBOX))
        };
        self.offered.get(wire::MAILBOX).is_some() || self.attributes().any(is_own)
    }
}

async fn offers(http: &GetOnly) -> Result<Offers, PortalError> {
    let Some(config) = capabilities::config(http).await? else {
        return Ok(Offers::default());
    };
    let schemes = list(&config, "authenticationSchemes").iter().take(20);
    let name = |scheme, name| text(scheme, name).unwrap_or_default();
    Ok(Offers {
        capabilities: capabilities::offered(&config),
        has_config: true,
        sort: scalar(field(&config, "sort"), "supported").boolean() == Ok(Some(true)),
        authentication: schemes
            .map(|scheme| (name(scheme, "type"), name(scheme, "name")))
            .collect(),
    })
}

async fn types(http: &GetOnly) -> Result<Vec<ResourceType>, PortalError> {
    let doing = "asking the portal for its kinds of resources";
    let answer = match http.get("ResourceTypes", "", doing).await {
        Ok(answer) => answer,
        Err(failure) if failure.status().is_some() => return Ok(Vec::new()),
        Err(failure) => return Err(failure.into()),
    };
    let Ok(answer) = serde_json::from_slice(&answer.body) else {
        return Ok(Vec::new());
    };
    let text = |kind, name| text(kind, name).unwrap_or_default();
    let each = listed(&answer).iter().take(100);
    Ok(each
        .map(|kind| ResourceType {
            name: text(kind, "name"),
            endpoint: text(kind, "endpoint"),
            schema: text(kind, "schema"),
            extensions: list(kind, "schemaExtensions")
                .iter()
                .map(|extension| text(extension, "schema"))
                .collect(),
        })
        .collect())
}
