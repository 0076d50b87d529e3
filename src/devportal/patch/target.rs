//! What one operation does at its target: attributes, sub-attributes and selected values. Pure.

use serde_json::{Map, Value};

use super::Op;
use crate::devportal::error::{Scim, ScimError};
use crate::devportal::filter;
use crate::devportal::filter::Filter;
use crate::devportal::path::Document;
use crate::devportal::schema::{Attribute, Kind};
use crate::devportal::value;

/// The object under that name, made where there is none.
pub(super) fn object_at<'d>(holder: &'d mut Document, name: &str) -> Scim<&'d mut Document> {
    holder
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| ScimError::invalid_value(format!("`{name}` is not an object")))
}

/// Adds, replaces or removes what a path names in the object that holds the attribute.
pub(super) fn attribute_at(
    holder: &mut Document,
    op: Op,
    attribute: &'static Attribute,
    sub: Option<&'static Attribute>,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> Scim<()> {
    if attribute.multi && (filter.is_some() || sub.is_some()) {
        return items_at(holder, op, attribute, sub, filter, value);
    }
    if let Some(sub) = sub {
        let parts = object_at(holder, attribute.name)?;
        set(parts, op, sub, value)?;
        if parts.is_empty() {
            holder.remove(attribute.name);
        }
        return Ok(());
    }
    set(holder, op, attribute, value)
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
    let Some(given) = given.filter(|_| op != Op::Remove) else {
        return unset(holder, op, attribute, value);
    };
    match (holder.get_mut(attribute.name), given) {
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
            holder.insert(attribute.name.to_owned(), given);
        }
    }
    Ok(())
}

fn unset(holder: &mut Document, op: Op, attribute: &Attribute, value: Option<&Value>) -> Scim<()> {
    // Some clients name in `value` what is to go; to remove the rest as well would be a surprise.
    if op == Op::Remove
        && attribute.multi
        && let Some(value) = value
        && let Some(Value::Array(gone)) = value::whole(attribute, value)?
    {
        if let Some(Value::Array(items)) = holder.get_mut(attribute.name) {
            items.retain(|item| !gone.iter().any(|gone| contains(item, gone)));
        }
        drop_empty(holder, attribute);
        return Ok(());
    }
    if op == Op::Add {
        return Ok(());
    }
    if attribute.required {
        return Err(ScimError::mutability(format!(
            "`{}` is required and cannot be removed",
            attribute.name
        )));
    }
    holder.remove(attribute.name);
    Ok(())
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
    if holder
        .get(attribute.name)
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
    {
        holder.remove(attribute.name);
    }
}

/// Values of a multi-valued attribute: those that the filter selects, or all.
fn items_at(
    holder: &mut Document,
    op: Op,
    attribute: &'static Attribute,
    sub: Option<&'static Attribute>,
    filter: Option<&Filter>,
    value: Option<&Value>,
) -> Scim<()> {
    let chosen = |item: &Value| filter.is_none_or(|filter| filter::item_matches(filter, item));
    let none = || {
        ScimError::no_target(format!(
            "no value of `{}` is selected by the path",
            attribute.name
        ))
    };
    let Some(Value::Array(items)) = holder.get_mut(attribute.name) else {
        return Err(none());
    };
    if !items.iter().any(chosen) {
        return Err(none());
    }
    let given = match (sub, value) {
        (Some(sub), Some(value)) => value::single(sub, value)?
            .map(|value| Value::Object(Map::from_iter([(sub.name.to_owned(), value)]))),
        (None, Some(value)) => value::single(attribute, value)?,
        (_, None) => None,
    };
    match (op, sub, given) {
        (Op::Remove, None, _) | (Op::Replace, None, None) => items.retain(|item| !chosen(item)),
        (Op::Remove, Some(sub), _) | (Op::Replace, Some(sub), None) => {
            for item in items.iter_mut().filter(|item| chosen(item)) {
                if let Some(parts) = item.as_object_mut() {
                    parts.remove(sub.name);
                }
            }
            items.retain(|item| item.as_object().is_none_or(|parts| !parts.is_empty()));
        }
        (Op::Add, _, None) => {}
        (Op::Add | Op::Replace, _, Some(given)) => merge(items, chosen, &given, attribute)?,
    }
    drop_empty(holder, attribute);
    Ok(())
}

fn merge(
    items: &mut [Value],
    chosen: impl Fn(&Value) -> bool,
    given: &Value,
    attribute: &Attribute,
) -> Scim<()> {
    debug_assert_eq!(attribute.kind, Kind::Complex);
    let selected: Vec<usize> = (0..items.len())
        .filter(|index| chosen(&items[*index]))
        .collect();
    if value::is_primary(given) {
        if selected.len() > 1 {
            return Err(ScimError::invalid_value(format!(
                "only one value of `{}` can be primary",
                attribute.name
            )));
        }
        clear_primary(items);
    }
    for index in selected {
        if let (Some(parts), Some(given)) = (items[index].as_object_mut(), given.as_object()) {
            parts.extend(given.clone());
        }
    }
    Ok(())
}
