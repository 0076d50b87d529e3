//! Rows from lifecycles, and the page from rows: each fact once.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use memchr::memmem;

use super::page::render_html;
use super::row::EvidenceRow;
use super::truncation::max_mailboxes_per_row;
use super::{
    Period, Register, RegisterContext, RelativeLinks, UnmanagedArchive, build_register, render_csv,
};
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::desired::fold_requests;
use crate::domain::lifecycle::{LifecycleInput, request_lifecycles};
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::policy::Policy;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{
    Delivery, Event, Notice, NotifyBegun, OutcomeEvent, RecordLine,
};
use crate::domain::record::enums::{DeliveryOutcome, NoticeKind};
use crate::domain::record::history::History;
use crate::domain::request::{Channel, Request, RequestId, sample};
use crate::language::Language;

const EVIL: &str = "</script><script>alert(1)</script>\u{2028}\u{202e}";

fn policy() -> Policy {
    sample::policy("Agensi", "")
}

fn request(id: &str, received: &str, more: &str) -> Arc<Request> {
    let received = format!("date: {received}, channel: letter, reference: R");
    sample::request(id, &received, more)
}

fn requests() -> Vec<Arc<Request>> {
    let approval = "approvals: [{by: uc@agensi.example, date: 2026-11-03}]";
    vec![
        request(
            "R-2",
            "2026-11-02",
            &format!("action: enable\nmailboxes: [b@agensi.example, a@agensi.example]\n{approval}"),
        ),
        request("R-1", "2026-11-02", "action: enable\nmailboxes: [c@agensi.example]"),
        request(
            "R-3",
            "2025-12-31",
            &format!("action: terminate\nmailboxes: [d@agensi.example]\n{approval}"),
        ),
    ]
}

fn record() -> Vec<RunRecord> {
    let about = || ("R-2".to_owned(), NoticeKind::Enabled, "b@agensi.example".to_owned());
    let outcome = |outcome| {
        Event::Outcome(OutcomeEvent {
            is_settling: false,
            mailbox: "b@agensi.example".into(),
            request: "R-2".into(),
            outcome,
            detail: Some(EVIL.into()),
        })
    };
    let (request, kind, to) = about();
    let notice = Event::Notice(Notice {
        request,
        kind,
        to,
        channel: Channel::Email,
        message_id: None,
        file: None,
        sha256: String::new(),
    });
    let (request, kind, to) = about();
    let delivery = Event::Delivery(Delivery {
        request,
        kind,
        to,
        outcome: DeliveryOutcome::Refused,
        detail: Some("550".into()),
    });
    let begun = Event::Notifying(NotifyBegun {
        format: String::new(),
        arkib: String::new(),
        agency: "A".into(),
        by: "Noraini".into(),
        job: None,
        commit: None,
        policy: String::new(),
        as_of: String::new(),
        notices: 1,
    });
    let events = [outcome(OutcomeKind::Applied), outcome(OutcomeKind::Unknown), notice, delivery];
    // Before midnight in Malaysia, and after it.
    let at = |seq| format!("2026-11-{}T15:59:5{seq}.000Z", 20 + seq);
    let events = events.into_iter().chain([begun]);
    let lines = (0..).zip(events).map(|(seq, event)| {
        let line = RecordLine::new(seq, at(seq), vec![], event);
        (seq as usize + 1, line)
    });
    vec![RunRecord {
        file: "records/1.jsonl".into(),
        lines: lines.collect(),
        findings: vec![],
        is_under_way: false,
    }]
}

fn made(portal: Option<Vec<ObservedMailbox>>, period: Option<Period>) -> Register {
    made_of(portal, period, None)
}

fn made_of(
    portal: Option<Vec<ObservedMailbox>>,
    period: Option<Period>,
    only: Option<RequestId>,
) -> Register {
    let (requests, runs, policy) = (requests(), record(), policy());
    let as_of: Date = "2026-11-23".parse().expect("a day");
    let history = History::from_runs(&runs);
    let desired = fold_requests(&requests, as_of, &UnverifiedApprovals::new());
    let observed = portal.map(|observed| Observed::new(observed, true));
    let plan = observed.as_ref().map(|observed| plan(&desired, observed, &policy));
    let portal = observed.as_ref().zip(plan.as_ref());
    let lifecycles = request_lifecycles(&LifecycleInput {
        requests: &requests,
        desired: &desired,
        portal,
        history: &history,
    });
    let context = RegisterContext {
        policy: &policy,
        requests_at: &"at 1234567".into(),
        commit: None,
        as_of,
        period,
        only: only.as_ref(),
        portal,
        runs: &runs,
        record_problems: 0,
        history: &history,
        files: "requests",
        links: &RelativeLinks::new(Path::new("/w"), Path::new("/w/requests")),
    };
    build_register(&lifecycles, &context)
}

