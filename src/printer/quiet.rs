//! Notes, hints and progress, which `-q` leaves out.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Whether notes, hints and progress are unwanted.
pub fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Shows no notes and no progress from now on.
pub fn set_quiet(is_quiet: bool) {
    IS_QUIET.store(is_quiet, Ordering::Relaxed);
}

/// A note: neither a result nor a warning, and left out if notes are unwanted. So is what comes next.
pub fn note(text: String) -> String {
    if is_quiet() { String::new() } else { text }
}
