//! Which notices are due, one rule a test; and that every notice reads well, whatever is in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Kind;
use super::due::{Again, Due, Facts, digest, due, in_doubt};
use super::template::{Own, Templates};
use super::wording::{Pen, fill};
use crate::desired::fold;
use crate::lifecycle::{Known, Life, lives};
use crate::mailbox::Mailbox;
use crate::observed::{Account, Observed, ObservedMailbox, State, entry};
use crate::plan::plan;
use crate::policy::{Language, Policy};
use crate::provenance::Doubts;
use crate::records::chain::Run;
use crate::records::entry::{Delivery, Event, Line, Notice, Redacting};
use crate::records::history::History;
use crate::request::check::{Origin, check};
use crate::request::draft::RequestDraft;
use crate::request::{Request, RequestId};
use crate::yaml::Source;

const SITI: &str = "siti@agensi.example";
const ROSLI: &str = "rosli@agensi.example";
const CHIEF: &str = "ketua@agensi.example";
const APPROVED: &str = "approval: {by: uc@agensi.example, date: 2026-11-03}";

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn policy(more: &str) -> Policy {
    let text = format!(
        "version: 1\nagency: A\nname: Jabatan <A> & B\ndomains: [agensi.example]\napprovers: [uc@agensi.example]\nportal: embedded\n{more}"
    );
    let file: Arc<str> = "agency.yaml".into();
    let source = Source::new(&file, text.as_bytes()).expect("text");
    crate::policy::check(&source.draft().expect("a policy"), &file).expect("a good policy")
}

fn request_by(id: &str, channel: &str, received: &str, more: &str) -> Arc<Request> {
    let text = format!(
        "version: 1\nid: {id}\nreceived: {{date: 2026-11-02, channel: {channel}, reference: \"R <1>\"{received}}}\n{more}\n"
    );
    let file: Arc<str> = format!("{id}.yaml").into();
    let source = Source::new(&file, text.as_bytes()).expect("text");
    let draft: RequestDraft = source.draft().expect("a request");
    let origin = Origin {
        file: &file,
        stem: id,
        text: &text,
        policy: None,
    };
    Arc::new(check(&draft, &origin).expect("a good request"))
}

/// A request that came by letter; `who` is its applicant, or nobody.
fn request(id: &str, action: &str, mailboxes: &[&str], who: &str, approval: &str) -> Arc<Request> {
    let from = match who {
        "" => String::new(),
        who => format!(", from: {who}"),
    };
    let named = match action {
        "withdraw" => format!("withdraws: {}", mailboxes.join("")),
        _ => format!("mailboxes: [{}]", mailboxes.join(", ")),
    };
    request_by(
        id,
        "letter",
        &from,
        &format!("action: {action}\n{named}\n{approval}"),
    )
}

fn archive(mailbox: &str, state: State, request: &str) -> ObservedMailbox {
    ObservedMailbox {
        request: (!request.is_empty()).then(|| request.into()),
        changed_at: Some("2026-11-12T02:00:00Z".parse().expect("a moment")),
        ..entry(mailbox, mailbox, state)
    }
}

/// What is asked in these tests: everything else is the same.
struct Case {
    requests: Vec<Arc<Request>>,
    portal: Vec<ObservedMailbox>,
    events: Vec<Event>,
    is_under_way: bool,
    since: Date,
    as_of: Date,
    recoverable_days: Option<u32>,
    again: Vec<Again>,
}

impl Case {
    fn of(requests: &[Arc<Request>], portal: &[ObservedMailbox]) -> Self {
        Self {
            requests: requests.to_vec(),
            portal: portal.to_vec(),
            events: Vec::new(),
            is_under_way: false,
            since: day("2026-11-01"),
            as_of: day("2026-11-23"),
            recoverable_days: None,
            again: Vec::new(),
        }
    }

    fn after(mut self, events: Vec<Event>) -> Self {
        self.events = events;
        self
    }

