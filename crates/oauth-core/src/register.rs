//! How does a client make itself known to a server that never heard of it?
//!
//! RFC 7591: metadata in, a client id (and often a secret) out. RFC 7592: the registration is read, changed and deleted by a token of its own.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{
    answer,
    client::Client,
    document::Document,
    encode::lies_within,
    endpoint::Terms,
    error::{Error, Garbled, json_problem},
    exchange::{Exchange, Next, Work},
    fetch::named,
    jwk::private_member,
    message::{Answer, HeaderValue, Outcome, Request},
    provider::Provider,
    record::ClientAuth,
    secret::Secret,
    time::Now,
};

/// No client has more to say of itself, in bytes.
const LARGEST: usize = 64 * 1024;

impl Provider {
    /// Registers a client (RFC 7591 §3): `metadata` is a JSON object of the members of §2 (`redirect_uris`, `grant_types`,
    /// `token_endpoint_auth_method`, …). `initial_access_token` is what the server demands where not everybody may register.
    ///
    /// Every time it is sent another client comes to be, so an answer that was lost is not asked for again here.
    ///
    /// # Errors
    /// The exchange ends as [`Error::Usage`] where the metadata is no JSON object, holds a private key in `jwks` or the provider's record names no `endpoints.registration`; as
    /// [`Error::Refused`] (`invalid_redirect_uri`, `invalid_client_metadata`, …) where the server does not want the client.
    ///
    /// ```
    /// use oauth_core::{Answer, Now, Provider, Step};
    ///
    /// let provider = Provider::from_json(r#"{
    ///     "version": 1, "name": "example", "base": "https://login.example", "token": { "url": "/token" },
    ///     "endpoints": { "registration": "/register" }
    /// }"#)?;
    /// let mut exchange = provider.register(r#"{"redirect_uris":["https://app.example/cb"]}"#, None);
    /// let Step::Send(request) = exchange.step(Now::default())? else { unreachable!() };
    /// assert_eq!(request.url(), "https://login.example/register");
    /// let registered = br#"{"client_id":"s6BhdRkqt3","client_secret":"cf136dc3c1fc93f31185e5885805d","client_secret_expires_at":0}"#;
    /// exchange.receive(Ok(Answer::new(201, vec![], registered.to_vec())));
    /// let Step::Done(registration) = exchange.step(Now::default())? else { unreachable!() };
    /// assert_eq!(registration.client().id(), "s6BhdRkqt3");
    /// # Ok::<(), oauth_core::Error>(())
    /// ```
    pub fn register(&self, metadata: &str, initial_access_token: Option<&Secret>) -> Exchange<Registration> {
        begin(self.registering(metadata, initial_access_token))
    }

    /// The work behind [`register`](Self::register).
    pub(crate) fn registering(&self, metadata: &str, token: Option<&Secret>) -> Result<RegisterWork, Error> {
        let record = self.record();
        let endpoint = record.endpoints.get("registration").ok_or_else(|| self.lacks("registration"))?;
        let terms = Terms { variables: &BTreeMap::new(), plain_http: false };
        let url = terms.whole(endpoint, record.base.as_deref(), "endpoints.registration")?.url;
        let body = Value::Object(object(metadata)?).to_string();
        Ok(RegisterWork {
            provider: self.clone(),
            method: Method::POST,
            url,
            token: token.cloned(),
            body: Some(Zeroizing::new(body)),
            old: None,
            what: "the registration",
        })
    }

    /// A registration that was [saved](Registration::saved).
    ///
    /// # Errors
    /// [`Error::Usage`] where the text is none.
    pub fn registration(&self, saved: &str) -> Result<Registration, Error> {
        let answer = Answer::new(200, Vec::new(), saved.as_bytes().to_vec());
        Registration::read(self, answer, None).map_err(|error| match error {
            Error::Garbled(garbled) => Error::usage(format!("saved registration: {}", garbled.why)),
            other => other,
        })
    }
}

