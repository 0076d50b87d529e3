//! Every hashed field by itself, and one digest that never changes: saved plans and records of
//! older versions name it.

mod example;

use std::sync::Arc;

use jiff::civil::date;

use self::example::full;
use super::*;
use crate::domain::archive::{Account, State, Target};
use crate::domain::mailbox::Mailbox;
use crate::domain::mapping::export::ExportColumn;
use crate::domain::mapping::scim::{AddressAttribute, Attribute, Mapping, ValueKind};
use crate::domain::mapping::upload_file::{Delimiter, Encoding};
use crate::domain::plan::{Cause, Refusal};
use crate::domain::policy::diff::difference;
use crate::domain::policy::{Language, PortalKind, Provenance};
use crate::domain::request::sample;

/// The digest of [`full`].
const PINNED: &str = "066fa92ed3c70a9ef8a38daced056a2bd9dd34fa08316b3442856f4b30daebfb";

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
        ("mailbox", |it| it.changes[0].mailbox = address("z")),
        ("target", |it| it.changes[0].target = Target::Enabled),
        ("cause", |it| it.changes[0].cause = Cause::Drift),
        ("request", |it| {
            it.changes[0].request = it.changes[2].request.clone()
        }),
        ("from", |it| it.changes[0].from = State::Unknown("?".into())),
        ("id", |it| it.changes[0].id = "other".into()),
        ("version", |it| it.changes[0].version = Some("W/2".into())),
        ("no version", |it| it.changes[0].version = None),
        ("note", |it| it.changes[0].note = Some(Note::KeepingUnknown)),
        ("no note", |it| it.changes[0].note = None),
        ("note's day", |it| {
            it.changes[2].note = Some(Note::ComesBack(date(2026, 12, 2)));
        }),
        ("note's kind", |it| {
            it.changes[2].note = Some(Note::LastDay(date(2026, 12, 1)));
        }),
        ("order", |it| it.changes.swap(0, 1)),
        ("one less", |it| drop(it.changes.pop())),
        ("refusal", |it| {
            it.refusals = vec![Refusal::new("changes", "other")]
        }),
        ("no refusal", |it| it.refusals.clear()),
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
        ("line", |it| it.changes[0].line += 1),
        ("cause from records", |it| {
            it.changes[0].cause = Cause::Recorded
        }),
        ("file", |it| {
            Arc::make_mut(&mut it.changes[0].request).file = "x.yaml".into()
        }),
        ("reason", |it| {
            Arc::make_mut(&mut it.changes[0].request).reason = Some("x".into())
        }),
        ("day kept until", |it| {
            it.changes[0].note = Some(Note::KeptUntil(date(2027, 1, 1)));
        }),
        ("day", |it| it.as_of = date(2027, 1, 1)),
        ("counts", |it| it.in_sync += 1),
        ("pending", |it| {
            it.pending.push(it.changes[0].request.clone())
        }),
    ];
    for (field, otherwise) in fields {
        let mut other = plan.clone();
        otherwise(&mut other);
        assert_ne!(other, plan, "{field}");
        assert_eq!(
            plan_digest(&other, &policy),
            plan_digest(&plan, &policy),
            "{field}"
        );
    }
}

fn mapped(policy: &mut Policy, key: &str) -> Attribute {
    let attribute = Attribute::core(key);
    policy.mapping.request = Some(attribute.clone());
    attribute
}

