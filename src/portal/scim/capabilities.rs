//! What the portal can do: it is asked and believed (RFC 7643 section 5, RFC 7644 section 4).
//! May not know mailboxes.

use serde::de::MapAccess;

use super::http::{Failure, GetOnly, malformed};
use super::lenient::{Lenient, Object, Objects, Scalar, is, skip};
use super::user::json_trouble;
use super::wire;
use crate::portal::{ErrorKind, PortalError};

/// What the portal offers. The default is what every SCIM server must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Lookups by filter (RFC 7644 section 3.4.2.2).
    pub filter: bool,
    /// Many changes in one request (RFC 7644 section 3.7).
    pub bulk: Option<Bulk>,
    /// If-Match is honoured (RFC 7644 section 3.14).
    pub etag: bool,
    /// PATCH (RFC 7644 section 3.5.2).
    pub patch: bool,
    /// Cursor paging (RFC 9865).
    pub cursor: bool,
    /// The most mailboxes in one page, where the portal says.
    pub max_page: Option<usize>,
}

/// The limits of one bulk request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// The most operations.
    pub max_operations: usize,
    /// The most bytes.
    pub max_payload: usize,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            filter: false,
            bulk: None,
            etag: false,
            patch: true,
            cursor: false,
            max_page: None,
        }
    }
}

const DOING: &str = "asking the portal what it can do";

/// Asks for `/ServiceProviderConfig`. A portal without one gets what every server must do.
pub(super) async fn discover(http: &GetOnly) -> Result<Capabilities, PortalError> {
    match http.get("ServiceProviderConfig", "", DOING).await {
        Ok(answer) => decode(&answer.body).map_err(|why| malformed(DOING, &why)),
        Err(Failure {
            status: Some(404 | 501),
            ..
        }) => Ok(Capabilities::default()),
        Err(failure) => Err(failure.into()),
    }
}

/// Refuses a portal that lists its schemas and has not arkib's among them. One that lists none is
/// taken at its users' word.
pub(super) async fn check_schema(http: &GetOnly) -> Result<(), PortalError> {
    let doing = "asking the portal for its schemas";
    let answer = match http.get("Schemas", "", doing).await {
        Ok(answer) => answer,
        Err(failure) => {
            return match failure.error.kind {
                ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Malformed => Ok(()),
                _ => Err(failure.into()),
            };
        }
    };
    if offers(&answer.body, wire::MAILBOX) != Some(false) {
        return Ok(());
    }
    Err(PortalError {
        kind: ErrorKind::Configuration,
        doing: doing.into(),
        detail: format!("the portal does not offer the schema {}", wire::MAILBOX),
        help: "ask the portal's operator to add this extension to its User resource, or check that ARKIB_PORTAL_URL is the right portal".into(),
    })
}

/// Whether this list of schemas has that one; `None` where it is no whole list.
pub(super) fn offers(body: &[u8], schema: &str) -> Option<bool> {
    let Lenient(list): Lenient<SchemaList> = serde_json::from_slice(body).ok()?;
    let list = list?;
    if list.schemas.is_empty() {
        return None;
    }
    if list.schemas.iter().any(|id| is(id, schema)) {
        return Some(true);
    }
    list.total
        .is_none_or(|total| total <= list.schemas.len())
        .then_some(false)
}

pub(super) fn decode(body: &[u8]) -> Result<Capabilities, String> {
    let Lenient(config): Lenient<Config> =
        serde_json::from_slice(body).map_err(|error| json_trouble(&error))?;
    let config = config.ok_or("it is no ServiceProviderConfig")?;
    let cursor = config.pagination.is_some_and(|it| it.cursor);
    let max_page = config
        .pagination
        .filter(|it| it.cursor)
        .and_then(|it| it.max_page_size)
        .or(config.filter.max_results)
        .filter(|most| *most > 0);
    Ok(Capabilities {
        filter: config.filter.supported == Some(true),
        bulk: config
            .bulk
            .filter(|it| it.supported == Some(true))
            .map(|it| Bulk {
                max_operations: it.max_operations.unwrap_or_default(),
                max_payload: it.max_payload.unwrap_or_default(),
            })
            .filter(|it| it.max_operations > 0 && it.max_payload > 0),
        etag: config.etag.supported == Some(true),
        patch: config.patch.supported != Some(false),
        cursor,
        max_page,
    })
}

