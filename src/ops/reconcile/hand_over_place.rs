//! The folder of an agency's folders to hand over: which of them no record knows, how a new one appears,
//! and what became of one whose run was killed. Knows nothing of what is in the files.
//!
//! A folder has another name until it appears, and has that before its run's record begins: where a record
//! says nothing of the file, the folder proves that it did not appear. If it is not there, the record was cut.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::options::ReconcileContext;
use crate::domain::agency::Agency;
use crate::domain::record::entry::HandOver;
use crate::domain::record::open_changes::ReservedFile;
use crate::hash::sha256;
use crate::journal::lock::{FolderLock, LockKind};
use crate::language::Message;
use crate::ops::failure::Failure;
use crate::ops::portal_session::path_beside;
use crate::ops::records_access::lock_folder;
use crate::private_files::{
    create_folder, create_new, remove_file, rename, sync_folder, sync_renamed_folder,
};
use crate::text::shown_path;

/// The folder for what is handed over, next to the requests folder.
const FOLDER: &str = ".arkib/hand-over";
/// The most mailboxes of a cut record that are named.
const SHOWN: usize = 6;
/// How the name of a folder begins until it appears.
const UNFINISHED: &str = ".unfinished-";

/// Where an agency's files are handed over.
pub(super) struct HandOverPlace {
    folder: PathBuf,
    /// How the names of the agency's folders begin.
    prefix: String,
    /// Other clones, and runs with other records, may use it, too.
    _lock: Option<FolderLock>,
}

/// What became of a file that was about to appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileFate {
    /// It did not appear.
    Absent,
    /// It is there.
    There,
    /// Somebody may have taken or changed it.
    Unclear,
}

