//! How do threads, processes and machines share one token? `cargo run -p oauth-session --example session`, with your own id, secret and store
//! in body.rs.

#![allow(clippy::print_stdout, reason = "an example talks")]

use oauth_core::{Call, Client, Grant, Provider};
use oauth_session::Session;
use oauth_ureq::Agent;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = "memory:";
    // Apart, because tests/example.rs runs these very lines against the sandbox.
    include!("body.rs");
    Ok(())
}
