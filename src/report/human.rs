//! The plan and its outcomes for people, as they stand in a terminal or a CI log.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::Reconciled;
use super::findings::plural;
use super::table::align;
use crate::apply::Outcome;
use crate::desired::Target;
use crate::mailbox::MAX_ADDRESS;
use crate::plan::{Cause, Change, Plan};
use crate::request::{Action, Request};
use crate::visible::{excerpt, visible};

const TERMINATE: Style = AnsiColor::Red.on_default();
const ENABLE: Style = AnsiColor::Green.on_default();
const BLOCKED: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
/// How many single diffs are shown; every change has a row of its own above them.
const DIFFS: usize = 20;
/// How many unmanaged archives, pending and scheduled requests are named one by one.
const NAMED: usize = 20;

/// Paints a text; `anstream` takes the colour away where it is not wanted.
fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The first line of a run.
pub fn header(run: &Reconciled) -> String {
    let mut text = format!(
        "arkib {} · {} · requests {} · portal {}",
        env!("CARGO_PKG_VERSION"),
        visible(&run.agency),
        visible(&run.requests_at),
        run.portal
    );
    if let Some(day) = run.as_of {
        let _ = write!(text, " · as of {day}");
    }
    format!("{}\n\n", paint(STRONG, &text))
}

/// The plan: a row a mailbox, then what changes, then the count.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    let (rows, styles): (Vec<_>, Vec<_>) = rows(plan).into_iter().unzip();
    for (line, style) in align(&rows).iter().zip(styles) {
        let _ = writeln!(text, "  {}", paint(style, line));
    }
    if !rows.is_empty() {
        text.push('\n');
    }
    for change in plan.changes.iter().take(DIFFS) {
        text.push_str(&diff(change));
        text.push('\n');
    }
    if plan.changes.len() > DIFFS {
        let more = plan.changes.len() - DIFFS;
        let _ = writeln!(
            text,
            "  … and {} more like these; --format json has them all\n",
            plural(more, "diff", "diffs")
        );
    }
    let _ = writeln!(text, "{}", paint(STRONG, &summary(plan)));
    if !plan.refusals.is_empty() {
        text.push_str(&refusals(plan));
    }
    text
}

type Row = ([String; 4], Style);

fn row(word: &str, subject: &str, request: &str, about: String, style: Style) -> Row {
    let cells = [
        word.to_owned(),
        excerpt(subject, MAX_ADDRESS),
        visible(request).into_owned(),
        about,
    ];
    (cells, style)
}

fn rows(plan: &Plan) -> Vec<Row> {
    let mut rows: Vec<Row> = plan.changes.iter().map(change_row).collect();
    rows.extend(plan.blocked.iter().map(|blocked| {
        row(
            "! blocked",
            blocked.mailbox.as_str(),
            blocked.request.id.as_str(),
            visible(&blocked.obstacle.to_string()).into_owned(),
            BLOCKED,
        )
    }));
    rows.extend(plan.in_progress.iter().map(|item| {
        row(
            "~ in progress",
            item.mailbox.as_str(),
            item.request.as_str(),
            format!(
                "{} in the portal; wanted {}",
                item.state,
                item.target.state()
            ),
            QUIET,
        )
    }));
    let unmanaged = plan.unmanaged.iter().map(|item| {
        row(
            "· unmanaged",
            item.mailbox.as_str(),
            "",
            format!("{} in the portal; no request names it", item.state),
            QUIET,
        )
    });
    capped(&mut rows, unmanaged, plan.unmanaged.len(), "· unmanaged");
    let pending = plan
        .pending
        .iter()
        .map(|request| request_row("? pending", request, "waits for approval"));
    capped(&mut rows, pending, plan.pending.len(), "? pending");
    let scheduled = plan.scheduled.iter().map(|request| {
        let day = request.day().map(|day| day.to_string()).unwrap_or_default();
        request_row("@ scheduled", request, &format!("from {day} on"))
    });
    capped(&mut rows, scheduled, plan.scheduled.len(), "@ scheduled");
    rows
}

fn capped(rows: &mut Vec<Row>, items: impl Iterator<Item = Row>, count: usize, word: &str) {
    rows.extend(items.take(NAMED));
    if count > NAMED {
        let about = format!("… and {} more; --format json has them all", count - NAMED);
        rows.push(row(word, "", "", about, QUIET));
    }
}

fn request_row(word: &str, request: &Request, waits: &str) -> Row {
    let mailboxes = request.mailboxes();
    let first = mailboxes.first().map_or("", |named| named.mailbox.as_str());
    let others = match mailboxes.len() {
        0 | 1 => String::new(),
        count => format!(" {count} mailboxes, this one first"),
    };
    let verb = request.action_word();
    let about = match &request.action {
        Action::Withdraw { withdraws } => format!("{verb} {withdraws}; {waits}"),
        Action::Change { .. } => format!("{verb}{others}; {waits}"),
    };
    row(word, first, request.id.as_str(), about, QUIET)
}

