//! Every hashed field by itself, and one digest that never changes: saved plans and records of
//! older versions name it.

mod example;

use std::sync::Arc;

use jiff::civil::date;

use self::example::full;
use super::*;
use crate::domain::archive_state::{AccountState, State, Target};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::export_file::ExportField;
use crate::domain::mapping::scim::{AddressAttribute, AttributeName, Mapping, ValueKind};
use crate::domain::mapping::upload_file::{Delimiter, Encoding};
use crate::domain::plan::{Cause, Refusal};
use crate::domain::policy::diff::describe_changes;
use crate::domain::policy::{ApprovalProvenance, PortalKind};
use crate::domain::request::sample;
use crate::language::Language;

/// The digest of [`full`].
const PINNED: &str = "b18b87428081169526a26e7fa6cb71f7055b9485eebb39b6b9a1f76d6a947617";

fn address(user: &str) -> Mailbox {
    Mailbox::from_portal(&format!("{user}@agensi.example"))
}

#[test]
fn one_plan_has_the_digest_that_it_always_had() {
    let (plan, policy) = full();
    assert_eq!(plan_digest(&plan, &policy).to_string(), PINNED);
}

type InPlan = fn(&mut Plan);
type InPolicy = fn(&mut Policy);

#[test]
fn each_hashed_field_of_a_plan_changes_its_digest() {
    let (plan, policy) = full();
    let fields: [(&str, InPlan); 16] = [
        ("mailbox", |value| value.changes[0].mailbox = address("z")),
        ("target", |value| value.changes[0].target = Target::Enabled),
        ("cause", |value| value.changes[0].cause = Cause::Drift),
        ("request", |value| value.changes[0].request = value.changes[2].request.clone()),
        ("from", |value| value.changes[0].from = State::Unknown("?".into())),
        ("id", |value| value.changes[0].id = "other".into()),
        ("version", |value| value.changes[0].version = Some("W/2".into())),
        ("no version", |value| value.changes[0].version = None),
        ("note", |value| value.changes[0].note = Some(Note::KeepingUnknown)),
        ("no note", |value| value.changes[0].note = None),
        ("note's day", |value| {
            value.changes[2].note = Some(Note::ComesBack(date(2026, 12, 2)));
        }),
        ("note's kind", |value| {
            value.changes[2].note = Some(Note::LastDay(date(2026, 12, 1)));
        }),
        ("order", |value| value.changes.swap(0, 1)),
        ("one less", |value| drop(value.changes.pop())),
        ("refusal", |value| value.refusals = vec![Refusal::new("changes", &[9, 1], "other")]),
        ("no refusal", |value| value.refusals.clear()),
    ];
    let mut digests = vec![plan_digest(&plan, &policy).to_string()];
    for (field, otherwise) in fields {
        let mut plan = plan.clone();
        otherwise(&mut plan);
        let digest = plan_digest(&plan, &policy).to_string();
        assert!(!digests.contains(&digest), "{field}");
        digests.push(digest);
    }
}

#[test]
fn what_is_not_reviewed_leaves_a_plans_digest_alone() {
    let (plan, policy) = full();
    let fields: [(&str, InPlan); 8] = [
        ("line", |value| value.changes[0].line += 1),
        ("cause from records", |value| value.changes[0].cause = Cause::Recorded),
        ("file", |value| Arc::make_mut(&mut value.changes[0].request).file = "x.yaml".into()),
        ("reason", |value| Arc::make_mut(&mut value.changes[0].request).reason = Some("x".into())),
        ("day kept until", |value| {
            value.changes[0].note = Some(Note::KeptUntil(date(2027, 1, 1)));
        }),
        ("day", |value| value.as_of = date(2027, 1, 1)),
        ("counts", |value| value.in_sync += 1),
        ("pending", |value| value.pending.push(value.changes[0].request.clone())),
    ];
    for (field, otherwise) in fields {
        let mut other = plan.clone();
        otherwise(&mut other);
        assert_ne!(other, plan, "{field}");
        assert_eq!(plan_digest(&other, &policy), plan_digest(&plan, &policy), "{field}");
    }
}

fn mapped(policy: &mut Policy, key: &str) -> AttributeName {
    let attribute = AttributeName::core_attribute(key);
    policy.mapping.request = Some(attribute.clone());
    attribute
}

