//! Writes approvals into the files of requests: checked before anybody is asked and again when they are
//! written, into files that nobody changed meanwhile, one approver at a time, and all of them or none.

#[cfg(test)]
mod tests;

use std::iter;
use std::sync::Arc;

use super::options::Options;
use super::select::{ChosenRequest, changed_failure};
use crate::apply::Stop;
use crate::domain::approval::verification::unverified_reasons;
use crate::domain::policy;
use crate::domain::policy::signer_files::{ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS};
use crate::domain::request::approval_editor::add_approval;
use crate::domain::request::{Approval, Request};
use crate::finding::Finding;
use crate::journal::lock::{FolderLock, LockKind};
use crate::load::folder::RequestsFolder;
use crate::load::folder_with_unwritten_files::FolderWithUnwrittenFiles;
use crate::load::{LoadedRequests, agency_loader};
use crate::ops::failure::Failure;
use crate::ops::filing::candidate::new_findings;
use crate::ops::filing::{failure_before_writing, failure_of_findings};
use crate::ops::records_access::lock_folder;
use crate::private_files::replace_text;
use crate::yaml::has_errors;

/// The requests with their approvals, as they would be read, and the warnings about them.
///
/// # Errors
/// If a text takes no approval, or a rule forbids it.
pub(super) fn check_drafts(
    options: &Options,
    source: &LoadedRequests,
    chosen: &[ChosenRequest<'_>],
    approval: &Approval,
) -> Result<(Vec<Arc<Request>>, Vec<Finding>), Failure> {
    let drafts = chosen.iter().map(|chosen| approved_text(chosen, approval));
    let drafts = drafts.collect::<Result<Vec<String>, Failure>>()?;
    let folder = RequestsFolder::new(&options.filing.requests.requests);
    let new = chosen.iter().zip(&drafts).map(|(chosen, text)| (chosen.path, &**text));
    let files = FolderWithUnwrittenFiles::new(&folder, new);
    // A draft may have the very text from which an own approval was taken out.
    let is_known = chosen.iter().all(|chosen| chosen.without_own.is_none());
    let known = is_known.then_some(&*source.loaded);
    let after = agency_loader::load_reusing(&files, options.today(), known);
    let findings = new_findings(&after.findings, &source.loaded.findings);
    if has_errors(&findings) {
        return Err(failure_of_findings(findings, ""));
    }
    let find = |chosen: &ChosenRequest<'_>| {
        let requests = &after.agency(&chosen.agency.policy.file)?.requests;
        requests.iter().find(|request| request.file == chosen.request.file).cloned()
    };
    let requests: Option<Vec<_>> = chosen.iter().map(find).collect();
    match requests {
        Some(requests) => Ok((requests, findings)),
        None => Err(failure_before_writing(
            message!("filing-folder-changed"),
            message!("run-again-short-help"),
        )),
    }
}

/// The text of a request's file with one approval more.
fn approved_text(chosen: &ChosenRequest<'_>, approval: &Approval) -> Result<String, Failure> {
    let file = &chosen.request.file;
    let text = chosen.without_own.as_ref().map_or(&chosen.text, |without| &without.text);
    add_approval(file, text, approval)
        .map_err(|why| failure_before_writing(format!("{file}: {why}"), why.help))
}

