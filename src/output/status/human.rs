//! The timeline of a mailbox or a request, for people.

use std::fmt::Write as _;

use super::{NoticeDeliveryOutput, PortalStateOutput, RequestStatusOutput, StatusOutput};
use crate::domain::local_time::{format_minute, last_whole_day, local_day};
use crate::language::Message;
use crate::output::align_columns::align;
use crate::output::groups;
use crate::output::groups::{MOST_TIMELINES, NAMED};
use crate::printer;
use crate::printer::text;
use crate::text::escape;

/// For people.
pub fn render_text(output: &StatusOutput) -> String {
    let mut text = output.head.first_line();
    let count = output.mailboxes.len();
    if count > MOST_TIMELINES {
        text.push_str(&next_step_counts(output));
    }
    for timeline in output.mailboxes.iter().take(MOST_TIMELINES) {
        let _ = writeln!(text, "\n{}", escape(&timeline.mailbox));
        let portal = (!output.head.offline)
            .then(|| (text!("status-portal"), portal_text(timeline.portal.as_ref())));
        let wanted = match timeline.wanted {
            Some(state) => Message::from_word(state),
            None => message!("status-wants-nothing"),
        };
        let wanted = (text!("status-wanted"), printer::render(&wanted));
        let next = printer::render(&timeline.next);
        let next = (text!("status-next"), escape(&next).into_owned());
        let facts = portal.into_iter().chain([wanted, next]);
        // Three blanks between them, one of which is here.
        let facts: Vec<[String; 2]> =
            facts.map(|(label, fact)| [format!("  {label} "), fact]).collect();
        for line in align(&facts, 0, printer::columns()) {
            let _ = writeln!(text, "{line}");
        }
        for request in &timeline.requests {
            text.push_str(&request_lines(request));
        }
    }
    if count > MOST_TIMELINES {
        let _ = writeln!(text, "\n{}", groups::and_more_text(count - MOST_TIMELINES));
    }
    text
}

/// The numbers of mailboxes of a large request by their next step.
fn next_step_counts(output: &StatusOutput) -> String {
    let mut text = format!("\n{}\n", text!("plan-mailboxes", count = output.mailboxes.len()));
    // The next step may name the mailbox; without the name, many are equal.
    let mut alike = groups::group_by(&output.mailboxes, |timeline| {
        printer::render(&timeline.next).replace(&timeline.mailbox, "…")
    });
    alike.sort_by_key(|group| std::cmp::Reverse(group.count));
    for group in alike.iter().take(NAMED) {
        let _ = writeln!(text, "  {:>6}  {}", group.count, escape(&group.key));
    }
    let others: usize = alike.iter().skip(NAMED).map(|group| group.count).sum();
    if others > 0 {
        let _ = writeln!(text, "  {others:>6}  {}", text!("status-other"));
    }
    text
}

fn portal_text(timeline: Option<&PortalStateOutput>) -> String {
    let Some(timeline) = timeline else {
        return text!("status-no-account");
    };
    let state = Message::from_word(&timeline.state);
    let account = Message::from_word(&timeline.account);
    let hold = timeline.hold.then(|| message!("status-hold"));
    let local = |at: &String| at.parse().map_or_else(|_| at.clone(), format_minute);
    let changed = match (timeline.changed_at.as_ref().map(local), &timeline.request) {
        (Some(at), Some(request)) => Some(message!("status-changed-for", at, request)),
        (Some(at), None) => Some(message!("status-changed", at)),
        (None, Some(request)) => Some(message!("status-request", request)),
        (None, None) => None,
    };
    let recoverable = timeline.recoverable_until.as_ref().and_then(|until| {
        let until = until.parse().ok()?;
        let (kept, day) = (local_day(until), last_whole_day(until)?);
        Some(message!("status-recoverable", kept, day))
    });
    let account = message!("status-account", state, account);
    let facts = std::iter::once(account).chain(hold).chain(changed).chain(recoverable);
    escape(&printer::render(&Message::joined(facts, "; "))).into_owned()
}

fn request_lines(request: &RequestStatusOutput) -> String {
    let standing = Message::from_word(request.standing);
    let standing = match (&request.withdraws, &request.withdrawn_by) {
        (Some(request), Some(by)) => {
            message!("status-withdraws-withdrawn-by", standing, request, by)
        }
        (Some(request), None) => message!("status-withdraws", standing, request),
        (None, Some(by)) => message!("status-withdrawn-by", standing, by),
        (None, None) => standing,
    };
    let action = printer::render(&Message::from_word(request.action));
    let standing = printer::render(&standing);
    let mut text = format!("\n  {}  {action}  {}\n", request.request, escape(&standing));
    let mut facts = vec![received_message(request)];
    facts.extend(request.name.iter().map(|name| message!("status-name", name)));
    facts.extend(request.own_file.iter().map(|file| message!("status-own-file", file)));
    facts.push(approved_message(request));
    let unverified = request.unverified.iter();
    facts.extend(unverified.map(|reason| message!("status-not-verified", reason)));
    facts.extend(request.done_on.iter().map(|day| message!("status-done", day)));
    let trouble = request.trouble.iter();
    facts.extend(trouble.map(|trouble| message!("status-last-time", trouble)));
    let facts = facts.iter().map(|fact| escape(&printer::render(fact)).into_owned());
    let mut lines: Vec<String> = facts.collect();
    lines.extend(request.notices.iter().map(NoticeDeliveryOutput::notice_line));
    let reason = request.reason.iter().flat_map(|reason| reason.trim().lines());
    // In quotation marks, as it might imitate the lines around it.
    let quoted = reason.map(|line| format!("“{}”", escape(&line.replace(['“', '”'], "\""))));
    lines.extend(quoted);
    lines.push(escape(&request.file).into_owned());
    for line in lines {
        let _ = writeln!(text, "    {line}");
    }
    text
}

fn received_message(request: &RequestStatusOutput) -> Message {
    let (day, reference) = (&request.received, &request.reference);
    let channel = Message::from_word(request.channel);
    match &request.from {
        Some(from) => message!("status-received-from", day, channel, reference, from),
        None => message!("status-received", day, channel, reference),
    }
}

fn approved_message(request: &RequestStatusOutput) -> Message {
    let by = request.approved_by.join(", ");
    match (&request.approved, &request.day) {
        (Some(day), Some(effective)) if effective != day => {
            message!("status-approved-effective", day, by, effective)
        }
        (Some(day), _) => message!("status-approved", day, by),
        (None, _) if by.is_empty() => message!("status-not-approved"),
        (None, _) => {
            let missing = request.missing_approvals.clone().unwrap_or_default();
            message!("status-approved-partly", by, missing)
        }
    }
}
