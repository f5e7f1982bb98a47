//! Where a provider's document leaves something open, which reading is played?
//!
//! Every field is one such place. The default is what the document prints or what the provider is known to do; a test
//! of a client should pass with every value.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Provider};

/// The readings of all four providers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Readings {
    /// ActiveBuilding's.
    pub activebuilding: BuildingReadings,
    /// MyBuilding's.
    pub mybuilding: BuildingReadings,
    /// BuildPass's.
    pub buildpass: BuildPassReadings,
    /// Honeywell Home's.
    pub honeywell: HoneywellReadings,
}

/// What ActiveBuilding's and MyBuilding's documents leave open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BuildingReadings {
    /// Where an API answer says that the token is dead.
    pub expired: Expired,
    /// HTTP status of a token error: the document names none. 400 unless set.
    pub token_error_status: u16,
    /// Which of its two documented errors a wrong password gets.
    pub wrong_password: WrongPassword,
    /// Seconds until a token dies without notice ("Access tokens may expire at any time"). A day unless set.
    pub lifetime_s: i64,
}

/// "your response's meta will contain an {"response":{"message":"invalid_grant"},"status":"failed"}": where, and with which status?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expired {
    /// The body itself, status 200.
    #[default]
    #[serde(rename = "body_200")]
    Body200,
    /// The body itself, status 401.
    #[serde(rename = "body_401")]
    Body401,
    /// An object under `meta`, status 200.
    MetaObject,
    /// An object under `meta`, status 401.
    #[serde(rename = "meta_object_401")]
    MetaObject401,
    /// A JSON text under `meta`, status 200.
    MetaString,
    /// A JSON text under `meta`, status 401.
    #[serde(rename = "meta_string_401")]
    MetaString401,
}

/// The error a wrong password gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongPassword {
    /// `authentication_failure`, "invalid password": the printed example.
    #[default]
    AuthenticationFailure,
    /// `invalid_grant`, "invalid user credentials": the listed code.
    InvalidGrant,
}

/// What BuildPass's guide leaves open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BuildPassReadings {
    /// How much of the asked scope is granted.
    pub scope: Scope,
    /// Which members of the token answer tell the lifetime.
    pub expiry: Expiry,
    /// Whether numbers are JSON numbers or strings.
    pub numbers: Numbers,
    /// JSON, or the guide's printed example with its comment, which is no JSON.
    pub answer: TokenAnswer,
    /// What becomes of the refresh token at a refresh.
    pub refresh: Refresh,
    /// Whether id and secret are form-encoded before Basic (RFC 6749 §2.3.1) or taken raw.
    pub basic: Basic,
    /// The `iss` of an authorization response (RFC 9207).
    pub iss: Iss,
    /// What the person at the browser says.
    pub consent: Consent,
    /// Seconds an access token lives, and says so. 3600 unless set.
    pub lifetime_s: i64,
}

/// What Honeywell Home's guide leaves open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoneywellReadings {
    /// What becomes of the refresh token at a refresh.
    pub refresh: Refresh,
    /// Whether numbers are JSON numbers or, as printed, strings.
    pub numbers: Numbers,
    /// Which of Apigee's error shapes is used.
    pub errors: Errors,
    /// Whether API calls need `?apikey=` beside the token.
    pub apikey: Needed,
    /// Whether API calls with a client credentials token need the `UserRefID` header.
    pub user_ref_id: Needed,
    /// Whether id and secret are taken raw or form-encoded in Basic.
    pub basic: Basic,
    /// The `iss` of an authorization response (RFC 9207).
    pub iss: Iss,
    /// What the person at the browser says.
    pub consent: Consent,
    /// What the answer calls the token. `BearerToken` unless set, as printed.
    pub token_type: String,
    /// Seconds an access token lives, and says so. 3599 unless set.
    pub lifetime_s: i64,
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$choice:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$choice])* $variant),+ }
    )+};
}

