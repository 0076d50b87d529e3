//! The files `authorities.pem` and `revocations.pem` beside a policy: whose certificates count, and which
//! of them were revoked. Pure; whether an authority is still valid is known only for a moment.

use std::sync::Arc;

use super::allowed_signers::{ODD, odd_character};
use crate::finding::{Finding, Position};
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
            let help = match fault {
                AuthorityFault::Damaged => "download the certificate again, in PEM",
                AuthorityFault::NotAnAuthority => "put in the certificate of the authority that issued it; the approver's own comes with each signature",
                AuthorityFault::Key => "RSA, and ECDSA with P-256 or P-384, are supported",
            };
            ("not-an-authority", fault.to_string(), help)
        })?;
        if authorities.contains(&authority) {
            let found = "found the same authority a second time".to_owned();
            return Err(("authority-twice", found, "delete one of the two"));
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
                let help = "download the whole list of the authority, in PEM";
                ("bad-revocations", fault.to_string(), help)
            }
            RevocationListFault::NotSigned => {
                let help =
                    "put the certificate of its authority into authorities.pem, or delete the list";
                ("revocations-not-signed", fault.to_string(), help)
            }
        })?;
        lists.push(list);
        Ok(())
    })
}

/// The kind of a fault, what was found, and what to do.
type Fault = (&'static str, String, &'static str);

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
    let odd = (1..).zip(&lines).filter_map(|(number, line)| Some((number, odd_character(line)?)));
    let odd: Vec<Finding> = odd
        .map(|(number, column)| finding(number, column, (ODD.0, ODD.1.to_owned(), ODD.2)))
        .collect();
    if !odd.is_empty() {
        return odd;
    }
    let (blocks, faults) = pem::read(&text);
    let mut findings: Vec<Finding> = faults
        .into_iter()
        .map(|fault| {
            let help = "keep whole blocks from BEGIN to END, and begin other lines with `#`";
            finding(fault.line, fault.column, ("not-pem", fault.message.to_owned(), help))
        })
        .collect();
    // A file that lost what it held must not pass for one that is not needed.
    if blocks.is_empty() && findings.is_empty() {
        let found = format!("found no block `{label}`");
        findings.push(finding(
            1,
            1,
            ("not-pem", found, "write the whole file again, or delete it"),
        ));
    }
    for block in blocks {
        let read = match block.label {
            found if found == label => read(&block.bytes),
            found if found.contains("PRIVATE KEY") => Err((
                "private-key",
                "found a private key, which is no longer secret".to_owned(),
                "delete it here, and tell its owner: the key must be revoked and replaced",
            )),
            found => Err((
                "not-pem",
                format!("found a block `{}`, expected `{label}`", excerpt(found, 60)),
                if label == "CERTIFICATE" {
                    "certificates of authorities belong here, their lists into revocations.pem"
                } else {
                    "lists of revoked certificates belong here, authorities into authorities.pem"
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
