//! The files that a pull request changes and that are no requests: what each is, for a reviewer. Pure.

use crate::domain::policy::signer_files::{REVOCATIONS, is_signer_file};
use crate::domain::request::folder_entry::{
    EntryKind, EntryTreatment, classify_entry, is_ignored_folder,
};
use crate::domain::request::request_file_source::split_folder;
use crate::domain::{policy, record};
use crate::language::Message;
use crate::text::path_below;

words! {
    /// What a file is that is no request. What arkib or git acts on comes first.
    pub enum OtherFileKind {
        /// `.gitattributes` or `.gitmodules`.
        GitSettings = "git-settings",
        /// In a folder `templates`.
        Template = "template",
        /// Whose signatures count: `allowed_signers`, `authorities.pem`, `revocations.pem`.
        Signers = "signers",
        /// A policy of which nothing changes that counts.
        Policy = "policy",
        /// A policy outside the requests folder.
        OtherPolicy = "other-policy",
        /// A record of a run.
        Record = "record",
        /// Hidden, or in a hidden folder.
        Hidden = "hidden",
        /// A document that a request names, added.
        Document = "document",
        /// Anything else.
        Other = "other",
    }
}

/// A file that a pull request adds, changes or deletes, and that is no request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherFile {
    /// What it is.
    pub kind: OtherFileKind,
    /// Its path, as the user names it.
    pub file: String,
    /// What the pull request does to it: adds, changes or deletes.
    pub verb: &'static str,
}

impl OtherFile {
    /// What the pull request does to it, for people.
    pub fn describe(&self) -> Message {
        let what = match self.kind {
            OtherFileKind::GitSettings => message!("plan-file-git-settings"),
            OtherFileKind::Template => message!("plan-file-template"),
            OtherFileKind::Signers if self.file.ends_with(REVOCATIONS) => {
                message!("plan-file-revocations")
            }
            OtherFileKind::Signers => message!("plan-file-signers"),
            OtherFileKind::Policy => message!("plan-file-policy"),
            OtherFileKind::OtherPolicy => message!("plan-file-other-policy"),
            OtherFileKind::Record => message!("plan-file-record"),
            OtherFileKind::Hidden => message!("plan-file-hidden"),
            OtherFileKind::Document => message!("plan-file-document"),
            OtherFileKind::Other => message!("plan-file-other"),
        };
        message!("plan-file", change = self.verb, what)
    }
}

/// The changed files that are no requests, sorted. `changed` are paths from the top of the repository with
/// git's letter, `prefix` is the requests folder there and `shown` as the user names it; of the policies in
/// `described` more is said elsewhere; whether a request names a document is only asked of what is added.
pub fn find_other_files(
    changed: &[(char, String)],
    (prefix, shown): (&str, &str),
    described: &[&str],
    is_named: impl Fn(&str) -> bool,
) -> Vec<OtherFile> {
    let each = changed.iter().filter_map(|(letter, path)| {
        let below = path_below(path, prefix);
        let is_below = prefix.is_empty() || below.len() < path.len();
        let counts_anywhere = [OtherFileKind::GitSettings, OtherFileKind::Policy];
        let kind = kind_of(below).filter(|kind| is_below || counts_anywhere.contains(kind))?;
        let file = if is_below { format!("{shown}/{below}") } else { path.clone() };
        let is_described = kind == OtherFileKind::Policy && described.contains(&&*file);
        let is_document = kind == OtherFileKind::Other && *letter == 'A' && is_named(&file);
        let kind = match kind {
            OtherFileKind::Policy if !is_below => OtherFileKind::OtherPolicy,
            _ if is_document => OtherFileKind::Document,
            kind => kind,
        };
        let verb = match letter {
            'A' => "adds",
            'D' => "deletes",
            _ => "changes",
        };
        (!is_described).then_some(OtherFile { kind, file, verb })
    });
    let mut found: Vec<OtherFile> = each.collect();
    found.sort();
    found
}

/// What a path in the requests folder is; `None` for a request.
fn kind_of(path: &str) -> Option<OtherFileKind> {
    let (folder, name) = split_folder(path);
    let mut folders = folder.split('/');
    let is_ignored = folders.clone().any(is_ignored_folder);
    let is_read = classify_entry(name, EntryKind::File) == EntryTreatment::Read && !is_ignored;
    Some(match name {
        ".gitattributes" | ".gitmodules" => OtherFileKind::GitSettings,
        _ if is_signer_file(name) => OtherFileKind::Signers,
        policy::FILE_NAME if !is_ignored => OtherFileKind::Policy,
        _ if is_read => return None,
        _ if folders.any(|folder| folder == "templates") => OtherFileKind::Template,
        _ if name.ends_with(record::ENDING) => OtherFileKind::Record,
        _ if path.split('/').any(|part| part.starts_with('.')) => OtherFileKind::Hidden,
        _ => OtherFileKind::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(changed: &[(char, &str)], prefix: &str) -> Vec<String> {
        let changed = changed.iter().map(|(letter, path)| (*letter, (*path).to_owned()));
        let changed: Vec<(char, String)> = changed.collect();
        let described = ["requests/agency.yaml"];
        let is_named = |file: &str| file == "requests/2026/R-1.pdf";
        let found = find_other_files(&changed, (prefix, "requests"), &described, is_named);
        found.iter().map(|found| format!("{}: {}", found.file, found.describe())).collect()
    }

    #[test]
    fn every_file_that_is_no_request_gets_a_line() {
        let changed = [
            ('A', "mail/requests/2026/R-1.yaml"),
            ('A', "mail/requests/2026/R-1.pdf"),
            ('A', "mail/requests/2026/R-2.pdf"),
            ('M', "mail/requests/agency.yaml"),
            ('A', "mail/agency.yaml"),
            ('M', "mail/requests/other/agency.yaml"),
            ('A', "mail/requests/notes.txt"),
            ('A', "mail/requests/.github/R-9.yaml"),
            ('A', "mail/requests/records/1.jsonl"),
            ('M', "mail/requests/allowed_signers"),
            ('A', "mail/requests/authorities.pem"),
            ('D', "mail/requests/revocations.pem"),
            ('D', "mail/requests/templates/email.txt"),
            ('A', "mail/requests/.gitattributes"),
            ('M', ".gitattributes"),
            ('M', "README.md"),
            ('M', "mail/requests2/notes.txt"),
        ];
        assert_eq!(
            lines(&changed, "mail/requests"),
            [
                ".gitattributes: changes what git does with files: its attributes or modules",
                "requests/.gitattributes: adds what git does with files: its attributes or modules",
                "requests/templates/email.txt: deletes a text or template of notices",
                "requests/allowed_signers: changes the keys that verify approvals",
                "requests/authorities.pem: adds the keys that verify approvals",
                "requests/revocations.pem: deletes the lists of revoked certificates",
                "requests/other/agency.yaml: changes nothing that counts in the policy",
                "mail/agency.yaml: adds the policy of another folder",
                "requests/records/1.jsonl: adds records of runs",
                "requests/.github/R-9.yaml: adds a hidden file",
                "requests/2026/R-1.pdf: adds a document that a request names",
                "requests/2026/R-2.pdf: adds a file that is not a request",
                "requests/notes.txt: adds a file that is not a request",
            ]
        );
        // The requests folder may be the whole repository.
        assert_eq!(
            lines(&[('T', "x.txt")], ""),
            ["requests/x.txt: changes a file that is not a request"]
        );
    }
}
