//! What the portal says of itself: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643
//! sections 5 to 7, RFC 7644 section 4). Pure.

use serde_json::{Value, json};

use super::Portal;
use super::schema;
use super::schema::{Attribute, Kind, Mutability, Returned};
use crate::domain::mapping::scim_names as wire;

/// RFC 7643 section 5, with the `pagination` of RFC 9865 section 4.
pub(crate) fn service_provider_config(portal: &Portal) -> Value {
    let (base, page_size) = (&portal.base, portal.page_size);
    json!({
        "schemas": [wire::SERVICE_PROVIDER_CONFIG],
        "patch": {"supported": true},
        "bulk": {
            "supported": portal.max_operations > 0,
            "maxOperations": portal.max_operations,
            "maxPayloadSize": super::http::MAX_BODY,
        },
        "filter": {"supported": true, "maxResults": page_size},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": portal.if_match},
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
    [
        (wire::USER, "User", "User account", schema::USER),
        (
            wire::MAILBOX,
            "Mailbox",
            "The archive of a mailbox",
            schema::MAILBOX,
        ),
    ]
    .into_iter()
    .map(|(urn, name, description, attributes)| {
        json!({
            "schemas": [wire::SCHEMA],
            "id": urn,
            "name": name,
            "description": description,
            "attributes": attributes.iter().map(attribute).collect::<Vec<_>>(),
            "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{urn}")},
        })
    })
    .collect()
}

fn attribute(attribute: &Attribute) -> Value {
    let kind = match attribute.kind {
        Kind::String => "string",
        Kind::Boolean => "boolean",
        Kind::DateTime => "dateTime",
        Kind::Reference => "reference",
        Kind::Binary => "binary",
        Kind::Complex => "complex",
    };
    let mut said = json!({
        "name": attribute.name,
        "type": kind,
        "multiValued": attribute.multi,
        "description": attribute.description,
        "required": attribute.required,
        "mutability": match attribute.mutability {
            Mutability::ReadWrite => "readWrite",
            Mutability::ReadOnly => "readOnly",
            Mutability::WriteOnly => "writeOnly",
        },
        "returned": match attribute.returned {
            Returned::Always => "always",
            Returned::Default => "default",
            Returned::Never => "never",
        },
    });
    if attribute.kind == Kind::Complex {
        said["subAttributes"] = attribute.sub.iter().map(self::attribute).collect();
    } else {
        said["uniqueness"] = if attribute.unique { "server" } else { "none" }.into();
    }
    if !matches!(
        attribute.kind,
        Kind::Complex | Kind::Boolean | Kind::DateTime
    ) {
        said["caseExact"] = attribute.case_exact.into();
    }
    if !attribute.canonical.is_empty() {
        said["canonicalValues"] = json!(attribute.canonical);
    }
    if attribute.kind == Kind::Reference {
        said["referenceTypes"] = json!(attribute.references);
    }
    said
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
