//! Dialogues with prepared answers.

use std::path::{Path, PathBuf};

use jiff::civil::date;

use super::context::ClerkFiles;
use super::*;
use crate::domain::agency::Agency;
use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::policy::Policy;
use crate::domain::request::new_request::ReceivedDocument;
use crate::domain::request::{Channel, sample};
use crate::ops::filing::prompter::scripted::{ESC, Scripted};

fn agency(name: &str, domain: &str) -> Agency {
    Agency {
        policy: Policy {
            file: format!("requests/{name}/agency.yaml").into(),
            agency: name.to_owned(),
            domains: vec![domain.to_owned()],
            ..sample::policy(name, "")
        },
        requests: Vec::new(),
        keys: Default::default(),
    }
}

fn mailbox(name: &str, state: State) -> ObservedMailbox {
    sample_mailbox(name, name, state)
}

fn address(name: &str) -> Mailbox {
    Mailbox::parse(name).expect("an address")
}

/// One list, and one document.
struct SampleFiles;

impl ClerkFiles for SampleFiles {
    fn read_list(&self, file: &Path) -> Result<Vec<Mailbox>, String> {
        match file.to_str() {
            Some("senarai.xlsx") => Ok(["ali", "abu", "tan"]
                .map(|name| address(&format!("{name}@agensi.example")))
                .to_vec()),
            _ => Err("The list cannot be used.".to_owned()),
        }
    }

    fn read_received_document(&self, file: &Path) -> Result<ReceivedDocument, String> {
        match file.to_str() {
            Some("surat 1.pdf") => {
                Ok(ReceivedDocument { ending: "pdf".to_owned(), sha256: "a".repeat(64), size: 7 })
            }
            _ => Err("there is no such file".to_owned()),
        }
    }

