//! The help of the command line, and what is wrong with one, in the language of the screen. English help
//! stands in the comments that clap reads; the subject `help` of the catalogues has the rest, by the
//! path of a command and the id of an argument: `help-records-verify`, `help-check--base`, and `help--base`
//! where several commands have the same argument. The texts are put onto clap's tree only to be shown.

#[cfg(test)]
mod tests;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::language;
use crate::language::Language;
use crate::printer;
use crate::printer::text;
use crate::text::excerpt;

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

/// The texts of the help in a language.
pub struct HelpTexts(pub Language);

impl HelpTexts {
    /// The tree of commands with its help. `-h` shows the options without a heading, `--help` all.
    pub fn localize(&self, mut root: Command) -> Command {
        root.build();
        self.localize_command(root, ROOT)
    }

    fn localize_command(&self, mut command: Command, path: &str) -> Command {
        if let Some(about) = self.find(path) {
            let more = self.find(&format!("{path}-long")).map(|more| format!(".\n\n{more}"));
            let long = format!("{about}{}", more.unwrap_or_default());
            command = command.about(about).long_about(long);
        }
        if let Some(after) = self.find(&format!("{path}-after")) {
            command = command.after_long_help(after);
        }
        let command = command.mut_args(|argument| self.localize_argument(argument, path));
        command.mut_subcommands(|inner| match inner.get_name() {
            // In each list of commands, it would be a line for what `--help` does, too.
            "help" => inner.hide(true),
            name => {
                let path = path_below(path, name);
                self.localize_command(inner, &path)
            }
        })
    }

    fn localize_argument(&self, mut argument: Arg, path: &str) -> Arg {
        if let Some(heading) = argument.get_help_heading().map(str::to_owned) {
            let own = self.find(&heading_name(&heading)).unwrap_or(heading);
            argument = argument.hide_short_help(true).help_heading(own);
        }
        let find_own = |what: &str| {
            let names = argument_names(path, &argument);
            names.iter().find_map(|name| self.find(&format!("{name}{what}")))
        };
        let Some(mut short) = find_own("") else { return argument };
        let long = find_own("-long");
        if argument.get_id() == "help" {
            return argument.help(short).long_help(long.unwrap_or_default());
        }
        let mut list = long.map_or(String::new(), |long| format!("\n\n{long}"));
        let mut value_names = Vec::new();
        if argument.get_action().takes_values() {
            let values = argument.get_possible_values();
            let words: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            let defaults = argument.get_default_values().iter();
            let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
            let variable = argument.get_env().unwrap_or_default().to_string_lossy();
            for (frame, shown) in [
                ("frame-default", defaults.join(" ")),
                ("frame-variable", variable.into_owned()),
                ("frame-values", words.join(", ")),
            ] {
                if let (false, Some(frame)) = (shown.is_empty(), self.find(frame)) {
                    short += &format!(" [{frame}: {shown}]");
                }
            }
            for word in words {
                if let Some(help) = find_own(&format!("-{word}")) {
                    list += &format!("\n- {word}: {help}");
                }
            }
            let names = argument.get_value_names().unwrap_or_default();
            let own =
                names.iter().map(|name| self.find(&value_name(name)).unwrap_or(name.to_string()));
            value_names.extend(own);
        }
        if !value_names.is_empty() {
            argument = argument.value_names(value_names);
        }
        let argument = argument.long_help(format!("{short}{list}")).help(short);
        argument.hide_default_value(true).hide_env(true).hide_possible_values(true)
    }

    /// A text of the help, where the catalogue has one.
    fn find(&self, name: &str) -> Option<String> {
        language::find_text(self.0, &format!("help-{name}"))
    }

    /// What clap rendered, with the words that it writes itself.
    pub fn replace_frames(&self, text: &str) -> String {
        FRAMES.iter().fold(text.to_owned(), |text, (word, name)| match self.find(name) {
            Some(own) => text.replace(word, &own),
            None => text,
        })
    }
}

/// The path of arkib itself; those of commands do not name it.
const ROOT: &str = "arkib";

fn path_below(path: &str, name: &str) -> String {
    match path {
        ROOT => name.to_owned(),
        path => format!("{path}-{name}"),
    }
}

/// The names of an argument's text: of this command alone, and of all commands.
fn argument_names(path: &str, argument: &Arg) -> [String; 2] {
    let short = argument.get_short().map(String::from);
    let long = argument.get_long().map(str::to_owned);
    let name = long.or(short).unwrap_or_else(|| argument.get_id().to_string());
    [format!("{path}--{name}"), format!("-{name}")]
}

fn heading_name(heading: &str) -> String {
    format!("heading-{}", heading.to_lowercase().replace(' ', "-"))
}

fn value_name(name: &str) -> String {
    format!("value-{}", name.to_lowercase().replace(['/', ' '], "-"))
}

/// The most characters of a value that are shown.
const MOST_SHOWN: usize = 80;

/// What is wrong with the command line, and what to do.
pub fn render_error(error: &clap::Error) -> String {
    let get = |kind| error.get(kind).and_then(context_text);
    let argument = get(ContextKind::InvalidArg).unwrap_or_default();
    let value = excerpt(&get(ContextKind::InvalidValue).unwrap_or_default(), MOST_SHOWN);
    let command = get(ContextKind::InvalidSubcommand).unwrap_or_default();
    let prior = get(ContextKind::PriorArg).unwrap_or_default();
    // Whatever the language of the screen: who does not know the command does not know the option.
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    let is_of_arkib = usage.is_none_or(|usage| usage.contains("arkib ["));
    let verb = is_of_arkib.then(|| format!("verb-{command}"));
    let meant = verb.and_then(|verb| HelpTexts(Language::Malay).find(&verb));
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
    let similar =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(similar) = meant.or_else(|| similar.into_iter().find_map(get)) {
        let similar = similar.replace(", ", "', '");
        why += &format!("\n\n  {}", text!("command-similar", similar));
    }
    if let Some(usage) = get(ContextKind::Usage) {
        why += &format!("\n\n{}", HelpTexts(printer::language()).replace_frames(&usage));
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
