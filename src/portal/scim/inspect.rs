//! Looks at a portal that nobody has mapped yet: what it says of itself, and what all of its users
//! have. Sends nothing but GET.

use std::collections::HashSet;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::attribute_profile::{AttributeCounts, ValueProfile, attribute_key};
use super::capabilities;
use super::compiled_mapping::CompiledMapping;
use super::confirmed_attributes::ConfirmedAttributes;
use super::connection_config::ConnectionConfig;
use super::json::{list_field, listed_resources, scalar, text_field};
use super::limits::ClientLimits;
use super::mapping_trial::InspectCounts;
use super::patch;
use super::quirks::Quirks;
use super::read_session::ReadSession;
use super::reader::Reader;
use super::schemas;
use super::schemas::PortalSchemas;
use super::scim_client::GetOnlyClient;
use crate::domain::mapping::scim::{AddressAttribute, AttributeName, Mapping};
use crate::domain::mapping::scim_urns as wire;
use crate::domain::observed::MailboxFilter;
use crate::domain::portal_inspection::{
    AttributeInfo, Capabilities, PortalInspection, ResourceType, Schema,
};
use crate::portal::{Doing, PortalError, PortalReader as _, Progress};

/// The most users in one page: they are read with all that they have.
const LARGEST_PAGE: usize = 500;

/// Looks at a portal, and reads all of its users by each of these mappings.
///
/// # Errors
/// Where the portal does not answer, refuses the token, is not SCIM, or does not give its list whole.
pub async fn inspect(
    endpoint: &ConnectionConfig,
    limits: &ClientLimits,
    mappings: &[Mapping],
    progress: Progress<'_>,
) -> Result<PortalInspection, PortalError> {
    let http = GetOnlyClient::new(endpoint, limits)?;
    let offers = capabilities::discover(&http).await?;
    let resource_types = read_resource_types(&http).await?;
    let offered = schemas::read(&http).await?;
    let mapping_counts = InspectCounts::new(mappings, &offered);
    let InspectCounts { attribute_profile, trials } =
        count_users(&http, &offers, limits, mapping_counts, progress).await?;
    let listed = attribute_profile.longest.as_bytes();
    let single = read_single_user(&http, listed).await;
    let one = single.as_deref().map(|single| (listed, single));
    let trials = trials.into_iter();
    let own = format!("{}:", wire::MAILBOX.to_lowercase());
    let mut paths = attribute_profile.attributes.keys();
    Ok(PortalInspection {
        offers: Some(offers),
        users: Some(attribute_profile.users),
        has_arkib_extension: offered.get(wire::MAILBOX).is_some()
            || paths.any(|path| path.starts_with(&own)),
        schemas: add_counts_to_schemas(user_schemas(offered, &resource_types), &attribute_profile),
        mappings: trials.map(|trial| trial.finish_check(&attribute_profile, one)).collect(),
        resource_types,
    })
}

