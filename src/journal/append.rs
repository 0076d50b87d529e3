//! Writes the record of one run: each line is on disk before the step that it announces starts.

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::record_file::RecordFile;
use crate::domain::record::ENDING;
use crate::domain::record::chain::{RunRecord, head_hashes};
use crate::domain::record::entry::{Event, RecordLine};
use crate::language::Message;
use crate::private_files::create_folder;
use crate::text::shown_path;

/// The record of a run that is under way. One thread writes; what is waiting is written and
/// synced at once, so that many changes under way cost few syncs.
pub struct Journal {
    sender: mpsc::Sender<PendingEvent>,
    thread: JoinHandle<RecordFile>,
    file: PathBuf,
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
        create_folder(folder)?;
        let path = folder.join(name);
        let mut chain = LineChain { seq: 0, prev: head_hashes(previous_runs) };
        let file = RecordFile::create(path.clone(), &chain.next_line(first))?;
        let (sender, receiver) = mpsc::channel();
        let work = move || run_writer(chain, file, &receiver);
        match std::thread::Builder::new().spawn(work) {
            Ok(thread) => Ok(Self { sender, thread, file: path }),
            Err(error) => {
                // Nothing was done, so there is nothing to record.
                let _ = std::fs::remove_file(&path);
                Err(error)
            }
        }
    }

    /// Writes the last event, and closes the record once all is written. Gives its file as the user
    /// knows it, and why the record is not whole, where it is not.
    pub async fn end(self, last: Event) -> (String, Result<(), Message>) {
        // The file itself knows whether it is whole.
        let _ = self.write(last).await;
        drop(self.sender);
        let closed = match self.thread.join() {
            Ok(file) => file.close(),
            Err(_) => Err(message!("record-writer-failed")),
        };
        (shown_path(&self.file), closed)
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

/// Writes events until there are no more senders. What nobody waits for is safe from the end of this
/// process at once, and from that of the machine at the next sync.
fn run_writer(
    mut chain: LineChain,
    mut file: RecordFile,
    jobs: &mpsc::Receiver<PendingEvent>,
) -> RecordFile {
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
        let text: String = events.into_iter().map(|event| chain.next_line(event)).collect();
        let written = file.append(&text, awaited > 0);
        for done in done.into_iter().flatten() {
            let answer = written
                .as_ref()
                .copied()
                .map_err(|error| io::Error::new(error.kind(), error.to_string()));
            // The caller may have stopped waiting.
            let _ = done.send(answer);
        }
    }
    file
}

/// Where the next line of a record is in its chain.
struct LineChain {
    seq: u64,
    prev: Vec<String>,
}

impl LineChain {
    fn next_line(&mut self, event: Event) -> String {
        let at = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let line = RecordLine::new(self.seq, at, std::mem::take(&mut self.prev), event);
        self.prev = vec![line.hash.clone()];
        self.seq += 1;
        line.to_text()
    }
}
