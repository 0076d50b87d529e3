//! The register for programs and for comments; `domain::register` makes its rows.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::align_columns::align;
use super::json::{AgencyOutput, ExitOutput, FindingOutput};
use super::phrases;
use crate::domain::register::{Register, RequestRow};
use crate::finding::Finding;
use crate::language::{Language, Message};
use crate::printer;
use crate::printer::text;
use crate::text::{escape, prefix_if_some};

/// The output of `arkib register --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RegisterOutput {
    /// When it was made (RFC 3339).
    made_at: String,
    /// The version of arkib that made it.
    arkib: &'static str,
    /// The register; null if the run failed.
    register: Option<Register>,
    /// Problems of the files.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl AgencyOutput for RegisterOutput {
    const FORMAT: &'static str = "arkib.register/2";
}

impl RegisterOutput {
    /// Builds the output.
    pub fn new(
        made_at: Timestamp,
        register: Option<Register>,
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            made_at: made_at.to_string(),
            arkib: env!("CARGO_PKG_VERSION"),
            register,
            findings: found.iter().map(FindingOutput::new).collect(),
            exit,
        }
    }
}

/// The register as text: the totals, then a line per request.
pub fn render_text(register: &Register) -> String {
    let figures = &register.figures;
    let period = register.period.as_ref();
    let period =
        period.map(|period| text!("register-period", from = &period.from, to = &period.to));
    let unasked = (!register.portal_asked).then(|| text!("register-offline"));
    let more = [Some(text!("plan-as-of", day = &register.as_of)), period, unasked];
    let mut text = phrases::header(&register.agency, &register.requests, more);
    let stages = figures.stages.iter().filter(|(_, count)| **count > 0);
    let stages = stages.map(|(stage, count)| format!("{count} {}", stage_word(stage)));
    let stages = Some(stages.collect::<Vec<_>>().join(" · ")).filter(|all| !all.is_empty());
    let stages = stages.unwrap_or_else(|| text!("run-none"));
    let requests = text!("plan-count-requests", count = figures.requests);
    let _ = write!(text, "\n\n{requests}: {stages}");
    if let (Some(median), Some(p90)) = (figures.median_days, figures.p90_days) {
        let (median, count) = (median.to_string(), figures.timed);
        let _ = write!(text, "\n{}", text!("register-time", median, p = p90, count));
    }
    if let (Some(unmanaged), Some(drifted)) = (&register.unmanaged, &register.drifted) {
        let (unmanaged, drifted) = (unmanaged.len(), drifted.len());
        let _ = write!(text, "\n{}", text!("register-portal", unmanaged, drifted));
    }
    text.push_str("\n\n");
    let rows: Vec<[String; 6]> = register.rows.iter().map(request_row_cells).collect();
    for line in align(&rows, 0, printer::columns()) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// A stage, as in the spreadsheet.
fn stage_word(stage: &str) -> String {
    match printer::language() {
        Language::English => stage.to_owned(),
        Language::Malay => Language::Malay.texts().text_in_section("stage", stage).to_lowercase(),
    }
}

fn request_row_cells(row: &RequestRow) -> [String; 6] {
    let mailboxes = match (row.mailboxes.as_slice(), &row.withdraws) {
        ([], Some(withdraws)) => withdraws.clone(),
        ([], None) => String::new(),
        ([one], _) => escape(&one.mailbox).into_owned(),
        ([first, rest @ ..], _) => {
            text!("register-and-more", first = escape(&first.mailbox), count = rest.len())
        }
    };
    let days = match (row.days_to_done, row.age_days) {
        (Some(days), _) => text!("register-after", days = days as usize),
        (None, Some(age)) => text!("register-open", days = age as usize),
        (None, None) => String::new(),
    };
    [
        row.id.clone(),
        printer::render(&Message::from_word(row.action)),
        mailboxes,
        text!("register-received", day = &row.received.date),
        format!("{}{}", stage_word(row.stage), prefix_if_some(" ", row.done_on.as_ref())),
        days,
    ]
}
