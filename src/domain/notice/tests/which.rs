//! Which notices are due, one rule a test.

use jiff::Timestamp;

use super::{APPROVED, CHIEF, Case, ROSLI, SITI, applied, archive, day, given, notice, request};
use crate::domain::archive::{Account, State};
use crate::domain::notice::due::{digest, unconfirmed};
use crate::domain::observed::ObservedMailbox;
#[test]
fn each_stage_has_its_notice_to_the_applicant_or_else_to_each_user() {
    let off = |mailbox| archive(mailbox, State::Disabled, "");
    let portal = [off(SITI), off(ROSLI)];
    let both = [SITI, ROSLI];
    let due_for = |who: &str, approval: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &both, who, approval)], portal).words()
    };
    let later = "approval: {by: uc@agensi.example, date: 2026-11-03}\neffective: 2026-12-01";
    let enabling = [archive(SITI, State::Enabling, ""), off(ROSLI)];
    assert_eq!(
        due_for(CHIEF, "", &portal),
        ["R-1 received ketua: siti rosli"]
    );
    assert_eq!(
        due_for("", "", &portal),
        ["R-1 received rosli: rosli", "R-1 received siti: siti"]
    );
    for (approval, portal) in [(later, &portal), (APPROVED, &portal), (APPROVED, &enabling)] {
        assert_eq!(
            due_for(CHIEF, approval, portal),
            ["R-1 approved ketua: siti rosli"]
        );
        let each = ["R-1 approved rosli: rosli", "R-1 approved siti: siti"];
        assert_eq!(due_for("", approval, portal), each);
    }
}

#[test]
fn what_is_done_is_told_to_its_user_and_to_the_applicant_when_all_of_it_is() {
    let both = [SITI, ROSLI];
    let due_for = |who: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &both, who, APPROVED)], portal).words()
    };
    let on = |mailbox| archive(mailbox, State::Enabled, "R-1");
    let off = |mailbox| archive(mailbox, State::Disabled, "");
    let half = [on(SITI), off(ROSLI)];
    assert_eq!(
        due_for("", &half),
        ["R-1 approved rosli: rosli", "R-1 enabled siti: siti"]
    );
    assert_eq!(
        due_for(CHIEF, &half),
        ["R-1 approved ketua: rosli", "R-1 enabled siti: siti"]
    );
    let whole = [on(SITI), on(ROSLI)];
    assert_eq!(
        due_for("", &whole),
        ["R-1 enabled rosli: rosli", "R-1 enabled siti: siti"]
    );
    let all = [
        "R-1 enabled ketua: siti rosli",
        "R-1 enabled rosli: rosli",
        "R-1 enabled siti: siti",
    ];
    assert_eq!(due_for(CHIEF, &whole), all);
    // An applicant who is a user is told once, and sees the others, which no other user does.
    assert_eq!(
        due_for(SITI, &whole),
        ["R-1 enabled rosli: rosli", "R-1 enabled siti: siti rosli"]
    );
}

#[test]
fn what_is_blocked_is_told_to_the_applicant_or_else_to_the_user_where_there_is_one() {
    let due_for = |who: &str, portal: &[ObservedMailbox]| {
        Case::of(
            &[request("R-1", "enable", &[SITI, ROSLI], who, APPROVED)],
            portal,
        )
        .words()
    };
    let inactive = ObservedMailbox {
        account: Account::Disabled,
        ..archive(SITI, State::Disabled, "")
    };
    let portal = [inactive, archive(ROSLI, State::Enabled, "R-1")];
    assert_eq!(
        due_for(CHIEF, &portal),
        ["R-1 blocked ketua: siti", "R-1 enabled rosli: rosli"]
    );
    assert_eq!(
        due_for("", &portal),
        ["R-1 blocked siti: siti", "R-1 enabled rosli: rosli"]
    );
    // Whoever has no account is nobody to write to.
    assert_eq!(
        due_for(CHIEF, &portal[1..]),
        ["R-1 blocked ketua: siti", "R-1 enabled rosli: rosli"]
    );
    assert_eq!(due_for("", &portal[1..]), ["R-1 enabled rosli: rosli"]);
}

