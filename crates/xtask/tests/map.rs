//! Does a newcomer find every file on the map?

use std::{fs, path::Path};

/// Those that ARCHITECTURE.md has a table of.
const CRATES: [&str; 5] = ["oauth-core", "oauth-keys", "oauth-session", "oauth-ureq", "oauth-native"];

/// Of `## NAME, one question per file`, up to the next heading.
fn chapter<'a>(map: &'a str, name: &str) -> &'a str {
    let (_, after) = map.split_once(&format!("\n## {name}, one question per file\n")).expect("the crate has a table");
    after.split("\n## ").next().unwrap_or_default()
}

#[test]
fn every_file_stands_in_its_crates_table_and_nothing_else_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the map");
    for name in CRATES {
        let table: Vec<&str> = chapter(&map, name).lines().filter(|line| line.starts_with("| `")).collect();
        let listed: Vec<&str> =
            table.iter().filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let source = root.join("crates").join(name).join("src");
        for entry in fs::read_dir(&source).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let stem = entry.file_stem().and_then(|stem| stem.to_str()).expect("a name");
            let folder = format!("{stem}/");
            let is_source = entry.extension().is_some_and(|extension| extension == "rs") && stem != "lib";
            assert!(
                !is_source || listed.contains(&stem) || listed.contains(&folder.as_str()),
                "{name}: {stem} is not on the map"
            );
        }
        for file in listed.iter().filter(|file| !file.contains('*')) {
            let found = ["", "lead/"].iter().any(|folder| {
                let path = source.join(folder).join(file);
                path.is_dir() || path.with_extension("rs").is_file()
            });
            assert!(found, "{name}: {file} is on the map and nowhere else");
        }
    }
}
