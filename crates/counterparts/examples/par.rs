//! How does a user log in whose request nobody on the way can read or change (RFC 9126, RFC 7636), by a browser that comes back to this machine (RFC 8252)?
//!
//! `ISSUER=… CLIENT_ID=… CLIENT_SECRET=… cargo run -p counterparts --example par`, where the client is registered with the redirect URI
//! `http://127.0.0.1/callback`. `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs, time::Duration};

use oauth_core::{Authorize, Client, Provider};
use oauth_native::Loopback;
use oauth_ureq::{Agent, OsRandom, Roots, now};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    let client = Client::new(provider, &env::var("CLIENT_ID")?).secret(env::var("CLIENT_SECRET")?);

    let loopback = Loopback::listen()?.app("Example");
    let authorize = Authorize::new(&loopback.redirect_uri()).scope("openid");
    let mut login = agent.run(client.push(authorize, now(), &OsRandom))?;
    println!("Log in here: {}", login.url());
    let callback = loopback.only_for(login.recognizer()).callback(Duration::from_secs(300), || false)?;
    let token = agent.run(client.callback(&mut login, &callback))?;
    println!("Hello {}", agent.run(client.userinfo(&token))?.text("/sub").unwrap_or_default());
    Ok(())
}
