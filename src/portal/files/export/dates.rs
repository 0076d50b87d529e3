//! Days and moments as exports write them: year first, or day before month, never month first. Pure.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;

use crate::domain::local_time;
use crate::domain::written_date::{
    DatePlace, parse_leading_date, split_leading_digits, split_leading_letters,
};
use crate::table::moment_from_serial;

/// A moment that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOrMoment {
    /// When; the beginning of the day where no time is said.
    pub at: Timestamp,
    /// Whether a day alone is said.
    pub is_day: bool,
}

/// What a field of a column of dates says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParsedDate {
    Read(DayOrMoment),
    /// Nothing that can be read.
    Unread,
    /// Nothing that can be read with the day first, but something with the month first.
    MonthFirst,
}

pub(super) fn parse_date_field(text: &str) -> ParsedDate {
    let text = text.trim();
    if let Some((moment, rest)) = parse_leading_moment(text, DatePlace::Text)
        && rest.trim().is_empty()
    {
        return ParsedDate::Read(moment);
    }
    if let Some(moment) = parse_spreadsheet_serial(text) {
        return ParsedDate::Read(moment);
    }
    let day_and_month = text.split(['/', '-', '.']).take(2).map(str::trim);
    // With its type: on Windows a dependency makes a `Vec<u8>` of characters of its own, too.
    let numbers: Vec<u8> = day_and_month.filter_map(|number| number.parse::<u8>().ok()).collect();
    match numbers[..] {
        [month, day] if (1..=12).contains(&month) && (13..=31).contains(&day) => {
            ParsedDate::MonthFirst
        }
        _ => ParsedDate::Unread,
    }
}

/// Every moment in a line of text.
pub(super) fn dates_in_line(text: &str) -> Vec<DayOrMoment> {
    find_all_dates(text, DatePlace::Text)
}

/// Every day in the name of a file.
pub(super) fn dates_in_file_name(text: &str) -> Vec<DayOrMoment> {
    find_all_dates(text, DatePlace::Name)
}

fn find_all_dates(text: &str, place: DatePlace) -> Vec<DayOrMoment> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| character.is_ascii_digit()) {
        rest = &rest[at..];
        match parse_leading_moment(rest, place) {
            Some((moment, after)) => {
                found.push(moment);
                rest = after;
            }
            None => rest = split_leading_digits(rest).1,
        }
    }
    found
}

// Each of the following reads what stands at the beginning of a text, and gives the rest with it.

fn parse_leading_moment(text: &str, place: DatePlace) -> Option<(DayOrMoment, &str)> {
    let (date, rest) = parse_leading_date(text, place)?;
    if place == DatePlace::Text
        && let Some((time, offset, rest)) = parse_leading_time(rest)
    {
        let at = match offset {
            Some(offset) => offset.to_timestamp(DateTime::from_parts(date, time)).ok()?,
            None => local_time::to_timestamp_at(date, time),
        };
        return Some((DayOrMoment { at, is_day: false }, rest));
    }
    let at = local_time::to_timestamp_at(date, Time::midnight());
    Some((DayOrMoment { at, is_day: true }, rest))
}

/// A time behind a day: `10:30`, `T10:30:00Z`, `10.30 PG`, `2:15:09 PM`.
fn parse_leading_time(text: &str) -> Option<(Time, Option<Offset>, &str)> {
    let begin = text.trim_start_matches([' ', '\u{a0}', ',', 'T', '(']);
    let (hour, rest) = split_leading_digits(begin);
    let mark = rest.chars().next()?;
    if begin.len() == text.len() || !matches!(mark, ':' | '.') || !(1..=2).contains(&hour.len()) {
        return None;
    }
    let (minute, mut rest) = split_leading_digits(&rest[1..]);
    if minute.len() != 2 {
        return None;
    }
    let mut second = "0";
    if let Some((found, after)) = rest.strip_prefix(mark).map(split_leading_digits)
        && found.len() == 2
    {
        second = found;
        rest = match after.strip_prefix('.').map(split_leading_digits) {
            Some((fraction, after)) if !fraction.is_empty() => after,
            _ => after,
        };
    }
    let hour: i8 = hour.parse().ok()?;
    // AM and PM, and the Malay *pagi*, *petang* and *malam* in full or short.
    let (word, after) = split_leading_letters(rest.trim_start());
    let (hour, rest) = match (&*word.to_ascii_lowercase(), hour) {
        ("am" | "pg" | "pagi" | "mlm" | "malam", 12) => (0, after),
        ("pm" | "ptg" | "petang", ..12) | ("mlm" | "malam", 6..12) => (hour + 12, after),
        ("am" | "pg" | "pagi" | "pm" | "ptg" | "petang" | "mlm" | "malam", _) => (hour, after),
        // Without it, `10.30` may be a number of something else.
        _ if mark == '.' => return None,
        _ => (hour, rest),
    };
    let (offset, rest) =
        parse_utc_offset(rest).map_or((None, rest), |(offset, rest)| (Some(offset), rest));
    let time = Time::new(hour, minute.parse().ok()?, second.parse().ok()?, 0).ok()?;
    Some((time, offset, rest))
}

