//! How does BuildPass hand out, renew and take back tokens?
//!
//! Source: the BuildPass OAuth guide ("fully compliant with RFC 6749"); authorization code with PKCE, refresh with
//! rotation and `/oauth/revoke` from its public changelog. Where the guide is silent, the RFC it names decides.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::json;

use super::{basic, browser, buildpass_api, jwt};
use crate::Provider;
use crate::ledger::Issued;
use crate::message::{Answer, BodyType, Parameters, Request, object};
use crate::random;
use crate::readings::{Basic, BuildPassReadings, Expiry, Numbers, Refresh, Scope, TokenAnswer};
use crate::seed::{AUDIENCE, SCOPES};
use crate::state::State;

pub(crate) const TOKEN: &str = "/oauth/token";
pub(crate) const AUTHORIZE: &str = "/oauth/authorize";
pub(crate) const REVOKE: &str = "/oauth/revoke";
/// Days are long enough for a test that turns the clock by hours.
const REFRESH_LIFETIME_MS: i64 = 30 * 86_400_000;

pub(crate) fn answer(state: &mut State, own_url: &str, request: &Request) -> Answer {
    match (request.path.as_str(), request.method.as_str()) {
        (TOKEN, "POST") => token(state, own_url, request).unwrap_or_else(Refused::answer),
        (REVOKE, "POST") => revoke(state, request).unwrap_or_else(Refused::answer),
        (AUTHORIZE, "GET") => authorize(state, own_url, request).unwrap_or_else(Refused::answer),
        (TOKEN | REVOKE, _) => refused("invalid_request", "must use HTTP POST").status(405).answer().header("Allow", "POST"),
        (AUTHORIZE, _) => refused("invalid_request", "must use HTTP GET").status(405).answer().header("Allow", "GET"),
        _ => buildpass_api::answer(state, request),
    }
}

/// "Error responses follow OAuth 2.0 RFC 6749 standards".
struct Refused {
    status: u16,
    code: &'static str,
    description: Cow<'static, str>,
    challenge: bool,
}

fn refused(code: &'static str, description: impl Into<Cow<'static, str>>) -> Refused {
    let status = if code == "invalid_client" { 401 } else { 400 };
    Refused { status, code, description: description.into(), challenge: false }
}

impl Refused {
    fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    fn answer(self) -> Answer {
        let body = object(&[("error", json!(self.code)), ("error_description", json!(self.description))]);
        let answer = Answer::json(self.status, body).no_store();
        // "If the client attempted to authenticate via the "Authorization" request header field, the authorization
        // server MUST respond with an HTTP 401 […] and include the "WWW-Authenticate" response header field" (RFC 6749 §5.2).
        if self.challenge { answer.header("WWW-Authenticate", "Basic realm=\"BuildPass\"") } else { answer }
    }
}

fn token(state: &mut State, own_url: &str, request: &Request) -> Result<Answer, Refused> {
    let parameters = body(request)?;
    let grant = parameters.one("grant_type").ok_or_else(|| refused("invalid_request", "grant_type is missing"))?.to_owned();
    let client_id = authenticated(state, request, &parameters)?;
    if parameters.one("audience").is_some_and(|audience| audience != AUDIENCE) {
        return Err(refused("invalid_scope", "Requested scopes are invalid for the audience"));
    }
    let now_ms = state.clock.now_ms();
    let (issued, renewable) = match grant.as_str() {
        "client_credentials" => {
            if state.ledger(Provider::BuildPass).client(&client_id).is_some_and(|client| client.client_secret.is_none()) {
                // "The client credentials grant type MUST only be used by confidential clients" (RFC 6749 §4.4).
                return Err(refused("unauthorized_client", "a public client cannot use client_credentials"));
            }
            (new_grant(&client_id, asked_scope(&parameters)?, 0), None)
        }
        "authorization_code" => (redeem(state, now_ms, &client_id, &parameters)?, Some(Refresh::Rotate)),
        "refresh_token" => {
            let reading = state.readings.buildpass.refresh;
            (renew(state, now_ms, &client_id, &parameters)?, Some(reading))
        }
        _ => return Err(refused("unsupported_grant_type", "Grant type not supported")),
    };
    Ok(issue(state, own_url, now_ms, issued, renewable, parameters.one("refresh_token")))
}

/// JSON or form; the guide shows both.
fn body(request: &Request) -> Result<Parameters, Refused> {
    let parameters = match request.body_type() {
        BodyType::Form => request.form(),
        BodyType::Json => Parameters::from_json(&request.body).map_err(|why| refused("invalid_request", why))?,
        BodyType::Other => {
            return Err(refused("invalid_request", "Content-Type must be application/json or application/x-www-form-urlencoded"));
        }
    };
    match parameters.repeated() {
        Some(name) => Err(refused("invalid_request", format!("{name} is repeated"))),
        None => Ok(parameters),
    }
}

