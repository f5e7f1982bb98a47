//! Which server, and how does it differ from the RFC?
//!
//! A provider is data: one versioned JSON record, the four built-in ones included. Strict where it protects: unknown fields are errors
//! that name their path; members beginning with `x-` are the author's own.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock},
};

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, json_problem};

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
pub struct Provider(Arc<Record>);

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
        let value = extended(value, 0)?;
        let record: Record = serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            Error::usage(format!("provider record: {path}: {}", crate::encode::printable(&error.inner().to_string(), 300)))
        })?;
        record.check()?;
        Ok(Self(Arc::new(record)))
    }

    /// The record's name, which error texts and saved tokens carry.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn record(&self) -> &Record {
        &self.0
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.0.name).finish()
    }
}

/// The newest format of a record this library reads.
const VERSION: u64 = 1;

/// Follows `extends` (a built-in name; at most a few deep) as a JSON merge patch (RFC 7396) and drops `x-` members.
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
        None => {
            drop_own_members(&mut record);
            return Ok(record);
        }
        Some(Value::String(name)) if depth < 4 => Provider::record_text(&name)
            .ok_or_else(|| Error::usage(format!("provider record: extends: there is no built-in provider {name:?}")))?,
        Some(_) => return Err(Error::usage("provider record: extends: must be the name of a built-in provider")),
    };
    let base = serde_json::from_str(base).map_err(|error| Error::usage(json_problem(&error)))?;
    let mut whole = extended(base, depth + 1)?;
    drop_own_members(&mut record);
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

/// The record, version 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    #[expect(dead_code, reason = "checked before the record is read as a whole")]
    version: u64,
    pub(crate) name: Arc<str>,
    pub(crate) base: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) token: TokenRules,
    pub(crate) authorize: Option<AuthorizeRules>,
    #[serde(default)]
    pub(crate) api: ApiRules,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRules {
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) urls: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) grants: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) body: BodyFormat,
    #[serde(default)]
    pub(crate) auth: ClientAuth,
    #[serde(default = "blank")]
    pub(crate) scope_separator: String,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) required: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) error_codes: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) error_pointers: Vec<String>,
    #[serde(default)]
    pub(crate) description_pointers: Vec<String>,
    #[serde(default)]
    pub(crate) token_types: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) fields: BTreeMap<Field, Vec<String>>,
    #[serde(default)]
    pub(crate) expires_in_unit: ExpiryUnit,
    #[serde(default)]
    pub(crate) zero_expires_in: ZeroExpiry,
    #[serde(default)]
    pub(crate) resend_refresh_token: bool,
}

fn blank() -> String {
    " ".to_owned()
}

/// How the client shows who it is at the token endpoint (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuth {
    /// HTTP Basic with id and secret form-encoded first, as RFC 6749 §2.3.1 says.
    #[default]
    Basic,
    /// HTTP Basic with id and secret as they are, which many servers expect (Honeywell's printed examples).
    BasicRaw,
    /// `client_id` and `client_secret` in the body.
    Post,
    /// A public client: `client_id` in the body, no secret.
    None,
}

impl ClientAuth {
    /// The method of that word: `basic`, `basic_raw`, `post` or `none`.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the words.
    pub fn from_word(word: &str) -> Result<Self, Error> {
        match word {
            "basic" => Ok(Self::Basic),
            "basic_raw" => Ok(Self::BasicRaw),
            "post" => Ok(Self::Post),
            "none" => Ok(Self::None),
            _ => Err(Error::usage("auth: must be basic, basic_raw, post or none")),
        }
    }
}

/// How a token request's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded` (RFC 6749 §4).
    #[default]
    Form,
    /// `application/json`, a dialect (BuildPass).
    Json,
}

impl BodyFormat {
    /// The format of that word: `form` or `json`.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the words.
    pub fn from_word(word: &str) -> Result<Self, Error> {
        match word {
            "form" => Ok(Self::Form),
            "json" => Ok(Self::Json),
            _ => Err(Error::usage("body: must be form or json")),
        }
    }
}