impl HandOverPlace {
    /// The place of an agency, which no other run uses until this one ends; these are the files that records
    /// name.
    ///
    /// # Errors
    /// If another run goes on using it; if there are folders that no record names, or records that do not
    /// say what became of their files: the records were lost, or cut, and the changes in those files may be
    /// done, or someone may still do them.
    pub async fn open(
        context: &ReconcileContext<'_>,
        agency: &Agency,
        files: &[ReservedFile<'_>],
    ) -> Result<Self, Failure> {
        let options = context.options;
        let chosen = options.hand_over.clone();
        let mut place = Self {
            folder: chosen.unwrap_or_else(|| path_beside(&options.requests.requests, FOLDER)),
            prefix: format!("{}-", agency_slug(&agency.policy.agency)),
            _lock: None,
        };
        let at = (&*place.folder, &*place.shown(""));
        let so = message!("run-nothing-handed-over");
        let lock = lock_folder("hand-over folder", at, LockKind::Exclusive, context.stop, so);
        place._lock = Some(lock.await?);
        let unknown = place.folders_without_record(files);
        if let [first, ..] = &*unknown
            && !options.hand_over_again
        {
            return Err(Failure::refused(
                message!("run-folders-unknown", count = unknown.len(), first),
                message!("run-folders-unknown-help"),
            ));
        }
        // Of a cut record it is not known which mailboxes its file names.
        let cut = place.files_with_cut_record(files).next();
        match cut {
            Some(cut) if !(options.hand_over_again && options.only.is_empty()) => {
                Err(cut_record_failure(cut))
            }
            _ => Ok(place),
        }
    }

    /// The files that records say nothing of, and that may have appeared.
    pub fn files_with_cut_record<'f>(
        &self,
        files: &'f [ReservedFile<'f>],
    ) -> impl Iterator<Item = &'f ReservedFile<'f>> {
        let is_known = |file: &ReservedFile<'_>| file.is_over || file.is_announced;
        files.iter().filter(move |file| !is_known(file) && !self.is_unfinished(file.file))
    }

    /// The name of a new folder, and of the files in it.
    pub fn new_name(&self, moment: impl std::fmt::Display, digest: &str) -> String {
        format!("{}{moment}-{digest}", self.prefix)
    }

    /// A folder, as the user names it.
    pub fn shown(&self, name: &str) -> String {
        shown_path(&self.folder.join(name))
    }

    /// What to do with a folder that was handed over.
    pub fn describe_next_step(&self, name: &str) -> Message {
        let folder = self.shown(name);
        message!("run-give-folder-help", folder)
    }

    /// The agency's folders that no record names, sorted.
    fn folders_without_record(&self, files: &[ReservedFile<'_>]) -> Vec<String> {
        let announced = files.iter().filter(|file| file.is_announced);
        let known: HashSet<&str> = announced.map(|file| file.file).collect();
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

    /// Where a folder is until it appears.
    fn unfinished(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{UNFINISHED}{name}"))
    }

    /// Whether that file did not appear. Its folder's other name would have gone with it.
    pub fn is_unfinished(&self, file: &str) -> bool {
        let name = file.strip_suffix(".csv").unwrap_or(file);
        self.is_own(name) && self.unfinished(name).is_dir()
    }

    /// Whether a name from a record can be that of one of the agency's folders.
    fn is_own(&self, name: &str) -> bool {
        name.starts_with(&self.prefix) && Path::new(name).components().count() == 1
    }

    /// Makes a folder for files, which is on disk and has another name still.
    pub fn reserve(&self, name: &str) -> io::Result<()> {
        create_folder(&self.folder)?;
        if self.folder.ends_with(FOLDER) {
            self.hide_from_git()?;
        }
        if self.has(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        create_folder(&self.unfinished(name))
    }

    /// The files contain addresses, and are in a work tree. A killed run may have left half of this.
    fn hide_from_git(&self) -> io::Result<()> {
        let (file, text) = (self.folder.join(".gitignore"), b"*\n");
        if fs::read(&file).is_ok_and(|is| is == text) {
            return Ok(());
        }
        let _ = remove_file(&file);
        create_new(&file)?.write_all(text)
    }

    /// Writes these files into a folder.
    pub fn prepare(&self, name: &str, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        let folder = self.unfinished(name);
        for (name, bytes) in files {
            let mut file = create_new(&folder.join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        sync_folder(&folder)
    }

    /// Gives a folder its name.
    ///
    /// # Errors
    /// If it does not have it; or if it does, and perhaps not on disk.
    pub fn publish(&self, name: &str) -> io::Result<()> {
        let published = self.folder.join(name);
        rename(&self.unfinished(name), &published)?;
        sync_renamed_folder(&published)
    }

    /// Whether there is a folder of that name.
    pub fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    /// What became of a file whose run was killed before it recorded that it is there, also in words.
    pub fn find(&self, file: &HandOver) -> (FileFate, Message) {
        let (name, shown) = (&*file.file, self.shown(""));
        let folder = name.strip_suffix(".csv").unwrap_or(name);
        if self.is_unfinished(name) {
            return (FileFate::Absent, message!("run-file-absent", name));
        }
        let found = self.is_own(folder).then(|| fs::read(self.folder.join(folder).join(name)));
        match found {
            Some(Ok(bytes)) if sha256(&bytes) == file.sha256 => {
                (FileFate::There, message!("run-file-there", name, shown))
            }
            Some(Ok(_)) => (FileFate::Unclear, message!("run-file-changed", name, shown)),
            _ => (FileFate::Unclear, message!("run-file-lacking", name, shown)),
        }
    }

    /// Removes what never appeared of these files, whose runs are over. Other clones may use the folder, too.
    pub fn remove_leftovers(&self, over: &HashSet<String>) {
        for name in self.names(UNFINISHED).filter(|name| over.contains(&format!("{name}.csv"))) {
            // It is in nobody's way.
            let _ = fs::remove_dir_all(self.unfinished(&name));
        }
    }
}

/// The failure for a file that may have appeared after the record of its run was cut off.
fn cut_record_failure(cut: &ReservedFile<'_>) -> Failure {
    let on_record = cut.on_record.len();
    let mut shown: Vec<&str> = cut.on_record.iter().take(SHOWN).copied().collect();
    if on_record > SHOWN {
        shown.push("…");
    }
    let shown = match on_record {
        0 => message!("run-none"),
        _ => Message::verbatim(shown.join(", ")),
    };
    Failure::refused(
        message!("run-cut-record", file = cut.file, known = on_record, count = cut.changes, shown),
        message!("run-cut-record-help"),
    )
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
        let folder = folder.join("to/hand-over");
        HandOverPlace { folder, prefix: format!("{agency}-"), _lock: None }
    }

    #[test]
    fn what_became_of_a_file_is_seen_in_the_folder() {
        use FileFate::{Absent, There, Unclear};
        let scratch = tempfile::tempdir().expect("a folder");
        let place = place(scratch.path(), "CONTOH");
        let name = place.new_name("20261125-101500-123", "3f9a1c2e");
        let csv = format!("{name}.csv");
        let (void, cancelled) = (vec![], vec![]);
        let file = HandOver { file: csv.clone(), sha256: sha256(b"rows"), void, cancelled };
        assert_eq!(place.find(&file).0, Unclear);
        place.reserve(&name).expect("it is made");
        assert_eq!(place.find(&file).0, Absent);
        let files = [(csv.clone(), b"rows".to_vec())];
        place.prepare(&name, &files).expect("it is written");
        assert_eq!(place.find(&file).0, Absent);
        place.publish(&name).expect("it has its name");
        let over = HashSet::from([csv.clone()]);
        place.remove_leftovers(&over);
        assert_eq!(place.find(&file).0, There);
        assert!(place.reserve(&name).is_err(), "there is one of that name");
        fs::write(place.folder.join(&name).join(&csv), "other rows").expect("it is writable");
        let (fate, text) = place.find(&file);
        assert!(
            fate == Unclear && text.contains("was changed") && !text.contains("lacks"),
            "{text}"
        );
    }

    #[test]
    fn only_what_is_over_is_removed() {
        let scratch = tempfile::tempdir().expect("a folder");
        let place = place(scratch.path(), "CONTOH");
        let [over, open] = ["1-over", "2-open"].map(|name| place.new_name(name, "3f"));
        for name in [&over, &open] {
            place.reserve(name).expect("it is made");
            place.prepare(name, &[("a.csv".to_owned(), vec![])]).expect("it is written");
        }
        place.remove_leftovers(&HashSet::from([format!("{over}.csv")]));
        assert_eq!(place.names(UNFINISHED).collect::<Vec<_>>(), [open]);
    }

    #[test]
    fn agencies_with_similar_names_have_their_own_folders() {
        let scratch = tempfile::tempdir().expect("a folder");
        let [one, other] = ["A", "A-B"].map(|agency| place(scratch.path(), agency));
        let name = other.new_name("20261125-101500-123", "3f9a1c2e");
        other.reserve(&name).expect("it is made");
        other.publish(&name).expect("it has its name");
        assert_eq!(one.names("").count(), 0);
        assert_eq!(other.names("").collect::<Vec<_>>(), [name]);
    }
}
