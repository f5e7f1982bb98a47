//! Where are this issuer's endpoints, and what can it do?
//!
//! RFC 8414 and OpenID Connect Discovery 1.0: the server's own metadata, read into a provider record like any other. The issuer in the
//! document must be the one that was asked for, letter by letter: whoever can put up a document at one issuer must not speak for another.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{
    document::Document,
    error::{Error, Garbled},
    exchange::Exchange,
    fetch::{Fetch, cut, identifier, inserted, named, text, texts},
    message::{Answer, without_query},
    provider::Provider,
    record::MTLS_ENDPOINTS,
};

impl Provider {
    /// Reads what an authorization server says of itself and makes a provider of it.
    ///
    /// `issuer` is the server's identifier, an https URL without query and fragment (RFC 8414 §2). The places that are asked, in this order,
    /// each only where the one before has no document (any 4xx, or something that is no JSON object):
    ///
    /// 1. `https://host/.well-known/oauth-authorization-server/path`: RFC 8414 §3.1 puts the well-known name *between* host and path;
    /// 2. `https://host/.well-known/openid-configuration/path`, where there is a path: the same for OpenID providers (RFC 8414 §5);
    /// 3. `https://host/path/.well-known/openid-configuration`: OpenID Connect Discovery 1.0 §4 *appends* it.
    ///
    /// The provider's name is the issuer's host, with a part of the issuer's hash where it is more than a host: two issuers never share a
    /// name, because tokens go to every client of the same one. The record has no `base`, so an API call names a whole URL, or the client
    /// its [`base`](crate::Client::base). [`record_json`](Self::record_json) gives the record to keep. `token.auth` is the first that the
    /// server knows of basic, post, private_key_jwt, client_secret_jwt, none, tls_client_auth and self_signed_tls_client_auth; a client that proves itself otherwise says so
    /// ([`Client::auth`](crate::Client::auth)).
    ///
    /// # Errors
    /// The exchange ends as [`Error::Usage`] where `issuer` cannot be one, as [`Error::Untrusted`] where the document is another issuer's or an
    /// endpoint in it is not https, as [`Error::Garbled`] where it makes no sense, and as [`Error::Refused`] where there is none.
    ///
    /// ```
    /// use oauth_core::{Answer, Now, Provider, Step};
    ///
    /// let mut exchange = Provider::discover("https://login.example/tenant");
    /// let Step::Send(request) = exchange.step(Now::default())? else { unreachable!() };
    /// assert_eq!(request.url(), "https://login.example/.well-known/oauth-authorization-server/tenant");
    /// let metadata = br#"{"issuer":"https://login.example/tenant","token_endpoint":"https://login.example/tenant/token"}"#;
    /// exchange.receive(Ok(Answer::new(200, vec![], metadata.to_vec())));
    /// let Step::Done(provider) = exchange.step(Now::default())? else { unreachable!() };
    /// assert!(provider.name().starts_with("login.example-"));
    /// # Ok::<(), oauth_core::Error>(())
    /// ```
    pub fn discover(issuer: &str) -> Exchange<Self> {
        match discovery(issuer) {
            Ok(fetch) => Exchange::new(fetch),
            Err(error) => Exchange::failed(error),
        }
    }
}

/// The work behind [`Provider::discover`].
pub(crate) fn discovery(issuer: &str) -> Result<Fetch<Provider>, Error> {
    identifier(issuer, "issuer")?;
    if issuer.contains('?') {
        // RFC 8414 §2
        return Err(Error::usage(format!("issuer: must not have a query: {}", without_query(issuer))));
    }
    let wanted = issuer.to_owned();
    Fetch::new(places(issuer), "the request for its metadata", move |document, answer| provider(&wanted, &document, answer))
}

fn places(issuer: &str) -> Vec<String> {
    let (origin, path) = cut(issuer);
    // RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4.1: any slash at the end goes first.
    let path = path.trim_end_matches('/');
    let mut places = vec![inserted(origin, "oauth-authorization-server", path)];
    if !path.is_empty() {
        places.push(inserted(origin, "openid-configuration", path));
    }
    places.push(format!("{origin}{path}/.well-known/openid-configuration"));
    places
}

/// Members of the metadata and where they stand in a record's `endpoints`.
const ENDPOINTS: [(&str, &str); 9] = [
    ("revocation_endpoint", "revocation"),
    ("introspection_endpoint", "introspection"),
    ("userinfo_endpoint", "userinfo"),
    ("device_authorization_endpoint", "device_authorization"),
    ("pushed_authorization_request_endpoint", "pushed_authorization_request"),
    ("registration_endpoint", "registration"),
    ("end_session_endpoint", "end_session"),
    ("backchannel_authentication_endpoint", "backchannel_authentication"),
    ("jwks_uri", "jwks"),
];

