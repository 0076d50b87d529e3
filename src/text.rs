//! Makes what must not reach a terminal raw visible: control characters, and the marks that turn
//! the reading direction. Everything printed that came from a file or a portal passes here. Pure.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// Whether a character may hide, move or rewrite what stands around it on a screen: C0 and C1
/// controls, DEL, line and paragraph separators, the bidirectional marks (Unicode TR 9, TR 36)
/// and invisible fillers and blanks. The joiners U+200C and U+200D are not among them: Tamil and
/// emoji need them, and addresses and ids take plain letters only.
pub fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e007f}')
}

/// The text with every unsafe character replaced: C0 controls by their picture (`␛`), one column
/// wide so that positions still fit, the others by their number (`⟨U+202E⟩`).
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push_escaped(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// As [`escape`], cut after `most` characters, with `…` where something is left out.
pub fn excerpt(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == most {
            shown.push('…');
            break;
        }
        push_escaped(&mut shown, character);
    }
    shown
}

/// A value as it can be shown, with what stands before it; nothing where there is none.
pub fn prefix_if_some(before: &str, value: Option<impl AsRef<str>>) -> String {
    value.map_or_else(String::new, |value| format!("{before}{}", escape(value.as_ref())))
}

/// "1 file", "2 files".
pub fn plural<N: Copy + Display + TryInto<u64>>(count: N, one: &str, many: &str) -> String {
    format!("{count} {}", if matches!(count.try_into(), Ok(1)) { one } else { many })
}

/// The text on one line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The path from a folder that it is below; a path that is not below it stays as it is. The folder
/// may end in a slash, and is empty for the top.
pub fn path_below<'a>(path: &'a str, folder: &str) -> &'a str {
    let folder = folder.trim_end_matches('/');
    match path.strip_prefix(folder) {
        Some(rest) if !folder.is_empty() => rest.strip_prefix('/').unwrap_or(path),
        _ => path,
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986 section 2.3.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn push_escaped(shown: &mut String, character: char) {
    match character {
        '\0'..='\u{1f}' => {
            shown.push(char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => shown.push('␡'),
        _ if is_unsafe(character) => {
            // Writing to a String cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", character as u32);
        }
        _ => shown.push(character),
    }
}

/// An enum of words: each variant with its word on disk and in outputs, and the list of them all.
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$meaning:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $name {
            $($(#[$meaning])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Each of them, in order.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// Each by its word.
            pub const WORDS: [(&'static str, Self); Self::ALL.len()] =
                [$(($word, Self::$variant)),+];

            /// Its word on disk and in outputs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_control_characters() {
        assert_eq!(escape("a\u{1b}[31mb\u{7f}\0"), "a␛[31mb␡␀");
        assert_eq!(escape("x\u{202e}y\u{9b}"), "x⟨U+202E⟩y⟨U+009B⟩");
        assert!(matches!(escape("Peti mel — 100 %"), Cow::Borrowed(_)));
    }

    #[test]
    fn keeps_words_of_any_script() {
        for text in ["இலாகா க்\u{200d}ஷ", "部门申请", "👩\u{200d}💻", "\"C:\\arkib\" — 'ya'"]
        {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn only_paths_below_a_folder_are_shortened() {
        for (path, folder, rest) in [
            ("requests/a.yaml", "requests", "a.yaml"),
            ("requests/a.yaml", "requests/", "a.yaml"),
            ("a.yaml", "", "a.yaml"),
            ("/abs/x", "requests", "/abs/x"),
            ("requests-old/a", "requests", "requests-old/a"),
        ] {
            assert_eq!(path_below(path, folder), rest, "{path} {folder}");
        }
    }

    #[test]
    fn marks_an_excerpt() {
        assert_eq!(excerpt("abcdef", 3), "abc…");
        assert_eq!(excerpt("abc", 3), "abc");
        assert_eq!(
            excerpt("a\u{1b}[2Jb\nc\u{9b}d\u{202e}e\u{2066}f", 200),
            "a␛[2Jb␊c⟨U+009B⟩d⟨U+202E⟩e⟨U+2066⟩f"
        );
        let long = excerpt(&"é".repeat(500), 200);
        assert_eq!(long.chars().count(), 201);
        assert!(long.ends_with('…'));
    }
}
