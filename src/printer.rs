//! The only module that prints. The result goes to standard output; messages about the run go to
//! standard error. Colours are used on a terminal if NO_COLOR is not set.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the one place")]

mod columns;
mod quiet;
mod wrap;

use std::borrow::Cow;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use crate::language::{Language, Message};
use crate::redactor::Redactor;
use columns::message_columns;

pub use columns::{columns, fit_line, measure_columns};
pub use quiet::{is_quiet, note, set_quiet};
pub use wrap::{width, wrap};

/// Whether people read Malay; else they read English.
static IS_MALAY: AtomicBool = AtomicBool::new(false);

/// Whether somebody chose that language; no unit test takes another one from a policy.
static IS_CHOSEN: AtomicBool = AtomicBool::new(cfg!(test));

/// Sets the language of everything that people read on the screen or in a comment, and whether somebody
/// chose it.
pub fn set_language(language: Language, is_chosen: bool) {
    IS_MALAY.store(language == Language::Malay, Ordering::Relaxed);
    IS_CHOSEN.store(is_chosen, Ordering::Relaxed);
}

/// From now on, where nobody chose a language, it is that of the policy.
pub fn use_policy_language(language: Language) {
    if !IS_CHOSEN.load(Ordering::Relaxed) {
        set_language(language, false);
    }
}

/// That language.
pub fn language() -> Language {
    match IS_MALAY.load(Ordering::Relaxed) {
        true => Language::Malay,
        false => Language::English,
    }
}

/// A message in the language of the screen.
pub fn render(message: &Message) -> String {
    message.render(language())
}

/// A message of the catalogues in the language of the screen; written as `message!`.
macro_rules! text {
    ($($message:tt)*) => { $crate::printer::render(&message!($($message)*)) };
}
pub(crate) use text;

/// What must never be printed.
static SECRETS: Mutex<Redactor> = Mutex::new(Redactor::new());

/// From now on, replaces this text in everything that is printed.
pub fn hide_secret(secret: &SecretString) {
    let secret = secret.expose_secret();
    // A shorter text is no secret, and to replace it would damage other words.
    if secret.len() >= 8 {
        lock_redactor().add(secret);
    }
}

/// The text without secrets, in any case.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    lock_redactor().redact(text)
}

fn lock_redactor() -> MutexGuard<'static, Redactor> {
    SECRETS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a result could not be written.
static FAILED: AtomicBool = AtomicBool::new(false);
/// Whether the run changes something and a program reads the result, which nothing else says.
static IS_NEEDED: AtomicBool = AtomicBool::new(false);

/// Prints the result. A closed pipe (`| head`) is not a failure, unless the result of a run that changes
/// something is lost with it; any other failure is reported, and [`has_write_failed`] returns true.
pub fn print_result(text: &str) {
    if let Err(error) = write_to_stdout(&without_secrets(text))
        && (error.kind() != io::ErrorKind::BrokenPipe || IS_NEEDED.load(Ordering::Relaxed))
    {
        report_unwritten(&error);
    }
}

fn report_unwritten(error: &io::Error) {
    if !has_write_failed() {
        report_write_failure(&text!("run-result-unwritten", error = error.to_string()));
    }
}

/// Shows a text on the terminal in place of what is there.
pub fn redraw(text: &str) {
    let _ = io::stdout().write_all(b"\x1b[H\x1b[2J");
    print_result(text);
}

/// Clears the terminal from the cursor on: a question that was left leaves what stood below it.
pub fn clear_below() {
    let _ = io::stderr().write_all(b"\x1b[J");
}

