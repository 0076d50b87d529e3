//! Attribute paths (RFC 7644 section 3.10): `name.familyName`, `urn:…:Mailbox:state`. Pure.

use serde_json::{Map, Value};

use super::schema;
use super::schema::{Attribute, Kind};
use crate::domain::mapping::scim_names as wire;

/// A resource as JSON, its attribute names in canonical case, the extension under its URN.
pub(crate) type Document = Map<String, Value>;

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Path {
    /// The extension as a whole.
    Extension,
    /// An attribute of the core schema or of the extension, or a sub-attribute of one.
    Attribute {
        extension: bool,
        attribute: &'static Attribute,
        sub: Option<&'static Attribute>,
    },
}

/// The part of `text` after `urn:`, in any case of the URN (RFC 8141: the scheme and NID are
/// case-insensitive, and RFC 7643 section 2.1 treats names so).
fn after<'t>(text: &'t str, urn: &str) -> Option<&'t str> {
    let head = text.get(..urn.len())?;
    let tail = &text[urn.len()..];
    (head.eq_ignore_ascii_case(urn) && (tail.is_empty() || tail.starts_with(':'))).then_some(tail)
}

impl Path {
    /// Resolves a path against the schemas; `None` where no schema has it.
    pub(crate) fn resolve(text: &str) -> Option<Self> {
        if let Some(tail) = after(text, wire::MAILBOX) {
            let Some(name) = tail.strip_prefix(':') else {
                return Some(Self::Extension);
            };
            return Self::within(schema::MAILBOX, name, true);
        }
        let name = after(text, wire::USER)
            .and_then(|tail| tail.strip_prefix(':'))
            .unwrap_or(text);
        Self::within(schema::USER, name, false)
            .or_else(|| Self::within(schema::COMMON, name, false))
    }

    fn within(attributes: &'static [Attribute], name: &str, extension: bool) -> Option<Self> {
        let (name, sub) = match name.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (name, None),
        };
        let attribute = schema::find(attributes, name)?;
        let sub = match sub {
            Some(sub) => Some(attribute.sub(sub)?),
            None => None,
        };
        Some(Self::Attribute {
            extension,
            attribute,
            sub,
        })
    }

    /// The attribute whose values are compared: of a complex attribute its `value`
    /// (RFC 7643 section 2.4).
    pub(crate) fn comparable(self) -> Option<(&'static Attribute, Option<&'static Attribute>)> {
        match self {
            Self::Extension => None,
            Self::Attribute { attribute, sub, .. } => match sub {
                None if attribute.kind == Kind::Complex => {
                    Some((attribute, Some(attribute.sub("value")?)))
                }
                sub => Some((attribute, sub)),
            },
        }
    }

    /// The object of a document that holds the attribute.
    pub(crate) fn holder(self, document: &Document) -> Option<&Document> {
        match self {
            Self::Attribute {
                extension: true, ..
            } => document.get(wire::MAILBOX)?.as_object(),
            _ => Some(document),
        }
    }

    /// The value of the attribute itself, whatever its sub-attribute.
    pub(crate) fn value(self, document: &Document) -> Option<&Value> {
        match self {
            Self::Extension => document.get(wire::MAILBOX),
            Self::Attribute { attribute, .. } => self.holder(document)?.get(attribute.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        match Path::resolve(text)? {
            Path::Extension => Some("extension".to_owned()),
            Path::Attribute {
                extension,
                attribute,
                sub,
            } => Some(format!(
                "{}{}{}",
                if extension { "+" } else { "" },
                attribute.name,
                sub.map_or(String::new(), |sub| format!(".{}", sub.name))
            )),
        }
    }

    #[test]
    fn paths_resolve_in_any_case_with_and_without_a_urn() {
        let cases = [
            ("username", Some("userName")),
            ("NAME.familyname", Some("name.familyName")),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:emails.value",
                Some("emails.value"),
            ),
            (
                "URN:ietf:params:scim:schemas:extension:arkib:2.0:mailbox:State",
                Some("+state"),
            ),
            (wire::MAILBOX, Some("extension")),
            ("meta.lastModified", Some("meta.lastModified")),
            ("state", None),
            ("name.nothing", None),
            (
                "urn:ietf:params:scim:schemas:extension:arkib:2.0:MailboxX:state",
                None,
            ),
            ("", None),
            ("ü", None),
        ];
        for (text, expected) in cases {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }
}
