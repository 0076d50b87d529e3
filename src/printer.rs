//! The one place that prints. Standard output carries the result; standard error carries what is
//! said about the run. Colour goes where a terminal is and NO_COLOR is not set.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the one place"
)]

use std::borrow::Cow;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use crate::secret::Redactor;

/// What must never be printed.
static SECRETS: Mutex<Redactor> = Mutex::new(Redactor::new());

/// From now on this text is replaced wherever it would be printed, whoever echoes it.
pub fn never_print(secret: &SecretString) {
    let secret = secret.expose_secret();
    // A shorter one is no secret, and would tear words apart.
    if secret.len() >= 8 {
        secrets().add(secret);
    }
}

/// The text without secrets, in any case.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    secrets().redact(text)
}

fn secrets() -> MutexGuard<'static, Redactor> {
    SECRETS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a result could not be written.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Writes the result. A reader that went away (`| head`) has what it wanted; any other failure is
/// said, and [`has_failed`] tells of it.
pub fn result(text: &str) {
    if let Err(error) = write_whole(&without_secrets(text))
        && error.kind() != io::ErrorKind::BrokenPipe
        && !FAILED.swap(true, Ordering::Relaxed)
    {
        say(&format!("The result cannot be written: {error}"));
    }
}

/// Where nobody sees colours they are taken out first: as they pass, each would cost a call of the
/// system, and a large plan has tens of thousands.
fn write_whole(text: &str) -> io::Result<()> {
    let stdout = io::stdout();
    if anstream::AutoStream::choice(&stdout) == anstream::ColorChoice::Never {
        let plain = anstream::adapter::strip_str(text).to_string();
        let mut stdout = stdout.lock();
        stdout.write_all(plain.as_bytes())?;
        return stdout.flush();
    }
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Says that a part of the result could not be written.
pub fn fail(text: &str) {
    FAILED.store(true, Ordering::Relaxed);
    say(text);
}

/// Whether a result could not be written, so that nobody has seen it.
pub fn has_failed() -> bool {
    FAILED.load(Ordering::Relaxed)
}

/// Says something about the run.
pub fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{}", without_secrets(text));
}

/// Standard error for the log, line by line, without secrets: what libraries log is their affair, but
/// where it goes is arkib's.
pub fn log() -> impl io::Write {
    WithoutSecrets(io::stderr())
}

/// Passes on whole pieces of text without secrets.
struct WithoutSecrets<W>(W);

impl<W: io::Write> io::Write for WithoutSecrets<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(without_secrets(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether a person sits in front of it: plan and question are seen, and an answer can be typed.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()
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
        Ok(0) | Err(_) => {
            // Nothing was typed, not even a line end.
            say("");
            false
        }
        Ok(_) => answer.trim() == "yes",
    }
}

/// The most bytes of one answer: what is typed or pasted in a line.
const LONGEST_ANSWER: u64 = 64 << 10;

/// The most bytes of a line that a terminal hands over while it is edited (termios(3), canonical mode).
/// What is more it drops without a word.
const LONGEST_LINE: usize = if cfg!(target_os = "macos") {
    1023
} else {
    4095
};

/// Asks a question and gives the line that answers it; `None` where the input has ended.
///
/// # Errors
/// Where the line is no text (UTF-8), or longer than anybody types.
pub fn ask(question: &str) -> io::Result<Option<String>> {
    let _ = write!(anstream::stderr(), "{}", without_secrets(question));
    let _ = io::stderr().flush();
    let mut line = Vec::new();
    let mut stdin = io::stdin().lock();
    io::Read::take(&mut stdin, LONGEST_ANSWER).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        say("");
        return Ok(None);
    }
    let refuse = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidData, why));
    if line.last() != Some(&b'\n') && line.len() as u64 == LONGEST_ANSWER {
        // The rest of it is no answer to the next question.
        stdin.skip_until(b'\n')?;
        return refuse("the answer is too long");
    }
    if io::stdin().is_terminal() && line.len() >= LONGEST_LINE {
        return refuse(
            "the line is as long as the terminal takes, so its end may be missing; give it in parts",
        );
    }
    match String::from_utf8(line) {
        Ok(line) => Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned())),
        Err(_) => refuse("the answer is not UTF-8 text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_nowhere_whoever_repeats_it() {
        never_print(&SecretString::from("Rahsia-4711"));
        never_print(&SecretString::from("pendek"));
        let mut written = Vec::new();
        let said = "a rahsia-4711 and RAHSIA-4711RAHSIA-4711, pendek\n";
        WithoutSecrets(&mut written)
            .write_all(said.as_bytes())
            .expect("a Vec takes all");
        assert_eq!(written, b"a [token] and [token][token], pendek\n");
    }
}