fn portal() -> Vec<ObservedMailbox> {
    vec![
        sample_mailbox("a@agensi.example", "1", State::Disabled),
        sample_mailbox("b@agensi.example", "2", State::Disabled),
        ObservedMailbox { hold: true, ..sample_mailbox("d@agensi.example", "3", State::Enabled) },
        sample_mailbox("\"=cmd|x\"@agensi.example", "4", State::Enabled),
    ]
}

#[test]
fn row_shows_the_lifecycle_of_a_request() {
    let register = made(Some(portal()), None);
    let ids: Vec<&str> = register.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["R-3", "R-1", "R-2"]);
    let [blocked, pending, waiting] = register.rows.as_slice() else {
        panic!("three rows");
    };
    assert_eq!((pending.stage, pending.waits_for), ("pending", Some("approver")));
    assert_eq!((pending.age_days, pending.day.as_deref()), (Some(21), None));
    assert_eq!(blocked.stage, "blocked");
    let obstacle = blocked.mailboxes[0].obstacle.as_ref();
    assert_eq!(obstacle.map(|obstacle| obstacle.code), Some("hold"));
    assert_eq!(waiting.stage, "waiting");
    // In the order of the file. According to the records, the first was done; it has drifted.
    let [b, a] = waiting.mailboxes.as_slice() else {
        panic!("two mailboxes");
    };
    assert_eq!((b.stage, b.done_on.as_deref(), b.drifted), ("done", Some("2026-11-20"), true));
    assert_eq!(b.trouble.as_ref().map(|trouble| trouble.outcome.as_str()), Some("unknown"));
    assert_eq!((a.stage, a.done_on.as_deref()), ("waiting", None));
    let notice = &waiting.notices[0];
    assert_eq!((notice.day.as_str(), notice.outcome.as_str()), ("2026-11-23", "refused"));
    assert_eq!(register.figures.open, 3);
    assert_eq!(register.figures.stages["blocked"], 1);
    let months: Vec<&str> =
        register.figures.months.iter().map(|month| month.month.as_str()).collect();
    assert_eq!((months.len(), months[0], months[11]), (12, "2025-12", "2026-11"));
}

#[test]
fn portal_findings_need_the_portal() {
    let register = made(Some(portal()), None);
    let unmanaged = register.unmanaged.expect("the portal was asked");
    assert_eq!(unmanaged[0].mailbox, "\"=cmd|x\"@agensi.example");
    let drifted = register.drifted.expect("the portal was asked");
    let first = drifted
        .first()
        .map(|archive| (archive.mailbox.as_str(), archive.wanted, archive.state.as_str()));
    assert_eq!((first, drifted.len()), (Some(("b@agensi.example", "enabled", "disabled")), 1));
    let offline = made(None, None);
    assert!(offline.unmanaged.is_none() && offline.drifted.is_none() && !offline.portal_asked);
}

#[test]
fn period_filters_by_day_of_receipt() {
    let rows = |period: &str| made(None, Period::parse(period).ok()).rows.len();
    assert_eq!((rows("2025"), rows("2026"), rows("2025-12-31..2026-11-02")), (1, 2, 3));
}

#[test]
fn csv_defuses_formula_like_names() {
    let mut register = made(None, None);
    register.rows[0].mailboxes[0].mailbox = "=cmd|x@agensi.example".to_owned();
    register.rows[0].reason = Some("+1,\"x\"\r\n=2".to_owned());
    let text = render_csv(&[register], Language::English);
    assert!(text.starts_with("\u{feff}agency,request,"), "{text}");
    assert!(text.contains(",'=cmd|x@agensi.example,"), "{text}");
    assert!(text.contains(",\"'+1,\"\"x\"\"\n=2\","), "{text}");
    assert_eq!(text.matches("\r\n").count(), 5);
}

#[test]
fn malay_sheet_has_malay_heads_and_words() {
    let register = made(Some(portal()), None);
    let english = render_csv(std::slice::from_ref(&register), Language::English);
    let malay = render_csv(&[register], Language::Malay);
    assert!(
        english.contains(",waits_for,") && english.contains(",terminate,blocked,administrator,")
    );
    assert!(malay.starts_with("\u{feff}Agensi,Permohonan,Tindakan,"), "{malay}");
    assert!(malay.contains(",Penamatan arkib,Terhalang,pentadbir,"), "{malay}");
    assert!(malay.contains("2026-11-23 pengaktifan b@agensi.example ditolak"), "{malay}");
    assert!(malay.contains(",ya,") && malay.contains(",tidak diketahui,"), "{malay}");
    // Every head has a text.
    let heads = malay.lines().next().unwrap_or_default();
    assert!(!heads.contains("csv.") && !heads.contains('_'), "{heads}");
    for sheet in [english, malay] {
        let whole = ",uc@agensi.example 2026-11-03,,Noraini,records/1.jsonl\r\n";
        assert!(sheet.contains(whole), "{sheet}");
    }
}

