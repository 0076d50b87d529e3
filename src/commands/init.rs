//! The command line of `arkib init`.

use std::path::PathBuf;

use crate::commands::arguments::localized_parser;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::pasted_list;
use crate::exit::Exit;
use crate::language::Language;
use crate::ops::init;
use crate::ops::init::{Draft, Forge, Kind};

/// Writes the files of a new agency.
///
/// They are its policy, the jobs of its forge, and settings of editors.
/// On a terminal, it asks for missing values. The policy gets an id of its own, which is part of every signed approval, and
/// the language of --language (Malay where none is given) for notices and the register; README.md is in it,
/// too. The jobs are complete; they take arkib from an address of your own, and only the bytes that `.arkib-version`
/// pins. Nothing that exists is overwritten: all files are written, or none.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the repository; it may exist
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The agency's short name
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// The agency's name, as letters have it
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// A domain of its mailboxes; repeat for several
    #[arg(long = "domain", value_name = "DOMAIN")]
    domains: Vec<String>,
    /// Who may approve; repeat for several
    #[arg(long = "approver", value_name = "ADDRESS", value_parser = localized_parser(pasted_list::parse_single_mailbox))]
    approvers: Vec<Mailbox>,
    /// How archives are changed [default: agency]
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Only the jobs of this forge [default: those of each]
    #[arg(long, value_enum)]
    forge: Option<Forge>,
}

/// Runs the command; the policy gets this language, or Malay.
pub fn run(args: Args, language: Option<Language>) -> Exit {
    let Args { folder, agency, name, domains, approvers, kind, forge } = args;
    // Officers read the notices and the register.
    let language = language.unwrap_or(Language::Malay);
    init::run(Draft { folder, agency, name, domains, approvers, language, kind, forge })
}
