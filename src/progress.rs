//! The progress of a run: a bar on a terminal, and elsewhere a plain line from time to time.

use std::borrow::Cow;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::printer;
use crate::printer::text;

/// The time between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);

/// The bar that is on the terminal.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Prints a message about the run, above the bar if there is one.
pub fn print_message(text: &str) {
    let print = || printer::print_message(text);
    let bar = SHOWN.lock().ok().and_then(|shown| shown.clone());
    bar.map_or_else(print, |bar| bar.suspend(print));
}

/// The progress of one stage. Dropping it removes the bar.
pub struct Progress {
    what: Cow<'static, str>,
    bar: Option<ProgressBar>,
    last: Mutex<Instant>,
}

impl Progress {
    /// Starts a stage with a name such as "reading mailboxes".
    pub fn new(what: impl Into<Cow<'static, str>>) -> Self {
        let what = what.into();
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
                if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos} of {len}") {
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
            let what = &*self.what;
            printer::print_message(&match of {
                Some(total) => text!("outcome-progress-of", what, done, total),
                None => text!("outcome-progress", what, done),
            });
        }
    }

    /// Removes the bar.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            SHOWN.lock().ok().and_then(|mut shown| shown.take());
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
