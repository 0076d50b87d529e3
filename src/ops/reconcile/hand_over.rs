//! Writes the files to upload for a portal that people operate.

#[cfg(test)]
mod tests;

use std::io;

use jiff::Timestamp;

use super::hand_over_place::HandOverPlace;
use super::options::ReconcileContext;
use super::previous_runs::PreviousRuns;
use crate::apply::Outcome;
use crate::domain::agency::Agency;
use crate::domain::archive_state::Target;
use crate::domain::local_time::to_local_time;
use crate::domain::plan::Plan;
use crate::domain::policy::Policy;
use crate::domain::record::entry::HandOver;
use crate::domain::record::open_changes::OpenChange;
use crate::hash::sha256;
use crate::language::Message;
use crate::ops::actor::current_user;
use crate::portal::files::upload_file::UploadFileError;
use crate::portal::files::{checklist, upload_file};
use crate::portal::{PortalHandOver, UploadRow};

/// How many digits of a file's SHA-256 are shown.
const DIGITS: usize = 16;

/// The folder with the files to upload, and a page for the person who uploads one.
pub(super) struct HandOverFolder<'a> {
    policy: &'a Policy,
    plan: &'a Plan,
    previous: &'a PreviousRuns,
    place: &'a HandOverPlace,
    /// Its name.
    name: String,
    /// Why it cannot be made, if it cannot.
    unwritable: Option<Message>,
    now: Timestamp,
    /// Who runs arkib. Without a name the record refuses the run.
    made_by: String,
    /// Whether everything that was handed over before is cancelled.
    gives_up_all: bool,
}

impl<'a> HandOverFolder<'a> {
    /// A new folder, which is not written yet.
    pub fn new(
        context: &ReconcileContext<'_>,
        agency: &'a Agency,
        plan: &'a Plan,
        previous: &'a PreviousRuns,
        place: &'a HandOverPlace,
    ) -> Self {
        let now = Timestamp::now();
        let moment = to_local_time(now).strftime("%Y%m%d-%H%M%S-%3f");
        let options = context.options;
        let name = place.new_name(moment, &plan.digest.short());
        let error = place.reserve(&name).err();
        let why = |error: io::Error| {
            let place = place.shown("");
            message!("outcome-no-hand-over", place, error = error.to_string())
        };
        Self {
            policy: &agency.policy,
            plan,
            previous,
            place,
            name,
            unwritable: error.map(why),
            now,
            made_by: current_user(context.source).unwrap_or_default(),
            gives_up_all: options.hand_over_again && options.only.is_empty(),
        }
    }

    /// The file with all changes, if it can be written.
    pub fn file(&self) -> Option<String> {
        self.unwritable.is_none().then(|| format!("{}.csv", self.name))
    }

    /// What to do next.
    pub fn describe_next_step(&self) -> Message {
        self.place.describe_next_step(&self.name)
    }

    /// All files with their names.
    ///
    /// # Errors
    /// If one cannot be made.
    fn build_files(
        &self,
        rows: &[UploadRow<'_>],
    ) -> Result<Vec<(String, Vec<u8>)>, UploadFileError> {
        let csv = upload_file::write_csv(rows, &self.policy.bulk)?;
        let xlsx = upload_file::write_xlsx(rows, &self.policy.bulk, self.now)?;
        let (csv_name, xlsx_name) = (format!("{}.csv", self.name), format!("{}.xlsx", self.name));
        let (csv_digest, xlsx_digest) = (sha256(&csv), sha256(&xlsx));
        let void = self.void_files();
        let page = checklist::ChecklistContent {
            agency: &self.policy.name,
            made_at: self.now,
            made_by: &self.made_by,
            plan: &self.plan.digest.short(),
            rows,
            files: vec![(&csv_name, &csv_digest), (&xlsx_name, &xlsx_digest)],
            previous: files_still_open(self.previous.handed_over(), &void),
            void: void.iter().map(|name| &**name).collect(),
        };
        let page = checklist::render_checklist(&page, self.policy.language)
            .map_err(|error| UploadFileError::Writing(error.to_string()))?;
        Ok(vec![
            (csv_name, csv),
            (xlsx_name, xlsx),
            (format!("{}.html", self.name), page.into_bytes()),
        ])
    }

    /// The files that were handed over before and must no longer be uploaded.
    fn void_files(&self) -> Vec<String> {
        if !self.gives_up_all {
            return self.plan.void.iter().map(ToString::to_string).collect();
        }
        let open = self.previous.open.iter();
        let files = self.previous.reserved_files();
        let cut = self.place.files_with_cut_record(&files).map(|file| file.file.to_owned());
        let open = open.filter_map(OpenChange::handed_over_file).map(str::to_owned);
        let mut all: Vec<String> = open.chain(cut).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl PortalHandOver for HandOverFolder<'_> {
    fn unfit_reason(&self, row: &UploadRow<'_>) -> Option<Message> {
        row.check_safe(&self.policy.bulk).err().map(|why| why.message())
    }

    fn prepare(&self, rows: &[UploadRow<'_>]) -> Result<HandOver, Message> {
        if let Some(why) = &self.unwritable {
            return Err(why.clone());
        }
        let files = self.build_files(rows).map_err(|error| error.message())?;
        self.place.prepare(&self.name, &files).map_err(|error| {
            message!(
                "outcome-no-hand-over",
                place = self.place.shown(""),
                error = error.to_string()
            )
        })?;
        let sha256 = files.first().map(|(_, csv)| sha256(csv)).unwrap_or_default();
        let void = self.void_files();
        let cancelled = if self.gives_up_all { void.clone() } else { Vec::new() };
        Ok(HandOver { file: format!("{}.csv", self.name), sha256, void, cancelled })
    }

    fn publish(&self, HandOver { file, sha256, .. }: &HandOver) -> Outcome {
        let published = self.place.publish(&self.name);
        let why = |error: io::Error| {
            let place = self.place.shown("");
            message!("outcome-not-published", file, place, error = error.to_string())
        };
        match published.map_err(why) {
            Ok(()) => {
                let digest = sha256.get(..DIGITS).unwrap_or_default();
                Outcome::HandedOver { file: format!("{file} (SHA-256 {digest})") }
            }
            Err(why) if self.place.has(&self.name) => Outcome::Unknown { why },
            Err(why) => Outcome::Failed { why },
        }
    }
}

/// The files that were handed over before and may still be uploaded, with their open changes, in the
/// order of these; `void` are the files that may not.
fn files_still_open<'o>(
    handed_over: impl Iterator<Item = &'o OpenChange>,
    void: &[String],
) -> Vec<checklist::PreviousHandOver<'o>> {
    let mut files: Vec<checklist::PreviousHandOver<'_>> = Vec::new();
    for open in handed_over {
        let (Ok(at), Some(name)) = (open.at.parse(), open.handed_over_file()) else {
            continue;
        };
        if void.iter().any(|file| file == name) {
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
