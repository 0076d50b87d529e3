//! Paths of files in the repository, as GitHub and GitLab name them, and their pages. Pure.

use std::fmt::Display;

use crate::text::percent_encode;

/// Turns the paths that a user sees into paths in the repository.
#[derive(Debug, Clone, Default)]
pub struct RepositoryPathResolver {
    folder: String,
    prefix: Option<String>,
    pages: Option<String>,
}

impl RepositoryPathResolver {
    /// A requests folder as the user names it, and its path in the repository, if it is in one.
    pub fn new(folder: &str, prefix: Option<&str>) -> Self {
        Self { folder: folder.to_owned(), prefix: prefix.map(str::to_owned), pages: None }
    }

    /// Sets the address on the forge below which the pages of the files are, if it is known.
    #[must_use]
    pub fn with_pages(self, pages: Option<String>) -> Self {
        Self { pages, ..self }
    }

    /// The forge's page of a line, if the file is known to be in the repository. It has no character that
    /// ends a link.
    pub fn page_of(&self, file: &str, line: impl Display) -> Option<String> {
        let (pages, _) = self.pages.as_ref().zip(self.prefix.as_ref())?;
        let path = self.to_repository_path(file);
        let steps: Vec<String> = path.split('/').map(percent_encode).collect();
        let is_below = file.starts_with(&self.folder) && !steps.iter().any(|step| step == "..");
        is_below.then(|| format!("{pages}/{}#L{line}", steps.join("/")))
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

    #[test]
    fn page_is_that_of_the_line() {
        let pages = Some("https://forge.example/a/b/blob/4f2c".to_owned());
        let places = RepositoryPathResolver::new("x", Some("mail/x")).with_pages(pages.clone());
        let page = |file| places.page_of(file, 5);
        assert_eq!(
            page("x/2026/R-1 (a).yaml").as_deref(),
            Some("https://forge.example/a/b/blob/4f2c/mail/x/2026/R-1%20%28a%29.yaml#L5")
        );
        assert_eq!(page("other/R-1.yaml"), None);
        assert_eq!(page("x/../../R-1.yaml"), None);
        assert_eq!(
            RepositoryPathResolver::new("x", None).with_pages(pages).page_of("x/a", 1),
            None
        );
    }
}
