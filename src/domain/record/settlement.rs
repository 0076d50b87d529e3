//! What became of a change that a run left open, as the portal shows it later. Pure.

use jiff::{SignedDuration, Timestamp};

use super::entry::Settled;
use super::enums::Settlement;
use super::open_changes::{OpenChange, shows_old_state, to_handed_over_change};
use crate::domain::archive_state::State;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, is_portal_account_id};

/// After so long nothing that a run sent can be under way any more.
const LONGEST_UNDER_WAY: SignedDuration = SignedDuration::from_hours(1);

/// The outcome of an open change, according to the portal. `None` if it stays open: the mailbox was not
/// read, or not surely, or the change may still be under way.
///
/// A change that is not seen was not surely not made: what was sent may take effect later. So nothing but
/// its effect settles it, until it is so old that nothing of it can be under way. A hand-over is settled
/// only when it is done.
pub fn settle_by_portal(
    open: &OpenChange,
    observed: &Observed,
    stores_request: bool,
    now: Timestamp,
) -> Option<Settled> {
    let mailbox = Mailbox::parse(&open.intent.mailbox).ok()?;
    // It is not clear which account, or which row, is right.
    if observed.is_ambiguous(&mailbox) || observed.unreadable_row_of(&mailbox).is_some() {
        return None;
    }
    let is_old = open.at.parse().is_ok_and(|at| now.duration_since(at) > LONGEST_UNDER_WAY);
    let unknown = |detail: String| settled_event(open, Settlement::Unknown, detail);
    let Some(mailbox) = observed.find_mailbox(&mailbox) else {
        let is_over = is_old && open.file.is_none();
        return is_over.then(|| unknown("the portal does not show such an account".to_owned()));
    };
    let has_key = |id: &str| is_portal_account_id(id, mailbox.mailbox.as_str());
    if open.intent.id != *mailbox.id && has_key(&open.intent.id) && has_key(&mailbox.id) {
        return Some(unknown("another account has the address now".to_owned()));
    }
    let state = &mailbox.state;
    if matches!(state, State::Enabling | State::Terminating) {
        return None;
    }
    if let Some(handed_over) = to_handed_over_change(open) {
        let detail = format!("the export shows the archive as {state}");
        let is_done = handed_over.is_done_in(mailbox);
        return is_done.then(|| settled_event(open, Settlement::SeenDone, detail));
    }
    if !open.intent.action.is_met_by(state) {
        let before = if shows_old_state(open, observed) { ", as before" } else { "" };
        return is_old.then(|| unknown(format!("not seen; the archive is {state}{before}")));
    }
    let (outcome, more) = match mailbox.request.as_deref() {
        Some(by) if by == open.intent.request && open.is_accepted => {
            (Settlement::SeenDone, String::new())
        }
        by if open.is_accepted => {
            let by = by.map_or_else(String::new, |by| format!(", by {by}"));
            (Settlement::AlreadySo, by)
        }
        Some(by) if by != open.intent.request => (Settlement::Unknown, format!(", by {by}")),
        Some(_) if open.is_sent_again => {
            (Settlement::AlreadySo, "; a later run sent the same change".to_owned())
        }
        Some(_) => (Settlement::SeenDone, String::new()),
        None if stores_request => {
            (Settlement::Unknown, "; the portal does not say by which request".to_owned())
        }
        None => (Settlement::AlreadySo, "; this portal does not say by whom".to_owned()),
    };
    let settled = settled_event(open, outcome, format!("the archive is {state}{more}"));
    // Of a moment that cannot be, that of the change stands: so long before the end it was not.
    let announced = open.at.parse().unwrap_or(now);
    let changed_at = mailbox.changed_at.filter(|_| outcome == Settlement::SeenDone);
    let done_at = changed_at.map(|at| if (announced..=now).contains(&at) { at } else { announced });
    Some(Settled { done_at: done_at.map(|at| at.to_string()), ..settled })
}

