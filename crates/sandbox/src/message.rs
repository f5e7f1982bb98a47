//! What does a dialect see, and what does it say?
//!
//! A dialect is a pure function from a [`Request`] and the state to an [`Answer`]. Neither knows sockets, TLS or httpmock.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A complete request as a dialect sees it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Without the `?`; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Decoded `name=value` pairs, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

/// What a dialect answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Whether the client was told no: some refusals come with status 200.
    pub(crate) refused: bool,
}

/// The shape of a request body, by its `Content-Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyType {
    Form,
    Json,
    Other,
}

impl Request {
    /// A GET for `target`, as a browser would send it.
    pub(crate) fn browse(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: "GET".into(), path: path.into(), query: query.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// The first header of this name, without regard to case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The credentials after an authentication scheme; the scheme is without case (RFC 9110 §11.1).
    pub(crate) fn authorization(&self, scheme: &str) -> Option<&str> {
        let (given, credentials) = self.header("authorization")?.split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
    }

    pub(crate) fn body_type(&self) -> BodyType {
        let media = self.header("content-type").unwrap_or("").split(';').next().unwrap_or("").trim();
        if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            BodyType::Form
        } else if media.eq_ignore_ascii_case("application/json") {
            BodyType::Json
        } else {
            BodyType::Other
        }
    }

    pub(crate) fn query(&self) -> Parameters {
        Parameters::decode(self.query.as_bytes())
    }

    pub(crate) fn form(&self) -> Parameters {
        Parameters::decode(&self.body)
    }
}

impl Parameters {
    pub(crate) fn decode(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The members of a JSON object whose values are strings, repeated ones kept apart; `Err` says what it is instead.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, String> {
        let Members(members) = serde_json::from_slice(body).map_err(|_| "the body is not a JSON object".to_owned())?;
        let text = |(name, value): (String, Value)| match value {
            Value::String(text) => Ok((name, text)),
            _ => Err(format!("{name} must be a string")),
        };
        members.into_iter().map(text).collect::<Result<_, _>>().map(Self)
    }

    /// The value, where it was sent and not empty: "Parameters sent without a value MUST be treated as if they were
    /// omitted from the request" (RFC 6749 §3.2).
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A name that came more than once: "Request and response parameters MUST NOT be included more than once" (RFC 6749 §3.2).
    pub(crate) fn repeated(&self) -> Option<&str> {
        self.0
            .iter()
            .enumerate()
            .find(|(i, (key, _))| self.0[..*i].iter().any(|(seen, _)| seen == key))
            .map(|(_, (key, _))| key.as_str())
    }
}

impl Answer {
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: body.into(),
            refused: status >= 400,
        }
    }

    pub(crate) fn redirect(location: String, refused: bool) -> Self {
        Self { status: 302, headers: vec![("Location".into(), location)], body: String::new(), refused }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// "The authorization server MUST include the HTTP "Cache-Control" response header field with a value of
    /// "no-store" […] as well as the "Pragma" response header field with a value of "no-cache"" (RFC 6749 §5.1).
    pub(crate) fn no_store(self) -> Self {
        self.header("Cache-Control", "no-store").header("Pragma", "no-cache")
    }

    pub(crate) fn refused(mut self) -> Self {
        self.refused = true;
        self
    }
}

/// The members of a JSON object as they stand in the text. A map would keep the last of two with one name.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// A JSON object whose members stand in the order of the provider's document.
pub(crate) fn object(members: &[(&str, Value)]) -> String {
    struct Members<'a>(&'a [(&'a str, Value)]);
    impl Serialize for Members<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
        }
    }
    serde_json::to_string(&Members(members)).unwrap_or_default()
}
