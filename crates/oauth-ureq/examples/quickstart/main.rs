//! What does Active do? A tour of the four providers in half a minute.
//!
//! `cargo run --example quickstart` starts the sandbox (the four providers on this machine, over real HTTPS) and talks to it.
//! `cargo run --example quickstart -- --real` talks to the real hosts, with the credentials it finds in the environment.

#![allow(clippy::print_stdout, reason = "a tour talks")]

mod places;

use oauth_core::{Authorize, Call, Client, Error, Grant, Provider, Reply, Token};
use oauth_ureq::{Agent, OsRandom, now};
use places::{Place, Places};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let real = std::env::args().skip(1).any(|argument| argument == "--real");
    let places = if real { Places::real()? } else { Places::sandbox()? };
    let tour = Tour { agent: &places.agent, places: &places };

    for name in ["activebuilding", "mybuilding"] {
        if let Some(place) = places.of(name) {
            tour.building(place)?;
        }
    }
    if let Some(place) = places.of("buildpass") {
        tour.buildpass(place)?;
    }
    if let Some(place) = places.of("honeywell") {
        tour.honeywell(place)?;
    }
    println!("\nThat was all of it. The same calls in C, PHP and Python: README.md.");
    Ok(())
}

struct Tour<'a> {
    agent: &'a Agent,
    places: &'a Places,
}

impl Tour<'_> {
    /// ActiveBuilding and MyBuilding: the password grant, a token without type and expiry, a token in the query.
    fn building(&self, place: &Place) -> Result<(), Error> {
        println!("\n{} - password grant; no token_type, no expiry, the token travels in the query", place.title);
        let client = place.client();
        let grant = Grant::password(place.username.as_str(), place.password.as_str());
        let token = self.agent.run(client.token(grant.clone()))?;
        say("a token", &token);
        if let Some(user) = token.user() {
            let of = user.fullname.unwrap_or_default();
            println!("  the user came with it:  {of}, {} {}", user.user_type.unwrap_or_default(), user.user_id);
        }

        let reply = self.agent.run(client.call(&token, Call::get("/communities")))?;
        let communities = reply.answer.json()?;
        println!("  GET /communities:       {}", communities["response"]["communities"]["community"][0]);

        if self.places.revoke(place.name) {
            println!("  now the server forgets the token, without telling us ...");
        }
        let packages = Call::get("/packages").query("communityId", "10").renew_by(grant);
        let reply = self.agent.run(client.call(&token, packages))?;
        println!("  GET /packages:          {} bytes, HTTP {}", reply.answer.body().len(), reply.answer.status());
        healed(&reply);

        let refused = self.agent.run(client.token(Grant::password(place.username.as_str(), "not the password")));
        println!(
            "  a wrong password:       {}",
            refused.err().map_or_else(|| "was accepted?".to_owned(), |error| error.to_string())
        );
        Ok(())
    }

    /// BuildPass: client credentials in JSON, a JWT for an hour.
    fn buildpass(&self, place: &Place) -> Result<(), Error> {
        println!("\n{} - client credentials, asked for in JSON", place.title);
        let client = place.client();
        let grant = Grant::client_credentials().scope("read:builders read:subcontractors");
        let token = self.agent.run(client.token(grant.clone()))?;
        say("a token", &token);
        println!("  scope granted:          {}", token.scope().unwrap_or("(not told)"));
        self.places.revoke(place.name);
        let reply = self.agent.run(client.call(&token, Call::get("/v1/builders").renew_by(grant)))?;
        println!("  GET /v1/builders:       {} bytes, HTTP {}", reply.answer.body().len(), reply.answer.status());
        healed(&reply);
        Ok(())
    }

    /// Honeywell Home: Basic, everything a string, `apikey` beside the token; then a user's login by the browser.
    fn honeywell(&self, place: &Place) -> Result<(), Error> {
        println!("\n{} - Basic credentials, an answer all in strings, apikey beside the token", place.title);
        let client = place.client();
        let token = self.agent.run(client.token(Grant::client_credentials()))?;
        say("a token", &token);
        println!("  read all the same:      {}", token.deviations().iter().map(|d| d.as_str()).collect::<Vec<_>>().join(", "));
        let locations = Call::get("/v2/locations").header("UserRefID", &place.user_ref_id);
        let reply = self.agent.run(client.call(&token, locations))?;
        println!("  GET /v2/locations:      {} bytes, HTTP {}", reply.answer.body().len(), reply.answer.status());

        let mut login = client.authorize(Authorize::new(&place.redirect_uri), now(), &OsRandom)?;
        let Some(callback) = self.places.browser(login.url()) else {
            println!("  a login would begin at: {}", login.url().split('?').next().unwrap_or_default());
            return Ok(());
        };
        let token = self.agent.run(client.callback(&mut login, &callback))?;
        say("by the browser", &token);
        let token = self.agent.run(client.refresh(&token))?;
        say("refreshed", &token);
        Ok(())
    }
}

/// Says that a token is there, without showing it.
fn say(how: &str, token: &Token) {
    let lifetime = token.expires_at().map_or_else(
        || "no expiry told".to_owned(),
        |expires_at| format!("good for {} s", (expires_at - token.received_at()) / 1000),
    );
    println!("  {how:<22}  {} bytes, {lifetime}", token.access_token().len());
}

fn healed(reply: &Reply) {
    if reply.renewed.is_some() {
        println!("  ... the call healed:    the dead token was noticed, a new one fetched, the call repeated once");
    }
}

/// A client for this place, as a program would write it down.
impl Place {
    fn client(&self) -> Client {
        let provider = Provider::named(self.name).unwrap_or_else(|_| Provider::buildpass());
        let client = Client::new(provider, &self.client_id).secret(self.client_secret.as_str());
        match &self.base {
            Some(base) => client.base(base),
            None => client,
        }
    }
}
