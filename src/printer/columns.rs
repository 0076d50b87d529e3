//! How wide results and messages may be.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::wrap;

/// The columns of standard output and of standard error.
static COLUMNS: [AtomicUsize; 2] = [AtomicUsize::new(usize::MAX), AtomicUsize::new(usize::MAX)];
/// A screen is never taken for narrower than this: nobody could read it.
const NARROWEST: usize = 40;

/// Measures the terminal, if there is one. A pipe from a terminal, as to `less`, ends on it. A file and the log
/// of a job have room for any line; the variable COLUMNS, here as `asked`, says otherwise.
pub fn measure_columns(asked: Option<&str>) {
    use terminal_size::terminal_size_of;
    let asked = asked.and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let of_messages = terminal_size_of(io::stderr());
    let of_results = terminal_size_of(io::stdout()).or(of_messages.filter(|_| is_pipe()));
    let measured = [of_results, of_messages];
    for (columns, measured) in COLUMNS.iter().zip(measured) {
        let measured = measured.map(|(width, _)| usize::from(width.0));
        let known = asked.or(measured.filter(|columns| *columns > 0));
        columns
            .store(known.map_or(usize::MAX, |columns| columns.max(NARROWEST)), Ordering::Relaxed);
    }
}

/// Whether the result goes to another program; on Windows that is not known.
fn is_pipe() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        use std::os::unix::fs::FileTypeExt as _;
        let output = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
        let about = output.and_then(|output| output.metadata());
        about.is_ok_and(|about| about.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    false
}

/// The columns that a result may have.
pub fn columns() -> usize {
    COLUMNS[0].load(Ordering::Relaxed)
}

/// The columns that a message about the run may have.
pub(super) fn message_columns() -> usize {
    COLUMNS[1].load(Ordering::Relaxed)
}

/// A line of a result in lines that fit on the screen, with the line end.
pub fn fit_line(line: &str, hang: usize) -> String {
    wrap(line, columns(), hang) + "\n"
}
