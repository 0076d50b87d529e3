//! What made provenance from commits fail.

use super::{
    Agency, DRY, NORAINI, PENTADBIR, POLICY, Signer, carried_out, request, statement_of, unverified,
};
use crate::session::{InTime as _, status, stderr, stdout};

const BY: &str = "pentadbir@agensi.example";

impl Agency {
    /// A request with that signature as the approval of pentadbir.
    fn add_signed(&self, number: u8, request: &str, signature: &str) {
        let approval = self.approval("pentadbir", Some(signature));
        self.write(number, &format!("{request}approvals:\n{approval}"));
    }

    /// Nothing is carried out, and one request is unverified.
    fn refuses(&self) {
        let plan = self.plan(&[]);
        assert_eq!(carried_out(&plan), [""; 0], "{plan:#}");
        assert_eq!(unverified(&plan).len(), 1, "{plan:#}");
    }
}

/// The approver signed a commit that adds nothing but a mode.
#[cfg(unix)]
#[test]
fn a_signed_commit_approves_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let agency = Agency::new();
    agency.add(1, "enable", Signer::Nobody);
    let file = agency.0.path().join("requests/R-1.yaml");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    agency.0.git(&["add", "requests"]);
    let key = format!("user.signingkey={}", agency.0.path().join("pentadbir.key.pub").display());
    let signed = ["-c", "gpg.format=ssh", "-c", &key, "commit", "-q", "-S", "-m", "x"];
    let done = agency.0.git_command(&signed).in_time();
    assert!(done.status.success(), "{}", stderr(&done));
    agency.refuses();
}

/// Whoever has a key or a certificate can add names to it.
#[test]
fn a_second_name_of_a_key_is_not_believed() {
    let agency = Agency::new();
    let text = request(1, "enable");
    let signature = agency.sign("noraini", &statement_of(POLICY, 1, &text, BY));
    agency.add_signed(1, &text, &signature);
    agency.refuses();
    // Not even in the file of keys: each is one person's.
    let signers = agency.0.path().join("requests/allowed_signers");
    let known = std::fs::read_to_string(&signers).unwrap();
    let again = known.lines().last().unwrap().replacen("noraini", "pentadbir", 1);
    agency.0.write("requests/allowed_signers", format!("{known}{again}\n"));
    let output = agency.0.run(DRY);
    assert_eq!(status(&output), 1);
    assert!(stdout(&output).contains("key-twice"), "{}", stdout(&output));
    // A certificate with two addresses is among the test vectors.
    let vector = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/approvals/vectors/cms-two-addresses");
    let output = agency.0.run(&["check", "--requests", vector]);
    assert!(stdout(&output).contains("error[not-signed]"), "{}", stdout(&output));
}

#[test]
fn an_approval_of_another_repository_agency_or_request_is_none() {
    let agency = Agency::new();
    let text = request(1, "enable");
    let elsewhere = POLICY.replace("0198c1f2", "0198c1f3");
    let others = POLICY.replace("agency: CONTOH", "agency: LAIN");
    for other in [elsewhere, others] {
        let statement = statement_of(&other, 1, &text, BY);
        agency.add_signed(1, &text, &agency.sign("pentadbir", &statement));
        agency.refuses();
    }
    let signature = agency.sign("pentadbir", &statement_of(POLICY, 1, &text, BY));
    // Moved to another request, which says the same of the same mailbox.
    agency.add_signed(2, &text.replace("R-1", "R-2"), &signature);
    agency.refuses();
    // It is good where it belongs.
    std::fs::remove_file(agency.0.path().join("requests/R-2.yaml")).unwrap();
    agency.add_signed(1, &text, &signature);
    assert_eq!(carried_out(&agency.plan(&[])), ["R-1"]);
}

#[test]
fn an_edit_after_the_approval_takes_it_away() {
    let agency = Agency::new();
    let signed = agency.approved(1, "enable", PENTADBIR);
    for (from, to) in [
        ("m1@", "m2@"),
        ("  - m1", "  - m2@agensi.example\n  - m1"),
        ("2026-11-02", "2026-11-01"),
        ("memo", "letter"),
        ("reference: R", "reference: r"),
        ("reference: R", "reference: R\n  from: m1@agensi.example"),
        ("approvals:", "effective: 2026-11-20\napprovals:"),
        ("approvals:", "reason: Sebab.\napprovals:"),
        ("date: 2026-11-03", "date: 2026-11-04"),
        ("by: pentadbir", "by: noraini"),
    ] {
        let edited = signed.replacen(from, to, 1);
        assert_ne!(edited, signed);
        agency.write(1, &edited);
        let plan = agency.plan(&[]);
        assert_eq!(carried_out(&plan), [""; 0], "{from} {to}");
        assert!(!unverified(&plan).is_empty(), "{from} {to}");
    }
    agency.write(1, &signed.replace("memo", "memo   # diterima di kaunter"));
    assert_eq!(carried_out(&agency.plan(&[])), ["R-1"]);
    agency.write(1, &agency.approved(1, "enable", NORAINI));
    agency.refuses();
}
