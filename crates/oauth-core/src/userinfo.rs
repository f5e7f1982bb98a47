//! Who logged in?
//!
//! OpenID Connect Core 1.0 §5.3: a GET with the access token, and a JSON object about the user back.

use http::Method;

use crate::{
    answer,
    attach::attach,
    call::Content,
    claims::untrusted,
    client::Client,
    document::Document,
    error::{Error, Garbled},
    exchange::{Next, Work},
    grant::no_answer,
    identity::Identity,
    message::{Answer, HeaderValue, Outcome, Request},
    record::Placement,
    time::Now,
    token::Token,
};

const WHAT: &str = "the userinfo request";

/// One userinfo request.
pub(crate) struct UserinfoWork {
    client: Client,
    url: String,
    token: Token,
}

impl UserinfoWork {
    pub(crate) fn new(client: &Client, token: &Token) -> Result<Self, Error> {
        client.owns(token)?;
        client.can_prove(token)?;
        Ok(Self { client: client.clone(), url: client.other_endpoint("userinfo")?, token: token.clone() })
    }
}

impl Work<Document> for UserinfoWork {
    fn next(&mut self, _: Now) -> Result<Next<Document>, Error> {
        let mut request = Request::new(Method::GET, self.url.clone());
        request.plain_http = self.client.plain_http();
        request.header("accept", HeaderValue::Fixed("application/json"));
        attach(&mut request, &Content::Nothing, &self.token, &Placement::Header)?;
        Ok(Next::Send(request))
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        let answer = outcome.map_err(|lost| no_answer(WHAT, lost, false))?;
        if !(200..300).contains(&answer.status) {
            return Err(answer::refused(&self.client, WHAT, std::iter::once(self.token.access_token()), &answer, now));
        }
        let document = read(answer)?;
        // §5.3.2: if they do not match, the values of the answer MUST NOT be used.
        if Identity::of(&self.token).is_some_and(|user| document.text("/sub").as_deref() != Some(user.subject())) {
            return Err(untrusted("userinfo", "its sub is another user than the ID token's (OpenID Connect Core §5.3.2)"));
        }
        Ok(Next::Done(document))
    }
}

fn read(answer: Answer) -> Result<Document, Error> {
    let media_type = answer.header("content-type").unwrap_or_default();
    if media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/jwt") {
        // §5.3.2: so the client was registered (userinfo_signed_response_alg).
        return Err(Garbled::new("the answer is signed or encrypted, and only plain JSON is read here", &answer).into());
    }
    let document = Document::read(answer.clone())?;
    // §5.3.2: sub MUST always be returned.
    match document.text("/sub") {
        Some(sub) if !sub.is_empty() => Ok(document),
        _ => Err(Garbled::new("the answer does not say who it is about (sub)", &answer).into()),
    }
}
