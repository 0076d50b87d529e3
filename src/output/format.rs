//! In which format and language a result is written, as the command line says it.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::domain::policy::Language;

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
}

/// How the result of a check or a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
    /// For a comment on a pull request; cut at whole rows where it would be too long for one.
    Markdown,
    /// For a job of GitHub Actions: annotations at the lines, the text, and the step's summary.
    Github,
    /// For GitLab: a code quality report.
    Gitlab,
}

/// How the result of a command with a dialogue is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialogueFormat {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
}

/// How the register is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RegisterFormat {
    /// A page for people, in one file.
    Html,
    /// For spreadsheets.
    Csv,
    /// For programs; `arkib schema register` describes it.
    Json,
    /// For a comment.
    Markdown,
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Malay, Self::English]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Malay => PossibleValue::new("ms").help("Malay"),
            Self::English => PossibleValue::new("en").help("English"),
        })
    }
}
