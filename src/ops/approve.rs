//! `arkib approve`: adds a person's approval to requests (procedure step 2). Shows what each asks for and
//! what it would do, asks once, signs if the policy requires it, and writes nothing but the approvals.

mod approver;
mod effects;
mod options;
mod replace;
mod select;
mod show;
mod sign;
mod summary;
mod write;

pub use self::options::Options;
pub use self::summary::ApproveOutput;

use std::sync::Arc;

use self::select::{Choice, ChosenRequest};
use self::sign::Signer;
use super::check::evidence_documents::verify_documents;
use super::failure::Failure;
use super::filing::branch::{FileWording, NewBranch};
use super::filing::{failure_before_writing, failure_of_findings};
use crate::domain::approval::statement::statement;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::{Approval, Request};
use crate::exit::Exit;
use crate::git::BranchBase;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::printer;
use crate::printer::text;
use crate::text::{escape, excerpt, plural};
use crate::yaml::has_errors;

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    let summary = match options.print {
        true => match find_statement(options) {
            Ok(statement) => {
                printer::print_result(&statement);
                return Exit::Done;
            }
            Err(failure) => failure.into(),
        },
        false => approve(options).unwrap_or_else(ApproveOutput::from),
    };
    let exit = summary.ending.exit;
    summary.print(options.filing.format);
    exit
}

/// What is signed, or, if the person approved already, what was signed.
fn find_statement(options: &Options) -> Result<String, Failure> {
    let [id] = &*options.ids else { return Err(options::one_id_failure("--print")) };
    let mut source = load(options)?;
    let approver = approver::find_approver(options, &source)?;
    replace::remove_uncounted_own_approvals(options, &mut source, &approver)?;
    let (agency, request) = select::find_request(&source, id)?;
    let policy = &agency.policy;
    let own = request.approvals.iter().find(|approval| approval.by == approver);
    if let (None, Some(why)) = (own, approver::reason_not_approver(policy, &approver)) {
        return Err(failure_before_writing(why, ""));
    }
    let own = own.map(|approval| approval.date);
    let date = options.date.or(own).unwrap_or(options.today());
    Ok(statement(request, policy, &approver, date))
}

/// Reads the requests. Fails on any error, because an unreadable file may be about the same mailboxes.
fn load(options: &Options) -> Result<LoadedRequests, Failure> {
    let source = options.filing.load()?;
    if has_errors(&source.loaded.findings) {
        let help = message!("approve-fix-first-help");
        return Err(failure_of_findings(source.loaded.findings.clone(), help));
    }
    Ok(source)
}

/// Approves: from the options to the files.
fn approve(options: &Options) -> Result<ApproveOutput, Failure> {
    options.check()?;
    let mut source = load(options)?;
    let approver = approver::find_approver(options, &source)?;
    let without_own = replace::remove_uncounted_own_approvals(options, &mut source, &approver)?;
    let date = options.date.unwrap_or(options.today());
    let unsigned = Approval { by: approver, date, signature: None };
    let choice = select::choose_requests(options, &source, &unsigned.by, without_own)?;
    let Choice { chosen, already } = choice;
    check_documents(&source, &chosen)?;
    let (approved, warnings) = write::check_drafts(options, &source, &chosen, &unsigned)?;
    let branch = check_branch(options, &source, &chosen)?;
    if options.filing.branch {
        check_committed(&source, &chosen)?;
    }
    // A dry run signs nothing.
    let signer = match options.filing.dry_run {
        true => Signer::Nobody,
        false => sign::find_signer(options, &source, &chosen)?,
    };
    let mut shown = show::render_requests(&chosen, &approved);
    shown += &match &options.portal {
        Some(portal) => {
            let effects = effects::render_effects(options, portal, &source, &chosen, &approved)?;
            format!("{}\n\n{effects}", text!("approve-once-approved"))
        }
        None => text!("approve-portal-not-read") + "\n",
    };
    // What a run that was cut off approved is committed with the rest.
    let mut unmerged = Vec::new();
    for request in already {
        if !replace::is_merged(&source, request, &unsigned.by)? {
            unmerged.push(request);
        }
        shown += &(text!("approve-already", id = request.id.as_str()) + "\n");
    }
    shown += &warn_of_other_user(&source, &unsigned.by);
    printer::print_message(&shown);
    if options.filing.dry_run {
        return Ok(ApproveOutput::of_dry_run());
    }
    if !options.filing.yes && !printer::confirm(&question(&approved, &unsigned)) {
        return Err(Failure::failed(message!("filing-not-confirmed"), ""));
    }
    let approvals = sign::sign_all(&signer, &chosen, &unsigned)?;
    write::write_all(options, &source, &chosen, &approvals)?;
    let mut summary = ApproveOutput::new(&source, &chosen, &approved, &unsigned);
    summary.ending.findings = warnings;
    let mut paths: Vec<String> = chosen.iter().map(|chosen| chosen.path.to_owned()).collect();
    paths.extend(unmerged.iter().map(|request| source.relative_path(&request.file).to_owned()));
    let mut committed = approved;
    committed.extend(unmerged.into_iter().cloned());
    let files = if paths.len() == 1 { FileWording::One } else { FileWording::Many };
    let message = format!("Approve {}", name_requests(&committed));
    branch.commit(&source, (&paths, &[]), &message, files, &mut summary.ending);
    Ok(summary)
}

