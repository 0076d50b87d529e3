//! Any reference or reason of a letter is written exactly into the file.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::domain::request::raw::{RawReceived, RawRequest};
use crate::domain::request::yaml_writer;
use crate::text::is_unsafe;
use crate::yaml::{Optional, Text, WholeNumber, YamlText};

/// Any text that a request may have, made of characters that are hard to write.
fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "12", "~", "yes", "null", "true", "1e3", "0x1f", ".inf", "2026-11-02", ": ", " #", "- ", "? ", "\"", "'",
            "\\", "&a", "*a", "!t", "[", "{", "]", "}", ",", "|", ">", "%", "@", "`", "\n", "\n\n", " ", "  ", "---",
            "...", "=", "<<", "é", "部门", "👩\u{200d}💻", "\u{a0}", "\u{3000}", "\u{fffe}", "\u{ffff}", "\u{e000}",
            "\u{10ffff}", "\u{d7ff}", "mailboxes:", "siti@agensi.example",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![" ", "[", "{", "'", "\"", "\\", "\n", "- ", "\u{ffff}", "x", "部", "- a\n"])
            .prop_flat_map(|piece| (1_usize..2000).prop_map(move |count| piece.repeat(count))),
        2 => "[a-zA-Z0-9 .,/()-]{0,40}",
        1 => "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 1..8)
        .prop_map(move |pieces| pieces.concat().chars().take(most).collect::<String>())
        .prop_filter("a text that requests take", |text: &String| {
            !text.trim().is_empty()
                && !text.chars().any(|character| character != '\n' && is_unsafe(character))
        })
}

fn draft(reference: String, reason: String) -> RawRequest {
    let text = |text: &str| Optional(Some(Text(text.to_owned())));
    RawRequest {
        version: Optional(Some(WholeNumber(1))),
        id: text("R-1"),
        action: text("enable"),
        mailboxes: Optional(Some(vec![Text("siti@agensi.example".to_owned())])),
        received: Optional(Some(RawReceived {
            date: text("2026-11-02"),
            channel: text("letter"),
            reference: Optional(Some(Text(reference))),
            from: text("siti@agensi.example"),
            ..RawReceived::default()
        })),
        reason: Optional(Some(Text(reason))),
        ..RawRequest::default()
    }
}

/// Checks that both readers return the same draft, without a finding.
fn assert_round_trip(draft: &RawRequest) {
    let written =
        yaml_writer::draft_to_yaml(draft).unwrap_or_else(|error| panic!("{error}: {draft:?}"));
    let source = YamlText::new(&"R-1.yaml".into(), written.as_bytes())
        .unwrap_or_else(|found| panic!("{found:?}\n{written}"));
    assert_eq!(source.parse_draft::<RawRequest>().as_ref(), Some(draft), "{written}");
    let exact = source.check_document::<RawRequest>();
    assert!(exact.findings.is_empty(), "{:?}\n{written}", exact.findings);
    assert_eq!(exact.draft.as_ref(), Some(draft), "{written}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        rng_seed: RngSeed::Fixed(2026),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_survives_the_round_trip(reference in text(200), reason in text(2000)) {
        assert_round_trip(&draft(reference, reason));
    }
}

#[test]
fn known_hard_texts_survive_the_round_trip() {
    let reason = "\"\n[- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - {";
    assert_round_trip(&draft("12".to_owned(), reason.to_owned()));
}

#[test]
fn ordinary_text_is_written_plainly() {
    let write = |reference: &str, reason: &str| {
        let written =
            yaml_writer::draft_to_yaml(&draft(reference.to_owned(), reason.to_owned())).unwrap();
        let (_, rest) = written.split_once("reference: ").unwrap();
        let (reference, rest) = rest.split_once("\n  from").unwrap();
        let (_, reason) = rest.split_once("reason: ").unwrap();
        (reference.to_owned(), reason.to_owned())
    };
    let (reference, reason) = write("CONTOH.600-1/2/3 (12)", "Bersara pada 2026-12-01.");
    assert_eq!((&*reference, &*reason), ("CONTOH.600-1/2/3 (12)", "Bersara pada 2026-12-01.\n"));
    let (reference, reason) = write("12", "Satu.\n\nDua: \"tiga\".");
    assert_eq!((&*reference, &*reason), ("\"12\"", "|-\n  Satu.\n\n  Dua: \"tiga\".\n"));
    let (reference, reason) = write("yes", "C:\\arkib");
    assert_eq!((&*reference, &*reason), ("\"yes\"", "'C:\\arkib'\n"));
}
