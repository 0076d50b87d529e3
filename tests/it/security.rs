//! Every test, suite and scenario that SECURITY.md names exists.

use std::path::Path;

/// The files that may contain a test of that name, and its function.
fn test_location(name: &str) -> (Vec<String>, String) {
    let (modules, function) = name.rsplit_once("::").unwrap();
    let path = modules.replace("::", "/");
    let inside = path.strip_suffix("/tests").unwrap_or(&path);
    let files = ["tests/it/{}.rs", "src/{}.rs"];
    let candidates =
        files.iter().flat_map(|file| [file.replace("{}", &path), file.replace("{}", inside)]);
    (candidates.collect(), format!("fn {function}("))
}

#[test]
fn every_named_test_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let rows = text.lines().filter(|line| {
        line.starts_with("| ") && !line.starts_with("| threat") && !line.starts_with("| ---")
    });
    let mut named = 0;
    for row in rows {
        let tests = row.rsplit(" | ").next().unwrap().trim_end_matches(" |");
        let names = tests.split('`').skip(1).step_by(2);
        let mut in_this_row = 0;
        for name in names {
            if name.contains("::") {
                let (files, function) = test_location(name);
                let is_there = files.iter().any(|file| {
                    std::fs::read_to_string(root.join(file))
                        .is_ok_and(|text| text.contains(&function))
                });
                assert!(is_there, "there is no test {name}");
            } else if name.starts_with("tests/") {
                assert!(root.join(name).join("run").is_file(), "there is no suite {name}");
            } else {
                let scenario = root.join("tests/scenarios").join(name);
                assert!(scenario.is_dir(), "there is no scenario {name}");
            }
            in_this_row += 1;
        }
        assert!(in_this_row > 0, "no test: {row}");
        named += in_this_row;
    }
    assert!(named > 30, "only {named}");
}
