//! When a report was taken, as its first lines or its name say. Never later than it was: of several
//! days the earliest counts, and a day counts from its beginning. Pure.

use super::dates;
use super::dates::Moment;
use super::row::Line;
use crate::domain::mapping::report::folded_name;

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
pub(super) fn in_lines(lines: &[Line]) -> Option<Moment> {
    let mut said = Vec::new();
    let mut alone = Vec::new();
    for line in lines {
        let text = line.cells.join(" ");
        let found = dates::in_line(&text);
        if says_so(&text) {
            said.extend(found);
        } else if found.len() == 1 {
            // Of two days in a line nobody knows which is meant: a period, perhaps.
            alone.extend(found);
        }
    }
    earliest(said).or_else(|| earliest(alone))
}

fn earliest(moments: Vec<Moment>) -> Option<Moment> {
    moments.into_iter().min_by_key(|moment| moment.at)
}

/// Whether a line has a word that says when the report was taken.
fn says_so(text: &str) -> bool {
    let text = folded_name(text);
    WORDS.iter().any(|word| text.contains(word))
}

/// The line that has a word of such a day, and digits enough for one, and none that can be read.
pub(super) fn unread(lines: &[Line]) -> Option<u64> {
    let seems = |line: &&Line| {
        let text = line.cells.join(" ");
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits >= 4 && says_so(&text) && dates::in_line(&text).is_empty()
    };
    lines.iter().find(seems).map(|line| line.number)
}

/// What the file's name says.
pub(super) fn in_name(name: &str) -> Option<Moment> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    earliest(dates::in_name(last))
}