/// Reads the whole list as every command reads it, and counts what comes.
async fn count_users(
    http: &GetOnlyClient,
    capabilities: &Capabilities,
    limits: &ClientLimits,
    counts: InspectCounts,
    progress: Progress<'_>,
) -> Result<InspectCounts, PortalError> {
    // A mapping by which every user can be read, also one that has no userName.
    let anybody = Mapping {
        mailbox: AddressAttribute::Other(AttributeName::core_attribute("userName")),
        ..Mapping::default()
    };
    let largest = capabilities.largest_page.unwrap_or(LARGEST_PAGE);
    let session = ReadSession {
        http: http.clone(),
        matcher: Arc::new(CompiledMapping::new(&anybody)),
        capabilities: Capabilities {
            largest_page: Some(largest.min(LARGEST_PAGE)),
            ..capabilities.clone()
        },
        limits: limits.clone(),
        // Users with all that they have, and nobody twice.
        quirks: Mutex::new(Quirks {
            shown: ConfirmedAttributes::ALL,
            whole_users: true,
            no_overlap: true,
            ..Quirks::default()
        }),
        counts: Some(Box::new(Mutex::new(counts))),
    };
    let nobody = Arc::new(MailboxFilter::named_only(&[]));
    let reader = Reader { session };
    reader.read_all(&nobody, progress).await?;
    let mapping_counts = *reader.session.counts.unwrap_or_default();
    Ok(mapping_counts.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A user of the list by itself, as it is read before it is changed. What fails here is no harm.
async fn read_single_user(http: &GetOnlyClient, listed: &[u8]) -> Option<Vec<u8>> {
    let user: Value = serde_json::from_slice(listed).ok()?;
    let doing = Doing::ReadingOne;
    let id = (&*scalar(&user, "id").as_id()?).into();
    let answer = http.get(&patch::user_path(&id, doing).ok()?, "", doing).await;
    answer.ok().map(|answer| answer.body)
}

async fn read_resource_types(http: &GetOnlyClient) -> Result<Vec<ResourceType>, PortalError> {
    let doing = Doing::AskingKinds;
    let answer = match http.get("ResourceTypes", "", doing).await {
        Ok(answer) => serde_json::from_slice(&answer.body),
        Err(failure) if failure.status().is_some() => return Ok(Vec::new()),
        Err(failure) => return Err(failure.into()),
    };
    let Ok(answer) = answer else {
        return Ok(Vec::new());
    };
    let text = |kind, name| text_field(kind, name).unwrap_or_default();
    let urn = |extension| text(extension, "schema");
    let kinds = listed_resources(&answer).iter().take(100).map(|kind| ResourceType {
        name: text(kind, "name"),
        endpoint: text(kind, "endpoint"),
        schema: text(kind, "schema"),
        extensions: list_field(kind, "schemaExtensions").iter().map(urn).collect(),
    });
    Ok(kinds.collect())
}

/// The schemas of users: SCIM's own and the extensions.
fn user_schemas(offered: PortalSchemas, types: &[ResourceType]) -> Vec<Schema> {
    let is = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let users = types.iter().find(|kind| is(&kind.schema, wire::USER));
    let extensions = users.map_or(&[][..], |users| &users.extensions);
    let is_extension = |id: &str| match extensions {
        [] => !id.to_lowercase().starts_with("urn:ietf:params:scim:schemas:core:"),
        urns => urns.iter().any(|urn| is(urn, id)),
    };
    let mut schemas = offered.schemas;
    schemas.retain(|schema| is(&schema.id, wire::USER) || is_extension(&schema.id));
    schemas
}

/// What the schemas list, with what was counted of each, and after it what users have besides.
fn add_counts_to_schemas(
    mut schemas: Vec<Schema>,
    attribute_profile: &AttributeCounts,
) -> Vec<Schema> {
    let nothing = ValueProfile::default();
    let mut listed = HashSet::new();
    for schema in &mut schemas {
        let attributes = mem::take(&mut schema.attributes);
        for attribute in attributes.into_iter().flat_map(split_into_parts) {
            let path = AttributeName::parse(&attribute.name, Some(&schema.id))
                .map(|attribute| attribute_key(&attribute));
            let counted =
                path.as_ref().ok().and_then(|path| attribute_profile.attributes.get(path));
            let values = counted.map_or(&nothing, |(_, values)| values);
            schema.attributes.push(values.add_counts_to_info(attribute));
            listed.extend(path);
        }
    }
    for (path, (attribute, values)) in &attribute_profile.attributes {
        if listed.contains(path) {
            continue;
        }
        let id = attribute.schema.as_deref().unwrap_or(wire::USER);
        let is_of = |schema: &Schema| schema.id.eq_ignore_ascii_case(id);
        let index = schemas.iter().position(is_of).unwrap_or_else(|| {
            schemas.push(Schema { id: id.to_owned(), ..Schema::default() });
            schemas.len() - 1
        });
        schemas[index].attributes.push(values.add_counts_to_info(AttributeInfo {
            name: attribute.name_in_schema(),
            ..AttributeInfo::default()
        }));
    }
    schemas
}

/// An attribute, or its parts where they have the values. A list is one attribute, whatever it is
/// made of: no mapping can name a part of it.
fn split_into_parts(mut whole: AttributeInfo) -> Vec<AttributeInfo> {
    if whole.parts.is_empty() || whole.multi_valued {
        return vec![whole];
    }
    let mut parts = mem::take(&mut whole.parts);
    for part in &mut parts {
        part.name = format!("{}.{}", whole.name, part.name);
    }
    parts
}
