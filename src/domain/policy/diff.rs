//! What changes from one policy to another, in words for a reviewer. Pure.

use super::notices::{AddIn, Notices};
use super::{Limits, Policy, Provenance, diff_exchange};
use crate::domain::mapping::bulk::BulkMapping;
use crate::domain::mapping::report::ReportMapping;
use crate::domain::mapping::scim::Mapping;
use crate::domain::policy::wording::{list, value};

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
    let mut words = Vec::new();
    list("approvers", approvers, &after.approvers, &mut words);
    value(
        "provenance",
        provenance.as_str(),
        after.provenance.as_str(),
        &mut words,
    );
    if (provenance, after.provenance) == (&Provenance::Signed, Provenance::Committed) {
        words.push("provenance: approvals that their approvers did not sign will count".to_owned());
    }
    list(
        "former_approvers",
        former_approvers,
        &after.former_approvers,
        &mut words,
    );
    limits_differ(limits, &after.limits, &mut words);
    list("protected", protected, &after.protected, &mut words);
    list("domains", domains, &after.domains, &mut words);
    value("portal", portal.as_str(), after.portal.as_str(), &mut words);
    mappings_differ(mapping, &after.mapping, &mut words);
    value("agency", agency, &after.agency, &mut words);
    value("name", name, &after.name, &mut words);
    value(
        "language",
        language.as_str(),
        after.language.as_str(),
        &mut words,
    );
    let days = |found: Option<u32>| found.map_or("nothing".to_owned(), |it| it.to_string());
    value(
        "recoverable_days",
        days(*recoverable_days),
        days(after.recoverable_days),
        &mut words,
    );
    notices_differ(notices.as_ref(), after.notices.as_ref(), &mut words);
    diff_exchange::report_differs(report, &after.report, &mut words);
    diff_exchange::bulk_differs(bulk, &after.bulk, &mut words);
    words
}

/// Which word is written for a meaning hangs on the order of its words: all are shown.
fn mappings_differ(before: &Mapping, after: &Mapping, words: &mut Vec<String>) {
    let (before, after) = (before.facts(), after.facts());
    let of = |facts: &[(String, Vec<String>)], key: &str| {
        let found = facts.iter().find(|(it, _)| it == key);
        found.map_or("nothing".to_owned(), |(_, said)| said.join(", "))
    };
    for (key, _) in &after {
        value(key, of(&before, key), of(&after, key), words);
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
            words.push(format!(
                "mapping.state.values: archives that the portal shows as `{word}` count as {is}, no longer as {was}"
            ));
        }
    }
    let gone = |key: &str| after.iter().all(|(it, _)| it != key);
    for (key, _) in before.iter().filter(|(key, _)| gone(key)) {
        value(key, of(&before, key), of(&after, key), words);
    }
}

fn notices_differ(before: Option<&Notices>, after: Option<&Notices>, words: &mut Vec<String>) {
    let (Some(before), Some(after)) = (before, after) else {
        match (before, after) {
            (None, Some(after)) => words.push(format!(
                "notices: users are written to, from {}, of requests received from {} on",
                after.from, after.since
            )),
            (Some(_), None) => words.push("notices: users are written to no longer".to_owned()),
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
    value("notices.since", since, &after.since, words);
    value("notices.from", from, &after.from, words);
    list("notices.letterhead", letterhead, &after.letterhead, words);
    list("notices.signatory", signatory, &after.signatory, words);
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    value(
        "notices.contact",
        text(contact),
        text(&after.contact),
        words,
    );
    let link = |addin: &Option<AddIn>| text(&addin.as_ref().map(|it| it.link.clone()));
    let guide = |addin: &Option<AddIn>| text(&addin.as_ref().and_then(|it| it.guide.clone()));
    value("notices.addin.link", link(addin), link(&after.addin), words);
    value(
        "notices.addin.guide",
        guide(addin),
        guide(&after.addin),
        words,
    );
    value("notices.limit", limit, &after.limit, words);
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

fn limits_differ(before: &Limits, after: &Limits, words: &mut Vec<String>) {
    let Limits {
        terminations,
        terminations_percent,
        changes,
    } = before;
    value(
        "limits.terminations",
        terminations,
        &after.terminations,
        words,
    );
    value(
        "limits.terminations_percent",
        terminations_percent,
        &after.terminations_percent,
        words,
    );
    value("limits.changes", changes, &after.changes, words);
}
