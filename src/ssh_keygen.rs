//! Runs the `ssh-keygen` program, which signs with a key in a file, in an agent or on a hardware token:
//! the only place that does. (Signatures are verified without it.) May not know what is signed.

use std::io;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::system_limits;
use crate::text::{excerpt, one_line};

/// All that ssh-keygen gets of the environment: where programs, keys and temporary files are, how its
/// agent and token are reached, and how it asks for a passphrase.
const KEPT: &str = "APPDATA COMSPEC HOME HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT PROGRAMDATA \
    SSH_ASKPASS SSH_ASKPASS_REQUIRE SSH_AUTH_SOCK SSH_PKCS11_HELPER SSH_SK_HELPER SSH_SK_PROVIDER \
    SYSTEMDRIVE SYSTEMROOT TEMP TERM TMP TMPDIR USERPROFILE WINDIR";

/// What a window needs that asks for a passphrase. Without SSH_ASKPASS, which names the program, it is
/// left out: ssh-keygen would look for one that few systems have, and not ask on the terminal.
const KEPT_FOR_ASKPASS: &str =
    "DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_RUNTIME_DIR";

/// How long a person may look for a passphrase or a hardware key.
const PATIENCE: Duration = Duration::from_secs(180);
/// How often it is checked whether ssh-keygen has ended.
const PAUSE: Duration = Duration::from_millis(20);
/// Much longer than any signature or message.
const LONGEST_ANSWER: u64 = 1 << 20;

/// The key that signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningKey {
    /// A file with the private key, or with the public key of one that the agent holds.
    File(PathBuf),
    /// A public key as one line; the agent holds the private one.
    InAgent(String),
}

/// Why nothing was signed, as a clause, and what the user can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SigningError {
    why: String,
    /// What the user can do.
    pub help: &'static str,
}

impl SigningError {
    fn new(why: impl Into<String>, help: &'static str) -> Self {
        Self { why: why.into(), help }
    }
}

/// Signs a message for a namespace, and returns the armored signature.
///
/// # Errors
/// If ssh-keygen is not there, cannot use the key, or is not done in time.
pub fn sign(key: &SigningKey, namespace: &str, message: &[u8]) -> Result<String, SigningError> {
    let mut public_key = None;
    let (file, in_agent): (&Path, &[&str]) = match key {
        SigningKey::File(file) if !file.is_file() && !public_key_path(file).is_file() => {
            let why = format!("there is no key {}", excerpt(&file.to_string_lossy(), 200));
            return Err(SigningError::new(why, "name the file of your SSH key with --key FILE"));
        }
        SigningKey::File(file) => (file, &[]),
        SigningKey::InAgent(line) => {
            let file = public_key.insert(write_public_key_to_temp_file(line)?);
            (file.path(), &["-U"])
        }
    };
    let mut command = Command::new("ssh-keygen");
    filter_environment(&mut command);
    command.args(["-Y", "sign"]).args(in_agent).args(["-n", namespace, "-f"]).arg(file);
    let (status, answer, words) = run(command, message, PATIENCE)?;
    match String::from_utf8(answer) {
        Ok(signature) if status.success() && !signature.is_empty() => Ok(signature),
        _ => Err(error_from_stderr(status, &String::from_utf8_lossy(&words))),
    }
}

/// Where ssh-keygen looks for the public half of a key whose private one it cannot read.
fn public_key_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

/// ssh-keygen takes a public key only from a file.
fn write_public_key_to_temp_file(line: &str) -> Result<tempfile::NamedTempFile, SigningError> {
    let write = || {
        let mut file = tempfile::NamedTempFile::new()?;
        writeln!(file, "{line}")?;
        file.flush()?;
        Ok(file)
    };
    write().map_err(|error: io::Error| {
        let why = format!("a temporary file for the public key cannot be written: {error}");
        SigningError::new(why, "name a folder that can be written: TMPDIR, on Windows TEMP")
    })
}

fn filter_environment(command: &mut Command) {
    command.env_clear();
    let has_askpass = std::env::var_os("SSH_ASKPASS").is_some();
    for (name, value) in std::env::vars_os() {
        // On Windows names are the same in any case.
        let text = name.to_string_lossy().to_ascii_uppercase();
        let is_in = |list: &str| list.split(' ').any(|kept| kept == text);
        if is_in(KEPT) || has_askpass && is_in(KEPT_FOR_ASKPASS) {
            command.env(name, value);
        }
    }
}

