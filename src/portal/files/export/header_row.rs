//! Finds the row that names the columns, below whatever stands above it, and which column is which.

use std::collections::BTreeMap;

use super::error::{malformed_error, policy_mismatch_error};
use crate::domain::mapping::export_file::{
    ExportField, ExportMapping, field_of_default_name, fold_name,
};
use crate::language::Message;
use crate::portal::PortalError;
use crate::table::{HEAD, Header, NumberedRow};
use crate::text::excerpt;

/// How many columns a message lists.
const LISTED: usize = 30;

/// The columns of a row that may have each meaning.
type Candidates = BTreeMap<ExportField, Vec<usize>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeaderRow {
    /// The number of the row that names the columns.
    pub(super) number: u64,
    pub(super) names: Vec<String>,
    /// How many columns have a name, or stand before one that has.
    pub(super) width: usize,
    /// Which column says what.
    pub(super) columns: BTreeMap<ExportField, usize>,
    /// The rows above.
    pub(super) above: Vec<NumberedRow>,
}

impl Header for HeaderRow {
    fn width(&self) -> usize {
        self.width
    }
}

impl HeaderRow {
    /// The field of a row that says this.
    pub(super) fn cell_of_field<'a>(
        &self,
        column: ExportField,
        cells: &[&'a str],
    ) -> Option<&'a str> {
        let index = self.columns.get(&column)?;
        cells.get(*index).map(|cell| cell.trim())
    }

    /// The name of a column, as the export has it.
    pub(super) fn column_name(&self, column: ExportField) -> String {
        let index = self.columns.get(&column).copied().unwrap_or(usize::MAX);
        excerpt(self.names.get(index).map_or("", |name| name.trim()), 60)
    }
}

/// The head; else what is wrong, with a number that is higher the more is known.
pub(super) type HeaderSearchResult = Result<HeaderRow, (usize, PortalError)>;

pub(super) fn find_header(lines: &[NumberedRow], mapping: &ExportMapping) -> HeaderSearchResult {
    let mut likeliest: Option<(usize, Candidates)> = None;
    for (index, line) in lines.iter().enumerate() {
        let found = candidate_columns(&line.cells, mapping);
        if found.contains_key(&ExportField::Mailbox) && found.contains_key(&ExportField::State) {
            let count = found.len();
            return build_header_row(lines, index, &found, mapping)
                .map_err(|trouble| (count + 10, trouble));
        }
        let most = likeliest.as_ref().map_or(0, |(_, most)| most.len());
        if found.len() > most {
            likeliest = Some((index, found));
        }
    }
    Err(header_not_found_error(lines, likeliest, mapping))
}

fn candidate_columns(cells: &[String], mapping: &ExportMapping) -> Candidates {
    let names: Vec<String> = cells.iter().map(|cell| fold_name(cell)).collect();
    let each = mapping.columns.iter();
    let said: BTreeMap<ExportField, String> =
        each.map(|(column, name)| (*column, fold_name(name))).collect();
    let mut found = Candidates::new();
    for column in ExportField::ALL {
        // Whose rows they are is asked only where the policy says which agency's count.
        if column == ExportField::Agency && mapping.agency.is_none() {
            continue;
        }
        let is_meant = |name: &String| match said.get(&column) {
            Some(said) => said == name,
            None => {
                field_of_default_name(name) == Some(column)
                    && !said.values().any(|said| said == name)
            }
        };
        for (index, name) in names.iter().enumerate() {
            if !name.is_empty() && is_meant(name) {
                found.entry(column).or_default().push(index);
            }
        }
    }
    found
}

