//! What changes from one policy to another, in words for a reviewer. Pure.

use super::diff_lines::Changes;
use super::notices::{AddIn, Notices};
use super::{Limits, Policy, Provenance, diff_export_and_bulk};
use crate::domain::mapping::bulk::BulkMapping;
use crate::domain::mapping::report::ReportMapping;
use crate::domain::mapping::scim::Mapping;

/// What changes; empty where nothing does.
pub fn difference(before: &Policy, after: &Policy) -> Vec<String> {
    // Every field is named, so that a new one does not compile until it is considered.
    let Policy {
        file: _,
        agency,
        name,
        domains,
        approvers,
        former_approvers,
        language,
        portal,
        mapping,
        limits,
        protected,
        provenance,
        recoverable_days,
        notices,
        report,
        bulk,
    } = before;
    let mut words = Changes::default();
    words.list("approvers", approvers, &after.approvers);
    words.value("provenance", provenance.as_str(), after.provenance.as_str());
    if (provenance, after.provenance) == (&Provenance::Signed, Provenance::Committed) {
        words.say("provenance: approvals that their approvers did not sign will count");
    }
    words.list(
        "former_approvers",
        former_approvers,
        &after.former_approvers,
    );
    limits_differ(limits, &after.limits, &mut words);
    words.list("protected", protected, &after.protected);
    words.list("domains", domains, &after.domains);
    words.value("portal", portal.as_str(), after.portal.as_str());
    mappings_differ(mapping, &after.mapping, &mut words);
    words.value("agency", agency, &after.agency);
    words.value("name", name, &after.name);
    words.value("language", language.as_str(), after.language.as_str());
    let days = |found: Option<u32>| found.map_or("nothing".to_owned(), |it| it.to_string());
    words.value(
        "recoverable_days",
        days(*recoverable_days),
        days(after.recoverable_days),
    );
    notices_differ(notices.as_ref(), after.notices.as_ref(), &mut words);
    diff_export_and_bulk::report_differs(report, &after.report, &mut words);
    diff_export_and_bulk::bulk_differs(bulk, &after.bulk, &mut words);
    words.0
}

/// Which word is written for a meaning hangs on the order of its words: all are shown.
fn mappings_differ(before: &Mapping, after: &Mapping, words: &mut Changes) {
    let (before, after) = (before.facts(), after.facts());
    let of = |facts: &[(String, Vec<String>)], key: &str| {
        let found = facts.iter().find(|(it, _)| it == key);
        found.map_or("nothing".to_owned(), |(_, said)| said.join(", "))
    };
    for (key, _) in &after {
        words.value(key, of(&before, key), of(&after, key));
    }
    let meaning = |facts: &[(String, Vec<String>)], word: &str| {
        let values = facts
            .iter()
            .find(|(key, _)| key == "mapping.state.values")?;
        let mut pairs = values.1.iter().filter_map(|it| it.split_once(" = "));
        let found = pairs.find(|(_, it)| it.to_lowercase() == word.to_lowercase());
        found.map(|(meaning, _)| meaning.to_owned())
    };
    let states = before.iter().find(|(key, _)| key == "mapping.state.values");
    for pair in states.iter().flat_map(|(_, said)| said) {
        let Some((was, word)) = pair.split_once(" = ") else {
            continue;
        };
        if let Some(is) = meaning(&after, word).filter(|is| is != was) {
            words.say(format!(
                "mapping.state.values: archives that the portal shows as `{word}` count as {is}, no longer as {was}"
            ));
        }
    }
    let gone = |key: &str| after.iter().all(|(it, _)| it != key);
    for (key, _) in before.iter().filter(|(key, _)| gone(key)) {
        words.value(key, of(&before, key), of(&after, key));
    }
}

fn notices_differ(before: Option<&Notices>, after: Option<&Notices>, words: &mut Changes) {
    let (Some(before), Some(after)) = (before, after) else {
        match (before, after) {
            (None, Some(after)) => words.say(format!(
                "notices: users are written to, from {}, of requests received from {} on",
                after.from, after.since
            )),
            (Some(_), None) => words.say("notices: users are written to no longer"),
            _ => {}
        }
        return;
    };
    let Notices {
        since,
        from,
        letterhead,
        signatory,
        contact,
        addin,
        limit,
    } = before;
    words.value("notices.since", since, &after.since);
    words.value("notices.from", from, &after.from);
    words.list("notices.letterhead", letterhead, &after.letterhead);
    words.list("notices.signatory", signatory, &after.signatory);
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    words.value("notices.contact", text(contact), text(&after.contact));
    let link = |addin: &Option<AddIn>| text(&addin.as_ref().map(|it| it.link.clone()));
    let guide = |addin: &Option<AddIn>| text(&addin.as_ref().and_then(|it| it.guide.clone()));
    words.value("notices.addin.link", link(addin), link(&after.addin));
    words.value("notices.addin.guide", guide(addin), guide(&after.addin));
    words.value("notices.limit", limit, &after.limit);
}

/// What a policy says that is new.
pub fn introduction(policy: &Policy) -> Vec<String> {
    let nothing = Policy {
        agency: String::new(),
        name: String::new(),
        domains: Vec::new(),
        approvers: Vec::new(),
        former_approvers: Vec::new(),
        protected: Vec::new(),
        mapping: Mapping::default(),
        report: ReportMapping::default(),
        bulk: BulkMapping::default(),
        ..policy.clone()
    };
    let Limits {
        terminations,
        terminations_percent,
        changes,
    } = policy.limits;
    let mut words = vec![format!(
        "new: the policy of {}; portal {}, provenance {}, limits {terminations} terminations, {terminations_percent} %, {changes} changes",
        policy.agency,
        policy.portal.as_str(),
        policy.provenance.as_str()
    )];
    let said = difference(&nothing, policy).into_iter();
    let is_told = |word: &String| {
        let keys = ["mapping.", "report.", "bulk."];
        word.contains(": adds ") || keys.iter().any(|key| word.starts_with(key))
    };
    words.extend(said.filter(is_told));
    words
}

fn limits_differ(before: &Limits, after: &Limits, words: &mut Changes) {
    let Limits {
        terminations,
        terminations_percent,
        changes,
    } = before;
    words.value("limits.terminations", terminations, &after.terminations);
    words.value(
        "limits.terminations_percent",
        terminations_percent,
        &after.terminations_percent,
    );
    words.value("limits.changes", changes, &after.changes);
}
