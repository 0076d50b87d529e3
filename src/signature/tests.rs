//! Signatures of real tools, which `tests/approvals/make_fixtures` wrote, and what is wrong with others.

mod flips;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ssh::wire::put_string;
use super::{KeyFault, PublicKey, SignatureFault, Signer, SignerKeys, pem, verify};
use crate::domain::policy::signer_files::{ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS, add_file};

/// The last second of 2026-11-03 in Kuala Lumpur.
const AT: &str = "2026-11-03T15:59:59Z";

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/approvals/fixtures");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The keys of these files.
fn keys(names: &[&str]) -> SignerKeys {
    let mut keys = SignerKeys::default();
    for name in names {
        add_file(&mut keys, name, &(*name).into(), fixture(name).as_bytes()).unwrap();
    }
    keys
}

fn all_keys() -> SignerKeys {
    keys(&[ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS])
}

fn verify_at(name: &str, keys: &SignerKeys, at: &str) -> Result<Signer, SignatureFault> {
    let statement = fixture("statement.txt");
    verify(&fixture(name), statement.as_bytes(), keys, at.parse().unwrap())
}

fn address(result: Result<Signer, SignatureFault>) -> Result<String, SignatureFault> {
    result.map(|signer| signer.address)
}

#[test]
fn accepts_every_kind_of_ssh_key() {
    let keys = all_keys();
    for name in
        ["ed25519", "ecdsa256", "ecdsa384", "rsa3072", "agent", "sk-ed25519", "sk-ecdsa", "in-time"]
    {
        let signer = verify_at(&format!("ssh/{name}.sig"), &keys, AT);
        let signer = signer.unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        assert_eq!(signer.address, format!("{name}@agensi.example"));
        assert!(signer.key.starts_with("SHA256:") && signer.key.len() == 50, "{}", signer.key);
    }
    assert_eq!(
        address(verify_at("ssh/sha256.sig", &keys, AT)),
        Ok("ed25519@agensi.example".into())
    );
}

#[test]
fn refuses_other_ssh_signatures() {
    let keys = all_keys();
    let fault = |name: &str| verify_at(&format!("ssh/{name}.sig"), &keys, AT).unwrap_err();
    assert_eq!(fault("other_namespace"), SignatureFault::Namespace);
    assert_eq!(fault("other_statement"), SignatureFault::OtherStatement);
    assert_eq!(fault("sha1"), SignatureFault::Algorithm);
    assert!(matches!(fault("stranger"), SignatureFault::UnknownKey(_)));
    assert!(matches!(fault("git-only"), SignatureFault::KeyNamespace(_)));
    assert_eq!(fault("too-early"), SignatureFault::NotYetValid);
    assert_eq!(fault("too-late"), SignatureFault::Expired);
    assert_eq!(fault("sk-untouched"), SignatureFault::NotTouched);
    assert_eq!(fault("rsa1024"), KeyFault::Size(1024).into());
    assert_eq!(fault("ecdsa521"), KeyFault::Type("ecdsa-sha2-nistp521".into()).into());
    // A key's time is judged to the second.
    let in_time = |at| verify_at("ssh/in-time.sig", &keys, at).map(|_| ());
    assert_eq!(in_time("2026-11-02T16:00:00Z"), Ok(()));
    assert_eq!(in_time("2026-11-02T15:59:59Z"), Err(SignatureFault::NotYetValid));
    assert_eq!(in_time("2026-11-03T16:00:00Z"), Err(SignatureFault::Expired));
    let nobody = verify_at("ssh/ed25519.sig", &SignerKeys::default(), AT).unwrap_err();
    assert!(matches!(nobody, SignatureFault::UnknownKey(_)));
}

#[test]
fn accepts_certificates_of_the_authorities() {
    let keys = all_keys();
    for (name, who) in [
        ("rsa", "rsa"),
        ("rsa512", "rsa"),
        ("pkcs7", "rsa"),
        ("pss", "pss"),
        ("ecdsa", "ecdsa"),
        ("ecdsa384", "ecdsa384"),
        ("middle", "middle"),
        ("key_id", "key_id"),
        ("gpgsm", "gpgsm"),
        ("token", "token"),
        ("subject_address", "subject"),
        ("same_twice", "same"),
        // Without the fault of having lost the key, an approval of the time before stays good.
        ("revoked_after", "revoked_after"),
    ] {
        let signer = verify_at(&format!("cms/{name}.pem"), &keys, AT);
        let signer = signer.unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        assert_eq!(signer.address, format!("{who}@agensi.example"), "{name}");
        assert!(signer.key.starts_with("SHA256:") && signer.key.len() == 50, "{}", signer.key);
    }
    // Two certificates for one key are one key.
    let key = |name: &str| verify_at(name, &keys, AT).unwrap().key;
    assert_eq!(key("cms/ecdsa.pem"), key("cms/key_id.pem"));
    assert_ne!(key("cms/ecdsa.pem"), key("cms/rsa.pem"));
}

