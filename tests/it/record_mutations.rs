//! The properties of saved plans and records that `cargo fuzz` also tests, on valid ones and on
//! mutations of them.

use proptest::prelude::*;

#[path = "../../fuzz/edits.rs"]
pub mod edits;
#[path = "../../fuzz/plan_property.rs"]
mod plan_property;
#[path = "../../fuzz/record_property.rs"]
mod record_property;

/// The seeds: a valid plan or record, and its parts.
fn texts() -> Vec<Vec<u8>> {
    let plan = plan_property::good();
    let record = record_property::good();
    vec![
        plan.to_text().into_bytes(),
        serde_json::to_vec(&plan.sealed).unwrap(),
        record.as_bytes().to_vec(),
        // Two runs, the second the same as the first; and one that is torn.
        [record.as_bytes(), b"\0", record.as_bytes()].concat(),
        record.as_bytes()[..record.len() / 2].to_vec(),
        // Lines with the largest numbers.
        record.replace("\"seq\":1", "\"seq\":18446744073709551615").into_bytes(),
        Vec::new(),
    ]
}

#[test]
fn the_properties_hold_for_written_files() {
    for text in texts() {
        plan_property::holds(&text);
        record_property::holds(&text);
    }
}

/// For each byte of a text of that length: flip a bit, and remove the byte.
fn changes_of_every_byte(length: usize) -> impl Iterator<Item = [u8; 4]> {
    (0..u16::try_from(length).unwrap()).flat_map(|place| {
        let [low, high] = place.to_le_bytes();
        [[low, high, 0, 1 << (place % 8)], [low, high, 1, 0]]
    })
}

#[test]
fn every_changed_byte_is_detected() {
    for script in changes_of_every_byte(record_property::good().len()) {
        record_property::is_seen(&script);
    }
    for script in changes_of_every_byte(plan_property::good_text().len()) {
        plan_property::is_seen(&script);
    }
}

proptest! {
    #![proptest_config(crate::properties::config(200))]

    #[test]
    fn the_promises_hold_for_mutations(
        text in prop::sample::select(texts()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        script in prop::collection::vec(any::<u8>(), 0..32),
    ) {
        let mut text = text;
        for (at, byte) in edits {
            if !text.is_empty() {
                let at = at.index(text.len());
                text[at] = byte;
            }
        }
        for bytes in [&text, &script] {
            plan_property::holds(bytes);
            record_property::holds(bytes);
        }
    }
}