#[derive(Default)]
struct Config {
    filter: Feature,
    bulk: Option<Feature>,
    etag: Feature,
    patch: Feature,
    pagination: Option<Pagination>,
}

/// One feature with the limits that any of them may have.
#[derive(Default, Clone, Copy)]
struct Feature {
    supported: Option<bool>,
    max_results: Option<usize>,
    max_operations: Option<usize>,
    max_payload: Option<usize>,
}

#[derive(Default, Clone, Copy)]
struct Pagination {
    cursor: bool,
    max_page_size: Option<usize>,
}

impl<'de> Object<'de> for Config {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "pagination") {
            let Lenient(pagination) = map.next_value()?;
            self.pagination = pagination;
            return Ok(());
        }
        let place = if is(name, "filter") {
            &mut self.filter
        } else if is(name, "etag") {
            &mut self.etag
        } else if is(name, "patch") {
            &mut self.patch
        } else if is(name, "bulk") {
            self.bulk.insert(Feature::default())
        } else {
            return skip(map);
        };
        let Lenient(feature) = map.next_value()?;
        *place = feature.unwrap_or_default();
        Ok(())
    }
}

impl<'de> Object<'de> for Feature {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let value: Scalar<'de> = map.next_value()?;
        if is(name, "supported") {
            self.supported = value.boolean().unwrap_or_default();
        } else if is(name, "maxResults") {
            self.max_results = value.count();
        } else if is(name, "maxOperations") {
            self.max_operations = value.count();
        } else if is(name, "maxPayloadSize") {
            self.max_payload = value.count();
        }
        Ok(())
    }
}

impl<'de> Object<'de> for Pagination {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let value: Scalar<'de> = map.next_value()?;
        if is(name, "cursor") {
            self.cursor = value.boolean() == Ok(Some(true));
        } else if is(name, "maxPageSize") {
            self.max_page_size = value.count();
        }
        Ok(())
    }
}

#[derive(Default)]
struct SchemaList {
    total: Option<usize>,
    schemas: Vec<String>,
}

impl<'de> Object<'de> for SchemaList {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "totalResults") {
            self.total = map.next_value::<Scalar<'de>>()?.count();
        } else if is(name, "Resources") {
            let Objects(schemas) = map.next_value::<Objects<Id>>()?;
            self.schemas = schemas.into_iter().filter_map(|Id(id)| id).collect();
        } else {
            skip(map)?;
        }
        Ok(())
    }
}

/// The id of a schema.
#[derive(Default)]
struct Id(Option<String>);

impl<'de> Object<'de> for Id {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "id") {
            self.0 = map.next_value::<Scalar<'de>>()?.text().map(str::to_owned);
            return Ok(());
        }
        skip(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_is_believed() {
        let config = br#"{"patch":{"supported":true},"Bulk":{"supported":"true","maxOperations":1000,"maxPayloadSize":1048576},
            "filter":{"supported":true,"maxResults":200},"etag":{"supported":"True"},"sort":{"supported":false},
            "pagination":{"cursor":true,"index":true,"maxPageSize":500}}"#;
        assert_eq!(
            decode(config),
            Ok(Capabilities {
                filter: true,
                bulk: Some(Bulk {
                    max_operations: 1000,
                    max_payload: 1_048_576
                }),
                etag: true,
                patch: true,
                cursor: true,
                max_page: Some(500),
            })
        );
        assert_eq!(decode(b"{}"), Ok(Capabilities::default()));
        assert!(decode(b"[]").is_err());
    }

    #[test]
    fn only_a_whole_list_can_lack_a_schema() {
        let urn = "urn:x:Mailbox";
        for (body, expected) in [
            (
                r#"{"totalResults":1,"Resources":[{"id":"URN:X:mailbox"}]}"#,
                Some(true),
            ),
            (
                r#"{"totalResults":1,"Resources":[{"id":"urn:other"}]}"#,
                Some(false),
            ),
            (
                r#"{"totalResults":9,"Resources":[{"id":"urn:other"}]}"#,
                None,
            ),
            (r#"{"totalResults":0,"Resources":[]}"#, None),
            (r#"[]"#, None),
            (r#"{"#, None),
        ] {
            assert_eq!(offers(body.as_bytes(), urn), expected, "{body}");
        }
    }
}
