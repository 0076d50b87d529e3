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
use crate::printer;
use crate::text::{escape, plural, prefix_if_some};

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
    let period = period.map(|period| format!("received {} to {}", period.from, period.to));
    let unasked = (!register.portal_asked).then(|| "the portal was not read".to_owned());
    let more = [Some(format!("as of {}", register.as_of)), period, unasked];
    let mut text = phrases::header(&register.agency, &(&register.requests).into(), more);
    let stages = figures.stages.iter().filter(|(_, count)| **count > 0);
    let mut stages: Vec<String> = stages.map(|(stage, count)| format!("{count} {stage}")).collect();
    if stages.is_empty() {
        stages.push("none".to_owned());
    }
    let requests = plural(figures.requests, "request", "requests");
    let _ = write!(text, "\n\n{requests}: {}", stages.join(" · "));
    if let (Some(median), Some(p90)) = (figures.median_days, figures.p90_days) {
        let _ = write!(
            text,
            "\nFrom receipt to done: half within {median} days, nine of ten within {p90} ({} timed)",
            figures.timed
        );
    }
    if let (Some(unmanaged), Some(drifted)) = (&register.unmanaged, &register.drifted) {
        let _ = write!(
            text,
            "\nIn the portal: {} unmanaged, {} drifted",
            unmanaged.len(),
            drifted.len()
        );
    }
    text.push_str("\n\n");
    let rows: Vec<[String; 6]> = register.rows.iter().map(request_row_cells).collect();
    for line in align(&rows, 0, printer::columns()) {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn request_row_cells(row: &RequestRow) -> [String; 6] {
    let mailboxes = match (row.mailboxes.as_slice(), &row.withdraws) {
        ([], Some(withdraws)) => withdraws.clone(),
        ([], None) => String::new(),
        ([one], _) => escape(&one.mailbox).into_owned(),
        ([first, rest @ ..], _) => format!("{} and {} more", escape(&first.mailbox), rest.len()),
    };
    let plural = |days: i32| plural(days as usize, "day", "days");
    let days = match (row.days_to_done, row.age_days) {
        (Some(days), _) => format!("after {}", plural(days)),
        (None, Some(age)) => format!("open for {}", plural(age)),
        (None, None) => String::new(),
    };
    [
        row.id.clone(),
        row.action.to_owned(),
        mailboxes,
        format!("received {}", row.received.date),
        format!("{}{}", row.stage, prefix_if_some(" ", row.done_on.as_ref())),
        days,
    ]
}
