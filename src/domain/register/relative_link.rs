//! Links from the register to files in another folder. Pure.

use std::path::{Component, Path, PathBuf};

use crate::text::percent_encode;

/// The folders of the register and of the files, both from the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativeLinks {
    page: PathBuf,
    files: PathBuf,
}

impl RelativeLinks {
    /// Links from the folder of the register to files whose paths start in another folder.
    pub fn new(page: &Path, files: &Path) -> Self {
        Self { page: page.to_owned(), files: files.to_owned() }
    }

    /// The link to a file, given with forward slashes: a relative reference (RFC 3986 section 4.2) that
    /// begins with a dot, so that no file name can turn it into another scheme or host. `None` if there
    /// is no path, as between two drives.
    pub fn href_to(&self, file: &str) -> Option<String> {
        let page = path_parts(&self.page)?;
        let file = path_parts(&self.files.join(file))?;
        let both = page.iter().zip(&file).take_while(|(a, b)| a == b).count();
        if both == 0 && !(page.is_empty() || file.is_empty()) && has_path_prefix(&self.page) {
            return None;
        }
        let up = "../".repeat(page.len() - both);
        let down: Vec<String> = file[both..].iter().map(|part| percent_encode(part)).collect();
        let start = if up.is_empty() { "./" } else { &up };
        Some(format!("{start}{}", down.join("/")))
    }
}

/// Whether a path begins with a drive, so that paths on other drives cannot be reached.
fn has_path_prefix(path: &Path) -> bool {
    matches!(path.components().next(), Some(Component::Prefix(_)))
}

/// The parts of a path from the root; `None` if it leads above the root.
fn path_parts(path: &Path) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => {
                parts.push(prefix.as_os_str().to_string_lossy().into_owned());
            }
            Component::RootDir | Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()?),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(page: &str, files: &str, file: &str) -> Option<String> {
        RelativeLinks::new(Path::new(page), Path::new(files)).href_to(file)
    }

    #[test]
    fn link_is_relative_to_the_page() {
        let to = |page, file| way(page, "/w/requests", file).expect("a way");
        assert_eq!(to("/w", "2026/a.pdf"), "./requests/2026/a.pdf");
        assert_eq!(to("/w/public/x", "a.pdf"), "../../requests/a.pdf");
        assert_eq!(to("/w/requests", "a.pdf"), "./a.pdf");
        assert_eq!(to("/elsewhere", "a.pdf"), "../w/requests/a.pdf");
        assert_eq!(to("/w/./public/../out", "../b.pdf"), "../b.pdf");
    }

    #[test]
    fn file_names_cannot_change_the_address() {
        for name in ["javascript:alert(1)", "//evil.example/x", "a?b#c\"<d", "https:x"] {
            let way = way("/w/requests", "/w/requests", name).expect("a way");
            assert!(way.starts_with("./") || way.starts_with("../"), "{way}");
            assert!(!way.contains([':', '?', '#', '"', '<']), "{way}");
        }
    }

    #[test]
    fn refuses_paths_above_the_root() {
        assert_eq!(way("/w", "/w", "../../../x"), None);
    }
}
