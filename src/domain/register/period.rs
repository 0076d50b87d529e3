//! The days that a register covers. Pure.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::local_time::parse_day;

/// The days that a register covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PeriodRow")]
pub struct Period {
    /// The first.
    #[schemars(with = "String")]
    pub from: Date,
    /// The last.
    #[schemars(with = "String")]
    pub to: Date,
}

impl Period {
    /// Parses a year, a month, a day, or two of these separated by `..`.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let period = Self { from: parse_part(from)?.from, to: parse_part(to)?.to };
        if period.from > period.to {
            return Err("expected a period whose end is not before its start".to_owned());
        }
        Ok(period)
    }

    /// Whether a day is among them.
    pub fn contains(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// A year, a month or a day.
fn parse_part(text: &str) -> Result<Period, String> {
    let first = match text.len() {
        4 => parse_day(&format!("{text}-01-01")),
        7 => parse_day(&format!("{text}-01")),
        _ => parse_day(text),
    };
    let from = first.map_err(|_| {
        format!("expected 2026, 2026-01, 2026-01-31 or two of these as FROM..TO, found `{text}`")
    })?;
    let to = match text.len() {
        4 => from.last_of_year(),
        7 => from.last_of_month(),
        _ => from,
    };
    Ok(Period { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> String {
        Period::parse(text)
            .map_or_else(|why| why, |period| format!("{} {}", period.from, period.to))
    }

    #[test]
    fn parses_years_months_days_and_ranges() {
        assert_eq!(days("2026"), "2026-01-01 2026-12-31");
        assert_eq!(days("2024-02"), "2024-02-01 2024-02-29");
        assert_eq!(days("2026-03-05"), "2026-03-05 2026-03-05");
        assert_eq!(days("2026-01..2026-06"), "2026-01-01 2026-06-30");
        assert_eq!(days("2025..2026-02-03"), "2025-01-01 2026-02-03");
    }

    #[test]
    fn refuses_what_is_not_a_period() {
        for text in [
            "",
            "26",
            "2026-13",
            "2026-1",
            "2026..",
            "..2026",
            "20 6",
            "+026",
            "2026-02-30",
            "2026..2025",
            "2026-01...2026-02",
            "２０２６",
        ] {
            let message = Period::parse(text).expect_err(text);
            assert!(message.starts_with("expected "), "{text}: {message}");
        }
    }

    #[test]
    fn period_includes_both_ends() {
        let period = Period::parse("2026-02").expect("a month");
        let day = |text: &str| text.parse().expect("a day");
        assert!(period.contains(day("2026-02-01")) && period.contains(day("2026-02-28")));
        assert!(!period.contains(day("2026-01-31")) && !period.contains(day("2026-03-01")));
    }
}
