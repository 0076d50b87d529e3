//! Bulk on the wire (RFC 7644 section 3.7): one request of many changes, and what its answer says
//! of each. Pure.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::json::{field, scalar, to_scalar_value};
use super::lenient_json::describe_json_error;
use crate::domain::observed::PortalId;
use crate::text::percent_encode;

/// One change as it stands in a bulk request, and the mailbox that it is about.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) id: PortalId,
    /// In the form to send, and in the other one.
    pub(super) json: [String; 2],
}

/// What encloses the operations of a request.
const HEAD: &str =
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":[";
const TAIL: &str = "]}";

/// Bytes of a request beside its operations.
pub(super) const ENCLOSURE: usize = HEAD.len() + TAIL.len();

impl Operation {
    /// A PATCH under the condition that the mailbox still has this version (RFC 7644 section
    /// 3.7, `version`). The mailbox's id is also its bulkId: some portals echo only that. Its data is
    /// the body of a single PATCH, as that section says; other portals take only the bare operations.
    pub(super) fn new_patch(
        id: &PortalId,
        version: &str,
        (message, bare): (&impl Serialize, &impl Serialize),
        is_bare: bool,
    ) -> Self {
        let mut json = [operation_json(id, version, message), operation_json(id, version, bare)];
        json.rotate_left(usize::from(is_bare));
        Self { id: id.clone(), json }
    }

    /// Its size in a request, in bytes, with its comma.
    pub(super) fn size(&self) -> usize {
        self.json.iter().map(String::len).max().unwrap_or_default() + 1
    }
}

fn operation_json(id: &PortalId, version: &str, data: &impl Serialize) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct OperationJson<'a, D> {
        method: &'a str,
        bulk_id: &'a str,
        path: String,
        version: &'a str,
        data: &'a D,
    }
    let json = OperationJson {
        method: "PATCH",
        bulk_id: id,
        path: format!("/Users/{}", percent_encode(id)),
        version,
        data,
    };
    // Strings alone: this cannot fail.
    serde_json::to_string(&json).unwrap_or_default()
}

/// The request for these changes, each in the form to send or in the other one. It has no
/// failOnErrors: each operation is independent.
pub(super) fn build_request(operations: &[Operation], in_other_form: bool) -> Vec<u8> {
    let mut body = HEAD.to_owned();
    for (number, operation) in operations.iter().enumerate() {
        if number > 0 {
            body.push(',');
        }
        body.push_str(&operation.json[usize::from(in_other_form)]);
    }
    body.push_str(TAIL);
    body.into_bytes()
}

/// What an answer says of one change.
#[derive(Debug)]
pub(super) struct OperationResult {
    pub(super) status: u16,
    pub(super) version: Option<Box<str>>,
    /// The mailbox as it is now, or an error; JSON. Portals may leave it out of a good answer.
    pub(super) response: Option<Vec<u8>>,
}

/// What an answer says of each of these mailboxes; nothing of one that it does not name, names
/// twice, or names in two ways that contradict each other.
///
/// # Errors
/// Why it is not an answer to a bulk request.
pub(super) fn parse_answer(
    body: &[u8],
    asked: &[PortalId],
) -> Result<Vec<Option<OperationResult>>, String> {
    let answer: Value =
        serde_json::from_slice(body).map_err(|error| describe_json_error(&error))?;
    let operations = field(&answer, "Operations").as_array();
    let operations = operations.ok_or("it has no Operations")?;
    let places: HashMap<&str, usize> = asked.iter().map(|id| &**id).zip(0..).collect();
    let encoded: HashMap<String, usize> =
        asked.iter().map(|id| percent_encode(id)).zip(0..).collect();
    // Everything that is reported about each; nothing if that is unclear.
    let mut said: Vec<Vec<Option<OperationResult>>> = asked.iter().map(|_| Vec::new()).collect();
    for operation in operations {
        let located = scalar(operation, "location").as_text().map(|location| {
            let id = location.trim_end_matches('/').rsplit('/').next();
            let id = id.unwrap_or_default();
            encoded.get(id).or_else(|| places.get(id)).copied()
        });
        let bulk_id = scalar(operation, "bulkId");
        let named = bulk_id.as_text().map(|id| places.get(id).copied());
        match (located, named) {
            (Some(located), Some(named)) if located != named => {
                for place in [located, named].into_iter().flatten() {
                    said[place].push(None);
                }
            }
            (place, other) => {
                if let Some(place) = place.or(other).flatten() {
                    said[place].push(parse_operation(operation));
                }
            }
        }
    }
    let only = |said: Vec<Option<OperationResult>>| match <[_; 1]>::try_from(said) {
        Ok([result]) => result,
        Err(_) => None,
    };
    Ok(said.into_iter().map(only).collect())
}

