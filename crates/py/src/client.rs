//! Who are we?

use std::sync::Arc;

use oauth_core::{Client as Core, Document as CoreDocument, Exchange as CoreExchange, Secret, Token as CoreToken};
use oauth_ureq::{Agent as CoreAgent, OsRandom};
use pyo3::{PyTraverseError, PyVisit, prelude::*, pybacked::PyBackedBytes, types::PyDict};

use crate::{
    agent::{self, Agent},
    call::{Parts, Reply},
    callable::Held,
    device::{self, Backchannel, Device},
    document::Document,
    error::raise,
    exchange::{Exchange, Value},
    grant::{Grant, any_grant},
    login::{Asked, Login},
    options::{self, server_keys},
    provider::{AnyProvider, Provider},
    step::{self, Now},
    text::{Pairs, Parameters, Text},
    token::{Token, unpicklable},
};

/// A client at one provider: `Client("buildpass", "id", secret="…")`. Make one and share it between threads.
///
/// `provider`: a built-in name, a Provider, or a provider record as a dict or as JSON.
/// `secret`: the client's secret; leave it out for a public client.
/// `auth`: "basic", "basic_raw", "post", "none", "client_secret_jwt", "private_key_jwt", or "tls_client_auth" or "self_signed_tls_client_auth" with an
/// agent that shows a certificate, and `body`: "form" or "json", where the provider's record is to be overruled; the same with
/// `assertion_audience`, "issuer" or "token_endpoint": for whom the JWTs of client authentication are.
/// `key`: the Key for private_key_jwt and for signed requests, or an object of your own with `algorithm` (such as "ES256"), `sign(message: bytes) -> bytes` and perhaps
/// `key_id`, for a key that is in hardware.
/// `dpop`: a Key that this client's tokens are bound to (RFC 9449); keep it as long as they live. A server that binds nothing gives a Bearer token
/// all the same, which tells so in its `deviations`; with `dpop_required` that is Garbled.
/// `certificate_bound`: the agent shows a certificate although the client authenticates otherwise, or not at all, and the server binds tokens to it
/// (RFC 8705).
/// `server_algorithms`: by which the server signs ID tokens and what else it states ("ES256", "RS256", "PS256", "EdDSA"), best the one that was
/// registered; any of them unless given. A client reads its server's keys for itself; its copies share them, unless they are given
/// this again: do so where a copy's agent trusts others.
/// `policy`: "oauth_2_1" or "fapi_2_0", a profile that this client keeps to: what that forbids raises Usage before anything is sent, and says which rule
/// it is, where it stands and what helps.
/// `base`: another host than the record's ("https://localhost:8443"), for MyBuilding and for tests.
/// `variables`: fills {name} in the record's endpoints.
/// `agent`: carries the requests; one shared by all clients unless given.
/// `danger_allow_plain_http_to_loopback`: for a test server without TLS; never to any other host.
///
/// Raises Usage for an unknown provider or word at once, and for whatever else is wrong with the first request.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Client {
    core: Core,
    agent: CoreAgent,
    held: Held,
}

impl Client {
    /// One that the core made, whose calls go by that agent, and which may call those callables.
    pub(crate) fn of(core: Core, agent: CoreAgent, held: Held) -> Self {
        let core = if core.provider().publishes_keys() { core.verifier(server_keys()) } else { core };
        Self { core: core.random(Arc::new(OsRandom)), agent, held }
    }

    /// An exchange of this client, to be stepped.
    fn stepped<T: Value>(&self, exchange: CoreExchange<T>) -> Exchange {
        Exchange::from(exchange).holding(self.held.another())
    }

    fn renewal(&self, token: Bound<'_, Token>, renew_by: Option<Bound<'_, Grant>>) -> CoreExchange<CoreToken> {
        match renew_by {
            Some(grant) => self.core.renew(token.get().core(), &grant.get().0),
            None => self.core.refresh(token.get().core()),
        }
    }

