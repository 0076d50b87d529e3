//! Whether a table is only a part of a list, by the lines around it: "1-10 of 45", "Halaman 1 daripada 2",
//! "Senarai (1/3)". A list on screen is often saved only as far as it shows. Pure.

use std::collections::BTreeSet;

/// Between a part and the whole.
const OF: &str = "of daripada dari drpd";
/// Between the first and the last row shown.
const TO: &str = "- to until hingga sehingga";
/// Words beside a number of pages: the last of several is a part, too.
const PAGE: &str = "halaman hal mukasurat muka ms page pages pg";
/// Words before a fraction that counts the rows or parts of a list.
const LIST: &str = "senarai list rekod record records baris row rows entri entries hasil results";
/// Before a fraction that is a reference or a day.
const NO_PAGE: &str = "rujukan ruj reference ref no bil bilangan siri versi pada setakat tarikh dicetak dijana on printed";

/// The pages of a list that a file says it has.
#[derive(Debug, Default)]
pub struct Pages {
    /// How many there are in all, and one that is there.
    seen: BTreeSet<(usize, usize)>,
    parts: Vec<PartOfList>,
}

/// A line that says that a table is only a part.
#[derive(Debug)]
struct PartOfList {
    number: u64,
    line: String,
    /// How many pages there are, if it counts pages.
    pages: Option<usize>,
    /// It counts some of so many rows, which may all be there.
    rows: Option<usize>,
}

impl Pages {
    /// Reads a row of one cell without an address, so that no mailbox is taken for such a line.
    pub fn add_row(&mut self, number: u64, cells: &[&str]) -> bool {
        let mut filled = cells.iter().filter(|cell| !cell.trim().is_empty());
        match (filled.next(), filled.next()) {
            (Some(line), None) if !line.contains('@') => self.add_line(number, line),
            _ => false,
        }
    }

    /// Reads what a line says. Returns whether it says that the table is a part.
    pub fn add_line(&mut self, number: u64, line: &str) -> bool {
        let joined = join_numbers(line);
        let words = joined.split([' ', '(', ':', '"']).filter(|word| !word.is_empty());
        let words: Vec<&str> = words.collect();
        let letters = |word: &&'_ str| word.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
        let has = |words: &[&str], list| words.iter().any(|word| is_in(list, &letters(word)));
        let known = self.parts.len();
        for (at, word) in words.iter().enumerate() {
            let Some((first, part, whole)) = parse_part(word) else { continue };
            let is_fraction = word.contains('/');
            // Behind a fraction, which may be a day, stands anything.
            let end = if is_fraction { at + 1 } else { words.len().min(at + 2) };
            let is_of_pages = has(&words[at.saturating_sub(3)..end], PAGE);
            // A telephone number, a year, a reference or a day. A fraction without such a word may be a
            // day, too: the first of December is 1/12.
            let is_other = first.is_none()
                && !has(&words[at.saturating_sub(1)..at], LIST)
                && words.len() > 1
                && !joined.ends_with(&format!("({word}"))
                || part >= 1000 && first.is_none()
                || (1900..2200).contains(&whole) && first.is_none()
                || has(&words[at.saturating_sub(1)..=at], NO_PAGE);
            if part > whole || (is_fraction && is_other && !is_of_pages) {
                continue;
            }
            let pages = first.is_none().then_some(whole);
            self.seen.extend(pages.map(|pages| (pages, part)));
            let is_page = is_of_pages && pages > Some(1);
            if part < whole || first > Some(1) || is_page {
                let rows = has(&words, "jumlah total bilangan").then_some(whole);
                self.parts.push(PartOfList { number, line: line.trim().to_owned(), pages, rows });
            }
        }
        self.parts.len() > known
    }

    /// The first line that says that a table of so many rows is only a part, unless all parts are there.
    pub fn missing(&self, rows: usize) -> Option<(u64, &str)> {
        let has_all = |pages| (1..=pages).all(|page| self.seen.contains(&(pages, page)));
        let is_missing =
            |part: &&PartOfList| part.rows != Some(rows) && !part.pages.is_some_and(has_all);
        self.parts.iter().find(is_missing).map(|part| (part.number, &*part.line))
    }
}

