//! What is this API, and who issues tokens for it?
//!
//! RFC 9728: a protected resource publishes its own identifier and its authorization servers. A 401 may say where; the identifier in the
//! document must be the one that was asked for, or a stranger could have tokens sent to it that are meant for another API.

use std::fmt;

use serde_json::Value;

use crate::{
    challenge::Challenge,
    document::Document,
    endpoint::Endpoint,
    error::{Error, Garbled},
    exchange::Exchange,
    fetch::{Fetch, cut, identifier, inserted, named, text, texts},
    message::{Answer, without_query},
};

/// What a protected resource says of itself (RFC 9728 §2).
#[derive(Clone)]
pub struct Resource {
    document: Document,
    resource: String,
    authorization_servers: Vec<String>,
    scopes_supported: Vec<String>,
}

/// No resource trusts more servers than this.
const MOST_SERVERS: usize = 64;

impl Resource {
    /// Asks a resource what it is, by its identifier: an https URL without a fragment (RFC 9728 §1.2).
    ///
    /// The places that are asked (§3.1): `https://host/.well-known/oauth-protected-resource/path?query`, and where there is none, the same
    /// without path and query, since a host with a single resource often answers there only.
    ///
    /// # Errors
    /// The exchange ends as [`Error::Untrusted`] where the document is another resource's or names a server that is not https, as
    /// [`Error::Garbled`] where it makes no sense, as [`Error::Refused`] where there is none, and as [`Error::Usage`] where
    /// `resource` is no identifier.
    pub fn discover(resource: &str) -> Exchange<Self> {
        begin(search(resource))
    }

    /// Asks a resource what it is, at the place that its refusal names: the `resource_metadata` of a `WWW-Authenticate` (RFC 9728 §5.1), of any
    /// scheme. Where `answer` names none, this is [`discover`](Self::discover).
    ///
    /// `resource` is the identifier, which is the URL that was called (§3.3). The place may be on another host; nothing but the request for
    /// the document goes there.
    ///
    /// # Errors
    /// Those of [`discover`](Self::discover); a place that is not https is [`Error::Untrusted`].
    pub fn challenged(resource: &str, answer: &Answer) -> Exchange<Self> {
        begin(challenged(resource, answer))
    }

    /// The resource's identifier: what `resource` must say in the requests for its tokens (RFC 8707 §2).
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The issuers of the authorization servers that it takes tokens from, in its order; [`Provider::discover`](crate::Provider::discover)
    /// reads each. Empty where it names none.
    pub fn authorization_servers(&self) -> &[String] {
        &self.authorization_servers
    }

    /// The scopes that are used at this resource. Empty where it names none.
    pub fn scopes_supported(&self) -> &[String] {
        &self.scopes_supported
    }

    /// The whole document. A `signed_metadata` in it is not looked into.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// Identifiers without what stands in a query, which a program may have put a secret into.
impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers: Vec<String> = self.authorization_servers.iter().map(|issuer| without_query(issuer)).collect();
        f.debug_struct("Resource")
            .field("resource", &without_query(&self.resource))
            .field("authorization_servers", &servers)
            .field("scopes_supported", &self.scopes_supported)
            .field("document", &self.document)
            .finish()
    }
}

fn begin(fetch: Result<Fetch<Resource>, Error>) -> Exchange<Resource> {
    match fetch {
        Ok(fetch) => Exchange::new(fetch),
        Err(error) => Exchange::failed(error),
    }
}

fn search(resource: &str) -> Result<Fetch<Resource>, Error> {
    const NAME: &str = "oauth-protected-resource";
    identifier(resource, "resource")?;
    let (origin, path) = cut(resource);
    // RFC 9728 §3.1: a slash that only ends the host goes first.
    let path = if path == "/" { "" } else { path };
    let path = if path.starts_with("/?") { &path[1..] } else { path };
    let mut places = vec![inserted(origin, NAME, path)];
    if !path.is_empty() {
        places.push(inserted(origin, NAME, ""));
    }
    fetch(resource, places)
}

/// The work behind [`Resource::challenged`].
pub(crate) fn challenged(resource: &str, answer: &Answer) -> Result<Fetch<Resource>, Error> {
    let challenges = Challenge::parse_all(answer.header_all("www-authenticate"));
    let Some(place) = challenges.iter().find_map(Challenge::resource_metadata) else { return search(resource) };
    Endpoint::check(resource, false, "resource")?;
    named(place, "resource_metadata")?;
    fetch(resource, vec![place.to_owned()])
}

fn fetch(resource: &str, places: Vec<String>) -> Result<Fetch<Resource>, Error> {
    let wanted = resource.to_owned();
    Fetch::new(places, "the request for what the resource is", move |document, answer| read(&wanted, document, answer))
}

fn read(wanted: &str, document: Document, answer: &Answer) -> Result<Resource, Error> {
    let metadata: Value = document.value();
    let resource = text(&metadata, "resource", answer)?
        .ok_or_else(|| Error::from(Garbled::new("the metadata does not say which resource it is about", answer)))?;
    // RFC 9728 §3.3: identical, or it MUST NOT be used.
    if *resource != wanted {
        return Err(Error::Untrusted(format!(
            "metadata: it is about the resource {}, and {} was asked; nothing of it is used",
            without_query(&resource),
            without_query(wanted)
        )));
    }
    let authorization_servers = texts(&metadata, "authorization_servers", answer)?.unwrap_or_default();
    if authorization_servers.len() > MOST_SERVERS {
        return Err(Garbled::new(format!("it names more than {MOST_SERVERS} authorization servers"), answer).into());
    }
    for issuer in &authorization_servers {
        named(issuer, "authorization_servers")?;
    }
    let scopes_supported = texts(&metadata, "scopes_supported", answer)?.unwrap_or_default();
    Ok(Resource { document, resource: wanted.to_owned(), authorization_servers, scopes_supported })
}
