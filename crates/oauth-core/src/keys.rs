//! What does a client sign with?
//!
//! A key for its authentication, a key that its tokens are bound to, and randomness for the ids in what they sign. A client without them
//! signs nothing, and the first step of an exchange that would says what is missing.

use std::sync::Arc;

use crate::{
    client::Client,
    error::Error,
    prover::{self, Prover},
    random::Random,
    record::AssertionAudience,
    sign::Signer,
    token::Token,
    verify::Verifier,
};

impl Client {
    /// The key for `private_key_jwt` ([`ClientAuth::PrivateKeyJwt`](crate::ClientAuth::PrivateKeyJwt)): an `oauth_keys::SigningKey`, or a signer of the program's. It signs a fresh
    /// statement for every request, for which the client needs [`random`](Self::random) too.
    #[must_use]
    pub fn signer(self, signer: Arc<dyn Signer>) -> Self {
        self.with_keys(Ok(()), |keys| keys.signer = Some(signer))
    }

    /// For whom the JWTs of client authentication are meant, where it is not as the provider's record says.
    #[must_use]
    pub fn assertion_audience(self, audience: AssertionAudience) -> Self {
        self.with_keys(Ok(()), |keys| keys.audience = Some(audience))
    }

    /// Where the ids of what this client signs come from: client authentication by JWT and DPoP need it. `oauth_ureq::OsRandom` is one.
    #[must_use]
    pub fn random(self, random: Arc<dyn Random>) -> Self {
        self.with_keys(Ok(()), |keys| keys.random = Some(random))
    }

    /// Binds this client's tokens to a key (DPoP, RFC 9449): every request of every exchange carries a fresh proof of it, for which the client
    /// needs [`random`](Self::random) too. Keep the key as long as its tokens: nobody can use them without it.
    ///
    /// A server that answers with a Bearer token all the same has bound it to nothing. RFC 9449 §5 leaves it to the client what that means:
    /// such a token is used, and [tells of it](crate::Deviation::TOKEN_TYPE_UNBOUND), so that a program can ask for bound tokens before
    /// all of its servers know them; with [`dpop_required`](Self::dpop_required) it is an error.
    #[must_use]
    pub fn dpop(self, prover: Arc<dyn Prover>) -> Self {
        match prover::Key::new(prover) {
            Ok(key) => self.with_keys(Ok(()), |keys| keys.dpop = Some(Arc::new(key))),
            Err(error) => self.with_keys(Err(error), |_| ()),
        }
    }

    /// Takes no token that is not bound to the key given by [`dpop`](Self::dpop): the answer is discarded (RFC 9449 §5). One that was saved before
    /// is [used no more](Self::takes).
    #[must_use]
    pub fn dpop_required(self) -> Self {
        self.with_keys(Ok(()), |keys| keys.dpop_required = true)
    }

    /// What the server's signatures are checked with: an `oauth_keys::ServerKeys`, or a verifier of the program's. With it every login that
    /// asks for `openid` sends a nonce, and an ID token is checked before the token that it came with is handed out, whatever brought it: a
    /// login, a device, any other grant (OpenID Connect Core 1.0 §3.1.3.7), and a renewal, which must be about the same user as before (§12.2).
    /// A wrong one is [`Error::Untrusted`](crate::Error::Untrusted). Where the provider's record names no issuer or no `endpoints.jwks`
    /// ([`Provider::publishes_keys`](crate::Provider::publishes_keys)), only a login that asks for `openid` is refused; other tokens come unchecked.
    #[must_use]
    pub fn verifier(self, verifier: Arc<dyn Verifier>) -> Self {
        self.with_keys(Ok(()), |keys| keys.verifier = Some(verifier))
    }

    pub(crate) fn known_verifier(&self) -> Option<&Arc<dyn Verifier>> {
        self.keys().verifier.as_ref()
    }

    pub(crate) fn known_signer(&self) -> Option<&dyn Signer> {
        self.keys().signer.as_deref()
    }

    pub(crate) fn assertion_audience_kind(&self) -> AssertionAudience {
        self.keys().audience.unwrap_or(self.provider().record().token.assertion_audience)
    }

    /// Its randomness, for what is signed.
    pub(crate) fn random_for(&self, what: &str) -> Result<&dyn Random, Error> {
        self.keys()
            .random
            .as_deref()
            .ok_or_else(|| Error::usage(format!("random: missing, {what} needs ids that nobody can guess")))
    }

    /// RFC 9449 §6.1: the thumbprint of the key that this client's tokens are bound to.
    pub(crate) fn dpop_thumbprint(&self) -> Option<&str> {
        self.keys().dpop.as_ref().map(|key| key.thumbprint())
    }

    pub(crate) fn is_dpop_required(&self) -> bool {
        self.keys().dpop_required
    }

    /// Whether this client may call with that token: it was issued by the client's provider; where it is bound to a key (DPoP), the client has
    /// one to prove; where the client takes [bound tokens only](Self::dpop_required), by its [policy](Self::policy) too, it is bound. The last is not so
    /// of a token that was saved before the client demanded it: no call sends it, and [`refresh`](Self::refresh) gets a bound one for it.
    ///
    /// # Errors
    /// [`Error::Usage`]: it is another provider's, or there is no key. [`Error::Expired`]: it is bound to nothing; refresh it, or log in again.
    pub fn takes(&self, token: &Token) -> Result<(), Error> {
        self.owns(token)?;
        let has_key = self.keys().dpop.is_some();
        if token.is_dpop() && !has_key {
            return Err(Error::usage("token: it is bound to a key (DPoP), and this client was given none"));
        }
        if has_key && self.demands_bound_tokens() && token.authorization().is_some() && !token.is_dpop() {
            let why =
                "token: it is bound to no key, and this client uses bound ones alone (RFC 9449 §5); refresh it, or log in again";
            return Err(Error::Expired(why.to_owned()));
        }
        Ok(())
    }

    /// The key that every request proves.
    pub(crate) fn dpop_key(&self) -> Option<&Arc<prover::Key>> {
        self.keys().dpop.as_ref()
    }

    pub(crate) fn check_keys(&self) -> Result<(), Error> {
        if self.keys().dpop_required && self.keys().dpop.is_none() {
            return Err(Error::usage("dpop: required, and the client was given no key for it"));
        }
        Ok(())
    }
}
