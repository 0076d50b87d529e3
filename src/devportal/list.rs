//! Lists of users: filter, order, and pages by index (RFC 7644 section 3.4.2) or by cursor
//! (RFC 9865). May not know HTTP.

use std::cmp::Ordering;

use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Portal;
use super::error::{Scim, ScimError};
use super::filter;
use super::filter::Filter;
use super::patch::member;
use super::path::{Document, Path};
use super::projection::Projection;
use super::render::{Renderer, write_text};
use super::rows;
use super::value::is_primary;
use crate::domain::mapping::scim_names as wire;

/// What a list is asked for.
#[derive(Debug, Default)]
pub(crate) struct Query {
    filter: Option<Filter>,
    sort_by: Option<Path>,
    descending: bool,
    /// From 1, as SCIM counts.
    start_index: Option<i64>,
    count: Option<i64>,
    cursor: Option<String>,
    projection: Projection,
    /// A digest of filter and order, so that a cursor serves only the list it came from.
    fingerprint: String,
}

/// Where a list begins.
#[derive(Debug, Clone, Copy)]
enum Start {
    Index(i64),
    /// After that row; only where the list is in the order of rows.
    Row(i64),
}

impl Query {
    /// From the parameters of a GET.
    ///
    /// # Errors
    /// 400, saying which parameter is wrong.
    pub(crate) fn from_parameters(parameters: &[(String, String)]) -> Scim<Self> {
        let text = |name: &str| {
            parameters
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let number = |name: &str| {
            text(name)
                .map(|value| {
                    value.trim().parse::<i64>().map_err(|_| {
                        ScimError::invalid_value(format!("`{name}` must be a whole number"))
                    })
                })
                .transpose()
        };
        Self::new(
            &text,
            number("startIndex")?,
            number("count")?,
            Projection::new(text("attributes"), text("excludedAttributes"))?,
        )
    }

    /// From the body of a POST to `.search` (RFC 7644 section 3.4.3).
    ///
    /// # Errors
    /// As for [`Query::from_parameters`].
    pub(crate) fn from_search(body: &Value) -> Scim<Self> {
        let asked = member(body, "schemas").and_then(Value::as_array);
        if !asked.is_some_and(|schemas| schemas.iter().any(|urn| urn == wire::SEARCH_REQUEST)) {
            return Err(ScimError::invalid_syntax(format!(
                "`schemas` must name {}",
                wire::SEARCH_REQUEST
            )));
        }
        for name in ["filter", "sortBy", "sortOrder", "cursor"] {
            if member(body, name).is_some_and(|value| !value.is_string() && !value.is_null()) {
                return Err(ScimError::invalid_value(format!(
                    "`{name}` must be a string"
                )));
            }
        }
        let text = |name: &str| member(body, name).and_then(Value::as_str);
        let number = |name: &str| match member(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| {
                ScimError::invalid_value(format!("`{name}` must be a whole number"))
            }),
        };
        let names = |name: &str| {
            let items = member(body, name)?.as_array()?;
            let names: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(names.join(","))
        };
        Self::new(
            &text,
            number("startIndex")?,
            number("count")?,
            Projection::new(
                names("attributes").as_deref(),
                names("excludedAttributes").as_deref(),
            )?,
        )
    }

