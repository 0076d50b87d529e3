//! Approvals that are signed with GPG keys.

use std::process::Command;

use serde_json::Value;

use super::{Agency, DRY, request};
use crate::session::{InTime as _, stderr, stdout};

/// A separate keyring, whose agent ends with it.
struct Keyring(std::path::PathBuf);

impl Keyring {
    fn gpg(&self, program: &str, arguments: &[&str]) {
        let done = Command::new(program)
            .env("GNUPGHOME", &self.0)
            .args(arguments)
            .output()
            .expect("this test needs gpg, of the package gnupg");
        assert!(done.status.success(), "{program} {arguments:?}: {}", stderr(&done));
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.gpg("gpgconf", &["--kill", "all"]);
    }
}

#[test]
fn a_trusted_gpg_key_verifies_its_address() {
    let agency = Agency::new();
    // The path of an agent's socket must be short.
    let home = tempfile::Builder::new().prefix("gpg").tempdir().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let keyring = Keyring(home.path().to_owned());
    for name in ["Pentadbir UC <pentadbir@agensi.example>", "Noraini <noraini@agensi.example>"] {
        let make = [
            "--batch",
            "--quiet",
            "--passphrase",
            "",
            "--quick-gen-key",
            name,
            "ed25519",
            "sign",
            "never",
        ];
        keyring.gpg("gpg", &make);
    }
    for (number, signer) in [(1, "pentadbir@agensi.example"), (2, "noraini@agensi.example")] {
        agency.write(number, &request(number, "enable", true));
        agency.0.git(&["add", "requests"]);
        let signed = agency
            .0
            .git_command(&[
                "-c",
                &format!("user.signingkey={signer}"),
                "commit",
                "-q",
                "-S",
                "-m",
                "x",
            ])
            .env("GNUPGHOME", home.path())
            .in_time();
        assert!(signed.status.success(), "{}", stderr(&signed));
    }
    let run = |home: &std::path::Path| -> Value {
        let output = agency.0.arkib(DRY).env("GNUPGHOME", home).in_time();
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let plan = run(home.path());
    assert_eq!(plan["plan"]["changes"][0]["request"], "R-1", "{plan:#}");
    let reason = plan["plan"]["blocked"][0]["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("is signed by Noraini <noraini@agensi.example>, not by the approver"),
        "{reason}"
    );
    // Without known keys nothing is verified.
    let empty = tempfile::Builder::new().prefix("gpg").tempdir().unwrap();
    assert_eq!(run(empty.path())["plan"]["changes"], Value::Array(vec![]));
}
