//! The plan and its outcomes for people, as they stand in a terminal or a CI log.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::endings;
use super::findings;
use super::findings::plural;
use super::groups::{NAMED, SCREEN, SMALL};
use super::listing;
use super::listing::{Line, Role};
use super::rows;
use super::rows::{Kind, Row};
use super::table::align;
use super::{Otherwise, PullRequestTold, Reconciled, Told};
use crate::apply::Outcome;
use crate::domain::calendar::local;
use crate::domain::plan::{Change, Plan};
use crate::portal::files::Seen;
use crate::text::{excerpt, visible};

pub use super::endings::tally;

const TERMINATE: Style = AnsiColor::Red.on_default();
const ENABLE: Style = AnsiColor::Green.on_default();
const BLOCKED: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
/// How many single diffs are shown; every change has a row of its own above them.
const DIFFS: usize = 20;

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
    if let Some(share) = run.share {
        let _ = write!(text, " · shard {}", share.shard);
    }
    format!("{}\n\n", paint(STRONG, &text))
}

/// The report that was looked at, where people operate the portal.
pub fn report(seen: &Seen) -> String {
    let taken = local(seen.taken).strftime("%Y-%m-%d %H:%M");
    format!("report {} of {taken}", visible(&seen.name))
}

/// The plan: a row a mailbox, then what changes, then the count. A large plan is grouped by request,
/// and its count comes first, too.
pub fn plan(plan: &Plan, pull_request: Option<&PullRequestTold>, accepted: bool) -> String {
    let mut text = String::new();
    let title = format!(
        "Plan {}: {}",
        plan.digest.short(),
        title(plan, pull_request)
    );
    let is_large = listing::size(plan, pull_request) > SMALL;
    if is_large {
        let _ = writeln!(text, "{}", paint(STRONG, &title));
        let hint = "The first rows of each request are shown; --format json has all of them.";
        let _ = writeln!(text, "{}\n", paint(QUIET, hint));
    }
    if let Some(told) = pull_request {
        text.push_str(&policies(&told.policies));
    }
    if is_large {
        text.push_str(&lines(&listing::plan(plan, pull_request, SCREEN)));
        text.push_str(&table(besides(pull_request, plan)));
    } else {
        let mut all = rows::changes(plan);
        all.extend(pull_request.map_or_else(Vec::new, rows::prevented));
        all.extend(rows::in_progress(plan));
        all.extend(besides(pull_request, plan));
        text.push_str(&table(all));
        text.push_str(&diffs(&plan.changes));
    }
    let _ = writeln!(text, "{}", paint(STRONG, &title));
    if let Some(told) = pull_request {
        let _ = writeln!(text, "{}", otherwise(told));
    }
    if !plan.refusals.is_empty() {
        text.push_str(&refusals(plan, accepted));
    }
    text
}

/// What is so already, what nobody asked for, and what waits: the first rows.
fn besides(pull_request: Option<&PullRequestTold>, plan: &Plan) -> Vec<Row> {
    let mut all = pull_request.map_or_else(Vec::new, |told| rows::met(told, NAMED));
    all.extend(rows::waiting(plan, NAMED));
    all
}

/// Rows, lined up, and a blank line after them.
fn table(rows: Vec<Row>) -> String {
    let mut text = String::new();
    let styles: Vec<Style> = rows.iter().map(|row| style(row.kind)).collect();
    let cells: Vec<[String; 4]> = rows.into_iter().map(|row| row.cells).collect();
    for (line, style) in align(&cells).iter().zip(styles) {
        let _ = writeln!(text, "  {}", paint(style, line));
    }
    if !cells.is_empty() {
        text.push('\n');
    }
    text
}

/// The first diffs.
fn diffs(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes.iter().take(DIFFS) {
        text.push_str(&diff(change));
        text.push('\n');
    }
    if changes.len() > DIFFS {
        let more = changes.len() - DIFFS;
        let _ = writeln!(
            text,
            "  … and {} more like these; --format json has them all\n",
            plural(more, "diff", "diffs")
        );
    }
    text
}

/// Grouped lines: the heads stand out, what belongs to them is set in.
fn lines(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut last = None;
    for line in lines {
        let style = style(line.kind);
        let (indent, style) = match line.role {
            Role::Head => ("  ", style.bold()),
            Role::Member => ("    ", style),
            Role::About | Role::MoreMembers => ("    ", QUIET),
            Role::Single => ("  ", style),
            Role::More => ("  ", QUIET.bold()),
        };
        let goes_on = line.role != Role::Head
            && (line.role == Role::More || last == Some(Role::Single) || line.role != Role::Single);
        if last.is_some() && !goes_on {
            text.push('\n');
        }
        let _ = writeln!(text, "{indent}{}", paint(style, &line.text));
        last = Some(line.role);
    }
    if last.is_some() {
        text.push('\n');
    }
    text
}

fn style(kind: Kind) -> Style {
    match kind {
        Kind::Terminate => TERMINATE,
        Kind::Enable => ENABLE,
        Kind::Blocked | Kind::Prevented => BLOCKED,
        Kind::Quiet => QUIET,
    }
}

/// How a pull request changes policies, which count only once they are merged.
pub fn policies(changes: &[(String, Vec<String>)]) -> String {
    let mut text = String::new();
    for (file, words) in changes {
        let title = format!("{} {}:", visible(file), how_it_changes(words));
        let _ = writeln!(text, "{}", paint(BLOCKED, &title));
        for word in words.iter().take(SMALL) {
            let _ = writeln!(text, "  {} {}", paint(BLOCKED, "!"), excerpt(word, 300));
        }
        if words.len() > SMALL {
            let more = plural(words.len() - SMALL, "change", "changes");
            let _ = writeln!(text, "  … and {more} more; --format json has them all");
        }
        text.push('\n');
    }
    text
}

