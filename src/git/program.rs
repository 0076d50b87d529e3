//! Runs the `git` program: the only place that does.

#[cfg(test)]
mod tests;

use std::fs::Metadata;
use std::io;
use std::io::{BufRead, BufReader, Cursor, Read, Write as _};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::GitError;
use super::remote_login::RemoteLogin;
use crate::system_limits;
use crate::text::excerpt;

/// An answer of one line.
pub(super) fn trimmed_text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// A command split at its spaces, followed by arguments that may contain spaces.
pub(super) fn split_command<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    command.split(' ').chain(more.iter().copied()).collect()
}

/// How git reads: no setting of a repository or of its user runs a program, changes bytes or
/// asks another machine. Only plumbing commands are run, of which none converts files, so that no filter
/// and no attribute counts.
const READING: &str = "--no-pager -c safe.bareRepository=explicit -c core.fsmonitor=false \
    -c core.hooksPath=/dev/null -c core.attributesFile=/dev/null -c diff.external= \
    -c log.showSignature=false -c protocol.allow=never -c submodule.recurse=false";

/// The same for what has no option that all versions of git know.
const READING_VARIABLES: [(&str, &str); 8] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
    ("GIT_NO_LAZY_FETCH", "1"),
    // A replaced object would show a different history from the one that was signed.
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    // Reading must not take the index lock from someone who works in the tree.
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    // Its error messages are parsed.
    ("LC_ALL", "C"),
];

/// All that git gets of the environment when it reads: where programs, temporary files, keys and the
/// user's configuration are, which may trust a folder (safe.directory).
const KEPT: &str = "APPDATA COMSPEC GNUPGHOME HOME HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT \
    PROGRAMDATA SYSTEMDRIVE SYSTEMROOT TEMP TMP TMPDIR USERPROFILE WINDIR XDG_CONFIG_HOME";

/// How variables about git's user begin, and not about one repository.
const OF_THE_USER: &str = "GIT_AUTHOR_ GIT_COMMITTER_ GIT_CONFIG_COUNT GIT_CONFIG_GLOBAL \
    GIT_CONFIG_KEY_ GIT_CONFIG_NOSYSTEM GIT_CONFIG_SYSTEM GIT_CONFIG_VALUE_";

/// Where git looks for the objects of a push that is not accepted yet (githooks(5), pre-receive).
const QUARANTINED: [&str; 2] = ["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY"];

/// A repository that was found, in which git only reads, as if everything in it were hostile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// The top of the work tree, or the git directory where there is no work tree.
    pub top: PathBuf,
    pub is_bare: bool,
}

impl Repository {
    /// Lets git look at the folder by itself, this once: it refuses one of somebody else, unless
    /// safe.directory names it.
    pub fn check_trusted(&self) -> Result<(), GitError> {
        let mut command = reading_command(&self.top);
        // It looks nowhere else.
        command.env("GIT_CEILING_DIRECTORIES", self.top.parent().unwrap_or(&self.top));
        command.args(["-c", "safe.bareRepository=all", "rev-parse", "--git-dir"]);
        run_whole(command, &[]).map(drop)
    }

    /// The output of a git command that is given some input.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        run_whole(self.command(arguments), input)
    }

    /// As [`Repository::run`], but `take` reads the output, which may be large, piece by piece.
    pub fn run_streamed<T>(
        &self,
        arguments: &[&str],
        input: &[u8],
        take: impl FnOnce(&mut dyn BufRead) -> io::Result<T>,
    ) -> Result<T, GitError> {
        run_streamed(self.command(arguments), input, take)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = reading_command(&self.top);
        command.args(match self.is_bare {
            true => &["--git-dir=."][..],
            false => &["--git-dir=.git", "--work-tree=."],
        });
        command.args(arguments);
        command
    }
}

/// git as its user configured it, with hooks, signatures and credentials: to commit, fetch and push.
pub(super) struct UserGit<'a>(pub &'a Repository);

