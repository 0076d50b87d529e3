//! The schemas that a portal says it has, with their attributes (RFC 7643 section 7, RFC 7644
//! section 4). What a portal writes otherwise than it should is left out, never an error: who has
//! no use for its schemas goes without.

use serde_json::Value;

use super::connection::GetOnly;
use super::json::{bounded, field, list, listed, plain, scalar, text};
use super::lenient::is;
use crate::portal::{ErrorKind, PortalError};

const DOING: &str = "asking the portal for its schemas";
/// A list of schemas has no more pages.
const MOST_PAGES: usize = 50;

/// The schemas that a portal lists.
#[derive(Debug, Default)]
pub(super) struct Offered {
    pub(super) schemas: Vec<Schema>,
    /// Whether these are all: one that is not among them is not there.
    pub(super) is_whole: bool,
}

/// One schema.
#[derive(Debug, Default, Clone)]
pub struct Schema {
    /// Its URN.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// None where it does not say.
    pub attributes: Option<Vec<Told>>,
}

/// What a schema says of one attribute.
#[derive(Debug, Default, Clone)]
pub struct Told {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Option<String>,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Who may read and write it.
    pub mutability: Option<String>,
    /// When it is given.
    pub returned: Option<String>,
    /// Whether upper and lower case are told apart.
    pub case_exact: bool,
    /// The words that it takes, where the portal lists them.
    pub canonical: Vec<String>,
    /// What it is made of.
    pub parts: Vec<Told>,
}

impl Offered {
    /// The schema of that URN.
    pub(super) fn get(&self, urn: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| is(&schema.id, urn))
    }
}

impl Told {
    /// Whether its type is one of these; a schema that does not say allows all.
    pub(super) fn is_any(&self, kinds: &[&str]) -> bool {
        let kind = self.kind.as_deref();
        kind.is_none_or(|kind| kinds.iter().any(|it| is(it, kind)))
    }

    /// Whether it says that of who may read and write it.
    pub(super) fn is_mutability(&self, mutability: &str) -> bool {
        self.mutability
            .as_deref()
            .is_some_and(|it| is(it, mutability))
    }

    /// Whether it says that of when it is given.
    pub(super) fn is_returned(&self, when: &str) -> bool {
        self.returned.as_deref().is_some_and(|said| is(said, when))
    }
}

/// Asks for `/Schemas`, in pages where it comes so. Empty where the portal lists none.
///
/// # Errors
/// Where the portal does not answer, or refuses the token.
pub(super) async fn read(http: &GetOnly) -> Result<Offered, PortalError> {
    let mut offered = Offered::default();
    for page in 0..MOST_PAGES {
        let query = match page {
            0 => String::new(),
            _ => format!("startIndex={}", offered.schemas.len() + 1),
        };
        let answer = match http.get("Schemas", &query, DOING).await {
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
    let mut schemas: Vec<Schema> = listed(&answer).iter().map(Schema::of).collect();
    let is_list = answer.is_array() || field(&answer, "Resources").is_array();
    if !is_list {
        // Anything could be a schema that says nothing.
        schemas.retain(|schema| schema.attributes.is_some());
        if schemas.is_empty() {
            return None;
        }
    }
    schemas.retain(|schema| !schema.id.is_empty());
    let total = scalar(&answer, "totalResults").count();
    Some((total.filter(|_| is_list), schemas))
}

impl Schema {
    fn of(schema: &Value) -> Self {
        let attributes = told(schema, "attributes", Told::of);
        Self {
            id: text(schema, "id").unwrap_or_default(),
            name: text(schema, "name"),
            attributes: Some(attributes).filter(|told| !told.is_empty()),
        }
    }
}

impl Told {
    fn of(attribute: &Value) -> Self {
        Self {
            parts: told(attribute, "subAttributes", Self::part),
            ..Self::part(attribute)
        }
    }

    /// A part of an attribute. It has no parts (RFC 7643 section 2.3.8), whatever the portal writes.
    fn part(part: &Value) -> Self {
        let yes = |name| scalar(part, name).boolean() == Ok(Some(true));
        let word = |value| Some(bounded(&plain(value).word().ok()??));
        Self {
            name: text(part, "name").unwrap_or_default(),
            kind: text(part, "type"),
            multi_valued: yes("multiValued"),
            mutability: text(part, "mutability"),
            returned: text(part, "returned"),
            case_exact: yes("caseExact"),
            canonical: list(part, "canonicalValues")
                .iter()
                .filter_map(word)
                .collect(),
            parts: Vec::new(),
        }
    }
}

/// The attributes in a list, those that have a name.
fn told(value: &Value, name: &str, read: impl Fn(&Value) -> Told) -> Vec<Told> {
    let all = list(value, name).iter().map(read);
    all.filter(|told| !told.name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_several_shapes() {
        let one = r#"{"id":"urn:x:Peti","name":"Peti","attributes":[{"name":"arkib","type":"string","mutability":"readWrite","canonicalValues":["Ada","Tiada",true,1]},{"name":"","type":"string"},7]}"#;
        for (body, total) in [
            (
                format!(r#"{{"totalResults":1,"Resources":[{one}]}}"#),
                Some(1),
            ),
            (format!("[{one}]"), None),
            (one.to_owned(), None),
            (
                format!(r#"{{"TOTALRESULTS":"1","resources":[{one},{{"name":"no id"}}]}}"#),
                Some(1),
            ),
        ] {
            let (said, schemas) = decode(body.as_bytes()).expect("a list");
            assert_eq!((said, schemas.len()), (total, 1), "{body}");
            let attributes = schemas[0].attributes.as_ref().expect("attributes");
            assert_eq!(attributes.len(), 1);
            assert_eq!(attributes[0].canonical, ["Ada", "Tiada", "true", "1"]);
        }
    }

    #[test]
    fn what_is_written_otherwise_is_left_out() {
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
        assert!(schemas[0].attributes.is_none());
        assert_eq!(schemas[1].attributes.as_ref().map(Vec::len), Some(1));
    }
}
