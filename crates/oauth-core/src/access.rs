//! How does a program get from a refusal to a client that may ask for a token?
//!
//! The authorization flow of the Model Context Protocol, and of every API that publishes what it is: the resource says who issues its tokens
//! (RFC 9728), that server what it can (RFC 8414), and the program makes itself known there by its own document or by registration
//! (RFC 7591). What is left is a login with PKCE, for that resource (RFC 8707).

use std::fmt;

use crate::{
    authorize::Authorize,
    challenge::Challenge,
    client::Client,
    client_document::check_id,
    discover::discovery,
    error::{Error, Garbled},
    exchange::{Exchange, Next, Work},
    fetch::{Fetch, cut},
    message::{Answer, Outcome, without_query},
    provider::Provider,
    record::ClientAuth,
    register::{RegisterWork, Registration},
    resource::{self, Resource},
    secret::Secret,
    time::Now,
};

/// What a program knows of itself before it asks an API it never heard of.
///
/// ```
/// use oauth_core::{Access, Answer, Now, Step};
///
/// let url = "https://tools.example/mcp";
/// let challenge = r#"Bearer resource_metadata="https://tools.example/.well-known/oauth-protected-resource/mcp", scope="files:read""#;
/// let refusal = Answer::new(401, vec![("WWW-Authenticate".into(), challenge.into())], vec![]);
/// let mut exchange = Access::to(url)
///     .client_document("https://app.example/client.json")
///     .register(r#"{"client_name":"App","redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none"}"#)
///     .after(&refusal);
/// let Step::Send(request) = exchange.step(Now::default())? else { unreachable!() };
/// assert_eq!(request.url(), "https://tools.example/.well-known/oauth-protected-resource/mcp");
/// # Ok::<(), oauth_core::Error>(())
/// ```
/// The exchange ends with an [`Admission`]: `admission.client.authorize(admission.authorize(redirect_uri), …)` begins the login, or `push`
/// where the server wants its requests pushed.
#[derive(Clone)]
pub struct Access {
    resource: String,
    client_document: Option<String>,
    metadata: Option<String>,
    initial_access_token: Option<Secret>,
}

impl Access {
    /// To the resource of that identifier: the URL that was called, https without a fragment.
    pub fn to(resource: &str) -> Self {
        Self { resource: resource.to_owned(), client_document: None, metadata: None, initial_access_token: None }
    }

    /// The URL of the program's own [`client_document`](crate::client_document), taken where the server reads such documents. It comes before
    /// registration: nothing has to be kept.
    #[must_use]
    pub fn client_document(mut self, url: &str) -> Self {
        self.client_document = Some(url.to_owned());
        self
    }

    /// What to register with (RFC 7591 §2), a JSON object, where the server reads no documents.
    #[must_use]
    pub fn register(mut self, metadata: &str) -> Self {
        self.metadata = Some(metadata.to_owned());
        self
    }

    /// What a server may demand before it registers a client (RFC 7591 §3).
    #[must_use]
    pub fn initial_access_token(mut self, token: impl Into<Secret>) -> Self {
        self.initial_access_token = Some(token.into());
        self
    }

    /// Begins, with the answer that refused the call: its `WWW-Authenticate` may say where the resource's metadata is, and which scope is needed.
    ///
    /// # Errors
    /// The exchange ends with those of [`Resource::challenged`], [`Provider::discover`] and [`Provider::register`]; as [`Error::Untrusted`] where the
    /// server does not say that it checks PKCE with S256, and as [`Error::Usage`] where there is no way to become known to it.
    pub fn after(self, refusal: &Answer) -> Exchange<Admission> {
        let challenges = Challenge::parse_all(refusal.header_all("www-authenticate"));
        let scope = challenges.iter().find_map(Challenge::scope).map(str::to_owned);
        match resource::challenged(&self.resource, refusal) {
            Ok(fetch) => Exchange::new(AccessWork { access: self, scope, phase: Phase::Resource(fetch) }),
            Err(error) => Exchange::failed(error),
        }
    }
}

/// Where it goes; what is registered there may hold a statement or key of the program's.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("resource", &without_query(&self.resource)).finish_non_exhaustive()
    }
}

/// A client that may ask for tokens for one resource.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The resource, as it describes itself.
    pub resource: Resource,
    /// A client at its first authorization server. Its calls go to the resource's origin, and nowhere else. Its provider's
    /// [record](Provider::record_json) can be kept.
    pub client: Client,
    /// The registration that was made on the way; keep it, or there will be another one each time.
    pub registration: Option<Registration>,
    /// The scopes to ask for: what the refusal named, else what the resource knows; None where nobody named any.
    pub scope: Option<String>,
}

