//! What stands at this place of a JSON text, and at which place is something wrong?

use serde_json::Value;

use crate::{
    encode::without_bom,
    error::{Error, Garbled},
    message::Answer,
};

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// [`Error::Garbled`] with line and column where it is not JSON.
    pub fn json(&self) -> Result<Value, Error> {
        serde_json::from_slice(without_bom(&self.body)).map_err(|error| Garbled::not_json(&error, self).into())
    }
}

/// The text at a JSON pointer (RFC 6901). A text on the way that is itself JSON is looked into: ActiveBuilding's `meta` may be either.
pub(crate) fn text_at(value: &Value, pointer: &str) -> Option<String> {
    let mut place = value.clone();
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        if let Value::String(text) = &place {
            place = serde_json::from_str(text).ok()?;
        }
        place = match place {
            Value::Object(mut members) => members.remove(&name)?,
            Value::Array(mut items) => {
                let at: usize = name.parse().ok()?;
                (at < items.len()).then(|| items.swap_remove(at))?
            }
            _ => return None,
        };
    }
    match place {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Where in a text that is valid JSON, of one line and without blanks, its reader gave up (`token.urls[0]`, `.` at the top), and why.
/// The reader says how many bytes it had taken by then.
pub(crate) fn path_and_problem(text: &str, error: &serde_json::Error) -> (String, String) {
    let taken = text.as_bytes().get(..error.column()).unwrap_or(text.as_bytes());
    let problem = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    (path(taken), problem.strip_suffix(&place).map_or(problem.clone(), str::to_owned))
}

/// The names and numbers of the members that are begun or just over where this beginning of a JSON text ends.
fn path(taken: &[u8]) -> String {
    enum Inside {
        Object(String),
        List(usize),
    }
    let mut path: Vec<Inside> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = taken.get(at) {
        at += 1;
        match byte {
            b'{' => path.push(Inside::Object(String::new())),
            b'[' => path.push(Inside::List(0)),
            b'}' | b']' => drop(path.pop()),
            b',' => {
                if let Some(Inside::List(item)) = path.last_mut() {
                    *item += 1;
                }
            }
            b'"' => {
                let from = at;
                while taken.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if taken[at] == b'\\' { 2 } else { 1 };
                }
                let value = taken[..from - 1].last() == Some(&b':');
                if let (Some(Inside::Object(name)), false) = (path.last_mut(), value) {
                    *name = String::from_utf8_lossy(taken.get(from..at).unwrap_or_default()).into_owned();
                }
                at += 1;
            }
            _ => {}
        }
    }
    let mut text = String::new();
    for step in &path {
        match step {
            Inside::Object(name) if text.is_empty() || name.is_empty() => text += name,
            Inside::Object(name) => text += &format!(".{name}"),
            Inside::List(item) => text += &format!("[{item}]"),
        }
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_its_place() {
        for (taken, expected) in [
            (r#"{"#, "."),
            (r#"{"a"#, "a"),
            (r#"{"a":{"b":1},"c":{"d"#, "c.d"),
            (r#"{"a":{"b":1}"#, "a"),
            (r#"{"a":[1,{"b":"x,\"}{"},[0,1"#, "a[2][1]"),
            (r#"{"a":[]"#, "a"),
            (r#"{"a":{}}"#, "."),
        ] {
            assert_eq!(path(taken.as_bytes()), expected, "{taken}");
        }
    }

    #[test]
    fn a_pointer_looks_into_a_text_that_is_json() {
        let plain: Value = serde_json::json!({"meta": {"response": {"message": "invalid_grant"}}});
        let text: Value = serde_json::json!({"meta": "{\"response\":{\"message\":\"invalid_grant\"},\"status\":\"failed\"}"});
        for value in [plain, text] {
            assert_eq!(text_at(&value, "/meta/response/message").as_deref(), Some("invalid_grant"));
        }
        assert_eq!(text_at(&serde_json::json!({"a/b": [1, {"": 7}]}), "/a~1b/1/").as_deref(), Some("7"));
        assert_eq!(text_at(&serde_json::json!({"a": "no json"}), "/a/b"), None);
    }
}
