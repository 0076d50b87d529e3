//! What stands around the table of an export: totals, notes of who printed it, and when it was taken,
//! which its name may say, too. Never later than it was: of several days the earliest counts, and a
//! day counts from its beginning. Pure.

use super::dates;
use super::dates::DayOrMoment;
use crate::domain::mapping::export_file::fold_name;
use crate::table::NumberedRow;

/// A row that is not a mailbox's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FooterRow {
    /// It says how many there are: one of these numbers.
    Total(Vec<usize>),
    /// It says something else.
    Note,
}

/// How a total of something begins.
const TOTALS: &str = "jumlah total bilangan";
/// Of what it is one where it is that of all rows: nothing, or one of these.
const OF_ROWS: &str = "rekod baris pengguna petimel emel akaun akaunemel keseluruhan besar semua \
    records record rows users mailboxes accounts all \
    rekodkeseluruhan keseluruhanrekod keseluruhanpengguna numberofrecords";
/// How a note begins.
const NOTES: &str = "dicetak dijana dikeluarkan printed generated mukasurat halaman page";
/// What says that the table ends.
const ENDS: &str = "tamat tamatlaporan laporantamat end endofreport endoffile";
/// Words of a line that says when the export was taken.
const TAKEN: &str = "tarikhlaporan tarikhjana tarikhcetak laporanpada dijana dicetak dikeluarkan setakat \
    reportdate dateofreport generated printed asat";

/// The words of a list, as [`fold_name`] has them.
fn keywords(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(' ')
}

/// What a row says, where by its first field it is none of a mailbox.
pub(super) fn recognize_footer<'a>(
    cells: impl Iterator<Item = &'a str> + Clone,
) -> Option<FooterRow> {
    let mut filled = cells.map(str::trim).filter(|cell| !cell.is_empty());
    let first = fold_name(filled.clone().next()?);
    let begins = |list| keywords(list).any(|word| first.starts_with(word));
    let line = filled.clone().collect::<Vec<_>>().join(" ");
    let has_number = line.contains(|character: char| character.is_ascii_digit());
    let letters: String = first.chars().filter(|character| character.is_alphabetic()).collect();
    let mut of_what = keywords(TOTALS).filter_map(|word| letters.strip_prefix(word));
    let is_all = |what: &str| what.is_empty() || keywords(OF_ROWS).any(|word| word == what);
    if has_number && of_what.any(is_all) {
        return Some(FooterRow::Total(possible_totals(&line)));
    }
    let is_note =
        (begins(NOTES) || begins(TOTALS)) && has_number || keywords(ENDS).any(|end| end == first);
    (is_note && !filled.any(|cell| cell.contains('@'))).then_some(FooterRow::Note)
}

/// The numbers of a line, those in groups of three (`5,000`, `5 000`) whole and in parts.
fn possible_totals(line: &str) -> Vec<usize> {
    let mut numbers = Vec::new();
    let parts: Vec<&str> = line
        .split(|character: char| !character.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    for (index, part) in parts.iter().enumerate() {
        let mut whole = (*part).to_owned();
        numbers.extend(whole.parse::<usize>());
        for next in parts[index + 1..].iter().take_while(|next| next.len() == 3) {
            if part.len() > 3 {
                break;
            }
            whole.push_str(next);
            numbers.extend(whole.parse::<usize>());
        }
    }
    numbers
}

/// What the lines above the table, and the notes below it, say.
pub(super) fn find_export_date(lines: &[NumberedRow]) -> Option<DayOrMoment> {
    let mut said = Vec::new();
    let mut alone = Vec::new();
    for line in lines {
        let text = line.cells.join(" ");
        let found = dates::dates_in_line(&text);
        if mentions_export_date(&text) {
            said.extend(found);
        } else if found.len() == 1 {
            // Of two days in a line nobody knows which is meant: a period, perhaps.
            alone.extend(found);
        }
    }
    earliest_moment(said).or_else(|| earliest_moment(alone))
}

fn earliest_moment(moments: Vec<DayOrMoment>) -> Option<DayOrMoment> {
    moments.into_iter().min_by_key(|moment| moment.at)
}

/// Whether a line has a word that says when the export was taken.
fn mentions_export_date(text: &str) -> bool {
    let text = fold_name(text);
    keywords(TAKEN).any(|word| text.contains(word))
}

/// The line that has a word of such a day, and digits enough for one, and none that can be read.
pub(super) fn line_with_unreadable_date(lines: &[NumberedRow]) -> Option<u64> {
    let seems = |line: &&NumberedRow| {
        let text = line.cells.join(" ");
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits >= 4 && mentions_export_date(&text) && dates::dates_in_line(&text).is_empty()
    };
    lines.iter().find(seems).map(|line| line.number)
}

/// What the file's name says.
pub(super) fn export_date_in_file_name(name: &str) -> Option<DayOrMoment> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    earliest_moment(dates::dates_in_file_name(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognize_footer(line: &str) -> Option<FooterRow> {
        super::recognize_footer(line.split(','))
    }

    #[test]
    fn reads_totals() {
        let says = |line: &str, number: usize| match recognize_footer(line) {
            Some(FooterRow::Total(numbers)) => numbers.contains(&number),
            _ => false,
        };
        assert!(says("Jumlah: 5000", 5000));
        assert!(says(",JUMLAH REKOD,,5 000 peti mel", 5000));
        assert!(says("Total 5,000", 5000));
        assert!(says("Bilangan pengguna = 7,,3", 7));
        assert!(says("Total 7 mailboxes", 7));
        // A part of all is no total.
        assert_eq!(recognize_footer("Jumlah aktif: 4800"), Some(FooterRow::Note));
        assert!(!says("Jumlah: 5000", 50));
    }

    #[test]
    fn a_possible_person_is_not_a_footer() {
        assert_eq!(recognize_footer("Tamat Jaya bin Ali,Aktif"), None);
        assert_eq!(recognize_footer("Jumlah"), None);
        assert_eq!(recognize_footer("Page Turner 3,page@agensi.example"), None);
        assert_eq!(recognize_footer("Tamat Laporan"), Some(FooterRow::Note));
        assert_eq!(recognize_footer("Muka surat 1 / 7"), Some(FooterRow::Note));
    }
}
