//! The folder of an agency's folders to hand over: which of them no record knows, how a new one appears,
//! and what became of one whose run was killed. Knows nothing of what is in the files.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::options::ReconcileContext;
use crate::domain::agency::Agency;
use crate::domain::record::entry::HandOverFile;
use crate::domain::record::enums::Settlement;
use crate::hash::sha256;
use crate::journal::folder::{create_folder, sync_folder, sync_renamed_folder};
use crate::ops::failure::Failure;
use crate::ops::portal_session::path_beside;
use crate::text::plural;

/// The folder for what is handed over, next to the requests folder.
const FOLDER: &str = ".arkib/hand-over";
/// How the name of a folder begins until it appears.
const UNFINISHED: &str = ".unfinished-";

/// Where an agency's files are handed over.
pub(super) struct HandOverPlace {
    folder: PathBuf,
    /// How the names of the agency's folders begin.
    prefix: String,
}

impl HandOverPlace {
    /// The place of an agency; `known` are the files that records name.
    ///
    /// # Errors
    /// If there are folders that no record names: the records were lost, or cut, and the changes in those
    /// folders may be done, or someone may still do them.
    pub fn open(
        context: &ReconcileContext<'_>,
        agency: &Agency,
        known: &HashSet<&str>,
    ) -> Result<Self, Failure> {
        let options = context.options;
        let chosen = options.hand_over.clone();
        let place = Self {
            folder: chosen.unwrap_or_else(|| path_beside(&options.requests.requests, FOLDER)),
            prefix: format!("{}-", agency_slug(&agency.policy.agency)),
        };
        match place.folders_without_record(known).as_slice() {
            unknown @ [first, ..] if !options.hand_over_again => Err(Failure::refused(
                format!(
                    "{} handed over before without a record, or the record is lost; for example {first}",
                    plural(unknown.len(), "folder was", "folders were")
                ),
                "restore the records from git; use --hand-over-again only if none of these changes is done or will be done",
            )),
            _ => Ok(place),
        }
    }

    /// The name of a new folder, and of the files in it.
    pub fn new_name(&self, moment: impl std::fmt::Display, digest: &str) -> String {
        format!("{}{moment}-{digest}", self.prefix)
    }

    /// A folder, as the user names it.
    pub fn shown(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().replace('\\', "/")
    }

    /// The agency's folders that no record names, sorted.
    fn folders_without_record(&self, known: &HashSet<&str>) -> Vec<String> {
        let is_unknown = |name: &String| !known.contains(&*format!("{name}.csv"));
        let mut unknown: Vec<String> = self.names("").filter(is_unknown).collect();
        unknown.sort();
        unknown
    }

    /// The names of the agency's folders that begin so, without that.
    fn names(&self, beginning: &str) -> impl Iterator<Item = String> {
        let beginning = format!("{beginning}{}", self.prefix);
        let prefix = self.prefix.clone();
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter_map(move |entry| {
            let name = entry.file_name().into_string().ok()?;
            let rest = name.strip_prefix(&beginning)?;
            // Another agency's name may begin like this one's.
            let is_own = rest.split('-').next().is_some_and(|day| day.parse::<u32>().is_ok());
            is_own.then(|| format!("{prefix}{rest}"))
        })
    }

