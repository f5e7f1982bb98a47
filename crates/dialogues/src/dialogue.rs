//! What does a dialogue say?
//!
//! The file format, version 1, as types. `tests/dialogue.schema.json` is the same for editors and for people.

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One conversation.
#[derive(Debug, Clone, Deserialize)]
pub struct Dialogue {
    /// The sentence it proves.
    pub title: String,
    /// The document and section it comes from.
    pub source: String,
    /// The client that speaks first.
    pub client: Map<String, Value>,
    /// Wall time, in ms since the epoch, at which `at` is 0.
    #[serde(default = "first_of_all")]
    pub clock: i64,
    /// Texts that nothing may print, beside those the referee knows by itself.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// What happens, in order.
    pub conversation: Vec<Move>,
}

fn first_of_all() -> i64 {
    1_700_000_000_000
}

/// One move of the conversation. Exactly one of what begins, steps, hands in or looks; the schema says which go together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Move {
    /// Why this move stands here.
    pub note: Option<String>,
    /// The time of this move; the last one's where it is missing.
    pub at: Option<At>,

    /// Another client takes over.
    pub client: Option<Map<String, Value>>,
    /// A token request begins.
    pub token: Option<Granted>,
    /// The current token's renewal begins.
    pub refresh: Option<Map<String, Value>>,
    /// An API call begins.
    pub call: Option<Called>,
    /// A session of the current client opens, with a store in memory of its own.
    pub session: Option<Opened>,
    /// The session is asked for a token.
    pub session_token: Option<Map<String, Value>>,
    /// An API call of the session begins.
    pub session_call: Option<Called>,
    /// The current token is put into the session.
    pub session_login: Option<Map<String, Value>>,
    /// The session's token is taken out of it.
    pub session_logout: Option<Map<String, Value>>,
    /// A login on a device without a browser begins.
    pub device: Option<Asked>,
    /// A login begins whose user is asked on a device of their own.
    pub backchannel: Option<Asked>,
    /// The token of the current `device` or `backchannel` is asked for.
    pub poll: Option<What>,
    /// A login begins; `url` or `error` is expected at once.
    pub authorize: Option<Authorized>,
    /// The user's session at the provider is to end; `url` or `error` is expected at once.
    pub end_session: Option<Ended>,
    /// A login whose request is pushed to the server first.
    pub push: Option<Authorized>,
    /// The browser comes back with this URL, in which `{name}` stands for what was captured.
    pub callback: Option<String>,
    /// A caller presents an access token to the program, which is an API.
    pub presented: Option<Presented>,
    /// The caller proves that it has the key; `document` or `error` is expected at once.
    pub proof: Option<Proof>,
    /// What `{signed}` in the callback, or in what is presented, stands for: `header`, `claims` and the key it is signed `by`.
    pub signed: Option<Value>,

    /// The current token is revoked.
    pub revoke: Option<Map<String, Value>>,
    /// The server is asked what it knows of the current token.
    pub introspect: Option<Map<String, Value>>,
    /// The same, and the answer is to be signed.
    pub introspect_signed: Option<Map<String, Value>>,
    /// The server is asked who logged in.
    pub userinfo: Option<Map<String, Value>>,
    /// What the authorization server of this issuer says of itself is read.
    pub discover: Option<String>,
    /// What the API of this identifier says of itself is read.
    pub resource: Option<String>,
    /// A client is registered.
    pub register: Option<Registered>,
    /// The client that was registered last takes over.
    pub registered: Option<Map<String, Value>>,
    /// What the server knows of the registered client is read.
    pub read_registration: Option<Map<String, Value>>,
    /// It is replaced.
    pub update_registration: Option<Value>,
    /// It is deleted.
    pub delete_registration: Option<Map<String, Value>>,
    /// The way from an API's refusal to a client begins.
    pub access: Option<Refused>,

    /// The current one is saved as a text, captured by that name.
    pub saved: Option<Saving>,
    /// A text is read as the current one.
    pub load: Option<Loading>,
    /// The current one is saved and restored from its text.
    pub restore: Option<What>,
    /// Members of the token's answer, by JSON pointer.
    pub fields: Option<Map<String, Value>>,

    /// The step must send this request.
    pub send: Option<Map<String, Value>>,
    /// The step must have this token saved.
    pub save: Option<Map<String, Value>>,
    /// The step must ask for a pause of so many ms.
    pub wait: Option<i64>,
    /// The step must end with this.
    pub done: Option<Map<String, Value>>,
    /// The step (or `authorize`, `load`) must end with this error.
    pub error: Option<Map<String, Value>>,
    /// What `proof` must give.
    pub document: Option<Value>,
    /// What `authorize` must give.
    pub url: Option<Map<String, Value>>,

    /// The server's answer.
    pub answer: Option<Answered>,
    /// No answer came.
    pub no_answer: Option<Map<String, Value>>,
}

/// Milliseconds since the dialogue's clock, or both clocks apart (wall since the epoch) where they disagree.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum At {
    /// Both clocks.
    Since(i64),
    /// Each by itself.
    Apart {
        /// Milliseconds since the epoch.
        wall: i64,
        /// Milliseconds since the dialogue began.
        mono: i64,
    },
}

/// `{"name": "value"}`, or `[["name", "value"]]` where the order or a repetition matters.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Pairs {
    /// Each name once.
    Named(std::collections::BTreeMap<String, OneOrMore>),
    /// In this order.
    Listed(Vec<(String, String)>),
}

