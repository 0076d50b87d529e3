//! Every notice renders, whatever it contains.

use std::collections::BTreeMap;

use super::{APPROVED, CHIEF, Case, ROSLI, SITI, archive, day, policy, request, request_by, words};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::notice::Kind;
use crate::domain::notice::due::DueNotice;
use crate::domain::notice::template::{CustomTemplate, Templates};
use crate::domain::notice::template_context::{ContextBuilder, fill_placeholders};
use crate::domain::observed::ObservedMailbox;
use crate::domain::policy::Language;
const NOTICES: &str = "notices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n  letterhead: [\"Aras 5 <b>\"]\n  signatory: [NORAINI]\n  contact: samb. 1234\n";
const ADDIN: &str = "  addin: {link: \"https://muat.agensi.example/a?b=1&c=2\", guide: \"https://panduan.agensi.example\"}\n";

/// A notice of each kind about each action, by each channel.
fn every_notice() -> Vec<DueNotice> {
    let mut all = Vec::new();
    for channel in ["email", "memo", "letter", "form"] {
        let later = "approval: {by: uc@agensi.example, date: 2026-11-03}\neffective: 2026-12-01";
        for action in ["enable", "terminate"] {
            let (state, done) = match action {
                "enable" => (State::Disabled, State::Enabled),
                _ => (State::Enabled, State::Terminated),
            };
            let inactive = ObservedMailbox {
                account: AccountState::Disabled,
                ..archive(SITI, state.clone(), "")
            };
            let several = [archive(SITI, done.clone(), "R-1"), archive(ROSLI, done, "R-1")];
            for (approval, portal) in [
                ("", vec![archive(SITI, state.clone(), ""), archive(ROSLI, state, "")]),
                (later, several.to_vec()),
                (APPROVED, several.to_vec()),
                (APPROVED, vec![inactive]),
            ] {
                let more = format!("action: {action}\nmailboxes: [{SITI}, {ROSLI}]\n{approval}");
                let from = format!(", from: {CHIEF}");
                let requests = [request_by("R-1", channel, &from, &more)];
                let case = Case { recoverable_days: Some(30), ..Case::of(&requests, &portal) };
                all.extend(case.due());
            }
        }
        for approval in ["", later, APPROVED] {
            let withdrawal = request_by(
                "R-2",
                channel,
                "",
                &format!("action: withdraw\nwithdraws: R-1\n{approval}"),
            );
            let withdrawn = request("R-1", "enable", &[SITI], CHIEF, APPROVED);
            let case = Case::of(&[withdrawn, withdrawal], &[archive(SITI, State::Disabled, "")]);
            all.extend(case.due().into_iter().filter(|due| due.request.id.as_str() == "R-2"));
        }
    }
    all
}

