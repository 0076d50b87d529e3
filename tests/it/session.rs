//! Runs the real program in a scratch folder, with nothing of this machine's environment.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A scratch folder in which commands run.
pub struct Session {
    folder: tempfile::TempDir,
}

impl Session {
    pub fn new() -> Self {
        let folder = match memory_folder() {
            Some(memory) => tempfile::tempdir_in(memory),
            None => tempfile::tempdir(),
        };
        Self { folder: folder.unwrap() }
    }

    /// The same files on a disk, where a file takes longer to write.
    #[cfg(unix)]
    pub fn copied_to_disk(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.path(), folder.path());
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let file = self.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The program as a command that can be extended.
    pub fn arkib(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("arkib"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_CEILING_DIRECTORIES", self.path().parent().unwrap())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.path().join("no-git-config"))
            .env("NO_COLOR", "1")
            .env("ARKIB_LANGUAGE", "en")
            .stdin(std::process::Stdio::null());
        for name in ["SystemRoot", "TEMP", "TMP", "USERNAME"] {
            // Windows cannot open a socket or a temporary file without these, nor say whose process it is.
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    /// Runs git with a fixed identity and time, so that the same commits have the same hashes.
    pub fn git(&self, arguments: &[&str]) -> String {
        let done = self.git_command(arguments).in_time();
        assert!(done.status.success(), "git {arguments:?}: {}", stderr(&done));
        stdout(&done).trim_end().to_owned()
    }

    /// git as a command that can be extended.
    pub fn git_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .args(["-c", "commit.gpgsign=false"])
            .args(QUICK_GIT)
            .args(arguments)
            .current_dir(self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.path().join("no-git-config"));
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Kerani")
                .env(format!("GIT_{role}_EMAIL"), "kerani@agensi.example")
                .env(format!("GIT_{role}_DATE"), "2026-11-23T12:00:00+08:00");
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.arkib(arguments).in_time()
    }
}

/// A folder in memory that has room for sessions and runs programs, unless `TMPDIR` says where they are to
/// be. On a disk git's many small files cost a quarter of the tests' time.
fn memory_folder() -> Option<&'static Path> {
    #[cfg(target_os = "linux")]
    if std::env::var_os("TMPDIR").is_none() {
        use rustix::fs::{StatVfsMountFlags, statvfs};
        let folder = Path::new("/dev/shm");
        let system = statvfs(folder).ok()?;
        let no_programs = system.f_flag.contains(StatVfsMountFlags::NOEXEC);
        let is_large = system.f_bavail.saturating_mul(system.f_frsize) >= 1 << 30;
        return (is_large && !no_programs).then_some(folder);
    }
    None
}

/// Without the sample hooks of a new repository, the upkeep after a commit, and waiting for the disk: a
/// scratch folder needs none of them, and they cost most of the time.
const QUICK_GIT: [&str; 6] =
    ["-c", "init.templateDir=", "-c", "maintenance.auto=false", "-c", "core.fsync=none"];

/// The time limit for a program of a test.
const LONGEST: Duration = Duration::from_secs(300);

/// Waits for a program to end, within the time limit, and returns its output.
pub trait InTime {
    fn in_time(self) -> Output;
}

impl InTime for &mut Command {
    fn in_time(self) -> Output {
        let piped = self.stdout(Stdio::piped()).stderr(Stdio::piped());
        piped.spawn().unwrap().in_time()
    }
}

impl InTime for Child {
    fn in_time(mut self) -> Output {
        let until = Instant::now() + LONGEST;
        let (stdout, stderr) = (drain(self.stdout.take()), drain(self.stderr.take()));
        let mut all = |written: Receiver<Vec<u8>>| {
            let left = until.saturating_duration_since(Instant::now());
            written.recv_timeout(left).unwrap_or_else(|_| {
                let _ = self.kill();
                panic!("a program does not end")
            })
        };
        let (stdout, stderr) = (all(stdout), all(stderr));
        let status = ended(&mut self);
        Output { status, stdout, stderr }
    }
}

/// The exit status of a program; one that exceeds the time limit is killed, and fails the test.
pub fn ended(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    while begun.elapsed() < LONGEST {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    panic!("a program does not end")
}

/// Reads a pipe until it is closed; nothing if there is none.
fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn status(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// Copies a folder's files.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// The JSON that a command printed; of agencies, what is said of each.
pub fn json(output: &Output) -> serde_json::Value {
    let parsed = serde_json::from_str(&stdout(output));
    let shown = |error| format!("{error}: {}{}", stdout(output), stderr(output));
    agencies(parsed.map_err(shown).unwrap())
}

/// What JSON says of its one agency, or of each of several, where it says nothing of all.
pub fn agencies(value: serde_json::Value) -> serde_json::Value {
    if value.as_object().is_none_or(|object| object.len() > 2) {
        return value;
    }
    match value["agencies"].as_array().map(Vec::as_slice) {
        Some([agency]) if agency.is_object() => agency.clone(),
        Some([first, ..]) if first.is_object() => value["agencies"].clone(),
        _ => value,
    }
}