    fn lives(&self, history: &History) -> (Vec<Life>, Observed) {
        let desired = fold(&self.requests, self.as_of, &Doubts::new());
        let observed = Observed::new(self.portal.clone(), true);
        let plan = plan(&desired, &observed, &policy(""), 1);
        let lives = lives(&Known {
            requests: &self.requests,
            desired: &desired,
            portal: Some((&observed, &plan)),
            history,
        });
        (lives, observed)
    }

    fn ask<T>(&self, of: impl FnOnce(&Facts<'_>) -> T) -> T {
        let lines = (0..).zip(self.events.clone()).map(|(seq, event)| {
            let at = format!("2026-11-22T01:00:{seq:02}.000Z");
            let salt = "00".repeat(16);
            (seq as usize + 1, Line::new(seq, at, vec![], salt, event))
        });
        let history = History::of(&[Run {
            file: "requests/records/1.jsonl".into(),
            lines: lines.collect(),
            findings: vec![],
            is_under_way: self.is_under_way,
        }]);
        let (lives, observed) = self.lives(&history);
        of(&Facts {
            lives: &lives,
            history: &history,
            since: self.since,
            as_of: self.as_of,
            recoverable_days: self.recoverable_days,
            has_account: &|mailbox| observed.get(mailbox).is_some(),
            again: &self.again,
        })
    }

    fn due(&self) -> Vec<Due> {
        self.ask(due)
    }

    /// As `R-1 enabled siti`.
    fn words(&self) -> Vec<String> {
        self.due().iter().map(words).collect()
    }
}

fn words(due: &Due) -> String {
    let name = |mailbox: &Mailbox| mailbox.as_str().split('@').next().unwrap_or("").to_owned();
    let about: Vec<String> = due.mailboxes.iter().map(|it| name(&it.mailbox)).collect();
    let again = if due.is_again { " again" } else { "" };
    format!(
        "{} {} {}: {}{again}",
        due.request.id,
        due.kind.as_str(),
        name(&due.to),
        about.join(" ")
    )
}

fn notice(kind: &str, to: &str) -> Event {
    Event::Notice(Notice {
        request: "R-1".into(),
        kind: kind.into(),
        to: to.into(),
        channel: "email".into(),
        message_id: None,
        file: None,
        sha256: String::new(),
    })
}

fn given(kind: &str, to: &str, outcome: &str) -> Vec<Event> {
    let delivery = Event::Delivery(Delivery {
        request: "R-1".into(),
        kind: kind.into(),
        to: to.into(),
        outcome: outcome.into(),
        detail: None,
    });
    vec![notice(kind, to), delivery]
}

fn again(id: &str, to: Option<&str>) -> Again {
    Again {
        request: RequestId::parse(id).expect("an id"),
        to: to.map(|to| Mailbox::parse(to).expect("an address")),
    }
}

#[test]
fn each_stage_has_its_notice_to_the_applicant_or_else_to_each_user() {
    let off = |mailbox| archive(mailbox, State::Disabled, "");
    let portal = [off(SITI), off(ROSLI)];
    let both = [SITI, ROSLI];
    let told = |who: &str, approval: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &both, who, approval)], portal).words()
    };
    let later = "approval: {by: uc@agensi.example, date: 2026-11-03}\neffective: 2026-12-01";
    let enabling = [archive(SITI, State::Enabling, ""), off(ROSLI)];
    assert_eq!(told(CHIEF, "", &portal), ["R-1 received ketua: siti rosli"]);
    assert_eq!(
        told("", "", &portal),
        ["R-1 received rosli: rosli", "R-1 received siti: siti"]
    );
    for (approval, portal) in [(later, &portal), (APPROVED, &portal), (APPROVED, &enabling)] {
        assert_eq!(
            told(CHIEF, approval, portal),
            ["R-1 approved ketua: siti rosli"]
        );
        let each = ["R-1 approved rosli: rosli", "R-1 approved siti: siti"];
        assert_eq!(told("", approval, portal), each);
    }
}

