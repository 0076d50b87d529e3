//! From what is known to the file: made, checked, shown, written, and committed where that is asked.

use super::candidate;
use super::candidate::{Candidate, Making};
use super::documents::Copies;
use super::next_steps;
use super::next_steps::Shell;
use super::options::Options;
use super::prompt::{Desk, Known};
use super::summary::Told;
use super::write_new::{Placed, place};
use crate::domain::observed::Observed;
use crate::domain::request::intake::{Document, Intake, Subject};
use crate::domain::request::{Approval, Received};
use crate::exit::Exit;
use crate::git::{GitError, Ground, Place};
use crate::load::Source;
use crate::output::findings;
use crate::output::findings::{count, plural};
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

/// How often the next id is taken because another run was faster.
const TRIES: usize = 50;

/// Files a request.
///
/// # Errors
/// Why nothing was written.
pub(super) fn file(
    asked: &Options,
    (known, documents): (&Known, Vec<Document>),
    mut source: Source,
    observed: Option<&Observed>,
    desk: &mut dyn Desk,
) -> Result<Told, Box<Told>> {
    let filing = &asked.filing;
    // What must be known is known by now; what is not would be a question forgotten.
    let incomplete = || Told::unwritten("Nothing was written: the request is incomplete.");
    let intake = intake(asked, known, documents).ok_or_else(incomplete)?;
    let making = Making {
        intakes: std::slice::from_ref(&intake),
        id: filing.id.as_ref(),
        observed,
        as_of: filing.as_of(),
        root: filing.requests.clone(),
    };
    let mut is_agreed = filing.yes || !printer::is_interactive();
    let mut is_shown = false;
    for _ in 0..TRIES {
        let candidate = candidate::make(&making, &source)?;
        let told = sound(&candidate, about(&candidate, &intake, &source))?;
        let ground =
            ground(asked, &candidate, &source).map_err(|error| no_branch(&told, &error))?;
        if filing.dry_run {
            return Ok(Told {
                reason: format!("Dry run: {} was not written.", candidate.shown),
                text: Some(candidate.text),
                ..told
            });
        }
        if !is_agreed {
            is_shown = true;
            is_agreed = agree(desk, &candidate);
        }
        if !is_agreed {
            return Err(Box::new(Told::unwritten(
                "Not confirmed: nothing was written.",
            )));
        }
        let unwritten = |error: std::io::Error| {
            let reason = format!("{} cannot be written: {error}.", candidate.shown);
            Box::new(Told::unwritten(reason))
        };
        let folder = candidate.file.parent().unwrap_or(&making.root);
        let copies =
            Copies::make(&filing.evidence, &candidate.evidence, folder).map_err(unwritten)?;
        match place(&candidate.file, &candidate.text) {
            Err(error) => return Err(unwritten(error)),
            Ok(Placed::Written) => {
                copies.keep();
                let told = Told { is_shown, ..told };
                return Ok(written(asked, &intake, &candidate, &source, ground, told));
            }
            Ok(Placed::Taken) => {
                printer::say(&format!(
                    "note: {} has just been written by somebody else; the next id is taken.",
                    visible(&candidate.shown)
                ));
                source = super::load(filing)?;
            }
        }
    }
    Err(Box::new(Told::unwritten(
        "Nothing was written: others file so fast that no id stays free.",
    )))
}

/// Refuses a candidate with an error in it.
fn sound(candidate: &Candidate, told: Told) -> Result<Told, Box<Told>> {
    if !has_errors(&candidate.findings) {
        return Ok(told);
    }
    Err(Box::new(Told {
        exit: Exit::Failed,
        reason: format!("Nothing was written: {}.", count(&candidate.findings)),
        text: Some(candidate.text.clone()),
        ..told
    }))
}

/// What the branch is to begin from, where one is wanted, and its name.
fn ground(
    asked: &Options,
    candidate: &Candidate,
    source: &Source,
) -> Result<Option<(Ground, String)>, GitError> {
    if !asked.filing.branch {
        return Ok(None);
    }
    let place = match source.repository() {
        Some(place) => place,
        None => &Place::of(&asked.filing.requests)?,
    };
    let branch = next_steps::branch(candidate.id.as_str());
    let ground = place.ground(&branch, &candidate.path)?;
    Ok(Some((ground, branch)))
}