/// The event that settles an open change.
pub fn settled_event(open: &OpenChange, outcome: Settlement, detail: String) -> Settled {
    Settled {
        mailbox: open.intent.mailbox.clone(),
        request: open.intent.request.clone(),
        intent: open.hash.clone(),
        outcome,
        done_at: None,
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::Target;
    use crate::domain::observed::{ObservedMailbox, sample_mailbox};
    use crate::domain::policy::PortalKind;
    use crate::domain::record::entry::Intent;

    fn open_change(is_sent_again: bool) -> OpenChange {
        OpenChange {
            hash: "h".into(),
            at: "2026-11-23T01:00:00.000Z".into(),
            intent: Intent {
                mailbox: "a@agensi.example".into(),
                action: Target::Enabled,
                request: "R-1".into(),
                from: "disabled".into(),
                id: "1".into(),
            },
            is_sent_again,
            file: None,
            portal: Some(PortalKind::Scim),
            reserved_file: None,
            detail: None,
            is_accepted: false,
        }
    }

    fn settle_with(
        state: State,
        request: Option<&str>,
        is_sent_again: bool,
        stores_request: bool,
    ) -> (Settlement, String) {
        let open = open_change(is_sent_again);
        let settled = settle_at(&open, state, request, stores_request, None);
        (settled.outcome, settled.detail)
    }

    fn settle_at(
        open: &OpenChange,
        state: State,
        request: Option<&str>,
        stores_request: bool,
        changed_at: Option<&str>,
    ) -> Settled {
        let mailbox = ObservedMailbox {
            request: request.map(Into::into),
            changed_at: changed_at.map(|at| at.parse().expect("a time")),
            ..sample_mailbox("a@agensi.example", "1", state)
        };
        let observed = Observed::new(vec![mailbox], true);
        let now = "2026-11-23T01:00:09Z".parse().expect("a time");
        settle_by_portal(open, &observed, stores_request, now).expect("a settlement")
    }

    #[test]
    fn the_portal_says_when_what_it_accepted_was_done() {
        let (announced, within) = ("2026-11-23T01:00:00Z", "2026-11-23T01:00:05Z");
        for (by, changed_at, done_at) in [
            (Some("R-1"), Some(within), Some(within)),
            // Before it was sent, or later than now.
            (Some("R-1"), Some("2026-11-23T00:59:59Z"), Some(announced)),
            (Some("R-1"), Some("2026-11-23T01:00:10Z"), Some(announced)),
            (Some("R-1"), None, None),
            (Some("R-9"), Some(within), None),
            (None, Some(within), None),
        ] {
            let settled = settle_at(&open_change(false), State::Enabled, by, false, changed_at);
            assert_eq!(settled.done_at.as_deref(), done_at, "{by:?} {changed_at:?}");
        }
    }

    #[test]
    fn what_the_portal_accepted_is_done_whatever_it_names() {
        for (by, is_sent_again, outcome) in [
            (Some("R-1"), false, Settlement::SeenDone),
            (Some("R-1"), true, Settlement::SeenDone),
            (Some("R-9"), false, Settlement::AlreadySo),
            (None, false, Settlement::AlreadySo),
        ] {
            let open = OpenChange { is_accepted: true, ..open_change(is_sent_again) };
            let settled = settle_at(&open, State::Enabled, by, true, None);
            assert_eq!(settled.outcome, outcome, "{by:?}");
        }
    }

    #[test]
    fn what_is_done_is_seen_and_ascribed_to_nobody() {
        use Settlement::{AlreadySo, SeenDone, Unknown};
        for (request, is_sent_again, stores_request, outcome, more) in [
            (Some("R-1"), false, true, SeenDone, ""),
            // The later change has its own end, which may say that its run made it.
            (Some("R-1"), true, true, AlreadySo, "; a later run sent the same change"),
            (None, false, true, Unknown, "; the portal does not say by which request"),
            (None, false, false, AlreadySo, "; this portal does not say by whom"),
            (Some("R-9"), false, false, Unknown, ", by R-9"),
        ] {
            let found = settle_with(State::Enabled, request, is_sent_again, stores_request);
            assert_eq!(found, (outcome, format!("the archive is enabled{more}")));
        }
    }
}
