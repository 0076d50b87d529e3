//! In which format a result is written. The words for them are the command line's.

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
}

/// How the result of a check or a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogueFormat {
    /// For people.
    Human,
    /// For programs; `arkib schema` describes it.
    Json,
}

/// How the register is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
