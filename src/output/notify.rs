//! The output of `arkib notify`, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;

use super::align_columns::align;
use super::json::{AgencyOutput, ExitOutput, FindingOutput};
use super::{groups, phrases};
use crate::domain::notice::due::DueNotice;
use crate::domain::record::enums::DeliveryOutcome;
use crate::domain::record::history::NoticeDelivery;
use crate::finding::Finding;
use crate::language::Message;
use crate::printer;
use crate::printer::{text, wrap};
use crate::text::{escape, excerpt, prefix_if_some};

const GOOD: Style = AnsiColor::Green.on_default();
const CARE: Style = AnsiColor::Yellow.on_default();
const STRONG: Style = Style::new().bold();
/// The most unconfirmed notices that are listed.
const NAMED: usize = 20;

/// The output of `arkib notify --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotifyOutput")]
pub struct NotifyOutput {
    /// The agency's short name; null if the run ended before the first agency.
    agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    requests: Message,
    /// The day of --as-of; `None` for today.
    #[serde(skip)]
    as_of: Option<Date>,
    /// The notices that were due, in order.
    pub notices: Vec<NoticeOutput>,
    /// Notices that were sent before but may not have arrived, or that a mail server refused.
    pub unconfirmed: Vec<UnconfirmedOutput>,
    /// The day in the policy's `notices`: requests received before it have no notices.
    pub since: Option<String>,
    /// How many requests were received before that day.
    pub received_before: usize,
    /// The digest of the notices that were due, if there are any.
    pub digest: Option<String>,
    /// The file with the record of the run.
    pub record: Option<String>,
    /// Problems of the files, which stop the run.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    pub exit: ExitOutput,
}

impl AgencyOutput for NotifyOutput {
    const FORMAT: &'static str = "arkib.notify/2";
}

impl NotifyOutput {
    /// Builds the output.
    pub fn new(
        agency: Option<&str>,
        requests: Message,
        as_of: Option<Date>,
        found: &[Finding],
    ) -> Self {
        Self {
            agency: agency.map(str::to_owned),
            requests,
            as_of,
            notices: Vec::new(),
            unconfirmed: Vec::new(),
            since: None,
            received_before: 0,
            digest: None,
            record: None,
            findings: found.iter().map(FindingOutput::new).collect(),
            exit: ExitOutput::default(),
        }
    }

    /// The number of notices with an outcome; with `None`, the number that was not delivered.
    pub fn count_notices_with(&self, outcome: Option<&str>) -> usize {
        let notices = self.notices.iter();
        notices.filter(|notice| notice.outcome == outcome).count()
    }
}

/// A notice.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoticeOutput {
    /// The request that it is about.
    pub request: String,
    /// received, approved, blocked, enabled, terminated or withdrawn.
    kind: &'static str,
    /// The recipient.
    pub to: String,
    /// email, memo, letter or form.
    channel: &'static str,
    /// Its title, in the language of the notice.
    title: String,
    /// Whether it repeats a notice.
    again: bool,
    /// sent, printed, refused, deferred or unknown; null if it was not delivered.
    pub outcome: Option<&'static str>,
    /// The answer of the mail server, or another reason.
    pub detail: Option<Message>,
    /// The file to print.
    pub file: Option<String>,
    /// The Message-ID of an e-mail.
    message_id: Option<String>,
    /// The full text, with --show.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl NoticeOutput {
    /// Builds the output.
    pub fn new(
        due: &DueNotice,
        title: String,
        message_id: Option<String>,
        text: Option<String>,
    ) -> Self {
        Self {
            request: due.request.id.to_string(),
            kind: due.kind.as_str(),
            to: due.to.to_string(),
            channel: due.request.received.channel.as_str(),
            title,
            again: due.is_again,
            outcome: None,
            detail: None,
            file: None,
            message_id,
            text,
        }
    }

    /// Sets the outcome and its reason.
    pub(crate) fn set_outcome(&mut self, outcome: DeliveryOutcome, detail: Option<Message>) {
        self.outcome = Some(outcome.as_str());
        self.detail = detail;
    }

    /// Sets that it was not sent; no record mentions it.
    pub(crate) fn set_deferred(&mut self, why: Message) {
        self.set_outcome(DeliveryOutcome::Deferred, Some(why));
    }
}

/// A notice that was sent and may not have arrived.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnconfirmedOutput {
    /// The request that it is about.
    request: String,
    /// The kind of the notice.
    kind: &'static str,
    /// The recipient.
    to: String,
    /// unknown or refused.
    outcome: String,
    /// When (RFC 3339).
    at: String,
    /// The reason, if it is known.
    detail: Option<String>,
}

impl UnconfirmedOutput {
    /// Builds the output.
    pub fn new(due: &DueNotice, given: &NoticeDelivery) -> Self {
        Self {
            request: due.request.id.to_string(),
            kind: due.kind.as_str(),
            to: due.to.to_string(),
            outcome: given.outcome.as_str().to_owned(),
            at: given.at.to_string(),
            detail: given.detail.clone(),
        }
    }
}

