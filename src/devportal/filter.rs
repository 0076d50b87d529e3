//! Filters (RFC 7644 section 3.4.2.2). Pure: text in, tree out, and a document is matched or not.

mod parse;
mod tree;

pub(crate) use parse::{parse, parse_path_with_filter};
pub(crate) use tree::{Filter, compare_values, matches};
