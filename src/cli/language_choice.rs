//! The language of the screen: that of `--language`, else of ARKIB_LANGUAGE, else of the policy, else of
//! the system's locale.

use std::ffi::OsString;

use crate::language::Language;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// Reads a variable of the environment.
type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variable of the language.
const VARIABLE: &str = "ARKIB_LANGUAGE";

/// What `--language` says on a command line that is not parsed yet: its help and its faults are
/// shown in that language, too.
pub fn find_option(arguments: impl Iterator<Item = OsString>) -> Option<Language> {
    let mut before = String::new();
    for argument in arguments {
        let argument = argument.to_string_lossy().into_owned();
        let word = match argument.strip_prefix("--language=") {
            Some(word) => word,
            None if before == "--language" => &argument,
            None => "",
        };
        if let Some(language) = parse(word) {
            return Some(language);
        }
        if argument == "--" {
            break;
        }
        before = argument;
    }
    None
}

/// Sets the language of the screen; where nothing says which, a policy that is read may.
///
/// # Errors
/// Why `ARKIB_LANGUAGE` is no language.
pub fn choose(option: Option<Language>, variable: Variable<'_>) -> Result<(), String> {
    let word = variable(VARIABLE).unwrap_or_default();
    let chosen = option.or_else(|| parse(&word));
    printer::set_language(chosen.unwrap_or_else(|| locale(variable)), chosen.is_some());
    match chosen.is_none() && !word.is_empty() {
        true => Err(text!("run-unknown-language", word = escape(&word))),
        false => Ok(()),
    }
}

fn parse(word: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.as_str() == word)
}

/// The language of the system: the first of the variables of POSIX that is set, or the setting of Windows.
fn locale(variable: Variable<'_>) -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.into_iter().find_map(|name| variable(name).filter(|word| !word.is_empty()));
    #[cfg(windows)]
    let locale = locale.or_else(sys_locale::get_locale);
    let locale = locale.unwrap_or_default();
    match locale.split(['_', '-', '.', '@']).next() {
        Some("ms") => Language::Malay,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_is_found_before_the_command_line_is_parsed() {
        for (line, expected) in [
            ("check --language ms", Some(Language::Malay)),
            ("--language=en check --language ms", Some(Language::English)),
            ("check --language", None),
            ("check --language id", None),
            ("check -- --language ms", None),
        ] {
            let found = find_option(line.split(' ').map(OsString::from));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn the_locale_is_malay_or_english() {
        for (variables, expected) in [
            (&[("LANG", "ms_MY.UTF-8")][..], Language::Malay),
            (&[("LANG", "ms")], Language::Malay),
            (&[("LANG", "msb_PH")], Language::English),
            (&[("LC_ALL", "C"), ("LANG", "ms_MY")], Language::English),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "ms_MY"), ("LANG", "en_US")], Language::Malay),
            (&[], Language::English),
        ] {
            let variable = |name: &str| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(locale(&variable), expected, "{variables:?}");
        }
    }
}
