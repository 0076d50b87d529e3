//! The grammar of RFC 7644 figure 1, by recursive descent with bounded depth. Pure.

use serde_json::Value;

use super::evaluate::{ComparisonOp, Filter};
use crate::devportal::attribute_path::AttributePath;
use crate::devportal::enum_words::word_to_enum;
use crate::devportal::error::{ScimError, ScimResult};
use crate::devportal::schema::{AttributeDefinition, DataType};

/// The longest filter, in bytes.
const MAX_LENGTH: usize = 64 * 1024;
/// How deeply groups, negations and value paths may be nested.
const MAX_DEPTH: usize = 32;
/// The most comparisons in one filter.
const MAX_TERMS: usize = 1000;

/// Reads a filter over resources.
///
/// # Errors
/// 400 `invalidFilter`, saying where.
pub(crate) fn parse(text: &str) -> ScimResult<Filter> {
    let mut parser = Parser::new(text, None)?;
    let filter = parser.parse_or()?;
    match parser.peek_byte() {
        None => Ok(filter),
        Some(_) => Err(parser.error_at_position("expected `and`, `or` or the end of the filter")),
    }
}

/// Reads the path of a PATCH operation (RFC 7644 section 3.5.2):
/// `attribute`, `attribute.sub`, `attribute[filter]` or `attribute[filter].sub`.
///
/// # Errors
/// 400 `invalidPath`, or `invalidFilter` inside the brackets.
pub(crate) fn parse_path_with_filter(text: &str) -> ScimResult<(AttributePath, Option<Filter>)> {
    let unknown = || ScimError::invalid_path(format!("no attribute has the path `{text}`"));
    let resolved = |name: &str| AttributePath::resolve(name.trim()).ok_or_else(unknown);
    let Some((head, rest)) = text.split_once('[') else {
        return Ok((resolved(text)?, None));
    };
    let attribute = resolved(head)?.whole_attribute().ok_or_else(unknown)?;
    if !attribute.multi_valued || attribute.kind != DataType::Complex {
        return Err(ScimError::invalid_path(format!(
            "`{}` has no values to select from",
            attribute.name
        )));
    }
    let mut parser = Parser::new(rest, Some(attribute))?;
    let filter = parser.parse_or()?;
    parser.expect_byte(b']')?;
    let sub = match parser.text[parser.at..].trim_end() {
        "" => None,
        tail => Some(
            tail.strip_prefix('.')
                .and_then(|name| attribute.sub_attribute(name))
                .ok_or_else(unknown)?,
        ),
    };
    Ok((AttributePath { attribute, sub }, Some(filter)))
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    terms: usize,
    /// Inside a value path: the attribute whose sub-attributes can be named.
    scope: Option<&'static AttributeDefinition>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, scope: Option<&'static AttributeDefinition>) -> ScimResult<Self> {
        if text.len() > MAX_LENGTH {
            return Err(ScimError::invalid_filter(format!(
                "the filter is longer than {MAX_LENGTH} bytes"
            )));
        }
        Ok(Self { text, at: 0, depth: 0, terms: 0, scope })
    }

    fn error_at_position(&self, what: &str) -> ScimError {
        ScimError::invalid_filter(format!("at byte {} of the filter: {what}", self.at + 1))
    }

    fn peek_byte(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| **byte == b' ').count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect_byte(&mut self, byte: u8) -> ScimResult<()> {
        if self.peek_byte() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.error_at_position(&format!("expected `{}`", byte as char)))
    }

    /// The next word without consuming it: letters, digits and other characters of names, URNs and numbers.
    fn peek_word(&mut self) -> &'t str {
        self.peek_byte();
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "$-_.:+".contains(c)))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek_word().eq_ignore_ascii_case(keyword);
        if found {
            self.at += keyword.len();
        }
        found
    }

    fn parse_or(&mut self) -> ScimResult<Filter> {
        self.parse_operands("or", Self::parse_and, Filter::Or)
    }

    fn parse_and(&mut self) -> ScimResult<Filter> {
        self.parse_operands("and", Self::parse_term, Filter::And)
    }

    /// One or more parts separated by the keyword.
    fn parse_operands(
        &mut self,
        keyword: &str,
        part: fn(&mut Self) -> ScimResult<Filter>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> ScimResult<Filter> {
        let mut parts = vec![part(self)?];
        while self.take_keyword(keyword) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn parse_term(&mut self) -> ScimResult<Filter> {
        self.terms += 1;
        self.depth += 1;
        if self.terms > MAX_TERMS {
            return Err(self.error_at_position(&format!("more than {MAX_TERMS} comparisons")));
        }
        if self.depth > MAX_DEPTH {
            return Err(self.error_at_position(&format!("nested deeper than {MAX_DEPTH}")));
        }
        let start = self.peek_byte();
        let before = self.at;
        let filter = if start == Some(b'(') {
            self.parse_group()?
        } else if self.take_keyword("not") {
            if self.peek_byte() != Some(b'(') {
                self.at = before;
                return Err(self.error_at_position("`not` must be followed by a group"));
            }
            Filter::Not(Box::new(self.parse_group()?))
        } else {
            self.parse_comparison()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn parse_group(&mut self) -> ScimResult<Filter> {
        self.expect_byte(b'(')?;
        let filter = self.parse_or()?;
        self.expect_byte(b')')?;
        Ok(filter)
    }

    fn parse_comparison(&mut self) -> ScimResult<Filter> {
        let name = self.peek_word();
        if name.is_empty() {
            return Err(self.error_at_position("expected an attribute"));
        }
        let path = match self.scope {
            Some(attribute) => attribute
                .sub_attribute(name)
                .map(|attribute| AttributePath { attribute, sub: None }),
            None => AttributePath::resolve(name),
        }
        .ok_or_else(|| self.error_at_position(&format!("there is no attribute `{name}`")))?;
        self.at += name.len();
        if self.text.as_bytes().get(self.at) == Some(&b'[') {
            return self.parse_value_path(path);
        }
        if self.take_keyword("pr") {
            return Ok(Filter::Present(path));
        }
        let name = self.peek_word();
        let op = word_to_enum(name).ok_or_else(|| {
            self.error_at_position("expected one of eq, ne, co, sw, ew, pr, gt, ge, lt and le")
        })?;
        self.at += name.len();
        let value = self.parse_value()?;
        let path = path.comparison_path().ok_or_else(|| {
            self.error_at_position("a complex attribute is compared by a sub-attribute")
        })?;
        self.check_operand_type(path.leaf_attribute(), op, &value)?;
        Ok(Filter::Compare(path, op, value))
    }

    fn parse_value_path(&mut self, path: AttributePath) -> ScimResult<Filter> {
        let (None, Some(attribute)) = (self.scope, path.whole_attribute()) else {
            return Err(self.error_at_position("a value path must follow a complex attribute"));
        };
        if attribute.kind != DataType::Complex {
            return Err(self.error_at_position(&format!("`{}` is not complex", attribute.name)));
        }
        self.expect_byte(b'[')?;
        self.scope = Some(attribute);
        let inner = self.parse_or()?;
        self.scope = None;
        self.expect_byte(b']')?;
        Ok(Filter::Any(path, Box::new(inner)))
    }

    /// A JSON string, number, `true`, `false` or `null`.
    fn parse_value(&mut self) -> ScimResult<Value> {
        let wrong = "expected a JSON string, number, true, false or null";
        if self.peek_byte() == Some(b'"') {
            let rest = &self.text[self.at..];
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            let Some(Ok(value)) = values.next() else {
                return Err(self.error_at_position(wrong));
            };
            self.at += values.byte_offset();
            return Ok(value);
        }
        // An unquoted value ends with the word: `true)` holds `true`.
        let word = self.peek_word();
        let value = serde_json::from_str(word).map_err(|_| self.error_at_position(wrong))?;
        self.at += word.len();
        Ok(value)
    }

    /// Checks that the value can be compared with the attribute in this way (RFC 7644 section 3.4.2.2).
    fn check_operand_type(
        &self,
        attribute: &AttributeDefinition,
        op: ComparisonOp,
        value: &Value,
    ) -> ScimResult<()> {
        let ordered =
            matches!(op, ComparisonOp::Gt | ComparisonOp::Ge | ComparisonOp::Lt | ComparisonOp::Le);
        let partial = matches!(op, ComparisonOp::Co | ComparisonOp::Sw | ComparisonOp::Ew);
        let fits = match (attribute.kind, value) {
            (_, Value::Null) => !ordered && !partial,
            (DataType::Boolean, Value::Bool(_)) => !ordered && !partial,
            (DataType::Binary, Value::String(_)) => !ordered,
            (DataType::DateTime, Value::String(text)) => {
                partial || text.parse::<jiff::Timestamp>().is_ok()
            }
            (DataType::String | DataType::Reference, Value::String(_)) => true,
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(self.error_at_position(&format!(
            "`{}` cannot be compared with this value by this operator",
            attribute.name
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_closer_than_or() {
        let Ok(Filter::Or(terms)) =
            parse(r#"userName eq "a" or title pr and not (active eq true)"#)
        else {
            panic!("expected an or");
        };
        assert!(matches!(&terms[1], Filter::And(terms) if matches!(terms[1], Filter::Not(_))));
    }

    #[test]
    fn refuses_invalid_filters_with_the_position() {
        for text in [
            "",
            "userName",
            "userName eq",
            "userName eq a",
            "userName xx \"a\"",
            "nothing eq \"a\"",
            "(userName eq \"a\"",
            "userName eq \"a\" \"b\"",
            "userName eq \"a",
            "not userName eq \"a\"",
            "active gt true",
            "active eq \"true\"",
            "meta.created gt \"yesterday\"",
            "emails[nothing eq \"a\"]",
            "emails[type eq \"a\"",
            "name eq \"a\"",
            "userName[value eq \"a\"]",
            "userName eq {\"a\":1}",
            "userName éq \"a\"",
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.scim_type, Some("invalidFilter"), "{text}");
        }
    }

    #[test]
    fn bounds_depth_length_and_terms() {
        let deep = format!("{}userName pr{}", "(".repeat(9000), ")".repeat(9000));
        assert!(parse(&deep).is_err());
        let nested = format!("{}userName pr{}", "(".repeat(20), ")".repeat(20));
        assert!(parse(&nested).is_ok());
        assert!(parse(&"a".repeat(MAX_LENGTH + 1)).is_err());
        let many = vec!["userName pr"; MAX_TERMS].join(" or ");
        assert!(parse(&many).is_ok());
        assert!(parse(&format!("{many} or userName pr")).is_err());
    }

    #[test]
    fn parses_patch_targets() {
        let (path, filter) =
            parse_path_with_filter("emails[type eq \"work\"].value").expect("a target");
        assert!(filter.is_some());
        assert_eq!(path.sub.map(|sub| sub.name.as_str()), Some("value"));
        for text in [
            "title[value pr]",
            "emails[type pr].x",
            "emails[type pr]x",
            "x",
            "emails.type[value pr]",
        ] {
            assert!(parse_path_with_filter(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        /// Any input gives a filter or an error; neither parser panics.
        #[test]
        fn never_panics(
            text in "(userName|emails|emails\\[|urn:|meta\\.created|not|and|or|eq|co|pr|type|\\(|\\)|\\]|\"a\"|\"|true|null|7| |\\.|é|\\PC){0,24}",
        ) {
            let _ = parse(&text);
            let _ = parse_path_with_filter(&text);
        }
    }
}
