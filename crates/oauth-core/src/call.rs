//! How does an API call go whose token may have died?
//!
//! Send it; where the provider's record reads the answer as "your token is dead", renew once, have the new token saved, repeat once.
//! A second refusal is an error, not a loop. Any other answer, a redirect too, is the caller's.

use http::Method;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    answer::refusal,
    attach::{Content, attach, query_pair},
    challenge,
    client::Client,
    encode::{form_pair, lies_within, printable, without_bom},
    error::{Error, Refused},
    exchange::{Next, Work},
    grant::Grant,
    id_token, json,
    message::{Answer, HeaderValue, Outcome, Request, is_free_header},
    record::ExpiredRule,
    time::Now,
    token::Token,
};

/// An API request without its token, which [`Client::call`] puts on it.
///
/// ```
/// use oauth_core::{Call, Grant};
///
/// let call = Call::get("/packages").query("communityId", "10").renew_by(Grant::password("jo@building.com", "secret"));
/// ```
#[derive(Clone)]
pub struct Call {
    method: Method,
    target: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    content: Content,
    renew_by: Option<Grant>,
    error: Option<Error>,
}

impl Call {
    /// `target` is a path below the provider's API (`/communities`) or a whole URL of the same origin; the token goes to no other.
    pub fn new(method: &str, target: &str) -> Self {
        let (method, error) = match Method::from_bytes(method.as_bytes()) {
            Ok(method) => (method, None),
            Err(_) => (Method::GET, Some(Error::usage(format!("call: not a method: {}", printable(method, 20))))),
        };
        let call = Self {
            method,
            target: target.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            content: Content::Nothing,
            renew_by: None,
            error,
        };
        if target.is_empty() { call.wrong("call: the target is missing") } else { call }
    }

    /// A GET.
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A POST; give it a body with [`form`](Self::form), [`json`](Self::json) or [`body`](Self::body).
    pub fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    /// Appends `name=value` to the query, percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a header. `Authorization` and those that frame the message are the library's.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if !is_free_header(name) {
            return self.wrong(&format!("call: the header {} is not one a call may set", printable(name, 40)));
        }
        // RFC 9110 §5.5: a line break here would begin another header.
        if !value.bytes().all(|byte| (0x20..=0x7E).contains(&byte) || byte == b'\t') {
            return self.wrong(&format!("call: the value of the header {name} holds a character that no header may have"));
        }
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// Adds `name=value` to the form that is the body.
    #[must_use]
    pub fn form(mut self, name: &str, value: &str) -> Self {
        match &mut self.content {
            Content::Form(pairs) => pairs.push((name.to_owned(), value.to_owned())),
            Content::Nothing => self.content = Content::Form(vec![(name.to_owned(), value.to_owned())]),
            Content::Bytes { .. } => return self.wrong("call: it has a body and a form"),
        }
        self
    }

    /// A body of that media type.
    #[must_use]
    pub fn body(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        if !matches!(self.content, Content::Nothing) {
            return self.wrong("call: it has two bodies");
        }
        if content_type.is_empty() || !lies_within(content_type, 0x20, 0x7E) {
            return self.wrong("call: not a content type");
        }
        self.content = Content::Bytes { content_type: content_type.to_owned(), bytes: Zeroizing::new(bytes.into()) };
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    /// The grant to repeat when the token has died and there is no refresh token.
    #[must_use]
    pub fn renew_by(mut self, grant: Grant) -> Self {
        self.renew_by = Some(grant);
        self
    }

    fn wrong(mut self, why: &str) -> Self {
        self.error.get_or_insert_with(|| Error::usage(why));
        self
    }
}

/// Method and target without its query; parameters and body are the program's own.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({} {})", self.method, crate::message::without_query(&self.target))
    }
}

/// What an API call gave.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The API's answer, whatever its status.
    pub answer: Answer,
    /// The new token, where it had to be renewed on the way: the old one is worthless.
    pub renewed: Option<Token>,
}

/// What one try of an API call gave, before anything is renewed.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The API's answer, whatever its status.
    pub answer: Answer,
    /// Where the provider's record reads the answer as "your token is dead": the refusal it is.
    pub died: Option<Refused>,
}

/// An API call with one token, once.
pub(crate) struct AttemptWork {
    client: Client,
    call: Call,
    token: Token,
}

impl AttemptWork {
    pub(crate) fn new(client: &Client, token: &Token, call: Call) -> Result<Self, Error> {
        if let Some(error) = &call.error {
            return Err(error.clone());
        }
        client.takes(token)?;
        Ok(Self { client: client.clone(), call, token: token.clone() })
    }

    fn request(&self) -> Result<Request, Error> {
        let api = &self.client.provider().record().api;
        let mut request = Request::new(self.call.method.clone(), self.client.api_target(&self.call.target)?.url);
        request.plain_http = self.client.plain_http();
        for (name, value) in &self.call.query {
            query_pair(&mut request.url, name, value);
        }
        for (name, value) in &api.query {
            query_pair(&mut request.url, name, self.filled(value));
        }
        let extra = api.headers.iter().map(|(name, value)| (name, self.filled(value)));
        for (name, value) in extra.chain(self.call.headers.iter().map(|(name, value)| (name, value.as_str()))) {
            request.header(name.clone(), HeaderValue::Secret(Zeroizing::new(value.to_owned())));
        }
        match &self.call.content {
            Content::Nothing => {}
            Content::Form(pairs) => {
                let mut form = Zeroizing::new(String::new());
                pairs.iter().for_each(|(name, value)| form_pair(&mut form, name, value));
                request.body = Zeroizing::new(std::mem::take(&mut *form).into_bytes());
                request.header("content-type", HeaderValue::Fixed("application/x-www-form-urlencoded"));
            }
            Content::Bytes { content_type, bytes } => {
                request.body = bytes.clone();
                request.header("content-type", HeaderValue::Secret(Zeroizing::new(content_type.clone())));
            }
        }
        attach(&mut request, &self.call.content, &self.token, &api.token)?;
        Ok(request)
    }

