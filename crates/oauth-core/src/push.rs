//! How does the server learn what is asked for before the browser goes there?
//!
//! RFC 9126: the whole authorization request is pushed with the client's own proof, and the server gives it a name. The browser carries only that
//! name and the client's id, so nobody on the way can read or change what was asked.

use serde_json::Value;

use crate::{
    answer, ask,
    authorize::{Asked, Authorize},
    client::Client,
    document::Document,
    encode::lies_within,
    error::{Error, Garbled},
    exchange::{Next, Work},
    login::Login,
    message::{Answer, Outcome},
    policy,
    random::Random,
    request_object::{self, Names},
    time::Now,
};

const WHAT: &str = "the pushed authorization request";

/// One pushed request, and the login it is for.
pub(crate) struct PushWork {
    client: Client,
    url: String,
    asked: Asked,
    /// Where it is to be signed, anew whenever it goes out.
    names: Option<Names>,
    /// As it went out last.
    signed: Asked,
    /// None once it was given out.
    login: Option<Login>,
}

impl PushWork {
    pub(crate) fn new(client: &Client, authorize: Authorize, now: Now, random: &dyn Random) -> Result<Self, Error> {
        let url = client.other_endpoint("pushed_authorization_request")?;
        policy::check_login(client, &authorize, true)?;
        let names = authorize.signed.then(|| Names::new(random)).transpose()?;
        let (login, asked) = Login::prepare(client, authorize, now, random)?;
        Ok(Self { client: client.clone(), url, asked, names, signed: Asked::new(), login: Some(login) })
    }

    /// What a server may echo and nobody should read.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = ["state", "nonce", "code_challenge", "login_hint", "id_token_hint", "request"];
        self.asked
            .iter()
            .chain(&self.signed)
            .filter(move |(name, _)| secret.contains(&name.as_str()))
            .map(|(_, value)| value.as_str())
    }
}

impl Work<Login> for PushWork {
    fn next(&mut self, now: Now) -> Result<Next<Login>, Error> {
        if let Some(names) = &mut self.names {
            self.signed = request_object::signed(&self.client, &self.asked, now, names)?;
        }
        let asked = if self.names.is_some() { &self.signed } else { &self.asked };
        let own: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        ask::form_request(&self.client, self.url.clone(), &own, now).map(Next::Send)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Login>, Error> {
        let answer = outcome.map_err(|lost| Error::no_answer(WHAT, lost, false))?;
        // RFC 9126 §2.2 says 201; some servers say 200.
        if !(200..300).contains(&answer.status) {
            return Err(answer::refused(&self.client, WHAT, self.secrets(), &answer, now));
        }
        let (request_uri, lifetime_ms) =
            read(&answer).map_err(|error| answer::without_secrets(error, &self.client, self.secrets()))?;
        let login = self.login.take().ok_or_else(|| Error::usage("push: the login was given out already"))?;
        login.pushed(&self.client, &request_uri, lifetime_ms.map(|ms| now.wall.saturating_add(ms))).map(Next::Done)
    }
}

/// A year: what a server says beyond that is no lifetime.
const LONGEST_LIFETIME_S: i64 = 366 * 24 * 3600;

/// The request's name, and how many milliseconds it lives where the server says so.
fn read(answer: &Answer) -> Result<(String, Option<i64>), Error> {
    let garbled = |why: &str| Error::from(Garbled::new(why, answer));
    let document = Document::read(answer.clone())?;
    let request_uri = document.text("/request_uri").ok_or_else(|| garbled("the answer holds no request_uri"))?;
    if request_uri.is_empty() || !lies_within(&request_uri, 0x21, 0x7E) {
        return Err(garbled("request_uri is no URI"));
    }
    let seconds = match document.field("/expires_in") {
        None | Some(Value::Null) => return Ok((request_uri, None)),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    match seconds.filter(|seconds| *seconds > 0) {
        Some(seconds) => Ok((request_uri, Some(seconds.min(LONGEST_LIFETIME_S) * 1000))),
        None => Err(garbled("expires_in is no positive number of seconds")),
    }
}
