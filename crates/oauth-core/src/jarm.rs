//! Is the answer that the browser brought the server's own?
//!
//! The authorization response as a JWT of the server (JARM: JWT Secured Authorization Response Mode for OAuth 2.0). Nothing of it is believed
//! before its signature was checked by the server's published keys; what is not signed is refused, and what is forged takes no login.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    authorize::{Authorize, rules},
    callback::Callback,
    claims::{Claims, untrusted},
    client::Client,
    error::Error,
    exchange::{Next, Work},
    kept::Kept,
    message::Outcome,
    secret::Secret,
    statement::{Checked, Header, Statement, opened},
    time::Now,
    token::Token,
};

const WHAT: &str = "callback";

/// The response mode, where it is one of a signed answer (§2.3).
pub(crate) fn asked(client: &Client, authorize: &Authorize, in_front: bool) -> Result<Option<String>, Error> {
    let own = authorize.parameters.get("response_mode");
    // The program's word comes first, an empty one too: then no mode is asked for.
    let mode = own.or_else(|| rules(client).ok()?.parameters.get("response_mode")).filter(|mode| !mode.is_empty());
    let Some(mode) = mode else { return Ok(None) };
    let wrong = match mode.as_str() {
        // §2.3.1
        "query.jwt" if in_front => "query.jwt is for a code alone, since a token must not stand in a query; use jwt",
        "jwt" | "query.jwt" | "fragment.jwt" | "form_post.jwt" if !client.provider().publishes_keys() => {
            "a signed answer cannot be checked, the provider's record needs issuer and endpoints.jwks; discovery brings both"
        }
        "jwt" | "query.jwt" | "fragment.jwt" | "form_post.jwt" if client.known_verifier().is_none() => {
            "nothing is there to check the signed answer with, give the client a verifier"
        }
        "jwt" | "query.jwt" | "fragment.jwt" | "form_post.jwt" => return Ok(Some(mode.clone())),
        other if other.ends_with(".jwt") => "a signed one is jwt, query.jwt, fragment.jwt or form_post.jwt",
        _ => return Ok(None),
    };
    Err(Error::usage(format!("authorize: response_mode: {wrong}")))
}

/// Whether it says this login's state, whoever signed it.
pub(crate) fn says_state(kept: &Kept, response: &Secret) -> Result<(), Error> {
    let (payload, _) = opened(WHAT, response.expose())?;
    kept.check_state(Claims::read(WHAT, &payload)?.text("state")?)
}

/// A signed answer to be checked, and what follows from it.
pub(crate) struct JarmWork {
    client: Client,
    kept: Kept,
    response: Statement,
    /// Whether the login is taken.
    taken: Arc<AtomicBool>,
    /// It is taken for as long as the answer may be the real one, and not yet for good.
    checking: bool,
    then: Option<Box<dyn Work<Token>>>,
}

impl JarmWork {
    pub(crate) fn new(client: &Client, kept: Kept, taken: &Arc<AtomicBool>, response: Secret) -> Result<Self, Error> {
        if response.expose().split('.').count() == 5 {
            return Err(untrusted(
                WHAT,
                "its response is encrypted, and only signed ones are read here: register the client without authorization_encrypted_response_alg",
            ));
        }
        // §2.4 number 2, and again once it is known to be the server's: whoever cannot say the state has us ask nobody for keys.
        says_state(&kept, &response)?;
        let response = Statement::new(client, WHAT, response)?;
        taken.store(true, Ordering::Release);
        Ok(Self { client: client.clone(), kept, response, taken: Arc::clone(taken), checking: true, then: None })
    }

    /// §2.4, in its order.
    fn believed(&mut self, payload: &[u8], header: &Header, now: Now) -> Result<Box<dyn Work<Token>>, Error> {
        let claims = Claims::read(WHAT, payload)?;
        header.check_type(&claims)?;
        let callback = Callback::of_claims(&claims, self.kept.front.is_some())?;
        self.kept.check_state(callback.state.as_deref())?;
        claims.check_issuer(self.kept.issuer.as_deref().unwrap_or_default())?;
        claims.check_audience(self.client.id())?;
        claims.check_lifetime(now)?;
        self.checking = false;
        self.kept.clone().follow(&self.client, callback)
    }

    fn check(&mut self, now: Now) -> Result<Next<Token>, Error> {
        match self.response.next(now)? {
            Checked::Send(request) => Ok(Next::Send(request)),
            Checked::Signed(payload, header) => {
                self.then = Some(self.believed(&payload, &header, now)?);
                Ok(Next::Again)
            }
        }
    }

    /// A forged answer burns no login, nor does one that nobody waited for.
    fn give_back(&mut self) {
        if std::mem::take(&mut self.checking) {
            self.taken.store(false, Ordering::Release);
        }
    }
}

impl Drop for JarmWork {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl Work<Token> for JarmWork {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        if let Some(then) = &mut self.then {
            return then.next(now);
        }
        self.check(now).inspect_err(|_| self.give_back())
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Token>, Error> {
        match &mut self.then {
            Some(then) => then.hear(outcome, now),
            None => self.response.hear(outcome, now).map(|()| Next::Again).inspect_err(|_| self.give_back()),
        }
    }
}
