//! What is asked of the authorization endpoint?
//!
//! The parameters of the authorization request (RFC 6749 §4.1.1), and the URL that the browser is sent to. What is kept of it until the
//! browser comes back is a [`Login`](crate::Login).

use std::{collections::BTreeMap, fmt};

use zeroize::Zeroizing;

use crate::{
    authorization_details,
    client::Client,
    encode::{Space, percent, push},
    error::Error,
    grant::is_resource,
    message::without_query,
    record::AuthorizeRules,
};

/// What to ask the authorization endpoint for.
#[derive(Clone)]
pub struct Authorize {
    pub(crate) redirect_uri: String,
    pub(crate) parameters: BTreeMap<String, String>,
    /// RFC 8707 §2: the one parameter that may stand several times.
    pub(crate) resources: Vec<String>,
    pub(crate) response_type: Option<String>,
    pub(crate) lifetime_ms: i64,
    pub(crate) signed: bool,
    /// RFC 9470: `acr_values` is what an API wants, and no wish.
    pub(crate) acr_needed: bool,
}

impl Authorize {
    /// `redirect_uri` is sent verbatim, here and with the code (RFC 6749 §4.1.3): absolute, without a fragment.
    pub fn new(redirect_uri: &str) -> Self {
        Self {
            redirect_uri: redirect_uri.to_owned(),
            parameters: BTreeMap::new(),
            resources: Vec::new(),
            response_type: None,
            lifetime_ms: 10 * 60 * 1000,
            signed: false,
            acr_needed: false,
        }
    }

    /// The scopes asked for, separated by blanks.
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        self.parameter("scope", scope)
    }

    /// An API that the token is for (RFC 8707 §2): an absolute URI without a fragment. Call it again for each further one; all of them go
    /// along when the code is exchanged, too.
    #[must_use]
    pub fn resource(self, resource: &str) -> Self {
        self.parameter("resource", resource)
    }

    /// What exactly the token shall allow (RFC 9396 §2): a JSON array of objects, each with a `type`.
    #[must_use]
    pub fn authorization_details(self, details: &str) -> Self {
        self.parameter("authorization_details", details)
    }

    /// Any further parameter of the authorization request (`prompt`, `login_hint`, …). Given twice, the last one counts; `resource` adds up. An
    /// empty one is not sent (RFC 6749 §3.1), and nothing in its place: what the provider's record asks for by that name is not asked for then.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        if name == "resource" {
            self.resources.push(value.to_owned());
        } else {
            self.parameters.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// A legacy: another answer than a code in the query. `token` (RFC 6749 §4.2), or `code id_token` and its like (OpenID Connect Core §3.3), which
    /// come in the URL's fragment, so that a page has to hand them over. With a [verifier](crate::Client::verifier) an ID token that comes along with a
    /// code is checked before the code is sent, `c_hash` and `at_hash` included. RFC 9700 §2.1.2 wants the code, which is what comes unless this is called.
    #[must_use]
    pub fn response_type(self, response_type: &str) -> Self {
        Self { response_type: Some(response_type.to_owned()), ..self }
    }

    /// How the server hands over its answer. With `jwt`, `query.jwt`, `fragment.jwt` or `form_post.jwt` it signs the answer (JARM, JWT Secured
    /// Authorization Response Mode): [`Client::callback`](crate::Client::callback) then checks signature, issuer, audience and lifetime before
    /// it believes anything, be it a code or an error, and refuses an answer that is not signed. That takes a client with a
    /// [verifier](crate::Client::verifier), and a provider's record with `issuer` and `endpoints.jwks`.
    ///
    /// ```
    /// use oauth_core::Authorize;
    ///
    /// let authorize = Authorize::new("https://app.example/cb").scope("openid").response_mode("jwt");
    /// ```
    ///
    /// `jwt` is the query for a code, and the fragment for what [`response_type`](Self::response_type) asks for besides. For `fragment.jwt` a page
    /// has to hand the fragment over, for `form_post.jwt` the body of the POST is the callback. Encrypted answers are not read.
    #[must_use]
    pub fn response_mode(self, response_mode: &str) -> Self {
        self.parameter("response_mode", response_mode)
    }

    /// Has the whole request signed by the client's [signer](crate::Client::signer) (JAR, RFC 9101), so that nobody on the way can change it; in
    /// a [pushed](crate::Client::push) one too. The server must take the URL within five minutes.
    #[must_use]
    pub fn signed(self) -> Self {
        Self { signed: true, ..self }
    }

    /// How long the user may take, in milliseconds; ten minutes unless set, a day at most.
    #[must_use]
    pub fn lifetime_ms(mut self, lifetime_ms: i64) -> Self {
        self.lifetime_ms = lifetime_ms.clamp(0, 24 * 3600 * 1000);
        self
    }
}

