//! What all cases have in common, made once.

use std::sync::LazyLock;

use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::policy::{ApprovalProvenance, ChangeLimits, Policy, PortalKind};
use arkib::language::Language;

pub fn mailbox(number: u8) -> Mailbox {
    static ALL: LazyLock<Vec<Mailbox>> = LazyLock::new(|| {
        let all = (0..=u8::MAX).map(|number| format!("m{number}@agensi.example"));
        all.map(|address| Mailbox::parse(&address).unwrap()).collect()
    });
    ALL[usize::from(number)].clone()
}

pub fn policy() -> Policy {
    static POLICY: LazyLock<Policy> = LazyLock::new(make_policy);
    POLICY.clone()
}

fn make_policy() -> Policy {
    Policy {
        file: "requests/agency.yaml".into(),
        agency: "CONTOH".into(),
        name: "Jabatan Contoh".into(),
        domains: vec!["agensi.example".into()],
        approvers: vec![],
        approvals: Default::default(),
        repository: None,
        former_approvers: vec![],
        language: Language::Malay,
        portal: PortalKind::Embedded,
        mapping: arkib::domain::mapping::scim::Mapping::default(),
        limits: ChangeLimits::default(),
        protected: vec![mailbox(7)],
        provenance: ApprovalProvenance::Committed,
        recoverable_days: Some(30),
        portal_since: None,
        notices: None,
        export: Default::default(),
        bulk: Default::default(),
    }
}
