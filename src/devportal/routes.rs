//! HTTP in front of the portal (RFC 7644 section 3): which endpoint, which method, which body.
//! May not know SQL or the rules of archives.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Query as Parameters;
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header,
};
use serde_json::Value;

use super::error::{Scim, ScimError};
use super::http::{authorize, json_response, percent_decoded, read, set_etag};
use super::list;
use super::list::Query;
use super::projection::Projection;
use super::render::Renderer;
use super::user::User;
use super::{Portal, audit, bulk, discovery, rows, user, users};

/// Where SCIM begins.
pub(crate) const ROOT: &str = "/scim/v2";

/// Answers one request.
pub(crate) async fn answer(portal: Arc<Portal>, request: Request<Body>) -> Response<Body> {
    match try_answer(portal, request).await {
        Ok(response) => response,
        Err(error) => error.response(),
    }
}

async fn try_answer(portal: Arc<Portal>, request: Request<Body>) -> Scim<Response<Body>> {
    let (parts, body) = request.into_parts();
    let scim = parts
        .uri
        .path()
        .strip_prefix(ROOT)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .map(str::to_owned);
    if scim.is_some() {
        portal.weather.pass().await?;
    }
    authorize(&portal, &parts.headers)?;
    let body = match parts.method {
        Method::POST | Method::PUT | Method::PATCH => read(body, &parts.headers).await?,
        _ => Vec::new(),
    };
    let parameters: Vec<(String, String)> = Parameters::try_from_uri(&parts.uri)
        .map(|Parameters(parameters)| parameters)
        .map_err(|_| ScimError::invalid_syntax("the query is not made of parameters"))?;
    let call = Call {
        method: parts.method,
        headers: parts.headers,
        parameters,
        body,
    };
    let path = parts.uri.path().to_owned();
    tokio::task::spawn_blocking(move || match scim {
        Some(path) => call.scim(&portal, &path),
        None if path == "/audit" => call.audit(&portal),
        None => Err(ScimError::not_found("endpoint of that path")),
    })
    .await
    .unwrap_or_else(|_| {
        Err(ScimError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the portal failed",
        ))
    })
}

/// One request, read.
struct Call {
    method: Method,
    headers: HeaderMap,
    parameters: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    fn scim(&self, portal: &Portal, path: &str) -> Scim<Response<Body>> {
        let path =
            percent_decoded(path).ok_or_else(|| ScimError::not_found("endpoint of that path"))?;
        let trimmed = path.trim_start_matches('/').trim_end_matches('/');
        let (endpoint, rest) = match trimmed.split_once('/') {
            Some((endpoint, rest)) => (endpoint, Some(rest)),
            None => (trimmed, None),
        };
        users::settle(portal)?;
        match (endpoint, rest) {
            ("Users", None) => match self.method {
                Method::GET => self.list(portal, &Query::from_parameters(&self.parameters)?),
                Method::POST => self.create(portal),
                _ => Err(ScimError::not_allowed("GET, POST")),
            },
            ("Users", Some(".search")) | (".search", None) => match self.method {
                Method::POST => self.list(portal, &Query::from_search(&self.json()?)?),
                _ => Err(ScimError::not_allowed("POST")),
            },
            ("Users", Some(id)) => self.user(portal, id),
            ("Bulk", None) if portal.max_operations == 0 => Err(ScimError::new(
                StatusCode::NOT_IMPLEMENTED,
                "this portal takes no bulk requests",
            )),
            ("Bulk", None) => match self.method {
                Method::POST => {
                    let body = self.json()?;
                    let done = portal
                        .store
                        .write(|connection| bulk::run(portal, connection, &body))?;
                    Ok(json_response(StatusCode::OK, done.to_string()))
                }
                _ => Err(ScimError::not_allowed("POST")),
            },
            ("Me", _) => Err(ScimError::new(
                StatusCode::NOT_IMPLEMENTED,
                "the token stands for an administrator, not for a user",
            )),
            ("ServiceProviderConfig", None) => {
                self.discover(|| Ok(discovery::service_provider_config(portal)))
            }
            ("ResourceTypes", id) => {
                self.discover(|| pick(discovery::resource_types(&portal.base), id))
            }
            ("Schemas", id) => self.discover(|| pick(discovery::schemas(&portal.base), id)),
            _ => Err(ScimError::not_found("endpoint of that path")),
        }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn header(&self, name: &HeaderName) -> Option<&str> {
        // A header that cannot be read matches no version.
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap_or(""))
    }