fn is_in(list: &'static str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// The line in lower case, with the numbers of a part in one word: `1-10|45`, `1/2`.
fn join_numbers(line: &str) -> String {
    let line = line.to_lowercase().replace(['\u{2013}', '\u{2014}'], "-");
    let starts = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let mut joined = String::new();
    for word in line.split_whitespace() {
        let is_open = joined.ends_with(['-', '|', '/']);
        match joined.ends_with(|last: char| last.is_ascii_digit()) {
            true if word == "/" => joined.push('/'),
            true if is_in(OF, word) => joined.push('|'),
            true if is_in(TO, word) => joined.push('-'),
            _ if is_open && is_in("about approximately kira-kira lebih kurang", word) => {}
            _ => {
                joined = format!("{joined}{}{word}", if is_open && starts(word) { "" } else { " " })
            }
        }
    }
    joined
}

/// The first and the last row, or the page, and how many there are: of a word that holds nothing else.
fn parse_part(word: &str) -> Option<(Option<usize>, usize, usize)> {
    // `Hal.1/2`, but not `A1/2`.
    let bare = word.trim_start_matches(char::is_alphabetic);
    let bare = bare.strip_prefix('.').or((bare == word).then_some(bare))?;
    let number = |digits: &str| digits.replace(',', "").parse().ok();
    let (part, whole) = bare.trim_end_matches([')', ']', '.', ',', ';']).split_once(['/', '|'])?;
    let (first, part) = match part.split_once('-') {
        Some((first, part)) => (Some(number(first)?), number(part)?),
        None => (None, number(part)?),
    };
    (first <= Some(part)).then_some((first, part, number(whole)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_part(lines: &[&str], rows: usize) -> bool {
        let mut pages = Pages::default();
        for line in lines {
            pages.add_line(1, line);
        }
        pages.missing(rows).is_some()
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
            "1-10 of 45",
            "1\u{2013}10 of 45",
            "Results 1 to 10 of about 45",
            "31 - 45 / 45",
            "Hal. 1/2",
            "Hal.2/2",
            "Ms. 1 / 2",
            "Senarai (1/3)",
            "Laporan Bil. 1/2026 (1/3)",
            "1 of 2",
            "Rekod 1/45",
            "Muka surat no. 1/2",
            "Jumlah aktif: 12 daripada 60",
            "1-1000 / 2000",
            "1-100/1950",
            "Rekod 1001 - 2000 / 4500",
        ] {
            assert!(is_part(&[line], 45), "{line}");
        }
        for line in [
            "Halaman 1 daripada 1",
            "Showing 1 to 45 of 45 entries",
            "1-45 of 45",
            "Memaparkan 1 - 1,200 daripada 1,200 rekod",
            "Dicetak pada 25/11/2026, halaman 1",
            "Dicetak pada 1/2/2026 10:30",
            "Setakat 5/11",
            "Tempoh 1/11 - 25/11/2026",
            "01/02/26",
            "2026/11/25",
            "Rujukan 1/2",
            "No. Rujukan: CONTOH.600-1/2/3 (12)",
            "CONTOH.600-1/2 Jld. 3 (4)",
            "Laporan Bil. 1/2026, halaman 1 daripada 1",
            "Mesyuarat 3/2026",
            "Tahun 2025/2026",
            "Sesi 2025/26",
            "Perkhidmatan 24/7",
            "Tel. 03-8000 1234/1240",
            "Borang A1/2",
            "Laporan harian 1/12",
            "Kemas kini terakhir: 5/11 08:00",
            "Tarikh laporan 1/12",
            "Suku tahun 1/4",
            "Unit 1/2 Bahagian Teknologi",
            "Pekeliling 1/25",
            "Jumlah rekod: 45",
            "Jumlah aktif: 12 daripada 45",
        ] {
            assert!(!is_part(&[line], 45), "{line}");
        }
        for pages in [
            ["Halaman 1 daripada 3", "Halaman 2 daripada 3", "Halaman 3 daripada 3"],
            ["Senarai (1/3)", "Senarai (2/3)", "Senarai (3/3)"],
        ] {
            assert!(!is_part(&pages, 45));
            assert!(is_part(&pages[1..], 45) && is_part(&pages[..2], 45));
        }
    }
}
