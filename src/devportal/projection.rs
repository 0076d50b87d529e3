//! `attributes` and `excludedAttributes` (RFC 7644 section 3.9). Pure.

use serde_json::Value;

use super::attribute_path::{AttributePath, Document};
use super::error::{ScimError, ScimResult};

/// Which attributes an answer has.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    /// The attributes that the answer includes, or those that it excludes.
    paths: Vec<AttributePath>,
    includes: bool,
}

impl Projection {
    /// Reads the two lists; a name that no schema has selects nothing.
    ///
    /// # Errors
    /// 400 where both are given: they exclude each other.
    pub(crate) fn new(attributes: Option<&str>, excluded: Option<&str>) -> ScimResult<Self> {
        let given = |text: &&str| !text.trim().is_empty();
        let (include, exclude) = (attributes.filter(given), excluded.filter(given));
        if include.is_some() && exclude.is_some() {
            return Err(ScimError::invalid_value(
                "`attributes` and `excludedAttributes` exclude each other",
            ));
        }
        let names = include.or(exclude).unwrap_or_default().split(',');
        Ok(Self {
            paths: names.filter_map(|name| AttributePath::resolve(name.trim())).collect(),
            includes: include.is_some(),
        })
    }

    /// Whether the answer has everything.
    pub(crate) fn includes_everything(&self) -> bool {
        !self.includes && self.paths.is_empty()
    }

    /// Whether the answer can be made from the store's columns alone.
    pub(crate) fn uses_only_columns(&self) -> bool {
        self.includes && self.paths.iter().all(|path| path.is_database_column())
    }

    /// Whether an attribute, or a sub-attribute, is in the answer. To include `name` includes its
    /// parts, and to exclude it excludes them; a part stands for itself only.
    pub(crate) fn includes_attribute(&self, name: &str, part: Option<&str>) -> bool {
        let listed = |path: &AttributePath| {
            path.attribute.name == name
                && path.sub.is_none_or(|sub| part.is_some_and(|part| sub.name == part))
        };
        self.paths.iter().any(listed) == self.includes
    }

    /// The document with only the attributes of the answer.
    pub(crate) fn apply(&self, document: Document) -> Document {
        if self.includes_everything() {
            return document;
        }
        document
            .into_iter()
            .filter_map(|(name, value)| {
                let value = self.project_value(&name, value)?;
                Some((name, value))
            })
            .collect()
    }

    /// An attribute's value as the answer includes it.
    fn project_value(&self, name: &str, value: Value) -> Option<Value> {
        // These two are always returned (RFC 7643 section 3.1).
        if matches!(name, "id" | "schemas") {
            return Some(value);
        }
        let mut about = self.paths.iter().filter(|path| path.attribute.name == name).peekable();
        let parts = about.peek().is_some() && about.all(|path| path.sub.is_some());
        match value {
            value if !parts => self.includes_attribute(name, None).then_some(value),
            Value::Array(items) => {
                let items: Vec<Value> =
                    items.into_iter().filter_map(|item| self.project_parts(name, item)).collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            one => self.project_parts(name, one),
        }
    }

    /// One complex value with only its included parts.
    fn project_parts(&self, name: &str, value: Value) -> Option<Value> {
        let Value::Object(mut members) = value else {
            return Some(value);
        };
        members.retain(|part, _| self.includes_attribute(name, Some(part)));
        (!members.is_empty()).then_some(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::mapping::scim_urns as wire;

    fn shown(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let document = json!({
            "schemas": ["s"], "id": "1", "userName": "a", "title": "t",
            "name": {"familyName": "f", "givenName": "g"},
            "emails": [{"value": "v", "type": "work"}, {"value": "w"}],
            "meta": {"version": "1", "location": "l"},
            wire::MAILBOX: {"state": "enabled", "hold": false},
        });
        let document = document.as_object().cloned().expect("an object");
        let projection = Projection::new(attributes, excluded).expect("a projection");
        Value::Object(projection.apply(document))
    }

    #[test]
    fn includes_requested_and_required_attributes() {
        let state = format!("username,meta.version,{}:State", wire::MAILBOX);
        assert_eq!(
            shown(Some(&state), None),
            json!({"schemas": ["s"], "id": "1", "userName": "a", "meta": {"version": "1"},
                   wire::MAILBOX: {"state": "enabled"}})
        );
        assert_eq!(
            shown(Some("name.familyName,emails.type,nothing"), None),
            json!({"schemas": ["s"], "id": "1", "name": {"familyName": "f"}, "emails": [{"type": "work"}]})
        );
        assert_eq!(
            shown(Some(wire::MAILBOX), None),
            json!({"schemas": ["s"], "id": "1", wire::MAILBOX: {"state": "enabled", "hold": false}})
        );
    }

    #[test]
    fn excludes_all_but_required_attributes() {
        let hold = format!("id,schemas,emails,meta,name.givenName,{}:hold", wire::MAILBOX);
        assert_eq!(
            shown(None, Some(&hold)),
            json!({"schemas": ["s"], "id": "1", "userName": "a", "title": "t",
                   "name": {"familyName": "f"}, wire::MAILBOX: {"state": "enabled"}})
        );
        assert_eq!(shown(None, Some(wire::MAILBOX)).get(wire::MAILBOX), None);
        assert!(Projection::new(Some("a"), Some("b")).is_err());
    }

    #[test]
    fn columns_suffice_for_column_attributes() {
        let enough = |text: &str| {
            Projection::new(Some(text), None).expect("a projection").uses_only_columns()
        };
        assert!(enough(&format!("userName,active,meta.version,{}", wire::MAILBOX)));
        assert!(!enough("userName,title"));
        assert!(!Projection::default().uses_only_columns());
    }
}