    fn json(&self) -> Scim<Value> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ScimError::invalid_syntax(format!("the body is not JSON: {error}")))
    }

    fn projection(&self) -> Scim<Projection> {
        Projection::new(
            self.parameter("attributes"),
            self.parameter("excludedAttributes"),
        )
    }

    /// RFC 7644 section 4: read-only, and a filter is forbidden.
    fn discover(&self, said: impl FnOnce() -> Scim<Value>) -> Scim<Response<Body>> {
        if self.method != Method::GET {
            return Err(ScimError::not_allowed("GET"));
        }
        if self.parameter("filter").is_some() {
            return Err(ScimError::new(
                StatusCode::FORBIDDEN,
                "what the portal says of itself cannot be filtered",
            ));
        }
        Ok(json_response(StatusCode::OK, said()?.to_string()))
    }

    fn list(&self, portal: &Portal, query: &Query) -> Scim<Response<Body>> {
        let body = portal
            .store
            .read(|connection| list::list(portal, connection, query))?;
        Ok(json_response(StatusCode::OK, body))
    }

    fn create(&self, portal: &Portal) -> Scim<Response<Body>> {
        let (body, projection) = (self.json()?, self.projection()?);
        let user = portal
            .store
            .write(|connection| users::create(portal, connection, &body))?;
        let mut response = shown(portal, &user, &projection, StatusCode::CREATED)?;
        let location = format!("{}/Users/{}", portal.base, user::id(user.seq));
        if let Ok(location) = HeaderValue::try_from(location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    }

    fn user(&self, portal: &Portal, id: &str) -> Scim<Response<Body>> {
        let missing = || ScimError::not_found("user of that id");
        let seq = user::seq(id);
        let if_match = self.header(&header::IF_MATCH).filter(|_| portal.if_match);
        match self.method {
            Method::GET => self.get(portal, seq.ok_or_else(missing)?),
            Method::PUT | Method::PATCH => {
                let (body, projection) = (self.json()?, self.projection()?);
                let seq = seq.ok_or_else(missing)?;
                let write = if self.method == Method::PUT {
                    users::replace
                } else {
                    users::patch
                };
                let user = portal
                    .store
                    .write(|connection| write(portal, connection, seq, if_match, &body))?;
                shown(portal, &user, &projection, StatusCode::OK)
            }
            Method::DELETE => {
                let seq = seq.ok_or_else(missing)?;
                portal
                    .store
                    .write(|connection| users::delete(portal, connection, seq, if_match))?;
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                Ok(response)
            }
            _ => Err(ScimError::not_allowed("GET, PUT, PATCH, DELETE")),
        }
    }

    fn get(&self, portal: &Portal, seq: i64) -> Scim<Response<Body>> {
        let projection = self.projection()?;
        let renderer = Renderer::new(&portal.base, &projection);
        let mut body = Vec::with_capacity(1024);
        let version = portal
            .store
            .read(|connection| {
                rows::one(connection, seq, |record| {
                    renderer.write(&mut body, record)?;
                    Ok(record.version)
                })
            })?
            .ok_or_else(|| ScimError::not_found("user of that id"))?;
        let known = self.header(&header::IF_NONE_MATCH);
        let mut response = if known.is_some_and(|known| users::tag_matches(known, version)) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            json_response(StatusCode::OK, body)
        };
        set_etag(&mut response, version);
        Ok(response)
    }

    fn audit(&self, portal: &Portal) -> Scim<Response<Body>> {
        if self.method != Method::GET {
            return Err(ScimError::not_allowed("GET"));
        }
        let after = match self.parameter("after") {
            None => 0,
            Some(text) => text
                .parse::<i64>()
                .map_err(|_| ScimError::invalid_value("`after` must be an entry's id"))?,
        };
        users::settle(portal)?;
        let entries = portal
            .store
            .read(|connection| audit::entries(connection, after))?;
        let mut response = json_response(StatusCode::OK, entries.to_string());
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        Ok(response)
    }
}

/// All resources as a list, or the one of that id.
fn pick(resources: Vec<Value>, id: Option<&str>) -> Scim<Value> {
    match id {
        None => Ok(discovery::list(&resources)),
        Some(id) => resources
            .into_iter()
            .find(|resource| {
                resource["id"]
                    .as_str()
                    .is_some_and(|candidate| candidate.eq_ignore_ascii_case(id))
            })
            .ok_or_else(|| ScimError::not_found("resource of that id")),
    }
}

fn shown(
    portal: &Portal,
    user: &User,
    projection: &Projection,
    status: StatusCode,
) -> Scim<Response<Body>> {
    let document = projection.apply(user.document(&portal.base));
    let mut response = json_response(status, Value::Object(document).to_string());
    set_etag(&mut response, user.version);
    Ok(response)
}
