//! Days as people and programs write them: year first, or day before month, never month first. Pure.

use jiff::civil::Date;

/// Where a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePlace {
    /// Text, in which a month may be a word.
    Text,
    /// Names of files: eight digits are a day, and times are not read, for they may be a number of
    /// something else.
    Name,
}

/// A day as offices write it.
pub fn written_day(day: Date) -> String {
    format!("{}/{}/{:04}", day.day(), day.month(), day.year())
}

/// A whole text that is a day: `2026-11-20`, `20/11/2026`, `20 November 2026`, `20 Mac 2026`.
pub fn parse_written_day(text: &str) -> Option<Date> {
    match parse_leading_date(text.trim(), DatePlace::Text)? {
        (date, "") => Some(date),
        _ => None,
    }
}

/// The day at the beginning of a text, and the rest.
pub fn parse_leading_date(text: &str, place: DatePlace) -> Option<(Date, &str)> {
    let (first, rest) = split_leading_digits(text);
    // A version in the name of a file is no day, so there a part has two digits.
    let (separators, shortest) = match place {
        DatePlace::Name if first.len() == 8 => {
            return parse_eight_digits(first).map(|date| (date, rest));
        }
        DatePlace::Name => ("-_.", 2),
        DatePlace::Text => ("/-.", 1),
    };
    let separator = rest.chars().next()?;
    let (second, after) = match rest.strip_prefix(separator) {
        Some(after) if separators.contains(separator) => split_leading_digits(after),
        _ => ("", rest),
    };
    if second.is_empty() {
        return match place {
            DatePlace::Name => None,
            DatePlace::Text => parse_date_with_month_name(first, rest),
        };
    }
    let (third, rest) = split_leading_digits(after.strip_prefix(separator)?);
    let is_part = |part: &str| (shortest..=2).contains(&part.len());
    let date = match (first.len(), third.len()) {
        (4, _) if is_part(second) && is_part(third) => date_from_parts(first, second, third),
        (_, 4) if is_part(first) && is_part(second) => date_from_parts(third, second, first),
        _ => None,
    };
    date.map(|date| (date, rest))
}

/// Eight digits with the year first or last; no day is both, for no month is 20.
fn parse_eight_digits(digits: &str) -> Option<Date> {
    let year_first = date_from_parts(&digits[..4], &digits[4..6], &digits[6..]);
    year_first.or_else(|| date_from_parts(&digits[4..], &digits[2..4], &digits[..2]))
}

fn date_from_parts(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    let date = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1990..=2199).contains(&year).then_some(date)
}

/// How the months begin in Malay and in English.
const MONTHS: [&str; 2] = [
    "jan feb mac apr mei jun jul ogo sep okt nov dis",
    "jan feb mar apr may jun jul aug sep oct nov dec",
];

/// `25 November 2026`, `25-Nov-2026`, of which the first number is read.
fn parse_date_with_month_name<'a>(first: &str, rest: &'a str) -> Option<(Date, &'a str)> {
    if !(1..=2).contains(&first.len()) {
        return None;
    }
    let blanks = [' ', '-', '\u{a0}'];
    let (word, rest) = split_leading_letters(rest.trim_start_matches(blanks));
    let word = word.to_ascii_lowercase();
    let place = |months: &&str| months.split(' ').position(|month| word.starts_with(month));
    let month = MONTHS.iter().find_map(place)? + 1;
    let (year, rest) = split_leading_digits(rest.trim_start_matches(blanks));
    if year.len() != 4 {
        return None;
    }
    Some((date_from_parts(year, &month.to_string(), first)?, rest))
}

/// The digits at the beginning of a text, and the rest.
pub fn split_leading_digits(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

/// The letters at the beginning of a text, and the rest.
pub fn split_leading_letters(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_alphabetic());
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2026-11-20", Some(date(2026, 11, 20))),
            ("20/11/2026", Some(date(2026, 11, 20))),
            (" 5.3.2026 ", Some(date(2026, 3, 5))),
            ("20 November 2026", Some(date(2026, 11, 20))),
            ("20 Mac 2026", Some(date(2026, 3, 20))),
            ("1 ogos 2026", Some(date(2026, 8, 1))),
            ("31 Disember 2026", Some(date(2026, 12, 31))),
            ("9 Mei 2026", Some(date(2026, 5, 9))),
            // Never with the month first.
            ("11/25/2026", None),
            ("31/11/2026", None),
            ("20/11/26", None),
            ("20 Nombor 2026", None),
            ("20 November 2026, petang", None),
            ("semalam", None),
            ("", None),
        ] {
            assert_eq!(parse_written_day(text), expected, "{text}");
            let again = expected.map(|day| parse_written_day(&written_day(day)));
            assert!(again.is_none_or(|again| again == expected), "{text}");
        }
    }
}
