//! What one operation does at its target: attributes, sub-attributes and selected values. Pure.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::devportal::attribute_path::{AttributePath, Document};
use crate::devportal::error::{ScimError, ScimResult};
use crate::devportal::filter;
use crate::devportal::filter::Filter;
use crate::devportal::schema::AttributeDefinition;
use crate::devportal::schema_validation;

/// The value of `op`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PatchOpKind {
    Add,
    Replace,
    Remove,
}

/// Adds, replaces or removes what a path names.
pub(super) fn apply_at_path(
    document: &mut Document,
    op: PatchOpKind,
    path: AttributePath,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> ScimResult<()> {
    let AttributePath { attribute, sub } = path;
    let name = &attribute.name;
    if attribute.multi_valued && (filter.is_some() || sub.is_some()) {
        apply_to_items(document, op, path, filter, value)?;
    } else if let Some(sub) = sub {
        let parts = document
            .entry(name)
            .or_insert_with(|| Value::Object(Map::new()))
            .as_object_mut()
            .ok_or_else(|| ScimError::invalid_value(format!("`{name}` is not an object")))?;
        apply_to_attribute(parts, op, sub, value)?;
    } else {
        apply_to_attribute(document, op, attribute, value)?;
    }
    // An attribute without values is unassigned.
    let is_empty = match document.get(name) {
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(parts)) => parts.is_empty(),
        _ => false,
    };
    if is_empty {
        document.remove(name);
    }
    Ok(())
}

/// Sets, extends or removes a whole attribute in the object that holds it.
fn apply_to_attribute(
    holder: &mut Document,
    op: PatchOpKind,
    attribute: &AttributeDefinition,
    value: Option<&Value>,
) -> ScimResult<()> {
    let name = &attribute.name;
    let given = match value {
        Some(value) => schema_validation::read_attribute_value(attribute, value)?,
        None => None,
    };
    match (op, given) {
        // Some clients list in `value` what is to be removed; the rest must stay.
        (PatchOpKind::Remove, Some(Value::Array(gone))) => {
            if let Some(Value::Array(items)) = holder.get_mut(name) {
                items.retain(|item| !gone.iter().any(|gone| item_has_parts(item, gone)));
            }
        }
        (PatchOpKind::Add, None) => {}
        (PatchOpKind::Remove, _) | (PatchOpKind::Replace, None) => {
            if attribute.required {
                return Err(ScimError::mutability(format!(
                    "`{name}` is required and cannot be removed"
                )));
            }
            holder.remove(name);
        }
        (PatchOpKind::Add | PatchOpKind::Replace, Some(given)) => {
            match (holder.get_mut(name), given) {
                (Some(Value::Array(items)), Value::Array(more)) if op == PatchOpKind::Add => {
                    add_missing_items(items, more)
                }
                (Some(Value::Object(parts)), Value::Object(more)) => parts.extend(more),
                (_, given) => {
                    holder.insert(name.clone(), given);
                }
            }
        }
    }
    Ok(())
}

/// Adds the values that are missing.
fn add_missing_items(items: &mut Vec<Value>, more: Vec<Value>) {
    // RFC 7644 section 3.5.2: a new primary value takes the place of the old one.
    if more.iter().any(schema_validation::is_primary) {
        items.iter_mut().for_each(clear_primary);
    }
    for item in more {
        if !items.contains(&item) {
            items.push(item);
        }
    }
}

/// Whether the item has every part of the other.
fn item_has_parts(item: &Value, part: &Value) -> bool {
    match (item, part) {
        (Value::Object(item), Value::Object(part)) => {
            part.iter().all(|(name, value)| item.get(name) == Some(value))
        }
        (item, part) => item == part,
    }
}

fn clear_primary(item: &mut Value) {
    if let Some(primary) = item.get_mut("primary") {
        *primary = Value::Bool(false);
    }
}

/// Values of a multi-valued attribute: those that the filter selects, or all.
fn apply_to_items(
    holder: &mut Document,
    op: PatchOpKind,
    AttributePath { attribute, sub }: AttributePath,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> ScimResult<()> {
    let chosen = |item: &Value| match (filter, item) {
        (Some(filter), Value::Object(item)) => filter::matches(filter, item),
        (filter, _) => filter.is_none(),
    };
    let items = match holder.get_mut(&attribute.name) {
        Some(Value::Array(items)) if items.iter().any(chosen) => items,
        _ => {
            return Err(ScimError::no_target(format!(
                "the path selects no value of `{}`",
                attribute.name
            )));
        }
    };
    let given = match value {
        Some(value) => schema_validation::read_single_value(sub.unwrap_or(attribute), value)?,
        None => None,
    };
    let given = match (given.filter(|_| op != PatchOpKind::Remove), sub) {
        (Some(given), Some(sub)) => Some(Map::from_iter([(sub.name.clone(), given)])),
        (Some(Value::Object(given)), None) => Some(given),
        _ => None,
    };
    let is_primary = given.as_ref().and_then(|given| given.get("primary")) == Some(&true.into());
    if is_primary && items.iter().filter(|item| chosen(item)).count() > 1 {
        return Err(ScimError::invalid_value(format!(
            "only one value of `{}` can be primary",
            attribute.name
        )));
    }
    items.retain_mut(|item| {
        let is_chosen = chosen(item);
        if is_primary {
            clear_primary(item);
        }
        let Some(parts) = item.as_object_mut().filter(|_| is_chosen) else {
            return true;
        };
        match (&given, sub) {
            (Some(given), _) => parts.extend(given.clone()),
            (None, _) if op == PatchOpKind::Add => {}
            (None, Some(sub)) => drop(parts.remove(&sub.name)),
            (None, None) => parts.clear(),
        }
        !parts.is_empty()
    });
    Ok(())
}
