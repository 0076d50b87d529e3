//! `arkib init`: the files of a new agency's repository: its policy, the jobs of its forge, the settings of editors. They are
//! those of `examples/agency`; nothing that exists is overwritten.

mod forge;
mod place;
mod readme;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom as _, SystemRandom};

pub use forge::Forge;
use place::{check_place, folders_to_make, shown};
use readme::{README, readme_text};

use super::failure::Failure;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::{Language, PortalKind};
use crate::domain::request::file_source::FolderSnapshot;
use crate::domain::request::yaml_writer::write_scalar;
use crate::exit::Exit;
use crate::load::agency_loader::load;
use crate::load::today;
use crate::output::findings::render_findings;
use crate::printer;
use crate::private_files::{WriteOutcome, write_new};

/// Files of `examples/agency`: a path below it, and the bytes.
macro_rules! files {
    ($($path:literal),+ $(,)?) => { &[$(($path, include_str!(concat!("../../examples/agency/", $path)))),+] };
}

/// Files of every repository.
const COMMON: &[(&str, &str)] = files![
    ".arkib-version",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    "CODEOWNERS",
    "ci/setup-arkib",
    "hooks/pre-commit",
    "schemas/agency.schema.json",
    "schemas/request.schema.json",
];
const GITHUB: &[(&str, &str)] = files![
    ".github/dependabot.yml",
    ".github/workflows/apply.yml",
    ".github/workflows/check.yml",
    ".github/workflows/night.yml",
];
const GITLAB: &[(&str, &str)] = files![".gitlab-ci.yml"];

/// What a new agency is.
#[derive(Debug)]
pub struct Options {
    /// The folder of the repository.
    pub folder: PathBuf,
    /// Its short name.
    pub agency: String,
    /// Its name, as letters have it.
    pub name: String,
    /// The domains of its mailboxes.
    pub domains: Vec<String>,
    /// Who may approve.
    pub approvers: Vec<Mailbox>,
    /// The language of notices and the register.
    pub language: Language,
    /// The kind of its portal.
    pub portal: PortalKind,
    /// The forge to write jobs for; for each where none is named.
    pub forge: Option<Forge>,
}

/// Runs the command.
pub fn run(options: &Options) -> Exit {
    match init(options) {
        Ok((paths, notes)) => {
            notes.iter().for_each(|note| printer::write_message(note));
            printer::write_result(&paths.into_iter().map(|path| path + "\n").collect::<String>());
            printer::write_message(
                "Next: write the names of your teams into CODEOWNERS, and the address of arkib's archives into ARKIB_DOWNLOAD of the jobs; \
                 pin the version (`sh ci/setup-arkib --pin VERSION`); commit, and look at `arkib reconcile --dry-run`.",
            );
            Exit::Done
        }
        Err(failure) => {
            printer::write_message(render_findings(&failure.findings).trim_end());
            printer::write_message(&failure.reason);
            if let Some(help) = &failure.help {
                printer::write_message(&format!("help: {help}"));
            }
            failure.exit
        }
    }
}

/// Writes all files, or none; returns their paths, as a user names them, and what there is to say.
fn init(options: &Options) -> Result<(Vec<String>, Vec<String>), Failure> {
    let policy = policy_text(options)?;
    check_policy(&policy)?;
    let jobs = match options.forge {
        None => [GITHUB, GITLAB].concat(),
        Some(Forge::Github) => GITHUB.to_vec(),
        Some(Forge::Gitlab) => GITLAB.to_vec(),
    };
    let readme = readme_text(&options.name, options.forge);
    let policy = ("requests/agency.yaml", policy.as_str());
    let mut files = [&[policy, (README, readme.as_str())], COMMON, &jobs].concat();
    let roster = roster_text(options);
    if options.portal == PortalKind::Embedded {
        files.push(("portal.csv", &roster));
    }
    files.sort_unstable();
    let place = |path: &str| options.folder.join(path);
    let mut notes = check_place(&options.folder, &files)?;
    if place(README).is_file() {
        // A forge makes one with a new repository.
        files.retain(|(path, _)| *path != README);
        notes.push(format!("{README} stays as it is."));
    }
    let folders = folders_to_make(&options.folder, &files);
    let mut written: Vec<PathBuf> = Vec::new();
    for (path, text) in files {
        let file = place(path);
        let done = match write_new(&file, text) {
            Ok(WriteOutcome::Written) => {
                written.push(file.clone());
                if text.starts_with("#!") { make_executable(&file) } else { Ok(()) }
            }
            Ok(WriteOutcome::Taken) => Err(io::Error::other("somebody has just written it")),
            Err(error) => Err(error),
        };
        done.map_err(|error| undo(&written, &folders, &file, &error.to_string()))?;
    }
    Ok((written.iter().map(|path| shown(path)).collect(), notes))
}

