//! A parsed filter, how it can be answered from the store, and whether a document
//! matches it. Pure.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::devportal::attribute_path::{AttributePath, Document};
use crate::devportal::schema::{AttributeDefinition, DataType};

/// A comparison (RFC 7644 table 3), except `pr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ComparisonOp {
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

/// A filter with resolved names. Inside a value path the names are those of the value.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `pr`.
    Present(AttributePath),
    Compare(AttributePath, ComparisonOp, Value),
    /// `emails[type eq "work"]`: some value of the attribute matches.
    Any(AttributePath, Box<Filter>),
}

impl Filter {
    /// The user names of which a matching user must have one, if the filter requires that: what an
    /// index can answer. The filter itself still decides.
    pub(crate) fn required_user_names(&self) -> Option<Vec<&str>> {
        match self {
            Self::Compare(path, ComparisonOp::Eq, Value::String(text))
                if path.attribute.name == "userName" =>
            {
                Some(vec![text])
            }
            Self::Or(terms) => {
                let all: Option<Vec<_>> = terms.iter().map(Self::required_user_names).collect();
                Some(all?.concat())
            }
            Self::And(terms) => terms.iter().find_map(Self::required_user_names),
            _ => None,
        }
    }

    /// Whether the filter can be decided from the store's columns alone.
    pub(crate) fn uses_only_columns(&self) -> bool {
        match self {
            Self::And(terms) | Self::Or(terms) => terms.iter().all(Self::uses_only_columns),
            Self::Not(term) => term.uses_only_columns(),
            Self::Present(path) | Self::Compare(path, ..) => path.is_database_column(),
            Self::Any(..) => false,
        }
    }
}

/// Whether a resource matches, or one value of a multi-valued attribute the filter of a value path.
pub(crate) fn matches(filter: &Filter, document: &Document) -> bool {
    match filter {
        Filter::And(terms) => terms.iter().all(|term| matches(term, document)),
        Filter::Or(terms) => terms.iter().any(|term| matches(term, document)),
        Filter::Not(term) => !matches(term, document),
        Filter::Present(path) => path.values_in(document).any(is_nonempty_value),
        Filter::Compare(path, op, wanted) => matches_comparison(*path, *op, wanted, document),
        Filter::Any(path, inner) => path.values_in(document).any(|value| match value {
            Value::Object(value) => matches(inner, value),
            _ => false,
        }),
    }
}

/// Neither null nor empty (RFC 7643 section 2.5).
fn is_nonempty_value(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn matches_comparison(
    path: AttributePath,
    op: ComparisonOp,
    wanted: &Value,
    document: &Document,
) -> bool {
    let (mut any_value, mut hit) = (false, false);
    for value in path.values_in(document).filter(|value| !value.is_null()) {
        any_value = true;
        hit |= value_matches(path.leaf_attribute(), value, op, wanted);
    }
    match (op, wanted) {
        (ComparisonOp::Eq, Value::Null) => !any_value,
        (ComparisonOp::Ne, Value::Null) => any_value,
        // An attribute without a value does not have this value.
        (ComparisonOp::Ne, _) => hit || !any_value,
        _ => hit,
    }
}

fn value_matches(
    attribute: &AttributeDefinition,
    value: &Value,
    op: ComparisonOp,
    wanted: &Value,
) -> bool {
    if let (ComparisonOp::Co | ComparisonOp::Sw | ComparisonOp::Ew, Some(value), Some(wanted)) =
        (op, value.as_str(), wanted.as_str())
    {
        let (value, wanted) = (fold_case(attribute, value), fold_case(attribute, wanted));
        return match op {
            ComparisonOp::Co => value.contains(&*wanted),
            ComparisonOp::Sw => value.starts_with(&*wanted),
            _ => value.ends_with(&*wanted),
        };
    }
    let Some(order) = compare_values(attribute, value, wanted) else {
        return op == ComparisonOp::Ne;
    };
    match op {
        ComparisonOp::Eq => order.is_eq(),
        ComparisonOp::Ne => order.is_ne(),
        ComparisonOp::Gt => order.is_gt(),
        ComparisonOp::Ge => order.is_ge(),
        ComparisonOp::Lt => order.is_lt(),
        ComparisonOp::Le => order.is_le(),
        ComparisonOp::Co | ComparisonOp::Sw | ComparisonOp::Ew => false,
    }
}

/// A text as it is compared.
fn fold_case<'t>(attribute: &AttributeDefinition, text: &'t str) -> Cow<'t, str> {
    if attribute.case_exact { text.into() } else { text.to_lowercase().into() }
}

