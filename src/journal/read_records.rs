//! Reads the records of an agency from disk.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::lock::is_locked;
use crate::domain::record::chain::{RunRecord, TORN};
use crate::domain::record::{ENDING, chain};
use crate::finding::Finding;
use crate::language::Message;

/// The folder of the records, beside an agency's policy.
pub const FOLDER: &str = "records";
/// The largest record that is read, in bytes: a run of a quarter of a million changes.
const LARGEST: u64 = 256 << 20;
/// In so many bytes is the first line of a record.
const BEGINNING: u64 = 1 << 20;

/// Every record in a folder, sorted by name, which begins with the time; none where the folder is
/// not there. A record that a run wrote beside it, because its own was lost, has a finding.
///
/// # Errors
/// Where something in it cannot be read.
pub fn read(folder: &Path, shown: &str) -> io::Result<Vec<RunRecord>> {
    let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        entries => {
            entries?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?
        }
    };
    files.retain(|file| file.to_string_lossy().ends_with(ENDING));
    files.sort();
    let runs = files.iter().map(|file| read_record(file, shown, LARGEST));
    runs.chain(find_rescued_records(folder, shown).into_iter().map(Ok)).collect()
}

/// The whole records of runs whose own were lost while they ran, which wait to be moved into the folder.
fn find_rescued_records(folder: &Path, shown: &str) -> Vec<RunRecord> {
    let (beside, _) = shown.rsplit_once('/').unwrap_or((".", shown));
    let entries = folder.parent().and_then(|beside| fs::read_dir(beside).ok());
    let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
    let names = names.filter_map(|name| name.into_string().ok());
    let mut names: Vec<String> = names.filter(|name| parse_record_time(name).is_some()).collect();
    names.sort();
    let record = |name: String| {
        let file: Arc<str> = format!("{beside}/{name}").into();
        let what = message!("record-lost");
        let help = message!("record-lost-help", shown, name);
        untrusted_record(&file, "record-not-in-its-place", what, help)
    };
    names.into_iter().map(record).collect()
}

/// When a record was begun, by its name; `None` if it is no record's name.
fn parse_record_time(name: &str) -> Option<Timestamp> {
    let time = name.get(..15).filter(|_| name.ends_with(ENDING))?;
    let time = DateTime::strptime("%Y%m%dT%H%M%S", time).ok()?;
    Offset::UTC.to_timestamp(time).ok()
}

/// The name of the newest record in a folder, and when it was begun. What only has the name of a record
/// says nothing.
pub fn newest(folder: &Path) -> Option<(String, Timestamp)> {
    let names = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut begun: Vec<(Timestamp, String)> =
        names.filter_map(|name| Some((parse_record_time(&name)?, name))).collect();
    begun.sort_unstable();
    let has_lines = |name: &str| {
        let record = read_record(&folder.join(name), "", BEGINNING);
        record.is_ok_and(|record| !record.lines.is_empty())
    };
    let (begun, name) = begun.into_iter().rev().find(|(_, name)| has_lines(name))?;
    Some((name, begun))
}

/// A record of which nothing is believed.
fn untrusted_record(
    file: &Arc<str>,
    kind: &'static str,
    what: impl Into<Message>,
    help: impl Into<Message>,
) -> RunRecord {
    RunRecord {
        file: Arc::clone(file),
        lines: Vec::new(),
        findings: vec![Finding::whole_file(file, kind, what, help)],
        is_under_way: false,
    }
}

/// Reads a record, or its beginning of so many bytes.
fn read_record(file: &Path, shown: &str, most: u64) -> io::Result<RunRecord> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let shown: Arc<str> = format!("{shown}/{name}").into();
    let not_a_record = |what: Message| {
        let help = message!("record-remove-help");
        untrusted_record(&shown, "not-a-record", what, help)
    };
    // Anyone who can add a file here must not be able to block every change with it.
    let about = fs::symlink_metadata(file)?;
    if !about.is_file() {
        return Ok(not_a_record(message!("folder-not-regular")));
    }
    if about.len() > LARGEST {
        return Ok(not_a_record(message!("record-large", most = LARGEST)));
    }
    // Asked first: a run that is over now writes nothing after this.
    let is_locked = is_locked(file);
    let mut bytes = Vec::new();
    fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    let mut run = chain::read_run_record(&shown, &bytes);
    run.is_under_way = !run.has_ended() && is_locked;
    if run.is_under_way {
        // Its last line may just be being written.
        run.findings.retain(|finding| finding.kind != TORN);
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rescued_record_waits_for_its_place() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("records");
        fs::create_dir(&folder).expect("a folder");
        assert!(read(&folder, "requests/records").expect("it is there").is_empty());
        let name = "20260105T010203004Z-3f9a1c2e-1a.jsonl";
        for other in [name, "other.jsonl", "20260105T010203004Z-3f9a1c2e-1a.txt"] {
            fs::write(scratch.path().join(other), "").expect("a file");
        }
        let [run] = &read(&folder, "requests/records").expect("it is there")[..] else {
            panic!("one is a record");
        };
        assert_eq!(*run.file, *format!("requests/{name}"));
        let [finding] = &run.findings[..] else { panic!("it has a finding") };
        assert!(
            finding.help.in_english().contains(&format!("requests/records/{name}")),
            "{}",
            finding.help
        );
    }

    #[test]
    fn the_name_alone_makes_no_record() {
        let scratch = tempfile::tempdir().expect("a folder");
        assert_eq!(newest(scratch.path()), None);
        let planted = scratch.path().join("20991231T000000000Z-12345678-1.jsonl");
        fs::write(&planted, "").expect("a file");
        assert_eq!(newest(scratch.path()), None);
        fs::remove_file(&planted).expect("it is there");
        fs::create_dir(&planted).expect("a folder");
        assert_eq!(newest(scratch.path()), None);
    }
}
