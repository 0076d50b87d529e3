//! What the portal can do: it is asked and believed (RFC 7643 section 5, RFC 7644 section 4).
//! May not know mailboxes.

use serde_json::Value;

use super::connection::GetOnly;
use super::http::malformed;
use super::json::{field, listed, scalar};
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
    Ok(config.map(|config| offered(&config)).unwrap_or_default())
}

/// What the portal says that it can do, as it says it; nothing where it does not say.
pub(super) async fn config(http: &GetOnly) -> Result<Option<Value>, PortalError> {
    match http.get("ServiceProviderConfig", "", DOING).await {
        Ok(answer) => match decode(&answer.body) {
            Ok(config) => Ok(Some(config)),
            Err(why) => Err(malformed(DOING, &why)),
        },
        Err(failure) if matches!(failure.status(), Some(404 | 501)) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// The config in an answer; some portals put it into a list of one.
pub(super) fn decode(body: &[u8]) -> Result<Value, String> {
    let answer = serde_json::from_slice(body).map_err(|error| json_trouble(&error))?;
    let config = listed(&answer).iter().find(|config| config.is_object());
    Ok(config.ok_or("it is no ServiceProviderConfig")?.clone())
}

/// What a config offers of what arkib makes use of.
pub(super) fn offered(config: &Value) -> Capabilities {
    let yes = |feature, what| scalar(field(config, feature), what).boolean() == Ok(Some(true));
    let count = |feature, what| scalar(field(config, feature), what).count();
    let supports = |feature| yes(feature, "supported");
    let patch = scalar(field(config, "patch"), "supported");
    let bulk = Bulk {
        max_operations: count("bulk", "maxOperations").unwrap_or_default(),
        max_payload: count("bulk", "maxPayloadSize").unwrap_or_default(),
    };
    let cursor = yes("pagination", "cursor");
    let max_page = count("pagination", "maxPageSize")
        .filter(|_| cursor)
        .or(count("filter", "maxResults"));
    Capabilities {
        filter: supports("filter"),
        bulk: (supports("bulk") && bulk.max_operations > 0 && bulk.max_payload > 0).then_some(bulk),
        etag: supports("etag"),
        patch: patch.boolean() != Ok(Some(false)),
        cursor,
        max_page: max_page.filter(|most| *most > 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(body: &[u8]) -> Result<Capabilities, String> {
        super::decode(body).map(|config| offered(&config))
    }

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