/// Id and secret from Basic or from the body, never both: "The client MUST NOT use more than one authentication method
/// in each request" (RFC 6749 §2.3).
fn authenticated(state: &mut State, request: &Request, parameters: &Parameters) -> Result<String, Refused> {
    let encoded = state.readings.buildpass.basic != Basic::Raw;
    let basic = basic::credentials(request, encoded);
    if basic.is_some() && (parameters.one("client_secret").is_some() || parameters.one("client_id").is_some()) {
        return Err(refused("invalid_request", "client credentials in the header and in the body"));
    }
    let challenge = basic.is_some();
    let wrong = || Refused { challenge, ..refused("invalid_client", "Invalid client credentials") };
    let (client_id, secret) = match basic {
        Some(header) => header.map(|(id, secret)| (id, Some(secret))).map_err(|_| wrong())?,
        None => {
            let id = parameters.one("client_id").ok_or_else(|| refused("invalid_request", "client_id is missing"))?;
            (id.to_owned(), parameters.one("client_secret").map(String::from))
        }
    };
    match state.ledger(Provider::BuildPass).client(&client_id) {
        Some(client) if client.client_secret == secret => Ok(client_id),
        _ => Err(wrong()),
    }
}

/// "audience: […] This should be set to https://api.buildpass.global"; the scope must be one of the audience's.
fn asked_scope(parameters: &Parameters) -> Result<String, Refused> {
    let audience = parameters.one("audience").ok_or_else(|| refused("invalid_request", "audience is missing"))?;
    let scope = parameters.one("scope").ok_or_else(|| refused("invalid_request", "scope is missing"))?;
    if audience != AUDIENCE || !scope.split(' ').all(|one| SCOPES.contains(&one)) {
        return Err(refused("invalid_scope", "Requested scopes are invalid for the audience"));
    }
    Ok(scope.to_owned())
}

fn new_grant(client_id: &str, scope: String, family: u64) -> Issued {
    Issued {
        client_id: client_id.to_owned(),
        user: None,
        scope,
        expires_ms: 0,
        revoked: false,
        family,
        redirect_uri: String::new(),
        code_challenge: None,
    }
}

fn redeem(state: &mut State, now_ms: i64, client_id: &str, parameters: &Parameters) -> Result<Issued, Refused> {
    let code = parameters.one("code").ok_or_else(|| refused("invalid_request", "code is missing"))?;
    let verifier = parameters.one("code_verifier").ok_or_else(|| refused("invalid_request", "code_verifier is missing"))?;
    let ledger = state.ledger(Provider::BuildPass);
    let issued = browser::take_code(ledger, now_ms, code, client_id, parameters.one("redirect_uri")).map_err(|_| {
        refused("invalid_grant", "The code is unknown, spent, expired, or was issued to another client or redirect_uri")
    })?;
    // BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge (RFC 7636 §4.6)
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    if issued.code_challenge.as_deref() != Some(challenge.as_str()) {
        return Err(refused("invalid_grant", "code_verifier does not fit"));
    }
    Ok(issued)
}

fn renew(state: &mut State, now_ms: i64, client_id: &str, parameters: &Parameters) -> Result<Issued, Refused> {
    let token = parameters.one("refresh_token").ok_or_else(|| refused("invalid_request", "refresh_token is missing"))?;
    let ledger = state.ledger(Provider::BuildPass);
    let dead = || refused("invalid_grant", "The refresh token is unknown, expired or revoked");
    let issued = ledger.refresh.find(token).cloned().filter(|issued| issued.client_id == client_id).ok_or_else(dead)?;
    if issued.revoked {
        // A rotated token that comes back was stolen: "the authorization server […] SHOULD revoke the active refresh
        // token" (RFC 9700 §4.14.2).
        ledger.revoke_family(issued.family);
        return Err(dead());
    }
    if issued.expires_ms <= now_ms {
        return Err(dead());
    }
    let Some(scope) = parameters.one("scope") else {
        return Ok(issued);
    };
    // "MUST NOT include any scope not originally granted" (RFC 6749 §6)
    if !scope.split(' ').all(|one| issued.scope.split(' ').any(|granted| granted == one)) {
        return Err(refused("invalid_scope", "More scope than was granted"));
    }
    Ok(Issued { scope: scope.to_owned(), ..issued })
}

fn issue(
    state: &mut State,
    own_url: &str,
    now_ms: i64,
    mut issued: Issued,
    renewable: Option<Refresh>,
    presented: Option<&str>,
) -> Answer {
    let readings = state.readings.buildpass.clone();
    if readings.scope == Scope::Narrower
        && let Some((kept, _)) = issued.scope.rsplit_once(' ')
    {
        issued.scope = kept.to_owned();
    }
    issued.expires_ms = now_ms.saturating_add(readings.lifetime_s.saturating_mul(1000));
    let access_token = jwt::signed(&[
        ("iss", json!(own_url)),
        ("sub", json!(issued.client_id)),
        ("aud", json!(AUDIENCE)),
        ("scope", json!(issued.scope)),
        ("iat", json!(now_ms.div_euclid(1000))),
        ("exp", json!(issued.expires_ms.div_euclid(1000))),
        ("jti", json!(random::hex(16))),
    ]);
    let ledger = state.ledger(Provider::BuildPass);
    let refresh_token = renewable.and_then(|reading| match (reading, presented) {
        (Refresh::Omit, _) => None,
        (Refresh::Same, Some(same)) => Some(same.to_owned()),
        _ => {
            presented.map(|old| ledger.refresh.revoke(old));
            let token = random::hex(24);
            ledger
                .refresh
                .put(token.clone(), Issued { expires_ms: now_ms.saturating_add(REFRESH_LIFETIME_MS), ..issued.clone() });
            Some(token)
        }
    });
    ledger.access.put(access_token.clone(), issued.clone());
    let body = token_answer(&readings, &access_token, &issued.scope, refresh_token);
    Answer::json(200, body).no_store()
}

