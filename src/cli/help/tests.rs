//! The help of every command: whole in both languages, and on a screen.

use std::collections::{BTreeMap, BTreeSet};

use clap::CommandFactory as _;

use super::*;
use crate::cli::Cli;

/// The names of the texts of a catalogue, without their first word.
fn names(source: &'static str) -> BTreeSet<&'static str> {
    source.lines().filter_map(|line| line.strip_prefix("help-")?.split(" =").next()).collect()
}

/// All commands with their paths.
fn commands(command: &Command, path: &str, all: &mut Vec<(String, Command)>) {
    all.push((path.to_owned(), command.clone()));
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        commands(inner, &path_below(path, inner.get_name()), all);
    }
}

fn all_commands(language: Language) -> Vec<(String, Command)> {
    let mut all = Vec::new();
    commands(&HelpTexts(language).localize(Cli::command()), ROOT, &mut all);
    all
}

#[test]
fn every_help_is_in_malay_and_every_malay_help_is_used() {
    let mut malay = names(include_str!("../../language/ms/help.ftl"));
    malay.retain(|name| !name.starts_with("verb-"));
    let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut need = |name: String, english: &str| {
        needed.entry(name).or_default().insert(english.to_owned());
    };
    let mut root = Cli::command();
    root.build();
    let mut all = Vec::new();
    commands(&root, ROOT, &mut all);
    for (path, command) in &all {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        if command.get_long_about().is_some() {
            need(format!("{path}-long"), &about);
        }
        need(path.clone(), &about);
        for argument in command.get_arguments() {
            let names = argument_names(path, argument);
            let own = names.iter().find(|name| malay.contains(&***name)).unwrap_or(&names[0]);
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            if argument.get_long_help().is_some() {
                need(format!("{own}-long"), &help);
            }
            need(own.clone(), &help);
            if let Some(heading) = argument.get_help_heading() {
                need(heading_name(heading), heading);
            }
            if !argument.get_action().takes_values() {
                continue;
            }
            for name in argument.get_value_names().unwrap_or_default() {
                if malay.contains(&*value_name(name)) {
                    need(value_name(name), name);
                }
            }
            for value in argument.get_possible_values() {
                let Some(help) = value.get_help() else { continue };
                let names = names.each_ref().map(|name| format!("{name}-{}", value.get_name()));
                let own = names.iter().find(|name| malay.contains(&***name)).unwrap_or(&names[0]);
                need(own.clone(), &help.to_string());
            }
        }
    }
    for (name, english) in &needed {
        // The help of arkib tells of its own help in two ways.
        let is_of_all = name.starts_with('-') && !name.starts_with("-help");
        assert!(!is_of_all || english.len() == 1, "{name} is for several: {english:#?}");
    }
    let after = names(include_str!("../../language/en/help.ftl"));
    let needed = needed.keys().map(String::as_str).chain(after);
    let frames = FRAMES.iter().map(|(_, name)| *name);
    let frames = frames.chain(["frame-default", "frame-variable", "frame-values"]);
    let needed: BTreeSet<&str> = needed.chain(frames).collect();
    let lacking: Vec<_> = needed.difference(&malay).collect();
    let unused: Vec<_> = malay.difference(&needed).collect();
    assert!(lacking.is_empty() && unused.is_empty(), "no Malay: {lacking:#?}\nunused: {unused:#?}");
}

#[test]
fn a_text_below_the_options_belongs_to_a_command() {
    let all = all_commands(Language::English);
    for name in names(include_str!("../../language/en/help.ftl")) {
        let path = name.strip_suffix("-after").unwrap_or("-help");
        let is_known = path == "-help" || all.iter().any(|(known, _)| known == path);
        assert!(is_known, "{name}");
    }
    for (path, command) in all.iter().filter(|(path, _)| path != ROOT) {
        let after = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
        assert!(after.contains("Examples:\n"), "{path} has no examples");
    }
}

#[test]
fn the_short_help_fits_a_screen_and_the_long_help_its_width() {
    for language in Language::ALL {
        for (path, command) in all_commands(language) {
            let mut command = command.term_width(80);
            let texts = HelpTexts(language);
            let render = |help: clap::builder::StyledStr| texts.replace_frames(&help.to_string());
            let short = render(command.render_help());
            assert!(short.lines().count() <= 24, "{path} in {language:?}:\n{short}");
            let long = render(command.render_long_help());
            for line in short.lines().chain(long.lines()) {
                assert!(line.chars().count() <= 80, "{path} in {language:?}: {line}");
            }
            if language == Language::Malay {
                for word in ["Usage", "Options", "Arguments", "Print ", "[default", "[env"] {
                    assert!(!long.contains(word), "{path}: {word} in\n{long}");
                }
            }
        }
    }
}

#[test]
fn a_malay_verb_suggests_its_command() {
    let suggested = |word: &str| {
        let error = Cli::command().try_get_matches_from(["arkib", word]).expect_err(word);
        let text = render_error(&error);
        let (_, similar) = text.split_once("exists: '").unwrap_or_else(|| panic!("{text}"));
        similar.split('\'').next().unwrap_or_default().to_owned()
    };
    assert_eq!(suggested("semak"), "check");
    let below = Cli::command().try_get_matches_from(["arkib", "portal", "semak"]);
    let below = render_error(&below.expect_err("no such command"));
    assert!(!below.contains("'check'"), "{below}");
    let long = format!("{}@", "x".repeat(3_000));
    let long = Cli::command().try_get_matches_from(["arkib", "notify", "--only", &long]);
    let long = render_error(&long.expect_err("no address"));
    assert!(long.len() < 500 && long.contains("xxx…"), "{long}");
    let root = Cli::command();
    let verbs = names(include_str!("../../language/ms/help.ftl"));
    for verb in verbs.iter().filter_map(|name| name.strip_prefix("verb-")) {
        assert!(root.find_subcommand(suggested(verb)).is_some(), "{verb}");
    }
}

#[test]
fn faults_of_a_command_line_are_told_as_clap_tells_them() {
    for line in [
        "check --bass main",
        "chek",
        "comment",
        "check --base",
        "check --format xml",
        "check --as-of 2026-02-30",
        "check --strict=yes",
        "check --strict --strict",
        "reconcile --dry-run --yes",
        "reconcile --concurrency 0",
        "check requests",
    ] {
        let arguments = ["arkib"].into_iter().chain(line.split(' '));
        let error = Cli::command().try_get_matches_from(arguments).expect_err(line);
        let of_clap = error.to_string();
        let own = render_error(&error);
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        let is_same = first(&own).starts_with(&first(&of_clap));
        assert!(is_same, "{line}\n{of_clap}\n{own}");
    }
}
