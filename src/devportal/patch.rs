//! PATCH (RFC 7644 section 3.5.2): operations on a document. Pure; may not know states or stores.

mod target;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::error::{Scim, ScimError};
use super::filter;
use super::filter::Filter;
use super::path::{Document, Path};
use super::schema;
use super::schema::{Attribute, Mutability};
use super::value;
use crate::domain::mapping::scim_names as wire;
use target::{attribute_at, object_at, set};

/// The most operations in one request.
const MAX_OPERATIONS: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// Applies the operations of a PATCH body in order; on an error the document is worth nothing.
///
/// # Errors
/// 400 with the `scimType` of RFC 7644 table 9.
pub(crate) fn apply(document: &mut Document, body: &Value) -> Scim<()> {
    let schemas = member(body, "schemas").and_then(Value::as_array);
    let is_patch = |urn: &Value| {
        urn.as_str()
            .is_some_and(|urn| urn.eq_ignore_ascii_case(wire::PATCH_OP))
    };
    if !schemas.is_some_and(|urns| urns.iter().any(is_patch)) {
        return Err(ScimError::invalid_syntax(format!(
            "`schemas` must name {}",
            wire::PATCH_OP
        )));
    }
    let operations = member(body, "Operations")
        .and_then(Value::as_array)
        .filter(|operations| !operations.is_empty())
        .ok_or_else(|| ScimError::invalid_syntax("`Operations` must be an array of operations"))?;
    if operations.len() > MAX_OPERATIONS {
        return Err(ScimError::too_large(format!(
            "more than {MAX_OPERATIONS} operations"
        )));
    }
    operations
        .iter()
        .try_for_each(|operation| one(document, operation))
}

/// A member of an object by its name in any case.
pub(crate) fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn one(document: &mut Document, operation: &Value) -> Scim<()> {
    let op = match member(operation, "op").and_then(Value::as_str) {
        Some(op) if op.eq_ignore_ascii_case("add") => Op::Add,
        Some(op) if op.eq_ignore_ascii_case("replace") => Op::Replace,
        Some(op) if op.eq_ignore_ascii_case("remove") => Op::Remove,
        _ => {
            return Err(ScimError::invalid_syntax(
                "`op` must be add, replace or remove",
            ));
        }
    };
    let value = member(operation, "value");
    match (member(operation, "path"), op) {
        (Some(Value::String(path)), _) => {
            let (path, filter) = filter::parse_target(path)?;
            at(document, op, path, filter.as_ref(), value)
        }
        (Some(_), _) => Err(ScimError::invalid_path("`path` must be a string")),
        (None, Op::Remove) => Err(ScimError::no_target("remove needs a `path`")),
        (None, _) => without_path(document, op, value),
    }
}

/// `value` holds the attributes to add or replace.
fn without_path(document: &mut Document, op: Op, value: Option<&Value>) -> Scim<()> {
    let Some(Value::Object(members)) = value else {
        return Err(ScimError::invalid_value(
            "without a `path`, `value` must be an object of attributes",
        ));
    };
    for (name, value) in members {
        if name.eq_ignore_ascii_case("schemas") {
            value::check_schemas(Some(value))?;
            continue;
        }
        let (path, filter) = filter::parse_target(name)?;
        at(document, op, path, filter.as_ref(), Some(value))?;
    }
    Ok(())
}

fn at(
    document: &mut Document,
    op: Op,
    path: Path,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> Scim<()> {
    if op != Op::Remove && value.is_none() {
        return Err(ScimError::invalid_value("add and replace need a `value`"));
    }
    match path {
        Path::Extension => whole_extension(document, op, value),
        Path::Attribute {
            extension,
            attribute,
            sub,
        } => {
            if attribute.name == "schemas" && op != Op::Remove {
                return value::check_schemas(value);
            }
            writable(attribute)?;
            writable(sub.unwrap_or(attribute))?;
            let holder = if extension {
                object_at(document, wire::MAILBOX)?
            } else {
                document
            };
            attribute_at(holder, op, attribute, sub, filter, value)
        }
    }
}

fn whole_extension(document: &mut Document, op: Op, value: Option<&Value>) -> Scim<()> {
    let Some(value) = value.filter(|_| op != Op::Remove) else {
        return Err(ScimError::mutability(
            "every mailbox has a state, so the extension cannot be removed",
        ));
    };
    let Value::Object(members) = value else {
        return Err(ScimError::invalid_value("the extension must be an object"));
    };
    let holder = object_at(document, wire::MAILBOX)?;
    for (name, value) in members {
        // Some clients name the schema inside the extension as well.
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let attribute = schema::find(schema::MAILBOX, name).ok_or_else(|| {
            ScimError::invalid_path(format!("the extension has no attribute `{name}`"))
        })?;
        writable(attribute)?;
        set(holder, op, attribute, Some(value))?;
    }
    Ok(())
}

fn writable(attribute: &Attribute) -> Scim<()> {
    if attribute.mutability == Mutability::ReadOnly {
        return Err(ScimError::mutability(format!(
            "`{}` is read-only",
            attribute.name
        )));
    }
    Ok(())
}
