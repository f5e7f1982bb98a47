//! What do the rules talk to?

use std::sync::atomic::{AtomicU64, Ordering};

use oauth_core::{
    Answer, Authorize, Cause, Client, Error, Exchange, Login, NoAnswer, Now, Provider, Random, Request, Sent, Step, Token,
};

pub(crate) const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };
pub(crate) const BACK: &str = "https://app.example/cb?mine=1";
pub(crate) const SECRET: &str = "hunter2-of-the-client";
pub(crate) const GOOD: &str = r#"{"access_token":"at-1","token_type":"Bearer","expires_in":3600,"refresh_token":"rt-1"}"#;

/// Bytes that differ from call to call, and how many were asked for.
#[derive(Default)]
pub(crate) struct Counted(pub(crate) AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        let before = self.0.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        (before + 1..).zip(bytes).for_each(|(number, byte)| *byte = (number % 251) as u8);
        Ok(())
    }
}

/// A record with every endpoint, and with `more` members in its `token`.
pub(crate) fn provider_with(more: &str) -> Provider {
    let record = format!(
        r#"{{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{{"url":"/token"{more}}},
            "authorize":{{"url":"/authorize"}},"api":{{"base":"https://api.example","expired":[{{"status":[401]}}]}},
            "endpoints":{{"revocation":"/revoke","introspection":"/introspect","device_authorization":"/device","userinfo":"/me",
                "pushed_authorization_request":"/push","backchannel_authentication":"/ciba"}}}}"#
    );
    Provider::from_json(&record).expect("a record")
}

pub(crate) fn client() -> Client {
    Client::new(provider_with(""), "app").secret(SECRET)
}

pub(crate) fn request<T: std::fmt::Debug>(exchange: &mut Exchange<T>) -> Request {
    match exchange.step(NOW) {
        Ok(Step::Send(request)) => request,
        other => panic!("a request, not {other:?}"),
    }
}

/// The form of a request, as its server reads it.
pub(crate) fn form(request: &Request) -> Vec<(String, String)> {
    form_urlencoded::parse(request.body()).into_owned().collect()
}

/// The query of a URL.
pub(crate) fn query(url: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(url.split_once('?').map_or("", |(_, query)| query).as_bytes()).into_owned().collect()
}

pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().iter().find(|header| header.name() == name).map(oauth_core::Header::value)
}

pub(crate) fn answer(status: u16, body: impl AsRef<[u8]>) -> Answer {
    Answer::new(status, vec![], body.as_ref().to_vec())
}

/// What an exchange ends with whose one request is answered so; a token to be saved is passed over.
pub(crate) fn ended<T: std::fmt::Debug>(mut exchange: Exchange<T>, status: u16, body: impl AsRef<[u8]>) -> Result<T, Error> {
    match exchange.step(NOW)? {
        Step::Send(_) => exchange.receive(Ok(answer(status, body))),
        other => panic!("a request, not {other:?}"),
    }
    loop {
        match exchange.step(NOW)? {
            Step::Done(done) => return Ok(done),
            Step::Save(_) => {}
            other => panic!("the end, not {other:?}"),
        }
    }
}

/// A token of this answer.
pub(crate) fn token(body: &str) -> Token {
    ended(client().token(oauth_core::Grant::client_credentials()), 200, body).expect("a token")
}

pub(crate) fn begun(client: &Client) -> (Login, String) {
    let login = client.authorize(Authorize::new(BACK).scope("read"), NOW, &Counted::default()).expect("a login");
    let state = value(&query(login.url()), "state").expect("a state").to_owned();
    (login, state)
}

/// An answer that never came.
pub(crate) fn lost(sent: Sent) -> NoAnswer {
    NoAnswer::new(sent, Cause::Timeout, "silence")
}
