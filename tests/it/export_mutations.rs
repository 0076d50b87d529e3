//! The properties of exports that `cargo fuzz` also tests, on valid ones and on mutations of them.

use std::fs;
use std::path::Path;

use arkib::domain::mapping::export_file::ExportMapping;
use arkib::portal::files::export;
use proptest::prelude::*;

use crate::record_mutations::edits;

#[path = "../../fuzz/export_property.rs"]
mod export_property;

/// The exports that the fuzzer begins with.
fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/export");
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().map(|name| fs::read(name).unwrap()).collect()
}

#[test]
fn the_seeds_are_exports() {
    let domains = ["agensi.example".to_owned()];
    let seeds = seeds();
    assert_eq!(seeds.len(), 3);
    for seed in seeds {
        let read = export::read(&seed, "x", &ExportMapping::default(), &domains).unwrap();
        assert_eq!(read.mailboxes.len(), 2);
        assert!(read.taken_on.is_some() && read.remarks.is_empty());
        export_property::holds(&seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_exports_keep_the_properties(script in prop::collection::vec(any::<u8>(), 4..32)) {
        for seed in seeds() {
            if let Some(changed) = edits::edited(&seed, &script) {
                export_property::holds(&changed);
            }
        }
    }
}
