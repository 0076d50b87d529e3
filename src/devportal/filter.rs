//! Filters (RFC 7644 section 3.4.2.2). Pure: text in, tree out, and a document is matched or not.

mod evaluate;
mod parse;

pub(crate) use evaluate::{Filter, compare_values, matches};
pub(crate) use parse::{parse, parse_path_with_filter};