#[test]
fn every_notice_renders_in_every_language() {
    let templates = Templates::new(BTreeMap::new()).expect("good templates");
    let all = every_notice();
    let kinds: std::collections::BTreeSet<Kind> = all.iter().map(|due| due.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    let policies = [policy(NOTICES), policy(&format!("{NOTICES}{ADDIN}"))];
    for (policy, language) in policies.iter().flat_map(|policy| Language::ALL.map(|l| (policy, l)))
    {
        let context = ContextBuilder {
            policy,
            notices: policy.notices.as_ref().expect("notices"),
            language,
            date: day("2026-11-23"),
        };
        for due in &all {
            let template_context = context.build_context(due);
            for name in ["email.txt", "email.html", "memo.html", "letter.html", "form.html"] {
                let shown = templates
                    .render(name, &template_context)
                    .unwrap_or_else(|error| panic!("{error}"));
                let what = format!("{} {name} {}: {shown}", words(due), language.as_str());
                for bad in [
                    "{{",
                    "{%",
                    "notice.",
                    "obstacle.",
                    "{day}",
                    "{received}",
                    "{withdraws}",
                    "{agency}",
                    "{request}",
                    "none",
                    "undefined",
                    "  pada .",
                ] {
                    assert!(
                        !crate::domain::notice::html_to_text::html_to_text(&shown).contains(bad),
                        "{bad} in {what}"
                    );
                }
                assert!(shown.contains(due.to.as_str()) || name.starts_with("email"), "{what}");
                assert!(shown.contains(due.request.id.as_str()), "{what}");
                assert!(shown.contains(&template_context.title), "{what}");
                assert!(shown.contains(&language.format_long_date(day("2026-11-02"))), "{what}");
                if name.ends_with(".html") {
                    assert!(
                        !shown.contains("<A>") && shown.contains("Jabatan &lt;A&gt; &amp; B"),
                        "{what}"
                    );
                    assert!(!shown.contains("R <1>") && !shown.contains("5 <b>"), "{what}");
                    assert!(!shown.contains("<script"), "{what}");
                }
            }
        }
    }
}

#[test]
fn each_kind_of_notice_has_its_content() {
    let policy = policy(&format!("{NOTICES}{ADDIN}"));
    let context = ContextBuilder {
        policy: &policy,
        notices: policy.notices.as_ref().expect("notices"),
        language: Language::Malay,
        date: day("2026-11-23"),
    };
    let templates = Templates::new(BTreeMap::new()).expect("good templates");
    let text = |kind: Kind, to: &str| {
        let all = every_notice();
        let found = all.iter().find(|due| due.kind == kind && due.to.as_str() == to);
        let due = found.unwrap_or_else(|| panic!("no {kind:?} for {to}"));
        templates.render("email.txt", &context.build_context(due)).expect("a text")
    };
    let says = |text: &str, parts: &[&str]| {
        parts.iter().for_each(|part| assert!(text.contains(part), "no `{part}` in {text}"));
    };
    says(&text(Kind::Received, CHIEF), &["2 November 2026", "menunggu kelulusan"]);
    says(&text(Kind::Approved, CHIEF), &["3 November 2026", "mulai 1 Disember 2026"]);
    says(&text(Kind::Blocked, CHIEF), &["tidak aktif dalam portal", "samb. 1234"]);
    let enabled = text(Kind::Enabled, SITI);
    says(
        &enabled,
        &[
            "Tarikh diterima: 2 November 2026",
            "Tarikh diluluskan: 3 November 2026",
            "Tarikh diaktifkan: 12 November 2026",
            "https://muat.agensi.example/a?b=1&c=2",
            "https://panduan.agensi.example",
        ],
    );
    assert!(!enabled.contains(ROSLI), "{enabled}");
    let whole = text(Kind::Enabled, CHIEF);
    says(&whole, &[SITI, ROSLI, "secara berasingan"]);
    assert!(!whole.contains("https://muat"), "{whole}");
    says(
        &text(Kind::Terminated, SITI),
        &["sehingga 11 Disember 2026", "permohonan pengaktifan baharu"],
    );
    says(&text(Kind::Withdrawn, CHIEF), &["R-1 telah ditarik balik"]);
}

#[test]
fn custom_template_is_used_and_errors_name_the_line() {
    let own = |name: &str, text: &str| {
        let own =
            CustomTemplate { file: format!("requests/templates/{name}"), text: text.to_owned() };
        Templates::new(BTreeMap::from([(name.to_owned(), own)]))
    };
    let policy = policy(NOTICES);
    let context = ContextBuilder {
        policy: &policy,
        notices: policy.notices.as_ref().expect("notices"),
        language: Language::English,
        date: day("2026-11-23"),
    };
    let all = every_notice();
    let template_context = context.build_context(&all[0]);
    let shown = |name: &str, text: &str| {
        own(name, text).and_then(|templates| templates.render(name, &template_context))
    };
    assert_eq!(shown("email.txt", "{{ agency.name }}"), Ok("Jabatan <A> & B".to_owned()));
    assert_eq!(
        shown("letter.html", "{{ agency.name }}"),
        Ok("Jabatan &lt;A&gt; &amp; B".to_owned())
    );
    let place = |name: &str, text: &str| shown(name, text).map_err(|broken| broken.place);
    let at = |line: &str| Err(format!("requests/templates/letter.html{line}"));
    assert_eq!(place("letter.html", "a\n{% if %}"), at(":2"));
    assert_eq!(place("letter.html", "a\n\n{{ nothing }}"), at(":3"));
    assert_eq!(place("letter.html", "{{ request.nothing }}"), at(":1"));
    assert_eq!(place("letter.html", "{% include \"/etc/passwd\" %}"), at(":1"));
    let endless =
        "{% for a in range(9000) %}{% for b in range(9000) %}{{ a * b }}{% endfor %}{% endfor %}";
    assert!(place("letter.html", endless).is_err());
    // A custom stylesheet is used in arkib's pages.
    let css = own("print.css", "p { color: red }")
        .and_then(|templates| templates.render("letter.html", &template_context));
    assert!(css.is_ok_and(|page| page.contains("p { color: red }")));
}

#[test]
fn filled_values_are_not_expanded_again() {
    let places = [("a", "{b}"), ("b", "B")];
    assert_eq!(fill_placeholders("{a} {b} {c} { {a}", &places), "{b} B {c} { {b}");
}