    fn complete(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// The values after a dialogue, and all texts in it.
fn dialogue(
    target: Option<Target>,
    agencies: &[Agency],
    roster: Option<&Observed>,
    answers: &[&'static str],
) -> (Result<Answers, Unanswered>, String) {
    let about = PromptContext { agencies, roster, today: date(2026, 11, 25), files: &SampleFiles };
    let mut dialogue = Scripted::new(answers);
    let mut known = Answers::default();
    known.intake.target = target;
    let ended = ask_missing_values(&mut dialogue, &mut known, &about).map(|()| known);
    assert!(dialogue.answers.next().is_none(), "an answer was not asked for: {}", dialogue.said);
    (ended, dialogue.said)
}

fn names(answers: &Answers) -> Vec<&str> {
    answers.intake.mailboxes.iter().map(Mailbox::as_str).collect()
}

#[test]
fn asks_for_everything_and_repeats_wrong_answers() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let (known, said) = dialogue(
        Some(Target::Enabled),
        &agencies,
        None,
        &[
            "",
            "siti",
            "Siti Aminah <SITI@agensi.example>, tan@agensi.example, x@lain.example",
            "siti@agensi.example",
            "x@lain.example",
            "",
            "2.13.2026",
            "1/12/2026",
            "2 Nov 2026",
            "fax",
            "surat",
            "",
            "\u{1}12",
            " CONTOH.600-1/2/3 (12) ",
            "siti@",
            "mailto:ketua@agensi.example",
            "Encik Ketua",
            "CONTOH.600-1/2/3 Jld. 2 (16)",
            "30 Februari 2026",
            "1 Mac 2027",
            "Peti mel penuh.",
            "tiada.pdf",
            "'surat 1.pdf'",
            "",
        ],
    );
    let known = known.expect("answers to all");
    assert_eq!(names(&known), ["siti@agensi.example", "tan@agensi.example"]);
    let Answers { intake, evidence } = known;
    assert_eq!(intake.received, Some(date(2026, 11, 2)));
    assert_eq!(intake.channel, Some(Channel::Letter));
    assert_eq!(intake.reference.as_deref(), Some("CONTOH.600-1/2/3 (12)"));
    assert_eq!(intake.from.as_ref().map(Mailbox::as_str), Some("ketua@agensi.example"));
    assert_eq!(intake.name.as_deref(), Some("Encik Ketua"));
    assert_eq!(intake.file.as_deref(), Some("CONTOH.600-1/2/3 Jld. 2 (16)"));
    assert_eq!(intake.effective, Some(date(2027, 3, 1)));
    assert_eq!(intake.reason.as_deref(), Some("Peti mel penuh."));
    assert_eq!((evidence, intake.documents.len()), (vec![PathBuf::from("surat 1.pdf")], 1));
    for expected in [
        "At least one mailbox is required.",
        "`siti` is not a mailbox address such as",
        "! x@lain.example does not belong to this agency; its domains are agensi.example.",
        "siti@agensi.example is already in the list.",
        "`2.13.2026` is no day of the calendar",
        "1/12/2026 is in the future; today is 25/11/2026.",
        "This is required.",
        "It contains an invisible character",
        "`30 Februari 2026` is no day",
        "there is no such file",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn enter_takes_the_default() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let answers = ["tan@agensi.example", "", "", "memo", "R", "", "", "", "", "", ""];
    let (known, _) = dialogue(Some(Target::Terminated), &agencies, None, &answers);
    let intake = known.expect("answers to all").intake;
    assert_eq!(intake.received, Some(date(2026, 11, 25)));
    assert_eq!((intake.from, intake.name, intake.file), (None, None, None));
    assert_eq!((intake.effective, intake.reason), (None, None));
}

#[test]
fn esc_goes_back_and_the_answer_can_be_given_again() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let answers = [
        ESC,
        "tan@agensi.example",
        "",
        "2/11/2026",
        "memo",
        ESC,
        ESC,
        "3/11/2026",
        "borang",
        "R",
        ESC,
        "R-2",
        "",
        "",
        "",
        "",
        "",
        "",
    ];
    let (known, said) = dialogue(Some(Target::Enabled), &agencies, None, &answers);
    let intake = known.expect("answers to all").intake;
    assert_eq!(intake.received, Some(date(2026, 11, 3)));
    assert_eq!(intake.channel, Some(Channel::Form));
    assert_eq!(intake.reference.as_deref(), Some("R-2"));
    assert!(said.contains("This is the first question."), "{said}");
}

#[test]
fn mailboxes_are_found_by_a_part_and_taken_out_again() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let all = vec![
        mailbox("siti.aminah@agensi.example", State::Disabled),
        mailbox("siti.hajar@agensi.example", State::Enabled),
        mailbox("tan@agensi.example", State::Disabled),
    ];
    let roster = Observed::new(all, true);
    let answers = [
        "siti",
        "hajar",
        "nobody",
        "senarai.csv",
        "\"senarai.xlsx\"",
        "new@agensi.example",
        "-9",
        "-a",
        "-3",
        "-ali",
        "",
        "",
        "memo",
        "R",
        "",
        "",
        "",
        "",
        "",
    ];
    let (known, said) = dialogue(Some(Target::Enabled), &agencies, Some(&roster), &answers);
    let known = known.expect("answers to all");
    assert_eq!(
        names(&known),
        ["siti.hajar@agensi.example", "tan@agensi.example", "new@agensi.example"]
    );
    for expected in [
        "2 mailboxes match; choose one",
        "     1  siti.hajar@agensi.example\n",
        "! `siti.hajar@agensi.example`: its archive is already enabled",
        "The portal has no mailbox like `nobody`",
        "The list cannot be used.",
        "     2  ali@agensi.example\n     3  abu@agensi.example\n     4  tan@agensi.example\n",
        "! `new@agensi.example`: the portal has no such account",
        "There is no number 9 in the list of 5.",
        "Which one? Type - and its number from 1 to 5.",
        "Taken out: abu@agensi.example",
        "Taken out: ali@agensi.example",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn refuses_mailboxes_of_two_agencies() {
    let agencies = [agency("A", "a.example"), agency("B", "b.example")];
    let answers =
        ["x@a.example", "x@b.example", "x@c.example", "", "", "1", "R", "", "", "", "", "", ""];
    let (known, said) = dialogue(Some(Target::Enabled), &agencies, None, &answers);
    assert_eq!(known.expect("answers to all").intake.mailboxes.len(), 1);
    assert!(said.contains("`x@a.example` belongs to A and `x@b.example` to B"), "{said}");
    assert!(said.contains("`x@c.example` belongs to none of these agencies"), "{said}");
}

#[test]
fn stops_asking_when_somebody_stops() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let all = ["tan@agensi.example", "", "", "2", "R", "", "", "", "", "", ""];
    for answered in 0..all.len() {
        let (known, _) = dialogue(Some(Target::Enabled), &agencies, None, &all[..answered]);
        assert_eq!(known, Err(Unanswered::Stopped), "after {answered} answers");
    }
}

#[test]
fn a_request_to_withdraw_is_chosen_from_those_that_stand() {
    let mut agency = agency("CONTOH", "agensi.example");
    agency.requests =
        ["R-1", "R-2"].map(|id| sample::change(id, "enable", &["siti"], "", "")).to_vec();
    let answers = ["R-1", "", "memo", "R", "", "", "", "", ""];
    let (known, said) = dialogue(None, &[agency], None, &answers);
    let withdraws = known.expect("answers to all").intake.withdraws;
    assert_eq!(withdraws.expect("an id").as_str(), "R-1");
    assert!(said.contains("  R-2 · 1/1/2026 (pending) · enable siti@agensi.example"), "{said}");
}

#[test]
fn of_the_requests_to_withdraw_those_that_are_done_come_last() {
    let mut agency = agency("CONTOH", "agensi.example");
    agency.requests = [
        ("R-1", "enable", "siti", "2026-01-02"),
        ("R-2", "terminate", "siti", "2026-01-02"),
        ("R-3", "enable", "siti", ""),
        ("R-4", "enable", "tan", "2026-01-02"),
    ]
    .map(|(id, action, mailbox, approved)| sample::change(id, action, &[mailbox], approved, ""))
    .to_vec();
    let portal = [("siti@agensi.example", State::Disabled), ("tan@agensi.example", State::Enabled)];
    let portal = portal.map(|(name, state)| mailbox(name, state));
    let roster = Observed::new(portal.to_vec(), true);
    let (_, said) = dialogue(None, &[agency], Some(&roster), &[]);
    let lines =
        said.lines().filter_map(|line| line.strip_prefix("  R-")?.split(" · enable").next());
    let lines: Vec<&str> = lines.filter_map(|line| line.split(" · terminate").next()).collect();
    let day = "1/1/2026";
    let marked = [("3", " (pending)"), ("1", ""), ("4", " (done)"), ("2", " (done)")];
    assert_eq!(lines, marked.map(|(id, mark)| format!("{id} · {day}{mark}")), "{said}");
}
