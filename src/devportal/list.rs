//! Lists of users: filter, order, and pages by index (RFC 7644 section 3.4.2) or by cursor
//! (RFC 9865). May not know HTTP.

use std::cmp::Ordering;

use rusqlite::{Connection, Row};
use serde_json::Value;

use super::error::Scim;
use super::filter;
use super::path::{Document, Path};
use super::portal::Portal;
use super::query::{Query, Start};
use super::render::Renderer;
use super::rows;
use super::value::is_primary;
use crate::domain::mapping::scim_names as wire;

/// How many users a list has and, where it goes on after a page, at which index.
type Extent = (i64, Option<i64>);

/// Answers a list: the body of a ListResponse (RFC 7644 section 3.4.2).
///
/// # Errors
/// 400 `invalidCursor`.
pub(crate) fn list(portal: &Portal, connection: &Connection, query: &Query) -> Scim<Vec<u8>> {
    let start = query.start()?;
    let most = i64::try_from(portal.options.page_size).unwrap_or(i64::MAX);
    let limit = query.count.unwrap_or(most).clamp(0, most);
    let mut page = Page::new(Renderer::new(&portal.base, &query.projection));
    let (total, next) = if query.filter.is_none() && query.sort_by.is_none() {
        unfiltered(connection, start, limit, &mut page)?
    } else {
        chosen(connection, query, start, limit, &mut page)?
    };
    Ok(match (&query.cursor, start) {
        (None, Start::Index(index)) => page.finish(total, Some(index + 1), None),
        _ => {
            let cursor = next.map(|index| query.cursor_at(page.last, index));
            page.finish(total, None, cursor)
        }
    })
}

/// All users in the order of rows, straight from the table.
fn unfiltered(
    connection: &Connection,
    start: Start,
    limit: i64,
    page: &mut Page<'_>,
) -> Scim<Extent> {
    let total = rows::count(connection)?;
    let after = match start {
        Start::Row(last) => last,
        Start::Index(0) => 0,
        Start::Index(index) if index >= total => return Ok((total, None)),
        Start::Index(index) => rows::before_offset(connection, index)?,
    };
    let columns = page.renderer.columns().to_owned();
    rows::scan(connection, &columns, after, limit, |row| page.add(row))?;
    let (_, last) = rows::range(connection)?;
    // The index is of no use here: only sorted lists have cursors by index.
    Ok((total, (page.count > 0 && page.last < last).then_some(0)))
}

/// The users that match, in the order asked for.
fn chosen(
    connection: &Connection,
    query: &Query,
    start: Start,
    limit: i64,
    page: &mut Page<'_>,
) -> Scim<Extent> {
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
    let columns = page.renderer.columns().to_owned();
    for seq in &chosen[indices] {
        rows::one(connection, &columns, *seq, |row| page.add(row))?;
    }
    Ok((total, (end < total && limit > 0).then_some(end)))
}

/// The rows that match, in the order asked for.
fn choose(connection: &Connection, query: &Query) -> Scim<Vec<i64>> {
    let filter = query.filter.as_ref();
    let only_columns = filter.is_none_or(|filter| filter.only_columns())
        && query.sort_by.is_none_or(Path::is_column);
    let source = Renderer::whole("", !only_columns);
    let mut chosen: Vec<(Option<Value>, i64)> = Vec::new();
    let mut consider = |row: &Row<'_>| {
        let document = source.document(row)?;
        if filter.is_none_or(|filter| filter::matches(filter, &document)) {
            let key = query.sort_by.and_then(|path| sort_key(path, &document));
            chosen.push((key, row.get(0)?));
        }
        Ok(())
    };
    if let Some(names) = filter.and_then(|filter| filter.user_names()) {
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            found.extend(rows::by_name(connection, name)?);
        }
        found.sort_unstable();
        found.dedup();
        for seq in found {
            rows::one(connection, source.columns(), seq, &mut consider)?;
        }
    } else {
        rows::scan(connection, source.columns(), 0, i64::MAX, consider)?;
    }
    if let Some(path) = query.sort_by {
        chosen.sort_by(|(left, _), (right, _)| {
            // RFC 7644 section 3.4.2.3: what has no value comes last, or first when descending.
            let order = match (left, right) {
                (Some(left), Some(right)) => {
                    filter::compare_values(path.leaf(), left, right).unwrap_or(Ordering::Equal)
                }
                _ => left.is_none().cmp(&right.is_none()),
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
    let value = match document.get(&path.attribute.name)? {
        Value::Array(items) => items
            .iter()
            .find(|item| is_primary(item))
            .or_else(|| items.first())?,
        one => one,
    };
    match path.sub {
        Some(sub) => value.get(&sub.name).cloned(),
        None => Some(value.clone()),
    }
}

/// The users of one page, as text.
struct Page<'r> {
    renderer: Renderer<'r>,
    out: Vec<u8>,
    count: usize,
    last: i64,
}

impl<'r> Page<'r> {
    fn new(renderer: Renderer<'r>) -> Self {
        let mut out = Vec::with_capacity(64 * 1024);
        out.extend_from_slice(b"{\"schemas\":[\"");
        out.extend_from_slice(wire::LIST_RESPONSE.as_bytes());
        out.extend_from_slice(b"\"],\"Resources\":[");
        Self {
            renderer,
            out,
            count: 0,
            last: 0,
        }
    }

    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        if self.count > 0 {
            self.out.push(b',');
        }
        self.count += 1;
        self.last = row.get(0)?;
        self.renderer.write(&mut self.out, row)
    }

    fn finish(mut self, total: i64, start_index: Option<i64>, cursor: Option<String>) -> Vec<u8> {
        let count = self.count;
        let mut tail = format!("],\"totalResults\":{total},\"itemsPerPage\":{count}");
        if let Some(start_index) = start_index {
            tail += &format!(",\"startIndex\":{start_index}");
        }
        if let Some(cursor) = cursor {
            tail += &format!(",\"nextCursor\":\"{cursor}\"");
        }
        self.out.extend_from_slice(tail.as_bytes());
        self.out.push(b'}');
        self.out
    }
}
