//! Dialogues with prepared answers.

use jiff::civil::date;

use super::*;
use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{ObservedMailbox, sample_mailbox};
use crate::domain::policy::Policy;
use crate::domain::request::{Channel, sample};
use crate::ops::filing::prompter::scripted::Scripted;

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

/// The values after a dialogue, and all texts in it.
fn dialogue(
    target: Option<Target>,
    agencies: &[Agency],
    roster: Option<&Observed>,
    answers: &[&'static str],
) -> (Result<Intake, InputEnded>, String) {
    let about = PromptContext { agencies, roster, today: date(2026, 11, 25) };
    let mut dialogue = Scripted::new(answers);
    let mut known = Intake { target, ..Intake::default() };
    let ended = ask_missing_values(&mut dialogue, &mut known, &about).map(|()| known);
    assert!(dialogue.answers.next().is_none(), "an answer was not asked for: {}", dialogue.said);
    (ended, dialogue.said)
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
            "Siti Aminah <SITI@agensi.example>, tan@agensi.example",
            "siti@agensi.example",
            "x@lain.example",
            "",
            "2.11.2026",
            "2026-12-01",
            "2026-11-02",
            "fax",
            "Sur",
            "",
            "\u{1b}[D12",
            " CONTOH.600-1/2/3 (12) ",
            "siti@",
            "mailto:ketua@agensi.example",
            "2026-02-30",
            "2026-12-01",
            "Peti mel penuh.",
        ],
    );
    let known = known.expect("answers to all");
    let mailboxes: Vec<&str> = known.mailboxes.iter().map(Mailbox::as_str).collect();
    assert_eq!(mailboxes, ["siti@agensi.example", "tan@agensi.example"]);
    assert_eq!(known.received, Some(date(2026, 11, 2)));
    assert_eq!(known.channel, Some(Channel::Letter));
    assert_eq!(known.reference.as_deref(), Some("CONTOH.600-1/2/3 (12)"));
    assert_eq!(known.from.as_ref().map(Mailbox::as_str), Some("ketua@agensi.example"));
    assert_eq!(known.effective, Some(date(2026, 12, 1)));
    assert_eq!(known.reason.as_deref(), Some("Peti mel penuh."));
    for expected in [
        "At least one mailbox is required.",
        "Not valid: `siti` is not a mailbox address: it contains no `@`.",
        "siti@agensi.example is already in the list.",
        "Not valid: `x@lain.example` does not belong to this agency; its domains are agensi.example.",
        "2 mailboxes.",
        "Not valid: found `2.11.2026`, expected a day as YYYY-MM-DD, for instance 2026-11-02.",
        "Not valid: 2026-12-01 is in the future, today is 2026-11-25.",
        "Not valid: expected email, memo, letter or form, or a number from 1 to 4.",
        "This is required.",
        "it contains an invisible character",
        "expected a day that exists",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(
        !said.contains('\u{1b}') || said.matches('\u{1b}').count() == 1,
        "only the answer itself"
    );
}

#[test]
fn enter_takes_the_default() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let answers = ["tan@agensi.example", "", "", "2", "R", "", "", ""];
    let (known, _) = dialogue(Some(Target::Terminated), &agencies, None, &answers);
    let known = known.expect("answers to all");
    assert_eq!(known.received, Some(date(2026, 11, 25)));
    assert_eq!((known.from, known.effective, known.reason), (None, None, None));
}

#[test]
fn picks_mailboxes_by_number() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let mut all = vec![
        mailbox("siti.aminah@agensi.example", State::Disabled),
        mailbox("siti.hajar@agensi.example", State::Enabled),
        mailbox("tan@agensi.example", State::Disabled),
    ];
    all.extend(
        (0..30).map(|number| mailbox(&format!("ali{number:02}@agensi.example"), State::Disabled)),
    );
    let roster = Observed::new(all, true);
    let answers = [
        "SITI",
        "3",
        "1 2",
        "nobody",
        "ali",
        "",
        "new@agensi.example",
        "",
        "",
        "2",
        "R",
        "",
        "",
        "",
    ];
    let (known, said) = dialogue(Some(Target::Enabled), &agencies, Some(&roster), &answers);
    let known = known.expect("answers to all");
    let mailboxes: Vec<&str> = known.mailboxes.iter().map(Mailbox::as_str).collect();
    assert_eq!(
        mailboxes,
        ["siti.aminah@agensi.example", "siti.hajar@agensi.example", "new@agensi.example"]
    );
    for expected in [
        "     1  siti.aminah@agensi.example  archive disabled, account active\n",
        "     2  siti.hajar@agensi.example  archive enabled, account active\n",
        "Not valid: `3` is not a number from 1 to 2.",
        "+ siti.hajar@agensi.example  (note: its archive is already enabled)",
        "The portal has no mailbox with `nobody` in its address",
        "and 10 more",
        "+ new@agensi.example  (note: the portal has no such account)",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn refuses_mailboxes_of_two_agencies() {
    let agencies = [agency("A", "a.example"), agency("B", "b.example")];
    let answers = ["x@a.example", "x@b.example", "x@c.example", "", "", "1", "R", "", "", ""];
    let (known, said) = dialogue(Some(Target::Enabled), &agencies, None, &answers);
    assert_eq!(known.expect("answers to all").mailboxes.len(), 1);
    assert!(said.contains("`x@a.example` belongs to A and `x@b.example` to B"), "{said}");
    assert!(said.contains("`x@c.example` belongs to none of these agencies"), "{said}");
}

#[test]
fn stops_asking_when_the_input_ends() {
    let agencies = [agency("CONTOH", "agensi.example")];
    let all = ["tan@agensi.example", "", "", "2", "R", "", "", ""];
    for answered in 0..all.len() {
        let (known, _) = dialogue(Some(Target::Enabled), &agencies, None, &all[..answered]);
        assert_eq!(known, Err(InputEnded), "after {answered} answers");
    }
    let (known, said) = dialogue(None, &agencies, None, &["R-9", "x y"]);
    assert_eq!(known, Err(InputEnded));
    assert!(said.contains("no request has the id `R-9`"), "{said}");
}
