//! Is this the value that was expected?
//!
//! Any JSON value is expected as it stands; an object of the words below is a matcher instead. What was captured once can be expected again.

use std::collections::{BTreeMap, BTreeSet};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::jws::jwt;

/// The words of a matcher. A literal object that has only these as members is written `{"exactly": …}`.
const WORDS: [&str; 14] = [
    "absent",
    "any",
    "pattern",
    "capture",
    "captured",
    "fresh",
    "basic",
    "base64",
    "s256",
    "s256_of",
    "verifier_of",
    "jwt",
    "exactly",
    "members",
];

/// What was seen in this dialogue.
#[derive(Debug, Default)]
pub(crate) struct Captures {
    /// What was captured, by name.
    pub(crate) named: BTreeMap<String, String>,
    /// What must not come a second time, each with the name of its kind.
    met: BTreeSet<(String, String)>,
}

/// Compares a value (None: there is none) with what is expected at that place.
pub(crate) fn check(place: &str, expected: &Value, came: Option<&Value>, captures: &mut Captures) -> Result<(), String> {
    if let Some(words) = matcher(expected) {
        return words.iter().try_for_each(|(word, argument)| one(place, word, argument, came, captures));
    }
    match (expected, came) {
        (Value::Object(expected), Some(Value::Object(came))) => members(place, expected, came, captures),
        (Value::Array(expected), Some(Value::Array(came))) if expected.len() == came.len() => expected
            .iter()
            .zip(came)
            .enumerate()
            .try_for_each(|(at, (expected, came))| check(&format!("{place}[{at}]"), expected, Some(came), captures)),
        (expected, Some(came)) if expected == came => Ok(()),
        (expected, came) => Err(differ(place, &expected.to_string(), came)),
    }
}

/// Compares an object member by member; there must be no others.
pub(crate) fn members(
    place: &str,
    expected: &Map<String, Value>,
    came: &Map<String, Value>,
    captures: &mut Captures,
) -> Result<(), String> {
    for (name, expected) in expected {
        check(&format!("{place}.{name}"), expected, came.get(name), captures)?;
    }
    match came.iter().find(|(name, _)| !expected.contains_key(*name)) {
        Some((name, value)) => Err(format!("{place}.{name}: expected nothing, came {value}")),
        None => Ok(()),
    }
}

fn matcher(expected: &Value) -> Option<&Map<String, Value>> {
    expected.as_object().filter(|members| !members.is_empty() && members.keys().all(|name| WORDS.contains(&name.as_str())))
}

fn one(place: &str, word: &str, argument: &Value, came: Option<&Value>, captures: &mut Captures) -> Result<(), String> {
    if word == "absent" {
        return came.map_or(Ok(()), |came| Err(format!("{place}: expected nothing, came {came}")));
    }
    let Some(came) = came else { return Err(differ(place, &format!("{{\"{word}\": {argument}}}"), None)) };
    match word {
        "any" => return Ok(()),
        "exactly" => return if came == argument { Ok(()) } else { Err(differ(place, &argument.to_string(), Some(came))) },
        "members" => {
            let (Value::Object(expected), Value::Object(came)) = (argument, came) else {
                return Err(format!("{place}: expected an object, came {came}"));
            };
            return expected
                .iter()
                .try_for_each(|(name, expected)| check(&format!("{place}.{name}"), expected, came.get(name), captures));
        }
        _ => {}
    }
    let Value::String(text) = came else { return Err(format!("{place}: expected a text, came {came}")) };
    if word == "jwt" {
        return jwt(place, argument, text, captures);
    }
    if word == "base64" {
        let decoded = from_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
        let decoded = decoded.ok_or_else(|| format!("{place}: expected base64 of a text, came {came}"))?;
        return check(&format!("{place}(base64)"), argument, Some(&Value::String(decoded)), captures);
    }
    let name = argument.as_str().ok_or_else(|| format!("{place}: the matcher {word} takes a text"))?;
    let known =
        |captures: &Captures| captures.named.get(name).cloned().ok_or_else(|| format!("{place}: nothing was captured as {name}"));
    let expected = match word {
        "capture" => {
            captures.named.insert(name.to_owned(), text.clone());
            return Ok(());
        }
        "fresh" => {
            let first = captures.met.insert((name.to_owned(), text.clone()));
            return if first { Ok(()) } else { Err(format!("{place}: expected one that never came before, came {came} again")) };
        }
        "pattern" => {
            let pattern = regex::Regex::new(&format!("^(?:{name})$")).map_err(|error| format!("{place}: {error}"))?;
            let fits = pattern.is_match(text);
            return if fits { Ok(()) } else { Err(differ(place, &format!("the pattern {name}"), Some(came))) };
        }
        "captured" => known(captures)?,
        "basic" => format!("Basic {}", STANDARD.encode(name)),
        "s256" => s256(name),
        "s256_of" => s256(&known(captures)?),
        _ => {
            let challenge = known(captures)?;
            let fits = s256(text) == challenge;
            return if fits { Ok(()) } else { Err(differ(place, &format!("the verifier of {challenge}"), Some(came))) };
        }
    };
    if *text == expected { Ok(()) } else { Err(differ(place, &Value::String(expected).to_string(), Some(came))) }
}