/// Writes the approvals, all or none.
///
/// # Errors
/// If a file was changed since it was shown or cannot be written, or if the result has errors or an approval
/// that does not count; the files then have their old texts again.
pub(super) fn write_all(
    options: &Options,
    source: &LoadedRequests,
    chosen: &[ChosenRequest<'_>],
    approvals: &[Approval],
) -> Result<(), Failure> {
    let texts = chosen.iter().zip(approvals).map(|(chosen, new)| approved_text(chosen, new));
    let texts = texts.collect::<Result<Vec<String>, Failure>>()?;
    let _lock = lock_requests(options)?;
    let mut written = Vec::new();
    let done = chosen.iter().zip(&texts).try_for_each(|(chosen, text)| {
        write_one(chosen, text).inspect(|()| written.push((chosen, text)))
    });
    let done = done.and_then(|()| check_result(options, source, chosen, approvals));
    done.map_err(|failure| restore(&written, failure))
}

/// Locks the requests against another approver on this machine, whose approval would be overwritten.
fn lock_requests(options: &Options) -> Result<FolderLock, Failure> {
    let requests = &options.filing.requests;
    let runtime = crate::ops::new_runtime().map_err(|why| failure_before_writing(&why, ""))?;
    let (place, stop) = ((&*requests.requests, &*requests.folder_text()), Stop::default());
    let so = "Nothing was written.";
    runtime.block_on(lock_folder("requests", place, LockKind::Exclusive, &stop, so))
}

fn write_one(chosen: &ChosenRequest<'_>, text: &str) -> Result<(), Failure> {
    match chosen.read_file() {
        Ok(bytes) if bytes == chosen.text.as_bytes() => {}
        _ => return Err(changed_failure(&chosen.request.file)),
    }
    replace_text(&chosen.file, text.as_bytes()).map_err(|error| {
        let (file, why) = (&*chosen.request.file, error.to_string());
        failure_before_writing(message!("approve-unwritable", file, why), "")
    })
}

/// Reads everything again, as every other command will: each approval stands in its file, and counts.
fn check_result(
    options: &Options,
    source: &LoadedRequests,
    chosen: &[ChosenRequest<'_>],
    approvals: &[Approval],
) -> Result<(), Failure> {
    let after = options.filing.load()?;
    let found = new_findings(&after.loaded.findings, &source.loaded.findings);
    if has_errors(&found) {
        return Err(failure_of_findings(found, ""));
    }
    chosen.iter().zip(approvals).try_for_each(|(chosen, approval)| {
        check_basis(source, &after, chosen)?;
        check_approval(&after, chosen, approval)
    })
}

/// Refuses an approval whose basis was changed: the policy, the keys, or the request to withdraw. They are
/// in what was shown and signed, and decide whether the signature counts.
fn check_basis(
    source: &LoadedRequests,
    after: &LoadedRequests,
    chosen: &ChosenRequest<'_>,
) -> Result<(), Failure> {
    let ChosenRequest { agency, request, .. } = chosen;
    let policy = &*agency.policy.file;
    let folder = policy.strip_suffix(policy::FILE_NAME).unwrap_or_default();
    let keys = [ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS].map(|name| format!("{folder}{name}"));
    let withdrawn = |other: &&Arc<Request>| Some(&other.id) == request.withdraws();
    let withdrawn = agency.requests.iter().find(withdrawn).map(|withdrawn| &*withdrawn.file);
    let mut basis = iter::once(policy).chain(keys.iter().map(String::as_str)).chain(withdrawn);
    let digest = |of: &LoadedRequests, file| of.loaded.files.get(of.relative_path(file)).copied();
    match basis.find(|file| digest(source, file) != digest(after, file)) {
        Some(file) => Err(changed_failure(file)),
        None => Ok(()),
    }
}

/// Refuses an approval that is not in its file, or that is not verified though it must be, or because of
/// which another no longer is.
fn check_approval(
    after: &LoadedRequests,
    chosen: &ChosenRequest<'_>,
    approval: &Approval,
) -> Result<(), Failure> {
    let changed = || changed_failure(&chosen.request.file);
    let agency = after.loaded.agency(&chosen.agency.policy.file).ok_or_else(changed)?;
    let mut requests = agency.requests.iter();
    let request = requests.find(|request| request.file == chosen.request.file);
    let request = request.filter(|request| request.approvals.contains(approval));
    let request = request.ok_or_else(changed)?;
    let known: Vec<_> = chosen.unverified().map(|reason| reason.approver).collect();
    let mut reasons = unverified_reasons(request, &agency.policy, &agency.keys);
    match reasons.find(|reason| !known.contains(&reason.approver)) {
        Some(reason) => {
            let (id, why) = (request.id.as_str(), reason.describe());
            Err(failure_before_writing(message!("approve-refused", id, why), ""))
        }
        None => Ok(()),
    }
}

/// Gives the written files their old texts again.
fn restore(written: &[(&ChosenRequest<'_>, &String)], mut failure: Failure) -> Failure {
    for (chosen, text) in written {
        let is_own = chosen.read_file().is_ok_and(|bytes| bytes == text.as_bytes());
        if !is_own || replace_text(&chosen.file, chosen.text.as_bytes()).is_err() {
            let but = message!("approve-may-have-approval", file = &*chosen.request.file);
            failure.reason.push(but);
        }
    }
    failure
}
