//! The files `authorities.pem` and `revocations.pem` beside a policy: whose certificates count, and which
//! of them were revoked. Pure; whether an authority is still valid is known only for a moment.

use std::sync::Arc;

use super::allowed_signers::{find_non_ascii, non_ascii_fault};
use crate::finding::{Finding, Position};
use crate::language::Message;
use crate::signature::{Authority, AuthorityFault, RevocationList, RevocationListFault, pem};
use crate::text::excerpt;

/// Adds the authorities of the file, and returns what is wrong with it.
pub(super) fn read_authorities(
    file: &Arc<str>,
    bytes: &[u8],
    authorities: &mut Vec<Authority>,
) -> Vec<Finding> {
    read_blocks(file, bytes, "CERTIFICATE", |block| {
        let authority = Authority::read(block).map_err(|fault| {
            let (message, help) = match fault {
                AuthorityFault::Damaged => (
                    message!("signature-authority-damaged"),
                    message!("signature-authority-damaged-help"),
                ),
                AuthorityFault::NotAnAuthority => (
                    message!("signature-not-an-authority"),
                    message!("signature-not-an-authority-help"),
                ),
                AuthorityFault::Key => {
                    (message!("signature-authority-key"), message!("signature-authority-key-help"))
                }
            };
            ("not-an-authority", message, help)
        })?;
        if authorities.contains(&authority) {
            let found = message!("signature-authority-twice");
            return Err(("authority-twice", found, message!("request-delete-one-help")));
        }
        authorities.push(authority);
        Ok(())
    })
}

/// Adds the lists of the file, each signed by one of the authorities, and returns what is wrong with it.
pub(super) fn read_revocation_lists(
    file: &Arc<str>,
    bytes: &[u8],
    authorities: &[Authority],
    lists: &mut Vec<RevocationList>,
) -> Vec<Finding> {
    read_blocks(file, bytes, "X509 CRL", |block| {
        let list = RevocationList::read(block, authorities).map_err(|fault| match fault {
            RevocationListFault::Damaged => {
                let help = message!("signature-list-damaged-help");
                ("bad-revocations", message!("signature-list-damaged"), help)
            }
            RevocationListFault::NotSigned => {
                let help = message!("signature-list-not-signed-help");
                ("revocations-not-signed", message!("signature-list-not-signed"), help)
            }
        })?;
        lists.push(list);
        Ok(())
    })
}

