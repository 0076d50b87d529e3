//! Checks a client's input against the schemas and writes names in canonical case
//! (RFC 7643 section 2). Pure; may not know states, stores or HTTP.

use jiff::Timestamp;
use serde_json::Value;

use super::attribute_path::{AttributePath, Document};
use super::error::{ScimError, ScimResult};
use super::schema::{AttributeDefinition, DataType, Mutability};
use crate::domain::mapping::scim_urns as wire;

/// Reads a whole resource as POST and PUT carry it. What is readOnly is dropped (RFC 7644
/// sections 3.3 and 3.5.1), and so is what is null or empty (RFC 7643 section 2.5).
///
/// # Errors
/// 400 for an unknown schema or attribute, or a value of the wrong type.
pub(crate) fn read_resource(body: &Value) -> ScimResult<Document> {
    let Value::Object(members) = body else {
        return Err(ScimError::invalid_syntax("the body is not a JSON object"));
    };
    check_schemas(find_member(body, "schemas"))?;
    let mut document = Document::new();
    for (name, value) in members {
        match AttributePath::resolve(name) {
            Some(AttributePath { attribute, sub: None }) => {
                read_attribute_into(&mut document, attribute, name, value)?
            }
            _ => return Err(unknown_attribute_error(name)),
        }
    }
    Ok(document)
}

/// Reads one attribute, under the name that the client gave it, unless it is read-only or unassigned.
fn read_attribute_into(
    document: &mut Document,
    attribute: &AttributeDefinition,
    name: &str,
    value: &Value,
) -> ScimResult<()> {
    if attribute.mutability != Mutability::ReadOnly
        && let Some(value) = read_attribute_value(attribute, value)?
        && document.insert(attribute.name.clone(), value).is_some()
    {
        let why = format!("the attribute `{name}` is given twice");
        return Err(ScimError::invalid_syntax(why));
    }
    Ok(())
}

/// A member of an object by its name in any case.
pub(crate) fn find_member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// The `schemas` of a message must name its kind; `same` says whether case counts.
///
/// # Errors
/// 400 if they do not name it.
pub(crate) fn check_message_schema(
    body: &Value,
    urn: &str,
    same: fn(&str, &str) -> bool,
) -> ScimResult<()> {
    let schemas = find_member(body, "schemas").and_then(Value::as_array);
    let named = |schema: &Value| schema.as_str().is_some_and(|schema| same(schema, urn));
    if schemas.is_some_and(|schemas| schemas.iter().any(named)) {
        return Ok(());
    }
    Err(ScimError::invalid_syntax(format!("`schemas` must name {urn}")))
}

/// `schemas` names the core schema and no schema that a user cannot have (RFC 7643 section 3).
pub(crate) fn check_schemas(schemas: Option<&Value>) -> ScimResult<()> {
    let Some(Value::Array(schemas)) = schemas else {
        return Err(ScimError::invalid_syntax(
            "`schemas` must be an array that names the schemas of the resource",
        ));
    };
    let is = |schema: &Value, urn: &str| {
        schema.as_str().is_some_and(|schema| schema.eq_ignore_ascii_case(urn))
    };
    let other = |schema: &&Value| !is(schema, wire::USER) && !is(schema, wire::MAILBOX);
    if let Some(schema) = schemas.iter().find(other) {
        return Err(ScimError::invalid_value(format!("a user cannot have the schema {schema}")));
    }
    if !schemas.iter().any(|schema| is(schema, wire::USER)) {
        return Err(ScimError::invalid_value(format!("`schemas` must name {}", wire::USER)));
    }
    Ok(())
}

/// A value of a whole attribute; `None` where it is unassigned (RFC 7643 section 2.5).
///
/// # Errors
/// 400 `invalidValue` for the wrong type, `invalidSyntax` for a sub-attribute that there is not.
pub(crate) fn read_attribute_value(
    attribute: &AttributeDefinition,
    value: &Value,
) -> ScimResult<Option<Value>> {
    if !attribute.multi_valued {
        return read_single_value(attribute, value);
    }
    let items = match value {
        Value::Null => return Ok(None),
        Value::Array(items) => items.as_slice(),
        // A single value of a multi-valued attribute: allowed for `add` (RFC 7644 section 3.5.2.1).
        one => std::slice::from_ref(one),
    };
    let values: Vec<Value> = items
        .iter()
        .filter_map(|item| read_single_value(attribute, item).transpose())
        .collect::<ScimResult<_>>()?;
    if values.iter().filter(|item| is_primary(item)).count() > 1 {
        return Err(ScimError::invalid_value(format!(
            "more than one value of `{}` is primary",
            attribute.name
        )));
    }
    Ok((!values.is_empty()).then_some(Value::Array(values)))
}

