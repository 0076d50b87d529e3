//! What holds for any bytes given as a saved plan. The fuzz target runs it on what it invents, the
//! integration tests on a saved plan and on mutations of it.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::archive_state::State;
use arkib::domain::archive_state::Target;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::plan::saved::{PlanFile, SavedAgencyPlan, SealedContents};
use arkib::domain::plan::{Cause, Change, Digest, LastChange, Plan, files_digest};
use arkib::domain::request::approval_state::ApprovalState;
use arkib::domain::request::{Action, Approval, Channel, Received, Request, RequestId};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use super::edits;

/// The digest of nothing: of the policy and of the requests, and of the plan itself.
fn digest() -> Digest {
    files_digest(std::iter::empty())
}

/// What would be planned now.
fn now() -> Plan {
    let change = |mailbox: &str, target, from, id: &str| Change {
        mailbox: Mailbox::parse(mailbox).expect("an address"),
        target,
        cause: Cause::Request,
        request: Arc::new(Request {
            id: RequestId::parse("R-1").expect("an id"),
            file: "requests/R-1.yaml".into(),
            action: Action::Change { target, mailboxes: Vec::new() },
            received: Received {
                date: date(2026, 11, 1),
                channel: Channel::Memo,
                reference: "R".into(),
                from: None,
                name: None,
                file: None,
            },
            approvals: vec![Approval {
                by: Mailbox::parse("pentadbir@agensi.example").expect("an address"),
                date: date(2026, 11, 2),
                signature: None,
            }],
            approval_state: ApprovalState::Approved(date(2026, 11, 2)),
            effective: None,
            reason: None,
            evidence: Vec::new(),
        }),
        line: 1,
        from,
        id: id.into(),
        version: Some("W/\"1\"".into()),
        note: None,
        last_change: LastChange::default(),
    };
    Plan {
        agency: "CONTOH".into(),
        as_of: date(2026, 11, 23),
        changes: vec![
            change("b@agensi.example", Target::Terminated, State::Enabled, "2"),
            change("a@agensi.example", Target::Enabled, State::Disabled, "1"),
        ],
        blocked: Vec::new(),
        in_progress: Vec::new(),
        in_sync: 0,
        over: Vec::new(),
        recalled: Vec::new(),
        void: Vec::new(),
        unmanaged: Vec::new(),
        pending: Vec::new(),
        scheduled: Vec::new(),
        unverified: UnverifiedApprovals::new(),
        refusals: Vec::new(),
        digest: digest(),
    }
}

/// What arkib keeps of that plan.
pub fn good() -> PlanFile {
    PlanFile::new(SealedContents {
        made_at: "2026-11-23T01:02:03Z".into(),
        arkib: "0.1.0".into(),
        commit: None,
        as_of: "2026-11-23".into(),
        agencies: vec![SavedAgencyPlan::new(&now(), digest(), digest())],
    })
}

/// The text of the good plan, made and read once.
pub fn good_text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let text = good().to_text();
        assert_eq!(PlanFile::read(&text), Ok(good()));
        text
    });
    &TEXT
}

/// Panics where a promise about saved plans is broken.
pub fn holds(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(plans) = PlanFile::read(text)
    {
        assert_eq!(plans.to_text(), text, "taken, and not as arkib writes it");
    }
    // Whoever writes a plan can seal it, too: the seal is no authority.
    let sealed = serde_json::from_slice::<SealedContents>(bytes).ok();
    let whole = serde_json::from_slice::<PlanFile>(bytes).ok();
    for sealed in sealed.into_iter().chain(whole.map(|it| it.sealed)) {
        forged(&PlanFile::new(sealed));
    }
    is_seen(bytes);
}

/// Panics where a change of a good plan, as the script says, is not refused.
pub fn is_seen(script: &[u8]) {
    if let Some(changed) = edits::edited(good_text().as_bytes(), script) {
        let read = std::str::from_utf8(&changed).map(PlanFile::read);
        assert!(!matches!(read, Ok(Ok(_))), "a change of a plan is not seen");
    }
}

/// A plan in which everything was chosen by someone else, sealed as arkib would.
fn forged(plans: &PlanFile) {
    let text = plans.to_text();
    assert_eq!(PlanFile::read(&text).as_ref(), Ok(plans), "lost on the way");
    let clock = Timestamp::from_second(1_795_000_000).expect("a moment");
    let most = SignedDuration::from_hours(24);
    if plans.check_age(clock, most).is_none() {
        let made: Timestamp = plans.sealed.made_at.parse().expect("a moment");
        let age = clock.duration_since(made);
        assert!(age <= most && age >= SignedDuration::from_mins(-5));
    }
    let now = now();
    for plan in &plans.sealed.agencies {
        plan.mailboxes();
        if !plan.stale_reasons(&now, digest(), digest()).is_empty() {
            continue;
        }
        // What is carried out is the plan of now; a kept one that lets it must say the same.
        let meant = &SavedAgencyPlan::new(&now, digest(), digest());
        assert_eq!(plan.digest, meant.digest);
        assert_eq!(plan.refusals, meant.refusals);
        let said = |plan: &SavedAgencyPlan| -> BTreeSet<_> {
            let changes = plan.changes.iter();
            changes
                .map(|it| {
                    let decides = [&it.mailbox, &it.request, &it.from, &it.id];
                    (it.action, decides.map(String::clone), it.version.clone())
                })
                .collect()
        };
        assert_eq!(said(plan), said(meant), "another plan is let through");
    }
}
