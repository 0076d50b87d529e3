//! Requests are records: once merged they are never edited, renamed or deleted (procedure section
//! 6). A request that was pending may gain its approval, and nothing else of it may change. Pure.

use std::sync::Arc;

use super::check::{self, Origin};
use super::draft::RequestDraft;
use super::pull_request::{PullRequest, Touched};
use super::snapshot::Content;
use crate::finding::{Finding, Position, Severity};
use crate::yaml::Source;

/// The records that a pull request does not leave as they are.
pub fn broken(pull: &PullRequest) -> Vec<Finding> {
    let requests = || pull.touched.iter().filter(|it| !it.is_policy());
    requests()
        .filter_map(|touched| {
            let before = record(touched.before.as_ref()?, &touched.path)?;
            match &touched.after {
                None => Some(gone(pull, touched, &before, requests())),
                Some(after) => edited(pull, &touched.path, &before, after),
            }
        })
        .collect()
}

/// A request that was merged and is good in itself. One that is not keeps every run from going on,
/// so it must be possible to mend it.
struct Record {
    text: String,
    draft: RequestDraft,
}

fn record(content: &Content, path: &str) -> Option<Record> {
    let bytes = content.as_ref().ok()?;
    let file: Arc<str> = path.into();
    let source = Source::new(&file, bytes).ok()?;
    let draft = source.draft::<RequestDraft>()?;
    let origin = Origin {
        file: &file,
        stem: stem(path),
        text: source.text(),
        policy: None,
    };
    check::check(&draft, &origin).ok()?;
    Some(Record {
        text: source.text().to_owned(),
        draft,
    })
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yaml").unwrap_or(name)
}

/// A record whose file is no longer there: deleted, or to be found under another name.
fn gone<'a>(
    pull: &PullRequest,
    touched: &Touched,
    before: &Record,
    mut others: impl Iterator<Item = &'a Touched>,
) -> Finding {
    let without_id = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with("id:"));
        lines.map(str::to_owned).collect()
    };
    let was = without_id(&before.text);
    let moved = others.find_map(|other| {
        let text = match (&other.before, &other.after) {
            (None, Some(Ok(bytes))) => std::str::from_utf8(bytes).ok()?,
            _ => return None,
        };
        (without_id(text.trim_start_matches('\u{feff}')) == was).then_some((other, text))
    });
    let shown = pull.base.shown(&touched.path);
    match moved {
        Some((other, text)) => {
            let at = text.lines().position(|line| line.starts_with("id:"));
            finding(
                &pull.base.shown(&other.path),
                text,
                at.unwrap_or(0) + 1,
                "record-renamed",
                format!("this is the merged request {shown} under another name"),
                format!("put it back as {shown}; a merged request is a record"),
            )
        }
        None => finding(
            &shown,
            &before.text,
            1,
            "record-deleted",
            "the merged request is deleted".to_owned(),
            format!(
                "put the file back; to take the request back, file a new one with `action: withdraw` and `withdraws: {}`",
                stem(&touched.path)
            ),
        ),
    }
}

/// A record whose file reads otherwise, unless it gained its approval and nothing else.
fn edited(pull: &PullRequest, path: &str, before: &Record, after: &Content) -> Option<Finding> {
    let shown = pull.base.shown(path);
    // What cannot be read has findings of its own, and is no record kept.
    let text = match after {
        Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => String::new(),
    };
    let text = text.trim_start_matches('\u{feff}');
    let gained = approval_gained(before, text, &shown);
    if gained == Some(true) {
        return None;
    }
    let line = first_difference(&before.text, text, gained.is_some());
    let (message, help) = if gained.is_some() {
        (
            "more than the approval of the merged request changes",
            "add `approval:` with `by` and `date` and leave every other line as it is; what else is to change needs a new request",
        )
    } else {
        (
            "the merged request is edited",
            "put the line back; a change of mind is a new request, or one with `action: withdraw`",
        )
    };
    Some(finding(
        &shown,
        text,
        line,
        "record-edited",
        message.to_owned(),
        help.to_owned(),
    ))
}

/// Whether a pending request gained its approval; `Some(false)` where other things change as well.
fn approval_gained(before: &Record, text: &str, shown: &Arc<str>) -> Option<bool> {
    let source = Source::new(shown, text.as_bytes()).ok()?;
    let mut draft = source.draft::<RequestDraft>()?;
    if before.draft.approval.is_some() || draft.approval.take().is_none() {
        return None;
    }
    let same_text = lines(&before.text).eq(lines(&without_approval(text)));
    Some(same_text && draft == before.draft)
}

