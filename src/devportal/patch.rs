//! PATCH (RFC 7644 section 3.5.2): operations on a document. Pure; may not know states or stores.

mod apply;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::attribute_path::{AttributePath, Document};
use super::enum_words::word_to_enum;
use super::error::{ScimError, ScimResult};
use super::filter;
use super::filter::Filter;
use super::schema::{AttributeDefinition, Mutability};
use super::schema_validation;
use super::schema_validation::find_member;
use crate::domain::mapping::scim_urns as wire;
use apply::{PatchOpKind, apply_at_path};

/// The most operations in one request.
const MAX_OPERATIONS: usize = 1000;

/// Applies the operations of a PATCH body in order; after an error the document must be discarded.
///
/// # Errors
/// 400 with the `scimType` of RFC 7644 table 9.
pub(crate) fn apply_patch(document: &mut Document, body: &Value) -> ScimResult<()> {
    schema_validation::check_message_schema(body, wire::PATCH_OP, str::eq_ignore_ascii_case)?;
    let operations = find_member(body, "Operations")
        .and_then(Value::as_array)
        .filter(|operations| !operations.is_empty())
        .ok_or_else(|| ScimError::invalid_syntax("`Operations` must be an array of operations"))?;
    if operations.len() > MAX_OPERATIONS {
        return Err(ScimError::payload_too_large(format!("more than {MAX_OPERATIONS} operations")));
    }
    operations.iter().try_for_each(|operation| apply_operation(document, operation))
}

fn apply_operation(document: &mut Document, operation: &Value) -> ScimResult<()> {
    let op = find_member(operation, "op").and_then(Value::as_str);
    let op: PatchOpKind = op
        .and_then(word_to_enum)
        .ok_or_else(|| ScimError::invalid_syntax("`op` must be add, replace or remove"))?;
    let value = find_member(operation, "value");
    match (find_member(operation, "path"), op) {
        (Some(Value::String(path)), _) => {
            apply_to_path(document, op, filter::parse_path_with_filter(path)?, value)
        }
        (Some(_), _) => Err(ScimError::invalid_path("`path` must be a string")),
        (None, PatchOpKind::Remove) => Err(ScimError::no_target("remove needs a `path`")),
        (None, _) => apply_value_members(document, op, "", value),
    }
}

/// `value` holds the attributes to add or replace; `within` is the prefix of their paths.
fn apply_value_members(
    document: &mut Document,
    op: PatchOpKind,
    within: &str,
    value: Option<&Value>,
) -> ScimResult<()> {
    let Some(Value::Object(members)) = value else {
        return Err(ScimError::invalid_value(match within {
            "" => "without a `path`, `value` must be an object of attributes",
            _ => "the extension must be an object",
        }));
    };
    for (name, value) in members {
        // Some clients name the schema inside the extension as well.
        if !within.is_empty() && name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let target = filter::parse_path_with_filter(&format!("{within}{name}"))?;
        apply_to_path(document, op, target, Some(value))?;
    }
    Ok(())
}

fn apply_to_path(
    document: &mut Document,
    op: PatchOpKind,
    (path, filter): (AttributePath, Option<Filter>),
    value: Option<&Value>,
) -> ScimResult<()> {
    if op != PatchOpKind::Remove && value.is_none() {
        return Err(ScimError::invalid_value("add and replace need a `value`"));
    }
    if path.is_in_extension() && path.sub.is_none() {
        if op == PatchOpKind::Remove {
            return Err(ScimError::mutability(
                "every mailbox has a state, so the extension cannot be removed",
            ));
        }
        return apply_value_members(document, op, &format!("{}:", wire::MAILBOX), value);
    }
    if path.attribute.name == "schemas" && op != PatchOpKind::Remove {
        return schema_validation::check_schemas(value);
    }
    check_writable(path.attribute)?;
    check_writable(path.leaf_attribute())?;
    apply_at_path(document, op, path, filter.as_ref(), value)
}

fn check_writable(attribute: &AttributeDefinition) -> ScimResult<()> {
    if attribute.mutability == Mutability::ReadOnly {
        return Err(ScimError::mutability(format!("`{}` is read-only", attribute.name)));
    }
    Ok(())
}
