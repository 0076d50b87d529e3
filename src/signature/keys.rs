//! All that an agency trusts.

use super::revocation::RevocationList;
use super::ssh::AllowedSigner;
use super::trusted_authority::Authority;

/// All keys that an agency trusts.
#[derive(Debug, Clone, Default)]
pub struct SignerKeys {
    /// Keys of persons.
    pub ssh: Vec<AllowedSigner>,
    /// Whose certificates count.
    pub authorities: Vec<Authority>,
    /// What these authorities revoked.
    pub revocations: Vec<RevocationList>,
}
