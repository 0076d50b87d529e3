//! What changes in how arkib and a portal operated by people understand each other, in words for a
//! reviewer. Pure.

use super::difference::{list, value};
use crate::mapping::Words;
use crate::mapping::bulk::BulkMapping;
use crate::mapping::report::{Column, ReportMapping};
use crate::observed::{Account, State};

/// What changes in how a report is read.
pub(super) fn report_differs(
    before: &ReportMapping,
    after: &ReportMapping,
    words: &mut Vec<String>,
) {
    let ReportMapping {
        columns,
        states,
        accounts,
        holds,
        agency,
    } = before;
    for column in Column::ALL {
        let name =
            |name: Option<&String>| name.map_or("its usual names", String::as_str).to_owned();
        value(
            &format!("report.columns.{}", column.key()),
            name(columns.get(&column)),
            name(after.columns.get(&column)),
            words,
        );
    }
    vocabulary(
        "report.states",
        [states, &after.states],
        State::as_str,
        words,
    );
    vocabulary(
        "report.accounts",
        [accounts, &after.accounts],
        Account::as_str,
        words,
    );
    vocabulary(
        "report.holds",
        [holds, &after.holds],
        |held| if *held { "held" } else { "free" },
        words,
    );
    let agency_of = |agency: &Option<String>| agency.clone().unwrap_or("any agency".to_owned());
    value(
        "report.agency",
        agency_of(agency),
        agency_of(&after.agency),
        words,
    );
}

/// What changes in which words are known, and what they mean.
fn vocabulary<T: PartialEq>(
    key: &str,
    [before, after]: [&Option<Words<T>>; 2],
    meaning: impl Fn(&T) -> &str,
    words: &mut Vec<String>,
) {
    let said = |words: &Option<Words<T>>| match words {
        None => vec!["the usual words".to_owned()],
        Some(words) => words
            .iter()
            .map(|(word, means)| format!("`{word}` for {}", meaning(means)))
            .collect(),
    };
    list(key, &said(before), &said(after), words);
}

/// What changes in the file that the portal is given.
pub(super) fn bulk_differs(before: &BulkMapping, after: &BulkMapping, words: &mut Vec<String>) {
    let BulkMapping {
        mailbox,
        action,
        request,
        enable,
        terminate,
        delimiter,
        encoding,
    } = before;
    value("bulk.columns.mailbox", mailbox, &after.mailbox, words);
    value("bulk.columns.action", action, &after.action, words);
    let name = |name: &Option<String>| name.clone().unwrap_or("no column".to_owned());
    value(
        "bulk.columns.request",
        name(request),
        name(&after.request),
        words,
    );
    value("bulk.actions.enable", enable, &after.enable, words);
    value("bulk.actions.terminate", terminate, &after.terminate, words);
    value(
        "bulk.delimiter",
        delimiter.as_str(),
        after.delimiter.as_str(),
        words,
    );
    value(
        "bulk.encoding",
        encoding.as_str(),
        after.encoding.as_str(),
        words,
    );
}
