//! What stands at this place of a JSON answer?

use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use super::*;

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
