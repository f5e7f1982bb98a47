//! What waits for the browser to come back?
//!
//! [`Client::authorize`] makes the URL for the browser and a [`Login`] to keep; [`Client::callback`] checks what came back against it.
//! The login is taken once, and only after `state` and `iss` were checked.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    authorize::{Asked, Authorize, asked, rules, url},
    callback::{self, Callback, check_issuer, refused},
    client::Client,
    error::{Error, json_problem},
    exchange::Work,
    front::{Front, FrontWork},
    grant::{Grant, TokenWork},
    id_token::{self, Expected},
    jarm::{self, JarmWork},
    pkce, policy,
    random::{Random, unguessable},
    record::{Pkce, PushedRequest},
    redirect_uri::check_redirect_uri,
    request_object,
    secret::Secret,
    step_up::Demanded,
    time::Now,
    token::{Token, check_version, written},
};

/// A login that waits for its callback. Bind it to the user's own session (RFC 9700 §4.7): whoever can present another one's login can
/// log the user into a stranger's account.
pub struct Login {
    url: Zeroizing<String>,
    url_expires_at: Option<i64>,
    kept: Option<Kept>,
    /// By an exchange that has checked a signed callback, or is about to.
    taken: Arc<AtomicBool>,
}

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize, Clone)]
pub(crate) struct Kept {
    active_login: u32,
    provider: String,
    client_id: String,
    pub(crate) issuer: Option<String>,
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
    pub(crate) front: Option<Front>,
    /// JARM §2.3: where a signed answer was asked for, and so no other is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response_mode: Option<String>,
    /// OpenID Connect Core 1.0 §15.5.2: what the ID token must repeat, where it will be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<Secretive>,
    /// RFC 9470 §4: what the ID token must say of the login, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    demanded: Option<Demanded>,
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
        check_redirect_uri(&authorize.redirect_uri, "redirect_uri")?;
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
        let nonce = id_token::nonce(client, &mut authorize.parameters, front.as_ref(), random)?.map(Secretive);
        let demanded = Demanded::of(client, &mut authorize, now)?.filter(|_| nonce.is_some());
        let response_mode = jarm::asked(client, &authorize, front.is_some())?;
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
            response_mode,
            nonce,
            demanded,
        };
        Ok((Self::keeping(kept), asked))
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
        let kept = self.kept.as_ref().filter(|_| !self.is_taken()).ok_or_else(taken)?;
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
        Ok(Self::keeping(kept))
    }

    fn keeping(kept: Kept) -> Self {
        Self { url: Zeroizing::default(), url_expires_at: None, kept: Some(kept), taken: Arc::default() }
    }

    /// Whether a callback was accepted already, so that the stored text can be deleted. Where it had to be signed and the exchange finds that it
    /// was not, the login is open again.
    pub fn is_taken(&self) -> bool {
        self.kept.is_none() || self.taken.load(Ordering::Acquire)
    }

    /// What is to be done with that callback, which takes the login.
    pub(crate) fn take(&mut self, client: &Client, callback: &str) -> Result<Box<dyn Work<Token>>, Error> {
        let kept = self.kept.as_ref().filter(|_| !self.is_taken()).ok_or_else(taken)?;
        kept.belongs_to(client)?;
        if kept.response_mode.is_some() {
            let response = callback::response(callback, kept.in_fragment())?;
            return Ok(Box::new(JarmWork::new(client, kept.clone(), &self.taken, response)?));
        }
        let callback = if kept.in_fragment() { Callback::of_fragment(callback)? } else { Callback::of_query(callback)? };
        kept.check_state(callback.state.as_deref())?;
        check_issuer(kept.issuer.as_deref(), callback.iss.as_deref(), client.demands_iss())?;
        let Some(kept) = self.kept.take() else { return Err(taken()) };
        kept.follow(client, callback)
    }
}

impl Kept {
    fn belongs_to(&self, client: &Client) -> Result<(), Error> {
        if *self.provider != *client.provider().name() || self.client_id != client.id() {
            return Err(Error::usage("callback: this login was begun by another client"));
        }
        if self.dpop_jkt.as_deref() != client.dpop_thumbprint() {
            return Err(Error::usage(
                "callback: this login was begun with another DPoP key, and its code works with that one only; keep the key until then",
            ));
        }
        if self.nonce.is_some() && client.known_verifier().is_none() {
            return Err(Error::usage(
                "callback: this login was begun by a client that checks ID tokens, and this one was given no verifier",
            ));
        }
        if self.nonce.is_some() && !id_token::can_check(client) {
            return Err(Error::usage(
                "callback: this login was begun where ID tokens can be checked, and this client's provider names no issuer or no keys \
                 (endpoints.jwks); give it the record the login was begun with",
            ));
        }
        policy::check_response_type(client, self.front.as_ref().map_or("code", |front| front.response_type.as_str()))?;
        Ok(())
    }

    /// Whether the answer stands in the URL's fragment.
    fn in_fragment(&self) -> bool {
        match self.response_mode.as_deref() {
            None | Some("jwt") => self.front.is_some(),
            Some(mode) => mode == "fragment.jwt",
        }
    }

    /// RFC 6749 §10.12. Before anything else, and before the login is taken.
    pub(crate) fn check_state(&self, came: Option<&str>) -> Result<(), Error> {
        if came.is_some_and(|came| bool::from(came.as_bytes().ct_eq(self.state.0.as_bytes()))) {
            return Ok(());
        }
        Err(Error::Untrusted("callback: its state is not the one this login was begun with; nothing was sent on".to_owned()))
    }

    /// What a callback that is believed leads to.
    pub(crate) fn follow(self, client: &Client, callback: Callback) -> Result<Box<dyn Work<Token>>, Error> {
        // RFC 6749 §4.1.2.1: an error is looked at before a code.
        if let Some(error) = callback.error {
            return Err(refused(client, error, callback.error_description, callback.error_uri));
        }
        let nonce = self.nonce.map(|nonce| Secret::from(nonce.0.as_str()));
        if let Some(front) = self.front.filter(|front| !front.has_code()) {
            if !callback.brought.has_token() {
                return Err(Error::usage("callback: its fragment holds neither a token nor an error"));
            }
            let needed = nonce.is_some() && front.has_id_token();
            let expected = Expected { needed, nonce, front: true, demanded: self.demanded, ..Expected::default() };
            return Ok(id_token::checked(client, FrontWork::new(client, &front, callback.brought, self.expires_at)?, expected));
        }
        let code = callback.code.ok_or_else(|| Error::usage("callback: it holds neither a code nor an error"))?;
        let code = Secret::from(code);
        let mut grant = Grant::authorization_code(code.clone(), &self.redirect_uri).until(self.expires_at);
        // RFC 8707 §2.2: for the same as the user was asked about.
        grant = self.resources.iter().fold(grant, |grant, resource| grant.parameter("resource", resource));
        if let Some(verifier) = self.verifier {
            grant = grant.secret("code_verifier", Secret::from(verifier.0.as_str()));
        }
        let needed = nonce.is_some();
        let expected = Expected { needed, nonce, code: Some(code), demanded: self.demanded, ..Expected::default() };
        Ok(id_token::checked(client, TokenWork::new(client, grant), expected))
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
