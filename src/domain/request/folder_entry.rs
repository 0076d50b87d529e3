//! Decides by name and kind what happens to a file in the requests folder. Pure.

use std::sync::Arc;

use super::portable_name::path_fault;
use super::request_file_source::split_folder;
use crate::domain::policy::signer_files::is_signer_file;
use crate::finding::{Finding, Severity};
use crate::language::Message;
use crate::private_files::TEMPORARY;

/// The kind of an entry that is not a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// Anything else.
    Other,
}

/// What happens to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryTreatment {
    /// It is read as a request, a policy, or the keys of approvers.
    Read,
    /// It is ignored.
    Ignore,
    /// A killed run left it, so it gets a warning.
    LeftOver,
    /// It is a link, which might expose another file.
    Link,
    /// It is named like a request and is not a regular file.
    Special,
    /// It may be a request and would be overlooked.
    WrongEnding,
    /// Its name is not UTF-8.
    NotUtf8,
    /// It is another repository in git.
    Submodule,
    /// Git could take it for a repository of its own: `.git`, or the file `HEAD` of a bare one.
    GitDirectory,
    /// Some system cannot hold its name, for this reason.
    OddName(Message),
}

impl EntryTreatment {
    /// The finding of a refusal.
    pub fn refusal_finding(self, file: &Arc<str>) -> Option<Finding> {
        let (kind, message, help) = match self {
            Self::Read | Self::Ignore => return None,
            Self::LeftOver => {
                ("left-over", message!("folder-left-over"), message!("folder-left-over-help"))
            }
            Self::Link => ("link", message!("folder-link"), message!("folder-link-help")),
            Self::Special => {
                ("not-a-file", message!("folder-not-regular"), message!("folder-not-regular-help"))
            }
            Self::WrongEnding => {
                ("bad-file-name", message!("folder-not-yaml"), message!("folder-not-yaml-help"))
            }
            Self::NotUtf8 => {
                ("bad-file-name", message!("folder-not-utf-8"), message!("folder-not-utf-8-help"))
            }
            Self::Submodule => {
                ("submodule", message!("folder-submodule"), message!("folder-submodule-help"))
            }
            Self::GitDirectory => {
                ("git-directory", message!("folder-git"), message!("folder-git-help"))
            }
            Self::OddName(fault) => {
                ("bad-file-name", message!("folder-name", fault), message!("folder-name-help"))
            }
        };
        let finding = Finding::whole_file(file, kind, message, help);
        let is_warning = kind == "left-over";
        let severity = if is_warning { Severity::Warning } else { Severity::Error };
        Some(Finding { severity, ..finding })
    }
}

/// Decides what happens to a path of that kind, from the requests folder.
pub fn classify_entry(path: &str, kind: EntryKind) -> EntryTreatment {
    let (_, name) = split_folder(path);
    if kind == EntryKind::Link {
        return EntryTreatment::Link;
    }
    if is_git_name(name) || name.eq_ignore_ascii_case("HEAD") {
        return EntryTreatment::GitDirectory;
    }
    if let Some(fault) = path_fault(path) {
        return EntryTreatment::OddName(fault);
    }
    if name.starts_with(TEMPORARY) && kind == EntryKind::File {
        return EntryTreatment::LeftOver;
    }
    let is_read = is_signer_file(name) || (name.len() > ".yaml".len() && name.ends_with(".yaml"));
    let folded = name.to_lowercase();
    let may_be_request =
        || folded.contains(".yaml") || folded.contains(".yml") || lacks_file_extension(&folded);
    match (is_read, kind) {
        (true, EntryKind::File) => EntryTreatment::Read,
        (true, _) => EntryTreatment::Special,
        (false, _) if may_be_request() => EntryTreatment::WrongEnding,
        (false, _) => EntryTreatment::Ignore,
    }
}

/// Whether some file system takes a name for `.git`: case, dots and spaces at the end, short names and
/// streams of Windows, characters that macOS ignores.
pub fn is_git_name(name: &str) -> bool {
    let is_kept = |character: &char| !matches!(character, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let name: String =
        name.split(':').next().into_iter().flat_map(str::chars).filter(is_kept).collect();
    let name = name.trim_end_matches(['.', ' ']).to_lowercase();
    name == ".git" || name.strip_prefix("git~").is_some_and(|rest| rest.parse::<u8>().is_ok())
}

/// Whether a folder with that name holds no requests: those of forges and editors.
pub fn is_ignored_folder(name: &str) -> bool {
    matches!(name, ".github" | ".gitlab" | ".vscode" | ".idea")
}

/// A name without a file extension, which may be a request saved by mistake; except known names.
fn lacks_file_extension(name: &str) -> bool {
    !name.contains('.') && !matches!(name, "readme" | "license" | "codeowners" | "makefile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_a_warning() {
        let left = classify_entry("2026/.arkib-tmp-a1B2c3", EntryKind::File);
        let finding = left.refusal_finding(&"requests/2026/.arkib-tmp-a1B2c3".into());
        let finding = finding.expect("a warning");
        assert_eq!((finding.severity, finding.kind), (Severity::Warning, "left-over"));
        assert_eq!(finding.help, "delete it; nothing reads it");
    }

    #[test]
    fn knows_every_name_of_a_git_directory() {
        for name in [
            ".git",
            ".GIT",
            ".Git.",
            ".git ",
            "git~1",
            "GIT~2",
            ".git::$INDEX_ALLOCATION",
            ".g\u{200c}it",
        ] {
            assert!(is_git_name(name), "{name}");
            assert_eq!(
                classify_entry(name, EntryKind::File),
                EntryTreatment::GitDirectory,
                "{name}"
            );
        }
        for name in [".gitignore", ".gitattributes", ".github", "git", "git~x", "R-1.yaml"] {
            assert!(!is_git_name(name), "{name}");
        }
        for name in ["HEAD", "head"] {
            assert_eq!(classify_entry(name, EntryKind::File), EntryTreatment::GitDirectory);
        }
    }
}
