//! Writes the files to upload for a portal that people operate.

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use jiff::Timestamp;

use super::options::ReconcileContext;
use super::previous_runs::PreviousRuns;
use crate::domain::agency::Agency;
use crate::domain::archive_state::Target;
use crate::domain::local_time::to_local_time;
use crate::domain::plan::Plan;
use crate::domain::policy::Policy;
use crate::domain::record::open_changes::OpenChange;
use crate::hash::sha256;
use crate::ops::actor::current_user;
use crate::ops::failure::Failure;
use crate::ops::portal_session::path_beside;
use crate::portal::files::{checklist, upload_file};
use crate::portal::{PortalHandOver, UploadRow};
use crate::text::plural;

/// The folder for what is handed over, next to the requests folder.
const FOLDER: &str = ".arkib/hand-over";
/// How many digits of a file's SHA-256 the records contain.
const DIGITS: usize = 16;

/// The folder with the files to upload, and a page for the person who uploads one.
pub(super) struct HandOverFolder<'a> {
    policy: &'a Policy,
    plan: &'a Plan,
    previous: &'a PreviousRuns,
    /// The folder that contains all such folders.
    parent: PathBuf,
    /// Its name.
    name: String,
    now: Timestamp,
    /// Whether everything that was handed over before is cancelled.
    gives_up_all: bool,
}

impl<'a> HandOverFolder<'a> {
    /// A new folder, which is not written yet.
    ///
    /// # Errors
    /// If there are folders that no record names: the records were lost, and the changes in those
    /// folders may be done, or someone may still do them.
    pub fn new(
        context: &ReconcileContext<'_>,
        agency: &'a Agency,
        plan: &'a Plan,
        previous: &'a PreviousRuns,
    ) -> Result<Self, Failure> {
        let options = context.options;
        let chosen = options.hand_over.clone();
        let parent = chosen.unwrap_or_else(|| path_beside(&options.requests.requests, FOLDER));
        let now = Timestamp::now();
        let moment = to_local_time(now).strftime("%Y%m%d-%H%M%S-%3f");
        let folder = Self {
            policy: &agency.policy,
            plan,
            previous,
            parent,
            name: format!(
                "{}-{moment}-{}",
                agency_slug(&agency.policy.agency),
                plan.digest.short()
            ),
            now,
            gives_up_all: options.hand_over_again && options.only.is_empty(),
        };
        match folder.folders_without_record().as_slice() {
            unknown @ [first, ..] if !options.hand_over_again => Err(Failure::refused(
                format!(
                    "{} handed over before without a record, or the record is lost; for example {first}",
                    plural(unknown.len(), "folder was", "folders were")
                ),
                "restore the records from git; use --hand-over-again only if none of these changes is done or will be done",
            )),
            _ => Ok(folder),
        }
    }