    fn new<'t>(
        text: &impl Fn(&str) -> Option<&'t str>,
        start_index: Option<i64>,
        count: Option<i64>,
        projection: Projection,
    ) -> Scim<Self> {
        let descending = match text("sortOrder") {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("ascending") => false,
            Some(order) if order.eq_ignore_ascii_case("descending") => true,
            Some(_) => {
                return Err(ScimError::invalid_value(
                    "`sortOrder` must be ascending or descending",
                ));
            }
        };
        let sort_by = text("sortBy")
            .map(|name| {
                Path::resolve(name)
                    .filter(|path| path.comparable().is_some())
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
        let mut hash = Sha256::new();
        for part in ["filter", "sortBy", "sortOrder"].map(text) {
            hash.update(part.unwrap_or_default());
            hash.update([0]);
        }
        let hash = hash.finalize();
        Ok(Self {
            filter: text("filter").map(filter::parse).transpose()?,
            sort_by,
            descending,
            start_index,
            count,
            cursor,
            projection,
            fingerprint: hash
                .iter()
                .take(4)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }

    /// Reads a cursor that [`Query::cursor_at`] gave.
    fn start(&self) -> Scim<Start> {
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
    fn cursor_at(&self, last: i64, index: i64) -> String {
        let place = match self.sort_by {
            None => format!("r{last:x}"),
            Some(_) => format!("i{index:x}"),
        };
        format!("{place}-{}", self.fingerprint)
    }
}

/// Answers a list: the body of a ListResponse (RFC 7644 section 3.4.2).
///
/// # Errors
/// 400 `invalidCursor`.
pub(crate) fn list(portal: &Portal, connection: &Connection, query: &Query) -> Scim<Vec<u8>> {
    let start = query.start()?;
    let most = i64::try_from(portal.page_size).unwrap_or(i64::MAX);
    let limit = query.count.unwrap_or(most).clamp(0, most);
    let renderer = Renderer::new(&portal.base, &query.projection);
    let mut page = Page::new();
    let (total, next) = if query.filter.is_none() && query.sort_by.is_none() {
        unfiltered(connection, start, limit, &renderer, &mut page)?
    } else {
        let chosen = choose(connection, query)?;
        let total = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
        let first = match start {
            Start::Index(index) => index.min(total),
            Start::Row(last) => {
                i64::try_from(chosen.partition_point(|seq| *seq <= last)).unwrap_or(total)
            }
        };
        let end = first.saturating_add(limit).min(total);
        let indices = usize::try_from(first).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
        for seq in &chosen[indices] {
            rows::one(connection, *seq, |record| page.add(&renderer, record))?;
        }
        let next = (end < total && limit > 0).then_some((page.last, end));
        (total, next)
    };
    let cursor = next.map(|(last, index)| query.cursor_at(last, index));
    let start_index = match start {
        Start::Index(index) if query.cursor.is_none() => Some(index + 1),
        _ => None,
    };
    Ok(page.finish(
        total,
        start_index,
        cursor.filter(|_| query.cursor.is_some()),
    ))
}

/// All users in the order of rows, straight from the table.
fn unfiltered(
    connection: &Connection,
    start: Start,
    limit: i64,
    renderer: &Renderer<'_>,
    page: &mut Page,
) -> Scim<(i64, Option<(i64, i64)>)> {
    let total = rows::count(connection)?;
    let after = match start {
        Start::Row(last) => last,
        Start::Index(0) => 0,
        Start::Index(index) if index >= total => return Ok((total, None)),
        Start::Index(index) => rows::before_offset(connection, index)?,
    };
    rows::scan(connection, after, limit, renderer.needs_core(), |record| {
        page.add(renderer, record)
    })?;
    let (_, last) = rows::range(connection)?;
    // The index is of no use here: only sorted lists have cursors by index.
    Ok((
        total,
        (page.count > 0 && page.last < last).then_some((page.last, 0)),
    ))
}

/// The rows that match, in the order asked for.
fn choose(connection: &Connection, query: &Query) -> Scim<Vec<i64>> {
    let mut chosen: Vec<(Option<Value>, i64)> = Vec::new();
    let columns = query.filter.as_ref().is_none_or(Filter::only_columns)
        && query.sort_by.is_none_or(filter::path_is_column);
    let mut consider = |record: &rows::Record<'_>| -> Scim<()> {
        let document = record.user()?.document("");
        if query
            .filter
            .as_ref()
            .is_none_or(|filter| filter::matches(filter, &document))
        {
            let key = query.sort_by.and_then(|path| sort_key(path, &document));
            chosen.push((key, record.seq));
        }
        Ok(())
    };
    match query.filter.as_ref().and_then(Filter::user_names) {
        Some(names) => {
            let mut found = Vec::with_capacity(names.len());
            for name in names {
                found.extend(rows::by_name(connection, name)?);
            }
            found.sort_unstable();
            found.dedup();
            for seq in found {
                rows::one(connection, seq, &mut consider)?;
            }
        }
        None => rows::scan(connection, 0, i64::MAX, !columns, consider)?,
    }
    if let Some((attribute, sub)) = query.sort_by.and_then(Path::comparable) {
        let attribute = sub.unwrap_or(attribute);
        chosen.sort_by(|(left, _), (right, _)| {
            // RFC 7644 section 3.4.2.3: what has no value comes last, or first when descending.
            let order = match (left, right) {
                (Some(left), Some(right)) => {
                    filter::compare_values(attribute, left, right).unwrap_or(Ordering::Equal)
                }
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
            };
            if query.descending {
                order.reverse()
            } else {
                order
            }
        });
    }
    Ok(chosen.into_iter().map(|(_, seq)| seq).collect())
}

/// The value to sort by: of several the primary one, else the first (RFC 7644 section 3.4.2.3).
fn sort_key(path: Path, document: &Document) -> Option<Value> {
    let (_, sub) = path.comparable()?;
    let value = match path.value(document)? {
        Value::Array(items) => items
            .iter()
            .find(|item| is_primary(item))
            .or_else(|| items.first())?,
        one => one,
    };
    match sub {
        Some(sub) => value.get(sub.name).cloned(),
        None => Some(value.clone()),
    }
}

/// The users of one page, as text.
struct Page {
    out: Vec<u8>,
    count: usize,
    last: i64,
}

impl Page {
    fn new() -> Self {
        let mut out = Vec::with_capacity(64 * 1024);
        out.extend_from_slice(b"{\"schemas\":[\"");
        out.extend_from_slice(wire::LIST_RESPONSE.as_bytes());
        out.extend_from_slice(b"\"],\"Resources\":[");
        Self {
            out,
            count: 0,
            last: 0,
        }
    }

    fn add(&mut self, renderer: &Renderer<'_>, record: &rows::Record<'_>) -> Scim<()> {
        if self.count > 0 {
            self.out.push(b',');
        }
        self.count += 1;
        self.last = record.seq;
        renderer.write(&mut self.out, record)
    }

    fn finish(mut self, total: i64, start_index: Option<i64>, cursor: Option<String>) -> Vec<u8> {
        let count = self.count;
        self.out.extend_from_slice(
            format!("],\"totalResults\":{total},\"itemsPerPage\":{count}").as_bytes(),
        );
        if let Some(start_index) = start_index {
            self.out
                .extend_from_slice(format!(",\"startIndex\":{start_index}").as_bytes());
        }
        if let Some(cursor) = cursor {
            self.out.extend_from_slice(b",\"nextCursor\":");
            write_text(&mut self.out, &cursor);
        }
        self.out.push(b'}');
        self.out
    }
}