/// The kind of a fault, what was found, and what to do.
type Fault = (&'static str, Message, Message);

fn read_blocks(
    file: &Arc<str>,
    bytes: &[u8],
    label: &str,
    mut read: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Vec<Finding> {
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let lines: Vec<&str> = text.lines().collect();
    let finding = |line: usize, column, (kind, message, help): Fault| Finding {
        position: Some(Position::at_character(line, column)),
        source_line: lines.get(line - 1).map(|line| (*line).into()),
        ..Finding::whole_file(file, kind, message, help)
    };
    let odd = (1..).zip(&lines).filter_map(|(number, line)| Some((number, find_non_ascii(line)?)));
    let odd: Vec<Finding> =
        odd.map(|(number, column)| finding(number, column, non_ascii_fault())).collect();
    if !odd.is_empty() {
        return odd;
    }
    let (blocks, faults) = pem::read(&text);
    let mut findings: Vec<Finding> = faults
        .into_iter()
        .map(|fault| {
            let help = message!("signature-whole-blocks-help");
            finding(fault.line, fault.column, ("not-pem", fault.message, help))
        })
        .collect();
    // A file that lost what it held must not pass for one that is not needed.
    if blocks.is_empty() && findings.is_empty() {
        let found = message!("signature-no-block", label);
        findings.push(finding(1, 1, ("not-pem", found, message!("signature-no-block-help"))));
    }
    for block in blocks {
        let read = match block.label {
            found if found == label => read(&block.bytes),
            found if found.contains("PRIVATE KEY") => Err((
                "private-key",
                message!("signature-private-key"),
                message!("signature-private-key-help"),
            )),
            found => Err((
                "not-pem",
                message!("signature-other-block", found = excerpt(found, 60), label),
                if label == "CERTIFICATE" {
                    message!("signature-authorities-here-help")
                } else {
                    message!("signature-lists-here-help")
                },
            )),
        };
        findings.extend(read.err().map(|fault| finding(block.line, 1, fault)));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::signer_files::{AUTHORITIES, REVOCATIONS, add_file};
    use crate::signature::SignerKeys;

    const ROOTS: &str = include_str!("../../../tests/approvals/fixtures/authorities.pem");
    const LISTS: &str = include_str!("../../../tests/approvals/fixtures/revocations.pem");
    const PERSON: &str =
        include_str!("../../../tests/approvals/fixtures/lists/not_an_authority.pem");

    fn places(keys: &mut SignerKeys, name: &str, text: &str) -> Vec<String> {
        let found = add_file(keys, name, &format!("requests/{name}").into(), text.as_bytes());
        let found = found.err().into_iter().flatten();
        found.map(|finding| format!("{} {}", finding.kind, finding.place_text())).collect()
    }

    #[test]
    fn reads_authorities_and_their_lists() {
        let mut keys = SignerKeys::default();
        let windows = format!("\u{feff}{}", ROOTS.replace('\n', "\r\n"));
        assert_eq!(places(&mut keys, AUTHORITIES, &windows), Vec::<String>::new());
        assert_eq!(places(&mut keys, REVOCATIONS, LISTS), Vec::<String>::new());
        let shown: Vec<String> = keys.authorities.iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 3, "{shown:?}");
        assert!(shown[0].starts_with("Contoh Root, Jabatan Contoh, MY SHA256:"), "{shown:?}");
        let shown: Vec<String> = keys.revocations.iter().map(ToString::to_string).collect();
        let first = "Contoh Root, Jabatan Contoh, MY of 2026-11-20T00:00:00Z, 4 revoked, SHA256:";
        assert!(shown.len() == 2 && shown[0].starts_with(first), "{shown:?}");
    }

    #[test]
    fn places_everything_else() {
        let only = |name: &str, text: &str| {
            let mut keys = SignerKeys::default();
            assert_eq!(places(&mut keys, AUTHORITIES, ROOTS), Vec::<String>::new());
            places(&mut keys, name, text)
        };
        assert_eq!(only(REVOCATIONS, ""), ["not-pem requests/revocations.pem:1:1"]);
        assert_eq!(only(REVOCATIONS, "# Senarai\n"), ["not-pem requests/revocations.pem:1:1"]);
        let secret = "-----BEGIN PRIVATE KEY-----\nAAEC\n-----END PRIVATE KEY-----\n";
        let cut: Vec<&str> = PERSON.lines().filter(|line| !line.starts_with("MI")).collect();
        for (text, found) in [
            (PERSON.to_owned(), "not-an-authority requests/authorities.pem:1:1"),
            (format!("\n{}", cut.join("\n")), "not-an-authority requests/authorities.pem:2:1"),
            (ROOTS.to_owned(), "authority-twice requests/authorities.pem:3:1"),
            ("subject=CN = x\n".to_owned(), "not-pem requests/authorities.pem:1:1"),
            (secret.to_owned(), "private-key requests/authorities.pem:1:1"),
            (LISTS.to_owned(), "not-pem requests/authorities.pem:1:1"),
            ("# x\n# a\u{202e}b".to_owned(), "not-ascii requests/authorities.pem:2:4"),
            ("x".repeat(1 << 21), "file-too-large requests/authorities.pem"),
        ] {
            let all = only(AUTHORITIES, &text);
            assert_eq!(all.first().map(String::as_str), Some(found), "{text:.60}");
        }
        for (text, found) in [
            (
                include_str!("../../../tests/approvals/fixtures/lists/stranger.pem"),
                "revocations-not-signed requests/revocations.pem:1:1",
            ),
            (
                include_str!("../../../tests/approvals/fixtures/lists/twin.pem"),
                "revocations-not-signed requests/revocations.pem:1:1",
            ),
            (
                include_str!("../../../tests/approvals/fixtures/lists/person.pem"),
                "revocations-not-signed requests/revocations.pem:1:1",
            ),
            (ROOTS, "not-pem requests/revocations.pem:3:1"),
            (
                "-----BEGIN X509 CRL-----\nAAEC\n-----END X509 CRL-----\n",
                "bad-revocations requests/revocations.pem:1:1",
            ),
        ] {
            let all = only(REVOCATIONS, text);
            assert_eq!(all.first().map(String::as_str), Some(found), "{text:.60}");
        }
        // A bad file has no more findings than any other.
        assert!(only(AUTHORITIES, &"x\n".repeat(100_000)).len() < 200);
    }
}
