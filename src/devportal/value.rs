//! Checks what a client sent against the schemas and brings names into canonical case
//! (RFC 7643 section 2). Pure; may not know states, stores or HTTP.

use serde_json::{Map, Value};

use super::error::{Scim, ScimError};
use super::path::{Document, Path};
use super::schema;
use super::schema::{Attribute, Kind, Mutability};
use crate::domain::mapping::scim_names as wire;

/// Reads a whole resource as POST and PUT carry it. What is readOnly is dropped (RFC 7644
/// sections 3.3 and 3.5.1), and so is what is null or empty (RFC 7643 section 2.5).
///
/// # Errors
/// 400 for a schema or attribute that there is not, or a value of the wrong type.
pub(crate) fn resource(body: &Value) -> Scim<Document> {
    let Some(body) = body.as_object() else {
        return Err(ScimError::invalid_syntax("the body is not a JSON object"));
    };
    let schemas = body
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("schemas"))
        .map(|(_, value)| value);
    check_schemas(schemas)?;
    let mut document = Document::new();
    for (name, value) in body {
        match Path::resolve(name) {
            Some(Path::Extension) => {
                let members = extension(value)?;
                if document
                    .insert(wire::MAILBOX.to_owned(), Value::Object(members))
                    .is_some()
                {
                    return Err(twice(name));
                }
            }
            Some(Path::Attribute {
                extension: false,
                attribute,
                sub: None,
            }) => {
                if attribute.mutability == Mutability::ReadOnly {
                    continue;
                }
                let Some(value) = whole(attribute, value)? else {
                    continue;
                };
                if document.insert(attribute.name.to_owned(), value).is_some() {
                    return Err(twice(name));
                }
            }
            _ => return Err(unknown(name)),
        }
    }
    Ok(document)
}

/// The members of the extension that a client may write and that have a value.
///
/// # Errors
/// As for [`resource`].
fn extension(value: &Value) -> Scim<Document> {
    let members = match value {
        Value::Null => return Ok(Document::new()),
        Value::Object(members) => members,
        _ => return Err(wrong(wire::MAILBOX, "an object")),
    };
    let mut read = Document::new();
    for (name, value) in members {
        // The extension is no resource, but some clients name its schema inside it as well.
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let attribute = schema::find(schema::MAILBOX, name).ok_or_else(|| unknown(name))?;
        if attribute.mutability == Mutability::ReadOnly {
            continue;
        }
        if let Some(value) = whole(attribute, value)?
            && read.insert(attribute.name.to_owned(), value).is_some()
        {
            return Err(twice(name));
        }
    }
    Ok(read)
}

/// `schemas` names the core schema and no schema that a user cannot have (RFC 7643 section 3).
pub(crate) fn check_schemas(schemas: Option<&Value>) -> Scim<()> {
    let Some(Value::Array(schemas)) = schemas else {
        return Err(ScimError::invalid_syntax(
            "`schemas` must be an array that names the schemas of the resource",
        ));
    };
    let mut core = false;
    for schema in schemas {
        let urn = schema.as_str().unwrap_or_default();
        core |= urn.eq_ignore_ascii_case(wire::USER);
        if !urn.eq_ignore_ascii_case(wire::USER) && !urn.eq_ignore_ascii_case(wire::MAILBOX) {
            return Err(ScimError::invalid_value(format!(
                "a user cannot have the schema {schema}"
            )));
        }
    }
    if core {
        return Ok(());
    }
    Err(ScimError::invalid_value(format!(
        "`schemas` must name {}",
        wire::USER
    )))
}

/// A value of a whole attribute; `None` where it is unassigned (RFC 7643 section 2.5).
///
/// # Errors
/// 400 `invalidValue` for the wrong type, `invalidSyntax` for a sub-attribute that there is not.
pub(crate) fn whole(attribute: &Attribute, value: &Value) -> Scim<Option<Value>> {
    if !attribute.multi {
        return single(attribute, value);
    }
    let items = match value {
        Value::Null => return Ok(None),
        Value::Array(items) => items.as_slice(),
        // One value where several may stand: what `add` may carry (RFC 7644 section 3.5.2.1).
        one => std::slice::from_ref(one),
    };
    let mut read: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        if let Some(item) = single(attribute, item)? {
            read.push(item);
        }
    }
    if read.iter().filter(|item| is_primary(item)).count() > 1 {
        return Err(ScimError::invalid_value(format!(
            "more than one value of `{}` is primary",
            attribute.name
        )));
    }
    Ok((!read.is_empty()).then_some(Value::Array(read)))
}

