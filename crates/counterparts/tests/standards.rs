//! Does docs/standards.md name tests and dialogues that exist, and all kinds of dialogues that there are?

use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The cells of each row: standard, Rust, dialogues, real server, languages.
fn rows(page: &str) -> Vec<[&str; 5]> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| standard |"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        cells.try_into().unwrap_or_else(|cells| panic!("{cells:?} are not five cells"))
    })
    .collect()
}

#[test]
fn every_test_that_the_page_names_exists() {
    let page = read("docs/standards.md");
    let mut named = 0;
    for row in page.lines().filter(|row| row.contains(".rs`: `")) {
        let (before, after) = row.split_once(".rs`: `").expect("filtered");
        let file = before.rsplit('`').next().expect("a file");
        let test = after.split('`').next().expect("a test");
        let tests = read(&format!("crates/counterparts/tests/{file}.rs"));
        assert!(tests.contains(&format!("fn {test}(")), "{file}.rs has no test {test}");
        named += 1;
    }
    assert!(named > 20, "only {named} tests are named");
}

#[test]
fn every_dialogue_that_the_page_names_exists_and_no_folder_is_forgotten() {
    let page = read("docs/standards.md");
    let named: BTreeSet<&str> = rows(&page).into_iter().flat_map(|row| row[2].split('`').skip(1).step_by(2)).collect();
    let dialogues = root().join("tests/dialogues");
    for name in &named {
        let place = dialogues.join(name);
        let some = place.is_file() || fs::read_dir(&place).is_ok_and(|mut folder| folder.next().is_some());
        assert!(some, "there are no dialogues {name}");
    }
    let folders = named.iter().filter_map(|name| name.split('/').next()).collect::<BTreeSet<_>>();
    for folder in fs::read_dir(&dialogues).expect("the dialogues") {
        let folder = folder.expect("a folder").file_name();
        assert!(folders.contains(folder.to_str().expect("a name")), "no row names the dialogues {folder:?}");
    }
}
