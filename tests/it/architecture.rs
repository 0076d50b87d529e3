//! The shape of `src/` (docs/en/ARCHITECTURE.md): which room may use which, a pure core without I/O,
//! clock and async, and no import cycles.

mod catalogues;
mod cycles;
mod rooms;
mod sentences;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use self::source::Source;

/// Every file with that extension below a folder.
pub fn files_below(path: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files_below(&entry.unwrap().path(), extension, files);
        }
    } else if extension.is_empty() || path.extension().is_some_and(|found| found == extension) {
        files.push(path.to_owned());
    }
}

/// All violations in some files.
fn faults(source: &Source) -> Vec<String> {
    [
        rooms::breaches(source),
        rooms::impurities(source),
        rooms::write_handle_uses(source),
        cycles::cycles(&source.arrows()),
    ]
    .concat()
}

#[test]
fn rooms_name_only_lower_rooms() {
    let source = Source::of_project();
    let unknown: Vec<&String> = source.files.keys().filter(|file| room_is_unknown(file)).collect();
    assert!(unknown.is_empty(), "rooms that the table lacks: {unknown:?}");
    let found = rooms::breaches(source);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn room_is_unknown(file: &str) -> bool {
    let room = rooms::room(file);
    room != "lib" && !rooms::ROOMS.iter().any(|(name, _)| *name == room)
}

#[test]
fn the_domain_is_pure() {
    let found = rooms::impurities(Source::of_project());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_apply_uses_write_handles() {
    let found = rooms::write_handle_uses(Source::of_project());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The files that name that path, without those of tests.
fn files_naming(source: &Source, path: &[&str]) -> Vec<String> {
    let names = source.files.iter().filter(|(_, file)| file.named.iter().any(|name| name == path));
    let files = names.map(|(file, _)| file.clone());
    files.filter(|file| !file.contains("tests")).collect()
}

#[test]
fn three_files_start_programs_and_two_run_git_as_its_user_does() {
    let source = Source::of_project();
    let programs = ["git/program.rs", "private_files/access.rs", "ssh_keygen.rs"];
    assert_eq!(files_naming(source, &["std", "process", "Command"]), programs);
    let user_git = ["crate", "git", "program", "UserGit"];
    let branches = ["git/new_branch.rs", "git/remote_branch.rs"];
    assert_eq!(files_naming(source, &user_git), branches);
}

#[test]
fn only_private_files_creates_files() {
    let found = rooms::other_creators(Source::of_project());
    assert!(found.is_empty(), "{}", found.join("\n"));
    for text in ["fn f() { std::fs::write(a, b); }", "use std::fs; fn f() { fs::File::create(a); }"]
    {
        let sample = [("ops/other.rs".to_owned(), text.to_owned())];
        assert_eq!(rooms::other_creators(&Source::of(sample)).len(), 1, "{text}");
    }
}

#[test]
fn files_have_no_import_cycles() {
    let source = Source::of_project();
    let found = cycles::cycles(&source.arrows());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Names in backticks that look like files or folders must exist, in `src/` or in the project.
#[test]
fn files_named_in_documents_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = 0;
    let docs = ["docs/en", "docs/ms"].into_iter().flat_map(|book| {
        let pages = fs::read_dir(root.join(book)).unwrap();
        pages.map(move |page| format!("{book}/{}", page.unwrap().file_name().to_string_lossy()))
    });
    let docs = docs.filter(|page| page.ends_with(".md"));
    let others = ["README.md", "SECURITY.md", "CONTRIBUTING.md"];
    for document in others.map(str::to_owned).into_iter().chain(docs) {
        let text = fs::read_to_string(root.join(&document)).unwrap();
        let is_about_code = document.contains("ARCHITECTURE") || document.contains("CONTRIBUTING");
        for name in text.split('`').skip(1).step_by(2) {
            // What is built is not in the repository.
            let is_built = name.starts_with("target/");
            let is_path = name.contains('/') && !name.contains(' ') && !is_built;
            if !is_about_code && !name.starts_with("src/") {
                continue;
            }
            if is_path || name.ends_with(".rs") || name.ends_with(".md") {
                named += 1;
                let is_there = root.join("src").join(name).exists() || root.join(name).exists();
                assert!(is_there, "{document} names {name}");
            }
        }
    }
    assert!(named > 40, "only {named}");
}

#[test]
fn architecture_document_shows_every_room() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/en/ARCHITECTURE.md")).unwrap();
    for (room, _) in rooms::ROOMS {
        assert!(text.contains(room), "docs/en/ARCHITECTURE.md lacks {room}");
    }
}

/// A small correct sample of files, in which `file` is added or replaced.
fn faults_in_sample(file: &str, text: &str) -> Vec<String> {
    let mut files = vec![
        ("lib.rs", "pub mod domain; pub mod ops;"),
        ("domain.rs", "pub mod plan; pub mod desired;"),
        ("domain/plan.rs", "use super::desired::Desired; pub struct Plan;"),
        ("domain/desired.rs", "use std::fmt; pub struct Desired;"),
        ("load.rs", "pub mod folder;"),
        ("load/folder.rs", "pub struct Folder; impl Folder { pub fn new() {} }"),
        ("portal.rs", "pub trait PortalReader {}"),
        ("portal/scim.rs", "use crate::domain::plan::Plan;"),
        ("ops.rs", "pub use survey::survey; mod survey;"),
        ("ops/survey.rs", "use crate::load::folder::Folder; pub fn survey() {}"),
        ("output.rs", "use crate::domain::plan::Plan;"),
    ];
    files.retain(|(name, _)| *name != file);
    files.push((file, text));
    let files = files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned()));
    faults(&Source::of(files))
}

