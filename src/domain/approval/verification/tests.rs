//! The test vectors of `tests/approvals`, which another program made and verifies, too.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::domain::policy::signer_files;
use crate::domain::request::sample::{policy_from, request_from};

fn vectors() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/approvals/vectors");
    let entries = fs::read_dir(folder).unwrap();
    let mut vectors: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    vectors.sort();
    assert!(vectors.len() > 35, "only {}", vectors.len());
    vectors
}

fn read(vector: &Path, file: &str) -> String {
    fs::read_to_string(vector.join(file)).unwrap()
}

fn keys_of(vector: &Path) -> SignerKeys {
    let mut keys = SignerKeys::default();
    for name in ["allowed_signers", "authorities.pem", "revocations.pem"] {
        if vector.join(name).exists() {
            let bytes = fs::read(vector.join(name)).unwrap();
            signer_files::add_file(&mut keys, name, &name.into(), &bytes).unwrap();
        }
    }
    keys
}

/// The request that has approvals.
fn approved_request(vector: &Path) -> std::sync::Arc<Request> {
    let ids = ["BMT-2026-0042", "BMT-2026-0043", "BMT-2026-0044"];
    let file = |id: &&str| vector.join(format!("{id}.yaml")).exists();
    let id = ids.into_iter().find(file).unwrap();
    request_from(id, &read(vector, &format!("{id}.yaml")))
}

#[test]
fn the_vectors_have_these_statements_and_verdicts() {
    for vector in vectors() {
        let name = vector.file_name().unwrap().display();
        let policy = policy_from(&read(&vector, "agency.yaml"));
        let request = approved_request(&vector);
        for (number, approval) in (1..).zip(&request.approvals) {
            let file = if number == 1 { "statement".into() } else { format!("statement-{number}") };
            let found = statement(&request, &policy, &approval.by, approval.date);
            assert_eq!(found, read(&vector, &file), "{name}");
        }
        let keys = keys_of(&vector);
        let reasons: Vec<String> =
            unverified_reasons(&request, &policy, &keys).map(|reason| reason.to_string()).collect();
        let is_good = read(&vector, "verdict").trim() == "verified";
        assert_eq!(reasons.is_empty(), is_good, "{name}: {reasons:?}");
    }
}

#[test]
fn the_reason_says_whose_approval_it_is_and_what_is_wrong() {
    for (vector, expected) in [
        ("no-signature", "ketua.unit@agensi.example did not sign it"),
        (
            "key-of-another",
            "the signature of pentadbir.uc@agensi.example does not count: it is of ketua.unit@agensi.example",
        ),
        (
            "cms-same-key",
            "the signature of ketua.unit@agensi.example does not count: its key signed for pentadbir.uc@agensi.example, too",
        ),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/approvals/vectors");
        let vector = folder.join(vector);
        let policy = policy_from(&read(&vector, "agency.yaml"));
        let (request, keys) = (approved_request(&vector), keys_of(&vector));
        let reasons = unverified_reasons(&request, &policy, &keys);
        let found: Vec<String> = reasons.map(|reason| reason.to_string()).collect();
        assert_eq!(found, [expected]);
    }
}
