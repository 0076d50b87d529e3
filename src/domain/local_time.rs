//! The agency's calendar. Pure: the moment is always passed in.

use jiff::civil::{Date, DateTime, Time, time};
use jiff::{Timestamp, tz};

use crate::language::Message;

/// The agency's time zone, Asia/Kuala_Lumpur, which has been UTC+8 all year round since 1982.
const ZONE: tz::Offset = tz::offset(8);

/// The agency's calendar day of a moment.
pub fn local_day(moment: Timestamp) -> Date {
    ZONE.to_datetime(moment).date()
}

/// Parses a day as YYYY-MM-DD (ISO 8601 calendar date); other forms are errors.
///
/// # Errors
/// What was expected, as the end of a sentence "expected …".
pub fn parse_day(text: &str) -> Result<Date, Message> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return Err(message!("field-date-shape"));
    }
    text.parse().map_err(|_| message!("field-date-real"))
}

/// The days from one day to another; negative if that is earlier.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The last whole day before a moment, in the agency's time zone: on the day of the moment itself it may be
/// too late.
pub fn last_whole_day(until: Timestamp) -> Option<Date> {
    local_day(until).yesterday().ok()
}

/// Noon of a day in the agency's time zone.
pub fn noon(day: Date) -> Timestamp {
    to_timestamp_at(day, time(12, 0, 0, 0))
}

/// The moment of a day and a time in the agency's time zone.
pub fn to_timestamp_at(day: Date, time: Time) -> Timestamp {
    ZONE.to_timestamp(day.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

/// A moment in the agency's time zone, to the minute.
pub fn format_minute(moment: Timestamp) -> String {
    to_local_time(moment).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The day and the time of a moment in the agency's time zone.
pub fn to_local_time(moment: Timestamp) -> DateTime {
    ZONE.to_datetime(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_changes_at_16_00_utc() {
        let before: Timestamp = "2026-11-22T15:59:59Z".parse().expect("a moment");
        let after: Timestamp = "2026-11-22T16:00:00Z".parse().expect("a moment");
        assert_eq!(local_day(before).to_string(), "2026-11-22");
        assert_eq!(local_day(after).to_string(), "2026-11-23");
        assert_eq!(local_day(noon(local_day(after))), local_day(after));
        assert_eq!(to_timestamp_at(local_day(after), Time::midnight()), after);
        assert_eq!(last_whole_day(after).map(|day| day.to_string()).as_deref(), Some("2026-11-22"));
    }
}
