//! `arkib request`: writes the request file for a letter, memo, form or e-mail (procedure step 1). Asks
//! the clerk for missing values, and checks the file like `arkib check` before it is written.

mod clerk_files;
mod documents;
mod file_request;
mod options;
mod portal_mailboxes;
mod prompt;
mod summary;

pub use self::options::Options;
pub use self::summary::RequestOutput;

use self::clerk_files::FilesOnDisk;
use self::portal_mailboxes::Roster;
use self::prompt::context::{Answers, PromptContext};
use self::prompt::withdrawable;
use super::failure::Failure;
use super::filing::candidate::{find_request, request_with_id};
use super::filing::missing_values_failure;
use super::filing::prompter::Terminal;
use crate::exit::Exit;
use crate::printer;

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let summary = make_request(options).unwrap_or_else(RequestOutput::from);
    let exit = summary.ending.exit;
    summary.print(options.filing.format);
    exit
}

/// Makes the request: from the options to the file.
fn make_request(options: &Options) -> Result<RequestOutput, Failure> {
    let mut answers = Answers { intake: options.to_intake()?, evidence: options.evidence.clone() };
    let lacking = options::missing_values(&answers.intake);
    let is_dialogue = !lacking.is_empty();
    if is_dialogue && !printer::is_interactive() {
        return Err(missing_values_failure(&lacking));
    }
    answers.intake.documents = documents::read_documents(&options.evidence)?;
    let source = file_request::load_with_agencies(&options.filing)?;
    let Answers { intake, .. } = &answers;
    if let (true, Some(id)) = (is_dialogue, &intake.withdraws) {
        find_request(&source, id)?;
    }
    if intake.target.is_none() && intake.withdraws.is_none() {
        let candidates = withdrawable::find(&source.loaded.agencies, None);
        if candidates.is_empty() {
            return Err(Failure::failed(message!("request-nothing-to-withdraw"), ""));
        }
    }
    // Those of the withdrawn request, where it is known.
    let withdrawn = intake.withdraws.as_ref();
    let withdrawn = withdrawn.and_then(|id| request_with_id(id, &source.loaded.agencies).ok());
    let named = match withdrawn {
        Some((_, request)) => request.mailboxes().iter().map(|it| it.mailbox.clone()).collect(),
        None => intake.mailboxes.clone(),
    };
    let (roster, note) = Roster::read_if_wanted(options, &source, &named, is_dialogue);
    if is_dialogue {
        note.iter().for_each(|note| printer::print_message(&printer::render(note)));
        let about = PromptContext {
            agencies: &source.loaded.agencies,
            roster: roster.observed.as_ref(),
            today: options.filing.requests.as_of(),
            files: &FilesOnDisk,
        };
        prompt::ask_missing_values(&mut Terminal, &mut answers, &about)?;
    }
    let mut summary = file_request::file_request(options, answers, source, roster)?;
    if !is_dialogue {
        summary.ending.warnings.splice(0..0, note);
    }
    Ok(summary)
}
