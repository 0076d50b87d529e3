//! An agency as it was read: its policy, its requests, and the keys of its approvers. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::policy::Policy;
use crate::domain::request::Request;
use crate::domain::request::request_file_source::FileDigest;
use crate::finding::Finding;
use crate::signature::SignerKeys;

/// An agency and all its requests.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its policy.
    pub policy: Policy,
    /// Its requests, sorted by file.
    pub requests: Vec<Arc<Request>>,
    /// Whose signatures count.
    pub keys: SignerKeys,
}

impl Agency {
    /// The request in a file, as the user knows it.
    pub fn request_in_file(&self, file: &str) -> Option<&Arc<Request>> {
        let found = self.requests.binary_search_by(|request| (*request.file).cmp(file));
        found.ok().map(|place| &self.requests[place])
    }
}

/// All agencies and findings that were read.
#[derive(Debug, Clone, Default)]
pub struct LoadedAgencies {
    /// The agencies, sorted by folder. An agency whose policy has findings is left out.
    pub agencies: Vec<Agency>,
    /// All findings, sorted. If one is an error, nothing may be reconciled.
    pub findings: Vec<Finding>,
    /// How many request files were read.
    pub request_files: usize,
    /// The digest of each file, including policies, by its path in the folder.
    pub files: BTreeMap<String, FileDigest>,
}

impl LoadedAgencies {
    /// The agency of the policy in a file, as the user knows it.
    pub fn agency(&self, policy_file: &str) -> Option<&Agency> {
        let mut agencies = self.agencies.iter();
        agencies.find(|agency| *agency.policy.file == *policy_file)
    }

    /// The request in a file, as the user knows it.
    pub fn request_in_file(&self, file: &str) -> Option<&Arc<Request>> {
        self.agencies.iter().find_map(|agency| agency.request_in_file(file))
    }
}
