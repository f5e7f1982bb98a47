//! Who are we?
//!
//! A client is an id, its secret and a provider: one type, cheap to clone, that a program can store and share between threads.
//! It begins every exchange. What is wrong with it is told by the first step of an exchange, so there is nothing to check before.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, OnceLock},
};

use zeroize::Zeroizing;

use crate::{
    approval::Approval,
    authorize::Authorize,
    call::{Attempt, AttemptWork, Call, CallWork, Reply},
    ciba::{self, Backchannel},
    device::{self, Device},
    document::Document,
    dpop::Proven,
    encode::printable,
    endpoint::{self, Endpoint},
    error::Error,
    exchange::{Exchange, Work},
    grant::{Grant, GrantType, TokenWork},
    id_token::{self, Expected, IdTokenWork},
    introspect,
    keys::Keys,
    login::Login,
    logout,
    policy::{self, Policy},
    poll::PollWork,
    provider::Provider,
    push::PushWork,
    random::Random,
    record::{BodyFormat, ClientAuth},
    revoke,
    secret::Secret,
    time::Now,
    token::Token,
    userinfo::UserinfoWork,
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

    /// Asks the token endpoint for a token by this grant.
    pub fn token(&self, grant: Grant) -> Exchange<Token> {
        self.begun(self.ready().map(|()| id_token::checked(self, TokenWork::new(self, grant), Expected::default())))
    }

    /// Renews a token by its refresh token (RFC 6749 §6). The new one comes as [`Step::Save`](crate::Step::Save) first, then as the result.
    pub fn refresh(&self, token: &Token) -> Exchange<Token> {
        self.renewal(token, None)
    }

    /// Renews a token by its refresh token, and where it has none by `grant`. The new one comes as [`Step::Save`](crate::Step::Save) first,
    /// then as the result.
    pub fn renew(&self, token: &Token, grant: &Grant) -> Exchange<Token> {
        self.renewal(token, Some(grant))
    }

    /// An API call with a token that may have died: renewed once, and the call repeated once, where the provider's record says it expired.
    pub fn call(&self, token: &Token, call: Call) -> Exchange<Reply> {
        self.begin(|| CallWork::new(self, token, call))
    }

    /// One try of an API call, for programs that renew tokens by a rule of their own: nothing is renewed and nothing repeated.
    pub fn attempt(&self, token: &Token, call: Call) -> Exchange<Attempt> {
        self.begin(|| AttemptWork::new(self, token, call))
    }

    /// Revokes a token at the provider (RFC 7009): the refresh token, and with it all that came of the same login, or where there is none the
    /// access token. A token that the server does not know is revoked already.
    pub fn revoke(&self, token: &Token) -> Exchange<Document> {
        self.begin(|| revoke::work(self, token))
    }

    /// Asks the provider what it knows of an access token (RFC 7662). The document's `active` says whether it is good.
    pub fn introspect(&self, token: &Token) -> Exchange<Document> {
        self.begin(|| introspect::work(self, token))
    }

    /// Begins a login in the browser (RFC 6749 §4.1.1): send the user to [`Login::url`], keep the rest until the callback comes.
    ///
    /// # Errors
    /// [`Error::Usage`], for example where the provider has no authorization endpoint or the redirect URI is not absolute.
    pub fn authorize(&self, authorize: Authorize, now: Now, random: &dyn Random) -> Result<Login, Error> {
        self.ready()?;
        policy::check_login(self, &authorize, false)?;
        Login::begin(self, authorize, now, random)
    }

    /// Begins a login whose request the server is told beforehand (RFC 9126): it is pushed with the client's own proof, and the
    /// [`Login::url`] that the browser goes to holds nothing but the client's id and the name the server gave the request. The URL works
    /// once, and until [`Login::url_expires_at`]; for another try push again.
    pub fn push(&self, authorize: Authorize, now: Now, random: &dyn Random) -> Exchange<Login> {
        self.begin(|| PushWork::new(self, authorize, now, random))
    }

    /// Asks who logged in (OpenID Connect Core 1.0 §5.3): the document's `sub` is always there. Where an ID token came with the token, or with
    /// one before it, its `sub` is compared: another one is `Untrusted` (§5.3.2). A signed answer
    /// (`userinfo_signed_response_alg`) is checked by the server's keys, which takes a [`verifier`](Self::verifier).
    pub fn userinfo(&self, token: &Token) -> Exchange<Document> {
        self.begin(|| UserinfoWork::new(self, token))
    }

    /// The URL that ends the user's session at the provider (OpenID Connect RP-Initiated Logout 1.0 §2): send the browser there.
    /// `id_token_hint` is the ID token of the login, which stands in the URL, so the URL is a secret; `post_logout_redirect_uri`,
    /// registered with the provider, is where the browser comes back to, with `state`.
    ///
    /// # Errors
    /// [`Error::Usage`] where the provider has no such endpoint, or the redirect URI is none.
    pub fn end_session_url(
        &self,
        id_token_hint: Option<&Secret>,
        post_logout_redirect_uri: Option<&str>,
        state: Option<&str>,
    ) -> Result<Secret, Error> {
        self.ready()?;
        logout::url(self, id_token_hint, post_logout_redirect_uri, state)
    }

    /// Ends a login: checks the callback's `state` and `iss`, takes the login (it works once), and exchanges the code for a token.
    ///
    /// `callback` is the URL the browser was sent to, or its query alone; with [`Authorize::response_type`] its fragment. Where state or `iss` do not match, the exchange fails as
    /// `Untrusted` and the login stays open: a forged callback must not burn it. Where it has to be signed ([`Authorize::response_mode`]), the
    /// exchange checks that, and the login is open again where it is not.
    pub fn callback(&self, login: &mut Login, callback: &str) -> Exchange<Token> {
        self.begun(self.ready().and_then(|()| login.take(self, callback)))
    }

    /// Begins a login on a device without a browser (RFC 8628 §3.1) with these parameters: `scope`, `resource` and what else the server knows.
    /// Show what the [`Device`] says, then [`poll`](Self::poll).
    pub fn device<N: AsRef<str>, V: AsRef<str>>(&self, parameters: impl IntoIterator<Item = (N, V)>) -> Exchange<Device> {
        self.begin(|| device::work(self, parameters))
    }

    /// Has the server ask a user on a device of their own (OpenID CIBA Core 1.0 §7.1): `scope`, one of `login_hint`, `id_token_hint` and
    /// `login_hint_token`, and perhaps `binding_message`, `acr_values`, `requested_expiry`, `user_code`. Then [`poll`](Self::poll).
    pub fn backchannel<N: AsRef<str>, V: AsRef<str>>(
        &self,
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Exchange<Backchannel> {
        self.begin(|| ciba::work(self, parameters))
    }

    /// Asks for the token of a [`Device`] or [`Backchannel`] until the user has agreed or refused, or the time is over (`Expired`).
    ///
    /// It pauses as the server asks ([`Step::Wait`](crate::Step::Wait)), and longer while the server is silent or busy. A program that may not
    /// wait so long can drop the exchange at any pause and begin another one with the same `Device` later, also in another process.
    pub fn poll(&self, approval: impl Into<Approval>) -> Exchange<Token> {
        let work = || Ok(id_token::checked(self, PollWork::new(self, approval.into())?, Expected::default()));
        self.begun(self.ready().and_then(|()| work()))
    }

    /// Checks the ID token that came with a token (OpenID Connect Core 1.0 §3.1.3.7) by the server's published keys, for which the client needs a
    /// [`verifier`](Self::verifier), and gives its claims. `nonce` is the one that was sent; [`callback`](Self::callback) has
    /// checked it already, so None will do for a token from there.
    ///
    /// # Errors
    /// The exchange ends as [`Error::Untrusted`] where anything of it is wrong, and where there is none.
    pub fn id_token(&self, token: &Token, nonce: Option<&str>) -> Exchange<Document> {
        self.begin(|| IdTokenWork::new(self, token, nonce))
    }

    fn renewal(&self, token: &Token, grant: Option<&Grant>) -> Exchange<Token> {
        self.begun(self.ready().and_then(|()| id_token::renewal(self, token, grant)))
    }

    pub(crate) fn begin<T: 'static, W: Work<T> + 'static>(&self, work: impl FnOnce() -> Result<W, Error>) -> Exchange<T> {
        self.begun(self.ready().and_then(|()| work()).map(|work| Box::new(work) as Box<dyn Work<T>>))
    }

    /// Not generic over the work, so that the machine code of a client's key is there once for each kind of result.
    fn begun<T: 'static>(&self, work: Result<Box<dyn Work<T>>, Error>) -> Exchange<T> {
        match (work, self.dpop_key()) {
            (Ok(work), None) => Exchange::of(work),
            (Ok(work), Some(key)) => Exchange::new(Proven::new(self, key.clone(), work)),
            (Err(error), _) => Exchange::failed(error),
        }
    }

    fn ready(&self) -> Result<(), Error> {
        self.0.error.clone().map_or(Ok(()), Err).and_then(|()| self.check_keys()).and_then(|()| policy::check_client(self))
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
        let api = api.map(|base| endpoint::whole(base, None, &self.0.variables, "api.base")).transpose()?;
        let mut place = vec![("provider", record.name.to_string()), ("token endpoint", token), ("api", api.unwrap_or_default())];
        place.extend(self.dpop_thumbprint().map(|thumbprint| ("dpop", thumbprint.to_owned())));
        place.extend(self.shows_certificate().then(|| ("certificate", "shown".to_owned())));
        Ok(place)
    }

    /// Whether a refresh token whose answer was lost may be sent a second time: by the provider's record only (RFC 9700 §4.14.2).
    pub fn resends_refresh_token(&self) -> bool {
        self.0.provider.record().token.resend_refresh_token
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
            None => Err(Error::usage(format!("{name}: {} names no such endpoint", record.name))),
        }
    }

    /// The Basic header of this client, by `make` the first time.
    pub(crate) fn basic(&self, make: impl FnOnce() -> Zeroizing<String>) -> Zeroizing<String> {
        self.0.basic.get_or_init(make).clone()
    }

    pub(crate) fn endpoint(&self, template: &str, field: &str) -> Result<Endpoint, Error> {
        let record = self.0.provider.record();
        let base = self.0.base.as_deref().or(record.base.as_deref());
        Endpoint::check(&endpoint::whole(template, base, &self.0.variables, field)?, self.0.plain_http, field)
    }

    /// An API call's target: a path below the API's base, or a URL of the same origin.
    pub(crate) fn api_target(&self, target: &str) -> Result<Endpoint, Error> {
        let record = self.0.provider.record();
        // A base given to the client moves the whole provider, its API included.
        let base = self.0.base.as_deref().or(record.api.base.as_deref()).or(record.base.as_deref());
        if target.starts_with('/') {
            let base = base.ok_or_else(|| {
                Error::usage("call: this provider has no base for a path, give the client its base or call a whole URL")
            })?;
            let base = endpoint::whole(base, None, &self.0.variables, "api.base")?;
            let origin = Endpoint::check(&base, self.0.plain_http, "api.base")?.origin;
            let url = format!("{}{target}", base.trim_end_matches('/'));
            return Endpoint::check(&url, self.0.plain_http, "call")?.within(&origin, "call");
        }
        let endpoint = Endpoint::check(target, self.0.plain_http, "call")?;
        match base {
            Some(base) => {
                let base = endpoint::whole(base, None, &self.0.variables, "api.base")?;
                let origin = Endpoint::check(&base, self.0.plain_http, "api.base")?.origin;
                endpoint.within(&origin, "call")
            }
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
