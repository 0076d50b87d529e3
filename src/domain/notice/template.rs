//! Renders notices with arkib's templates or the agency's custom templates. Pure.
//!
//! A template is data of a branch. It has at most [`MOST_TOKENS`] tokens, and nothing that grows from one
//! loop to the next: so neither it nor its values are nested deeper than [`STACK`] has room for.

use std::collections::BTreeMap;

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::page_check;
use super::template_context::TemplateContext;
use crate::language::Message;
use crate::text::one_line;

/// The templates by name; an agency may replace each with a custom template.
pub const TEMPLATES: [(&str, &str); 8] = [
    ("email.txt", include_str!("templates/email.txt")),
    ("email.html", include_str!("templates/email.html")),
    ("memo.html", include_str!("templates/memo.html")),
    ("letter.html", include_str!("templates/letter.html")),
    ("form.html", include_str!("templates/form.html")),
    ("letterhead.html", include_str!("templates/letterhead.html")),
    ("copies.html", include_str!("templates/copies.html")),
    ("print.css", include_str!("templates/print.css")),
];

/// The stack on which templates are compiled, rendered and dropped: 13 KiB for each token.
pub const STACK: usize = 64 << 20;
/// The most tokens of a template, text not counted; arkib's largest has a tenth of them.
const MOST_TOKENS: usize = 5_000;
/// How deep macros and includes go.
const MOST_CALLS: usize = 50;
/// The fuel for one notice: ten times what a notice about ten thousand mailboxes needs. A unit also pays
/// for 64 bytes.
const FUEL: u64 = 4_000_000;
/// What each notice adds to the fuel of a run: several times what arkib's templates need.
const FUEL_PER_NOTICE: u64 = 5_000;
/// The most text of all notices of a run, in bytes.
const MOST_TEXT: usize = 128 << 20;

/// What the notices of a run may still cost together.
#[derive(Debug, Clone, Copy)]
pub struct RenderBudget {
    pub(super) fuel: u64,
    pub(super) text: usize,
}

impl Default for RenderBudget {
    fn default() -> Self {
        Self { fuel: FUEL, text: MOST_TEXT }
    }
}

impl RenderBudget {
    /// Allows for more notices.
    pub fn add_notices(&mut self, count: usize) {
        self.fuel = self.fuel.saturating_add(FUEL_PER_NOTICE.saturating_mul(count as u64));
    }
}

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Its file, and the line if known.
    pub place: String,
    /// What is wrong with it.
    pub why: Message,
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
        environment.set_recursion_limit(MOST_CALLS);
        environment.add_global("crest", "");
        // It alone could grow a value in a loop.
        environment.remove_global("namespace");
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build();
        let syntax = syntax.unwrap_or_default();
        environment.set_syntax(syntax.clone());
        // By default only templates named `….html` are escaped.
        for (name, text) in TEMPLATES {
            let text = custom.get(name).map_or(text, |custom| &custom.text);
            check_length(&custom, name, text, &syntax)?;
            let added = environment.add_template_owned(name, text.to_owned());
            added.map_err(|error| template_error(&custom, name, &error))?;
        }
        Ok(Self { environment, custom })
    }

    /// Has templates show this picture, a `data:` URI, as `crest`.
    pub fn set_crest(&mut self, uri: String) {
        self.environment.add_global("crest", Value::from_safe_string(uri));
    }

    /// Renders a notice with this template, and takes what it cost from the budget.
    ///
    /// # Errors
    /// If the template cannot be rendered, costs too much, or makes a page of more than text and pictures.
    pub fn render(
        &mut self,
        name: &str,
        template_context: &TemplateContext,
        budget: &mut RenderBudget,
    ) -> Result<String, TemplateError> {
        let fuel = budget.fuel.min(FUEL);
        self.environment.set_fuel(Some(fuel));
        let template = self.environment.get_template(name);
        let rendered = template
            .and_then(|template| template.render_captured(Serde(&template_context.fields)))
            .map_err(|error| template_error(&self.custom, name, &error))?;
        let left = rendered.state().fuel_levels().map_or(0, |(_, left)| left);
        budget.fuel -= fuel - left;
        let refused = |why: Message| place_error(&self.custom, name, None, why);
        let text = rendered.into_output();
        budget.text = budget
            .text
            .checked_sub(text.len())
            .ok_or_else(|| refused(message!("notify-too-much-text", most = MOST_TEXT >> 20)))?;
        match name.ends_with(".html") {
            true => page_check::secure_page(&text, template_context.language).map_err(refused),
            false => Ok(text),
        }
    }
}

/// Counts the tokens before anything follows them. What is no token is found by the parser.
fn check_length(
    custom: &BTreeMap<String, CustomTemplate>,
    name: &str,
    text: &str,
    syntax: &SyntaxConfig,
) -> Result<(), TemplateError> {
    let tokens = tokenize(text, false, syntax.clone()).map_while(Result::ok);
    let mut code = tokens.filter(|(token, _)| !matches!(token, Token::TemplateData(_)));
    code.nth(MOST_TOKENS).map_or(Ok(()), |(_, span)| {
        let why = message!("notify-template-long", most = MOST_TOKENS);
        Err(place_error(custom, name, Some(span.start_line.into()), why))
    })
}

fn template_error(
    custom: &BTreeMap<String, CustomTemplate>,
    name: &str,
    error: &minijinja::Error,
) -> TemplateError {
    let detail = error.detail().map(|detail| format!(": {detail}"));
    let why = match error.kind() {
        ErrorKind::OutOfFuel => message!("notify-template-endless"),
        kind => one_line(&format!("{kind}{}", detail.unwrap_or_default())).into(),
    };
    place_error(custom, error.name().unwrap_or(name), error.line(), why)
}

fn place_error(
    custom: &BTreeMap<String, CustomTemplate>,
    name: &str,
    line: Option<usize>,
    why: Message,
) -> TemplateError {
    let file = custom.get(name).map_or(name, |custom| &custom.file);
    let line = line.map_or_else(String::new, |line| format!(":{line}"));
    TemplateError { place: format!("{file}{line}"), why }
}
