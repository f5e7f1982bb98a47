//! How does the browser leg go?
//!
//! [`Client::authorize`] makes the URL for the browser and a [`Login`] to keep; [`Client::callback`] checks what came back against it.
//! The login is taken once, and only after `state` and `iss` were checked.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    authorization_details,
    client::Client,
    encode::{Space, percent, printable, push},
    error::{Error, ErrorCode, Refused, json_problem},
    front::{Brought, Front},
    grant::{Grant, is_resource},
    id_token, pkce,
    random::{Random, unguessable},
    record::{AuthorizeRules, IssParameter, Pkce, PushedRequest},
    redirect_uri::check_redirect_uri,
    request_object,
    secret::Secret,
    time::Now,
    token::{check_version, written},
};

/// What to ask the authorization endpoint for.
#[derive(Debug, Clone)]
pub struct Authorize {
    redirect_uri: String,
    parameters: BTreeMap<String, String>,
    /// RFC 8707 §2: the one parameter that may stand several times.
    resources: Vec<String>,
    response_type: Option<String>,
    lifetime_ms: i64,
    signed: bool,
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

    /// Any further parameter of the authorization request (`prompt`, `login_hint`, …). Given twice, the last one counts; `resource` adds up.
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
    /// come in the URL's fragment, so that a page has to hand them over. RFC 9700 §2.1.2 wants the code, which is what comes unless this is called.
    #[must_use]
    pub fn response_type(self, response_type: &str) -> Self {
        Self { response_type: Some(response_type.to_owned()), ..self }
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

/// What is asked of the authorization endpoint, in the URL or pushed.
pub(crate) type Asked = Vec<(String, Zeroizing<String>)>;

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
        let promised = record.authorize.as_ref().is_some_and(|rules| rules.iss == IssParameter::Required);
        check_issuer(kept.issuer.as_deref(), callback.iss.as_deref(), promised)?;
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

/// RFC 9207 §2.4: simple string comparison, no normalisation, for errors as well as codes.
fn check_issuer(expected: Option<&str>, came: Option<&str>, promised: bool) -> Result<(), Error> {
    match (expected, came) {
        (Some(expected), Some(came)) if expected == came => Ok(()),
        (Some(_), Some(_)) => {
            Err(Error::Untrusted("callback: its iss is not the issuer this login was begun at; nothing was sent on".to_owned()))
        }
        (_, None) if promised => {
            Err(Error::Untrusted("callback: it names no iss, which this provider promises; nothing was sent on".to_owned()))
        }
        (_, None) => Ok(()),
        (None, Some(_)) => Err(Error::Untrusted(
            "callback: it names an iss, and the provider's record no issuer to compare it with; nothing was sent on".to_owned(),
        )),
    }
}

fn refused(client: &Client, code: String, description: Option<String>, uri: Option<String>) -> Error {
    let record = client.provider().record();
    let code = printable(&code, 100);
    Refused {
        provider: record.name.clone(),
        what: "the login",
        standard: Some(ErrorCode::from(record.token.error_codes.get(&code).unwrap_or(&code).clone())),
        code: Some(code),
        description: description.map(|text| printable(&text, 300)),
        uri: uri.map(|text| printable(&text, 300)),
        status: None,
        retry_after_ms: None,
        body: Zeroizing::default(),
    }
    .into()
}

fn rules(client: &Client) -> Result<&AuthorizeRules, Error> {
    let record = client.provider().record();
    record.authorize.as_ref().ok_or_else(|| Error::usage(format!("authorize: {} has no authorization endpoint", record.name)))
}

/// The authorization endpoint with these parameters.
fn url<'a>(client: &Client, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Zeroizing<String>, Error> {
    let endpoint = client.endpoint(&rules(client)?.url, "authorize.url")?.url;
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
fn asked(
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
    if let Some(name) = authorize.parameters.keys().find(|name| own.contains(&name.as_str())) {
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

/// The parameters of a callback that this library knows; others are ignored (RFC 6749 §4.1.2).
#[derive(Default)]
struct Callback {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    error_uri: Option<String>,
    /// All else, of a fragment.
    brought: Brought,
}

impl Callback {
    /// Of a whole URL, or its query alone.
    fn of_query(callback: &str) -> Result<Self, Error> {
        let query = match callback.split_once('?') {
            Some((_, query)) => query,
            None if callback.contains("://") => "",
            None => callback,
        };
        Self::parse(callback, query.split('#').next().unwrap_or_default(), false)
    }

    /// Of a whole URL, or its fragment alone.
    fn of_fragment(callback: &str) -> Result<Self, Error> {
        let (before, fragment) = match callback.split_once('#') {
            Some(parts) => parts,
            None if callback.contains("://") => (callback, ""),
            None => ("", callback),
        };
        let mut parsed = Self::parse(callback, fragment, true)?;
        // Some servers write iss into the query even so.
        let query = before.split_once('?').map_or("", |(_, query)| query);
        for (_, iss) in form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "iss") {
            if parsed.iss.replace(iss.into_owned()).is_some() {
                return Err(twice("iss"));
            }
        }
        Ok(parsed)
    }

    fn parse(callback: &str, parameters: &str, keep_others: bool) -> Result<Self, Error> {
        if callback.len() > 16 * 1024 {
            return Err(Error::Untrusted("callback: longer than 16384 bytes".to_owned()));
        }
        let mut parsed = Self::default();
        for (name, value) in form_urlencoded::parse(parameters.as_bytes()) {
            let place = match &*name {
                "state" => &mut parsed.state,
                "code" => &mut parsed.code,
                "iss" => &mut parsed.iss,
                "error" => &mut parsed.error,
                "error_description" => &mut parsed.error_description,
                "error_uri" => &mut parsed.error_uri,
                _ if keep_others && parsed.brought.put(&name, &value) => return Err(twice("a parameter")),
                _ => continue,
            };
            // RFC 6749 §3.1: parameters MUST NOT be included more than once.
            if place.replace(value.into_owned()).is_some() {
                return Err(twice(&name));
            }
        }
        Ok(parsed)
    }
}

fn twice(name: &str) -> Error {
    Error::Untrusted(format!("callback: it holds {name} more than once; nothing was sent on"))
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
