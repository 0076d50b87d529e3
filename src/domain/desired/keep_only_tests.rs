//! Tests of what is left of the desired state where only some mailboxes are looked at.

use jiff::civil::date;

use super::*;
use crate::domain::request::sample::request;

const RECEIVED: &str = "date: 2026-11-02, channel: memo, reference: R";
const A: &str = "a@agensi.example";
const B: &str = "b@agensi.example";

fn change(id: &str, mailbox: &str, more: &str) -> Arc<Request> {
    let lines = format!("action: enable\nmailboxes: [{mailbox}]\n{more}");
    request(id, RECEIVED, &lines)
}

fn withdrawal(id: &str, withdraws: &str, more: &str) -> Arc<Request> {
    let lines = format!("action: withdraw\nwithdraws: {withdraws}\n{more}");
    request(id, RECEIVED, &lines)
}

fn ids(requests: &[Arc<Request>]) -> Vec<&str> {
    requests.iter().map(|request| request.id.as_str()).collect()
}

#[test]
fn a_withdrawal_concerns_the_mailboxes_of_what_it_withdraws() {
    const APPROVED: &str = "approvals: [{by: uc@agensi.example, date: 2026-11-03}]";
    const LATER: &str =
        "approvals: [{by: uc@agensi.example, date: 2026-11-03}]\neffective: 2026-12-01";
    let requests = [
        change("R-1", A, APPROVED),
        change("R-2", B, APPROVED),
        change("R-3", A, ""),
        change("R-4", B, ""),
        withdrawal("R-5", "R-1", ""),
        withdrawal("R-6", "R-2", ""),
        withdrawal("R-7", "R-1", LATER),
        withdrawal("R-8", "R-2", LATER),
    ];
    let everything = fold_requests(&requests, date(2026, 11, 10), &UnverifiedApprovals::new());
    assert_eq!(ids(&everything.pending), ["R-3", "R-4", "R-5", "R-6"]);
    assert_eq!(ids(&everything.scheduled), ["R-7", "R-8"]);
    let only = everything.keep_only(&[Mailbox::parse(A).unwrap()], &requests);
    assert_eq!(ids(&only.pending), ["R-3", "R-5"]);
    assert_eq!(ids(&only.scheduled), ["R-7"]);
    assert_eq!(only.mailboxes.len(), 1);
    assert_eq!(only.named, [Mailbox::parse(A).unwrap()]);
}