/// The key of a certificate or of a line is the same person's however it is written.
#[test]
fn a_key_has_one_identity_in_every_form() {
    let keys = all_keys();
    let key = |name: &str| verify_at(name, &keys, AT).unwrap().key;
    let blob = |name: &str, parts: &[&[u8]]| {
        let mut blob = Vec::new();
        for part in [&[name.as_bytes()], parts].concat() {
            put_string(&mut blob, part);
        }
        blob
    };
    let identity = |name: &str, parts: &[&[u8]]| {
        let key = PublicKey::parse(name, &STANDARD.encode(blob(name, parts))).unwrap();
        key.identity().to_owned()
    };
    // What follows these bytes in the only certificate of a signature.
    let after = |name: &str, start: &[u8], length: usize| {
        let text = fixture(name);
        let whole = pem::read(&text).0.remove(0).bytes;
        let at = whole.windows(start.len()).position(|bytes| bytes == start).unwrap();
        whole[at + start.len()..][..length].to_vec()
    };
    let point = after("cms/ecdsa.pem", &[0x03, 0x42, 0x00], 65);
    let plain = identity("ecdsa-sha2-nistp256", &[b"nistp256", &point]);
    let device = "sk-ecdsa-sha2-nistp256@openssh.com";
    assert_eq!(identity(device, &[b"nistp256", &point, b"ssh:"]), plain);
    assert_eq!(identity(device, &[b"nistp256", &point, b"ssh:other"]), plain);
    assert_eq!(key("cms/ecdsa.pem"), plain);
    let point = after("cms/ecdsa384.pem", &[0x03, 0x62, 0x00], 97);
    assert_eq!(key("cms/ecdsa384.pem"), identity("ecdsa-sha2-nistp384", &[b"nistp384", &point]));
    let n = after("cms/rsa.pem", &[0x02, 0x82, 0x01, 0x01], 257);
    assert_eq!(key("cms/rsa.pem"), identity("ssh-rsa", &[&[1, 0, 1], &n]));
    assert_ne!(key("cms/rsa.pem"), identity("ssh-rsa", &[&[3], &n]));
    // A signature by SSH has the identity of the line that it counts by.
    let lines: BTreeMap<_, _> =
        keys.ssh.iter().map(|signer| (&*signer.address, signer.key.identity())).collect();
    for name in ["ed25519", "ecdsa256", "ecdsa384", "rsa3072", "sk-ed25519", "sk-ecdsa"] {
        let found = key(&format!("ssh/{name}.sig"));
        assert_eq!(found, lines[&*format!("{name}@agensi.example")]);
    }
    // Every line has its own.
    assert_eq!(lines.values().collect::<BTreeSet<_>>().len(), keys.ssh.len());
}

#[test]
fn refuses_other_certificates() {
    let keys = all_keys();
    for (name, fault) in [
        ("middle_absent", SignatureFault::OtherAuthority),
        ("other_authority", SignatureFault::OtherAuthority),
        ("old_authority", SignatureFault::OtherAuthority),
        ("below_person", SignatureFault::Certificate),
        ("expired", SignatureFault::Expired),
        ("not_yet_valid", SignatureFault::NotYetValid),
        ("revoked_before", SignatureFault::Revoked),
        ("compromised_after", SignatureFault::Revoked),
        ("revoked_above", SignatureFault::Revoked),
        ("two_addresses", SignatureFault::AddressCount(2)),
        ("another_in_subject", SignatureFault::AddressCount(2)),
        ("no_address", SignatureFault::AddressCount(0)),
        ("encipherment", SignatureFault::Usage),
        ("no_usage", SignatureFault::Usage),
        ("server", SignatureFault::Usage),
        ("authority_itself", SignatureFault::Usage),
        ("ecdsa521", SignatureFault::Algorithm),
        ("rsa1024", KeyFault::Size(1024).into()),
        ("sha1", SignatureFault::Algorithm),
        ("issued_with_sha1", SignatureFault::Algorithm),
        ("pss_long_salt", SignatureFault::Algorithm),
        ("attached", SignatureFault::NotDetached),
        ("no_attributes", SignatureFault::Attributes),
        ("no_certificate", SignatureFault::NoCertificate),
        ("two_signers", SignatureFault::SignerCount(2)),
        ("other_statement", SignatureFault::OtherStatement),
        ("windows_line_ends", SignatureFault::OtherStatement),
    ] {
        assert_eq!(verify_at(&format!("cms/{name}.pem"), &keys, AT), Err(fault), "{name}");
    }
}

