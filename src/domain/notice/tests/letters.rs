//! A letter as an office writes it: to a person, under the agency's file, and silent about holds.

use std::collections::BTreeMap;

use super::{APPROVED, CHIEF, Case, ROSLI, SITI, archive, day, policy, request_by};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::notice::crest::embed_crest;
use crate::domain::notice::due::DueNotice;
use crate::domain::notice::html_to_text::html_to_text;
use crate::domain::notice::template::{RenderBudget, Templates};
use crate::domain::notice::template_context::ContextBuilder;
use crate::domain::observed::{ObservedMailbox, Person};
use crate::language::Language;

const NOTICES: &str = "notices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n";
const FILE: &str = ", file: \"CONTOH.600-1/2/3 Jld. 2 (17)\"";

fn page(template: &str, due: &DueNotice, more: &str, crest: Option<String>) -> String {
    let policy = policy(&format!("{NOTICES}{more}"));
    let notices = policy.notices.as_ref().expect("notices");
    let date = day("2026-11-23");
    let context = ContextBuilder { policy: &policy, notices, language: Language::Malay, date };
    let mut templates = Templates::new(BTreeMap::new()).expect("good templates");
    crest.into_iter().for_each(|crest| templates.set_crest(crest));
    let made =
        templates.render(template, &context.build_context(due), &mut RenderBudget::default());
    made.unwrap_or_else(|error| panic!("{error:?}"))
}

fn letter(due: &DueNotice, more: &str) -> String {
    html_to_text(&page("letter.html", due, more, None))
}

fn named(mailbox: &str, names: &[&str], post: &str, office: &str) -> ObservedMailbox {
    let person = Person::new(&Mailbox::from_portal(mailbox), names, post, office);
    ObservedMailbox { person, ..archive(mailbox, State::Enabled, "R-1") }
}

/// The notice for this person of a request for Siti.
fn due_to(to: &str, received: &str, portal: &[ObservedMailbox]) -> DueNotice {
    let more = format!("action: enable\nmailboxes: [{SITI}]\n{APPROVED}");
    let case = Case::of(&[request_by("R-1", "letter", received, &more)], portal);
    let mut due = case.due().into_iter();
    due.find(|due| due.to.as_str() == to).expect("a notice")
}

/// The lines between the date and the salutation.
fn address(letter: &str) -> Vec<&str> {
    let lines = letter.lines().skip_while(|line| !line.starts_with("Tarikh")).skip(1);
    lines.take_while(|line| *line != "Tuan/Puan,").collect()
}

#[test]
fn a_letter_is_addressed_to_a_person() {
    let siti = named(SITI, &["siti", "Siti binti Ali"], "Pegawai <Tadbir>", "Bahagian Kewangan");
    let of_portal = due_to(SITI, "", std::slice::from_ref(&siti));
    assert_eq!(
        address(&letter(&of_portal, "")),
        ["Siti binti Ali", "Pegawai <Tadbir>", "Bahagian Kewangan", "Jabatan <A> & B", SITI]
    );
    // What the letter says comes before what the portal says.
    let written = due_to(SITI, ", name: \"Puan Siti\"", std::slice::from_ref(&siti));
    assert_eq!(address(&letter(&written, ""))[..2], ["Puan Siti", "Pegawai <Tadbir>"]);
    let whole =
        due_to(SITI, ", name: \"Puan Siti\\n  Lot 5 \\n\\nIpoh\"", std::slice::from_ref(&siti));
    assert_eq!(address(&letter(&whole, "")), ["Puan Siti", "Lot 5", "Ipoh", SITI]);
    // The name is the applicant's, and not the user's.
    let from = format!(", from: {CHIEF}, name: Dato' Ketua");
    let portal = [siti, named(CHIEF, &["Ketua"], "", "")];
    assert_eq!(address(&letter(&due_to(CHIEF, &from, &portal), ""))[0], "Dato' Ketua");
    assert_eq!(address(&letter(&due_to(SITI, &from, &portal), ""))[0], "Siti binti Ali");
    let unknown = due_to(SITI, "", &[archive(SITI, State::Enabled, "R-1")]);
    assert_eq!(address(&letter(&unknown, "")), [SITI]);
}

