//! From what the portal has to the files: made and checked all together, shown, then written one by one,
//! each whole or not at all.

use std::sync::Arc;

use super::options::Options;
use super::summary::Told;
use super::{Known, adoption, load};
use crate::apply::Stop;
use crate::domain::archive::Target;
use crate::domain::plan::adoption::Group;
use crate::domain::request::Received;
use crate::domain::request::intake::{Intake, Subject};
use crate::exit::Exit;
use crate::git::{GitError, Ground, Place};
use crate::load::Source;
use crate::ops::interrupt;
use crate::ops::request::candidate;
use crate::ops::request::candidate::{Candidate, Making};
use crate::ops::request::next_steps::Shell;
use crate::ops::request::write_new::{Placed, place};
use crate::output::findings::{count, plural};
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

/// So many files are named one by one in a command.
const MOST_NAMED: usize = 20;

/// What is to be written in one round.
struct Round {
    source: Source,
    groups: Vec<Group>,
    candidates: Vec<Candidate>,
    intakes: Vec<Intake>,
}

/// How writing went.
enum Gone {
    /// All files are there.
    Through,
    /// Another run has taken the name of one.
    Taken(Arc<str>),
    /// A person or the system interrupts.
    Interrupted,
    /// One cannot be written.
    Unwritten(String),
}

/// Writes the files.
///
/// # Errors
/// Why none was written.
pub(super) fn write(
    args: &Options,
    known: &Known,
    source: Source,
    mut told: Told,
) -> Result<Told, Box<Told>> {
    let mut round = prepare(args, known, source, &mut told)?;
    let mut ground = ground(args, &round)?;
    if args.dry_run {
        told.plan(
            &round.candidates,
            &round.groups,
            &round.intakes,
            args.reference.is_some(),
        );
        let files = plural(round.candidates.len(), "file", "files");
        told.reason = format!("Dry run: {files} would be written, and nothing was.");
        return Ok(told);
    }
    if !args.yes && printer::is_interactive() && !agree(&told, &round) {
        return Err(Box::new(Told::unwritten(
            "Not confirmed: nothing was written.",
        )));
    }
    let runtime = crate::ops::runtime()
        .map_err(|reason| Box::new(Told::unwritten(format!("Nothing was written: {reason}."))))?;
    let stop = runtime.block_on(async { interrupt::heed() });
    let mut taken: Option<Arc<str>> = None;
    loop {
        match place_all(&round, &stop, &mut told) {
            Gone::Through => break,
            Gone::Interrupted => {
                told.end(Exit::Partly, "Interrupted: the rest was not written.");
                break;
            }
            Gone::Unwritten(why) => {
                told.end(Exit::Failed, &why);
                break;
            }
            // A request of that name would have been counted.
            Gone::Taken(shown) if taken.as_ref() == Some(&shown) => {
                let why = format!("Something that is no request lies at {shown}.");
                told.help = Some("move it away, and run the same command again".to_owned());
                told.end(Exit::Failed, &why);
                break;
            }
            Gone::Taken(shown) => {
                printer::say(&format!(
                    "note: {} has just been written by somebody else; what is left is looked at again.",
                    visible(&shown)
                ));
                taken = Some(shown);
                round = prepare(args, known, load(args)?, &mut told)?;
                if told.written() == 0 {
                    ground = self::ground(args, &round)?;
                }
            }
        }
    }
    // What still waits for a signal is not waited for.
    runtime.shutdown_background();
    finish(args, &round.source, ground, &mut told);
    Ok(told)
}

/// Makes the files of what is left, and checks them.
fn prepare(
    args: &Options,
    known: &Known,
    source: Source,
    told: &mut Told,
) -> Result<Round, Box<Told>> {
    let mut groups = Vec::new();
    let mut intakes = Vec::new();
    for agency in &source.loaded.agencies {
        let adoption = adoption(args, agency, &known.portals);
        told.agency(agency, &adoption);
        for lot in adoption.lots {
            intakes.push(Intake {
                subject: Subject::Change(Target::Enabled, lot.mailboxes),
                received: Received {
                    date: args.received(),
                    channel: args.channel,
                    reference: known.reference.clone(),
                    from: None,
                },
                documents: Vec::new(),
                approval: None,
                effective: None,
                reason: Some(lot.group.reason(agency.policy.language)),
            });
            groups.push(lot.group);
        }
        told.warn_of_notices(&agency.policy, args.received());
    }
    let making = Making {
        intakes: &intakes,
        id: None,
        observed: None,
        as_of: args.as_of(),
        root: args.requests.clone(),
    };
    let (candidates, findings) = candidate::make_all(&making, &source).map_err(|refused| {
        let reason = format!("{}: {}.", told.nothing(), refused.reason);
        Box::new(Told {
            help: Some(refused.help.to_owned()),
            ..std::mem::take(told).stopped(reason)
        })
    })?;
    let is_faulty = has_errors(&findings);
    told.findings = findings;
    if is_faulty {
        let reason = format!("{}: {}.", told.nothing(), count(&told.findings));
        return Err(Box::new(std::mem::take(told).stopped(reason)));
    }
    Ok(Round {
        source,
        groups,
        candidates,
        intakes,
    })
}

