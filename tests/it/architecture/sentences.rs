//! Texts that people read stand in the catalogues: what is left of sentences in `output/`, `commands/` and
//! `ops/` is counted for each file, and may only become less.

use std::collections::BTreeMap;
use std::fs;

use proc_macro2::{TokenStream, TokenTree};

use super::rooms::room;
use super::source::{Source, is_for_tests, without_tests};

/// How many literals with a sentence each file still has, and why some stay: diagnostics of HTTP, TLS, git and
/// the log are English, and so is what programs read (DESIGN, section 12).
const LEFT: &str = "tests/it/architecture/sentences.txt";

/// Three words of small letters, one behind the other.
fn has_sentence(literal: &str) -> bool {
    let is_word = |word: &&str| {
        let word = word.trim_end_matches([',', '.', ';', ':', '?', '!']);
        !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_lowercase())
    };
    let words: Vec<&str> = literal.trim_matches('"').split([' ', '\n']).collect();
    words.windows(3).any(|three| three.iter().all(is_word))
}

/// The literals with a sentence, but for those of attributes: comments, and reasons of lints.
pub fn count_sentences(tokens: Vec<TokenTree>) -> usize {
    let mut count = 0;
    let mut is_attribute = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if !is_attribute => {
                count += count_sentences(without_tests(group.stream()));
            }
            TokenTree::Literal(literal) => count += usize::from(has_sentence(&literal.to_string())),
            TokenTree::Punct(punct)
                if punct.as_char() == '#' || is_attribute && punct.as_char() == '!' =>
            {
                is_attribute = true;
                continue;
            }
            _ => {}
        }
        is_attribute = false;
    }
    count
}

fn sentences_of(text: &str) -> usize {
    count_sentences(without_tests(text.parse::<TokenStream>().unwrap()))
}

#[test]
fn sentences_stand_in_the_catalogues() {
    let counted = Source::of_project().sentences.iter().filter(|(name, count)| {
        **count > 0 && ["output", "commands", "ops"].contains(&room(name)) && !is_for_tests(name)
    });
    let found: BTreeMap<String, usize> =
        counted.map(|(name, count)| (format!("src/{name}"), *count)).collect();
    assert!(!found.is_empty());
    let table = fs::read_to_string(LEFT).unwrap();
    let left = table.lines().map(|line| {
        let (name, rest) = line.split_once(' ').unwrap();
        (name.to_owned(), rest.split(' ').next().unwrap().parse().unwrap())
    });
    let left: BTreeMap<String, usize> = left.collect();
    let shown: String = found.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
    assert_eq!(found, left, "texts belong in src/language; {LEFT} would be:\n{shown}");
}

#[test]
fn a_sentence_is_found_where_it_stands() {
    for (text, expected) in [
        ("fn f() { g(\"this is wrong\") }", 1),
        ("fn f() { format!(\"{x} cannot be written: {y}\") }", 1),
        ("fn f() { g(\"Nothing was written.\") }", 0),
        ("fn f() { g(\"so, it is: {x}\") }", 1),
        ("/// this is a comment\nfn f() {}", 0),
        ("#[expect(x, reason = \"this is the one place\")] fn f() {}", 0),
        ("#![allow(x, reason = \"this is the one place\")] fn f() {}", 0),
        ("#[cfg(test)] mod tests { fn f() { g(\"this is a test\") } }", 0),
        ("fn f() { g(\"run-again-help\", \"arkib\") }", 0),
    ] {
        assert_eq!(sentences_of(text), expected, "{text}");
    }
}
