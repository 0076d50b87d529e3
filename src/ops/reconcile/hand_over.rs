//! A portal that people operate: what was handed over to them before, and how more is.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use jiff::Timestamp;

use super::Context;
use super::previous_runs;
use super::previous_runs::Earlier;
use crate::domain::agency::Agency;
use crate::domain::archive::Target;
use crate::domain::calendar::local;
use crate::domain::hash::sha256;
use crate::domain::observed::{Export, Observed};
use crate::domain::plan::Plan;
use crate::domain::policy::{Policy, PortalKind};
use crate::domain::record::open::{Open, handed_over};
use crate::exit::Exit;
use crate::journal::lock::Turn;
use crate::ops::actor::who;
use crate::ops::failure::Failure;
use crate::ops::records::folder_of;
use crate::ops::session::beside;
use crate::portal::PortalHandOver;
use crate::portal::files::{Row, bulk, handover};

/// Where what is handed over is put, beside the requests folder.
const FOLDER: &str = ".arkib/hand-over";
/// The first digits of a file's SHA-256, by which it is known in the records.
const DIGITS: usize = 16;

/// The run's turn: two at once from the same records would each hand everything over. `None` where
/// nothing is handed over.
///
/// # Errors
/// Where another run on this machine has it.
pub(super) fn turn(context: &Context<'_>, agency: &Agency) -> Result<Option<Turn>, Failure> {
    let options = context.options;
    if options.dry_run || agency.policy.portal != PortalKind::Files {
        return Ok(None);
    }
    let refuse = |(why, help): (String, String)| {
        let why = format!("Refused: {why}. Nothing was changed.");
        Failure::new(Exit::Refused, why, help)
    };
    let (folder, shown) = folder_of(
        &options.requests,
        options.records.as_deref(),
        context.source,
        agency,
    )
    .map_err(refuse)?;
    match Turn::take(&folder) {
        Ok(Some(turn)) => Ok(Some(turn)),
        Ok(None) => Err(refuse((
            "another run on this machine is at work on the same records".to_owned(),
            "run arkib again when that one has ended".to_owned(),
        ))),
        Err(error) => Err(refuse((
            format!("the records in {shown} cannot be locked: {error}"),
            "mend their permissions; two runs at once must not hand over the same".to_owned(),
        ))),
    }
}

/// What the portal has, with what people were asked to do and may still do.
///
/// # Errors
/// Where the records cannot be read, or the report is older than one that was used before.
pub(super) fn add_handed_over(
    context: &Context<'_>,
    agency: &Agency,
    seen: Option<&Export>,
    observed: Observed,
) -> Result<Observed, Failure> {
    let Some(seen) = seen else {
        return Ok(observed);
    };
    let earlier = previous_runs::known(context, agency)
        .map_err(|(why, help)| Failure::new(Exit::Refused, format!("Refused: {why}."), help))?;
    check_order(seen, &earlier)?;
    let kept: Vec<Open> = earlier
        .open
        .iter()
        .filter(|open| !is_given_up(context, open))
        .cloned()
        .collect();
    Ok(observed.with_handed_over(handed_over(&kept)))
}

/// Whether what was handed over will not be done any more, on the word of whoever runs arkib.
pub(super) fn is_given_up(context: &Context<'_>, open: &Open) -> bool {
    let only = &context.options.only;
    let is_meant = only.is_empty() || only.iter().any(|it| it.as_str() == open.intent.mailbox);
    context.options.hand_over_again && open.is_handed_over && is_meant
}

/// What happened between two reports would be undone by the older one.
fn check_order(seen: &Export, earlier: &Earlier) -> Result<(), Failure> {
    let Some(newest) = earlier.newest_report() else {
        return Ok(());
    };
    let Ok(taken) = newest.taken.parse::<Timestamp>() else {
        return Ok(());
    };
    if taken <= seen.taken {
        return Ok(());
    }
    let shown = |at| local(at).strftime("%Y-%m-%d %H:%M:%S");
    Err(Failure::new(
        Exit::Refused,
        format!(
            "Refused: the report {} is of {}, and an earlier run was made of a newer one, {} of {}. Nothing was changed.",
            seen.name,
            shown(seen.taken),
            newest.name,
            shown(taken)
        ),
        "download a new report from the portal".to_owned(),
    ))
}

/// Hands changes over: a folder with the files to upload, and a page for the person who uploads one.
pub(super) struct People<'a> {
    policy: &'a Policy,
    plan: &'a Plan,
    earlier: &'a Earlier,
    /// Where what is handed over is put.
    folder: PathBuf,
    /// Its name.
    name: String,
    now: Timestamp,
    /// Whether everything that was handed over before was given up.
    gives_up_all: bool,
}

impl<'a> People<'a> {
    pub(super) fn new(
        context: &Context<'_>,
        agency: &'a Agency,
        plan: &'a Plan,
        earlier: &'a Earlier,
    ) -> Self {
        let chosen = context.options.hand_over.clone();
        let folder = chosen.unwrap_or_else(|| beside(&context.options.requests.requests, FOLDER));
        let now = Timestamp::now();
        let moment = local(now).strftime("%Y%m%d-%H%M%S-%3f");
        Self {
            policy: &agency.policy,
            plan,
            earlier,
            folder,
            name: format!(
                "{}-{moment}-{}",
                slug(&agency.policy.agency),
                plan.digest.short()
            ),
            now,
            gives_up_all: context.options.hand_over_again && context.options.only.is_empty(),
        }
    }

