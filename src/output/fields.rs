//! Lines of a name and a value, as wide as a terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::printer::wrap;
use crate::text::escape;

/// The width of a terminal.
const WIDTH: usize = 80;

/// Names and values, each value in a column of its own.
pub struct Fields {
    text: String,
    indent: usize,
}

impl Fields {
    /// None yet, below a title; the values begin at the column `indent`.
    pub fn new(indent: usize, title: &str) -> Self {
        Self { text: format!("{title}\n"), indent }
    }

    /// Everything so far.
    pub fn text(self) -> String {
        self.text
    }

    /// Adds a value, which may have several lines.
    pub fn push(&mut self, name: &str, value: &str) {
        self.push_lines(name, value.lines().map(str::to_owned).collect());
    }

    /// Adds a value, if there is one.
    pub fn push_some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.push(name, &value.to_string());
        }
    }

    /// Adds a value of these lines; nothing if there is none.
    pub fn push_lines(&mut self, name: &str, values: Vec<String>) {
        let wrapped: Vec<String> =
            values.iter().map(|value| wrap(&escape(value), WIDTH - self.indent, 0)).collect();
        for (index, line) in wrapped.iter().flat_map(|value| value.split('\n')).enumerate() {
            let name = if index == 0 { name } else { "" };
            // At least one blank behind a long name.
            let blanks = (self.indent - 2).saturating_sub(name.width()).max(1);
            let _ = writeln!(self.text, "  {name}{:blanks$}{line}", "");
        }
    }
}