#[test]
fn references_are_those_of_files_and_never_the_request() {
    let portal = [archive(SITI, State::Enabled, "R-1")];
    let with = letter(&due_to(SITI, FILE, &portal), "");
    let head: Vec<&str> = with.lines().filter(|line| line.contains("Ruj.")).collect();
    assert_eq!(head, ["Ruj. Tuan : R <1>", "Ruj. Kami : CONTOH.600-1/2/3 Jld. 2 (17)"]);
    let without = due_to(SITI, "", &portal);
    for template in ["letter.html", "memo.html", "form.html", "email.html", "email.txt"] {
        let text = html_to_text(&page(template, &without, "", None));
        assert!(!text.lines().any(|line| line.contains("Ruj.") && line.contains("R-1")), "{text}");
    }
}

#[test]
fn mottos_and_copies_are_the_agencys() {
    let due = due_to(SITI, "", &[archive(SITI, State::Enabled, "R-1")]);
    let usual = letter(&due, "");
    assert!(usual.contains("\"BERKHIDMAT UNTUK NEGARA\"") && !usual.contains("s.k."), "{usual}");
    let own = "  mottos: [Malaysia Madani, '\"Berkhidmat untuk Negara\"']\n  copies: [Ketua Unit, Fail <b>]\n";
    for template in ["letter.html", "memo.html"] {
        let text = html_to_text(&page(template, &due, own, None));
        assert!(text.contains("\"MALAYSIA MADANI\"\n\"BERKHIDMAT UNTUK NEGARA\""), "{text}");
        assert!(text.ends_with("s.k.:\nKetua Unit\nFail <b>"), "{text}");
    }
    assert!(!letter(&due, "  mottos: []\n").contains('"'));
    let paragraphs: Vec<String> =
        usual.lines().filter_map(|line| Some(line.split_once(". ")?.0.to_owned())).collect();
    assert!(
        paragraphs.contains(&"2".to_owned()) && paragraphs.contains(&"3".to_owned()),
        "{usual}"
    );
}

#[test]
fn a_hold_is_told_only_if_the_policy_says_so() {
    let more = |also: &str| format!("action: terminate\nmailboxes: [{SITI}{also}]\n{APPROVED}");
    let held = ObservedMailbox { hold: true, ..archive(SITI, State::Enabled, "") };
    let inactive =
        ObservedMailbox { account: AccountState::Disabled, ..archive(ROSLI, State::Enabled, "") };
    let of = |also: &str, portal: &[ObservedMailbox]| {
        let from = format!(", from: {CHIEF}");
        let case = Case::of(&[request_by("R-1", "letter", &from, &more(also))], portal);
        case.due().swap_remove(0)
    };
    let alone = of("", std::slice::from_ref(&held));
    let protected = format!("  tell_holds: false\nprotected: [{SITI}]\n");
    for template in ["letter.html", "memo.html", "form.html", "email.txt", "email.html"] {
        let text = html_to_text(&page(template, &alone, "", None));
        for word in ["penahanan", "tahan", "undang", "Sebab", "sebab"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        assert!(text.contains("tidak dapat dilaksanakan buat masa ini"), "{text}");
        assert!(text.contains("sila hubungi Pentadbir UC Agensi"), "{text}");
    }
    let with_reason = letter(&alone, "  tell_holds: true\n");
    assert!(
        with_reason.contains("Sebab") && with_reason != letter(&alone, &protected),
        "{with_reason}"
    );
    // Of several, the reasons that are no secret are given.
    let both = letter(&of(&format!(", {ROSLI}"), &[held, inactive]), "");
    assert!(both.contains(&format!("{SITI} (tidak dapat dilaksanakan buat masa ini)")), "{both}");
    assert!(both.contains(&format!("{ROSLI} (akaun")) && !both.contains("tahan"), "{both}");
}

#[test]
fn a_crest_stands_within_the_page() {
    let due = due_to(SITI, "", &[archive(SITI, State::Enabled, "R-1")]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x5a\0\0\0\x5a".to_vec();
    bytes.resize(128 << 10, 0xbf);
    let crest = embed_crest(&bytes).expect("a crest");
    for template in ["letter.html", "memo.html", "form.html"] {
        let shown = page(template, &due, "", Some(crest.clone()));
        assert!(shown.contains(&format!("src=\"{crest}\"")), "{template}");
        assert!(!page(template, &due, "", None).contains("<img"), "{template}");
    }
}
