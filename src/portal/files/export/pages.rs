//! Whether an export holds all pages of its list, by what stands around the table: "Halaman 1 daripada 2",
//! "Showing 1 to 30 of 45 entries". A list on screen is often exported only as far as it shows. Pure.

use std::collections::BTreeSet;

use crate::domain::mapping::export_file::fold_name;
use crate::table::NumberedRow;

/// Words of a line that counts pages.
const PAGE: &str = "halaman mukasurat muka page pages part";
/// Words of a line that counts the rows shown.
const SHOWN: &str =
    "paparan memaparkan menunjukkan dipaparkan showing displaying rows records entries rekod baris";
/// Between a part and the whole.
const OF: &str = "daripada dari of /";
/// Between the first and the last row shown.
const TO: &str = "hingga sehingga to -";

/// The pages that an export says it has.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// How many there are in all.
    all: usize,
    seen: BTreeSet<usize>,
    /// The first line that says that there is more, with its number.
    first: Option<(u64, String)>,
    /// Whether a line says that not all rows are shown.
    is_part: bool,
}

impl Pages {
    /// Of the lines above a table.
    pub(super) fn of_lines(lines: &[NumberedRow]) -> Self {
        let mut pages = Self::default();
        for line in lines {
            pages.add_line(line.number, &line.cells.join(" "));
        }
        pages
    }

    /// Reads what a line says.
    pub(super) fn add_line(&mut self, number: u64, line: &str) {
        let words = words_of(line);
        let word = |at: Option<usize>| words.get(at?).map(String::as_str);
        let number_at = |at: Option<usize>| word(at)?.parse::<usize>().ok();
        let is_word = |at: Option<usize>, list| word(at).is_some_and(|word| is_in(list, word));
        let is_of_rows = words.iter().any(|word| is_in(SHOWN, word));
        for (at, of) in words.iter().enumerate().skip(1) {
            let before = |by: usize| at.checked_sub(by);
            let (part, whole) = (number_at(before(1)), number_at(Some(at + 1)));
            let (Some(part), Some(whole), true) = (part, whole, is_in(OF, of)) else {
                continue;
            };
            // Behind a date stands anything.
            let behind = (of != "/").then_some(at + 2);
            let of_pages = [before(2), before(3), behind];
            let first = number_at(before(3)).filter(|_| is_word(before(2), TO));
            let is_more = match first {
                Some(first) if is_of_rows => {
                    let is_cut = first > 1 || part < whole;
                    self.is_part |= is_cut;
                    is_cut
                }
                None if of_pages.into_iter().any(|at| is_word(at, PAGE)) => {
                    self.all = self.all.max(whole);
                    self.seen.insert(part);
                    whole > 1
                }
                _ => false,
            };
            if is_more {
                self.first.get_or_insert_with(|| (number, line.trim().to_owned()));
            }
        }
    }

    /// The first line that says that the table is only a part, unless all parts are there.
    pub(super) fn missing(&self) -> Option<(u64, &str)> {
        let has_all = (1..=self.all).all(|page| self.seen.contains(&page));
        let (number, line) = self.first.as_ref().filter(|_| self.is_part || !has_all)?;
        Some((*number, line))
    }
}

fn is_in(list: &'static str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// Words in the form for comparing, numbers, and the signs `/` and `-`.
fn words_of(line: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut was_digit = false;
    for character in line.chars() {
        let is_digit = character.is_ascii_digit();
        match character {
            '/' => spaced.push_str(" / "),
            '-' | '\u{2013}' => spaced.push_str(" - "),
            // A thousand.
            ',' if was_digit => {}
            other => {
                if is_digit != was_digit {
                    spaced.push(' ');
                }
                spaced.push(other);
            }
        }
        was_digit = is_digit || (character == ',' && was_digit);
    }
    let words = spaced.split_whitespace();
    let fold =
        |word: &str| if matches!(word, "/" | "-") { word.to_owned() } else { fold_name(word) };
    words.map(fold).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_part(lines: &[&str]) -> bool {
        let mut pages = Pages::default();
        for line in lines {
            pages.add_line(1, line);
        }
        pages.missing().is_some()
    }

    #[test]
    fn a_part_of_a_list_is_noticed() {
        for line in [
            "Halaman 1 daripada 2",
            "Laporan Arkib - HALAMAN: 2/2",
            "Muka surat 3 dari 7",
            "Page 1 of 2",
            "1 of 12 pages",
            "Dicetak oleh Siti pada 25/11/2026 10:30 Halaman 1/2",
            "Showing 1 to 30 of 45 entries",
            "Memaparkan 1-1,000 daripada 4,500 rekod",
            "Paparan 31 hingga 45 daripada 45",
        ] {
            assert!(is_part(&[line]), "{line}");
        }
        for line in [
            "Halaman 1 daripada 1",
            "Showing 1 to 45 of 45 entries",
            "Memaparkan 1 - 1,200 daripada 1,200 rekod",
            "Dicetak pada 25/11/2026, halaman 1",
            "Rujukan 1/2",
            "Laporan Bil. 1/2026, halaman 1 daripada 1",
            "Jumlah rekod: 45",
        ] {
            assert!(!is_part(&[line]), "{line}");
        }
        let all = ["Halaman 1 daripada 3", "Halaman 2 daripada 3", "Halaman 3 daripada 3"];
        assert!(!is_part(&all));
        assert!(is_part(&all[1..]));
    }
}
