//! Answers that are read once, as they are: what a portal says of itself, and its errors. Names count
//! in any case, and what is of another type than it should be counts as absent. Pure.

use std::borrow::Cow;

use serde_json::Value;

use super::lenient_json::{ShallowValue, is_same_name};

/// The longest text that is kept, in characters.
const LONGEST: usize = 300;

/// The value of that name; null where there is none.
pub(super) fn field<'a>(value: &'a Value, name: &str) -> &'a Value {
    const NOTHING: &Value = &Value::Null;
    let mut fields = value.as_object().into_iter().flatten();
    let found = fields.find(|(key, _)| is_same_name(key, name));
    found.map_or(NOTHING, |(_, value)| value)
}

/// The plain value of that name.
pub(super) fn scalar<'a>(value: &'a Value, name: &str) -> ShallowValue<'a> {
    to_scalar_value(field(value, name))
}

/// A value, where only plain ones matter.
pub(super) fn to_scalar_value(value: &Value) -> ShallowValue<'_> {
    match value {
        Value::Null => ShallowValue::Absent,
        Value::Bool(yes) => ShallowValue::Bool(*yes),
        Value::String(text) => ShallowValue::Text(Cow::Borrowed(text)),
        Value::Number(number) => number.as_u64().map_or(ShallowValue::Other, ShallowValue::Number),
        Value::Array(_) | Value::Object(_) => ShallowValue::Other,
    }
}

/// The text of that name, bounded; none where it is empty.
pub(super) fn text_field(value: &Value, name: &str) -> Option<String> {
    scalar(value, name).as_text().map(truncate_text)
}

/// The list of that name; empty where there is none.
pub(super) fn list_field<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    field(value, name).as_array().map_or(&[], Vec::as_slice)
}

/// What an answer lists: in a ListResponse, in a bare list, or itself.
pub(super) fn listed_resources(answer: &Value) -> &[Value] {
    match (answer, field(answer, "Resources")) {
        (Value::Array(all), _) | (_, Value::Array(all)) => all,
        _ => std::slice::from_ref(answer),
    }
}

/// As much of a text as is kept.
pub(super) fn truncate_text(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
