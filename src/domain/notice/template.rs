//! Renders notices with arkib's templates or the agency's custom templates. Pure.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

use super::template_context::TemplateContext;
use crate::text::one_line;

/// The templates by name; an agency may replace each with a custom template.
pub const TEMPLATES: [(&str, &str); 6] = [
    ("email.txt", include_str!("templates/email.txt")),
    ("email.html", include_str!("templates/email.html")),
    ("memo.html", include_str!("templates/memo.html")),
    ("letter.html", include_str!("templates/letter.html")),
    ("form.html", include_str!("templates/form.html")),
    ("print.css", include_str!("templates/print.css")),
];

/// The fuel for one notice: ten times what a notice about ten thousand mailboxes needs.
const FUEL: u64 = 4_000_000;

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct TemplateError {
    /// Its file, and the line if known.
    pub place: String,
    /// What is wrong with it.
    pub why: String,
}

/// A custom template of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomTemplate {
    /// Its file, as the user names it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// The templates of an agency.
pub struct Templates {
    environment: Environment<'static>,
    /// The custom templates.
    custom: BTreeMap<String, CustomTemplate>,
}

impl Templates {
    /// arkib's templates, with custom templates in their place.
    ///
    /// # Errors
    /// If a custom template is invalid.
    pub fn new(custom: BTreeMap<String, CustomTemplate>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build();
        environment.set_syntax(syntax.unwrap_or_default());
        // By default only templates named `….html` are escaped.
        for (name, text) in TEMPLATES {
            let text = custom.get(name).map_or(text, |custom| &custom.text);
            let added = environment.add_template_owned(name, text.to_owned());
            added.map_err(|error| template_error(&custom, name, &error))?;
        }
        Ok(Self { environment, custom })
    }

    /// Renders a notice with this template.
    ///
    /// # Errors
    /// If the template cannot be rendered.
    pub fn render(
        &self,
        name: &str,
        template_context: &TemplateContext,
    ) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name);
        let rendered =
            template.and_then(|template| template.render(Serde(&template_context.fields)));
        rendered.map_err(|error| template_error(&self.custom, name, &error))
    }
}

fn template_error(
    custom: &BTreeMap<String, CustomTemplate>,
    name: &str,
    error: &minijinja::Error,
) -> TemplateError {
    let name = error.name().unwrap_or(name);
    let file = custom.get(name).map_or(name, |custom| &custom.file);
    let line = error.line().map(|line| format!(":{line}"));
    let detail = error.detail().map(|detail| format!(": {detail}"));
    let why = format!("{}{}", error.kind(), detail.unwrap_or_default());
    TemplateError { place: format!("{file}{}", line.unwrap_or_default()), why: one_line(&why) }
}
