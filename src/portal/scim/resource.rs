//! What kind of thing a resource is, as its `schemas` say (RFC 7643 section 3). Pure.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::lenient::{Scalar, is, plain_values_are};
use crate::domain::mapping::scim_names as wire;

/// The schemas of a resource, as far as they say whether it is a user.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    any: bool,
    user: bool,
}

impl Schemas {
    /// Whether there are some and none is that of a user. A resource that names none is taken for
    /// what it was asked for as.
    pub(super) fn are_of_another(&self) -> bool {
        self.any && !self.user
    }
}

impl<'de> Deserialize<'de> for Schemas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InTurn)
    }
}

struct InTurn;

impl<'de> Visitor<'de> for InTurn {
    type Value = Schemas;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the schemas of a resource")
    }
    plain_values_are!(Schemas::default());
    fn visit_str<E>(self, schema: &str) -> Result<Schemas, E> {
        Ok(Schemas {
            any: true,
            user: is(schema, wire::USER),
        })
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Schemas, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Schemas::default())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Schemas, A::Error> {
        let mut schemas = Schemas::default();
        while let Some(schema) = seq.next_element::<Scalar<'de>>()? {
            if let Some(schema) = schema.text() {
                schemas.any = true;
                schemas.user |= is(schema, wire::USER);
            }
        }
        Ok(schemas)
    }
}