/// `Z` or an offset from universal time, such as `+08:00` and `+0800`.
fn parse_utc_offset(text: &str) -> Option<(Offset, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((Offset::UTC, rest));
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, rest) = rest.split_at_checked(2)?;
    let (minutes, rest) = rest.strip_prefix(':').unwrap_or(rest).split_at_checked(2)?;
    if !split_leading_digits(hours).1.is_empty() || !split_leading_digits(minutes).1.is_empty() {
        return None;
    }
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Some((Offset::from_seconds(sign * seconds).ok()?, rest))
}

/// The days since the end of 1899 by which spreadsheets count, between 2000 and 2100.
fn parse_spreadsheet_serial(text: &str) -> Option<DayOrMoment> {
    let days: f64 = text.parse().ok()?;
    if !(36_526.0..73_051.0).contains(&days) {
        return None;
    }
    let at = moment_from_serial(days)?;
    Some(DayOrMoment {
        at: local_time::to_timestamp_at(at.date(), at.time()),
        is_day: days.fract() == 0.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse_date_field(text) {
            ParsedDate::Read(moment) => {
                format!("{}{}", moment.at, if moment.is_day { " day" } else { "" })
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn reads_local_date_formats() {
        let day = "2026-11-24T16:00:00Z day";
        for text in [
            "2026-11-25",
            "2026/11/25",
            "25/11/2026",
            "25-11-2026",
            "25.11.2026",
            " 25 November 2026",
            "25-Nov-2026",
            "25 NOV 2026",
            "46351",
        ] {
            assert_eq!(read(text), day, "{text}");
        }
        assert_eq!(read("3/4/2026"), "2026-04-02T16:00:00Z day");
        assert_eq!(read("3 Ogos 2026"), "2026-08-02T16:00:00Z day");
    }

    #[test]
    fn reads_unambiguous_times() {
        let moment = "2026-11-25T02:30:00Z";
        for text in [
            "2026-11-25T02:30:00Z",
            "2026-11-25T10:30:00+08:00",
            "2026-11-25T10:30:00.123+0800",
            "25/11/2026 10:30",
            "25/11/2026, 10:30:00 AM",
            "25-11-2026 10.30 PG",
            "25 November 2026 10:30 pagi",
            "46351.4375",
        ] {
            assert_eq!(read(text), moment, "{text}");
        }
        assert_eq!(read("25/11/2026 2:15 PTG"), "2026-11-25T06:15:00Z");
        assert_eq!(read("25/11/2026 12:05 AM"), "2026-11-24T16:05:00Z");
        assert_eq!(read("25/11/2026 12:05 malam"), "2026-11-24T16:05:00Z");
        assert_eq!(read("25/11/2026 11:05 MLM"), "2026-11-25T15:05:00Z");
    }

    #[test]
    fn refuses_ambiguous_dates() {
        for text in [
            "",
            "-",
            "31/02/2026",
            "25/11/26",
            "25/13/2026",
            "2026-11-25x",
            "25/11/2026 25:00",
            "1.5",
            "99999999",
            "NaN",
            "1e5",
            "2026-11-25 10.30",
        ] {
            assert_eq!(parse_date_field(text), ParsedDate::Unread, "{text}");
        }
        assert_eq!(parse_date_field("11/25/2026"), ParsedDate::MonthFirst);
        assert_eq!(parse_date_field("11/25/2026 10:30"), ParsedDate::MonthFirst);
    }

    #[test]
    fn reads_days_only_in_file_names() {
        let days = |name: &str| -> Vec<String> {
            dates_in_file_name(name).iter().map(|moment| moment.at.to_string()).collect()
        };
        for name in [
            "laporan-2026-11-25.csv",
            "20261125.xlsx",
            "laporan 25-11-2026 (1).csv",
            "25112026",
            "x_2026_11_25_1030.csv",
            "20261125-235959",
        ] {
            assert_eq!(days(name), ["2026-11-24T16:00:00Z"], "{name}");
        }
        for name in ["laporan.csv", "v1.2.2026.csv", "800101011234.csv", "12345678"] {
            assert!(days(name).is_empty(), "{name}");
        }
    }
}