    /// Writes a folder with these files, which is on disk and has another name still.
    pub fn prepare(&self, name: &str, files: &[(String, Vec<u8>)]) -> io::Result<TempDir> {
        create_folder(&self.folder)?;
        if self.folder.ends_with(FOLDER) {
            // It contains addresses, and is in a work tree.
            fs::write(self.folder.join(".gitignore"), "*\n")?;
        }
        let scratch = tempfile::Builder::new()
            .prefix(&format!("{UNFINISHED}{name}"))
            .rand_bytes(0)
            .tempdir_in(&self.folder)?;
        for (name, bytes) in files {
            let mut file = File::create_new(scratch.path().join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        sync_folder(scratch.path())?;
        if self.has(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Ok(scratch)
    }

    /// Gives a folder its name.
    ///
    /// # Errors
    /// If it does not have it; or if it does, and perhaps not on disk.
    pub fn publish(&self, name: &str, scratch: TempDir) -> io::Result<()> {
        let published = self.folder.join(name);
        fs::rename(scratch.path(), &published)?;
        // It was moved, so there is nothing to clean up.
        let _ = scratch.keep();
        sync_renamed_folder(&published)
    }

    /// Whether there is a folder of that name.
    pub fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    /// What became of a file whose run was killed before it recorded that it is there, and what that says
    /// of its changes; nothing, if somebody may have taken it.
    pub fn find(&self, file: &HandOverFile) -> (Option<Settlement>, String) {
        let (name, shown) = (&*file.file, self.shown(""));
        let folder = name.strip_suffix(".csv").unwrap_or(name);
        let is_own =
            folder.starts_with(&self.prefix) && Path::new(folder).components().count() == 1;
        let place = |beginning| self.folder.join(format!("{beginning}{folder}"));
        let is_written = |bytes: Vec<u8>| sha256(&bytes) == file.sha256;
        // Its name would have gone with it.
        if is_own && place(UNFINISHED).is_dir() {
            let text = "was killed before it appeared: nothing of it was handed over";
            (Some(Settlement::NotApplied), format!("{name} is not there, and its run {text}."))
        } else if is_own && fs::read(place("").join(name)).is_ok_and(is_written) {
            let text = "was killed when it had just written it: it is handed over";
            (Some(Settlement::HandedOver), format!("{name} is in {shown}, and its run {text}."))
        } else {
            let text = "was killed when it was to appear; if nobody has it, use --hand-over-again";
            (
                None,
                format!(
                    "It is not known whether {name} was handed over: {shown} lacks it, and its run {text}."
                ),
            )
        }
    }

    /// Removes what killed runs left that never appeared, once it is on record that it did not.
    pub fn remove_leftovers(&self) {
        for name in self.names(UNFINISHED) {
            // It is in nobody's way.
            let _ = fs::remove_dir_all(self.folder.join(format!("{UNFINISHED}{name}")));
        }
    }
}

/// An agency's short name as part of a file name.
fn agency_slug(agency: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    agency.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(folder: &Path, agency: &str) -> HandOverPlace {
        HandOverPlace { folder: folder.join("to/hand-over"), prefix: format!("{agency}-") }
    }

    #[test]
    fn what_became_of_a_file_is_seen_in_the_folder() {
        let scratch = tempfile::tempdir().expect("a folder");
        let place = place(scratch.path(), "CONTOH");
        let name = place.new_name("20261125-101500-123", "3f9a1c2e");
        let csv = format!("{name}.csv");
        let file = HandOverFile { file: csv.clone(), sha256: sha256(b"rows") };
        assert_eq!(place.find(&file).0, None);
        let prepare = || place.prepare(&name, &[(csv.clone(), b"rows".to_vec())]);
        let prepared = prepare().expect("it is written");
        assert_eq!(place.find(&file).0, Some(Settlement::NotApplied));
        // Killed: it stays until a run removes it.
        let _ = prepared.keep();
        place.remove_leftovers();
        assert_eq!(place.find(&file).0, None);

        let prepared = prepare().expect("it is written");
        place.publish(&name, prepared).expect("it has its name");
        assert_eq!(place.find(&file).0, Some(Settlement::HandedOver));
        assert!(prepare().is_err(), "there is one of that name");
        place.remove_leftovers();
        assert_eq!(place.find(&file).0, Some(Settlement::HandedOver));
        let path = place.folder.join(&name).join(&csv);
        fs::write(path, "other rows").expect("it is writable");
        assert_eq!(place.find(&file).0, None, "it is another one");
    }

    #[test]
    fn agencies_with_similar_names_have_their_own_folders() {
        let scratch = tempfile::tempdir().expect("a folder");
        let [one, other] = ["A", "A-B"].map(|agency| place(scratch.path(), agency));
        let name = other.new_name("20261125-101500-123", "3f9a1c2e");
        let prepared = other.prepare(&name, &[]).expect("it is written");
        other.publish(&name, prepared).expect("it has its name");
        assert_eq!(one.names("").count(), 0);
        assert_eq!(other.names("").collect::<Vec<_>>(), [name]);
    }
}
