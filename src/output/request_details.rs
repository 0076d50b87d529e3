//! What the rows of a plan do not say: where each request is, who approved it and why it was made, and how
//! its archives change. Several changes of one request are together. Pure.

use std::sync::Arc;

use similar::{ChangeTag, TextDiff};

use super::phrases;
use super::plan_rows::{RowKind, RowSource, TextRow};
use crate::domain::request::Request;
use crate::language::Message;
use crate::printer::text;
use crate::text::escape;

/// A request, and its rows.
#[derive(Debug)]
pub(super) struct RequestDetails<'a> {
    request: &'a Arc<Request>,
    rows: Vec<&'a RowSource>,
}

/// The requests of rows that change archives, in their order; without what is outstanding anyway.
pub(super) fn collect(rows: &[TextRow]) -> Vec<RequestDetails<'_>> {
    let rows = rows.iter().filter(|row| matches!(row.kind, RowKind::Terminate | RowKind::Enable));
    let mut all: Vec<RequestDetails<'_>> = Vec::new();
    for row in rows.filter_map(|row| row.source.as_ref()) {
        match all.iter_mut().find(|details| details.request.id == row.request.id) {
            Some(details) => details.rows.push(row),
            None => all.push(RequestDetails { request: &row.request, rows: vec![row] }),
        }
    }
    all
}

impl RequestDetails<'_> {
    /// `R-1: requests/R-1.yaml:5; approved 2026-11-05 by …; reason: …`.
    pub(super) fn describe(&self) -> String {
        let details = phrases::request_details(self.request, self.rows.iter().map(|row| row.line));
        format!("{}: {details}", escape(self.request.id.as_str()))
    }

    /// How its archives change.
    pub(super) fn diff_lines(&self) -> Vec<(RowKind, String)> {
        let mut states = [Vec::new(), Vec::new()];
        for (from, to) in self.rows.iter().filter_map(|row| row.change.as_ref()) {
            let words = [from.as_str(), to.state_word()];
            for (states, word) in states.iter_mut().zip(words) {
                let state = text!("plan-archive", state = Message::from_word(word));
                let state = format!("{}\n", escape(&state));
                if !states.contains(&state) {
                    states.push(state);
                }
            }
        }
        let [before, after] = states.map(|states| states.concat());
        let diff = TextDiff::from_lines(&before, &after);
        let lines = diff.iter_all_changes().filter_map(|line| {
            let kind = match line.tag() {
                ChangeTag::Delete => RowKind::Terminate,
                ChangeTag::Insert => RowKind::Enable,
                ChangeTag::Equal => return None,
            };
            Some((kind, format!("{}{}", line.tag(), line.value().trim_end())))
        });
        lines.collect()
    }
}
