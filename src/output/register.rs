//! The register for programs and, cut to what fits, for comments; `register` makes its rows.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::findings::plural;
use super::json::{ExitOutput, FindingOutput};
use super::table::align;
use crate::domain::register::{Register, Row};
use crate::text::visible;

/// The version of the output.
pub const FORMAT: &str = "arkib.register/1";

/// The output of `arkib register --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RegisterOutput {
    /// `arkib.register/1`.
    pub format: &'static str,
    /// When it was made (RFC 3339).
    pub made_at: String,
    /// The version of arkib that made it.
    pub arkib: &'static str,
    /// The register; null where the run ended before there was one.
    pub register: Option<Register>,
    /// Problems of the files.
    pub findings: Vec<FindingOutput>,
    /// How the run ended.
    pub exit: ExitOutput,
}

/// The register as text: what it comes to, then a line a request.
pub fn text(register: &Register) -> String {
    let figures = &register.figures;
    let mut text = format!(
        "arkib {} · {} · requests {} · as of {}",
        env!("CARGO_PKG_VERSION"),
        visible(&register.agency),
        visible(&register.requests),
        register.as_of
    );
    if let Some(period) = &register.period {
        let _ = write!(text, " · received {} to {}", period.from, period.to);
    }
    if !register.portal_asked {
        text.push_str(" · the portal was not asked");
    }
    let stages = figures.stages.iter().filter(|(_, count)| **count > 0);
    let stages: Vec<String> = stages
        .map(|(stage, count)| format!("{count} {stage}"))
        .collect();
    let _ = write!(
        text,
        "\n\n{}: {}",
        plural(figures.requests, "request", "requests"),
        if stages.is_empty() {
            "none".to_owned()
        } else {
            stages.join(" · ")
        }
    );
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
    let rows: Vec<[String; 6]> = register.rows.iter().map(line).collect();
    for line in align(&rows) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn line(row: &Row) -> [String; 6] {
    let mailboxes = match (row.mailboxes.as_slice(), &row.withdraws) {
        ([], Some(withdraws)) => withdraws.clone(),
        ([], None) => String::new(),
        ([one], _) => visible(&one.mailbox).into_owned(),
        ([first, rest @ ..], _) => format!("{} and {} more", visible(&first.mailbox), rest.len()),
    };
    let days = match (row.days_to_done, row.age_days) {
        (Some(days), _) => format!("after {}", plural_days(days)),
        (None, Some(age)) => format!("open for {}", plural_days(age)),
        (None, None) => String::new(),
    };
    let done = row.done_on.as_ref().map(|day| format!(" {day}"));
    [
        row.id.clone(),
        row.action.to_owned(),
        mailboxes,
        format!("received {}", row.received.date),
        format!("{}{}", row.stage, done.unwrap_or_default()),
        days,
    ]
}

fn plural_days(days: i32) -> String {
    let unit = if days == 1 { "day" } else { "days" };
    format!("{days} {unit}")
}