/// The first line of a run.
pub fn header(run: &NotifyOutput) -> String {
    let agency = run.agency.as_deref().unwrap_or_default();
    let as_of = run.as_of.map(|day| text!("plan-as-of", day));
    let header = phrases::header(agency, &run.requests, [as_of]);
    wrap(&format!("{STRONG}{header}{STRONG:#}\n\n"), printer::columns(), 2)
}

/// The notices, one row each, with their outcomes.
pub fn notices(run: &NotifyOutput) -> String {
    let cells: Vec<[String; 5]> = run.notices.iter().map(notice_cells).collect();
    let mut text = String::new();
    for (line, notice) in align(&cells, 2, printer::columns()).iter().zip(&run.notices) {
        let style = match notice.outcome {
            Some("sent" | "printed") => GOOD,
            Some(_) => CARE,
            None => Style::new(),
        };
        let _ = writeln!(text, "  {style}{line}{style:#}");
        for line in notice.text.iter().flat_map(|whole| whole.lines()) {
            for line in wrap(&escape(line), printer::columns().saturating_sub(6), 0).lines() {
                let _ = writeln!(text, "    │ {line}");
            }
        }
    }
    if !cells.is_empty() {
        text.push('\n');
    }
    text
}

fn notice_cells(notice: &NoticeOutput) -> [String; 5] {
    let words = match notice.outcome {
        Some("sent" | "printed") | None => {
            let about = escape(notice.file.as_ref().unwrap_or(&notice.title));
            if notice.again { text!("notify-again", about) } else { about.into_owned() }
        }
        Some(outcome) => {
            let parts = [Some(Message::from_word(outcome)), notice.detail.clone()];
            printer::render(&Message::joined(parts.into_iter().flatten(), ": "))
        }
    };
    [
        printer::render(&Message::from_word(notice.channel)),
        escape(&notice.to).into_owned(),
        notice.request.clone(),
        text!("notify-kind", kind = notice.kind),
        words,
    ]
}

/// Notices that may not have arrived, and what the user can do; and requests that have no notices.
pub fn unconfirmed(run: &NotifyOutput) -> String {
    let mut text = String::new();
    let cells: Vec<[String; 5]> =
        run.unconfirmed.iter().take(NAMED).map(unconfirmed_cells).collect();
    for line in align(&cells, 2, printer::columns()) {
        let _ = writeln!(text, "  {CARE}{line}{CARE:#}");
    }
    let count = run.unconfirmed.len();
    if count > NAMED {
        let _ = writeln!(text, "  {}", groups::and_more_text(count - NAMED));
    }
    if count > 0 {
        text.push_str(&paragraph(&message!("notify-unconfirmed", count)));
    }
    if let (Some(day), count @ 1..) = (&run.since, run.received_before) {
        text.push_str(&paragraph(&message!("notify-left-out", count, day)));
    }
    text
}

/// A sentence below the rows, and an empty line.
fn paragraph(sentence: &Message) -> String {
    wrap(&format!("  {}\n\n", printer::render(sentence)), printer::columns(), 0)
}

fn unconfirmed_cells(notice: &UnconfirmedOutput) -> [String; 5] {
    let day = notice.at.get(..10).unwrap_or_default();
    let detail = notice.detail.as_ref().map(|detail| excerpt(detail, 120));
    [
        format!("? {}", printer::render(&Message::from_word(&notice.outcome))),
        escape(&notice.to).into_owned(),
        escape(&notice.request).into_owned(),
        text!("notify-kind", kind = notice.kind),
        format!("{day}{}", prefix_if_some("; ", detail)),
    ]
}

/// How the run ended.
pub fn ending(run: &NotifyOutput) -> String {
    let reason = escape(&printer::render(&run.exit.reason)).into_owned();
    let record = run.record.as_ref().map(|file| text!("notify-recorded", file));
    let record = prefix_if_some("\n", record);
    let text = format!("{STRONG}{reason}{STRONG:#}{}{record}\n", run.exit.help_text());
    wrap(&text, printer::columns(), 2)
}

/// The whole output, as in a terminal at the end of the run.
pub fn render_text(run: &NotifyOutput) -> String {
    format!("{}{}{}{}", header(run), notices(run), unconfirmed(run), ending(run))
}

/// The outcomes of the notices: `2 sent, 1 not sent`.
pub fn outcome_counts(run: &NotifyOutput) -> Message {
    let words = ["sent", "printed", "refused", "deferred", "unknown"].map(Some);
    let counts = words.into_iter().chain([None]).filter_map(|word| {
        let count = run.count_notices_with(word);
        let outcome = word.unwrap_or("none");
        (count > 0).then(|| message!("notify-outcome", count, outcome))
    });
    Message::joined(counts, ", ")
}
