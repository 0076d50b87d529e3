//! Days and moments as reports write them: year first, or day before month, never month first. Pure.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

use crate::domain::calendar;

/// A moment that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// When; the beginning of the day where no time is said.
    pub(super) at: Timestamp,
    /// Whether a day alone is said.
    pub(super) is_day: bool,
}

/// What a field of a column of dates says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// A moment.
    Read(Moment),
    /// Nothing that can be read.
    Unread,
    /// Nothing that can be read with the day first, but something with the month first.
    MonthFirst,
}

/// Reads a whole field.
pub(super) fn field(text: &str) -> Field {
    let text = text.trim();
    if let Some((moment, length)) = begins(text, &Style::TEXT)
        && text[length..].trim().is_empty()
    {
        return Field::Read(moment);
    }
    if let Some(moment) = serial(text) {
        return Field::Read(moment);
    }
    let day_and_month = text.split(['/', '-', '.']).take(2).map(str::trim);
    let numbers: Vec<u8> = day_and_month.filter_map(|it| it.parse().ok()).collect();
    match numbers[..] {
        [month, day] if (1..=12).contains(&month) && (13..=31).contains(&day) => Field::MonthFirst,
        _ => Field::Unread,
    }
}

/// Every moment in a line of text, with the place where it begins.
pub(super) fn in_line(text: &str) -> Vec<(usize, Moment)> {
    all(text, &Style::TEXT)
}

/// Every day in the name of a file.
pub(super) fn in_name(text: &str) -> Vec<Moment> {
    let found = all(text, &Style::NAME).into_iter();
    found.map(|(_, moment)| moment).collect()
}

/// How dates are written in a place.
struct Style {
    separators: &'static str,
    /// Names of files: eight digits are a day, and times are not read, for they may be a number of
    /// something else.
    is_name: bool,
}

impl Style {
    const TEXT: Self = Self {
        separators: "/-.",
        is_name: false,
    };
    const NAME: Self = Self {
        separators: "-_.",
        is_name: true,
    };
}

fn all(text: &str, style: &Style) -> Vec<(usize, Moment)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find(|it: char| it.is_ascii_digit()) {
        at += step;
        match begins(&text[at..], style) {
            Some((moment, length)) => {
                found.push((at, moment));
                at += length;
            }
            None => at += digits(&text[at..]).len(),
        }
    }
    found
}

/// A moment at the beginning of a text, and its length.
fn begins(text: &str, style: &Style) -> Option<(Moment, usize)> {
    let (date, length) = date(text, style)?;
    let rest = &text[length..];
    if rest.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    if !style.is_name
        && let Some((time, offset, more)) = time(rest)
    {
        let at = match offset {
            Some(offset) => offset.to_timestamp(DateTime::from_parts(date, time)).ok()?,
            None => calendar::moment(date, time),
        };
        return Some((Moment { at, is_day: false }, length + more));
    }
    let at = calendar::moment(date, Time::midnight());
    Some((Moment { at, is_day: true }, length))
}

fn digits(text: &str) -> &str {
    let end = text.find(|it: char| !it.is_ascii_digit());
    &text[..end.unwrap_or(text.len())]
}

fn date(text: &str, style: &Style) -> Option<(Date, usize)> {
    let first = digits(text);
    if style.is_name && first.len() == 8 {
        return compact(first).map(|date| (date, 8));
    }
    let rest = &text[first.len()..];
    let separator = rest.chars().next()?;
    if !style.separators.contains(separator) {
        return if style.is_name {
            None
        } else {
            in_words(text, first)
        };
    }
    let second = digits(&rest[1..]);
    if second.is_empty() {
        return if style.is_name {
            None
        } else {
            in_words(text, first)
        };
    }
    let rest = rest[1 + second.len()..].strip_prefix(separator)?;
    let third = digits(rest);
    let length = first.len() + second.len() + third.len() + 2;
    // A version in the name of a file is no day.
    let (least, most) = (if style.is_name { 2 } else { 1 }, 2);
    let is_part = |part: &str| (least..=most).contains(&part.len());
    let date = match (first.len(), third.len()) {
        (4, _) if is_part(second) && is_part(third) => day(first, second, third),
        (_, 4) if is_part(first) && is_part(second) => day(third, second, first),
        _ => None,
    };
    date.map(|date| (date, length))
}

/// Eight digits with the year first or last; no day is both, for no month is 20.
fn compact(digits: &str) -> Option<Date> {
    let year_first = day(&digits[..4], &digits[4..6], &digits[6..]);
    year_first.or_else(|| day(&digits[4..], &digits[2..4], &digits[..2]))
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    let date = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1990..=2199).contains(&year).then_some(date)
}

/// The months as Malay and English write them, by how they begin.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mac", "mar"],
    &["apr"],
    &["mei", "may"],
    &["jun"],
    &["jul"],
    &["ogo", "aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dis", "dec"],
];

/// `25 November 2026`, `25-Nov-2026`.
fn in_words(text: &str, first: &str) -> Option<(Date, usize)> {
    if !(1..=2).contains(&first.len()) {
        return None;
    }
    let blank = |it: char| it == ' ' || it == '-' || it == '\u{a0}';
    let after = text[first.len()..].trim_start_matches(blank);
    let end = after.find(|it: char| !it.is_ascii_alphabetic())?;
    let (word, rest) = after.split_at(end);
    let word = word.to_ascii_lowercase();
    let is_month = |begins: &&[&str]| begins.iter().any(|it| word.starts_with(it));
    let month = MONTHS.iter().position(is_month)? + 1;
    let rest = rest.trim_start_matches(blank);
    let year = digits(rest);
    if year.len() != 4 {
        return None;
    }
    let date = day(year, &month.to_string(), first)?;
    Some((date, text.len() - rest.len() + 4))
}

