//! Which server, and how does it differ from the RFC?
//!
//! A provider is data: one versioned JSON record, the four built-in ones included. Strict where it protects: unknown fields are errors
//! that name their path; members beginning with `x-` are the author's own.

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use serde_json::Value;

use crate::{
    error::{Error, json_problem},
    json,
    record::Record,
};

/// A provider's endpoints and quirks. Cheap to clone.
///
/// ```
/// let provider = oauth_core::Provider::from_json(r#"{
///     "version": 1,
///     "name": "example",
///     "base": "https://login.example",
///     "token": { "url": "/token", "auth": "basic" }
/// }"#)?;
/// assert_eq!(provider.name(), "example");
/// # Ok::<(), oauth_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Provider(Arc<Known>);

struct Known {
    record: Record,
    /// The whole record, `extends` followed.
    json: Value,
}

macro_rules! built_in {
    ($($name:ident: $doc:literal),+ $(,)?) => {
        impl Provider {
            $(
                #[doc = $doc]
                pub fn $name() -> Self {
                    static PROVIDER: LazyLock<Provider> = LazyLock::new(|| {
                        let record = include_str!(concat!("../providers/", stringify!($name), ".json"));
                        Provider::from_json(record).unwrap_or_else(|error| unreachable!("built-in record: {error}"))
                    });
                    PROVIDER.clone()
                }
            )+

            /// The names of the built-in providers.
            pub const BUILT_IN: &[&str] = &[$(stringify!($name)),+];

            /// The built-in provider of that name.
            ///
            /// # Errors
            /// [`Error::Usage`] that lists the known names.
            pub fn named(name: &str) -> Result<Self, Error> {
                match name {
                    $(stringify!($name) => Ok(Self::$name()),)+
                    _ => Err(Error::usage(format!(
                        "provider: there is no built-in {:?}, only {}; give any other as a JSON record",
                        crate::encode::printable(name, 40),
                        Self::BUILT_IN.join(", "),
                    ))),
                }
            }

            fn record_text(name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($name) => Some(include_str!(concat!("../providers/", stringify!($name), ".json"))),)+
                    _ => None,
                }
            }
        }
    };
}

built_in! {
    activebuilding: "ActiveBuilding: password grant, form body, token in the query or form of an API call, no expiry told.",
    mybuilding: "MyBuilding: ActiveBuilding's dialect at a host that the client names with [`Client::base`](crate::Client::base).",
    buildpass: "BuildPass: client credentials (JSON by default), authorization code with PKCE, rotating refresh tokens.",
    honeywell: "Honeywell Home: Basic credentials as they are, answers all in strings, `apikey` beside the token on API calls.",
}

impl Provider {
    /// A provider from its record, format version 1 (docs/provider-record.md describes every field).
    ///
    /// # Errors
    /// [`Error::Usage`] that names the field's path, or line and column where the text is not JSON.
    pub fn from_json(record: &str) -> Result<Self, Error> {
        let value: Value = serde_json::from_str(record)
            .map_err(|error| Error::usage(format!("provider record: not JSON, {}", json_problem(&error))))?;
        Self::from_value(extended(value, 0)?)
    }

    pub(crate) fn from_value(json: Value) -> Result<Self, Error> {
        let mut value = json.clone();
        drop_own_members(&mut value);
        let text = value.to_string();
        let record: Record = serde_json::from_str(&text).map_err(|error| {
            let (path, problem) = json::path_and_problem(&text, &error);
            // The record itself has no name.
            let place = if path == "." { String::new() } else { format!("{path}: ") };
            Error::usage(crate::encode::printable(&format!("provider record: {place}{problem}"), 500))
        })?;
        record.check()?;
        Ok(Self(Arc::new(Known { record, json })))
    }

    /// The record as JSON, `extends` followed and members of the author's own (`x-…`) kept: [`from_json`](Self::from_json) reads it again, in any
    /// language. Keep the record of a [discovered](Self::discover) provider for as long as you like: it saves two requests at every start.
    pub fn record_json(&self) -> String {
        self.0.json.to_string()
    }

    /// What the server said of itself where the record was [discovered](Self::discover), by JSON pointer (RFC 6901) into its metadata:
    /// `/scopes_supported`. None for a record that was written by hand.
    pub fn metadata(&self, pointer: &str) -> Option<Value> {
        self.0.json.get("x-metadata")?.pointer(pointer).cloned()
    }

    /// The record's name, which error texts and saved tokens carry.
    pub fn name(&self) -> &str {
        &self.0.record.name
    }

