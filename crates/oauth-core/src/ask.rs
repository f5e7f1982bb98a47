//! How is a request to the authorization server built?
//!
//! POST, the client's proof, the grant's parameters and the provider's own; as a form or, for one dialect, as JSON.

use http::Method;
use zeroize::Zeroizing;

use crate::{
    client::Client,
    encode::{form_pair, json_pair, push},
    error::Error,
    grant::Grant,
    message::{HeaderValue, Request},
    prove::{Proof, prove},
    record::BodyFormat,
    time::Now,
};

pub(crate) fn token_request(client: &Client, grant: &Grant, now: Now) -> Result<Request, Error> {
    let parameters = Parameters { client, grant: Some(grant.grant_type()), own: Own::Grant(grant), proof: prove(client, now)? };
    Ok(post(client, client.token_url(grant)?.to_owned(), client.body_format(), parameters))
}

/// A request to another endpoint of the authorization server: a form with the client's proof, as at the token endpoint (RFC 7009 §2.1).
pub(crate) fn form_request(client: &Client, url: String, own: &[(&str, &str)], now: Now) -> Result<Request, Error> {
    let parameters = Parameters { client, grant: None, own: Own::Pairs(own), proof: prove(client, now)? };
    Ok(post(client, url, BodyFormat::Form, parameters))
}

fn post(client: &Client, url: String, format: BodyFormat, parameters: Parameters<'_>) -> Request {
    // RFC 6749 §3.2: the client MUST use POST. §2.3.1: credentials MUST NOT stand in the URI.
    let mut request = Request::new(Method::POST, url);
    request.plain_http = client.plain_http();
    request.header("accept", HeaderValue::Fixed("application/json"));
    request.header(
        "content-type",
        HeaderValue::Fixed(match format {
            BodyFormat::Form => "application/x-www-form-urlencoded",
            BodyFormat::Json => "application/json",
        }),
    );
    // Measured first: a buffer that grows is wiped each time, and so is what stays empty of it. The rest is for what has to be escaped.
    let mut length = 32;
    parameters.each(&mut |name, value| length += name.len() + value.len() + r#""":"","#.len());
    let mut body = Zeroizing::new(String::with_capacity(length));
    match format {
        BodyFormat::Form => parameters.each(&mut |name, value| form_pair(&mut body, name, value)),
        BodyFormat::Json => {
            parameters.each(&mut |name, value| json_pair(&mut body, name, value));
            push(&mut body, "}");
        }
    }
    request.body = Zeroizing::new(std::mem::take(&mut *body).into_bytes());
    if let Proof::Header(value) = parameters.proof {
        request.header("authorization", HeaderValue::Secret(value));
    }
    request
}

/// What goes into a body.
struct Parameters<'a> {
    client: &'a Client,
    grant: Option<&'a str>,
    own: Own<'a>,
    proof: Proof<'a>,
}

enum Own<'a> {
    Grant(&'a Grant),
    Pairs(&'a [(&'a str, &'a str)]),
}

impl Parameters<'_> {
    /// Every parameter of the body, in order, none of them empty (RFC 6749 §3.2).
    fn each(&self, put: &mut dyn FnMut(&str, &str)) {
        let rules = &self.client.provider().record().token;
        if let Some(grant_type) = self.grant {
            put("grant_type", grant_type);
        }
        let mut named = false;
        self.proof.each(&mut |name, value| {
            named |= name == "client_id";
            put(name, value);
        });
        let grant = match self.own {
            Own::Pairs(pairs) => {
                // RFC 9126 §2.1 wants the client_id among the parameters, where the proof may have put it already.
                let pairs = pairs.iter().filter(|(name, _)| !named || *name != "client_id");
                return pairs.filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| put(name, value));
            }
            Own::Grant(grant) => grant,
        };
        for (name, value) in grant.parameters().map(|(name, value)| (name, value.expose())).filter(|(_, value)| !value.is_empty())
        {
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
}
