//! Where files are in the repository, as forges name them. Pure.

/// Turns the paths that a user sees into those of the repository.
#[derive(Debug, Clone, Default)]
pub struct Places {
    folder: String,
    prefix: Option<String>,
}

impl Places {
    /// A requests folder as the user knows it, and as the repository does, where it is in one.
    pub fn new(folder: &str, prefix: Option<&str>) -> Self {
        Self {
            folder: folder.to_owned(),
            prefix: prefix.map(str::to_owned),
        }
    }

    /// A file right below the requests folder.
    pub fn of_folder(&self, name: &str) -> String {
        let folder = self.of(&self.folder);
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        match folder {
            "" | "." => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }

    /// The file's path from the top of the repository; as it is where that is not known.
    pub fn of(&self, file: &str) -> String {
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
    fn a_path_is_told_from_the_top_of_the_repository() {
        let places = Places::new("../requests", Some("mail/requests"));
        assert_eq!(places.of("../requests/a.yaml"), "mail/requests/a.yaml");
        assert_eq!(places.of("../requests"), "mail/requests");
        assert_eq!(places.of("../requests-other/a"), "../requests-other/a");
        assert_eq!(Places::new("/x", Some("")).of("/x/a.yaml"), "a.yaml");
        assert_eq!(Places::new("requests", None).of("requests/a"), "requests/a");
        assert_eq!(Places::new("./x", None).of_folder("a"), "x/a");
        assert_eq!(Places::new("x", Some("")).of_folder("a"), "a");
    }
}
