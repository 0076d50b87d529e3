//! Filters (RFC 7644 section 3.4.2.2). Pure: text in, tree out, and a document is matched or not.

mod eval;
mod parse;

use serde_json::Value;

use super::path::Path;
use super::schema::Attribute;
use crate::devportal::schema::Kind;

pub(crate) use eval::{compare_values, item_matches, matches};
pub(crate) use parse::{parse, parse_target};

/// The longest filter, in bytes.
pub(crate) const MAX_LENGTH: usize = 64 * 1024;
/// The most groupings, negations and value paths within one another.
pub(crate) const MAX_DEPTH: usize = 32;
/// The most comparisons in one filter.
pub(crate) const MAX_TERMS: usize = 1000;

/// A comparison (RFC 7644 table 3), `pr` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A filter, its names resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `pr`.
    Present(Operand),
    Compare(Operand, Op, Value),
    /// `emails[type eq "work"]`: some value of the attribute matches.
    Any(Path, Box<Filter>),
}

/// What is compared: a path of the resource, or inside a value path a sub-attribute of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Operand {
    Path(Path),
    Sub(&'static Attribute),
}

impl Operand {
    /// The attribute whose type and case rule the comparison follows.
    fn attribute(self) -> Option<&'static Attribute> {
        match self {
            Self::Sub(attribute) => Some(attribute),
            Self::Path(path) => {
                let (attribute, sub) = path.comparable()?;
                let leaf = sub.unwrap_or(attribute);
                (leaf.kind != Kind::Complex).then_some(leaf)
            }
        }
    }
}

impl Filter {
    /// The user names that a matching user must have one of, where the filter says so: what an
    /// index can answer. The filter itself still decides.
    pub(crate) fn user_names(&self) -> Option<Vec<&str>> {
        match self {
            Self::Compare(
                Operand::Path(Path::Attribute {
                    extension: false,
                    attribute,
                    sub: None,
                }),
                Op::Eq,
                Value::String(text),
            ) if attribute.name == "userName" => Some(vec![text]),
            Self::Or(terms) => {
                let mut all = Vec::with_capacity(terms.len());
                for term in terms {
                    all.append(&mut term.user_names()?);
                }
                Some(all)
            }
            Self::And(terms) => terms.iter().find_map(Self::user_names),
            _ => None,
        }
    }

    /// Whether the filter can be decided from what the store has in columns.
    pub(crate) fn only_columns(&self) -> bool {
        match self {
            Self::And(terms) | Self::Or(terms) => terms.iter().all(Self::only_columns),
            Self::Not(term) => term.only_columns(),
            Self::Present(Operand::Path(path)) | Self::Compare(Operand::Path(path), _, _) => {
                path_is_column(*path)
            }
            Self::Any(..) | Self::Present(_) | Self::Compare(..) => false,
        }
    }
}

/// Whether the store has the attribute in a column of its own.
pub(crate) fn path_is_column(path: Path) -> bool {
    match path {
        Path::Extension => true,
        Path::Attribute {
            extension,
            attribute,
            ..
        } => {
            extension
                || matches!(
                    attribute.name,
                    "userName" | "active" | "id" | "meta" | "schemas"
                )
        }
    }
}
