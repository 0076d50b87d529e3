//! Where the things of a run are that have no place of their own.

use std::path::{Component, Path, PathBuf};

/// What stands beside the requests folder.
pub fn beside(requests: &Path, name: &str) -> PathBuf {
    let ends_in_a_name = matches!(
        requests.components().next_back(),
        Some(Component::Normal(_))
    );
    if ends_in_a_name && let Some(parent) = requests.parent() {
        return parent.join(name);
    }
    // `.` and `..` have no name of their own to stand beside.
    let whole = requests
        .canonicalize()
        .unwrap_or_else(|_| requests.to_owned());
    whole.parent().unwrap_or(&whole).join(name)
}
