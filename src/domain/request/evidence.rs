//! The documents filed with a request: their allowed names, and where they are. Pure; only `arkib
//! check` looks whether they exist.

use std::collections::HashSet;

use super::Evidence;
use super::folder_entry::{
    EntryKind, EntryTreatment, classify_entry, is_git_name, is_ignored_folder,
};
use super::portable_name::path_fault;
use super::raw::RawEvidence;
use super::request_file_source::split_folder;
use crate::domain::field_validator::FieldValidator;
use crate::language::Message;
use crate::text::excerpt;
use crate::yaml::{Text, WholeNumber, YamlPath};

/// The most documents of one request.
pub const MAX_EVIDENCE: usize = 20;
/// The largest document, in bytes.
pub const MAX_SIZE: u64 = 100 << 20;
/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Validates the list of a draft; problems are added to the issues of `fields`.
pub(super) fn validate(
    drafts: Option<&[RawEvidence]>,
    fields: &mut FieldValidator,
) -> Vec<Evidence> {
    let Some(drafts) = drafts else {
        return Vec::new();
    };
    let at = YamlPath::keys("evidence");
    if drafts.is_empty() || drafts.len() > MAX_EVIDENCE {
        fields.add_issue(
            at.clone(),
            "evidence-count",
            message!("evidence-count", count = drafts.len(), most = MAX_EVIDENCE),
            message!("evidence-count-help"),
        );
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for (index, draft) in drafts.iter().take(MAX_EVIDENCE).enumerate() {
        let at = at.index(index);
        let file = required_value(draft.file.as_ref(), &at, "file", fields)
            .and_then(|Text(name)| check_file_name(name, &at, fields));
        // The same file in another case is the same file on many systems.
        if let Some(file) = &file
            && !seen.insert(file.to_lowercase())
        {
            fields.add_issue(
                at.key("file"),
                "evidence-twice",
                message!("evidence-twice", file),
                message!("request-delete-one-help"),
            );
        }
        let sha256 = required_value(draft.sha256.as_ref(), &at, "sha256", fields)
            .and_then(|Text(digits)| check_sha256(digits, &at, fields));
        let size = required_value(draft.size.as_ref(), &at, "size", fields)
            .and_then(|WholeNumber(bytes)| check_size(*bytes, &at, fields));
        if let (Some(file), Some(sha256), Some(size)) = (file, sha256, size) {
            read.push(Evidence { file, sha256, size });
        }
    }
    read
}

fn required_value<'a, T>(
    value: Option<&'a T>,
    at: &YamlPath,
    key: &str,
    fields: &mut FieldValidator,
) -> Option<&'a T> {
    if value.is_none() {
        fields.add_issue(
            at.key(key),
            "missing-key",
            message!("field-missing", name = key),
            message!("evidence-missing-help"),
        );
    }
    value
}

fn check_file_name(name: &str, at: &YamlPath, fields: &mut FieldValidator) -> Option<String> {
    let Some(why) = name_fault(name) else {
        return Some(name.to_owned());
    };
    fields.add_issue(
        at.key("file"),
        "bad-evidence-name",
        message!("evidence-name", name = excerpt(name, 80), why),
        message!("evidence-name-help"),
    );
    None
}

/// Why a document may not have that name, on any system.
fn name_fault(name: &str) -> Option<Message> {
    let (folder, last) = split_folder(name);
    let is_long = name.chars().count() > MAX_NAME;
    let is_absolute = name.starts_with('/');
    let is_elsewhere = folder.split('/').any(|part| is_git_name(part) || is_ignored_folder(part));
    let is_record = last.to_lowercase().ends_with(".jsonl");
    // A file that would be read or refused as a request is not a document.
    let is_taken = classify_entry(last, EntryKind::File) != EntryTreatment::Ignore;
    let faults = [
        is_long.then(|| message!("evidence-name-long")),
        name.contains('\\').then(|| message!("evidence-name-backslash")),
        is_absolute.then(|| message!("evidence-name-absolute")),
        path_fault(name),
        is_elsewhere.then(|| message!("evidence-name-elsewhere")),
        is_record.then(|| message!("evidence-name-record")),
        is_taken.then(|| message!("evidence-name-taken")),
    ];
    faults.into_iter().flatten().next()
}

fn check_sha256(digits: &str, at: &YamlPath, fields: &mut FieldValidator) -> Option<String> {
    if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(digits.to_ascii_lowercase());
    }
    fields.add_issue(
        at.key("sha256"),
        "bad-sha256",
        message!("evidence-digest", found = excerpt(digits, 80)),
        message!("evidence-digest-help"),
    );
    None
}

fn check_size(bytes: u64, at: &YamlPath, fields: &mut FieldValidator) -> Option<u64> {
    if (1..=MAX_SIZE).contains(&bytes) {
        return Some(bytes);
    }
    fields.add_issue(
        at.key("size"),
        "bad-size",
        message!("evidence-size", bytes, most = MAX_SIZE),
        message!("evidence-size-help"),
    );
    None
}

/// The path of a document, from the same start as the path of `request_file`.
pub fn evidence_path(request_file: &str, evidence: &Evidence) -> String {
    match split_folder(request_file) {
        ("", _) => evidence.file.clone(),
        (folder, _) => format!("{folder}/{}", evidence.file),
    }
}

/// The digest and size of a document that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFacts {
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Parses a Git LFS pointer (git-lfs specification, version 1); `None` if the bytes are not a pointer.
pub fn parse_lfs_pointer(bytes: &[u8]) -> Option<DocumentFacts> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.lines();
    if lines.next() != Some("version https://git-lfs.github.com/spec/v1") {
        return None;
    }
    let (mut oid, mut size) = (None, None);
    for line in lines {
        match line.split_once(' ')? {
            ("oid", value) => oid = value.strip_prefix("sha256:"),
            ("size", value) => size = value.parse().ok(),
            _ => {}
        }
    }
    Some(DocumentFacts { sha256: oid?.to_owned(), size: size? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_names_that_fail_on_some_system() {
        for name in [
            "BMT-2026-0042-surat.pdf",
            "lampiran/surat 1.pdf",
            "Surat Permohonan (1).PDF",
            "borang-é.txt",
        ] {
            assert_eq!(name_fault(name), None, "{name}");
        }
        for name in [
            "",
            "/etc/passwd",
            "..",
            "../surat.pdf",
            "a/../../surat.pdf",
            "./surat.pdf",
            "a//surat.pdf",
            "a\\surat.pdf",
            "C:surat.pdf",
            "C:/surat.pdf",
            "surat?.pdf",
            "surat\u{7}.pdf",
            "surat\u{202e}.pdf",
            "R-1.yaml",
            "R-1.YML",
            "x.yaml.pdf",
            "agency.yaml",
            "allowed_signers",
            "authorities.pem",
            "revocations.pem",
            "surat",
            "surat.pdf.",
            "surat.pdf ",
            "nul.pdf",
            "COM1.txt",
            ".git/config.txt",
            "records/run.jsonl",
        ] {
            assert!(name_fault(name).is_some(), "{name:?} was taken");
        }
        assert!(name_fault(&format!("{}.pdf", "x".repeat(200))).is_some());
    }

    #[test]
    fn parses_lfs_pointers_only() {
        let text = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n";
        let seen = DocumentFacts { sha256: "ab".into(), size: 12 };
        assert_eq!(parse_lfs_pointer(text.as_bytes()), Some(seen));
        assert_eq!(parse_lfs_pointer(b"%PDF-1.7"), None);
        assert_eq!(parse_lfs_pointer(&text.as_bytes()[..60]), None);
    }
}
