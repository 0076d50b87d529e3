//! The schemas that a portal says it has, with their attributes (RFC 7643 section 7, RFC 7644
//! section 4). What a portal writes otherwise than it should is left out, never an error: who has
//! no use for its schemas goes without.

use serde_json::Value;

use super::json::{
    field, list_field, listed_resources, scalar, text_field, to_scalar_value, truncate_text,
};
use super::lenient_json::is_same_name;
use super::scim_client::GetOnlyClient;
use crate::domain::portal_inspection::{AttributeInfo, Schema};
use crate::portal::{Doing, ErrorKind, PortalError};

/// A list of schemas has no more pages.
const MOST_PAGES: usize = 50;

/// The schemas that a portal lists.
#[derive(Debug, Default)]
pub(super) struct PortalSchemas {
    pub(super) schemas: Vec<Schema>,
    /// Whether these are all: one that is not among them is not there.
    pub(super) is_whole: bool,
}

impl PortalSchemas {
    /// The schema of that URN.
    pub(super) fn get(&self, urn: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| is_same_name(&schema.id, urn))
    }
}

/// Asks for `/Schemas`, in pages where it comes so. Empty where the portal lists none.
///
/// # Errors
/// Where the portal does not answer, or refuses the token.
pub(super) async fn read(http: &GetOnlyClient) -> Result<PortalSchemas, PortalError> {
    let mut offered = PortalSchemas::default();
    for page in 0..MOST_PAGES {
        let query = match page {
            0 => String::new(),
            _ => format!("startIndex={}", offered.schemas.len() + 1),
        };
        let answer = match http.get("Schemas", &query, Doing::AskingSchemas).await {
            Ok(answer) => answer,
            Err(_) if page > 0 => break,
            Err(failure) => match failure.error.kind {
                ErrorKind::NotFound
                | ErrorKind::Forbidden
                | ErrorKind::Rejected
                | ErrorKind::Malformed => break,
                _ => return Err(failure.into()),
            },
        };
        let Some((total, schemas)) = decode(&answer.body) else {
            break;
        };
        let before = offered.schemas.len();
        let is_new = |schema: &Schema| offered.get(&schema.id).is_none();
        let new: Vec<Schema> = schemas.into_iter().filter(is_new).collect();
        offered.schemas.extend(new);
        let read = offered.schemas.len();
        offered.is_whole = read > 0 && total.is_none_or(|total| total <= read);
        if offered.is_whole || read == before {
            break;
        }
    }
    Ok(offered)
}

/// A list of schemas, or a single one, and how many there are in all where that is said; `None`
/// where it is neither.
pub(super) fn decode(body: &[u8]) -> Option<(Option<usize>, Vec<Schema>)> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let mut schemas: Vec<Schema> = listed_resources(&answer).iter().map(decode_schema).collect();
    let is_list = answer.is_array() || field(&answer, "Resources").is_array();
    if !is_list {
        // Anything could be a schema that says nothing.
        schemas.retain(|schema| !schema.attributes.is_empty());
        if schemas.is_empty() {
            return None;
        }
    }
    schemas.retain(|schema| !schema.id.is_empty());
    let total = scalar(&answer, "totalResults").as_count();
    Some((total.filter(|_| is_list), schemas))
}

fn decode_schema(schema: &Value) -> Schema {
    Schema {
        id: text_field(schema, "id").unwrap_or_default(),
        name: text_field(schema, "name"),
        attributes: decode_attributes(schema, "attributes", |attribute| AttributeInfo {
            parts: decode_attributes(attribute, "subAttributes", decode_attribute),
            ..decode_attribute(attribute)
        }),
    }
}

/// The attributes in a list, those that have a name.
fn decode_attributes(
    value: &Value,
    name: &str,
    read: impl Fn(&Value) -> AttributeInfo,
) -> Vec<AttributeInfo> {
    let all = list_field(value, name).iter().map(read);
    all.filter(|attribute| !attribute.name.is_empty()).collect()
}

/// A part of an attribute. It has no parts (RFC 7643 section 2.3.8), whatever the portal writes.
fn decode_attribute(part: &Value) -> AttributeInfo {
    let yes = |name| scalar(part, name).as_bool() == Ok(Some(true));
    let word = |value| Some(truncate_text(&to_scalar_value(value).as_word().ok()??));
    let words = list_field(part, "canonicalValues").iter();
    AttributeInfo {
        name: text_field(part, "name").unwrap_or_default(),
        kind: text_field(part, "type"),
        multi_valued: yes("multiValued"),
        mutability: text_field(part, "mutability"),
        canonical_values: words.filter_map(word).collect(),
        returned: text_field(part, "returned"),
        case_exact: yes("caseExact"),
        ..AttributeInfo::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists_in_several_shapes() {
        let one = r#"{"id":"urn:x:Peti","name":"Peti","attributes":[{"name":"arkib","type":"string","mutability":"readWrite","canonicalValues":["Ada","Tiada",true,1]},{"name":"","type":"string"},7]}"#;
        for (body, total) in [
            (format!(r#"{{"totalResults":1,"Resources":[{one}]}}"#), Some(1)),
            (format!("[{one}]"), None),
            (one.to_owned(), None),
            (format!(r#"{{"TOTALRESULTS":"1","resources":[{one},{{"name":"no id"}}]}}"#), Some(1)),
        ] {
            let (said, schemas) = decode(body.as_bytes()).expect("a list");
            assert_eq!((said, schemas.len()), (total, 1), "{body}");
            let attributes = &schemas[0].attributes;
            assert_eq!(attributes.len(), 1);
            assert_eq!(attributes[0].canonical_values, ["Ada", "Tiada", "true", "1"]);
        }
    }

    #[test]
    fn ignores_malformed_schemas() {
        for body in ["{}", "7", "{", r#"{"id":"urn:x"}"#, r#"{"Resources":"x"}"#] {
            assert!(decode(body.as_bytes()).is_none(), "{body}");
        }
        let mut deep = r#"{"name":"a","subAttributes":["#.repeat(200_000);
        deep = format!(r#"{{"Resources":[{{"id":"urn:x","attributes":[{deep}"#);
        assert!(decode(deep.as_bytes()).is_none());
        deep.push_str(&"]}".repeat(200_000));
        deep.push_str("]}]}");
        let _ = decode(deep.as_bytes());
        let odd = br#"{"Resources":[{"id":"urn:x","attributes":"many"},{"id":"urn:y","attributes":[{"name":"a","subAttributes":3,"canonicalValues":{}}]}]}"#;
        let (_, schemas) = decode(odd).expect("a list");
        assert!(schemas[0].attributes.is_empty());
        assert_eq!(schemas[1].attributes.len(), 1);
    }
}
