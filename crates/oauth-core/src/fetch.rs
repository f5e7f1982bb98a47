//! How is a document read that a server publishes about itself?
//!
//! A GET without credentials, at the first of a few well-known places that has it. Nobody follows a redirect, and nobody reads more than
//! a document of this kind can hold.

use std::sync::Arc;

use http::Method;
use zeroize::Zeroizing;

use crate::{
    document::Document,
    endpoint::Endpoint,
    error::{Error, Garbled, Refused},
    exchange::{Next, Work},
    message::{Answer, HeaderValue, Outcome, Request, without_query},
    time::{Now, retry_after_ms},
};

/// No metadata document is larger, in bytes.
const LARGEST: usize = 256 * 1024;

/// A document that is looked for.
pub(crate) struct Fetch<T> {
    /// Where it may be, in the order to ask. Never empty.
    places: Vec<String>,
    at: usize,
    /// Who publishes it, for error texts.
    host: Arc<str>,
    /// `the request for its metadata`, for error texts.
    what: &'static str,
    read: Read<T>,
}

/// What makes something of the document.
type Read<T> = Box<dyn Fn(Document, &Answer) -> Result<T, Error> + Send>;

impl<T> Fetch<T> {
    /// `places` are https URLs that were checked.
    pub(crate) fn new(
        places: Vec<String>,
        what: &'static str,
        read: impl Fn(Document, &Answer) -> Result<T, Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let first = places.first().ok_or_else(|| Error::usage(format!("{what}: no place to ask")))?;
        let host = Endpoint::check(first, false, what)?.origin.host().into();
        Ok(Self { places, at: 0, host, what, read: Box::new(read) })
    }

    fn place(&self) -> &str {
        &self.places[self.at]
    }

    /// The document, or why there is none at this place.
    fn document(&self, answer: &Answer, now: Now) -> Result<Document, Error> {
        match answer.status {
            // RFC 8414 §3.2, RFC 9728 §3.2: 200, and nothing else.
            200..=299 if answer.body.len() > LARGEST => {
                Err(Garbled::new(format!("a document about a server has at most {LARGEST} bytes"), answer).into())
            }
            200..=299 => Document::read(answer.clone()),
            300..=399 => {
                let target = answer.header("location").map_or_else(|| "nowhere".to_owned(), without_query);
                let from = without_query(self.place());
                Err(Garbled::new(format!("{from} redirects to {target}, which is never followed"), answer).into())
            }
            _ => Err(self.refused(answer, now).into()),
        }
    }

    fn refused(&self, answer: &Answer, now: Now) -> Refused {
        let asked: Vec<String> = self.places[..=self.at].iter().map(|place| without_query(place)).collect();
        let missing = match answer.status {
            404 | 410 => ": it does not describe itself, or by another identifier",
            _ => "",
        };
        Refused {
            provider: Arc::clone(&self.host),
            what: self.what,
            code: None,
            standard: None,
            description: Some(format!("asked for {}{missing}", asked.join(" and "))),
            uri: None,
            status: Some(answer.status),
            retry_after_ms: answer.header("retry-after").and_then(|text| retry_after_ms(text, now.wall)),
            body: answer.body.clone(),
        }
    }
}

/// Whether the document may be at the next place: it is not at this one, or something else is (many servers answer every path with a page).
fn is_elsewhere(error: &Error) -> bool {
    match error {
        Error::Refused(refused) => !refused.is_transient(),
        Error::Garbled(_) => true,
        _ => false,
    }
}

impl<T> Work<T> for Fetch<T> {
    fn next(&mut self, _: Now) -> Result<Next<T>, Error> {
        let mut request = Request::new(Method::GET, self.place().to_owned());
        request.header("accept", HeaderValue::Fixed("application/json"));
        Ok(Next::Send(request))
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<T>, Error> {
        let answer = outcome.map_err(|lost| Error::no_answer(self.what, lost, false))?;
        match self.document(&answer, now) {
            Ok(document) => (self.read)(document, &answer).map(Next::Done),
            Err(error) if is_elsewhere(&error) && self.at + 1 < self.places.len() => {
                self.at += 1;
                Ok(Next::Again)
            }
            Err(error) => Err(error),
        }
    }
}

/// `name` put between host and path of an https URL (RFC 8615 §3, RFC 8414 §3.1, RFC 9728 §3.1); `path_and_query` begins with a slash or
/// question mark, or is empty.
pub(crate) fn inserted(origin: &str, name: &str, path_and_query: &str) -> String {
    format!("{origin}/.well-known/{name}{path_and_query}")
}

/// An https URL cut behind its host: `https://a.example:8443` and `/path?query`.
pub(crate) fn cut(url: &str) -> (&str, &str) {
    let host_at = url.find("://").map_or(0, |at| at + 3);
    let end = url[host_at..].find(['/', '?']).map_or(url.len(), |at| host_at + at);
    url.split_at(end)
}

/// An identifier that is a URL to ask at: https, no fragment, no userinfo, no space for tricks.
pub(crate) fn identifier(url: &str, what: &str) -> Result<Endpoint, Error> {
    let endpoint = Endpoint::check(url, false, what)?;
    let path = cut(url).1.split('?').next().unwrap_or_default();
    // A transport may resolve such segments, and would ask for another document than the one that was meant.
    if path
        .split('/')
        .any(|segment| matches!(segment.to_ascii_lowercase().as_str(), "." | ".." | "%2e" | "%2e%2e" | ".%2e" | "%2e."))
    {
        return Err(Error::usage(format!("{what}: a path with . or .. in it is no identifier: {}", without_query(url))));
    }
    Ok(endpoint)
}

/// A URL that a document names and that requests, or the user's browser, will be sent to. Never anything but https: a `javascript:` or
/// `file:` URL that reaches a browser or shell runs there (CVE-2025-6514).
pub(crate) fn named(url: &str, member: &str) -> Result<(), Error> {
    // A brace would be a variable in a provider's record, and is no character of a URL (RFC 3986 §2).
    let odd = |byte: u8| b"{}<>\"\\^`|".contains(&byte);
    if Endpoint::check(url, false, member).is_err() || url.bytes().any(odd) {
        return Err(Error::Untrusted(format!(
            "metadata: its {member} is not a plain https URL ({}); nothing was sent there",
            crate::encode::printable(&without_query(url), 100)
        )));
    }
    Ok(())
}

/// The member of an answer that must be a text; None where it is absent or null.
pub(crate) fn text(document: &serde_json::Value, member: &str, answer: &Answer) -> Result<Option<Zeroizing<String>>, Error> {
    match document.get(member) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(Zeroizing::new(text.clone()))),
        Some(_) => Err(Garbled::new(format!("{member} is not a text"), answer).into()),
    }
}

/// The member of an answer that must be a list of texts; None where it is absent or null.
pub(crate) fn texts(document: &serde_json::Value, member: &str, answer: &Answer) -> Result<Option<Vec<String>>, Error> {
    let garbled = || Error::from(Garbled::new(format!("{member} is not a list of texts"), answer));
    match document.get(member) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::Array(items)) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(garbled));
            texts.collect::<Result<_, _>>().map(Some)
        }
        Some(_) => Err(garbled()),
    }
}
