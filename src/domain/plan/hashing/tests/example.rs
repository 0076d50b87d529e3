//! A plan and a policy that say something in every field.

use super::address;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mapping::scim::{
    AddressAttribute, AttributeName, MappedAttribute, Mapping, ValueKind,
};
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::plan::hashing::*;
use crate::domain::policy::{ApprovalProvenance, PortalKind};
use crate::domain::request::sample;
use crate::domain::request::sample::change;
use jiff::civil::date;

/// A plan and a policy in which every hashed field says something.
pub(super) fn full() -> (Plan, Policy) {
    let more = "\
export:
  columns: { mailbox: Pengenalan, state: Status }
  states: { enabled: [Hidup], disabled: [Mati, Tiada] }
  accounts: { active: [Ya], disabled: [Bukan] }
  holds: { held: [Tahan], free: [Bebas] }
  agency: JABATAN CONTOH
bulk:
  columns: { mailbox: Alamat, action: Buat, request: Nombor }
  actions: { enable: TAMBAH, terminate: BUANG }
  delimiter: tab
  encoding: windows-1252
limits: { terminations: 3, terminations_percent: 7, changes: 11 }
protected: [p@agensi.example, q@agensi.example]
recoverable_days: 30
";
    let attribute = |name: &str| AttributeName {
        schema: Some("urn:example:peti".into()),
        ..AttributeName::core_attribute(name)
    };
    let mut policy = sample::policy("Jabatan", more);
    policy.domains.push("lain.example".into());
    policy.approvers.push(address("uc2"));
    policy.portal = PortalKind::Scim;
    policy.provenance = ApprovalProvenance::Signed;
    policy.mapping = Mapping {
        mailbox: AddressAttribute::Emails,
        state: MappedAttribute {
            attribute: attribute("arkib"),
            kind: ValueKind::String,
            words: Vocabulary::new([("ada", State::Enabled), ("tiada", State::Disabled)]),
        },
        hold: Some(MappedAttribute {
            attribute: attribute("tahan"),
            kind: ValueKind::Boolean,
            words: Vocabulary::new([("true", true), ("false", false)]),
        }),
        account: Some(MappedAttribute {
            attribute: attribute("akaun"),
            kind: ValueKind::Integer,
            words: Vocabulary::new([("1", AccountState::Active), ("0", AccountState::Disabled)]),
        }),
        request: Some(attribute("rujukan")),
        changed_at: Some(attribute("masa")),
        recoverable_until: Some(attribute("hingga")),
    };
    (planned(&policy), policy)
}

/// A plan of two terminations, which is over a limit, and an enabling.
fn planned(policy: &Policy) -> Plan {
    let ends = change("R-1", "terminate", &["a", "b"], "2026-01-03", "");
    let enables = change("R-2", "enable", &["c"], "2026-01-03", "");
    let desired = crate::domain::desired::fold_requests(
        &[ends.clone(), enables.clone()],
        date(2026, 11, 23),
        &Default::default(),
    );
    let seen = |user: &str, state| ObservedMailbox {
        version: Some("W/1".into()),
        ..crate::domain::observed::sample_mailbox(&format!("{user}@agensi.example"), user, state)
    };
    let portal =
        vec![seen("a", State::Enabled), seen("b", State::Enabled), seen("c", State::Terminated)];
    let mut plan = crate::domain::plan::plan(&desired, &Observed::new(portal, true), policy);
    plan.changes[2].note = Some(Note::ComesBack(date(2026, 12, 1)));
    assert_eq!((plan.changes.len(), plan.refusals.len()), (3, 1));
    plan
}
