//! What waits for the browser to come back?
//!
//! [`Client::authorize`] makes the URL for the browser and a [`Login`] to keep; [`Client::callback`] checks what came back against it.
//! The login is taken once, and only after `state` and `iss` were checked.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    authorize::{Asked, Authorize, asked, rules, url},
    callback::{Callback, check_issuer, refused},
    client::Client,
    error::{Error, json_problem},
    front::{Brought, Front},
    grant::Grant,
    id_token, pkce,
    random::{Random, unguessable},
    record::{Pkce, PushedRequest},
    redirect_uri::check_redirect_uri,
    request_object,
    secret::Secret,
    time::Now,
    token::{check_version, written},
};

/// A login that waits for its callback. Bind it to the user's own session (RFC 9700 §4.7): whoever can present another one's login can
/// log the user into a stranger's account.
pub struct Login {
    url: Zeroizing<String>,
    url_expires_at: Option<i64>,
    kept: Option<Kept>,
}

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize, Clone)]
struct Kept {
    active_login: u32,
    provider: String,
    client_id: String,
    issuer: Option<String>,
    redirect_uri: String,
    state: Secretive,
    verifier: Option<Secretive>,
    /// RFC 9449 §10: the key whose thumbprint went along; the code must be exchanged with it.
    #[serde(default)]
    dpop_jkt: Option<String>,
    expires_at: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    resources: Vec<String>,
    /// Where something else than a code was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    front: Option<Front>,
    /// OpenID Connect Core 1.0 §15.5.2: what the ID token must repeat, where it will be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<Secretive>,
}

/// What a callback brought.
pub(crate) enum Taken {
    /// A code, to be exchanged.
    Code(Grant),
    /// A token, until when it may be taken, and what was asked for.
    Token(Front, Brought, i64),
}

/// A secret that may be written into a saved login, and nowhere else.
#[derive(Serialize, Deserialize, Clone)]
struct Secretive(Zeroizing<String>);

