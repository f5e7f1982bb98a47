//! Which login does an API want instead?
//!
//! RFC 9470: an API may find that the user logged in too long ago, or in too weak a way, for what is called now, and says in its challenge what
//! would do; by RFC 6750 §3.1 it may say the same of the scope. [`Answer::step_up`] finds that challenge, [`Authorize::step_up`] asks for it, and the
//! ID token that comes must say that it was so. An API makes such challenges by [`StepUp`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    authorize::Authorize,
    challenge::Challenge,
    claims::{Claims, SKEW_MS},
    client::Client,
    document::Document,
    encode::without_bom,
    error::{Error, ErrorCode, Refused},
    message::Answer,
    time::Now,
};

/// How an API wants its users to have logged in: in one of some ways, and not too long ago (RFC 9470).
///
/// ```
/// use oauth_core::{Document, Now, StepUp};
///
/// # fn respond(status: u16, challenge: &str) {}
/// fn transfer(claims: &Document, now: Now) {
///     let wanted = StepUp::new().acr_values("urn:example:gold urn:example:silver").max_age(300);
///     if !wanted.is_met_by(claims, now) {
///         return respond(401, &wanted.challenge("Bearer"));
///     }
///     // …
/// }
/// let wanted = StepUp::new().max_age(300);
/// assert_eq!(wanted.challenge("DPoP"), r#"DPoP error="insufficient_user_authentication", max_age="300""#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    acr: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_age_s: Option<u64>,
}

impl StepUp {
    /// Any login will do.
    pub fn new() -> Self {
        Self::default()
    }

    /// One of these ways (authentication context class references), separated by blanks, the preferred one first.
    #[must_use]
    pub fn acr_values(self, values: &str) -> Self {
        Self { acr: values.split_ascii_whitespace().map(str::to_owned).collect(), ..self }
    }

    /// Not longer ago than so many seconds, and 30 more, since clocks differ.
    #[must_use]
    pub fn max_age(self, seconds: u64) -> Self {
        Self { max_age_s: Some(seconds), ..self }
    }

    /// Whether a login was so: by the `acr` and `auth_time` of an access token (RFC 9068 §2.2.1) or of an introspection (RFC 9470 §6.2). What is not
    /// said there, or in another type, was not so.
    pub fn is_met_by(&self, claims: &Document, now: Now) -> bool {
        let Ok(claims) = Claims::read("step-up", without_bom(claims.json())) else { return false };
        self.has_acr(claims.text("acr").ok().flatten())
            && self.is_recent(claims.time("auth_time").ok().flatten(), now.wall, now.wall)
    }

    /// The value of `WWW-Authenticate` for the 401 (RFC 9470 §3); `scheme` is that of the token that was presented, `DPoP` or else
    /// `Bearer`: no other text gets into the header.
    pub fn challenge(&self, scheme: &str) -> String {
        let scheme = if scheme.eq_ignore_ascii_case("dpop") { "DPoP" } else { "Bearer" };
        let mut challenge = format!("{scheme} error=\"{}\"", ErrorCode::INSUFFICIENT_USER_AUTHENTICATION);
        if !self.acr.is_empty() {
            // RFC 9110 §5.6.4: what a quoted string cannot hold is left out, the rest escaped.
            let values = self.acr.join(" ").chars().filter(|c| (' '..='~').contains(c)).collect::<String>();
            challenge += &format!(", acr_values=\"{}\"", values.replace('\\', "\\\\").replace('"', "\\\""));
        }
        if let Some(max_age) = self.max_age_s {
            challenge += &format!(", max_age=\"{max_age}\"");
        }
        challenge
    }

    fn has_acr(&self, acr: Option<&str>) -> bool {
        self.acr.is_empty() || acr.is_some_and(|acr| self.acr.iter().any(|wanted| wanted == acr))
    }

    /// Whether a login was recent enough at a time, both in milliseconds, and is not yet to come.
    fn is_recent(&self, auth_time: Option<i64>, at: i64, now: i64) -> bool {
        let Some(max_age) = self.max_age_s else { return true };
        let max_age = i64::try_from(max_age).unwrap_or(i64::MAX).saturating_mul(1000).saturating_add(SKEW_MS);
        auth_time.is_some_and(|then| at.saturating_sub(then) <= max_age && then <= now.saturating_add(SKEW_MS))
    }
}

impl Answer {
    /// What the API wants of another login: the challenge of a 4xx answer whose `error` is `insufficient_user_authentication` (RFC 9470 §3) or
    /// `insufficient_scope` (RFC 6750 §3.1). None for every other answer.
    ///
    /// ```
    /// use oauth_core::{Answer, Authorize};
    ///
    /// # let challenge = r#"Bearer error="insufficient_user_authentication", acr_values="urn:example:silver", max_age="5""#;
    /// # let answer = Answer::new(401, vec![("WWW-Authenticate".into(), challenge.into())], vec![]);
    /// if let Some(challenge) = answer.step_up() {
    ///     let authorize = Authorize::new("https://app.example/cb").scope("openid accounts").step_up(&challenge);
    ///     // client.authorize(authorize, …): the user logs in once more, and the call is made again with the new token
    ///     # assert!(format!("{authorize:?}").contains("max_age"));
    /// }
    /// ```
    pub fn step_up(&self) -> Option<Challenge> {
        let wanted = [ErrorCode::INSUFFICIENT_USER_AUTHENTICATION, ErrorCode::INSUFFICIENT_SCOPE];
        let wants = |challenge: &Challenge| wanted.iter().any(|code| challenge.error() == Some(code.as_str()));
        let challenges = (400..500).contains(&self.status).then(|| Challenge::parse_all(self.header_all("www-authenticate")));
        challenges.into_iter().flatten().find(|challenge| wants(challenge))
    }
}