    fn identified(&self, token: Bound<'_, Token>, nonce: Option<Text>) -> CoreExchange<CoreDocument> {
        self.core.id_token(token.get().core(), nonce.as_ref().map(Text::as_str))
    }

    pub(crate) fn parts(&self) -> (&Core, &CoreAgent, &Held) {
        (&self.core, &self.agent, &self.held)
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (provider, id, /, **options), text_signature = "(provider, id, /, *, secret=None, auth=None, body=None, \
        assertion_audience=None, key=None, dpop=None, dpop_required=False, certificate_bound=False, server_algorithms=None, policy=None, base=None, variables=None, \
        agent=None, danger_allow_plain_http_to_loopback=False)")]
    fn new(provider: AnyProvider, id: Text, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Self::of(Core::new(provider.0, id.as_str()), agent::default_agent(), Held::default()).replace(options)
    }

    /// The same client with these keywords of `Client` on top of those it has: `admission.client.replace(dpop=key)`. Raises Usage for an unknown word.
    #[pyo3(signature = (**options), text_signature = "($self, *, secret=None, auth=None, body=None, assertion_audience=None, key=None, \
        dpop=None, dpop_required=False, certificate_bound=False, server_algorithms=None, policy=None, base=None, variables=None, agent=None, \
        danger_allow_plain_http_to_loopback=False)")]
    fn replace(&self, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let (core, agent, held) = options::put_on(self.core.clone(), self.agent.clone(), self.held.another(), options)?;
        Ok(Self { core, agent, held })
    }

    /// The client's id.
    #[getter]
    fn id(&self) -> &str {
        self.core.id()
    }

    /// The provider it is a client of.
    #[getter]
    fn provider(&self) -> Provider {
        Provider(self.core.provider().clone())
    }

    /// The agent that carries its requests.
    #[getter]
    fn agent(&self) -> Agent {
        Agent(self.agent.clone())
    }

    /// Asks for a token: `client.token("client_credentials", scope="read:builders")`, or with a Grant. Blocks; raises Error.
    #[pyo3(signature = (grant, /, **parameters))]
    fn token(&self, py: Python<'_>, grant: &Bound<'_, PyAny>, parameters: Option<&Bound<'_, PyDict>>) -> PyResult<Token> {
        agent::run(py, &self.agent, self.core.token(any_grant(grant, parameters)?), None).map(Token::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (grant, /, **parameters))]
    fn begin_token(&self, grant: &Bound<'_, PyAny>, parameters: Option<&Bound<'_, PyDict>>) -> PyResult<Exchange> {
        Ok(self.stepped(self.core.token(any_grant(grant, parameters)?)))
    }

    /// Renews a token by its refresh token, and where it has none by the grant `renew_by`. `save` is called with the new one before it is given back.
    /// An ID token in the answer must be about the same user (OpenID Connect Core §12.2). Blocks; raises Error.
    #[pyo3(signature = (token, /, *, renew_by = None, save = None))]
    fn refresh(
        &self,
        py: Python<'_>,
        token: Bound<'_, Token>,
        renew_by: Option<Bound<'_, Grant>>,
        save: Option<Py<PyAny>>,
    ) -> PyResult<Token> {
        agent::run(py, &self.agent, self.renewal(token, renew_by), save).map(Token::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, /, *, renew_by = None))]
    fn begin_refresh(&self, token: Bound<'_, Token>, renew_by: Option<Bound<'_, Grant>>) -> Exchange {
        self.stepped(self.renewal(token, renew_by))
    }

    /// Revokes a token at the provider: its refresh token, and with it all that came of the same login, or where it has none the access token.
    /// A token that the server does not know is revoked already. Blocks; raises Error.
    #[pyo3(signature = (token, /))]
    fn revoke(&self, py: Python<'_>, token: Bound<'_, Token>) -> PyResult<()> {
        agent::run(py, &self.agent, self.core.revoke(token.get().core()), None).map(|_| ())
    }

    /// The same as an exchange to be stepped. It ends with an empty Document: the server has nothing to say.
    #[pyo3(signature = (token, /))]
    fn begin_revoke(&self, token: Bound<'_, Token>) -> Exchange {
        self.stepped(self.core.revoke(token.get().core()))
    }

    /// Asks the provider what it knows of an access token: `client.introspect(token).field("/active")`. Blocks; raises Error.
    #[pyo3(signature = (token, /))]
    fn introspect(&self, py: Python<'_>, token: Bound<'_, Token>) -> PyResult<Document> {
        agent::run(py, &self.agent, self.core.introspect(token.get().core()), None).map(Document::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, /))]
    fn begin_introspect(&self, token: Bound<'_, Token>) -> Exchange {
        self.stepped(self.core.introspect(token.get().core()))
    }

    /// Asks the provider the same, and wants the answer signed (RFC 9701): checked by the server's published keys, so that nobody on the way can have
    /// said it. The server gives such answers to clients that are registered for them. Blocks; raises Error, Untrusted where anything of it is wrong or it
    /// is not signed.
    #[pyo3(signature = (token, /))]
    fn introspect_signed(&self, py: Python<'_>, token: Bound<'_, Token>) -> PyResult<Document> {
        agent::run(py, &self.agent, self.core.introspect_signed(token.get().core()), None).map(Document::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, /))]
    fn begin_introspect_signed(&self, token: Bound<'_, Token>) -> Exchange {
        self.stepped(self.core.introspect_signed(token.get().core()))
    }

    /// For APIs: what a caller presented, the value of its `Authorization` header ("Bearer …", "DPoP …"). Nothing of it is known to be true yet: check it by
    /// `access_token_claims`, or ask by `introspect`. Raises Untrusted where it is something else: answer 401.
    #[pyo3(signature = (authorization, /, *, now = None))]
    fn presented(&self, py: Python<'_>, authorization: Text, now: Option<Bound<'_, Now>>) -> PyResult<Token> {
        let token = self.core.presented(authorization.as_str(), step::now(now));
        token.map(Token::from).map_err(|error| raise(py, error))
    }

    /// For APIs: checks an access token that is a JWT (RFC 9068) by the server's published keys, and gives its claims. `resource` is this API's own
    /// identifier, which must be in its `aud`. Nothing is sent but the request for the keys, so an API that is no client of the server makes one of any id:
    /// `Client(provider, "api", auth="none")`. What the claims allow ("scope") is for the API to decide; where there is "/cnf/jkt" the token is bound to a
    /// key, so let nobody in without `proof_claims`. Blocks; raises Error, Untrusted where anything of it is wrong: answer 401.
    #[pyo3(signature = (token, resource, /))]
    fn access_token_claims(&self, py: Python<'_>, token: Bound<'_, Token>, resource: Text) -> PyResult<Document> {
        let exchange = self.core.access_token_claims(token.get().core(), resource.as_str());
        agent::run(py, &self.agent, exchange, None).map(Document::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, resource, /))]
    fn begin_access_token_claims(&self, token: Bound<'_, Token>, resource: Text) -> Exchange {
        self.stepped(self.core.access_token_claims(token.get().core(), resource.as_str()))
    }

    /// For APIs: checks that the caller has the key that its token is bound to (DPoP, RFC 9449 §4.3), and gives the proof's claims. Ask it of every token
    /// whose claims hold "/cnf/jkt", whatever scheme it came by. `claims` are those of `access_token_claims` or of an introspection; `proof` is the value of
    /// the request's one `DPoP` header ("" where there is none), `method` and `url` are those of the request, as callers know them; query and fragment do
    /// not count. It was made within the last minute. Take each "/jti" once where a proof must not work twice, and compare "/nonce" where you hand out
    /// nonces. Nothing is sent. Raises Untrusted where anything of it is wrong: answer 401 with `error="invalid_dpop_proof"`.
    #[pyo3(signature = (token, claims, proof, method, url, /, *, now = None))]
    #[expect(
        clippy::too_many_arguments,
        reason = "what is checked are three things of the caller's request and two of its token"
    )]
    fn proof_claims(
        &self,
        py: Python<'_>,
        token: Bound<'_, Token>,
        claims: Bound<'_, Document>,
        proof: Text,
        method: Text,
        url: Text,
        now: Option<Bound<'_, Now>>,
    ) -> PyResult<Document> {
        let (token, claims) = (token.get().core(), claims.get().core());
        let proven = self.core.proof_claims(token, claims, proof.as_str(), method.as_str(), url.as_str(), step::now(now));
        proven.map(Document::from).map_err(|error| raise(py, error))
    }

    /// Asks who logged in (OpenID Connect): the document's "sub" is always there. Blocks; raises Error.
    #[pyo3(signature = (token, /))]
    fn userinfo(&self, py: Python<'_>, token: Bound<'_, Token>) -> PyResult<Document> {
        agent::run(py, &self.agent, self.core.userinfo(token.get().core()), None).map(Document::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, /))]
    fn begin_userinfo(&self, token: Bound<'_, Token>) -> Exchange {
        self.stepped(self.core.userinfo(token.get().core()))
    }

    /// Checks the ID token that came with a token (OpenID Connect Core §3.1.3.7) by the server's published keys, and gives its claims:
    /// `client.id_token(token).field("/email")`. `nonce` is the one that was sent; `callback` has compared it already, so a token from there needs none.
    /// Blocks; raises Error, Untrusted where anything of it is wrong or there is none, Usage where the provider's record names no issuer or keys.
    #[pyo3(signature = (token, /, *, nonce = None))]
    fn id_token(&self, py: Python<'_>, token: Bound<'_, Token>, nonce: Option<Text>) -> PyResult<Document> {
        agent::run(py, &self.agent, self.identified(token, nonce), None).map(Document::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, /, *, nonce = None))]
    fn begin_id_token(&self, token: Bound<'_, Token>, nonce: Option<Text>) -> Exchange {
        self.stepped(self.identified(token, nonce))
    }

    /// The URL that ends the user's session at the provider (OpenID Connect RP-Initiated Logout): send the browser there, do not log it. `id_token_hint`
    /// is the ID token of the login; the browser comes back to `post_logout_redirect_uri`, with `state`. Raises Usage.
    #[pyo3(signature = (*, id_token_hint = None, post_logout_redirect_uri = None, state = None))]
    fn end_session_url(
        &self,
        py: Python<'_>,
        id_token_hint: Option<Text>,
        post_logout_redirect_uri: Option<Text>,
        state: Option<Text>,
    ) -> PyResult<String> {
        let hint = id_token_hint.as_ref().map(|hint| Secret::from(hint.as_str()));
        let uri = post_logout_redirect_uri.as_ref().map(Text::as_str);
        let url = self.core.end_session_url(hint.as_ref(), uri, state.as_ref().map(Text::as_str));
        url.map(|url| url.expose().to_owned()).map_err(|error| raise(py, error))
    }

    /// Calls the provider's API with a token that may have died: it is renewed once and the call repeated once. Blocks; raises Error.
    ///
    /// `target` is a path below the API ("/communities") or a whole URL of the same origin. `query`, `headers` and `form` are mappings or
    /// pairs, a list of values repeats its name; `json` any value that json.dumps takes; `body` bytes of the media type `content_type`. `renew_by`: the grant to repeat where
    /// there is no refresh token. `save` is called with a renewed token before it is used.
    #[pyo3(signature = (token, method, target, /, *, query = None, headers = None, form = None, json = None, body = None, content_type = None,
        renew_by = None, save = None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn call(
        &self,
        py: Python<'_>,
        token: Bound<'_, Token>,
        method: Text,
        target: Text,
        query: Option<Pairs>,
        headers: Option<Pairs>,
        form: Option<Pairs>,
        json: Option<Bound<'_, PyAny>>,
        body: Option<PyBackedBytes>,
        content_type: Option<Text>,
        renew_by: Option<Bound<'_, Grant>>,
        save: Option<Py<PyAny>>,
    ) -> PyResult<Reply> {
        let call = Parts { query, headers, form, json, body, content_type, renew_by }.call(&method, &target)?;
        let reply = agent::run(py, &self.agent, self.core.call(token.get().core(), call), save)?;
        Reply::new(py, reply)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (token, method, target, /, *, query = None, headers = None, form = None, json = None, body = None, content_type = None,
        renew_by = None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn begin_call(
        &self,
        token: Bound<'_, Token>,
        method: Text,
        target: Text,
        query: Option<Pairs>,
        headers: Option<Pairs>,
        form: Option<Pairs>,
        json: Option<Bound<'_, PyAny>>,
        body: Option<PyBackedBytes>,
        content_type: Option<Text>,
        renew_by: Option<Bound<'_, Grant>>,
    ) -> PyResult<Exchange> {
        let call = Parts { query, headers, form, json, body, content_type, renew_by }.call(&method, &target)?;
        Ok(self.stepped(self.core.call(token.get().core(), call)))
    }

    /// Begins a login in the browser: send the user to its `url`, keep it until the callback comes. Raises Usage.
    ///
    /// Keywords are parameters of the authorization request (`scope`, `prompt`, …); `parameters` takes names that are no identifiers.
    /// `claims` (OpenID Connect Core §5.5) is a dict and `authorization_details` (RFC 9396) a list of them, or their JSON texts.
    /// `lifetime`: how many seconds the user may take (600 unless given, a day at most). `now`: the time, for tests. `response_type`: a legacy, for
    /// servers that give no code: "token", or "code id_token" and its like; then `callback` takes the URL's fragment, which a page has
    /// to hand over, and checks an ID token that came with a code before it sends the code.
    /// `signed`: the request is signed by the client's `key` (JAR, RFC 9101), so that nobody on the way can change it. Where `scope` holds openid and the
    /// server publishes its keys, a `nonce` goes along, and the ID token that comes back is checked before `callback` gives the token. `step_up`: an API's
    /// demand for another login (RFC 9470), as `reply.step_up()` gives it: its `acr_values`, `max_age` and `scope` go along beside yours.
    /// `response_mode`: "jwt" (or "query.jwt", "fragment.jwt", "form_post.jwt") has the server sign its answer (JARM), and `callback` believes no other;
    /// for "form_post.jwt" it takes the body of the POST.
    #[pyo3(signature = (redirect_uri, parameters = None, /, **keywords), text_signature = "($self, redirect_uri, parameters=None, /, *, \
        response_type=None, response_mode=None, signed=False, step_up=None, lifetime=600.0, now=None, **keywords)")]
    fn authorize(
        &self,
        py: Python<'_>,
        redirect_uri: Text,
        parameters: Option<Parameters>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Login> {
        let asked = Asked::of(&redirect_uri, parameters, keywords)?;
        let login = self.core.authorize(asked.authorize, asked.now, &OsRandom);
        login.map(Login::from).map_err(|error| raise(py, error))
    }

    /// The same, with the request pushed to the server beforehand (RFC 9126): the URL holds nothing but its name, and works once and until
    /// `login.url_expires_at`. Blocks; raises Error.
    #[pyo3(signature = (redirect_uri, parameters = None, /, **keywords), text_signature = "($self, redirect_uri, parameters=None, /, *, \
        response_type=None, response_mode=None, signed=False, step_up=None, lifetime=600.0, now=None, **keywords)")]
    fn push(
        &self,
        py: Python<'_>,
        redirect_uri: Text,
        parameters: Option<Parameters>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Login> {
        let asked = Asked::of(&redirect_uri, parameters, keywords)?;
        let exchange = self.core.push(asked.authorize, asked.now, &OsRandom);
        agent::run(py, &self.agent, exchange, None).map(Login::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (redirect_uri, parameters = None, /, **keywords), text_signature = "($self, redirect_uri, parameters=None, /, *, \
        response_type=None, response_mode=None, signed=False, step_up=None, lifetime=600.0, now=None, **keywords)")]
    fn begin_push(
        &self,
        redirect_uri: Text,
        parameters: Option<Parameters>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Exchange> {
        let asked = Asked::of(&redirect_uri, parameters, keywords)?;
        Ok(self.stepped(self.core.push(asked.authorize, asked.now, &OsRandom)))
    }

    /// Ends a login: checks the callback's state and iss, takes the login (it works once) and exchanges the code. Blocks; raises Error.
    ///
    /// `url` is the URL the browser was sent to, or its query alone; its fragment where another `response_type` was asked for. A login whose answer must
    /// be signed (`response_mode`) is taken once the signature was checked.
    #[pyo3(signature = (login, url, /))]
    fn callback(&self, py: Python<'_>, login: Bound<'_, Login>, url: Text) -> PyResult<Token> {
        let exchange = self.core.callback(&mut login.get().lock(), url.as_str());
        agent::run(py, &self.agent, exchange, None).map(Token::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (login, url, /))]
    fn begin_callback(&self, login: Bound<'_, Login>, url: Text) -> Exchange {
        self.stepped(self.core.callback(&mut login.get().lock(), url.as_str()))
    }

    /// Begins a login on a device without a browser (RFC 8628): show the Device's `user_code` and `verification_uri`, then `poll` it. Keywords are
    /// parameters of the request (`scope`, `resource`, …); `parameters` takes names that are no identifiers. Blocks; raises Error.
    #[pyo3(signature = (parameters = None, /, **keywords))]
    fn device(&self, py: Python<'_>, parameters: Option<Parameters>, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Device> {
        let exchange = self.core.device(Parameters::of(parameters, keywords)?.iter());
        agent::run(py, &self.agent, exchange, None).map(Device::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (parameters = None, /, **keywords))]
    fn begin_device(&self, parameters: Option<Parameters>, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Exchange> {
        Ok(self.stepped(self.core.device(Parameters::of(parameters, keywords)?.iter())))
    }

    /// Has the server ask a user on a device of their own (OpenID CIBA), then `poll` it. Keywords are parameters of the request: `scope`, one of
    /// `login_hint`, `id_token_hint` and `login_hint_token`, perhaps `binding_message`. Blocks; raises Error.
    #[pyo3(signature = (parameters = None, /, **keywords))]
    fn backchannel(
        &self,
        py: Python<'_>,
        parameters: Option<Parameters>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Backchannel> {
        let exchange = self.core.backchannel(Parameters::of(parameters, keywords)?.iter());
        agent::run(py, &self.agent, exchange, None).map(Backchannel::from)
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (parameters = None, /, **keywords))]
    fn begin_backchannel(&self, parameters: Option<Parameters>, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Exchange> {
        Ok(self.stepped(self.core.backchannel(Parameters::of(parameters, keywords)?.iter())))
    }

    /// Asks for the token of a Device or Backchannel, at the server's pace, until the user has agreed. Blocks for that long; raises Refused where
    /// the user said no, Expired where the time is over.
    #[pyo3(signature = (approval, /))]
    fn poll(&self, py: Python<'_>, approval: &Bound<'_, PyAny>) -> PyResult<Token> {
        agent::run(py, &self.agent, device::poll(&self.core, approval)?, None).map(Token::from)
    }

    /// The same as an exchange to be stepped. It may be dropped at any Wait, and another one begun later, also in another process.
    #[pyo3(signature = (approval, /))]
    fn begin_poll(&self, approval: &Bound<'_, PyAny>) -> PyResult<Exchange> {
        device::poll(&self.core, approval).map(|exchange| self.stepped(exchange))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.held.visit(&visit)
    }

    pub(crate) fn __repr__(&self) -> String {
        format!("Client({:?}, {:?})", self.core.provider().name(), self.core.id())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Client", "make one in each process"))
    }
}