#[test]
fn a_withdrawal_is_told_of_and_the_withdrawn_request_no_more() {
    let portal = [
        archive(SITI, State::Disabled, ""),
        archive(ROSLI, State::Disabled, ""),
    ];
    let due_for = |who: &str, applicant: &str, approval: &str| {
        let withdrawn = request("R-1", "enable", &[SITI, ROSLI], applicant, APPROVED);
        let withdrawal = request("R-2", "withdraw", &["R-1"], who, approval);
        let mut words = Case::of(&[withdrawn, withdrawal], &portal).words();
        words.retain(|word| word.starts_with("R-2") || approval == APPROVED);
        words
    };
    let later = "approval: {by: uc@agensi.example, date: 2026-11-03}\neffective: 2026-12-01";
    assert_eq!(due_for(SITI, CHIEF, ""), ["R-2 received siti: siti"]);
    assert_eq!(
        due_for("", CHIEF, later),
        ["R-2 approved ketua: siti rosli"]
    );
    assert_eq!(
        due_for("", CHIEF, APPROVED),
        ["R-2 withdrawn ketua: siti rosli"]
    );
    let each = ["R-2 withdrawn rosli: rosli", "R-2 withdrawn siti: siti"];
    assert_eq!(due_for("", "", APPROVED), each);
    // Who withdraws what another asked for does not learn of whom.
    assert_eq!(
        due_for("lain@agensi.example", CHIEF, APPROVED),
        ["R-2 withdrawn lain: "]
    );
}

#[test]
fn what_a_later_request_replaced_is_told_no_more() {
    let two = [
        request("R-1", "enable", &[SITI], "", APPROVED),
        request(
            "R-2",
            "terminate",
            &[SITI],
            "",
            "approval: {by: uc@agensi.example, date: 2026-11-05}",
        ),
    ];
    let due_for = |seen| Case::of(&two, &[seen]);
    assert_eq!(
        due_for(archive(SITI, State::Enabled, "")).words(),
        ["R-2 approved siti: siti"]
    );
    let both = ["R-1 enabled siti: siti", "R-2 approved siti: siti"];
    assert_eq!(due_for(archive(SITI, State::Enabled, "R-1")).words(), both);
    // Both were done: that the archive is enabled would be told wrongly.
    let done = applied("R-1", SITI);
    let case = due_for(archive(SITI, State::Terminated, "R-2")).after(vec![done]);
    assert_eq!(case.words(), ["R-2 terminated siti: siti"]);
}

#[test]
fn what_was_undone_in_the_portal_is_not_told_as_done_and_its_mending_is_no_news() {
    let requests = [request("R-1", "enable", &[SITI], "", APPROVED)];
    let due_for = |state, events| {
        Case::of(&requests, &[archive(SITI, state, "R-1")])
            .after(events)
            .words()
    };
    assert_eq!(due_for(State::Disabled, vec![]), Vec::<String>::new());
    let done = applied("R-1", SITI);
    assert_eq!(due_for(State::Enabling, vec![done]), Vec::<String>::new());
}

#[test]
fn only_the_present_is_told_and_only_once() {
    let requests = [request("R-1", "enable", &[SITI], SITI, APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1")];
    let off = [archive(SITI, State::Disabled, "")];
    let nothing: [&str; 0] = [];
    for outcome in ["sent", "printed", "refused", "unknown"] {
        let after = |portal, kind| {
            Case::of(&requests, portal)
                .after(given(kind, SITI, outcome))
                .words()
        };
        assert_eq!(after(&on, "enabled"), nothing, "{outcome}");
        assert_eq!(
            after(&on, "approved"),
            ["R-1 enabled siti: siti"],
            "{outcome}"
        );
        // What was told of the end is not followed by what came before it.
        assert_eq!(after(&off, "enabled"), nothing, "{outcome}");
    }
    let after = |events| Case::of(&requests, &on).after(events);
    // Killed before it could say.
    assert_eq!(after(vec![notice("enabled", SITI)]).words(), nothing);
    assert_eq!(
        after(given("enabled", SITI, "deferred")).words(),
        ["R-1 enabled siti: siti"]
    );
    assert_eq!(
        after(given("enabled", ROSLI, "sent")).words(),
        ["R-1 enabled siti: siti"]
    );
    let under_way = Case {
        is_under_way: true,
        ..after(vec![notice("enabled", SITI)]).again("R-1", None)
    };
    assert_eq!(under_way.words(), nothing);
}

#[test]
fn old_requests_are_not_written_about() {
    let requests = [request("R-1", "enable", &[SITI], SITI, APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1")];
    let since = |text| Case {
        since: day(text),
        ..Case::of(&requests, &on)
    };
    assert_eq!(since("2026-11-02").words().len(), 1);
    assert_eq!(since("2026-11-03").words().len(), 0);
}

#[test]
fn a_person_can_have_one_given_again() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], "", APPROVED)];
    let on = [
        archive(SITI, State::Enabled, "R-1"),
        archive(ROSLI, State::Enabled, "R-1"),
    ];
    for outcome in ["sent", "refused", "unknown"] {
        let mut events = given("enabled", SITI, outcome);
        events.extend(given("enabled", ROSLI, outcome));
        let case = || Case::of(&requests, &on).after(events.clone());
        assert_eq!(case().again("R-1", None).words().len(), 2);
        assert_eq!(
            case().again("R-1", Some(SITI)).words(),
            ["R-1 enabled siti: siti again"]
        );
        assert_eq!(case().again("R-2", None).words().len(), 0);
        let open = case()
            .again("R-1", Some(SITI))
            .ask(|facts| unconfirmed(facts).len());
        assert_eq!(open, usize::from(outcome != "sent"), "{outcome}");
    }
}

