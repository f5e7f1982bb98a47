//! How does nobody on the way change what is asked for?
//!
//! The authorization request as a JWT of the client's signer (JAR, RFC 9101): by value in the URL, or inside a pushed request (RFC 9126 §3).

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{
    authorize::Asked,
    client::Client,
    error::Error,
    jwt::sign_jwt,
    random::{Random, unguessable},
    sign::check_asymmetric,
    time::Now,
};

/// So long may a server take it, in seconds: as long as a user needs to get there.
const LIFETIME_S: i64 = 300;

/// Names each signing of a request anew, so that a server which takes each once takes one that it has asked to be sent again (RFC 9449 §8).
pub(crate) struct Names {
    first: Zeroizing<String>,
    given: u32,
}

impl Names {
    pub(crate) fn new(random: &dyn Random) -> Result<Self, Error> {
        Ok(Self { first: unguessable(random)?, given: 0 })
    }

    fn next(&mut self) -> String {
        self.given += 1;
        if self.given == 1 { self.first.to_string() } else { format!("{}-{}", *self.first, self.given) }
    }
}

/// The same request, as the only parameter beside the client's id (RFC 9101 §5).
pub(crate) fn signed(client: &Client, asked: &Asked, now: Now, names: &mut Names) -> Result<Asked, Error> {
    let signer = client.known_signer().ok_or_else(|| Error::usage("authorize: a signed request needs the client's key"))?;
    check_asymmetric(signer, "authorize")?;
    let issuer = client.provider().record().issuer.as_deref();
    let issuer = issuer
        .ok_or_else(|| Error::usage("authorize: a signed request is for an issuer, and the provider's record names none"))?;
    let mut claims = Map::new();
    for (name, value) in asked {
        put(&mut claims, name, typed(name, value)?);
    }
    // RFC 9101 §4: iss and aud. §10.8 and RFC 8725 §3.11: its own type. exp and jti, so that it is of no use later.
    let issued = now.wall.div_euclid(1000);
    let own = [
        ("iss", client.id().into()),
        ("aud", issuer.into()),
        ("iat", issued.into()),
        ("nbf", issued.into()),
        ("exp", (issued + LIFETIME_S).into()),
        ("jti", names.next().into()),
    ];
    claims.extend(own.map(|(name, value): (&str, Value)| (name.to_owned(), value)));
    let request = sign_jwt(signer, Some("oauth-authz-req+jwt"), &Value::Object(claims))?;
    let plain = |name: &str, value: &str| (name.to_owned(), Zeroizing::new(value.to_owned()));
    Ok(vec![plain("client_id", client.id()), plain("request", request.expose())])
}

/// What is JSON in a query is JSON here (RFC 9396 §3; OpenID Connect Core 1.0 §5.5, §6.1: `max_age` is a number).
fn typed(name: &str, value: &str) -> Result<Value, Error> {
    match name {
        "authorization_details" | "claims" | "max_age" => {
            serde_json::from_str(value).map_err(|_| Error::usage(format!("authorize: {name} is not JSON")))
        }
        _ => Ok(value.into()),
    }
}

/// What stands there more than once becomes a list (RFC 8707 §2: `resource`).
fn put(claims: &mut Map<String, Value>, name: &str, value: Value) {
    match claims.get_mut(name) {
        None => {
            claims.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}
