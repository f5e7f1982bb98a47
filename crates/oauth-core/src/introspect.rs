//! What does the server know of a token?
//!
//! RFC 7662: for resource servers and the curious. `active` is the one member that is always there (§2.2). By RFC 9701 the server signs what it
//! says, so that it can be shown to others, and so that nobody on the way could have said it.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    claims::{Claims, untrusted},
    client::Client,
    document::Document,
    error::{Error, Garbled},
    exchange::{Exchange, Next, Work},
    message::{Answer, HeaderValue, Outcome},
    post::PostWork,
    secret::Secret,
    statement::{Checked, Header, Statement, issuer},
    time::Now,
    token::Token,
};

const WHAT: &str = "the introspection";

impl Client {
    /// Asks the provider what it knows of an access token, and wants the answer signed (RFC 9701): the document is that of
    /// [`introspect`](Self::introspect), once signature, type, issuer and audience were checked with the client's
    /// [`verifier`](Self::verifier). The server gives such answers to clients that are registered for them (`introspection_signed_response_alg`).
    ///
    /// ```no_run
    /// # use oauth_core::{Client, Document, Error, Exchange, Now};
    /// # fn run<T>(exchange: Exchange<T>) -> Result<T, Error> { unimplemented!() }
    /// # fn resource_server(client: Client, authorization: &str, now: Now) -> Result<(), Error> {
    /// let token = client.presented(authorization, now)?;
    /// let known = run(client.introspect_signed(&token))?;
    /// if known.field("/active") != Some(true.into()) { /* answer 401 */ }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The exchange ends as [`Error::Untrusted`] where anything of it is wrong, and where the answer is not signed; as [`Error::Usage`] where the client
    /// has no verifier, or the provider's record no issuer or `endpoints.jwks`.
    pub fn introspect_signed(&self, token: &Token) -> Exchange<Document> {
        self.begin(|| SignedWork::new(self, token))
    }
}

pub(crate) fn work(client: &Client, token: &Token) -> Result<PostWork, Error> {
    client.owns(token)?;
    Ok(PostWork {
        client: client.clone(),
        url: client.other_endpoint("introspection")?,
        parameters: vec![("token", token.access_token().into()), ("token_type_hint", "access_token".into())],
        what: WHAT,
        read,
    })
}

fn read(answer: Answer) -> Result<Document, Error> {
    let document = Document::read(answer.clone())?;
    match document.field("/active") {
        Some(Value::Bool(_)) => Ok(document),
        _ => Err(Garbled::new("the answer does not say whether the token is active", &answer).into()),
    }
}

/// One introspection whose answer is signed.
struct SignedWork {
    ask: PostWork,
    issuer: String,
    answer: Option<Statement>,
}

impl SignedWork {
    fn new(client: &Client, token: &Token) -> Result<Self, Error> {
        Statement::can_check(client, WHAT)?;
        Ok(Self { ask: work(client, token)?, issuer: issuer(client, WHAT)?, answer: None })
    }

    /// RFC 9701 §5.
    fn read(&self, payload: &[u8], header: &Header, now: Now) -> Result<Document, Error> {
        let claims = Claims::read(WHAT, payload)?;
        // §8.1: by its type nobody takes it for an access token, nor an access token for it.
        header.must_be(&claims, "token-introspection+jwt")?;
        claims.check_issuer(&self.issuer)?;
        claims.check_audience(self.ask.client.id())?;
        claims.check_issued(now)?;
        match claims.member("token_introspection") {
            Some(said @ Value::Object(members)) if members.get("active").is_some_and(Value::is_boolean) => {
                Ok(Document::of_json(Zeroizing::new(said.to_string().into_bytes())))
            }
            _ => Err(claims.wrong("its token_introspection does not say whether the token is active")),
        }
    }
}

impl Work<Document> for SignedWork {
    fn next(&mut self, now: Now) -> Result<Next<Document>, Error> {
        let Some(answer) = &self.answer else {
            let mut request = self.ask.request(now)?;
            // §4
            request.headers.retain(|header| header.name != "accept");
            request.header("accept", HeaderValue::Fixed("application/token-introspection+jwt"));
            return Ok(Next::Send(request));
        };
        match answer.next(now)? {
            Checked::Send(request) => Ok(Next::Send(request)),
            Checked::Signed(payload, header) => self.read(&payload, &header, now).map(Next::Done),
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        if let Some(answer) = &mut self.answer {
            return answer.hear(outcome, now).map(|()| Next::Again);
        }
        let answer = self.ask.answered(outcome, now)?;
        let jws = answer.text().map(str::trim).unwrap_or_default();
        let dots = jws.bytes().filter(|byte| *byte == b'.').count();
        if dots != 2 || jws.starts_with('{') {
            let wrong = if dots == 4 {
                "the answer is encrypted, and only signed ones are read here: register the client without introspection_encrypted_response_alg"
            } else {
                "the answer is not signed: register the client with introspection_signed_response_alg, or ask for a plain one"
            };
            return Err(untrusted(WHAT, wrong));
        }
        self.answer = Some(Statement::new(&self.ask.client, WHAT, Secret::from(jws))?);
        Ok(Next::Again)
    }
}
