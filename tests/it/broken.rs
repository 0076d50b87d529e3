//! Every file of `examples/broken` has its mistakes reported at their exact places, and nothing else is.

use std::collections::BTreeSet;
use std::path::Path;

use arkib::load::agency_loader::load;
use arkib::load::folder::RequestsFolder;

#[test]
fn every_planted_mistake_is_reported_at_its_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/broken");
    let shown = root.to_string_lossy().replace('\\', "/");
    let found: BTreeSet<String> =
        load(&RequestsFolder::new(&root), jiff::civil::date(2026, 11, 23))
            .findings
            .iter()
            .map(|finding| {
                let file = finding.file.strip_prefix(&format!("{shown}/")).unwrap();
                let at = finding.position.unwrap();
                format!("{file}\t{}\t{}\t{}", at.line, at.column, finding.kind)
            })
            .collect();
    let expected = std::fs::read_to_string(root.join("expected.tsv")).unwrap();
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    let missed: Vec<_> = expected.difference(&found).collect();
    let invented: Vec<_> = found.difference(&expected).collect();
    assert!(
        missed.is_empty() && invented.is_empty(),
        "missed: {missed:#?}\ninvented: {invented:#?}"
    );
}

#[test]
fn every_broken_example_has_an_expectation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/broken");
    let expected = std::fs::read_to_string(root.join("expected.tsv")).unwrap();
    let with_expectation: BTreeSet<&str> =
        expected.lines().filter_map(|line| line.split('/').next()).collect();
    let folders: BTreeSet<String> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert!(folders.len() > 40, "only {} kinds of mistake", folders.len());
    for folder in &folders {
        assert!(with_expectation.contains(folder.as_str()), "nothing is expected of {folder}");
    }
}
