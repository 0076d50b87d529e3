//! Who may read what is created, which links are followed, and what never happens to another file.

use super::*;

/// One way to write into a file.
#[cfg(unix)]
type Writer = fn(&Path) -> io::Result<()>;

#[cfg(unix)]
const WRITERS: [(&str, Writer); 4] = [
    ("create_new", |file| create_new(file).and_then(|mut file| file.write_all(b"new"))),
    ("open_to_append", |file| open_to_append(file)?.write_all(b"new")),
    ("write_new", |file| write_new(file, "new").map(drop)),
    ("replace", |file| replace(file, b"new")),
];

#[cfg(unix)]
#[test]
fn files_and_folders_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path().join("a/b");
    create_folder(&folder).expect("a folder");
    assert_eq!((mode(&folder), mode(&scratch.path().join("a"))), (0o700, 0o700));
    for (name, write) in WRITERS {
        let file = folder.join(name);
        write(&file).expect("it is written");
        assert_eq!(mode(&file), 0o600, "{name}");
    }
    let inner = folder.join("c/R-1.yaml");
    write_new(&inner, "new").expect("it is written");
    assert_eq!((mode(&inner), mode(&folder.join("c"))), (0o600, 0o700));
}

#[cfg(unix)]
#[test]
fn a_text_that_is_replaced_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("R-1.yaml");
    fs::write(&file, "old").expect("a file");
    for mode in [0o664, 0o600] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is there");
        replace_text(&file, b"new").expect("it is written");
        let now = fs::metadata(&file).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((now, fs::read(&file).expect("a file")), (mode, b"new".to_vec()));
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).expect("it is there");
    replace_secret(&file, b"new").expect("it is written");
    let now = fs::metadata(&file).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(now, 0o600);
}

/// Such as figures, which another user collects.
#[cfg(unix)]
#[test]
fn what_is_public_keeps_its_rights_and_group_and_a_new_one_may_be_read_by_all() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};

    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("arkib.prom");
    let about = || fs::metadata(&file).expect("it is there");
    replace_public(&file, b"new").expect("it is written");
    assert_eq!(about().permissions().mode() & 0o777, 0o644);
    // Only root may give it any group.
    let _ = chown(&file, None, Some(54321));
    let group = about().gid();
    for mode in [0o640, 0o600, 0o664] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is there");
        replace_public(&file, b"newer").expect("it is written");
        assert_eq!((about().permissions().mode() & 0o777, about().gid()), (mode, group));
    }
    assert_eq!(fs::read(&file).expect("a file"), b"newer");
}

