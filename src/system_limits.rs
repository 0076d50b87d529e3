//! What to do if the system refuses something because one of its limits is reached: of open files, of
//! threads and processes, of the size of files.

use std::io;

/// What to do, if the error is about such a limit.
pub fn help(error: &io::Error) -> Option<&'static str> {
    let number = error.raw_os_error();
    // EMFILE and ENFILE; ERROR_TOO_MANY_OPEN_FILES.
    let many_files: &[i32] = if cfg!(windows) { &[4] } else { &[24, 23] };
    // EAGAIN of fork and of threads.
    let many_threads = if cfg!(target_os = "linux") { 11 } else { 35 };
    if number.is_some_and(|number| many_files.contains(&number)) {
        Some(match cfg!(windows) {
            true => "use a lower --concurrency",
            false => "raise the limit of open files (`ulimit -n`), or use a lower --concurrency",
        })
    } else if cfg!(unix) && number == Some(many_threads) {
        Some("raise the limit of processes and threads (`ulimit -u`, or the pids of the container)")
    } else if error.kind() == io::ErrorKind::OutOfMemory {
        Some("give arkib more memory")
    } else if error.kind() == io::ErrorKind::FileTooLarge {
        Some("raise the limit of the size of files (`ulimit -f`)")
    } else {
        None
    }
}
