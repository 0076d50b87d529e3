//! Which notices are due, one rule a test.

use jiff::Timestamp;

use super::{APPROVED, CHIEF, Case, ROSLI, SITI, applied, archive, day, given, notice, request};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::notice::due::withdrawal::waiting_withdrawals;
use crate::domain::notice::due::{
    NoticeFacts, due_notices, notice_list_digest, unconfirmed_notices,
};
use crate::domain::observed::ObservedMailbox;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::RecordLine;
use crate::domain::record::history::History;

#[test]
fn each_stage_notifies_applicant_or_users() {
    let off = |mailbox| archive(mailbox, State::Disabled, "");
    let portal = [off(SITI), off(ROSLI)];
    let both = [SITI, ROSLI];
    let notices = |who: &str, approval: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &both, who, approval)], portal).words()
    };
    let later = "approvals: [{by: uc@agensi.example, date: 2026-11-03}]\neffective: 2026-12-01";
    let enabling = [archive(SITI, State::Enabling, ""), off(ROSLI)];
    assert_eq!(notices(CHIEF, "", &portal), ["R-1 received ketua: siti rosli"]);
    assert_eq!(notices("", "", &portal), ["R-1 received rosli: rosli", "R-1 received siti: siti"]);
    for (approval, portal) in [(later, &portal), (APPROVED, &portal), (APPROVED, &enabling)] {
        assert_eq!(notices(CHIEF, approval, portal), ["R-1 approved ketua: siti rosli"]);
        let each = ["R-1 approved rosli: rosli", "R-1 approved siti: siti"];
        assert_eq!(notices("", approval, portal), each);
    }
}

#[test]
fn done_notifies_users_then_the_applicant() {
    let both = [SITI, ROSLI];
    let notices = |who: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &both, who, APPROVED)], portal).words()
    };
    let on = |mailbox| archive(mailbox, State::Enabled, "R-1");
    let off = |mailbox| archive(mailbox, State::Disabled, "");
    let half = [on(SITI), off(ROSLI)];
    assert_eq!(notices("", &half), ["R-1 approved rosli: rosli", "R-1 enabled siti: siti"]);
    assert_eq!(notices(CHIEF, &half), ["R-1 approved ketua: rosli", "R-1 enabled siti: siti"]);
    let whole = [on(SITI), on(ROSLI)];
    assert_eq!(notices("", &whole), ["R-1 enabled rosli: rosli", "R-1 enabled siti: siti"]);
    let all =
        ["R-1 enabled ketua: siti rosli", "R-1 enabled rosli: rosli", "R-1 enabled siti: siti"];
    assert_eq!(notices(CHIEF, &whole), all);
    // An applicant who is a user gets one notice and sees the others; other users do not.
    assert_eq!(notices(SITI, &whole), ["R-1 enabled rosli: rosli", "R-1 enabled siti: siti rosli"]);
}

#[test]
fn blocked_notifies_applicant_or_existing_users() {
    let notices = |who: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &[SITI, ROSLI], who, APPROVED)], portal).words()
    };
    let inactive =
        ObservedMailbox { account: AccountState::Disabled, ..archive(SITI, State::Disabled, "") };
    let portal = [inactive, archive(ROSLI, State::Enabled, "R-1")];
    assert_eq!(notices(CHIEF, &portal), ["R-1 blocked ketua: siti", "R-1 enabled rosli: rosli"]);
    assert_eq!(notices("", &portal), ["R-1 blocked siti: siti", "R-1 enabled rosli: rosli"]);
    // A user without an account gets no notice.
    assert_eq!(
        notices(CHIEF, &portal[1..]),
        ["R-1 blocked ketua: siti", "R-1 enabled rosli: rosli"]
    );
    assert_eq!(notices("", &portal[1..]), ["R-1 enabled rosli: rosli"]);
}

