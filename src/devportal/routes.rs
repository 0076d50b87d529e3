//! HTTP in front of the portal (RFC 7644 section 3): which endpoint, which method, which body.
//! May not know SQL or the rules of archives.

use std::sync::Arc;

use axum::extract::{Query as Parameters, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::error::{ScimError, ScimResult};
use super::http::{authorize, check_length, check_type, drain, read_body, scim_response};
use super::list::list_users;
use super::list_query::ListQuery;
use super::portal::PortalContext;
use super::projection::Projection;
use super::user_renderer::UserRenderer;
use super::user_writes::UserWriteRequest;
use super::{audit, bulk, discovery, user, user_writes};

/// Where SCIM begins.
pub(crate) const ROOT: &str = "/scim/v2";

/// Answers one request.
pub(crate) async fn answer_request(
    portal: Arc<PortalContext>,
    request: Request,
) -> ScimResult<Response> {
    let (parts, body) = request.into_parts();
    let scim_path = strip_scim_root(&parts.uri).map(str::to_owned);
    let has_body = matches!(parts.method, Method::POST | Method::PUT | Method::PATCH);
    let body = match check_head(&portal, &parts, has_body).await {
        Ok(()) if has_body => read_body(body).await?,
        Ok(()) => Vec::new(),
        Err(refusal) => {
            // A client that asks first does not send the rest.
            if has_body && !parts.headers.contains_key(header::EXPECT) {
                drain(body.into_data_stream()).await;
            }
            return Err(refusal);
        }
    };
    let Parts { method, uri, headers, .. } = parts;
    let Parameters(parameters) = Parameters::try_from_uri(&uri)
        .map_err(|_| ScimError::invalid_syntax("the query does not consist of parameters"))?;
    let call = ParsedRequest { portal, method, headers, parameters, body };
    tokio::task::spawn_blocking(move || match scim_path {
        Some(path) => call.route_scim(&path),
        None if uri.path() == "/audit" => call.answer_audit(),
        None => Err(ScimError::not_found("endpoint with that path")),
    })
    .await
    .unwrap_or_else(|_| Err(ScimError::internal_error("the portal failed")))
}

/// Whatever can be refused before anything of the body is kept.
async fn check_head(portal: &PortalContext, parts: &Parts, has_body: bool) -> ScimResult<()> {
    if strip_scim_root(&parts.uri).is_some() {
        portal.request_faults.delay_or_refuse().await?;
    }
    authorize(portal, &parts.headers)?;
    if has_body {
        check_type(&parts.headers)?;
        check_length(&parts.headers)?;
    }
    Ok(())
}

/// The path below the root of SCIM, where it is below it.
fn strip_scim_root(uri: &Uri) -> Option<&str> {
    let rest = uri.path().strip_prefix(ROOT)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// One request, read.
struct ParsedRequest {
    portal: Arc<PortalContext>,
    method: Method,
    headers: HeaderMap,
    parameters: Vec<(String, String)>,
    body: Vec<u8>,
}

impl ParsedRequest {
    fn route_scim(&self, path: &str) -> ScimResult<Response> {
        let missing = || ScimError::not_found("endpoint with that path");
        // Some clients encode the colons of a URN.
        let path = percent_decode_str(path).decode_utf8().map_err(|_| missing())?;
        let trimmed = path.trim_matches('/');
        let (endpoint, rest) = match trimmed.split_once('/') {
            Some((endpoint, rest)) => (endpoint, Some(rest)),
            None => (trimmed, None),
        };
        let portal = &*self.portal;
        user_writes::settle_due_users(portal)?;
        match (endpoint, rest) {
            ("Users", Some(".search")) | (".search", None) => {
                self.require_method("POST")?;
                self.answer_list(&ListQuery::from_search_body(&self.parse_json_body()?)?)
            }
            ("Users", id) => match (&self.method, id) {
                (&Method::GET, None) => self
                    .answer_list(&ListQuery::from_parameters(|name| self.query_parameter(name))?),
                (&Method::GET, Some(id)) => self.answer_get(seq_of_user_id(id)?),
                (&Method::POST, None)
                | (&Method::PUT | &Method::PATCH | &Method::DELETE, Some(_)) => {
                    self.answer_write(id)
                }
                (_, None) => Err(ScimError::method_not_allowed("GET, POST")),
                (_, Some(_)) => Err(ScimError::method_not_allowed("GET, PUT, PATCH, DELETE")),
            },
            ("Bulk", None) if portal.options.max_operations == 0 => Err(ScimError::new(
                StatusCode::NOT_IMPLEMENTED,
                "this portal does not support bulk requests",
            )),
            ("Bulk", None) => {
                self.require_method("POST")?;
                let body = self.parse_json_body()?;
                let done = portal
                    .store
                    .in_write_transaction(|connection| bulk::run(portal, connection, &body))?;
                Ok(scim_response(StatusCode::OK, done.to_string()))
            }
            ("Me", _) => Err(ScimError::new(
                StatusCode::NOT_IMPLEMENTED,
                "the token is an administrator's, not a user's",
            )),
            ("ServiceProviderConfig", None) | ("ResourceTypes" | "Schemas", _) => {
                self.answer_discovery(endpoint, rest)
            }
            _ => Err(missing()),
        }
    }

    /// Refuses every other method.
    fn require_method(&self, method: &'static str) -> ScimResult<()> {
        if self.method.as_str() == method {
            return Ok(());
        }
        Err(ScimError::method_not_allowed(method))
    }

    fn query_parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn header_text(&self, name: &HeaderName) -> Option<&str> {
        // A header that cannot be read matches no version.
        self.headers.get(name).map(|value| value.to_str().unwrap_or(""))
    }

    fn parse_json_body(&self) -> ScimResult<Value> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ScimError::invalid_syntax(format!("the body is not JSON: {error}")))
    }

    fn requested_projection(&self) -> ScimResult<Projection> {
        Projection::new(
            self.query_parameter("attributes"),
            self.query_parameter("excludedAttributes"),
        )
    }

    /// RFC 7644 section 4: read-only, and a filter is forbidden.
    fn answer_discovery(&self, endpoint: &str, id: Option<&str>) -> ScimResult<Response> {
        self.require_method("GET")?;
        if self.query_parameter("filter").is_some() {
            return Err(ScimError::new(
                StatusCode::FORBIDDEN,
                "discovery endpoints do not support filters",
            ));
        }
        let document = discovery::discovery_document(&self.portal, endpoint, id)?;
        Ok(scim_response(StatusCode::OK, document.to_string()))
    }

    fn answer_list(&self, query: &ListQuery) -> ScimResult<Response> {
        let body = self
            .portal
            .store
            .in_read_transaction(|connection| list_users(&self.portal, connection, query))?;
        Ok(scim_response(StatusCode::OK, body))
    }

    fn answer_get(&self, seq: i64) -> ScimResult<Response> {
        let projection = self.requested_projection()?;
        let renderer = UserRenderer::new(&self.portal.base, &projection);
        let (version, body) = self
            .portal
            .store
            .in_read_transaction(|connection| renderer.render_user(connection, seq))?;
        let known = self.header_text(&header::IF_NONE_MATCH);
        let response = if known.is_some_and(|known| user_writes::etag_matches(known, version)) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            scim_response(StatusCode::OK, body)
        };
        Ok(with_etag(version, response))
    }

    /// POST, PUT, PATCH or DELETE of a user.
    fn answer_write(&self, id: Option<&str>) -> ScimResult<Response> {
        let portal = &*self.portal;
        let (body, projection) = match self.method {
            Method::DELETE => Default::default(),
            _ => (self.parse_json_body()?, self.requested_projection()?),
        };
        let write = UserWriteRequest {
            method: &self.method,
            seq: id.map(seq_of_user_id).transpose()?,
            if_match: self.header_text(&header::IF_MATCH),
            body: &body,
        };
        let renderer = UserRenderer::new(&portal.base, &projection);
        portal.store.in_write_transaction(|connection| {
            let (status, seq) = user_writes::carry_out_write(portal, connection, &write)?;
            if status == StatusCode::NO_CONTENT {
                return Ok(status.into_response());
            }
            let (version, body) = renderer.render_user(connection, seq)?;
            let response = with_etag(version, scim_response(status, body));
            if status != StatusCode::CREATED {
                return Ok(response);
            }
            let location = user::location(&portal.base, seq);
            Ok(([(header::LOCATION, location)], response).into_response())
        })
    }

    fn answer_audit(&self) -> ScimResult<Response> {
        self.require_method("GET")?;
        let after = match self.query_parameter("after") {
            None => 0,
            Some(text) => text
                .parse::<i64>()
                .map_err(|_| ScimError::invalid_value("`after` must be an entry's id"))?,
        };
        user_writes::settle_due_users(&self.portal)?;
        let entries = self
            .portal
            .store
            .in_read_transaction(|connection| audit::entries_as_json(connection, after))?;
        let content_type = [(header::CONTENT_TYPE, "application/json")];
        Ok((content_type, entries).into_response())
    }
}

/// The row of a user's id.
fn seq_of_user_id(id: &str) -> ScimResult<i64> {
    user::seq_from_id(id).ok_or_else(|| ScimError::not_found("user with that id"))
}

/// RFC 7644 section 3.14.
fn with_etag(version: i64, response: Response) -> Response {
    ([(header::ETAG, user::etag(version))], response).into_response()
}
