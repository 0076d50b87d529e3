//! Attribute paths (RFC 7644 section 3.10): `name.familyName`, `urn:…:Mailbox:state`. Pure.

use serde_json::{Map, Value};

use super::schema::{AttributeDefinition, DataType, SCHEMAS, find_attribute};
use crate::domain::mapping::scim_urns as wire;

/// A resource as JSON, its attribute names in canonical case, the extension under its URN.
pub(crate) type Document = Map<String, Value>;

/// What a path names: an attribute, or a sub-attribute of one. The extension is an attribute whose
/// sub-attributes are its members, as in a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributePath {
    pub(crate) attribute: &'static AttributeDefinition,
    pub(crate) sub: Option<&'static AttributeDefinition>,
}

/// The part of `text` after `urn:`, in any case of the URN (RFC 8141: the scheme and NID are
/// case-insensitive, and RFC 7643 section 2.1 treats names so).
fn strip_urn<'t>(text: &'t str, urn: &str) -> Option<&'t str> {
    let head = text.get(..urn.len())?;
    let tail = &text[urn.len()..];
    (head.eq_ignore_ascii_case(urn) && (tail.is_empty() || tail.starts_with(':'))).then_some(tail)
}

impl AttributePath {
    /// Resolves a path against the schemas; `None` where no schema has it.
    pub(crate) fn resolve(text: &str) -> Option<Self> {
        if let Some(tail) = strip_urn(text, wire::MAILBOX) {
            return Self::resolve_sub_attribute(&SCHEMAS.extension, tail.strip_prefix(':'));
        }
        let name =
            strip_urn(text, wire::USER).and_then(|tail| tail.strip_prefix(':')).unwrap_or(text);
        let (name, sub) = match name.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (name, None),
        };
        let attribute = find_attribute(&SCHEMAS.user, name)
            .or_else(|| find_attribute(&SCHEMAS.common, name))?;
        Self::resolve_sub_attribute(attribute, sub)
    }

    fn resolve_sub_attribute(
        attribute: &'static AttributeDefinition,
        sub: Option<&str>,
    ) -> Option<Self> {
        let sub = match sub {
            Some(name) => Some(attribute.sub_attribute(name)?),
            None => None,
        };
        Some(Self { attribute, sub })
    }

    /// Whether it is the extension or one of its attributes.
    pub(crate) fn is_in_extension(self) -> bool {
        self.attribute.name == wire::MAILBOX
    }

    /// The last attribute of the path.
    pub(crate) fn leaf_attribute(self) -> &'static AttributeDefinition {
        self.sub.unwrap_or(self.attribute)
    }

    /// The attribute, if the path names a whole attribute and not a sub-attribute.
    pub(crate) fn whole_attribute(self) -> Option<&'static AttributeDefinition> {
        match (self.is_in_extension(), self.sub) {
            (true, sub) => sub,
            (false, None) => Some(self.attribute),
            (false, Some(_)) => None,
        }
    }

    /// The path of the values that are compared: of a complex attribute its `value`
    /// (RFC 7643 section 2.4).
    pub(crate) fn comparison_path(self) -> Option<Self> {
        match self.leaf_attribute().kind {
            DataType::Complex => Self::resolve_sub_attribute(self.attribute, Some("value")),
            _ => Some(self),
        }
    }

    /// Whether the store keeps the attribute in its own columns.
    pub(crate) fn is_database_column(self) -> bool {
        self.is_in_extension()
            || matches!(
                self.attribute.name.as_str(),
                "userName" | "active" | "id" | "meta" | "schemas"
            )
    }

    /// The values that it names in a document, or in one value of a multi-valued attribute.
    pub(crate) fn values_in(self, document: &Document) -> impl Iterator<Item = &Value> {
        let items = match document.get(&self.attribute.name) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        items.iter().filter_map(move |item| match self.sub {
            Some(sub) => item.get(&sub.name),
            None => Some(item),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path with its names in canonical case.
    fn name(text: &str) -> Option<String> {
        let path = AttributePath::resolve(text)?;
        let sub = path.sub.map(|sub| sub.name.as_str());
        Some(match (path.is_in_extension(), sub) {
            (true, None) => "extension".to_owned(),
            (true, Some(sub)) => format!("+{sub}"),
            (false, None) => path.attribute.name.clone(),
            (false, Some(sub)) => format!("{}.{sub}", path.attribute.name),
        })
    }

    #[test]
    fn resolves_paths_in_any_case() {
        let cases = [
            ("username", Some("userName")),
            ("NAME.familyname", Some("name.familyName")),
            ("urn:ietf:params:scim:schemas:core:2.0:User:emails.value", Some("emails.value")),
            ("URN:ietf:params:scim:schemas:extension:arkib:2.0:mailbox:State", Some("+state")),
            (wire::MAILBOX, Some("extension")),
            ("meta.lastModified", Some("meta.lastModified")),
            ("state", None),
            ("name.nothing", None),
            ("urn:ietf:params:scim:schemas:extension:arkib:2.0:MailboxX:state", None),
            ("", None),
            ("ü", None),
        ];
        for (text, expected) in cases {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }
}
