//! The examples and errors of RFC 7644 section 3.5.2, and any operations at all.

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

fn patched(operations: Value) -> ScimResult<Value> {
    let mut document = start().as_object().cloned().expect("an object");
    let body = json!({"schemas": [wire::PATCH_OP], "Operations": operations});
    apply_patch(&mut document, &body)?;
    Ok(Value::Object(document))
}

/// The start with these changes on top.
fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut value = start();
    change(&mut value);
    value
}

#[test]
fn adds_replaces_and_removes_attributes() {
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
fn value_paths_change_only_selected_values() {
    assert_eq!(
        patched(json!([
            {"op": "replace", "path": "emails[type eq \"home\"].value", "value": "c@x.example"},
            {"op": "add", "path": "emails[type eq \"home\"]", "value": {"primary": true}},
        ])),
        Ok(with(|value| {
            value["emails"][0]["primary"] = false.into();
            value["emails"][1] = json!({"value": "c@x.example", "type": "home", "primary": true});
        }))
    );
    assert_eq!(
        patched(json!([{"op": "remove", "path": "emails[type eq \"work\"]"}])),
        Ok(with(|value| value["emails"] = json!([{"value": "b@x.example", "type": "home"}])))
    );
    assert_eq!(
        patched(json!([{"op": "remove", "path": "emails", "value": [{"value": "a@x.example"}]}])),
        Ok(with(|value| value["emails"] = json!([{"value": "b@x.example", "type": "home"}])))
    );
}

#[test]
fn null_unassigns_and_absence_keeps() {
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
fn adding_an_existing_value_changes_nothing() {
    let again = json!([{"op": "add", "path": "emails", "value": [{"value": "b@x.example", "type": "home"}]}]);
    assert_eq!(patched(again), Ok(start()));
}

#[test]
fn errors_carry_the_type_of_table_9() {
    let read_only = format!("{}:changedAt", wire::MAILBOX);
    for (operation, scim_type) in [
        (json!({"op": "move", "path": "title"}), "invalidSyntax"),
        (json!({"op": "remove"}), "noTarget"),
        (json!({"op": "remove", "path": "userName"}), "mutability"),
        (json!({"op": "remove", "path": wire::MAILBOX}), "mutability"),
        (json!({"op": "replace", "path": "id", "value": "x"}), "mutability"),
        (json!({"op": "replace", "path": "groups", "value": []}), "mutability"),
        (
            json!({"op": "replace", "path": read_only, "value": "2026-01-01T00:00:00Z"}),
            "mutability",
        ),
        (
            json!({"op": "add", "value": {wire::MAILBOX: {"changedAt": "2026-01-01T00:00:00Z"}}}),
            "mutability",
        ),
        (json!({"op": "add", "value": {wire::MAILBOX: {"nothing": "x"}}}), "invalidPath"),
        (json!({"op": "replace", "path": "nothing", "value": "x"}), "invalidPath"),
        (json!({"op": "replace", "path": "title"}), "invalidValue"),
        (json!({"op": "replace", "path": "title", "value": 7}), "invalidValue"),
        (json!({"op": "replace", "value": "x"}), "invalidValue"),
        (json!({"op": "replace", "path": "emails[type eq \"x\"].value", "value": "x"}), "noTarget"),
        (json!({"op": "remove", "path": "emails[type]"}), "invalidFilter"),
    ] {
        let error = patched(json!([operation])).expect_err(&operation.to_string());
        assert_eq!(error.scim_type, Some(scim_type), "{operation}");
    }
}

proptest::proptest! {
    /// Whatever the operations are, what is left is still a user that can be taken apart or is
    /// refused: nothing panics, and no attribute has more than one primary value.
    #[test]
    fn any_operations_leave_a_valid_document(
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
                emails.iter().filter(|email| schema_validation::is_primary(email)).count()
            });
            proptest::prop_assert!(primaries <= 1, "{}", after);
            proptest::prop_assert!(!after["emails"].as_array().is_some_and(Vec::is_empty));
        }
    }
}
