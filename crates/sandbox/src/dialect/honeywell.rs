//! How does Honeywell Home ("connectedhome", an Apigee installation) hand out and renew tokens?
//!
//! Source: the Honeywell Home OAuth2 guide. The paths and the shapes of errors come from its public pages and from
//! Apigee's: the guide prints neither.

use serde_json::{Value, json};

use super::browser::BadCode;
use super::{basic, browser, honeywell_api};
use crate::Provider;
use crate::ledger::Issued;
use crate::message::{Answer, BodyType, Parameters, Request, object};
use crate::random;
use crate::readings::{Basic, Errors, Numbers, Refresh};
use crate::state::State;

pub(crate) const CLIENT_TOKEN: &str = "/oauth2/accesstoken";
pub(crate) const TOKEN: &str = "/oauth2/token";
pub(crate) const AUTHORIZE: &str = "/oauth2/authorize";
/// Days are long enough for a test that turns the clock by hours.
const REFRESH_LIFETIME_MS: i64 = 30 * 86_400_000;

pub(crate) fn answer(state: &mut State, own_url: &str, request: &Request) -> Answer {
    let errors = state.readings.honeywell.errors;
    let result = match (request.path.as_str(), request.method.as_str()) {
        (CLIENT_TOKEN | TOKEN, "POST") => token(state, request),
        (CLIENT_TOKEN | TOKEN, _) => Err(Refused { status: 405, ..invalid_request("must use HTTP POST") }),
        (AUTHORIZE, "GET") => authorize(state, own_url, request),
        (AUTHORIZE, _) => Err(Refused { status: 405, ..invalid_request("must use HTTP GET") }),
        _ => return honeywell_api::answer(state, request),
    };
    result.unwrap_or_else(|refused| refused.answer(errors).no_store())
}

/// One refusal in Apigee's two shapes and the RFC's.
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) text: String,
    /// The `errorcode` of a fault.
    pub(crate) fault: &'static str,
}

impl Refused {
    pub(crate) fn answer(self, errors: Errors) -> Answer {
        let Self { status, code, text, fault } = self;
        let body = match errors {
            Errors::Apigee => object(&[("ErrorCode", json!(code)), ("Error", json!(text))]),
            Errors::Fault => object(&[("fault", json!({"faultstring": text, "detail": {"errorcode": fault}}))]),
            Errors::Rfc => object(&[("error", json!(code)), ("error_description", json!(text))]),
        };
        Answer::json(status, body)
    }
}

fn invalid_request(text: impl Into<String>) -> Refused {
    Refused { status: 400, code: "invalid_request", text: text.into(), fault: "oauth.v2.InvalidRequest" }
}

fn invalid_grant(text: &str) -> Refused {
    Refused { status: 400, code: "invalid_grant", text: text.into(), fault: "oauth.v2.InvalidGrant" }
}

fn token(state: &mut State, request: &Request) -> Result<Answer, Refused> {
    if request.body_type() != BodyType::Form {
        return Err(invalid_request("Content-Type must be application/x-www-form-urlencoded"));
    }
    let form = request.form();
    if let Some(name) = form.repeated() {
        return Err(invalid_request(format!("Repeated param : {name}")));
    }
    let client_id = authenticated(state, request, &form)?;
    let now_ms = state.clock.now_ms();
    let grant = form.one("grant_type").ok_or_else(|| invalid_request("Required param : grant_type"))?;
    let (issued, reading) = match (request.path.as_str(), grant) {
        (CLIENT_TOKEN, "client_credentials") => (new_grant(&client_id), None),
        (TOKEN, "authorization_code") => (redeem(state, now_ms, &client_id, &form)?, Some(Refresh::Rotate)),
        (TOKEN, "refresh_token") => {
            let issued = renew(state, now_ms, &client_id, &form)?;
            (issued, Some(state.readings.honeywell.refresh))
        }
        _ => {
            let text = format!("Unsupported grant type : {grant}");
            return Err(Refused { status: 400, code: "unsupported_grant_type", text, fault: "oauth.v2.UnSupportedGrantType" });
        }
    };
    Ok(issue(state, now_ms, issued, reading, form.one("refresh_token")))
}

/// "a Base64 encoded value of apikey and apiSecret concatenated with a colon", and nowhere else.
fn authenticated(state: &mut State, request: &Request, form: &Parameters) -> Result<String, Refused> {
    let encoded = state.readings.honeywell.basic == Basic::Encoded;
    let invalid = |text: &str| Refused {
        status: 401,
        code: "invalid_client",
        text: text.into(),
        fault: "oauth.v2.InvalidClientIdentifier",
    };
    let header = basic::credentials(request, encoded).ok_or_else(|| invalid("ClientId is Invalid"))?;
    let (client_id, secret) = header.map_err(|_| invalid("ClientId is Invalid"))?;
    if form.one("client_secret").is_some() {
        return Err(invalid_request("client credentials in the header and in the body"));
    }
    match state.ledger(Provider::Honeywell).client(&client_id) {
        None => Err(invalid("ClientId is Invalid")),
        Some(client) if client.client_secret != Some(secret) => Err(invalid("Client credentials are invalid")),
        Some(_) => Ok(client_id),
    }
}

