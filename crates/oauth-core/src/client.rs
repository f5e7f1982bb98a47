//! Who are we?
//!
//! A client is an id, its secret and a provider: one type, cheap to clone, that a program can store and share between threads.
//! What is wrong with it is told by the first step of an exchange, so there is nothing to check before. What it can begin stands in `begin.rs`.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, OnceLock},
};

use zeroize::Zeroizing;

use crate::{
    encode::printable,
    endpoint::{self, Endpoint, Terms},
    error::Error,
    grant::{Grant, GrantType},
    message::without_query,
    profile::Policy,
    prover,
    provider::Provider,
    random::Random,
    record::{AssertionAudience, BodyFormat, ClientAuth},
    secret::Secret,
    sign::Signer,
    token::Token,
    verify::Verifier,
};

/// An OAuth client (RFC 6749 §1.1) at one provider. `Send + Sync`, cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    provider: Provider,
    id: String,
    secret: Option<Secret>,
    auth: Option<ClientAuth>,
    body: Option<BodyFormat>,
    keys: Keys,
    base: Option<String>,
    variables: BTreeMap<String, String>,
    plain_http: bool,
    certificate_bound: bool,
    policy: Option<Policy>,
    /// The first thing that was wrong; every exchange begins with it.
    error: Option<Error>,
    /// The token endpoint of each grant type, filled and checked once.
    token_urls: [OnceLock<String>; GrantType::COUNT + 1],
    /// The value of `Authorization` at the token endpoint, made once.
    basic: OnceLock<Zeroizing<String>>,
}

/// What a client signs and checks with, as it was given (`keys.rs`).
#[derive(Clone, Default)]
pub(crate) struct Keys {
    pub(crate) signer: Option<Arc<dyn Signer>>,
    pub(crate) audience: Option<AssertionAudience>,
    pub(crate) random: Option<Arc<dyn Random>>,
    pub(crate) dpop: Option<Arc<prover::Key>>,
    pub(crate) dpop_required: bool,
    pub(crate) verifier: Option<Arc<dyn Verifier>>,
}

impl Client {
    /// A client of that id. Add [`secret`](Self::secret) unless it is a public one.
    pub fn new(provider: Provider, id: &str) -> Self {
        let error = if id.is_empty() { Some(Error::usage("client_id: missing")) } else { stray("client_id", id).err() };
        Self(Arc::new(Inner {
            provider,
            id: id.to_owned(),
            secret: None,
            auth: None,
            body: None,
            keys: Keys::default(),
            base: None,
            variables: BTreeMap::new(),
            plain_http: false,
            certificate_bound: false,
            policy: None,
            error,
            token_urls: Default::default(),
            basic: OnceLock::new(),
        }))
    }

    /// The client's secret. One with blanks around it or control characters in it is refused: those come from copying, and the server's
    /// `invalid_client` would not say so.
    #[must_use]
    pub fn secret(self, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        let wrong = if secret.expose().is_empty() {
            Err(Error::usage("client_secret: empty"))
        } else {
            stray("client_secret", secret.expose())
        };
        self.with(wrong, |inner| inner.secret = Some(secret))
    }

    /// Another way of client authentication than the provider's record says.
    #[must_use]
    pub fn auth(self, auth: ClientAuth) -> Self {
        self.with(Ok(()), |inner| inner.auth = Some(auth))
    }

    /// Another body format for token requests than the provider's record says.
    #[must_use]
    pub fn body(self, body: BodyFormat) -> Self {
        self.with(Ok(()), |inner| inner.body = Some(body))
    }

    /// Another host than the provider's record says: scheme, host, port and path prefix (`https://localhost:8443`) of every relative endpoint.
    /// MyBuilding needs it, tests against a sandbox use it.
    #[must_use]
    pub fn base(self, base: &str) -> Self {
        self.with(Ok(()), |inner| inner.base = Some(base.to_owned()))
    }

    /// Fills `{name}` in the record's endpoints.
    #[must_use]
    pub fn variable(self, name: &str, value: &str) -> Self {
        let wrong = endpoint::check_variable(name, value);
        self.with(wrong, |inner| {
            inner.variables.insert(name.to_owned(), value.to_owned());
        })
    }

