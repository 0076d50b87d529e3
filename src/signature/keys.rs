//! All that an agency trusts.

use super::authority::Authority;
use super::revocation::RevocationList;
use super::ssh::AllowedSigner;

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
