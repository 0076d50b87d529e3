//! An agency's policy, `agency.yaml`: its approvers, its domains, and the limits that a plan may not
//! exceed. Pure.

mod allowed_signers;
mod authorities;
pub mod diff;
mod enums;
pub mod export_file;
pub mod mapping;
pub mod notices;
pub mod raw;
pub mod required_approvals;
pub mod signer_files;
pub mod upload_file;
pub mod vocabulary;

pub use enums::{ApprovalProvenance, PortalKind};

use std::sync::Arc;

use jiff::civil::Date;
use raw::{RawLimits, RawPolicy};
use required_approvals::RequiredApprovals;

use crate::domain::field_validator::FieldValidator;
use crate::domain::mailbox_address::{Mailbox, is_domain};
use crate::domain::mapping::export_file::ExportMapping;
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::upload_file::UploadFileFormat;
use crate::language::Language;
use crate::text::excerpt;
use crate::yaml::{Text, UnlocatedFinding, WholeNumber, YamlPath};

/// The name of the policy's file in an agency's folder.
pub const FILE_NAME: &str = "agency.yaml";

/// The policy of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its file, as the user names it.
    pub file: Arc<str>,
    /// The agency's short name.
    pub agency: String,
    /// Its full name.
    pub name: String,
    /// The domains of its mailboxes, in lower case.
    pub domains: Vec<String>,
    /// Who may approve (procedure section 5).
    pub approvers: Vec<Mailbox>,
    /// How many of them each action needs.
    pub approvals: RequiredApprovals,
    /// What stands for this repository in signed statements.
    pub repository: Option<String>,
    /// Who approved in the past; those approvals remain valid.
    pub former_approvers: Vec<Mailbox>,
    /// The language of notices and the register.
    pub language: Language,
    /// Where the mailboxes are.
    pub portal: PortalKind,
    /// The names and words of a SCIM portal.
    pub mapping: Mapping,
    /// How much one run may change.
    pub limits: ChangeLimits,
    /// Mailboxes that arkib never terminates.
    pub protected: Vec<Mailbox>,
    /// How an approval is verified.
    pub provenance: ApprovalProvenance,
    /// For how many days the portal keeps a terminated archive, if the agency knows.
    pub recoverable_days: Option<u32>,
    /// The day on which the portal was set up anew: all accounts that it had then were always there.
    pub portal_since: Option<Date>,
    /// How notices are given, if at all.
    pub notices: Option<notices::Notices>,
    /// How the export of a portal operated by people is read.
    pub export: ExportMapping,
    /// How the changes for such a portal are written.
    pub bulk: UploadFileFormat,
}

impl Policy {
    /// Whether a mailbox belongs to one of the agency's domains.
    pub fn owns_domain_of(&self, mailbox: &Mailbox) -> bool {
        self.domains.iter().any(|domain| domain == mailbox.domain())
    }

    /// Whether another agency has a portal of the same kind and reads it in the same way. (The export of a
    /// portal that people operate belongs to one agency.)
    pub fn reads_portal_as(&self, other: &Self) -> bool {
        self.portal == other.portal
            && self.mapping == other.mapping
            && self.portal != PortalKind::Files
    }
}

/// How much one run may change before a person must accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeLimits {
    /// The most terminations.
    pub terminations: u64,
    /// The most terminations, as a percentage of the archives that requests keep.
    pub terminations_percent: u64,
    /// The most changes of any kind.
    pub changes: u64,
}

impl Default for ChangeLimits {
    fn default() -> Self {
        Self { terminations: 10, terminations_percent: 5, changes: 500 }
    }
}