#[test]
fn an_error_names_no_file_that_nobody_asked_for() {
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("nowhere/arkib.prom");
    let replaced = replace(&file, b"new");
    for error in [replaced.expect_err("no folder"), check_writable(&file).expect_err("no folder")] {
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(TEMPORARY), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_out_of_its_folder() {
    use std::os::unix::fs::symlink;

    let scratch = tempfile::tempdir().expect("a folder");
    let outside = scratch.path().join("outside");
    let folder = scratch.path().join("repository/reports");
    fs::create_dir_all(&folder).expect("a folder");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("there"), "old").expect("a file");
    for (number, (name, write)) in WRITERS.into_iter().enumerate() {
        for target in ["../../outside/there", "../../outside/new", "/dev/null", "self"] {
            let link = folder.join("self");
            symlink(target, &link).expect("a link");
            let done = write(&link);
            // What creates a file finds that its name is taken.
            assert!(done.is_err() || name == "write_new", "{name} followed {target}");
            assert!(link.is_symlink(), "{name} {target}");
            fs::remove_file(link).expect("it is there");
        }
        // In a work tree neither through a folder; elsewhere the user made it.
        let file = folder.join(format!("notices/{number}"));
        symlink("../../outside", folder.join("notices")).expect("a link");
        write(&file).expect("no commit brought that link");
        fs::remove_file(outside.join(number.to_string())).expect("it is written");
        fs::create_dir(scratch.path().join("repository/.git")).expect("a folder");
        if name != "create_new" {
            let why = write(&file).expect_err(name).to_string();
            assert!(why.contains("notices is a link that leads out of its folder"), "{why}");
        }
        let why = create_folder(file.parent().expect("a folder")).expect_err("a link");
        assert!(why.to_string().contains("is a link that leads out"), "{why}");
        fs::remove_dir(scratch.path().join("repository/.git")).expect("it is there");
        fs::remove_file(folder.join("notices")).expect("it is there");
    }
    assert_eq!(fs::read_dir(&outside).expect("a folder").count(), usize::from(cfg!(unix)));
    assert_eq!(fs::read(outside.join("there")).expect("a file"), b"old");
    // In its own folder a link stays, and the file that it names is written.
    fs::write(folder.join("plan.json"), "old").expect("a file");
    for (link, target) in [("link", "plan.json"), ("dangling", "later.json")] {
        symlink(target, folder.join(link)).expect("a link");
        replace(&folder.join(link), b"new").expect("it is written");
        assert!(folder.join(link).is_symlink());
        assert_eq!(fs::read(folder.join(target)).expect("a file"), b"new");
    }
}

#[cfg(unix)]
#[test]
fn pipes_stay_what_they_are() {
    use std::os::unix::fs::FileTypeExt as _;
    use std::time::Duration;

    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).expect("a pipe")
    });
    replace(&pipe, b"new").expect("it is written");
    assert_eq!(reader.join().expect("it is read"), b"new");
    let kind = fs::symlink_metadata(&pipe).expect("a pipe").file_type();
    assert!(kind.is_fifo());
    let unread = replace::write_with_timeout(pipe, b"new".to_vec(), Duration::from_millis(50));
    let why = unread.expect_err("no reader").to_string();
    assert!(why.starts_with("nobody reads this pipe"), "{why}");
}

#[test]
fn what_is_written_into_the_null_device_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let names: &[&str] = if cfg!(windows) { &["NUL", "nul", "/dev/null"] } else { &["/dev/null"] };
    for name in names.iter().map(Path::new) {
        assert!(is_stream(name), "{}", name.display());
        check_writable(name).expect("it takes all");
        replace(name, b"new").expect("it takes all");
        assert_eq!(fs::read(name).unwrap_or_default(), b"");
    }
    // On a disk a name that only begins so is a file's.
    let file = folder.path().join("null.csv");
    replace(&file, b"new").expect("it is written");
    assert!(!is_stream(&file));
    assert_eq!(fs::read(&file).expect("a file"), b"new");
}

#[test]
fn keeps_an_existing_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("2026/R-1.yaml");
    assert!(matches!(write_new(&file, "one"), Ok(WriteOutcome::Written)));
    assert!(matches!(write_new(&file, "two"), Ok(WriteOutcome::Taken)));
    assert_eq!(fs::read_to_string(&file).expect("the file"), "one");
    let left = fs::read_dir(folder.path().join("2026")).expect("a folder");
    assert_eq!(left.count(), 1, "something was left behind");
}

#[test]
fn only_one_of_many_writers_gets_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("R-1.yaml");
    let written = std::thread::scope(|scope| {
        let each: Vec<_> = (0..8)
            .map(|number| {
                let file = &file;
                scope.spawn(move || write_new(file, format!("{number}").repeat(50_000)))
            })
            .collect();
        each.into_iter()
            .filter_map(|thread| thread.join().ok())
            .filter(|placed| matches!(placed, Ok(WriteOutcome::Written)))
            .count()
    });
    assert_eq!(written, 1);
    let text = fs::read_to_string(&file).expect("the file");
    assert_eq!(text.len(), 50_000);
    assert!(text.bytes().all(|byte| Some(&byte) == text.as_bytes().first()));
}