#[test]
fn one_request_has_its_own_register() {
    let register = made_of(Some(portal()), None, RequestId::parse("R-2"));
    assert_eq!((register.rows.len(), &*register.rows[0].id), (1, "R-2"));
    assert_eq!((&register.unmanaged, &register.drifted), (&None, &None));
    let row = &register.rows[0];
    let done = &row.mailboxes[0];
    assert_eq!(
        (done.done_by.as_deref(), done.record.as_deref()),
        (Some("Noraini"), Some("records/1.jsonl"))
    );
    assert_eq!(row.notices[0].by.as_deref(), Some("Noraini"));
    let text = row.approvals[0].statement.as_ref().expect("what was approved");
    assert!(text.contains("\nmailbox: b@agensi.example\n"), "{text}");
    assert_eq!(made(None, None).rows[0].approvals[0].statement, None);
    assert_eq!(data_of(&register)["agencies"][0]["only"], "R-2");
}

#[test]
fn page_never_shows_data_as_markup() {
    let mut register = made(None, None);
    register.name = format!("<img src=x>{EVIL}");
    register.unmanaged =
        Some(vec![UnmanagedArchive { mailbox: EVIL.to_owned(), state: EVIL.to_owned() }]);
    register.rows[0].evidence = vec![EvidenceRow {
        file: EVIL.to_owned(),
        href: Some("./x".to_owned()),
        sha256: "0".repeat(64),
        size: 1,
    }];
    let made_at = "2026-11-23T00:00:00Z";
    let text = render_html(vec![register], Language::English, made_at).expect("a page");
    assert_eq!(text.matches("<script").count(), 2);
    assert_eq!(text.matches("</script>").count(), 2);
    assert!(!text.contains("<img") && !text.contains(['\u{2028}', '\u{202e}']));
    assert!(text.contains("\\u003c/script\\u003e") && text.contains("⟨U+202E⟩"));
    assert!(text.contains("<html lang=\"en\">") && !text.contains("'unsafe-inline'"));
    for outside in ["http://", "https://", "//cdn", "@import", "url("] {
        // The name of the SVG namespace is no address.
        let text = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains(outside), "{outside}");
    }
}

#[test]
fn every_page_word_has_a_text() {
    let texts = Language::Malay.texts();
    let words = super::page::used_text_names();
    assert!(words.len() > 70, "only {}", words.len());
    for word in words {
        let name = format!("register.{word}");
        assert_ne!(texts.get(&name), name);
    }
    for whom in ["approver", "administrator", "run", "portal", "day"] {
        let name = format!("waits.{whom}");
        assert_ne!(texts.get(&name), name);
    }
}

/// The data of a page of these registers.
fn page_of(register: &Register) -> String {
    let made_at = "2026-11-23T04:00:00Z";
    render_html(vec![register.clone()], Language::English, made_at).expect("a page")
}

fn data_of(register: &Register) -> serde_json::Value {
    let page = page_of(register);
    let (_, data) = page.split_once("id=\"data\">").expect("data");
    let (data, _) = data.split_once("</script>").expect("an end");
    serde_json::from_str(data).expect("JSON")
}

#[test]
fn large_page_keeps_the_first_mailboxes() {
    let mut register = made(None, None);
    let sample = register.rows[0].mailboxes[0].clone();
    let many = |count: usize| vec![sample.clone(); count];
    register.rows.truncate(2);
    register.rows[0].mailboxes = many(99_999);
    register.rows[1].mailboxes = many(1);
    let unmanaged =
        UnmanagedArchive { mailbox: "x@agensi.example".into(), state: "enabled".into() };
    register.unmanaged = Some(vec![unmanaged; 2_001]);
    assert_eq!(max_mailboxes_per_row(std::slice::from_ref(&register)), usize::MAX);
    // One more than a page holds.
    register.rows[1].mailboxes = many(2);
    let data = data_of(&register);
    let agency = &data["agencies"][0];
    assert_eq!(agency["rows"][0]["mailboxes"].as_array().map(Vec::len), Some(100));
    assert_eq!(agency["rows"][0]["rest"]["count"], 99_899);
    assert_eq!(agency["rows"][1]["mailboxes"].as_array().map(Vec::len), Some(2));
    assert_eq!(agency["rows"][1].get("rest"), None);
    assert_eq!(agency["unmanaged"].as_array().map(Vec::len), Some(2_000));
    assert_eq!(agency["more_unmanaged"], 1);
    assert_eq!(agency.get("more_drifted"), None);
    // The spreadsheet has them all.
    register.rows[0].mailboxes.truncate(1_000);
    assert_eq!(render_csv(&[register], Language::English).lines().count(), 1 + 1_000 + 2);
}

#[test]
fn large_data_fits_on_a_page() {
    let mut register = made(None, None);
    let reason = "x".repeat(12 << 20);
    register.rows[0].reason = Some(reason.clone());
    assert!(memmem::find(page_of(&register).as_bytes(), reason.as_bytes()).is_some());
}