fn build_header_row(
    lines: &[NumberedRow],
    index: usize,
    found: &Candidates,
    mapping: &ExportMapping,
) -> Result<HeaderRow, PortalError> {
    let line = &lines[index];
    if let Some((column, places)) = found.iter().find(|(_, places)| places.len() > 1) {
        let names = quote_names(places.iter().map(|place| &line.cells[*place]));
        return Err(policy_mismatch_error(
            message!("export-several-columns", field = column.description(), names),
            policy_key_help(*column),
        ));
    }
    // The column of agencies is asked for where the policy names one, and only there.
    let is_asked = |column: &ExportField| match column {
        ExportField::Agency => mapping.agency.is_some(),
        named => mapping.columns.contains_key(named),
    };
    let mut asked = ExportField::ALL.into_iter().filter(is_asked);
    if let Some(column) = asked.find(|column| !found.contains_key(column)) {
        return Err(missing_columns_error(&[column], line, mapping));
    }
    let last = line.cells.iter().rposition(|cell| !cell.trim().is_empty());
    let each = found.iter();
    Ok(HeaderRow {
        number: line.number,
        width: last.map_or(0, |last| last + 1),
        names: line.cells.clone(),
        columns: each.map(|(column, places)| (*column, places[0])).collect(),
        above: lines[..index].to_vec(),
    })
}

/// What to say where no row names both the addresses and the states.
fn header_not_found_error(
    lines: &[NumberedRow],
    likeliest: Option<(usize, Candidates)>,
    mapping: &ExportMapping,
) -> (usize, PortalError) {
    let by_look = || Some((guess_header_row(lines)?, Candidates::new()));
    let Some((row, found)) = likeliest.or_else(by_look) else {
        return (0, no_header_error());
    };
    let mut needed = vec![ExportField::Mailbox, ExportField::State];
    needed.retain(|column| !found.contains_key(column));
    (1 + found.len(), missing_columns_error(&needed, &lines[row], mapping))
}

/// What to say where a row does not name these columns.
fn missing_columns_error(
    columns: &[ExportField],
    row: &NumberedRow,
    mapping: &ExportMapping,
) -> PortalError {
    let said = columns.iter().map(|column| match mapping.columns.get(column) {
        Some(name) => message!("export-no-column", name = excerpt(name, 60)),
        None => message!("export-no-field", field = column.description()),
    });
    let both = |one: Message, other: Message| message!("export-both", one, other);
    let missing = said.reduce(both).unwrap_or_default();
    let help = columns.iter().map(|column| policy_key_help(*column));
    let names = quote_names(row.cells.iter());
    let detail = message!("export-columns", missing, names);
    policy_mismatch_error(detail, Message::joined(help, "; "))
}

/// The row that names the columns, by its look alone: the last of several fields above the first
/// address. Without an address anywhere, a row may be a person's, and is not shown.
fn guess_header_row(lines: &[NumberedRow]) -> Option<usize> {
    let has_address = |line: &NumberedRow| line.cells.iter().any(|cell| cell.contains('@'));
    let first = lines.iter().position(has_address)?;
    let several =
        |line: &NumberedRow| line.cells.iter().filter(|cell| !cell.trim().is_empty()).count() > 1;
    lines[..first].iter().rposition(several)
}

/// No row looks as if it named columns.
fn no_header_error() -> PortalError {
    malformed_error(message!("export-no-header", rows = HEAD), message!("export-no-header-help"))
}

/// Which key of the policy to set.
pub(super) fn policy_key_help(column: ExportField) -> Message {
    let key = column.as_str();
    message!("export-key-help", field = column.description(), key)
}

/// Names for a message. What looks like a person's data is not among them.
fn quote_names<'a>(names: impl Iterator<Item = &'a String>) -> Message {
    let is_name = |name: &&str| {
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        !name.is_empty() && !name.contains('@') && digits < 6
    };
    let mut names: Vec<String> = names
        .map(|name| name.trim())
        .filter(is_name)
        .take(LISTED + 1)
        .map(|name| format!("`{}`", excerpt(name, 60)))
        .collect();
    if names.len() > LISTED {
        names[LISTED] = "…".to_owned();
    }
    if names.is_empty() {
        return message!("export-without-names");
    }
    names.join(", ").into()
}
