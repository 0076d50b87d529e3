//! What holds of every file that is given as a report: it is read or refused, in bounded words that
//! rewrite no screen, and each row of it is known by a key of its own.

use std::collections::HashSet;

use arkib::domain::mapping::report::ExportMapping;
use arkib::portal::files::export;
use arkib::text::is_unsafe;

pub fn holds(bytes: &[u8]) {
    let domains = ["agensi.example".to_owned()];
    let words = match export::read(bytes, "laporan.csv", &ExportMapping::default(), &domains) {
        Ok(report) => {
            let keys = report.mailboxes.iter().map(|it| (&it.mailbox, &it.id));
            let keys: HashSet<_> = keys.collect();
            assert_eq!(keys.len(), report.mailboxes.len(), "two rows with one key");
            assert!(!report.mailboxes.is_empty(), "a report of nothing");
            report.remarks.join("; ")
        }
        Err(error) => {
            assert!(!error.help.is_empty(), "nothing to do about it");
            format!("{error}; {}", error.help)
        }
    };
    assert!(!words.chars().any(is_unsafe), "{words:?}");
    assert!(words.len() < 20_000, "{} bytes of words", words.len());
}