    /// The agency's folders that no record names, sorted.
    fn folders_without_record(&self) -> Vec<String> {
        let is_unnamed = |open: &OpenChange| open.handed_over_file().is_none();
        if self.previous.handed_over().any(is_unnamed) {
            return Vec::new();
        }
        let known = self.previous.handed_over_files();
        let Ok(entries) = fs::read_dir(&self.parent) else {
            return Vec::new();
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let own = format!("{}-", agency_slug(&self.policy.agency));
        let mut unknown: Vec<String> = names
            .filter(|name| name.starts_with(&own))
            .filter(|name| !known.contains(&*format!("{name}.csv")))
            .collect();
        unknown.sort();
        unknown
    }

    /// What to do next.
    pub fn describe_next_step(&self) -> String {
        let place = self.parent.join(&self.name);
        let place = place.to_string_lossy().replace('\\', "/");
        format!(
            "give {place} to the person who operates the portal; its page says what to do. Then download a new export and run arkib again, to see what was done"
        )
    }

    /// All files with their names.
    ///
    /// # Errors
    /// If one cannot be made.
    fn build_files(&self, rows: &[UploadRow<'_>]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let csv = upload_file::write_csv(rows, &self.policy.bulk)?;
        let xlsx = upload_file::write_xlsx(rows, &self.policy.bulk, self.now)?;
        let (csv_name, xlsx_name) = (format!("{}.csv", self.name), format!("{}.xlsx", self.name));
        let (csv_digest, xlsx_digest) = (sha256(&csv), sha256(&xlsx));
        let void = self.void_files();
        let page = checklist::ChecklistContent {
            agency: &self.policy.name,
            made_at: self.now,
            made_by: &current_user(),
            plan: &self.plan.digest.short(),
            rows,
            files: vec![(&csv_name, &csv_digest), (&xlsx_name, &xlsx_digest)],
            previous: files_still_open(self.previous.handed_over(), &void),
            void,
        };
        let page = checklist::render_checklist(&page, self.policy.language)?;
        Ok(vec![
            (csv_name, csv),
            (xlsx_name, xlsx),
            (format!("{}.html", self.name), page.into_bytes()),
        ])
    }

    /// The files that were handed over before and must no longer be uploaded.
    fn void_files(&self) -> Vec<&str> {
        if !self.gives_up_all {
            return self.plan.void.iter().map(|name| &**name).collect();
        }
        let open = self.previous.open.iter();
        let mut all: Vec<&str> = open.filter_map(OpenChange::handed_over_file).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Writes the folder, complete or not at all.
    fn write_folder(&self, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        fs::create_dir_all(&self.parent)?;
        if self.parent.ends_with(FOLDER) {
            // It contains addresses, and is in a work tree.
            fs::write(self.parent.join(".gitignore"), "*\n")?;
        }
        let scratch = tempfile::Builder::new().prefix(".unfinished-").tempdir_in(&self.parent)?;
        for (name, bytes) in files {
            let mut file = File::create_new(scratch.path().join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        let target = self.parent.join(&self.name);
        if target.exists() {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists));
        }
        fs::rename(scratch.path(), target)?;
        // It was moved, so there is nothing to clean up.
        let _ = scratch.keep();
        Ok(())
    }
}

impl PortalHandOver for HandOverFolder<'_> {
    fn unfit_reason(&self, row: &UploadRow<'_>) -> Option<String> {
        row.check_safe(&self.policy.bulk).err().map(|why| why.to_string())
    }

    fn hand_over(&self, rows: &[UploadRow<'_>]) -> Result<String, String> {
        let files = self.build_files(rows).map_err(|error| error.to_string())?;
        self.write_folder(&files).map_err(|error| {
            format!("nothing can be written to {}: {error}", self.parent.display())
        })?;
        let digest = files.first().map(|(_, csv)| sha256(csv));
        let digest = &digest.unwrap_or_default()[..DIGITS];
        Ok(format!("{}.csv (SHA-256 {digest})", self.name))
    }
}

/// An agency's short name as part of a file name.
fn agency_slug(agency: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    agency.chars().map(plain).collect()
}

/// The files that were handed over before and may still be uploaded, with their open changes, in the
/// order of these; `void` are the files that may not.
fn files_still_open<'o>(
    handed_over: impl Iterator<Item = &'o OpenChange>,
    void: &[&str],
) -> Vec<checklist::PreviousHandOver<'o>> {
    let mut files: Vec<checklist::PreviousHandOver<'_>> = Vec::new();
    for open in handed_over {
        let (Ok(at), Some(name)) = (open.at.parse(), open.handed_over_file()) else {
            continue;
        };
        if void.contains(&name) {
            continue;
        }
        let index = files.iter().position(|file| file.name == name);
        let index = index.unwrap_or_else(|| {
            files.push(checklist::PreviousHandOver { name, at, enable: 0, terminate: 0 });
            files.len() - 1
        });
        match open.intent.action {
            Target::Enabled => files[index].enable += 1,
            Target::Terminated => files[index].terminate += 1,
        }
    }
    files
}