/// The result of an operation; `None` if it has no status.
fn parse_operation(operation: &Value) -> Option<OperationResult> {
    let response = match field(operation, "response") {
        Value::Null => None,
        response => serde_json::to_vec(response).ok(),
    };
    Some(OperationResult {
        status: parse_status(operation)?,
        version: scalar(operation, "version").as_text().map(Into::into),
        response,
    })
}

/// A status: "200" (RFC 7644), 200, or {"code": "200"} as drafts before it had it.
fn parse_status(operation: &Value) -> Option<u16> {
    let code = match field(operation, "status") {
        status @ Value::Object(_) => scalar(status, "code"),
        status => to_scalar_value(status),
    };
    u16::try_from(code.as_count()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim_urns as wire;
    use serde_json::{Value, json};

    fn ids(ids: &[&str]) -> Vec<PortalId> {
        ids.iter().map(|id| PortalId::from(*id)).collect()
    }

    fn statuses(operations: Value, asked: &[&str]) -> Vec<u16> {
        let body = json!({"Operations": operations}).to_string();
        let result = parse_answer(body.as_bytes(), &ids(asked)).expect("an answer");
        result.into_iter().map(|result| result.map_or(0, |result| result.status)).collect()
    }

    #[test]
    fn writes_a_bulk_request_of_known_size() {
        let operations: Vec<Operation> = ids(&["a/7", "b\"8"])
            .iter()
            .map(|id| Operation::new_patch(id, "W/\"1\"", (&json!({"x": 1}), &json!([])), false))
            .collect();
        let body = build_request(&operations, false);
        let sizes: usize = operations.iter().map(Operation::size).sum();
        assert_eq!(body.len(), ENCLOSURE + sizes - 1);
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap(),
            json!({"schemas": [wire::BULK_REQUEST], "Operations": [
                {"method": "PATCH", "bulkId": "a/7", "path": "/Users/a%2F7", "version": "W/\"1\"", "data": {"x": 1}},
                {"method": "PATCH", "bulkId": "b\"8", "path": "/Users/b%228", "version": "W/\"1\"", "data": {"x": 1}},
            ]})
        );
    }

    #[test]
    fn matches_answers_by_location_or_bulk_id() {
        let location = |id: &str| format!("https://portal.example/scim/v2/Users/{id}");
        assert_eq!(
            statuses(
                json!([
                    {"location": location("b"), "status": "412"},
                    {"location": "Users/a%2F7", "status": 200},
                    {"bulkId": "c", "status": {"code": "204"}},
                    {"location": location("zzz"), "status": "200"},
                    {"status": "200"},
                ]),
                &["a/7", "b", "c", "d"]
            ),
            [200, 412, 204, 0]
        );
    }

    #[test]
    fn drops_repeated_and_contradictory_answers() {
        assert_eq!(
            statuses(
                json!([
                    {"bulkId": "a", "status": "200"},
                    {"bulkId": "a", "status": "412"},
                    {"bulkId": "b", "location": "/Users/c", "status": "200"},
                    {"bulkId": "c", "status": "200"},
                    {"bulkId": "d", "status": "200"},
                    {"bulkId": "d", "location": "/Users/stranger", "status": "200"},
                    {"bulkId": "e", "status": "200"},
                    {"bulkId": "e"},
                ]),
                &["a", "b", "c", "d", "e"]
            ),
            [0, 0, 0, 0, 0]
        );
    }

    #[test]
    fn reads_names_in_any_case_and_refuses_others() {
        let body = br#"{"operations":[{"LOCATION":"/Users/a","Status":"200","Version":"W/\"2\"","response":{"id":"a"}},null,7]}"#;
        let results = parse_answer(body, &ids(&["a"])).expect("an answer");
        let result = results[0].as_ref().expect("an operation");
        assert_eq!(result.version.as_deref(), Some("W/\"2\""));
        assert_eq!(result.response.as_deref(), Some(&b"{\"id\":\"a\"}"[..]));
        for body in ["", "[]", "{}", "{\"Operations\":{}}", "<html>"] {
            assert!(parse_answer(body.as_bytes(), &ids(&["a"])).is_err(), "{body}");
        }
    }
}