fn intake(asked: &Options, known: &Known, documents: Vec<Document>) -> Option<Intake> {
    let filing = &asked.filing;
    let subject = match asked.target {
        Some(target) => Subject::Change(target, known.mailboxes.clone()),
        None => Subject::Withdraw(known.withdraws.clone()?),
    };
    let approval = filing.approved_by.clone().zip(filing.approved);
    Some(Intake {
        subject,
        received: Received {
            date: known.received.unwrap_or_else(|| filing.as_of()),
            channel: known.channel?,
            reference: known.reference.clone()?,
            from: known.from.clone(),
        },
        documents,
        approval: approval.map(|(by, date)| Approval { by, date }),
        effective: known.effective,
        reason: known.reason.clone(),
    })
}

/// What is to be told whatever becomes of the candidate.
fn about(candidate: &Candidate, intake: &Intake, source: &Source) -> Told {
    let mut told = Told {
        agency: Some(candidate.agency.clone()),
        id: Some(candidate.id.to_string()),
        action: Some(intake.subject.verb()),
        file: Some(candidate.shown.to_string()),
        in_repository: source
            .repository()
            .map(|it| it.in_repository(&candidate.path)),
        findings: candidate.findings.clone(),
        is_approved: intake.approval.is_some(),
        ..Told::default()
    };
    if has_errors(&source.loaded.findings) {
        told.notes.push(format!(
            "note: there are problems in other files, {}; `arkib check` shows them",
            count(&source.loaded.findings)
        ));
    }
    told
}

/// Shows the file and what is to be minded, and asks.
fn agree(desk: &mut dyn Desk, candidate: &Candidate) -> bool {
    desk.say("");
    let warnings = findings::human(&candidate.findings);
    if !warnings.is_empty() {
        desk.say(warnings.trim_end());
        desk.say("");
    }
    desk.say(&format!("{}:\n", visible(&candidate.shown)));
    for line in candidate.text.lines() {
        desk.say(&format!("  {}", visible(line)));
    }
    let question = "\nWrite this file? Only `yes` does: ";
    desk.ask(question)
        .is_some_and(|answer| answer.trim() == "yes")
}

fn no_branch(told: &Told, error: &GitError) -> Box<Told> {
    Box::new(Told {
        id: told.id.clone(),
        help: Some(error.help().to_owned()),
        ..Told::unwritten(format!(
            "Nothing was written, for no branch can be made: {error}."
        ))
    })
}

/// The file is there; now the branch, where one is wanted, and what is left to be done.
fn written(
    asked: &Options,
    intake: &Intake,
    candidate: &Candidate,
    source: &Source,
    ground: Option<(Ground, String)>,
    told: Told,
) -> Told {
    let (folder, id) = (&asked.filing.requests, candidate.id.as_str());
    let mailboxes = match &intake.subject {
        Subject::Change(_, mailboxes) => mailboxes.len(),
        Subject::Withdraw(_) => 0,
    };
    let message = next_steps::message(id, intake.subject.verb(), mailboxes);
    let named = match mailboxes {
        0 => String::new(),
        some => format!(", which names {}", plural(some, "mailbox", "mailboxes")),
    };
    let told = Told {
        is_written: true,
        reason: format!("Wrote {}{named}.", candidate.shown),
        ..told
    };
    let Some(place) = source.repository() else {
        return Told {
            help: Some("bring the file to where the requests are kept in git; only what is merged there counts".to_owned()),
            ..told
        };
    };
    let shell = Shell::at(folder, place);
    let paths = paths(candidate);
    let by_hand = shell.by_hand(&paths, &next_steps::branch(id), &message);
    let Some((ground, branch)) = ground else {
        return Told {
            next: by_hand,
            ..told
        };
    };
    match place.commit_alone(&ground, &branch, &paths, &message) {
        Ok(commit) => Told {
            reason: format!(
                "{} It is commit {commit} on the branch {branch}.",
                told.reason
            ),
            branch: Some(branch),
            next: vec![shell.push(&next_steps::branch(id))],
            ..told
        },
        Err(error) => Told {
            exit: Exit::Failed,
            reason: format!("{} But it is not committed: {error}.", told.reason),
            help: Some("mend that and go on by hand; the file stays where it is".to_owned()),
            next: by_hand,
            ..told
        },
    }
}

/// The ways from the requests folder to the file and to the documents beside it.
fn paths(candidate: &Candidate) -> Vec<String> {
    let (folder, _) = candidate.path.rsplit_once('/').unwrap_or_default();
    let documents = candidate.evidence.iter();
    let documents = documents.map(|it| format!("{folder}/{}", it.file));
    std::iter::once(candidate.path.clone())
        .chain(documents)
        .collect()
}
