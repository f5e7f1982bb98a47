//! Is this what RFC 9396 calls authorization details?

use serde_json::Value;

use crate::error::{Error, json_problem};

/// A JSON array of objects, each with a `type` that is a text (RFC 9396 §2). What else an object says is between program and server.
pub(crate) fn check(details: &str) -> Result<(), Error> {
    let wrong = |why: &str| Error::usage(format!("authorization_details: {why} (RFC 9396 §2)"));
    let value: Value = serde_json::from_str(details).map_err(|error| wrong(&format!("not JSON, {}", json_problem(&error))))?;
    let Value::Array(items) = value else { return Err(wrong("must be a JSON array")) };
    for (at, item) in items.iter().enumerate() {
        if item.get("type").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(wrong(&format!("[{at}] must be an object with a type")));
        }
    }
    Ok(())
}
