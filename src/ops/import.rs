//! `arkib import`: writes requests for archives in the portal that no request names; they wait for an
//! approver. No file is ever overwritten, and nothing is changed in the portal.

mod prepare;
mod summary;
mod write_files;

pub use self::prepare::Options;

use self::prepare::{ImportContext, ObservedPortals, load_without_errors, plan_adoptions};
pub use self::summary::ImportOutput;
use super::failure::Failure;
use super::filing::candidate::foreign_mailbox_failure;
use super::filing::missing_values_failure;
use super::filing::parse_answers::parse_reference;
use super::filing::prompter::{Terminal, ask_required};
use crate::domain::mailbox_address::Mailbox;
use crate::exit::Exit;
use crate::printer;
use crate::printer::text;

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let summary = import(options).unwrap_or_else(ImportOutput::from);
    let exit = summary.ending.exit;
    summary.print(&options.filing);
    exit
}

/// Imports the archives: from the options to the files.
fn import(options: &Options) -> Result<ImportOutput, Failure> {
    let is_dry = options.filing.dry_run;
    if options.reference.is_none() && !is_dry && !printer::is_interactive() {
        return Err(missing_values_failure(&[message!("import-reference")]));
    }
    let source = load_without_errors(options)?;
    let agencies = &source.loaded.agencies;
    let is_foreign =
        |mailbox: &&Mailbox| !agencies.iter().any(|agency| agency.policy.owns_domain_of(mailbox));
    if let Some(mailbox) = options.only.iter().find(is_foreign) {
        return Err(
            foreign_mailbox_failure(mailbox, agencies).with_prefix(message!("run-nothing-written"))
        );
    }
    let portals = ObservedPortals::read_all(options, &source)?;
    let mut summary = ImportOutput::for_source(&source);
    let adoptions = plan_adoptions(options, agencies, &portals);
    if adoptions.iter().all(|adoption| adoption.batches.is_empty()) {
        for (agency, adoption) in agencies.iter().zip(adoptions) {
            summary.note_left_archives(agency, adoption.left);
        }
        summary.ending.reason = message!("import-nothing-to-import");
        return Ok(summary);
    }
    let reference = match &options.reference {
        Some(text) => text.clone(),
        None if is_dry => "…".to_owned(),
        None => {
            let question = text!("import-ask-reference") + " ";
            ask_required(&mut Terminal, &*question, parse_reference)?
        }
    };
    let context = ImportContext { options, portals, reference };
    write_files::write_import(&context, source, adoptions, summary)
}
