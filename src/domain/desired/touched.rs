//! What a pull request touches: only that is folded again. Pure.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use itertools::{EitherOrBoth, Itertools as _};
use rayon::prelude::*;

use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::{Request, RequestId};

/// The mailboxes about which the requests of two folders, both sorted by file, may decide otherwise: those
/// in requests that differ, and in requests that these withdraw.
pub fn touched_mailboxes(base: &[Arc<Request>], head: &[Arc<Request>]) -> Vec<Mailbox> {
    let pairs = base.iter().merge_join_by(head, |one, other| one.file.cmp(&other.file));
    let differing = pairs.flat_map(|pair| match pair {
        EitherOrBoth::Both(one, other) if one == other => [None, None],
        pair => {
            let (one, other) = pair.left_and_right();
            [one, other]
        }
    });
    let mut differing: Vec<&Arc<Request>> = differing.flatten().collect();
    let withdrawn: HashSet<&RequestId> =
        differing.iter().filter_map(|request| request.withdraws()).collect();
    if !withdrawn.is_empty() {
        let all = base.iter().chain(head);
        differing.extend(all.filter(|request| withdrawn.contains(&request.id)));
    }
    let named = differing.iter().flat_map(|request| request.mailboxes());
    let mut mailboxes: Vec<Mailbox> = named.map(|named| named.mailbox.clone()).collect();
    mailboxes.sort_unstable();
    mailboxes.dedup();
    mailboxes
}

/// The requests that decide about these mailboxes: those that name one, and every withdrawal.
pub fn requests_about(mailboxes: &[Mailbox], requests: &[Arc<Request>]) -> Vec<Arc<Request>> {
    let mailboxes: HashSet<&Mailbox, RandomState> = mailboxes.iter().collect();
    let is_about = |request: &&Arc<Request>| {
        let mut named = request.mailboxes().iter();
        request.withdraws().is_some() || named.any(|named| mailboxes.contains(&named.mailbox))
    };
    requests.par_iter().filter(is_about).cloned().collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::{Desired, fold_requests};
    use super::*;
    use crate::domain::approval::verification::UnverifiedApprovals;
    use crate::domain::request::sample::{change, withdrawal};

    fn fold(requests: &[Arc<Request>]) -> Desired {
        fold_requests(requests, date(2026, 11, 23), &UnverifiedApprovals::new())
    }

    /// The touched users, and that folding what is about them gives the same difference as folding all.
    fn touched(base: &[&Arc<Request>], head: &[&Arc<Request>]) -> String {
        let [base, head] =
            [base, head].map(|side| side.iter().copied().cloned().collect::<Vec<_>>());
        let mailboxes = touched_mailboxes(&base, &head);
        let whole = fold(&head).difference_from(&fold(&base));
        let before = fold(&base).keep_only(&mailboxes, &base);
        let about = requests_about(&mailboxes, &head);
        let after = fold(&about).keep_only(&mailboxes, &about);
        let kept = whole.kept;
        assert_eq!(Desired { kept, ..after.difference_from(&before) }, whole);
        assert_eq!(
            fold(&head).kept + before.count_enabled(),
            fold(&base).kept + after.count_enabled()
        );
        let users = mailboxes.iter().filter_map(|mailbox| mailbox.as_str().split('@').next());
        users.collect()
    }

    #[test]
    fn what_differs_is_touched_and_folds_as_everything_does() {
        let enable = |id, users: &[&str], day, more| change(id, "enable", users, day, more);
        let one = &enable("R-1", &["a", "b"], "2026-01-02", "");
        let ends = &change("R-2", "terminate", &["a", "c"], "2026-01-03", "");
        let later = &enable("R-3", &["c", "d"], "2026-01-04", "effective: 2027-01-01");
        let pending = &enable("R-4", &["d"], "", "");
        let approved = &enable("R-4", &["d"], "2026-01-05", "");
        let voids = &withdrawal("R-5", "R-2", "2026-01-06", "");
        let asks = &withdrawal("R-5", "R-2", "", "");
        let voids_later = &withdrawal("R-6", "R-3", "2026-01-06", "");
        assert_eq!(touched(&[one, ends], &[one, ends]), "");
        assert_eq!(touched(&[one], &[one, ends]), "ac");
        assert_eq!(touched(&[one, ends], &[ends]), "ab");
        assert_eq!(touched(&[ends], &[ends, later]), "cd");
        assert_eq!(touched(&[one, pending], &[one, approved]), "d");
        assert_eq!(touched(&[one], &[one, pending]), "d");
        assert_eq!(touched(&[one, ends, later], &[one, ends, later, voids]), "ac");
        assert_eq!(touched(&[one, ends, voids], &[one, ends]), "ac");
        assert_eq!(touched(&[one, ends], &[one, ends, asks]), "ac");
        assert_eq!(touched(&[one, ends, asks], &[one, ends, voids]), "ac");
        assert_eq!(touched(&[ends, later], &[ends, later, voids_later]), "cd");
        assert_eq!(touched(&[], &[one, ends, voids]), "abc");
    }
}
