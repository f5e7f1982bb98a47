//! Does docs/security.md name tests that exist, under the sections that make the rules? Is no dependency one that was warned of?

use std::path::Path;

fn read(path: &str) -> String {
    let whole = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../")).join(path);
    std::fs::read_to_string(whole).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `RFC 6749 §2.3.1` as the names of tests have it: `rfc_6749_2_3_1_`. A section alone is of the standard before it.
fn prefixes(references: &str) -> Vec<String> {
    let mut standard = "";
    let parts = references.split(", ").map(|part| {
        let (name, section) = part.split_once(" §").map_or((part, None), |(name, section)| (name, Some(section)));
        let section = section.or_else(|| part.strip_prefix('§'));
        if !part.starts_with('§') {
            standard = name;
        }
        let whole = section.map_or_else(|| standard.to_owned(), |section| format!("{standard} {section}"));
        whole.to_lowercase().replace([' ', '.', '-'], "_") + "_"
    });
    parts.collect()
}

struct Row<'a> {
    line: &'a str,
    references: &'a str,
    tests: Vec<(&'a str, &'a str)>,
}

fn rows<'a>(page: &'a str, head: &str, references: usize) -> Vec<Row<'a>> {
    let table = page.split_once(head).expect(head).1.split("\n\n").find(|part| part.starts_with("| ")).expect("a table");
    let rows = table.lines().skip(2).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let tests = cells.last().expect("a cell").split("<br>").map(|test| {
            let (file, name) = test.trim().split_once("`: `").unwrap_or_else(|| panic!("no test in {line}"));
            (file.trim_start_matches('`'), name.trim_end_matches('`'))
        });
        Row { line, references: cells[references], tests: tests.collect() }
    });
    rows.collect()
}

#[test]
fn every_rule_has_a_test_that_exists_and_carries_its_section() {
    let page = read("docs/security.md");
    let rules = rows(&page, "## Rules", 2);
    assert_eq!(rules.len(), 60, "rules");
    let lessons = rows(&page, "## Lessons", 1);
    assert!(lessons.len() > 20, "{} lessons", lessons.len());
    for (row, carries) in rules.iter().map(|row| (row, true)).chain(lessons.iter().map(|row| (row, false))) {
        for (file, name) in &row.tests {
            let found =
                if file.ends_with(".rs") && !file.starts_with("fuzz/") { format!("fn {name}(") } else { (*name).to_owned() };
            assert!(read(file).contains(&found), "{file} has no {name}");
        }
        let prefixes = prefixes(row.references);
        let carried = row.tests.iter().any(|(_, name)| prefixes.iter().any(|prefix| name.starts_with(prefix)));
        assert!(!carries || row.references == "practice" || carried, "no test carries {prefixes:?}: {}", row.line);
    }
}

/// Crates that were decided against, and the versions that an advisory names no more.
const REFUSED: [&str; 3] = ["rsa", "rustls-pemfile", "jsonwebtoken"];
const SINCE: [(&str, [u64; 3]); 7] = [
    ("rustls", [0, 23, 5]),
    ("rustls-webpki", [0, 103, 13]),
    ("pyo3", [0, 30, 0]),
    ("time", [0, 3, 47]),
    ("idna", [1, 0, 0]),
    ("ed25519-dalek", [2, 0, 0]),
    ("ring", [0, 17, 12]),
];

#[test]
fn rustsec_no_dependency_has_a_version_that_an_advisory_names() {
    let lock = read("Cargo.lock");
    let mut packages = 0;
    for package in lock.split("[[package]]").skip(1) {
        let field = |name: &str| package.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim_matches('"'));
        let (Some(name), Some(version)) = (field("name = "), field("version = ")) else { panic!("{package}") };
        packages += 1;
        assert!(!REFUSED.contains(&name), "{name} was decided against");
        let Some((_, since)) = SINCE.iter().find(|(known, _)| *known == name) else { continue };
        let numbers: Vec<u64> = version.split(['.', '-', '+']).take(3).map_while(|number| number.parse().ok()).collect();
        assert!(numbers.as_slice() >= since.as_slice(), "{name} {version} is older than {since:?}");
    }
    assert!(packages > 100, "{packages} packages");
}

#[test]
fn what_is_fuzzed_of_the_c_library_has_its_dependencies() {
    let names = |path: &str| -> Vec<String> {
        let manifest = read(path);
        let dependencies = manifest.split("[dependencies]").nth(1).expect(path).split("\n[").next().unwrap_or_default();
        let lines = dependencies.lines().filter(|line| !line.starts_with('#') && line.contains('='));
        lines.filter_map(|line| line.split(['.', ' ', '=']).next()).map(str::to_owned).collect()
    };
    let fuzzed = names("fuzz/active/Cargo.toml");
    let missing: Vec<_> = names("crates/ffi-c/Cargo.toml").into_iter().filter(|name| !fuzzed.contains(name)).collect();
    assert!(missing.is_empty() && fuzzed.len() > 5, "fuzz/active/Cargo.toml lacks {missing:?}");
}