impl Authorize {
    /// Asks for the login that an API wanted ([`Answer::step_up`]): its `acr_values` and `max_age` go along (RFC 9470 §4), and its scopes beside
    /// those asked for already, so call [`scope`](Self::scope) before. A server whose metadata says `claims_parameter_supported` is told of the first
    /// by an essential `acr` claim instead (OpenID Connect Core 1.0 §5.5.1.1): `acr_values` alone does not have a user log in again who is logged in.
    ///
    /// With a [verifier](crate::Client::verifier) and the scope `openid`, the ID token that comes must say that the login was so: where it was too
    /// long ago, the callback ends as [`Error::Untrusted`], since `max_age` binds a server (OpenID Connect Core 1.0 §3.1.2.1); where it went
    /// another way, as [`Error::Refused`] with the [standard code](Error::standard_code) `unmet_authentication_requirements`, which is also the word
    /// of a server that says so itself. Without them call the API once more, and not again and again.
    ///
    /// A challenge that names nothing leaves the request as it is.
    #[must_use]
    pub fn step_up(mut self, challenge: &Challenge) -> Self {
        let acr: Vec<&str> = challenge.acr_values().collect();
        if !acr.is_empty() {
            self = self.parameter("acr_values", &acr.join(" "));
            self.acr_needed = true;
        }
        if let Some(wanted) = challenge.max_age() {
            let asked = self.parameters.get("max_age").and_then(|asked| asked.parse::<u64>().ok());
            self = self.parameter("max_age", &asked.map_or(wanted, |asked| asked.min(wanted)).to_string());
        }
        if let Some(wanted) = challenge.scope() {
            let mut scopes: Vec<&str> =
                self.parameters.get("scope").map_or("", String::as_str).split_ascii_whitespace().collect();
            for scope in wanted.split_ascii_whitespace() {
                if !scopes.contains(&scope) {
                    scopes.push(scope);
                }
            }
            let scopes = scopes.join(" ");
            self = self.scope(&scopes);
        }
        self
    }
}

/// How the user was asked to log in, until the login comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Demanded {
    wanted: StepUp,
    /// In milliseconds since the epoch: a user who takes long is not asked again for it.
    asked_at: i64,
}

impl Demanded {
    /// What these parameters ask for: `max_age` whoever wanted it, `acr_values` where an API did.
    pub(crate) fn of(client: &Client, authorize: &mut Authorize, now: Now) -> Result<Option<Self>, Error> {
        let mut wanted = StepUp::new();
        let always = client.provider().record().authorize.as_ref().and_then(|rules| rules.parameters.get("max_age"));
        let max_age = authorize.parameters.get("max_age").or(always);
        if let Some(max_age) = max_age.filter(|max_age| !max_age.is_empty()) {
            wanted.max_age_s =
                Some(max_age.parse().map_err(|_| Error::usage("authorize: max_age is no whole number of seconds"))?);
        }
        if authorize.acr_needed {
            wanted = wanted.acr_values(authorize.parameters.get("acr_values").map_or("", String::as_str));
            wanted.insist(client, &mut authorize.parameters);
        }
        Ok(Some(Self { wanted, asked_at: now.wall }).filter(|demanded| demanded.wanted != StepUp::new()))
    }

    /// OpenID Connect Core 1.0 §3.1.3.7 numbers 12 and 13.
    pub(crate) fn check(&self, client: &Client, claims: &Claims, now: Now) -> Result<(), Error> {
        if !self.wanted.is_recent(claims.time("auth_time")?, self.asked_at, now.wall) {
            return Err(claims.wrong("its auth_time is not within the max_age that was asked for"));
        }
        if self.wanted.has_acr(claims.text("acr")?) {
            return Ok(());
        }
        let why = "the user logged in by none of the ways that were asked for (acr), so the API would refuse again; its token is not used";
        Err(Refused {
            provider: client.provider().record().name.clone(),
            what: "the login",
            code: None,
            standard: Some(ErrorCode::UNMET_AUTHENTICATION_REQUIREMENTS),
            description: Some(why.to_owned()),
            uri: None,
            status: None,
            retry_after_ms: None,
            body: Zeroizing::default(),
        }
        .into())
    }
}

impl StepUp {
    /// OpenID Connect Core 1.0 §5.5.1.1: to a server `acr_values` is a wish, and a user who is logged in already stays as they are. One that reads
    /// the `claims` parameter is told instead that it is none.
    fn insist(&self, client: &Client, parameters: &mut BTreeMap<String, String>) {
        let is_openid = parameters.get("scope").is_some_and(|scope| scope.split(' ').any(|scope| scope == "openid"));
        let reads_claims = client.provider().metadata("/claims_parameter_supported") == Some(true.into());
        if is_openid && reads_claims && !parameters.contains_key("claims") {
            let claims = json!({ "id_token": { "acr": { "essential": true, "values": self.acr } } });
            parameters.insert("claims".to_owned(), claims.to_string());
            parameters.remove("acr_values");
        }
    }
}
