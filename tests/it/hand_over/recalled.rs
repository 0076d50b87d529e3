//! Handed-over changes that are no longer wanted.

use super::{agency, enable, export, file, handed_over, named, outcomes, reconcile, withdrawal};
use crate::outputs::request;
use crate::session::stdout;

#[test]
fn a_later_hold_recalls_the_hand_over() {
    let session = agency(&[("R-1", request("R-1", "terminate", &named(&["siti", "tan"])))]);
    let table = |rows: &str| format!("Alamat E-mel;Arkib;Status;Tahanan\n{rows}");
    session.write(
        "1.csv",
        table("siti@agensi.example;Ya;Aktif;Tidak\ntan@agensi.example;Ya;Aktif;Tidak\n"),
    );
    reconcile(&session, "1.csv", &[], 0);
    session.write(
        "2.csv",
        table("siti@agensi.example;Ya;Aktif;Ya\ntan@agensi.example;Ya;Aktif;Tidak\n"),
    );
    let output = reconcile(&session, "2.csv", &[], 0);
    assert_eq!(output["plan"]["blocked"][0]["code"], "hold");
    assert_eq!(output["plan"]["recalled"][0]["mailbox"], "siti@agensi.example");
    assert_eq!(outcomes(&output), [("tan@agensi.example", "handed-over")]);
}

#[test]
fn a_recalled_change_is_handed_over_again() {
    let session = agency(&[enable("R-1", &["siti"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif")]);
    reconcile(&session, "1.csv", &[], 0);
    file(&session, "R-2", &withdrawal("R-2", "R-1", "2026-01-05"));
    file(
        &session,
        "R-3",
        &request("R-3", "enable", &named(&["siti"])).replace("2026-01-03", "2026-01-06"),
    );
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(outcomes(&output), [("siti@agensi.example", "handed-over")]);
    assert_eq!(output["plan"]["changes"][0]["request"], "R-3");
}

#[test]
fn a_withdrawn_termination_that_was_made_is_reported() {
    let session = agency(&[("R-1", request("R-1", "terminate", &named(&["siti"])))]);
    export(&session, "1.csv", &[("siti", "Ya", "Aktif")]);
    reconcile(&session, "1.csv", &[], 0);
    file(&session, "R-2", &withdrawal("R-2", "R-1", "2026-01-05"));
    export(&session, "2.csv", &[("siti", "Tidak", "Aktif")]);
    let look = session.run(&["reconcile", "--dry-run", "--portal-export", "2.csv"]);
    let text = stdout(&look);
    assert!(
        text.contains("! recalled") && text.contains("is done, but its request no longer applies"),
        "{text}"
    );
}

#[test]
fn drift_is_handed_over_again_once() {
    let session = agency(&[enable("R-1", &["siti"])]);
    let table = |state: &str, changed: &str| {
        format!(
            "Alamat E-mel;Arkib;Status;Rujukan;Dikemas kini\nsiti@agensi.example;{state};Aktif;R-1;{changed}\n"
        )
    };
    // It was enabled long ago, and someone disabled it.
    session.write("1.csv", table("Tidak", "2026-02-01 10:00"));
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["plan"]["changes"][0]["cause"], "drift");
    assert_eq!(outcomes(&output), [("siti@agensi.example", "handed-over")]);
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_progress"], 1, "{output}");
    assert_eq!(handed_over(&session).len(), 1);
    // It was made, and undone before a run observed it.
    session.write("2.csv", table("Tidak", "2099-01-01 10:00"));
    let output = reconcile(&session, "2.csv", &[], 0);
    assert_eq!(outcomes(&output), [("siti@agensi.example", "handed-over")]);
}
