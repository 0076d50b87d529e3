use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::mailbox_address::Mailbox;

const HEAD: &str = "version: 1\nid: R-1\naction: enable\nmailboxes:\n  - siti@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R (1)\n";
const SIGNATURE: &str =
    "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAA\n+/0x==\n-----END SSH SIGNATURE-----\n";

fn approval(by: &str, signature: Option<&str>) -> Approval {
    Approval {
        by: Mailbox::parse(by).expect("an address"),
        date: date(2026, 11, 3),
        signature: signature.map(Into::into),
    }
}

fn add(text: &str, approval: &Approval) -> Result<String, NotAdded> {
    add_approval(&"R-1.yaml".into(), text, approval)
}

fn added(text: &str, signature: Option<&str>) -> String {
    add(text, &approval("ketua@agensi.example", signature))
        .unwrap_or_else(|why| panic!("{why}: {text}"))
}

#[test]
fn the_first_approval_goes_to_the_end_of_the_file() {
    let text = format!("{HEAD}reason: Penuh.\n");
    let lines = "approvals:\n  - by: ketua@agensi.example\n    date: 2026-11-03\n";
    assert_eq!(added(&text, None), format!("{text}{lines}"));
    let signed = format!(
        "{text}{lines}    signature: |\n      -----BEGIN SSH SIGNATURE-----\n      U1NIU0lHAAAA\n      +/0x==\n      -----END SSH SIGNATURE-----\n"
    );
    assert_eq!(added(&text, Some(SIGNATURE)), signed);
}

#[test]
fn the_next_approval_goes_behind_the_others_as_they_are_written() {
    for (list, item) in [
        (
            "approvals: # two\n- by: a@agensi.example\n  date: 2026-11-02\n# who is next?\n\n",
            "- by: ketua@agensi.example\n  date: 2026-11-03\n",
        ),
        (
            "\"approvals\":\n\n    # first\n    -   by: a@agensi.example\n        date: 2026-11-02\n",
            "    - by: ketua@agensi.example\n      date: 2026-11-03\n",
        ),
        (
            "approvals:\n  - {by: a@agensi.example, date: 2026-11-02}\n",
            "  - by: ketua@agensi.example\n    date: 2026-11-03\n",
        ),
    ] {
        for rest in ["", "# above\neffective: 2026-12-01\nreason: |\n  approvals:\n    - x\n"] {
            let text = format!("{HEAD}{list}{rest}");
            let at = text
                .find("2026-11-02")
                .map_or(0, |_| HEAD.len() + list.rfind("2026-11-02").expect("a day"));
            let at = at + text[at..].find('\n').expect("a line end") + 1;
            let expected = format!("{}{item}{}", &text[..at], &text[at..]);
            assert_eq!(added(&text, None), expected);
        }
    }
}

#[test]
fn line_ends_and_marks_stay_as_they_are() {
    let text = format!("\u{feff}{HEAD}# end").replace('\n', "\r\n");
    let new = added(&text, Some(SIGNATURE));
    assert!(new.starts_with(&format!("{text}\r\napprovals:\r\n  - by: ketua@")), "{new}");
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
}

#[test]
fn a_last_text_without_a_line_end_is_not_changed() {
    for rest in ["reason: |\n  Penuh.", "reason: |+\n  Penuh.\n\n", "reason: Penuh."] {
        let new = added(&format!("{HEAD}{rest}"), None);
        let list = "approvals:\n  - by: ketua@agensi.example\n    date: 2026-11-03\n";
        let is_before = new == format!("{HEAD}{list}{rest}");
        assert!(
            is_before
                || new == format!("{HEAD}{rest}\n{list}")
                || new == format!("{HEAD}{rest}{list}"),
            "{new}"
        );
    }
}

#[test]
fn what_would_change_something_else_is_refused_at_its_line() {
    let new = approval("ketua@agensi.example", None);
    let braces = "# Surat\n{version: 1, id: R-1, action: withdraw, withdraws: R-0}\n";
    let braces =
        braces.replace(", id", ", received: {date: 2026-11-02, channel: memo, reference: R}, id");
    for (text, found, help) in [
        (
            format!("{HEAD}approvals: [{{by: a@agensi.example, date: 2026-11-02}}]\n"),
            "line 10 writes `approvals` in brackets",
            "`  - by: ADDRESS`",
        ),
        (
            format!("{HEAD}approvals: [\n  {{by: a@agensi.example, date: 2026-11-02}}\n]\n"),
            "line 10 writes `approvals`",
            "`  - by: ADDRESS`",
        ),
        (format!("{HEAD}...\n"), "line 10 ends the document with `...`", "delete this line"),
        (format!("{HEAD}approvals:\n"), "line 1 begins no good request", "`arkib check`"),
        (format!("{HEAD}reason: \"not\n"), "line 1 begins no good request", "`arkib check`"),
        (braces, "line 2 begins a request in braces", "each key on a line of its own"),
        (
            format!("---\n  {}", HEAD.trim_end().replace('\n', "\n  ")),
            "line 2 is indented",
            "at the start of its line",
        ),
    ] {
        let why = add(&text, &new).expect_err(&text);
        assert!(why.to_string().contains(found) && why.help.contains(help), "{why:?}: {text}");
    }
    // A signature that a block cannot hold as it is.
    for signature in ["  x\n", "x", "x\n\n", "a\u{7}\n"] {
        let new = approval("ketua@agensi.example", Some(signature));
        assert!(add(HEAD, &new).is_err(), "{signature:?}");
    }
}

