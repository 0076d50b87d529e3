//! An agency as it was read: its policy, its requests, and whose key is whose. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::policy::Policy;
use crate::domain::request::Request;
use crate::domain::request::files::FileDigest;
use crate::finding::Finding;

/// An agency and all its requests.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its policy.
    pub policy: Policy,
    /// Its requests, sorted by file.
    pub requests: Vec<Arc<Request>>,
    /// Whose key is whose: the lines of `allowed_signers` that count.
    pub signers: Vec<String>,
}

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The agencies, sorted by folder. One whose policy has findings is missing.
    pub agencies: Vec<Agency>,
    /// Everything found, sorted. With an error among them nothing may be reconciled.
    pub findings: Vec<Finding>,
    /// How many request files were read.
    pub request_files: usize,
    /// What was read of each file, policies too, by its way from the folder.
    pub files: BTreeMap<String, FileDigest>,
}

impl Loaded {
    /// The agency of the policy in a file, as the user knows it.
    pub fn agency(&self, policy_file: &str) -> Option<&Agency> {
        let mut agencies = self.agencies.iter();
        agencies.find(|agency| *agency.policy.file == *policy_file)
    }
}