/// A time behind a day: `10:30`, `T10:30:00Z`, `10.30 PG`, `2:15:09 PM`, and its length.
fn time(text: &str) -> Option<(Time, Option<Offset>, usize)> {
    let begin = text.trim_start_matches([' ', '\u{a0}', ',', 'T', '(']);
    if begin.len() == text.len() {
        return None;
    }
    let hour = digits(begin);
    let mark = begin[hour.len()..].chars().next()?;
    if !(mark == ':' || mark == '.') || !(1..=2).contains(&hour.len()) {
        return None;
    }
    let minute = digits(&begin[hour.len() + 1..]);
    let mut rest = &begin[hour.len() + 1 + minute.len()..];
    if minute.len() != 2 {
        return None;
    }
    let mut second = "0";
    if let Some(found) = rest.strip_prefix(mark).map(digits)
        && found.len() == 2
    {
        second = found;
        rest = &rest[3..];
        if let Some(fraction) = rest.strip_prefix('.').map(digits) {
            rest = &rest[if fraction.is_empty() {
                0
            } else {
                fraction.len() + 1
            }..];
        }
    }
    let mut hour: i8 = hour.parse().ok()?;
    let half = half_of_day(rest);
    match half {
        Some((Half::Before, _)) if hour == 12 => hour = 0,
        Some((Half::After, _)) if hour < 12 => hour += 12,
        Some((Half::Night, _)) if hour == 12 => hour = 0,
        Some((Half::Night, _)) if (6..12).contains(&hour) => hour += 12,
        // Without it, `10.30` may be a number of something else.
        None if mark == '.' => return None,
        _ => {}
    }
    if let Some((_, length)) = half {
        rest = &rest[length..];
    }
    let (offset, length) = zone(rest).map_or((None, 0), |(it, length)| (Some(it), length));
    rest = &rest[length..];
    let time = Time::new(hour, minute.parse().ok()?, second.parse().ok()?, 0).ok()?;
    Some((time, offset, text.len() - rest.len()))
}

#[derive(Clone, Copy)]
enum Half {
    Before,
    After,
    /// From the evening until after midnight.
    Night,
}

/// AM, PM, and the Malay *pagi*, *petang*, *malam* in full or short.
fn half_of_day(text: &str) -> Option<(Half, usize)> {
    let begin = text.trim_start();
    let end = begin
        .find(|it: char| !it.is_ascii_alphabetic())
        .unwrap_or(begin.len());
    let half = match begin[..end].to_ascii_lowercase().as_str() {
        "am" | "pg" | "pagi" => Half::Before,
        "pm" | "ptg" | "petang" => Half::After,
        "mlm" | "malam" => Half::Night,
        _ => return None,
    };
    Some((half, text.len() - begin.len() + end))
}

/// `Z` or an offset from universal time.
fn zone(text: &str) -> Option<(Offset, usize)> {
    if text.starts_with('Z') {
        return Some((Offset::UTC, 1));
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let hours = text.get(1..3)?;
    let (minutes, length) = match text.get(3..4) {
        Some(":") => (text.get(4..6)?, 6),
        _ => (text.get(3..5)?, 5),
    };
    let number = |digits: &str| {
        digits
            .bytes()
            .all(|it| it.is_ascii_digit())
            .then(|| digits.parse::<i32>().ok())?
    };
    let seconds = sign * (number(hours)? * 3600 + number(minutes)? * 60);
    Some((Offset::from_seconds(seconds).ok()?, length))
}

/// The days since the end of 1899 by which spreadsheets count, between 2000 and 2100.
fn serial(text: &str) -> Option<Moment> {
    let days: f64 = text.parse().ok()?;
    if !(36_526.0..73_051.0).contains(&days) {
        return None;
    }
    let at = spreadsheet_moment(days)?;
    Some(Moment {
        at: calendar::moment(at.date(), at.time()),
        is_day: days.fract() == 0.0,
    })
}

/// The local moment of a spreadsheet's number of days, to the second.
pub(super) fn spreadsheet_moment(days: f64) -> Option<DateTime> {
    if !(61.0..2_958_466.0).contains(&days) {
        return None;
    }
    // The range is checked above.
    #[expect(clippy::cast_possible_truncation, reason = "within the range")]
    let seconds = (days * 86_400.0).round() as i64;
    let begin = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    begin.checked_add(seconds.seconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match field(text) {
            Field::Read(moment) => {
                format!("{}{}", moment.at, if moment.is_day { " day" } else { "" })
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn days_are_read_as_they_are_written_here() {
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
    fn times_are_read_where_they_are_plain() {
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
    fn nothing_is_guessed() {
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
            assert_eq!(field(text), Field::Unread, "{text}");
        }
        assert_eq!(field("11/25/2026"), Field::MonthFirst);
        assert_eq!(field("11/25/2026 10:30"), Field::MonthFirst);
    }

    #[test]
    fn names_of_files_have_days_and_no_times() {
        let days = |name: &str| -> Vec<String> {
            in_name(name).iter().map(|it| it.at.to_string()).collect()
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
        for name in [
            "laporan.csv",
            "v1.2.2026.csv",
            "800101011234.csv",
            "12345678",
        ] {
            assert!(days(name).is_empty(), "{name}");
        }
    }
}