#[test]
fn an_approval_is_removed_and_nothing_else() {
    let name: Arc<str> = "R-1.yaml".into();
    let first = "  - by: a@agensi.example\n    date: 2026-11-02\n    signature: |\n      -----BEGIN\n      -x\n";
    let second = "  # later\n  - by: b@agensi.example\n    date: 2026-11-03\n";
    for (list, index, left) in [
        (format!("approvals:\n{first}"), 0, String::new()),
        (
            format!("approvals: # two\n{first}{second}"),
            1,
            format!("approvals: # two\n{first}  # later\n"),
        ),
        (format!("approvals:\n{first}{second}"), 0, format!("approvals:\n{second}")),
    ] {
        for rest in ["", "reason: Penuh.\n"] {
            for line_end in ["\n", "\r\n"] {
                let text = format!("{HEAD}{list}{rest}").replace('\n', line_end);
                let expected = format!("{HEAD}{left}{rest}").replace('\n', line_end);
                assert_eq!(remove_approval(&name, &text, index), Ok(expected));
            }
        }
    }
    let held = format!("{HEAD}approvals:\n{first}");
    for (text, by, is_held) in [
        (&*held, "A@agensi.example", true),
        (&*held, "b@agensi.example", false),
        (HEAD, "a@agensi.example", false),
        ("<<<<<<< ours\n", "a@agensi.example", true),
    ] {
        let by = Mailbox::parse(by).expect("an address");
        assert_eq!(may_hold_approval(&name, text.as_bytes(), &by), is_held, "{text}");
    }
    let flow = format!(
        "{HEAD}approvals: [{{by: a@agensi.example, date: 2026-11-02}}, {{by: b@agensi.example, date: 2026-11-02}}]\n"
    );
    let why = remove_approval(&name, &flow, 0).expect_err("it is in brackets");
    assert_eq!(why.line, 10);
    assert!(remove_approval(&name, HEAD, 0).is_err());
}

/// The old bytes are there in order: what stands before the new ones, and behind them.
fn has_all_old_bytes(old: &str, new: &str) -> bool {
    let same = old.bytes().zip(new.bytes()).take_while(|(old, new)| old == new).count();
    (0..=same).any(|at| new.as_bytes().ends_with(&old.as_bytes()[at..]))
}

proptest! {
    #[test]
    fn an_added_approval_is_all_that_changes(
        keys in Just(vec![
            "effective: 2026-12-01\n",
            "reason: |\n  Penuh.\n\n  Benar.\n",
            "# a note\n",
            "\n",
        ]).prop_shuffle(),
        count in 0..=4_usize,
        indent in 0..5_usize,
        old in 0..3_usize,
        is_first in any::<bool>(),
        is_windows in any::<bool>(),
        has_mark in any::<bool>(),
        is_cut in any::<bool>(),
        is_signed in any::<bool>(),
    ) {
        let rest = keys[..count].concat();
        let mut list = String::new();
        for number in 0..old {
            let pad = " ".repeat(indent);
            list += &format!("{pad}- by: a{number}@agensi.example\n{pad}  date: 2026-11-02\n{pad}  signature: |\n{pad}    x\n{pad}    y\n\n");
        }
        if old > 0 {
            list = format!("approvals:\n{list}");
        }
        let mut text = if is_first { format!("{list}{HEAD}{rest}") } else { format!("{HEAD}{rest}{list}") };
        if is_cut {
            text.truncate(text.trim_end().len());
        }
        if is_windows {
            text = text.replace('\n', "\r\n");
        }
        if has_mark {
            text.insert(0, '\u{feff}');
        }
        let new = approval("0ketua@agensi.example", is_signed.then_some(SIGNATURE));
        let name: Arc<str> = "R-1.yaml".into();
        let after = add_approval(&name, &text, &new).expect("it fits");
        prop_assert!(has_all_old_bytes(&text, &after), "{after}");
        let parsed = |text: &str| {
            let source = YamlText::new(&name, text.as_bytes()).ok();
            source.and_then(|source| parse(&source)).expect("it is good")
        };
        prop_assert!(has_one_more(&parsed(&text), parsed(&after), &raw_approval(&new)));
    }
}