fn new_grant(client_id: &str) -> Issued {
    Issued {
        client_id: client_id.to_owned(),
        user: None,
        scope: "user".into(),
        expires_ms: 0,
        revoked: false,
        family: 0,
        redirect_uri: String::new(),
        code_challenge: None,
    }
}

fn redeem(state: &mut State, now_ms: i64, client_id: &str, form: &Parameters) -> Result<Issued, Refused> {
    let code = form.one("code").ok_or_else(|| invalid_request("Required param : code"))?;
    let redirect_uri = form.one("redirect_uri").ok_or_else(|| invalid_request("Required param : redirect_uri"))?;
    let ledger = state.ledger(Provider::Honeywell);
    browser::take_code(ledger, now_ms, code, client_id, Some(redirect_uri)).map_err(|bad| match bad {
        BadCode::OtherRedirect => invalid_grant(&format!("Invalid redirection uri {redirect_uri}")),
        BadCode::Expired => invalid_grant("Authorization Code expired"),
        BadCode::Unknown | BadCode::OtherClient => invalid_grant("Invalid Authorization Code"),
    })
}

fn renew(state: &mut State, now_ms: i64, client_id: &str, form: &Parameters) -> Result<Issued, Refused> {
    let token = form.one("refresh_token").ok_or_else(|| invalid_request("Required param : refresh_token"))?;
    let alive = state.ledger(Provider::Honeywell).refresh.alive(token, now_ms);
    match alive {
        Ok(issued) if issued.client_id == client_id => Ok(issued.clone()),
        Err(crate::ledger::Dead::Expired) => Err(invalid_grant("Refresh Token expired")),
        _ => Err(invalid_grant("Invalid Refresh Token")),
    }
}

/// The printed answer: everything a string, and one member whose name is empty.
fn issue(state: &mut State, now_ms: i64, mut issued: Issued, reading: Option<Refresh>, presented: Option<&str>) -> Answer {
    let readings = state.readings.honeywell.clone();
    let ledger = state.ledger(Provider::Honeywell);
    issued.expires_ms = now_ms.saturating_add(readings.lifetime_s.saturating_mul(1000));
    let access_token = random::hex(14);
    let refresh_token = reading.and_then(|reading| match (reading, presented) {
        (Refresh::Omit, _) => None,
        (Refresh::Same, Some(same)) => Some(same.to_owned()),
        _ => {
            presented.map(|old| ledger.refresh.revoke(old));
            let token = random::hex(16);
            ledger
                .refresh
                .put(token.clone(), Issued { expires_ms: now_ms.saturating_add(REFRESH_LIFETIME_MS), ..issued.clone() });
            Some(token)
        }
    });
    ledger.access.put(access_token.clone(), issued.clone());
    let number = |n: i64| -> Value { if readings.numbers == Numbers::Number { json!(n) } else { json!(n.to_string()) } };
    let refresh_lifetime = if refresh_token.is_some() { REFRESH_LIFETIME_MS / 1000 } else { 0 };
    let mut members = vec![
        ("refresh_token_expires_in", number(refresh_lifetime)),
        ("api_product_list", json!("[Basic Plan]")),
        ("organization_name", json!("connectedhome")),
        ("", json!("")),
        ("token_type", json!(readings.token_type)),
        ("issued_at", number(now_ms)),
        ("client_id", json!(issued.client_id)),
        ("access_token", json!(access_token)),
        ("application_name", json!("b1bd4907-924a-4470-a641-0effeb279834")),
        ("scope", json!(issued.scope)),
        ("expires_in", number(readings.lifetime_s)),
        ("refresh_count", number(i64::from(presented.is_some()))),
        ("status", json!("approved")),
    ];
    members.extend(refresh_token.map(|token| ("refresh_token", json!(token))));
    Answer::json(200, object(&members)).no_store()
}

/// "a redirect will occur to the Redirect URI defined in the query parameter along with an Authorization Code […]. The
/// Redirect URI must match [what] is defined in your Application config."
fn authorize(state: &mut State, own_url: &str, request: &Request) -> Result<Answer, Refused> {
    let query = request.query();
    let readings = state.readings.honeywell.clone();
    let now_ms = state.clock.now_ms();
    let ledger = state.ledger(Provider::Honeywell);
    let client = query.one("client_id").and_then(|id| ledger.client(id)).ok_or_else(|| Refused {
        status: 401,
        code: "invalid_client",
        text: "ClientId is Invalid".into(),
        fault: "oauth.v2.InvalidClientIdentifier",
    })?;
    let client_id = client.client_id.clone();
    let asked = query.one("redirect_uri").ok_or_else(|| invalid_request("Required param : redirect_uri"))?;
    if !client.redirect_uris.iter().any(|known| known == asked) {
        return Err(invalid_request(format!("Invalid redirection uri {asked}")));
    }
    let redirect = browser::Redirect::new(&query, asked, readings.iss, own_url);
    if query.one("response_type") != Some("code") {
        return Ok(redirect.error("unsupported_response_type", "response_type must be code"));
    }
    if browser::denied(&query, readings.consent) {
        return Ok(redirect.error("access_denied", "The person said no"));
    }
    let issued = Issued { user: Some(crate::seed::USER_REF_ID.into()), ..new_grant(&client_id) };
    Ok(redirect.code(ledger, now_ms, issued))
}
