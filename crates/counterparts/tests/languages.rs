//! Does docs/languages.md name every public function of the crates, and do all words on it exist in their language?

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const CRATES: [&str; 5] = ["oauth-core", "oauth-keys", "oauth-session", "oauth-ureq", "oauth-native"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder with that ending.
fn files(folder: &Path, ending: &str, to: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, ending, to);
        } else if path.to_string_lossy().ends_with(ending) {
            to.push(read(&path));
        }
    }
}

/// What stands between the start of a word and the first character that is none of a name's.
fn name(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// `Type::function` and `function` of what the crates make public.
fn public_functions() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for each in CRATES {
        let exported: BTreeSet<String> = exported(&read(format!("crates/{each}/src/lib.rs")));
        let mut sources = Vec::new();
        files(&root().join("crates").join(each).join("src"), ".rs", &mut sources);
        for source in sources {
            // Formatted code: an impl begins and ends at the line's start, and its functions are indented once.
            let mut of = None;
            for line in source.lines() {
                if line.starts_with("impl") && !line.contains(" for ") {
                    let subject = line.trim_start_matches("impl").trim_start();
                    let subject =
                        if subject.starts_with('<') { subject.split_once("> ").map_or("", |(_, rest)| rest) } else { subject };
                    of = Some(name(subject).to_owned());
                } else if line.starts_with('}') {
                    of = None;
                }
                let function = |prefix: &str| {
                    line.strip_prefix(prefix).map(|rest| name(rest.trim_start_matches("const fn ").trim_start_matches("fn ")))
                };
                match (&of, function("    pub fn ").or(function("    pub const fn ")), function("pub fn ")) {
                    (Some(of), Some(function), _) if exported.contains(of) => drop(found.insert(format!("{of}::{function}"))),
                    (None, _, Some(function)) if exported.contains(function) => drop(found.insert(function.to_owned())),
                    _ => {}
                }
            }
        }
        // `Provider` has a function for each built-in one, by a macro: those are `Provider::named`.
        found.insert("Provider::named".to_owned());
    }
    found
}

/// The names in the `pub use` of a crate's lib.rs.
fn exported(lib: &str) -> BTreeSet<String> {
    let uses = lib.split("\npub use ").skip(1).map(|rest| rest.split(';').next().expect("a use"));
    uses.flat_map(|path| path.rsplit("::").next().expect("a name").trim_matches(['{', '}']).split(','))
        .map(|name| name.trim().to_owned())
        .collect()
}

/// The words in backticks of a cell, with `A::{b, c}` as `A::b` and `A::c`.
fn words(cell: &str) -> Vec<String> {
    let mut words = Vec::new();
    for quoted in cell.split('`').skip(1).step_by(2) {
        match quoted.split_once("::{") {
            Some((of, names)) => {
                words.extend(names.trim_end_matches('}').split(',').map(|name| format!("{of}::{}", name.trim())))
            }
            None => words.push(quoted.to_owned()),
        }
    }
    words
}

/// The cells of each row of the page's tables.
fn rows(page: &str) -> Vec<Vec<String>> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Rust |"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The text of each class, by its name: from where it begins to where the next one does.
fn classes(source: &str, begins: &str) -> BTreeMap<String, String> {
    let mut classes = BTreeMap::<String, String>::new();
    let parts: Vec<&str> = source.split(begins).collect();
    for (before, class) in parts.iter().zip(&parts[1..]) {
        // What is said of a class stands before it in PHP, and in it in Python.
        let said = before.rsplit_once("\n}\n").map_or("", |(_, said)| said);
        classes.entry(name(class).to_owned()).or_default().push_str(&format!("{said}{class}"));
    }
    classes
}

/// Whether a class has that member: `Class::method`, `Class::$property`, `Class($argument)`, `Class::method($argument)`; `.` and no `$` in Python.
fn has(classes: &BTreeMap<String, String>, functions: &str, word: &str) -> bool {
    let Some(class) = classes.get(name(word)) else { return functions.contains(&format!("def {word}(")) };
    let (member, argument) = word[name(word).len()..].split_once('(').unwrap_or((&word[name(word).len()..], ""));
    let argument = argument.trim_end_matches(')');
    let member = member.trim_start_matches("::").trim_start_matches('.');
    let function = match member {
        "" => {
            class.split_once("function __construct(").or(class.split_once("def __new__")).map_or(class.as_str(), |(_, rest)| rest)
        }
        // A property is promised in PHP's comment, declared in an error, and a method or an annotated name in Python.
        property if property.starts_with('$') => {
            return class.contains(&format!(" {property}\n"))
                || class.contains(&format!(" {property} "))
                || class.contains(&format!(" {property};"));
        }
        method => match ["function ", "def "].iter().find_map(|kind| class.split_once(&format!("{kind}{method}("))) {
            Some((_, rest)) => rest,
            None => return class.contains(&format!("\n    {method}: ")),
        },
    };
    let signature = function.split([')', '{']).next().unwrap_or_default();
    argument.is_empty() || signature.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').any(|part| part == argument)
}

#[test]
fn every_public_function_has_its_words_or_a_reason_for_none() {
    let rows = rows(&read("docs/languages.md"));
    let named: BTreeSet<String> = rows.iter().flat_map(|row| words(&row[0])).collect();
    let public = public_functions();
    assert!(public.len() > 250, "only {} public functions are found", public.len());
    let forgotten: Vec<_> = public.difference(&named).collect();
    assert!(forgotten.is_empty(), "docs/languages.md says nothing of {forgotten:?}");
    let gone: Vec<_> = named.difference(&public).collect();
    assert!(gone.is_empty(), "docs/languages.md names what is no public function: {gone:?}");
}

#[test]
fn every_word_of_the_page_exists_in_its_language() {
    let header = read("include/active.h");
    let declared: BTreeSet<&str> = header.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let php = classes(&read("bindings/php/active.stub.php"), "\nfinal class ");
    let php: BTreeMap<_, _> =
        php.into_iter().chain(classes(&read("bindings/php/active.stub.php"), "\nabstract class ")).collect();
    let mut sources = Vec::new();
    files(&root().join("bindings/python/active_oauth"), ".pyi", &mut sources);
    files(&root().join("bindings/python/active_oauth"), "errors.py", &mut sources);
    let python = sources.join("\n");
    let modules = classes(&python, "\nclass ");
    let mut wrong = Vec::new();
    let mut looked = 0;
    for row in rows(&read("docs/languages.md")).iter().filter(|row| row.len() == 4) {
        let [c, php_words, python_words] = [1, 2, 3].map(|cell| words(&row[cell]));
        assert!(!c.is_empty() && !php_words.is_empty() && !python_words.is_empty(), "a language has no word for {}", row[0]);
        looked += c.len() + php_words.len() + python_words.len();
        wrong.extend(c.into_iter().filter(|word| !declared.contains(word.as_str())));
        wrong.extend(php_words.into_iter().filter(|word| !has(&php, "", word)));
        wrong.extend(python_words.into_iter().filter(|word| !has(&modules, &python, word)));
    }
    assert!(wrong.is_empty(), "these are no words of their language: {wrong:?}");
    assert!(looked > 400, "only {looked} words are looked at");
}