#[test]
fn withdrawal_replaces_notices_of_the_withdrawn_request() {
    let portal = [archive(SITI, State::Disabled, ""), archive(ROSLI, State::Disabled, "")];
    let notices = |who: &str, applicant: &str, approval: &str| {
        let withdrawn = request("R-1", "enable", &[SITI, ROSLI], applicant, APPROVED);
        let withdrawal = request("R-2", "withdraw", &["R-1"], who, approval);
        let mut words = Case::of(&[withdrawn, withdrawal], &portal).words();
        words.retain(|word| word.starts_with("R-2") || approval == APPROVED);
        words
    };
    let later = "approvals: [{by: uc@agensi.example, date: 2026-11-03}]\neffective: 2026-12-01";
    assert_eq!(notices(SITI, CHIEF, ""), ["R-2 received siti: siti"]);
    assert_eq!(notices("", CHIEF, later), ["R-2 approved ketua: siti rosli"]);
    assert_eq!(notices("", CHIEF, APPROVED), ["R-2 withdrawn ketua: siti rosli"]);
    let each = ["R-2 withdrawn rosli: rosli", "R-2 withdrawn siti: siti"];
    assert_eq!(notices("", "", APPROVED), each);
    // Someone who withdraws another person's request does not learn its mailboxes.
    assert_eq!(notices("lain@agensi.example", CHIEF, APPROVED), ["R-2 withdrawn lain: "]);
}

#[test]
fn a_withdrawal_is_told_once_the_portal_has_ended_what_it_does() {
    let due_for = |state: State, request_id: &str| {
        let withdrawn = request("R-1", "terminate", &[SITI], "", APPROVED);
        let withdrawal = request("R-2", "withdraw", &["R-1"], "", APPROVED);
        let portal = [archive(SITI, state, request_id)];
        let case = Case::of(&[withdrawn, withdrawal], &portal);
        let waits = case.ask(|facts| {
            waiting_withdrawals(facts.lifecycles, facts.history, facts.observed, facts.since)
                .first()
                .map(|(id, at)| format!("{id} waits for {}", at[0]))
        });
        case.words().into_iter().chain(waits).collect::<Vec<_>>()
    };
    let waits = ["R-2 waits for siti@agensi.example"];
    assert_eq!(due_for(State::Terminating, "R-1"), waits);
    assert_eq!(due_for(State::Terminating, ""), waits);
    assert_eq!(due_for(State::Terminating, "R-0"), ["R-2 withdrawn siti: siti"]);
    assert_eq!(due_for(State::Terminated, "R-1"), ["R-2 withdrawn siti: siti"]);
    // It was sent, and the portal failed at it.
    let is_done = |state: State| {
        let withdrawn = request("R-1", "terminate", &[SITI], "", APPROVED);
        let withdrawal = request("R-2", "withdraw", &["R-1"], "", APPROVED);
        let case = Case::of(&[withdrawn, withdrawal], &[archive(SITI, state, "")]);
        case.after(vec![applied("R-1", SITI)]).due()[0].mailboxes[0].done_on.is_some()
    };
    assert!(is_done(State::Terminated));
    assert!(!is_done(State::Enabled));
}

#[test]
fn superseded_request_gets_no_notice() {
    let two = [
        request("R-1", "enable", &[SITI], "", APPROVED),
        request(
            "R-2",
            "terminate",
            &[SITI],
            "",
            "approvals: [{by: uc@agensi.example, date: 2026-11-05}]",
        ),
    ];
    let notices = |observed| Case::of(&two, &[observed]);
    assert_eq!(notices(archive(SITI, State::Enabled, "")).words(), ["R-2 approved siti: siti"]);
    let both = ["R-1 enabled siti: siti", "R-2 approved siti: siti"];
    assert_eq!(notices(archive(SITI, State::Enabled, "R-1")).words(), both);
    // Both were done: a notice that the archive is enabled would be wrong.
    let done = applied("R-1", SITI);
    let case = notices(archive(SITI, State::Terminated, "R-2")).after(vec![done]);
    assert_eq!(case.words(), ["R-2 terminated siti: siti"]);
}

