//! How does a token request go?
//!
//! One request with one grant, and the token of its answer: of a login that came back, of a device that was approved, of any grant, and of a
//! renewal, which is saved before anybody uses it.

use crate::{
    answer, ask,
    client::Client,
    error::Error,
    exchange::{Next, Work},
    grant::{Grant, GrantType},
    message::{Outcome, Request},
    policy,
    time::Now,
    token::Token,
};

/// One token request and its answer.
pub(crate) struct TokenWork {
    client: Client,
    grant: Grant,
    /// For a renewal: the token whose place the new one takes.
    old: Option<Token>,
    /// The scope that an earlier request asked for, of which this one is the end.
    asked: Option<String>,
}

impl TokenWork {
    pub(crate) fn new(client: &Client, grant: Grant) -> Self {
        Self { client: client.clone(), grant, old: None, asked: None }
    }

    /// What a login's scope was asked for in is its beginning, and no token request (RFC 6749 §4.1.3, RFC 8628 §3.4).
    pub(crate) fn asked_for(self, scope: Option<String>) -> Self {
        Self { asked: scope, ..self }
    }

    /// By the refresh token where there is one, else by the grant again.
    pub(crate) fn renewal(client: &Client, old: &Token, again: Option<&Grant>) -> Result<Self, Error> {
        client.owns(old)?;
        let grant = match (old.refresh_token(), again) {
            (Some(refresh_token), again) => {
                // Whom the token is for goes along at every renewal (RFC 8707 §2.2), or the new one would be for somebody else.
                let kept =
                    again.into_iter().flat_map(Grant::parameters).filter(|(name, _)| matches!(*name, "audience" | "resource"));
                kept.fold(Grant::refresh_token(refresh_token.clone()), |grant, (name, value)| {
                    grant.parameter(name, value.expose())
                })
            }
            (None, Some(grant)) => grant.clone(),
            (None, None) => {
                return Err(Error::Expired(
                    "renewal: there is no refresh token and no grant to repeat, so log in again".to_owned(),
                ));
            }
        };
        Ok(Self { client: client.clone(), grant, old: Some(old.clone()), asked: None })
    }

    pub(crate) fn ask(&self, now: Now) -> Result<Request, Error> {
        check(&self.client, &self.grant, now)?;
        ask::token_request(&self.client, &self.grant, now)
    }

    pub(crate) fn hear(&self, outcome: Outcome, now: Now) -> Result<Token, Error> {
        let answer =
            outcome.map_err(|lost| Error::no_answer("the token request", lost, works_once(&self.client, &self.grant)))?;
        let mut token = answer::token(answer, &self.client, &self.grant, now)?;
        if let Some(old) = &self.old {
            token.replace(old);
        }
        Ok(if self.asked.is_some() { token.asked_for(self.asked.as_deref()) } else { token })
    }
}

impl Work<Token> for TokenWork {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        self.ask(now).map(Next::Send)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Token>, Error> {
        let token = Self::hear(self, outcome, now);
        token.map(|token| if self.old.is_some() { Next::Save(token.clone(), Some(token)) } else { Next::Done(token) })
    }
}

/// Whether a grant can be offered to that provider at all, before anything is sent.
fn check(client: &Client, grant: &Grant, now: Now) -> Result<(), Error> {
    grant.made()?;
    if grant.expires_at().is_some_and(|expires_at| now.wall >= expires_at) {
        return Err(Error::Expired("login: it took too long, begin it again".to_owned()));
    }
    policy::check_grant(client, grant)?;
    let rules = &client.provider().record().token;
    let provider = client.provider().name();
    if let Some(grants) = &rules.grants
        && !grants.iter().any(|known| known == grant.grant_type())
    {
        return Err(Error::usage(format!("grant: {provider} knows no {}, only {}", grant.grant_type(), grants.join(", "))));
    }
    let own = grant.needed().iter().copied();
    let required = rules.required.get(grant.grant_type()).into_iter().flatten().map(String::as_str);
    for name in own.chain(required) {
        // RFC 6749 §3.2: a parameter without a value counts as left out.
        if grant.value(name).or_else(|| rules.parameters.get(name).map(String::as_str)).is_none_or(str::is_empty) {
            return Err(Error::usage(format!("grant: {provider} needs the parameter {name} for {}", grant.grant_type())));
        }
    }
    // RFC 8693 §2.1: the one where the other is, and only there.
    if grant.value("actor_token").is_some() != grant.value("actor_token_type").is_some() {
        return Err(Error::usage("grant: actor_token and actor_token_type belong together"));
    }
    Ok(())
}

/// A code is used once (RFC 6749 §4.1.2), a rotating refresh token too (RFC 9700 §4.14.2).
fn works_once(client: &Client, grant: &Grant) -> bool {
    grant.kind() == GrantType::AuthorizationCode
        || (grant.kind() == GrantType::RefreshToken && !client.provider().record().token.resend_refresh_token)
}
