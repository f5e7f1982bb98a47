//! Does what must hold, hold for some thousand changed answers of the dialogues?

use std::{
    panic::catch_unwind,
    path::Path,
    time::{Duration, Instant},
};

use hostile::{Mutator, PROPERTIES, seeds};
use serde_json::Value;

fn dialogues() -> Vec<Value> {
    let mut found = Vec::new();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/dialogues");
    let folders = std::fs::read_dir(place).expect("the dialogues").flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        found.push(serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON"));
    }
    assert!(found.len() > 400, "{} dialogues", found.len());
    found
}

/// So many inputs per property at least, whatever the machine does, and so much time where it allows more.
const LEAST: u64 = 1_000;
const TIME: Duration = Duration::from_millis(400);

#[test]
fn rfc_6749_10_14_nothing_that_comes_in_breaks_what_must_hold() {
    let dialogues = dialogues();
    let mut broken = Vec::new();
    for (name, property) in PROPERTIES {
        let seeds = seeds(name, &dialogues);
        let begun = Instant::now();
        for seed in &seeds {
            property(seed);
        }
        for number in 0.. {
            if number >= LEAST && begun.elapsed() > TIME {
                break;
            }
            let input = Mutator::new(number).next(&seeds);
            if catch_unwind(|| property(&input)).is_err() {
                broken.push(format!("{name} number {number}: {:?}", String::from_utf8_lossy(&input)));
                break;
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_changes_reach_what_they_should() {
    // Whoever never gets through to a token, a code or a provider, tests nothing.
    let dialogues = dialogues();
    for (name, _) in PROPERTIES {
        let seeds = seeds(name, &dialogues);
        let made: std::collections::HashSet<_> = (0..500).map(|number| Mutator::new(number).next(&seeds)).collect();
        assert!(made.len() > 300, "{name}: only {} different inputs of 500", made.len());
        assert_eq!(Mutator::new(7).next(&seeds), Mutator::new(7).next(&seeds), "played again");
    }
}
