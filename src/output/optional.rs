//! What is said only where there is something to say.

use crate::text::visible;

/// A value as it can be shown, with what stands before it; nothing where there is none.
pub(super) fn optional(before: &str, value: Option<impl AsRef<str>>) -> String {
    value
        .map(|value| format!("{before}{}", visible(value.as_ref())))
        .unwrap_or_default()
}