impl Admission {
    /// What to ask the authorization endpoint for: this resource and these scopes.
    pub fn authorize(&self, redirect_uri: &str) -> Authorize {
        let authorize = Authorize::new(redirect_uri).resource(self.resource.resource());
        match &self.scope {
            Some(scope) => authorize.scope(scope),
            None => authorize,
        }
    }
}

/// Resource, server, registration: one after the other.
struct AccessWork {
    access: Access,
    scope: Option<String>,
    phase: Phase,
}

enum Phase {
    Resource(Fetch<Resource>),
    Server(Resource, Fetch<Provider>),
    Registration(Resource, RegisterWork),
}

impl AccessWork {
    fn server(&mut self, resource: Resource) -> Result<Next<Admission>, Error> {
        let issuer = resource.authorization_servers().first().ok_or_else(|| {
            let answer = Answer::new(200, Vec::new(), resource.document().json().to_vec());
            Error::from(Garbled::new("the resource names no authorization server", &answer))
        })?;
        let fetch = discovery(issuer)?;
        self.phase = Phase::Server(resource, fetch);
        Ok(Next::Again)
    }

    /// By the program's own document where the server reads those, else by registration.
    fn introduce(&mut self, resource: &Resource, provider: &Provider) -> Result<Next<Admission>, Error> {
        // RFC 7636 as OAuth 2.1 wants it: a server that checks nothing would let a stolen code through.
        let methods = provider.metadata("/code_challenge_methods_supported");
        if !methods.is_some_and(|methods| methods.as_array().is_some_and(|methods| methods.iter().any(|method| method == "S256")))
        {
            return Err(Error::Untrusted(format!(
                "metadata: {} does not say that it checks PKCE with S256, so no login is begun there",
                provider.name()
            )));
        }
        let reads_documents = provider.metadata("/client_id_metadata_document_supported") == Some(true.into());
        if let Some(url) = self.access.client_document.as_ref().filter(|_| reads_documents) {
            check_id(url)?;
            let client = Client::new(provider.clone(), url).auth(ClientAuth::None);
            return Ok(Next::Done(self.admitted(resource, client, None)));
        }
        let metadata = self.access.metadata.as_ref().filter(|_| provider.record().endpoints.get("registration").is_some());
        let metadata = metadata.ok_or_else(|| {
            Error::usage(format!(
                "access: {} knows no client of this program; give what it takes: {}",
                provider.name(),
                match (reads_documents, provider.record().endpoints.get("registration").is_some()) {
                    (true, _) => "the URL of a client document, or metadata to register with",
                    (false, true) => "metadata to register with",
                    (false, false) =>
                        "it takes neither a client document nor a registration, so a client id must come from its operator",
                }
            ))
        })?;
        let work = provider.registering(metadata, self.access.initial_access_token.as_ref())?;
        self.phase = Phase::Registration(resource.clone(), work);
        Ok(Next::Again)
    }

    fn admitted(&self, resource: &Resource, client: Client, registration: Option<Registration>) -> Admission {
        let known = resource.scopes_supported().join(" ");
        let scope = self.scope.clone().or_else(|| (!known.is_empty()).then_some(known));
        let client = client.base(cut(resource.resource()).0);
        Admission { resource: resource.clone(), client, registration, scope }
    }
}

impl Work<Admission> for AccessWork {
    fn next(&mut self, now: Now) -> Result<Next<Admission>, Error> {
        // Each of the three only ever sends, or is asked again.
        match &mut self.phase {
            Phase::Resource(fetch) => sent(fetch.next(now)?),
            Phase::Server(_, fetch) => sent(fetch.next(now)?),
            Phase::Registration(_, work) => sent(Work::<Registration>::next(work, now)?),
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Admission>, Error> {
        match &mut self.phase {
            Phase::Resource(fetch) => match fetch.hear(outcome, now)? {
                Next::Done(resource) => self.server(resource),
                other => sent(other),
            },
            Phase::Server(resource, fetch) => match fetch.hear(outcome, now)? {
                Next::Done(provider) => {
                    let resource = resource.clone();
                    self.introduce(&resource, &provider)
                }
                other => sent(other),
            },
            Phase::Registration(resource, work) => match Work::<Registration>::hear(work, outcome, now)? {
                Next::Done(registration) => {
                    let resource = resource.clone();
                    Ok(Next::Done(self.admitted(&resource, registration.client(), Some(registration))))
                }
                other => sent(other),
            },
        }
    }
}

/// The same step of the whole.
fn sent<T>(next: Next<T>) -> Result<Next<Admission>, Error> {
    match next {
        Next::Send(request) => Ok(Next::Send(request)),
        Next::Again => Ok(Next::Again),
        Next::Save(..) | Next::Wait(_) | Next::Store(_) | Next::Done(_) => {
            Err(Error::usage("access: a step that this conversation does not have"))
        }
    }
}
