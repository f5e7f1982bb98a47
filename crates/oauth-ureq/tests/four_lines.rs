//! Do the README's lines work as they stand?

#![allow(clippy::print_stdout, reason = "the lines print")]

use active_sandbox::{Client as Known, Options, Origin, Sandbox};
use oauth_core::{Call, Grant, Provider};
use oauth_ureq::Roots;

#[test]
fn the_readmes_lines_run_against_the_sandbox() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start(Options::default())?;
    let known = Known { client_id: "id".into(), client_secret: Some("secret".into()), redirect_uris: Vec::new() };
    sandbox.add_client(Origin::BuildPass.provider(), known)?;
    let (base, pem) = (sandbox.url(Origin::BuildPass), sandbox.ca_pem().as_bytes().to_vec());

    // The same names as the real ones, which know where the sandbox is.
    struct Client;
    impl Client {
        #[allow(clippy::new_ret_no_self, reason = "it stands in for the real one")]
        fn new(provider: Provider, id: &str) -> oauth_core::Client {
            WHERE.with_borrow(|(base, _)| oauth_core::Client::new(provider, id).base(base))
        }
    }
    struct Agent;
    impl Agent {
        #[allow(clippy::new_ret_no_self, reason = "it stands in for the real one")]
        fn new() -> oauth_ureq::Agent {
            WHERE.with_borrow(|(_, pem)| oauth_ureq::Agent::builder().roots(Roots::Pem(pem.clone())).build().expect("an agent"))
        }
    }
    thread_local! {
        static WHERE: std::cell::RefCell<(String, Vec<u8>)> = const { std::cell::RefCell::new((String::new(), Vec::new())) };
    }
    WHERE.set((base.to_owned(), pem));

    include!("../examples/four_lines/body.rs");
    assert_eq!(sandbox.counters()[&Origin::BuildPass].api_requests, 1);
    Ok(())
}

/// The snippets of the README are the examples, in all four languages.
#[test]
fn the_readme_shows_what_is_tested() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let read = |path: &str| std::fs::read_to_string(format!("{root}{path}")).unwrap_or_else(|error| panic!("{path}: {error}"));
    let readme = read("README.md");
    for (language, path) in [
        ("rust", "crates/oauth-ureq/examples/four_lines/body.rs"),
        ("c", "bindings/c/examples/four_lines.c"),
        ("php", "bindings/php/examples/four_lines.php"),
        ("python", "bindings/python/examples/four_lines.py"),
    ] {
        let fence = format!("```{language}\n");
        let snippet = readme
            .split(&fence)
            .nth(1)
            .and_then(|rest| rest.split("```").next())
            .unwrap_or_else(|| panic!("no {language} in the README"));
        let example = read(path);
        let lines: Vec<&str> = example.lines().map(str::trim).collect();
        let shown: Vec<&str> = snippet.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert!(shown.len() >= 3, "{language}: {shown:?}");
        for line in shown {
            assert!(lines.contains(&line), "{path} has no line\n{line}");
        }
    }
}
