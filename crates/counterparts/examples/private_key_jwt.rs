//! How does a client prove who it is by its key, so that no secret is ever sent (RFC 7523)?
//!
//! `ISSUER=… CLIENT_ID=… KEY_FILE=… KEY_ID=… cargo run -p counterparts --example private_key_jwt`; `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs, sync::Arc};

use oauth_core::{Client, ClientAuth, Grant, Provider};
use oauth_keys::{Algorithm, SigningKey};
use oauth_ureq::{Agent, OsRandom, Roots};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    let key = SigningKey::from_pem(Algorithm::Es256, &fs::read_to_string(env::var("KEY_FILE")?)?)?.with_id(&env::var("KEY_ID")?);
    let client = Client::new(provider, &env::var("CLIENT_ID")?).auth(ClientAuth::PrivateKeyJwt);
    let client = client.signer(Arc::new(key)).random(Arc::new(OsRandom));

    let token = agent.run(client.token(Grant::client_credentials()))?;
    println!("{}", agent.run(client.introspect(&token))?.text("/client_id").unwrap_or_default());
    Ok(())
}
