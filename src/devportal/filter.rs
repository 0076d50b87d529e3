//! Filters (RFC 7644 section 3.4.2.2): what they are once they are read, and which ways to the rows
//! they leave open. Pure: text in, tree out, and a document is matched or not.

mod eval;
mod parse;

use serde::Deserialize;
use serde_json::Value;

use super::path::Path;

pub(crate) use eval::{compare_values, matches};
pub(crate) use parse::{parse, parse_target};

/// A comparison (RFC 7644 table 3), `pr` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// A filter, its names resolved. Inside a value path they are those of the value.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `pr`.
    Present(Path),
    Compare(Path, Op, Value),
    /// `emails[type eq "work"]`: some value of the attribute matches.
    Any(Path, Box<Filter>),
}

impl Filter {
    /// The user names that a matching user must have one of, where the filter says so: what an
    /// index can answer. The filter itself still decides.
    pub(crate) fn user_names(&self) -> Option<Vec<&str>> {
        match self {
            Self::Compare(path, Op::Eq, Value::String(text))
                if path.attribute.name == "userName" =>
            {
                Some(vec![text])
            }
            Self::Or(terms) => {
                let all: Option<Vec<_>> = terms.iter().map(Self::user_names).collect();
                Some(all?.concat())
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
            Self::Present(path) | Self::Compare(path, ..) => path.is_column(),
            Self::Any(..) => false,
        }
    }
}