fn change_row(change: &Change) -> Row {
    let (word, style) = match change.target {
        Target::Terminated => ("- terminate", TERMINATE),
        Target::Enabled => ("+ enable", ENABLE),
    };
    let mut about = match (change.cause, &change.request.approval) {
        (Cause::Drift, _) => format!(
            "drift: was {}, is {} in the portal",
            change.target.state(),
            change.from
        ),
        (Cause::Request, Some(approval)) => format!("approved {}", approval.date),
        (Cause::Request, None) => String::new(),
    };
    if let Some(note) = change.note {
        let _ = write!(about, "; {note}");
    }
    row(
        word,
        change.mailbox.as_str(),
        change.request.id.as_str(),
        about,
        style,
    )
}

/// The unified diff of one archive between the portal and the requests.
fn diff(change: &Change) -> String {
    let before = format!("archive: {}\n", visible(change.from.as_str()));
    let after = format!("archive: {}\n", change.target.state());
    let mut text = String::new();
    let from = format!("--- portal    {}", visible(change.mailbox.as_str()));
    let to = format!(
        "+++ requests  {} ({}:{})",
        change.request.id,
        visible(&change.request.file),
        change.line
    );
    let _ = writeln!(
        text,
        "  {}\n  {}",
        paint(TERMINATE, &from),
        paint(ENABLE, &to)
    );
    for line in TextDiff::from_lines(&before, &after).iter_all_changes() {
        let (sign, style) = match line.tag() {
            ChangeTag::Delete => ('-', TERMINATE),
            ChangeTag::Insert => ('+', ENABLE),
            ChangeTag::Equal => (' ', QUIET),
        };
        let line = format!("{sign}{}", line.value().trim_end());
        let _ = writeln!(text, "  {}", paint(style, &line));
    }
    text
}

/// `Plan 3f9a1c2e: 1 to terminate, 2 to enable, 1 blocked · 209 in sync · 3 unmanaged`.
pub fn summary(plan: &Plan) -> String {
    let mut doing = Vec::new();
    let mut part = |count: usize, what: &str| {
        if count > 0 {
            doing.push(format!("{count} {what}"));
        }
    };
    part(plan.terminations(), "to terminate");
    part(plan.enables(), "to enable");
    part(plan.blocked.len(), "blocked");
    let mut parts = vec![if doing.is_empty() {
        "nothing to do".to_owned()
    } else {
        doing.join(", ")
    }];
    for (count, what) in [
        (plan.in_progress.len(), "in progress"),
        (plan.in_sync, "in sync"),
        (plan.unmanaged.len(), "unmanaged"),
        (plan.pending.len(), "pending"),
        (plan.scheduled.len(), "scheduled"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    format!("Plan {}: {}", plan.digest.short(), parts.join(" · "))
}

fn refusals(plan: &Plan) -> String {
    let mut text = format!(
        "\n{}\n",
        paint(BLOCKED, "This plan will not run by itself:")
    );
    for refusal in &plan.refusals {
        let _ = writeln!(text, "  {} {refusal}", paint(BLOCKED, "!"));
    }
    text
}

/// What became of each change that did not simply succeed, and the count of all.
pub fn outcomes(plan: &Plan, outcomes: &[Outcome]) -> String {
    let mut rows = Vec::new();
    let mut styles = Vec::new();
    for (change, outcome) in plan.changes.iter().zip(outcomes) {
        let (sign, style) = match outcome {
            Outcome::Applied { .. } => ("✓ applied", ENABLE),
            Outcome::AlreadySo { .. } => ("✓ already so", QUIET),
            Outcome::Failed { .. } => ("✗ failed", TERMINATE),
            Outcome::Unknown { .. } => ("? unknown", BLOCKED),
            Outcome::Skipped { .. } => ("· skipped", BLOCKED),
        };
        styles.push(style);
        rows.push([
            sign.to_owned(),
            change.target.verb().to_owned(),
            visible(change.mailbox.as_str()).into_owned(),
            visible(change.request.id.as_str()).into_owned(),
            visible(outcome.detail().unwrap_or_default()).into_owned(),
        ]);
    }
    let mut text = "\n".to_owned();
    for (line, style) in align(&rows).iter().zip(styles) {
        let _ = writeln!(text, "  {}", paint(style, line));
    }
    text.push('\n');
    text
}

/// "2 applied, 1 failed". What the portal has accepted and still works on is told apart.
pub fn tally(outcomes: &[Outcome]) -> String {
    let count = |which: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|one| which(one)).count();
    let parts: Vec<String> = [
        (
            count(&|one| {
                matches!(
                    one,
                    Outcome::Applied {
                        settling: false,
                        ..
                    }
                )
            }),
            "applied",
        ),
        (
            count(&|one| matches!(one, Outcome::Applied { settling: true, .. })),
            "accepted and still under way in the portal",
        ),
        (
            count(&|one| matches!(one, Outcome::AlreadySo { .. })),
            "already so",
        ),
        (
            count(&|one| matches!(one, Outcome::Failed { .. })),
            "failed",
        ),
        (
            count(&|one| matches!(one, Outcome::Unknown { .. })),
            "unknown",
        ),
        (
            count(&|one| matches!(one, Outcome::Skipped { .. })),
            "skipped",
        ),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    parts.join(", ")
}

/// How the run ended, and what can be done.
pub fn ending(run: &Reconciled) -> String {
    let mut text = format!("{}\n", visible(&run.reason));
    if let Some(help) = &run.help {
        let _ = writeln!(text, "{} {}", paint(STRONG, "help:"), visible(help));
    }
    text
}
