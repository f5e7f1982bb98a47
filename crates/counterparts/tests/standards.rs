//! Does docs/standards.md name tests that exist?

#[test]
fn every_test_that_the_page_names_exists() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let read = |path: &str| std::fs::read_to_string(format!("{root}{path}")).unwrap_or_else(|error| panic!("{path}: {error}"));
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
