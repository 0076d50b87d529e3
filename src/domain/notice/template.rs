//! Renders notices with the templates that come with arkib, or with those of the agency. Pure.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::wording::{Wording, one_line};

/// The templates, by their names; an agency may have its own of each.
pub const TEMPLATES: [(&str, &str); 6] = [
    ("email.txt", include_str!("templates/email.txt")),
    ("email.html", include_str!("templates/email.html")),
    ("memo.html", include_str!("templates/memo.html")),
    ("letter.html", include_str!("templates/letter.html")),
    ("form.html", include_str!("templates/form.html")),
    ("print.css", include_str!("templates/print.css")),
];

/// What one notice may cost: ten times what one about ten thousand mailboxes needs.
const FUEL: u64 = 4_000_000;

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct Broken {
    /// Its file, and the line where that is known.
    pub place: String,
    /// What is wrong with it.
    pub why: String,
}

/// An agency's own template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Its file, as the user knows it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// The templates of an agency.
pub struct Templates {
    environment: Environment<'static>,
    /// The files of those that are the agency's own, by template.
    own: BTreeMap<String, String>,
}

impl Templates {
    /// Those that come with arkib, with the agency's own in their place.
    ///
    /// # Errors
    /// Where one of the agency's own is no template.
    pub fn new(own: BTreeMap<String, Own>) -> Result<Self, Broken> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build();
        environment.set_syntax(syntax.unwrap_or_default());
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        let files = own
            .iter()
            .map(|(name, own)| (name.clone(), own.file.clone()));
        let mut templates = Self {
            environment: Environment::empty(),
            own: files.collect(),
        };
        let texts = TEMPLATES.map(|(name, text)| {
            let own = own.get(name).map(|own| own.text.clone());
            (name, own.unwrap_or_else(|| text.to_owned()))
        });
        for (name, text) in texts {
            environment
                .add_template_owned(name, text)
                .map_err(|error| templates.broken(name, &error))?;
        }
        templates.environment = environment;
        Ok(templates)
    }

    /// A notice as this template shows it.
    ///
    /// # Errors
    /// Where the template cannot show it.
    pub fn render(&self, name: &str, wording: &Wording) -> Result<String, Broken> {
        let template = self.environment.get_template(name);
        template
            .and_then(|template| template.render(Serde(wording)))
            .map_err(|error| self.broken(name, &error))
    }

    fn broken(&self, name: &str, error: &minijinja::Error) -> Broken {
        let name = error.name().unwrap_or(name);
        let file = self.own.get(name).map_or(name, String::as_str);
        let place = match error.line() {
            Some(line) => format!("{file}:{line}"),
            None => file.to_owned(),
        };
        let kind = error.kind().to_string();
        let why = match error.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind,
        };
        Broken {
            place,
            why: one_line(&why),
        }
    }
}
