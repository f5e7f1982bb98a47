//! Do the README's lines about sessions work as they stand?

#![allow(clippy::print_stdout, reason = "the lines print")]

use active_sandbox::{Client as Known, Options, Origin, Sandbox};
use oauth_core::{Call, Grant, Provider};
use oauth_session::Session;
use oauth_ureq::Roots;

#[test]
fn the_readmes_session_runs_against_the_sandbox() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start(Options::default())?;
    let known = Known { client_id: "id".into(), client_secret: Some("secret".into()), redirect_uris: Vec::new() };
    sandbox.add_client(Origin::BuildPass.provider(), known)?;
    WHERE.set((sandbox.url(Origin::BuildPass).to_owned(), sandbox.ca_pem().as_bytes().to_vec()));

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

    let store = "memory:readme";
    for _ in 0..2 {
        include!("../examples/session/body.rs");
    }
    let counted = &sandbox.counters()[&Origin::BuildPass];
    assert_eq!((counted.token_requests, counted.api_requests), (1, 2), "the second session found the first one's token");
    Ok(())
}

/// The snippet of the README is the example.
#[test]
fn the_readme_shows_what_is_tested() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let read = |path: &str| std::fs::read_to_string(format!("{root}{path}")).unwrap_or_else(|error| panic!("{path}: {error}"));
    let readme = read("README.md");
    let shown = readme.split("## One token for everybody").nth(1).and_then(|rest| rest.split("```").nth(1)).expect("a snippet");
    let example = read("crates/oauth-session/examples/session/body.rs");
    let lines: Vec<&str> = example.lines().map(str::trim).collect();
    let shown: Vec<&str> = shown.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(shown.len() >= 3, "{shown:?}");
    for line in shown {
        assert!(lines.contains(&line), "the example has no line\n{line}");
    }
}
