//! What `arkib notify` tells: for people, and for programs.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::findings::plural;
use super::json;
use super::json::{ExitOutput, FindingOutput};
use super::optional::optional;
use super::table::align;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::text::{excerpt, visible};

const GOOD: Style = AnsiColor::Green.on_default();
const CARE: Style = AnsiColor::Yellow.on_default();
const STRONG: Style = Style::new().bold();
/// How many notices in doubt are named one by one.
const NAMED: usize = 20;

/// The output of `arkib notify --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotifyOutput")]
pub struct NotifySummary {
    /// `arkib.notify/1`.
    format: &'static str,
    /// The agency's short name; null where the run ended before one was looked at.
    agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    requests: String,
    /// The day that was asked for; the real one where none was.
    #[serde(skip)]
    as_of: Option<Date>,
    /// The notices that were due, in order.
    pub notices: Vec<NoticeOutput>,
    /// Notices that were given before, and of which nobody knows whether they arrived, or which a
    /// mail server refused.
    pub doubts: Vec<DoubtOutput>,
    /// The digest of the notices that were due, where there are any.
    pub digest: Option<String>,
    /// The file that the run was recorded in.
    pub record: Option<String>,
    /// Problems of the files, which keep the run from going on.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    pub exit: ExitOutput,
}

/// One notice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoticeOutput {
    /// The request that it is about.
    pub request: String,
    /// received, approved, blocked, enabled, terminated or withdrawn.
    pub kind: &'static str,
    /// Whom it is for.
    pub to: String,
    /// email, memo, letter or form.
    pub channel: &'static str,
    /// What it is about, in a line of the notice's language.
    pub title: String,
    /// Whether it was given before and is given once more.
    pub again: bool,
    /// sent, printed, refused, deferred or unknown; null where it was not given.
    pub outcome: Option<&'static str>,
    /// What the mail server said, or what else is to be said.
    pub detail: Option<String>,
    /// The file to be printed.
    pub file: Option<String>,
    /// The Message-ID of a message.
    pub message_id: Option<String>,
    /// The whole text, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A notice that was given and may not have arrived.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DoubtOutput {
    /// The request that it is about.
    pub request: String,
    /// The kind of the notice.
    pub kind: &'static str,
    /// Whom it was for.
    pub to: String,
    /// unknown or refused.
    pub outcome: String,
    /// When (RFC 3339).
    pub at: String,
    /// What is known.
    pub detail: Option<String>,
}

impl NotifySummary {
    /// Of an agency of which nothing is known yet, or of a run that came to none.
    pub fn new(
        agency: Option<&str>,
        requests: String,
        as_of: Option<Date>,
        found: &[Finding],
    ) -> Self {
        Self {
            format: "arkib.notify/1",
            agency: agency.map(str::to_owned),
            requests,
            as_of,
            notices: Vec::new(),
            doubts: Vec::new(),
            digest: None,
            record: None,
            findings: found.iter().map(json::finding).collect(),
            exit: json::exit(Exit::Done, ""),
        }
    }

    /// How many notices ended so; without an outcome, how many were not given.
    pub fn count(&self, outcome: Option<&str>) -> usize {
        let notices = self.notices.iter();
        notices.filter(|notice| notice.outcome == outcome).count()
    }
}

/// The first line of a run.
pub fn header(run: &NotifySummary) -> String {
    format!(
        "{STRONG}arkib {} · {} · requests {}{}{STRONG:#}\n\n",
        env!("CARGO_PKG_VERSION"),
        visible(run.agency.as_deref().unwrap_or_default()),
        visible(&run.requests),
        optional(" · as of ", run.as_of.map(|day| day.to_string()))
    )
}

/// The notices, a row each, with what became of them.
pub fn notices(run: &NotifySummary) -> String {
    let cells: Vec<[String; 5]> = run.notices.iter().map(row).collect();
    let mut text = String::new();
    for (line, notice) in align(&cells).iter().zip(&run.notices) {
        let style = match notice.outcome {
            Some("sent" | "printed") => GOOD,
            Some(_) => CARE,
            None => Style::new(),
        };
        let _ = writeln!(text, "  {style}{line}{style:#}");
        for line in notice.text.iter().flat_map(|whole| whole.lines()) {
            let _ = writeln!(text, "    │ {}", visible(line));
        }
    }
    if !cells.is_empty() {
        text.push('\n');
    }
    text
}

fn row(notice: &NoticeOutput) -> [String; 5] {
    let is_message = notice.channel == "email";
    let sign = if is_message { "✉" } else { "⎙" };
    let again = if notice.again { "once more: " } else { "" };
    let words = match notice.outcome {
        Some("sent" | "printed") | None => {
            let about = notice.file.as_ref().unwrap_or(&notice.title);
            format!("{again}{}", visible(about))
        }
        Some(outcome) => format!("{outcome}{}", optional(": ", notice.detail.as_ref())),
    };
    [
        format!("{sign} {}", notice.channel),
        visible(&notice.to).into_owned(),
        notice.request.clone(),
        notice.kind.to_owned(),
        words,
    ]
}

/// What may not have arrived, and what can be done.
pub fn doubts(run: &NotifySummary) -> String {
    let mut text = String::new();
    let cells: Vec<[String; 5]> = run.doubts.iter().take(NAMED).map(doubt).collect();
    for line in align(&cells) {
        let _ = writeln!(text, "  {CARE}{line}{CARE:#}");
    }
    let count = run.doubts.len();
    if count > NAMED {
        let _ = writeln!(text, "  … and {} more", count - NAMED);
    }
    if count > 0 {
        let notices = plural(count, "notice was", "notices were");
        let _ = writeln!(
            text,
            "  {notices} given before and may not have arrived. `--again ID --to ADDRESS` gives one once more.\n"
        );
    }
    text
}

fn doubt(doubt: &DoubtOutput) -> [String; 5] {
    let day = doubt.at.get(..10).unwrap_or_default();
    let detail = doubt.detail.as_ref().map(|detail| excerpt(detail, 120));
    [
        format!("? {}", doubt.outcome),
        visible(&doubt.to).into_owned(),
        visible(&doubt.request).into_owned(),
        doubt.kind.to_owned(),
        format!("{day}{}", optional("; ", detail)),
    ]
}

/// How it ended.
pub fn ending(run: &NotifySummary) -> String {
    format!(
        "{STRONG}{}{STRONG:#}{}{}\n",
        visible(&run.exit.reason),
        optional("\nhelp: ", run.exit.help.as_ref()),
        optional("\nRecorded in ", run.record.as_ref())
    )
}

/// Everything, as it stands in a terminal when the run has ended.
pub fn human(run: &NotifySummary) -> String {
    format!(
        "{}{}{}{}",
        header(run),
        notices(run),
        doubts(run),
        ending(run)
    )
}

/// What became of the notices, in a line.
pub fn tally(run: &NotifySummary) -> String {
    let words = ["sent", "printed", "refused", "deferred", "unknown"];
    let counts = words.map(|word| (run.count(Some(word)), word));
    let all = counts.into_iter().chain([(run.count(None), "not given")]);
    let parts: Vec<String> = all
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    parts.join(", ")
}
