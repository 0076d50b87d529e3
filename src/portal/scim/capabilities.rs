//! The portal's capabilities, as it reports them (RFC 7643 section 5, RFC 7644 section 4).
//! May not know mailboxes.

use serde_json::Value;

use super::http::malformed_error;
use super::json::{field, list_field, listed_resources, scalar, text_field};
use super::lenient_json::describe_json_error;
use super::scim_client::GetOnlyClient;
use crate::domain::portal_inspection::{BulkLimits, Capabilities};
use crate::portal::{Doing, PortalError};

/// Reads `/ServiceProviderConfig`. Without one, only what every server must support is assumed.
pub(super) async fn discover(http: &GetOnlyClient) -> Result<Capabilities, PortalError> {
    match http.get("ServiceProviderConfig", "", Doing::AskingCapabilities).await {
        Ok(answer) => {
            let config = decode(&answer.body)
                .map_err(|why| malformed_error(Doing::AskingCapabilities, &why))?;
            Ok(Capabilities { config: true, ..parse_capabilities(&config) })
        }
        Err(failure) if matches!(failure.status(), Some(404 | 501)) => Ok(Capabilities::default()),
        Err(failure) => Err(failure.into()),
    }
}

/// The config in an answer; some portals put it into a list of one.
pub(super) fn decode(body: &[u8]) -> Result<Value, String> {
    let answer = serde_json::from_slice(body).map_err(|error| describe_json_error(&error))?;
    let config = listed_resources(&answer).iter().find(|config| config.is_object());
    Ok(config.ok_or("it is not a ServiceProviderConfig")?.clone())
}

/// What a config offers.
pub(super) fn parse_capabilities(config: &Value) -> Capabilities {
    let said = |feature, what| scalar(field(config, feature), what);
    let yes = |feature, what| said(feature, what).as_bool() == Ok(Some(true));
    let supports = |feature| yes(feature, "supported");
    let bulk = BulkLimits {
        operations: said("bulk", "maxOperations").as_count().unwrap_or_default(),
        bytes: said("bulk", "maxPayloadSize").as_count().unwrap_or_default(),
    };
    let cursor = yes("pagination", "cursor");
    let largest_page = said("pagination", "maxPageSize").as_count();
    let largest_page = largest_page.filter(|_| cursor);
    let largest_page = largest_page.or(said("filter", "maxResults").as_count());
    Capabilities {
        config: false,
        filter: supports("filter"),
        bulk: (supports("bulk") && bulk.operations > 0 && bulk.bytes > 0).then_some(bulk),
        etag: supports("etag"),
        patch: said("patch", "supported").as_bool() != Ok(Some(false)),
        sort: supports("sort"),
        cursor,
        largest_page: largest_page.filter(|most| *most > 0),
        authentication: authentication_schemes(config),
    }
}

/// The authentication schemes: type and name.
fn authentication_schemes(config: &Value) -> Vec<String> {
    let schemes = list_field(config, "authenticationSchemes").iter().take(20);
    let shown = schemes.map(|scheme| {
        let kind = text_field(scheme, "type").unwrap_or_default();
        match text_field(scheme, "name") {
            Some(name) => format!("{kind} ({name})"),
            None => kind,
        }
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(body: &[u8]) -> Result<Capabilities, String> {
        super::decode(body).map(|config| parse_capabilities(&config))
    }

    #[test]
    fn reads_the_capabilities() {
        let config = br#"{"patch":{"supported":true},"Bulk":{"supported":"true","maxOperations":1000,"maxPayloadSize":1048576},
            "filter":{"supported":true,"maxResults":200},"etag":{"supported":"True"},"sort":{"supported":false},
            "pagination":{"cursor":true,"index":true,"maxPageSize":500}}"#;
        assert_eq!(
            decode(config),
            Ok(Capabilities {
                filter: true,
                bulk: Some(BulkLimits { operations: 1000, bytes: 1_048_576 }),
                etag: true,
                patch: true,
                cursor: true,
                largest_page: Some(500),
                ..Capabilities::default()
            })
        );
        assert_eq!(decode(b"{}"), Ok(Capabilities::default()));
        for nothing in ["[]", "7", r#"{"Resources":[]}"#] {
            assert!(decode(nothing.as_bytes()).is_err(), "{nothing}");
        }
        let deep = format!("{}{}", r#"{"Resources":["#.repeat(200_000), "]}".repeat(200_000));
        let _ = decode(deep.as_bytes());
    }

    #[test]
    fn reads_capabilities_in_a_list() {
        let one = r#"{"filter":{"supported":true,"maxResults":7}}"#;
        for body in [
            one.to_owned(),
            format!("[{one}]"),
            format!(r#"{{"totalResults":1,"Resources":[{one}]}}"#),
        ] {
            let offered = decode(body.as_bytes()).expect("a config");
            assert_eq!((offered.filter, offered.largest_page), (true, Some(7)), "{body}");
        }
    }
}
