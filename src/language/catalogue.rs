//! The catalogues: a bundle of messages for each subject and language, parsed when its first message is
//! needed. A key begins with its subject. Pure.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::Language;

type Bundle = FluentBundle<FluentResource>;

/// The subjects: the files `en/SUBJECT.ftl` and `ms/SUBJECT.ftl`.
macro_rules! subjects {
    ($($subject:literal),+ $(,)?) => {
        /// The messages of a subject in a language.
        fn bundle(language: Language, subject: &str) -> Option<&'static Bundle> {
            match (language, subject) {
                $((Language::Malay, $subject) => {
                    static BUNDLE: LazyLock<Bundle> = LazyLock::new(|| {
                        parse(Language::Malay, include_str!(concat!("ms/", $subject, ".ftl")))
                    });
                    Some(&BUNDLE)
                })+
                $((Language::English, $subject) => {
                    static BUNDLE: LazyLock<Bundle> = LazyLock::new(|| {
                        parse(Language::English, include_str!(concat!("en/", $subject, ".ftl")))
                    });
                    Some(&BUNDLE)
                })+
                _ => None,
            }
        }

        /// Each file.
        #[cfg(test)]
        const SOURCES: &[&str] = &[$(
            include_str!(concat!("ms/", $subject, ".ftl")),
            include_str!(concat!("en/", $subject, ".ftl")),
        )+];
    };
}

subjects!(
    "alert",
    "approval",
    "approve",
    "check",
    "command",
    "clock",
    "comment",
    "evidence",
    "export",
    "field",
    "filing",
    "finding",
    "folder",
    "forge",
    "help",
    "import",
    "init",
    "list",
    "mapping",
    "notify",
    "outcome",
    "plan",
    "policy",
    "portal",
    "record",
    "register",
    "rehearsal",
    "request",
    "run",
    "setting",
    "signature",
    "status",
    "table",
    "word",
    "yaml"
);

fn parse(language: Language, source: &str) -> Bundle {
    // The files are part of the program, and a test finds what is wrong in them, so the rest is used.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
    let locale = language.as_str().parse();
    let mut bundle = FluentBundle::new_concurrent(locale.into_iter().collect());
    // Marks around values would be shown as escapes on many terminals; both languages run from left to right.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// A message as text. One that is missing gives its key, which tests look for.
pub fn format(language: Language, key: &str, arguments: &FluentArgs<'_>) -> String {
    find(language, key, Some(arguments)).unwrap_or_else(|| key.to_owned())
}

/// A text without variables, if there is one with that key: for keys that are made at run time.
pub fn find_text(language: Language, key: &str) -> Option<String> {
    find(language, key, None)
}

/// A message as text, if there is one with that key.
fn find(language: Language, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
    let bundle = bundle(language, key.split('-').next()?)?;
    let pattern = bundle.get_message(key)?.value()?;
    Some(bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_well_formed() {
        for source in SOURCES {
            let errors = FluentResource::try_new((*source).to_owned()).err();
            assert!(errors.is_none(), "{:?}\n{source}", errors.map(|(_, errors)| errors));
        }
    }
}
