//! The catalogues of texts, held against each other and against the code: same keys, same variables, and every
//! key is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::source::Source;

/// The variables of each message: those that are shown, and those that only choose a variant, which a
/// language without plural does not need.
#[derive(Debug, Default)]
struct Variables {
    shown: BTreeSet<String>,
    all: BTreeSet<String>,
}

/// The messages of a language by their keys.
fn read_catalogue(language: &str) -> BTreeMap<String, Variables> {
    let mut messages: BTreeMap<String, Variables> = BTreeMap::new();
    let folder = Path::new("src/language").join(language);
    for entry in fs::read_dir(folder).expect("the catalogue is there") {
        let path = entry.expect("it can be listed").path();
        let subject = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        if subject == "help" {
            // Its keys are made of commands and options: `src/cli/help` has its tests.
            continue;
        }
        let mut key = String::new();
        for line in fs::read_to_string(&path).expect("it can be read").lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some((name, _)) = line.split_once(" =")
                && line.starts_with(|first: char| first.is_ascii_lowercase())
            {
                name.clone_into(&mut key);
                assert!(key.starts_with(&format!("{subject}-")), "{key} is in {}", path.display());
                assert!(!messages.contains_key(&key), "{key} stands twice");
            }
            let variables = messages.entry(key.clone()).or_default();
            for after in line.split('$').skip(1) {
                let is_letter = |letter: char| letter.is_ascii_lowercase() || letter == '_';
                let (name, rest) =
                    after.split_at(after.find(|letter| !is_letter(letter)).expect("it ends"));
                variables.all.insert(name.to_owned());
                if !rest.starts_with(" ->") {
                    variables.shown.insert(name.to_owned());
                }
            }
        }
    }
    messages.remove("");
    messages
}

/// A key that the code uses, and the variables that it is given.
pub type MessageUse = (String, BTreeSet<String>);

/// What the code uses.
pub fn collect_message_uses(tokens: TokenStream, uses: &mut Vec<MessageUse>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let before = |back: usize| at.checked_sub(back).map(|index| tokens[index].to_string());
        let called = before(2).filter(|_| before(1).as_deref() == Some("!"));
        let is_message = matches!(called.as_deref(), Some("message" | "text" | "unusable"));
        if let (true, Some(TokenTree::Literal(key))) =
            (is_message, group.stream().into_iter().next())
        {
            let words: Vec<TokenTree> = group.stream().into_iter().skip(1).collect();
            let names = |words: &[TokenTree]| {
                let parts = words.split(|token| token.to_string() == ",");
                parts.filter_map(|part| Some(part.first()?.to_string())).collect()
            };
            let mut messages = words.split(|token| token.to_string() == ";");
            let key = key.to_string().trim_matches('"').to_owned();
            uses.push((key.clone(), names(messages.next().unwrap_or_default())));
            if called.as_deref() == Some("unusable") {
                uses.push((key + "-help", names(messages.next().unwrap_or_default())));
            }
        }
        collect_message_uses(group.stream(), uses);
    }
}

#[test]
fn both_languages_have_the_same_messages() {
    let (english, malay) = (read_catalogue("en"), read_catalogue("ms"));
    let keys = |messages: &BTreeMap<String, Variables>| -> Vec<String> {
        messages.keys().cloned().collect()
    };
    assert_eq!(keys(&english), keys(&malay));
    for (key, variables) in &english {
        assert_eq!(variables.shown, malay[key].shown, "{key}");
    }
}

#[test]
fn the_code_uses_every_message_with_its_variables() {
    let (english, malay) = (read_catalogue("en"), read_catalogue("ms"));
    let uses = &Source::of_project().message_uses;
    for (key, given) in uses {
        let message = english.get(key).unwrap_or_else(|| panic!("no catalogue has {key}"));
        let expected: BTreeSet<String> = message.all.union(&malay[key].all).cloned().collect();
        assert_eq!(*given, expected, "{key}");
    }
    let used: BTreeSet<&String> = uses.iter().map(|(key, _)| key).collect();
    let unused: Vec<&String> = english.keys().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "messages that nothing uses: {unused:?}");
}
