//! Lays out a text within a limit: the most important rows are taken first, whole rows are left out and
//! counted, and all rows keep their places. Pure.

use super::safe_text::longest_ticks;
use crate::language::Message;
use crate::printer::text;
use std::collections::{BTreeMap, BTreeSet};

/// The importance of a row, for a reviewer in a hurry. The first ranks are taken first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Headings and the result.
    Frame,
    /// Problems, refusals and failures.
    Trouble,
    /// Terminations. A text that leaves one out says so in its first line.
    Termination,
    /// Terminations that are outstanding anyway or were made, and prevented changes.
    Important,
    /// Changes of policies.
    Policy,
    /// All other changes and obstacles.
    Change,
    /// Warnings.
    Warning,
    /// Things that are left alone or wait.
    Quiet,
}

/// One row of a list or a fence.
#[derive(Debug, Clone)]
pub struct MarkdownRow {
    /// Its importance.
    pub rank: Rank,
    /// Its text, of one or more lines.
    pub text: String,
    /// How many it counts for if it is left out.
    pub count: usize,
}

impl MarkdownRow {
    /// A row that counts as one.
    pub fn new(rank: Rank, text: String) -> Self {
        Self { rank, text, count: 1 }
    }

    /// Sets how many it counts for.
    pub fn with_count(self, count: usize) -> Self {
        Self { count, ..self }
    }
}

/// The name of rows that are left out, in the order in which they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowNoun {
    /// Agencies.
    Agency,
    /// Changes.
    Change,
    /// Changes of policies.
    PolicyChange,
    /// Headings.
    Heading,
    /// Limits.
    Limit,
    /// Lines of a text.
    Line,
    /// Files that are no requests.
    OtherFile,
    /// Rows that are left alone or wait.
    OtherRow,
    /// Outcomes.
    Outcome,
    /// Problems of files.
    Problem,
    /// Reasons.
    Reason,
    /// Words that are written to the portal.
    Word,
}

impl RowNoun {
    fn count(self, count: usize) -> Message {
        match self {
            Self::Agency => message!("comment-agencies", count),
            Self::Change => message!("comment-changes", count),
            Self::PolicyChange => message!("comment-policy-changes", count),
            Self::Heading => message!("comment-headings", count),
            Self::Limit => message!("comment-limits", count),
            Self::Line => message!("comment-lines", count),
            Self::OtherFile => message!("comment-other-files", count),
            Self::OtherRow => message!("comment-other-rows", count),
            Self::Outcome => message!("comment-outcomes", count),
            Self::Problem => message!("comment-problems", count),
            Self::Reason => message!("comment-reasons", count),
            Self::Word => message!("comment-words", count),
        }
    }
}

/// A part of the text, which is shown if any of its rows is shown.
#[derive(Debug, Clone)]
pub struct RowGroup {
    /// The text before its rows.
    pub open: String,
    /// Its rows, at least one.
    pub rows: Vec<MarkdownRow>,
    /// The text after its rows.
    pub close: String,
    /// The name of its rows.
    pub called: RowNoun,
}

impl RowGroup {
    /// Plain lines, without the last line feed.
    pub fn new_plain(text: String) -> Self {
        Self {
            open: String::new(),
            rows: vec![MarkdownRow::new(Rank::Frame, text)],
            close: String::new(),
            called: RowNoun::Heading,
        }
    }

    /// A text, then a list of these rows; `None` if there are no rows.
    pub fn new_list(before: &str, rows: Vec<MarkdownRow>, called: RowNoun) -> Option<Self> {
        let part = Self { open: before.to_owned(), rows, close: "\n".to_owned(), called };
        (!part.rows.is_empty()).then_some(part)
    }

    /// The same, quoted.
    pub fn quoted(mut self) -> Self {
        let quoted = |text: &str| {
            let lines = text.lines().map(|line| format!("> {line}").trim_end().to_owned());
            lines.collect::<Vec<_>>().join("\n")
        };
        self.open = quoted(&self.open) + "\n";
        self.rows.iter_mut().for_each(|row| row.text = quoted(&row.text));
        self
    }

    /// A text, then a fence with these rows; `None` if there are no rows.
    pub fn new_fenced(
        before: &str,
        language: &str,
        rows: Vec<MarkdownRow>,
        called: RowNoun,
    ) -> Option<Self> {
        // Longer than any sequence of backticks in it.
        let ticks = rows.iter().map(|row| longest_ticks(&row.text)).max()?;
        let fence = "`".repeat(ticks.max(2) + 1);
        Some(Self {
            open: format!("{before}{fence}{language}\n"),
            rows,
            close: format!("{fence}\n\n"),
            called,
        })
    }
}

/// The bytes reserved for the note about rows that are left out.
const RESERVE: usize = 600;

/// In the first line of a text that cannot hold all terminations, and in no other first line.
const HIDDEN: &str = " <strong>";

/// Whether a text says in its first line that it does not hold all terminations.
pub fn hides_terminations(text: &str) -> bool {
    text.lines().next().is_some_and(|first| first.contains(HIDDEN))
}

