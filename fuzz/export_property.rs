//! What holds of every file that is given as a export: it is read or refused, in bounded words that
//! rewrite no screen, and each row of it is known by a key of its own.

use std::collections::HashSet;

use arkib::domain::mapping::export_file::ExportMapping;
use arkib::language::Message;
use arkib::portal::files::export;
use arkib::text::is_unsafe;

pub fn holds(bytes: &[u8]) {
    let domains = ["agensi.example".to_owned()];
    let words = match export::read(bytes, "laporan.csv", &ExportMapping::default(), &domains) {
        Ok(export) => {
            let keys = export.mailboxes.iter().map(|it| (&it.mailbox, &it.id));
            let keys: HashSet<_> = keys.collect();
            assert_eq!(keys.len(), export.mailboxes.len(), "two rows with one key");
            assert!(!export.mailboxes.is_empty(), "a export of nothing");
            Message::joined(export.remarks, "; ").in_english()
        }
        Err(error) => {
            assert!(!error.help.is_empty(), "nothing to do about it");
            format!("{error}; {}", error.help.in_english())
        }
    };
    assert!(!words.chars().any(is_unsafe), "{words:?}");
    assert!(words.len() < 20_000, "{} bytes of words", words.len());
}
