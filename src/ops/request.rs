//! `arkib request`: files what a letter, memo, form or e-mail asks for (procedure step 1). The clerk is
//! asked for what is missing; the file is checked as `arkib check` checks it before it is anywhere.

pub mod answers;
pub(super) mod candidate;
mod documents;
mod file;
pub(super) mod next_steps;
pub(super) mod options;
pub(super) mod prompt;
mod roster;
mod summary;
pub(super) mod write_new;

pub use self::options::{Filing, Lookup, Options};
pub use self::summary::RequestOutput;

use std::fmt::Write as _;

use self::prompt::{About, Desk, Known};
use self::roster::Roster;
use self::summary::Told;
use crate::exit::Exit;
use crate::load::{Location, Source};
use crate::output::findings::count;
use crate::printer;

/// Runs the command.
pub fn run(asked: &Options) -> Exit {
    let told = receive(asked).unwrap_or_else(|told| *told);
    summary::tell(asked, &told);
    told.exit
}

/// A terminal with a person in front of it.
pub(super) struct Terminal;

impl Desk for Terminal {
    fn ask(&mut self, question: &str) -> Option<String> {
        loop {
            match printer::ask(question) {
                Ok(answer) => return answer,
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    printer::say(&format!("  Not taken: {error}."));
                }
                Err(_) => return None,
            }
        }
    }

    fn say(&mut self, text: &str) {
        printer::say(text);
    }
}

/// The whole way from the command line to the file.
fn receive(asked: &Options) -> Result<Told, Box<Told>> {
    let filing = &asked.filing;
    let mut known = asked.known()?;
    let missing = prompt::missing(&known, asked.target);
    let is_dialogue = !missing.is_empty();
    if is_dialogue && !printer::is_interactive() {
        return Err(Box::new(usage(&missing)));
    }
    let documents = documents::read(&filing.evidence)?;
    let source = load(filing)?;
    let mut notes = Vec::new();
    let roster = roster(asked, &known, &source, is_dialogue, &mut notes);
    if is_dialogue {
        notes.iter().for_each(|note| printer::say(note));
        let about = About {
            target: asked.target,
            agencies: &source.loaded.agencies,
            roster: roster.as_ref(),
            today: filing.as_of(),
        };
        prompt::ask(&mut Terminal, &mut known, &about)
            .map_err(|_| Box::new(Told::unwritten("Nothing was written: the input has ended.")))?;
    }
    let observed = roster.as_ref().map(Roster::observed);
    let mut told = file::file(asked, (&known, documents), source, observed, &mut Terminal)?;
    told.notes.splice(0..0, notes);
    Ok(told)
}

/// What is missing, all of it.
fn usage(missing: &[&str]) -> Told {
    let mut reason = "Nothing was written. What is missing:".to_owned();
    for what in missing {
        let _ = write!(reason, "\n  {what}");
    }
    Told {
        help: Some("on a terminal arkib asks for it".to_owned()),
        exit: Exit::Usage,
        ..Told::unwritten(reason)
    }
}

/// The requests as they lie in the folder.
fn load(filing: &Filing) -> Result<Source, Box<Told>> {
    let requests = Location {
        requests: filing.requests.clone(),
        reference: None,
        as_of: filing.as_of,
    };
    let source = requests.load(None).map_err(|error| {
        Box::new(Told {
            help: Some(error.help().to_owned()),
            ..Told::unwritten(format!("Nothing was written: {error}."))
        })
    })?;
    if source.loaded.agencies.is_empty() {
        let reason = format!("Nothing was written: {}.", count(&source.loaded.findings));
        return Err(Box::new(Told {
            findings: source.loaded.findings.clone(),
            ..Told::unwritten(reason)
        }));
    }
    Ok(source)
}

/// The portal's mailboxes, where they are wanted and can be had: all of them to pick from, or those
/// that are named.
fn roster(
    asked: &Options,
    known: &Known,
    source: &Source,
    is_dialogue: bool,
    notes: &mut Vec<String>,
) -> Option<Roster> {
    let lookup = asked.lookup.as_ref().filter(|_| asked.target.is_some())?;
    if lookup.no_portal || !(lookup.portal || is_dialogue || printer::is_interactive()) {
        return None;
    }
    let folder = &asked.filing.requests;
    match Roster::read(source, &known.mailboxes, folder, &lookup.portal_args) {
        Ok(roster) => Some(roster),
        Err(why) => {
            notes.push(format!(
                "note: the portal's mailboxes are not known, so slips go unnoticed until later: {why}"
            ));
            None
        }
    }
}
