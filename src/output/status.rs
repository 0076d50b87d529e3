//! The story of a mailbox or a request, for people and for programs.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::groups;
use super::groups::{NAMED, STORIES};
use super::json;
use super::json::{ExitOutput, FindingOutput};
use super::optional::optional;
use crate::domain::calendar::local_day;
use crate::domain::record::history::Given;
use crate::finding::Finding;
use crate::text::visible;

/// What an output of `arkib status` begins with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Head {
    /// The agency's short name; null where the run ended before one was looked at.
    pub agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    pub requests: String,
    /// The day for which it holds.
    pub as_of: String,
    /// Whether the portal was left alone, so that the records alone tell.
    pub offline: bool,
}

/// The output of `arkib status --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusOutput {
    /// `arkib.status/1`.
    format: &'static str,
    #[serde(flatten)]
    head: Head,
    /// The mailboxes asked for, or those of the request asked for.
    mailboxes: Vec<MailboxStory>,
    /// Problems of the files, which keep the run from going on.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl StatusOutput {
    /// Of these mailboxes.
    pub fn new(
        head: Head,
        mailboxes: Vec<MailboxStory>,
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            format: "arkib.status/1",
            head,
            mailboxes,
            findings: found.iter().map(json::finding).collect(),
            exit,
        }
    }
}

/// What is to be said of one mailbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MailboxStory {
    /// The address.
    pub mailbox: String,
    /// What the portal has; null where it has no such account, or was left alone.
    pub portal: Option<PortalStory>,
    /// What is wanted: enabled, terminated, or null where no approved request is due.
    pub wanted: Option<&'static str>,
    /// What the next run does about it, in words.
    pub next: String,
    /// Every request that names it, in the order in which they take effect.
    pub requests: Vec<RequestStory>,
}

/// One mailbox as the portal has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PortalStory {
    /// The archive's state.
    pub state: String,
    /// The account's state.
    pub account: String,
    /// The request that last changed it, says the portal.
    pub request: Option<String>,
    /// When it was last changed (RFC 3339).
    pub changed_at: Option<String>,
    /// Until when a terminated archive can be had back (RFC 3339).
    pub recoverable_until: Option<String>,
    /// Whether a legal hold lies on it.
    pub hold: bool,
}

/// One request, as far as it concerns a mailbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequestStory {
    /// Its id.
    pub request: String,
    /// enable, terminate or withdraw.
    pub action: &'static str,
    /// pending, scheduled, decides, superseded or withdrawn; of a withdrawal also in-effect.
    pub standing: &'static str,
    /// How far it has come for this mailbox: pending, scheduled, blocked, waiting, in-progress, done,
    /// superseded or withdrawn.
    pub stage: &'static str,
    /// When it was done for this mailbox (RFC 3339), where that is on record or the portal says so.
    pub done_at: Option<String>,
    /// The same, as a day of the agency.
    pub done_on: Option<String>,
    /// What came of the last attempt, where it did not end well.
    pub trouble: Option<String>,
    /// The notices about it that this mailbox's user or the applicant was given.
    pub notices: Vec<NoticeStory>,
    /// The request that it withdraws, where it is a withdrawal.
    pub withdraws: Option<String>,
    /// By which request, where it was withdrawn.
    pub withdrawn_by: Option<String>,
    /// The day of receipt.
    pub received: String,
    /// email, memo, letter or form.
    pub channel: &'static str,
    /// Under which it is filed.
    pub reference: String,
    /// The applicant.
    pub from: Option<String>,
    /// The approver.
    pub approved_by: Option<String>,
    /// The day of approval.
    pub approved: Option<String>,
    /// The day it takes effect.
    pub day: Option<String>,
    /// Why it was made.
    pub reason: Option<String>,
    /// Its file.
    pub file: String,
}

/// A notice that was given, or was to be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoticeStory {
    /// The request that it is about.
    pub request: String,
    /// received, approved, enabled, blocked, terminated or withdrawn.
    pub kind: String,
    /// Whom it was for.
    pub to: String,
    /// email, memo, letter or form.
    pub channel: String,
    /// sent, printed, refused, deferred or unknown.
    pub outcome: String,
    /// When (RFC 3339).
    pub at: String,
    /// The same, as a day of the agency.
    pub on: String,
    /// What the mail server said, or the name of the file.
    pub detail: Option<String>,
}

