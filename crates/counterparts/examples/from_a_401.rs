//! How does a program that knows nothing but an API's URL get from its 401 to a token, as the Model Context Protocol has it (RFC 9728, RFC 7591)?
//!
//! `API=… cargo run -p counterparts --example from_a_401`; `ROOTS` names a file with the authority of a private server (PEM).

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{env, error::Error, fs, io, sync::Arc};

use oauth_core::{Access, Answer, Call};
use oauth_ureq::{Agent, OsRandom, Roots, now};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

const REDIRECT: &str = "https://client.example/callback";

fn main() -> Result<(), Box<dyn Error>> {
    let (agent, roots) = match env::var_os("ROOTS") {
        Some(file) => {
            let pem = fs::read(file)?;
            let roots = RootCerts::from(vec![Certificate::from_pem(&pem)?]);
            (Agent::builder().roots(Roots::Pem(pem)).build()?, roots)
        }
        None => (Agent::new(), RootCerts::WebPki),
    };
    let url = env::var("API")?;
    let refusal = refused(&url, roots)?;

    let metadata = format!(r#"{{"redirect_uris":["{REDIRECT}"],"token_endpoint_auth_method":"none","scope":"read"}}"#);
    let admission = agent.run(Access::to(&url).register(&metadata).after(&refusal))?;
    let mut login = admission.client.authorize(admission.authorize(REDIRECT), now(), &OsRandom)?;
    println!("Log in here, and paste the URL that you come back to: {}", login.url());
    let mut callback = String::new();
    io::stdin().read_line(&mut callback)?;
    let token = agent.run(admission.client.callback(&mut login, callback.trim()))?;
    println!("{}", agent.run(admission.client.call(&token, Call::get(&url)))?.answer.status());
    Ok(())
}

/// What the API says to somebody without a token: any HTTP client will do.
fn refused(url: &str, roots: RootCerts) -> Result<Answer, Box<dyn Error>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build();
    let config = ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false).build();
    let (head, mut body) = ureq::Agent::new_with_config(config).get(url).call()?.into_parts();
    Ok(Answer::from(http::Response::from_parts(head, body.read_to_vec()?)))
}
