//! The help of the command line, and what is wrong with one, in the language of the screen. English help
//! stands in the comments that clap reads; the subject `help` of the catalogues has the rest, by the
//! path of a command and the id of an argument: `help-records-verify`, `help-check--base`, and `help--base`
//! where several commands have the same argument. The texts are put onto clap's tree only to be shown.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::language;
use crate::printer;
use crate::printer::text;

/// What clap itself writes, and the name of its text.
const FRAMES: [(&str, &str); 7] = [
    ("Usage:", "frame-usage"),
    ("Commands:", "frame-commands"),
    ("Arguments:", "frame-arguments"),
    ("Options:", "frame-options"),
    ("[OPTIONS]", "frame-any-options"),
    ("<COMMAND>", "frame-command"),
    ("[COMMAND]", "frame-any-command"),
];

/// The tree of commands with its help. `-h` shows the options without a heading, `--help` all.
pub fn localize(mut root: Command) -> Command {
    root.build();
    localize_command(root, "arkib")
}

fn localize_command(mut command: Command, path: &str) -> Command {
    if let Some(about) = find(path) {
        let more = find(&format!("{path}-long")).map(|more| format!(".\n\n{more}"));
        command = command.long_about(format!("{about}{}", more.unwrap_or_default())).about(about);
    }
    if let Some(after) = find(&format!("{path}-after")) {
        command = command.after_long_help(after);
    }
    command.mut_args(|argument| localize_argument(argument, path)).mut_subcommands(|inner| {
        match inner.get_name() {
            // One in each list of commands would be a line of the screen for what `-h` does, too.
            "help" => inner.hide(true),
            name if path == "arkib" => {
                let path = name.to_owned();
                localize_command(inner, &path)
            }
            name => {
                let path = format!("{path}-{name}");
                localize_command(inner, &path)
            }
        }
    })
}

fn localize_argument(mut argument: Arg, path: &str) -> Arg {
    if let Some(heading) = argument.get_help_heading().map(str::to_owned) {
        let name = format!("heading-{}", heading.to_lowercase().replace(' ', "-"));
        argument = argument.hide_short_help(true).help_heading(find(&name).unwrap_or(heading));
    }
    let id = argument.get_id().to_string();
    let find_own = |what: &str| {
        find(&format!("{path}--{id}{what}")).or_else(|| find(&format!("-{id}{what}")))
    };
    let Some(mut short) = find_own("") else { return argument };
    if id == "help" {
        return argument.help(short).long_help(find_own("-long").unwrap_or_default());
    }
    let mut values = Vec::new();
    if argument.get_action().takes_values() {
        let names = argument.get_value_names().unwrap_or_default();
        let names: Vec<String> = names.iter().map(|name| localize_value_name(name)).collect();
        values = argument.get_possible_values();
        let words: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        let defaults = argument.get_default_values().iter();
        let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
        let variable = argument.get_env().unwrap_or_default().to_string_lossy();
        for (frame, shown) in [
            ("frame-default", defaults.join(" ")),
            ("frame-variable", variable.into_owned()),
            ("frame-values", words.join(", ")),
        ] {
            if let (false, Some(frame)) = (shown.is_empty(), find(frame)) {
                short += &format!(" [{frame}: {shown}]");
            }
        }
        if !names.is_empty() {
            argument = argument.value_names(names);
        }
    }
    let mut long = short.clone();
    for value in values {
        if let Some(help) = find_own(&format!("-{}", value.get_name())) {
            long += &format!("\n- {}: {help}", value.get_name());
        }
    }
    let argument = argument.help(short).long_help(long);
    argument.hide_default_value(true).hide_env(true).hide_possible_values(true)
}

fn localize_value_name(name: &str) -> String {
    let key = name.to_lowercase().replace(['/', ' '], "-");
    find(&format!("value-{key}")).unwrap_or_else(|| name.to_owned())
}

/// A text of the help in the language of the screen, where the catalogue has one.
fn find(name: &str) -> Option<String> {
    language::find_text(printer::language(), &format!("help-{name}"))
}

/// What clap rendered, with the words that it writes itself.
pub fn replace_frames(text: &str) -> String {
    FRAMES.iter().fold(text.to_owned(), |text, (word, name)| match find(name) {
        Some(own) => text.replace(word, &own),
        None => text,
    })
}

/// What is wrong with the command line, and what to do.
pub fn render_error(error: &clap::Error) -> String {
    let get = |kind| error.get(kind).and_then(context_text);
    let argument = get(ContextKind::InvalidArg).unwrap_or_default();
    let value = get(ContextKind::InvalidValue).unwrap_or_default();
    let command = get(ContextKind::InvalidSubcommand).unwrap_or_default();
    let prior = get(ContextKind::PriorArg).unwrap_or_default();
    let mut why = match error.kind() {
        ErrorKind::UnknownArgument => text!("command-unknown-argument", argument),
        ErrorKind::InvalidSubcommand => text!("command-unknown-command", command),
        ErrorKind::MissingSubcommand => text!("command-missing-command", command),
        ErrorKind::MissingRequiredArgument => text!("command-missing-argument", argument),
        ErrorKind::InvalidValue if value.is_empty() => text!("command-missing-value", argument),
        ErrorKind::InvalidValue => text!("command-invalid-value", value, argument),
        ErrorKind::ValueValidation => {
            let source = std::error::Error::source(error).map(ToString::to_string);
            let why = source.unwrap_or_default();
            text!("command-refused-value", value, argument, why)
        }
        ErrorKind::TooManyValues => text!("command-too-many-values", value, argument),
        ErrorKind::NoEquals => text!("command-no-equals", argument),
        ErrorKind::ArgumentConflict if prior == argument => text!("command-repeated", argument),
        ErrorKind::ArgumentConflict => {
            text!("command-conflict", argument = argument + &command, prior)
        }
        ErrorKind::InvalidUtf8 => text!("command-no-text"),
        _ => error.to_string(),
    };
    if let Some(values) = get(ContextKind::ValidValue) {
        why += &format!("\n  {}", text!("command-values", values));
    }
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(similar) = similar.into_iter().find_map(get) {
        why += &format!("\n\n  {}", text!("command-similar", similar));
    }
    if let Some(usage) = get(ContextKind::Usage) {
        why += &format!("\n\n{}", replace_frames(&usage));
    }
    format!("{}\n\n{}", text!("command-error", why), text!("command-try-help"))
}

/// What the context of an error says; several, one behind the other.
fn context_text(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.ansi().to_string()),
        _ => None,
    }
}