/// A client that is known to the server (RFC 7591 §3.2.1), and how to manage what it knows (RFC 7592 §3).
#[derive(Debug, Clone)]
pub struct Registration {
    provider: Provider,
    client_id: String,
    document: Document,
}

impl Registration {
    fn read(provider: &Provider, answer: Answer, old: Option<&Self>) -> Result<Self, Error> {
        let garbled = |why: &str| Error::from(Garbled::new(why, &answer));
        let mut document = Document::read(answer.clone())?;
        if let Some(old) = old {
            document =
                document.completed(&old.document, &["registration_client_uri", "registration_access_token", "client_secret"]);
        }
        let visible = |text: &str| !text.is_empty() && lies_within(text, 0x20, 0x7E);
        let client_id =
            document.text("/client_id").filter(|id| visible(id)).ok_or_else(|| garbled("the answer names no client_id"))?;
        for name in ["/client_secret", "/registration_access_token"] {
            if document.field(name).is_some_and(|secret| !secret.is_null() && !secret.as_str().is_some_and(visible)) {
                return Err(garbled(&format!("{} is no text that can be sent", &name[1..])));
            }
        }
        if let Some(url) = document.text("/registration_client_uri") {
            named(&url, "registration_client_uri")?;
        }
        if old.is_some_and(|old| old.client_id != client_id) {
            return Err(Error::Untrusted("registration: the answer is about another client; nothing of it is used".to_owned()));
        }
        Ok(Self { provider: provider.clone(), client_id, document })
    }

    /// The client's id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client's secret, where it has one.
    pub fn client_secret(&self) -> Option<Secret> {
        self.document.text("/client_secret").map(Secret::from)
    }

    /// When the secret expires, in milliseconds since the Unix epoch; None where it never does or the server did not say (RFC 7591 §3.2.1).
    pub fn client_secret_expires_at(&self) -> Option<i64> {
        let seconds = self.document.field("/client_secret_expires_at")?.as_i64()?;
        (seconds > 0).then(|| seconds.saturating_mul(1000))
    }

    /// All that the server said, secrets included. It may have changed what was asked for.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The registration as a text to keep; [`Provider::registration`] reads it. A secret.
    pub fn saved(&self) -> Secret {
        Secret::from(String::from_utf8_lossy(self.document.json()).into_owned())
    }

    /// The client that was registered: its id, its secret and the way it was registered to prove itself. A `private_key_jwt` client still
    /// needs its signer, one with a certificate a transport that shows it.
    pub fn client(&self) -> Client {
        let client = Client::new(self.provider.clone(), &self.client_id);
        let method = self.document.text("/token_endpoint_auth_method");
        // RFC 7591 §2: left out, it is client_secret_basic. A client without a secret cannot mean that.
        let auth = match (method, self.client_secret().is_some()) {
            (Some(method), _) => ClientAuth::from_method(&method),
            (None, true) => Some(ClientAuth::Basic),
            (None, false) => Some(ClientAuth::None),
        };
        let client = auth.into_iter().fold(client, Client::auth);
        // RFC 8705 §3.4
        let bound = self.document.field("/tls_client_certificate_bound_access_tokens").is_some_and(|bound| bound == true);
        let client = if bound { client.certificate_bound() } else { client };
        self.client_secret().into_iter().fold(client, Client::secret)
    }

    /// Reads what the server knows of the client now (RFC 7592 §2.1). The result replaces this one: keep it, secret and tokens may be new.
    pub fn read_again(&self) -> Exchange<Self> {
        begin(self.managing(Method::GET, None, "the registration's reading"))
    }

