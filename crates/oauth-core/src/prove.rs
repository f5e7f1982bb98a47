//! How do we prove it is us?
//!
//! One way per request (RFC 6749 §2.3): credentials never stand in the body and in a header at once.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    client::Client,
    encode::{Space, basic, percent},
    error::Error,
    hmac::hmac_sha256,
    jwt,
    random::unguessable,
    record::{AssertionAudience, ClientAuth},
    secret::Secret,
    sign::{Signer, check_asymmetric},
    time::Now,
};

/// What client authentication adds to a token request.
pub(crate) enum Proof<'a> {
    /// An `Authorization` header's value.
    Header(Zeroizing<String>),
    /// `client_id` and, for a confidential client, `client_secret` in the body.
    Body { id: &'a str, secret: Option<&'a str> },
    /// `client_id` and a signed statement of who we are in the body.
    Assertion { id: &'a str, jwt: Zeroizing<String> },
}

impl Proof<'_> {
    /// What of it stands in the body.
    pub(crate) fn each(&self, put: &mut dyn FnMut(&str, &str)) {
        match self {
            Self::Header(_) => {}
            Self::Body { id, secret } => {
                put("client_id", id);
                if let Some(secret) = secret {
                    put("client_secret", secret);
                }
            }
            // RFC 7521 §4.2: client_id is optional and says the same; servers that look the client up first want it.
            Self::Assertion { id, jwt } => {
                put("client_id", id);
                // RFC 7523 §2.2
                put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                put("client_assertion", jwt);
            }
        }
    }
}

pub(crate) fn prove(client: &Client, now: Now) -> Result<Proof<'_>, Error> {
    let id = client.id();
    match client.auth_method() {
        ClientAuth::Basic => {
            let secret = secret(client)?;
            Ok(Proof::Header(client.basic(|| basic(&encoded(id), &encoded(secret)))))
        }
        ClientAuth::BasicRaw => {
            // RFC 7617 §2: the first colon ends the user-id, so a raw id cannot hold one.
            if id.contains(':') {
                return Err(Error::usage(
                    "client_id: an id with a colon cannot be sent by basic_raw, the server would cut it there",
                ));
            }
            let secret = secret(client)?;
            Ok(Proof::Header(client.basic(|| basic(id, secret))))
        }
        ClientAuth::Post => Ok(Proof::Body { id, secret: Some(secret(client)?) }),
        // RFC 6749 §3.2.1: a public client names itself by client_id.
        // RFC 8705 §2: so does one that its certificate authenticates.
        ClientAuth::None | ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTlsClientAuth => {
            Ok(Proof::Body { id, secret: None })
        }
        ClientAuth::ClientSecretJwt => {
            let signer = SharedSecret::new(secret(client)?)?;
            Ok(Proof::Assertion { id, jwt: assertion(client, &signer, now)? })
        }
        ClientAuth::PrivateKeyJwt => {
            let signer = client.known_signer().ok_or_else(|| {
                Error::usage(format!(
                    "key: missing, {} authenticates its clients by private_key_jwt; give the client its key",
                    client.provider().name()
                ))
            })?;
            check_asymmetric(signer, "signer")?;
            Ok(Proof::Assertion { id, jwt: assertion(client, signer, now)? })
        }
    }
}

fn secret(client: &Client) -> Result<&str, Error> {
    client.known_secret().map(Secret::expose).ok_or_else(|| {
        Error::usage(format!(
            "client_secret: missing, {} authenticates its clients; a public client says auth none",
            client.provider().name()
        ))
    })
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before Basic. A blank becomes `%20`, which both kinds of decoders read.
fn encoded(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::new());
    percent(&mut out, text, Space::Percent);
    out
}

/// RFC 7523 §3, in this order.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: &'a str,
    iat: i64,
    exp: i64,
}

/// How long an assertion is good, in seconds: for its way to the server, and for clocks that differ a little.
const LIFETIME_S: i64 = 60;

/// A statement of who we are, made anew for every request: its id works once (RFC 7523 §3, claim 7).
fn assertion(client: &Client, signer: &dyn Signer, now: Now) -> Result<Zeroizing<String>, Error> {
    let iat = now.wall.div_euclid(1000);
    let claims = Claims {
        // RFC 7523 §3, claim 2: both are the client_id.
        iss: client.id(),
        sub: client.id(),
        aud: &audience(client)?,
        jti: &unguessable(client.random_for("client authentication by JWT")?)?,
        iat,
        exp: iat.saturating_add(LIFETIME_S),
    };
    // draft-ietf-oauth-rfc7523bis §4: the type that no other JWT has.
    jwt::compact(signer, &jwt::header(signer, Some("client-authentication+jwt"), None)?, &claims)
}

/// draft-ietf-oauth-rfc7523bis §4: the issuer, and nothing beside it, so that no other server can use the assertion. Servers that know only
/// RFC 7523 may want the token endpoint.
fn audience(client: &Client) -> Result<String, Error> {
    let record = client.provider().record();
    match client.assertion_audience_kind() {
        AssertionAudience::TokenEndpoint => Ok(client.endpoint(&record.token.url, "token.url")?.url),
        AssertionAudience::Issuer => record.issuer.clone().ok_or_else(|| {
            Error::usage(format!(
                "provider record: issuer: missing; a JWT for client authentication names {} by it, or by its token endpoint where \
                 token.assertion_audience says so",
                record.name
            ))
        }),
    }
}

/// The client's secret as a key (OpenID Connect Core 1.0 §9, client_secret_jwt).
struct SharedSecret<'a>(&'a str);

impl<'a> SharedSecret<'a> {
    fn new(secret: &'a str) -> Result<Self, Error> {
        // RFC 7518 §3.2: whoever sees one assertion could otherwise try out secrets until one fits.
        if secret.len() < 32 {
            return Err(Error::usage(
                "client_secret: shorter than 32 bytes, too short to sign with (RFC 7518 §3.2); authenticate by basic or post",
            ));
        }
        Ok(Self(secret))
    }
}

impl Signer for SharedSecret<'_> {
    fn algorithm(&self) -> &str {
        "HS256"
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        Ok(hmac_sha256(self.0.as_bytes(), message).to_vec())
    }
}
