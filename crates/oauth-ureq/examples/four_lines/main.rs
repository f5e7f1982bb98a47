//! How does one get a token? `cargo run --example four_lines`, with your own id and secret in body.rs.

#![allow(clippy::print_stdout, reason = "an example talks")]

use oauth_core::{Call, Client, Grant, Provider};
use oauth_ureq::Agent;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Apart, because tests/four_lines.rs runs these very lines against the sandbox.
    include!("body.rs");
    Ok(())
}