    /// Replaces what the server knows of the client (RFC 7592 §2.2): `metadata` is the whole of it, what it leaves out is deleted. The
    /// result replaces this one: keep it, secret and tokens may be new.
    pub fn update(&self, metadata: &str) -> Exchange<Self> {
        let work = object(metadata).and_then(|mut members| {
            // §2.2: these MUST NOT be there.
            let server_s =
                ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];
            server_s.into_iter().for_each(|name| drop(members.remove(name)));
            if members
                .insert("client_id".to_owned(), self.client_id.as_str().into())
                .is_some_and(|id| id != self.client_id.as_str())
            {
                return Err(Error::usage("registration: the metadata names another client_id"));
            }
            self.managing(Method::PUT, Some(Value::Object(members).to_string()), "the registration's change")
        });
        begin(work)
    }

    /// Deletes the client at the server (RFC 7592 §2.3), and with it, where the server can, its tokens. The document is empty.
    pub fn delete(&self) -> Exchange<Document> {
        begin(self.managing(Method::DELETE, None, "the registration's deletion"))
    }

    fn managing(&self, method: Method, body: Option<String>, what: &'static str) -> Result<RegisterWork, Error> {
        let member = |name: &str| {
            self.document.text(&format!("/{name}")).ok_or_else(|| {
                Error::usage(format!(
                    "registration: {} gave no {name}, so it cannot be managed (RFC 7592 §3)",
                    self.provider.name()
                ))
            })
        };
        Ok(RegisterWork {
            provider: self.provider.clone(),
            method,
            url: member("registration_client_uri")?,
            token: Some(member("registration_access_token")?.into()),
            body: body.map(Zeroizing::new),
            old: Some(self.clone()),
            what,
        })
    }
}

fn begin<T: 'static>(work: Result<RegisterWork, Error>) -> Exchange<T>
where
    RegisterWork: Work<T>,
{
    match work {
        Ok(work) => Exchange::new(work),
        Err(error) => Exchange::failed(error),
    }
}

fn object(metadata: &str) -> Result<Map<String, Value>, Error> {
    if metadata.len() > LARGEST {
        return Err(Error::usage(format!("registration: the metadata has more than {LARGEST} bytes")));
    }
    match serde_json::from_str(metadata) {
        Ok(Value::Object(members)) => match private_member(&members) {
            None => Ok(members),
            Some(private) => Err(Error::usage(format!(
                "registration: {private} is part of a private key, which nobody else may have; register the public JWK (RFC 7591 §2)"
            ))),
        },
        Ok(_) => Err(Error::usage("registration: the metadata must be a JSON object")),
        Err(error) => Err(Error::usage(format!("registration: the metadata is not JSON, {}", json_problem(&error)))),
    }
}

/// One request about a registration.
pub(crate) struct RegisterWork {
    provider: Provider,
    method: Method,
    url: String,
    token: Option<Secret>,
    body: Option<Zeroizing<String>>,
    old: Option<Registration>,
    what: &'static str,
}

impl RegisterWork {
    fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        request.header("accept", HeaderValue::Fixed("application/json"));
        if let Some(token) = &self.token {
            request.header("authorization", HeaderValue::Secret(Zeroizing::new(format!("Bearer {}", token.expose()))));
        }
        if let Some(body) = &self.body {
            request.header("content-type", HeaderValue::Fixed("application/json"));
            request.body = Zeroizing::new(body.as_bytes().to_vec());
        }
        request
    }

    /// The answer, where it says yes.
    fn agreed(&self, outcome: Outcome, now: Now) -> Result<Answer, Error> {
        let answer = outcome.map_err(|lost| Error::no_answer(self.what, lost, false))?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let secret = self.old.as_ref().and_then(Registration::client_secret);
        let secrets = self.token.iter().chain(&secret).map(Secret::expose);
        Err(answer::refused_by(self.provider.record(), self.what, secrets, &answer, now))
    }
}

impl Work<Registration> for RegisterWork {
    fn next(&mut self, _: Now) -> Result<Next<Registration>, Error> {
        Ok(Next::Send(self.request()))
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Registration>, Error> {
        let answer = self.agreed(outcome, now)?;
        Registration::read(&self.provider, answer, self.old.as_ref()).map(Next::Done)
    }
}

/// A deletion.
impl Work<Document> for RegisterWork {
    fn next(&mut self, _: Now) -> Result<Next<Document>, Error> {
        Ok(Next::Send(self.request()))
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        // RFC 7592 §2.3: 204, without a body.
        self.agreed(outcome, now).map(|_| Next::Done(Document::nothing()))
    }
}
