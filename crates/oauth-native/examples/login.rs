//! How does an app on the user's machine log its user in (RFC 8252, with RFC 7636 and RFC 9126)?
//!
//! `ISSUER=… CLIENT_ID=… cargo run -p oauth-native --example login`, where the client is registered as public, with the redirect URI
//! `http://127.0.0.1/callback`. `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs, time::Duration};

use oauth_core::{Authorize, Client, ClientAuth, Provider};
use oauth_native::{Loopback, open_browser};
use oauth_ureq::{Agent, OsRandom, Roots, now};

fn main() -> Result<(), Box<dyn Error>> {
    let agent = match env::var_os("ROOTS") {
        Some(file) => Agent::builder().roots(Roots::Pem(fs::read(file)?)).build()?,
        None => Agent::new(),
    };
    let provider = agent.run(Provider::discover(&env::var("ISSUER")?))?;
    let client = Client::new(provider, &env::var("CLIENT_ID")?).auth(ClientAuth::None);

    let loopback = Loopback::listen()?.app("Example");
    let authorize = Authorize::new(&loopback.redirect_uri()).scope("openid");
    let mut login = agent.run(client.push(authorize, now(), &OsRandom))?;
    if let Err(error) = open_browser(login.url()) {
        println!("{error}: {}", login.url());
    }
    let callback = loopback.only_for(login.recognizer()).callback(Duration::from_secs(300), || false)?;
    let token = agent.run(client.callback(&mut login, &callback))?;
    println!("Hello {}", agent.run(client.userinfo(&token))?.text("/sub").unwrap_or_default());
    Ok(())
}
