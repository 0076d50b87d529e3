//! Saved plans are carried out exactly, or not at all.

use serde_json::Value;

use crate::outputs::{DAY, agency, numbered, request};
use crate::session::{status, stderr, stdout};

#[test]
fn a_changed_plan_file_is_refused() {
    let session =
        agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[("mailbox0000", "disabled")]);
    let keep = [&["reconcile", "--dry-run", "--plan-out", "plan.json"], &DAY[..]].concat();
    assert_eq!(status(&session.run(&keep)), 0);
    let good = std::fs::read(session.path().join("plan.json")).unwrap();
    let apply = [&["reconcile", "--dry-run", "--plan", "plan.json"], &DAY[..]].concat();
    assert_eq!(status(&session.run(&apply)), 0);
    // Some bytes: `record_mutations` changes every byte.
    for (place, bit) in (0..good.len()).step_by(101).map(|place| (place, 1 << (place % 7))) {
        let mut bad = good.clone();
        bad[place] ^= bit;
        session.write("plan.json", &bad);
        let output = session.run(&apply);
        assert_eq!(status(&output), 4, "byte {place}: {}{}", stdout(&output), stderr(&output));
    }
    for bad in [&good[..good.len() - 1], &[&good[..], b"\n"].concat(), b"", b"null"] {
        session.write("plan.json", bad);
        assert_eq!(status(&session.run(&apply)), 4);
    }
    // Too old, at once.
    session.write("plan.json", &good);
    let old = [&apply[..], &["--max-age", "1ns"]].concat();
    let output = session.run(&old);
    assert_eq!(status(&output), 4);
    assert!(stdout(&output).contains("--max-age allows less than a second"), "{}", stdout(&output));
}

/// A forged plan with a correct digest.
#[test]
fn a_forged_plan_is_refused() {
    use arkib::domain::plan::saved::{PlanFile, SavedChange};
    let session = agency(
        &[("R-1", request("R-1", "enable", &numbered(1)))],
        &[("mailbox0000", "disabled"), ("victim", "enabled")],
    );
    let keep = [&["reconcile", "--dry-run", "--plan-out", "plan.json"], &DAY[..]].concat();
    assert_eq!(status(&session.run(&keep)), 0);
    let text = std::fs::read_to_string(session.path().join("plan.json")).unwrap();
    let mut sealed = PlanFile::read(&text).unwrap().sealed;
    let real = sealed.agencies[0].changes[0].clone();
    sealed.agencies[0].changes.push(SavedChange {
        mailbox: "victim@agensi.example".into(),
        action: arkib::domain::archive_state::Target::Terminated,
        from: "enabled".into(),
        ..real
    });
    session.write("plan.json", PlanFile::new(sealed).to_text());
    let apply = [&["reconcile", "--yes", "--plan", "plan.json"], &DAY[..]].concat();
    let output = session.run(&apply);
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert!(
        stdout(&output).contains("victim@agensi.example: nothing remains to be done"),
        "{}",
        stdout(&output)
    );
    let output = session.run(&[&["status", "--format", "json"], &DAY[..]].concat());
    let now: Value = crate::session::json(&output);
    assert_eq!(now["plan"]["changes"].as_array().unwrap().len(), 1, "something was changed");
}

/// The lines of a refusal for plans that were made at other times or from other portals.
#[test]
fn refuses_a_plan_of_another_time_or_portal() {
    use arkib::domain::plan::saved::{PlanFile, SavedRefusal, SealedContents};
    let session =
        agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[("mailbox0000", "disabled")]);
    let keep = [&["reconcile", "--dry-run", "--plan-out", "plan.json"], &DAY[..]].concat();
    assert_eq!(status(&session.run(&keep)), 0);
    let text = std::fs::read_to_string(session.path().join("plan.json")).unwrap();
    let sealed = PlanFile::read(&text).unwrap().sealed;
    let apply = [&["reconcile", "--yes", "--plan", "plan.json"], &DAY[..]].concat();
    let refused = |change: &dyn Fn(&mut SealedContents)| {
        let mut forged = sealed.clone();
        change(&mut forged);
        session.write("plan.json", PlanFile::new(forged).to_text());
        let output = session.run(&apply);
        assert_eq!(status(&output), 4, "{}", stdout(&output));
        stdout(&output)
    };
    let text = refused(&|sealed| sealed.made_at = "2099-01-01T00:00:00Z".into());
    assert!(text.contains("it was made in the future"), "{text}");
    let text = refused(&|sealed| sealed.made_at = "yesterday".into());
    assert!(text.contains("does not say when it was made"), "{text}");
    let text = refused(&|sealed| {
        sealed.agencies[0]
            .refusals
            .push(SavedRefusal { limit: "portal-shrunken".into(), message: String::new() });
    });
    assert!(text.contains("far fewer mailboxes or archives than the requests name"), "{text}");
    let text = refused(&|sealed| sealed.agencies[0].changes[0].id = "another".into());
    assert!(text.contains("it is another account in the portal now"), "{text}");
    let text = refused(&|sealed| sealed.agencies[0].digest = "0".repeat(64));
    assert!(text.contains("its digest does not match its changes"), "{text}");
    let text = refused(&|sealed| sealed.agencies[0].changes.clear());
    assert!(text.contains("its digest does not match its changes"), "{text}");
    let text = refused(&|sealed| sealed.agencies.clear());
    assert!(text.contains("the saved plan does not include this agency"), "{text}");
    // A name that git would read as an option is never passed to it.
    let text = refused(&|sealed| {
        sealed.commit = Some("--output=written".into());
        sealed.agencies[0].requests = "0".repeat(64);
    });
    assert!(text.contains("the requests have changed since the plan was made"), "{text}");
    assert!(!session.path().join("written").exists());
}

#[test]
fn a_request_not_yet_due_is_reported() {
    let session = agency(
        &[("R-1", request("R-1", "enable", &numbered(1)) + "effective: 2026-12-01\n")],
        &[("mailbox0000", "disabled")],
    );
    let keep = ["reconcile", "--dry-run", "--plan-out", "plan.json", "--as-of", "2026-12-02"];
    assert_eq!(status(&session.run(&keep)), 0);
    let output = session.run(&[&["reconcile", "--yes", "--plan", "plan.json"], &DAY[..]].concat());
    assert_eq!(status(&output), 4);
    assert!(stdout(&output).contains("R-1 is not due yet"), "{}", stdout(&output));
}

#[test]
fn a_plan_of_uncommitted_files_names_no_commit() {
    let session =
        agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[("mailbox0000", "disabled")]);
    session.write("requests/R-2.yaml", request("R-2", "enable", &["mailbox9".to_owned()]));
    let keep = [&["reconcile", "--dry-run", "--plan-out", "plan.json"], &DAY[..]].concat();
    let output = session.run(&keep);
    assert!(stdout(&output).contains("(main) with uncommitted changes"), "{}", stdout(&output));
    let text = std::fs::read_to_string(session.path().join("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["sealed"]["commit"], Value::Null);
}