/// The hashed fields of a policy, each with another value.
const OF_POLICY: &[(&str, InPolicy)] = &[
    ("agency", |value| value.agency.push('B')),
    ("domains", |value| value.domains.truncate(1)),
    ("domains' order", |value| value.domains.reverse()),
    ("approvers", |value| value.approvers.truncate(1)),
    ("approvals.enable", |value| value.approvals.enable = 2),
    ("approvals.terminate", |value| value.approvals.terminate = 2),
    ("approvals.withdraw", |value| value.approvals.withdraw = 2),
    ("approvals.since", |value| value.approvals.since = Some(date(2026, 12, 1))),
    ("repository", |value| value.repository = Some("0198c1d2e3f40516".into())),
    ("another approver", |value| value.approvers[0] = address("uc3")),
    ("portal", |value| value.portal = PortalKind::Files),
    ("terminations", |value| value.limits.terminations += 1),
    ("terminations_percent", |value| value.limits.terminations_percent += 1),
    ("changes", |value| value.limits.changes += 1),
    ("protected", |value| value.protected.truncate(1)),
    ("none protected", |value| value.protected.clear()),
    ("provenance", |value| value.provenance = ApprovalProvenance::Committed),
    ("recoverable_days", |value| value.recoverable_days = Some(31)),
    ("no recoverable_days", |value| value.recoverable_days = None),
    ("mapping", |value| value.mapping = Mapping::default()),
    ("mapping.mailbox", |value| value.mapping.mailbox = AddressAttribute::UserName),
    ("mapping.state", |value| value.mapping.state.attribute.name = "x".into()),
    ("mapping.state's schema", |value| value.mapping.state.attribute.schema = None),
    ("mapping.state's part", |value| value.mapping.state.attribute.sub = Some("x".into())),
    ("mapping.state.type", |value| value.mapping.state.kind = ValueKind::Integer),
    ("mapping.state.values", |value| {
        value.mapping.state.words =
            Vocabulary::new([("ada", State::Disabled), ("tiada", State::Enabled)]);
    }),
    ("mapping.state.values' order", |value| {
        value.mapping.state.words =
            Vocabulary::new([("tiada", State::Disabled), ("ada", State::Enabled)]);
    }),
    ("mapping.hold", |value| {
        value.mapping.hold.as_mut().expect("held").attribute.name = "x".into();
    }),
    ("mapping.hold.type", |value| {
        value.mapping.hold.as_mut().expect("held").kind = ValueKind::String;
    }),
    ("mapping.hold.values", |value| {
        let words = Vocabulary::new([("true", false), ("false", true)]);
        value.mapping.hold.as_mut().expect("held").words = words;
    }),
    ("no mapping.hold", |value| value.mapping.hold = None),
    ("mapping.account", |value| {
        value.mapping.account.as_mut().expect("one").attribute.name = "x".into();
    }),
    ("mapping.account.type", |value| {
        value.mapping.account.as_mut().expect("one").kind = ValueKind::Boolean;
    }),
    ("mapping.account.values", |value| {
        let words = Vocabulary::new([("1", AccountState::Active), ("0", AccountState::Deleted)]);
        value.mapping.account.as_mut().expect("one").words = words;
    }),
    ("no mapping.account", |value| value.mapping.account = None),
    ("mapping.request", |value| drop(mapped(value, "x"))),
    ("no mapping.request", |value| value.mapping.request = None),
    ("mapping.changed_at", |value| value.mapping.changed_at = Some(mapped(value, "rujukan"))),
    ("no mapping.changed_at", |value| value.mapping.changed_at = None),
    ("no mapping.recoverable_until", |value| value.mapping.recoverable_until = None),
    ("export", |value| value.export = ExportMapping::default()),
    ("export.columns", |value| drop(value.export.columns.remove(&ExportField::State))),
    ("export.columns' names", |value| {
        value.export.columns.insert(ExportField::State, "Keadaan".into());
    }),
    ("export.columns' meanings", |value| {
        let name = value.export.columns.remove(&ExportField::State).expect("a name");
        value.export.columns.insert(ExportField::Account, name);
    }),
    ("export.states", |value| {
        value.export.states =
            Some(Vocabulary::new([("Hidup", State::Enabled), ("Mati", State::Disabled)]));
    }),
    ("export.states' meanings", |value| {
        let words =
            [("Hidup", State::Enabled), ("Mati", State::Disabled), ("Tiada", State::Terminated)];
        value.export.states = Some(Vocabulary::new(words));
    }),
    ("no export.states", |value| value.export.states = None),
    ("export.accounts", |value| {
        value.export.accounts =
            Some(Vocabulary::new([("Ya", AccountState::Active), ("Bukan", AccountState::Deleted)]));
    }),
    ("no export.accounts", |value| value.export.accounts = None),
    ("export.holds", |value| {
        value.export.holds = Some(Vocabulary::new([("Tahan", false), ("Bebas", true)]));
    }),
    ("no export.holds", |value| value.export.holds = None),
    ("export.agency", |value| value.export.agency = Some("LAIN".into())),
    ("no export.agency", |value| value.export.agency = None),
    ("bulk", |value| value.bulk = UploadFileFormat::default()),
    ("bulk.columns.mailbox", |value| value.bulk.mailbox.push('x')),
    ("bulk.columns.action", |value| value.bulk.action.push('x')),
    ("bulk.columns.request", |value| value.bulk.request = Some("x".into())),
    ("no bulk.columns.request", |value| value.bulk.request = None),
    ("bulk.actions.enable", |value| value.bulk.enable.push('x')),
    ("bulk.actions.terminate", |value| value.bulk.terminate.push('x')),
    ("bulk.actions", |value| std::mem::swap(&mut value.bulk.enable, &mut value.bulk.terminate)),
    ("bulk.delimiter", |value| value.bulk.delimiter = Delimiter::Comma),
    ("bulk.encoding", |value| value.bulk.encoding = Encoding::Utf8),
];

