//! How does a user log in whose request nobody on the way can read or change (RFC 9126, RFC 7636)?
//!
//! `ISSUER=… CLIENT_ID=… CLIENT_SECRET=… REDIRECT_URI=… cargo run -p counterparts --example par`; `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs, io};

use oauth_core::{Authorize, Client, Provider};
use oauth_ureq::{Agent, OsRandom, Roots, now};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    let client = Client::new(provider, &env::var("CLIENT_ID")?).secret(env::var("CLIENT_SECRET")?);

    let authorize = Authorize::new(&env::var("REDIRECT_URI")?).scope("openid");
    let mut login = agent.run(client.push(authorize, now(), &OsRandom))?;
    println!("Log in here, and paste the URL that you come back to: {}", login.url());
    let mut callback = String::new();
    io::stdin().read_line(&mut callback)?;
    let token = agent.run(client.callback(&mut login, callback.trim()))?;
    println!("Hello {}", agent.run(client.userinfo(&token))?.text("/sub").unwrap_or_default());
    Ok(())
}
