//! Finds import cycles between files.

use std::collections::{BTreeMap, BTreeSet};

type Arrows<'a> = BTreeMap<&'a str, BTreeMap<&'a str, String>>;

/// Every cycle once, as lines `file -> file: the name used`; the shortest for each.
pub fn cycles(arrows: &Arrows) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for start in arrows.keys() {
        if seen.contains(start) {
            continue;
        }
        let Some(way) = shortest_cycle(arrows, start) else {
            continue;
        };
        seen.extend(way.iter().copied());
        let steps = way.iter().zip(way.iter().cycle().skip(1));
        let lines: Vec<String> =
            steps.map(|(from, to)| format!("  {from} -> {to}: {}", arrows[from][to])).collect();
        found.push(format!("a circle:\n{}", lines.join("\n")));
    }
    found
}

/// The files of the shortest cycle through `start`, beginning with it.
fn shortest_cycle<'a>(arrows: &'a Arrows<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut edge = vec![start];
    while !edge.is_empty() {
        let mut next = Vec::new();
        for file in edge {
            for target in arrows.get(file).into_iter().flat_map(BTreeMap::keys) {
                if *target == start {
                    let mut way = vec![file];
                    while let Some(before) = came_from.get(way[way.len() - 1]) {
                        way.push(before);
                    }
                    way.reverse();
                    return Some(way);
                }
                if !came_from.contains_key(target) {
                    came_from.insert(target, file);
                    next.push(*target);
                }
            }
        }
        edge = next;
    }
    None
}