/// Checks a draft.
///
/// # Errors
/// All issues of the file.
pub fn check(draft: &RawPolicy, file: &Arc<str>) -> Result<Policy, Vec<UnlocatedFinding>> {
    let mut fields = FieldValidator::default();
    fields.check_version(&draft.version);
    let agency = fields
        .required(&draft.agency, "agency")
        .and_then(|text| fields.validate_text(text, "agency", 40));
    let name = fields
        .required(&draft.name, "name")
        .and_then(|text| fields.validate_text(text, "name", 200));
    let domains = validate_domains(draft, &mut fields);
    let named = fields.required(&draft.approvers, "approvers");
    if named.is_some_and(Vec::is_empty) {
        let found = message!("policy-no-approver");
        let help = message!("policy-no-approver-help");
        fields.add_issue(YamlPath::keys("approvers"), "no-approvers", found, help);
    }
    let approvers = validate_mailboxes(&draft.approvers, "approvers", &mut fields);
    let former_approvers =
        validate_mailboxes(&draft.former_approvers, "former_approvers", &mut fields);
    let protected = validate_mailboxes(&draft.protected, "protected", &mut fields);
    let language = fields.validate_optional_choice(&draft.language, "language", &Language::WORDS);
    fields.required(&draft.portal, "portal");
    let portal = fields.validate_optional_choice(&draft.portal, "portal", &PortalKind::WORDS);
    let mapping = mapping::check(draft.mapping.as_ref(), portal, &mut fields);
    let provenance = fields.validate_optional_choice(
        &draft.provenance,
        "provenance",
        &ApprovalProvenance::WORDS,
    );
    let approvals = required_approvals::check(draft.approvals.as_ref(), &approvers, &mut fields);
    let repository = validate_repository(draft, provenance, &mut fields);
    let limits = validate_limits(draft.limits.as_ref(), &mut fields);
    let recoverable_days = validate_recoverable_days(draft, &mut fields);
    let portal_since = fields.validate_date(&draft.portal_since, "portal_since");
    let notices = notices::check(draft.notices.as_ref(), &mut fields);
    let export = export_file::check(draft.export.as_ref(), &mut fields);
    let bulk = upload_file::check(draft.bulk.as_ref(), &mut fields);
    match (agency, name, portal) {
        (Some(agency), Some(name), Some(portal)) if fields.issues.is_empty() => Ok(Policy {
            file: Arc::clone(file),
            agency,
            name,
            domains,
            approvers,
            approvals,
            repository,
            former_approvers,
            language: language.unwrap_or(Language::Malay),
            portal,
            mapping,
            limits,
            protected,
            provenance: provenance.unwrap_or(ApprovalProvenance::Committed),
            recoverable_days,
            portal_since,
            notices,
            export,
            bulk,
        }),
        _ => Err(fields.issues),
    }
}

fn validate_domains(draft: &RawPolicy, fields: &mut FieldValidator) -> Vec<String> {
    let at = YamlPath::keys("domains");
    let texts = fields.required(&draft.domains, "domains");
    if texts.is_some_and(Vec::is_empty) {
        let found = message!("policy-no-domain");
        let help = message!("policy-no-domain-help");
        fields.add_issue(at.clone(), "no-domains", found, help);
    }
    let mut domains = Vec::new();
    for (index, Text(domain)) in texts.into_iter().flatten().enumerate() {
        if !is_domain(domain) {
            fields.add_issue(
                at.index(index),
                "not-a-domain",
                message!("policy-domain", text = excerpt(domain, 80)),
                message!("policy-domain-help"),
            );
        }
        domains.push(domain.to_ascii_lowercase());
    }
    domains
}

fn validate_mailboxes(
    texts: &Option<Vec<Text>>,
    key: &str,
    fields: &mut FieldValidator,
) -> Vec<Mailbox> {
    let at = YamlPath::keys(key);
    let each = texts.iter().flatten().enumerate();
    each.filter_map(|(index, text)| fields.validate_mailbox(text, || at.index(index))).collect()
}

/// A signed approval says in which repository it counts.
fn validate_repository(
    draft: &RawPolicy,
    provenance: Option<ApprovalProvenance>,
    fields: &mut FieldValidator,
) -> Option<String> {
    let help = message!("policy-repository-help");
    let at = YamlPath::keys("repository");
    let Some(Text(text)) = draft.repository.as_ref() else {
        if provenance == Some(ApprovalProvenance::Signed) {
            let why = message!("policy-no-repository");
            fields.add_issue(at, "missing-key", why, help);
        }
        return None;
    };
    let is_good = (16..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_good {
        let shown = excerpt(text, 80);
        let why = message!("policy-repository", shown);
        fields.add_issue(at, "bad-repository", why, help);
    }
    Some(text.clone())
}

fn validate_limits(draft: Option<&RawLimits>, fields: &mut FieldValidator) -> ChangeLimits {
    let usual = ChangeLimits::default();
    let Some(draft) = draft else { return usual };
    let or =
        |value: &Option<WholeNumber>, usual: u64| value.map_or(usual, |WholeNumber(number)| number);
    let limits = ChangeLimits {
        terminations: or(&draft.terminations, usual.terminations),
        terminations_percent: or(&draft.terminations_percent, usual.terminations_percent),
        changes: or(&draft.changes, usual.changes),
    };
    if limits.terminations_percent > 100 {
        fields.add_issue(
            YamlPath::keys("limits.terminations_percent"),
            "bad-percentage",
            message!("policy-percent", percent = limits.terminations_percent),
            message!("policy-percent-help"),
        );
    }
    limits
}

fn validate_recoverable_days(draft: &RawPolicy, fields: &mut FieldValidator) -> Option<u32> {
    let WholeNumber(days) = (*draft.recoverable_days)?;
    let known = u32::try_from(days).ok().filter(|days| *days <= 36_500);
    if known.is_none() {
        fields.add_issue(
            YamlPath::keys("recoverable_days"),
            "bad-number",
            message!("policy-days", days),
            message!("policy-days-help"),
        );
    }
    known
}
