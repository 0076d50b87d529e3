//! When a report was taken, as its first lines or its name say. Never later than it was: of several
//! days the earliest counts, and a day counts from its beginning. Pure.

use std::fmt;

use jiff::Timestamp;

use super::dates;
use super::dates::Moment;
use super::head::Line;
use crate::domain::mapping::report::folded_name;

/// When a report was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// When; the beginning of the day where no time is said.
    pub at: Timestamp,
    /// Whether a day alone is said.
    pub is_day: bool,
    /// Where it is said.
    pub found: Where,
}

/// Where it is said when a report was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// In that line or row of the report.
    Row(u64),
    /// In the file's name.
    Name,
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(number) => write!(f, "row {number} of the report"),
            Self::Name => f.write_str("the file's name"),
        }
    }
}

impl Taken {
    fn new(moment: Moment, found: Where) -> Self {
        Self {
            at: moment.at,
            is_day: moment.is_day,
            found,
        }
    }
}

/// Words of a line that says when the report was taken, as [`folded_name`] has them.
const WORDS: [&str; 13] = [
    "tarikhlaporan",
    "tarikhjana",
    "tarikhcetak",
    "laporanpada",
    "dijana",
    "dicetak",
    "dikeluarkan",
    "setakat",
    "reportdate",
    "dateofreport",
    "generated",
    "printed",
    "asat",
];

/// What the lines above the table, and the notes below it, say.
pub(super) fn in_lines(lines: &[Line]) -> Option<Taken> {
    let dated = lines.iter().map(|line| {
        let text = line.cells.join(" ");
        (line.number, dates::in_line(&text), folded_name(&text))
    });
    let dated: Vec<_> = dated.filter(|(_, found, _)| !found.is_empty()).collect();
    let says_so = |words: &str| WORDS.iter().any(|word| words.contains(word));
    let mut said: Vec<Taken> = Vec::new();
    for (number, found, _) in dated.iter().filter(|(.., words)| says_so(words)) {
        said.extend(earliest(
            found.iter().map(|(_, it)| *it),
            Where::Row(*number),
        ));
    }
    if said.is_empty() {
        // Of two days in a line nobody knows which is meant: a period, perhaps.
        for (number, found, _) in dated.iter().filter(|(_, found, _)| found.len() == 1) {
            said.extend(earliest(
                found.iter().map(|(_, it)| *it),
                Where::Row(*number),
            ));
        }
    }
    said.into_iter().min_by_key(|taken| taken.at)
}

/// The line that has a word of such a day, and digits enough for one, and none that can be read.
pub(super) fn unread(lines: &[Line]) -> Option<u64> {
    let seems = |line: &&Line| {
        let text = line.cells.join(" ");
        let words = folded_name(&text);
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits >= 4
            && WORDS.iter().any(|word| words.contains(word))
            && dates::in_line(&text).is_empty()
    };
    lines.iter().find(seems).map(|line| line.number)
}

/// What the file's name says.
pub(super) fn in_name(name: &str) -> Option<Taken> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    earliest(dates::in_name(last).into_iter(), Where::Name)
}

fn earliest(moments: impl Iterator<Item = Moment>, found: Where) -> Option<Taken> {
    let earliest = moments.min_by_key(|moment| moment.at);
    earliest.map(|moment| Taken::new(moment, found))
}
