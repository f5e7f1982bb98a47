//! Is this the end that was expected?
//!
//! A token, an API's answer or an error is compared whole: what the dialogue leaves out has its plain value (nothing, false, or what
//! follows from the conversation), so that every dialogue proves every member in every language.

use serde_json::{Map, Value, json};

use crate::{
    dialogue::Message,
    matcher::{Captures, check, from_base64, members},
    request,
};

/// What the conversation so far says about the members that a dialogue leaves out.
pub(crate) struct Known<'a> {
    /// The current client's provider.
    pub(crate) provider: &'a str,
    /// Wall time of the step that heard the last answer.
    pub(crate) heard_at: i64,
    /// The last answer handed in.
    pub(crate) answer: Option<&'a Message>,
}

impl Known<'_> {
    /// The last answer's JSON; a byte order mark is none of it (RFC 8259 §8.1).
    fn heard(&self) -> Value {
        let body = self.answer.map_or(&[][..], |answer| &answer.body);
        serde_json::from_slice(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)).unwrap_or_default()
    }
}

const TOKEN: [&str; 12] = [
    "access_token",
    "token_type",
    "authorization",
    "expires_at",
    "received_at",
    "refresh_token",
    "scope",
    "requested_scope",
    "scope_narrower",
    "provider",
    "deviations",
    "user",
];

pub(crate) fn token(
    place: &str,
    expected: &Map<String, Value>,
    came: &Value,
    known: &Known<'_>,
    captures: &mut Captures,
) -> Result<(), String> {
    let came = object(place, came)?;
    for name in TOKEN {
        let plain = || match name {
            "authorization" => json!(format!("Bearer {}", text(came, "access_token"))),
            "received_at" => json!(known.heard_at),
            "scope_narrower" => json!(false),
            "provider" => json!(known.provider),
            "deviations" => json!([]),
            _ => Value::Null,
        };
        let expected = expected.get(name).cloned().unwrap_or_else(plain);
        check(&format!("{place}.{name}"), &expected, Some(came.get(name).unwrap_or(&Value::Null)), captures)?;
    }
    if text(came, "saved").is_empty() {
        return Err(format!("{place}.saved: the driver gave no saved text"));
    }
    no_others(place, came, &[&TOKEN[..], &["saved"]].concat())
}

const DEVICE: [&str; 6] =
    ["user_code", "verification_uri", "verification_uri_complete", "expires_at", "interval_ms", "deviations"];

/// A device or backchannel login that waits for its user. What is left out is the RFC's default, or nothing.
pub(crate) fn approval(name: &str, expected: &Map<String, Value>, came: &Value, captures: &mut Captures) -> Result<(), String> {
    let place = format!("done.{name}");
    let came = object(&place, came)?;
    let listed = if name == "device" { &DEVICE[..] } else { &["expires_at", "interval_ms"] };
    for name in listed {
        let plain = || match *name {
            "interval_ms" => json!(5000),
            "deviations" => json!([]),
            _ => Value::Null,
        };
        let expected = expected.get(*name).cloned().unwrap_or_else(plain);
        check(&format!("{place}.{name}"), &expected, Some(came.get(*name).unwrap_or(&Value::Null)), captures)?;
    }
    if text(came, "saved").is_empty() {
        return Err(format!("{place}.saved: the driver gave no saved text"));
    }
    no_others(&place, came, &[listed, &["saved"]].concat())
}

const ERROR: [&str; 11] = [
    "kind",
    "code",
    "standard_code",
    "message",
    "description",
    "error_uri",
    "status",
    "retry_after_ms",
    "transient",
    "sent",
    "ambiguous",
];

pub(crate) fn error(
    expected: &Map<String, Value>,
    came: &Value,
    known: &Known<'_>,
    captures: &mut Captures,
) -> Result<(), String> {
    let came = object("error", came)?;
    for name in ERROR {
        let plain = || if matches!(name, "transient" | "ambiguous") { json!(false) } else { Value::Null };
        let expected = expected.get(name).cloned().unwrap_or_else(plain);
        check(&format!("error.{name}"), &expected, Some(came.get(name).unwrap_or(&Value::Null)), captures)?;
    }
    // A refusal and a garbled answer lose nothing of what the server said; no other error has a body.
    let speaks =
        matches!(text(came, "kind"), "refused" | "garbled") && came.get("status").is_some_and(|status| !status.is_null());
    let said = known.answer.filter(|_| speaks).map_or(&[][..], |answer| &answer.body);
    expect_body("error.body_base64", said, came)?;
    no_others("error", came, &[&ERROR[..], &["body_base64"]].concat())
}

