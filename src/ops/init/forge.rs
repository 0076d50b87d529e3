//! The forges for which jobs are written.

words! {
    /// A forge that jobs are written for.
    pub enum Forge {
        /// GitHub Actions.
        Github = "github",
        /// GitLab CI.
        Gitlab = "gitlab",
        /// Forgejo or Gitea Actions.
        Forgejo = "forgejo",
    }
}