impl NoticeStory {
    /// Of what the records say.
    pub fn of(given: &Given) -> Self {
        Self {
            request: given.request.clone(),
            kind: given.kind.as_str().to_owned(),
            to: given.to.clone(),
            channel: given.channel.as_str().to_owned(),
            outcome: given.outcome.as_str().to_owned(),
            at: given.at.to_string(),
            on: local_day(given.at).to_string(),
            detail: given.detail.clone(),
        }
    }

    /// On one line, without the request.
    pub fn line(&self) -> String {
        format!(
            "notice {} to {} by {}, {} {}{}",
            self.kind,
            visible(&self.to),
            self.channel,
            self.outcome,
            self.on,
            optional(": ", self.detail.as_ref())
        )
    }
}

impl Head {
    /// The first line.
    pub(super) fn line(&self) -> String {
        let offline = if self.offline {
            " · without the portal"
        } else {
            ""
        };
        format!(
            "arkib {} · {} · requests {}{offline} · as of {}\n",
            env!("CARGO_PKG_VERSION"),
            visible(self.agency.as_deref().unwrap_or_default()),
            visible(&self.requests),
            self.as_of
        )
    }
}

/// For people.
pub fn human(output: &StatusOutput) -> String {
    let mut text = output.head.line();
    let count = output.mailboxes.len();
    if count > STORIES {
        text.push_str(&totals(output));
    }
    for story in output.mailboxes.iter().take(STORIES) {
        let _ = writeln!(text, "\n{}", visible(&story.mailbox));
        if !output.head.offline {
            let _ = writeln!(text, "  portal   {}", portal(story.portal.as_ref()));
        }
        let nothing = "nothing: no approved request is due";
        let _ = writeln!(text, "  wanted   {}", story.wanted.unwrap_or(nothing));
        let _ = writeln!(text, "  next     {}", visible(&story.next));
        for request in &story.requests {
            text.push_str(&request_lines(request));
        }
    }
    if count > STORIES {
        let more = count - STORIES;
        let _ = writeln!(text, "\n… and {more} more; --format json has them all");
    }
    text
}

/// How many of the mailboxes of a large request stand where.
fn totals(output: &StatusOutput) -> String {
    let mut text = format!("\n{} mailboxes\n", output.mailboxes.len());
    // What a story says next is often its own; but not of very many.
    let mut alike = groups::by(&output.mailboxes, |story| {
        story.next.replace(&story.mailbox, "…")
    });
    alike.sort_by_key(|group| std::cmp::Reverse(group.count));
    for group in alike.iter().take(NAMED) {
        let _ = writeln!(text, "  {:>6}  {}", group.count, visible(&group.key));
    }
    let others: usize = alike.iter().skip(NAMED).map(|group| group.count).sum();
    if others > 0 {
        let _ = writeln!(text, "  {others:>6}  other");
    }
    text
}

fn portal(story: Option<&PortalStory>) -> String {
    let Some(story) = story else {
        return "no such account".to_owned();
    };
    format!(
        "{}; account {}{}{}{}{}",
        visible(&story.state),
        visible(&story.account),
        if story.hold { "; legal hold" } else { "" },
        optional("; changed ", story.changed_at.as_ref()),
        optional(" by ", story.request.as_ref()),
        optional("; can be had back until ", story.recoverable_until.as_ref())
    )
}

fn request_lines(request: &RequestStory) -> String {
    let mut text = format!(
        "\n  {}  {}  {}{}{}\n",
        request.request,
        request.action,
        request.standing,
        optional("; withdraws ", request.withdraws.as_ref()),
        optional(" by ", request.withdrawn_by.as_ref())
    );
    let mut lines = vec![format!(
        "received {} by {}, {}{}",
        request.received,
        request.channel,
        visible(&request.reference),
        optional(", from ", request.from.as_ref())
    )];
    lines.push(match (&request.approved, &request.approved_by) {
        (Some(day), Some(by)) => {
            let effective = request.day.as_ref().filter(|effective| *effective != day);
            let effective = optional(", effective ", effective);
            format!("approved {day} by {}{effective}", visible(by))
        }
        _ => "not approved yet".to_owned(),
    });
    lines.extend(request.done_on.iter().map(|day| format!("done {day}")));
    let trouble = request.trouble.iter();
    lines.extend(trouble.map(|trouble| format!("last time {}", visible(trouble))));
    lines.extend(request.notices.iter().map(NoticeStory::line));
    let reason = request
        .reason
        .iter()
        .flat_map(|reason| reason.trim().lines());
    lines.extend(reason.map(|line| visible(line).into_owned()));
    lines.push(visible(&request.file).into_owned());
    for line in lines {
        let _ = writeln!(text, "    {line}");
    }
    text
}
