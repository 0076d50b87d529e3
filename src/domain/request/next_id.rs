//! The id of the next request, in the pattern of the agency's newest ids. Pure.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::RequestId;

/// The pattern of an id: `BMT-2026-0053` is `BMT-`, a year, `-` and a number of four digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct IdPattern {
    kind: IdKind,
    width: usize,
}

/// What ids have in common that are numbered together: the text before the year; the year, and the text
/// between the year and the number.
type IdKind = (String, Option<(i16, String)>);

/// The ids in use. An id is read once, however many follow it.
#[derive(Debug, Default)]
pub struct UsedIds {
    /// In small letters: some systems ignore the case of file names.
    taken: HashSet<String>,
    /// The day of receipt, the number and the pattern of the newest.
    newest: Option<(Option<Date>, u64, IdPattern)>,
    /// The highest number of each kind.
    highest: HashMap<IdKind, u64>,
}

impl UsedIds {
    /// Adds an id, with the day of receipt if known; false if it is in use.
    pub fn insert(&mut self, id: &str, day: Option<Date>) -> bool {
        if let Some((pattern, number)) = parse_pattern(id) {
            let highest = self.highest.entry(pattern.kind.clone()).or_insert(number);
            *highest = number.max(*highest);
            // On the same day, the highest number is the newest.
            let newest = self.newest.as_ref();
            if newest.is_none_or(|(its_day, its, _)| (*its_day, *its) <= (day, number)) {
                self.newest = Some((day, number, pattern));
            }
        }
        self.taken.insert(id.to_ascii_lowercase())
    }

    /// The id for a request that is received in a year.
    ///
    /// It continues the pattern of the newest request; numbers restart each year and keep their width. An
    /// agency without such ids gets `AGENCY-YEAR-0001`.
    pub fn next_id(&self, agency: &str, year: i16) -> RequestId {
        let own = || IdPattern {
            kind: (format!("{}-", id_prefix(agency)), Some((year, "-".to_owned()))),
            width: 4,
        };
        let newest = self.newest.as_ref().map(|(_, _, pattern)| pattern.clone());
        newest
            .and_then(|pattern| self.follow(pattern, year))
            .or_else(|| self.follow(own(), year))
            .unwrap_or_else(|| RequestId("R-1".into()))
    }

    /// The next free id of a pattern in a year.
    fn follow(&self, mut pattern: IdPattern, year: i16) -> Option<RequestId> {
        pattern.kind.1 = pattern.kind.1.map(|(_, between)| (year, between));
        let last = self.highest.get(&pattern.kind).copied();
        let first = last.unwrap_or(0).checked_add(1)?;
        (first..=u64::MAX)
            .map(|number| format_id(&pattern, number))
            .find(|id| !self.taken.contains(&id.to_ascii_lowercase()))
            .and_then(|id| RequestId::parse(&id))
    }
}

/// The pattern of an id that ends with a number, and that number.
fn parse_pattern(id: &str) -> Option<(IdPattern, u64)> {
    // The name of an unreadable file may be anything.
    RequestId::parse(id)?;
    let before = id.trim_end_matches(|last: char| last.is_ascii_digit());
    let digits = &id[before.len()..];
    let number = digits.parse().ok()?;
    let year = find_year(before);
    let kind = (
        year.map_or(before, |(at, _)| &before[..at]).to_owned(),
        year.map(|(at, year)| (year, before[at + 4..].to_owned())),
    );
    Some((IdPattern { kind, width: digits.len() }, number))
}

/// The last year (exactly four digits) in a text, and its position.
fn find_year(text: &str) -> Option<(usize, i16)> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len().saturating_sub(3)).rev().find_map(|at| {
        if is_digit(at.wrapping_sub(1)) || is_digit(at + 4) {
            return None;
        }
        let year: i16 = text.get(at..at + 4)?.parse().ok()?;
        (1900..2200).contains(&year).then_some((at, year))
    })
}

fn format_id(pattern: &IdPattern, number: u64) -> String {
    let IdPattern { kind: (before, year), width } = pattern;
    match year {
        Some((year, between)) => format!("{before}{year:04}{between}{number:0width$}"),
        None => format!("{before}{number:0width$}"),
    }
}

/// An agency's short name as the beginning of an id.
fn id_prefix(agency: &str) -> String {
    let parts = agency.split(|character: char| !character.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    match parts.is_empty() {
        true => "R".to_owned(),
        false => parts.join("-"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn after(used: &[&str], agency: &str, year: i16) -> String {
        let mut all = UsedIds::default();
        for id in used {
            all.insert(id, None);
        }
        all.next_id(agency, year).to_string()
    }

    #[test]
    fn next_number_follows_the_agencys_ids() {
        for (used, year, expected) in [
            (&["BMT-2026-0052", "BMT-2026-0053"][..], 2026, "BMT-2026-0054"),
            (&["BMT-2026-0053"], 2027, "BMT-2027-0001"),
            // In whatever order they are read, and with gaps.
            (&["R-2", "R-9", "R-4"], 2026, "R-10"),
            (&["BMT-2026-0009", "BMT-2025-0100", "BMT-2026-0002"], 2026, "BMT-2026-0010"),
            (&["BMT-2026-0053", "BMT-2025-0100"], 2025, "BMT-2025-0101"),
            (&["BMT-2026-9999"], 2026, "BMT-2026-10000"),
            (&["a/2026", "R-7"], 2026, "R-8"),
            (&["R.2026_09"], 2026, "R.2026_10"),
            (&["2026-009"], 2026, "2026-010"),
            (&["0009"], 2026, "0010"),
            (&["20260012"], 2027, "20260013"),
            (&["surat-a"], 2026, "CONTOH-2026-0001"),
            // On some systems a name in another case is the same file.
            (&["R-7", "r-8"], 2026, "r-9"),
            (&[], 2026, "CONTOH-2026-0001"),
        ] {
            assert_eq!(after(used, "CONTOH", year), expected, "{used:?}");
        }
    }

    #[test]
    fn newest_request_gives_the_id_pattern() {
        let mut used = UsedIds::default();
        for (id, day) in [
            ("OLD-2026-0900", Some(date(2026, 1, 5))),
            ("BMT-2026-0007", Some(date(2026, 11, 2))),
            ("BMT-2026-0008", None),
        ] {
            assert!(used.insert(id, day));
        }
        assert!(!used.insert("bmt-2026-0007", None), "twice");
        assert_eq!(used.next_id("CONTOH", 2026).as_str(), "BMT-2026-0009");
    }

    #[test]
    fn any_agency_name_gives_an_id() {
        for (agency, expected) in [
            ("Jab. Contoh (M)", "Jab-Contoh-M-2026-0001"),
            ("../..", "R-2026-0001"),
            ("部门", "R-2026-0001"),
            (
                "abcdefghijabcdefghijabcdefghijabcdefghij",
                "abcdefghijabcdefghijabcdefghijabcdefghij-2026-0001",
            ),
        ] {
            assert_eq!(after(&[], agency, 2026), expected);
        }
    }

    #[test]
    fn ignores_numbers_at_the_limit() {
        let long = format!("R-{}", "9".repeat(60));
        assert_eq!(after(&[&long], "CONTOH", 2026), "CONTOH-2026-0001");
        let full = format!("R-{}", u64::MAX);
        assert_eq!(after(&[&full], "CONTOH", 2026), "CONTOH-2026-0001");
        let longest = format!("{}9", "a".repeat(63));
        assert_eq!(after(&[&longest], "CONTOH", 2026), "CONTOH-2026-0001");
    }
}
