//! How is a token request built?
//!
//! POST, the grant's parameters, the provider's own, the client's proof; as a form or, for one dialect, as JSON.

use http::Method;
use serde::ser::{SerializeMap, Serializer};
use zeroize::Zeroizing;

use crate::{
    client::Client,
    encode::form_pair,
    error::Error,
    grant::Grant,
    message::{HeaderValue, Request},
    prove::{Proof, prove},
    record::BodyFormat,
};

pub(crate) fn token_request(client: &Client, grant: &Grant) -> Result<Request, Error> {
    // RFC 6749 §3.2: the client MUST use POST. §2.3.1: credentials MUST NOT stand in the URI.
    let mut request = Request::new(Method::POST, client.token_url(grant.kind())?.to_owned());
    request.plain_http = client.plain_http();
    let proof = prove(client)?;
    let format = client.body_format();
    request.header("accept", HeaderValue::Fixed("application/json"));
    request.header(
        "content-type",
        HeaderValue::Fixed(match format {
            BodyFormat::Form => "application/x-www-form-urlencoded",
            BodyFormat::Json => "application/json",
        }),
    );
    request.body = match format {
        BodyFormat::Form => {
            let mut body = Zeroizing::new(String::with_capacity(256));
            each_parameter(client, grant, &proof, |name, value| form_pair(&mut body, name, value));
            Zeroizing::new(std::mem::take(&mut *body).into_bytes())
        }
        BodyFormat::Json => json(client, grant, &proof)?,
    };
    if let Proof::Header(value) = proof {
        request.header("authorization", HeaderValue::Secret(value));
    }
    Ok(request)
}

/// Every parameter of the body, in order, none of them empty (RFC 6749 §3.2).
fn each_parameter(client: &Client, grant: &Grant, proof: &Proof<'_>, mut put: impl FnMut(&str, &str)) {
    let rules = &client.provider().record().token;
    put("grant_type", grant.kind().as_str());
    if let Proof::Body { id, secret } = proof {
        put("client_id", id);
        if let Some(secret) = secret {
            put("client_secret", secret);
        }
    }
    for (name, value) in grant.parameters().map(|(name, value)| (name, value.expose())).filter(|(_, value)| !value.is_empty()) {
        if name == "scope" && rules.scope_separator != " " {
            put(name, &value.split(' ').filter(|scope| !scope.is_empty()).collect::<Vec<_>>().join(&rules.scope_separator));
        } else {
            put(name, value);
        }
    }
    // The provider's own parameters belong to every grant and every renewal; the program's word comes first.
    for (name, value) in rules.parameters.iter().filter(|(name, _)| grant.value(name).is_none_or(str::is_empty)) {
        put(name, value);
    }
}

fn json(client: &Client, grant: &Grant, proof: &Proof<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Measured first, so that the buffer never grows and leaves no copy of a secret behind.
    let mut most = 2;
    each_parameter(client, grant, proof, |name, value| most += 6 * (name.len() + value.len()) + 6);
    let mut body = Zeroizing::new(Vec::with_capacity(most.min(64 * 1024)));
    let mut failed = None;
    let mut serializer = serde_json::Serializer::new(&mut *body);
    let mut members = serializer.serialize_map(None).map_err(|_| Error::usage("grant: cannot be written as JSON"))?;
    each_parameter(client, grant, proof, |name, value| failed = members.serialize_entry(name, value).err().or(failed.take()));
    failed.map_or_else(|| members.end(), Err).map_err(|_| Error::usage("grant: cannot be written as JSON"))?;
    Ok(body)
}
