//! What stands in the fences of a comment: rows, each with its rank.

use crate::apply::Outcome;
use crate::domain::archive::Target;
use crate::domain::plan::{Change, Plan};
use crate::finding::{Finding, Severity};
use crate::output::findings;
use crate::output::findings::Alike;
use crate::output::groups::{COMMENT, SMALL};
use crate::output::listing::{Line, Role};
use crate::output::rows;
use crate::output::rows::Kind;
use crate::output::sheet::{Part, Rank, Row};
use crate::output::table::align;
use crate::output::{endings, human};
use crate::text::visible;

/// The problems of files, each a row; of very many the first of each kind.
pub(super) fn problems(found: &[Finding], is_whole: bool) -> Option<Part> {
    let rows: Vec<Row> = if is_whole || found.len() <= SMALL {
        found.iter().map(problem).collect()
    } else {
        let groups = findings::first(found).into_iter();
        groups.flat_map(of_a_kind).collect()
    };
    (!found.is_empty()).then(|| Part {
        language: "text",
        rows,
        called: ("problem", "problems"),
        ..Part::default()
    })
}

/// How many problems of a kind there are, and the first of them.
fn of_a_kind(group: Alike<'_>) -> Vec<Row> {
    let (severity, kind) = group.key;
    let mut rows: Vec<Row> = group.items.iter().map(|it| problem(it)).collect();
    if group.more() > 0 {
        let text = format!("… and {} more {kind}\n", group.more());
        let rank = rank(severity);
        rows.push(Row {
            rank,
            text,
            count: group.more(),
        });
    }
    rows
}

fn rank(severity: Severity) -> Rank {
    match severity {
        Severity::Error => Rank::Trouble,
        Severity::Warning => Rank::Warning,
    }
}

fn problem(finding: &Finding) -> Row {
    Row {
        rank: rank(finding.severity),
        text: format!(
            "{}: {}[{}]: {}\n  help: {}",
            finding.place(),
            finding.severity.as_str(),
            finding.kind,
            visible(&finding.message),
            visible(&finding.help)
        ),
        count: 1,
    }
}

/// What became of each change: what did not go well first.
pub(super) fn ended(plan: &Plan, outcomes: &[Outcome], is_whole: bool) -> Part {
    let rows = if is_whole || outcomes.len() <= SMALL {
        each_ended(plan, outcomes)
    } else {
        let (trouble, good) = endings::lines(plan, outcomes, COMMENT);
        let row = |rank| move |line: Line| row_of(rank, &line, false);
        let trouble = trouble.into_iter().map(row(Rank::Trouble));
        trouble
            .chain(good.into_iter().map(row(Rank::Change)))
            .collect()
    };
    Part {
        language: "text",
        rows,
        called: ("outcome", "outcomes"),
        ..Part::default()
    }
}

fn each_ended(plan: &Plan, outcomes: &[Outcome]) -> Vec<Row> {
    let each = plan.changes.iter().zip(outcomes);
    let cells: Vec<[String; 5]> = each
        .clone()
        .map(|(change, outcome)| endings::cells(change, outcome))
        .collect();
    let mut rows: Vec<Row> = align(&cells)
        .into_iter()
        .zip(each)
        .map(|(text, (change, outcome))| Row {
            rank: match (outcome.is_good(), change.target) {
                (false, _) => Rank::Trouble,
                (true, Target::Terminated) => Rank::Termination,
                (true, Target::Enabled) => Rank::Change,
            },
            text,
            count: 1,
        })
        .collect();
    rows.sort_by_key(|row| row.rank != Rank::Trouble);
    rows
}

/// The lines of a large plan.
pub(super) fn grouped(lines: Vec<Line>) -> Vec<Row> {
    let rows = lines.into_iter().map(|line| {
        let rank = match line.kind {
            Kind::Terminate | Kind::Prevented => Rank::Termination,
            Kind::Enable | Kind::Blocked => Rank::Change,
            Kind::Quiet => Rank::Quiet,
        };
        row_of(rank, &line, true)
    });
    rows.collect()
}

/// A line of something large. In a diff block signs must come first to be seen, and a head stands
/// out between two signs of its own.
pub(super) fn row_of(rank: Rank, line: &Line, is_diff: bool) -> Row {
    let sign = match line.kind {
        Kind::Prevented => "! ",
        _ => "",
    };
    let text = &line.text;
    Row {
        rank,
        text: match line.role {
            Role::Head if is_diff => format!("@@ {text} @@"),
            Role::Head | Role::More => text.clone(),
            Role::About | Role::MoreMembers => format!("  {text}"),
            Role::Member if !is_diff => format!("  {text}"),
            Role::Member | Role::Single => format!("{sign}{text}"),
        },
        count: line.rows,
    }
}

/// Rows as lines, lined up.
pub(super) fn lines(rows: Vec<rows::Row>) -> Vec<Row> {
    let counts: Vec<(Kind, usize)> = rows.iter().map(|row| (row.kind, row.count)).collect();
    let cells: Vec<[String; 4]> = rows.into_iter().map(|row| row.cells).collect();
    align(&cells)
        .into_iter()
        .zip(counts)
        .map(|(line, (kind, count))| {
            let (rank, text) = match kind {
                Kind::Terminate => (Rank::Termination, line),
                Kind::Enable | Kind::Blocked => (Rank::Change, line),
                // In a diff block such a line stands out; a prevented change is a warning, too.
                Kind::Prevented => (Rank::Termination, format!("! {line}")),
                Kind::Quiet => (Rank::Quiet, line),
            };
            Row { rank, text, count }
        })
        .collect()
}

/// The diff of a change, whose signs must come first in a line to be seen.
pub(super) fn diff(change: &Change) -> String {
    let text = plain(&human::diff(change));
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    lines.join("\n")
}

/// A text of the human report without its colours.
pub(super) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text)
        .to_string()
        .trim_end()
        .to_owned()
}