/// Removes what this run wrote, and the folders that it made.
fn undo(written: &[PathBuf], folders: &[PathBuf], path: &Path, why: &str) -> Failure {
    for path in written {
        // What stays is said by the next run, which overwrites nothing.
        let _ = fs::remove_file(path);
    }
    for folder in folders {
        // One in which somebody else has put something stays.
        let _ = fs::remove_dir(folder);
    }
    Failure::failed(
        format!("Nothing was written: {} cannot be written: {why}.", shown(path)),
        "name a folder that you may write to",
    )
}

fn policy_text(options: &Options) -> Result<String, Failure> {
    let mut text =
        "# yaml-language-server: $schema=../schemas/agency.schema.json\nversion: 1\n".to_owned();
    let scalar = |text: &str| write_scalar(text, "");
    let mut line = |key: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key}: {value}");
    };
    let list =
        |items: Vec<String>| items.iter().map(|item| format!("\n  - {item}")).collect::<String>();
    line("agency", &scalar(&options.agency));
    line("name", &scalar(&options.name));
    line("domains", &list(options.domains.iter().map(|domain| scalar(domain)).collect()));
    line("repository", &new_id()?);
    line(
        "approvers",
        &list(options.approvers.iter().map(|approver| scalar(approver.as_str())).collect()),
    );
    line("language", options.language.as_str());
    line("portal", options.portal.as_str());
    line("limits", "{ terminations: 10, terminations_percent: 5, changes: 500 }");
    line("protected", "[]");
    line("provenance", "committed");
    // With one approver no request to terminate could ever have two.
    let count = options.approvers.len().min(2);
    line("approvals", &format!("{{ enable: 1, terminate: {count} }}"));
    Ok(text.replace(": \n", ":\n"))
}

/// A few mailboxes for a portal to rehearse with.
fn roster_text(options: &Options) -> String {
    let domain = options.domains.first().map_or("", String::as_str);
    format!("mailbox,state\nsiti.aminah@{domain},disabled\nrosli@{domain},enabled\n")
}

/// Scripts are run by people, too, and a hook only if it may be.
#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A random UUID (RFC 9562, version 4): what stands for this repository in signed statements.
fn new_id() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    let no_random =
        |_| Failure::failed("Nothing was written: the system gives no random numbers.", "");
    SystemRandom::new().fill(&mut bytes).map_err(no_random)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// The policy is read as every run will read it.
fn check_policy(text: &str) -> Result<(), Failure> {
    let mut folder = FolderSnapshot::new("requests".into());
    folder.insert_file("agency.yaml".to_owned(), Ok(text.as_bytes().into()));
    let findings = load(&folder, today()).findings;
    if findings.is_empty() {
        return Ok(());
    }
    let help = "give other values; each finding says what is expected";
    Err(Failure {
        findings,
        ..Failure::failed("Nothing was written: the policy would have problems.", help)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_leaves_nothing_behind_but_what_was_there() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("satu");
        fs::create_dir_all(folder.join("requests")).expect("a folder");
        let files = [("ci/setup-arkib", ""), (".github/workflows/check.yml", "")];
        let folders = folders_to_make(&folder, &files);
        let places = files.map(|(path, _)| folder.join(path));
        for place in &places {
            fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
            fs::write(place, "").expect("a file");
        }
        let failure = undo(&places, &folders, &folder.join("requests/agency.yaml"), "it is full");
        assert!(failure.reason.ends_with("requests/agency.yaml cannot be written: it is full."));
        let left =
            fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.file_name());
        assert_eq!(left.collect::<Vec<_>>(), ["requests"]);
    }
}
