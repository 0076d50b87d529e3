//! The query of a list: the parameters of a GET or the body of a search, with the
//! cursors of RFC 9865. May not know HTTP or the store.

use serde_json::Value;

use super::attribute_path::AttributePath;
use super::error::{ScimError, ScimResult};
use super::filter;
use super::filter::Filter;
use super::projection::Projection;
use super::schema_validation::{check_message_schema, find_member};
use crate::domain::mapping::scim_urns as wire;
use crate::hash::sha256;

/// The query of a list.
#[derive(Debug)]
pub(crate) struct ListQuery {
    pub(crate) filter: Option<Filter>,
    /// The path of values that can be compared.
    pub(crate) sort_by: Option<AttributePath>,
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
pub(crate) enum PageStart {
    /// From 0.
    Index(i64),
    /// After that row; only where the list is in the order of rows.
    Row(i64),
}

fn wrong_type_error(name: &str) -> ScimError {
    let expected = match name {
        "startIndex" | "count" => "a whole number",
        _ => "a string",
    };
    ScimError::invalid_value(format!("`{name}` must be {expected}"))
}

impl ListQuery {
    /// From the parameters of a GET.
    ///
    /// # Errors
    /// 400, saying which parameter is wrong.
    pub(crate) fn from_parameters<'t>(text: impl Fn(&str) -> Option<&'t str>) -> ScimResult<Self> {
        Self::parse_parameters(|name| Ok(text(name).map(str::to_owned)))
    }

    /// From the body of a POST to `.search` (RFC 7644 section 3.4.3).
    ///
    /// # Errors
    /// As for [`ListQuery::from_parameters`].
    pub(crate) fn from_search_body(body: &Value) -> ScimResult<Self> {
        check_message_schema(body, wire::SEARCH_REQUEST, str::eq)?;
        Self::parse_parameters(|name| {
            let Some(value) = find_member(body, name).filter(|value| !value.is_null()) else {
                return Ok(None);
            };
            let text = match name {
                "startIndex" | "count" => value.as_i64().map(|number| number.to_string()),
                "attributes" | "excludedAttributes" => {
                    let names = value.as_array().into_iter().flatten();
                    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
                    Some(names.join(","))
                }
                _ => value.as_str().map(str::to_owned),
            };
            text.map(Some).ok_or_else(|| wrong_type_error(name))
        })
    }

    /// From the text of each parameter.
    fn parse_parameters(given: impl Fn(&str) -> ScimResult<Option<String>>) -> ScimResult<Self> {
        let number = |name: &str| -> ScimResult<Option<i64>> {
            let number = given(name)?.map(|text| text.trim().parse()).transpose();
            number.map_err(|_| wrong_type_error(name))
        };
        let (start_index, count) = (number("startIndex")?, number("count")?);
        let (include, exclude) = (given("attributes")?, given("excludedAttributes")?);
        let projection = Projection::new(include.as_deref(), exclude.as_deref())?;
        let (filter, sort_by, order) = (given("filter")?, given("sortBy")?, given("sortOrder")?);
        let fingerprint = [&filter, &sort_by, &order]
            .map(|text| format!("{}\0", text.as_deref().unwrap_or_default()))
            .concat();
        let order = order.as_deref().unwrap_or("ascending");
        let descending = order.eq_ignore_ascii_case("descending");
        if !descending && !order.eq_ignore_ascii_case("ascending") {
            return Err(ScimError::invalid_value("`sortOrder` must be ascending or descending"));
        }
        let comparable = |name: String| {
            let path = AttributePath::resolve(&name).and_then(AttributePath::comparison_path);
            path.ok_or_else(|| ScimError::invalid_value("`sortBy` names no attribute to sort by"))
        };
        let cursor = given("cursor")?;
        if cursor.is_some() && start_index.is_some() {
            return Err(ScimError::invalid_value("use either `startIndex` or `cursor`, not both"));
        }
        Ok(Self {
            filter: filter.as_deref().map(filter::parse).transpose()?,
            sort_by: sort_by.map(comparable).transpose()?,
            descending,
            start_index,
            count,
            cursor,
            projection,
            fingerprint: sha256(fingerprint.as_bytes())[..8].to_owned(),
        })
    }

    /// Where the list begins; a cursor must come from [`ListQuery::next_cursor`].
    ///
    /// # Errors
    /// 400 `invalidCursor`.
    pub(crate) fn page_start(&self) -> ScimResult<PageStart> {
        let Some(cursor) = &self.cursor else {
            return Ok(PageStart::Index(self.start_index.unwrap_or(1).max(1) - 1));
        };
        if cursor.is_empty() {
            return Ok(PageStart::Index(0));
        }
        let read = || {
            let (place, fingerprint) = cursor.split_once('-')?;
            let kind = place.get(..1)?;
            let number = i64::from_str_radix(place.get(1..)?, 16).ok()?;
            (fingerprint == self.fingerprint && number >= 0).then_some(())?;
            match (kind, self.sort_by) {
                ("r", None) => Some(PageStart::Row(number)),
                ("i", Some(_)) => Some(PageStart::Index(number)),
                _ => None,
            }
        };
        read().ok_or_else(|| {
            ScimError::invalid_cursor(
                "the cursor does not belong to this list; begin with an empty one",
            )
        })
    }

    /// An opaque cursor: after that row, or for a sorted list at that index.
    pub(crate) fn next_cursor(&self, last: i64, index: i64) -> String {
        let place = match self.sort_by {
            None => format!("r{last:x}"),
            Some(_) => format!("i{index:x}"),
        };
        format!("{place}-{}", self.fingerprint)
    }
}
