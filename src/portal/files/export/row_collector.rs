//! Takes the rows of an export one by one: those above the head are passed over, those below are
//! mailboxes, until the notes at the end.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::cell_reader::CellReader;
use super::dates::DayOrMoment;
use super::error::{
    download_again_help, inconsistent_error, malformed_error, policy_mismatch_error,
};
use super::header_row::HeaderRow;
use super::metadata_rows;
use super::metadata_rows::FooterRow;
use super::ownership_check::OwnershipCheck;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::export_file::{ExportField, ExportMapping};
use crate::domain::observed::{ObservedMailbox, Person};
use crate::language::Message;
use crate::portal::PortalError;
use crate::table::{FileFormat, MOST_COLUMNS, MOST_ROWS, MergedCell, NumberedRow, Pages};
use crate::text::excerpt;

/// The longest field that is read, in bytes: what a cell of Excel can hold.
const LONGEST: usize = 32_767;
/// How much of what should be a request's id is kept.
const ID: usize = 100;
/// The most notes below the table that are kept to look for the day of the export.
const NOTES: usize = 20;

/// An export, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportContent {
    /// Its mailboxes in the order of the rows. Without a column of keys the first row of an address has
    /// the address as its id, the second `address#2`, so that what stands twice is ambiguous.
    pub mailboxes: Vec<ObservedMailbox>,
    /// The mailboxes that rows with an unreadable address probably are, with the number of the row.
    pub unreadable: Vec<(Mailbox, u64)>,
    /// When the export was taken, where it or its name says so.
    pub taken_on: Option<DayOrMoment>,
    /// What an administrator should know of the reading, one sentence each, without personal data.
    pub remarks: Vec<Message>,
}

pub(super) struct RowCollector<'a> {
    head: HeaderRow,
    kind: FileFormat,
    mailboxes: Vec<ObservedMailbox>,
    /// How often each address stands there.
    seen: HashMap<Mailbox, usize>,
    ownership: OwnershipCheck<'a>,
    /// The number of a row that ends early; only the last may, and then the export is cut off.
    short: Option<u64>,
    /// A total and where it stands.
    total: Option<(u64, Vec<usize>)>,
    notes: Vec<NumberedRow>,
    fields: CellReader<'a>,
    /// How many addresses no request can name.
    odd: usize,
    /// The mailboxes that these probably are.
    unreadable: Vec<(Mailbox, u64)>,
    pages: Pages,
    /// Rows in which a column is empty because a cell is merged over it.
    merged: HashSet<u64>,
    /// Columns over which a cell of the head is merged.
    below_merged: Vec<Range<usize>>,
}

impl<'a> RowCollector<'a> {
    pub(super) fn new(
        head: HeaderRow,
        mapping: &'a ExportMapping,
        domains: &'a [String],
        kind: FileFormat,
    ) -> Self {
        let mut pages = Pages::default();
        for line in &head.above {
            pages.add_line(line.number, &line.cells.join(" "));
        }
        Self {
            kind,
            mailboxes: Vec::new(),
            seen: HashMap::new(),
            ownership: OwnershipCheck::new(mapping.agency.as_deref(), domains),
            short: None,
            total: find_total_above(&head),
            notes: head.above.clone(),
            fields: CellReader::new(mapping),
            odd: 0,
            unreadable: Vec::new(),
            pages,
            merged: HashSet::new(),
            below_merged: Vec::new(),
            head,
        }
    }

    /// Takes the cells that are merged over several columns. Where the head is merged as the rows are,
    /// nothing is lost.
    pub(super) fn note_merged_cells(&mut self, merged: Vec<MergedCell>) {
        for (row, columns) in merged {
            let mut names = self.head.names.iter().take(columns.end).skip(columns.start);
            if row == self.head.number {
                self.below_merged.push(columns);
            } else if names.any(|name| !name.trim().is_empty()) {
                self.merged.insert(row);
            }
        }
    }

