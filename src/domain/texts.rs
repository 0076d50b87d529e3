//! The texts that users and officers read, one file per language: `texts/ms.yaml` and
//! `texts/en.yaml`. Pure.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde_json::Value;

use crate::language::Language;

static MALAY: LazyLock<Texts> = LazyLock::new(|| Texts::parse_texts(include_str!("texts/ms.yaml")));
static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse_texts(include_str!("texts/en.yaml")));

/// The texts of one language, in sections of sections.
#[derive(Debug)]
pub struct Texts(Value);

impl Language {
    /// Its texts.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::Malay => &MALAY,
            Self::English => &ENGLISH,
        }
    }

    /// A day as in a letter: 3 November 2026.
    pub fn format_long_date(self, day: Date) -> String {
        let month = self.texts().text_in_section("month", &day.month().to_string());
        format!("{} {month} {}", day.day(), day.year())
    }
}

impl Texts {
    fn parse_texts(yaml: &str) -> Self {
        // The files are part of the program, and tests read them, so this does not fail.
        Self(serde_yaml::from_str(yaml).unwrap_or_default())
    }

    /// A text by its full name, such as `stage.pending`. A missing text gives its name, which tests
    /// look for.
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        let mut keys = name.split('.');
        let found = keys.try_fold(&self.0, |section, key| section.get(key));
        found.and_then(Value::as_str).unwrap_or(name)
    }

    /// A text by section and key.
    pub fn text_in_section(&self, section: &str, key: &str) -> String {
        self.get(&format!("{section}.{key}")).to_owned()
    }

    /// A whole section, for templates and pages: a mapping of keys to texts.
    pub fn section(&self, name: &str) -> &Value {
        &self.0[name]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::plan::Obstacle;
    use crate::domain::request::Channel;

    /// Collects every text by its full name.
    fn collect_texts(name: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(section) => {
                for (key, value) in section {
                    let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    collect_texts(&name, value, texts);
                }
            }
            Value::String(text) => drop(texts.insert(name.to_owned(), text.clone())),
            _ => {}
        }
    }

    /// The placeholders (`{name}`) of a text.
    fn placeholders(text: &str) -> Vec<&str> {
        let mut placeholders: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(place, _)| place.trim_matches(['{', ' ']))
            .filter(|place| !place.starts_with('%') && !place.starts_with('#'))
            .collect();
        placeholders.sort_unstable();
        placeholders
    }

    #[test]
    fn both_languages_have_the_same_texts() {
        let [malay, english] = Language::ALL.map(|language| {
            let mut texts = BTreeMap::new();
            collect_texts("", &language.texts().0, &mut texts);
            texts
        });
        let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&malay), keys(&english));
        assert!(malay.len() > 30, "only {} texts", malay.len());
        for (name, text) in &malay {
            let other = &english[name];
            assert_eq!(placeholders(text), placeholders(other), "{name}");
            assert!(!text.trim().is_empty() && !other.trim().is_empty(), "{name}");
        }
    }

    #[test]
    fn every_output_word_has_a_text() {
        let obstacles = [
            Obstacle::NoAccount(None),
            Obstacle::AnotherAccount(None),
            Obstacle::UnreadableRow("".into()),
            Obstacle::Ambiguous,
            Obstacle::AccountNotActive("".into()),
            Obstacle::Hold,
            Obstacle::Protected,
            Obstacle::UnknownState("".into()),
        ];
        let mut names: Vec<String> =
            obstacles.map(|obstacle| format!("obstacle.{}", obstacle.code())).into();
        names.push("obstacle.unverified".to_owned());
        names.extend(Channel::ALL.map(|channel| format!("channel.{}", channel.as_str())));
        names.extend(["enable", "terminate", "withdraw"].map(|action| format!("action.{action}")));
        for name in names {
            assert_ne!(Language::Malay.texts().get(&name), name);
        }
    }

    #[test]
    fn long_date_writes_the_month_name() {
        let day: Date = "2026-03-03".parse().expect("a day");
        assert_eq!(Language::Malay.format_long_date(day), "3 Mac 2026");
        assert_eq!(Language::English.format_long_date(day), "3 March 2026");
    }
}
