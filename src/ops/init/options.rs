//! What is known of a new agency.

use std::path::PathBuf;

use super::forge::Forge;
use super::kind::Kind;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::pasted_list::parse_single_mailbox;
use crate::language::Language;

/// What the command line says of a new agency.
#[derive(Debug)]
pub struct Draft {
    /// The folder of the repository.
    pub folder: PathBuf,
    /// Its short name.
    pub agency: Option<String>,
    /// Its name, as letters have it.
    pub name: Option<String>,
    /// The domains of its mailboxes.
    pub domains: Vec<String>,
    /// Who may approve.
    pub approvers: Vec<Mailbox>,
    /// The language of notices, the register and README.md.
    pub language: Language,
    /// How it works.
    pub kind: Option<Kind>,
    /// The forge to write jobs for; for each where none is named.
    pub forge: Option<Forge>,
}

/// A [`Draft`] from which nothing is missing.
pub(super) struct Options {
    pub(super) folder: PathBuf,
    pub(super) agency: String,
    pub(super) name: String,
    pub(super) domains: Vec<String>,
    pub(super) approvers: Vec<Mailbox>,
    pub(super) language: Language,
    pub(super) kind: Kind,
    pub(super) forge: Option<Forge>,
}

impl Options {
    /// Valid values, beside which one can be checked.
    pub(super) fn sample() -> Self {
        Self {
            folder: PathBuf::new(),
            agency: "CONTOH".to_owned(),
            name: "Jabatan Contoh".to_owned(),
            domains: vec!["agensi.example".to_owned()],
            approvers: parse_single_mailbox("ketua.unit@agensi.example").into_iter().collect(),
            language: Language::Malay,
            kind: Kind::Agency,
            forge: None,
        }
    }
}