impl Login {
    pub(crate) fn begin(client: &Client, authorize: Authorize, now: Now, random: &dyn Random) -> Result<Self, Error> {
        if rules(client)?.pushed == PushedRequest::Required {
            return Err(Error::usage(format!(
                "authorize: {} takes no request that was not pushed to it first (RFC 9126 §5), so push it",
                client.provider().name()
            )));
        }
        let (mut login, asked) = Self::prepare(client, authorize, now, random)?;
        login.url = url(client, asked.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        Ok(login)
    }

    /// A login without a URL, and what to ask for.
    pub(crate) fn prepare(
        client: &Client,
        mut authorize: Authorize,
        now: Now,
        random: &dyn Random,
    ) -> Result<(Self, Asked), Error> {
        let provider = client.provider().record();
        let rules = rules(client)?;
        check_redirect_uri(&authorize.redirect_uri)?;
        let state = Secretive(unguessable(random)?);
        let scope = authorize.parameters.get("scope").map(String::as_str);
        let front = authorize.response_type.as_deref().filter(|asked| *asked != "code");
        let front = front.map(|asked| Front::new(asked, scope)).transpose()?;
        let verifier = match rules.pkce {
            _ if front.as_ref().is_some_and(|front| !front.has_code()) => None,
            Pkce::Required => Some(Secretive(unguessable(random)?)),
            Pkce::Off => None,
        };
        let challenge = verifier.as_ref().map(|verifier| pkce::challenge(&verifier.0));
        let nonce = id_token::nonce(client, &mut authorize.parameters, random)?.map(Secretive);
        let mut asked = asked(client, rules, &authorize, &state.0, challenge)?;
        if authorize.signed {
            asked = request_object::signed(client, &asked, now, random)?;
        }
        let kept = Kept {
            active_login: VERSION,
            provider: provider.name.to_string(),
            client_id: client.id().to_owned(),
            issuer: provider.issuer.clone(),
            redirect_uri: authorize.redirect_uri,
            state,
            verifier,
            dpop_jkt: client.dpop_thumbprint().map(str::to_owned),
            expires_at: now.wall.saturating_add(authorize.lifetime_ms),
            resources: authorize.resources,
            front,
            nonce,
        };
        Ok((Self { url: Zeroizing::default(), url_expires_at: None, kept: Some(kept) }, asked))
    }

    /// What was asked for is at the server, under that name (RFC 9126 §4).
    pub(crate) fn pushed(mut self, client: &Client, request_uri: &str, expires_at: Option<i64>) -> Result<Self, Error> {
        self.url = url(client, [("client_id", client.id()), ("request_uri", request_uri)].into_iter())?;
        self.url_expires_at = expires_at;
        Ok(self)
    }

    /// The URL to send the browser to. Empty for a restored login: it was sent there already.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Until when the server knows the [URL](Self::url) of a pushed request, in milliseconds since the epoch (RFC 9126 §2.2); often a
    /// minute. None where the URL says everything itself.
    pub fn url_expires_at(&self) -> Option<i64> {
        self.url_expires_at
    }

    /// The login as a versioned text, for `$_SESSION` or a database; [`restore`](Self::restore) reads it in any language. A secret.
    ///
    /// # Errors
    /// [`Error::Expired`] where it was taken already.
    pub fn saved(&self) -> Result<Secret, Error> {
        let kept = self.kept.as_ref().ok_or_else(taken)?;
        Ok(written(kept, 1024))
    }

    /// Reads what [`saved`](Self::saved) wrote. Delete the stored text once [`Client::callback`] has taken the login.
    ///
    /// # Errors
    /// [`Error::Usage`] where it is something else, damaged, or of a newer version.
    pub fn restore(saved: &str) -> Result<Self, Error> {
        check_version(saved, "login", VERSION)?;
        let kept = serde_json::from_str(saved)
            .map_err(|error| Error::usage(format!("saved login: damaged, {}", json_problem(&error))))?;
        Ok(Self { url: Zeroizing::default(), url_expires_at: None, kept: Some(kept) })
    }

    /// Whether a callback was accepted already, so that the stored text can be deleted.
    pub fn is_taken(&self) -> bool {
        self.kept.is_none()
    }

    /// What the ID token of this login must repeat.
    pub(crate) fn nonce(&self) -> Option<Secret> {
        self.kept.as_ref()?.nonce.as_ref().map(|nonce| Secret::from(nonce.0.as_str()))
    }

    pub(crate) fn take(&mut self, client: &Client, callback: &str) -> Result<Taken, Error> {
        let kept = self.kept.as_ref().ok_or_else(taken)?;
        let record = client.provider().record();
        if *kept.provider != *record.name || kept.client_id != client.id() {
            return Err(Error::usage("callback: this login was begun by another client"));
        }
        if kept.dpop_jkt.as_deref() != client.dpop_thumbprint() {
            return Err(Error::usage(
                "callback: this login was begun with another DPoP key, and its code works with that one only; keep the key until then",
            ));
        }
        if kept.nonce.is_some() && client.known_verifier().is_none() {
            return Err(Error::usage(
                "callback: this login was begun by a client that checks ID tokens, and this one was given no verifier",
            ));
        }
        let callback = if kept.front.is_some() { Callback::of_fragment(callback)? } else { Callback::of_query(callback)? };
        // RFC 6749 §10.12. Before anything else, and before the login is taken.
        if !callback.state.as_ref().is_some_and(|state| bool::from(state.as_bytes().ct_eq(kept.state.0.as_bytes()))) {
            return Err(Error::Untrusted(
                "callback: its state is not the one this login was begun with; nothing was sent on".to_owned(),
            ));
        }
        check_issuer(kept.issuer.as_deref(), callback.iss.as_deref(), client.demands_iss())?;
        let Some(kept) = self.kept.take() else { return Err(taken()) };
        // RFC 6749 §4.1.2.1: an error is looked at before a code.
        if let Some(error) = callback.error {
            return Err(refused(client, error, callback.error_description, callback.error_uri));
        }
        if let Some(front) = kept.front.filter(|front| !front.has_code()) {
            if callback.brought.has_token() {
                return Ok(Taken::Token(front, callback.brought, kept.expires_at));
            }
            return Err(Error::usage("callback: its fragment holds neither a token nor an error"));
        }
        let code = callback.code.ok_or_else(|| Error::usage("callback: it holds neither a code nor an error"))?;
        let mut grant = Grant::authorization_code(Secret::from(code), &kept.redirect_uri).until(kept.expires_at);
        // RFC 8707 §2.2: for the same as the user was asked about.
        grant = kept.resources.iter().fold(grant, |grant, resource| grant.parameter("resource", resource));
        if let Some(verifier) = kept.verifier {
            grant = grant.secret("code_verifier", Secret::from(verifier.0.as_str()));
        }
        Ok(Taken::Code(grant))
    }
}

fn taken() -> Error {
    Error::Expired("login: it was taken already, a login works once; begin another".to_owned())
}

/// The URL holds the state, so it is not shown either.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("provider", &self.kept.as_ref().map(|kept| &kept.provider))
            .field("taken", &self.is_taken())
            .finish_non_exhaustive()
    }
}