impl UserGit<'_> {
    pub fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        self.run_logged_in(None, arguments)
    }

    /// As [`UserGit::run`], with a token for the remote repository if there is one.
    pub fn run_logged_in(
        &self,
        login: Option<&RemoteLogin>,
        arguments: &[&str],
    ) -> Result<Vec<u8>, GitError> {
        let mut command = Command::new(program());
        for (name, _) in std::env::vars_os() {
            // On Windows names are the same in any case.
            let text = name.to_string_lossy().to_ascii_uppercase();
            if is_withheld(&text) {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").arg("-C").arg(&self.0.top);
        if let Some(login) = login {
            command.args(login.options()).envs(login.variables());
        }
        command.args(arguments);
        run_whole(command, &[])
    }
}

/// Settings that a hook or a shell made for another repository must not apply here, and no program that
/// git starts needs arkib's settings.
fn is_withheld(name: &str) -> bool {
    name.starts_with("ARKIB_") || name.starts_with("GIT_") && !is_user_variable(name)
}

/// Whether git gets a variable of the environment when it reads.
fn is_for_reading(name: &str, is_quarantined: bool) -> bool {
    KEPT.split(' ').any(|kept| kept == name)
        || name.starts_with("GIT_CONFIG_") && is_user_variable(name)
        || is_quarantined && QUARANTINED.contains(&name)
}

fn is_user_variable(name: &str) -> bool {
    OF_THE_USER.split(' ').any(|own| name.starts_with(own))
}

/// The git that `PATH` names. A program whose place is known starts without a copy of arkib's memory,
/// and an entry that is relative to the current folder, in which a branch may have put a `git`, is none.
fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        // Windows completes names and looks in no current folder.
        if cfg!(windows) {
            return PathBuf::from("git");
        }
        let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let found = folders.map(|folder| folder.join("git")).find(|file| is_program(file));
        // That it is missing is an error when it is started.
        found.unwrap_or_else(|| PathBuf::from("/git"))
    });
    &PROGRAM
}

/// Whether a file may be run.
fn is_program(file: &Path) -> bool {
    #[cfg(unix)]
    let may_run = |about: Metadata| about.permissions().mode() & 0o111 != 0;
    #[cfg(not(unix))]
    let may_run = |_: Metadata| true;
    std::fs::metadata(file).is_ok_and(|about| about.is_file() && may_run(about))
}

/// git in a folder, as it reads, in an environment built from nothing.
fn reading_command(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command.env_clear();
    // In a hook that decides whether a push is accepted, the new objects are kept separately.
    let is_quarantined = std::env::var_os("GIT_QUARANTINE_PATH").is_some();
    for (name, value) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if is_for_reading(&text, is_quarantined) {
            command.env(name, value);
        }
    }
    command.envs(READING_VARIABLES).arg("-C").arg(folder).args(READING.split(' '));
    command
}

/// The whole output of a command.
fn run_whole(command: Command, input: &[u8]) -> Result<Vec<u8>, GitError> {
    run_bounded(command, input, LONGEST_ANSWER)
}

/// The whole output of a command, of so many bytes at most.
fn run_bounded(command: Command, input: &[u8], most: u64) -> Result<Vec<u8>, GitError> {
    let mut is_too_long = false;
    let answer = run_streamed(command, input, |answer| {
        let whole = read_whole(answer, most);
        whole.inspect_err(|error| is_too_long = error.kind() == io::ErrorKind::FileTooLarge)
    });
    answer.map_err(|error| match is_too_long {
        true => GitError::new(
            format!("git lists more than {} MiB: there are too many files", most >> 20),
            "keep nothing but requests in the requests folder",
        ),
        false => error,
    })
}

fn read_whole(answer: &mut dyn BufRead, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    answer.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

/// The longest answer that is kept as a whole: the list of two million files.
const LONGEST_ANSWER: u64 = 256 << 20;

fn run_streamed<T>(
    mut command: Command,
    input: &[u8],
    take: impl FnOnce(&mut dyn BufRead) -> io::Result<T>,
) -> Result<T, GitError> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| not_started(&e))?;
    let ended = start_threads(&mut child, input.to_vec()).and_then(|(output, errors)| {
        // Dropped behind this, so that git never waits for a reader that gave up.
        let taken = take(&mut BufReader::new(output));
        Ok((taken, receive(&errors)?.unwrap_or_default()))
    });
    if ended.is_err() || is_stopped() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(GitError::from_git)?;
    if is_stopped() {
        return Err(GitError::new(STOPPED, "run arkib again"));
    }
    match ended.map_err(|error| not_started(&error))? {
        (Ok(taken), _) if status.success() => Ok(taken),
        (_, words) if is_killed(status, &words) => Err(GitError::new(
            format!("git was killed before it had answered ({status})"),
            "run arkib again; if the system killed git for lack of memory, give it more",
        )),
        (Err(error), words) if status.success() || words.is_empty() => {
            let help = "fetch the whole history with all its files: `git fetch --unshallow`, and no `--filter`";
            Err(GitError::new(format!("git says: {error}"), help))
        }
        (_, words) => Err(error_from_stderr(&words)),
    }
}