    /// Lets this client talk plain http to a loopback address, for a test server without TLS. Never to any other host.
    #[must_use]
    pub fn danger_allow_plain_http_to_loopback(self) -> Self {
        self.with(Ok(()), |inner| inner.plain_http = true)
    }

    /// This client's transport shows a certificate although its [`auth`](Self::auth) is another, or none: a server that is told so at registration
    /// (`tls_client_certificate_bound_access_tokens`) binds its tokens to the certificate (RFC 8705 §3), and those of a public client to it alone (§4).
    /// It then goes to the endpoints that ask for certificates, where the server has some of their own (§5).
    ///
    /// The two methods that authenticate by a certificate say so themselves.
    #[must_use]
    pub fn certificate_bound(self) -> Self {
        self.with(Ok(()), |inner| inner.certificate_bound = true)
    }

    /// Has this client keep to a [profile](Policy): what that forbids is refused before anything is sent, by an [`Error::Usage`] that names the
    /// policy, the rule, its section and what helps.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        self.with(Ok(()), |inner| inner.policy = Some(policy))
    }

    fn with(mut self, wrong: Result<(), Error>, set: impl FnOnce(&mut Inner)) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        set(inner);
        inner.token_urls = Default::default();
        inner.basic = OnceLock::new();
        if let (None, Err(error)) = (&inner.error, wrong) {
            inner.error = Some(error);
        }
        self
    }

    /// The client's id.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The provider it is a client of.
    pub fn provider(&self) -> &Provider {
        &self.0.provider
    }

    /// Whether this client's transport shows a certificate (RFC 8705): to authenticate by it, or as [`certificate_bound`](Self::certificate_bound) says.
    pub fn shows_certificate(&self) -> bool {
        self.0.certificate_bound || self.auth_method().is_by_certificate()
    }

    /// Where this client's tokens come from and go to: the provider's name, its token endpoint, the base of its API, the thumbprint of the
    /// key they are bound to where there is one, and whether a certificate is shown. Two clients that differ here never share a token.
    ///
    /// # Errors
    /// [`Error::Usage`]: what is wrong with the client, or with the endpoints once they are filled.
    pub fn place(&self) -> Result<Vec<(&'static str, String)>, Error> {
        self.ready()?;
        let record = self.0.provider.record();
        let token = self.token_endpoint()?.url;
        let api = self.0.base.as_deref().or(record.api.base.as_deref()).or(record.base.as_deref());
        let api = api.map(|base| self.terms().base(base, self.api_field())).transpose()?.map(|base| base.url);
        let mut place = vec![("provider", record.name.to_string()), ("token endpoint", token), ("api", api.unwrap_or_default())];
        place.extend(self.dpop_thumbprint().map(|thumbprint| ("dpop", thumbprint.to_owned())));
        place.extend(self.shows_certificate().then(|| ("certificate", "shown".to_owned())));
        Ok(place)
    }

    /// Whether a refresh token whose answer was lost may be sent a second time: by the provider's record only (RFC 9700 §4.14.2).
    pub fn resends_refresh_token(&self) -> bool {
        self.0.provider.record().token.resend_refresh_token
    }

    /// Whether it was made without a mistake.
    pub(crate) fn made(&self) -> Result<(), Error> {
        self.0.error.clone().map_or(Ok(()), Err)
    }

    pub(crate) fn known_policy(&self) -> Option<Policy> {
        self.0.policy
    }

    pub(crate) fn known_secret(&self) -> Option<&Secret> {
        self.0.secret.as_ref()
    }

    pub(crate) fn auth_method(&self) -> ClientAuth {
        self.0.auth.unwrap_or(self.0.provider.record().token.auth)
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn with_keys(self, wrong: Result<(), Error>, set: impl FnOnce(&mut Keys)) -> Self {
        self.with(wrong, |inner| set(&mut inner.keys))
    }

    pub(crate) fn body_format(&self) -> BodyFormat {
        self.0.body.unwrap_or(self.0.provider.record().token.body)
    }

    pub(crate) fn plain_http(&self) -> bool {
        self.0.plain_http
    }

    /// The token endpoint for that grant.
    pub(crate) fn token_url(&self, grant: &Grant) -> Result<&str, Error> {
        // All extension grants have one endpoint.
        let known = &self.0.token_urls[grant.kind() as usize];
        if let Some(url) = known.get() {
            return Ok(url);
        }
        let rules = &self.0.provider.record().token;
        let special = if grant.kind() == GrantType::Other { None } else { rules.urls.get(grant.grant_type()) };
        let endpoint = match special {
            Some(special) => self.endpoint(special, "token.urls")?,
            None => self.token_endpoint()?,
        };
        Ok(known.get_or_init(|| endpoint.url))
    }

    fn token_endpoint(&self) -> Result<Endpoint, Error> {
        match self.mtls_endpoint("token") {
            Some(alias) => self.endpoint(alias, "mtls_endpoints.token"),
            None => self.endpoint(&self.0.provider.record().token.url, "token.url"),
        }
    }

    /// RFC 8705 §5: where the server asks for certificates, if this client shows one and the server has such a place of its own.
    fn mtls_endpoint(&self, name: &str) -> Option<&str> {
        let aliases = &self.0.provider.record().mtls_endpoints;
        if self.shows_certificate() { aliases.get(name).map(String::as_str) } else { None }
    }

    /// One of the server's other endpoints (RFC 8414 §2), by its name there without `_endpoint`.
    pub(crate) fn other_endpoint(&self, name: &'static str) -> Result<String, Error> {
        let record = self.0.provider.record();
        if let Some(alias) = self.mtls_endpoint(name) {
            return Ok(self.endpoint(alias, &format!("mtls_endpoints.{name}"))?.url);
        }
        match record.endpoints.get(name) {
            Some(endpoint) => Ok(self.endpoint(endpoint, &format!("endpoints.{name}"))?.url),
            None => Err(self.0.provider.lacks(name)),
        }
    }

    /// The Basic header of this client, by `make` the first time.
    pub(crate) fn basic(&self, make: impl FnOnce() -> Zeroizing<String>) -> Zeroizing<String> {
        self.0.basic.get_or_init(make).clone()
    }

    pub(crate) fn endpoint(&self, template: &str, field: &str) -> Result<Endpoint, Error> {
        let record = self.0.provider.record();
        let base = self.0.base.as_deref().or(record.base.as_deref());
        self.terms().whole(template, base, field)
    }

    fn terms(&self) -> Terms<'_> {
        Terms { variables: &self.0.variables, plain_http: self.0.plain_http }
    }

    /// Whose base an API call's is. One that was given to the client moves the whole provider, its API included.
    fn api_field(&self) -> &'static str {
        if self.0.base.is_some() { "base" } else { "api.base" }
    }

    /// An API call's target: a path below the API's base, or a URL of the same origin.
    pub(crate) fn api_target(&self, target: &str) -> Result<Endpoint, Error> {
        let record = self.0.provider.record();
        let base = self.0.base.as_deref().or(record.api.base.as_deref()).or(record.base.as_deref());
        let base = base.map(|base| self.terms().base(base, self.api_field())).transpose()?;
        if target.starts_with('/') {
            let base = base.ok_or_else(|| {
                Error::usage("call: this provider has no base for a path, give the client its base or call a whole URL")
            })?;
            let url = format!("{}{target}", base.url.trim_end_matches('/'));
            return self.terms().check(&url, "call")?.within(&base.origin, "call");
        }
        if !target.contains("://") {
            let target = printable(&without_query(target), 200);
            return Err(Error::usage(format!(
                "call: its target must be a path that begins with /, or a whole https URL: {target}"
            )));
        }
        let endpoint = self.terms().check(target, "call")?;
        match base {
            Some(base) => endpoint.within(&base.origin, "call"),
            None => Ok(endpoint),
        }
    }

    /// Refuses a token of another provider: it would be sent to a stranger.
    pub(crate) fn owns(&self, token: &Token) -> Result<(), Error> {
        if token.provider() == self.0.provider.name() {
            return Ok(());
        }
        Err(Error::usage(format!(
            "token: it was issued by {}, and this client talks to {}",
            printable(token.provider(), 60),
            self.0.provider.name()
        )))
    }
}

/// Blanks around a credential, or control characters in it, are an accident of copying.
fn stray(what: &str, text: &str) -> Result<(), Error> {
    if text.trim() != text {
        return Err(Error::usage(format!("{what}: begins or ends with a blank or line break, which is hardly part of it")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::usage(format!("{what}: holds a control character")));
    }
    Ok(())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("provider", &self.0.provider.name()).field("id", &self.0.id).finish_non_exhaustive()
    }
}
