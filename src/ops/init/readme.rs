//! The README of a new repository: the example's, with what is true here.

use super::forge::Forge;
use super::kind::Kind;

/// Its name.
pub(super) const README: &str = "README.md";
const SHARDS: &str = include_str!("../../../examples/shards/README.md");

/// What every example says after it has said what it is.
const BEGIN: &str = "Each request to enable";
/// What is true of a repository with shards, too.
const SHARDS_END: &str = "## When a shard fails";

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
/// The row of the example's own requests.
const REQUESTS: &str = "| `requests/2026/`";
/// Each forge: its row, and its section.
const FORGES: [(Forge, &str, &str); 3] = [
    (Forge::Github, "| `.github/workflows/`", "### On GitHub"),
    (Forge::Gitlab, "| `.gitlab-ci.yml`", "### On GitLab"),
    (Forge::Forgejo, "| `.forgejo/workflows/`", "### On Forgejo"),
];
/// What a run in shards has besides, by forge.
const SHARDS_ROWS: [(Forge, &str); 2] = [
    (
        Forge::Github,
        "| `notify.yml` and `shards.yml` in it | what `apply` calls: the eight shards of a run, then the notices |\n",
    ),
    (Forge::Gitlab, "| `.gitlab/shards.yml` | what `apply` starts: the eight shards of a run |\n"),
];
/// What the jobs are.
const JOBS: &str =
    "`check` and `plan` of a pull request, `apply` after a merge, `night` every night, for";
/// What is true with the jobs of all forges only.
const OF_ALL: &str =
    " Delete what is not of your forge: `.github/`, `.forgejo/` or `.gitlab-ci.yml`.";

/// The same with shards, for which Forgejo has no jobs.
const OF_BOTH: &str =
    " Delete what is not of your forge: `.github/`, or `.gitlab-ci.yml` and `.gitlab/`.";

/// The example's README without what it says of the example, and of a forge without jobs here.
pub(super) fn readme_text(name: &str, kind: Kind, forge: Option<Forge>) -> String {
    let example = kind.readme();
    let begin = example.find(BEGIN).unwrap_or_default();
    let mut example = example[begin..].to_owned();
    if kind == Kind::Shards {
        let end = SHARDS.find(SHARDS_END).unwrap_or_default();
        example.push('\n');
        example.push_str(&SHARDS[end..]);
    }
    for (of_example, here) in OTHERWISE {
        example = example.replace(of_example, here);
    }
    let to_delete = match (forge, kind) {
        (Some(_), _) => "",
        (None, Kind::Shards) => OF_BOTH,
        (None, _) => OF_ALL,
    };
    example = example.replace(OF_ALL, to_delete);
    let is_absent = |own: Forge| forge.is_some_and(|forge| forge != own) || !kind.has_jobs_for(own);
    let others: Vec<_> = FORGES.iter().filter(|(own, ..)| is_absent(*own)).collect();
    let mut text = format!("# Archive requests of {name}\n\n");
    let mut is_elsewhere = false;
    for line in example.lines() {
        if line.starts_with('#') {
            is_elsewhere = others.iter().any(|(_, _, section)| line == *section);
        }
        let is_row = |row: &str| line.starts_with(row);
        if is_elsewhere || is_row(REQUESTS) || others.iter().any(|(_, row, _)| is_row(row)) {
            continue;
        }
        match forge {
            // Without GitHub's row, the others do not say what the jobs are.
            Some(Forge::Gitlab | Forge::Forgejo) => text += &line.replace("the same for", JOBS),
            _ => text += line,
        }
        text.push('\n');
        let own = FORGES.iter().find(|(_, row, _)| is_row(row)).filter(|_| kind == Kind::Shards);
        let more = SHARDS_ROWS.iter().find(|(of, _)| own.is_some_and(|own| own.0 == *of));
        text += more.map_or("", |(_, row)| row);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_true_of_the_example_only_is_not_said() {
        for kind in Kind::ALL {
            let example = kind.readme();
            for word in OTHERWISE.iter().map(|(word, _)| *word).chain([OF_ALL, BEGIN]) {
                assert!(example.contains(word), "{kind:?}: {word}");
            }
        }
        let shards = readme_text("Jabatan Contoh", Kind::Shards, None);
        assert!(
            shards.contains("\n\n## When a shard fails\n") && !shards.contains("eight machines")
        );
        for (forge, rows) in
            [(None, [1, 1]), (Some(Forge::Github), [1, 0]), (Some(Forge::Gitlab), [0, 1])]
        {
            let text = readme_text("Jabatan Contoh", Kind::Shards, forge);
            let found = SHARDS_ROWS.map(|(_, row)| text.matches(&format!("|\n{row}")).count());
            assert_eq!(found, rows, "{text}");
            assert_eq!(text.contains(OF_BOTH), forge.is_none());
            assert!(!text.contains(".forgejo/") && !text.contains("On Forgejo"), "{text}");
        }
        let files = readme_text("Jabatan Contoh", Kind::Files, Some(Forge::Gitlab));
        assert!(!files.contains("On GitHub") && files.contains("`hand-over`"), "{files}");
        let each = [None, Some(Forge::Github), Some(Forge::Gitlab), Some(Forge::Forgejo)];
        let each = each.map(|forge| readme_text("Jabatan Contoh", Kind::Agency, forge));
        for text in &each {
            for word in ["uuidgen", "example requests", "Copy this folder", "requests/2026/` |"] {
                assert!(!text.contains(word), "{word}");
            }
            assert!(text.contains("## The records") && text.contains("### OAuth"), "{text}");
        }
        let has = |word: &str| each.each_ref().map(|text| text.contains(word));
        assert_eq!(has(OF_ALL), [true, false, false, false]);
        for (index, (_, row, section)) in FORGES.iter().enumerate() {
            let expected: Vec<bool> = (0..4).map(|each| each == 0 || each == index + 1).collect();
            assert_eq!(
                (has(row), has(section)),
                (expected[..].try_into().unwrap(), expected[..].try_into().unwrap()),
                "{section}"
            );
        }
        assert_eq!(has("the same for GitLab |"), [true, false, false, false]);
        assert_eq!(has(JOBS), [false, false, true, true]);
    }
}
