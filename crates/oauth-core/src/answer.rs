//! What did the server say?
//!
//! Read by content, not by status or Content-Type: an error may come in a 200, a token in a 201, JSON as text/html. One borrowed pass over
//! the known members; the whole answer stays with the token. Lenient where it reads, and every deviation is recorded.

use std::{borrow::Cow, ops::Range};

use zeroize::Zeroizing;

use crate::{
    challenge::Challenge,
    client::Client,
    encode::{Space, is_plain, lies_within, percent, printable, without_bom},
    error::{Error, ErrorCode, Garbled, Refused},
    grant::{Grant, GrantType},
    json,
    members::{Members, Scalar, Unreadable},
    message::{Answer, without_query},
    record::{ExpiryUnit, Field, Record, TokenRules, ZeroExpiry},
    time::{Now, retry_after_ms},
    token::{Deviation, Parts, Token},
};

/// Reads a token answer.
pub(crate) fn token(answer: Answer, client: &Client, grant: &Grant, now: Now) -> Result<Token, Error> {
    read(answer, client, grant, now)
        .map_err(|error| without_secrets(error, client, grant.parameters().map(|(_, value)| value.expose())))
}

fn read(answer: Answer, client: &Client, grant: &Grant, now: Now) -> Result<Token, Error> {
    let record = client.provider().record();
    let mut token = {
        let mut members = Members::default();
        match members.read(&answer.body, &record.token) {
            // In a gateway's page there are none: the status speaks.
            Err(why) if answer.status < 400 => return Err(unreadable(why, &answer)),
            _ => {}
        }
        if members.refuses() || members.text(Field::AccessToken).is_none() {
            return Err(no_token(&members, &answer, client, grant, now));
        }
        if let Some(name) = members.repeated {
            return Err(Garbled::new(format!("the answer has two members {name}"), &answer).into());
        }
        if grant.kind() == GrantType::TokenExchange && !says_what_it_issued(&answer) {
            return Err(Garbled::new("the answer does not say what it issued: no issued_token_type", &answer).into());
        }
        let parts = parts(&members, client, now).map_err(|why| Garbled::new(why, &answer))?;
        Token::issued(parts, record.name.clone(), grant.value("scope"), now.wall)
    };
    token.keep_answer(answer.body);
    Ok(token)
}

/// RFC 8693 §2.2.1: issued_token_type is REQUIRED; without it nobody knows what the token may be used as.
fn says_what_it_issued(answer: &Answer) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(without_bom(&answer.body)).ok();
    value.is_some_and(|value| value["issued_token_type"].as_str().is_some_and(|issued| !issued.is_empty()))
}

fn parts<'a>(members: &'a Members<'_>, client: &Client, now: Now) -> Result<Parts<'a>, String> {
    let record = client.provider().record();
    let mut deviations = Vec::new();
    let access_token = members.text(Field::AccessToken).unwrap_or_default();
    visible(access_token, "access_token")?;
    let token_type = match members.get(Field::TokenType) {
        Some(Scalar::Text(token_type)) if token_type == "Bearer" => Some(Cow::Borrowed("Bearer")),
        Some(Scalar::Text(token_type)) if !token_type.is_empty() => Some(Cow::Owned(printable(token_type, 60))),
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
        // RFC 8693 §2.2.1: what was issued is no access token, whatever a record says.
        Some(name) if name.eq_ignore_ascii_case("n_a") => None,
        // RFC 9449 §5: of use only to a client that has the key.
        Some(name) if name.eq_ignore_ascii_case("dpop") && client.dpop_thumbprint().is_some() => Some(Cow::Borrowed("DPoP")),
        // RFC 6749 §7.1: a type the client does not understand is not used; only the provider's record may say that it does.
        Some(name) => {
            record.token.token_types.get(name).cloned().map(Cow::Owned).inspect(|_| deviations.push(Deviation::TOKEN_TYPE_ALIAS))
        }
    };
    // Whatever word a record has for it: every other scheme binds to nothing.
    if client.dpop_thumbprint().is_some() && scheme.as_deref().is_some_and(|scheme| scheme != "DPoP") {
        if client.demands_bound_tokens() {
            return Err(
                "the token is bound to no key although a proof of one was sent, so it was discarded (RFC 9449 §5)".to_owned()
            );
        }
        deviations.push(Deviation::TOKEN_TYPE_UNBOUND);
    }
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
pub(crate) fn visible(token: &str, name: &str) -> Result<(), String> {
    if lies_within(token, 0x21, 0x7E) {
        return Ok(());
    }
    let at = token.bytes().position(|byte| !(0x21..=0x7E).contains(&byte)).unwrap_or_default();
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
    let refused =
        answer.status >= 400 || members.text(Field::Error).is_some() || pointed(answer, &rules.error_pointers).is_some();
    if !refused {
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
    let secrets = grant
        .parameters()
        // These are no secrets, and an error about them that does not name them helps nobody.
        .filter(|(name, _)| !matches!(*name, "scope" | "audience" | "resource" | "redirect_uri"))
        .map(|(_, value)| value.expose())
        .chain(client.known_secret().map(crate::Secret::expose));
    described(members, client.provider().record(), "the token request", &secrets.collect::<Vec<_>>(), answer, now)
}

/// A refusal by another endpoint of the authorization server (RFC 6749 §5.2, as RFC 7009 §2.2.1 and its like take it over). `secrets` are
/// what was sent, which a server may echo.
pub(crate) fn refused<'a>(
    client: &'a Client,
    what: &'static str,
    secrets: impl Iterator<Item = &'a str>,
    answer: &Answer,
    now: Now,
) -> Error {
    let secrets = secrets.chain(client.known_secret().map(crate::Secret::expose));
    refused_by(client.provider().record(), what, secrets, answer, now)
}

/// The same for a request that no client proved itself by: a registration.
pub(crate) fn refused_by<'a>(
    record: &Record,
    what: &'static str,
    secrets: impl Iterator<Item = &'a str>,
    answer: &Answer,
    now: Now,
) -> Error {
    let mut members = Members::default();
    // Where there are none, the status speaks.
    let _ = members.read(&answer.body, &record.token);
    described(&members, record, what, &secrets.collect::<Vec<_>>(), answer, now)
}

