//! Is the code the one that the server gave to this user?
//!
//! A hybrid answer with an ID token (OpenID Connect Core 1.0 §3.3). What came through the browser may have been exchanged on the way, so a client
//! with a verifier checks the ID token first: that it is this login's, by its nonce, and that code and access token belong to it, by their hashes.
//! The code is sent after that, and what the token endpoint gives must be about the same user.

use crate::{
    client::Client,
    error::Error,
    exchange::{Next, Work},
    id_token::{Check, Expected, checked},
    identity::Identity,
    message::Outcome,
    secret::Secret,
    statement::{Checked, Statement},
    time::Now,
    token::Token,
    token_request::TokenWork,
};

/// A code that waits for the ID token which it came with.
pub(crate) struct HybridWork {
    client: Client,
    check: Check,
    id_token: Statement,
    /// The code, and what the ID token that it brings must match.
    waits: Option<(TokenWork, Expected)>,
    then: Option<Box<dyn Work<Token>>>,
}

impl HybridWork {
    /// `id_token` and `access_token` came through the browser, with the code of that request.
    pub(crate) fn new(
        client: &Client,
        id_token: Option<Secret>,
        access_token: Option<Secret>,
        token: TokenWork,
        expected: Expected,
    ) -> Result<Self, Error> {
        let front = Expected { nonce: expected.nonce.clone(), code: expected.code.clone(), front: true, ..Expected::default() };
        let check = Check::new(client, access_token, front);
        Ok(Self {
            client: client.clone(),
            id_token: check.statement(id_token)?,
            check,
            waits: Some((token, expected)),
            then: None,
        })
    }
}

impl Work<Token> for HybridWork {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        if let Some(then) = &mut self.then {
            return then.next(now);
        }
        let (payload, header) = match self.id_token.next(now)? {
            Checked::Send(request) => return Ok(Next::Send(request)),
            Checked::Signed(payload, header) => (payload, header),
        };
        // §3.3.2.8: before the code is used.
        let claims = self.check.read(&payload, &header, now)?;
        let Some((token, expected)) = self.waits.take() else { return Err(Error::usage("callback: its code was used already")) };
        // §3.3.3.6: iss and sub MUST be identical in both.
        let expected = Expected { before: Identity::of(&claims), ..expected };
        self.then = Some(checked(&self.client, token, expected));
        Ok(Next::Again)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Token>, Error> {
        match &mut self.then {
            Some(then) => then.hear(outcome, now),
            None => self.id_token.hear(outcome, now).map(|()| Next::Again),
        }
    }
}
