//! A text that must not grow beyond a limit: what matters most is let in first, rows are left out
//! whole and counted, and everything stands in its own place. Pure.

use std::collections::BTreeMap;

use super::findings::plural;

/// What is let in first. The order is that of a reviewer in a hurry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Headings and how it ended.
    Frame,
    /// Problems, refusals, what failed.
    Trouble,
    /// What would be or was terminated.
    Termination,
    /// Policies that change.
    Policy,
    /// Everything else that would be or was done, or cannot be.
    Change,
    /// Warnings.
    Warning,
    /// What is left alone or waits.
    Quiet,
    /// Where each change is asked for.
    Detail,
}

/// One row in a fence.
#[derive(Debug, Clone)]
pub struct Row {
    /// How much it matters.
    pub rank: Rank,
    /// Its text, perhaps of several lines.
    pub text: String,
    /// As how many it counts where it is left out.
    pub count: usize,
}

impl Row {
    /// A row that counts as one.
    pub fn new(rank: Rank, text: String) -> Self {
        Self {
            rank,
            text,
            count: 1,
        }
    }
}

/// What rows are called where some are left out: one, several.
pub type Called = (&'static str, &'static str);

/// A piece of the text: lines around a fence, or lines alone.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Before the fence.
    pub before: String,
    /// The fence's language.
    pub language: &'static str,
    /// What is in it; a part without rows is a frame.
    pub rows: Vec<Row>,
    /// After the fence.
    pub after: String,
    /// What its rows are called.
    pub called: Called,
}

impl Part {
    /// Lines alone.
    pub fn frame(text: String) -> Self {
        Self {
            before: text,
            called: ("heading", "headings"),
            ..Self::default()
        }
    }

    /// A fence below a text, where anything stands in it.
    pub fn fence(
        before: String,
        language: &'static str,
        rows: Vec<Row>,
        called: Called,
    ) -> Option<Self> {
        (!rows.is_empty()).then(|| Self {
            before,
            language,
            rows,
            called,
            ..Self::default()
        })
    }
}

/// What is kept free for saying how much was left out.
const RESERVE: usize = 600;

/// A part, and what is shown of it.
struct Place<'a> {
    part: &'a Part,
    fence: String,
    is_open: bool,
    is_closed: bool,
    taken: Vec<bool>,
}

impl<'a> Place<'a> {
    fn new(part: &'a Part) -> Self {
        // Longer than any row of backticks in it.
        let rows = part.rows.iter();
        let runs = rows.flat_map(|row| row.text.split(|character| character != '`'));
        let longest = runs.map(str::len).max().unwrap_or(0);
        Self {
            part,
            fence: "`".repeat(longest.max(2) + 1),
            is_open: false,
            is_closed: false,
            taken: vec![false; part.rows.len()],
        }
    }

    /// The bytes that a row takes, with those around it where it is the first.
    fn length(&self, row: Option<&Row>) -> usize {
        let part = self.part;
        let row = row.map_or(0, |row| row.text.len() + 1);
        if self.is_open {
            return row;
        }
        let fences = match part.rows.as_slice() {
            [] => 0,
            _ => 2 * self.fence.len() + part.language.len() + 3,
        };
        row + fences + part.before.len() + part.after.len()
    }

    fn write(&self, text: &mut String) {
        let (part, fence) = (self.part, &self.fence);
        text.push_str(&part.before);
        if !part.rows.is_empty() {
            text.push_str(&format!("{fence}{}\n", part.language));
            let rows = part.rows.iter().zip(&self.taken);
            for (row, _) in rows.filter(|(_, taken)| **taken) {
                text.push_str(&row.text);
                text.push('\n');
            }
            text.push_str(&format!("{fence}\n\n"));
        }
        text.push_str(&part.after);
    }
}

/// The text in at most so many bytes. `whole` says where the whole is.
pub fn lay_out(parts: &[Part], most: usize, whole: &str) -> String {
    let most = most.saturating_sub(RESERVE);
    let mut order: Vec<(Rank, usize, usize)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if part.rows.is_empty() {
            order.push((Rank::Frame, at, 0));
        }
        let rows = part.rows.iter().enumerate();
        order.extend(rows.map(|(index, row)| (row.rank, at, index)));
    }
    order.sort_by_key(|(rank, ..)| *rank);
    let mut places: Vec<Place<'_>> = parts.iter().map(Place::new).collect();
    let mut used = 0;
    let mut left_out: BTreeMap<Called, usize> = BTreeMap::new();
    for (rank, at, index) in order {
        let place = &mut places[at];
        let row = place.part.rows.get(index);
        let length = place.length(row);
        // Of very many agencies not even the headings must push out what is terminated.
        let room = if rank == Rank::Frame { most / 2 } else { most };
        if place.is_closed || used + length > room {
            // The first rows are shown, not the shortest.
            place.is_closed = true;
            *left_out.entry(place.part.called).or_default() += row.map_or(1, |row| row.count);
            continue;
        }
        used += length;
        place.is_open = true;
        if let Some(taken) = place.taken.get_mut(index) {
            *taken = true;
        }
    }
    let mut text = String::new();
    for place in places.iter().filter(|place| place.is_open) {
        place.write(&mut text);
    }
    let left_out = left_out.iter().filter(|(_, count)| **count > 0);
    let counted: Vec<String> = left_out
        .map(|((one, many), count)| plural(*count, one, many))
        .collect();
    if !counted.is_empty() {
        let counted = counted.join(", ");
        text.push_str(&format!("**Left out here: {counted}; {whole}.**\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(rank: Rank, letter: char, count: usize) -> Part {
        let row = |_| Row::new(rank, letter.to_string().repeat(50));
        let rows = (0..count).map(row).collect();
        Part::fence(String::new(), "text", rows, ("row", "rows")).unwrap()
    }

    fn shown(text: &str, letter: char) -> usize {
        let row = letter.to_string().repeat(50);
        text.lines().filter(|line| **line == row).count()
    }

    #[test]
    fn what_matters_most_is_let_in_first_and_stands_in_its_place() {
        let parts = [part(Rank::Quiet, 'q', 50), part(Rank::Termination, 't', 20)];
        let text = lay_out(&parts, RESERVE + 1_500, "elsewhere");
        assert_eq!(shown(&text, 't'), 20);
        let quiet = shown(&text, 'q');
        assert!((1..10).contains(&quiet), "{quiet}");
        assert!(text.find("qqq") < text.find("ttt"));
        assert!(text.ends_with(&format!(
            "**Left out here: {} rows; elsewhere.**\n",
            50 - quiet
        )));
    }

    #[test]
    fn it_never_grows_beyond_its_limit() {
        for most in [0, 700, 1_000, 5_000] {
            let parts = [
                part(Rank::Trouble, 'a', 30),
                part(Rank::Termination, 'b', 30),
                part(Rank::Detail, 'c', 30),
            ];
            let text = lay_out(&parts, most, "elsewhere");
            assert!(text.len() <= most.max(RESERVE), "{} of {most}", text.len());
            assert_eq!(text.matches("```").count() % 2, 0);
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut part = part(Rank::Quiet, 'q', 1);
        assert_eq!(Place::new(&part).fence, "```");
        part.rows[0].text = "a ```` b ` c".into();
        assert_eq!(Place::new(&part).fence, "`````");
    }
}
