//! The forges for which jobs are written.

/// A forge that jobs are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forge {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
    /// Forgejo or Gitea Actions.
    Forgejo,
}