    /// A record's value for every call; `{client_id}` is the only variable there.
    fn filled<'a>(&'a self, value: &'a str) -> &'a str {
        if value == "{client_id}" { self.client.id() } else { value }
    }

    /// The scheme by which the token goes along, and under which the answer speaks of it.
    fn scheme(&self) -> &'static str {
        if self.token.is_dpop() { "dpop" } else { "bearer" }
    }

    /// The code by which the answer says that the token is dead, if it does.
    fn expired(&self, answer: &Answer) -> Option<String> {
        let rules = &self.client.provider().record().api.expired;
        rules.iter().filter(|rule| rule.status.contains(&answer.status)).find_map(|rule| match rule {
            ExpiredRule { pointer: Some(pointer), equals: Some(equals), .. } => {
                let value: Value = serde_json::from_slice(without_bom(&answer.body)).ok()?;
                json::text_at(&value, pointer).filter(|text| text == equals)
            }
            // RFC 6750 §3.1, RFC 9449 §7.1: a challenge that names another error than invalid_token is not helped by another token.
            _ => match challenge::error_of(answer.header_all("www-authenticate"), self.scheme()) {
                Some(error) if error != "invalid_token" => None,
                error => Some(error.unwrap_or_else(|| "invalid_token".to_owned())),
            },
        })
    }
}

impl AttemptWork {
    fn read(&self, outcome: Outcome, what: &'static str, now: Now) -> Result<Attempt, Error> {
        let answer = outcome.map_err(|lost| Error::no_answer("the API call", lost, false))?;
        let record = self.client.provider().record();
        let died = self.expired(&answer).map(|code| refusal(record, what, Some(printable(&code, 100)), &answer, now));
        Ok(Attempt { answer, died })
    }
}

impl Work<Attempt> for AttemptWork {
    fn next(&mut self, _: Now) -> Result<Next<Attempt>, Error> {
        self.request().map(Next::Send)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Attempt>, Error> {
        self.read(outcome, "the call", now).map(Next::Done)
    }
}

/// An API call that renews a dead token once, and is repeated once.
pub(crate) struct CallWork {
    attempt: AttemptWork,
    phase: Phase,
}

enum Phase {
    First,
    /// The token died; this asks for another.
    Renewing(Box<dyn Work<Token>>),
    /// The same call with the new token.
    Again,
}

impl CallWork {
    pub(crate) fn new(client: &Client, token: &Token, call: Call) -> Result<Self, Error> {
        Ok(Self { attempt: AttemptWork::new(client, token, call)?, phase: Phase::First })
    }

    fn renewal(&self, refused: &Refused) -> Result<Box<dyn Work<Token>>, Error> {
        let AttemptWork { client, call, token } = &self.attempt;
        if token.refresh_token().is_none() && call.renew_by.is_none() {
            return Err(Error::Expired(format!(
                "token: {} says it is dead ({}, HTTP {}), and there is no refresh token and no grant to renew it by; log in again",
                client.provider().name(),
                refused.code.as_deref().unwrap_or_default(),
                refused.status.unwrap_or_default()
            )));
        }
        id_token::renewal(client, token, call.renew_by.as_ref())
    }

    /// What the renewal wants, as what the call wants.
    fn renewed(&mut self, next: Next<Token>) -> Next<Reply> {
        match next {
            Next::Save(token, _) | Next::Done(token) => {
                self.attempt.token = token.clone();
                self.phase = Phase::Again;
                Next::Save(token, None)
            }
            Next::Send(request) => Next::Send(request),
            Next::Wait(pause) => Next::Wait(pause),
            Next::Store(errand) => Next::Store(errand),
            Next::Again => Next::Again,
        }
    }
}

impl Work<Reply> for CallWork {
    fn next(&mut self, now: Now) -> Result<Next<Reply>, Error> {
        match &mut self.phase {
            Phase::Renewing(renewal) => {
                let next = renewal.next(now)?;
                Ok(self.renewed(next))
            }
            Phase::First | Phase::Again => self.attempt.request().map(Next::Send),
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Reply>, Error> {
        match &mut self.phase {
            Phase::Renewing(renewal) => {
                let next = renewal.hear(outcome, now)?;
                Ok(self.renewed(next))
            }
            Phase::First => match self.attempt.read(outcome, "the call", now)? {
                Attempt { died: Some(refused), .. } => {
                    self.phase = Phase::Renewing(self.renewal(&refused)?);
                    Ok(Next::Again)
                }
                Attempt { answer, died: None } => Ok(Next::Done(Reply { answer, renewed: None })),
            },
            Phase::Again => match self.attempt.read(outcome, "the call with a new token", now)? {
                Attempt { died: Some(refused), .. } => Err(refused.into()),
                Attempt { answer, died: None } => Ok(Next::Done(Reply { answer, renewed: Some(self.attempt.token.clone()) })),
            },
        }
    }
}
