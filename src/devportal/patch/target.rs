//! What one operation does at its target: attributes, sub-attributes and selected values. Pure.

use serde_json::{Map, Value};

use crate::devportal::error::{Scim, ScimError};
use crate::devportal::filter;
use crate::devportal::filter::Filter;
use crate::devportal::path::{Document, Path};
use crate::devportal::schema::Attribute;
use crate::devportal::value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Replace,
    Remove,
}

/// The object under that name, made where there is none.
pub(super) fn object_at<'d>(holder: &'d mut Document, name: &str) -> Scim<&'d mut Document> {
    holder
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| ScimError::invalid_value(format!("`{name}` is not an object")))
}

/// Adds, replaces or removes what a path names.
pub(super) fn apply_at(
    document: &mut Document,
    op: Op,
    path: Path,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> Scim<()> {
    let Path { attribute, sub } = path;
    if attribute.multi_valued && (filter.is_some() || sub.is_some()) {
        return items_at(document, op, path, filter, value);
    }
    let Some(sub) = sub else {
        return set(document, op, attribute, value);
    };
    let parts = object_at(document, &attribute.name)?;
    set(parts, op, sub, value)?;
    if parts.is_empty() {
        document.remove(&attribute.name);
    }
    Ok(())
}

/// Sets, extends or removes a whole attribute in the object that holds it.
pub(super) fn set(
    holder: &mut Document,
    op: Op,
    attribute: &Attribute,
    value: Option<&Value>,
) -> Scim<()> {
    let given = match value {
        Some(value) => value::whole(attribute, value)?,
        None => None,
    };
    match (op, given) {
        // Some clients name in `value` what is to go; to remove the rest as well would be a surprise.
        (Op::Remove, Some(Value::Array(gone))) => {
            if let Some(Value::Array(items)) = holder.get_mut(&attribute.name) {
                items.retain(|item| !gone.iter().any(|gone| contains(item, gone)));
            }
            drop_empty(holder, attribute);
            Ok(())
        }
        (Op::Add, None) => Ok(()),
        (Op::Remove, _) | (Op::Replace, None) if attribute.required => Err(ScimError::mutability(
            format!("`{}` is required and cannot be removed", attribute.name),
        )),
        (Op::Remove, _) | (Op::Replace, None) => {
            holder.remove(&attribute.name);
            Ok(())
        }
        (Op::Add | Op::Replace, Some(given)) => {
            put(holder, op, attribute, given);
            Ok(())
        }
    }
}

fn put(holder: &mut Document, op: Op, attribute: &Attribute, given: Value) {
    match (holder.get_mut(&attribute.name), given) {
        (Some(Value::Array(items)), Value::Array(more)) if op == Op::Add => {
            // RFC 7644 section 3.5.2: a new primary value takes the place of the old one.
            if more.iter().any(value::is_primary) {
                clear_primary(items);
            }
            for item in more {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        (Some(Value::Object(parts)), Value::Object(more)) => parts.extend(more),
        (_, given) => {
            holder.insert(attribute.name.clone(), given);
        }
    }
}

/// Whether the item has every part of the other.
fn contains(item: &Value, part: &Value) -> bool {
    match (item, part) {
        (Value::Object(item), Value::Object(part)) => part
            .iter()
            .all(|(name, value)| item.get(name) == Some(value)),
        (item, part) => item == part,
    }
}

fn clear_primary(items: &mut [Value]) {
    for item in items {
        if let Some(primary) = item.get_mut("primary") {
            *primary = Value::Bool(false);
        }
    }
}

fn drop_empty(holder: &mut Document, attribute: &Attribute) {
    if holder.get(&attribute.name) == Some(&Value::Array(Vec::new())) {
        holder.remove(&attribute.name);
    }
}

/// Values of a multi-valued attribute: those that the filter selects, or all.
fn items_at(
    holder: &mut Document,
    op: Op,
    Path { attribute, sub }: Path,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> Scim<()> {
    let chosen = |item: &Value| match (filter, item) {
        (Some(filter), Value::Object(item)) => filter::matches(filter, item),
        (filter, _) => filter.is_none(),
    };
    let nothing = &mut Vec::new();
    let items = match holder.get_mut(&attribute.name) {
        Some(Value::Array(items)) => items,
        _ => nothing,
    };
    let selected: Vec<usize> = (0..items.len())
        .filter(|index| chosen(&items[*index]))
        .collect();
    if selected.is_empty() {
        return Err(ScimError::no_target(format!(
            "no value of `{}` is selected by the path",
            attribute.name
        )));
    }
    let given = match (sub, value) {
        (Some(sub), Some(value)) => value::single(sub, value)?
            .map(|value| Value::Object(Map::from_iter([(sub.name.clone(), value)]))),
        (None, Some(value)) => value::single(attribute, value)?,
        (_, None) => None,
    };
    match (op, sub, given) {
        (Op::Remove, None, _) | (Op::Replace, None, None) => items.retain(|item| !chosen(item)),
        (Op::Remove, Some(sub), _) | (Op::Replace, Some(sub), None) => {
            for index in selected {
                if let Some(parts) = items[index].as_object_mut() {
                    parts.remove(&sub.name);
                }
            }
            items.retain(|item| item.as_object().is_none_or(|parts| !parts.is_empty()));
        }
        (Op::Add, _, None) => {}
        (Op::Add | Op::Replace, _, Some(given)) => {
            if value::is_primary(&given) {
                if selected.len() > 1 {
                    return Err(ScimError::invalid_value(format!(
                        "only one value of `{}` can be primary",
                        attribute.name
                    )));
                }
                clear_primary(items);
            }
            for index in selected {
                if let (Some(parts), Value::Object(given)) = (items[index].as_object_mut(), &given)
                {
                    parts.extend(given.clone());
                }
            }
        }
    }
    drop_empty(holder, attribute);
    Ok(())
}
