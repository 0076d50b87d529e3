//! A run as a code quality report of GitLab: what is wrong or needs a look, at the lines of the
//! files.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Told;
use super::json::render;
use crate::exit::Exit;
use crate::finding::Severity;

/// One entry of the report.
#[derive(Debug, Serialize)]
struct Violation {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
}

/// Collects entries; two that are alike get fingerprints of their own.
#[derive(Default)]
struct Report {
    violations: Vec<Violation>,
    seen: HashMap<String, usize>,
}

impl Report {
    fn add(&mut self, severity: &'static str, check: &str, path: String, line: usize, text: &str) {
        // The line is no part of it: a violation that moves is the same one.
        let key = format!("{check}\0{path}\0{text}");
        let count = self.seen.entry(key.clone()).or_default();
        let hash = Sha256::digest(format!("{key}\0{count}"));
        *count += 1;
        self.violations.push(Violation {
            description: text.to_owned(),
            check_name: check.to_owned(),
            fingerprint: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            severity,
            location: Location {
                path,
                lines: Lines { begin: line },
            },
        });
    }
}

impl Report {
    fn policies(&mut self, changes: &[(String, Vec<String>)], told: &Told<'_>) {
        for (file, words) in changes {
            for word in words {
                self.add("major", "policy-changes", told.places.of(file), 1, word);
            }
        }
    }
}

/// Everything.
pub fn told(told: &Told<'_>) -> String {
    let mut report = Report::default();
    for finding in told.findings {
        let severity = match finding.severity {
            Severity::Error => "blocker",
            Severity::Warning => "minor",
        };
        let line = finding.position.map_or(1, |at| at.line);
        let text = format!("{}; {}", finding.message, finding.help);
        let path = told.places.of(&finding.file);
        report.add(severity, finding.kind, path, line, &text);
    }
    report.policies(told.policies, told);
    for run in told.runs {
        let policy = || told.places.of(&run.policy_file);
        for stale in &run.stale {
            let subject = stale.subject.as_deref().unwrap_or("the kept plan");
            let text = format!("{subject}: {}", stale.why);
            report.add("blocker", "stale-plan", policy(), 1, &text);
        }
        if let Some(pull_request) = &run.pull_request {
            report.policies(&pull_request.policies, told);
        }
        for refusal in run.plan.iter().flat_map(|plan| &plan.refusals) {
            report.add("blocker", refusal.code(), policy(), 1, &refusal.to_string());
        }
        for blocked in run.plan.iter().flat_map(|plan| &plan.blocked) {
            let text = format!(
                "{}: {} ({})",
                blocked.mailbox, blocked.obstacle, blocked.request.id
            );
            let path = told.places.of(&blocked.request.file);
            report.add(
                "major",
                blocked.obstacle.code(),
                path,
                blocked.line as usize,
                &text,
            );
        }
        if run.exit == Exit::Failed {
            report.add("blocker", "failed", policy(), 1, &run.reason);
        }
        let changes = run.plan.iter().flat_map(|plan| &plan.changes);
        for (change, outcome) in changes.zip(run.outcomes.iter().flatten()) {
            if !outcome.is_good() {
                let why = outcome.detail().unwrap_or_default();
                let text = format!("{}: {}: {why}", change.mailbox, outcome.as_str());
                let path = told.places.of(&change.request.file);
                report.add(
                    "critical",
                    outcome.as_str(),
                    path,
                    change.line as usize,
                    &text,
                );
            }
        }
    }
    if let Some(ended) = told.ended.as_ref().filter(|it| it.exit != Exit::Done)
        && told.findings.is_empty()
    {
        let path = told.places.of(&told.requests_at);
        report.add("blocker", "failed", path, 1, &ended.reason);
    }
    render(&report.violations)
}
