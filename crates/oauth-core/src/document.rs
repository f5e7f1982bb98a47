//! What does a server's other answer say?
//!
//! Introspection, userinfo, registration, metadata: a JSON object whose members are the server's. Kept byte for byte.

use std::fmt;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    encode::without_bom,
    error::{Error, Garbled},
    message::Answer,
};

/// A JSON object that a server answered with; empty where there is nothing to say. It may hold secrets, so it prints none of its values.
#[derive(Clone)]
pub struct Document(Zeroizing<Vec<u8>>);

impl Document {
    pub(crate) fn nothing() -> Self {
        Self(Zeroizing::new(b"{}".to_vec()))
    }

    /// What is known to be a JSON object.
    pub(crate) fn of_json(json: Zeroizing<Vec<u8>>) -> Self {
        Self(json)
    }

    /// Reads an answer that must be a JSON object.
    pub(crate) fn read(answer: Answer) -> Result<Self, Error> {
        match serde_json::from_slice::<Value>(without_bom(&answer.body)) {
            // RFC 8259 §8.1: a byte order mark is no part of the object, and other parsers stumble over it.
            Ok(Value::Object(_)) if without_bom(&answer.body).len() < answer.body.len() => {
                Ok(Self(Zeroizing::new(without_bom(&answer.body).to_vec())))
            }
            Ok(Value::Object(_)) => Ok(Self(answer.body)),
            Ok(_) => Err(Garbled::new("the answer is not a JSON object", &answer).into()),
            Err(error) => Err(Garbled::not_json(&error, &answer).into()),
        }
    }

    /// With these members of an older document where this one leaves them out.
    pub(crate) fn completed(self, old: &Self, members: &[&str]) -> Self {
        let (mut value, old) = (self.value(), old.value());
        let Some(object) = value.as_object_mut() else { return self };
        let left_out = members.iter().filter(|member| !object.contains_key(**member)).collect::<Vec<_>>();
        if left_out.iter().all(|member| old.get(**member).is_none()) {
            return self;
        }
        for member in left_out {
            if let Some(value) = old.get(*member) {
                object.insert((*member).to_string(), value.clone());
            }
        }
        Self(Zeroizing::new(value.to_string().into_bytes()))
    }

    /// A member, by JSON pointer (RFC 6901): `/active`.
    pub fn field(&self, pointer: &str) -> Option<Value> {
        self.value().pointer_mut(pointer).map(Value::take)
    }

    /// A member that is a text.
    pub fn text(&self, pointer: &str) -> Option<String> {
        match self.field(pointer)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole object. It may hold secrets.
    pub fn value(&self) -> Value {
        serde_json::from_slice(without_bom(&self.0)).unwrap_or_default()
    }

    /// The whole object, byte for byte. It may hold secrets.
    pub fn json(&self) -> &[u8] {
        &self.0
    }
}

/// The names of its members.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value();
        let names: Vec<String> =
            value.as_object().into_iter().flatten().map(|(name, _)| crate::encode::printable(name, 40)).collect();
        write!(f, "Document({names:?})")
    }
}