/// The order of two values of an attribute; `None` if they cannot be compared.
pub(crate) fn compare_values(
    attribute: &AttributeDefinition,
    left: &Value,
    right: &Value,
) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) if attribute.kind == DataType::DateTime => {
            let left = left.parse::<Timestamp>().ok()?;
            Some(left.cmp(&right.parse().ok()?))
        }
        (Value::String(left), Value::String(right)) => {
            Some(fold_case(attribute, left).cmp(&fold_case(attribute, right)))
        }
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::devportal::filter::parse::parse;
    use crate::domain::mapping::scim_urns as wire;

    fn document() -> Document {
        let value = json!({
            "id": "00aB", "userName": "Siti.Aminah@agensi.example", "active": true,
            "name": {"familyName": "Aminah"},
            "emails": [
                {"value": "siti@agensi.example", "type": "work", "primary": true},
                {"value": "siti@rumah.example", "type": "home"},
            ],
            "meta": {"lastModified": "2026-11-03T04:00:00Z"},
            wire::MAILBOX: {"state": "enabled", "request": "BMT-1", "hold": false},
        });
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn operators_match() {
        let state = format!("{}:state", wire::MAILBOX);
        let hold = format!("{}:HOLD", wire::MAILBOX);
        let cases: &[(&str, bool)] = &[
            ("userName eq \"siti.aminah@AGENSI.example\"", true),
            ("USERNAME Eq \"siti\"", false),
            ("id eq \"00ab\"", false),
            ("id eq \"00aB\"", true),
            ("userName ne \"siti\"", true),
            ("userName co \"AMINAH\"", true),
            ("userName sw \"siti\"", true),
            ("userName sw \"aminah\"", false),
            ("userName ew \".example\"", true),
            ("title pr", false),
            ("emails pr", true),
            ("name pr", true),
            ("name.givenName pr", false),
            ("title ne \"x\"", true),
            ("title eq null", true),
            ("userName eq null", false),
            ("userName ne null", true),
            ("emails eq \"SITI@rumah.example\"", true),
            ("emails.type eq \"home\"", true),
            ("emails[type eq \"home\" and primary eq true]", false),
            ("emails[type eq \"work\" and primary eq true]", true),
            ("emails[not (type eq \"work\")]", true),
            ("emails[type eq \"home\" and value ew \"rumah.example\"] and active eq true", true),
            ("meta.lastModified gt \"2026-11-03T11:59:59+08:00\"", true),
            ("meta.lastModified gt \"2026-11-03T12:00:00+08:00\"", false),
            ("meta.lastModified ge \"2026-11-03T12:00:00+08:00\"", true),
            ("meta.lastModified lt \"2026-11-04T00:00:00Z\"", true),
            ("meta.lastModified le \"2026-11-02T00:00:00Z\"", false),
            ("userName gt \"a\" and userName lt \"t\"", true),
            ("userName eq \"x\" or (active eq true and title eq null)", true),
            ("not (active eq true)", false),
        ];
        for (text, expected) in cases {
            let filter = parse(text).expect(text);
            assert_eq!(matches(&filter, &document()), *expected, "{text}");
        }
        for (text, expected) in [
            (format!("{state} eq \"enabled\""), true),
            (format!("{state} eq \"disabled\""), false),
            (format!("{hold} eq false"), true),
            (format!("{} pr", wire::MAILBOX), true),
        ] {
            let filter = parse(&text).expect(&text);
            assert_eq!(matches(&filter, &document()), expected, "{text}");
        }
    }

    #[test]
    fn uses_the_index_only_where_it_decides() {
        let names = |text: &str| {
            parse(text).expect(text).required_user_names().map(|names| names.join(" "))
        };
        assert_eq!(names("userName eq \"a\" or userName eq \"b\"").as_deref(), Some("a b"));
        assert_eq!(names("active eq true and userName eq \"a\"").as_deref(), Some("a"));
        assert_eq!(names("active eq true or userName eq \"a\""), None);
        assert_eq!(names("not (userName eq \"a\")"), None);
        assert_eq!(names("userName sw \"a\""), None);
    }
}
