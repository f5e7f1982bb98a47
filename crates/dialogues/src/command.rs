//! What does a command of the driver protocol ask for, in Rust's own words?

use std::sync::Arc;

use oauth_core::{
    Access, Answer, AssertionAudience, BodyFormat, Call, Client, ClientAuth, Error, Grant, Now, Policy, Provider, Random,
};
use oauth_keys::{Algorithm, Dpop, ServerKeys, SigningKey};
use serde_json::Value;

use crate::matcher::from_base64;

pub(crate) fn client(command: &Value) -> Result<Client, Error> {
    let word = |name: &str| command[name].as_str();
    let provider = match word("record") {
        Some(record) => Provider::from_json(record)?,
        None => Provider::named(word("provider").unwrap_or_default())?,
    };
    let mut client = Client::new(provider, word("id").unwrap_or_default());
    if let Some(secret) = word("secret") {
        client = client.secret(secret);
    }
    if let Some(auth) = word("auth") {
        client = client.auth(ClientAuth::from_word(auth)?);
    }
    if let Some(body) = word("body") {
        client = client.body(BodyFormat::from_word(body)?);
    }
    if let Some(base) = word("base") {
        client = client.base(base);
    }
    for (name, value) in command["variables"].as_object().into_iter().flatten() {
        client = client.variable(name, value.as_str().unwrap_or_default());
    }
    if command["certificate_bound"] == true {
        client = client.certificate_bound();
    }
    if command["plain_http"] == true {
        client = client.danger_allow_plain_http_to_loopback();
    }
    if let Some(audience) = word("assertion_audience") {
        client = client.assertion_audience(AssertionAudience::from_word(audience)?);
    }
    if let Some(key) = command.get("key") {
        client = client.signer(Arc::new(signing_key(key)?));
    }
    if let Some(key) = command.get("dpop") {
        client = client.dpop(Arc::new(Dpop::new(signing_key(key)?)));
    }
    if command["dpop_required"] == true {
        client = client.dpop_required();
    }
    if let Some(policy) = word("policy") {
        client = client.policy(Policy::from_word(policy)?);
    }
    Ok(equipped(client))
}

/// What every other language gives its clients: ids for what they sign, and the check of what their server signs.
pub(crate) fn equipped(client: Client) -> Client {
    let client = client.random(Arc::new(OsRandom));
    if client.provider().publishes_keys() { client.verifier(Arc::new(ServerKeys::new())) } else { client }
}

fn signing_key(command: &Value) -> Result<SigningKey, Error> {
    let algorithm = Algorithm::from_name(command["algorithm"].as_str().unwrap_or_default())?;
    let key = match command["pem"].as_str() {
        Some(pem) => SigningKey::from_pem(algorithm, pem)?,
        None => SigningKey::from_jwk(algorithm, command["jwk"].as_str().unwrap_or_default())?,
    };
    Ok(match command["id"].as_str() {
        Some(id) => key.with_id(id),
        None => key,
    })
}

/// The operating system's randomness.
pub(crate) struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        getrandom::fill(bytes).map_err(|error| error.to_string())
    }
}

/// The outer error is the driver's, the inner one the library's.
pub(crate) fn grant(command: &Value) -> Result<Result<Grant, Error>, String> {
    Ok(Grant::named(text(command, "grant")?, pairs(command, "parameters")))
}

pub(crate) fn call(command: &Value) -> Result<Result<Call, Error>, String> {
    let mut call = Call::new(text(command, "method")?, text(command, "target")?);
    for (name, value) in pairs(command, "query") {
        call = call.query(name, value);
    }
    for (name, value) in pairs(command, "headers") {
        call = call.header(name, value);
    }
    for (name, value) in pairs(command, "form") {
        call = call.form(name, value);
    }
    if let Some(body) = command.get("body") {
        call = call.body(text(body, "content_type")?, bytes(body, "base64")?);
    }
    if let Some(again) = command.get("renew_by") {
        match grant(again)? {
            Ok(grant) => call = call.renew_by(grant),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(call))
}

/// A program's access to an API, and the API's refusal.
pub(crate) fn access(command: &Value) -> Result<(Access, Answer), String> {
    let mut access = Access::to(text(command, "url")?);
    if let Some(url) = command["client_document"].as_str() {
        access = access.client_document(url);
    }
    if let Some(metadata) = command["register"].as_str() {
        access = access.register(metadata);
    }
    if let Some(token) = command["initial_access_token"].as_str() {
        access = access.initial_access_token(token);
    }
    Ok((access, refusal(command, "www_authenticate")))
}

/// An API's refusal with these fields of its challenge.
pub(crate) fn refusal(command: &Value, name: &str) -> Answer {
    let fields = command[name].as_array().map_or(&[][..], Vec::as_slice);
    let headers = fields.iter().filter_map(|field| Some(("WWW-Authenticate".to_owned(), field.as_str()?.to_owned())));
    Answer::new(401, headers.collect(), Vec::new())
}

pub(crate) fn text<'a>(command: &'a Value, name: &str) -> Result<&'a str, String> {
    command[name].as_str().ok_or_else(|| format!("{name}: missing"))
}

pub(crate) fn bytes(command: &Value, name: &str) -> Result<Vec<u8>, String> {
    from_base64(text(command, name)?).ok_or_else(|| format!("{name}: not base64"))
}

pub(crate) fn pairs<'a>(command: &'a Value, name: &str) -> Vec<(&'a str, &'a str)> {
    let list = command[name].as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?))).collect()
}

pub(crate) fn now(command: &Value) -> Now {
    let part = |name: &str| command["now"][name].as_i64().unwrap_or_default();
    Now { wall: part("wall"), mono: part("mono") }
}
