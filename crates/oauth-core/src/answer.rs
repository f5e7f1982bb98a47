//! What did the server say?
//!
//! Read by content, not by status or Content-Type: an error may come in a 200, a token in a 201, JSON as text/html. One borrowed pass over
//! the known members; the whole answer stays with the token. Lenient where it reads, and every deviation is recorded.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{
    client::Client,
    encode::{printable, without_bom},
    error::{Error, ErrorCode, Garbled, Refused},
    grant::Grant,
    json,
    message::{Answer, without_query},
    provider::{ExpiryUnit, Field, Record, TokenRules, ZeroExpiry},
    time::{Now, retry_after_ms},
    token::{Deviation, Parts, Token},
};

/// Reads a token answer.
pub(crate) fn token(mut answer: Answer, client: &Client, grant: &Grant, now: Now) -> Result<Token, Error> {
    let record = client.provider().record();
    let token = {
        let members = match Members::read(&answer.body, &record.token) {
            Ok(members) => members,
            // A gateway's page: the status speaks.
            Err(_) if answer.status >= 400 => Members::default(),
            Err(why) => return Err(unreadable(why, &answer)),
        };
        if members.refuses() || members.text(Field::AccessToken).is_none() {
            return Err(no_token(&members, &answer, client, grant, now));
        }
        if let Some(name) = members.repeated {
            return Err(Garbled::new(format!("the answer has two members {name}"), &answer).into());
        }
        let parts = parts(&members, record, now).map_err(|why| Garbled::new(why, &answer))?;
        Token::issued(parts, record.name.clone(), grant.value("scope"), now.wall)
    };
    Ok(token.with_answer(std::mem::take(&mut *answer.body)))
}

fn parts<'a>(members: &'a Members<'_>, record: &Record, now: Now) -> Result<Parts<'a>, String> {
    let mut deviations = Vec::new();
    let access_token = members.text(Field::AccessToken).unwrap_or_default();
    visible(access_token, "access_token")?;
    let token_type = match members.get(Field::TokenType) {
        Some(Scalar::Text(token_type)) if !token_type.is_empty() => Some(printable(token_type, 60)),
        Some(Scalar::Null) | None => None,
        Some(_) => return Err("token_type is not a text".to_owned()),
    };
    let scheme = match token_type.as_deref() {
        None => {
            deviations.push(Deviation::TOKEN_TYPE_MISSING);
            Some(Cow::Borrowed("Bearer"))
        }
        // RFC 6749 §5.1: the value is case insensitive.
        Some(name) if name.eq_ignore_ascii_case("bearer") => Some(Cow::Borrowed("Bearer")),
        // RFC 6749 §7.1: a type the client does not understand is not used; only the provider's record may say that it does.
        Some(name) => {
            record.token.token_types.get(name).cloned().map(Cow::Owned).inspect(|_| deviations.push(Deviation::TOKEN_TYPE_ALIAS))
        }
    };
    let refresh_token = match members.get(Field::RefreshToken) {
        Some(Scalar::Text(text)) if !text.is_empty() => {
            visible(text, "refresh_token")?;
            Some((**text).into())
        }
        Some(Scalar::Text(_) | Scalar::Null) | None => None,
        Some(_) => return Err("refresh_token is not a text".to_owned()),
    };
    let scope = match members.get(Field::Scope) {
        Some(Scalar::Text(scope)) => Some(scope.to_string()),
        Some(Scalar::List(scopes)) => {
            deviations.push(Deviation::SCOPE_ARRAY);
            Some(scopes.clone())
        }
        _ => None,
    };
    // A C string ends at U+0000, so a value that holds one would not be the same in every language.
    if scope.as_ref().is_some_and(|scope| scope.contains('\0')) {
        return Err("scope holds U+0000".to_owned());
    }
    let lifetime_ms = lifetime_ms(members.get(Field::ExpiresIn), &record.token, &mut deviations);
    Ok(Parts {
        access_token,
        token_type,
        scheme,
        expires_at: lifetime_ms.map(|lifetime| now.wall.saturating_add(lifetime)),
        refresh_token,
        scope,
        deviations,
    })
}

/// RFC 6749 Appendix A.12: tokens are VSCHAR. Anything else could end a header (CR LF) or a C string.
fn visible(token: &str, name: &str) -> Result<(), String> {
    let plain = |byte: u8| (0x21..=0x7E).contains(&byte);
    // Without an early exit the compiler checks many bytes at once.
    if token.bytes().fold(true, |so_far, byte| so_far & plain(byte)) {
        return Ok(());
    }
    let at = token.bytes().position(|byte| !plain(byte)).unwrap_or_default();
    Err(format!("{name} holds a character at byte {at} that no token may have"))
}

/// A hundred years: what a server says beyond that is no expiry, and arithmetic stays far from its ends.
const LONGEST_LIFETIME_MS: i64 = 100 * 366 * 24 * 3600 * 1000;

