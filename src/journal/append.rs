//! Writes the record of one run: each line is on disk before the step that it announces starts.

#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::lock::LivenessLock;
use crate::domain::record::ENDING;
use crate::domain::record::chain::{RunRecord, head_hashes};
use crate::domain::record::entry::{Event, RecordLine};

/// The record of a run that is under way. One thread writes; what is waiting is written and
/// synced at once, so that many changes under way cost few syncs.
pub struct Journal {
    sender: mpsc::Sender<PendingEvent>,
    thread: JoinHandle<()>,
    file: PathBuf,
    _lock: LivenessLock,
}

/// How long a line waits for others where there are many: as much as a few syncs take, and less than
/// the portal takes for the changes that were recorded before.
const LINGER: Duration = Duration::from_millis(1);

struct PendingEvent {
    event: Event,
    /// The caller that waits for it, if any.
    done: Option<oneshot::Sender<io::Result<()>>>,
}

impl Journal {
    /// Begins the record of a run on what has that short digest, after the runs before it, with its
    /// first event.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn start(
        folder: &Path,
        digest: &str,
        previous_runs: &[RunRecord],
        first: Event,
    ) -> io::Result<Self> {
        // Machines may give the same number to processes that begin at once.
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ");
        let name = format!("{now}-{digest}-{:x}{ENDING}", std::process::id());
        let is_new = !folder.exists();
        fs::create_dir_all(folder)?;
        if let (true, Some(parent)) = (is_new, folder.parent().filter(|parent| parent.is_dir())) {
            sync_folder(parent)?;
        }
        let lock = LivenessLock::begin(&name)?;
        let path = folder.join(name);
        let mut options = OpenOptions::new();
        let mut writer = RecordWriter {
            file: options.append(true).create_new(true).open(&path)?,
            seq: 0,
            prev: head_hashes(previous_runs),
            failed: None,
        };
        let begun = writer.write(vec![first], true).and_then(|()| sync_folder(folder));
        let (sender, receiver) = mpsc::channel();
        let work = move || run_writer(&mut writer, &receiver);
        match begun.and_then(|()| std::thread::Builder::new().spawn(work)) {
            Ok(thread) => Ok(Self { sender, thread, file: path, _lock: lock }),
            Err(error) => {
                // Nothing was done, so there is nothing to record.
                let _ = fs::remove_file(&path);
                Err(error)
            }
        }
    }

    /// Writes the last event, and closes the record once all is written. Gives its file as the user
    /// knows it, and why the record is not whole, where it is not.
    pub async fn end(self, last: Event) -> (String, io::Result<()>) {
        let written = self.write(last).await;
        drop(self.sender);
        let _ = self.thread.join();
        (self.file.to_string_lossy().replace('\\', "/"), written)
    }

    /// Writes an event; it is on disk when this ends.
    ///
    /// # Errors
    /// Where it cannot be written, or an earlier one could not.
    pub async fn write(&self, event: Event) -> io::Result<()> {
        let (done, written) = oneshot::channel();
        let gone = || io::Error::other("the record is closed");
        let done = Some(done);
        self.sender.send(PendingEvent { event, done }).map_err(|_| gone())?;
        written.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Hands over an event that nothing waits for. It stands before all that is written later; if
    /// it cannot be written, neither can they, and they say why.
    pub fn write_later(&self, event: Event) {
        // Where the thread is gone, so is what would be written later.
        let _ = self.sender.send(PendingEvent { event, done: None });
    }
}

fn run_writer(writer: &mut RecordWriter, jobs: &mpsc::Receiver<PendingEvent>) {
    let mut had_others = false;
    while let Ok(first) = jobs.recv() {
        if had_others {
            std::thread::sleep(LINGER);
        }
        let mut waiting = vec![first];
        waiting.extend(jobs.try_iter());
        let (events, done): (Vec<Event>, Vec<_>) =
            waiting.into_iter().map(|job| (job.event, job.done)).unzip();
        let awaited = done.iter().flatten().count();
        had_others = awaited > 1;
        let written = writer.write(events, awaited > 0);
        for done in done.into_iter().flatten() {
            let answer = written
                .as_ref()
                .copied()
                .map_err(|error| io::Error::new(error.kind(), error.to_string()));
            // The caller may have stopped waiting.
            let _ = done.send(answer);
        }
    }
}

struct RecordWriter {
    file: File,
    seq: u64,
    prev: Vec<String>,
    /// After a failure it is not known what is on disk, so nothing more is written.
    failed: Option<String>,
}

impl RecordWriter {
    /// Writes events, and waits for the disk where somebody waits for them. What nobody waits for is
    /// safe from the end of this process at once, and from that of the machine at the next sync.
    fn write(&mut self, events: Vec<Event>, is_awaited: bool) -> io::Result<()> {
        if let Some(why) = &self.failed {
            let why = format!("an earlier line could not be written: {why}");
            return Err(io::Error::other(why));
        }
        let mut text = String::new();
        for event in events {
            let at = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
            let line = RecordLine::new(self.seq, at, std::mem::take(&mut self.prev), event);
            self.prev = vec![line.hash.clone()];
            self.seq += 1;
            text.push_str(&line.to_text());
        }
        let mut written = self.file.write_all(text.as_bytes());
        if is_awaited {
            written = written.and_then(|()| self.file.sync_data());
        }
        self.failed = written.as_ref().err().map(ToString::to_string);
        written
    }
}

/// The name of a new file is on disk only when its folder is. On Windows the file's own sync covers its
/// name.
///
/// # Errors
/// Where the folder cannot be synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}
