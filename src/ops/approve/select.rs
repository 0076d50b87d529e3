//! The requests to approve, each with the bytes of its file as they were read.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) use super::super::filing::candidate::find_request;
use super::approver;
use super::options::Options;
use crate::domain::agency::Agency;
use crate::domain::approval::verification::{UnverifiedReason, unverified_reasons};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::Request;
use crate::domain::request::request_file_source::file_digest;
use crate::environment::read_bounded;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::ops::filing::failure_before_writing;
use crate::yaml::MAX_BYTES;

/// A request to approve.
pub(super) struct ChosenRequest<'a> {
    pub agency: &'a Agency,
    pub request: &'a Arc<Request>,
    /// The path of its file from the requests folder.
    pub path: &'a str,
    /// Where its file is.
    pub file: PathBuf,
    /// What stands in its file.
    pub text: String,
    /// The same without the approver's own approval, if that does not count.
    pub without_own: Option<FileWithoutOwnApproval>,
}

/// The file of a request without its approver's own approval.
pub(super) struct FileWithoutOwnApproval {
    pub text: String,
    /// Which approval that is, and why it does not count.
    pub why: Message,
}

impl ChosenRequest<'_> {
    /// Why approvals of others do not count.
    pub fn unverified(&self) -> impl Iterator<Item = UnverifiedReason> {
        unverified_reasons(self.request, &self.agency.policy, &self.agency.keys)
    }

    /// What stands in its file now.
    pub fn read_file(&self) -> io::Result<Vec<u8>> {
        read_bounded(&self.file, MAX_BYTES as u64)
    }
}

/// What the command line names.
pub(super) struct Choice<'a> {
    /// The requests to approve.
    pub chosen: Vec<ChosenRequest<'a>>,
    /// Those that the approver approved already, as in a run that was cut off.
    pub already: Vec<&'a Arc<Request>>,
}

/// The requests that the command line names, each once. Those that are approved already are left out where
/// others remain.
///
/// # Errors
/// All reasons why some of them cannot be approved.
pub(super) fn choose_requests<'a>(
    options: &Options,
    source: &'a LoadedRequests,
    approver: &Mailbox,
    mut without_own: HashMap<String, FileWithoutOwnApproval>,
) -> Result<Choice<'a>, Failure> {
    let mut named = HashSet::new();
    let mut chosen = Vec::new();
    let mut already = Vec::new();
    let mut wrong = Vec::new();
    for id in options.ids.iter().filter(|id| named.insert(*id)) {
        let (agency, request) = find_request(source, id)?;
        let path = source.relative_path(&request.file);
        let without_own = without_own.remove(path);
        if let Some(why) = reason_not_approvable(agency, request, approver, without_own.is_some()) {
            let own = request.approvals.iter().any(|approval| approval.by == *approver);
            if own && first_unverified(request, agency).is_none() {
                already.push(request);
            }
            wrong.push(message!("approve-refused", id = id.as_str(), why));
            continue;
        }
        let (file, text) = read_text(options, source, request)?;
        chosen.push(ChosenRequest { agency, request, path, file, text, without_own });
    }
    match !chosen.is_empty() && wrong.len() == already.len() {
        true => Ok(Choice { chosen, already }),
        false => Err(failure_before_writing(Message::joined(wrong, "; "), "")),
    }
}

/// Why somebody cannot approve a request, as a clause. What the rules for files say comes later. Whoever
/// replaces an own approval need not wait until others replaced theirs, nor they for them.
fn reason_not_approvable(
    agency: &Agency,
    request: &Request,
    approver: &Mailbox,
    replaces: bool,
) -> Option<Message> {
    let unverified = first_unverified(request, agency).filter(|_| !replaces);
    if let Some(reason) = unverified {
        let approver = reason.approver.as_str();
        return Some(message!("approve-no-longer", reason = reason.describe(), approver));
    }
    let own = request.approvals.iter().find(|approval| approval.by == *approver);
    if let Some(own) = own {
        let (approver, day) = (approver.as_str(), own.date);
        return Some(message!("approve-by-you-already", approver, day));
    }
    if let Some(day) = request.approved_on() {
        let by: Vec<&str> = request.approvals.iter().map(|approval| approval.by.as_str()).collect();
        return Some(message!("approve-complete-since", day, by = by.join(", ")));
    }
    approver::reason_not_approver(&agency.policy, approver)
}

/// The first approval that is not verified, where the policy requires that: the request does not count.
pub(super) fn first_unverified(request: &Request, agency: &Agency) -> Option<UnverifiedReason> {
    unverified_reasons(request, &agency.policy, &agency.keys).next()
}

/// Where the file of a request is, and what stands in it, which must be what was read.
pub(super) fn read_text(
    options: &Options,
    source: &LoadedRequests,
    request: &Request,
) -> Result<(PathBuf, String), Failure> {
    let path = source.relative_path(&request.file);
    let file = options.filing.requests.requests.join(path);
    let bytes = read_bounded(&file, MAX_BYTES as u64).map_err(|error| {
        let (file, why) = (&*request.file, error.to_string());
        failure_before_writing(message!("approve-unreadable", file, why), "")
    })?;
    let is_same = source.loaded.files.get(path) == Some(&file_digest(&bytes));
    match String::from_utf8(bytes) {
        Ok(text) if is_same => Ok((file, text)),
        _ => Err(changed_failure(&request.file)),
    }
}

/// A failure because a file is not what was read and shown.
pub(super) fn changed_failure(file: &str) -> Failure {
    failure_before_writing(message!("approve-changed", file), message!("approve-changed-help"))
}