/// The names of its parameters: their values say who the user is (`login_hint`, `id_token_hint`), or are secrets until they come back (`nonce`).
impl fmt::Debug for Authorize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorize")
            .field("redirect_uri", &without_query(&self.redirect_uri))
            .field("response_type", &self.response_type)
            .field("parameters", &self.parameters.keys())
            .finish_non_exhaustive()
    }
}

/// What is asked of the authorization endpoint, in the URL or pushed.
pub(crate) type Asked = Vec<(String, Zeroizing<String>)>;

pub(crate) fn rules(client: &Client) -> Result<&AuthorizeRules, Error> {
    let record = client.provider().record();
    record.authorize.as_ref().ok_or_else(|| Error::usage(format!("authorize: {} has no authorization endpoint", record.name)))
}

/// The authorization endpoint with these parameters.
pub(crate) fn url<'a>(client: &Client, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Zeroizing<String>, Error> {
    let endpoint = client.endpoint(&rules(client)?.url, "authorize.url")?.for_browsers("authorize.url")?.url;
    // RFC 6749 §3.1: a query of the endpoint's own is kept.
    let mut separator = if endpoint.contains('?') { "&" } else { "?" };
    let mut url = Zeroizing::new(endpoint);
    for (name, value) in parameters {
        push(&mut url, separator);
        percent(&mut url, name, Space::Percent);
        push(&mut url, "=");
        percent(&mut url, value, Space::Percent);
        separator = "&";
    }
    Ok(url)
}

/// Every parameter of the authorization request (RFC 6749 §4.1.1), in order.
pub(crate) fn asked(
    client: &Client,
    rules: &AuthorizeRules,
    authorize: &Authorize,
    state: &str,
    challenge: Option<String>,
) -> Result<Asked, Error> {
    let mut asked = Asked::new();
    let mut put = |name: &str, value: &str| asked.push((name.to_owned(), Zeroizing::new(value.to_owned())));
    put("response_type", authorize.response_type.as_deref().unwrap_or("code"));
    put("client_id", client.id());
    put("redirect_uri", &authorize.redirect_uri);
    put("state", state);
    if let Some(challenge) = &challenge {
        put("code_challenge", challenge);
        put("code_challenge_method", "S256");
    }
    if let Some(thumbprint) = client.dpop_thumbprint() {
        // RFC 9449 §10: the code works with this key only.
        put("dpop_jkt", thumbprint);
    }
    let own = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "code_challenge",
        "code_challenge_method",
        "code_verifier",
        "client_secret",
        "dpop_jkt",
        // RFC 9126 §2.1: never inside of what is pushed; whoever pushed it says push.
        "request_uri",
        "request",
    ];
    let mut names = authorize.parameters.keys().chain(rules.parameters.keys());
    if let Some(name) = names.find(|name| own.contains(&name.as_str())) {
        return Err(Error::usage(format!("authorize: {name} is set by the client itself")));
    }
    if let Some(details) = authorize.parameters.get("authorization_details") {
        authorization_details::check(details)?;
    }
    if !authorize.resources.iter().all(|resource| is_resource(resource)) {
        return Err(Error::usage("authorize: resource is not an absolute URI without a fragment (RFC 8707 §2)"));
    }
    let separator = &client.provider().record().token.scope_separator;
    for (name, value) in authorize.parameters.iter().filter(|(_, value)| !value.is_empty()) {
        if name == "scope" { put(name, &value.replace(' ', separator)) } else { put(name, value) }
    }
    authorize.resources.iter().for_each(|resource| put("resource", resource));
    let given = |name: &str| authorize.parameters.contains_key(name) || (name == "resource" && !authorize.resources.is_empty());
    for (name, value) in rules.parameters.iter().filter(|(name, _)| !given(name)) {
        put(name, value);
    }
    Ok(asked)
}