#[test]
fn a_terminated_archive_says_until_when_it_can_be_had_back_and_no_other_does() {
    let until = |action: &str, state, by_portal: Option<&str>, days, as_of: &str| {
        let requests = [request("R-1", action, &[SITI], "", APPROVED)];
        let seen = ObservedMailbox {
            recoverable_until: by_portal.map(|at| at.parse::<Timestamp>().expect("a moment")),
            ..archive(SITI, state, "R-1")
        };
        let case = Case {
            recoverable_days: days,
            as_of: day(as_of),
            ..Case::of(&requests, &[seen])
        };
        let due = case.due();
        assert_eq!(due.len(), 1);
        due[0].mailboxes[0]
            .recoverable_until
            .map(|day| day.to_string())
    };
    let at = |text: &str| Some(text.to_owned());
    let gone = |by_portal, days| {
        until(
            "terminate",
            State::Terminated,
            by_portal,
            days,
            "2026-11-23",
        )
    };
    assert_eq!(gone(None, None), None);
    assert_eq!(gone(None, Some(30)), at("2026-12-11"));
    assert_eq!(
        gone(Some("2026-12-20T20:00:00Z"), Some(30)),
        at("2026-12-20")
    );
    assert_eq!(
        until("terminate", State::Terminated, None, Some(5), "2026-11-23"),
        None
    );
    assert_eq!(
        until("enable", State::Enabled, None, Some(30), "2026-11-23"),
        None
    );
}

#[test]
fn another_list_has_another_digest() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], "", APPROVED)];
    let on = [
        archive(SITI, State::Enabled, "R-1"),
        archive(ROSLI, State::Enabled, "R-1"),
    ];
    let all = Case::of(&requests, &on).due();
    assert_eq!(digest("A", &all), digest("A", &all));
    assert_ne!(digest("A", &all), digest("A", &all[1..]));
    assert_ne!(digest("A", &all), digest("B", &all));
}

#[test]
fn what_is_not_so_in_the_portal_is_not_told_whichever_request_decides() {
    let requests = [
        request("R-1", "enable", &[SITI], "", APPROVED),
        request(
            "R-2",
            "enable",
            &[SITI],
            "",
            "approval: {by: uc@agensi.example, date: 2026-11-05}",
        ),
    ];
    let on = Case::of(&requests, &[archive(SITI, State::Enabled, "R-2")]);
    assert_eq!(
        on.after(vec![applied("R-1", SITI)]).words(),
        ["R-1 enabled siti: siti", "R-2 enabled siti: siti"]
    );
    // Somebody disabled it meanwhile; the next run enables it for the second.
    let off = Case::of(&requests, &[archive(SITI, State::Disabled, "")]);
    assert_eq!(
        off.after(vec![applied("R-1", SITI)]).words(),
        ["R-2 approved siti: siti"]
    );
}

#[test]
fn an_obstacle_is_told_also_to_an_applicant_whose_own_mailbox_is_done() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], SITI, APPROVED)];
    let blocked = ObservedMailbox {
        account: Account::Disabled,
        ..archive(ROSLI, State::Disabled, "")
    };
    let seen = [archive(SITI, State::Enabled, "R-1"), blocked];
    let due_for = Case::of(&requests, &seen).after(given("enabled", SITI, "sent"));
    assert_eq!(due_for.words(), ["R-1 blocked siti: rosli"]);
}
