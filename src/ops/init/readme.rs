//! The README of a new repository: the example's, with what is true here.

use super::forge::Forge;

/// Its name.
pub(super) const README: &str = "README.md";
const EXAMPLE: &str = include_str!("../../../examples/agency/README.md");

/// What is true of the example only, and what is true here.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "Copy this folder to a new private repository with the branch `main`.",
        "Push this folder to a private repository with the branch `main`.",
    ),
    (
        "Write your own `requests/agency.yaml`, delete the example requests, and name your teams in `CODEOWNERS`.",
        "Read `requests/agency.yaml`, and name your teams in `CODEOWNERS`.",
    ),
    (
        "Set `provenance: signed` and a `repository:` of your own (`uuidgen`) in the policy.",
        "Set `provenance: signed` in the policy. Its `repository:` is this repository's own id: never change it.",
    ),
];
/// What is true with the jobs of both forges only.
const OF_BOTH: &str = " Delete what is not of your forge: `.github/`, `.forgejo/` or `.gitlab-ci.yml`.";

/// The example's README without what it says of the example, and of a forge without jobs here.
pub(super) fn readme_text(name: &str, forge: Option<Forge>) -> String {
    let begin = EXAMPLE.find("Each request to enable").unwrap_or_default();
    let mut example = EXAMPLE[begin..].to_owned();
    for (of_example, here) in OTHERWISE {
        example = example.replace(of_example, here);
    }
    if forge.is_some() {
        example = example.replace(OF_BOTH, "");
    }
    let (row, section) = match forge {
        None => ("| `requests/2026/`", None),
        Some(Forge::Github) => ("| `.gitlab-ci.yml`", Some("### On GitLab")),
        Some(Forge::Gitlab) => ("| `.github/workflows/`", Some("### On GitHub")),
    };
    let mut text = format!("# Archive requests of {name}\n\n");
    let mut is_elsewhere = false;
    for line in example.lines() {
        if line.starts_with('#') {
            is_elsewhere = Some(line) == section;
        }
        if is_elsewhere || line.starts_with(row) || line.starts_with("| `requests/2026/`") {
            continue;
        }
        let line = match forge {
            Some(Forge::Gitlab) => line.replace(
                "the same for GitLab |",
                "the jobs of GitLab: `check` and `plan` on merge requests, `apply` after a merge, `night` every night |",
            ),
            _ => line.to_owned(),
        };
        text += &line;
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_true_of_the_example_only_is_not_said() {
        for (of_example, _) in OTHERWISE {
            assert!(EXAMPLE.contains(of_example), "{of_example}");
        }
        assert!(EXAMPLE.contains(OF_BOTH));
        let each = [None, Some(Forge::Github), Some(Forge::Gitlab)];
        let each = each.map(|forge| readme_text("Jabatan Contoh", forge));
        for text in &each {
            for word in ["uuidgen", "example requests", "Copy this folder", "requests/2026/` |"] {
                assert!(!text.contains(word), "{word}");
            }
            assert!(text.contains("## The records") && text.contains("### OAuth"), "{text}");
        }
        let has = |word: &str| each.each_ref().map(|text| text.contains(word));
        assert_eq!(has(OF_BOTH), [true, false, false]);
        assert_eq!(has("| `.github/workflows/` |"), [true, true, false]);
        assert_eq!(has("| `.gitlab-ci.yml` |"), [true, false, true]);
        assert_eq!(has("### On GitHub"), [true, true, false]);
        assert_eq!(has("### On GitLab"), [true, false, true]);
        assert_eq!(has("the same for GitLab |"), [true, false, false]);
    }
}
