//! A terminal with a simulated user: it reads questions and types answers.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, Once};
use std::time::{Duration, Instant};

use pty_process::blocking::{self, Pty};
use tokio::signal::unix::{SignalKind, signal};

/// How long to wait for an output or the end.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Lets Ctrl-C end the child processes. A test run in the background of a script begins with SIGINT
/// ignored, and a program inherits that; a signal that is handled goes to it as by default.
fn let_ctrl_c_end_children() {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        let (ready, is_ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut signal = signal(SignalKind::interrupt()).unwrap();
                ready.send(()).unwrap();
                signal.recv().await;
            });
            // As it would end without the handler.
            std::process::abort();
        });
        is_ready.recv().unwrap();
    });
}

/// A program in a terminal.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    screen: Arc<(Mutex<Screen>, Condvar)>,
}

#[derive(Default)]
struct Screen {
    text: String,
    read: usize,
    is_closed: bool,
}

/// How many rows and columns the terminal of a clerk has.
const ROWS: u16 = 24;
const COLUMNS: u16 = 80;

impl Terminal {
    pub fn run(command: Command) -> Self {
        Self::run_sized(command, 50, 200)
    }

    /// On a terminal of the usual size, of which [`Terminal::view`] gives the screen.
    pub fn run_usual(command: Command) -> Self {
        Self::run_sized(command, ROWS, COLUMNS)
    }

    fn run_sized(command: Command, rows: u16, columns: u16) -> Self {
        let_ctrl_c_end_children();
        let (pty, pts) = blocking::open().unwrap();
        pty.resize(pty_process::Size::new(rows, columns)).unwrap();
        let child = blocking::Command::from(command).spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let screen = Arc::new((Mutex::new(Screen::default()), Condvar::new()));
        let (from, to) = (Arc::clone(&pty), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // A closed terminal ends reading with an error on some systems.
            while let Ok(count @ 1..) = (&*from).read(&mut bytes) {
                let mut screen = to.0.lock().unwrap();
                screen.text.push_str(&String::from_utf8_lossy(&bytes[..count]));
                to.1.notify_all();
            }
            to.0.lock().unwrap().is_closed = true;
            to.1.notify_all();
        });
        Self { pty, child, screen }
    }

    /// Waits until that text is shown after the last expected one.
    pub fn expect(&self, expected: &str) {
        let screen = self.screen.0.lock().unwrap();
        let waits = |screen: &mut Screen| {
            !screen.is_closed && !screen.text[screen.read..].contains(expected)
        };
        let (mut screen, _) = self.screen.1.wait_timeout_while(screen, TIMEOUT, waits).unwrap();
        let at = screen.text[screen.read..].find(expected);
        let at = at.unwrap_or_else(|| panic!("{expected:?} is not shown: {}", screen.text));
        screen.read += at + expected.len();
    }

    /// Types what a person types; a line ends with `\n`.
    pub fn type_text(&self, text: &str) {
        (&*self.pty).write_all(text.as_bytes()).unwrap();
    }

    /// Waits for a question and answers it.
    pub fn answer(&self, question: &str, answer: &str) {
        self.expect(question);
        self.type_text(&format!("{answer}\n"));
    }

    /// What a person sees once that text is shown and the question around it is drawn to its end.
    pub fn view(&self, expected: &str) -> String {
        self.expect(expected);
        self.expect("\u{1b}[?25h");
        let screen = self.screen.0.lock().unwrap();
        rendered(&screen.text[..screen.read])
    }

    /// Waits for the end; returns the status and all output.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let status = self.status();
        let screen = self.screen.0.lock().unwrap();
        let waits = |screen: &mut Screen| !screen.is_closed;
        let waited = self.screen.1.wait_timeout_while(screen, TIMEOUT, waits).unwrap();
        (status, waited.0.text.clone())
    }

    /// The status, once the program has ended; one that does not end is killed, and fails the test.
    fn status(&mut self) -> ExitStatus {
        let began = Instant::now();
        while began.elapsed() < TIMEOUT {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        panic!("it does not end: {}", self.screen.0.lock().unwrap().text)
    }
}

/// What is on a terminal of the usual size after some output.
pub fn rendered(output: &str) -> String {
    let mut terminal = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
    terminal.process(output.as_bytes());
    let rows: Vec<String> =
        terminal.screen().rows(0, COLUMNS).map(|row| row.trim_end().to_owned()).collect();
    format!("{}\n", rows.join("\n").trim_end())
}
