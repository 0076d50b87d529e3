//! Changes of signed requests, statements, signatures, certificates and key files: what is accepted means
//! what was approved. 100,000 of each kind, by hand: `ARKIB_CASES=100000 cargo test --test it
//! approval_mutations -- --nocapture`, which also says how many were judged.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

#[path = "../../fuzz/approval_property.rs"]
mod approval_property;

use self::approval_property::{COUNT, Files, Judged};
use crate::record_mutations::edits;

/// Ways to write a request differently that make no difference.
const REWRITINGS: &[fn(&str) -> String] = &[
    |text| text.replace('\n', "\r\n"),
    |text| format!("\u{feff}{text}"),
    |text| format!("# Surat\n{text}\n# Tamat\n"),
    |text| text.replace("id: BMT-2026-0042", "'id': \"BMT-2026-0042\"   # id"),
    |text| text.replace("@agensi.example\n", "@AGENSI.Example\n"),
    |text| text.replace("action: enable", "\"action\":    enable  # aktif"),
    |text| text.replace("    date: 2026-11-03", "\n    # Hari\n    date:   '2026-11-03'"),
    |text| text.replace("channel: letter\n", "\n  channel: \"letter\"\n\n"),
    |text| text.replace("signature: |\n", "signature: |-\n"),
    |text| text.replace("    signature: |\n", "    signature: |+\n"),
    rotate,
    |text| rotate(&rotate(text)),
];

/// The text with its first key behind all others.
fn rotate(text: &str) -> String {
    let is_key = |line: &&str| line.starts_with(|first: char| first.is_ascii_alphanumeric());
    let lines: Vec<&str> = text.lines().collect();
    let mut keys = (0..lines.len()).filter(|number| is_key(&lines[*number]));
    let (Some(first), Some(second)) = (keys.next(), keys.next()) else { return text.to_owned() };
    let moved = [&lines[..first], &lines[second..], &lines[first..second]].concat();
    moved.join("\n") + "\n"
}

/// Ways to write `allowed_signers` differently.
const REORDERINGS: &[fn(&str) -> String] = &[
    |text| text.replace('\n', "\r\n"),
    |text| format!("# siapa\n\n{}", text.replace('\n', " komputer riba\n")),
    |text| text.lines().rev().map(|line| format!("  {line}\n\n")).collect(),
    |text| {
        format!(
            "lain@agensi.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBfo3EpkAg4QVWP7dYpL1xGXqKDAgQUGeRcGkWBVPAXk\n{text}"
        )
    },
];

fn rewrite(files: &mut Files, file: &str, how: fn(&str) -> String) {
    if let Some(bytes) = files.get_mut(file) {
        *bytes = how(std::str::from_utf8(bytes).unwrap()).into_bytes();
    }
}

/// Judges changed inputs, and says how many: see them with `--nocapture`.
#[expect(clippy::print_stdout, reason = "only for who asks for it")]
fn judge(what: &str, property: fn(usize, &[u8]) -> Judged) {
    let all = Cell::new(Judged::default());
    let mut runner = TestRunner::new(crate::properties::config(150));
    let held = runner.run(&(0..COUNT, vec(any::<u8>(), 4..12)), |(number, script)| {
        let (before, more) = (all.get(), property(number, &script));
        let (inputs, accepted) = (before.inputs + more.inputs, before.accepted + more.accepted);
        all.set(Judged { inputs, accepted });
        Ok(())
    });
    held.unwrap_or_else(|error| panic!("{error}"));
    let Judged { inputs, accepted } = all.get();
    println!("{what}: {inputs} judged, {accepted} accepted");
    assert!(accepted < inputs, "nothing was refused");
}

#[test]
fn what_is_accepted_means_what_was_approved() {
    judge("changed requests and policies", approval_property::holds_for_text);
}

#[test]
fn a_signature_counts_for_one_statement() {
    judge("changed statements and signatures", approval_property::holds_for_signatures);
}

#[test]
fn changed_keys_trust_nobody_else() {
    judge("changed keys", approval_property::holds_for_keys);
}

proptest! {
    #![proptest_config(crate::properties::config(150))]

    #[test]
    fn what_means_the_same_is_accepted(
        number in 0..COUNT,
        rewritings in prop::collection::vec(prop::sample::select(REWRITINGS), 0..4),
        reordering in prop::option::of(prop::sample::select(REORDERINGS)),
        is_moved in any::<bool>(),
    ) {
        let (request, mut files) = approval_property::seed(number);
        let meaning = approval_property::original(number).meaning();
        // A line end that is written otherwise stays so.
        for rewriting in rewritings {
            rewrite(&mut files, request, |text| text.replace("\r\n", "\n"));
            rewrite(&mut files, request, |text| text.trim_start_matches('\u{feff}').to_owned());
            rewrite(&mut files, request, rewriting);
        }
        if let Some(reordering) = reordering {
            rewrite(&mut files, "allowed_signers", reordering);
        }
        if is_moved {
            let bytes = files.remove(request).unwrap();
            files.insert(format!("2027/lama/{request}"), bytes);
        }
        let found = approval_property::read(&files);
        let found = found.unwrap_or_else(|| panic!("not read: {}", shown(&files)));
        prop_assert!(found.is_accepted, "refused: {}", shown(&files));
        prop_assert_eq!(found.meaning(), meaning);
    }
}

fn shown(files: &Files) -> String {
    files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect()
}
