//! The README of a new repository: the example's, as far as its marks say so.
//!
//! `TEXT <!-- init WORDS -->` is a line for these, and a mark alone on its line concerns all lines up to the
//! next one. `TEXT <!-- init WORDS: OTHER -->` says something else for them. A word is a kind, a forge, or `all`
//! where no forge was named; `a+b` needs both, and no word at all is always met.

use super::forge::Forge;
use super::kind::Kind;
use super::options::Options;
use crate::language::Language;

/// Its name.
pub(super) const README: &str = "README.md";
/// The agency of the examples.
const EXAMPLE: &str = "Jabatan Contoh Malaysia";
/// What a mark begins with.
const MARK: &str = "<!-- init";

/// The README of a kind's example; that of shards only adds to an agency's.
fn example(kind: Kind, language: Language) -> Vec<&'static str> {
    macro_rules! readme {
        ($kind:literal) => {
            match language {
                Language::English => {
                    include_str!(concat!("../../../examples/", $kind, "/README.md"))
                }
                Language::Malay => {
                    include_str!(concat!("../../../examples/", $kind, "/README.ms.md"))
                }
            }
        };
    }
    match kind {
        Kind::Agency | Kind::Trial => vec![readme!("agency")],
        Kind::Files => vec![readme!("files")],
        Kind::Shards => vec![readme!("agency"), readme!("shards")],
    }
}

/// The words of a mark, and what is to be said instead of the line.
fn parse_line_marker(mark: &str) -> (&str, Option<&str>) {
    let mark = mark.trim_end().trim_end_matches("-->").trim_end();
    match mark.split_once(": ") {
        Some((words, other)) => (words.trim(), Some(other)),
        None => (mark.trim(), None),
    }
}

/// The README in the language of the agency.
pub(super) fn readme_text(options: &Options) -> String {
    let (kind, forge) = (options.kind, options.forge);
    let holds = |word: &str| {
        let is_own = |own: &Forge| forge.is_none_or(|forge| forge == *own);
        let mut forges = Forge::ALL.iter().filter(|own| is_own(own) && kind.has_jobs_for(**own));
        word == kind.as_str()
            || word == "all" && forge.is_none()
            || forges.any(|forge| forge.as_str() == word)
    };
    let mut text = String::new();
    let mut is_written = true;
    for line in example(kind, options.language).into_iter().flat_map(str::lines) {
        let Some((own, mark)) = line.split_once(MARK) else {
            text += &if is_written { format!("{line}\n") } else { String::new() };
            continue;
        };
        let (words, other) = parse_line_marker(mark);
        let is_met = words.is_empty() || words.split(' ').any(|word| word.split('+').all(holds));
        let (indent, own) = own.split_at(own.len() - own.trim_start().len());
        let said = match (other, is_met) {
            (Some(other), true) => other,
            (None, false) => "",
            _ => own.trim_end(),
        };
        if own.is_empty() && other.is_none() {
            is_written = is_met;
        } else if is_written && !said.is_empty() {
            text += &format!("{indent}{said}\n");
        }
    }
    text.replace(EXAMPLE, &options.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readme(kind: Kind, language: Language, forge: Option<Forge>) -> String {
        readme_text(&Options { kind, language, forge, ..Options::sample() })
    }

    /// What both languages must have alike: marks, code, and the number of rows and headings.
    fn outline(text: &str) -> Vec<String> {
        let words = |line: &str| Some(parse_line_marker(line.split_once(MARK)?.1).0.to_owned());
        let is_kept = |line: &str| line.starts_with("    ") && !line.contains('│');
        let outline = text.lines().filter_map(|line| match line.split_once(' ') {
            Some((hashes @ ("#" | "##" | "###" | "|"), _)) => {
                Some(hashes.to_owned() + &words(line).unwrap_or_default())
            }
            _ => words(line).or_else(|| is_kept(line).then(|| line.to_owned())),
        });
        outline.collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        for kind in [Kind::Files, Kind::Shards] {
            let [english, malay] = [Language::English, Language::Malay]
                .map(|language| example(kind, language).into_iter().flat_map(outline));
            assert_eq!(english.collect::<Vec<_>>(), malay.collect::<Vec<_>>(), "{kind:?}");
        }
    }

    #[test]
    fn what_is_true_of_the_example_only_is_not_said() {
        for language in Language::ALL {
            for (kind, forge) in Kind::ALL.into_iter().flat_map(|kind| {
                let forges = Forge::ALL.into_iter().filter(move |forge| kind.has_jobs_for(*forge));
                forges.map(Some).chain([None]).map(move |forge| (kind, forge))
            }) {
                let text = readme(kind, language, forge);
                for word in ["uuidgen", "requests/2026/", MARK, "-->", EXAMPLE, "examples/"] {
                    assert!(!text.contains(word), "{kind:?} {forge:?} {word}: {text}");
                }
                assert!(!text.contains("\n\n\n") && text.starts_with("# "), "{text}");
                let has = |row: &str| text.contains(row);
                for (own, row, section) in [
                    (Forge::Github, "| `.github/workflows/` |", ["### On GitHub", "### Di GitHub"]),
                    (Forge::Gitlab, "| `.gitlab-ci.yml` |", ["### On GitLab", "### Di GitLab"]),
                    (Forge::Forgejo, "| `.forgejo/work", ["### On Forgejo", "### Di Forgejo"]),
                ] {
                    let is_there = forge.is_none_or(|one| one == own) && kind.has_jobs_for(own);
                    assert_eq!(has(row), is_there, "{text}");
                    let is_said = section.into_iter().any(has);
                    assert_eq!(is_said, is_there && kind != Kind::Trial, "{text}");
                }
                let deletes = has("Delete what is not of") || has("Padamkan apa yang bukan");
                assert_eq!(deletes, forge.is_none(), "{text}");
                assert_eq!(has(".gitlab/shards.yml"), kind == Kind::Shards, "{text}");
                assert_eq!(has("ARKIB_PORTAL_TOKEN"), matches!(kind, Kind::Agency | Kind::Shards));
            }
        }
        let trial = readme(Kind::Trial, Language::English, Some(Forge::Gitlab));
        let steps = trial.split("## ").find(|section| section.starts_with("Adopt it")).unwrap();
        let begins = |number: usize| steps.contains(&format!("\n{number}. "));
        assert!((1..=6).all(begins) && !steps.contains("two tokens of the portal"), "{steps}");
        assert!(steps.contains("\n   On GitLab two project access tokens"), "{steps}");
    }
}
