//! The attributes of a user and of arkib's extension with their characteristics, and the rest of the
//! portal's discovery data: `schema.yaml`.
//! Pure; may not know documents or the store.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Data type of an attribute (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DataType {
    #[default]
    String,
    Boolean,
    DateTime,
    Reference,
    Binary,
    Complex,
}

/// RFC 7643 section 7, `mutability`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Mutability {
    #[default]
    ReadWrite,
    ReadOnly,
    WriteOnly,
}

/// One attribute with its characteristics (RFC 7643 section 2.2). A write-only attribute is never
/// returned; all others are by default.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct AttributeDefinition {
    pub(crate) name: String,
    pub(crate) description: String,
    #[serde(rename = "type")]
    pub(crate) kind: DataType,
    pub(crate) multi_valued: bool,
    pub(crate) required: bool,
    pub(crate) case_exact: bool,
    pub(crate) mutability: Mutability,
    pub(crate) unique: bool,
    pub(crate) canonical_values: Vec<String>,
    pub(crate) reference_types: Vec<String>,
    pub(crate) sub_attributes: Vec<AttributeDefinition>,
}

/// The attributes that a user can have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Schemas {
    /// Those of every resource (RFC 7643 section 3.1); no schema lists them.
    pub(crate) common: Vec<AttributeDefinition>,
    /// The core schema.
    pub(crate) user: Vec<AttributeDefinition>,
    /// arkib's extension, as an attribute of the resource under its URN.
    pub(crate) extension: AttributeDefinition,
    /// RFC 7643 section 5, without the values from the options.
    pub(crate) service_provider_config: Value,
    /// RFC 7643 section 6.
    pub(crate) resource_types: Vec<Value>,
}

/// The file is part of the program, and tests read it: a failure would be a bug in arkib.
pub(crate) static SCHEMAS: LazyLock<Schemas> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("schema.yaml")).unwrap_or_default());

impl AttributeDefinition {
    /// The sub-attribute of that name, in any case.
    pub(crate) fn sub_attribute(&self, name: &str) -> Option<&Self> {
        find_attribute(&self.sub_attributes, name)
    }
}

/// The attribute of that name: names are case-insensitive (RFC 7643 section 2.1).
pub(crate) fn find_attribute<'a>(
    attributes: &'a [AttributeDefinition],
    name: &str,
) -> Option<&'a AttributeDefinition> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim_urns as wire;

    #[test]
    fn reads_the_schema_file() {
        let schemas: Schemas = serde_yaml::from_str(include_str!("schema.yaml")).expect("YAML");
        assert_eq!(schemas.extension.name, wire::MAILBOX);
    }

    #[test]
    fn finds_whole_names_in_any_case() {
        let user = &SCHEMAS.user;
        assert_eq!(find_attribute(user, "USERNAME").map(|a| a.name.as_str()), Some("userName"));
        assert_eq!(find_attribute(user, "user"), None);
        let emails = find_attribute(user, "emails").expect("emails");
        assert_eq!(emails.sub_attribute("Value").map(|a| a.name.as_str()), Some("value"));
    }
}
