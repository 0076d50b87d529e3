//! The formats of results. `commands` defines their words.

/// The format of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
}

/// The format of the result of a check or a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
    /// For a comment on a pull request; whole rows are left out if it is too long.
    Markdown,
    /// For a GitHub Actions job: annotations, the text, and the job summary.
    Github,
    /// For GitLab: a code quality report.
    Gitlab,
    /// For code scanning and editors: SARIF 2.1.0.
    Sarif,
}

/// The format of the result of a command with a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogueFormat {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
}

/// The format of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterFormat {
    /// A web page in one file.
    Html,
    /// For spreadsheets.
    Csv,
    /// For programs; `arkib schema register` describes it.
    Json,
    /// For a comment.
    Markdown,
}
