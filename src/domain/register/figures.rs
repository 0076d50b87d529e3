//! The figures of the register: how many requests are in each stage, and how long they took. Pure.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::row::RequestRow;
use crate::domain::lifecycle::Stage;

/// The figures over the requests of a register.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// How many requests there are.
    pub requests: usize,
    /// How many of them are open.
    pub open: usize,
    /// How many requests are in each stage; every stage is listed.
    pub stages: BTreeMap<&'static str, usize>,
    /// How many requests to enable or terminate were done on a known day.
    pub timed: usize,
    /// The median of their days from receipt until done.
    pub median_days: Option<f64>,
    /// The days within which 90 % of them were done (nearest rank).
    pub p90_days: Option<i32>,
    /// Every month from the first receipt to the last one with a receipt or completion.
    pub months: Vec<MonthFigures>,
}

/// What happened in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthFigures {
    /// The month, as YYYY-MM.
    pub month: String,
    /// How many requests were received.
    pub received: usize,
    /// How many were done.
    pub done: usize,
}

impl Figures {
    /// Computes the figures over rows.
    pub fn from_rows(rows: &[RequestRow]) -> Self {
        let mut stages: BTreeMap<&str, usize> = Stage::ALL.map(|stage| (stage.as_str(), 0)).into();
        for row in rows {
            *stages.entry(row.stage).or_default() += 1;
        }
        // A withdrawal is done as soon as it is approved, which would make every agency look fast.
        let changes = rows.iter().filter(|row| row.action != "withdraw");
        let mut days: Vec<i32> = changes.filter_map(|row| row.days_to_done).collect();
        days.sort_unstable();
        Self {
            requests: rows.len(),
            open: rows.iter().filter(|row| row.waits_for.is_some()).count(),
            stages,
            timed: days.len(),
            median_days: median(&days),
            p90_days: nearest_rank(&days, 90),
            months: monthly_figures(rows),
        }
    }
}

/// The median of sorted numbers.
fn median(sorted: &[i32]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get((sorted.len() - 1) / 2)?;
    Some((f64::from(*lower) + f64::from(*upper)) / 2.0)
}

/// The smallest of the sorted numbers that this percentage of them does not exceed.
fn nearest_rank(sorted: &[i32], percent: usize) -> Option<i32> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

fn monthly_figures(rows: &[RequestRow]) -> Vec<MonthFigures> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in rows {
        counts.entry(month_of_day(&row.received.date)).or_default().0 += 1;
        if let Some(done) = &row.done_on {
            counts.entry(month_of_day(done)).or_default().1 += 1;
        }
    }
    let (first, last) = (counts.keys().next().cloned(), counts.keys().next_back().cloned());
    // Months in between without an event are added.
    let each = std::iter::successors(first, |month| next_month(month));
    for month in each.take_while(|month| Some(month) < last.as_ref()) {
        counts.entry(month).or_default();
    }
    let each = counts.into_iter();
    each.map(|(month, (received, done))| MonthFigures { month, received, done }).collect()
}

fn month_of_day(day: &str) -> String {
    day.get(..7).unwrap_or(day).to_owned()
}

/// The month after one.
fn next_month(month: &str) -> Option<String> {
    let first: Date = format!("{month}-01").parse().ok()?;
    let next = first.checked_add(1.month()).ok()?;
    Some(next.strftime("%Y-%m").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_is_the_middle_value() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7.0));
        assert_eq!(median(&[1, 4]), Some(2.5));
        assert_eq!(median(&[1, 2, 90]), Some(2.0));
    }

    #[test]
    fn nearest_rank_gives_the_90th_percentile() {
        let first = |count: i32| nearest_rank(&(1..=count).collect::<Vec<_>>(), 90);
        assert_eq!(first(0), None);
        assert_eq!(first(1), Some(1));
        assert_eq!(first(10), Some(9));
        assert_eq!(first(11), Some(10));
        assert_eq!(first(100), Some(90));
    }

    #[test]
    fn next_month_crosses_the_year() {
        assert_eq!(next_month("2026-12").as_deref(), Some("2027-01"));
        assert_eq!(next_month("2026-09").as_deref(), Some("2026-10"));
    }
}
