//! The scalars that drafts are made of. They take what the file says and nothing that merely
//! looks like it: `~`, `null`, `12` and `true` are no texts. Pure.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeOwned, Deserializer, Error, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

/// What a file is parsed into before it is checked: everything optional, nothing interpreted.
pub trait RawDocument: DeserializeOwned + JsonSchema {
    /// Its JSON Schema, without references, as the exact reader walks it: made once for all files.
    fn inlined_schema() -> &'static Value;
}

/// Makes the schema of a document.
pub fn make_inlined_schema<D: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
    });
    settings.into_generator().into_root_schema_for::<D>().to_value()
}

/// A text. Numbers, booleans and nulls that are not in quotes are refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Text(#[serde(deserialize_with = "as_written")] pub String);

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// A whole number, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct WholeNumber(#[serde(deserialize_with = "as_written")] pub u64);

impl JsonSchema for WholeNumber {
    fn schema_name() -> Cow<'static, str> {
        "Whole".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 0 })
    }
}

/// True or false, and not a word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Boolean(#[serde(deserialize_with = "as_written")] pub bool);

impl JsonSchema for Boolean {
    fn schema_name() -> Cow<'static, str> {
        "Boolean".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}

/// A key that may be left out; where it stands it has a value: `reason:` with nothing behind it is a
/// mistake, not an absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Optional<T>(pub Option<T>);

impl<T> Default for Optional<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Optional<T> {
    type Target = Option<T>;
    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Optional<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_written(deserializer).map(|value| Self(Some(value)))
    }
}

impl<T: JsonSchema> JsonSchema for Optional<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A value from a text, a whole number, true or false, a list or a mapping, where the file has that and not
/// something else of which the parser would make it.
fn as_written<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct NoCoercionVisitor<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for NoCoercionVisitor<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
        fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
            T::deserialize(SeqAccessDeserializer::new(items))
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            T::deserialize(text.into_deserializer())
        }
        fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
            T::deserialize(number.into_deserializer())
        }
        fn visit_bool<E: Error>(self, is_true: bool) -> Result<T, E> {
            T::deserialize(is_true.into_deserializer())
        }
    }
    // `any`, because asked for a string the parser hands over `~` and `12` as they are written, and
    // asked for a list or a mapping it makes an empty one of nothing.
    deserializer.deserialize_any(NoCoercionVisitor(PhantomData))
}
