//! What the portal can do: it is asked and believed (RFC 7643 section 5, RFC 7644 section 4).
//! May not know mailboxes.

use serde::de::MapAccess;
use serde_json::value::RawValue;

use super::connection::{Answer, GetOnly};
use super::http::{Failure, malformed};
use super::lenient::{Lenient, Object, Objects, Scalar, is, skip};
use super::user::json_trouble;
use crate::portal::PortalError;

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

/// For errors.
pub(super) const DOING: &str = "asking the portal what it can do";

/// Asks for `/ServiceProviderConfig`. A portal without one gets what every server must do.
pub(super) async fn discover(http: &GetOnly) -> Result<Capabilities, PortalError> {
    let config = config(http).await?;
    Ok(config.map(|(offered, _)| offered).unwrap_or_default())
}

/// What the portal says that it can do, also as it came; nothing where it does not say.
pub(super) async fn config(http: &GetOnly) -> Result<Option<(Capabilities, Vec<u8>)>, PortalError> {
    match http.get("ServiceProviderConfig", "", DOING).await {
        Ok(Answer { body, .. }) => match decode(&body) {
            Ok(offered) => Ok(Some((offered, body))),
            Err(why) => Err(malformed(DOING, &why)),
        },
        Err(Failure {
            status: Some(404 | 501),
            ..
        }) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

pub(super) fn decode(body: &[u8]) -> Result<Capabilities, String> {
    let config = one(body)?;
    let cursor = config.pagination.is_some_and(|it| it.cursor);
    let max_page = config
        .pagination
        .filter(|it| it.cursor)
        .and_then(|it| it.max_page_size)
        .or(config.filter.max_results)
        .filter(|most| *most > 0);
    Ok(Capabilities {
        filter: config.filter.supported == Some(true),
        bulk: (config.bulk.supported == Some(true))
            .then(|| Bulk {
                max_operations: config.bulk.max_operations.unwrap_or_default(),
                max_payload: config.bulk.max_payload.unwrap_or_default(),
            })
            .filter(|bulk| bulk.max_operations > 0 && bulk.max_payload > 0),
        etag: config.etag.supported == Some(true),
        patch: config.patch.supported != Some(false),
        cursor,
        max_page,
    })
}

/// The config; some portals put it into a list of one.
fn one(body: &[u8]) -> Result<Config, String> {
    let not_one = "it is no ServiceProviderConfig";
    if body.trim_ascii_start().starts_with(b"[") {
        let Objects(listed): Objects<Listed> =
            serde_json::from_slice(body).map_err(|error| json_trouble(&error))?;
        return first(listed).ok_or_else(|| not_one.into());
    }
    let Lenient(config): Lenient<Config> =
        serde_json::from_slice(body).map_err(|error| json_trouble(&error))?;
    let mut config = config.ok_or(not_one)?;
    match config.listed.take() {
        Some(Objects(listed)) => first(listed).ok_or_else(|| not_one.into()),
        None => Ok(config),
    }
}

fn first(listed: Vec<Listed>) -> Option<Config> {
    listed.into_iter().next().map(|Listed(config)| config)
}

/// A config in a list. It holds no list of its own: read without end it would end the program.
#[derive(Default)]
struct Listed(Config);

impl<'de> Object<'de> for Listed {
    fn attribute<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if is(name, "Resources") {
            return skip(map);
        }
        self.0.attribute(name, map)
    }
}

#[derive(Default)]
struct Config {
    /// Where it came in a list.
    listed: Option<Objects<Listed>>,
    filter: Feature,
    bulk: Feature,
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
        if is(name, "Resources") {
            let raw: &RawValue = map.next_value()?;
            self.listed = serde_json::from_str(raw.get()).ok();
            return Ok(());
        }
        let place = if is(name, "filter") {
            &mut self.filter
        } else if is(name, "etag") {
            &mut self.etag
        } else if is(name, "patch") {
            &mut self.patch
        } else if is(name, "bulk") {
            &mut self.bulk
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
        for nothing in ["[]", "7", r#"{"Resources":[]}"#] {
            assert!(decode(nothing.as_bytes()).is_err(), "{nothing}");
        }
        let deep = format!(
            "{}{}",
            r#"{"Resources":["#.repeat(200_000),
            "]}".repeat(200_000)
        );
        let _ = decode(deep.as_bytes());
    }

    #[test]
    fn it_may_come_in_a_list() {
        let one = r#"{"filter":{"supported":true,"maxResults":7}}"#;
        for body in [
            one.to_owned(),
            format!("[{one}]"),
            format!(r#"{{"totalResults":1,"Resources":[{one}]}}"#),
        ] {
            let offered = decode(body.as_bytes()).expect("a config");
            assert_eq!(
                (offered.filter, offered.max_page),
                (true, Some(7)),
                "{body}"
            );
        }
    }
}
