//! Dialogues with prepared answers.

use super::*;
use crate::language::Language;
use crate::ops::filing::prompter::scripted::Scripted;

fn draft() -> Draft {
    Draft {
        folder: ".".into(),
        agency: None,
        name: None,
        domains: Vec::new(),
        approvers: Vec::new(),
        language: Language::Malay,
        kind: None,
        forge: None,
    }
}

/// The values after a dialogue, and all texts in it.
fn ask(draft: Draft, answers: &[&'static str]) -> (Result<Draft, Unanswered>, String) {
    let mut dialogue = Scripted::new(answers);
    let asked = ask_missing(&mut dialogue, draft);
    (asked, dialogue.said)
}

#[test]
fn five_questions_give_a_policy() {
    let answers = [
        "CONTOH",
        "Jabatan  Contoh Malaysia",
        "agensi.example, mygov.example",
        "Noraini <noraini@agensi.example>; wong@agensi.example",
        "fil",
    ];
    let (asked, said) = ask(draft(), &answers);
    let options = take_complete(asked.unwrap()).unwrap();
    assert_eq!((&*options.agency, &*options.name), ("CONTOH", "Jabatan Contoh Malaysia"));
    assert_eq!(options.domains, ["agensi.example", "mygov.example"]);
    assert_eq!((options.approvers.len(), options.kind), (2, Kind::Files));
    // Each question leaves room for its answer on a terminal of 80 columns.
    assert_eq!(answers.iter().filter(|answer| said.contains(&format!(": {answer}\n"))).count(), 5);
    let questions = answers.iter().fold(said.clone(), |said, answer| said.replace(answer, ""));
    assert!(questions.lines().all(|line| line.chars().count() < 78), "{questions}");
}

#[test]
fn an_answer_that_the_policy_would_refuse_is_asked_for_again() {
    let answers = [
        "",
        "a\u{7}b",
        "CONTOH",
        "Contoh",
        "tiada domain",
        "agensi.example",
        "rosli",
        "rosli@agensi.example",
        "lima",
        "",
    ];
    let (asked, said) = ask(draft(), &answers);
    let options = take_complete(asked.unwrap()).unwrap();
    assert_eq!((&*options.agency, options.kind), ("CONTOH", Kind::Agency));
    assert_eq!(options.domains, ["agensi.example"]);
    assert_eq!(said.matches("\n! ").count(), 5, "{said}");
    assert_eq!(said.matches("\n! This is required.").count(), 1, "{said}");
}

#[test]
fn what_is_known_is_not_asked() {
    let whole = || {
        let Options { agency, name, domains, approvers, .. } = Options::sample();
        Draft { agency: Some(agency), name: Some(name), domains, approvers, ..draft() }
    };
    // Nothing is missing that has no default.
    let (asked, said) = ask(whole(), &[]);
    assert_eq!((take_complete(asked.unwrap()).unwrap().kind, &*said), (Kind::Agency, ""));
    let known = Draft { kind: Some(Kind::Trial), name: None, ..whole() };
    let (asked, said) = ask(known, &["Jabatan"]);
    assert_eq!(asked.unwrap().name.as_deref(), Some("Jabatan"));
    assert_eq!(said.matches('?').count(), 1, "{said}");
    assert_eq!(ask(draft(), &["CONTOH"]).0.err(), Some(Unanswered::Stopped));
}