#[test]
fn each_hashed_field_of_a_policy_changes_both_digests() {
    let (plan, policy) = full();
    let digests = |policy: &Policy| {
        [plan_digest(&plan, policy), policy_digest(policy)].map(|value| value.to_string())
    };
    let mut known = digests(&policy).to_vec();
    for (field, otherwise) in OF_POLICY {
        let mut policy = policy.clone();
        otherwise(&mut policy);
        for digest in digests(&policy) {
            assert!(!known.contains(&digest), "{field}");
            known.push(digest);
        }
    }
}

#[test]
fn each_hashed_field_of_a_policy_is_shown_to_a_reviewer() {
    let (_, policy) = full();
    for (field, otherwise) in OF_POLICY {
        let mut other = policy.clone();
        otherwise(&mut other);
        let is_shown = !describe_changes(&policy, &other).is_empty();
        // Nothing depends on their order.
        assert_eq!(is_shown, *field != "domains' order", "{field}");
    }
}

#[test]
fn what_decides_nothing_leaves_a_policys_digest_alone() {
    let (_, policy) = full();
    let fields: [(&str, InPolicy); 5] = [
        ("file", |value| value.file = "x/agency.yaml".into()),
        ("name", |value| value.name.push('x')),
        ("former_approvers", |value| value.former_approvers.push(address("lama"))),
        ("language", |value| value.language = Language::English),
        ("notices", |value| {
            let since = "notices: {since: 2026-11-01, from: uc@agensi.example}";
            value.notices = sample::policy("A", since).notices;
        }),
    ];
    for (field, otherwise) in fields {
        let mut other = policy.clone();
        otherwise(&mut other);
        assert_ne!(other, policy, "{field}");
        assert_eq!(policy_digest(&other), policy_digest(&policy), "{field}");
    }
}

#[test]
fn fields_do_not_run_into_each_other() {
    let rows = |name: &str, rows: &[&[&str]]| {
        let each = rows.iter().map(|row| row.to_vec());
        rows_digest(name, each).to_string()
    };
    let digests = [
        rows("n", &[]),
        rows("m", &[]),
        rows("n", &[&[]]),
        rows("n", &[&[""]]),
        rows("n", &[&["ab", "c"]]),
        rows("n", &[&["a", "bc"]]),
        rows("n", &[&["abc"]]),
        rows("n", &[&["ab"], &["c"]]),
        rows("n", &[&["c"], &["ab"]]),
    ];
    let different: std::collections::HashSet<&String> = digests.iter().collect();
    assert_eq!(different.len(), digests.len());

    let one = ([1; 32], [2; 32]);
    let files = |files: &[(&str, &[u8; 32])]| files_digest(files.iter().copied());
    let both = files(&[("a", &one.0), ("b", &one.1)]);
    assert_ne!(both, files(&[("a", &one.1), ("b", &one.0)]));
    assert_ne!(both, files(&[("a", &one.0), ("c", &one.1)]));
    assert_ne!(both, files(&[("a", &one.0)]));
}
