//! Which members does an answer have?
//!
//! One borrowed pass that keeps those the protocol knows, by their own names or the provider's; JSON or, from some servers, a form.

use std::borrow::Cow;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

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

impl Field {
    /// The member that RFC 6749 §5.1 or §5.2 calls so.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "access_token" => Self::AccessToken,
            "token_type" => Self::TokenType,
            "expires_in" => Self::ExpiresIn,
            "refresh_token" => Self::RefreshToken,
            "scope" => Self::Scope,
            "error" => Self::Error,
            "error_description" => Self::ErrorDescription,
            "error_uri" => Self::ErrorUri,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::TokenType => "token_type",
            Self::ExpiresIn => "expires_in",
            Self::RefreshToken => "refresh_token",
            Self::Scope => "scope",
            Self::Error => "error",
            Self::ErrorDescription => "error_description",
            Self::ErrorUri => "error_uri",
        }
    }
}

impl<'a> Members<'a> {
    /// Reads them; where that fails there are none.
    pub(crate) fn read(&mut self, body: &'a [u8], rules: &TokenRules) -> Result<(), Unreadable> {
        let body = without_bom(body).trim_ascii();
        match body.first() {
            None => {
                self.empty = true;
                Ok(())
            }
            Some(b'{') => {
                // Checked as a whole, which is cheaper than text by text, and says what is wrong.
                let text = std::str::from_utf8(body).map_err(|_| Unreadable::Other("the answer is not UTF-8"))?;
                self.read_json(text, rules).map_err(Unreadable::Json)
            }
            Some(b'[' | b'"' | b'<') => Err(Unreadable::Other("the answer is not a JSON object")),
            Some(_) => self.read_form(body, rules).ok_or(Unreadable::Other("the answer is neither JSON nor a form")),
        }
    }

    fn read_json(&mut self, body: &'a str, rules: &TokenRules) -> Result<(), serde_json::Error> {
        // Where something is wrong or only unusual, another pass reads all there is, and says what and where.
        let read = self.fill(body, rules, true).or_else(|_| {
            *self = Self::default();
            self.fill(body, rules, false)
        });
        read.inspect_err(|_| *self = Self::default())
    }

    fn fill(&mut self, body: &'a str, rules: &TokenRules, usual: bool) -> Result<(), serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(body);
        deserializer.deserialize_map(MembersVisitor { members: self, body, rules, usual })?;
        deserializer.end()
    }

    /// Some servers answer in a form (RFC 6749 drafts did); taken only where it holds a token or an error.
    fn read_form(&mut self, body: &'a [u8], rules: &TokenRules) -> Option<()> {
        std::str::from_utf8(body).ok()?;
        let mut aliased = [None; 8];
        for (name, value) in form_urlencoded::parse(body) {
            if let Some(at) = field(&name, rules) {
                self.put(at, Scalar::Text(value), &mut aliased);
            }
        }
        let holds = self.get(Field::AccessToken).is_some() || self.get(Field::Error).is_some();
        if !holds {
            *self = Self::default();
        }
        holds.then_some(())
    }

    /// Keeps a value: of several names for one member the one that stands first in the record.
    fn put(&mut self, (field, rank): (Field, usize), value: Scalar<'a>, ranks: &mut [Option<usize>; 8]) {
        let at = field as usize;
        match ranks[at] {
            Some(known) if known == rank => self.repeated = Some(field.name()),
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
    let known = Field::of(name);
    if rules.fields.is_empty() {
        return Some((known?, 0));
    }
    for (field, names) in &rules.fields {
        if let Some(rank) = names.iter().position(|known| known == name) {
            return Some((*field, rank));
        }
    }
    let known = known?;
    rules.fields.iter().all(|(renamed, _)| *renamed != known).then_some((known, 0))
}

struct MembersVisitor<'m, 'a, 'r> {
    members: &'m mut Members<'a>,
    body: &'a str,
    rules: &'r TokenRules,
    /// Whether the access token is taken to be a text like any other, which is quicker.
    usual: bool,
}

impl<'de> Visitor<'de> for MembersVisitor<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut ranks = [None; 8];
        while let Some(field) = map.next_key_seed(Name(self.rules))? {
            match field {
                Some(at @ (Field::AccessToken, _)) if self.usual => {
                    self.members.put(at, Scalar::Text(map.next_value_seed(Long(self.body))?), &mut ranks);
                }
                Some(at) => self.members.put(at, map.next_value()?, &mut ranks),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A member's name, read as what it stands for.
struct Name<'r>(&'r TokenRules);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<(Field, usize)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<(Field, usize)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(field(name, self.0))
    }
}

/// A long text of this body. serde_json looks for the end of bytes faster than for that of a text, for it lets control characters pass; no
/// token may have them anyway.
struct Long<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Long<'de> {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for Long<'de> {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        // It is a piece of the body, which is UTF-8: no need to check that again.
        let at = bytes.as_ptr().addr().wrapping_sub(self.0.as_ptr().addr());
        self.0.get(at..at.wrapping_add(bytes.len())).map(Cow::Borrowed).ok_or_else(|| E::custom("not of this body"))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        std::str::from_utf8(bytes).map(|text| Cow::Owned(text.to_owned())).map_err(E::custom)
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
