//! Is this the request that was expected?
//!
//! Nothing may come that was not expected: no other query parameter, body member or header. Only `accept` and `content-type` need not be
//! written down; the latter must belong to the expected body.

use serde_json::{Map, Value};

use crate::matcher::{Captures, check, from_base64, members};

pub(crate) fn request(expected: &Map<String, Value>, came: &Value, captures: &mut Captures) -> Result<(), String> {
    check("send.method", &expected["method"], came.get("method"), captures)?;
    url("send", expected, came.get("url").and_then(Value::as_str).unwrap_or_default(), captures)?;
    let headers = headers(came)?;
    expect_headers(expected, &headers, captures)?;
    let body = came.get("body_base64").and_then(Value::as_str).unwrap_or_default();
    let body = from_base64(body).ok_or("send.body_base64: the driver gave no base64")?;
    expect_body(expected, &headers, &body, captures)
}

/// With `query`, the URL is what stands before it and the query is compared by member; without, the URL is the whole.
pub(crate) fn url(place: &str, expected: &Map<String, Value>, came: &str, captures: &mut Captures) -> Result<(), String> {
    let Some(Value::Object(query)) = expected.get("query") else {
        return check(&format!("{place}.url"), &expected["url"], Some(&Value::from(came)), captures);
    };
    let (before, after) = came.split_once('?').unwrap_or((came, ""));
    check(&format!("{place}.url"), &expected["url"], Some(&Value::from(before)), captures)?;
    members(&format!("{place}.query"), query, &pairs(after.as_bytes()), captures)
}

/// Names in lower case; a repeated one has a list of values.
fn headers(came: &Value) -> Result<Map<String, Value>, String> {
    let list = came.get("headers").and_then(Value::as_array).ok_or("send.headers: the driver gave no list")?;
    let mut headers = Map::new();
    for pair in list {
        let (Some(name), Some(value)) = (pair.get(0).and_then(Value::as_str), pair.get(1)) else {
            return Err(format!("send.headers: the driver gave no pair: {pair}"));
        };
        add(&mut headers, name.to_ascii_lowercase(), value.clone());
    }
    Ok(headers)
}

fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        None => {
            members.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn expect_headers(expected: &Map<String, Value>, came: &Map<String, Value>, captures: &mut Captures) -> Result<(), String> {
    let none = Map::new();
    let listed = expected.get("headers").and_then(Value::as_object).unwrap_or(&none);
    let rest: Map<String, Value> = came
        .iter()
        .filter(|(name, _)| listed.contains_key(*name) || !matches!(name.as_str(), "accept" | "content-type"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    members("send.headers", listed, &rest, captures)
}

fn expect_body(
    expected: &Map<String, Value>,
    headers: &Map<String, Value>,
    body: &[u8],
    captures: &mut Captures,
) -> Result<(), String> {
    let of_type = |media_type: &str| match headers.get("content-type") {
        Some(Value::String(came)) if came == media_type => Ok(()),
        came => Err(format!("send.headers.content-type: expected {media_type:?}, came {}", came.unwrap_or(&Value::Null))),
    };
    if let Some(Value::Object(form)) = expected.get("form") {
        of_type("application/x-www-form-urlencoded")?;
        return members("send.form", form, &pairs(body), captures);
    }
    if let Some(json) = expected.get("json") {
        of_type("application/json")?;
        let came = serde_json::from_slice(body).map_err(|error| format!("send.json: the body is not JSON: {error}"))?;
        return check("send.json", json, Some(&came), captures);
    }
    let text = String::from_utf8_lossy(body);
    match expected.get("text") {
        Some(expected) => check("send.text", expected, Some(&Value::from(text)), captures),
        None if body.is_empty() => Ok(()),
        None => Err(format!("send: expected no body, came {text:?}")),
    }
}

fn pairs(text: &[u8]) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(text) {
        add(&mut members, name.into_owned(), Value::String(value.into_owned()));
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::to_base64;
    use serde_json::json;

    fn fits(expected: Value, came: Value) -> Result<(), String> {
        request(expected.as_object().expect("an object"), &came, &mut Captures::default())
    }

    fn came(url: &str, headers: Value, body: &str) -> Value {
        json!({"method": "POST", "url": url, "headers": headers, "body_base64": to_base64(body.as_bytes())})
    }

    const FORM: [&str; 2] = ["Content-Type", "application/x-www-form-urlencoded"];

    #[test]
    fn a_form_is_compared_by_member_and_nothing_else_may_come() {
        let expected = json!({"method": "POST", "url": "https://a.example/t", "form": {"a": "1 2", "b": ["1", "2"]}});
        fits(expected.clone(), came("https://a.example/t", json!([FORM]), "b=1&a=1+2&b=2")).expect("the same");
        for (url, headers, body) in [
            ("https://a.example/t?x=1", json!([FORM]), "b=1&a=1+2&b=2"),
            ("https://a.example/t", json!([FORM, ["authorization", "Basic x"]]), "b=1&a=1+2&b=2"),
            ("https://a.example/t", json!([FORM, ["cookie", "x"]]), "b=1&a=1+2&b=2"),
            ("https://a.example/t", json!([FORM]), "b=1&a=1+2&b=2&c=3"),
            ("https://a.example/t", json!([FORM]), "b=1&a=1+2&a=1+2&b=2"),
            ("https://a.example/t", json!([["content-type", "text/plain"]]), "b=1&a=1+2&b=2"),
            ("https://a.example/t", json!([]), "b=1&a=1+2&b=2"),
        ] {
            fits(expected.clone(), came(url, headers, body)).expect_err(body);
        }
    }

    #[test]
    fn a_query_is_compared_by_member() {
        let expected = json!({"method": "POST", "url": "https://a.example/t", "query": {"x": "ü"}});
        fits(expected.clone(), came("https://a.example/t?x=%C3%BC", json!([]), "")).expect("decoded");
        fits(expected.clone(), came("https://a.example/t?x=u", json!([]), "")).expect_err("another value");
        fits(expected.clone(), came("https://a.example/t", json!([]), "")).expect_err("no query");
        fits(expected, came("https://a.example/t?x=%C3%BC", json!([]), "body")).expect_err("a body");
    }

    #[test]
    fn json_is_compared_by_member_and_a_text_byte_for_byte() {
        let expected = json!({"method": "POST", "url": "https://a.example/t", "json": {"a": {"pattern": "[0-9]"}}});
        fits(expected.clone(), came("https://a.example/t", json!([["content-type", "application/json"]]), r#"{"a":"1"}"#))
            .expect("the same");
        fits(expected, came("https://a.example/t", json!([["content-type", "application/json"]]), r#"{"a":"x"}"#))
            .expect_err("x");
        let expected = json!({"method": "POST", "url": "https://a.example/t", "text": "a b"});
        fits(expected.clone(), came("https://a.example/t", json!([]), "a b")).expect("the same");
        fits(expected, came("https://a.example/t", json!([]), "a  b")).expect_err("another");
    }
}
