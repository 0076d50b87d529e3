//! Questions on a terminal, with `inquire`: lines that can be edited, pasted lists, suggestions.

use inquire::autocompletion::Replacement;
use inquire::ui::{Attributes, Color, RenderConfig, StyleSheet, Styled};
use inquire::{Autocomplete, CustomUserError, InquireError, Select, Text};

use super::{ABOUT, Check, Prompter, Question, Suggest, Unanswered};
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt};

/// How many choices are shown at once.
const PAGE: usize = 10;
/// How many suggestions are shown at once.
const SUGGESTIONS: usize = 6;

/// The most characters of an answer that stay on the screen.
const LONGEST_SHOWN: usize = 60;

/// A terminal.
pub(crate) struct Terminal;

impl Prompter for Terminal {
    fn ask(&mut self, question: &Question<'_>, check: Check<'_>) -> Result<String, Unanswered> {
        let shown = |answer: &str| excerpt(answer_of(answer), LONGEST_SHOWN);
        let mut initial = question.initial.clone();
        loop {
            let mut prompt = Text::new(&question.text)
                .with_initial_value(&initial)
                .with_formatter(&shown)
                .with_page_size(SUGGESTIONS)
                .with_render_config(look());
            if !question.help.is_empty() {
                prompt = prompt.with_help_message(&question.help);
            }
            if let Some(default) = &question.default {
                prompt = prompt.with_default(default);
            }
            if let Some(suggest) = question.suggest {
                prompt = prompt.with_autocomplete(Suggestions(suggest));
            }
            let answer = prompt.prompt().map_err(unanswered)?;
            match check(answer_of(&answer)) {
                Ok(()) => return Ok(answer_of(&answer).to_owned()),
                Err(why) => self.say(&format!("! {}", escape(&why))),
            }
            // What has suggestions is gone on with. `inquire` has no key that empties a line.
            let is_part = question.suggest.is_some_and(|suggest| !suggest(&answer).is_empty());
            initial = if is_part { answer } else { String::new() };
        }
    }

    fn choose(
        &mut self,
        question: &str,
        options: &[String],
        start: usize,
    ) -> Result<usize, Unanswered> {
        let help = text!("filing-choose-help");
        // `inquire` breaks a line in the middle of a word.
        let shown = |line: &String| excerpt(line, printer::columns().saturating_sub(3));
        let prompt = Select::new(question, options.iter().map(shown).collect())
            .with_formatter(&|chosen| answer_of(chosen.value).to_owned())
            .with_help_message(&help)
            .with_page_size(PAGE)
            .with_starting_cursor(start)
            .with_render_config(look());
        prompt.raw_prompt().map(|chosen| chosen.index).map_err(unanswered)
    }

    fn say(&mut self, text: &str) {
        printer::print_message(text);
    }
}

fn answer_of(line: &str) -> &str {
    line.split_once(ABOUT).map_or(line, |(answer, _)| answer)
}

fn unanswered(error: InquireError) -> Unanswered {
    match error {
        InquireError::OperationCanceled => Unanswered::Back,
        _ => {
            printer::clear_below();
            Unanswered::Stopped
        }
    }
}

/// Suggestions as `inquire` asks for them.
#[derive(Clone)]
struct Suggestions<'a>(Suggest<'a>);

impl Autocomplete for Suggestions<'_> {
    fn get_suggestions(&mut self, input: &str) -> Result<Vec<String>, CustomUserError> {
        Ok((self.0)(input))
    }

    fn get_completion(
        &mut self,
        input: &str,
        highlighted: Option<String>,
    ) -> Result<Replacement, CustomUserError> {
        let first = || (self.0)(input).into_iter().next();
        Ok(highlighted.or_else(first).map(|line| answer_of(&line).to_owned()))
    }
}

/// How questions look: few colours, none where NO_COLOR says so, and signs that every terminal has.
fn look() -> RenderConfig<'static> {
    let plain = RenderConfig::empty()
        .with_prompt_prefix(Styled::new("?"))
        .with_answered_prompt_prefix(Styled::new(" "))
        .with_highlighted_option_prefix(Styled::new(">"))
        .with_canceled_prompt_indicator(Styled::new(""));
    if anstream::AutoStream::choice(&std::io::stderr()) == anstream::ColorChoice::Never {
        return plain;
    }
    plain
        .with_prompt_prefix(Styled::new("?").with_fg(Color::LightGreen))
        .with_highlighted_option_prefix(Styled::new(">").with_fg(Color::LightCyan))
        .with_selected_option(Some(StyleSheet::new().with_fg(Color::LightCyan)))
        .with_help_message(StyleSheet::new().with_fg(Color::LightCyan))
        .with_answer(StyleSheet::new().with_attr(Attributes::BOLD))
}
