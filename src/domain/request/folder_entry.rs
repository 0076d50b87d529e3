//! Decides by name and kind what happens to a file in the requests folder. Pure.

use std::sync::Arc;

use super::portable_name::path_fault;
use super::request_file_source::split_folder;
use crate::domain::policy::signer_files::is_signer_file;
use crate::finding::{Finding, Severity};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryTreatment {
    /// It is read as a request, a policy, or the keys of approvers.
    Read,
    /// It is ignored.
    Ignore,
    /// It might be overlooked or expose another file, so it gets a finding.
    Refuse {
        /// The finding's stable name.
        kind: &'static str,
        /// What was found and expected.
        message: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// A killed run left it, so it gets a warning.
    LeftOver,
    /// Some system cannot hold its name, for this reason.
    RefuseName(&'static str),
}

impl EntryTreatment {
    /// The finding of a refusal.
    pub fn refusal_finding(self, file: &Arc<str>) -> Option<Finding> {
        match self {
            Self::Refuse { kind, message, help } => {
                Some(Finding::whole_file(file, kind, message, help))
            }
            Self::RefuseName(fault) => {
                let why = format!("the name {fault}");
                let help = "rename it, so that every system can hold it: in letters, digits, `-`, `_` and `.`";
                Some(Finding::whole_file(file, "bad-file-name", why, help))
            }
            Self::LeftOver => {
                let why = "a run of arkib that was cut off left this file";
                let help = "delete it; nothing reads it";
                let finding = Finding::whole_file(file, "left-over", why, help);
                Some(Finding { severity: Severity::Warning, ..finding })
            }
            Self::Read | Self::Ignore => None,
        }
    }
}

/// Decides what happens to a path of that kind, from the requests folder.
pub fn classify_entry(path: &str, kind: EntryKind) -> EntryTreatment {
    let (_, name) = split_folder(path);
    if kind == EntryKind::Link {
        return EntryTreatment::Refuse {
            kind: "link",
            message: "found a symbolic link, expected a file or folder",
            help: "put the file itself into the folder; a link could expose another file's content",
        };
    }
    if is_git_name(name) || name.eq_ignore_ascii_case("HEAD") {
        return GIT_DIRECTORY;
    }
    if let Some(fault) = path_fault(path) {
        return EntryTreatment::RefuseName(fault);
    }
    if name.starts_with(TEMPORARY) && kind == EntryKind::File {
        return EntryTreatment::LeftOver;
    }
    let is_read = is_signer_file(name) || (name.len() > ".yaml".len() && name.ends_with(".yaml"));
    let folded = name.to_lowercase();
    match (is_read, kind) {
        (true, EntryKind::File) => EntryTreatment::Read,
        (true, _) => EntryTreatment::Refuse {
            kind: "not-a-file",
            message: "found something that is not a regular file",
            help: "delete it; a request must be a regular file",
        },
        (false, _)
            if folded.contains(".yaml")
                || folded.contains(".yml")
                || lacks_file_extension(&folded) =>
        {
            EntryTreatment::Refuse {
                kind: "bad-file-name",
                message: "found a name that may be that of a request but does not end in `.yaml`",
                help: "rename it to end in `.yaml`, so that the request is not overlooked; keep other files outside the folder",
            }
        }
        (false, _) => EntryTreatment::Ignore,
    }
}

/// The finding about a name that is not UTF-8.
pub const NOT_UTF_8: EntryTreatment = EntryTreatment::Refuse {
    kind: "bad-file-name",
    message: "the name of the file is not UTF-8",
    help: "give the file the name of its id, such as BMT-2026-0042.yaml",
};

/// The finding about a submodule.
pub const SUBMODULE: EntryTreatment = EntryTreatment::Refuse {
    kind: "submodule",
    message: "found a submodule, expected files and folders",
    help: "put the files themselves into the folder; files of another repository were not approved here",
};

/// The finding about what git could take for a repository of its own: `.git`, or the file `HEAD` of a
/// bare one.
pub const GIT_DIRECTORY: EntryTreatment = EntryTreatment::Refuse {
    kind: "git-directory",
    message: "found a part of a git directory, expected requests",
    help: "delete it; a repository inside the requests folder could replace the one that was reviewed",
};

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
            assert_eq!(classify_entry(name, EntryKind::File), GIT_DIRECTORY, "{name}");
        }
        for name in [".gitignore", ".gitattributes", ".github", "git", "git~x", "R-1.yaml"] {
            assert!(!is_git_name(name), "{name}");
        }
        for name in ["HEAD", "head"] {
            assert_eq!(classify_entry(name, EntryKind::File), GIT_DIRECTORY);
        }
    }
}