/// Whether a value of a multi-valued attribute is the preferred one (RFC 7643 section 2.4).
pub(crate) fn is_primary(item: &Value) -> bool {
    item.get("primary") == Some(&Value::Bool(true))
}

/// One value of an attribute, or a sub-attribute.
pub(crate) fn single(attribute: &Attribute, value: &Value) -> Scim<Option<Value>> {
    let fits = match (attribute.kind, value) {
        (_, Value::Null) => return Ok(None),
        (Kind::Complex, Value::Object(members)) => return parts(attribute, members),
        (Kind::Complex, _) => return Err(wrong(attribute.name, "an object")),
        (Kind::Boolean, value) => value.is_boolean(),
        (Kind::DateTime, Value::String(text)) => text.parse::<jiff::Timestamp>().is_ok(),
        (Kind::Binary, Value::String(text)) => is_base64(text),
        (Kind::String | Kind::Reference, value) => value.is_string(),
        _ => false,
    };
    if fits {
        return Ok(Some(value.clone()));
    }
    Err(wrong(
        attribute.name,
        match attribute.kind {
            Kind::Boolean => "true or false",
            Kind::DateTime => "a date and time as RFC 3339 writes it",
            Kind::Binary => "base64",
            _ => "a string",
        },
    ))
}

fn parts(attribute: &Attribute, members: &Map<String, Value>) -> Scim<Option<Value>> {
    let mut read = Map::new();
    for (name, value) in members {
        let sub = attribute
            .sub(name)
            .ok_or_else(|| unknown(&format!("{}.{name}", attribute.name)))?;
        if sub.mutability == Mutability::ReadOnly {
            continue;
        }
        if let Some(value) = single(sub, value)?
            && read.insert(sub.name.to_owned(), value).is_some()
        {
            return Err(twice(name));
        }
    }
    Ok((!read.is_empty()).then_some(Value::Object(read)))
}

/// Base64 of RFC 4648 section 4 or 5, padded or not, as far as a server that never decodes it cares.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() - body.len() <= 2
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte))
}

fn wrong(name: &str, expected: &str) -> ScimError {
    ScimError::invalid_value(format!("`{name}` must be {expected}"))
}

fn unknown(name: &str) -> ScimError {
    ScimError::invalid_syntax(format!("a user has no attribute `{name}`"))
}

fn twice(name: &str) -> ScimError {
    ScimError::invalid_syntax(format!("the attribute `{name}` is given twice"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_become_canonical_and_what_is_read_only_or_empty_goes() {
        let document = resource(&json!({
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
    fn what_no_schema_has_or_has_another_type_is_refused() {
        for (body, scim_type) in [
            (json!([]), "invalidSyntax"),
            (json!({"userName": "a"}), "invalidSyntax"),
            (json!({"schemas": [wire::MAILBOX]}), "invalidValue"),
            (json!({"schemas": [wire::USER, "urn:x"]}), "invalidValue"),
            (
                json!({"schemas": [wire::USER], "state": "enabled"}),
                "invalidSyntax",
            ),
            (
                json!({"schemas": [wire::USER], "userName": 7}),
                "invalidValue",
            ),
            (
                json!({"schemas": [wire::USER], "userName": "a", "USERNAME": "b"}),
                "invalidSyntax",
            ),
            (
                json!({"schemas": [wire::USER], "active": "true"}),
                "invalidValue",
            ),
            (
                json!({"schemas": [wire::USER], "name": "a"}),
                "invalidValue",
            ),
            (
                json!({"schemas": [wire::USER], "name": {"x": "a"}}),
                "invalidSyntax",
            ),
            (
                json!({"schemas": [wire::USER], "x509Certificates": [{"value": "*"}]}),
                "invalidValue",
            ),
            (
                json!({"schemas": [wire::USER], "emails": [{"primary": true}, {"primary": true}]}),
                "invalidValue",
            ),
            (
                json!({"schemas": [wire::USER], wire::MAILBOX: {"hold": "no"}}),
                "invalidValue",
            ),
        ] {
            let error = resource(&body).expect_err(&body.to_string());
            assert_eq!(error.scim_type, Some(scim_type), "{body}");
        }
    }
}
