//! Lists of users: filter, order, and pages by index (RFC 7644 section 3.4.2) or by cursor
//! (RFC 9865). May not know HTTP.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rusqlite::{Connection, Row};
use serde_json::Value;

use super::attribute_path::{AttributePath, Document};
use super::error::ScimResult;
use super::filter;
use super::list_query::{ListQuery, PageStart};
use super::portal::PortalContext;
use super::schema_validation::is_primary;
use super::user_renderer::UserRenderer;
use super::user_table;
use crate::domain::mapping::scim_urns as wire;

/// Answers a list: the body of a ListResponse (RFC 7644 section 3.4.2).
///
/// # Errors
/// 400 `invalidCursor`.
pub(crate) fn list_users(
    portal: &PortalContext,
    connection: &Connection,
    query: &ListQuery,
) -> ScimResult<Vec<u8>> {
    let start = query.page_start()?;
    let most = i64::try_from(portal.options.page_size).unwrap_or(i64::MAX);
    let limit = query.count.unwrap_or(most).clamp(0, most);
    let renderer = UserRenderer::new(&portal.base, &query.projection);
    let mut page = PageBuilder::new(&renderer);
    let (total, goes_on) = if query.filter.is_none() && query.sort_by.is_none() {
        fill_unfiltered_page(connection, start, limit, &mut page)?
    } else {
        fill_filtered_page(connection, query, start, limit, &mut page)?
    };
    let first = match start {
        PageStart::Index(index) => index,
        // Cannot happen: only sorted lists have cursors by index.
        PageStart::Row(_) => 0,
    };
    if query.cursor.is_none() {
        return Ok(page.finish_page(total, Some(first + 1), None));
    }
    let cursor = goes_on.then(|| query.next_cursor(page.last, first.saturating_add(page.count)));
    Ok(page.finish_page(total, None, cursor))
}

/// All users in row order, directly from the table: how many there are, and whether the list
/// continues after the page.
fn fill_unfiltered_page(
    connection: &Connection,
    start: PageStart,
    limit: i64,
    page: &mut PageBuilder<'_>,
) -> ScimResult<(i64, bool)> {
    let total = user_table::count_users(connection)?;
    let after = match start {
        PageStart::Row(last) => last,
        PageStart::Index(0) => 0,
        PageStart::Index(index) if index >= total => return Ok((total, false)),
        PageStart::Index(index) => user_table::seq_before_offset(connection, index)?,
    };
    let columns = page.renderer.selected_columns();
    user_table::scan_users(connection, columns, after, limit, |row| page.add_row(row))?;
    let (_, last) = user_table::seq_range(connection)?;
    Ok((total, page.count > 0 && page.last < last))
}

/// The matching users in the requested order; returns the same as [`fill_unfiltered_page`].
fn fill_filtered_page(
    connection: &Connection,
    query: &ListQuery,
    start: PageStart,
    limit: i64,
    page: &mut PageBuilder<'_>,
) -> ScimResult<(i64, bool)> {
    let filtered = matching_user_seqs(connection, query)?;
    let before = match start {
        PageStart::Index(index) => usize::try_from(index).unwrap_or(usize::MAX),
        PageStart::Row(last) => filtered.partition_point(|seq| *seq <= last),
    };
    let mut rest = filtered.iter().skip(before);
    while page.count < limit
        && let Some(seq) = rest.next()
    {
        user_table::query_user_row(connection, page.renderer.selected_columns(), *seq, |row| {
            page.add_row(row)
        })?;
    }
    let total = i64::try_from(filtered.len()).unwrap_or(i64::MAX);
    Ok((total, limit > 0 && rest.next().is_some()))
}

/// The matching rows in the requested order.
fn matching_user_seqs(connection: &Connection, query: &ListQuery) -> ScimResult<Vec<i64>> {
    let filter = query.filter.as_ref();
    let uses_only_columns = filter.is_none_or(|filter| filter.uses_only_columns())
        && query.sort_by.is_none_or(AttributePath::is_database_column);
    let source = UserRenderer::for_whole_user("", !uses_only_columns);
    let mut filtered: Vec<(Option<Value>, i64)> = Vec::new();
    let mut consider = |row: &Row<'_>| {
        let document = source.document_of_row(row)?;
        if filter.is_none_or(|filter| filter::matches(filter, &document)) {
            let key = query.sort_by.and_then(|path| sort_key(path, &document));
            filtered.push((key, row.get(0)?));
        }
        Ok(())
    };
    if let Some(names) = filter.and_then(|filter| filter.required_user_names()) {
        let found = names.into_iter().map(|name| user_table::seq_by_user_name(connection, name));
        let found: BTreeSet<i64> =
            found.filter_map(Result::transpose).collect::<ScimResult<_>>()?;
        for seq in found {
            user_table::query_user_row(connection, source.selected_columns(), seq, &mut consider)?;
        }
    } else {
        user_table::scan_users(connection, source.selected_columns(), 0, i64::MAX, consider)?;
    }
    if let Some(path) = query.sort_by {
        filtered.sort_by(|(left, _), (right, _)| {
            // RFC 7644 section 3.4.2.3: what has no value comes last, or first when descending.
            let order = match (left, right) {
                (Some(left), Some(right)) => {
                    filter::compare_values(path.leaf_attribute(), left, right)
                        .unwrap_or(Ordering::Equal)
                }
                _ => left.is_none().cmp(&right.is_none()),
            };
            if query.descending { order.reverse() } else { order }
        });
    }
    Ok(filtered.into_iter().map(|(_, seq)| seq).collect())
}

/// The value to sort by: of several the primary one, else the first (RFC 7644 section 3.4.2.3).
fn sort_key(path: AttributePath, document: &Document) -> Option<Value> {
    let value = match document.get(&path.attribute.name)? {
        Value::Array(items) => {
            let primary = items.iter().find(|item| is_primary(item));
            primary.or(items.first())?
        }
        one => one,
    };
    match path.sub {
        Some(sub) => value.get(&sub.name).cloned(),
        None => Some(value.clone()),
    }
}

/// The users of one page, as text.
struct PageBuilder<'r> {
    renderer: &'r UserRenderer<'r>,
    out: Vec<u8>,
    count: i64,
    last: i64,
}

impl<'r> PageBuilder<'r> {
    fn new(renderer: &'r UserRenderer<'r>) -> Self {
        let mut out = Vec::with_capacity(64 * 1024);
        out.extend_from_slice(b"{\"schemas\":[\"");
        out.extend_from_slice(wire::LIST_RESPONSE.as_bytes());
        out.extend_from_slice(b"\"],\"Resources\":[");
        Self { renderer, out, count: 0, last: 0 }
    }

    fn add_row(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        if self.count > 0 {
            self.out.push(b',');
        }
        self.count += 1;
        self.last = row.get(0)?;
        self.renderer.write_user_json(&mut self.out, row)
    }

    fn finish_page(
        mut self,
        total: i64,
        start_index: Option<i64>,
        cursor: Option<String>,
    ) -> Vec<u8> {
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
