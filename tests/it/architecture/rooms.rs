//! The rooms of `src/` and what each may use. `docs/en/ARCHITECTURE.md` shows the same as a picture.

use super::source::{Source, SourceFile};

/// Rooms that any room may use; they use only each other.
const LEAVES: &[&str] = &[
    "finding",
    "hash",
    "language",
    "private_files",
    "redactor",
    "shell",
    "signature",
    "system_limits",
    "table",
    "text",
    "yaml",
];

/// Each room and the rooms that it may use besides itself and the leaves. Arrows run down only.
pub const ROOMS: &[(&str, &[&str])] = &[
    ("main", &["lib", "cli"]),
    ("cli", &["commands", "exit", "printer"]),
    ("commands", &["ops", "output", "load", "domain", "exit", "printer"]),
    (
        "ops",
        &[
            "output",
            "load",
            "apply",
            "journal",
            "portal",
            "devportal",
            "forge",
            "git",
            "http",
            "mail",
            "ssh_keygen",
            "domain",
            "exit",
            "printer",
            "progress",
            "environment",
        ],
    ),
    ("output", &["domain", "exit", "printer"]),
    ("load", &["domain", "git"]),
    ("apply", &["domain", "portal"]),
    ("journal", &["domain"]),
    ("portal", &["domain", "environment", "http"]),
    ("devportal", &["domain"]),
    ("git", &["environment"]),
    ("mail", &["environment"]),
    ("ssh_keygen", &[]),
    ("domain", &[]),
    ("forge", &["environment", "http"]),
    ("http", &["environment"]),
    ("environment", &[]),
    ("progress", &["printer"]),
    ("printer", &[]),
    ("exit", &[]),
    ("finding", &[]),
    ("hash", &[]),
    ("language", &[]),
    ("private_files", &[]),
    ("redactor", &[]),
    ("shell", &[]),
    ("signature", &[]),
    ("system_limits", &[]),
    ("table", &[]),
    ("text", &[]),
    ("yaml", &[]),
];

/// Exceptions to the table for parts of a room: `from` is the beginning of a file name.
const ONLY_TRAITS: &[(&str, &str)] = &[("apply", "portal.rs")];
/// The only files that may use the development portal, and a portal that writes.
const KNOWS_DEVPORTAL: &[&str] = &["ops/portal_session", "ops/portal"];
const MAY_WRITE: &[&str] = &["apply", "portal", "ops/portal_session", "ops/reconcile/apply.rs"];

/// The room of a file: `domain` for `domain.rs` and `domain/plan.rs`.
pub fn room(file: &str) -> &str {
    let end = file.find(['/', '.']).unwrap_or(file.len());
    &file[..end]
}

/// What creates files, folders and links, in the words of `std::fs`, and of `tempfile` where a name is given.
const CREATES: &[&str] = &[
    "DirBuilder",
    "NamedTempFile::new_in",
    "OpenOptions",
    "create",
    "create_dir",
    "create_dir_all",
    "create_new",
    "copy",
    "hard_link",
    "write",
];
/// The only files that may: the one mechanism; locks, which open what is there; and tests.
const MAY_CREATE: &[&str] = &["private_files", "journal/lock.rs", "cli/operation_tests"];

/// Files that create others past `private_files`, whose rights and links nobody would look at.
pub fn other_creators(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (name, file) in &source.files {
        let creates = |path: &&Vec<String>| {
            let is_file = path.first().is_some_and(|first| first == "std" || first == "tempfile");
            let is_fs = path.iter().any(|part| matches!(&**part, "fs" | "tempfile"));
            is_file
                && is_fs
                && CREATES.iter().any(|word| path.join("::").ends_with(&format!("::{word}")))
        };
        let named = file.named.iter().find(creates).map(|path| path.join("::"));
        let member = file.members.iter().find(|word| *word == "tempfile_in");
        if let Some(word) = named.or(member.cloned())
            && !MAY_CREATE.iter().any(|start| name.starts_with(start))
        {
            found.push(format!("{name}: {word}"));
        }
    }
    found
}

