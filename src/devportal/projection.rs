//! `attributes` and `excludedAttributes` (RFC 7644 section 3.9). Pure.

use serde_json::{Map, Value};

use super::error::{Scim, ScimError};
use super::filter::path_is_column;
use super::path::{Document, Path};
use super::schema::{Attribute, Returned};
use crate::domain::mapping::scim_names as wire;

/// Which attributes an answer has.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Projection {
    include: Option<Vec<Path>>,
    exclude: Vec<Path>,
}

impl Projection {
    /// Reads the two lists; a name that no schema has selects nothing.
    ///
    /// # Errors
    /// 400 where both are given: they exclude each other.
    pub(crate) fn new(attributes: Option<&str>, excluded: Option<&str>) -> Scim<Self> {
        let paths = |text: &str| {
            text.split(',')
                .filter_map(|name| Path::resolve(name.trim()))
                .collect()
        };
        let given = |text: &&str| !text.trim().is_empty();
        match (attributes.filter(given), excluded.filter(given)) {
            (Some(_), Some(_)) => Err(ScimError::invalid_value(
                "`attributes` and `excludedAttributes` exclude each other",
            )),
            (include, exclude) => Ok(Self {
                include: include.map(paths),
                exclude: exclude.map(paths).unwrap_or_default(),
            }),
        }
    }

    /// Whether the answer has everything.
    pub(crate) fn is_whole(&self) -> bool {
        self.include.is_none() && self.exclude.is_empty()
    }

    /// Whether the answer needs only what the store has in columns.
    pub(crate) fn only_columns(&self) -> bool {
        self.include
            .as_ref()
            .is_some_and(|paths| paths.iter().copied().all(path_is_column))
    }

    /// Whether an attribute, or a sub-attribute, is in the answer.
    pub(crate) fn has(&self, extension: bool, name: &str, sub: Option<&str>) -> bool {
        let names = |path: &Path| names(path, extension, name, sub);
        match &self.include {
            Some(paths) => paths.iter().any(names),
            None => !self.exclude.iter().any(names),
        }
    }

    /// The document without what the answer does not have.
    pub(crate) fn apply(&self, document: Document) -> Document {
        if self.is_whole() {
            return document;
        }
        let mut kept = Document::new();
        for (name, value) in document {
            let value = match name.as_str() {
                "id" | "schemas" => Some(value),
                wire::MAILBOX => self.prune(value, |member, _| self.keeps(true, member)),
                _ => match self.keeps(false, &name) {
                    Keep::Whole => Some(value),
                    Keep::Not => None,
                    Keep::Parts => self.prune_items(&name, value),
                },
            };
            if let Some(value) = value {
                kept.insert(name, value);
            }
        }
        kept
    }

    fn prune_items(&self, name: &str, value: Value) -> Option<Value> {
        let part = |sub: &str, _: &Value| match self.has(false, name, Some(sub)) {
            true => Keep::Whole,
            false => Keep::Not,
        };
        match value {
            Value::Array(items) => {
                let items: Vec<Value> = items
                    .into_iter()
                    .filter_map(|item| self.prune(item, part))
                    .collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            one => self.prune(one, part),
        }
    }

    fn prune(&self, value: Value, keep: impl Fn(&str, &Value) -> Keep) -> Option<Value> {
        let Value::Object(members) = value else {
            return Some(value);
        };
        let members: Map<String, Value> = members
            .into_iter()
            .filter(|(name, value)| keep(name, value) == Keep::Whole)
            .collect();
        (!members.is_empty()).then_some(Value::Object(members))
    }

    fn keeps(&self, extension: bool, name: &str) -> Keep {
        let about = |path: &&Path| match path {
            Path::Extension => extension,
            Path::Attribute {
                extension: of_extension,
                attribute,
                ..
            } => *of_extension == extension && attribute.name == name,
        };
        let parts = |path: &Path| matches!(path, Path::Attribute { sub: Some(_), .. });
        let paths = self.include.as_ref().unwrap_or(&self.exclude);
        let found: Vec<&Path> = paths.iter().filter(about).collect();
        let whole = found.iter().any(|path| !parts(path));
        match (self.include.is_some(), found.is_empty(), whole) {
            (true, true, _) | (false, false, true) => Keep::Not,
            (true, false, true) | (false, true, _) => Keep::Whole,
            (_, false, false) => Keep::Parts,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Whole,
    Parts,
    Not,
}

fn always(attribute: &Attribute) -> bool {
    attribute.returned == Returned::Always
}

/// Whether a path of a list is about that attribute. To include `name` includes its parts, and to
/// exclude it excludes them; a part is about itself alone, save that including one part of an
/// attribute puts the attribute into the answer.
fn names(path: &Path, in_extension: bool, name: &str, part: Option<&str>) -> bool {
    match path {
        Path::Extension => in_extension,
        Path::Attribute {
            extension,
            attribute,
            sub,
        } => {
            *extension == in_extension
                && attribute.name == name
                && !always(attribute)
                && match (sub, part) {
                    (None, _) => true,
                    (Some(sub), Some(part)) => sub.name == part,
                    (Some(_), None) => false,
                }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    fn what_is_asked_for_comes_with_what_always_comes() {
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
    fn what_is_excluded_goes_and_what_always_comes_stays() {
        let hold = format!(
            "id,schemas,emails,meta,name.givenName,{}:hold",
            wire::MAILBOX
        );
        assert_eq!(
            shown(None, Some(&hold)),
            json!({"schemas": ["s"], "id": "1", "userName": "a", "title": "t",
                   "name": {"familyName": "f"}, wire::MAILBOX: {"state": "enabled"}})
        );
        assert_eq!(shown(None, Some(wire::MAILBOX)).get(wire::MAILBOX), None);
        assert!(Projection::new(Some("a"), Some("b")).is_err());
    }

    #[test]
    fn columns_are_enough_where_only_columns_are_asked_for() {
        let enough = |text: &str| {
            Projection::new(Some(text), None)
                .expect("a projection")
                .only_columns()
        };
        assert!(enough(&format!(
            "userName,active,meta.version,{}",
            wire::MAILBOX
        )));
        assert!(!enough("userName,title"));
        assert!(!Projection::default().only_columns());
    }
}
