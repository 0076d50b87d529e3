//! Records on a branch of their own (`--records-branch`): brought into a folder before the run, in which
//! the run adds its own, and pushed after it. Knows nothing of what is in them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use super::actor::{ci_actor, ci_job_url};
use super::failure::Failure;
use crate::domain::record::ENDING;
use crate::domain::request::portable_name::path_fault;
use crate::environment::secret::SecretKind;
use crate::environment::{given, read_credential_file, variable};
use crate::git;
use crate::git::{FileMode, FolderHistory, GitError, RemoteBranch, TreeEntry};
use crate::journal::lock::is_locked;
use crate::language::Message;
use crate::printer;
use crate::printer::text;
use crate::private_files::{WriteOutcome, create_folder, replace, write_new};
use crate::text::{escape, prefix_if_some, shown_path};

/// How often a push is tried again while other runs are faster. Each time one of them has pushed.
const MOST_TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Of who may read and write the branch, where git itself has no login.
static TOKEN: SecretKind = SecretKind {
    name: || message!("setting-records-token"),
    variable: "ARKIB_RECORDS_TOKEN",
    file: "ARKIB_RECORDS_TOKEN_FILE",
    is_token: true,
};

/// Keeps every system from changing a byte of a record.
const ATTRIBUTES: (&str, &str) = (".gitattributes", "* -text\n");

/// Whether this run has records that it must push at its end, also if it is interrupted.
static MUST_PUSH: AtomicBool = AtomicBool::new(false);

/// Ends a git that only reads, when a run is interrupted.
pub(super) fn stop_git() {
    if !MUST_PUSH.load(Ordering::Relaxed) {
        git::stop_git();
    }
}

/// The branch of the records, and the folder with a copy of them.
pub(super) struct RecordsBranch {
    branch: RemoteBranch,
    /// The folder of the records for this run.
    pub folder: PathBuf,
    /// The newest commit that was fetched.
    tip: Option<String>,
    /// What it has.
    known: RecordSizes,
}

/// The files on the branch, and how long each is.
type RecordSizes = HashMap<String, u64>;

impl RecordsBranch {
    /// Fetches the records, if a branch is named, into a folder that then holds the records of the run.
    ///
    /// # Errors
    /// Why no run may begin: without them it is unknown what was done.
    pub fn open(
        requests: &Path,
        name: Option<&str>,
        records: &mut Option<PathBuf>,
    ) -> Result<Option<Self>, Failure> {
        let Some(name) = name else { return Ok(None) };
        let failed = |why: Message, help: Message| {
            Failure::failed(message!("record-branch-unfetched", name = escape(name), why), help)
        };
        let token = TOKEN.find_if_given(&variable, &read_credential_file);
        let token = token.map_err(|error| failed(error.why, error.help))?;
        token.iter().for_each(printer::hide_secret);
        let branch = RemoteBranch::find(requests, name, token.as_ref());
        let by_git = |error: GitError| failed(git_message(&error), error.help());
        let branch = branch.map_err(by_git)?;
        if token.is_some() && !branch.uses_token() {
            printer::print_note(&text!("record-token-unused"));
        }
        let help = match (branch.takes_password(), &token) {
            (false, _) => message!("record-fetch-help"),
            (true, None) => message!("record-fetch-or-token-help"),
            (true, Some(_)) => message!("record-token-help"),
        };
        let unfetched = |error: GitError| match error.is_from_git() {
            true => failed(git_message(&error), help.clone()),
            false => by_git(error),
        };
        let folder = branch.folder_for_copy().map_err(unfetched)?;
        let tip = branch.fetch().map_err(unfetched)?;
        let mut opened = Self { branch, folder, tip, known: RecordSizes::new() };
        let copied = opened.copy_records();
        opened.known = copied.map_err(|why| failed(why, message!("record-copies-help")))?;
        opened.refuse_foreign_records().map_err(|(why, help)| failed(why, help))?;
        let made = create_folder(&opened.folder);
        made.map_err(|error| failed(error.to_string().into(), Message::default()))?;
        *records = Some(opened.folder.clone());
        Ok(Some(opened))
    }

    /// In CI, nothing that an earlier job left in this work folder is pushed as a record: a job of a branch may
    /// have written it. The error says what lies there, and what to do.
    fn refuse_foreign_records(&self) -> Result<(), (Message, Message)> {
        if given(&variable, "CI").is_none() {
            return Ok(());
        }
        let found = self.find_unpushed().map_err(|why| (why, Message::default()))?;
        let Some((path, _)) = found.first() else { return Ok(()) };
        let folder = shown_path(&self.folder);
        let why = message!("record-foreign", folder = folder.as_str(), path = escape(path));
        Err((why, message!("record-foreign-help", folder)))
    }

    /// From here on the run has something to push.
    pub fn begin(&self) {
        MUST_PUSH.store(true, Ordering::Relaxed);
    }

    /// Pushes what the branch lacks. If another run was faster, its records are fetched and it is tried
    /// again.
    ///
    /// # Errors
    /// Why it could not be pushed, and where it is.
    pub fn push(&mut self) -> Result<(), Message> {
        self.try_to_push().map_err(|why| {
            let branch = self.branch.describe();
            let folder = self.folder.to_string_lossy();
            message!("record-unpushed", branch = escape(&branch), why, folder = escape(&folder))
        })
    }

