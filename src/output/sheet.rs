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
    /// What its rows are called where some are left out: one, several.
    pub called: (&'static str, &'static str),
}

impl Part {
    fn fence(&self) -> String {
        // Longer than any row of backticks in it.
        let rows = self.rows.iter();
        let longest = rows
            .flat_map(|row| row.text.split(|character| character != '`'))
            .map(str::len)
            .max()
            .unwrap_or(0);
        "`".repeat(longest.max(2) + 1)
    }

    /// The bytes of it that are no rows.
    fn frame(&self, fence: &str) -> usize {
        let fences = if self.rows.is_empty() {
            0
        } else {
            2 * fence.len() + self.language.len() + 3
        };
        self.before.len() + self.after.len() + fences
    }
}

/// What is kept free for saying how much was left out.
const RESERVE: usize = 600;

/// The text in at most so many bytes. `whole` says where the whole is.
pub fn lay_out(parts: &[Part], most: usize, whole: &str) -> String {
    let most = most.saturating_sub(RESERVE);
    let mut order: Vec<(Rank, usize, usize)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if part.rows.is_empty() {
            order.push((Rank::Frame, at, 0));
        }
        let rows = part.rows.iter().enumerate();
        order.extend(rows.map(|(row, it)| (it.rank, at, row)));
    }
    order.sort_by_key(|(rank, ..)| *rank);
    // Once a part: both look at every row of it.
    let fences: Vec<String> = parts.iter().map(Part::fence).collect();
    let frames: Vec<usize> = parts
        .iter()
        .zip(&fences)
        .map(|(it, fence)| it.frame(fence))
        .collect();
    let mut used = 0;
    let mut opened = vec![false; parts.len()];
    let mut closed = vec![false; parts.len()];
    let mut taken: Vec<Vec<bool>> = parts.iter().map(|it| vec![false; it.rows.len()]).collect();
    let mut left_out: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (rank, at, row) in order {
        let part = &parts[at];
        let frame = if opened[at] { 0 } else { frames[at] };
        let length = part.rows.get(row).map_or(0, |row| row.text.len() + 1);
        // Of very many agencies not even the headings must push out what is terminated.
        let room = if rank == Rank::Frame { most / 2 } else { most };
        if closed[at] || used + frame + length > room {
            // The first rows are shown, not the shortest.
            closed[at] = true;
            *left_out.entry(part.called).or_default() +=
                part.rows.get(row).map_or(1, |row| row.count);
            continue;
        }
        used += frame + length;
        opened[at] = true;
        if let Some(taken) = taken[at].get_mut(row) {
            *taken = true;
        }
    }
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate().filter(|(at, _)| opened[*at]) {
        text.push_str(&part.before);
        if !part.rows.is_empty() {
            let fence = &fences[at];
            text.push_str(&format!("{fence}{}\n", part.language));
            for (row, _) in part
                .rows
                .iter()
                .zip(&taken[at])
                .filter(|(_, taken)| **taken)
            {
                text.push_str(&row.text);
                text.push('\n');
            }
            text.push_str(&format!("{fence}\n\n"));
        }
        text.push_str(&part.after);
    }
    left_out.retain(|_, count| *count > 0);
    if !left_out.is_empty() {
        let counted: Vec<String> = left_out
            .iter()
            .map(|((one, many), count)| plural(*count, one, many))
            .collect();
        text.push_str(&format!(
            "**Left out here: {}; {whole}.**\n",
            counted.join(", ")
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(rank: Rank, letter: char, count: usize) -> Part {
        let row = |_| Row {
            rank,
            text: letter.to_string().repeat(50),
            count: 1,
        };
        Part {
            language: "text",
            rows: (0..count).map(row).collect(),
            called: ("row", "rows"),
            ..Part::default()
        }
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
        assert_eq!(part.fence(), "```");
        part.rows[0].text = "a ```` b ` c".into();
        assert_eq!(part.fence(), "`````");
    }
}