    /// What lies where things are handed over and no record knows: the records were lost, and what
    /// is in there may be done, or be in somebody's hands.
    pub(super) fn unknown_before(&self) -> Vec<String> {
        let is_told = |open: &Open| open.is_handed_over && open.file().is_none();
        if self.earlier.open.iter().any(is_told) {
            return Vec::new();
        }
        let known = self.earlier.handed_over_files();
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut unknown: Vec<String> = names
            .filter(|name| name.starts_with(&format!("{}-", slug(&self.policy.agency))))
            .filter(|name| !known.contains(&format!("{name}.csv")))
            .collect();
        unknown.sort();
        unknown
    }

    /// Where it lies, as the user knows it.
    fn place(&self) -> String {
        let place = self.folder.join(&self.name);
        place.to_string_lossy().replace('\\', "/")
    }

    /// What is to be done next.
    pub(super) fn next(&self) -> String {
        format!(
            "give {} to the person who operates the portal; its page says what is to be done. Then download a new report and run arkib again: that tells what was done",
            self.place()
        )
    }

    /// Every file, by its name.
    ///
    /// # Errors
    /// Why one cannot be made.
    fn files(&self, rows: &[Row<'_>]) -> Result<Vec<(String, Vec<u8>)>, String> {
        let csv = bulk::csv(rows, &self.policy.bulk).map_err(|error| error.to_string())?;
        let xlsx =
            bulk::xlsx(rows, &self.policy.bulk, self.now).map_err(|error| error.to_string())?;
        let (csv_name, xlsx_name) = (format!("{}.csv", self.name), format!("{}.xlsx", self.name));
        let (csv_digest, xlsx_digest) = (sha256(&csv), sha256(&xlsx));
        let terminate = rows
            .iter()
            .filter(|row| row.action == Target::Terminated)
            .count();
        let file = |name, sha256| handover::File {
            name,
            sha256,
            enable: rows.len() - terminate,
            terminate,
        };
        let made_by = who();
        let page = handover::HandOver {
            agency: &self.policy.name,
            made_at: self.now,
            made_by: &made_by,
            plan: &self.plan.digest.short(),
            files: vec![file(&csv_name, &csv_digest), file(&xlsx_name, &xlsx_digest)],
            terminations: rows
                .iter()
                .filter(|row| row.action == Target::Terminated)
                .map(|row| handover::Termination {
                    mailbox: row.mailbox,
                    request: row.request,
                })
                .collect(),
            earlier: self.open_before(),
            void: self.void(),
        };
        let page =
            handover::checklist(&page, self.policy.language).map_err(|error| error.to_string())?;
        Ok(vec![
            (csv_name, csv),
            (xlsx_name, xlsx),
            (format!("{}.html", self.name), page.into_bytes()),
        ])
    }

    /// The files that were handed over before and are not to be uploaded any more.
    fn void(&self) -> Vec<&str> {
        if !self.gives_up_all {
            return self.plan.void.iter().map(|name| &**name).collect();
        }
        let mut all: Vec<&str> = self.earlier.open.iter().filter_map(Open::file).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The files that were handed over before and may still be uploaded, with what of them is open,
    /// oldest first.
    fn open_before(&self) -> Vec<handover::Earlier<'_>> {
        let void = self.void();
        let mut files: Vec<handover::Earlier<'_>> = Vec::new();
        for open in self.earlier.open.iter().filter(|it| it.is_handed_over) {
            let (Ok(at), Some(name)) = (open.at.parse(), open.file()) else {
                continue;
            };
            if void.contains(&name) {
                continue;
            }
            let index = files.iter().position(|file| file.name == name);
            let index = index.unwrap_or_else(|| {
                files.push(handover::Earlier {
                    name,
                    at,
                    enable: 0,
                    terminate: 0,
                });
                files.len() - 1
            });
            match &*open.intent.action {
                "enable" => files[index].enable += 1,
                _ => files[index].terminate += 1,
            }
        }
        files
    }

    /// Puts the folder in its place, whole.
    fn put(&self, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        if self.folder.ends_with(FOLDER) {
            // It holds addresses, and lies in a work tree.
            fs::write(self.folder.join(".gitignore"), "*\n")?;
        }
        let scratch = tempfile::Builder::new()
            .prefix(".unfinished-")
            .tempdir_in(&self.folder)?;
        for (name, bytes) in files {
            let mut file = File::create_new(scratch.path().join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        let target = self.folder.join(&self.name);
        if target.exists() {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists));
        }
        fs::rename(scratch.path(), target)?;
        // It was moved; there is nothing to be cleaned up.
        let _ = scratch.keep();
        Ok(())
    }
}

impl PortalHandOver for People<'_> {
    fn unfit(&self, row: &Row<'_>) -> Option<String> {
        row.is_safe(&self.policy.bulk)
            .err()
            .map(|why| why.to_string())
    }

    fn hand_over(&self, rows: &[Row<'_>]) -> Result<String, String> {
        let files = self.files(rows)?;
        self.put(&files).map_err(|error| {
            format!("nothing can be put into {}: {error}", self.folder.display())
        })?;
        let digest = files.first().map(|(_, csv)| sha256(csv));
        let digest = &digest.unwrap_or_default()[..DIGITS];
        Ok(format!("{}.csv (SHA-256 {digest})", self.name))
    }
}

/// An agency's short name as it can stand in the name of a file.
fn slug(agency: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    agency.chars().map(plain).collect()
}
