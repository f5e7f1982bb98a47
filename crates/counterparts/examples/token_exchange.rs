//! How does a service get a token for the next one, for the token that came with a request (RFC 8693)?
//!
//! `ISSUER=… CLIENT_ID=… CLIENT_SECRET=… SUBJECT_TOKEN=… cargo run -p counterparts --example token_exchange`; `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs};

use oauth_core::{Client, Grant, Provider};
use oauth_ureq::{Agent, Roots};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    let client = Client::new(provider, &env::var("CLIENT_ID")?).secret(env::var("CLIENT_SECRET")?);

    let grant = Grant::token_exchange(env::var("SUBJECT_TOKEN")?, "access_token").scope("read");
    let token = agent.run(client.token(grant))?;
    println!("{}", token.field("/issued_token_type").unwrap_or_default());
    Ok(())
}