/// A value or several of the same name.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl Default for Pairs {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Pairs {
    /// The pairs in order.
    pub fn list(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Listed(pairs) => pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            Self::Named(members) => members
                .iter()
                .flat_map(|(name, values)| match values {
                    OneOrMore::One(value) => vec![(name.as_str(), value.as_str())],
                    OneOrMore::More(values) => values.iter().map(|value| (name.as_str(), value.as_str())).collect(),
                })
                .collect(),
        }
    }
}

/// A grant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// `password`, `client_credentials`, `authorization_code` or `refresh_token`.
    pub grant: String,
    /// Its parameters.
    #[serde(default)]
    pub parameters: Pairs,
}

/// A session.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The grant to repeat.
    pub grant: Option<String>,
    /// Its parameters.
    #[serde(default)]
    pub parameters: Pairs,
    /// Whose token it is.
    pub user: Option<String>,
}

/// An API call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// `GET`, …
    pub method: String,
    /// A path or URL.
    pub target: String,
    /// Query parameters.
    #[serde(default)]
    pub query: Pairs,
    /// Header fields.
    #[serde(default)]
    pub headers: Pairs,
    /// A form body.
    pub form: Option<Pairs>,
    /// A JSON body.
    pub json: Option<Value>,
    /// The grant to repeat.
    pub renew_by: Option<Granted>,
}

/// A login.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorized {
    /// Where the browser comes back.
    pub redirect_uri: String,
    /// Further parameters.
    #[serde(default)]
    pub parameters: Pairs,
    /// How long the user may take.
    pub lifetime_ms: Option<i64>,
    /// What is to come instead of a code: a legacy.
    pub response_type: Option<String>,
    /// What an API wants of another login: the fields of its challenge.
    pub step_up: Option<Vec<String>>,
}

/// What a caller presents to an API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// The header of that name, in which `{name}` stands for what was captured.
    pub authorization: String,
    /// The API's own identifier.
    pub resource: String,
}

/// The proof beside a token that was presented.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The header of that name, in which `{name}` stands for what was captured.
    pub dpop: String,
    /// The caller's request.
    pub method: String,
    /// Where it came to.
    pub url: String,
}

/// A session at the provider that is to end.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ended {
    /// The ID token of the login.
    pub id_token_hint: Option<String>,
    /// Where the browser comes back.
    pub post_logout_redirect_uri: Option<String>,
    /// What it brings along.
    pub state: Option<String>,
}

/// A client that is to be registered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// The provider's record; the discovered one's where it is missing.
    pub record: Option<Value>,
    /// What the client says of itself.
    pub metadata: Value,
    /// What a server may demand for it.
    pub initial_access_token: Option<String>,
}

/// An API that refused, and what the program knows of itself.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// What was called.
    pub url: String,
    /// The header of the refusal, each field of it.
    #[serde(default)]
    pub www_authenticate: Vec<String>,
    /// The program's own document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_document: Option<String>,
    /// What to register with otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<Value>,
    /// What a server may demand for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_access_token: Option<String>,
}

/// What a request holds that begins a login elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its parameters.
    #[serde(default)]
    pub parameters: Pairs,
}

/// What can be saved as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The current token.
    Token,
    /// The current login.
    Login,
    /// The current login on a device without a browser.
    Device,
    /// The current login whose user is asked elsewhere.
    Backchannel,
}

impl What {
    /// The word, as it stands in dialogues and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Login => "login",
            Self::Device => "device",
            Self::Backchannel => "backchannel",
        }
    }
}

/// Saving one of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saving {
    /// Which.
    pub what: What,
    /// The name under which `load` finds the text.
    pub capture: String,
}

/// Restoring one of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loading {
    /// Which.
    pub what: What,
    /// What `saved` captured.
    pub captured: Option<String>,
    /// A text of the dialogue's own.
    pub text: Option<String>,
    /// JSON of the dialogue's own; with `captured`, members of the captured text to replace.
    pub json: Option<Value>,
}

/// A server's answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// Header fields; `content-type: application/json` is added to a `json` body.
    #[serde(default)]
    pub headers: Pairs,
    /// A JSON body.
    pub json: Option<Value>,
    /// A text body.
    pub text: Option<String>,
    /// Any bytes.
    pub base64: Option<String>,
    /// A text that the server signs: `header`, `claims` and the key it is signed `by`.
    pub signed: Option<Value>,
}

impl Answered {
    /// The header fields and the body, as they are handed to the driver.
    ///
    /// # Errors
    /// A text where `base64` is not base64.
    pub fn message(&self) -> Result<Message, String> {
        let mut headers: Vec<(String, String)> =
            self.headers.list().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = match (&self.json, &self.text, &self.base64) {
            (Some(value), _, _) => {
                if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                    headers.push(("content-type".to_owned(), "application/json".to_owned()));
                }
                value.to_string().into_bytes()
            }
            (None, Some(text), _) => text.clone().into_bytes(),
            (None, None, Some(base64)) => {
                crate::matcher::from_base64(base64).ok_or_else(|| "answer.base64: not base64".to_owned())?
            }
            (None, None, None) => Vec::new(),
        };
        Ok(Message { headers, body })
    }
}

/// An answer's header fields and body, as the driver is handed them.
#[derive(Debug, Clone)]
pub struct Message {
    /// Name and value, in order.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Dialogue {
    /// The name that its tokens carry: the client's provider.
    pub fn provider_name(client: &Map<String, Value>) -> String {
        let record = match client.get("record") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(record) => record.clone(),
            None => json!({"name": client.get("provider")}),
        };
        let name = record.get("name").or_else(|| record.get("extends")).and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    }
}
