//! Would the test notice?
//!
//! A mutant is a copy of a dialogue in which one expectation was changed. A language that passes it proves nothing with the original.

use serde_json::{Map, Value, json};

/// A dialogue with one expectation changed.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was changed, for people: `conversation/1/send/url`.
    pub place: String,
    /// The kind of expectation: `send`, `save`, `done`, `error`, …
    pub kind: &'static str,
    /// The changed dialogue.
    pub dialogue: Value,
}

/// Every mutant there is of a dialogue, in the dialogue's order.
pub fn all(dialogue: &Value) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let moves = dialogue["conversation"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, one) in moves.iter().enumerate() {
        let Value::Object(one) = one else { continue };
        for kind in ["send", "save", "wait", "done", "error", "document", "url", "fields"] {
            let Some(expected) = one.get(kind) else { continue };
            for (place, changed) in changes(expected) {
                let mut dialogue = dialogue.clone();
                dialogue["conversation"][at][kind] = changed;
                mutants.push(Mutant { place: format!("conversation/{at}/{kind}{place}"), kind, dialogue });
            }
        }
        // Where no step follows, a driver need not notice.
        let steps = |next: &Value| ["send", "save", "wait", "done"].iter().any(|kind| next.get(*kind).is_some());
        if one.contains_key("save") && moves.get(at + 1).is_some_and(steps) {
            mutants.push(without_move(dialogue, at, "save dropped"));
        }
        if let Some(send) = one.get("send").and_then(Value::as_object) {
            mutants.extend(one_more_member(dialogue, at, send));
            mutants.extend(one_more_claim(dialogue, at));
        }
    }
    mutants
}

/// One mutant of a dialogue: which one follows from its name, so that all kinds are met over many dialogues and none changes from run to run.
pub fn one(name: &str, dialogue: &Value) -> Option<Mutant> {
    let mutants = all(dialogue);
    let mut kinds: Vec<&str> = mutants.iter().map(|mutant| mutant.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let number = hash(name);
    let kind = *kinds.get(number % kinds.len().max(1))?;
    let mut of_kind: Vec<Mutant> = mutants.into_iter().filter(|mutant| mutant.kind == kind).collect();
    let chosen = (number / 7919) % of_kind.len();
    Some(of_kind.swap_remove(chosen))
}

/// FNV-1a: the same on every machine and in every year.
fn hash(text: &str) -> usize {
    let hash = text.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash as usize
}

/// Every way to change one value in an expectation, with its place.
fn changes(expected: &Value) -> Vec<(String, Value)> {
    match expected {
        Value::Object(members) if is_check(members) => vec![(String::new(), json!("changed"))],
        // A capture alone expects nothing; what is captured is expected later.
        Value::Object(members) if members.contains_key("capture") || members.contains_key("any") => Vec::new(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                let changes = another_word(name, value).map_or_else(|| changes(value), |word| vec![(String::new(), word)]);
                changes.into_iter().map(move |(place, changed)| {
                    let mut members = members.clone();
                    members.insert(name.clone(), changed);
                    (format!("/{name}{place}"), Value::Object(members))
                })
            })
            .collect(),
        Value::Array(items) if items.is_empty() => vec![(String::new(), json!(["changed"]))],
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, value)| {
                changes(value).into_iter().map(move |(place, changed)| {
                    let mut items = items.clone();
                    items[at] = changed;
                    (format!("/{at}{place}"), Value::Array(items))
                })
            })
            .collect(),
        Value::String(text) => vec![(String::new(), Value::String(format!("{text}~changed")))],
        Value::Number(number) => vec![(String::new(), json!(number.as_i64().unwrap_or_default().wrapping_add(1)))],
        Value::Bool(flag) => vec![(String::new(), json!(!flag))],
        Value::Null => vec![(String::new(), json!("changed"))],
    }
}

/// Members whose words the schema knows change to another of these words.
fn another_word(name: &str, value: &Value) -> Option<Value> {
    let words = match name {
        "kind" => ["usage", "refused"],
        "sent" => ["no", "maybe"],
        _ => return None,
    };
    words.into_iter().find(|word| value != word).map(Value::from)
}

/// A matcher that any text may fail.
fn is_check(members: &Map<String, Value>) -> bool {
    const CHECKS: [&str; 10] =
        ["absent", "pattern", "captured", "fresh", "basic", "base64", "s256", "s256_of", "verifier_of", "exactly"];
    !members.is_empty()
        && members.keys().any(|name| CHECKS.contains(&name.as_str()))
        && members.keys().all(|name| CHECKS.contains(&name.as_str()) || name == "capture")
}

fn without_move(dialogue: &Value, at: usize, what: &'static str) -> Mutant {
    let mut changed = dialogue.clone();
    if let Some(moves) = changed["conversation"].as_array_mut() {
        moves.remove(at);
    }
    Mutant { place: format!("conversation/{at}"), kind: what, dialogue: changed }
}

/// A form, query or JSON member that the request does not have.
fn one_more_member(dialogue: &Value, at: usize, send: &Map<String, Value>) -> Vec<Mutant> {
    ["query", "headers", "form", "json"]
        .into_iter()
        .filter(|part| send.get(*part).is_some_and(Value::is_object))
        .map(|part| {
            let mut dialogue = dialogue.clone();
            dialogue["conversation"][at]["send"][part]["x-changed"] = json!("changed");
            Mutant { place: format!("conversation/{at}/send/{part}/x-changed"), kind: "member added", dialogue }
        })
        .collect()
}

/// A claim that a signed statement does not have, in the first one of the request.
fn one_more_claim(dialogue: &Value, at: usize) -> Option<Mutant> {
    ["headers/dpop", "form/client_assertion", "form/request"].into_iter().find_map(|part| {
        let mut dialogue = dialogue.clone();
        let place = format!("conversation/{at}/send/{part}/jwt/claims");
        dialogue.pointer_mut(&format!("/{place}"))?.as_object_mut()?.insert("x-changed".to_owned(), json!("changed"));
        Some(Mutant { place: format!("{place}/x-changed"), kind: "claim added", dialogue })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expectation_has_its_mutant_and_the_choice_stays() {
        let dialogue = json!({"conversation": [
            {"token": {"grant": "password"}},
            {"send": {"method": "POST", "url": "u", "form": {"a": "1", "b": {"capture": "b"}, "c": {"captured": "b"}}}},
            {"save": {"access_token": "t"}},
            {"done": {"token": {"access_token": "t", "expires_at": 7, "scope_narrower": true}}},
        ]});
        let mutants = all(&dialogue);
        let places: Vec<&str> = mutants.iter().map(|mutant| mutant.place.as_str()).collect();
        assert_eq!(
            places,
            [
                "conversation/1/send/form/a",
                "conversation/1/send/form/c",
                "conversation/1/send/method",
                "conversation/1/send/url",
                "conversation/1/send/form/x-changed",
                "conversation/2/save/access_token",
                "conversation/2",
                "conversation/3/done/token/access_token",
                "conversation/3/done/token/expires_at",
                "conversation/3/done/token/scope_narrower",
            ]
        );
        assert!(mutants.iter().all(|mutant| mutant.dialogue != dialogue));
        assert_eq!(one("a", &dialogue).map(|mutant| mutant.place), one("a", &dialogue).map(|mutant| mutant.place));
        assert!(one("a", &json!({"conversation": [{"refresh": {}}]})).is_none());
    }
}