/// Whether a signal ended git, or a program on its behalf. SIGPIPE only says that the reader gave up, and
/// git reports nothing about that.
fn is_killed(status: ExitStatus, words: &[u8]) -> bool {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        const SIGPIPE: i32 = 13;
        return signal != SIGPIPE;
    }
    // Negative is what Windows says of a program that it ended, for instance one that crashed.
    words.is_empty() && matches!(status.code(), Some(129..=255 | ..0))
}

const STOPPED: &str = "the run was interrupted while git was working";

/// Why git does not run.
fn not_started(error: &io::Error) -> GitError {
    if error.kind() == io::ErrorKind::NotFound {
        let help = "install git, or add it to the PATH";
        return GitError::new("the program `git` is not on the PATH", help);
    }
    let why = format!("the program `git` cannot be started: {error}");
    let mut other = GitError::new(why, "check that `git --version` works for this user");
    system_limits::help(error).into_iter().for_each(|help| other.help = help);
    other
}

/// Whether the run was interrupted, so that nothing waits for git any longer.
static IS_STOPPED: AtomicBool = AtomicBool::new(false);

/// Ends every git that is running, and lets none answer from now on.
pub fn stop_git() {
    IS_STOPPED.store(true, Ordering::Relaxed);
}

fn is_stopped() -> bool {
    IS_STOPPED.load(Ordering::Relaxed)
}

/// How often it is checked whether the run was interrupted.
const PAUSE: Duration = Duration::from_millis(50);

/// What a thread sends next; `None` after the last.
fn receive<T>(from: &Receiver<T>) -> io::Result<Option<T>> {
    loop {
        match from.recv_timeout(PAUSE) {
            _ if is_stopped() => return Err(io::Error::other(STOPPED)),
            Ok(next) => return Ok(Some(next)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Serves all pipes at once: git answers while it still reads input, and may report errors at any time.
/// The threads are not waited for, because a program that git started may keep the pipes open.
fn start_threads(child: &mut Child, input: Vec<u8>) -> io::Result<(Output, Receiver<Vec<u8>>)> {
    let start = |work: Box<dyn FnOnce() + Send>| thread::Builder::new().spawn(work);
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    // If git ends early, it reports why.
    start(Box::new(move || drop(stdin.map(|mut stdin| stdin.write_all(&input)))))?;
    let (sender, errors) = mpsc::channel();
    start(Box::new(move || {
        let mut words = Vec::new();
        let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut words));
        let _ = sender.send(words);
    }))?;
    let (sender, chunks) = mpsc::sync_channel(4);
    start(Box::new(move || {
        let Some(mut stdout) = stdout else { return };
        loop {
            let mut bytes = Vec::with_capacity(CHUNK);
            let read = (&mut stdout).take(CHUNK as u64).read_to_end(&mut bytes);
            let is_last = !matches!(read, Ok(1..));
            if sender.send(read.map(|_| bytes)).is_err() || is_last {
                return;
            }
        }
    }))?;
    Ok((Output { chunks, now: Cursor::default() }, errors))
}

const CHUNK: usize = 1 << 16;

/// What git writes.
struct Output {
    chunks: Receiver<io::Result<Vec<u8>>>,
    now: Cursor<Vec<u8>>,
}

impl Read for Output {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.now.position() == self.now.get_ref().len() as u64 {
            self.now = Cursor::new(receive(&self.chunks)?.transpose()?.unwrap_or_default());
        }
        self.now.read(into)
    }
}

/// git's error message on one line.
fn error_from_stderr(words: &[u8]) -> GitError {
    let words = String::from_utf8_lossy(words);
    let fatal = words.lines().find(|line| line.starts_with("fatal: "));
    let line = fatal.or(words.lines().next()).unwrap_or_default();
    let line = strip_url_logins(line.trim_start_matches("fatal: "));
    GitError::from_git(excerpt(&line, 300))
}

/// A text without the logins in its URLs: a remote in the
/// configuration of a CI job often contains the job's token, and git shows it if objects of a
/// partial clone cannot be fetched.
fn strip_url_logins(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        let end = after
            .find(|character: char| character.is_whitespace() || "'\"<>".contains(character))
            .unwrap_or(after.len());
        let login = after[..end].rfind('@').map_or(0, |at| at + 1);
        clean.push_str(before);
        rest = &after[login..];
    }
    clean + rest
}
