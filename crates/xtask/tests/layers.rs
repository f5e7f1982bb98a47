//! Data flows one way: in these crates no file needs another that needs it, at whatever distance.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

type Needs = BTreeMap<String, BTreeSet<String>>;

/// What each file of a crate's `src` takes from the others, by its `use` and its paths that begin with `crate::`.
fn needs(name: &str) -> Needs {
    let mut texts = BTreeMap::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src")).expect("src") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).unwrap_or_default();
        // Tests look at whatever they want, and what is documented may point anywhere.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
        let code: Vec<&str> = code.filter(|line| !line.trim_start().starts_with("//") && !line.contains("](crate::")).collect();
        texts.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), code.join("\n"));
    }
    // `pub use token::{Token, User}`: the crate's own name for something is that file's.
    let lib = texts.remove("lib").expect("lib.rs");
    let exported = lib.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next()?.split_once("::"));
    let homes: BTreeMap<&str, &str> = exported
        .flat_map(|(file, names)| names.trim_matches(['{', '}']).split(", ").map(move |name| (name.trim(), file)))
        .collect();
    let needs = texts.iter().map(|(file, text)| {
        let mut names: Vec<&str> = Vec::new();
        for after in text.split("crate::").skip(1) {
            match after.strip_prefix('{') {
                // rustfmt writes one file a line, or all of them on one.
                Some(list) => names.extend(heads(list.split(";\n").next().unwrap_or_default())),
                None => names.push(word(after)),
            }
        }
        let files = names.into_iter().map(|name| homes.get(name).copied().unwrap_or(name));
        let files = files.filter(|name| texts.contains_key(*name) && name != file).map(str::to_owned);
        (file.clone(), files.collect())
    });
    needs.collect()
}

/// The first word of each member of a list in braces: `token` of `token::{Token, User}`.
fn heads(list: &str) -> Vec<&str> {
    let (mut depth, mut begun, mut heads) = (0, true, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => begun = true,
            _ if begun && !letter.is_whitespace() => {
                begun = false;
                heads.push(word(&list[at..]));
            }
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

/// What is left when every file that needs no other of those left is taken away, again and again: the circles, and what stands on them.
fn circles(mut needs: Needs) -> Needs {
    loop {
        let free: Vec<String> = needs.iter().filter(|(_, others)| others.is_empty()).map(|(file, _)| file.clone()).collect();
        if free.is_empty() {
            return needs;
        }
        for file in free {
            needs.remove(&file);
            for others in needs.values_mut() {
                others.remove(&file);
            }
        }
    }
}

#[test]
fn no_two_files_need_each_other() {
    for name in ["oauth-core", "oauth-keys", "oauth-session", "oauth-native"] {
        let needs = needs(name);
        assert!(needs.values().any(|others| !others.is_empty()), "{name}: nothing was read");
        let circles = circles(needs);
        assert!(circles.is_empty(), "{name}: they need each other, or stand on what does: {circles:#?}");
    }
}

#[test]
fn a_circle_would_be_noticed() {
    let mut needs = needs("oauth-core");
    assert!(needs["begin"].contains("client") && needs["client"].contains("provider"), "{needs:?}");
    assert!(needs["answer"].contains("token"), "what is taken by several names is missed: {:?}", needs["answer"]);
    needs.entry("provider".to_owned()).or_default().insert("begin".to_owned());
    assert!(circles(needs).contains_key("client"));
}
