//! How does a device without a browser log its user in (RFC 8628)?
//!
//! `ISSUER=… CLIENT_ID=… cargo run -p counterparts --example device`; `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs};

use oauth_core::{Client, ClientAuth, Provider};
use oauth_ureq::{Agent, Roots};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    let client = Client::new(provider, &env::var("CLIENT_ID")?).auth(ClientAuth::None);

    let device = agent.run(client.device([("scope", "openid")]))?;
    println!("Open {} and enter {}", device.verification_uri(), device.user_code());
    let token = agent.run(client.poll(&device))?; // at the server's pace, until the user has agreed
    println!("Hello {}", agent.run(client.userinfo(&token))?.text("/sub").unwrap_or_default());
    Ok(())
}