    pub(super) fn take_row(&mut self, number: u64, cells: &[&str]) -> Result<(), PortalError> {
        // Some programs draw a line below the names.
        let rule =
            |character: char| matches!(character, '-' | '=' | '_') || character.is_whitespace();
        let is_empty = cells.iter().all(|cell| cell.chars().all(rule));
        if number <= self.head.number || is_empty || self.is_repeated_header(cells) {
            return Ok(());
        }
        if cells.len() > MOST_COLUMNS || cells.iter().any(|cell| cell.len() > LONGEST) {
            return Err(self.row_error(number, message!("export-row-large")));
        }
        // Two rows in one, where a quote does not close; so it is seldom without it.
        let is_two = |cell: &&str| cell.contains('\n') && cell.contains('@');
        if self.kind == FileFormat::Text && cells.iter().any(is_two) {
            return Err(self.row_error(number, message!("export-row-quote")));
        }
        let address = self.head.cell_of_field(ExportField::Mailbox, cells).unwrap_or_default();
        if !address.contains('@') && self.take_footer(number, cells)? {
            return Ok(());
        }
        self.check_row(number, cells, address)?;
        if self.ownership.row_count() >= MOST_ROWS {
            return Err(malformed_error(
                message!("export-many-rows", most = MOST_ROWS),
                message!("export-many-rows-help"),
            ));
        }
        if self.short.is_some() {
            return Ok(());
        }
        let agency = self.head.cell_of_field(ExportField::Agency, cells);
        if agency == Some("") {
            let name = self.head.column_name(ExportField::Agency);
            return Err(self.row_error(number, message!("export-row-agency", name)));
        }
        let mailbox = Mailbox::from_portal(address);
        if !self.ownership.accept_row(&mailbox, agency) {
            return Ok(());
        }
        if Mailbox::parse(address).is_err() {
            self.odd += 1;
            let probable = Mailbox::guess_mailboxes(address).into_iter();
            self.unreadable.extend(probable.map(|mailbox| (mailbox, number)));
        }
        let read = self.read_mailbox(mailbox, cells);
        self.mailboxes.push(read);
        Ok(())
    }

    /// The total, where it stands below the table.
    fn line_of_total_below(&self) -> Option<u64> {
        let (number, _) = self.total.as_ref()?;
        (*number > self.head.number).then_some(*number)
    }

    /// Where a table goes over several pages, each may name the columns again.
    fn is_repeated_header(&self, cells: &[&str]) -> bool {
        // A workbook has no empty cells at the end.
        let cell = |index: usize| cells.get(index).map_or("", |cell| cell.trim());
        let mut names = self.head.names.iter().enumerate();
        cells.len() <= names.len() && names.all(|(index, name)| name.trim() == cell(index))
    }

    /// Takes a row that is not a mailbox's; returns whether it is one.
    fn take_footer(&mut self, number: u64, cells: &[&str]) -> Result<bool, PortalError> {
        let footer = match metadata_rows::recognize_footer(cells.iter().copied()) {
            Some(footer) => {
                self.pages.add_line(number, &cells.join(" "));
                footer
            }
            None if self.pages.add_row(number, cells) => FooterRow::Note,
            None => return Ok(false),
        };
        match footer {
            FooterRow::Total(numbers) if self.line_of_total_below().is_none() => {
                self.check_total(&numbers, number)?;
                // One above the table is compared when all rows are there.
                self.total.get_or_insert((number, numbers));
            }
            FooterRow::Note if self.notes.len() < self.head.above.len() + NOTES => {
                self.notes.push(NumberedRow::new(number, cells));
            }
            FooterRow::Total(_) | FooterRow::Note => {}
        }
        Ok(true)
    }

    /// Whether a row can be a mailbox's.
    fn check_row(&mut self, number: u64, cells: &[&str], address: &str) -> Result<(), PortalError> {
        if let Some(short) = self.short {
            return Err(self.row_error(short, message!("export-row-short")));
        }
        if let Some(total) = self.line_of_total_below() {
            return Err(inconsistent_error(
                message!(
                    "export-after-total",
                    place = self.kind.row_place(number),
                    total = self.kind.row_place(total)
                ),
                message!("export-one-table-help"),
            ));
        }
        // A workbook has no empty cells at the end.
        if self.kind == FileFormat::Text && cells.len() < self.head.width {
            self.short = Some(number);
            return Ok(());
        }
        let is_filled = |columns: &Range<usize>| {
            let mut cells = cells.iter().take(columns.end).skip(columns.start);
            cells.any(|cell| !cell.trim().is_empty())
        };
        if self.merged.contains(&number) || self.below_merged.iter().any(is_filled) {
            return Err(self.row_error(number, message!("export-row-merged")));
        }
        let more = cells.get(self.head.names.len()..).unwrap_or_default();
        if more.iter().any(|cell| !cell.trim().is_empty()) {
            return Err(self.row_error(number, message!("export-row-long")));
        }
        if !address.contains('@') {
            let name = self.head.column_name(ExportField::Mailbox);
            return Err(self.row_error(number, message!("export-row-address", name)));
        }
        Ok(())
    }

