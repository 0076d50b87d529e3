//! What changes from one policy to another, in words for a reviewer. Pure.

use std::fmt::Display;

use super::{Limits, Policy, Provenance};

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
        limits,
        protected,
        provenance,
        recoverable_days,
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
    value("agency", agency, &after.agency, &mut words);
    value("name", name, &after.name, &mut words);
    value(
        "language",
        language.as_str(),
        after.language.as_str(),
        &mut words,
    );
    let days = |days: Option<u32>| days.map_or("nothing".to_owned(), |days| days.to_string());
    value(
        "recoverable_days",
        days(*recoverable_days),
        days(after.recoverable_days),
        &mut words,
    );
    words
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
    words.extend(said.filter(|word| word.contains(": adds ")));
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

fn value<T: Display + PartialEq>(key: &str, before: T, after: T, words: &mut Vec<String>) {
    if before != after {
        words.push(format!("{key}: from {before} to {after}"));
    }
}

/// What a list gains and loses; its order says nothing.
pub fn list<T: Display + PartialEq>(key: &str, before: &[T], after: &[T], words: &mut Vec<String>) {
    for added in after.iter().filter(|it| !before.contains(it)) {
        words.push(format!("{key}: adds {added}"));
    }
    for gone in before.iter().filter(|it| !after.contains(it)) {
        words.push(format!("{key}: takes away {gone}"));
    }
}
