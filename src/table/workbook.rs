//! The rows of an Excel workbook (ISO/IEC 29500). What it would unpack to is counted before
//! anything reads it.

use std::io::{Cursor, Read as _};
use std::ops::Range;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use memchr::memmem;
use zip::ZipArchive;

use super::error::{TableError, incomplete_error, malformed_error};
use super::numbered_row;
use super::numbered_row::{MOST_COLUMNS, MOST_ROWS, NumberedRow, RowCallback, head_rows};
use crate::language::Message;

/// The most bytes that a workbook may unpack to.
const UNPACKED: u64 = 512 * 1024 * 1024;
const FILES: usize = 10_000;

/// What a file of a workbook may have of which calamine keeps all, and each style its own copy of the fonts.
struct KeptPart {
    /// How its name ends.
    name: &'static str,
    bytes: u64,
    /// The most `<`: each begins at most one thing that is kept.
    signs: u64,
    /// The most bytes from one `<` to the next.
    tag: usize,
}

const KEPT: [KeptPart; 2] = [
    KeptPart { name: "sharedstrings.xml", bytes: 128 << 20, signs: 8_000_000, tag: usize::MAX },
    KeptPart { name: "styles.xml", bytes: 4 << 20, signs: 50_000, tag: 1_500 },
];
const STREAMED: KeptPart = KeptPart { name: "", bytes: u64::MAX, signs: u64::MAX, tag: usize::MAX };
/// What calamine lists of other files, wherever it stands; and how often it may.
const LISTS: [&[u8]; 4] = [b"mergeCell", b"definedName", b"Relationship", b"sheet"];
const MOST_LISTED: usize = 200_000;
/// How much is looked at in one go, and how much of it again.
const PIECE: usize = 1 << 20;
const OVERLAP: usize = 64;
/// The most sheets that are looked at.
const SHEETS: usize = 50;

/// A workbook that was opened.
pub struct Workbook<'a> {
    workbook: Xlsx<Cursor<&'a [u8]>>,
}

/// A cell that is merged over several columns: its row, and the columns that look filled and are empty.
pub type MergedCell = (u64, Range<usize>);

impl<'a> Workbook<'a> {
    /// Opens a workbook that does not unpack to more than it may.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, TableError> {
        check_unpacked_size(bytes, UNPACKED)?;
        let workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged_workbook_error())?;
        Ok(Self { workbook })
    }

    /// The names of the sheets that a person sees.
    pub(super) fn visible_sheets(&self) -> Vec<String> {
        let sheets = self.workbook.sheets_metadata().iter();
        sheets
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .filter(|sheet| sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .take(SHEETS)
            .collect()
    }

    pub(super) fn head_rows_of_sheet(
        &mut self,
        sheet: &str,
    ) -> Result<Vec<NumberedRow>, TableError> {
        head_rows(|take| self.for_each_row(sheet, take))
    }

    /// Refuses cells below the head that are merged over several rows: only the first of these rows
    /// has what all of them show. Gives those that are merged over several columns.
    pub(super) fn check_merged_cells(
        &mut self,
        sheet: &str,
        head: u64,
    ) -> Result<Vec<MergedCell>, TableError> {
        let merged = self.workbook.merge_cells_by_sheet_name(sheet);
        let merged = merged.map_err(|_| damaged_workbook_error())?;
        let mut wide = Vec::new();
        for cells in merged {
            let (first, last) = (row_number(cells.start.0), row_number(cells.end.0));
            if first > head && last > first {
                return Err(malformed_error(
                    message!("table-merged-rows", first, last),
                    message!("table-merged-rows-help"),
                ));
            }
            let columns = cells.start.1 as usize + 1..cells.end.1 as usize + 1;
            if first >= head && !columns.is_empty() {
                wide.push((first, columns));
            }
        }
        Ok(wide)
    }

    /// Gives the rows of a sheet that have a cell, as long as more is wanted.
    pub(super) fn for_each_row<E: From<TableError>>(
        &mut self,
        sheet: &str,
        take: RowCallback<'_, E>,
    ) -> Result<(), E> {
        let is_1904 = self.workbook.has_1904_epoch();
        let reader = self.workbook.worksheet_cells_reader(sheet);
        let mut reader = reader.map_err(|_| damaged_workbook_error())?;
        let mut take = |row: u32, cells: &[String]| {
            let cells: Vec<&str> = cells.iter().map(|cell| numbered_row::cell_text(cell)).collect();
            take(row_number(row), &cells)
        };
        let mut cells: Vec<String> = Vec::new();
        let mut current: Option<u32> = None;
        while let Some(cell) =
            reader.next_cell_with_formula_metadata().map_err(|_| damaged_workbook_error())?
        {
            let (row, column) = cell.pos;
            let number = row_number(row);
            if current != Some(row) {
                if let Some(last) = current {
                    if row < last {
                        return Err(damaged_workbook_error().into());
                    }
                    if !take(last, &cells)? {
                        return Ok(());
                    }
                }
                cells.clear();
                current = Some(row);
            }
            let place = usize::try_from(column).unwrap_or(usize::MAX);
            if usize::try_from(row).unwrap_or(usize::MAX) > MOST_ROWS {
                return Err(damaged_workbook_error().into());
            }
            let text = cell_text(&cell.value, is_1904, number)?;
            if text.is_empty() {
                if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
                    let why = message!("table-formula", row = number);
                    return Err(malformed_error(why, message!("table-formula-help")).into());
                }
                continue;
            }
            if place >= MOST_COLUMNS {
                return Err(malformed_error(
                    message!("table-wide-row", number, column = place + 1, most = MOST_COLUMNS),
                    message!("table-fewer-columns-help"),
                )
                .into());
            }
            if place < cells.len() {
                return Err(damaged_workbook_error().into());
            }
            cells.resize(place, String::new());
            cells.push(text);
        }
        if let Some(last) = current {
            take(last, &cells)?;
        }
        Ok(())
    }
}