    fn read_mailbox(&mut self, mailbox: Mailbox, cells: &[&str]) -> ObservedMailbox {
        let count = self.seen.entry(mailbox.clone()).or_insert(0);
        *count += 1;
        let get = |column| self.head.cell_of_field(column, cells).unwrap_or_default();
        let id = match (get(ExportField::Id), *count) {
            ("", 1) => mailbox.as_str().into(),
            ("", count) => format!("{mailbox}#{count}").into(),
            (id, _) => excerpt(id, ID).into(),
        };
        let has_accounts = self.head.columns.contains_key(&ExportField::Account);
        let account = has_accounts.then(|| get(ExportField::Account));
        let request = get(ExportField::Request);
        let mut date = |column| self.fields.read_date(column, get(column));
        let changed_at = date(ExportField::ChangedAt);
        let recoverable_until = date(ExportField::RecoverableUntil);
        let created = date(ExportField::Created);
        let (post, office) = (get(ExportField::Post), get(ExportField::Office));
        let person = Person::new(&mailbox, &[get(ExportField::Name)], post, office);
        ObservedMailbox {
            mailbox,
            id,
            version: None,
            state: self.fields.read_state(get(ExportField::State)),
            account: self.fields.read_account(account),
            hold: self.fields.read_hold(get(ExportField::Hold)),
            request: (!request.is_empty()).then(|| excerpt(request, ID).into()),
            changed_at,
            modified_at: None,
            recoverable_until,
            created,
            person,
        }
    }

    /// What all rows gave, in a file of that name.
    pub(super) fn finish(mut self, name: &str) -> Result<ExportContent, PortalError> {
        if let Some(short) = self.short {
            return Err(inconsistent_error(
                message!("export-incomplete", place = self.kind.row_place(short)),
                download_again_help(),
            ));
        }
        if let Some((number, numbers)) = &self.total {
            self.check_total(numbers, *number)?;
        }
        if let Some((number, line)) = self.pages.missing(self.ownership.row_count()) {
            let (place, line) = (self.kind.row_place(number), excerpt(line, 80));
            return Err(inconsistent_error(
                message!("export-part", place, line),
                message!("export-all-pages-help"),
            ));
        }
        self.ownership.check_mostly_own()?;
        self.fields.check_unknown_words(&self.head)?;
        self.fields.drop_unreadable_dates(&mut self.mailboxes);
        let mut remarks = self.remarks();
        let mut taken_on = metadata_rows::find_export_date(&self.notes);
        // Such an export would have the day of itself the same way round.
        if taken_on.is_some() && self.fields.has_month_first_dates() {
            taken_on = None;
            remarks.push(message!("export-own-date-unused"));
        }
        let taken_on = taken_on.or_else(|| metadata_rows::export_date_in_file_name(name));
        if let (None, Some(number)) =
            (taken_on, metadata_rows::line_with_unreadable_date(&self.notes))
        {
            return Err(policy_mismatch_error(
                message!("export-date-unread", number),
                message!("export-date-help"),
            ));
        }
        let (mailboxes, unreadable) = (self.mailboxes, self.unreadable);
        Ok(ExportContent { mailboxes, unreadable, taken_on, remarks })
    }

    fn remarks(&self) -> Vec<Message> {
        let mut remarks = self.fields.remarks(&self.head);
        if self.odd > 0 {
            remarks.push(message!("export-odd-addresses", count = self.odd));
        }
        let twice = self.seen.values().filter(|count| **count > 1).count();
        if twice > 0 {
            remarks.push(message!("export-twice", count = twice));
        }
        remarks
    }

    /// Whether one of the numbers of a total is that of the rows.
    fn check_total(&self, numbers: &[usize], number: u64) -> Result<(), PortalError> {
        let rows = self.ownership.row_count();
        if numbers.contains(&rows) {
            return Ok(());
        }
        let said: Vec<String> = numbers.iter().take(5).map(usize::to_string).collect();
        Err(inconsistent_error(
            message!(
                "export-other-total",
                place = self.kind.row_place(number),
                total = said.join(", "),
                rows
            ),
            download_again_help(),
        ))
    }

    fn row_error(&self, number: u64, what: Message) -> PortalError {
        malformed_error(
            message!("export-row", place = self.kind.row_place(number), what),
            message!("export-row-help"),
        )
    }
}

/// A total that stands above the table.
fn find_total_above(head: &HeaderRow) -> Option<(u64, Vec<usize>)> {
    head.above.iter().find_map(|line| {
        match metadata_rows::recognize_footer(line.cells.iter().map(String::as_str)) {
            Some(FooterRow::Total(numbers)) => Some((line.number, numbers)),
            _ => None,
        }
    })
}