/// BASE64URL(SHA256(ASCII(text))): of a verifier (RFC 7636 §4.2), of an access token (RFC 9449 §4.2).
fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn differ(place: &str, expected: &str, came: Option<&Value>) -> String {
    match came {
        Some(came) => format!("{place}: expected {expected}, came {came}"),
        None => format!("{place}: expected {expected}, came nothing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fits(expected: Value, came: Value) -> Result<(), String> {
        check("x", &expected, Some(&came), &mut Captures::default())
    }

    #[test]
    fn a_plain_value_is_expected_as_it_stands_and_alone() {
        fits(json!({"a": [1, null, "b"]}), json!({"a": [1, null, "b"]})).expect("the same");
        assert_eq!(fits(json!("a"), json!("b")), Err(r#"x: expected "a", came "b""#.to_owned()));
        assert_eq!(fits(json!({"a": 1}), json!({"a": 1, "b": 2})), Err("x.b: expected nothing, came 2".to_owned()));
        assert_eq!(fits(json!({"a": 1}), json!({})), Err("x.a: expected 1, came nothing".to_owned()));
        fits(json!([1]), json!([1, 2])).expect_err("longer");
        fits(json!(1), json!("1")).expect_err("a text is no number");
    }

    #[test]
    fn members_leave_the_others_alone() {
        fits(json!({"members": {"a": 1}}), json!({"a": 1, "b": 2})).expect("b does not matter");
        fits(json!({"members": {"a": {"absent": true}}}), json!({"b": 2})).expect("a is absent");
        fits(json!({"members": {"b": {"absent": true}}}), json!({"b": 2})).expect_err("b is there");
    }

    #[test]
    fn a_pattern_must_fit_the_whole_text() {
        fits(json!({"pattern": "[a-c]{3}|d"}), json!("abc")).expect("fits");
        fits(json!({"pattern": "[a-c]{3}|d"}), json!("abcd")).expect_err("too long");
        fits(json!({"pattern": "("}), json!("a")).expect_err("no pattern");
        fits(json!({"pattern": "7"}), json!(7)).expect_err("not a text");
    }

    #[test]
    fn what_was_captured_is_expected_again() {
        let mut captures = Captures::default();
        check("x", &json!({"capture": "state", "pattern": "."}), Some(&json!("s")), &mut captures).expect("captured");
        check("x", &json!({"captured": "state"}), Some(&json!("s")), &mut captures).expect("the same");
        check("x", &json!({"captured": "state"}), Some(&json!("t")), &mut captures).expect_err("another");
        check("x", &json!({"captured": "nonce"}), Some(&json!("t")), &mut captures).expect_err("never captured");
    }

    #[test]
    fn what_must_be_fresh_may_not_come_twice() {
        let mut captures = Captures::default();
        let mut meet = |kind: &str, text: &str| check("x", &json!({"fresh": kind}), Some(&json!(text)), &mut captures);
        meet("jti", "a").expect("the first");
        meet("jti", "b").expect("another");
        meet("state", "a").expect("of another kind");
        meet("jti", "a").expect_err("again");
    }

    #[test]
    fn rfc_7636_appendix_b_is_met_in_both_directions() {
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let mut captures = Captures::default();
        captures.named.extend([("v".to_owned(), verifier.to_owned()), ("c".to_owned(), challenge.to_owned())]);
        check("x", &json!({"s256": verifier}), Some(&json!(challenge)), &mut captures).expect("the challenge of a text");
        check("x", &json!({"s256_of": "v"}), Some(&json!(challenge)), &mut captures).expect("the challenge");
        check("x", &json!({"verifier_of": "c"}), Some(&json!(verifier)), &mut captures).expect("the verifier");
        check("x", &json!({"verifier_of": "c"}), Some(&json!(challenge)), &mut captures).expect_err("another");
    }

    #[test]
    fn basic_and_base64_are_decoded() {
        fits(json!({"basic": "123:abc"}), json!("Basic MTIzOmFiYw==")).expect("Honeywell's vector");
        fits(json!({"basic": "123:abd"}), json!("Basic MTIzOmFiYw==")).expect_err("another secret");
        fits(json!({"base64": {"pattern": "12.:abc"}}), json!("MTIzOmFiYw==")).expect("decoded");
    }

    #[test]
    fn exactly_takes_an_object_that_looks_like_a_matcher() {
        fits(json!({"exactly": {"absent": true}}), json!({"absent": true})).expect("literal");
        fits(json!({"exactly": {"absent": true}}), json!({"absent": false})).expect_err("another");
    }
}
