//! What the portal says of itself: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643
//! sections 5 to 7, RFC 7644 section 4). Pure.

use serde_json::{Value, json};

use super::http::MAX_BODY;
use super::portal::Portal;
use super::schema::{Attribute, Kind, Mutability, SCHEMAS, Schemas};
use crate::domain::mapping::scim_names as wire;

/// RFC 7643 section 5, with the `pagination` of RFC 9865 section 4.
pub(crate) fn service_provider_config(portal: &Portal) -> Value {
    let (base, page_size) = (&portal.base, portal.options.page_size);
    json!({
        "schemas": [wire::SERVICE_PROVIDER_CONFIG],
        "patch": {"supported": true},
        "bulk": {
            "supported": portal.options.max_operations > 0,
            "maxOperations": portal.options.max_operations,
            "maxPayloadSize": MAX_BODY,
        },
        "filter": {"supported": true, "maxResults": page_size},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": portal.options.if_match},
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": page_size,
            "maxPageSize": page_size,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "The token that the portal was started with (RFC 6750).",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        },
    })
}

/// RFC 7643 section 6.
pub(crate) fn resource_types(base: &str) -> Vec<Value> {
    vec![json!({
        "schemas": [wire::RESOURCE_TYPE],
        "id": "User",
        "name": "User",
        "description": "A mailbox and its archive",
        "endpoint": "/Users",
        "schema": wire::USER,
        // Every user has it, also one that was created without, and it cannot be removed.
        "schemaExtensions": [{"schema": wire::MAILBOX, "required": true}],
        "meta": {"resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/User")},
    })]
}

/// RFC 7643 section 7.
pub(crate) fn schemas(base: &str) -> Vec<Value> {
    let schema = |urn: &str, name: &str, description: &str, attributes: &[Attribute]| {
        json!({
            "schemas": [wire::SCHEMA],
            "id": urn,
            "name": name,
            "description": description,
            "attributes": attributes.iter().map(attribute).collect::<Vec<_>>(),
            "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{urn}")},
        })
    };
    let Schemas {
        user, extension, ..
    } = &*SCHEMAS;
    vec![
        schema(wire::USER, "User", "User account", user),
        schema(
            wire::MAILBOX,
            "Mailbox",
            &extension.description,
            &extension.sub_attributes,
        ),
    ]
}

fn attribute(attribute: &Attribute) -> Value {
    let write_only = attribute.mutability == Mutability::WriteOnly;
    let parts = attribute.sub_attributes.iter().map(self::attribute);
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
    // What says nothing of an attribute of that type is left out.
    let is_complex = attribute.kind == Kind::Complex;
    let has_no_case = is_complex || matches!(attribute.kind, Kind::Boolean | Kind::DateTime);
    if let Some(members) = characteristics.as_object_mut() {
        members.retain(|name, value| match name.as_str() {
            "uniqueness" => !is_complex,
            "caseExact" => !has_no_case,
            _ => value.as_array().is_none_or(|items| !items.is_empty()),
        });
    }
    characteristics
}

/// A ListResponse of all of them.
pub(crate) fn list(resources: &[Value]) -> Value {
    json!({
        "schemas": [wire::LIST_RESPONSE],
        "totalResults": resources.len(),
        "itemsPerPage": resources.len(),
        "startIndex": 1,
        "Resources": resources,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_carry_every_characteristic_of_section_7() {
        let all = schemas("http://127.0.0.1/scim/v2");
        let user_name = &all[0]["attributes"][0];
        assert_eq!(user_name["uniqueness"], "server");
        assert_eq!(user_name["caseExact"], false);
        assert_eq!(user_name["required"], true);
        let changed_at = &all[1]["attributes"][2];
        assert_eq!(changed_at["mutability"], "readOnly");
        assert_eq!(changed_at["type"], "dateTime");
    }
}
