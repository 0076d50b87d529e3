//! Where the records of an agency are. Knows nothing of what is in them.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::domain::agency::Agency;
use crate::domain::policy;
use crate::journal::read_records::FOLDER;
use crate::load::{LoadedRequests, RequestsLocation};

/// The path from the requests folder to an agency's folder, with a slash at its end; empty if they are
/// the same.
pub(super) fn agency_subpath<'a>(source: &'a LoadedRequests, agency: &'a Agency) -> &'a str {
    let file = source.relative_path(&agency.policy.file);
    file.strip_suffix(policy::FILE_NAME).unwrap_or_default()
}

/// The folder of an agency's records, and the same as shown to the user.
///
/// # Errors
/// If there is no such folder; the reason is a clause.
pub(super) fn records_folder_of(
    requests: &RequestsLocation,
    chosen: Option<&Path>,
    source: &LoadedRequests,
    agency: &Agency,
) -> Result<(PathBuf, String), Failure> {
    let agency_subpath = agency_subpath(source, agency);
    let folder = match chosen {
        Some(folder) => folder.join(agency_subpath),
        None => requests.requests.join(agency_subpath).join(FOLDER),
    };
    if chosen.is_none() && !requests.requests.is_dir() {
        let why = format!("there is no folder {} on disk for the records", requests.folder_text());
        return Err(Failure::failed(why, "use --records DIR"));
    }
    let shown = folder.to_string_lossy().replace('\\', "/");
    Ok((folder, shown.trim_end_matches('/').to_owned()))
}
