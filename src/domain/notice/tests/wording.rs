//! Every notice renders, whatever it contains.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{APPROVED, CHIEF, Case, ROSLI, SITI, archive, day, policy, request, request_by, words};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::notice::Kind;
use crate::domain::notice::due::DueNotice;
use crate::domain::notice::html_to_text::html_to_text;
use crate::domain::notice::template::{CustomTemplate, RenderBudget, STACK, Templates};
use crate::domain::notice::template_context::{ContextBuilder, fill_placeholders};
use crate::domain::observed::ObservedMailbox;
use crate::domain::policy::Policy;
use crate::language::{Language, Message};
const NOTICES: &str = "notices:\n  since: 2026-11-01\n  from: arkib@agensi.example\n  letterhead: [\"Aras 5 <b>\"]\n  signatory: [NORAINI]\n  contact: samb. 1234\n";
const ADDIN: &str = "  addin: {link: \"https://muat.agensi.example/a?b=1&c=2\", guide: \"https://panduan.agensi.example\"}\n";

fn context_builder(policy: &Policy, language: Language) -> ContextBuilder<'_> {
    let notices = policy.notices.as_ref().expect("notices");
    ContextBuilder { policy, notices, language, date: day("2026-11-23") }
}

/// A notice of each kind about each action, by each channel.
fn every_notice() -> Vec<DueNotice> {
    let mut all = Vec::new();
    for channel in ["email", "memo", "letter", "form"] {
        let later = "approvals: [{by: uc@agensi.example, date: 2026-11-03}]\neffective: 2026-12-01";
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
    let mut templates = Templates::new(BTreeMap::new()).expect("good templates");
    let all = every_notice();
    let kinds: std::collections::BTreeSet<Kind> = all.iter().map(|due| due.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    let policies = [policy(NOTICES), policy(&format!("{NOTICES}{ADDIN}"))];
    for (policy, language) in policies.iter().flat_map(|policy| Language::ALL.map(|l| (policy, l)))
    {
        let context = context_builder(policy, language);
        for due in &all {
            let template_context = context.build_context(due);
            for name in ["email.txt", "email.html", "memo.html", "letter.html", "form.html"] {
                let shown = templates
                    .render(name, &template_context, &mut RenderBudget::default())
                    .unwrap_or_else(|error| panic!("{error:?}"));
                let what = format!("{} {name} {}: {shown}", words(due), language.as_str());
                let text = html_to_text(&shown);
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
                    assert!(!text.contains(bad), "{bad} in {what}");
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
    let context = context_builder(&policy, Language::Malay);
    let mut templates = Templates::new(BTreeMap::new()).expect("good templates");
    let mut text = |kind: Kind, to: &str| {
        let all = every_notice();
        let found = all.iter().find(|due| due.kind == kind && due.to.as_str() == to);
        let due = found.unwrap_or_else(|| panic!("no {kind:?} for {to}"));
        let mut budget = RenderBudget::default();
        templates.render("email.txt", &context.build_context(due), &mut budget).expect("a text")
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
        &["boleh dipulihkan ialah 11 Disember 2026", "permohonan pengaktifan baharu"],
    );
    says(&text(Kind::Withdrawn, CHIEF), &["R-1 telah ditarik balik"]);
    // What was done before that is not kept quiet.
    let withdrawn = request("R-1", "terminate", &[SITI], CHIEF, APPROVED);
    let withdrawal = request("R-2", "withdraw", &["R-1"], "", APPROVED);
    let portal = [archive(SITI, State::Terminated, "R-1")];
    let requests = [withdrawn, withdrawal];
    let case = Case { recoverable_days: Some(30), ..Case::of(&requests, &portal) };
    let fields = context.build_context(&case.due()[0]);
    let shown = templates.render("email.txt", &fields, &mut RenderBudget::default());
    says(
        &shown.expect("a text"),
        &[
            "Tarikh ditamatkan: 12 November 2026",
            "telah dilaksanakan sebelum ditarik balik",
            "boleh dipulihkan ialah 11 Disember 2026",
        ],
    );
    // Where an earlier request applies again, nobody has to ask for it.
    let earlier = request("R-0", "enable", &[SITI], CHIEF, APPROVED);
    let requests = [earlier, requests[0].clone(), requests[1].clone()];
    let case = Case { recoverable_days: Some(30), ..Case::of(&requests, &portal) };
    let due = case.due();
    let withdrawn = due.iter().find(|due| due.request.id.as_str() == "R-2").expect("a notice");
    let fields = context.build_context(withdrawn);
    let shown = templates.render("email.txt", &fields, &mut RenderBudget::default());
    let shown = shown.expect("a text");
    says(&shown, &["Tarikh ditamatkan: 12 November 2026", "akan diaktifkan semula"]);
    assert!(!shown.contains("permohonan pengaktifan baharu"), "{shown}");
}

#[test]
fn custom_template_is_used_and_errors_name_the_line() {
    let own = |name: &str, text: &str| {
        let own =
            CustomTemplate { file: format!("requests/templates/{name}"), text: text.to_owned() };
        Templates::new(BTreeMap::from([(name.to_owned(), own)]))
    };
    let policy = policy(NOTICES);
    let context = context_builder(&policy, Language::English);
    let all = every_notice();
    let template_context = context.build_context(&all[0]);
    let shown = |name: &str, text: &str| {
        let budget = &mut RenderBudget::default();
        own(name, text).and_then(|mut own| own.render(name, &template_context, budget))
    };
    assert_eq!(shown("email.txt", "{{ agency.name }}"), Ok("Jabatan <A> & B".to_owned()));
    let page = shown("letter.html", "{{ agency.name }}").expect("a page");
    assert!(page.ends_with(">\nJabatan &lt;A&gt; &amp; B"), "{page}");
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
    let css = own("print.css", "p { color: red }").and_then(|mut templates| {
        templates.render("letter.html", &template_context, &mut RenderBudget::default())
    });
    assert!(css.is_ok_and(|page| page.contains("p { color: red }")));
}

#[test]
fn a_template_cannot_be_nested_without_end() {
    let times = |part: &str, count: usize| part.repeat(count);
    let refused = |text: String| {
        let own = CustomTemplate { file: "letter.html".into(), text };
        let made = Templates::new(BTreeMap::from([("letter.html".to_owned(), own)])).map(drop);
        made.map_err(|broken| (broken.place, broken.why)).expect_err("a template without end")
    };
    for expression in [
        times("not ", 200_000) + "1",
        times("1+", 200_000) + "1",
        times("1 if 1 else ", 80_000) + "2",
        times("(", 200_000) + &times(")", 200_000),
        "a".to_owned() + &times("|string", 100_000),
    ] {
        let (place, why) = refused(format!("a\n{{{{ {expression} }}}}"));
        assert_eq!(place, "letter.html:2");
        assert!(why.contains("more than 5000 words and signs"), "{why}");
    }
    refused(times("{% if 1 %}", 80_000));
    refused(format!("{{% if 1 %}}{}{{% endif %}}", times("{% elif 1 %}", 80_000)));
    // As deep as is allowed, on the stack that it gets: it is compiled, rendered and dropped.
    let deep = [
        format!("{{{{ {}1 }}}}", times("not ", 4_900)),
        format!("{{{{ 1{} }}}}", times("+1", 2_400)),
        format!("{{% if 0 %}}{}{{% endif %}}", times("{% elif 0 %}", 1_200)),
        times("{% set a = [[[[[[[[a]]]]]]]] if a is defined else 1 %}", 180) + "{{ a == a }}",
    ];
    let render = move || {
        let context = policy(NOTICES);
        let builder = context_builder(&context, Language::English);
        let template_context = builder.build_context(&every_notice()[0]);
        for text in deep {
            let own = CustomTemplate { file: "email.txt".into(), text };
            let made = Templates::new(BTreeMap::from([("email.txt".to_owned(), own)]));
            let budget = &mut RenderBudget::default();
            // An expression may be too deep for the parser: that is an error, too.
            let _ = made.and_then(|mut own| own.render("email.txt", &template_context, budget));
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(render).expect("a thread");
    thread.join().expect("no stack overflow");
    // Nothing grows from one loop to the next.
    let grows =
        "{% set ns = namespace(v=[1]) %}{% for i in range(9) %}{% set ns.v = [ns.v] %}{% endfor %}";
    let (_, why) = render_letter(grows, &mut RenderBudget::default()).expect_err("it grows");
    assert!(why.contains("namespace"), "{why}");
}

/// A page of a custom template; else the place and the reason.
fn render_letter(text: &str, budget: &mut RenderBudget) -> Result<String, (String, Message)> {
    let policy = policy(NOTICES);
    let context = context_builder(&policy, Language::English);
    let own = CustomTemplate { file: "letter.html".into(), text: text.to_owned() };
    let made = Templates::new(BTreeMap::from([("letter.html".to_owned(), own)]));
    static NOTICE: LazyLock<DueNotice> = LazyLock::new(|| every_notice().swap_remove(0));
    let fields = context.build_context(&NOTICE);
    made.and_then(|mut templates| templates.render("letter.html", &fields, budget))
        .map_err(|broken| (broken.place, broken.why))
}

#[test]
fn the_notices_of_a_run_share_their_cost() {
    let costly = "{% for a in range(500) %}{% endfor %}";
    let mut budget = RenderBudget { fuel: 3_000, ..RenderBudget::default() };
    assert_eq!(render_letter(costly, &mut budget).map(drop), Ok(()));
    let (_, why) = render_letter(costly, &mut budget).expect_err("the second is too much");
    assert!(why.contains("takes too long"), "{why}");
    budget.add_notices(1);
    assert_eq!(render_letter(costly, &mut budget).map(drop), Ok(()));
    // As for the cost, so for the text.
    let large = "{{ \"x\" * 900 }}";
    let mut budget = RenderBudget { text: 1_000, ..RenderBudget::default() };
    assert_eq!(render_letter(large, &mut budget).map(drop), Ok(()));
    let (_, why) = render_letter(large, &mut budget).expect_err("the second is too much");
    assert!(why.contains("more than 128 MiB together"), "{why}");
}

#[test]
fn a_page_has_no_script_frame_form_or_remote_part() {
    let page = |text: &str| render_letter(text, &mut RenderBudget::default());
    for bad in [
        "<script>alert(1)</script>",
        "<SCRIPT/src=//jahat.example>",
        "<{{ \"script\" }}>",
        "<!-- <script> -->",
        "<p title=\"<script>\">",
        "<title><b title=\"</title><img src=https://jahat.example/a.png>",
        "<iframe src=\"file:///etc/passwd\"></iframe>",
        "<frameset>",
        "<object data=x>",
        "<embed>",
        "<form action=https://jahat.example>",
        "<input>",
        "<base href=https://jahat.example>",
        "<link rel=stylesheet href=a.css>",
        "<meta http-equiv=refresh content=\"0;url=https://jahat.example\">",
        "<svg onload=alert(1)>",
        "<math>",
        "<p onclick=alert(1)>",
        "<p/onclick=alert(1)>",
        "<p =onclick=alert(1)>",
        "<p class=\"a\"onclick=alert(1)>",
        "<p title={{ \"a onclick=b\" }}>",
        "<a href=\"javascript:alert(1)\">",
        "<a href=\"&#106;avascript:alert(1)\">",
        "<img src=\"https://jahat.example/a.png\">",
        "<img src=//jahat.example/a.png>",
        "<img srcset=https://jahat.example/a.png>",
        "<td background=https://jahat.example/a.png>",
        "<p style=\"background: url(https://jahat.example)\">",
        "<p style=\"background: URL(//jahat.example)\">",
        "<p style=\"background: &#117;rl(//jahat.example)\">",
        "<style>@import 'https://jahat.example'</style>",
        "<style>p { background: url(\"https://jahat.example\") }</style>",
        "<style>p { background: u\\72l(https://jahat.example) }</style>",
        "<style></stylex>@import 'https://jahat.example'</style>",
        "{% autoescape false %}{{ \"<script>\" }}{% endautoescape %}",
        "{{ \"<script>\" | safe }}",
    ] {
        let (place, why) = page(bad).expect_err(bad);
        assert_eq!(place, "letter.html");
        assert!(why.contains("a page may hold only text, tables, styles"), "{bad}: {why}");
    }
    for good in [
        "<!DOCTYPE html>\n<html lang=en>\n<head>\n<!-- a < b -->\n<title>a</title></head>",
        "<img alt=\"\" src=\"data:image/png;base64,AA==\" width=90>",
        "<a href=\"https://panduan.agensi.example\">5 < 6 && 7 <= 8</a><br/>",
        "<style>p { background: url(data:image/png;base64,AA==) }</style>\\",
        "<p style=\"margin: 0\" class='a'>{{ \"<script>\" }}</p>",
    ] {
        let made = page(good).expect(good);
        let (head, rest) = made.split_once("base-uri 'none'\">\n").expect("a policy");
        assert!(head.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>"), "{head}");
        assert!(head.contains("content=\"default-src 'none'; style-src 'unsafe-inline'"), "{head}");
        assert!(!rest.contains("<script"), "{rest}");
    }
}

#[test]
fn filled_values_are_not_expanded_again() {
    let places = [("a", "{b}"), ("b", "B")];
    assert_eq!(fill_placeholders("{a} {b} {c} { {a}", &places), "{b} B {c} { {b}");
}