/// That git knows whoever approves as somebody else: without a signature nothing else tells.
fn warn_of_other_user(source: &LoadedRequests, approver: &Mailbox) -> String {
    let user = source.repository().and_then(|place| place.setting("user.email").ok().flatten());
    let other = user.filter(|user| !user.eq_ignore_ascii_case(approver.as_str()));
    other.map_or_else(String::new, |user| {
        text!("approve-other-user", user = excerpt(&user, 80), approver = approver.as_str()) + "\n"
    })
}

/// Refuses requests whose documents are not as they say: nobody could know what was asked.
fn check_documents(source: &LoadedRequests, chosen: &[ChosenRequest<'_>]) -> Result<(), Failure> {
    let is_chosen =
        |request: &Request| chosen.iter().any(|chosen| chosen.request.file == request.file);
    let found = verify_documents(source, &is_chosen)
        .map_err(|error| failure_before_writing(error.to_string(), error.help()))?;
    match has_errors(&found) {
        true => Err(failure_of_findings(found, "")),
        false => Ok(()),
    }
}

/// Refuses to commit somebody's other changes of a request as part of its approval.
fn check_committed(source: &LoadedRequests, chosen: &[ChosenRequest<'_>]) -> Result<(), Failure> {
    let Some(place) = source.repository() else { return Ok(()) };
    let paths: Vec<&str> = chosen.iter().map(|chosen| chosen.path).collect();
    let changed = place
        .list_changed_files(&paths)
        .map_err(|error| failure_before_writing(error.to_string(), error.help()))?;
    match changed.first() {
        Some(file) => {
            let file = escape(file);
            let help = message!("approve-uncommitted-help", file = &*file);
            Err(failure_before_writing(message!("approve-uncommitted", file), help))
        }
        None => Ok(()),
    }
}

/// Checks whether the branch can be made, before anybody is asked.
fn check_branch<'a>(
    options: &'a Options,
    source: &LoadedRequests,
    chosen: &[ChosenRequest<'_>],
) -> Result<NewBranch<'a>, Failure> {
    let Some(first) = chosen.first() else {
        return Err(failure_before_writing(message!("approve-no-request"), ""));
    };
    let name = format!("approve/{}", first.request.id);
    let from = (first.path, BranchBase::Here);
    NewBranch::check_possible(&options.filing, name, from, source)
}

fn question(approved: &[Arc<Request>], approval: &Approval) -> Message {
    let (by, date) = (approval.by.as_str(), approval.date);
    let ids: Vec<&str> = approved.iter().map(|request| request.id.as_str()).collect();
    message!("approve-ask", count = ids.len(), ids = ids.join(", "), by, date)
}

/// "R-1", or "2 requests: R-1, R-2".
fn name_requests(requests: &[Arc<Request>]) -> String {
    let ids: Vec<&str> = requests.iter().map(|request| request.id.as_str()).collect();
    match &*ids {
        [only] => (*only).to_owned(),
        ids => format!("{}: {}", plural(ids.len(), "request", "requests"), ids.join(", ")),
    }
}