fn provider(issuer: &str, document: &Document, answer: &Answer) -> Result<Provider, Error> {
    let metadata = document.value();
    let garbled = |why: &str| Error::from(Garbled::new(why, answer));
    let said = text(&metadata, "issuer", answer)?.ok_or_else(|| garbled("the metadata names no issuer"))?;
    // RFC 8414 §3.3: identical, or it MUST NOT be used. A document of another issuer is how one server lures codes meant for another.
    if *said != issuer {
        return Err(Error::Untrusted(format!(
            "metadata: it is the issuer {}'s, and {} was asked; nothing of it is used",
            without_query(&said),
            without_query(issuer)
        )));
    }
    check_endpoints(&metadata, answer)?;
    check_endpoints(metadata.get("mtls_endpoint_aliases").unwrap_or(&Value::Null), answer)?;
    let url = |member: &str| Ok::<_, Error>(text(&metadata, member, answer)?.map(|url| Value::from(url.as_str())));
    let token_url = url("token_endpoint")?.ok_or_else(|| garbled("the metadata names no token_endpoint"))?;
    let mut token = json!({ "url": token_url });
    if let Some(auth) = auth(&metadata, answer)? {
        token["auth"] = auth.into();
    }
    let mut record = json!({ "version": 1, "name": name(issuer), "issuer": issuer, "token": token });
    if let Some(authorize) = url("authorization_endpoint")? {
        record["authorize"] = json!({
            "url": authorize,
            "iss": word(&metadata, "authorization_response_iss_parameter_supported"),
            "pushed": word(&metadata, "require_pushed_authorization_requests"),
        });
    }
    let mut endpoints = Map::new();
    for (member, known) in ENDPOINTS {
        if let Some(url) = url(member)? {
            endpoints.insert(known.to_owned(), url);
        }
    }
    record["endpoints"] = endpoints.into();
    let aliases = aliases(&metadata, answer)?;
    if !aliases.is_empty() {
        record["mtls_endpoints"] = aliases.into();
    }
    record["x-metadata"] = metadata;
    Provider::from_value(record)
}

/// RFC 8705 §5: the endpoints that ask for a client's certificate, by the record's names; an endpoint without an alias is the same for all.
fn aliases(metadata: &Value, answer: &Answer) -> Result<Map<String, Value>, Error> {
    let given = metadata.get("mtls_endpoint_aliases").unwrap_or(&Value::Null);
    let mut aliases = Map::new();
    for name in MTLS_ENDPOINTS {
        if let Some(url) = text(given, &format!("{name}_endpoint"), answer)? {
            aliases.insert(name.to_owned(), Value::from(url.as_str()));
        }
    }
    Ok(aliases)
}

/// A promise of the metadata (RFC 9207 §3, RFC 9126 §5) as a word of the record.
fn word(metadata: &Value, member: &str) -> &'static str {
    if metadata.get(member) == Some(&Value::Bool(true)) { "required" } else { "optional" }
}

/// Every member that is an endpoint, of those too that nobody here uses: who reads them from [`Provider::metadata`] may trust that much.
fn check_endpoints(metadata: &Value, answer: &Answer) -> Result<(), Error> {
    for member in metadata.as_object().into_iter().flat_map(Map::keys) {
        if (member.ends_with("_endpoint") || member == "jwks_uri")
            && let Some(url) = text(metadata, member, answer)?
        {
            named(&url, &crate::encode::printable(member, 60))?;
        }
    }
    Ok(())
}

/// The record's word for the first method of ours that the server knows. What comes with a secret stands before what needs a key, and what
/// keeps the secret out of the body first (RFC 6749 §2.3.1); a public client after those, since a server that knows confidential ones expects them;
/// certificates last, since a transport must be given one.
fn auth(metadata: &Value, answer: &Answer) -> Result<Option<&'static str>, Error> {
    const PREFERRED: [(&str, &str); 7] = [
        ("client_secret_basic", "basic"),
        ("client_secret_post", "post"),
        ("private_key_jwt", "private_key_jwt"),
        ("client_secret_jwt", "client_secret_jwt"),
        ("none", "none"),
        ("tls_client_auth", "tls_client_auth"),
        ("self_signed_tls_client_auth", "self_signed_tls_client_auth"),
    ];
    // RFC 8414 §2: left out, it is client_secret_basic.
    let Some(known) = texts(metadata, "token_endpoint_auth_methods_supported", answer)? else { return Ok(Some("basic")) };
    Ok(PREFERRED.into_iter().find(|(method, _)| known.iter().any(|known| known == method)).map(|(_, word)| word))
}

/// A record's name for an issuer, another one for each.
fn name(issuer: &str) -> String {
    let (origin, path) = cut(issuer);
    let host = origin.trim_start_matches("https://");
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    // A name without a dot could be a built-in provider's.
    if path.is_empty() && origin.len() == host.len() + "https://".len() && host.contains('.') && host.bytes().all(plain) {
        return host.to_owned();
    }
    let readable: String =
        host.to_ascii_lowercase().bytes().map(|b| if plain(b) { char::from(b) } else { '-' }).take(60).collect();
    let hash = Sha256::digest(issuer.as_bytes());
    let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{readable}-{hash}")
}
