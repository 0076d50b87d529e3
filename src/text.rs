//! Makes what must not reach a terminal raw visible: control characters, the marks that turn the reading
//! direction, and what Unicode says is invisible or a gap. Everything printed that came from a file or a
//! portal passes here. Pure.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::path::Path;

use icu_properties::props::{
    BinaryProperty, CanonicalCombiningClass, DefaultIgnorableCodePoint, ExtendedPictographic,
    JoinControl, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// A path as it is shown, with the same separators on every system.
pub fn shown_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// Whether a character may hide, move or rewrite what stands around it on a screen: controls, line and
/// paragraph separators, and what is ignored when it is shown (`Default_Ignorable_Code_Point`, which the
/// bidirectional marks are, too). The joiners are not among them: Tamil and emoji need them, and addresses
/// and ids take plain letters only.
pub fn is_unsafe(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || (has::<DefaultIgnorableCodePoint>(character) && !has::<JoinControl>(character))
        // No property says so of the annotations and of Braille without a dot.
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{2800}')
}

/// Whether a character is a blank other than those of ASCII; some are wide, and a row of them hides what
/// follows.
pub fn is_gap(character: char) -> bool {
    has::<WhiteSpace>(character)
}

/// Whether a character beyond ASCII has a property.
fn has<P: BinaryProperty>(character: char) -> bool {
    !character.is_ascii() && CodePointSetData::new::<P>().contains(character)
}

/// Whether a joiner may stand behind a character: behind a virama, and between emoji. Else it is invisible.
fn may_join(before: Option<char>) -> bool {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    before.is_some_and(|before| {
        classes.get(before) == CanonicalCombiningClass::Virama
            || has::<ExtendedPictographic>(before)
    })
}

/// The text with every unsafe character, gap and joiner without use replaced: C0 controls by their picture
/// (`␛`), one column wide so that positions still fit, the others by their number (`⟨U+202E⟩`).
pub fn escape(text: &str) -> Cow<'_, str> {
    // Nearly all texts: no character needs to be looked up.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let is_plain = |character: char| {
        !is_unsafe(character) && !is_gap(character) && !has::<JoinControl>(character)
    };
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(excerpt(text, usize::MAX))
}

/// As [`escape`], cut after `most` characters, with `…` where something is left out.
pub fn excerpt(text: &str, most: usize) -> String {
    let mut shown = String::new();
    let mut before = None;
    for (count, character) in text.chars().enumerate() {
        if count == most {
            shown.push('…');
            break;
        }
        push_escaped(&mut shown, character, before.replace(character));
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

fn push_escaped(shown: &mut String, character: char, before: Option<char>) {
    match character {
        ' '..='~' => shown.push(character),
        '\0'..='\u{1f}' => {
            shown.push(char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => shown.push('␡'),
        _ if is_unsafe(character)
            || is_gap(character)
            || (has::<JoinControl>(character) && !may_join(before)) =>
        {
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
    fn shows_what_is_invisible_or_a_gap() {
        // Of each kind some that no list of ours had.
        for hidden in [
            '\u{34f}',
            '\u{17b4}',
            '\u{180b}',
            '\u{200b}',
            '\u{2065}',
            '\u{206a}',
            '\u{fe0f}',
            '\u{fff0}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0100}',
            '\u{e0fff}',
            '\u{a0}',
            '\u{1680}',
            '\u{2003}',
            '\u{202f}',
            '\u{205f}',
            '\u{3000}',
            '\u{2800}',
            '\u{fffa}',
            '\u{85}',
            '\u{2028}',
        ] {
            let shown = format!("a⟨U+{:04X}⟩b", hidden as u32);
            assert_eq!(escape(&format!("a{hidden}b")), shown);
            assert_eq!(excerpt(&format!("a{hidden}b"), 3), shown);
        }
        // A joiner that joins nothing.
        assert_eq!(escape("sit\u{200d}i \u{200c}a"), "sit⟨U+200D⟩i ⟨U+200C⟩a");
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
