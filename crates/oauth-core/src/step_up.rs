//! Which login does an API want instead?
//!
//! RFC 9470: an API may find that the user logged in too long ago, or in too weak a way, for what is called now, and says in its challenge what
//! would do; by RFC 6750 §3.1 it may say the same of the scope. [`Answer::step_up`] finds that challenge, [`Authorize::step_up`] asks for it.

use crate::{authorize::Authorize, challenge::Challenge, error::ErrorCode, message::Answer};

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