/// Colours that are not shown are removed first: otherwise each of them costs a system call, and a
/// large plan has tens of thousands.
fn write_to_stdout(text: &str) -> io::Result<()> {
    #[cfg(test)]
    if captured::add(text, |(output, _)| output) {
        return Ok(());
    }
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

/// Why the result of a run that is about to change something can surely not be written; it is reported.
/// Programs get everything at the end, so a line end is written for them now, which their formats allow.
pub fn find_write_failure(is_for_people: bool) -> Option<String> {
    if has_write_failed() {
        return Some("standard output failed before".to_owned());
    }
    IS_NEEDED.store(!is_for_people, Ordering::Relaxed);
    let probe = if is_for_people { "" } else { "\n" };
    let error = write_to_stdout(probe).err()?;
    report_unwritten(&error);
    Some(error.to_string())
}

/// Reports that a part of the result could not be written.
pub fn report_write_failure(text: &str) {
    FAILED.store(true, Ordering::Relaxed);
    print_message(text);
}

/// Whether a result could not be written.
pub fn has_write_failed() -> bool {
    FAILED.load(Ordering::Relaxed)
}

/// Prints a message about the run, in lines that fit.
pub fn print_message(text: &str) {
    let text = &wrap(text, message_columns(), 2);
    #[cfg(test)]
    if captured::add(&format!("{text}\n"), |(_, messages)| messages) {
        return;
    }
    let _ = writeln!(anstream::stderr(), "{}", without_secrets(text));
}

/// Standard error for the log, without secrets. Libraries decide what they log, so secrets are
/// removed here.
pub fn log_writer() -> impl io::Write {
    RedactingWriter(io::stderr())
}

/// A writer that removes secrets from each piece of text.
struct RedactingWriter<W>(W);

impl<W: io::Write> io::Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(without_secrets(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether a person can see the plan and the question, and can type an answer.
pub fn is_interactive() -> bool {
    #[cfg(test)]
    if captured::is_active() {
        return false;
    }
    io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()
}

/// Whether standard output is a terminal.
pub fn is_redrawable() -> bool {
    io::stdout().is_terminal()
}

/// Prints a note.
pub fn print_note(text: &str) {
    if !is_quiet() {
        print_message(text);
    }
}

/// Whether standard error is a terminal, where progress may be drawn.
pub fn shows_progress() -> bool {
    io::stderr().is_terminal() && !is_quiet()
}

/// Asks for confirmation, until the answer is yes or no. The end of the input is no.
pub fn confirm(question: &Message) -> bool {
    ask_yes_or_no(&text!("run-confirm", question)).unwrap_or(false)
}

/// How often a question is asked.
const MOST_TIMES: usize = 3;

/// Asks a question until the answer is yes or no; `None` at the end of the input, or after several other
/// answers. What was typed or pasted before the question is no answer to it.
pub fn ask_yes_or_no(question: &str) -> Option<bool> {
    let question = wrap(question, message_columns(), 2);
    for _ in 0..MOST_TIMES {
        discard_typed_input();
        let answer = match ask_line(&format!("{question} ")) {
            Ok(answer) => answer?,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => String::new(),
            Err(_) => return None,
        };
        match parse_yes_or_no(&answer) {
            Some(is_yes) => return Some(is_yes),
            None => print_message(&text!("run-answer-yes-or-no")),
        }
    }
    None
}

/// Drops what waits to be read from the terminal.
fn discard_typed_input() {
    #[cfg(unix)]
    if io::stdin().is_terminal() {
        use rustix::termios::{QueueSelector, tcflush};
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
    #[cfg(windows)]
    if io::stdin().is_terminal() {
        use crossterm::event::{poll, read};
        while poll(std::time::Duration::ZERO).unwrap_or(false) && read().is_ok() {}
    }
}

/// Whether an answer means yes or no, in either language whatever people read.
pub fn parse_yes_or_no(answer: &str) -> Option<bool> {
    match &*answer.trim().to_lowercase() {
        "ya" | "y" | "yes" => Some(true),
        "tidak" | "t" | "tak" | "no" | "n" => Some(false),
        _ => None,
    }
}

/// The most bytes of one typed or pasted answer.
const LONGEST_ANSWER: u64 = 64 << 10;

/// The most bytes of a line that a terminal in canonical mode returns (termios(3)). It drops the rest
/// silently.
const LONGEST_LINE: usize = if cfg!(target_os = "macos") { 1023 } else { 4095 };

/// Asks a question and returns the line with the answer; `None` at the end of the input.
///
/// # Errors
/// If the line is not UTF-8, or is too long.
pub fn ask_line(question: &str) -> io::Result<Option<String>> {
    let _ = write!(anstream::stderr(), "{}", without_secrets(question));
    let _ = io::stderr().flush();
    let mut line = Vec::new();
    let mut stdin = io::stdin().lock();
    io::Read::take(&mut stdin, LONGEST_ANSWER).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        print_message("");
        return Ok(None);
    }
    let refuse = |why: String| Err(io::Error::new(io::ErrorKind::InvalidData, why));
    if line.last() != Some(&b'\n') && line.len() as u64 == LONGEST_ANSWER {
        // The rest of the line must not answer the next question.
        stdin.skip_until(b'\n')?;
        return refuse(text!("run-answer-too-long"));
    }
    if io::stdin().is_terminal() && line.len() >= LONGEST_LINE {
        return refuse(text!("run-answer-cut"));
    }
    match String::from_utf8(line) {
        Ok(line) => Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned())),
        Err(_) => refuse(text!("run-answer-not-text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_yes_and_no() {
        for yes in ["ya", "y", "yes", " Ya ", "YES"] {
            assert_eq!(parse_yes_or_no(yes), Some(true), "{yes}");
        }
        for no in ["tidak", "t", "no", "n", " Tidak"] {
            assert_eq!(parse_yes_or_no(no), Some(false), "{no}");
        }
        for other in ["", "yas", "yes please", "0", "ok"] {
            assert_eq!(parse_yes_or_no(other), None, "{other}");
        }
    }

    #[test]
    fn hides_secrets_in_all_output() {
        hide_secret(&SecretString::from("Rahsia-4711"));
        hide_secret(&SecretString::from("pendek"));
        let mut written = Vec::new();
        let said = "a rahsia-4711 and RAHSIA-4711RAHSIA-4711, pendek\n";
        RedactingWriter(&mut written).write_all(said.as_bytes()).expect("a Vec takes all");
        assert_eq!(written, b"a [token] and [token][token], pendek\n");
    }
}

#[cfg(test)]
pub(crate) use captured::capture;

/// Keeps what a test prints.
#[cfg(test)]
mod captured {
    use std::cell::RefCell;

    /// Standard output and standard error.
    type Texts = (String, String);

    thread_local! {
        static CAPTURED: RefCell<Option<Texts>> = const { RefCell::new(None) };
    }

    /// What this thread prints meanwhile, without colours.
    pub(crate) fn capture<T>(run: impl FnOnce() -> T) -> (T, String, String) {
        CAPTURED.set(Some(Texts::default()));
        let done = run();
        let (output, messages) = CAPTURED.take().unwrap_or_default();
        (done, output, messages)
    }

    pub(super) fn is_active() -> bool {
        CAPTURED.with_borrow(Option::is_some)
    }

    /// Keeps a text, if this thread is captured.
    pub(super) fn add(text: &str, which: fn(&mut Texts) -> &mut String) -> bool {
        let plain = anstream::adapter::strip_str(text).to_string();
        CAPTURED.with_borrow_mut(|texts| match texts {
            Some(texts) => {
                which(texts).push_str(&plain);
                true
            }
            None => false,
        })
    }
}
