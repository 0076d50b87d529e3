//! Takes the rows of a report one by one: those above the head are passed over, those below are
//! mailboxes, until the notes at the end.

use std::collections::HashMap;

use super::error::{DOWNLOAD_AGAIN, Trouble};
use super::fields::Fields;
use super::footer;
use super::footer::Footer;
use super::head::{Head, Line};
use super::ownership::Whose;
use super::taken_at;
use super::taken_at::Taken;
use super::{MOST_COLUMNS, MOST_ROWS};
use crate::domain::mailbox::Mailbox;
use crate::domain::mapping::report::{Column, ReportMapping};
use crate::domain::observed::ObservedMailbox;
use crate::text::excerpt;

/// The longest field that is read, in bytes: what a cell of Excel can hold.
const LONGEST: usize = 32_767;
/// How much of what should be a request's id is kept.
const ID: usize = 100;
/// The most notes below the table that are kept to look for the day of the report.
const NOTES: usize = 20;

/// One row of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// Its number in the file.
    pub(super) number: u64,
    /// Its fields.
    pub(super) cells: &'a [&'a str],
    /// Whether fields at its end may be missing: so it is in a workbook, where empty cells are none.
    pub(super) may_be_short: bool,
}

/// What the rows gave.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) mailboxes: Vec<ObservedMailbox>,
    pub(super) taken_on: Option<Taken>,
    /// A line that seems to say when, and does not in a way that can be read.
    pub(super) unread_day: Option<u64>,
    pub(super) passed_over: usize,
    pub(super) remarks: Vec<String>,
}