choices! {
    /// How much of the asked scope is granted.
    Scope {
        /// All of it, and the answer says so.
        #[default] AsAsked,
        /// All but the last, where more than one was asked for.
        Narrower,
        /// All of it, and the answer does not say so ("OPTIONAL, if identical", RFC 6749 §5.1).
        Omitted,
    }
    /// Which members of the token answer tell the lifetime.
    Expiry {
        /// `expires_in` and its deprecated alias `expires`.
        #[default] Both,
        /// `expires_in` alone.
        ExpiresIn,
        /// The deprecated alias alone.
        Expires,
        /// Neither.
        None,
    }
    /// Whether numbers are JSON numbers or strings.
    Numbers {
        /// The way the provider's document prints them.
        #[default] AsPrinted,
        /// `3600`.
        Number,
        /// `"3600"`.
        String,
    }
    /// Whether the token answer is JSON.
    TokenAnswer {
        /// It is.
        #[default] Json,
        /// It has the guide's `// deprecated` comment in it.
        Commented,
    }
    /// What becomes of the refresh token at a refresh.
    Refresh {
        /// A new one is given, the old one dies.
        #[default] Rotate,
        /// The same one is given again.
        Same,
        /// None is given, the old one stays good.
        Omit,
    }
    /// How id and secret are put into Basic.
    Basic {
        /// As the provider's document says: BuildPass by RFC 6749, Honeywell raw.
        #[default] AsPrinted,
        /// Form-encoded (RFC 6749 §2.3.1).
        Encoded,
        /// As they are.
        Raw,
    }
    /// The `iss` of an authorization response.
    Iss {
        /// There is none.
        #[default] Omit,
        /// The provider's own origin.
        Right,
        /// Another server's: a mix-up.
        Wrong,
    }
    /// What the person at the browser says.
    Consent {
        /// Yes: the redirect carries a code.
        #[default] Allow,
        /// No: the redirect carries `error=access_denied`.
        Deny,
    }
    /// Which of Apigee's error shapes is used.
    Errors {
        /// `{"ErrorCode":"invalid_client","Error":"…"}`.
        #[default] Apigee,
        /// `{"fault":{"faultstring":"…","detail":{"errorcode":"…"}}}`.
        Fault,
        /// `{"error":"invalid_client","error_description":"…"}`.
        Rfc,
    }
    /// Whether something is needed.
    Needed {
        /// It is.
        #[default] Required,
        /// It is not.
        Optional,
    }
}

impl Default for BuildingReadings {
    fn default() -> Self {
        Self {
            expired: Expired::default(),
            token_error_status: 400,
            wrong_password: WrongPassword::default(),
            lifetime_s: 86_400,
        }
    }
}

impl Default for BuildPassReadings {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            expiry: Expiry::default(),
            numbers: Numbers::default(),
            answer: TokenAnswer::default(),
            refresh: Refresh::default(),
            basic: Basic::default(),
            iss: Iss::default(),
            consent: Consent::default(),
            lifetime_s: 3600,
        }
    }
}

impl Default for HoneywellReadings {
    fn default() -> Self {
        Self {
            refresh: Refresh::default(),
            numbers: Numbers::default(),
            errors: Errors::default(),
            apikey: Needed::default(),
            user_ref_id: Needed::default(),
            basic: Basic::default(),
            iss: Iss::default(),
            consent: Consent::default(),
            token_type: "BearerToken".into(),
            lifetime_s: 3599,
        }
    }
}

impl Readings {
    /// Sets the named readings of one provider and leaves its others as they are.
    pub(crate) fn set(&mut self, provider: Provider, wanted: &Map<String, Value>) -> Result<(), Error> {
        match provider {
            Provider::ActiveBuilding => merge(&mut self.activebuilding, wanted),
            Provider::MyBuilding => merge(&mut self.mybuilding, wanted),
            Provider::BuildPass => merge(&mut self.buildpass, wanted),
            Provider::Honeywell => merge(&mut self.honeywell, wanted),
        }
    }

    pub(crate) fn building(&self, provider: Provider) -> &BuildingReadings {
        if provider == Provider::MyBuilding { &self.mybuilding } else { &self.activebuilding }
    }
}

fn merge<T: Serialize + for<'de> Deserialize<'de>>(readings: &mut T, wanted: &Map<String, Value>) -> Result<(), Error> {
    let usage = |cause: serde_json::Error| Error::Usage(format!("reading: {cause}"));
    let mut merged = serde_json::to_value(&*readings).map_err(usage)?;
    if let Value::Object(members) = &mut merged {
        members.extend(wanted.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    *readings = serde_json::from_value(merged).map_err(usage)?;
    Ok(())
}
