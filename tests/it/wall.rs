//! The wall of DESIGN section 8: the pure part knows no I/O, no clock, no async, and nothing of
//! the stages that come after it.

use std::fs;
use std::path::{Path, PathBuf};

/// The pure files and folders, and those in them that may touch files.
const PURE: &[&str] = &[
    "request",
    "yaml",
    "policy",
    "plan",
    "policy.rs",
    "desired.rs",
    "observed",
    "mailbox.rs",
    "mapping",
    "mapping.rs",
    "language.rs",
    "lifecycle",
    "lifecycle.rs",
    "notice",
    "notice.rs",
    "records/history.rs",
    "register",
    "finding.rs",
    "visible.rs",
    "secret.rs",
    "provenance.rs",
    "hash.rs",
    "personal.rs",
    "report/places.rs",
    "report/groups.rs",
    "report/listing.rs",
    "report/sheet.rs",
    "report/notes.rs",
    "records/entry.rs",
    "records/chain.rs",
    "records/open.rs",
    "records/redaction.rs",
    "calendar.rs",
    "portal/files/bulk/mod.rs",
    "portal/files/bulk/row.rs",
    "portal/files/bulk/separated.rs",
    "portal/files/bulk/workbook.rs",
    "portal/files/handover.rs",
    "portal/files/report/dates.rs",
    "portal/files/report/footer.rs",
    "portal/files/report/taken.rs",
];
const IMPURE_INSIDE: &[&str] = &["request/reader.rs", "request/folder.rs"];

/// What a pure file may not name.
const FORBIDDEN: &[&str] = &[
    "crate::portal",
    "crate::apply",
    "crate::commands",
    "crate::printer",
    "crate::progress",
    "crate::report",
    "crate::git",
    "crate::cli",
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
    "tokio",
    "reqwest",
    "async ",
    ".await",
    "Timestamp::now",
    "Zoned::now",
    "SystemTime",
    "Instant",
];

/// The names that the code of a pure file may not use, as `file: name`.
fn breaches(name: &str, text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| FORBIDDEN.iter().filter(move |word| line.contains(**word)))
        .map(|word| format!("{name}: {word}"))
        .collect()
}

/// Every file with that extension below a folder.
pub fn files_below(path: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files_below(&entry.unwrap().path(), extension, files);
        }
    } else if path.extension().is_some_and(|found| found == extension) {
        files.push(path.to_owned());
    }
}

#[test]
fn the_pure_part_is_pure() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for name in PURE {
        let path = source.join(name);
        assert!(path.exists(), "{name} is gone; mend this list");
        files_below(&path, "rs", &mut files);
    }
    assert!(files.len() >= 20, "only {} pure files", files.len());
    let mut found = Vec::new();
    for file in files {
        let name = file
            .strip_prefix(&source)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        if !IMPURE_INSIDE.contains(&name.as_str()) {
            found.extend(breaches(&name, &fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(found.is_empty(), "the wall is broken: {found:#?}");
}

#[test]
fn the_wall_would_notice() {
    assert_eq!(
        breaches("x.rs", "use std::fs;\n// std::fs in a comment").len(),
        1
    );
    assert_eq!(breaches("x.rs", "let now = Timestamp::now();").len(), 1);
}

#[test]
fn only_apply_is_given_a_portal_that_writes() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    files_below(&source, "rs", &mut files);
    for file in files {
        let name = file
            .strip_prefix(&source)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let allowed = name.starts_with("apply/")
            || name.starts_with("portal/")
            || name == "commands/connect.rs"
            || name == "commands/reconcile/carry_out.rs";
        let text = fs::read_to_string(&file).unwrap();
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let writes = code
            .filter(|line| line.contains("PortalWrite") || line.contains("connect_to_write"))
            .count();
        assert!(allowed || writes == 0, "{name} can write to the portal");
    }
}
