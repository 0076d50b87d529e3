//! Reads a folder again of which few requests changed and nothing is to be said: the usual pull request.

use std::collections::HashSet;
use std::mem;

use jiff::civil::Date;

use super::{LIMITS, ReusableRequests, is_below, read_request};
use crate::domain::agency::{Agency, LoadedAgencies};
use crate::domain::request::request_file_source::{
    FileEntry, FolderSnapshot, RequestFileSource as _, split_folder,
};
use crate::domain::request::{check, cross_checks, portable_name};
use crate::text::path_below;

/// What [`super::load`] makes of `files`, which differ from those read `before` only in the requests at the
/// paths `changed`. The digests of `before` go over to it.
///
/// `None` where something is to be said of either, however little: then everything is to be read, so that
/// there is one place that says it.
pub fn load_changed(
    files: &FolderSnapshot,
    as_of: Date,
    before: &mut LoadedAgencies,
    changed: &[&str],
) -> Option<LoadedAgencies> {
    let paths = files.files().map(|(path, _)| path);
    let shown = files.folder_name();
    let twins = portable_name::find_case_colliding_folders(paths, &shown);
    if [&before.findings, &files.findings, &twins].iter().any(|found| !found.is_empty()) {
        return None;
    }
    let folder_of =
        |agency: &Agency| split_folder(path_below(&agency.policy.file, &shown)).0.to_owned();
    let mut agencies = before.agencies.clone();
    let mut digests = Vec::new();
    for path in changed {
        let entry = FileEntry { path: (*path).to_owned(), shown: files.display_path(path) };
        // The nearest policy above it counts.
        let above = agencies.iter_mut().filter(|agency| is_below(path, &folder_of(agency)));
        let agency = above.max_by_key(|agency| folder_of(agency).len())?;
        let place = agency.requests.binary_search_by(|request| request.file.cmp(&entry.shown));
        if let Ok(place) = place {
            agency.requests.remove(place);
        }
        let mut digest = None;
        if files.content(path).is_some() {
            let known = ReusableRequests::reusable_under_policy(None, None);
            let (read, result) = read_request(files, &entry, Some(&agency.policy), &known);
            let (request, warnings) = result.ok()?;
            if !warnings.is_empty() || check::find_warning(&request).is_some() {
                return None;
            }
            agency.requests.insert(place.unwrap_or_else(|place| place), request);
            digest = read;
        }
        digests.push((entry.path, digest));
    }
    let requests = agencies.iter().flat_map(|agency| &agency.requests);
    let named: usize = requests.map(|request| request.mailboxes().len()).sum();
    let crosses =
        |agency: &Agency| !cross_checks::check(&agency.requests, &HashSet::new(), as_of).is_empty();
    if named > LIMITS.mailboxes || agencies.iter().any(crosses) {
        return None;
    }
    let mut files = mem::take(&mut before.files);
    for (path, digest) in digests {
        files.remove(&path);
        files.extend(digest.map(|digest| (path, digest)));
    }
    // Every file is a request, because nothing is said of any.
    let request_files = agencies.iter().map(|agency| agency.requests.len()).sum();
    Some(LoadedAgencies { agencies, findings: Vec::new(), request_files, files })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::super::load;
    use super::*;

    const TODAY: Date = date(2026, 11, 23);
    const POLICY: &str = "version: 1\nagency: A\nname: Jabatan\ndomains: [agensi.example]\napprovers: [uc@agensi.example]\nportal: embedded\n";

    fn request(id: &str, action: &str, mailbox: &str) -> String {
        format!(
            "version: 1\nid: {id}\naction: {action}\nmailboxes: [{mailbox}@agensi.example]\nreceived: {{ date: 2026-01-02, channel: memo, reference: R }}\napprovals: [{{ by: uc@agensi.example, date: 2026-01-02 }}]\n"
        )
    }

    fn base() -> FolderSnapshot {
        let mut folder = FolderSnapshot::new("requests".into());
        let other = POLICY.replace("agency: A", "agency: B").replace("agensi.", "lain.");
        let other = other.replace("uc@lain.", "uc@agensi.");
        let below = request("R-1", "enable", "ali").replace("ali@agensi.", "ali@lain.");
        for (path, text) in [
            ("agency.yaml", POLICY),
            ("2026/R-1.yaml", &request("R-1", "enable", "ali")),
            ("2026/R-2.yaml", &request("R-2", "terminate", "siti")),
            ("lain/agency.yaml", &other),
            ("lain/R-1.yaml", &below),
        ] {
            folder.insert_file(path.to_owned(), Ok(text.as_bytes().into()));
        }
        folder
    }

    /// Whether it is read so after these changes; if it is, it is what reading everything gives.
    fn is_read(changes: &[(&str, Option<String>)]) -> bool {
        let base = base();
        let mut files = base.clone();
        for (path, text) in changes {
            match text {
                Some(text) => files.insert_file((*path).to_owned(), Ok(text.as_bytes().into())),
                None => files.remove_file(path),
            }
        }
        let changed: Vec<&str> = changes.iter().map(|(path, _)| *path).collect();
        let mut before = load(&base, TODAY);
        assert_eq!(before.findings, []);
        let digests = before.files.clone();
        let whole = load(&files, TODAY);
        let Some(read) = load_changed(&files, TODAY, &mut before, &changed) else {
            assert_eq!(before.files, digests);
            return false;
        };
        assert_eq!(read.findings, whole.findings);
        assert_eq!((read.request_files, &read.files), (whole.request_files, &whole.files));
        let agencies = |loaded: &LoadedAgencies| -> Vec<_> {
            let each = loaded.agencies.iter();
            each.map(|agency| (agency.policy.clone(), agency.requests.clone())).collect()
        };
        assert_eq!(agencies(&read), agencies(&whole));
        // What did not change was not read again.
        let known = before.request_in_file("requests/2026/R-2.yaml").expect("a request");
        let now = read.request_in_file("requests/2026/R-2.yaml");
        assert!(
            changed.contains(&"2026/R-2.yaml") || now.is_some_and(|now| Arc::ptr_eq(now, known))
        );
        true
    }

    #[test]
    fn a_few_changed_requests_make_what_reading_everything_makes() {
        let new = |id, mailbox| Some(request(id, "enable", mailbox));
        let below = |id| new(id, "abu").map(|text| text.replace("abu@agensi.", "abu@lain."));
        assert!(is_read(&[]));
        assert!(is_read(&[("2026/R-3.yaml", new("R-3", "abu"))]));
        assert!(is_read(&[
            ("2026/R-0.yaml", new("R-0", "abu")),
            ("2025/R-9.yaml", new("R-9", "tan"))
        ]));
        assert!(is_read(&[("lain/R-2.yaml", below("R-2")), ("lain/x/R-3.yaml", below("R-3"))]));
        assert!(is_read(&[("2026/R-1.yaml", new("R-1", "abu"))]));
        assert!(is_read(&[("2026/R-1.yaml", None), ("2026/R-9.yaml", None)]));
    }

    #[test]
    fn where_something_is_to_be_said_everything_is_read() {
        let new = |id, mailbox| Some(request(id, "enable", mailbox));
        for (why, path, text) in [
            ("unreadable", "2026/R-3.yaml", Some("version: 1\n".to_owned())),
            ("an id twice", "2025/R-1.yaml", new("R-1", "abu")),
            ("a contradiction", "2026/R-3.yaml", new("R-3", "siti")),
            ("another agency's domain", "lain/R-3.yaml", new("R-3", "abu")),
            ("twin folders", "LAIN/R-3.yaml", new("R-3", "abu")),
            (
                "a warning of the words",
                "2026/R-3.yaml",
                new("R-3", "abu").map(|text| text + "reason: Peti #1\n"),
            ),
            (
                "a warning of the days",
                "2026/R-3.yaml",
                new("R-3", "abu").map(|text| text + "effective: 2026-01-01\n"),
            ),
        ] {
            assert!(!is_read(&[(path, text)]), "{why}");
        }
        let mut before = load(&base(), TODAY);
        let finding = crate::finding::Finding::whole_file(&"x".into(), "link", "a link", "do");
        let mut linked = base();
        linked.findings.push(finding.clone());
        assert!(load_changed(&linked, TODAY, &mut before, &[]).is_none());
        before.findings.push(finding);
        assert!(load_changed(&base(), TODAY, &mut before, &[]).is_none());
    }
}
