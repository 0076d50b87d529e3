//! Paths of files in the repository, as GitHub and GitLab name them. Pure.

/// Turns the paths that a user sees into paths in the repository.
#[derive(Debug, Clone, Default)]
pub struct RepositoryPathResolver {
    folder: String,
    prefix: Option<String>,
}

impl RepositoryPathResolver {
    /// A requests folder as the user names it, and its path in the repository, if it is in one.
    pub fn new(folder: &str, prefix: Option<&str>) -> Self {
        Self { folder: folder.to_owned(), prefix: prefix.map(str::to_owned) }
    }

    /// A file directly in the requests folder.
    pub fn path_in_folder(&self, name: &str) -> String {
        let folder = self.to_repository_path(&self.folder);
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        match folder {
            "" | "." => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }

    /// The file's path from the root of the repository; unchanged if that is not known.
    pub fn to_repository_path(&self, file: &str) -> String {
        let below = file.strip_prefix(&self.folder);
        match (&self.prefix, below) {
            (Some(prefix), Some(rest)) if rest.is_empty() || rest.starts_with('/') => {
                format!("{prefix}{rest}").trim_start_matches('/').to_owned()
            }
            _ => file.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_starts_at_the_repository_root() {
        let places = RepositoryPathResolver::new("../requests", Some("mail/requests"));
        assert_eq!(places.to_repository_path("../requests/a.yaml"), "mail/requests/a.yaml");
        assert_eq!(places.to_repository_path("../requests"), "mail/requests");
        assert_eq!(places.to_repository_path("../requests-other/a"), "../requests-other/a");
        assert_eq!(
            RepositoryPathResolver::new("/x", Some("")).to_repository_path("/x/a.yaml"),
            "a.yaml"
        );
        assert_eq!(
            RepositoryPathResolver::new("requests", None).to_repository_path("requests/a"),
            "requests/a"
        );
        assert_eq!(RepositoryPathResolver::new("./x", None).path_in_folder("a"), "x/a");
        assert_eq!(RepositoryPathResolver::new("x", Some("")).path_in_folder("a"), "a");
    }
}
