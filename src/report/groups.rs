//! Many rows, so put together that a person can still review them: by request, what is blocked or
//! failed by its reason, the first mailboxes of each, and the number of the others. JSON has all. Pure.

use std::collections::HashMap;

use super::findings::plural;
use super::rows::{Kind, Row};

/// Up to so many rows are shown one by one: about what a reviewer reads.
pub const LARGE: usize = 60;
/// The mailboxes of a group that are named, to tell by whether it is the right one.
const FIRST: usize = 3;
/// Up to so many terminations are shown one by one, whatever else there is.
const SHOWN_TERMINATIONS: usize = 200;
/// The groups of one word that are shown, and of terminations, which a reviewer must not miss.
const MOST_GROUPS: usize = 40;
const MOST_TERMINATING: usize = 100;

/// The rows, grouped where they are many; else as they are.
pub fn grouped(rows: Vec<Row>) -> Vec<Row> {
    if rows.len() <= LARGE {
        return rows;
    }
    let mut shown = Vec::new();
    for same_word in split(rows, |row| row.word().to_owned()) {
        let most = match same_word[0].kind {
            Kind::Terminate => MOST_TERMINATING,
            _ => MOST_GROUPS,
        };
        if same_word[0].kind == Kind::Terminate && same_word.len() <= SHOWN_TERMINATIONS {
            shown.extend(same_word);
            continue;
        }
        let word = same_word[0].word().to_owned();
        let mut groups = split(same_word, key);
        // Whoever must choose sees the largest first; of equals the order of the plan stays.
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let left: usize = groups.iter().skip(most).map(Vec::len).sum();
        let left_groups = groups.len().saturating_sub(most);
        groups.truncate(most);
        shown.extend(groups.into_iter().flat_map(group));
        if left > 0 {
            let others = plural(left, "mailbox", "mailboxes");
            let of = plural(left_groups, "more group", "more groups");
            let about = format!("… and {others} in {of}; --format json has them all");
            shown.push(Row::new(&word, "", "", about, Kind::Quiet));
        }
    }
    shown
}

/// What makes a group: a request, or the reason why something is not done.
fn key(row: &Row) -> String {
    match row.kind {
        Kind::Blocked => row.about().to_owned(),
        _ => row.request().to_owned(),
    }
}

/// Puts rows of the same key together, keys and rows in the order in which they come.
fn split(rows: Vec<Row>, key: impl Fn(&Row) -> String) -> Vec<Vec<Row>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        let place = *places.entry(key(&row)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(row);
    }
    groups
}

/// One row for the group, the first of its mailboxes, and the number of the others.
fn group(rows: Vec<Row>) -> Vec<Row> {
    if rows.len() <= FIRST {
        return rows;
    }
    let count = rows.len();
    let kind = rows[0].kind;
    let request = common(&rows, Row::request).unwrap_or("several requests");
    let common_about = common(&rows, Row::about);
    let about = match common_about {
        Some(about) => about.to_owned(),
        None => {
            let first = rows[0].about();
            let others = rows.iter().filter(|row| row.about() != first).count();
            format!("{first}; {others} of them otherwise")
        }
    };
    let title = format!("{count} mailboxes");
    let mut shown = vec![Row::new(rows[0].word(), &title, request, about, kind)];
    for row in rows.iter().take(FIRST) {
        // What all have in common is said once.
        let about = common_about.map_or(row.about(), |_| "").to_owned();
        let request = Some(row.request()).filter(|own| *own != request);
        let request = request.unwrap_or_default();
        shown.push(Row::new("", row.subject(), request, about, kind));
    }
    let more = format!("… and {} more", count - FIRST);
    shown.push(Row::new("", &more, "", String::new(), kind));
    shown
}

/// What all rows have in common, if anything.
fn common<'a>(rows: &'a [Row], of: impl Fn(&'a Row) -> &'a str) -> Option<&'a str> {
    let first = of(&rows[0]);
    rows.iter().all(|row| of(row) == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, word: &str, request: impl Fn(usize) -> String, kind: Kind) -> Vec<Row> {
        let each = (0..count).map(|number| {
            let mailbox = format!("m{number:05}@x.example");
            Row::new(
                word,
                &mailbox,
                &request(number),
                "approved".to_owned(),
                kind,
            )
        });
        each.collect()
    }

    #[test]
    fn up_to_the_threshold_rows_stay_as_they_are() {
        for (count, grouped_) in [(LARGE, false), (LARGE + 1, true)] {
            let shown = grouped(rows(count, "+ enable", |_| "R-1".into(), Kind::Enable));
            assert_eq!(shown.len() < count, grouped_);
        }
    }

    #[test]
    fn a_group_has_its_number_its_first_and_how_many_are_left() {
        let shown = grouped(rows(250, "+ enable", |_| "R-1".into(), Kind::Enable));
        let subjects: Vec<&str> = shown.iter().map(Row::subject).collect();
        assert_eq!(
            subjects,
            [
                "250 mailboxes",
                "m00000@x.example",
                "m00001@x.example",
                "m00002@x.example",
                "… and 247 more"
            ]
        );
        assert_eq!((shown[0].word(), shown[0].request()), ("+ enable", "R-1"));
    }

    #[test]
    fn no_mailbox_is_lost_in_the_count() {
        let request = |number: usize| format!("R-{}", number % 300);
        let mut all = rows(700, "- terminate", request, Kind::Terminate);
        all.extend(rows(9_300, "+ enable", request, Kind::Enable));
        let shown = grouped(all);
        assert_eq!(shown[0].word(), "- terminate");
        let number = |text: &str| {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            digits.parse::<usize>().unwrap()
        };
        for (word, total) in [("- terminate", 700), ("+ enable", 9_300)] {
            let count: usize = shown
                .iter()
                .filter(|row| row.word() == word)
                .map(|row| match (row.subject(), row.about()) {
                    ("", left) => number(left.split(" in ").next().unwrap()),
                    (title, _) if title.ends_with(" mailboxes") => number(title),
                    _ => 1,
                })
                .sum();
            assert_eq!(count, total, "{word}");
        }
        assert!(shown.len() < 700, "{}", shown.len());
    }

    #[test]
    fn a_few_terminations_are_never_hidden() {
        let mut all = rows(150, "- terminate", |_| "R-1".into(), Kind::Terminate);
        all.extend(rows(9_000, "+ enable", |_| "R-2".into(), Kind::Enable));
        let shown = grouped(all);
        let terminations = shown.iter().filter(|row| row.word() == "- terminate");
        assert_eq!(terminations.count(), 150);
    }

    #[test]
    fn what_is_blocked_is_told_by_its_reason() {
        let request = |number: usize| format!("R-{number}");
        let mut all = rows(80, "! blocked", request, Kind::Blocked);
        all.extend(
            rows(1, "! blocked", request, Kind::Blocked)
                .into_iter()
                .map(|row| {
                    Row::new(
                        "! blocked",
                        row.subject(),
                        "R-9",
                        "a hold".to_owned(),
                        Kind::Blocked,
                    )
                }),
        );
        let shown = grouped(all);
        assert_eq!(shown[0].subject(), "80 mailboxes");
        assert_eq!(shown[0].request(), "several requests");
        assert_eq!(shown[1].request(), "R-0");
        assert_eq!(shown.last().unwrap().about(), "a hold");
    }
}
