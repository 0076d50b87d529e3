//! What to do if the system refuses something because one of its limits is reached: of open files, of
//! threads and processes, of the size of files.

use std::io;

use crate::language::Message;

/// What to do, if the error is about such a limit.
pub fn help(error: &io::Error) -> Option<Message> {
    let number = error.raw_os_error();
    // EMFILE and ENFILE; ERROR_TOO_MANY_OPEN_FILES.
    let many_files: &[i32] = if cfg!(windows) { &[4] } else { &[24, 23] };
    // EAGAIN of fork and of threads.
    let many_threads = if cfg!(target_os = "linux") { 11 } else { 35 };
    if number.is_some_and(|number| many_files.contains(&number)) {
        Some(match cfg!(windows) {
            true => message!("setting-concurrency-help"),
            false => message!("setting-open-files-help"),
        })
    } else if cfg!(unix) && number == Some(many_threads) {
        Some(message!("setting-threads-help"))
    } else if error.kind() == io::ErrorKind::OutOfMemory {
        Some(message!("setting-memory-help"))
    } else if error.kind() == io::ErrorKind::FileTooLarge {
        Some(message!("setting-file-size-help"))
    } else {
        None
    }
}
