//! Where the records of an agency are, and whose turn it is to use them. Knows nothing of what is in
//! them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::failure::Failure;
use crate::apply::Stop;
use crate::domain::agency::Agency;
use crate::domain::policy;
use crate::domain::record::ENDING;
use crate::finding::{Finding, Severity};
use crate::git;
use crate::git::{FolderHistory, GitError, GitFolder};
use crate::journal::lock::{FolderLock, LockKind};
use crate::journal::read_records::FOLDER;
use crate::language::Message;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::printer;
use crate::printer::text;
use crate::system_limits;
use crate::text::shown_path;

/// What git knows of the records in a folder; nothing outside of a work tree, or before its first commit.
///
/// # Errors
/// Where git does not answer.
pub(super) fn history_of_records(folder: &Path) -> Result<FolderHistory, GitError> {
    if git::depth_in_repository(folder).is_none() {
        return Ok(FolderHistory::default());
    }
    let place = GitFolder::find(folder)?;
    let Ok(head) = place.head() else { return Ok(FolderHistory::default()) };
    git::folder_history(&place, &head.commit, ENDING)
}

/// Adds the records that git has, or had, and that are not in the folder, or not as they were committed: each as
/// an error, unless the file has one already. The history is that of the folder, or of one above it, in which
/// the folder has this path.
pub(super) fn add_lost_records(
    found: &mut Vec<Finding>,
    history: &FolderHistory,
    subpath: &str,
    (folder, shown): (&Path, &str),
) {
    let is_there = |name: &str| folder.join(name).symlink_metadata().is_ok();
    let committed = history.contents.iter().filter_map(|(path, id)| {
        let name = path.strip_prefix(subpath)?;
        if !is_there(name) {
            return Some((path, "record-deleted", message!("record-deleted-here")));
        }
        // Whatever cannot be read is reported where the records are read.
        let bytes = std::fs::read(folder.join(name)).ok()?;
        let is_changed = git::as_committed(bytes.into(), id).is_none();
        is_changed.then(|| (path, "record-changed", message!("record-changed-here")))
    });
    let removed = history.removed.iter().filter_map(|(path, by)| {
        let how = match by {
            Some(by) => message!("record-deleted-by", commit = by.get(..12).unwrap_or(by)),
            None => message!("record-deleted-by-merge"),
        };
        let is_gone = !is_there(path.strip_prefix(subpath)?);
        is_gone.then_some((path, "record-deleted", how))
    });
    let names = committed.chain(removed).filter_map(|(path, kind, how)| {
        Some((path.strip_prefix(subpath).filter(|name| !name.contains('/'))?, kind, how))
    });
    let lost = names.map(|(name, kind, how)| {
        let file = format!("{shown}/{name}").into();
        Finding::whole_file(&file, kind, how, message!("record-deleted-help"))
    });
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    let known: HashSet<_> = errors.map(|it| it.file.clone()).collect();
    let lost: Vec<Finding> = lost.filter(|lost| !known.contains(&lost.file)).collect();
    found.extend(lost);
}

/// For how long a run waits for another one that uses the same records.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

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
        let why = message!("record-no-folder", folder = requests.folder_text());
        return Err(Failure::failed(why, message!("record-no-folder-help")));
    }
    let shown = shown_path(&folder);
    Ok((folder, shown.trim_end_matches('/').to_owned()))
}

/// Locks the records against other runs on this machine before anything is read, because a run must know
/// what the one before it has done: two at once would each make a change, or send a notice. Waits a
/// minute for the other run.
///
/// # Errors
/// If another run goes on using them, or this one is stopped; `so` says what that means.
pub(super) async fn lock_records(
    (folder, shown): (&Path, &str),
    kind: LockKind,
    stop: &Stop,
    so: impl Into<Message>,
) -> Result<FolderLock, Failure> {
    lock_folder("records", (folder, shown), kind, stop, so).await
}

/// As [`lock_records`], of any folder; `what` says what is in it.
pub(super) async fn lock_folder(
    what: &str,
    (folder, shown): (&Path, &str),
    kind: LockKind,
    stop: &Stop,
    so: impl Into<Message>,
) -> Result<FolderLock, Failure> {
    let refused = |why: Message, help: Message| Failure::failed(why, help).into_refusal(so);
    let what = &message!("record-what", what = what.replace(' ', "-"));
    let mut waited = Duration::ZERO;
    loop {
        match FolderLock::try_lock(folder, kind) {
            Ok(Some(lock)) => return Ok(lock),
            Ok(None) if stop.is_stop_requested() => return Err(Failure::interrupted()),
            Ok(None) if waited >= LONGEST_WAIT => {
                return Err(refused(
                    message!("record-locked", what),
                    message!("record-locked-help"),
                ));
            }
            Ok(None) if waited.is_zero() => {
                let seconds = LONGEST_WAIT.as_secs();
                printer::print_note(&text!("record-waits", what, shown, seconds));
            }
            Ok(None) => {}
            Err(error) => {
                let help = system_limits::help(&error);
                let help = help.unwrap_or_else(|| message!("record-unlocked-help"));
                let error = error.to_string();
                return Err(refused(message!("record-unlocked", what, shown, error), help));
            }
        }
        tokio::time::sleep(PAUSE).await;
        waited += PAUSE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn another_run_is_waited_for_a_minute() {
        let scratch = tempfile::tempdir().expect("a folder");
        let take = async |stop: &Stop| {
            let started = tokio::time::Instant::now();
            let place = (scratch.path(), "records");
            let lock = lock_records(place, LockKind::Exclusive, stop, "Nothing.").await;
            (lock, started.elapsed().as_secs())
        };
        let (first, at_once) = take(&Stop::default()).await;
        assert!(first.is_ok() && at_once == 0);
        let (refused, waited) = take(&Stop::default()).await;
        assert!(refused.is_err_and(|failure| failure.reason.in_english().contains("another run")));
        assert_eq!(waited, 60);
        let stop = Stop::default();
        stop.request_stop();
        let (stopped, waited) = take(&stop).await;
        assert!(stopped.is_err() && waited == 0);
        let stop = Stop::default();
        let (late, ()) = tokio::join!(take(&stop), async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            drop(first);
        });
        assert!(late.0.is_ok() && late.1 == 5, "{} s", late.1);
    }
}