fn described(members: &Members<'_>, record: &Record, what: &'static str, secrets: &[&str], answer: &Answer, now: Now) -> Error {
    // RFC 6750 §3: where a token is the proof, the error stands in the challenge and often nowhere else.
    let challenges = Challenge::parse_all(answer.header_all("www-authenticate"));
    let challenge = challenges.iter().find(|challenge| challenge.error().is_some());
    let member = |field| members.text(field).map(Cow::Borrowed);
    let said = member(Field::Error)
        .or_else(|| pointed(answer, &record.token.error_pointers).map(Cow::Owned))
        .or_else(|| challenge.and_then(Challenge::error).map(Cow::Borrowed));
    let description = member(Field::ErrorDescription)
        .or_else(|| pointed(answer, &record.token.description_pointers).map(Cow::Owned))
        .or_else(|| challenge.and_then(Challenge::error_description).map(Cow::Borrowed))
        .or_else(|| of_our_certificate(answer).map(Cow::Borrowed));
    let shown = |text: Cow<'_, str>, most| printable(&redacted(text, secrets), most);
    refusal(record, what, said.map(|code| shown(code, 100)), answer, now)
        .described(
            description.filter(|text| !text.is_empty()).map(|text| shown(text, 300)),
            member(Field::ErrorUri).map(|uri| shown(uri, 300)),
        )
        .into()
}

/// nginx judges a client's certificate after the handshake, and says so in a page that holds nothing else to go by.
fn of_our_certificate(answer: &Answer) -> Option<&'static str> {
    let says = |words: &str| answer.body.windows(words.len()).any(|piece| piece == words.as_bytes());
    if answer.status != 400 {
        None
    } else if says("No required SSL certificate was sent") {
        Some("No required SSL certificate was sent: give the transport the client's certificate")
    } else if says("The SSL certificate error") {
        Some("The SSL certificate error: the client's certificate has expired, or the server knows nobody who vouches for it")
    } else {
        None
    }
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

/// What makes no sense may hold what was sent, too: as the name of a member, or in a URL.
pub(crate) fn without_secrets<'a>(error: Error, client: &'a Client, secrets: impl Iterator<Item = &'a str>) -> Error {
    let Error::Garbled(mut garbled) = error else { return error };
    let secrets: Vec<&str> =
        secrets.chain(client.known_secret().map(crate::Secret::expose)).filter(|secret| secret.len() > 7).collect();
    for text in [&mut garbled.why, &mut garbled.preview] {
        *text = redacted(Cow::Owned(std::mem::take(text)), &secrets).into_owned();
    }
    Error::Garbled(garbled)
}

/// A server may echo what it was sent, also as it stood in a form or a header; an error text must not.
fn redacted<'t>(text: Cow<'t, str>, secrets: &[&str]) -> Cow<'t, str> {
    let mut places = beginnings(&text);
    // No way of writing a secret makes it shorter.
    for secret in secrets.iter().filter(|secret| (3..=text.len()).contains(&secret.len())) {
        find(&text, secret, &mut places);
        if !is_plain(secret) {
            let mut form = Zeroizing::new(String::new());
            percent(&mut form, secret, Space::Plus);
            find(&text, &form, &mut places);
            // Some write a blank in one way, some in the other.
            find(&text, &Zeroizing::new(form.replace('+', "%20")), &mut places);
        }
    }
    if places.is_empty() { text } else { Cow::Owned(masked(&text, places)) }
}

/// What begins as only a secret does and goes on as base64, whatever its words. In one pass: a server may fill a whole answer with it.
fn beginnings(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let before = &text.as_bytes()[..at];
        let from = match byte {
            // A signed statement is made for one request and known to nobody afterwards; its beginning is always the same (RFC 7515 §3.1).
            b'J' if before.ends_with(b"ey") => at - "ey".len(),
            // RFC 7617 §2: id and secret in base64.
            b' ' if before.last_chunk().is_some_and(|scheme: &[u8; 5]| scheme.eq_ignore_ascii_case(b"basic")) => at + 1,
            _ => continue,
        };
        if from >= done {
            done = from
                + text[from..].find(|c: char| !c.is_ascii_alphanumeric() && !"._-+/=".contains(c)).unwrap_or(text.len() - from);
            places.push(from..done);
        }
    }
    places
}

fn find(text: &str, secret: &str, places: &mut Vec<Range<usize>>) {
    places.extend(text.match_indices(secret).map(|(at, found)| at..at + found.len()));
}

/// Without these places. They may overlap: where one secret holds a piece of another, neither leaves a piece of itself behind.
fn masked(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_unstable_by_key(|place| place.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for place in places.into_iter().filter(|place| !place.is_empty()) {
        if place.start >= done {
            out.push_str(&text[done..place.start]);
            out.push_str("[redacted]");
        }
        done = done.max(place.end);
    }
    out.push_str(&text[done..]);
    out
}

fn unreadable(why: Unreadable, answer: &Answer) -> Error {
    match why {
        Unreadable::Json(error) => Garbled::not_json(&error, answer),
        Unreadable::Other(why) => Garbled::new(why, answer),
    }
    .into()
}
