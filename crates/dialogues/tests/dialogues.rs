//! Does Rust hold every dialogue, and would it be noticed if it did not?

use std::path::Path;

use dialogues::{Mutants, Report, RustDriver};

fn report(mutants: Mutants) -> Report {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/dialogues");
    Report::of("Rust", &place, &mut RustDriver::default(), mutants).expect("there are dialogues")
}

#[test]
fn rust_holds_every_dialogue_and_no_changed_copy_passes() {
    let report = report(Mutants::All);
    assert!(report.is_good(), "{report}");
    assert_eq!(report.passed, report.dialogues);
    let noticed: usize = report.mutants.iter().flat_map(|kinds| kinds.values()).sum();
    assert!(noticed > 10 * report.dialogues, "{noticed} changed copies are too few: every expectation has one");
}

#[test]
fn one_changed_copy_of_each_dialogue_is_what_every_language_plays() {
    let report = report(Mutants::One);
    assert!(report.is_good(), "{report}");
    let kinds = report.mutants.expect("they were played");
    assert_eq!(kinds.values().sum::<usize>(), report.dialogues);
    // The choice must not fall on one kind alone.
    for kind in ["send", "done", "error", "save", "url", "fields", "member added", "save dropped"] {
        assert!(kinds.contains_key(kind), "no copy with a changed {kind} among {kinds:?}");
    }
}
