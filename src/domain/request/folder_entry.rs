//! Decides by name and kind what happens to a file in the requests folder. Pure.

use std::sync::Arc;

use super::file_source::split_folder;
use super::portable_name::path_fault;
use crate::domain::approval_signature::ALLOWED_SIGNERS;
use crate::finding::Finding;

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
    if let Some(fault) = path_fault(path) {
        return EntryTreatment::RefuseName(fault);
    }
    let is_read =
        name == ALLOWED_SIGNERS || (name.len() > ".yaml".len() && name.ends_with(".yaml"));
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

/// Whether a folder with that name holds no requests: those of git, forges and editors.
pub fn is_ignored_folder(name: &str) -> bool {
    matches!(name, ".git" | ".github" | ".gitlab" | ".vscode" | ".idea")
}

/// A name without a file extension, which may be a request saved by mistake; except known names.
fn lacks_file_extension(name: &str) -> bool {
    !name.contains('.') && !matches!(name, "readme" | "license" | "codeowners" | "makefile")
}
