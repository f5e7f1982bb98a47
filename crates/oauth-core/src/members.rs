//! Which members does an answer have?
//!
//! One borrowed pass that keeps those the protocol knows, by their own names or the provider's; JSON or, from some servers, a form.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{
    encode::without_bom,
    record::{Field, TokenRules},
};

pub(crate) enum Unreadable {
    Json(serde_json::Error),
    Other(&'static str),
}

/// The known members of an answer.
#[derive(Default)]
pub(crate) struct Members<'a> {
    values: [Option<Scalar<'a>>; 8],
    pub(crate) repeated: Option<&'static str>,
    pub(crate) empty: bool,
}

const NAMES: [(&str, Field); 8] = [
    ("access_token", Field::AccessToken),
    ("token_type", Field::TokenType),
    ("expires_in", Field::ExpiresIn),
    ("refresh_token", Field::RefreshToken),
    ("scope", Field::Scope),
    ("error", Field::Error),
    ("error_description", Field::ErrorDescription),
    ("error_uri", Field::ErrorUri),
];

impl<'a> Members<'a> {
    pub(crate) fn read(body: &'a [u8], rules: &TokenRules) -> Result<Self, Unreadable> {
        let body = without_bom(body).trim_ascii();
        match body.first() {
            None => Ok(Self { empty: true, ..Self::default() }),
            Some(b'{') => {
                // Checked as a whole, which is cheaper than text by text, and says what is wrong.
                let text = std::str::from_utf8(body).map_err(|_| Unreadable::Other("the answer is not UTF-8"))?;
                Self::from_json(text, rules).map_err(Unreadable::Json)
            }
            Some(b'[' | b'"' | b'<') => Err(Unreadable::Other("the answer is not a JSON object")),
            Some(_) => Self::from_form(body, rules).ok_or(Unreadable::Other("the answer is neither JSON nor a form")),
        }
    }

    fn from_json(body: &'a str, rules: &TokenRules) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(body);
        let members = deserializer.deserialize_map(MembersVisitor { rules })?;
        deserializer.end()?;
        Ok(members)
    }

    /// Some servers answer in a form (RFC 6749 drafts did); taken only where it holds a token or an error.
    fn from_form(body: &'a [u8], rules: &TokenRules) -> Option<Self> {
        std::str::from_utf8(body).ok()?;
        let mut members = Self::default();
        let mut aliased = [None; 8];
        for (name, value) in form_urlencoded::parse(body) {
            if let Some(at) = field(&name, rules) {
                members.put(at, Scalar::Text(value), &mut aliased);
            }
        }
        (members.get(Field::AccessToken).is_some() || members.get(Field::Error).is_some()).then_some(members)
    }

    /// Keeps a value: of several names for one member the one that stands first in the record.
    fn put(&mut self, (field, rank): (Field, usize), value: Scalar<'a>, ranks: &mut [Option<usize>; 8]) {
        let at = field as usize;
        match ranks[at] {
            Some(known) if known == rank => self.repeated = Some(NAMES[at].0),
            Some(known) if known < rank => {}
            _ => {
                ranks[at] = Some(rank);
                self.values[at] = Some(value);
            }
        }
    }

    pub(crate) fn get(&self, field: Field) -> Option<&Scalar<'a>> {
        self.values[field as usize].as_ref()
    }

    pub(crate) fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Some(Scalar::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// `"error": null`, `false` or `""` beside a token says nothing; any other value does.
    pub(crate) fn refuses(&self) -> bool {
        match self.get(Field::Error) {
            None | Some(Scalar::Null | Scalar::Bool(false)) => false,
            Some(Scalar::Text(text)) => !text.is_empty(),
            Some(_) => true,
        }
    }
}

/// Which member a name stands for, and its rank among that member's names.
fn field(name: &str, rules: &TokenRules) -> Option<(Field, usize)> {
    for (field, names) in &rules.fields {
        if let Some(rank) = names.iter().position(|known| known == name) {
            return Some((*field, rank));
        }
    }
    let (_, field) = NAMES.iter().find(|(known, _)| *known == name)?;
    (!rules.fields.contains_key(field)).then_some((*field, 0))
}

struct MembersVisitor<'r> {
    rules: &'r TokenRules,
}

impl<'de> Visitor<'de> for MembersVisitor<'_> {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members::default();
        let mut ranks = [None; 8];
        while let Some(name) = map.next_key::<Name<'de>>()? {
            match field(&name.0, self.rules) {
                Some(at) => members.put(at, map.next_value()?, &mut ranks),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(members)
    }
}

/// A member's name, borrowed where it holds no escape (`Cow` alone would always copy).
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// A value as it may come where a text or number is expected.
pub(crate) enum Scalar<'a> {
    Text(Cow<'a, str>),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Null,
    /// An array of texts, joined by blanks.
    List(String),
    Other,
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;

        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Scalar::Integer(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Scalar::Integer(i64::try_from(number).unwrap_or(i64::MAX)))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Scalar::Float(number))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Scalar::Bool(value))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Scalar::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut texts: Vec<Cow<'de, str>> = Vec::new();
                let mut only_texts = true;
                while let Some(item) = seq.next_element::<Scalar<'de>>()? {
                    match item {
                        Scalar::Text(text) => texts.push(text),
                        _ => only_texts = false,
                    }
                }
                Ok(if only_texts { Scalar::List(texts.join(" ")) } else { Scalar::Other })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }
        }

        deserializer.deserialize_any(ScalarVisitor)
    }
}