#[test]
fn what_is_done_is_told_to_its_user_and_to_the_applicant_when_all_of_it_is() {
    let both = [SITI, ROSLI];
    let told = |who: &str, portal: &[ObservedMailbox]| {
        Case::of(&[request("R-1", "enable", &both, who, APPROVED)], portal).words()
    };
    let on = |mailbox| archive(mailbox, State::Enabled, "R-1");
    let off = |mailbox| archive(mailbox, State::Disabled, "");
    let half = [on(SITI), off(ROSLI)];
    assert_eq!(
        told("", &half),
        ["R-1 approved rosli: rosli", "R-1 enabled siti: siti"]
    );
    assert_eq!(
        told(CHIEF, &half),
        ["R-1 approved ketua: rosli", "R-1 enabled siti: siti"]
    );
    let whole = [on(SITI), on(ROSLI)];
    assert_eq!(
        told("", &whole),
        ["R-1 enabled rosli: rosli", "R-1 enabled siti: siti"]
    );
    let all = [
        "R-1 enabled ketua: siti rosli",
        "R-1 enabled rosli: rosli",
        "R-1 enabled siti: siti",
    ];
    assert_eq!(told(CHIEF, &whole), all);
    // An applicant who is a user is told once, and sees the others, which no other user does.
    assert_eq!(
        told(SITI, &whole),
        ["R-1 enabled rosli: rosli", "R-1 enabled siti: siti rosli"]
    );
}

#[test]
fn what_is_blocked_is_told_to_the_applicant_or_else_to_the_user_where_there_is_one() {
    let told = |who: &str, portal: &[ObservedMailbox]| {
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
        told(CHIEF, &portal),
        ["R-1 blocked ketua: siti", "R-1 enabled rosli: rosli"]
    );
    assert_eq!(
        told("", &portal),
        ["R-1 blocked siti: siti", "R-1 enabled rosli: rosli"]
    );
    // Whoever has no account is nobody to write to.
    assert_eq!(
        told(CHIEF, &portal[1..]),
        ["R-1 blocked ketua: siti", "R-1 enabled rosli: rosli"]
    );
    assert_eq!(told("", &portal[1..]), ["R-1 enabled rosli: rosli"]);
}

#[test]
fn a_withdrawal_is_told_of_and_the_withdrawn_request_no_more() {
    let portal = [
        archive(SITI, State::Disabled, ""),
        archive(ROSLI, State::Disabled, ""),
    ];
    let told = |who: &str, whose: &str, approval: &str| {
        let withdrawn = request("R-1", "enable", &[SITI, ROSLI], whose, APPROVED);
        let withdrawal = request("R-2", "withdraw", &["R-1"], who, approval);
        let mut words = Case::of(&[withdrawn, withdrawal], &portal).words();
        words.retain(|word| word.starts_with("R-2") || approval == APPROVED);
        words
    };
    let later = "approval: {by: uc@agensi.example, date: 2026-11-03}\neffective: 2026-12-01";
    assert_eq!(told(SITI, CHIEF, ""), ["R-2 received siti: siti"]);
    assert_eq!(told("", CHIEF, later), ["R-2 approved ketua: siti rosli"]);
    assert_eq!(
        told("", CHIEF, APPROVED),
        ["R-2 withdrawn ketua: siti rosli"]
    );
    let each = ["R-2 withdrawn rosli: rosli", "R-2 withdrawn siti: siti"];
    assert_eq!(told("", "", APPROVED), each);
    // Who withdraws what another asked for does not learn of whom.
    assert_eq!(
        told("lain@agensi.example", CHIEF, APPROVED),
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
    let told = |seen| Case::of(&two, &[seen]);
    assert_eq!(
        told(archive(SITI, State::Enabled, "")).words(),
        ["R-2 approved siti: siti"]
    );
    let both = ["R-1 enabled siti: siti", "R-2 approved siti: siti"];
    assert_eq!(told(archive(SITI, State::Enabled, "R-1")).words(), both);
    // Both were done: that the archive is enabled would be told wrongly.
    let done = Event::Outcome(crate::records::entry::Outcome {
        mailbox: SITI.into(),
        request: "R-1".into(),
        outcome: "applied".into(),
        detail: None,
    });
    let case = told(archive(SITI, State::Terminated, "R-2")).after(vec![done]);
    assert_eq!(case.words(), ["R-2 terminated siti: siti"]);
}

#[test]
fn what_was_undone_in_the_portal_is_not_told_as_done_and_its_mending_is_no_news() {
    let requests = [request("R-1", "enable", &[SITI], "", APPROVED)];
    let told = |state, events| {
        Case::of(&requests, &[archive(SITI, state, "R-1")])
            .after(events)
            .words()
    };
    assert_eq!(told(State::Disabled, vec![]), Vec::<String>::new());
    let done = Event::Outcome(crate::records::entry::Outcome {
        mailbox: SITI.into(),
        request: "R-1".into(),
        outcome: "applied".into(),
        detail: None,
    });
    assert_eq!(told(State::Enabling, vec![done]), Vec::<String>::new());
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
        again: vec![again("R-1", None)],
        ..after(vec![notice("enabled", SITI)])
    };
    assert_eq!(under_way.words(), nothing);
}