/// An integer, an integral float or a decimal string; unknown otherwise.
fn lifetime_ms(value: Option<&Scalar<'_>>, rules: &TokenRules, deviations: &mut Vec<Deviation>) -> Option<i64> {
    let number = match value {
        Some(Scalar::Integer(number)) => Some(*number),
        Some(Scalar::Float(number)) if number.fract() == 0.0 && number.abs() < 9e15 => {
            deviations.push(Deviation::EXPIRES_IN_FLOAT);
            Some(*number as i64)
        }
        Some(Scalar::Text(text)) => {
            let number = text.trim().parse::<i64>().ok();
            deviations.push(if number.is_some() { Deviation::EXPIRES_IN_TEXT } else { Deviation::EXPIRES_IN_UNREADABLE });
            number
        }
        Some(Scalar::Null) | None => return None,
        Some(_) => {
            deviations.push(Deviation::EXPIRES_IN_UNREADABLE);
            None
        }
    }?;
    if number < 0 {
        deviations.push(Deviation::EXPIRES_IN_UNREADABLE);
        return None;
    }
    if number == 0 && rules.zero_expires_in == ZeroExpiry::Unknown {
        return None;
    }
    let unit = match rules.expires_in_unit {
        ExpiryUnit::Seconds => 1000,
        ExpiryUnit::Milliseconds => 1,
    };
    Some(number.saturating_mul(unit).min(LONGEST_LIFETIME_MS))
}

/// The answer holds no token: is it a refusal, or nonsense?
fn no_token(members: &Members<'_>, answer: &Answer, client: &Client, grant: &Grant, now: Now) -> Error {
    let rules = &client.provider().record().token;
    let said = members.text(Field::Error).map(str::to_owned).or_else(|| pointed(answer, &rules.error_pointers));
    if said.is_none() && answer.status < 400 {
        let why = match answer.status {
            // RFC 9700 §4.12: a redirect followed with credentials would hand them to another host.
            300..=399 => format!(
                "the token endpoint redirects to {}, which is never followed; if that is the right address, set it as the endpoint",
                answer.header("location").map_or_else(|| "nowhere".to_owned(), without_query)
            ),
            _ if members.empty => "the answer is empty".to_owned(),
            _ => "the answer holds no access_token".to_owned(),
        };
        return Garbled::new(why, answer).into();
    }
    let description =
        members.text(Field::ErrorDescription).map(str::to_owned).or_else(|| pointed(answer, &rules.description_pointers));
    let secrets = || {
        grant
            .parameters()
            // These are no secrets, and an error about them that does not name them helps nobody.
            .filter(|(name, _)| !matches!(*name, "scope" | "audience" | "redirect_uri"))
            .map(|(_, value)| value)
            .chain(client.known_secret().map(crate::Secret::expose))
    };
    let shown = |text: String, most| printable(&redacted(text, secrets()), most);
    refusal(client.provider().record(), "the token request", said.map(|code| shown(code, 100)), answer, now)
        .described(
            description.filter(|text| !text.is_empty()).map(|text| shown(text, 300)),
            members.text(Field::ErrorUri).map(|uri| shown(uri.to_owned(), 300)),
        )
        .into()
}

/// A refusal by that code, with its standard meaning.
pub(crate) fn refusal(record: &Record, what: &'static str, code: Option<String>, answer: &Answer, now: Now) -> Refused {
    let standard = code.as_ref().map(|code| ErrorCode::from(record.token.error_codes.get(code).unwrap_or(code).clone()));
    Refused {
        provider: record.name.clone(),
        what,
        code,
        standard,
        description: None,
        uri: None,
        status: Some(answer.status),
        retry_after_ms: answer.header("retry-after").and_then(|text| retry_after_ms(text, now.wall)),
        body: answer.body.clone(),
    }
}

impl Refused {
    fn described(self, description: Option<String>, uri: Option<String>) -> Self {
        Self { description, uri, ..self }
    }
}

/// The first text that one of these JSON pointers finds in the answer.
fn pointed(answer: &Answer, pointers: &[String]) -> Option<String> {
    if pointers.is_empty() {
        return None;
    }
    let value = serde_json::from_slice(without_bom(&answer.body)).ok()?;
    pointers.iter().find_map(|pointer| json::text_at(&value, pointer))
}

/// A server may echo what it was sent; an error text must not.
fn redacted<'a>(mut text: String, secrets: impl Iterator<Item = &'a str>) -> String {
    for secret in secrets.filter(|secret| secret.len() > 2) {
        if text.contains(secret) {
            text = text.replace(secret, "[redacted]");
        }
    }
    text
}

fn unreadable(why: Unreadable, answer: &Answer) -> Error {
    match why {
        Unreadable::Json(error) => Garbled::not_json(&error, answer),
        Unreadable::Other(why) => Garbled::new(why, answer),
    }
    .into()
}

enum Unreadable {
    Json(serde_json::Error),
    Other(&'static str),
}

/// The known members of an answer.
#[derive(Default)]
struct Members<'a> {
    values: [Option<Scalar<'a>>; 8],
    repeated: Option<&'static str>,
    empty: bool,
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
    fn read(body: &'a [u8], rules: &TokenRules) -> Result<Self, Unreadable> {
        let body = without_bom(body).trim_ascii();
        match body.first() {
            None => Ok(Self { empty: true, ..Self::default() }),
            Some(b'{') => Self::from_json(body, rules).map_err(Unreadable::Json),
            Some(b'[' | b'"' | b'<') => Err(Unreadable::Other("the answer is not a JSON object")),
            Some(_) => Self::from_form(body, rules).ok_or(Unreadable::Other("the answer is neither JSON nor a form")),
        }
    }

    fn from_json(body: &'a [u8], rules: &TokenRules) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
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

    fn get(&self, field: Field) -> Option<&Scalar<'a>> {
        self.values[field as usize].as_ref()
    }

    fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Some(Scalar::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// `"error": null`, `false` or `""` beside a token says nothing; any other value does.
    fn refuses(&self) -> bool {
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
enum Scalar<'a> {
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
