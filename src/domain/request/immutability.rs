//! Requests are immutable: once merged they are never edited, renamed or deleted (procedure section
//! 6). A pending request may gain approvals; nothing else may change. Pure.

#[cfg(test)]
mod rule_tests;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::check;
use super::raw::{RawApproval, RawRequest};
use super::request_file_source::{Content, file_stem};
use super::rules::RuleContext;
use super::three_way_merge::{ChangedFile, MergedPullRequest};
use crate::finding::Finding;
use crate::language::Message;
use crate::yaml::YamlText;

/// The merged requests that a pull request changes. `faulty` are the files, as the user names them,
/// whose findings stop every run: those may be fixed. `pending` are the files of the requests that wait
/// for approvals.
pub fn find_violations(
    pull: &MergedPullRequest,
    faulty: &HashSet<&str>,
    pending: &HashSet<&str>,
) -> Vec<Finding> {
    let kept = |touched: &&ChangedFile| {
        !touched.is_rule_file() && !faulty.contains(&*pull.base.display_path(&touched.path))
    };
    let added_texts = added_texts(pull);
    pull.touched
        .iter()
        .filter(kept)
        .filter_map(|touched| {
            let before = parse_merged_request(touched.before.as_ref()?, &touched.path)?;
            match &touched.after {
                None => Some(missing_file_finding(pull, touched, &before, &added_texts)),
                Some(after) => {
                    let shown = pull.base.display_path(&touched.path);
                    change_finding(&shown, &before, after, pending.contains(&*shown))
                }
            }
        })
        .collect()
}

/// The texts of added files without their ids, to distinguish renaming from deletion.
fn added_texts(pull: &MergedPullRequest) -> HashMap<Vec<String>, (&ChangedFile, String)> {
    let mut added_texts = HashMap::new();
    for touched in &pull.touched {
        if let (None, Some(Ok(bytes))) = (&touched.before, &touched.after) {
            let text = String::from_utf8_lossy(bytes);
            let text = text.trim_start_matches('\u{feff}').to_owned();
            added_texts.insert(without_id(&text), (touched, text));
        }
    }
    added_texts
}

fn without_id(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with("id:"));
    lines.map(str::to_owned).collect()
}

/// A merged request that is valid. (An invalid one stops every run, so it must be possible to fix it.)
struct MergedRequest {
    text: String,
    /// Without its approvals.
    draft: RawRequest,
    approvals: Vec<RawApproval>,
}

fn parse_merged_request(content: &Content, path: &str) -> Option<MergedRequest> {
    let bytes = content.as_ref().ok()?;
    let file: Arc<str> = path.into();
    let source = YamlText::new(&file, bytes).ok()?;
    let mut draft = source.parse_draft::<RawRequest>()?;
    let origin =
        RuleContext { file: &file, stem: file_stem(path), text: source.text(), policy: None };
    check::check(&draft, &origin).ok()?;
    let approvals = draft.approvals.0.take().unwrap_or_default();
    Some(MergedRequest { text: source.text().to_owned(), draft, approvals })
}

/// A merged request whose file is gone: it was deleted or renamed.
fn missing_file_finding(
    pull: &MergedPullRequest,
    touched: &ChangedFile,
    before: &MergedRequest,
    added_texts: &HashMap<Vec<String>, (&ChangedFile, String)>,
) -> Finding {
    let shown = pull.base.display_path(&touched.path);
    match added_texts.get(&without_id(&before.text)) {
        Some((other, text)) => {
            let at = text.lines().position(|line| line.starts_with("id:"));
            finding_at_line(
                &pull.base.display_path(&other.path),
                text,
                at.unwrap_or(0) + 1,
                "record-renamed",
                message!("request-renamed", shown = &shown),
                message!("request-renamed-help", shown),
            )
        }
        None => finding_at_line(
            &shown,
            &before.text,
            1,
            "record-deleted",
            message!("request-deleted"),
            message!("request-deleted-help", id = file_stem(&touched.path)),
        ),
    }
}