/// What the branch is to begin from, where one is wanted, and its name.
fn ground(args: &Options, round: &Round) -> Result<Option<(Ground, String)>, Box<Told>> {
    let Some(first) = round.candidates.first().filter(|_| args.branch) else {
        return Ok(None);
    };
    let branch = format!("import/{}", first.id);
    let find = || -> Result<Ground, GitError> {
        match round.source.repository() {
            Some(place) => place.ground(&branch, &first.path),
            None => Place::of(&args.requests)?.ground(&branch, &first.path),
        }
    };
    match find() {
        Ok(ground) => Ok(Some((ground, branch))),
        Err(error) => Err(Box::new(Told {
            help: Some(error.help().to_owned()),
            ..Told::unwritten(format!(
                "Nothing was written, for no branch can be made: {error}."
            ))
        })),
    }
}

/// Shows what is to be written, and asks.
fn agree(told: &Told, round: &Round) -> bool {
    let mut shown = told.clone();
    shown.plan(&round.candidates, &round.groups, &round.intakes, false);
    printer::say(shown.list().trim_end());
    let files = plural(round.candidates.len(), "file", "files");
    let question = format!("\nWrite {files}? Only `yes` does: ");
    matches!(printer::ask(&question), Ok(Some(answer)) if answer.trim() == "yes")
}

fn place_all(round: &Round, stop: &Stop, told: &mut Told) -> Gone {
    let each = round.candidates.iter().zip(&round.groups);
    for ((candidate, group), intake) in each.zip(&round.intakes) {
        if stop.is_asked() {
            return Gone::Interrupted;
        }
        match place(&candidate.file, &candidate.text) {
            Ok(Placed::Written) => told.file(candidate, group, intake, &round.source),
            Ok(Placed::Taken) => return Gone::Taken(Arc::clone(&candidate.shown)),
            Err(error) => {
                let why = format!("{} cannot be written: {error}.", candidate.shown);
                return Gone::Unwritten(why);
            }
        }
    }
    Gone::Through
}

/// Says what was written and what comes next; commits where that is wanted.
fn finish(args: &Options, source: &Source, ground: Option<(Ground, String)>, told: &mut Told) {
    let paths = told.paths();
    let Some(first) = told.first() else {
        told.reason = match told.reason.as_str() {
            "" => "Nothing was written: another run has imported everything meanwhile.".to_owned(),
            why => format!("Nothing was written. {why}"),
        };
        return;
    };
    let mailboxes = told.mailboxes();
    let wrote = format!(
        "Wrote {}, which name {}.",
        plural(paths.len(), "file", "files"),
        plural(mailboxes, "mailbox", "mailboxes")
    );
    if told.exit == Exit::Failed {
        told.exit = Exit::Partly;
    }
    if told.exit != Exit::Done {
        told.help.get_or_insert_with(|| {
            "run the same command again: what is written is not written twice".to_owned()
        });
    }
    told.reason = format!("{wrote} {}", told.reason).trim_end().to_owned();
    let Some(repository) = source.repository() else {
        told.help.get_or_insert_with(|| "bring the files to where the requests are kept in git; only what is merged there counts".to_owned());
        return;
    };
    let shell = Shell::at(&args.requests, repository);
    let message = format!(
        "Import {first}: enter {}",
        plural(mailboxes, "archive", "archives")
    );
    let branch = match &ground {
        Some((_, branch)) => branch.clone(),
        None => format!("import/{first}"),
    };
    told.next = shell.by_hand(&short(&paths), &branch, &message);
    let Some((ground, branch)) = ground.filter(|_| told.exit == Exit::Done) else {
        return;
    };
    match repository.commit_alone(&ground, &branch, &paths, &message) {
        Ok(commit) => {
            told.reason = format!(
                "{} It is commit {commit} on the branch {branch}.",
                told.reason
            );
            told.next = vec![shell.push(&branch)];
            told.branch = Some(branch);
        }
        Err(error) => {
            told.exit = Exit::Failed;
            told.reason = format!("{} But they are not committed: {error}.", told.reason);
            told.help =
                Some("mend that and go on by hand; the files stay where they are".to_owned());
        }
    }
}

/// The files, or where they are many the folders that they lie in.
fn short(paths: &[String]) -> Vec<String> {
    if paths.len() <= MOST_NAMED {
        return paths.to_vec();
    }
    let folders = paths.iter().filter_map(|path| path.rsplit_once('/'));
    let mut folders: Vec<String> = folders.map(|(folder, _)| folder.to_owned()).collect();
    folders.dedup();
    folders
}
