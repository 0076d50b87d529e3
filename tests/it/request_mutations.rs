//! The property of the reader that `cargo fuzz` also tests, on every example file and on mutations
//! of them.

use std::path::Path;

use proptest::prelude::*;

#[path = "../../fuzz/reader_property.rs"]
mod reader_property;

fn examples() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["requests", "examples/broken"] {
        crate::architecture::files_below(&root.join(folder), "yaml", &mut files);
    }
    assert!(files.len() > 70, "only {} examples", files.len());
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

#[test]
fn both_readers_agree_on_every_example() {
    for bytes in examples() {
        reader_property::holds(&bytes);
    }
}

proptest! {
    #![proptest_config(crate::properties::config(500))]

    #[test]
    fn both_readers_agree_on_mutations(
        example in prop::sample::select(examples()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(
            b"~ \n\t:-?[]{}&*!|>'\"%@#,0129.xeEnulltrue_\\/\xc2".to_vec())), 1..6),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let mut bytes = example;
        bytes.truncate(3000);
        if !bytes.is_empty() {
            for (at, byte) in edits {
                let at = at.index(bytes.len());
                if byte == b'\\' { bytes.remove(at); bytes.push(b'\n'); } else { bytes[at] = byte; }
            }
            if cuts { bytes.truncate(cut.index(bytes.len())); }
        }
        reader_property::holds(&bytes);
    }
}
