//! JSON as SCIM servers really write it: names in any case (RFC 7643 section 2.1), booleans as
//! strings, nulls for what is absent. Borrows from the answer wherever it can. May not know users,
//! pages or HTTP.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A JSON value of which only plain ones matter.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum ShallowValue<'a> {
    /// Absent or null, which SCIM does not tell apart (RFC 7643 section 2.5).
    #[default]
    Absent,
    Bool(bool),
    Text(Cow<'a, str>),
    Number(u64),
    /// A number that is no count.
    Other,
    List,
    Object,
}

impl<'a> ShallowValue<'a> {
    /// A boolean, also one written as a string or as 1 or 0. `Err` where it is something else.
    pub(super) fn as_bool(&self) -> Result<Option<bool>, ()> {
        match self {
            Self::Absent => Ok(None),
            Self::Bool(value) => Ok(Some(*value)),
            Self::Number(number @ (0 | 1)) => Ok(Some(*number == 1)),
            Self::Text(text) if text == "1" || text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Self::Text(text) if text == "0" || text.eq_ignore_ascii_case("false") => {
                Ok(Some(false))
            }
            _ => Err(()),
        }
    }

    /// An identifier: a text that is not empty, or a number, as some portals write it.
    pub(super) fn as_id(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Number(number) => Some(number.to_string().into()),
            _ => self.as_text().map(Into::into),
        }
    }

    /// A count, also one written as a string.
    pub(super) fn as_count(&self) -> Option<usize> {
        match self {
            Self::Number(number) => usize::try_from(*number).ok(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as a word: a text that is not empty, or a boolean or a count as they are written.
    /// `Err` where it is something else.
    pub(super) fn as_word(&self) -> Result<Option<Cow<'_, str>>, ()> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) if text.is_empty() => Ok(None),
            Self::Text(text) => Ok(Some(Cow::Borrowed(text))),
            Self::Bool(true) => Ok(Some("true".into())),
            Self::Bool(false) => Ok(Some("false".into())),
            Self::Number(number) => Ok(Some(number.to_string().into())),
            Self::Other | Self::List | Self::Object => Err(()),
        }
    }

    /// A text that is not empty.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

/// What is read in place from a JSON value of whatever shape. What it does not take is passed over.
pub(super) trait ReadFromJson<'de>: Sized {
    /// Takes the value, where it is a plain one. Of a list or an object the elements follow.
    fn begin_value<E: Error>(&mut self, _: ShallowValue<'de>) -> Result<(), E> {
        Ok(())
    }

    /// Takes the next element of a list; false at its end.
    fn read_next_element<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        Ok(list.next_element::<IgnoredAny>()?.is_some())
    }

    /// Takes the value of this attribute of an object.
    fn read_attribute<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        of: &mut A,
    ) -> Result<(), A::Error> {
        match self.scalar_slot(name) {
            Some(place) => of.next_value_seed(FillSeed(place)),
            None => skip_value(of),
        }
    }

    /// Where the value of this attribute goes, where it is a plain one.
    fn scalar_slot(&mut self, _: &str) -> Option<&mut ShallowValue<'de>> {
        None
    }
}

/// Passes over a value that nobody needs.
pub(super) fn skip_value<'de, A: MapAccess<'de>>(object: &mut A) -> Result<(), A::Error> {
    object.next_value::<IgnoredAny>().map(|_| ())
}

/// SCIM compares names without regard to case.
pub(super) fn is_same_name(name: &str, attribute: &str) -> bool {
    name.eq_ignore_ascii_case(attribute)
}

/// Reads a body that is one JSON value. The error repeats nothing of it: it may be personal data.
pub(super) fn read_json<'de>(
    body: &'de [u8],
    into: &mut impl ReadFromJson<'de>,
) -> Result<(), String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = FillSeed(into).deserialize(&mut json);
    read.and_then(|()| json.end()).map_err(|error| describe_json_error(&error))
}

/// What is wrong with JSON, without repeating any of it: it may be personal data.
pub(super) fn describe_json_error(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the JSON is incomplete".into();
    }
    let (line, column) = (error.line(), error.column());
    format!("it is not JSON (line {line}, column {column})")
}

/// Reads into this place.
pub(super) struct FillSeed<'x, T>(pub(super) &'x mut T);

impl<'de, T: ReadFromJson<'de>> DeserializeSeed<'de> for FillSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: ReadFromJson<'de>> Visitor<'de> for FillSeed<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Absent)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Bool(value))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Number(value))
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Other)
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Other)
    }
    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Text(Cow::Borrowed(value)))
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.0.begin_value(ShallowValue::Text(Cow::Owned(value.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.begin_value(ShallowValue::List)?;
        while self.0.read_next_element(&mut list)? {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        self.0.begin_value(ShallowValue::Object)?;
        let mut name = ShallowValue::Absent;
        while object.next_key_seed(FillSeed(&mut name))?.is_some() {
            let name = name.as_text().unwrap_or_default();
            self.0.read_attribute(name, &mut object)?;
        }
        Ok(())
    }
}

impl<'de> ReadFromJson<'de> for ShallowValue<'de> {
    fn begin_value<E: Error>(&mut self, value: Self) -> Result<(), E> {
        *self = value;
        Ok(())
    }
}
