//! Saves a plan to a file, and reads it back. The file decides nothing: the plan is made again, and
//! applied only if it is the same.

use std::path::Path;

use jiff::Timestamp;

use crate::domain::agency::Agency;
use crate::domain::plan::saved::{PlanFile, SavedAgencyPlan, SealedContents};
use crate::domain::plan::{Digest, Plan, Refusal, StaleReason, files_digest, policy_digest};
use crate::environment;
use crate::environment::read_bounded;
use crate::git;
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::output::AgencyResult;
use crate::printer;
use crate::printer::text;
use crate::private_files::{create_folder, is_stream, replace};
use crate::text::{escape, shown_path};

/// The largest plan that is read, in bytes: a quarter of a million changes.
const LARGEST: u64 = 128 << 20;
/// The most changed request files that are named.
const NAMED: usize = 5;

/// Reads a saved plan.
///
/// # Errors
/// If it cannot be read or is not a plan.
pub(super) fn read(file: &Path) -> Result<PlanFile, Failure> {
    let name = shown_path(file);
    let again = || message!("run-plan-again-help");
    let bytes = read_bounded(file, LARGEST).map_err(|error| {
        let reason = message!("run-plan-unread", name = &name, error = error.to_string());
        Failure::failed(reason, again())
    })?;
    let text = String::from_utf8(bytes).map_err(|_| message!("plan-saved-not-utf-8"));
    text.and_then(|text| PlanFile::read(&text))
        .map_err(|why| Failure::refused(message!("run-plan-not-applied", name, why), again()))
}

/// Saves the plans of a dry run to a file, completely or not at all.
///
/// # Errors
/// Why nothing was saved.
pub(super) fn write(
    file: &Path,
    source: &LoadedRequests,
    runs: &[AgencyResult],
) -> Result<(), Message> {
    let plans: Option<Vec<&Plan>> = runs.iter().map(|run| run.plan.as_ref()).collect();
    let Some(plans) = plans else {
        return Err(message!("run-plan-of-some"));
    };
    let mut refusals = plans.iter().flat_map(|plan| &plan.refusals);
    if refusals.any(Refusal::is_sign_of_loss) {
        return Err(message!("run-plan-of-loss"));
    }
    let agencies = source.loaded.agencies.iter().zip(&plans);
    let kept = PlanFile::new(SealedContents {
        made_at: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        arkib: env!("CARGO_PKG_VERSION").to_owned(),
        commit: source.clean_commit().map(str::to_owned),
        as_of: plans.first().map(|plan| plan.as_of.to_string()).unwrap_or_default(),
        agencies: agencies
            .map(|(agency, plan)| {
                SavedAgencyPlan::new(
                    plan,
                    policy_digest(&agency.policy),
                    requests_digest(source, agency),
                )
            })
            .collect(),
    });
    let folder = if is_stream(file) { None } else { file.parent() };
    folder
        .map_or(Ok(()), create_folder)
        .and_then(|()| replace(file, kept.to_text().as_bytes()))
        .map_err(|error| {
            message!("run-plan-unsaved", file = shown_path(file), error = error.to_string())
        })?;
    let name = match is_stream(file) {
        true => "FILE".to_owned(),
        false => environment::shell().quote_for_shell(&file.to_string_lossy()),
    };
    let changes: usize = plans.iter().map(|plan| plan.changes.len()).sum();
    let over = plans.iter().find(|plan| !plan.refusals.is_empty());
    let options = match over {
        None => format!("--plan {name}"),
        Some(plan) => format!("--plan {name} --accept {}", plan.digest.shortest_accepted_prefix()),
    };
    printer::print_note(&text!("plan-saved", file = shown_path(file), count = changes, options));
    match source.missing_files() {
        0 => {}
        count => printer::print_note(&text!("plan-sparse", count)),
    }
    Ok(())
}

/// The digest of an agency's request files, independent of the folder's place.
pub(super) fn requests_digest(source: &LoadedRequests, agency: &Agency) -> Digest {
    let read = &source.loaded.files;
    let paths = agency.requests.iter().map(|request| source.relative_path(&request.file));
    files_digest(paths.filter_map(|path| Some((path, read.get(path)?))))
}

/// The request files that changed since the plan was made, according to git.
pub(super) fn changed_files(source: &LoadedRequests, plan: &PlanFile) -> Vec<StaleReason> {
    let (Some(place), Some(before), Some(now)) =
        (source.repository(), &plan.sealed.commit, source.commit())
    else {
        return Vec::new();
    };
    // A manipulated commit id must not be passed to git.
    if !before.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Vec::new();
    }
    let changed = git::files_changed_between(place, before, now).unwrap_or_default();
    let count = changed.len();
    let mut stale: Vec<StaleReason> = changed
        .into_iter()
        .take(NAMED)
        .map(|(letter, path)| {
            let how = match letter {
                'A' => message!("plan-stale-file-new"),
                'D' => message!("plan-stale-file-deleted"),
                _ => message!("plan-stale-file-changed"),
            };
            StaleReason::about_subject(escape(&path).into_owned(), how)
        })
        .collect();
    if count > NAMED {
        let more = message!("plan-stale-more-files", count = count - NAMED);
        stale.push(StaleReason::about_plan(more));
    }
    stale
}