/// A merged request whose text changed, unless it was pending and only gained approvals.
fn change_finding(
    shown: &Arc<str>,
    before: &MergedRequest,
    after: &Content,
    is_pending: bool,
) -> Option<Finding> {
    // A file that cannot be read has its own findings, and counts as changed.
    let text = match after {
        Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => String::new(),
    };
    let text = text.trim_start_matches('\u{feff}');
    let gained = find_gained_approvals(before, text, shown).filter(|_| is_pending);
    let lines = gained.as_ref().map(|(lines, _)| lines.clone());
    let line = match (check_unchanged(&before.text, text, lines), &gained) {
        (Ok(()), Some((_, true))) => return None,
        (Err(line), _) => line,
        // The lines are the same, but their meaning changed; or blanks and empty lines, which belong to
        // the text, are missing.
        (Ok(()), Some((lines, false))) => lines.start,
        (Ok(()), None) => 1,
    };
    let (message, help) = if gained.is_some() {
        (message!("request-more-than-approvals"), message!("request-more-than-approvals-help"))
    } else {
        (message!("request-edited"), message!("request-edited-help"))
    };
    Some(finding_at_line(shown, text, line, "record-edited", message, help))
}

/// The lines of the approvals, if a request gained some, and whether all else means the same.
fn find_gained_approvals(
    before: &MergedRequest,
    text: &str,
    shown: &Arc<str>,
) -> Option<(Range<usize>, bool)> {
    let source = YamlText::new(shown, text.as_bytes()).ok()?;
    let mut draft = source.parse_draft::<RawRequest>()?;
    let approvals = draft.approvals.0.take().unwrap_or_default();
    if approvals.len() <= before.approvals.len() {
        return None;
    }
    let is_kept = before.approvals.iter().all(|approval| approvals.contains(approval));
    let is_same = is_kept && draft == before.draft;
    Some((source.line_range_of_key("approvals")?, is_same))
}

/// Whether a text is unchanged except for the gained lines; or the number of the first changed line.
/// Empty lines make no difference.
fn check_unchanged(before: &str, after: &str, gained: Option<Range<usize>>) -> Result<(), usize> {
    let gained = gained.unwrap_or(0..0);
    let is_said = |line: &&str| !line.is_empty();
    let mut was = before.lines().map(str::trim_end).filter(is_said).peekable();
    let mut last = 1;
    for (number, line) in (1..).zip(after.lines().map(str::trim_end)) {
        last = number;
        if line.is_empty() || was.next_if_eq(&line).is_some() || gained.contains(&number) {
            continue;
        }
        return Err(number);
    }
    was.next().map_or(Ok(()), |_| Err(last))
}