/// What the words about a policy's change come to.
pub fn how_it_changes(words: &[String]) -> &'static str {
    if words.first().is_some_and(|word| word.starts_with("new: ")) {
        "is new; it counts once it is merged"
    } else {
        "changes; until that is merged, the one there is counts"
    }
}

/// What is done with or without the pull request, in one line.
pub fn otherwise(told: &PullRequestTold) -> String {
    match &told.otherwise {
        Otherwise::Counted(plan) => {
            let causes = plan.changes.iter().map(|change| change.cause);
            let drift = causes.filter(|cause| cause.is_drift()).count();
            let drift = match drift {
                0 => String::new(),
                1 => "; 1 of these changes is drift".to_owned(),
                count => format!("; {count} of these changes are drift"),
            };
            format!(
                "Anyway, without this pull request: {}{drift}.",
                counts(plan)
            )
        }
        Otherwise::NotLookedAt(0) => "No other mailbox is named by requests.".to_owned(),
        Otherwise::NotLookedAt(others) => format!(
            "Not looked at: {} named by other requests; --drift counts what is pending there anyway.",
            plural(*others, "mailbox", "mailboxes")
        ),
    }
}

/// Everything, as it stands in a terminal when the run has ended.
pub fn told(told: &Told<'_>) -> String {
    let mut text = findings::human(told.findings);
    text.push_str(&policies(told.policies));
    for run in told.runs {
        text.push_str(&self::run(run));
        text.push('\n');
    }
    if let Some(ended) = &told.ended {
        let _ = writeln!(text, "{}", visible(&ended.reason));
        if let Some(help) = &ended.help {
            let _ = writeln!(text, "help: {}", visible(help));
        }
    }
    text
}

/// A whole run, as it stands in a terminal when it has ended.
pub fn run(run: &Reconciled) -> String {
    let mut text = header(run);
    text.push_str(&stale(run));
    if let (Some(made), true) = (&run.plan, run.stale.is_empty()) {
        text.push_str(&plan(made, run.pull_request.as_ref(), run.accepted));
        if let Some(ended) = &run.outcomes {
            text.push_str(&outcomes(made, ended));
        }
    }
    text + &ending(run)
}

/// The unified diff of one archive between the portal and the requests.
pub fn diff(change: &Change) -> String {
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

/// The counts of a plan, and how many changes a pull request prevents.
pub fn title(plan: &Plan, pull_request: Option<&PullRequestTold>) -> String {
    match pull_request.map_or(0, |told| told.prevented.len()) {
        0 => counts(plan),
        prevented => format!("{} · {prevented} prevented", counts(plan)),
    }
}

/// `1 to terminate, 2 to enable, 1 blocked · 209 in sync · 3 unmanaged`.
fn counts(plan: &Plan) -> String {
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
    parts.join(" · ")
}

/// What is said above the limits that a plan exceeds.
pub fn about_limits(accepted: bool) -> &'static str {
    if accepted {
        "This plan is over the limits, and accepted by its digest:"
    } else {
        "This plan will not run by itself:"
    }
}

fn refusals(plan: &Plan, accepted: bool) -> String {
    let mut text = format!("\n{}\n", paint(BLOCKED, about_limits(accepted)));
    for refusal in &plan.refusals {
        let _ = writeln!(text, "  {} {refusal}", paint(BLOCKED, "!"));
    }
    text
}

/// Why a saved plan no longer holds.
pub fn stale(run: &Reconciled) -> String {
    if run.stale.len() > SMALL {
        return lines(&listing::stale(&run.stale, SCREEN));
    }
    let mut text = String::new();
    for stale in &run.stale {
        let _ = writeln!(text, "  {} {}", paint(BLOCKED, "!"), rows::stale(stale));
    }
    text
}

/// What became of each change; where they are many, by request, and what did not go well by its reason.
pub fn outcomes(plan: &Plan, outcomes: &[Outcome]) -> String {
    if outcomes.len() > SMALL {
        let (trouble, good) = endings::lines(plan, outcomes, SCREEN);
        let all: Vec<Line> = trouble.into_iter().chain(good).collect();
        let hint = "The first rows are shown; the record of the run and --format json have all.";
        return format!("\n{}{}\n\n", lines(&all), paint(QUIET, hint));
    }
    let mut rows = Vec::new();
    let mut styles = Vec::new();
    for (change, outcome) in plan.changes.iter().zip(outcomes) {
        styles.push(style(endings::kind(outcome)));
        rows.push(endings::cells(change, outcome));
    }
    let mut text = "\n".to_owned();
    for (line, style) in align(&rows).iter().zip(styles) {
        let _ = writeln!(text, "  {}", paint(style, line));
    }
    text.push('\n');
    text
}

/// How the run ended, and what can be done.
pub fn ending(run: &Reconciled) -> String {
    let mut text = String::new();
    if let Some(settled) = &run.settled {
        let _ = writeln!(text, "{}", visible(settled));
    }
    let _ = writeln!(text, "{}", visible(&run.reason));
    if let Some(help) = &run.help {
        let _ = writeln!(text, "{} {}", paint(STRONG, "help:"), visible(help));
    }
    text
}
