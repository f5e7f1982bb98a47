//! Which login does an API want instead?
//!
//! RFC 9470: an API may find that the user logged in too long ago, or in too weak a way, for what is called now, and says in its challenge what
//! would do; by RFC 6750 §3.1 it may say the same of the scope. [`Answer::step_up`] finds that challenge, [`Authorize::step_up`] asks for it, and the
//! ID token that comes must say that it was so. An API makes such challenges by [`StepUp`].

use serde::{Deserialize, Serialize};

use crate::{
    authorize::Authorize,
    challenge::Challenge,
    claims::{Claims, SKEW_MS},
    document::Document,
    encode::without_bom,
    error::ErrorCode,
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

    /// The value of `WWW-Authenticate` for the 401 (RFC 9470 §3); `scheme` is that of the token that was presented, `Bearer` or `DPoP`.
    pub fn challenge(&self, scheme: &str) -> String {
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
    /// those asked for already, so call [`scope`](Self::scope) before.
    ///
    /// A challenge that names none of them leaves the request as it is. Whatever comes of it, call the API once more and not again and again: a
    /// server may not be able to give what the API wants.
    #[must_use]
    pub fn step_up(mut self, challenge: &Challenge) -> Self {
        let acr: Vec<&str> = challenge.acr_values().collect();
        if !acr.is_empty() {
            self = self.parameter("acr_values", &acr.join(" "));
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
