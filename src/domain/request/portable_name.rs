//! Names that every system can hold: Windows allows the least, and like macOS it does not tell `A`
//! from `a`. Pure.

use std::collections::HashMap;

use super::request_file_source::split_folder;
use crate::domain::policy;
use crate::domain::policy::signer_files::{ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS};
use crate::finding::Finding;
use crate::language::Message;
use crate::text::is_unsafe;

/// Names that Windows reserves for devices, with any file extension; those of ports have a digit more.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
const PORTS: [&str; 2] = ["com", "lpt"];
/// Names that mean something here, and in any other spelling would mean it on some systems only.
const MEANINGFUL: [&str; 6] =
    [policy::FILE_NAME, ALLOWED_SIGNERS, AUTHORITIES, REVOCATIONS, "records", ".git"];

/// Why some system cannot hold a path, whose parts are separated by slashes.
pub fn path_fault(path: &str) -> Option<Message> {
    path.split('/').find_map(part_fault)
}

/// Why some system cannot hold a part of a path.
pub fn part_fault(part: &str) -> Option<Message> {
    let is_odd = |character| is_unsafe(character) || "<>:\"|?*\\".contains(character);
    let is_respelled = |name: &&str| part.eq_ignore_ascii_case(name) && part != *name;
    match part {
        "" | "." => Some(message!("folder-name-empty")),
        ".." => Some(message!("folder-name-above")),
        _ if part.chars().any(is_odd) => Some(message!("folder-name-character")),
        _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
            Some(message!("folder-name-ends"))
        }
        _ if is_device(part) => Some(message!("folder-name-device")),
        _ if MEANINGFUL.iter().any(is_respelled) => Some(message!("folder-name-case")),
        _ => None,
    }
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end();
    let is = |name: &&str| stem.eq_ignore_ascii_case(name);
    let port = stem.char_indices().nth(3).map(|(at, _)| stem.split_at(at));
    DEVICES.iter().any(is)
        || port.is_some_and(|(port, number)| {
            PORTS.iter().any(|name| port.eq_ignore_ascii_case(name))
                && number.chars().count() == 1
                && number.chars().all(|digit| "0123456789¹²³".contains(digit))
        })
}

/// Folders that differ only in case, of the sorted paths of files. (Two files of one name have one id,
/// which is a finding of its own.) `shown` is the requests folder as the user names it.
pub fn find_case_colliding_folders<'a>(
    paths: impl Iterator<Item = &'a str>,
    shown: &str,
) -> Vec<Finding> {
    let mut known: HashMap<String, &str> = HashMap::new();
    let mut found = Vec::new();
    let mut last = "";
    for path in paths {
        let (folder, _) = split_folder(path);
        if folder == last {
            continue;
        }
        last = folder;
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        let above = ends.map(|end| &folder[..end]).filter(|above| !above.is_empty());
        let twin = above.into_iter().find_map(|above| {
            let first = *known.entry(above.to_lowercase()).or_insert(above);
            (first != above).then_some((first, above))
        });
        found.extend(twin.map(|(first, above)| {
            Finding::whole_file(
                &format!("{shown}/{path}").into(),
                "twin-folders",
                message!("folder-twins", above, first),
                message!("folder-twins-help"),
            )
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_cannot_hold_are_faults() {
        for name in
            ["R-1.yaml", "console.yaml", "com10", "com", "a.con", "nul-1", "lpté", "…¹", ".x"]
        {
            assert_eq!(part_fault(name), None, "{name}");
        }
        for name in [
            "CON",
            "con.yaml",
            "Nul.tar.gz",
            "aux ",
            "prn .txt",
            "COM1",
            "com0.yaml",
            "LPT9.x",
            "lpt².x",
            "CONIN$",
            "a.",
            "a ",
            " a",
            "a:b",
            "a<b",
            "a>b",
            "a\"b",
            "a|b",
            "a?b",
            "a*b",
            "a\\b",
            "a\u{7}b",
            "a\u{202e}b",
            "Agency.yaml",
            "Allowed_Signers",
            "Authorities.pem",
            "revocations.PEM",
            "RECORDS",
            ".GIT",
            "",
            "..",
        ] {
            assert!(part_fault(name).is_some(), "{name:?} was taken");
            assert!(path_fault(&format!("2026/{name}/R-1.yaml")).is_some(), "{name:?} was taken");
        }
        assert_eq!(path_fault("2026/Jan/R-1.yaml"), None);
    }

    #[test]
    fn folders_that_differ_only_in_case_are_found_once() {
        let found = |paths: &[&str]| -> Vec<String> {
            let found = find_case_colliding_folders(paths.iter().copied(), "r");
            found.iter().map(|item| format!("{} {}", item.file, item.message)).collect()
        };
        let said = "the folders `jan` and `Jan` differ only in case, and are one on some systems";
        let twin = |file: &str| format!("{file} {said}");
        assert_eq!(
            found(&["Jan/1.yaml", "Jan/2.yaml", "jan/1.yaml", "jan/2.yaml", "jan/x/1.yaml"]),
            [twin("r/jan/1.yaml"), twin("r/jan/x/1.yaml")]
        );
        assert_eq!(found(&["1.yaml", "a/É/1.yaml", "a/é/1.yaml"]).len(), 1);
        assert!(found(&["1.yaml", "a/1.yaml", "a/b/1.yaml", "b/a/1.yaml"]).is_empty());
    }
}