/// Runs a program: how it ended, what it answered, and its messages.
fn run(
    mut command: Command,
    input: &[u8],
    patience: Duration,
) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), SigningError> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(&error))?;
    let input = input.to_vec();
    let stdin = child.stdin.take();
    // It reads nothing before it has the key. If it ends early, it reports why.
    thread::spawn(move || drop(stdin.map(|mut stdin| stdin.write_all(&input))));
    let answer = read_all(child.stdout.take());
    let words = read_all(child.stderr.take());
    match wait(&mut child, patience) {
        // A program that ssh-keygen started may keep the pipes open.
        Ok(Some(status)) => Ok((status, receive(&answer), receive(&words))),
        ended => {
            let _ = child.kill();
            let _ = child.wait();
            let time = format!("within {} minutes", PATIENCE.as_secs() / 60);
            let why = ended.map_or_else(|error| error.to_string(), |_| time);
            Err(SigningError::new(
                format!("ssh-keygen has not signed {why}, and was ended"),
                "run arkib again, and enter the passphrase or touch the key; if the terminal no longer shows what you type, `stty echo` helps",
            ))
        }
    }
}

fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        match child.try_wait()? {
            None if start.elapsed() < patience => thread::sleep(PAUSE),
            ended => return Ok(ended),
        }
    }
}

fn read_all(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.map(|pipe| pipe.take(LONGEST_ANSWER).read_to_end(&mut bytes));
        let _ = sender.send(bytes);
    });
    receiver
}

fn receive(from: &Receiver<Vec<u8>>) -> Vec<u8> {
    from.recv_timeout(Duration::from_secs(5)).unwrap_or_default()
}

fn not_started(error: &io::Error) -> SigningError {
    match (error.kind(), system_limits::help(error)) {
        (io::ErrorKind::NotFound, _) => SigningError::new(
            "the program `ssh-keygen` is not on the PATH",
            match cfg!(windows) {
                true => {
                    "add the optional feature OpenSSH Client in the settings of Windows, or sign elsewhere and use --signature FILE"
                }
                false => "install the OpenSSH client, or sign elsewhere and use --signature FILE",
            },
        ),
        (_, help) => SigningError::new(
            format!("the program `ssh-keygen` cannot be started: {error}"),
            help.unwrap_or("check that `ssh-keygen -?` works for this user"),
        ),
    }
}

/// Why ssh-keygen made no signature: what it says, the cause in our words, and what to do.
const CAUSES: [[&str; 3]; 7] = [
    [
        "agent refused operation",
        "the agent refused to sign",
        "confirm the signature where the agent asks for it, or touch the hardware key in time",
    ],
    [
        "incorrect passphrase",
        "the passphrase of the key is wrong, or nobody could be asked for it",
        "run arkib again in a terminal and type the passphrase, or add the key to ssh-agent with ssh-add",
    ],
    [
        "No private key found",
        "the private key is neither in the file nor in ssh-agent",
        "plug in the hardware key, or add the key to ssh-agent with ssh-add",
    ],
    [
        "Couldn't find key in agent",
        "ssh-agent does not hold the key",
        "add the key to ssh-agent with ssh-add",
    ],
    [
        "Couldn't get agent socket",
        "ssh-agent does not run, or SSH_AUTH_SOCK does not name it",
        "start ssh-agent and add the key with ssh-add, or name the file of the private key with --key FILE",
    ],
    [
        "Couldn't load public key",
        "the file is not an SSH key",
        "use the file of an SSH key, such as ~/.ssh/id_ed25519",
    ],
    ["unknown option", "this ssh-keygen is too old to sign", "install OpenSSH 8.2 or newer"],
];

/// The cause of a signature that was not made. Only where it is not known, ssh-keygen's own words are shown.
fn error_from_stderr(status: ExitStatus, words: &str) -> SigningError {
    if let Some([_, cause, help]) = CAUSES.iter().find(|[said, ..]| words.contains(said)) {
        return SigningError::new(*cause, help);
    }
    let mut lines = words.lines().filter(|line| *line != "Signing data on standard input");
    let line = lines.next().map_or_else(|| status.to_string(), one_line);
    let why = format!("ssh-keygen could not sign with the key ({})", excerpt(&line, 300));
    SigningError::new(why, "check that the key works, or use another with --key FILE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_program_that_waits_for_nobody_is_ended() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60"]);
        let start = Instant::now();
        let ended = run(command, b"x", Duration::from_millis(50));
        let why = ended.expect_err("it never answers").to_string();
        assert!(why.contains("was ended") && start.elapsed() < Duration::from_secs(30), "{why}");
    }

    #[test]
    fn a_missing_program_or_key_is_named() {
        let missing = run(Command::new("arkib-no-such-program"), b"", PATIENCE);
        assert!(missing.is_err_and(|error| error.to_string().contains("not on the PATH")));
        let file = SigningKey::File("no/such/key".into());
        let missing = sign(&file, "x", b"");
        assert!(missing.is_err_and(|error| error.to_string().contains("no/such/key")));
    }
}
