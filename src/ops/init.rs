//! `arkib init`: the files of a new agency's repository: its policy, the jobs of its forge, the settings of editors. They are
//! those of `examples/`; nothing that exists is overwritten.

mod ask;
mod forge;
mod kind;
mod options;
mod place;
mod policy;
mod readme;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use forge::Forge;
pub use kind::Kind;
pub use options::Draft;
use options::Options;
use place::{check_place, folders_to_make, shown};
use policy::{check_policy, policy_text};
use readme::{README, readme_text};

use super::failure::Failure;
use super::filing::prompter::Terminal;
use crate::environment;
use crate::exit::Exit;
use crate::output::findings::render_findings;
use crate::output::json::ExitOutput;
use crate::printer;
use crate::printer::text;
use crate::private_files::{WriteOutcome, write_new};

/// The mailboxes of the development portal.
const ROSTER: &str = "portal.csv";
/// An invented export of a portal that people operate.
const EXPORT: &str = "laporan-contoh.csv";

/// Runs the command.
pub fn run(draft: Draft) -> Exit {
    match init(draft) {
        Ok((paths, notes)) => {
            printer::print_result(&paths.into_iter().map(|path| path + "\n").collect::<String>());
            notes.iter().for_each(|note| printer::print_note(note));
            Exit::Done
        }
        Err(failure) => {
            printer::print_message(render_findings(&failure.findings).trim_end());
            let ended = ExitOutput::from(failure);
            printer::print_message(&ended.to_text());
            ended.status
        }
    }
}

/// Asks for what is missing, and writes; returns the paths, as a user names them, and what there is to
/// say.
fn init(mut draft: Draft) -> Result<(Vec<String>, Vec<String>), Failure> {
    if printer::is_interactive() {
        draft = ask::ask_missing(&mut Terminal, draft)?;
    }
    let options = ask::take_complete(draft)?;
    if options.forge.is_some_and(|forge| !options.kind.has_jobs_for(forge)) {
        return Err(Failure::new(
            Exit::Usage,
            message!("init-no-shards-at-forgejo"),
            message!("init-no-shards-at-forgejo-help"),
        ));
    }
    let (paths, mut notes) = write_files(&options)?;
    notes.push(next_steps(&options));
    Ok((paths, notes))
}

/// What to do next, for each kind, in lines of a terminal.
fn next_steps(options: &Options) -> String {
    let named =
        |name: &str| environment::shell().quote_for_shell(&shown(&options.folder.join(name)));
    let mut plan = "arkib reconcile --dry-run --unmanaged".to_owned();
    if options.folder != Path::new(".") {
        plan += &format!(" --requests {}", named("requests"));
    }
    let first = match options.kind {
        Kind::Agency | Kind::Shards => message!("init-first-scim"),
        Kind::Files => {
            plan += &format!(" --portal-export {}", named(EXPORT));
            message!("init-first-files")
        }
        Kind::Trial => message!("init-first-trial"),
    };
    text!("init-next", first, plan)
}

/// Writes all files, or none.
fn write_files(options: &Options) -> Result<(Vec<String>, Vec<String>), Failure> {
    let policy = policy_text(options)?;
    check_policy(&policy)?;
    let readme = readme_text(options);
    let mut files = options.kind.files(options.forge);
    files.push(("requests/agency.yaml", &policy));
    files.push((README, &readme));
    let accounts = accounts_text(options);
    if let Some((path, text)) = &accounts {
        files.push((path, text));
    }
    files.sort_unstable();
    let place = |path: &str| options.folder.join(path);
    check_place(&options.folder, &files)?;
    let mut notes = Vec::new();
    if place(README).is_file() {
        // A forge makes one with a new repository.
        files.retain(|(path, _)| *path != README);
        notes.push(text!("init-readme-stays", file = README));
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
            Ok(WriteOutcome::Taken) => Err(io::Error::other(text!("init-just-taken"))),
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
    let why = message!("init-unwritable", path = shown(path), why);
    let reason = message!("init-nothing-written", why);
    Failure::failed(reason, message!("init-unwritable-help"))
}

/// A few mailboxes for a first plan: the roster of the development portal, or an invented export.
fn accounts_text(options: &Options) -> Option<(&'static str, String)> {
    let domain = options.domains.first().map_or("", String::as_str);
    let (path, header, disabled, enabled) = match options.kind {
        Kind::Trial => (ROSTER, "mailbox,state", "disabled", "enabled"),
        Kind::Files => (EXPORT, "Alamat E-mel,Status Arkib", "Tidak Diaktifkan", "Diaktifkan"),
        Kind::Agency | Kind::Shards => return None,
    };
    Some((path, format!("{header}\nsiti.aminah@{domain},{disabled}\nrosli@{domain},{enabled}\n")))
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
        assert!(
            failure
                .reason
                .in_english()
                .ends_with("requests/agency.yaml cannot be written: it is full.")
        );
        let left =
            fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.file_name());
        assert_eq!(left.collect::<Vec<_>>(), ["requests"]);
    }
}