/// The hashed fields of a policy, each with another value.
const OF_POLICY: &[(&str, InPolicy)] = &[
    ("agency", |it| it.agency.push('B')),
    ("domains", |it| it.domains.truncate(1)),
    ("domains' order", |it| it.domains.reverse()),
    ("approvers", |it| it.approvers.truncate(1)),
    ("another approver", |it| it.approvers[0] = address("uc3")),
    ("portal", |it| it.portal = PortalKind::Files),
    ("terminations", |it| it.limits.terminations += 1),
    ("terminations_percent", |it| {
        it.limits.terminations_percent += 1
    }),
    ("changes", |it| it.limits.changes += 1),
    ("protected", |it| it.protected.truncate(1)),
    ("none protected", |it| it.protected.clear()),
    ("provenance", |it| it.provenance = Provenance::Committed),
    ("recoverable_days", |it| it.recoverable_days = Some(31)),
    ("no recoverable_days", |it| it.recoverable_days = None),
    ("mapping", |it| it.mapping = Mapping::default()),
    ("mapping.mailbox", |it| {
        it.mapping.mailbox = AddressAttribute::UserName
    }),
    ("mapping.state", |it| {
        it.mapping.state.attribute.name = "x".into()
    }),
    ("mapping.state's schema", |it| {
        it.mapping.state.attribute.schema = None
    }),
    ("mapping.state's part", |it| {
        it.mapping.state.attribute.sub = Some("x".into())
    }),
    ("mapping.state.type", |it| {
        it.mapping.state.kind = ValueKind::Integer
    }),
    ("mapping.state.values", |it| {
        it.mapping.state.words =
            Vocabulary::new([("ada", State::Disabled), ("tiada", State::Enabled)]);
    }),
    ("mapping.state.values' order", |it| {
        it.mapping.state.words =
            Vocabulary::new([("tiada", State::Disabled), ("ada", State::Enabled)]);
    }),
    ("mapping.hold", |it| {
        it.mapping.hold.as_mut().expect("held").attribute.name = "x".into();
    }),
    ("mapping.hold.type", |it| {
        it.mapping.hold.as_mut().expect("held").kind = ValueKind::String;
    }),
    ("mapping.hold.values", |it| {
        let words = Vocabulary::new([("true", false), ("false", true)]);
        it.mapping.hold.as_mut().expect("held").words = words;
    }),
    ("no mapping.hold", |it| it.mapping.hold = None),
    ("mapping.account", |it| {
        it.mapping.account.as_mut().expect("one").attribute.name = "x".into();
    }),
    ("mapping.account.type", |it| {
        it.mapping.account.as_mut().expect("one").kind = ValueKind::Boolean;
    }),
    ("mapping.account.values", |it| {
        let words = Vocabulary::new([("1", Account::Active), ("0", Account::Deleted)]);
        it.mapping.account.as_mut().expect("one").words = words;
    }),
    ("no mapping.account", |it| it.mapping.account = None),
    ("mapping.request", |it| drop(mapped(it, "x"))),
    ("no mapping.request", |it| it.mapping.request = None),
    ("mapping.changed_at", |it| {
        it.mapping.changed_at = Some(mapped(it, "rujukan"))
    }),
    ("no mapping.changed_at", |it| it.mapping.changed_at = None),
    ("no mapping.recoverable_until", |it| {
        it.mapping.recoverable_until = None
    }),
    ("export", |it| it.export = ExportMapping::default()),
    ("export.columns", |it| {
        drop(it.export.columns.remove(&ExportColumn::State))
    }),
    ("export.columns' names", |it| {
        it.export
            .columns
            .insert(ExportColumn::State, "Keadaan".into());
    }),
    ("export.columns' meanings", |it| {
        let name = it
            .export
            .columns
            .remove(&ExportColumn::State)
            .expect("a name");
        it.export.columns.insert(ExportColumn::Account, name);
    }),
    ("export.states", |it| {
        it.export.states = Some(Vocabulary::new([
            ("Hidup", State::Enabled),
            ("Mati", State::Disabled),
        ]));
    }),
    ("export.states' meanings", |it| {
        let words = [
            ("Hidup", State::Enabled),
            ("Mati", State::Disabled),
            ("Tiada", State::Terminated),
        ];
        it.export.states = Some(Vocabulary::new(words));
    }),
    ("no export.states", |it| it.export.states = None),
    ("export.accounts", |it| {
        it.export.accounts = Some(Vocabulary::new([
            ("Ya", Account::Active),
            ("Bukan", Account::Deleted),
        ]));
    }),
    ("no export.accounts", |it| it.export.accounts = None),
    ("export.holds", |it| {
        it.export.holds = Some(Vocabulary::new([("Tahan", false), ("Bebas", true)]));
    }),
    ("no export.holds", |it| it.export.holds = None),
    ("export.agency", |it| it.export.agency = Some("LAIN".into())),
    ("no export.agency", |it| it.export.agency = None),
    ("bulk", |it| it.bulk = BulkMapping::default()),
    ("bulk.columns.mailbox", |it| it.bulk.mailbox.push('x')),
    ("bulk.columns.action", |it| it.bulk.action.push('x')),
    ("bulk.columns.request", |it| {
        it.bulk.request = Some("x".into())
    }),
    ("no bulk.columns.request", |it| it.bulk.request = None),
    ("bulk.actions.enable", |it| it.bulk.enable.push('x')),
    ("bulk.actions.terminate", |it| it.bulk.terminate.push('x')),
    ("bulk.actions", |it| {
        std::mem::swap(&mut it.bulk.enable, &mut it.bulk.terminate)
    }),
    ("bulk.delimiter", |it| it.bulk.delimiter = Delimiter::Comma),
    ("bulk.encoding", |it| it.bulk.encoding = Encoding::Utf8),
];

#[test]
fn each_hashed_field_of_a_policy_changes_both_digests() {
    let (plan, policy) = full();
    let digests = |policy: &Policy| {
        [plan_digest(&plan, policy), policy_digest(policy)].map(|it| it.to_string())
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
        let is_shown = !difference(&policy, &other).is_empty();
        // Nothing depends on their order.
        assert_eq!(is_shown, *field != "domains' order", "{field}");
    }
}

#[test]
fn what_decides_nothing_leaves_a_policys_digest_alone() {
    let (_, policy) = full();
    let fields: [(&str, InPolicy); 5] = [
        ("file", |it| it.file = "x/agency.yaml".into()),
        ("name", |it| it.name.push('x')),
        ("former_approvers", |it| {
            it.former_approvers.push(address("lama"))
        }),
        ("language", |it| it.language = Language::English),
        ("notices", |it| {
            let since = "notices: {since: 2026-11-01, from: uc@agensi.example}";
            it.notices = sample::policy("A", since).notices;
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