#[test]
fn old_requests_and_those_whose_people_were_taken_out_are_not_written_about() {
    let requests = [request("R-1", "enable", &[SITI], SITI, APPROVED)];
    let on = [archive(SITI, State::Enabled, "R-1")];
    let since = |text| Case {
        since: day(text),
        ..Case::of(&requests, &on)
    };
    assert_eq!(since("2026-11-02").words().len(), 1);
    assert_eq!(since("2026-11-03").words().len(), 0);
    let redacting = Event::Redacting(Redacting {
        format: "arkib.record/1".into(),
        arkib: "0".into(),
        agency: "A".into(),
        by: "x".into(),
        reason: "x".into(),
        lines: vec![],
        requests: vec!["R-1".into()],
    });
    assert_eq!(
        Case::of(&requests, &on)
            .after(vec![redacting])
            .words()
            .len(),
        0
    );
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
        let told = |wanted: Again| Case {
            again: vec![wanted],
            ..Case::of(&requests, &on).after(events.clone())
        };
        assert_eq!(told(again("R-1", None)).words().len(), 2);
        assert_eq!(
            told(again("R-1", Some(SITI))).words(),
            ["R-1 enabled siti: siti again"]
        );
        assert_eq!(told(again("R-2", None)).words().len(), 0);
        let open = told(again("R-1", Some(SITI))).ask(|facts| in_doubt(facts).len());
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
    assert_eq!(gone(None, Some(30)), at("2026-12-12"));
    assert_eq!(
        gone(Some("2026-12-20T20:00:00Z"), Some(30)),
        at("2026-12-21")
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

const NOTICES: &str = "notices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n  letterhead: [\"Aras 5 <b>\"]\n  signatory: [NORAINI]\n  contact: samb. 1234\n";
const ADDIN: &str = "  addin: {link: \"https://muat.agensi.example/a?b=1&c=2\", guide: \"https://panduan.agensi.example\"}\n";

/// A notice of each kind about each action, by each channel.
fn every_notice() -> Vec<Due> {
    let mut all = Vec::new();
    for channel in ["email", "memo", "letter", "form"] {
        let later = "approval: {by: uc@agensi.example, date: 2026-11-03}\neffective: 2026-12-01";
        for action in ["enable", "terminate"] {
            let (state, done) = match action {
                "enable" => (State::Disabled, State::Enabled),
                _ => (State::Enabled, State::Terminated),
            };
            let inactive = ObservedMailbox {
                account: Account::Disabled,
                ..archive(SITI, state.clone(), "")
            };
            let several = [
                archive(SITI, done.clone(), "R-1"),
                archive(ROSLI, done, "R-1"),
            ];
            for (approval, portal) in [
                (
                    "",
                    vec![archive(SITI, state.clone(), ""), archive(ROSLI, state, "")],
                ),
                (later, several.to_vec()),
                (APPROVED, several.to_vec()),
                (APPROVED, vec![inactive]),
            ] {
                let more = format!("action: {action}\nmailboxes: [{SITI}, {ROSLI}]\n{approval}");
                let from = format!(", from: {CHIEF}");
                let requests = [request_by("R-1", channel, &from, &more)];
                let case = Case {
                    recoverable_days: Some(30),
                    ..Case::of(&requests, &portal)
                };
                all.extend(case.due());
            }
        }
        for approval in ["", later, APPROVED] {
            let withdrawal = request_by(
                "R-2",
                channel,
                "",
                &format!("action: withdraw\nwithdraws: R-1\n{approval}"),
            );
            let withdrawn = request("R-1", "enable", &[SITI], CHIEF, APPROVED);
            let case = Case::of(
                &[withdrawn, withdrawal],
                &[archive(SITI, State::Disabled, "")],
            );
            all.extend(
                case.due()
                    .into_iter()
                    .filter(|due| due.request.id.as_str() == "R-2"),
            );
        }
    }
    all
}

#[test]
fn every_notice_reads_well_in_every_language() {
    let templates = Templates::new(BTreeMap::new()).expect("good templates");
    let all = every_notice();
    let kinds: std::collections::BTreeSet<Kind> = all.iter().map(|due| due.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    let policies = [policy(NOTICES), policy(&format!("{NOTICES}{ADDIN}"))];
    for (policy, language) in policies
        .iter()
        .flat_map(|it| Language::ALL.map(|l| (it, l)))
    {
        let pen = Pen {
            policy,
            notices: policy.notices.as_ref().expect("notices"),
            language,
            date: day("2026-11-23"),
        };
        for due in &all {
            let wording = pen.write(due);
            for name in [
                "email.txt",
                "email.html",
                "memo.html",
                "letter.html",
                "form.html",
            ] {
                let shown = templates
                    .render(name, &wording)
                    .unwrap_or_else(|it| panic!("{it}"));
                let what = format!("{} {name} {}: {shown}", words(due), language.as_str());
                for bad in [
                    "{{",
                    "{%",
                    "notice.",
                    "obstacle.",
                    "{day}",
                    "{received}",
                    "{withdraws}",
                    "{agency}",
                    "{request}",
                    "none",
                    "undefined",
                    "  pada .",
                ] {
                    assert!(!super::plain::text(&shown).contains(bad), "{bad} in {what}");
                }
                assert!(
                    shown.contains(due.to.as_str()) || name.starts_with("email"),
                    "{what}"
                );
                assert!(shown.contains(due.request.id.as_str()), "{what}");
                assert!(shown.contains(&wording.title), "{what}");
                assert!(
                    shown.contains(&language.long_date(day("2026-11-02"))),
                    "{what}"
                );
                if name.ends_with(".html") {
                    assert!(
                        !shown.contains("<A>") && shown.contains("Jabatan &lt;A&gt; &amp; B"),
                        "{what}"
                    );
                    assert!(
                        !shown.contains("R <1>") && !shown.contains("5 <b>"),
                        "{what}"
                    );
                    assert!(!shown.contains("<script"), "{what}");
                }
            }
        }
    }
}

#[test]
fn a_notice_says_what_its_kind_is_to_say() {
    let policy = policy(&format!("{NOTICES}{ADDIN}"));
    let pen = Pen {
        policy: &policy,
        notices: policy.notices.as_ref().expect("notices"),
        language: Language::Malay,
        date: day("2026-11-23"),
    };
    let templates = Templates::new(BTreeMap::new()).expect("good templates");
    let text = |kind: Kind, to: &str| {
        let all = every_notice();
        let found = all
            .iter()
            .find(|due| due.kind == kind && due.to.as_str() == to);
        let due = found.unwrap_or_else(|| panic!("no {kind:?} for {to}"));
        templates
            .render("email.txt", &pen.write(due))
            .expect("a text")
    };
    let says = |text: &str, parts: &[&str]| {
        parts
            .iter()
            .for_each(|part| assert!(text.contains(part), "no `{part}` in {text}"));
    };
    says(
        &text(Kind::Received, CHIEF),
        &["2 November 2026", "menunggu kelulusan"],
    );
    says(
        &text(Kind::Approved, CHIEF),
        &["3 November 2026", "mulai 1 Disember 2026"],
    );
    says(
        &text(Kind::Blocked, CHIEF),
        &["tidak aktif dalam portal", "samb. 1234"],
    );
    let enabled = text(Kind::Enabled, SITI);
    says(
        &enabled,
        &[
            "Tarikh diterima: 2 November 2026",
            "Tarikh diluluskan: 3 November 2026",
            "Tarikh diaktifkan: 12 November 2026",
            "https://muat.agensi.example/a?b=1&c=2",
            "https://panduan.agensi.example",
        ],
    );
    assert!(!enabled.contains(ROSLI), "{enabled}");
    let whole = text(Kind::Enabled, CHIEF);
    says(&whole, &[SITI, ROSLI, "secara berasingan"]);
    assert!(!whole.contains("https://muat"), "{whole}");
    says(
        &text(Kind::Terminated, SITI),
        &["sehingga 12 Disember 2026", "permohonan pengaktifan baharu"],
    );
    says(&text(Kind::Withdrawn, CHIEF), &["R-1 telah ditarik balik"]);
}

#[test]
fn an_agencys_own_template_counts_and_one_that_is_broken_says_where() {
    let own = |name: &str, text: &str| {
        let own = Own {
            file: format!("requests/templates/{name}"),
            text: text.to_owned(),
        };
        Templates::new(BTreeMap::from([(name.to_owned(), own)]))
    };
    let policy = policy(NOTICES);
    let pen = Pen {
        policy: &policy,
        notices: policy.notices.as_ref().expect("notices"),
        language: Language::English,
        date: day("2026-11-23"),
    };
    let all = every_notice();
    let wording = pen.write(&all[0]);
    let shown = |name: &str, text: &str| own(name, text).and_then(|it| it.render(name, &wording));
    assert_eq!(
        shown("email.txt", "{{ agency.name }}"),
        Ok("Jabatan <A> & B".to_owned())
    );
    assert_eq!(
        shown("letter.html", "{{ agency.name }}"),
        Ok("Jabatan &lt;A&gt; &amp; B".to_owned())
    );
    let place = |name: &str, text: &str| shown(name, text).map_err(|broken| broken.place);
    let at = |line: &str| Err(format!("requests/templates/letter.html{line}"));
    assert_eq!(place("letter.html", "a\n{% if %}"), at(":2"));
    assert_eq!(place("letter.html", "a\n\n{{ nothing }}"), at(":3"));
    assert_eq!(place("letter.html", "{{ request.nothing }}"), at(":1"));
    assert_eq!(
        place("letter.html", "{% include \"/etc/passwd\" %}"),
        at(":1")
    );
    let endless =
        "{% for a in range(9000) %}{% for b in range(9000) %}{{ a * b }}{% endfor %}{% endfor %}";
    assert!(place("letter.html", endless).is_err());
    // A stylesheet of its own is used in arkib's pages.
    let css =
        own("print.css", "p { color: red }").and_then(|it| it.render("letter.html", &wording));
    assert!(css.is_ok_and(|page| page.contains("p { color: red }")));
}

#[test]
fn what_is_filled_in_is_not_looked_into_again() {
    let places = [("a", "{b}"), ("b", "B")];
    assert_eq!(fill("{a} {b} {c} { {a}", &places), "{b} B {c} { {b}");
}
