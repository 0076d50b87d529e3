//! The figures of a run, and that the text is OpenMetrics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::change_outcome::Outcome;
use crate::domain::desired::fold_requests;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::request::sample::{change, policy};
use crate::exit::Exit;

fn result() -> AgencyResult {
    let seen = |name: &str, state| sample_mailbox(&format!("{name}@agensi.example"), name, state);
    let drifted = ObservedMailbox {
        request: Some("R-1".into()),
        changed_at: "2026-11-09T20:00:00Z".parse().ok(),
        ..seen("tan", State::Disabled)
    };
    let observed = vec![
        drifted,
        seen("siti", State::Enabled),
        seen("kamal", State::Enabled),
        seen("due", State::Enabled),
    ];
    let requests: [Arc<_>; 4] = [
        change("R-1", "enable", &["tan", "siti"], "2026-11-03", ""),
        change("R-2", "terminate", &["due"], "2026-11-09", ""),
        change("R-3", "enable", &["gone"], "2026-11-08", ""),
        change("R-4", "enable", &["asked"], "", ""),
    ];
    let desired = fold_requests(&requests, date(2026, 11, 10), &UnverifiedApprovals::new());
    let policy = policy("A", "");
    AgencyResult {
        agency: "A\\B \"C\"\n".into(),
        plan: Some(plan(&desired, &Observed::new(observed, true), &policy)),
        outcomes: Some(vec![
            Outcome::Applied { settling: false },
            Outcome::Failed { why: "no".into() },
        ]),
        exit: Exit::Partly,
        ..AgencyResult::default()
    }
}

fn figures() -> RunFigures {
    let ended = "2026-11-09T23:00:00Z".parse().expect("a moment");
    RunFigures { ended, seconds: 1.25, status: 3 }
}

/// The samples of a text, by name and labels, held against the grammar of OpenMetrics 1.0: families in one
/// piece and declared before their samples, labels escaped, numbers, no sample twice, `# EOF` at the end.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let body = text.strip_suffix("# EOF\n").expect("the end");
    let (mut samples, mut families, mut family) = (BTreeMap::new(), BTreeSet::new(), "");
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let (kind, rest) = rest.split_once(' ').expect("a name");
            let (name, value) = rest.split_once(' ').expect("a value");
            match kind {
                "TYPE" => {
                    assert!(value == "gauge" && families.insert(name), "{line}");
                    family = name;
                }
                "UNIT" => assert!(name == family && name.ends_with(&format!("_{value}")), "{line}"),
                "HELP" => assert_eq!(name, family, "{line}"),
                other => panic!("{other}"),
            }
            continue;
        }
        let (sample, number) = line.rsplit_once(' ').expect("a number");
        let (name, labels) = match sample.split_once('{') {
            Some((name, labels)) => (name, labels.strip_suffix('}').expect("the labels' end")),
            None => (sample, ""),
        };
        assert_eq!(name, family, "{line}");
        parse_labels(labels);
        let number: f64 = number.parse().expect("a number");
        assert!(samples.insert(sample.to_owned(), number).is_none(), "twice: {line}");
    }
    samples
}

fn parse_labels(mut rest: &str) {
    while !rest.is_empty() {
        let (name, value) = rest.split_once("=\"").expect("a label");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        let mut escaped = false;
        let end = value.find(|character| {
            let is_end = character == '"' && !escaped;
            assert!(!escaped || "\\\"n".contains(character), "{value}");
            escaped = character == '\\' && !escaped;
            is_end
        });
        rest = &value[end.expect("the value's end") + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

#[test]
fn each_figure_of_a_run_is_there_once() {
    let end = "2026-11-10T23:00:00Z".parse().ok();
    let samples = parse(&render(&[(&result(), end)], &figures()));
    let agency = "agency=\"A\\\\B \\\"C\\\"␊\"";
    let day = 86_400.0;
    for (sample, value) in [
        (format!("arkib_mailboxes{{{agency},state=\"enable\"}}"), 1.0),
        (format!("arkib_mailboxes{{{agency},state=\"terminate\"}}"), 1.0),
        (format!("arkib_mailboxes{{{agency},state=\"blocked\"}}"), 1.0),
        (format!("arkib_mailboxes{{{agency},state=\"in_progress\"}}"), 0.0),
        (format!("arkib_mailboxes{{{agency},state=\"in_sync\"}}"), 1.0),
        (format!("arkib_mailboxes{{{agency},state=\"unmanaged\"}}"), 1.0),
        (format!("arkib_requests{{{agency},state=\"pending\"}}"), 1.0),
        (format!("arkib_requests{{{agency},state=\"scheduled\"}}"), 0.0),
        (format!("arkib_changes{{{agency},action=\"enable\",cause=\"drift\"}}"), 1.0),
        (format!("arkib_changes{{{agency},action=\"enable\",cause=\"request\"}}"), 0.0),
        (format!("arkib_changes{{{agency},action=\"terminate\",cause=\"request\"}}"), 1.0),
        (format!("arkib_outcomes{{{agency},outcome=\"applied\"}}"), 1.0),
        (format!("arkib_outcomes{{{agency},outcome=\"failed\"}}"), 1.0),
        (format!("arkib_outcomes{{{agency},outcome=\"unknown\"}}"), 0.0),
        // Received on 2026-01-01, due on 2026-11-08, changed three hours before.
        (format!("arkib_oldest_seconds{{{agency},kind=\"pending\"}}"), 313.0 * day),
        (format!("arkib_oldest_seconds{{{agency},kind=\"blocked\"}}"), 2.0 * day),
        (format!("arkib_oldest_seconds{{{agency},kind=\"drift\"}}"), 10_800.0),
        (format!("arkib_next_key_end_seconds{{{agency}}}"), day),
        (format!("arkib_agency_exit_status{{{agency}}}"), 3.0),
        ("arkib_run_exit_status".to_owned(), 3.0),
        ("arkib_run_duration_seconds".to_owned(), 1.25),
        ("arkib_run_end_timestamp_seconds".to_owned(), 1_794_265_200.0),
    ] {
        assert_eq!(samples.get(&sample), Some(&value), "{sample} of {samples:#?}");
    }
}

#[test]
fn a_run_without_a_plan_has_its_own_figures() {
    let failed = AgencyResult { agency: "A".into(), exit: Exit::Failed, ..AgencyResult::default() };
    let samples = parse(&render(&[(&failed, None)], &figures()));
    let names: Vec<&str> = samples.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "arkib_agency_exit_status{agency=\"A\"}",
            "arkib_run_duration_seconds",
            "arkib_run_end_timestamp_seconds",
            "arkib_run_exit_status"
        ]
    );
    assert_eq!(parse(&render(&[], &figures())).len(), 3);
}