/// The lines that count: an empty one says nothing.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
}

/// The text without the key `approval` and what is indented below it.
fn without_approval(text: &str) -> String {
    let mut inside = false;
    let kept = text.lines().filter(|line| {
        inside = line.starts_with("approval:") || (inside && line.starts_with(' '));
        !inside
    });
    kept.collect::<Vec<&str>>().join("\n")
}

/// The first line that reads otherwise, from one; that of the approval does not count where the
/// request may gain one.
fn first_difference(before: &str, after: &str, may_gain: bool) -> usize {
    let mut was = lines(before);
    let mut inside = false;
    let mut number = 0;
    for (line, at) in after.lines().zip(1..) {
        number = at;
        inside = may_gain && (line.starts_with("approval:") || (inside && line.starts_with(' ')));
        if inside || line.trim_end().is_empty() {
            continue;
        }
        if was.next() != Some(line.trim_end()) {
            return at;
        }
    }
    number.max(1)
}

fn finding(
    file: &Arc<str>,
    text: &str,
    line: usize,
    kind: &'static str,
    message: String,
    help: String,
) -> Finding {
    let source = text.lines().nth(line - 1).unwrap_or_default();
    Finding {
        file: Arc::clone(file),
        position: Some(Position {
            line,
            column: 1,
            length: source.chars().count(),
        }),
        source_line: Some(source.into()),
        severity: Severity::Error,
        kind,
        message,
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::snapshot::Snapshot;

    const PENDING: &str = "version: 1\nid: R-1\naction: enable\nmailboxes:\n  - ali@agensi.example\nreceived:\n  channel: memo\n  reference: R\n  date: 2026-01-02\nreason: Peti mel penuh\n";
    const APPROVAL: &str = "approval:\n  by: pentadbir@agensi.example\n  date: 2026-01-02\n";

    fn approved() -> String {
        PENDING.replace("reason:", &format!("{APPROVAL}reason:"))
    }

    /// The kinds and lines found where R-1 was so and becomes so, beside another new file.
    fn found(before: &str, after: Option<&str>, other: Option<(&str, &str)>) -> Vec<String> {
        let snapshot = |files: Vec<(&str, &str)>| {
            let mut snapshot = Snapshot::new("requests".into());
            for (path, text) in files {
                snapshot.put(path.to_owned(), Ok(text.as_bytes().into()));
            }
            snapshot
        };
        let base = snapshot(vec![("R-1.yaml", before)]);
        let head = snapshot(
            after
                .map(|text| ("R-1.yaml", text))
                .into_iter()
                .chain(other)
                .collect(),
        );
        broken(&PullRequest::new(base.clone(), &base, &head))
            .iter()
            .map(|finding| format!("{} {}", finding.kind, finding.place()))
            .collect()
    }

    #[test]
    fn a_pending_request_may_gain_its_approval_and_nothing_else() {
        let none: [&str; 0] = [];
        assert_eq!(found(PENDING, Some(&approved()), None), none);
        assert_eq!(
            found(PENDING, Some(&format!("{PENDING}{APPROVAL}")), None),
            none
        );
        assert_eq!(
            found(
                PENDING,
                Some(&format!("{PENDING}\n{APPROVAL}").replace('\n', "\r\n")),
                None
            ),
            none
        );
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
    fn an_approved_request_stays_as_it_is() {
        for (what, with, line) in [
            (APPROVAL, "", 10),
            ("  by: pentadbir@", "  by: lain@", 11),
            ("ali@", "abu@", 5),
            (
                "  - ali@agensi.example\n",
                "  - ali@agensi.example\n  - abu@agensi.example\n",
                6,
            ),
        ] {
            assert_eq!(
                found(&approved(), Some(&approved().replace(what, with)), None),
                [format!("record-edited requests/R-1.yaml:{line}:1")],
                "{what}"
            );
        }
    }

    #[test]
    fn a_deletion_and_a_new_name_are_told_apart() {
        assert_eq!(
            found(&approved(), None, None),
            ["record-deleted requests/R-1.yaml:1:1"]
        );
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
    fn what_was_no_good_request_may_be_mended() {
        let bad = approved().replace("2026-01-02", "2026-02-30");
        let none: [&str; 0] = [];
        assert_eq!(found(&bad, Some(&approved()), None), none);
    }
}
