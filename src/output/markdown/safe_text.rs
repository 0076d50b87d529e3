//! Text from files and portals as Markdown: nothing in it acts, and a person still reads it as text. Pure.

use std::fmt::Display;

use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::text::escape;

/// Text as code, in which neither Markdown, HTML, mentions, links nor quick actions work. (In `<code>`
/// some forges still make links of addresses.)
pub(super) fn code(text: &str) -> String {
    let text = escape(text);
    let ticks = "`".repeat(longest_ticks(&text) + 1);
    // A backtick or blanks at its ends would count for the ticks.
    let gap = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    if text.is_empty() { String::new() } else { format!("{ticks}{gap}{text}{gap}{ticks}") }
}

/// The length of the longest sequence of backticks.
pub(super) fn longest_ticks(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// A sentence: plain words stay as they are; a word that Markdown, HTML or a forge could act on, and what
/// is between backticks, is code.
pub(super) fn prose(text: &str) -> String {
    let text = escape(text);
    let mut parts: Vec<&str> = text.split('`').collect();
    // A backtick without another one is a word of its own.
    let alone = if parts.len().is_multiple_of(2) { parts.pop() } else { None };
    let parts = parts.iter().enumerate().map(|(index, part)| match index % 2 {
        0 => words(part),
        // Nothing between two backticks: they are the text.
        _ if part.is_empty() => code("``"),
        _ => code(part),
    });
    let alone = alone.map(|rest| format!("{} {}", code("`"), words(rest)));
    parts.chain(alone).fold(String::new(), |shown, part| {
        // Two codes that touch would become one, or none.
        let gap = if shown.ends_with('`') && part.starts_with('`') { " " } else { "" };
        shown + gap + &part
    })
}

fn words(text: &str) -> String {
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn word(word: &str) -> String {
    let rest = word.trim_start_matches(['(', '“']);
    let core = rest.trim_end_matches(['.', ',', ':', ';', '?', ')', '”', '…']);
    let (before, after) = (&word[..word.len() - rest.len()], &rest[core.len()..]);
    match is_plain(core) {
        // A hyphen at which no line ends: a narrow screen would break the day.
        true if core.starts_with(|c: char| c.is_ascii_digit()) => word.replace('-', "\u{2011}"),
        true => word.to_owned(),
        false => format!("{before}{}{after}", code(core)),
    }
}

/// Whether a word means nothing to Markdown, HTML or a forge: letters, or a number or day, or a sign of
/// arkib's own texts. Only letters that are written from left to right: others would turn what is around
/// them.
fn is_plain(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && c < '\u{250}';
    let is_word =
        word.chars().all(|c| is_letter(c) || "-'".contains(c)) && word.starts_with(is_letter);
    let is_number = word.chars().all(|c| c.is_ascii_digit() || "-.,".contains(c));
    // A forge makes a link of what may be a commit.
    let is_commit = word.len() >= 7 && word.chars().all(|c| c.is_ascii_hexdigit());
    let is_sign = ["·", "✓", "✗", "→", "×", "%", ""].contains(&word);
    is_sign || (is_word && !is_commit) || (is_number && !word.starts_with('-'))
}

/// A place in a file: a link if the forge's pages are known, else its path and line.
pub(super) fn place(places: &RepositoryPathResolver, file: &str, line: impl Display) -> String {
    let shown = code(&format!("{file}:{line}"));
    match places.page_of(file, &line) {
        Some(page) => format!("[{shown}]({page})"),
        None => shown,
    }
}

/// A request, which is a link if the forge's pages are known; else with its path and line.
pub(super) fn request(
    places: &RepositoryPathResolver,
    id: &str,
    file: &str,
    line: impl Display,
) -> String {
    match places.page_of(file, &line) {
        Some(page) => format!("[{}]({page})", code(id)),
        None => format!("{}, {}", code(id), code(&format!("{file}:{line}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader of Markdown takes for text.
    fn outside_code(text: &str) -> String {
        let mut outside = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('`') {
            outside.push_str(&rest[..at]);
            let after = rest[at..].trim_start_matches('`');
            let ticks = &rest[at..rest.len() - after.len()];
            let closing = |(end, _): &(usize, &str)| {
                let is_run = |c: Option<char>| c != Some('`');
                let behind = after[end + ticks.len()..].chars().next();
                is_run(after[..*end].chars().next_back()) && is_run(behind)
            };
            let (end, _) = after.match_indices(ticks).find(closing).expect("the end of the code");
            rest = &after[end + ticks.len()..];
        }
        outside + rest
    }

    #[test]
    fn code_ends_where_it_is_to_end() {
        assert_eq!(code("a <b>@x"), "`a <b>@x`");
        assert_eq!(code("`x``"), "``` `x`` ```");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("](x)\n/close \u{202e}"), "`](x)␊/close ⟨U+202E⟩`");
        for text in ["`", "``", "a`", "`a", " ` ", "```\n# x", "a ```` b ` c"] {
            assert_eq!(outside_code(&format!("x {} y", code(text))), "x  y", "{text}");
        }
    }

    #[test]
    fn plain_sentences_stay_as_they_are() {
        for text in [
            "Peti mel melebihi kuota.",
            "E-mel (lihat surat); 12 daripadanya, “segera”.",
            "it's",
            "",
        ] {
            assert_eq!(prose(text), text);
        }
        assert_eq!(prose("kept until 2026-12-23."), "kept until 2026\u{2011}12\u{2011}23.");
        assert_eq!(prose("waits for a@b.example, and"), "waits for `a@b.example`, and");
        assert_eq!(prose("try `arkib portal`."), "try `arkib portal`.");
        for (ticks, shown) in
            [("`", "`` ` `` "), ("``", "``` `` ```"), ("```", "``` `` ``` `` ` `` ")]
        {
            assert_eq!(prose(ticks), shown);
        }
    }

    #[test]
    fn nothing_in_a_sentence_acts() {
        for text in [
            "@octocat",
            "#1",
            "!7",
            "GH-12",
            "www.evil.example",
            "https://evil.example/x",
            "](x)",
            "[x](y)",
            "<img src=x>",
            "**x**",
            "_x_",
            "~~x~~",
            "a|b",
            "\\",
            "&lt;",
            ":smile:",
            "/close",
            "```",
            "a`b",
            "x\n# y",
            "-",
            "---",
            "- x",
            "+ x",
            "1\u{202e}2",
            "deadbeef1",
            "abcdefab",
            "\u{5d0}\u{5d1}",
            "$x$",
            "~label",
            "%1",
            "^x",
            "=",
            "<!--",
            "x”@y",
            "`@a",
            "`a` `@b",
            "``` @a `b",
            "$`x`$",
        ] {
            let outside = outside_code(&prose(text));
            let is_harmless = |c: char| c.is_ascii_alphanumeric() || " ”.,():;?".contains(c);
            assert!(outside.chars().all(is_harmless), "{text}: {outside}");
            for bad in ["octocat", "evil", "GH", "smile", "deadbeef", "abcdef", "close"] {
                assert!(!outside.contains(bad), "{text}: {outside}");
            }
        }
    }
}