#[test]
fn each_day_has_its_own_answer() {
    let keys = all_keys();
    let at = |name: &str, at: &str| verify_at(&format!("cms/{name}.pem"), &keys, at).map(|_| ());
    // Valid to the last second, and the authority, too.
    assert_eq!(at("expired", "2026-11-03T00:00:00Z"), Ok(()));
    assert_eq!(at("expired", "2026-11-03T00:00:01Z"), Err(SignatureFault::Expired));
    assert_eq!(at("not_yet_valid", "2026-11-04T00:00:00Z"), Ok(()));
    assert_eq!(at("old_authority", "2026-11-01T00:00:00Z"), Ok(()));
    assert_eq!(at("old_authority", "2026-11-01T00:00:01Z"), Err(SignatureFault::OtherAuthority));
    // Revoked from a moment on, which is in it.
    assert_eq!(at("revoked_before", "2026-11-02T23:59:59Z"), Ok(()));
    assert_eq!(at("revoked_before", "2026-11-03T00:00:00Z"), Err(SignatureFault::Revoked));
    assert_eq!(at("revoked_after", "2026-11-05T00:00:00Z"), Err(SignatureFault::Revoked));
    assert_eq!(at("compromised_after", "2026-01-02T00:00:00Z"), Err(SignatureFault::Revoked));
    assert_eq!(at("rsa", "1969-12-31T23:59:59Z"), Err(SignatureFault::NotYetValid));
    // Without lists nothing is revoked; without authorities nobody is known.
    let unlisted = self::keys(&[AUTHORITIES]);
    assert!(verify_at("cms/compromised_after.pem", &unlisted, AT).is_ok());
    let nobody = verify_at("cms/rsa.pem", &SignerKeys::default(), AT);
    assert_eq!(nobody, Err(SignatureFault::OtherAuthority));
}

#[test]
fn refuses_what_is_no_signature() {
    let (keys, statement) = (all_keys(), fixture("statement.txt"));
    let fault = |text: &str| {
        verify(text, statement.as_bytes(), &keys, AT.parse().unwrap()).map(|_| ()).unwrap_err()
    };
    let (ssh, cms) = (fixture("ssh/ed25519.sig"), fixture("cms/rsa.pem"));
    let unknown = ssh.replace("SSH SIGNATURE", "PGP SIGNATURE");
    for text in ["", "x", &ssh[1..], &unknown, &[&*ssh, &ssh].concat(), &[&*ssh, "x"].concat()] {
        assert_eq!(fault(text), SignatureFault::NotASignature, "{text}");
    }
    // Lines that are cut off, folded into one, or said to be of the other kind.
    assert_eq!(fault(&ssh.replace('\n', " ")), SignatureFault::NotASignature);
    assert_eq!(fault(&ssh.replace("SSH SIGNATURE", "CMS")), SignatureFault::Damaged);
    assert_eq!(fault(&cms.replace("CMS", "SSH SIGNATURE")), SignatureFault::Damaged);
    assert_eq!(fault(&"A".repeat(1 << 20)), SignatureFault::TooLong);
    let long = format!("-----BEGIN CMS-----\n{}\n-----END CMS-----", "MIA".repeat(21_000));
    assert!(matches!(fault(&long), SignatureFault::Damaged | SignatureFault::NotASignature));
    // Blanks and line ends mean nothing.
    for text in [ssh.replace('\n', "\r\n"), format!("\n{ssh}\n\n"), cms.replace('\n', " \r\n")] {
        let found = verify(&text, statement.as_bytes(), &keys, AT.parse().unwrap());
        assert!(found.is_ok(), "{found:?}");
    }
}
