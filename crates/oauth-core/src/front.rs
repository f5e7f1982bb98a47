//! What did the browser bring besides a code?
//!
//! The implicit grant (RFC 6749 §4.2) and the hybrid flows of OpenID Connect Core §3.3 answer in the URL's fragment. A legacy, read only
//! where the program asked for it: RFC 9700 §2.1.2 wants code and PKCE instead. A code that comes along is exchanged; an access token that came with it
//! is left alone, since it went through the browser and its history, and an ID token vouches for the code (`hybrid.rs`).

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use crate::{
    answer,
    client::Client,
    encode::written,
    error::Error,
    exchange::{Next, Work},
    grant::Grant,
    message::{Answer, Outcome},
    secret::Secret,
    time::Now,
    token::Token,
};

/// What was asked for, kept with the login.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Front {
    pub(crate) response_type: String,
}

impl Front {
    pub(crate) fn new(response_type: &str) -> Result<Self, Error> {
        let words: Vec<&str> = response_type.split(' ').collect();
        let known = words.iter().all(|word| matches!(*word, "code" | "token" | "id_token"));
        let once = words.iter().enumerate().all(|(at, word)| !words[..at].contains(word));
        if !known || !once || words == ["id_token"] {
            return Err(Error::usage(
                "authorize: response_type must be code or token, or several of code, token and id_token, each once",
            ));
        }
        Ok(Self { response_type: response_type.to_owned() })
    }

    pub(crate) fn has_code(&self) -> bool {
        self.has("code")
    }

    pub(crate) fn has_id_token(&self) -> bool {
        self.has("id_token")
    }

    fn has(&self, asked: &str) -> bool {
        self.response_type.split(' ').any(|word| word == asked)
    }
}

/// The members of a fragment that are the server's answer, as the token endpoint would write them.
#[derive(Default)]
pub(crate) struct Brought(Vec<(String, Secret)>);

impl Brought {
    /// Whether it was there already (RFC 6749 §3.1).
    pub(crate) fn put(&mut self, name: &str, value: &str) -> bool {
        let known = self.0.iter().any(|(known, _)| known == name);
        self.0.push((name.to_owned(), Secret::from(value)));
        known
    }

    pub(crate) fn get(&self, name: &str) -> Option<Secret> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    pub(crate) fn has_token(&self) -> bool {
        self.0.iter().any(|(name, _)| name == "access_token")
    }
}

impl Serialize for Brought {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        // RFC 6749 §4.2.2: the authorization server MUST NOT issue a refresh token.
        for (name, value) in self.0.iter().filter(|(name, _)| name != "refresh_token") {
            match (name.as_str(), value.expose().parse::<i64>()) {
                // A fragment knows no numbers.
                ("expires_in", Ok(seconds)) => members.serialize_entry(name, &seconds)?,
                _ => members.serialize_entry(name, value.expose())?,
            }
        }
        members.end()
    }
}

/// A token that is here already.
pub(crate) struct FrontWork {
    client: Client,
    grant: Grant,
    brought: Brought,
    expires_at: i64,
}

impl FrontWork {
    pub(crate) fn new(client: &Client, scope: Option<String>, brought: Brought, expires_at: i64) -> Result<Self, Error> {
        let grant = Grant::asking("callback", scope.map(|scope| ("scope", scope)))?;
        Ok(Self { client: client.clone(), grant, brought, expires_at })
    }
}

impl Work<Token> for FrontWork {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        if now.wall >= self.expires_at {
            return Err(Error::Expired("login: it took too long, begin it again".to_owned()));
        }
        let body = written(&self.brought, 16 * 1024);
        answer::token(Answer::new(200, vec![], body.expose().as_bytes().to_vec()), &self.client, &self.grant, now).map(Next::Done)
    }

    fn hear(&mut self, _: Outcome, _: Now) -> Result<Next<Token>, Error> {
        Err(Error::usage("receive: nothing was asked for, the token is here already"))
    }
}