    /// Whether its record names an issuer and where the issuer publishes its keys (`issuer` and `endpoints.jwks`): what a
    /// [verifier](crate::Client::verifier) needs to check ID tokens.
    pub fn publishes_keys(&self) -> bool {
        self.0.record.issuer.is_some() && self.0.record.endpoints.get("jwks").is_some()
    }

    /// That it has no such endpoint, as far as its record knows.
    pub(crate) fn lacks(&self, endpoint: &str) -> Error {
        let name = self.name();
        Error::usage(format!("{endpoint}: {name} names no such endpoint; if it has one, its record needs endpoints.{endpoint}"))
    }

    pub(crate) fn record(&self) -> &Record {
        &self.0.record
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.0.record.name).finish()
    }
}

/// The newest format of a record this library reads.
const VERSION: u64 = 1;

/// Follows `extends` (a built-in name; at most a few deep) as a JSON merge patch (RFC 7396).
fn extended(mut record: Value, depth: usize) -> Result<Value, Error> {
    let Some(members) = record.as_object_mut() else {
        return Err(Error::usage("provider record: must be a JSON object"));
    };
    match members.get("version") {
        Some(version) if version.as_u64().is_some_and(|v| v == VERSION) => {}
        Some(version) if version.as_u64().is_some_and(|v| v > VERSION) => {
            return Err(Error::usage(format!(
                "provider record: version: {version} is newer than this library, which reads {VERSION}"
            )));
        }
        Some(_) => return Err(Error::usage(format!("provider record: version: must be the number {VERSION}"))),
        None => return Err(Error::usage(format!("provider record: version: missing, must be {VERSION}"))),
    }
    let base = match members.remove("extends") {
        None => return Ok(record),
        Some(Value::String(name)) if depth < 4 => Provider::record_text(&name)
            .ok_or_else(|| Error::usage(format!("provider record: extends: there is no built-in provider {name:?}")))?,
        Some(_) => return Err(Error::usage("provider record: extends: must be the name of a built-in provider")),
    };
    let base = serde_json::from_str(base).map_err(|error| Error::usage(json_problem(&error)))?;
    let mut whole = extended(base, depth + 1)?;
    merge(&mut whole, record);
    Ok(whole)
}

fn drop_own_members(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !name.starts_with("x-"));
            members.values_mut().for_each(drop_own_members);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_own_members),
        _ => {}
    }
}

fn merge(into: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *into = patch;
        return;
    };
    if !into.is_object() {
        *into = Value::Object(serde_json::Map::new());
    }
    let Some(members) = into.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ClientAuth;

    fn problem(record: &str) -> String {
        Provider::from_json(record).expect_err("must be refused").to_string()
    }

    #[test]
    fn the_built_in_records_are_read() {
        for name in Provider::BUILT_IN {
            assert_eq!(Provider::named(name).expect("built in").name(), *name);
        }
    }

    #[test]
    fn an_error_names_the_field_and_the_place() {
        let unknown = problem(r#"{"version":1,"name":"a","token":{"url":"/t","auht":"basic"}}"#);
        assert!(unknown.starts_with("provider record: token.auht: unknown field `auht`, expected one of `url`, "), "{unknown}");
        assert_eq!(
            problem("{\n  \"version\": 1,\n  oops\n}"),
            "provider record: not JSON, unexpected character at line 3 column 3"
        );
        assert_eq!(problem(r#"{"version":2}"#), "provider record: version: 2 is newer than this library, which reads 1");
        assert!(
            problem(r#"{"version":1,"name":"a","token":{"url":"/t","auth":"digest"}}"#)
                .starts_with("provider record: token.auth: unknown variant `digest`")
        );
        assert!(
            problem(r#"{"version":1,"name":"a","token":{"url":"/t"},"api":{"expired":[{"status":[200]}]}}"#)
                .starts_with("provider record: api.expired[0].status: a success needs")
        );
        assert!(problem(r#"{"version":1,"extends":"nobody"}"#).contains("extends: there is no built-in provider \"nobody\""));
    }

    #[test]
    fn own_members_are_passed_over_everywhere() {
        let record =
            r#"{"version":1,"x-note":1,"name":"a","token":{"url":"/t","x-y":{}},"api":{"expired":[{"status":[401],"x-z":0}]}}"#;
        Provider::from_json(record).expect("x- members are the author's own");
    }

    #[test]
    fn extends_is_a_merge_patch() {
        let provider = Provider::from_json(
            r#"{"version":1,"name":"mine","extends":"honeywell","api":{"query":{"apikey":null,"key":"{client_id}"}}}"#,
        )
        .expect("a record based on another");
        assert_eq!(provider.record().api.query.keys().collect::<Vec<_>>(), ["key"]);
        assert_eq!(provider.record().token.auth, ClientAuth::BasicRaw);
    }
}
