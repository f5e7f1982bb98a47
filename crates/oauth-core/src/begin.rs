//! What can a client begin?
//!
//! Every conversation there is, and the two logins that begin without one. Who the client is stands in `client.rs`, how each conversation goes in
//! the file of its own.

use crate::{
    approval::Approval,
    authorize::Authorize,
    call::{Attempt, AttemptWork, Call, CallWork, Reply},
    ciba::{self, Backchannel},
    client::Client,
    device::{self, Device},
    document::Document,
    dpop::Proven,
    error::Error,
    exchange::{Exchange, Work},
    grant::Grant,
    id_token::{self, Expected, IdTokenWork},
    introspect,
    login::Login,
    logout, policy,
    poll::PollWork,
    push::PushWork,
    random::Random,
    revoke,
    secret::Secret,
    time::Now,
    token::Token,
    token_request::TokenWork,
    userinfo::UserinfoWork,
};

impl Client {
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

    pub(crate) fn ready(&self) -> Result<(), Error> {
        self.made().and_then(|()| self.check_keys()).and_then(|()| policy::check_client(self))
    }
}
