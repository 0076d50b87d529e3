//! The cursor of the next page (RFC 9865 section 2), taken from the bytes of an answer before the
//! answer is read, so that the next page is on its way meanwhile. A guess, which whoever acts on it
//! holds against the answer. Pure.

const KEY: &str = "\"nextCursor\"";
/// How far from either end of an answer it is looked for: servers write it beside `totalResults`,
/// before or behind the users.
const REACH: usize = 2048;

/// The cursor that the answer seems to name.
pub(super) fn find_next_cursor(body: &[u8]) -> Option<String> {
    // Bytes of a letter that is cut in two are no part of a cursor.
    let behind = String::from_utf8_lossy(&body[body.len().saturating_sub(REACH)..]);
    let before = String::from_utf8_lossy(&body[..REACH.min(body.len())]);
    let last = behind.rfind(KEY).and_then(|at| text_after_key(&behind[at..]));
    last.or_else(|| text_after_key(&before[before.find(KEY)?..]))
}

/// The text behind the key, where it is one without escapes.
fn text_after_key(text: &str) -> Option<String> {
    let value = text.strip_prefix(KEY)?.trim_ascii_start().strip_prefix(':')?;
    let (value, _) = value.trim_ascii_start().strip_prefix('"')?.split_once('"')?;
    let is_plain = !value.is_empty() && !value.contains('\\') && value.is_ascii();
    is_plain.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_cursor_before_or_after_the_users() {
        let users = format!(r#""Resources":[{{"displayName":"{}"}}]"#, "é".repeat(3000));
        for (answer, seen) in [
            (format!(r#"{{{users}, "nextCursor" : "abc=="}}"#), Some("abc==")),
            (format!(r#"{{"nextCursor":"abc",{users}}}"#), Some("abc")),
            (r#"{"nextCursor":"a"}"#.to_owned(), Some("a")),
            (format!(r#"{{{users}}}"#), None),
            (format!(r#"{{{users},"nextCursor":null}}"#), None),
            (format!(r#"{{{users},"nextCursor":"a\"b"}}"#), None),
            (format!(r#"{{{users},"nextCursor":""}}"#), None),
            (format!(r#"{{{users},"nextCursor":"cut"#), None),
        ] {
            assert_eq!(find_next_cursor(answer.as_bytes()).as_deref(), seen);
        }
    }
}