#[test]
fn drift_and_its_repair_get_no_notice() {
    let requests = [request("R-1", "enable", &[SITI], "", APPROVED)];
    let notices =
        |state, events| Case::of(&requests, &[archive(SITI, state, "R-1")]).after(events).words();
    assert_eq!(notices(State::Disabled, vec![]), Vec::<String>::new());
    let done = applied("R-1", SITI);
    assert_eq!(notices(State::Enabling, vec![done]), Vec::<String>::new());
}

#[test]
fn current_stage_is_notified_once() {
    let requests = [request("R-1", "enable", &[SITI], SITI, APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1")];
    let off = [archive(SITI, State::Disabled, "")];
    let nothing: [&str; 0] = [];
    for outcome in ["sent", "printed", "refused", "unknown"] {
        let after =
            |portal, kind| Case::of(&requests, portal).after(given(kind, SITI, outcome)).words();
        assert_eq!(after(&on, "enabled"), nothing, "{outcome}");
        assert_eq!(after(&on, "approved"), ["R-1 enabled siti: siti"], "{outcome}");
        // No earlier notice follows the final one.
        assert_eq!(after(&off, "enabled"), nothing, "{outcome}");
    }
    let after = |events| Case::of(&requests, &on).after(events);
    // The run was killed before it recorded the outcome.
    assert_eq!(after(vec![notice("enabled", SITI)]).words(), nothing);
    assert_eq!(after(given("enabled", SITI, "deferred")).words(), ["R-1 enabled siti: siti"]);
    assert_eq!(after(given("enabled", ROSLI, "sent")).words(), ["R-1 enabled siti: siti"]);
    let under_way =
        Case { is_under_way: true, ..after(vec![notice("enabled", SITI)]).again("R-1", None) };
    assert_eq!(under_way.words(), nothing);
}

#[test]
fn requests_before_since_get_no_notice() {
    let requests = [request("R-1", "enable", &[SITI], SITI, APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1")];
    let since = |text| Case { since: day(text), ..Case::of(&requests, &on) };
    assert_eq!(since("2026-11-02").words().len(), 1);
    assert_eq!(since("2026-11-03").words().len(), 0);
}

#[test]
fn notice_can_be_given_again() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], "", APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1"), archive(ROSLI, State::Enabled, "R-1")];
    for outcome in ["sent", "refused", "unknown"] {
        let mut events = given("enabled", SITI, outcome);
        events.extend(given("enabled", ROSLI, outcome));
        let case = || Case::of(&requests, &on).after(events.clone());
        assert_eq!(case().again("R-1", None).words().len(), 2);
        assert_eq!(case().again("R-1", Some(SITI)).words(), ["R-1 enabled siti: siti again"]);
        assert_eq!(case().again("R-2", None).words().len(), 0);
        let open = case().again("R-1", Some(SITI)).ask(|facts| unconfirmed_notices(facts).len());
        assert_eq!(open, usize::from(outcome != "sent"), "{outcome}");
    }
}

#[test]
fn only_terminated_archives_have_a_recovery_day() {
    let until = |action: &str, state, by_portal: Option<&str>, days, as_of: &str| {
        let requests = [request("R-1", action, &[SITI], "", APPROVED)];
        let observed = ObservedMailbox {
            recoverable_until: by_portal.map(|at| at.parse::<Timestamp>().expect("a moment")),
            ..archive(SITI, state, "R-1")
        };
        let case =
            Case { recoverable_days: days, as_of: day(as_of), ..Case::of(&requests, &[observed]) };
        let due = case.due();
        assert_eq!(due.len(), 1);
        due[0].mailboxes[0].recoverable_until.map(|day| day.to_string())
    };
    let at = |text: &str| Some(text.to_owned());
    let gone =
        |by_portal, days| until("terminate", State::Terminated, by_portal, days, "2026-11-23");
    assert_eq!(gone(None, None), None);
    assert_eq!(gone(None, Some(30)), at("2026-12-11"));
    assert_eq!(gone(Some("2026-12-20T20:00:00Z"), Some(30)), at("2026-12-20"));
    assert_eq!(until("terminate", State::Terminated, None, Some(5), "2026-11-23"), None);
    assert_eq!(until("enable", State::Enabled, None, Some(30), "2026-11-23"), None);
}

#[test]
fn different_lists_have_different_digests() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], "", APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1"), archive(ROSLI, State::Enabled, "R-1")];
    let all = Case::of(&requests, &on).due();
    assert_eq!(notice_list_digest("A", &all), notice_list_digest("A", &all));
    assert_ne!(notice_list_digest("A", &all), notice_list_digest("A", &all[1..]));
    assert_ne!(notice_list_digest("A", &all), notice_list_digest("B", &all));
}

