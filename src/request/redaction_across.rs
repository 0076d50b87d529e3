//! What the redactions of a pull request mean for the other requests: a mailbox goes from all of
//! them at once, or an older request would count again. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::RequestDraft;
use super::pull_request::PullRequest;
use super::records::finding;
use super::{Request, redaction};
use crate::finding::Finding;
use crate::mailbox::Mailbox;
use crate::yaml::{Issue, Path, Source};

/// Requests that come new and say that they were redacted: what they held nobody can have approved,
/// and whoever redacted them would vouch for them in another's name.
pub fn redacted_before(pull: &PullRequest) -> Vec<Finding> {
    let new = pull.touched.iter().filter(|it| it.before.is_none());
    let found = new.filter_map(|touched| {
        let bytes = touched.after.as_ref()?.as_ref().ok()?;
        let shown = pull.merged.shown(&touched.path);
        let source = Source::new(&shown, bytes).ok()?;
        source.draft::<RequestDraft>()?.redacted?;
        let line = source.lines_of("redacted").map_or(1, |lines| lines.start);
        Some(finding(
            &shown,
            source.text(),
            line,
            "redacted-unmerged",
            "found a redaction in a request that is not merged yet".to_owned(),
            "take out `redacted`; what is not to be kept is not to be merged".to_owned(),
        ))
    });
    found.collect()
}

/// The mailboxes that are taken out of merged requests, each with a file that it is taken out of.
pub fn taken_out(pull: &PullRequest) -> BTreeMap<Mailbox, String> {
    let mut taken_out = BTreeMap::new();
    for touched in pull.touched.iter().filter(|it| !it.is_rule()) {
        let (Some(Ok(before)), Some(Ok(after))) = (&touched.before, &touched.after) else {
            continue;
        };
        let shown = pull.base.shown(&touched.path);
        let (Ok(old), Ok(new)) = (Source::new(&shown, before), Source::new(&shown, after)) else {
            continue;
        };
        let (Some(was), Some(is)) = (old.draft::<RequestDraft>(), new.draft()) else {
            continue;
        };
        let taken = redaction::judge((old.text(), &was), (&new, &is)).unwrap_or_default();
        for address in taken.mailboxes {
            if let Ok(mailbox) = Mailbox::parse(&address) {
                taken_out.insert(mailbox, shown.to_string());
            }
        }
    }
    taken_out
}

/// Every request that names a mailbox which was taken out of another: the word on it that was
/// decided later may be gone, and this one would count again.
pub fn still_named<'a>(
    requests: impl Iterator<Item = &'a Arc<Request>>,
    taken_out: &BTreeMap<Mailbox, String>,
) -> Vec<(&'a Arc<Request>, Issue)> {
    let mut found = Vec::new();
    for request in requests {
        for (index, named) in request.mailboxes().iter().enumerate() {
            let Some(file) = taken_out.get(&named.mailbox) else {
                continue;
            };
            let issue = Issue::error(
                Path::keys("mailboxes").index(index),
                "still-named",
                format!(
                    "`{}` is taken out of {file}, yet this request still names it, so that it alone would count",
                    named.mailbox
                ),
                "take the mailbox out of every request of the agency at once, as `arkib redact` does, or out of none",
            );
            found.push((request, issue));
        }
    }
    found
}
