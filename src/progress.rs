//! The progress of a run: a bar on a terminal, and elsewhere a plain line from time to time.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::language::Message;
use crate::printer;
use crate::printer::text;

/// The time between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);

/// The bar that is on the terminal.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Prints a note about the run, above the bar if there is one.
pub fn print_note(message: &Message) {
    let print = || printer::print_note(&printer::render(message));
    let bar = SHOWN.lock().ok().and_then(|shown| shown.clone());
    bar.map_or_else(print, |bar| bar.suspend(print));
}

/// The progress of one stage. Dropping it removes the bar; of a stage that was cut short, a line stays
/// that says how far it came.
pub struct Progress {
    what: String,
    bar: Option<ProgressBar>,
    last: Mutex<Instant>,
}

impl Progress {
    /// Starts a stage with a name such as "reading mailboxes".
    pub fn new(what: &Message) -> Self {
        let what = printer::render(what);
        let bar = printer::shows_progress().then(|| {
            let bar = ProgressBar::new_spinner().with_message(what.clone());
            // A bar that moves needs a thread, without which indicatif panics.
            if std::thread::Builder::new().spawn(|| ()).is_ok() {
                bar.enable_steady_tick(Duration::from_millis(120));
            }
            SHOWN.lock().ok().map(|mut shown| shown.replace(bar.clone()));
            bar
        });
        Self { what, bar, last: Mutex::new(Instant::now()) }
    }

    /// Shows how many items are done, and of how many if that is known.
    pub fn update(&self, done: usize, of: Option<usize>) {
        if let Some(bar) = &self.bar {
            if let (Some(total), None) = (of, bar.length()) {
                bar.set_length(total as u64);
                if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos} / {len}") {
                    bar.set_style(style);
                }
            }
            bar.set_position(done as u64);
            return;
        }
        let Ok(mut last) = self.last.try_lock() else {
            return;
        };
        if last.elapsed() >= PAUSE {
            *last = Instant::now();
            printer::print_note(&self.describe(done, of));
        }
    }

    /// "applying changes: 3 of 10".
    fn describe(&self, done: usize, of: Option<usize>) -> String {
        let what = &*self.what;
        match of {
            Some(total) => text!("run-progress", what, done, total),
            None => format!("{what}: {done}"),
        }
    }

    /// Removes the bar, once.
    pub fn end(&self) {
        if let Some(bar) = self.bar.as_ref().filter(|bar| !bar.is_finished()) {
            SHOWN.lock().ok().and_then(|mut shown| shown.take());
            bar.finish_and_clear();
            let number = |number| usize::try_from(number).unwrap_or(usize::MAX);
            if let Some(total) = bar.length().filter(|total| bar.position() < *total) {
                let done = number(bar.position());
                printer::print_note(&self.describe(done, Some(number(total))));
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