    fn try_to_push(&mut self) -> Result<(), Message> {
        let job = ci_job_url().map_or(String::new(), |job| format!("\n\n{job}"));
        // Without CI, the author of the commit says it.
        let by = prefix_if_some(" by ", ci_actor());
        let message = format!("Records of a run{by}{job}");
        let mut tries = 0;
        loop {
            let files = self.find_unpushed()?;
            if files.is_empty() {
                return Ok(());
            }
            let commit = self.branch.commit(self.tip.as_deref(), &files, &message);
            let refused = match commit.and_then(|commit| self.branch.push(&commit)) {
                Ok(()) => return Ok(()),
                Err(refused) => refused,
            };
            let before = self.tip.take();
            self.tip = self.branch.fetch().map_err(|error| git_message(&error))?;
            tries += 1;
            if self.tip == before || tries == MOST_TRIES {
                return Err(git_message(&refused));
            }
            self.known = self.copy_records()?;
            sleep(PAUSE);
        }
    }

    /// The history of the records, by their paths on the branch.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn history(&self) -> Result<FolderHistory, GitError> {
        let Some(tip) = &self.tip else { return Ok(FolderHistory::default()) };
        git::folder_history(&self.branch.place, tip, ENDING)
    }

    fn entries(&self) -> Result<Vec<TreeEntry>, Message> {
        let Some(tip) = &self.tip else { return Ok(Vec::new()) };
        git::list_tree(&self.branch.place, tip).map_err(|error| git_message(&error))
    }

    /// Copies the records of the branch that are not in the folder yet. A record only grows, so of two
    /// copies the longer one counts.
    fn copy_records(&self) -> Result<RecordSizes, Message> {
        let (mut known, mut found) = (RecordSizes::new(), Vec::new());
        let entries = self.entries()?;
        let ids: Vec<&str> = entries.iter().map(|entry| &*entry.id).collect();
        let sizes =
            git::blob_sizes(&self.branch.place, &ids).map_err(|error| git_message(&error))?;
        for (entry, size) in entries.iter().zip(sizes) {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            known.insert(path.clone(), size);
            if path.ends_with(ENDING) && entry.mode == FileMode::File {
                if let Some(fault) = path_fault(&path) {
                    return Err(message!("record-path", path = escape(&path), fault));
                }
                found.push((path, entry));
            }
        }
        let ids: Vec<&str> = found.iter().map(|(_, entry)| entry.id.as_str()).collect();
        let mut paths = found.iter().map(|(path, _)| self.folder.join(path));
        let copied = git::read_each_blob(&self.branch.place, &ids, &mut |content, _| {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            Ok(paths.next().map_or(Ok(()), |file| copy_record(&file, &bytes)))
        });
        let copied = copied.map_err(|error| git_message(&error))?;
        copied.into_iter().collect::<Result<(), Message>>()?;
        Ok(known)
    }

    /// The files that the branch lacks, and those of which it has only the beginning.
    fn find_unpushed(&self) -> Result<Vec<(String, Vec<u8>)>, Message> {
        let mut found = Vec::new();
        read_unpushed(&self.folder, "", &self.known, &mut found)
            .map_err(|error| Message::verbatim(error.to_string()))?;
        let (attributes, text) = ATTRIBUTES;
        if !found.is_empty() && !self.known.contains_key(attributes) {
            found.push((attributes.to_owned(), text.as_bytes().to_vec()));
        }
        Ok(found)
    }
}

/// What git said.
fn git_message(error: &GitError) -> Message {
    Message::verbatim(error.to_string())
}

fn copy_record(file: &Path, bytes: &[u8]) -> Result<(), Message> {
    let shown = || shown_path(file);
    let unwritten = |error: std::io::Error| Message::verbatim(format!("{}: {error}", shown()));
    if !file.exists()
        && let WriteOutcome::Written = write_new(file, bytes).map_err(unwritten)?
    {
        return Ok(());
    }
    let own = fs::read(file).map_err(unwritten)?;
    if own.starts_with(bytes) {
        return Ok(());
    }
    match bytes.starts_with(&own) {
        true => replace(file, bytes).map_err(unwritten),
        false => Err(message!("record-differs", file = shown())),
    }
}

/// Reads the records below a folder that are not known with that length, but for those of runs that are
/// under way.
fn read_unpushed(
    folder: &Path,
    below: &str,
    known: &RecordSizes,
    found: &mut Vec<(String, Vec<u8>)>,
) -> std::io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let Some(name) = name.to_str() else { continue };
        let path = format!("{below}{name}");
        if kind.is_dir() {
            read_unpushed(&entry.path(), &format!("{path}/"), known, found)?;
        } else if kind.is_file()
            && name.ends_with(ENDING)
            && known.get(&path) != Some(&entry.metadata()?.len())
            && !is_locked(&entry.path())
        {
            found.push((path, fs::read(entry.path())?));
        }
    }
    Ok(())
}
