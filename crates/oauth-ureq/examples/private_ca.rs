//! How does one get tokens from a server with a private authority, such as the sandbox?
//!
//! `cargo run -p oauth-ureq --example private_ca -- https://localhost:8443 ca.pem CLIENT_ID SECRET [HOW_MANY]`
#![allow(clippy::print_stdout)]

use std::{env, error::Error, time::Instant};

use oauth_core::{Client, Grant, Provider};
use oauth_ureq::{Agent, Roots};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [base, authority, id, secret, rest @ ..] = &arguments[..] else {
        return Err("expected: URL CA_PEM CLIENT_ID SECRET [HOW_MANY]".into());
    };
    let how_many: u32 = rest.first().map_or(Ok(1), |text| text.parse())?;
    let agent = Agent::builder().roots(Roots::Pem(std::fs::read(authority)?)).build()?;
    let client = Client::new(Provider::buildpass(), id).secret(secret.as_str()).base(base);
    let begun = Instant::now();
    for _ in 0..how_many {
        let token = agent.run(client.token(Grant::client_credentials().scope("read:builders")))?;
        assert!(!token.access_token().is_empty());
    }
    println!("{how_many} tokens in {:?}, one connection unless the server ended it", begun.elapsed());
    Ok(())
}
