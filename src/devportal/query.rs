//! What a list is asked for: by the parameters of a GET or by the body of a search, with the
//! cursors of RFC 9865. May not know HTTP or the store.

use std::collections::HashMap;

use serde_json::Value;

use super::error::{Scim, ScimError};
use super::filter;
use super::filter::Filter;
use super::path::Path;
use super::projection::Projection;
use super::value::{check_message, member};
use crate::domain::mapping::scim_names as wire;
use crate::hash::sha256;

/// What a list is asked for.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) filter: Option<Filter>,
    /// The path of values that can be compared.
    pub(crate) sort_by: Option<Path>,
    pub(crate) descending: bool,
    /// From 1, as SCIM counts.
    start_index: Option<i64>,
    pub(crate) count: Option<i64>,
    pub(crate) cursor: Option<String>,
    pub(crate) projection: Projection,
    /// A digest of filter and order, so that a cursor serves only the list it came from.
    fingerprint: String,
}

/// Where a list begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// From 0.
    Index(i64),
    /// After that row; only where the list is in the order of rows.
    Row(i64),
}

/// What the body of a search has as a string, as a whole number, and as a list of names.
const TEXTS: [&str; 4] = ["filter", "sortBy", "sortOrder", "cursor"];
const NUMBERS: [&str; 2] = ["startIndex", "count"];
const LISTS: [&str; 2] = ["attributes", "excludedAttributes"];

fn not_a_number(name: &str) -> ScimError {
    ScimError::invalid_value(format!("`{name}` must be a whole number"))
}

impl Query {
    /// From the body of a POST to `.search` (RFC 7644 section 3.4.3).
    ///
    /// # Errors
    /// As for [`Query::from_parameters`].
    pub(crate) fn from_search(body: &Value) -> Scim<Self> {
        check_message(body, wire::SEARCH_REQUEST, str::eq)?;
        let mut parameters: HashMap<&str, String> = HashMap::new();
        let given = |name: &str| member(body, name).filter(|value| !value.is_null());
        for name in TEXTS {
            if let Some(value) = given(name) {
                let text = value.as_str().ok_or_else(|| {
                    ScimError::invalid_value(format!("`{name}` must be a string"))
                })?;
                parameters.insert(name, text.to_owned());
            }
        }
        for name in NUMBERS {
            if let Some(value) = given(name) {
                let number = value.as_i64().ok_or_else(|| not_a_number(name))?;
                parameters.insert(name, number.to_string());
            }
        }
        for name in LISTS {
            if let Some(items) = given(name).and_then(Value::as_array) {
                let names: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                parameters.insert(name, names.join(","));
            }
        }
        Self::from_parameters(|name| parameters.get(name).map(String::as_str))
    }

    /// From the parameters of a GET.
    ///
    /// # Errors
    /// 400, saying which parameter is wrong.
    pub(crate) fn from_parameters<'t>(text: impl Fn(&str) -> Option<&'t str>) -> Scim<Self> {
        let number = |name: &str| -> Scim<Option<i64>> {
            let number = text(name).map(|value| value.trim().parse()).transpose();
            number.map_err(|_| not_a_number(name))
        };
        let (start_index, count) = (number("startIndex")?, number("count")?);
        let projection = Projection::new(text("attributes"), text("excludedAttributes"))?;
        let order = text("sortOrder").unwrap_or("ascending");
        let descending = order.eq_ignore_ascii_case("descending");
        if !descending && !order.eq_ignore_ascii_case("ascending") {
            return Err(ScimError::invalid_value(
                "`sortOrder` must be ascending or descending",
            ));
        }
        let sort_by = text("sortBy")
            .map(|name| {
                Path::resolve(name)
                    .and_then(Path::comparable)
                    .ok_or_else(|| {
                        ScimError::invalid_value("`sortBy` names no attribute to sort by")
                    })
            })
            .transpose()?;
        let cursor = text("cursor").map(str::to_owned);
        if cursor.is_some() && start_index.is_some() {
            return Err(ScimError::invalid_value(
                "a list is paged by `startIndex` or by `cursor`, not by both",
            ));
        }
        let order = ["filter", "sortBy", "sortOrder"]
            .map(|name| format!("{}\0", text(name).unwrap_or_default()))
            .concat();
        Ok(Self {
            filter: text("filter").map(filter::parse).transpose()?,
            sort_by,
            descending,
            start_index,
            count,
            cursor,
            projection,
            fingerprint: sha256(order.as_bytes())[..8].to_owned(),
        })
    }

    /// Where the list begins; a cursor is one that [`Query::cursor_at`] gave.
    ///
    /// # Errors
    /// 400 `invalidCursor`.
    pub(crate) fn start(&self) -> Scim<Start> {
        let Some(cursor) = &self.cursor else {
            return Ok(Start::Index(self.start_index.unwrap_or(1).max(1) - 1));
        };
        if cursor.is_empty() {
            return Ok(Start::Index(0));
        }
        let read = || {
            let (place, fingerprint) = cursor.split_once('-')?;
            let kind = place.get(..1)?;
            let number = i64::from_str_radix(place.get(1..)?, 16).ok()?;
            (fingerprint == self.fingerprint && number >= 0).then_some(())?;
            match (kind, self.sort_by) {
                ("r", None) => Some(Start::Row(number)),
                ("i", Some(_)) => Some(Start::Index(number)),
                _ => None,
            }
        };
        read().ok_or_else(|| {
            ScimError::invalid_cursor("this list did not give the cursor; begin with an empty one")
        })
    }

    /// An opaque cursor: after that row, or for a sorted list at that index.
    pub(crate) fn cursor_at(&self, last: i64, index: i64) -> String {
        let place = match self.sort_by {
            None => format!("r{last:x}"),
            Some(_) => format!("i{index:x}"),
        };
        format!("{place}-{}", self.fingerprint)
    }
}
