//! How does a login in the browser begin, and how is its callback taken?
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

use zeroize::Zeroizing;

use crate::{
    authorize::{Asked, Authorize, asked, rules, url},
    callback::{self, Callback, check_issuer},
    client::Client,
    encode::written,
    error::{Error, json_problem},
    exchange::Work,
    front::Front,
    id_token,
    jarm::{self, JarmWork},
    kept::{Kept, Secretive, VERSION},
    pkce,
    random::{Random, unguessable},
    record::{Pkce, PushedRequest},
    redirect_uri::check_redirect_uri,
    request_object::{self, Names},
    secret::Secret,
    step_up::Demanded,
    time::Now,
    token::{Token, check_version},
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

impl Login {
    pub(crate) fn begin(client: &Client, authorize: Authorize, now: Now, random: &dyn Random) -> Result<Self, Error> {
        if rules(client)?.pushed == PushedRequest::Required {
            return Err(Error::usage(format!(
                "authorize: {} takes no request that was not pushed to it first (RFC 9126 §5), so push it",
                client.provider().name()
            )));
        }
        let signed = authorize.signed;
        let (mut login, mut asked) = Self::prepare(client, authorize, now, random)?;
        if signed {
            asked = request_object::signed(client, &asked, now, &mut Names::new(random)?)?;
        }
        login.url = url(client, asked.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        Ok(login)
    }

    /// A login without a URL, and what to ask for, not yet signed.
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
        let scope = authorize.parameters.get("scope").filter(|scope| !scope.is_empty()).cloned();
        let front = authorize.response_type.as_deref().filter(|asked| *asked != "code");
        let front = front.map(Front::new).transpose()?;
        let verifier = match rules.pkce {
            _ if front.as_ref().is_some_and(|front| !front.has_code()) => None,
            Pkce::Required => Some(Secretive(unguessable(random)?)),
            Pkce::Off => None,
        };
        let challenge = verifier.as_ref().map(|verifier| pkce::challenge(&verifier.0));
        let nonce = id_token::nonce(client, &mut authorize.parameters, front.as_ref(), random)?.map(Secretive);
        let demanded = Demanded::of(client, &mut authorize, now)?.filter(|_| nonce.is_some());
        let response_mode = jarm::asked(client, &authorize, front.is_some())?;
        let asked = asked(client, rules, &authorize, &state.0, challenge)?;
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
            scope,
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
        Ok(written(kept, 1024 + 2 * kept.scope.as_ref().map_or(0, String::len)))
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

    /// Tells this login's callback from what others call: it says the login's `state` (RFC 6749 §10.12), in a signed answer too (JARM). For who
    /// listens where anybody can call (`oauth_native::Loopback::only_for`), so that a page which sends the browser there with another state does not end
    /// the wait. No callback fits a login that was taken. Nothing is believed by it and nothing taken: that is [`Client::callback`]'s.
    pub fn recognizer(&self) -> impl Fn(&str) -> bool + Send + Sync + use<> {
        let kept = self.kept.clone().filter(|_| !self.is_taken());
        move |callback| kept.as_ref().is_some_and(|kept| says_state(kept, callback).is_ok())
    }

    /// What is to be done with that callback, which takes the login.
    pub(crate) fn take(&mut self, client: &Client, callback: &str) -> Result<Box<dyn Work<Token>>, Error> {
        let kept = self.kept.as_ref().filter(|_| !self.is_taken()).ok_or_else(taken)?;
        kept.belongs_to(client)?;
        if kept.response_mode.is_some() {
            let response = callback::response(callback, kept.in_fragment())?;
            return Ok(Box::new(JarmWork::new(client, kept.clone(), &self.taken, response)?));
        }
        let callback = came(kept, callback)?;
        kept.check_state(callback.state.as_deref())?;
        check_issuer(kept.issuer.as_deref(), callback.iss.as_deref(), client.demands_iss())?;
        let Some(kept) = self.kept.take() else { return Err(taken()) };
        kept.follow(client, callback)
    }
}

/// The parameters of a callback that nobody had to sign.
fn came(kept: &Kept, callback: &str) -> Result<Callback, Error> {
    if kept.in_fragment() { Callback::of_fragment(callback) } else { Callback::of_query(callback) }
}

fn says_state(kept: &Kept, callback: &str) -> Result<(), Error> {
    match kept.response_mode {
        Some(_) => jarm::says_state(kept, &callback::response(callback, kept.in_fragment())?),
        None => kept.check_state(came(kept, callback)?.state.as_deref()),
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