/// `status` stands in the dialogue; headers and body are those handed in, byte for byte, unless it says otherwise.
pub(crate) fn answer(expected: &Value, came: &Value, known: &Known<'_>, captures: &mut Captures) -> Result<(), String> {
    let came = object("done.answer", came)?;
    check("done.answer.status", &expected["status"], came.get("status"), captures)?;
    let heard = known.answer.ok_or("done.answer: no answer was handed in")?;
    let lower = |name: &str| Value::from(name.to_ascii_lowercase());
    let headers: Vec<Value> = heard.headers.iter().map(|(name, value)| json!([lower(name), value])).collect();
    let came_headers: Vec<Value> = came
        .get("headers")
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |list| list.iter().map(|pair| json!([pair[0].as_str().map(lower), pair[1]])).collect());
    check("done.answer.headers", &Value::Array(headers), Some(&Value::Array(came_headers)), captures)?;
    expect_body("done.answer.body_base64", &heard.body, came)?;
    if let Some(expected) = expected.get("json") {
        let body = from_base64(text(came, "body_base64")).unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).map_err(|error| format!("done.answer.json: {error}"))?;
        check("done.answer.json", expected, Some(&body), captures)?;
    }
    no_others("done.answer", came, &["status", "headers", "body_base64"])
}

/// A login that waits for its callback: its URL.
pub(crate) fn login(expected: &Value, came: &Value, _: &Known<'_>, captures: &mut Captures) -> Result<(), String> {
    let came = object("done.login", came)?;
    let none = Map::new();
    request::url("done.login", expected.as_object().unwrap_or(&none), text(came, "url"), captures)?;
    no_others("done.login", came, &["url"])
}

/// A provider that was discovered: its record, in which `x-metadata` is all that the server said of itself.
pub(crate) fn provider(expected: &Value, came: &Value, known: &Known<'_>, captures: &mut Captures) -> Result<(), String> {
    let record: Value = serde_json::from_str(came.as_str().unwrap_or_default())
        .map_err(|error| format!("done.provider: the driver gave no JSON text: {error}"))?;
    let mut expected = expected.as_object().cloned().unwrap_or_default();
    expected.entry("version").or_insert(json!(1));
    expected.entry("x-metadata").or_insert_with(|| json!({"exactly": known.heard()}));
    members("done.provider", &expected, object("done.provider", &record)?, captures)
}

/// A client that an API's refusal led to. What is left out is nothing.
pub(crate) fn admission(expected: &Value, came: &Value, _: &Known<'_>, captures: &mut Captures) -> Result<(), String> {
    let came = object("done.admission", came)?;
    let json = |name: &str| serde_json::from_str::<Value>(text(came, name)).unwrap_or_default();
    let said = [
        ("client_id", text(came, "client_id").into()),
        ("scope", came.get("scope").cloned().unwrap_or_default()),
        ("issuer", json("record")["issuer"].take()),
        ("resource", json("resource")),
        ("registration", json("registration")),
    ];
    for (name, came) in said {
        check(&format!("done.admission.{name}"), expected.get(name).unwrap_or(&Value::Null), Some(&came), captures)?;
    }
    no_others("done.admission", came, &["client_id", "scope", "record", "resource", "registration"])
}

/// A document.
pub(crate) fn document(expected: &Value, came: &Value, _: &Known<'_>, captures: &mut Captures) -> Result<(), String> {
    let document: Value = serde_json::from_str(came.as_str().unwrap_or_default())
        .map_err(|error| format!("done.document: the driver gave no JSON text: {error}"))?;
    check("done.document", expected, Some(&document), captures)
}

fn expect_body(place: &str, expected: &[u8], came: &Map<String, Value>) -> Result<(), String> {
    let body = from_base64(text(came, "body_base64")).ok_or_else(|| format!("{place}: the driver gave no base64"))?;
    if body == expected {
        return Ok(());
    }
    Err(format!("{place}: expected {:?}, came {:?}", String::from_utf8_lossy(expected), String::from_utf8_lossy(&body)))
}

fn object<'a>(place: &str, came: &'a Value) -> Result<&'a Map<String, Value>, String> {
    came.as_object().ok_or_else(|| format!("{place}: expected an object, came {came}"))
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> &'a str {
    members.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn no_others(place: &str, came: &Map<String, Value>, known: &[&str]) -> Result<(), String> {
    match came.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("{place}.{name}: no member of the driver protocol")),
        None => Ok(()),
    }
}