fn token_answer(readings: &BuildPassReadings, access_token: &str, scope: &str, refresh_token: Option<String>) -> String {
    let lifetime = match readings.numbers {
        Numbers::String => json!(readings.lifetime_s.to_string()),
        Numbers::AsPrinted | Numbers::Number => json!(readings.lifetime_s),
    };
    if readings.answer == TokenAnswer::Commented {
        // The guide's own printed example: a comment which swallows the comma. It is documentation and not JSON.
        return format!(
            "{{\n  \"access_token\": {},\n  \"token_type\": \"Bearer\",\n  \"expires_in\": {lifetime},\n  \"expires\": {lifetime} // deprecated, please use expires_in,\n  \"scope\": {}\n}}",
            json!(access_token),
            json!(scope)
        );
    }
    let mut members = vec![("access_token", json!(access_token)), ("token_type", json!("Bearer"))];
    if matches!(readings.expiry, Expiry::Both | Expiry::ExpiresIn) {
        members.push(("expires_in", lifetime.clone()));
    }
    if matches!(readings.expiry, Expiry::Both | Expiry::Expires) {
        members.push(("expires", lifetime));
    }
    if readings.scope != Scope::Omitted {
        members.push(("scope", json!(scope)));
    }
    members.extend(refresh_token.map(|token| ("refresh_token", json!(token))));
    object(&members)
}

/// "The authorization server responds with HTTP status code 200 if the token has been revoked successfully or if the
/// client submitted an invalid token" (RFC 7009 §2.2).
fn revoke(state: &mut State, request: &Request) -> Result<Answer, Refused> {
    let parameters = body(request)?;
    let client_id = authenticated(state, request, &parameters)?;
    let token = parameters.one("token").ok_or_else(|| refused("invalid_request", "token is missing"))?;
    let ledger = state.ledger(Provider::BuildPass);
    let own = |issued: &&Issued| issued.client_id == client_id;
    if let Some(family) = ledger.refresh.find(token).filter(own).map(|issued| issued.family) {
        // "the authorization server SHOULD also invalidate all access tokens based on the same authorization grant" (§2.1)
        ledger.revoke_family(family);
    } else if ledger.access.find(token).filter(own).is_some() {
        ledger.access.revoke(token);
    }
    Ok(Answer { body: String::new(), ..Answer::json(200, "") }.no_store())
}

fn authorize(state: &mut State, own_url: &str, request: &Request) -> Result<Answer, Refused> {
    let query = request.query();
    let readings = state.readings.buildpass.clone();
    let now_ms = state.clock.now_ms();
    let ledger = state.ledger(Provider::BuildPass);
    // To a redirect_uri that is not this client's nobody is sent (RFC 6749 §4.1.2.1).
    let client = query.one("client_id").and_then(|id| ledger.client(id));
    let client = client.ok_or_else(|| refused("invalid_request", "client_id is unknown").status(400))?;
    let client_id = client.client_id.clone();
    let redirect_uri = query.one("redirect_uri").filter(|uri| client.redirect_uris.iter().any(|known| known == uri));
    let redirect_uri = redirect_uri.ok_or_else(|| refused("invalid_request", "redirect_uri is not registered"))?;
    let redirect = browser::Redirect::new(&query, redirect_uri, readings.iss, own_url);
    if let Some(name) = query.repeated() {
        return Ok(redirect.error("invalid_request", &format!("{name} is repeated")));
    }
    if query.one("response_type") != Some("code") {
        return Ok(redirect.error("unsupported_response_type", "response_type must be code"));
    }
    let challenge = query.one("code_challenge");
    if challenge.is_none() || query.one("code_challenge_method") != Some("S256") {
        return Ok(redirect.error("invalid_request", "PKCE with S256 is required"));
    }
    let scope = match asked_scope(&query) {
        Ok(scope) => scope,
        Err(refused) => return Ok(redirect.error(refused.code, &refused.description)),
    };
    if browser::denied(&query, readings.consent) {
        return Ok(redirect.error("access_denied", "The person said no"));
    }
    let mut issued = new_grant(&client_id, scope, 0);
    issued.code_challenge = challenge.map(String::from);
    Ok(redirect.code(ledger, now_ms, issued))
}
