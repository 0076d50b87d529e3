//! The portal's discovery endpoints: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643
//! sections 5 to 7, RFC 7644 section 4). Pure.

use serde_json::{Value, json};

use super::error::{ScimError, ScimResult};
use super::http::MAX_BODY;
use super::options::Options;
use super::portal::PortalContext;
use super::schema::{AttributeDefinition, DataType, Mutability, SCHEMAS, Schemas};
use crate::domain::mapping::scim_urns as wire;

/// The answer of one of the endpoints ServiceProviderConfig, ResourceTypes and Schemas: all
/// of it, or the resource with that id.
///
/// # Errors
/// 404 where there is none.
pub(crate) fn discovery_document(
    portal: &PortalContext,
    endpoint: &str,
    id: Option<&str>,
) -> ScimResult<Value> {
    let base = &portal.base;
    let resources = match endpoint {
        "ResourceTypes" => SCHEMAS.resource_types.clone(),
        "Schemas" => schema_resources(),
        _ => {
            let mut config = service_provider_config(&portal.options);
            config["meta"] = resource_meta(base, "ServiceProviderConfig", endpoint);
            return Ok(config);
        }
    };
    let kind = endpoint.trim_end_matches('s');
    let resources = resources.into_iter().map(|mut resource| {
        let name = resource["id"].as_str().unwrap_or_default();
        resource["meta"] = resource_meta(base, kind, &format!("{endpoint}/{name}"));
        resource
    });
    let mut resources: Vec<Value> = resources.collect();
    let Some(id) = id else {
        return Ok(json!({
            "schemas": [wire::LIST_RESPONSE],
            "totalResults": resources.len(),
            "itemsPerPage": resources.len(),
            "startIndex": 1,
            "Resources": resources,
        }));
    };
    resources.retain(|resource| {
        let other = resource["id"].as_str();
        other.is_some_and(|other| other.eq_ignore_ascii_case(id))
    });
    let found = resources.pop();
    found.ok_or_else(|| ScimError::not_found("resource with that id"))
}

fn resource_meta(base: &str, kind: &str, path: &str) -> Value {
    json!({"resourceType": kind, "location": format!("{base}/{path}")})
}

/// RFC 7643 section 5, with the `pagination` of RFC 9865 section 4: from the file and the
/// options.
fn service_provider_config(options: &Options) -> Value {
    let mut config = SCHEMAS.service_provider_config.clone();
    config["bulk"] = json!({
        "supported": options.max_operations > 0,
        "maxOperations": options.max_operations,
        "maxPayloadSize": MAX_BODY,
    });
    config["filter"]["maxResults"] = options.page_size.into();
    config["etag"]["supported"] = options.if_match.into();
    config["pagination"]["defaultPageSize"] = options.page_size.into();
    config["pagination"]["maxPageSize"] = options.page_size.into();
    config
}

/// RFC 7643 section 7.
fn schema_resources() -> Vec<Value> {
    let schema = |urn: &str, name: &str, description: &str, attributes: &[AttributeDefinition]| {
        json!({
            "schemas": [wire::SCHEMA],
            "id": urn,
            "name": name,
            "description": description,
            "attributes": attributes.iter().map(attribute_json).collect::<Vec<_>>(),
        })
    };
    let Schemas { user, extension, .. } = &*SCHEMAS;
    vec![
        schema(wire::USER, "User", "User account", user),
        schema(wire::MAILBOX, "Mailbox", &extension.description, &extension.sub_attributes),
    ]
}

fn attribute_json(attribute: &AttributeDefinition) -> Value {
    let write_only = attribute.mutability == Mutability::WriteOnly;
    let parts = attribute.sub_attributes.iter().map(self::attribute_json);
    let mut characteristics = json!({
        "name": attribute.name,
        "type": attribute.kind,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
        "caseExact": attribute.case_exact,
        "mutability": attribute.mutability,
        "returned": if write_only { "never" } else { "default" },
        "uniqueness": if attribute.unique { "server" } else { "none" },
        "canonicalValues": attribute.canonical_values,
        "referenceTypes": attribute.reference_types,
        "subAttributes": parts.collect::<Vec<_>>(),
    });
    // Characteristics that do not apply to the type are left out.
    let is_complex = attribute.kind == DataType::Complex;
    let has_no_case =
        is_complex || matches!(attribute.kind, DataType::Boolean | DataType::DateTime);
    if let Some(members) = characteristics.as_object_mut() {
        members.retain(|name, value| match name.as_str() {
            "uniqueness" => !is_complex,
            "caseExact" => !has_no_case,
            _ => value.as_array().is_none_or(|items| !items.is_empty()),
        });
    }
    characteristics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_carry_every_characteristic_of_section_7() {
        let all = schema_resources();
        let user_name = &all[0]["attributes"][0];
        assert_eq!(user_name["uniqueness"], "server");
        assert_eq!(user_name["caseExact"], false);
        assert_eq!(user_name["required"], true);
        let changed_at = &all[1]["attributes"][2];
        assert_eq!(changed_at["mutability"], "readOnly");
        assert_eq!(changed_at["type"], "dateTime");
    }
}
