//! What the redactions of a pull request mean for the other requests: a mailbox goes from all of
//! them at once, or an older request would count again. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::Request;
use super::draft::RequestDraft;
use super::immutable::finding;
use super::pull_request::PullRequest;
use super::redaction;
use super::redaction::TakenOut;
use crate::domain::archive::Target;
use crate::domain::desired::Desired;
use crate::domain::mailbox::Mailbox;
use crate::domain::policy::Policy;
use crate::finding::Finding;
use crate::text::excerpt;
use crate::yaml::{Issue, Path, Source, Text};

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

/// Why a person may not be taken out yet, and what to do: an archive that is to be there, or a request
/// that waits, is no matter of the past.
pub fn in_use(desired: &Desired, policy: &Policy, person: &Mailbox) -> Option<(String, String)> {
    if policy.protected.contains(person) {
        return Some((
            format!("the policy protects {person}, so arkib never terminates the archive"),
            "take the protection away first, by itself, and let the archive be terminated"
                .to_owned(),
        ));
    }
    let wish = desired.wish(person);
    if let Some(wish) = wish.filter(|wish| wish.target == Target::Enabled) {
        return Some((
            format!(
                "the archive of {person} is to be there, as {} asks",
                wish.request.id
            ),
            "file a termination, let it be approved and carried out; then take the person out"
                .to_owned(),
        ));
    }
    let names = |request: &Request| {
        let from = request.received.from.iter();
        let named = request.mailboxes().iter().map(|named| &named.mailbox);
        named.chain(from).any(|mailbox| mailbox == person)
    };
    let mut waiting = desired.pending.iter().chain(&desired.scheduled);
    let request = waiting.find(|it| names(it))?;
    Some((
        format!(
            "{} is not decided or not due yet, and names {person}",
            request.id
        ),
        "let it be decided and carried out, or withdraw it; then take the person out".to_owned(),
    ))
}

/// Redactions of the pull request on a day that is yet to come, which would keep every other from being
/// written down until then.
pub fn in_future(pull: &PullRequest, as_of: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    for touched in pull.touched.iter().filter(|it| !it.is_rule()) {
        let Some(Ok(after)) = &touched.after else {
            continue;
        };
        let shown = pull.merged.shown(&touched.path);
        let Ok(source) = Source::new(&shown, after) else {
            continue;
        };
        let draft = source.draft::<RequestDraft>();
        let date = draft.and_then(|it| it.redacted?.date);
        // Days in this notation sort as texts.
        if let Some(Text(day)) = date.filter(|Text(day)| *day > as_of.to_string()) {
            let line = source.lines_of("redacted").map_or(1, |lines| lines.start);
            findings.push(finding(
                &shown,
                source.text(),
                line,
                "redaction-in-future",
                format!(
                    "found the redaction on {}, which is yet to come",
                    excerpt(&day, 40)
                ),
                "write the day on which it was decided".to_owned(),
            ));
        }
    }
    findings
}

/// Everybody whom the pull request takes out of a merged request, each with a file of it.
pub fn people(pull: &PullRequest) -> BTreeMap<Mailbox, String> {
    each(pull, |taken| taken.people().cloned().collect())
}

/// The mailboxes that are taken out of merged requests, each with a file that it is taken out of.
pub fn taken_out(pull: &PullRequest) -> BTreeMap<Mailbox, String> {
    each(pull, |taken| taken.mailboxes.clone())
}

fn each(pull: &PullRequest, of: impl Fn(&TakenOut) -> Vec<String>) -> BTreeMap<Mailbox, String> {
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
        if !taken.beyond.is_empty() {
            // It is refused as an edit.
            continue;
        }
        for address in of(&taken) {
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
