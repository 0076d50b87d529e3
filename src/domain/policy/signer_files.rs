//! The files beside a policy that say whose signatures count: keys, authorities, and what these revoked.
//! Pure.

use std::sync::Arc;

use super::allowed_signers;
use super::authorities;
use crate::finding;
use crate::finding::Finding;
use crate::signature::SignerKeys;
use crate::yaml;
use crate::yaml::{MAX_BYTES, MAX_FINDINGS};

/// Assigns SSH keys to addresses (ssh-keygen(1), ALLOWED SIGNERS).
pub const ALLOWED_SIGNERS: &str = "allowed_signers";
/// The certificates of authorities, in PEM.
pub const AUTHORITIES: &str = "authorities.pem";
/// The lists of revoked certificates that these authorities sign, in PEM.
pub const REVOCATIONS: &str = "revocations.pem";

/// The largest file of lists, in bytes: an authority names everybody whose certificate it revoked, and one
/// takes about fifty.
const MAX_LISTS: usize = 16 << 20;

/// The largest file of that name, one of these or a request, in bytes.
pub fn max_bytes(name: &str) -> usize {
    if name == REVOCATIONS { MAX_LISTS } else { MAX_BYTES }
}

/// Whether a file of that name is one of them.
pub fn is_signer_file(name: &str) -> bool {
    matches!(name, ALLOWED_SIGNERS | AUTHORITIES | REVOCATIONS)
}

/// Adds what a file says, and returns what is wrong with it. Lists are held against the authorities, so
/// those come first, as they do in the order of names.
pub fn add_file(
    keys: &mut SignerKeys,
    name: &str,
    file: &Arc<str>,
    bytes: &[u8],
) -> Result<(), Vec<Finding>> {
    if bytes.len() > max_bytes(name) {
        return Err(vec![too_large_finding(file, name)]);
    }
    let mut findings = match name {
        ALLOWED_SIGNERS => allowed_signers::read(file, bytes, &mut keys.ssh),
        AUTHORITIES => authorities::read_authorities(file, bytes, &mut keys.authorities),
        _ => authorities::read_revocation_lists(
            file,
            bytes,
            &keys.authorities,
            &mut keys.revocations,
        ),
    };
    finding::limit_findings_of_file(&mut findings, file, MAX_FINDINGS);
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// The finding for a file over [`max_bytes`].
pub fn too_large_finding(file: &Arc<str>, name: &str) -> Finding {
    if !is_signer_file(name) {
        return yaml::too_large_finding(file);
    }
    let why = message!("signature-file-large", most = max_bytes(name));
    let help = message!("signature-file-large-help");
    Finding::whole_file(file, "file-too-large", why, help)
}
