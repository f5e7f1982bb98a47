//! How does one get tokens that are worthless to a thief (RFC 9449)?
//!
//! `ISSUER=… CLIENT_ID=… CLIENT_SECRET=… cargo run -p counterparts --example dpop`; `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs, sync::Arc};

use oauth_core::{Client, Grant, Provider};
use oauth_keys::{Dpop, SigningKey};
use oauth_ureq::{Agent, OsRandom, Roots};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    // This key ends with the program. Tokens that are kept need theirs kept: SigningKey::generate_pem and from_pem.
    let dpop = Arc::new(Dpop::new(SigningKey::generate_es256()?));
    let client = Client::new(provider, &env::var("CLIENT_ID")?).secret(env::var("CLIENT_SECRET")?);
    let client = client.random(Arc::new(OsRandom)).dpop(dpop.clone()).dpop_required();

    let token = agent.run(client.token(Grant::client_credentials()))?;
    let known = agent.run(client.introspect(&token))?;
    println!("{} {}", token.token_type().unwrap_or_default(), known.text("/cnf/jkt") == dpop.thumbprint());
    Ok(())
}
