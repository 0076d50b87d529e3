//! The approvals of a request, and whether it has as many approvals as the policy asks for (procedure section 5). Pure.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::Policy;
use crate::language::Message;

/// An approval of a request (procedure step 2 and section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The agency's UC administrator who approved.
    pub by: Mailbox,
    /// The day.
    pub date: Date,
    /// The signature over the statement of the approval, if it is signed: an armored SSH signature, or
    /// a CMS one in PEM. It is text that nobody has verified yet.
    pub signature: Option<Arc<str>>,
}

/// Whether the approvals of a request are enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalState {
    /// They are since this day: that of the approval that completed their number.
    Approved(Date),
    /// Some are missing.
    Pending(Box<MissingApprovals>),
}

impl ApprovalState {
    /// One approval is missing, and nobody knows whose.
    pub fn pending() -> Self {
        Self::Pending(Box::default())
    }
}

/// The approvals that a pending request waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingApprovals {
    /// How many it has.
    pub has: usize,
    /// How many more it needs.
    pub needs: usize,
    /// Who may give them, in the policy's order.
    pub approvers: Vec<Mailbox>,
}

impl Default for MissingApprovals {
    fn default() -> Self {
        Self { has: 0, needs: 1, approvers: Vec::new() }
    }
}

/// How many approvers are named in a text.
const MOST_NAMED: usize = 3;

impl MissingApprovals {
    /// What a request waits for, for people.
    pub fn describe(&self) -> Message {
        let (count, has) = (self.needs, self.has);
        if has == 0 && count == 1 {
            return message!("plan-waits-for-approval");
        }
        let named: Vec<&str> =
            self.approvers.iter().take(MOST_NAMED).map(Mailbox::as_str).collect();
        let approvers = named.join(", ");
        match (named.is_empty(), self.approvers.len() - named.len()) {
            (true, _) => message!("plan-waits-for-nobody", count, has),
            (false, 0) => message!("plan-waits-for", count, has, approvers),
            (false, others) => message!("plan-waits-for-others", count, has, approvers, others),
        }
    }
}

impl fmt::Display for MissingApprovals {
    /// For programs and diagnostics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe().in_english())
    }
}

/// The state of a request with these approvals, each by another person. `concerned` tells who may not
/// approve it. Without a policy one approval is enough.
pub(super) fn approval_state(
    approvals: &[Approval],
    target: Option<Target>,
    policy: Option<&Policy>,
    concerned: impl Fn(&Mailbox) -> bool,
) -> ApprovalState {
    let mut days: Vec<Date> = approvals.iter().map(|approval| approval.date).collect();
    days.sort_unstable();
    let required = policy.map_or(1, |policy| policy.approvals.required(target, days.last()));
    if let Some(day) = required.checked_sub(1).and_then(|last| days.get(last)) {
        return ApprovalState::Approved(*day);
    }
    let may_approve = |approver: &&Mailbox| {
        !concerned(approver) && !approvals.iter().any(|approval| approval.by == **approver)
    };
    let approvers = policy.into_iter().flat_map(|policy| &policy.approvers);
    ApprovalState::Pending(Box::new(MissingApprovals {
        has: approvals.len(),
        needs: required - approvals.len(),
        approvers: approvers.filter(may_approve).cloned().collect(),
    }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::request::sample::policy_of;

    fn address(user: &str) -> Mailbox {
        Mailbox::parse(&format!("{user}@agensi.example")).unwrap()
    }

    fn state(rule: &str, approvals: &[(&str, i8)]) -> String {
        let approvers = "[a@agensi.example, b@agensi.example, c@agensi.example]";
        let policy = policy_of(approvers, rule);
        let approvals: Vec<Approval> = approvals
            .iter()
            .map(|(by, day)| Approval {
                by: address(by),
                date: date(2026, 11, *day),
                signature: None,
            })
            .collect();
        let concerned = |approver: &Mailbox| *approver == address("c");
        match approval_state(&approvals, Some(Target::Terminated), Some(&policy), concerned) {
            ApprovalState::Approved(day) => format!("approved {day}"),
            ApprovalState::Pending(missing) => missing.to_string().replace("@agensi.example", ""),
        }
    }

    #[test]
    fn as_many_approvals_as_the_policy_asks_for_approve_a_request() {
        for (rule, approvals, expected) in [
            ("", &[][..], "waits for approval"),
            ("", &[("a", 3)], "approved 2026-11-03"),
            ("approvals: {enable: 2}", &[("a", 3)], "approved 2026-11-03"),
            ("approvals: {terminate: 2}", &[], "waits for 2 approvals of a, b"),
            ("approvals: {terminate: 2}", &[("a", 3)], "waits for 1 more of b"),
            ("approvals: {terminate: 2}", &[("a", 5), ("b", 3)], "approved 2026-11-05"),
            // One approval more moves nothing.
            ("approvals: {terminate: 1}", &[("a", 5), ("b", 7)], "approved 2026-11-05"),
            // The rule counts from a day on.
            ("approvals: {terminate: 2, since: 2026-11-04}", &[("a", 3)], "approved 2026-11-03"),
            ("approvals: {terminate: 2, since: 2026-11-04}", &[("a", 4)], "waits for 1 more of b"),
        ] {
            assert_eq!(state(rule, approvals), expected, "{rule} {approvals:?}");
        }
    }

    #[test]
    fn a_long_list_of_approvers_is_cut() {
        let approvers: Vec<Mailbox> = ["a", "b", "c", "d", "e"].map(address).into();
        let missing = MissingApprovals { has: 1, needs: 1, approvers };
        let text = missing.to_string().replace("@agensi.example", "");
        assert_eq!(text, "waits for 1 more of a, b, c and 2 others");
        let nobody = MissingApprovals { has: 1, needs: 1, approvers: Vec::new() };
        assert_eq!(nobody.to_string(), "waits for 1 more, and nobody else may approve");
    }
}
