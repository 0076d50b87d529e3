//! The notices about a withdrawal. What was withdrawn may have been done, whole or in part. Pure.

use jiff::civil::Date;

use super::super::Kind;
use super::{DueNotice, NoticeFinder, NoticeMailbox, kind_of_stage};
use crate::domain::archive_state::State;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle, Stage};
use crate::domain::mailbox_address::{Mailbox, name_mailboxes};
use crate::domain::observed::Observed;
use crate::domain::record::history::History;
use crate::domain::request::RequestId;
use crate::language::Message;

impl NoticeFinder<'_> {
    /// The notices about a withdrawal: to its applicant, else to the applicant of the withdrawn
    /// request, else to the users of that request.
    pub(super) fn withdrawal_notices(
        &self,
        lifecycle: &RequestLifecycle,
    ) -> Option<Vec<DueNotice>> {
        let (withdrawn, kind) =
            (lifecycle.withdraws.as_ref()?, kind_of_stage(&lifecycle.request, lifecycle.stage)?);
        // A withdrawal whose approval is unverified withdraws nothing and gives no notice.
        let mut all = self.facts.lifecycles.iter();
        let of_withdrawn = all.find(|other| other.request.id == withdrawn.id)?;
        if kind == Kind::Withdrawn && of_withdrawn.stage != Stage::Withdrawn {
            return None;
        }
        let named = || of_withdrawn.mailboxes.iter();
        // What became of it is not known before the portal has ended what it does for it.
        let mut all = named();
        if kind == Kind::Withdrawn
            && all.any(|named| is_under_way(self.facts.observed, &withdrawn.id, named))
        {
            return None;
        }
        let applicant = lifecycle.request.received.from.as_ref();
        let first_applicant = withdrawn.received.from.as_ref();
        let recipients: Vec<&Mailbox> = match applicant.or(first_applicant) {
            Some(applicant) => vec![applicant],
            None => {
                let users = named().map(|named| &named.mailbox);
                users.filter(|user| self.has_account(user)).collect()
            }
        };
        let notice = |to: &Mailbox| {
            // Someone who withdraws another person's request may not learn its mailboxes.
            let is_applicant = first_applicant == Some(to);
            let shown = named().filter(|named| is_applicant || named.mailbox == *to);
            let about = shown.map(|named| NoticeMailbox {
                obstacle: None,
                ..self.describe_mailbox(of_withdrawn, named)
            });
            self.new_due_notice(lifecycle, kind, to, about.collect())
        };
        Some(recipients.into_iter().map(notice).collect())
    }
}

/// The withdrawals with a notice that waits, each with the mailboxes on which the portal still works.
pub fn waiting_withdrawals<'a>(
    lifecycles: &'a [RequestLifecycle],
    history: &History,
    observed: Option<&Observed>,
    since: Date,
) -> Vec<(&'a RequestId, Vec<&'a Mailbox>)> {
    let withdrawn = lifecycles.iter().filter(|of| of.stage == Stage::Withdrawn);
    let waiting = withdrawn.filter_map(|of| {
        let named = of.mailboxes.iter();
        let under_way = named.filter(|named| is_under_way(observed, &of.request.id, named));
        let mailboxes: Vec<&Mailbox> = under_way.map(|named| &named.mailbox).collect();
        let mut requests = lifecycles.iter().map(|of| &of.request);
        let by = requests.find(|request| Some(&request.id) == of.withdrawn_by.as_ref())?;
        let mut given = history.notices(by.id.as_str()).iter();
        let is_given = given.any(|given| given.kind == Kind::Withdrawn);
        let is_due = !is_given && by.received.date >= since && !mailboxes.is_empty();
        is_due.then_some((&by.id, mailboxes))
    });
    waiting.collect()
}

/// That the notice about a withdrawal waits, and for what.
pub fn describe_waiting(id: &RequestId, mailboxes: &[&Mailbox]) -> Message {
    let mailboxes = name_mailboxes(mailboxes.iter().copied());
    message!("notify-waits", id = id.as_str(), mailboxes)
}

/// Whether the portal is still enabling or terminating an archive for a request.
fn is_under_way(observed: Option<&Observed>, id: &RequestId, named: &MailboxLifecycle) -> bool {
    let archive = observed.and_then(|observed| observed.find_mailbox(&named.mailbox));
    // Not all portals say for which request.
    archive.is_some_and(|archive| {
        matches!(archive.state, State::Enabling | State::Terminating)
            && archive.request.as_deref().is_none_or(|request| request == id.as_str())
    })
}