/// The text in at most `most` bytes. `whole` says where the full output is.
pub fn render_within_limit(parts: &[RowGroup], most: usize, whole: &str) -> String {
    let most = most.saturating_sub(RESERVE);
    let rows = parts.iter().enumerate().flat_map(|(at, part)| {
        let rows = part.rows.iter().enumerate();
        rows.map(move |(index, row)| (at, index, row))
    });
    let mut order: Vec<(usize, usize, &MarkdownRow)> = rows.collect();
    order.sort_by_key(|(.., row)| row.rank);
    let mut used = 0;
    let mut taken: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); parts.len()];
    let mut is_full = vec![false; parts.len()];
    let mut left_out: BTreeMap<RowNoun, usize> = BTreeMap::new();
    let mut hidden = 0;
    for (at, index, row) in order {
        let part = &parts[at];
        let mut length = row.text.len() + 1;
        if taken[at].is_empty() {
            length += part.open.len() + part.close.len();
        }
        // The headings of very many agencies must leave space for terminations.
        let limit = most / if row.rank == Rank::Frame { 2 } else { 1 };
        // The first rows are shown, even if later rows are shorter.
        is_full[at] |= used + length > limit;
        if is_full[at] {
            *left_out.entry(part.called).or_default() += row.count;
            hidden += if row.rank == Rank::Termination { row.count } else { 0 };
        } else {
            used += length;
            taken[at].insert(index);
        }
    }
    let mut text = String::new();
    let opened = parts.iter().zip(&taken);
    for (part, taken) in opened.filter(|(_, taken)| !taken.is_empty()) {
        text.push_str(&part.open);
        for index in taken {
            text.push_str(&part.rows[*index].text);
            text.push('\n');
        }
        text.push_str(&part.close);
    }
    if hidden > 0 {
        let first = format!("{HIDDEN}{}</strong>\n", text!("comment-hidden", count = hidden));
        text = text.replacen('\n', &first, 1);
    }
    left_out.retain(|_, count| *count > 0);
    let left_out = left_out.iter();
    let counted: Vec<Message> = left_out.map(|(called, count)| called.count(*count)).collect();
    if !counted.is_empty() {
        let rows = Message::joined(counted, ", ");
        let left_out = text!("comment-left-out", rows, place = whole);
        text.push_str(&format!("**{left_out}**\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(rank: Rank, letter: char, count: usize) -> RowGroup {
        let row = |_| MarkdownRow::new(rank, letter.to_string().repeat(50));
        let rows = (0..count).map(row).collect();
        RowGroup::new_fenced("", "text", rows, RowNoun::OtherRow).unwrap()
    }

    fn shown(text: &str, letter: char) -> usize {
        let row = letter.to_string().repeat(50);
        text.lines().filter(|line| **line == row).count()
    }

    #[test]
    fn keeps_important_rows_in_place() {
        let parts = [part(Rank::Quiet, 'q', 50), part(Rank::Termination, 't', 20)];
        let text = render_within_limit(&parts, RESERVE + 1_500, "elsewhere");
        assert_eq!(shown(&text, 't'), 20);
        let quiet = shown(&text, 'q');
        assert!((1..10).contains(&quiet), "{quiet}");
        assert!(text.find("qqq") < text.find("ttt"));
        assert!(
            text.ends_with(&format!("**Left out here: {} other rows; elsewhere.**\n", 50 - quiet))
        );
    }

    #[test]
    fn a_text_without_all_terminations_says_so_first() {
        let mark = || RowGroup::new_plain("<!-- arkib reconcile -->".to_owned());
        for (most, is_hidden) in [(RESERVE + 1_500, false), (RESERVE + 1_000, true)] {
            let parts = [mark(), part(Rank::Termination, 't', 20), part(Rank::Trouble, 'r', 5)];
            let text = render_within_limit(&parts, most, "elsewhere");
            assert_eq!((hides_terminations(&text), shown(&text, 't') < 20), (is_hidden, is_hidden));
            // The comment is found by its beginning.
            assert!(text.starts_with("<!-- arkib reconcile -->"), "{text}");
        }
        let parts = [mark(), part(Rank::Important, 'i', 90)];
        assert!(!hides_terminations(&render_within_limit(&parts, RESERVE + 1_000, "elsewhere")));
    }

    #[test]
    fn never_exceeds_its_limit() {
        for most in [0, 700, 1_000, 5_000] {
            let parts = [
                part(Rank::Trouble, 'a', 30),
                part(Rank::Termination, 'b', 30),
                part(Rank::Quiet, 'c', 30),
            ];
            let text = render_within_limit(&parts, most, "elsewhere");
            assert!(text.len() <= most.max(RESERVE), "{} of {most}", text.len());
            assert_eq!(text.matches("```").count() % 2, 0);
        }
    }

    #[test]
    fn a_fence_is_longer_than_its_content() {
        let fence = |text: &str| {
            let rows = vec![MarkdownRow::new(Rank::Quiet, text.to_owned())];
            RowGroup::new_fenced("", "text", rows, RowNoun::OtherRow).unwrap().open
        };
        assert_eq!(fence("q"), "```text\n");
        assert_eq!(fence("a ```` b ` c"), "`````text\n");
    }
}
