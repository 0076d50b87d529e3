//! `arkib request`: files what a letter, memo, form or e-mail asks for (procedure step 1). The clerk is
//! asked for what is missing; the file is checked as `arkib check` checks it before it is anywhere.

mod documents;
mod file;
mod known;
mod options;
mod prompt;
mod roster;
mod summary;

pub use self::known::Known;
pub use self::options::{Lookup, Options};
pub use self::summary::RequestOutput;

use self::prompt::About;
use self::roster::Roster;
use self::summary::RequestSummary;
use super::failure::Failure;
use super::filing::dialogue::Terminal;
use super::filing::{missing, unwritten};
use crate::domain::mailbox::Mailbox;
use crate::exit::Exit;
use crate::load::Source;
use crate::printer;

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let summary = receive(options).unwrap_or_else(RequestSummary::from);
    let exit = summary.ending.exit;
    summary.print(options.filing.format);
    exit
}

/// The whole way from the command line to the file.
fn receive(options: &Options) -> Result<RequestSummary, Failure> {
    let mut known = options.known()?;
    let lacking = known.missing(options.target);
    let is_dialogue = !lacking.is_empty();
    if is_dialogue && !printer::is_interactive() {
        return Err(missing(&lacking));
    }
    let documents = documents::read(&options.evidence)?;
    let source = file::load(&options.filing)?;
    let mut notes = Vec::new();
    let roster = roster(options, &known.mailboxes, &source, is_dialogue, &mut notes);
    let today = options.filing.requests.as_of();
    if is_dialogue {
        notes.iter().for_each(|note| printer::say(note));
        let about = About {
            target: options.target,
            agencies: &source.loaded.agencies,
            roster: roster.as_ref(),
            today,
        };
        prompt::ask(&mut Terminal, &mut known, &about)?;
    }
    // What must be known is known by now; what is not would be a question forgotten.
    let intake = known
        .intake(options.target, documents, today)
        .ok_or_else(|| unwritten("the request is incomplete", ""))?;
    let observed = roster.as_ref().map(Roster::observed);
    let mut summary = file::file(options, &intake, source, observed)?;
    summary.ending.notes.splice(0..0, notes);
    Ok(summary)
}

/// The portal's mailboxes, where they are wanted and can be had: all of them to pick from, or those
/// that are named.
fn roster(
    options: &Options,
    named: &[Mailbox],
    source: &Source,
    is_dialogue: bool,
    notes: &mut Vec<String>,
) -> Option<Roster> {
    let lookup = options.lookup.as_ref()?;
    if !(lookup.always || is_dialogue || printer::is_interactive()) {
        return None;
    }
    let folder = &options.filing.requests.requests;
    let roster = Roster::read(&source.loaded.agencies, named, folder, &lookup.portal);
    let note = |why: &String| {
        notes.push(format!(
            "note: the portal's mailboxes are not known, so slips go unnoticed until later: {why}"
        ));
    };
    roster.inspect_err(note).ok()
}