/// Whether a value of a multi-valued attribute is the preferred one (RFC 7643 section 2.4).
pub(crate) fn is_primary(item: &Value) -> bool {
    item.get("primary") == Some(&Value::Bool(true))
}

/// One value of an attribute, or a sub-attribute.
pub(crate) fn read_single_value(
    attribute: &AttributeDefinition,
    value: &Value,
) -> ScimResult<Option<Value>> {
    if value.is_null() {
        return Ok(None);
    }
    let text = |fits: fn(&str) -> bool| value.as_str().is_some_and(fits);
    let (fits, expected) = match attribute.kind {
        DataType::Complex => match value {
            Value::Object(members) => return read_complex_value(attribute, members),
            _ => (false, "an object"),
        },
        DataType::Boolean => (value.is_boolean(), "true or false"),
        DataType::DateTime => (
            text(|text| text.parse::<Timestamp>().is_ok()),
            "a date and time as RFC 3339 writes it",
        ),
        DataType::Binary => (text(is_base64), "base64"),
        DataType::String | DataType::Reference => (value.is_string(), "a string"),
    };
    if fits {
        return Ok(Some(value.clone()));
    }
    Err(wrong_type_error(&attribute.name, expected))
}

fn read_complex_value(
    attribute: &AttributeDefinition,
    members: &Document,
) -> ScimResult<Option<Value>> {
    let mut document = Document::new();
    let is_extension = attribute.name == wire::MAILBOX;
    for (name, value) in members {
        // The extension is not a resource, but some clients name its schema inside it as well.
        if is_extension && name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let sub = attribute.sub_attribute(name).ok_or_else(|| match is_extension {
            true => unknown_attribute_error(name),
            false => unknown_attribute_error(&format!("{}.{name}", attribute.name)),
        })?;
        read_attribute_into(&mut document, sub, name, value)?;
    }
    Ok((!document.is_empty()).then_some(Value::Object(document)))
}

/// Base64 of RFC 4648 section 4 or 5, padded or not; enough for a server that never decodes it.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte))
}

fn wrong_type_error(name: &str, expected: &str) -> ScimError {
    ScimError::invalid_value(format!("`{name}` must be {expected}"))
}

fn unknown_attribute_error(name: &str) -> ScimError {
    ScimError::invalid_syntax(format!("a user has no attribute `{name}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn canonical_names_without_read_only_or_empty_values() {
        let document = read_resource(&json!({
            "Schemas": [wire::USER], "USERNAME": "a@x.example", "id": "7", "meta": {"version": "1"},
            "emails": [{"VALUE": "a@x.example", "type": null}], "roles": [], "title": null,
            wire::MAILBOX: {"STATE": "enabled", "changedAt": "2026-01-01T00:00:00Z"},
        }))
        .expect("a resource");
        assert_eq!(
            Value::Object(document),
            json!({
                "userName": "a@x.example", "emails": [{"value": "a@x.example"}],
                wire::MAILBOX: {"state": "enabled"},
            })
        );
    }

    #[test]
    fn refuses_unknown_attributes_and_wrong_types() {
        for (body, scim_type) in [
            (json!([]), "invalidSyntax"),
            (json!({"userName": "a"}), "invalidSyntax"),
            (json!({"schemas": [wire::MAILBOX]}), "invalidValue"),
            (json!({"schemas": [wire::USER, "urn:x"]}), "invalidValue"),
            (json!({"schemas": [wire::USER], "state": "enabled"}), "invalidSyntax"),
            (json!({"schemas": [wire::USER], "userName": 7}), "invalidValue"),
            (json!({"schemas": [wire::USER], "userName": "a", "USERNAME": "b"}), "invalidSyntax"),
            (json!({"schemas": [wire::USER], "active": "true"}), "invalidValue"),
            (json!({"schemas": [wire::USER], "name": "a"}), "invalidValue"),
            (json!({"schemas": [wire::USER], "name": {"x": "a"}}), "invalidSyntax"),
            (
                json!({"schemas": [wire::USER], "x509Certificates": [{"value": "*"}]}),
                "invalidValue",
            ),
            (
                json!({"schemas": [wire::USER], "emails": [{"primary": true}, {"primary": true}]}),
                "invalidValue",
            ),
            (json!({"schemas": [wire::USER], wire::MAILBOX: {"hold": "no"}}), "invalidValue"),
        ] {
            let error = read_resource(&body).expect_err(&body.to_string());
            assert_eq!(error.scim_type, Some(scim_type), "{body}");
        }
    }
}