fn finding_at_line(
    file: &Arc<str>,
    text: &str,
    line: usize,
    kind: &'static str,
    message: impl Into<Message>,
    help: impl Into<Message>,
) -> Finding {
    let at = (line, Some(text.lines().nth(line - 1).unwrap_or_default()));
    Finding::whole_line(file, at, kind, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::request_file_source::FolderSnapshot;

    const PENDING: &str = "version: 1\nid: R-1\naction: enable\nmailboxes:\n  - ali@agensi.example\nreceived:\n  channel: memo\n  reference: R\n  date: 2026-01-02\nreason: Peti mel penuh\n";
    const APPROVAL: &str = "approvals:\n  - by: pentadbir@agensi.example\n    date: 2026-01-02\n";

    fn approved() -> String {
        PENDING.replace("reason:", &format!("{APPROVAL}reason:"))
    }

    /// The kinds and places found if R-1 changes from `before` to `after`, beside another new file.
    fn found(before: &str, after: Option<&str>, other: Option<(&str, &str)>) -> Vec<String> {
        let snapshot = |files: Vec<(&str, &str)>| {
            let mut snapshot = FolderSnapshot::new("requests".into());
            for (path, text) in files {
                snapshot.insert_file(path.to_owned(), Ok(text.as_bytes().into()));
            }
            snapshot
        };
        let base = snapshot(vec![("R-1.yaml", before)]);
        let head =
            snapshot(after.map(|text| ("R-1.yaml", text)).into_iter().chain(other).collect());
        let pending = match before.contains("approvals") {
            true => HashSet::new(),
            false => HashSet::from(["requests/R-1.yaml"]),
        };
        find_violations(
            &MergedPullRequest::new(base.clone(), &base, &head),
            &HashSet::new(),
            &pending,
        )
        .iter()
        .map(|finding| format!("{} {}", finding.kind, finding.place_text()))
        .collect()
    }

    #[test]
    fn pending_request_may_only_gain_an_approval() {
        let none: [&str; 0] = [];
        assert_eq!(found(PENDING, Some(&approved()), None), none);
        assert_eq!(found(PENDING, Some(&format!("{PENDING}{APPROVAL}")), None), none);
        assert_eq!(
            found(PENDING, Some(&format!("{PENDING}\n{APPROVAL}").replace('\n', "\r\n")), None),
            none
        );
        for style in [
            "approvals:\n\n  # seen\n  - by: pentadbir@agensi.example\n# in the meeting\n    date: 2026-01-02\n",
            "\"approvals\":\n  - by: pentadbir@agensi.example\n    date: 2026-01-02\n",
            "approvals: [{ by: pentadbir@agensi.example,\n  date: 2026-01-02 }]\n",
        ] {
            let text = PENDING.replace("reason:", &format!("{style}reason:"));
            assert_eq!(found(PENDING, Some(&text), None), none, "{style}");
        }
        for (what, with, line) in [
            ("ali@", "abu@", 5),
            ("memo", "form", 7),
            ("penuh", "kosong", 13),
            ("version: 1\n", "version: 1\n# a remark\n", 2),
        ] {
            assert_eq!(
                found(PENDING, Some(&approved().replace(what, with)), None),
                [format!("record-edited requests/R-1.yaml:{line}:1")],
                "{what}"
            );
        }
        let effective = approved() + "effective: 2026-02-02\n";
        assert_eq!(
            found(PENDING, Some(&effective), None),
            ["record-edited requests/R-1.yaml:14:1"]
        );
    }

    #[test]
    fn a_second_approval_is_added_below_the_first() {
        let second = "  - by: ketua@agensi.example\n    date: 2026-01-03\n";
        let both = format!("{PENDING}{APPROVAL}{second}");
        let one = format!("{PENDING}{APPROVAL}");
        let found = |before: &str, after: &str, pending: &[&str]| -> Vec<String> {
            let snapshot = |text: &str| {
                let mut snapshot = FolderSnapshot::new("requests".into());
                snapshot.insert_file("R-1.yaml".to_owned(), Ok(text.as_bytes().into()));
                snapshot
            };
            let (base, head) = (snapshot(before), snapshot(after));
            let pull = MergedPullRequest::new(base.clone(), &base, &head);
            let found = find_violations(&pull, &HashSet::new(), &pending.iter().copied().collect());
            found.iter().map(Finding::place_text).collect()
        };
        let pending = ["requests/R-1.yaml"];
        let none: [&str; 0] = [];
        assert_eq!(found(&one, &both, &pending), none);
        // Enough approvals are enough, none goes, and none is replaced.
        assert_eq!(found(&one, &both, &[]), ["requests/R-1.yaml:14:1"]);
        assert_eq!(found(&both, &one, &pending), ["requests/R-1.yaml:13:1"]);
        let replaced = format!("{PENDING}approvals:\n{second}");
        assert_eq!(found(&one, &replaced, &pending), ["requests/R-1.yaml:12:1"]);
        let moved = both.replace("date: 2026-01-02\n  - by: k", "date: 2026-01-04\n  - by: k");
        assert_eq!(found(&one, &moved, &pending), ["requests/R-1.yaml:15:1"]);
    }

    #[test]
    fn approved_request_cannot_change() {
        for (what, with, line) in [
            (APPROVAL, "", 10),
            ("  - by: pentadbir@", "  - by: lain@", 11),
            ("ali@", "abu@", 5),
            ("  - ali@agensi.example\n", "  - ali@agensi.example\n  - abu@agensi.example\n", 6),
        ] {
            assert_eq!(
                found(&approved(), Some(&approved().replace(what, with)), None),
                [format!("record-edited requests/R-1.yaml:{line}:1")],
                "{what}"
            );
        }
    }

    #[test]
    fn distinguishes_deletion_from_renaming() {
        assert_eq!(found(&approved(), None, None), ["record-deleted requests/R-1.yaml:1:1"]);
        assert_eq!(
            found(&approved(), None, Some(("2026/R-1.yaml", &approved()))),
            ["record-renamed requests/2026/R-1.yaml:2:1"]
        );
        let new_id = approved().replace("id: R-1", "id: R-9");
        assert_eq!(
            found(&approved(), None, Some(("R-9.yaml", &new_id))),
            ["record-renamed requests/R-9.yaml:2:1"]
        );
        let other = new_id.replace("ali@", "abu@");
        assert_eq!(
            found(&approved(), None, Some(("R-9.yaml", &other))),
            ["record-deleted requests/R-1.yaml:1:1"]
        );
    }

    #[test]
    fn invalid_request_may_be_fixed() {
        let bad = approved().replace("2026-01-02", "2026-02-30");
        let none: [&str; 0] = [];
        assert_eq!(found(&bad, Some(&approved()), None), none);
    }
}
