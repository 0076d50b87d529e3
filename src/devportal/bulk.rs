//! Bulk (RFC 7644 section 3.7): many operations in one request and one transaction, each of which
//! succeeds or fails by itself. May not know HTTP beyond its statuses.

use std::collections::HashMap;

use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::error::{ScimError, ScimResult};
use super::portal::PortalContext;
use super::schema_validation::{check_message_schema, find_member};
use super::user;
use super::user_renderer::UserRenderer;
use super::user_writes;
use super::user_writes::UserWriteRequest;
use crate::domain::mapping::scim_urns as wire;

/// Carries out a bulk request.
///
/// # Errors
/// 400 if the body is not a bulk request, 413 if it has too many operations. Errors of single
/// operations are in the answer.
pub(crate) fn run(
    portal: &PortalContext,
    connection: &Connection,
    body: &Value,
) -> ScimResult<Value> {
    check_message_schema(body, wire::BULK_REQUEST, str::eq)?;
    let operations = find_member(body, "Operations")
        .and_then(Value::as_array)
        .ok_or_else(|| ScimError::invalid_syntax("`Operations` must be an array"))?;
    let most = portal.options.max_operations;
    if operations.len() > most {
        return Err(ScimError::payload_too_large(format!(
            "the bulk request has more operations than maxOperations ({most})"
        )));
    }
    let fail_on_errors = match find_member(body, "failOnErrors") {
        None | Some(Value::Null) => u64::MAX,
        Some(value) => value.as_u64().filter(|errors| *errors > 0).ok_or_else(|| {
            ScimError::invalid_value("`failOnErrors` must be a whole number from 1")
        })?,
    };
    let run_sql = |text| connection.prepare_cached(text)?.execute([]);
    let mut created = HashMap::new();
    let mut failed = 0;
    let mut answers = Vec::with_capacity(operations.len());
    for operation in operations {
        if failed >= fail_on_errors {
            break;
        }
        // What an operation did before it failed must not stay.
        run_sql("SAVEPOINT operation")?;
        let outcome = run_operation(portal, connection, operation, &mut created);
        if outcome.is_err() {
            run_sql("ROLLBACK TO operation")?;
            failed += 1;
        }
        run_sql("RELEASE operation")?;
        answers.push(operation_response(portal, connection, operation, outcome)?);
    }
    Ok(json!({"schemas": [wire::BULK_RESPONSE], "Operations": answers}))
}

/// Carries out one operation: the status, and the row of the user.
fn run_operation(
    portal: &PortalContext,
    connection: &Connection,
    operation: &Value,
    created: &mut HashMap<String, i64>,
) -> ScimResult<(StatusCode, i64)> {
    let text = |name: &str| find_member(operation, name).and_then(Value::as_str);
    let method = text("method").unwrap_or_default().to_ascii_uppercase();
    let path = text("path").unwrap_or_default();
    let mut bulk_id = "";
    let seq = if method == "POST" {
        if path != "/Users" {
            return Err(ScimError::not_found("endpoint with that path that accepts POST"));
        }
        bulk_id = text("bulkId")
            .filter(|id| !id.is_empty())
            .ok_or_else(|| ScimError::invalid_syntax("POST needs a `bulkId`"))?;
        None
    } else {
        Some(target_user_seq(path, created)?)
    };
    let method = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE]
        .into_iter()
        .find(|known| known.as_str() == method)
        .ok_or_else(|| ScimError::invalid_syntax("`method` must be POST, PUT, PATCH or DELETE"))?;
    let mut body = Value::Null;
    if method != Method::DELETE {
        body = find_member(operation, "data")
            .cloned()
            .ok_or_else(|| ScimError::invalid_syntax(format!("{method} needs `data`")))?;
        resolve_bulk_ids(&mut body, created)?;
    }
    let write = UserWriteRequest {
        method: &method,
        seq,
        if_match: text("version").filter(|version| !version.is_empty()),
        body: &body,
    };
    let (status, seq) = user_writes::carry_out_write(portal, connection, &write)?;
    if status == StatusCode::CREATED {
        created.insert(bulk_id.to_owned(), seq);
    }
    Ok((status, seq))
}

/// The row that a path such as `/Users/00000001` or `/Users/bulkId:a` names.
fn target_user_seq(path: &str, created: &HashMap<String, i64>) -> ScimResult<i64> {
    let missing = || ScimError::not_found("resource with that path");
    let id = path.strip_prefix("/Users/").ok_or_else(missing)?;
    match id.strip_prefix("bulkId:") {
        Some(bulk_id) => seq_of_bulk_id(bulk_id, created),
        None => user::seq_from_id(id).ok_or_else(missing),
    }
}

/// Puts ids in place of `bulkId:…` (RFC 7644 section 3.7.2). Depth is bounded by the JSON reader.
fn resolve_bulk_ids(data: &mut Value, created: &HashMap<String, i64>) -> ScimResult<()> {
    match data {
        Value::String(text) => {
            if let Some(bulk_id) = text.strip_prefix("bulkId:") {
                *text = user::id_from_seq(seq_of_bulk_id(bulk_id, created)?);
            }
            Ok(())
        }
        Value::Array(items) => {
            items.iter_mut().try_for_each(|item| resolve_bulk_ids(item, created))
        }
        Value::Object(members) => {
            members.values_mut().try_for_each(|value| resolve_bulk_ids(value, created))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// The row of the resource that an operation before this one created.
fn seq_of_bulk_id(bulk_id: &str, created: &HashMap<String, i64>) -> ScimResult<i64> {
    created.get(bulk_id).copied().ok_or_else(|| {
        ScimError::conflict(format!(
            "no operation before this one created a resource with the bulkId `{bulk_id}`"
        ))
    })
}

fn operation_response(
    portal: &PortalContext,
    connection: &Connection,
    operation: &Value,
    outcome: ScimResult<(StatusCode, i64)>,
) -> ScimResult<Value> {
    let mut answer =
        json!({"method": find_member(operation, "method").cloned().unwrap_or_default()});
    if let Some(bulk_id) = find_member(operation, "bulkId") {
        answer["bulkId"] = bulk_id.clone();
    }
    match outcome {
        Ok((status, seq)) => {
            answer["location"] = user::location(&portal.base, seq).into();
            answer["status"] = status.as_str().into();
            if status != StatusCode::NO_CONTENT {
                let user = UserRenderer::for_whole_user(&portal.base, true)
                    .user_document(connection, seq)?;
                answer["version"] = user["meta"]["version"].clone();
                answer["response"] = user.into();
            }
        }
        Err(error) => {
            if let Some(path) = find_member(operation, "path").and_then(Value::as_str)
                && path.starts_with("/Users/")
            {
                answer["location"] = format!("{}{path}", portal.base).into();
            }
            answer["status"] = error.status.as_str().into();
            answer["response"] = error.to_json_body();
        }
    }
    Ok(answer)
}