/// A member of the token answer that a provider may call otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    AccessToken,
    TokenType,
    ExpiresIn,
    RefreshToken,
    Scope,
    Error,
    ErrorDescription,
    ErrorUri,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExpiryUnit {
    #[default]
    Seconds,
    Milliseconds,
}

/// What a lifetime of 0 means: servers mean either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ZeroExpiry {
    #[default]
    Unknown,
    Expired,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorizeRules {
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) pkce: Pkce,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    /// RFC 9207 §2.4: whether the callback must name its issuer.
    #[serde(default)]
    pub(crate) iss: IssParameter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pkce {
    #[default]
    Required,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IssParameter {
    #[default]
    Optional,
    Required,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiRules {
    pub(crate) base: Option<String>,
    #[serde(default)]
    pub(crate) token: Placement,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default = "unauthorized")]
    pub(crate) expired: Vec<ExpiredRule>,
}

/// A record without `api` says the same as one with an empty one.
impl Default for ApiRules {
    fn default() -> Self {
        Self {
            base: None,
            token: Placement::default(),
            query: BTreeMap::new(),
            headers: BTreeMap::new(),
            expired: unauthorized(),
        }
    }
}

fn unauthorized() -> Vec<ExpiredRule> {
    vec![ExpiredRule { status: vec![401], pointer: None, equals: None }]
}

/// Where an API call carries its token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Placement {
    /// `Authorization: Bearer …` (RFC 6750 §2.1).
    #[default]
    Header,
    /// In the query of a request without a body, in the form of one with (RFC 6750 §2.2, §2.3; a dialect, never the default).
    Parameter {
        #[serde(default = "access_token")]
        name: String,
    },
}

fn access_token() -> String {
    "access_token".to_owned()
}

/// An API answer that means "your token is dead": the status is one of these and, where a pointer is given, the JSON value there equals the text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpiredRule {
    pub(crate) status: Vec<u16>,
    pub(crate) pointer: Option<String>,
    pub(crate) equals: Option<String>,
}

impl Record {
    /// What serde's types cannot say. Endpoints are checked when the client has filled them.
    fn check(&self) -> Result<(), Error> {
        let wrong = |path: &str, why: &str| Err(Error::usage(format!("provider record: {path}: {why}")));
        if self.name.is_empty() || !self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
        {
            return wrong("name", "must be made of a-z, 0-9, '-', '_' and '.'");
        }
        for (at, rule) in self.api.expired.iter().enumerate() {
            if rule.pointer.is_some() != rule.equals.is_some() {
                return wrong(&format!("api.expired[{at}]"), "pointer and equals belong together");
            }
            if rule.status.is_empty() {
                return wrong(&format!("api.expired[{at}].status"), "must name at least one status");
            }
            if rule.pointer.is_none() && rule.status.iter().any(|status| (200..300).contains(status)) {
                return wrong(
                    &format!("api.expired[{at}].status"),
                    "a success needs a pointer, or every answer would be an expiry",
                );
            }
        }
        let pointers = [
            ("token.error_pointers", &self.token.error_pointers),
            ("token.description_pointers", &self.token.description_pointers),
        ];
        let lists = pointers.into_iter().flat_map(|(path, list)| list.iter().map(move |pointer| (path, pointer)));
        let rules = self.api.expired.iter().filter_map(|rule| rule.pointer.as_ref()).map(|pointer| ("api.expired", pointer));
        for (path, pointer) in lists.chain(rules) {
            if !pointer.starts_with('/') {
                return wrong(path, "a JSON pointer begins with '/' (RFC 6901)");
            }
        }
        for name in self.api.headers.keys() {
            if !crate::call::is_free_header(name) {
                return wrong(&format!("api.headers.{name}"), "not a header a record may set");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
