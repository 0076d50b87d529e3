//! PATCH (RFC 7644 section 3.5.2): operations on a document. Pure; may not know states or stores.

use serde_json::{Map, Value};

use super::error::{Scim, ScimError};
use super::filter::{self, Filter};
use super::path::{Document, Path};
use super::schema::{self, Attribute, Kind, Mutability};
use super::value;
use crate::portal::scim::wire;

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

/// The object under that name, made where there is none.
fn object_at<'d>(holder: &'d mut Document, name: &str) -> Scim<&'d mut Document> {
    holder
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| ScimError::invalid_value(format!("`{name}` is not an object")))
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

fn attribute_at(
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
fn set(holder: &mut Document, op: Op, attribute: &Attribute, value: Option<&Value>) -> Scim<()> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn start() -> Value {
        json!({
            "userName": "a@x.example", "name": {"familyName": "A"},
            "emails": [{"value": "a@x.example", "type": "work", "primary": true},
                       {"value": "b@x.example", "type": "home"}],
            wire::MAILBOX: {"state": "disabled", "hold": false},
        })
    }

    fn patched(operations: Value) -> Scim<Value> {
        let mut document = start().as_object().cloned().expect("an object");
        let body = json!({"schemas": [wire::PATCH_OP], "Operations": operations});
        apply(&mut document, &body)?;
        Ok(Value::Object(document))
    }

    /// The start with these changes on top.
    fn with(change: impl FnOnce(&mut Value)) -> Value {
        let mut value = start();
        change(&mut value);
        value
    }

    #[test]
    fn attributes_are_added_replaced_and_removed_by_path_and_without() {
        let state = format!("{}:state", wire::MAILBOX);
        assert_eq!(
            patched(json!([
                {"op": "Replace", "path": state, "value": "enabled"},
                {"op": "add", "value": {"TITLE": "x", "name.givenName": "G", wire::MAILBOX: {"request": "R"}}},
                {"op": "remove", "path": "name.familyName"},
            ])),
            Ok(with(|value| {
                value[wire::MAILBOX] = json!({"state": "enabled", "hold": false, "request": "R"});
                value["title"] = "x".into();
                value["name"] = json!({"givenName": "G"});
            }))
        );
    }

    #[test]
    fn value_paths_reach_only_what_they_select() {
        assert_eq!(
            patched(json!([
                {"op": "replace", "path": "emails[type eq \"home\"].value", "value": "c@x.example"},
                {"op": "add", "path": "emails[type eq \"home\"]", "value": {"primary": true}},
            ])),
            Ok(with(|value| {
                value["emails"][0]["primary"] = false.into();
                value["emails"][1] =
                    json!({"value": "c@x.example", "type": "home", "primary": true});
            }))
        );
        assert_eq!(
            patched(json!([{"op": "remove", "path": "emails[type eq \"work\"]"}])),
            Ok(with(
                |value| value["emails"] = json!([{"value": "b@x.example", "type": "home"}])
            ))
        );
        assert_eq!(
            patched(
                json!([{"op": "remove", "path": "emails", "value": [{"value": "a@x.example"}]}])
            ),
            Ok(with(
                |value| value["emails"] = json!([{"value": "b@x.example", "type": "home"}])
            ))
        );
    }

    #[test]
    fn null_unassigns_and_an_unnamed_attribute_stays() {
        assert_eq!(
            patched(json!([
                {"op": "replace", "value": {wire::MAILBOX: {"hold": null}, "name": null}},
                {"op": "replace", "path": "emails", "value": []},
            ])),
            Ok(with(|value| {
                *value = json!({"userName": "a@x.example", wire::MAILBOX: {"state": "disabled"}});
            }))
        );
    }

    #[test]
    fn adding_what_is_there_changes_nothing() {
        let again = json!([{"op": "add", "path": "emails", "value": [{"value": "b@x.example", "type": "home"}]}]);
        assert_eq!(patched(again), Ok(start()));
    }

    #[test]
    fn refusals_carry_the_type_of_table_9() {
        let read_only = format!("{}:changedAt", wire::MAILBOX);
        for (operation, scim_type) in [
            (json!({"op": "move", "path": "title"}), "invalidSyntax"),
            (json!({"op": "remove"}), "noTarget"),
            (json!({"op": "remove", "path": "userName"}), "mutability"),
            (json!({"op": "remove", "path": wire::MAILBOX}), "mutability"),
            (
                json!({"op": "replace", "path": "id", "value": "x"}),
                "mutability",
            ),
            (
                json!({"op": "replace", "path": "groups", "value": []}),
                "mutability",
            ),
            (
                json!({"op": "replace", "path": read_only, "value": "2026-01-01T00:00:00Z"}),
                "mutability",
            ),
            (
                json!({"op": "add", "value": {wire::MAILBOX: {"changedAt": "2026-01-01T00:00:00Z"}}}),
                "mutability",
            ),
            (
                json!({"op": "add", "value": {wire::MAILBOX: {"nothing": "x"}}}),
                "invalidPath",
            ),
            (
                json!({"op": "replace", "path": "nothing", "value": "x"}),
                "invalidPath",
            ),
            (json!({"op": "replace", "path": "title"}), "invalidValue"),
            (
                json!({"op": "replace", "path": "title", "value": 7}),
                "invalidValue",
            ),
            (json!({"op": "replace", "value": "x"}), "invalidValue"),
            (
                json!({"op": "replace", "path": "emails[type eq \"x\"].value", "value": "x"}),
                "noTarget",
            ),
            (
                json!({"op": "remove", "path": "emails[type]"}),
                "invalidFilter",
            ),
        ] {
            let error = patched(json!([operation])).expect_err(&operation.to_string());
            assert_eq!(error.scim_type, Some(scim_type), "{operation}");
        }
    }

    proptest::proptest! {
        /// Whatever the operations are, what is left is still a user that can be taken apart or is
        /// refused: nothing panics, and no attribute has more than one primary value.
        #[test]
        fn any_operations_leave_a_sound_document(
            operations in proptest::collection::vec(
                (
                    "add|replace|remove",
                    "(emails|emails\\[type eq \"home\"\\]|emails\\.type|emails\\[value pr\\]\\.primary|name|name\\.givenName|userName|active|title)",
                    proptest::sample::select(vec![
                        json!(null), json!(true), json!("x"), json!([]), json!({"type": "home"}),
                        json!([{"value": "z", "primary": true}]), json!({"primary": true}), json!({}),
                    ]),
                ),
                1..6,
            ),
        ) {
            let operations: Vec<Value> = operations
                .into_iter()
                .map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
                .collect();
            if let Ok(after) = patched(operations.into()) {
                proptest::prop_assert!(after["userName"].is_string());
                let primaries = after["emails"].as_array().map_or(0, |emails| {
                    emails.iter().filter(|email| value::is_primary(email)).count()
                });
                proptest::prop_assert!(primaries <= 1, "{}", after);
                proptest::prop_assert!(!after["emails"].as_array().is_some_and(Vec::is_empty));
            }
        }
    }
}
