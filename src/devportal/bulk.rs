//! Bulk (RFC 7644 section 3.7): many operations in one request and one transaction, each of which
//! succeeds or fails by itself. May not know HTTP beyond its statuses.

use std::collections::HashMap;

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::error::{Scim, ScimError};
use super::patch::member;
use super::user;
use super::user::User;
use super::{Portal, users};
use crate::domain::mapping::scim_names as wire;

/// The most operations in one request, unless it is said otherwise.
pub(crate) const MAX_OPERATIONS: usize = 1000;

/// Carries out a bulk request.
///
/// # Errors
/// 400 where the body is no bulk request, 413 where it has too many operations. What an operation
/// does wrong stands in the answer.
pub(crate) fn run(portal: &Portal, connection: &Connection, body: &Value) -> Scim<Value> {
    let asked = member(body, "schemas").and_then(Value::as_array);
    if !asked.is_some_and(|schemas| schemas.iter().any(|urn| urn == wire::BULK_REQUEST)) {
        return Err(ScimError::invalid_syntax(format!(
            "`schemas` must name {}",
            wire::BULK_REQUEST
        )));
    }
    let operations = member(body, "Operations")
        .and_then(Value::as_array)
        .ok_or_else(|| ScimError::invalid_syntax("`Operations` must be an array"))?;
    let most = portal.max_operations;
    if operations.len() > most {
        return Err(ScimError::too_large(format!(
            "the size of the bulk operation exceeds maxOperations ({most})"
        )));
    }
    let fail_on_errors = match member(body, "failOnErrors") {
        None | Some(Value::Null) => u64::MAX,
        Some(value) => value.as_u64().filter(|errors| *errors > 0).ok_or_else(|| {
            ScimError::invalid_value("`failOnErrors` must be a whole number from 1")
        })?,
    };
    let mut created = HashMap::new();
    let mut failed = 0;
    let mut answers = Vec::with_capacity(operations.len());
    for operation in operations {
        if failed >= fail_on_errors {
            break;
        }
        // What an operation did before it failed must not stay.
        connection
            .prepare_cached("SAVEPOINT operation")?
            .execute([])?;
        let outcome = one(portal, connection, operation, &mut created);
        if outcome.is_err() {
            connection
                .prepare_cached("ROLLBACK TO operation")?
                .execute([])?;
            failed += 1;
        }
        connection
            .prepare_cached("RELEASE operation")?
            .execute([])?;
        answers.push(answer(portal, operation, outcome));
    }
    Ok(json!({"schemas": [wire::BULK_RESPONSE], "Operations": answers}))
}

/// What an operation came to: a status, and the row and version that it left.
struct Done {
    status: StatusCode,
    seq: i64,
    version: Option<i64>,
    /// The resource as it now is.
    response: Option<Value>,
}

fn one(
    portal: &Portal,
    connection: &Connection,
    operation: &Value,
    created: &mut HashMap<String, i64>,
) -> Scim<Done> {
    let text = |name: &str| member(operation, name).and_then(Value::as_str);
    let method = text("method").unwrap_or_default().to_ascii_uppercase();
    let path = text("path").unwrap_or_default();
    let if_match = text("version").filter(|version| portal.if_match && !version.is_empty());
    let data = || -> Scim<Value> {
        let mut data = member(operation, "data")
            .cloned()
            .ok_or_else(|| ScimError::invalid_syntax(format!("{method} needs `data`")))?;
        resolve(&mut data, created)?;
        Ok(data)
    };
    let saved = |user: User| Done {
        status: StatusCode::OK,
        seq: user.seq,
        version: Some(user.version),
        response: Some(user.document(&portal.base).into()),
    };
    if method == "POST" {
        if path != "/Users" {
            return Err(ScimError::not_found("endpoint of that path to POST to"));
        }
        let bulk_id = text("bulkId")
            .filter(|id| !id.is_empty())
            .ok_or_else(|| ScimError::invalid_syntax("POST needs a `bulkId`"))?;
        let user = users::create(portal, connection, &data()?)?;
        created.insert(bulk_id.to_owned(), user.seq);
        return Ok(Done {
            status: StatusCode::CREATED,
            ..saved(user)
        });
    }
    let seq = target(path, created)?;
    match method.as_str() {
        "PUT" => users::replace(portal, connection, seq, if_match, &data()?).map(saved),
        "PATCH" => users::patch(portal, connection, seq, if_match, &data()?).map(saved),
        "DELETE" => users::delete(portal, connection, seq, if_match).map(|()| Done {
            status: StatusCode::NO_CONTENT,
            seq,
            version: None,
            response: None,
        }),
        _ => Err(ScimError::invalid_syntax(
            "`method` must be POST, PUT, PATCH or DELETE",
        )),
    }
}

/// The row that a path such as `/Users/00000001` or `/Users/bulkId:a` names.
fn target(path: &str, created: &HashMap<String, i64>) -> Scim<i64> {
    let missing = || ScimError::not_found("resource of that path");
    let id = path.strip_prefix("/Users/").ok_or_else(missing)?;
    match id.strip_prefix("bulkId:") {
        Some(bulk_id) => created
            .get(bulk_id)
            .copied()
            .ok_or_else(|| unresolved(bulk_id)),
        None => user::seq(id).ok_or_else(missing),
    }
}

/// Puts ids in place of `bulkId:…` (RFC 7644 section 3.7.2). Depth is bounded by the JSON reader.
fn resolve(data: &mut Value, created: &HashMap<String, i64>) -> Scim<()> {
    match data {
        Value::String(text) => {
            if let Some(bulk_id) = text.strip_prefix("bulkId:") {
                let seq = created.get(bulk_id).ok_or_else(|| unresolved(bulk_id))?;
                *text = user::id(*seq);
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, created)),
        Value::Object(members) => members
            .values_mut()
            .try_for_each(|value| resolve(value, created)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn unresolved(bulk_id: &str) -> ScimError {
    ScimError::conflict(format!(
        "no operation before this one created a resource with the bulkId `{bulk_id}`"
    ))
}

fn answer(portal: &Portal, operation: &Value, outcome: Scim<Done>) -> Value {
    let mut answer = json!({"method": member(operation, "method").cloned().unwrap_or_default()});
    if let Some(bulk_id) = member(operation, "bulkId") {
        answer["bulkId"] = bulk_id.clone();
    }
    match outcome {
        Ok(done) => {
            answer["location"] = format!("{}/Users/{}", portal.base, user::id(done.seq)).into();
            answer["status"] = done.status.as_str().into();
            if let Some(version) = done.version {
                answer["version"] = user::etag(version).into();
            }
            if let Some(response) = done.response {
                answer["response"] = response;
            }
        }
        Err(error) => {
            if let Some(path) = member(operation, "path").and_then(Value::as_str)
                && path.starts_with("/Users/")
            {
                answer["location"] = format!("{}{path}", portal.base).into();
            }
            answer["status"] = error.status.as_str().into();
            answer["response"] = error.body();
        }
    }
    answer
}