/// The rows so far.
pub(super) struct Rows<'a> {
    head: Head,
    /// "line" or "row".
    unit: &'static str,
    mailboxes: Vec<ObservedMailbox>,
    /// How often each address stands there.
    seen: HashMap<Mailbox, usize>,
    whose: Whose<'a>,
    passed_over: usize,
    /// The number of a row that ends early; only the last may, and then the report is cut off.
    short: Option<u64>,
    /// A total and where it stands.
    total: Option<(u64, Vec<usize>)>,
    notes: Vec<Line>,
    fields: Fields<'a>,
    /// How many addresses no request can name.
    odd: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        head: Head,
        mapping: &'a ReportMapping,
        domains: &'a [String],
        unit: &'static str,
    ) -> Self {
        Self {
            unit,
            mailboxes: Vec::new(),
            seen: HashMap::new(),
            whose: Whose::new(mapping.agency.as_deref(), domains),
            passed_over: 0,
            short: None,
            total: above(&head),
            notes: head.above.clone(),
            fields: Fields::new(mapping),
            odd: 0,
            head,
        }
    }

    /// Takes the next row.
    pub(super) fn take(&mut self, row: Row<'_>) -> Result<(), Trouble> {
        let Row { number, cells, .. } = row;
        // Some programs draw a line below the names.
        let rule = |it: char| matches!(it, '-' | '=' | '_') || it.is_whitespace();
        let is_empty = cells.iter().all(|cell| cell.chars().all(rule));
        if number <= self.head.number || is_empty || self.is_head_again(cells) {
            return Ok(());
        }
        if cells.len() > MOST_COLUMNS || cells.iter().any(|cell| cell.len() > LONGEST) {
            return Err(self.at(number, "has more or longer fields than a report has"));
        }
        let address = self.head.get(Column::Mailbox, cells).unwrap_or_default();
        // Two rows in one, where a quote does not close; so it is seldom without it.
        if !row.may_be_short && cells.iter().any(|it| it.contains('\n') && it.contains('@')) {
            return Err(self.at(
                number,
                "has a field that goes over several lines and has an address in it: perhaps a quote is missing",
            ));
        }
        if !address.contains('@')
            && let Some(footer) = footer::of(cells.iter().copied())
        {
            return self.footer(number, footer, cells);
        }
        self.check(&row, address)?;
        if self.mailboxes.len() + self.passed_over >= MOST_ROWS {
            return Err(Trouble::malformed(
                format!("the report has more than {MOST_ROWS} rows"),
                "download the report of your own agency alone",
            ));
        }
        let agency = self.head.get(Column::Agency, cells);
        if self.short.is_some() {
            return Ok(());
        }
        if agency == Some("") {
            let name = self.head.name(Column::Agency);
            return Err(self.at(
                number,
                &format!("says no agency in the column `{name}`; where cells are merged, the other rows are empty"),
            ));
        }
        let mailbox = Mailbox::from_portal(address);
        if !self.whose.take(&mailbox, agency) {
            self.passed_over += 1;
            return Ok(());
        }
        self.odd += usize::from(Mailbox::parse(address).is_err());
        let read = self.mailbox(mailbox, cells);
        self.mailboxes.push(read);
        Ok(())
    }

    /// Where a table goes over several pages, each may name the columns again.
    fn is_head_again(&self, cells: &[&str]) -> bool {
        let names = self.head.names.iter().map(|name| name.trim());
        names.eq(cells.iter().map(|cell| cell.trim()).chain(
            // A workbook has no empty cells at the end.
            std::iter::repeat_n("", self.head.names.len().saturating_sub(cells.len())),
        ))
    }

    fn footer(&mut self, number: u64, footer: Footer, cells: &[&str]) -> Result<(), Trouble> {
        match footer {
            Footer::Total(_)
                if self
                    .total
                    .as_ref()
                    .is_some_and(|it| it.0 > self.head.number) => {}
            Footer::Total(numbers) => {
                let rows = self.mailboxes.len() + self.passed_over;
                agrees(&numbers, rows, number, self.unit)?;
                // One above the table is compared when all rows are there.
                if self.total.is_none() {
                    self.total = Some((number, numbers));
                }
            }
            Footer::Note if self.notes.len() < self.head.above.len() + NOTES => {
                self.notes.push(Line {
                    number,
                    cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
                });
            }
            Footer::Note => {}
        }
        Ok(())
    }

    /// Whether a row can be a mailbox's.
    fn check(&mut self, row: &Row<'_>, address: &str) -> Result<(), Trouble> {
        let Row { number, cells, .. } = *row;
        if let Some(short) = self.short {
            return Err(self.at(
                short,
                "ends early: it has fewer fields than there are columns; where a spreadsheet program wrote it so, save the report as .xlsx",
            ));
        }
        if let Some((total, _)) = &self.total
            && *total > self.head.number
        {
            return Err(Trouble::inconsistent(
                format!("{0} {number} follows the total in {0} {total}", self.unit),
                "a report has one table with its total at the end; download each table by itself",
            ));
        }
        if !row.may_be_short && cells.len() < self.head.width {
            self.short = Some(number);
            return Ok(());
        }
        let width = self.head.names.len();
        if cells.len() > width && cells[width..].iter().any(|cell| !cell.trim().is_empty()) {
            return Err(self.at(
                number,
                "has more fields than there are columns: perhaps a field that has the delimiter in it and no quotes around it",
            ));
        }
        if !address.contains('@') {
            let name = self.head.name(Column::Mailbox);
            return Err(self.at(number, &format!("has no address in the column `{name}`")));
        }
        Ok(())
    }

    fn mailbox(&mut self, mailbox: Mailbox, cells: &[&str]) -> ObservedMailbox {
        let count = self.seen.entry(mailbox.clone()).or_insert(0);
        *count += 1;
        let id = match *count {
            1 => mailbox.as_str().into(),
            count => format!("{mailbox}#{count}").into(),
        };
        let request = self.head.get(Column::Request, cells);
        ObservedMailbox {
            mailbox,
            id,
            version: None,
            state: self.fields.state(&self.head, cells),
            account: self.fields.account(&self.head, cells),
            hold: self.fields.hold(&self.head, cells),
            request: request
                .filter(|it| !it.is_empty())
                .map(|it| excerpt(it, ID).into()),
            changed_at: self.fields.date(&self.head, Column::ChangedAt, cells),
            recoverable_until: self
                .fields
                .date(&self.head, Column::RecoverableUntil, cells),
        }
    }

    /// What all rows gave.
    pub(super) fn finish(mut self) -> Result<Read, Trouble> {
        if let Some(short) = self.short {
            return Err(Trouble::inconsistent(
                format!(
                    "the report is cut off: its last row, {} {short}, has fewer fields than there are columns",
                    self.unit
                ),
                DOWNLOAD_AGAIN,
            ));
        }
        let rows = self.mailboxes.len() + self.passed_over;
        if let Some((number, numbers)) = &self.total {
            agrees(numbers, rows, *number, self.unit)?;
        }
        self.whose.decide()?;
        self.fields.decide(&self.head)?;
        self.fields.forget(&mut self.mailboxes);
        let mut remarks = self.remarks();
        let mut taken_on = taken_at::in_lines(&self.notes);
        // Such a report would have the day of itself the same way round.
        if taken_on.is_some() && self.fields.has_months_first() {
            taken_on = None;
            remarks.push(
                "the day that the report says it was taken on is not believed either".to_owned(),
            );
        }
        Ok(Read {
            mailboxes: self.mailboxes,
            taken_on,
            unread_day: taken_at::unread(&self.notes),
            passed_over: self.passed_over,
            remarks,
        })
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = self.fields.remarks(&self.head);
        if self.odd > 0 {
            remarks.push(format!(
                "{} rows have an address that no request can name, such as one with letters that only look Latin; they are not changed",
                self.odd
            ));
        }
        let twice = self.seen.values().filter(|count| **count > 1).count();
        if twice > 0 {
            remarks.push(format!(
                "{twice} addresses stand in more than one row; nobody can say which row is right, so they are not changed"
            ));
        }
        remarks
    }

    fn at(&self, number: u64, what: &str) -> Trouble {
        Trouble::malformed(
            format!("{} {number} {what}", self.unit),
            "look at that row of the report; where the portal wrote it so, take the row out of a copy, or download the report again",
        )
    }
}

/// A total that stands above the table.
fn above(head: &Head) -> Option<(u64, Vec<usize>)> {
    head.above.iter().find_map(
        |line| match footer::of(line.cells.iter().map(String::as_str)) {
            Some(Footer::Total(numbers)) => Some((line.number, numbers)),
            _ => None,
        },
    )
}

fn agrees(numbers: &[usize], rows: usize, number: u64, unit: &str) -> Result<(), Trouble> {
    if numbers.contains(&rows) {
        return Ok(());
    }
    let said: Vec<String> = numbers.iter().take(5).map(usize::to_string).collect();
    Err(Trouble::inconsistent(
        format!(
            "{unit} {number} says how many there are ({}), but the report has {rows} rows: it is cut off or was changed",
            said.join(", ")
        ),
        DOWNLOAD_AGAIN,
    ))
}