/// Every use that the table does not allow, as `file -> file: the name used`.
pub fn breaches(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (from, targets) in source.arrows() {
        for (to, name) in targets {
            if !may_name(from, to) {
                found.push(format!("{from} -> {to}: {name}"));
            }
        }
    }
    found
}

fn may_name(from: &str, to: &str) -> bool {
    let (own, other) = (room(from), room(to));
    let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == own) else {
        return own == "lib";
    };
    let is_known = own == other || below.contains(&other) || LEAVES.contains(&other);
    let is_narrow = ONLY_TRAITS
        .iter()
        .any(|(narrow, only)| own == *narrow && other == room(only) && to != *only);
    let is_devportal = other == "devportal" && own != "devportal";
    let knows = |list: &[&str]| list.iter().any(|start| from.starts_with(start));
    is_known && !is_narrow && (!is_devportal || knows(KNOWS_DEVPORTAL))
}

/// Files that could write to the portal but may not.
pub fn write_handle_uses(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (name, file) in &source.files {
        let writes = ["PortalWriter", "connect_to_write"].iter().any(|word| {
            let names_it = |path: &Vec<String>| path.iter().any(|part| part == word);
            file.words.iter().any(|found| found == word) || file.named.iter().any(names_it)
        });
        if writes && !MAY_WRITE.iter().any(|start| name.starts_with(start)) {
            found.push(format!("{name} can write to the portal"));
        }
    }
    found
}

/// The rooms without I/O, clock, async and environment. (`table` has none either, but what it uses reads
/// bytes in memory through `std::io`.)
const PURE: &[&str] =
    &["domain", "finding", "hash", "language", "redactor", "signature", "text", "yaml"];

/// The beginnings of paths that a pure file may use outside arkib. All others are forbidden.
const ALLOWED: &[&str] = &[
    "std::borrow",
    "std::cmp",
    "std::collections",
    "std::fmt",
    "std::hash",
    "std::iter",
    "std::marker",
    "std::mem",
    "std::num",
    "std::ops",
    "std::path",
    "std::ptr",
    "std::slice",
    "std::str",
    "std::string",
    "std::sync::Arc",
    "std::sync::LazyLock",
    "std::time::Duration",
    "annotate_snippets",
    "base64",
    "csv",
    "fluent_bundle",
    "foldhash",
    "icu_properties",
    "itertools",
    "jiff::SignedDuration",
    "jiff::Timestamp",
    "jiff::ToSpan",
    "jiff::civil",
    "jiff::tz",
    "minijinja",
    "rayon",
    "ring::digest",
    "ring::signature",
    "rustfmt::skip",
    "rustls::pki_types",
    "saphyr_parser",
    "schemars",
    "secrecy",
    "serde",
    "serde_json",
    "serde_yaml",
    "sha2",
    "strsim",
    "thiserror",
    "unicode_width",
    "url",
    "webpki",
];

/// Words of async code.
const ASYNC_WORDS: &[&str] = &["async", "await"];
/// Functions of allowed types that do I/O.
const REACHES_OUT: &[&str] =
    &["now", "system", "exists", "canonicalize", "metadata", "read_dir", "read_link"];

/// Forbidden names in pure files, as `file: name`.
pub fn impurities(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (name, file) in &source.files {
        if PURE.contains(&room(name)) {
            found.extend(impure(file).map(|what| format!("{name}: {what}")));
        }
    }
    found
}

fn impure(file: &SourceFile) -> impl Iterator<Item = String> {
    let is_outside = |path: &&Vec<String>| path[0] != "crate";
    let paths = file.named.iter().filter(is_outside);
    let paths = paths.map(|path| path.join("::"));
    let foreign = paths.filter(|path| {
        let is_below = |start: &&&str| {
            path.strip_prefix(**start).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        !ALLOWED.iter().any(|start| is_below(&start)) || path.rsplit("::").any(reaches_out)
    });
    let waits = file.words.iter().chain(&file.members);
    let waits = waits.filter(|word| ASYNC_WORDS.contains(&word.as_str()));
    let reaching = file.members.iter().filter(|word| reaches_out(word));
    foreign.chain(waits.chain(reaching).cloned())
}

fn reaches_out(word: &str) -> bool {
    REACHES_OUT.contains(&word)
}
