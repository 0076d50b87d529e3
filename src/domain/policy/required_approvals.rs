//! How many different approvers each action needs (procedure section 5). Pure.

use jiff::civil::Date;

use super::raw::RawRequiredApprovals;
use crate::domain::archive_state::Target;
use crate::domain::field_validator::FieldValidator;
use crate::domain::mailbox_address::Mailbox;
use crate::yaml::{Optional, WholeNumber, YamlPath};

/// The most approvals of a request.
pub const MAX_APPROVALS: usize = 20;

/// How many different approvers each action needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequiredApprovals {
    /// To enable archives.
    pub enable: usize,
    /// To terminate archives.
    pub terminate: usize,
    /// To withdraw a request.
    pub withdraw: usize,
    /// The day from which on these numbers count; before it, one approver is enough.
    pub since: Option<Date>,
}

impl Default for RequiredApprovals {
    fn default() -> Self {
        Self { enable: 1, terminate: 1, withdraw: 1, since: None }
    }
}

impl RequiredApprovals {
    /// How many a request needs whose latest approval is of that day.
    /// `target` is what it wants for archives; `None` for a withdrawal.
    pub fn required(&self, target: Option<Target>, latest: Option<&Date>) -> usize {
        if let (Some(since), Some(latest)) = (self.since, latest)
            && *latest < since
        {
            return 1;
        }
        match target {
            Some(Target::Enabled) => self.enable,
            Some(Target::Terminated) => self.terminate,
            None => self.withdraw,
        }
    }
}

/// Checks the section `approvals`.
pub(super) fn check(
    draft: Option<&RawRequiredApprovals>,
    approvers: &[Mailbox],
    fields: &mut FieldValidator,
) -> RequiredApprovals {
    let Some(draft) = draft else { return RequiredApprovals::default() };
    let mut read = |key: &str, value: &Optional<WholeNumber>| {
        let Some(WholeNumber(number)) = **value else { return 1 };
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let (most, because) = match approvers.len() {
            count @ ..=MAX_APPROVALS => (count.max(1), message!("policy-number-of-approvers")),
            _ => (MAX_APPROVALS, message!("policy-most-approvals")),
        };
        if !(1..=most).contains(&number) {
            fields.add_issue(
                YamlPath::keys("approvals").key(key),
                "bad-number-of-approvals",
                message!("policy-required", number, most, because),
                message!("policy-required-help"),
            );
        }
        number
    };
    RequiredApprovals {
        enable: read("enable", &draft.enable),
        terminate: read("terminate", &draft.terminate),
        withdraw: read("withdraw", &draft.withdraw),
        since: fields.validate_date(&draft.since, "approvals.since"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_approvals_are_asked_for_than_there_can_be() {
        for (approvers, asked, expected) in [
            (2, 2, None),
            (2, 3, Some("found 3, expected 1 to 2, the number of approvers")),
            (2, 0, Some("found 0, expected 1 to 2, the number of approvers")),
            (20, 20, None),
            (30, 20, None),
            (30, 21, Some("found 21, expected 1 to 20, the most approvals of a request")),
        ] {
            let approvers: Vec<Mailbox> = (0..approvers)
                .map(|n| Mailbox::parse(&format!("m{n}@agensi.example")).expect("an address"))
                .collect();
            let terminate = Optional(Some(WholeNumber(asked)));
            let draft = RawRequiredApprovals { terminate, ..RawRequiredApprovals::default() };
            let mut fields = FieldValidator::default();
            check(Some(&draft), &approvers, &mut fields);
            let found = fields.issues.first().map(|issue| issue.message.in_english());
            assert_eq!(found.as_deref(), expected);
        }
    }
}
