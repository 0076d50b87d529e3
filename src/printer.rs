//! The one place that prints. Standard output carries the result; standard error carries what is
//! said about the run. Colour goes where a terminal is and NO_COLOR is not set.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the one place"
)]

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Writes the result. A reader that went away (`| head`) is no error.
pub fn result(text: &str) {
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
    let _ = anstream::stdout().flush();
}

/// Says something about the run.
pub fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Whether a person sits in front of it: the answer to a question can be typed and is seen.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Whether standard error is a terminal, where progress may be drawn.
pub fn shows_progress() -> bool {
    io::stderr().is_terminal()
}

/// Asks a question that only the whole word `yes` answers.
pub fn confirm(question: &str) -> bool {
    let _ = write!(anstream::stderr(), "{question} ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    match io::stdin().lock().read_line(&mut answer) {
        Ok(_) => answer.trim() == "yes",
        Err(_) => false,
    }
}