fn row_number(row: u32) -> u64 {
    u64::from(row) + 1
}

/// A cell as text; a moment as `2026-11-25T10:30:00`, a day alone without the time.
fn cell_text(value: &DataRef<'_>, is_1904: bool, row: u64) -> Result<String, TableError> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => check_cell_length(text, row)?,
        DataRef::SharedString(text) => check_cell_length(text, row)?,
        DataRef::Bool(value) => value.to_string().to_ascii_uppercase(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(moment) => {
            // The days of 1904 are counted from four years and a day later.
            let days = moment.as_f64() + if is_1904 { 1462.0 } else { 0.0 };
            match moment_from_serial(days) {
                Some(moment) if moment.time() == jiff::civil::Time::midnight() => {
                    moment.date().to_string()
                }
                Some(moment) => moment.to_string(),
                None => days.to_string(),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => check_cell_length(text, row)?,
        DataRef::Error(error) => error.to_string(),
    })
}

/// A text that is not longer than a cell may be: many cells can share one text.
fn check_cell_length(text: &str, row: u64) -> Result<String, TableError> {
    if text.len() > 4 * 32_767 {
        return Err(malformed_error(message!("table-long-cell", row), Message::default()));
    }
    Ok(text.to_owned())
}

pub(super) fn damaged_workbook_error() -> TableError {
    TableError {
        help: message!("table-workbook-again-help"),
        ..incomplete_error(message!("table-workbook-damaged"))
    }
}

/// Unpacks every file of a workbook to nowhere, to see that all of them are whole, and that neither they
/// nor what is kept of them is more than it may be. What they say of their size is not believed.
pub(crate) fn check_unpacked_size(bytes: &[u8], most: u64) -> Result<(), TableError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged_workbook_error())?;
    if archive.len() > FILES {
        return Err(damaged_workbook_error());
    }
    let mut unpacked = 0;
    let mut listed = 0;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|_| damaged_workbook_error())?;
        let name = file.name().map_err(|_| damaged_workbook_error())?.to_ascii_lowercase();
        let kept = KEPT.iter().find(|kept| name.ends_with(kept.name)).unwrap_or(&STREAMED);
        let (mut size, mut signs, mut since_sign) = (0, 0, 0);
        // The end of a piece is looked at again with the next one, so that no word is cut in two.
        let mut piece = Vec::with_capacity(PIECE + OVERLAP);
        loop {
            let known = piece.len();
            let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece);
            let read = read.map_err(|_| damaged_workbook_error())?;
            if read == 0 {
                break;
            }
            (size, unpacked) = (size + read as u64, unpacked + read as u64);
            let runs = piece[known..].split(|byte| *byte == b'<');
            for (index, run) in runs.enumerate().take_while(|_| kept.signs < u64::MAX) {
                since_sign = if index == 0 { since_sign + run.len() } else { run.len() };
                signs += u64::from(index > 0);
                if signs > kept.signs || since_sign > kept.tag {
                    return Err(too_large_error(most));
                }
            }
            listed += LISTS.iter().map(|word| count_elements(&piece, word)).sum::<usize>();
            if unpacked > most
                || size > kept.bytes
                || listed > MOST_LISTED
                || reserves_too_much(&piece)
            {
                return Err(too_large_error(most));
            }
            piece.drain(..piece.len().saturating_sub(OVERLAP));
        }
    }
    Ok(())
}

/// How many elements have a name that begins so, in any namespace.
fn count_elements(piece: &[u8], name: &[u8]) -> usize {
    let found = memmem::find_iter(piece, name);
    found.filter(|at| *at > 0 && b"<:".contains(&piece[at - 1])).count()
}

/// Whether a list of texts says that it is longer than texts are kept: room for it is made unseen.
fn reserves_too_much(piece: &[u8]) -> bool {
    memmem::find_iter(piece, b"uniqueCount").any(|at| {
        let said = piece[at..].iter().skip("uniqueCount".len()).skip_while(|c| !c.is_ascii_digit());
        let said = said.take_while(|c| c.is_ascii_digit());
        let said =
            said.fold(0_u64, |said, digit| said.saturating_mul(10) + u64::from(digit - b'0'));
        said > KEPT[0].signs
    })
}

fn too_large_error(most: u64) -> TableError {
    malformed_error(
        message!("table-workbook-large", most = most / (1024 * 1024)),
        message!("table-workbook-large-help"),
    )
}

/// The local moment of a spreadsheet's number of days, to the second.
pub fn moment_from_serial(days: f64) -> Option<DateTime> {
    if !(61.0..2_958_466.0).contains(&days) {
        return None;
    }
    // The range is checked above.
    #[expect(clippy::cast_possible_truncation, reason = "within the range")]
    let seconds = (days * 86_400.0).round() as i64;
    let begin = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    begin.checked_add(seconds.seconds()).ok()
}
