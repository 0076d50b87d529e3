//! The pure part alone, for callgrind: how many instructions it takes to read requests, to see what a pull
//! request changes, to read a portal's pages, and to plan.
//! `benches/count` runs it; by itself it says nothing.
//!
//! What is made here is made of a row of numbers, so that it is the same every time.

use std::hint::black_box;
use std::sync::Arc;

use arkib::domain::agency::LoadedAgencies;
use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::archive_state::{AccountState, State};
use arkib::domain::desired::{Desired, fold_requests};
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::mapping::scim::{MAILBOX, Mapping};
use arkib::domain::observed::{MailboxFilter, Observed, ObservedMailbox};
use arkib::domain::plan::{Plan, plan};
use arkib::domain::policy::Policy;
use arkib::domain::request::Request;
use arkib::domain::request::request_file_source::FolderSnapshot;
use arkib::domain::request::three_way_merge::MergedPullRequest;
use arkib::load::agency_loader::{load, load_changed};
use arkib::portal::scim::read_page;
use jiff::civil::{Date, date};
use serde_json::json;

const REQUESTS: usize = 4_000;
const MAILBOXES: usize = 40_000;
const PAGE: usize = 1_000;
const TODAY: Date = date(2026, 11, 2);

const POLICY: &str = "version: 1
agency: AWAM
name: Perkhidmatan Awam Contoh
domains: [perkhidmatan.example]
approvers: [pentadbir.uc@perkhidmatan.example]
language: ms
portal: scim
limits: { terminations: 20000, terminations_percent: 50, changes: 200000 }
provenance: committed
";

/// A number that looks like chance and is none.
fn spread(number: usize) -> usize {
    number.wrapping_mul(2_654_435_761) >> 7
}

fn address(number: usize) -> String {
    format!("pegawai.{:06}@perkhidmatan.example", spread(number) % MAILBOXES)
}

/// The path of a request, and its text.
fn request(number: usize) -> (String, String) {
    let id = format!("PA-2026-{number:06}");
    let action = if spread(number).is_multiple_of(9) { "terminate" } else { "enable" };
    let (month, day) = (number % 10 + 1, number / 10 % 25 + 1);
    let mut text = format!("version: 1\nid: {id}\naction: {action}\nmailboxes:\n");
    for entry in 0..=number % 5 {
        // Each is named once: two requests of one day could contradict each other.
        text.push_str(&format!("  - pegawai.{:06}@perkhidmatan.example\n", number * 5 + entry));
    }
    text.push_str(&format!(
        "received:\n  date: 2026-{month:02}-{day:02}\n  channel: letter\n  reference: CONTOH.600-1/2/3 ({number})\n\
         approvals:\n  - by: pentadbir.uc@perkhidmatan.example\n    date: 2026-{month:02}-{:02}\nreason: Peti mel melebihi kuota.\n",
        day + 1
    ));
    (format!("2026/{id}.yaml"), text)
}

fn requests() -> FolderSnapshot {
    let files = (0..REQUESTS).map(request).chain([("agency.yaml".into(), POLICY.into())]);
    let files = files.map(|(path, text): (String, String)| (path, Ok(text.as_bytes().into())));
    FolderSnapshot::of_files("requests".into(), files.collect())
}

/// A page of a list as portals send it, with attributes that nobody asked for.
fn page() -> Vec<u8> {
    let user = |number: usize| {
        let address = address(number);
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", MAILBOX],
            "id": format!("{number:08x}"),
            "userName": address,
            "displayName": format!("Pegawai {number}"),
            "active": true,
            "emails": [{"value": address, "type": "work", "primary": true}],
            MAILBOX: {"state": if spread(number).is_multiple_of(3) { "enabled" } else { "disabled" }},
            "meta": {"resourceType": "User", "version": format!("W/\"{number}\""), "lastModified": "2026-11-01T08:00:00Z"},
        })
    };
    let users: Vec<_> = (0..PAGE).map(user).collect();
    let page = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": PAGE,
        "itemsPerPage": PAGE,
        "startIndex": 1,
        "Resources": users,
    });
    page.to_string().into_bytes()
}

fn portal() -> Vec<ObservedMailbox> {
    let state = |number: usize| match spread(number) % 3 {
        0 => State::Enabled,
        _ => State::Disabled,
    };
    let mailbox = |number: usize| ObservedMailbox {
        mailbox: Mailbox::from_portal(&address(number)),
        id: Arc::from(format!("{number:08x}")),
        version: Some(format!("W/\"{number}\"").into()),
        state: state(number),
        account: AccountState::Active,
        hold: false,
        request: None,
        changed_at: None,
        modified_at: None,
        recoverable_until: None,
        created: None,
        person: None,
    };
    (0..MAILBOXES).map(mailbox).collect()
}

#[inline(never)]
fn counted_reading(folder: &FolderSnapshot) -> LoadedAgencies {
    load(folder, TODAY)
}

/// What a pull request of one more request makes of a base that was read.
#[inline(never)]
fn counted_pull_request(
    base: &FolderSnapshot,
    head: &FolderSnapshot,
    before: &mut LoadedAgencies,
) -> Desired {
    let pull = MergedPullRequest::new(base.clone(), base, head);
    let changed: Vec<&str> = pull.touched.iter().map(|touched| &*touched.path).collect();
    let after = load_changed(&pull.merged, TODAY, before, &changed).expect("nothing to say");
    let [base, head] = [before, &after].map(|side| {
        let requests = &side.agencies[0].requests;
        fold_requests(requests, TODAY, &UnverifiedApprovals::new())
    });
    head.difference_from(&base)
}

#[inline(never)]
fn counted_pages(page: &[u8], mapping: &Mapping, filter: &MailboxFilter) -> Vec<ObservedMailbox> {
    read_page(page, mapping, filter).expect("a page")
}

#[inline(never)]
fn counted_folding(requests: &[Arc<Request>]) -> Desired {
    fold_requests(requests, TODAY, &UnverifiedApprovals::new())
}

#[inline(never)]
fn counted_sorting(read: Vec<ObservedMailbox>) -> Observed {
    Observed::new(read, true)
}

#[inline(never)]
fn counted_planning(desired: &Desired, observed: &Observed, policy: &Policy) -> Plan {
    plan(desired, observed, policy)
}

fn main() {
    // Only what this thread does is counted, so that it does all of it itself.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("nothing has used rayon yet");
    // `cargo bench` runs it, too, and needs no second.
    let files = requests();
    let mut loaded = counted_reading(black_box(&files));
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings.first());
    let agency = &loaded.agencies[0];
    assert_eq!(agency.requests.len(), REQUESTS);
    let desired = counted_folding(black_box(&agency.requests));
    let mailboxes = counted_pages(
        black_box(&page()),
        &Mapping::default(),
        &desired.mailbox_filter(&agency.requests),
    );
    assert!(mailboxes.len() > PAGE / 10, "{}", mailboxes.len());
    let observed = counted_sorting(black_box(portal()));
    let planned = counted_planning(black_box(&desired), &observed, &agency.policy);
    assert!(planned.changes.len() > 1_000, "{}", planned.changes.len());
    let (path, text) = request(REQUESTS);
    let mut head = files.clone();
    head.insert_file(path, Ok(text.as_bytes().into()));
    let new = counted_pull_request(black_box(&files), &head, &mut loaded);
    assert!(!new.mailboxes.is_empty());
}