#[test]
fn a_correct_sample_has_no_faults() {
    assert_eq!(faults_in_sample("exit.rs", "pub enum Exit {}"), [""; 0]);
}

#[test]
fn breaches_are_found() {
    for (file, text, expected) in [
        (
            "domain/desired.rs",
            "pub struct Desired; fn read() { crate::load::folder::Folder::new(); }",
            "domain/desired.rs -> load/folder.rs",
        ),
        (
            "domain/desired.rs",
            "pub struct Desired; fn read() { std::fs::read(\"x\"); }",
            "domain/desired.rs: std::fs::read",
        ),
        (
            "domain/desired.rs",
            "use std::{fmt, fs as files}; pub struct Desired; fn read() { files::read(\"x\"); }",
            "domain/desired.rs: std::fs",
        ),
        (
            "domain/desired.rs",
            "use jiff::Timestamp; pub struct Desired; fn day() { format!(\"{}\", Timestamp::now()); }",
            "domain/desired.rs: jiff::Timestamp::now",
        ),
        ("domain/desired.rs", "pub struct Desired; async fn wait() {}", "domain/desired.rs: async"),
        (
            "domain/desired.rs",
            "pub struct Desired; fn take(path: &X) -> bool { path.exists() }",
            "domain/desired.rs: exists",
        ),
        (
            "portal/scim.rs",
            "use crate::ops::survey;",
            "portal/scim.rs -> ops/survey.rs: crate::ops::survey",
        ),
        ("output.rs", "use super::portal::PortalReader;", "output.rs -> portal.rs"),
        (
            "domain/desired.rs",
            "use super::plan::Plan; pub struct Desired;",
            "a circle:\n  domain/desired.rs -> domain/plan.rs",
        ),
        (
            "domain.rs",
            "pub mod plan; mod desired; fn both(plan: plan::Plan) {} pub struct Desired;",
            "",
        ),
        (
            "ops/survey.rs",
            "use crate::apply::PortalWriter; pub fn survey() {}",
            "ops/survey.rs can write to the portal",
        ),
    ] {
        let found = faults_in_sample(file, text);
        let is_found = found.iter().any(|fault| fault.starts_with(expected));
        assert!(is_found != expected.is_empty(), "{text}: {found:#?}");
    }
}

#[test]
fn test_code_is_ignored() {
    let text = "pub struct Desired; #[cfg(test)] mod tests { use crate::load::folder::Folder; }";
    assert_eq!(faults_in_sample("domain/desired.rs", text), [""; 0]);
}
