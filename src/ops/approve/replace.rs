//! An approver's own approval that does not count: it is taken out before they approve again, unless it is
//! merged.

use std::collections::HashMap;
use std::mem;

use super::options::Options;
use super::select::{FileWithoutOwnApproval, find_request, read_text};
use crate::domain::approval::verification::unverified_reasons;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::Request;
use crate::domain::request::approval_editor::{may_hold_approval, remove_approval};
use crate::load::folder::RequestsFolder;
use crate::load::folder_with_unwritten_files::FolderWithUnwrittenFiles;
use crate::load::{LoadedRequests, agency_loader};
use crate::ops::failure::Failure;
use crate::ops::filing::candidate::new_findings;
use crate::ops::filing::{failure_before_writing, failure_of_findings};
use crate::yaml::has_errors;

/// Takes the approver's own approvals that do not count out of the requests that were read, and returns the
/// files without them, by path. The files themselves stay.
///
/// # Errors
/// If one cannot be taken out without changing something else.
pub(super) fn remove_uncounted_own_approvals(
    options: &Options,
    source: &mut LoadedRequests,
    approver: &Mailbox,
) -> Result<HashMap<String, FileWithoutOwnApproval>, Failure> {
    let mut without: HashMap<String, FileWithoutOwnApproval> = HashMap::new();
    for id in &options.ids {
        let (agency, request) = find_request(source, id)?;
        let mut reasons = unverified_reasons(request, &agency.policy, &agency.keys);
        let Some(reason) = reasons.find(|reason| reason.approver == *approver) else { continue };
        if is_merged(source, request, approver)? {
            continue;
        }
        let (_, text) = read_text(options, source, request)?;
        let file = &request.file;
        let text = remove_approval(file, &text, reason.index)
            .map_err(|why| failure_before_writing(format!("{file}: {why}"), why.help))?;
        let date = request.approvals[reason.index].date;
        let why = message!("approve-replaced", day = date, reason = reason.describe());
        without.insert(source.relative_path(file).to_owned(), FileWithoutOwnApproval { text, why });
    }
    if without.is_empty() {
        return Ok(without);
    }
    let folder = RequestsFolder::new(&options.filing.requests.requests);
    let texts = without.iter().map(|(path, own)| (path.as_str(), own.text.as_str()));
    let files = FolderWithUnwrittenFiles::new(&folder, texts);
    let mut after = agency_loader::load_reusing(&files, options.today(), Some(&source.loaded));
    let found = new_findings(&after.findings, &source.loaded.findings);
    if has_errors(&found) {
        return Err(failure_of_findings(found, ""));
    }
    // What is on disk is still what was read first.
    after.files = mem::take(&mut source.loaded.files);
    *source.loaded = after;
    Ok(without)
}

/// Whether the default branch holds an approval of that approver already, so that nobody may change it.
pub(super) fn is_merged(
    source: &LoadedRequests,
    request: &Request,
    approver: &Mailbox,
) -> Result<bool, Failure> {
    let Some(place) = source.repository() else { return Ok(false) };
    // A branch may move the file, which keeps its name.
    let merged = place.files_on_default_branch(&format!("{}.yaml", request.id));
    let merged = merged.map_err(|error| failure_before_writing(error.to_string(), error.help()))?;
    Ok(merged.iter().any(|bytes| may_hold_approval(&request.file, bytes, approver)))
}
