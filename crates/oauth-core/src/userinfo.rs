//! Who logged in?
//!
//! OpenID Connect Core 1.0 §5.3: a GET with the access token, and a JSON object about the user back, or a signed one where the client was registered
//! so (`userinfo_signed_response_alg`).

use http::Method;
use zeroize::Zeroizing;

use crate::{
    answer,
    attach::{Content, attach},
    claims::{Claims, untrusted},
    client::Client,
    document::Document,
    error::{Error, Garbled},
    exchange::{Next, Work},
    id_token::can_check,
    message::{Answer, HeaderValue, Outcome, Request},
    record::Placement,
    secret::Secret,
    statement::{Checked, Header, Statement, issuer},
    time::Now,
    token::Token,
};

const WHAT: &str = "the userinfo request";
/// What came of it.
const SAID: &str = "userinfo";

/// One userinfo request.
pub(crate) struct UserinfoWork {
    client: Client,
    url: String,
    token: Token,
    /// The answer, where it came signed.
    signed: Option<Statement>,
}

impl UserinfoWork {
    pub(crate) fn new(client: &Client, token: &Token) -> Result<Self, Error> {
        client.takes(token)?;
        let url = client.other_endpoint("userinfo")?;
        Ok(Self { client: client.clone(), url, token: token.clone(), signed: None })
    }

    fn request(&self) -> Result<Request, Error> {
        let mut request = Request::new(Method::GET, self.url.clone());
        request.plain_http = self.client.plain_http();
        request.header("accept", HeaderValue::Fixed("application/json, application/jwt"));
        attach(&mut request, &Content::Nothing, &self.token, &Placement::Header)?;
        Ok(request)
    }

    fn statement(&self, answer: &Answer) -> Result<Statement, Error> {
        let jws = answer.text().map(str::trim).unwrap_or_default();
        let why = match jws.split('.').count() {
            5 => {
                "the answer is encrypted, and only signed ones are read here: register the client without userinfo_encrypted_response_alg"
            }
            3 if can_check(&self.client) => return Statement::new(&self.client, SAID, Secret::from(jws)),
            3 => {
                "the answer is signed, and this client cannot check that: give it a verifier and its provider's record issuer and keys"
            }
            _ => "the answer says that it is a JWT, and is none",
        };
        Err(Garbled::new(why, answer).into())
    }

    /// §5.3.2: iss and aud SHOULD be in a signed answer, and are right where they are.
    fn read(&self, payload: &[u8], header: &Header) -> Result<Document, Error> {
        let claims = Claims::read(SAID, payload)?;
        header.check_type(&claims)?;
        if claims.member("iss").is_some() {
            claims.check_issuer(&issuer(&self.client, SAID)?)?;
        }
        if claims.member("aud").is_some() {
            claims.check_audience(self.client.id())?;
        }
        claims.needed("sub")?;
        self.about_the_same(Document::of_json(Zeroizing::new(claims.json())))
    }

    /// §5.3.2: if they do not match, the values of the answer MUST NOT be used.
    fn about_the_same(&self, document: Document) -> Result<Document, Error> {
        if self.token.identity().is_some_and(|user| document.text("/sub").as_deref() != Some(user.subject())) {
            return Err(untrusted(SAID, "its sub is another user than the ID token's (OpenID Connect Core §5.3.2)"));
        }
        Ok(document)
    }
}

impl Work<Document> for UserinfoWork {
    fn next(&mut self, now: Now) -> Result<Next<Document>, Error> {
        let Some(signed) = &self.signed else { return self.request().map(Next::Send) };
        match signed.next(now)? {
            Checked::Send(request) => Ok(Next::Send(request)),
            Checked::Signed(payload, header) => self.read(&payload, &header).map(Next::Done),
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        if let Some(signed) = &mut self.signed {
            return signed.hear(outcome, now).map(|()| Next::Again);
        }
        let answer = outcome.map_err(|lost| Error::no_answer(WHAT, lost, false))?;
        if !(200..300).contains(&answer.status) {
            return Err(answer::refused(&self.client, WHAT, std::iter::once(self.token.access_token()), &answer, now));
        }
        let media_type = answer.header("content-type").unwrap_or_default();
        if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/jwt") {
            return self.about_the_same(read(answer)?).map(Next::Done);
        }
        self.signed = Some(self.statement(&answer)?);
        Ok(Next::Again)
    }
}

fn read(answer: Answer) -> Result<Document, Error> {
    let document = Document::read(answer.clone())?;
    // §5.3.2: sub MUST always be returned.
    match document.text("/sub") {
        Some(sub) if !sub.is_empty() => Ok(document),
        _ => Err(Garbled::new("the answer does not say who it is about (sub)", &answer).into()),
    }
}