#[test]
fn done_is_notified_only_while_the_portal_shows_it() {
    let requests = [
        request("R-1", "enable", &[SITI], "", APPROVED),
        request(
            "R-2",
            "enable",
            &[SITI],
            "",
            "approvals: [{by: uc@agensi.example, date: 2026-11-05}]",
        ),
    ];
    let on = Case::of(&requests, &[archive(SITI, State::Enabled, "R-2")]);
    assert_eq!(
        on.after(vec![applied("R-1", SITI)]).words(),
        ["R-1 enabled siti: siti", "R-2 enabled siti: siti"]
    );
    // Somebody disabled it meanwhile; the next run enables it for the second.
    let off = Case::of(&requests, &[archive(SITI, State::Disabled, "")]);
    assert_eq!(off.after(vec![applied("R-1", SITI)]).words(), ["R-2 approved siti: siti"]);
}

#[test]
fn obstacle_reaches_an_applicant_who_is_done() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], SITI, APPROVED)];
    let blocked =
        ObservedMailbox { account: AccountState::Disabled, ..archive(ROSLI, State::Disabled, "") };
    let observed = [archive(SITI, State::Enabled, "R-1"), blocked];
    let notices = Case::of(&requests, &observed).after(given("enabled", SITI, "sent"));
    assert_eq!(notices.words(), ["R-1 blocked siti: rosli"]);
}

#[test]
fn a_repair_is_not_the_day_of_the_request() {
    let requests = [request("R-1", "terminate", &[SITI], "", APPROVED)];
    let gone = [archive(SITI, State::Terminated, "R-1")];
    let case = Case { recoverable_days: Some(30), ..Case::of(&requests, &gone) };
    let days = |at: &[&str]| {
        let lines = (0..).zip(at).map(|(seq, at)| {
            let done = applied("R-1", SITI);
            (seq as usize + 1, RecordLine::new(seq, (*at).to_owned(), vec![], done))
        });
        let history = History::from_runs(&[RunRecord {
            file: "requests/records/1.jsonl".into(),
            lines: lines.collect(),
            findings: vec![],
            is_under_way: false,
        }]);
        let (lifecycles, observed) = case.lifecycles(&history);
        let due = due_notices(&NoticeFacts {
            lifecycles: &lifecycles,
            history: &history,
            since: case.since,
            as_of: case.as_of,
            recoverable_days: case.recoverable_days,
            observed: Some(&observed),
            again: &[],
            again_to: None,
        });
        let about = &due[0].mailboxes[0];
        [about.done_on, about.recoverable_until].map(|day| day.map(|day| day.to_string()))
    };
    let found = days(&["2026-11-12T02:00:00.000Z", "2026-11-20T02:00:00.000Z"]);
    // Done on the 12th; what the portal keeps, it keeps since the 20th.
    assert_eq!(found, [Some("2026-11-12".to_owned()), Some("2026-12-19".to_owned())]);
}
