//! The figures of a run as OpenMetrics text (version 1.0), for a collector that reads files, such as the
//! textfile collector of node_exporter. Pure: times are passed in.

#[cfg(test)]
mod tests;

use std::fmt::{Display, Write as _};

use jiff::Timestamp;
use jiff::civil::Date;

use super::AgencyResult;
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::local_time::days_between;
use crate::domain::plan::{Cause, Plan};
use crate::text::escape;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// What a run is beside its agencies.
#[derive(Debug, Clone, Copy)]
pub struct RunFigures {
    /// When it ended.
    pub ended: Timestamp,
    /// How many seconds it took.
    pub seconds: f64,
    /// The exit status of the program.
    pub status: u8,
}

/// An agency, and when the next of its keys or certificates ends, if one does.
pub type AgencyFigures<'a> = (&'a AgencyResult, Option<Timestamp>);

/// The figures of a run and of each agency. Those of a plan are missing if there was none.
pub fn render(agencies: &[AgencyFigures<'_>], run: &RunFigures) -> String {
    let mut text = OpenMetrics(String::new());
    let plans: Vec<(&str, &Plan)> = agencies
        .iter()
        .filter_map(|(result, _)| Some((&*result.agency, result.plan.as_ref()?)))
        .collect();
    text.family("arkib_mailboxes", "Mailboxes by their state in the plan.");
    for (agency, plan) in &plans {
        for (state, count) in [
            ("enable", plan.count_enables()),
            ("terminate", plan.count_terminations()),
            ("blocked", plan.blocked.len()),
            ("in_progress", plan.in_progress.len()),
            ("in_sync", plan.in_sync),
            ("unmanaged", plan.unmanaged.len()),
        ] {
            text.sample("arkib_mailboxes", &[("agency", agency), ("state", state)], count);
        }
    }
    text.family("arkib_requests", "Requests that are not carried out yet.");
    for (agency, plan) in &plans {
        for (state, count) in [("pending", plan.pending.len()), ("scheduled", plan.scheduled.len())]
        {
            text.sample("arkib_requests", &[("agency", agency), ("state", state)], count);
        }
    }
    text.family("arkib_changes", "Changes of the plan by action and cause.");
    for (agency, plan) in &plans {
        for target in [Target::Enabled, Target::Terminated] {
            for cause in [Cause::Request, Cause::Drift] {
                let changes = plan.changes.iter().filter(|change| {
                    change.target == target && change.cause.is_drift() == cause.is_drift()
                });
                let labels =
                    [("agency", *agency), ("action", target.verb()), ("cause", cause.as_str())];
                text.sample("arkib_changes", &labels, changes.count());
            }
        }
    }
    text.family("arkib_outcomes", "Outcomes of the changes that were applied.");
    for (result, _) in agencies {
        let Some(outcomes) = &result.outcomes else { continue };
        for kind in OutcomeKind::ALL {
            let count = outcomes.iter().filter(|outcome| outcome.kind() == kind).count();
            let labels = [("agency", &*result.agency), ("outcome", kind.as_str())];
            text.sample("arkib_outcomes", &labels, count);
        }
    }
    text.seconds("arkib_oldest", "How long the oldest of a kind waits, or is so.");
    for (agency, plan) in &plans {
        for (kind, age) in ages(plan, run.ended) {
            if let Some(age) = age {
                let labels = [("agency", *agency), ("kind", kind)];
                text.sample("arkib_oldest_seconds", &labels, age.max(0));
            }
        }
    }
    text.seconds("arkib_next_key_end", "Until the next key or certificate ends.");
    for (result, end) in agencies {
        if let Some(end) = end {
            let left = end.as_second() - run.ended.as_second();
            text.sample("arkib_next_key_end_seconds", &[("agency", &result.agency)], left);
        }
    }
    text.family("arkib_agency_exit_status", "How the run ended for the agency.");
    for (result, _) in agencies {
        let labels = [("agency", &*result.agency)];
        text.sample("arkib_agency_exit_status", &labels, result.exit.status());
    }
    text.family("arkib_run_exit_status", "How the run ended.");
    text.sample("arkib_run_exit_status", &[], run.status);
    text.seconds("arkib_run_duration", "How long the run took.");
    text.sample("arkib_run_duration_seconds", &[], format!("{:.3}", run.seconds));
    text.seconds("arkib_run_end_timestamp", "When the run ended.");
    text.sample("arkib_run_end_timestamp_seconds", &[], run.ended.as_second());
    text.0.push_str("# EOF\n");
    text.0
}

/// How many seconds the oldest pending request, blocked mailbox and drift are old.
fn ages(plan: &Plan, now: Timestamp) -> [(&'static str, Option<i64>); 3] {
    let since = |day: Option<Date>| {
        day.map(|day| i64::from(days_between(day, plan.as_of)) * SECONDS_OF_A_DAY)
    };
    let pending = plan.pending.iter().map(|request| request.received.date).min();
    let blocked = plan.blocked.iter().filter_map(|blocked| blocked.request.effect_day()).min();
    let drift = plan.changes.iter().filter_map(|change| change.last_change.at).min();
    [
        ("pending", since(pending)),
        ("blocked", since(blocked)),
        ("drift", drift.map(|at| now.as_second() - at.as_second())),
    ]
}

/// The text of the exposition, family after family.
struct OpenMetrics(String);

impl OpenMetrics {
    /// Begins a family of gauges.
    fn family(&mut self, name: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "# TYPE {name} gauge\n# HELP {name} {help}\n");
    }

    /// Begins a family of gauges in seconds, whose name ends so.
    fn seconds(&mut self, name: &str, help: &str) {
        let _ = write!(
            self.0,
            "# TYPE {name}_seconds gauge\n# UNIT {name}_seconds seconds\n# HELP {name}_seconds {help}\n"
        );
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        // A line feed, too, is shown by its picture.
        let value_of = |text: &str| escape(text).replace('\\', "\\\\").replace('"', "\\\"");
        let labels = labels.iter().map(|(name, text)| format!("{name}=\"{}\"", value_of(text)));
        let labels: Vec<String> = labels.collect();
        let labels = match &*labels {
            [] => String::new(),
            labels => format!("{{{}}}", labels.join(",")),
        };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}
