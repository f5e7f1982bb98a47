//! May whoever presents this access token come in?
//!
//! For resource servers. What a caller presented is read from its header; where the token is a JWT by RFC 9068, its claims are checked by the
//! server's published keys, without asking the server about each token. (Where it is not, [`Client::introspect`] asks.)

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::{
    answer::visible,
    claims::{Claims, untrusted},
    client::Client,
    document::Document,
    error::Error,
    exchange::{Exchange, Next, Work},
    message::Outcome,
    secret::Secret,
    statement::{Checked, Header, Statement, issuer},
    time::Now,
    token::{Parts, Token},
};

const WHAT: &str = "access token";

impl Client {
    /// What a caller presented to this program, which is an API: the value of its `Authorization` header (`Bearer …` of RFC 6750 §2.1,
    /// `DPoP …` of RFC 9449 §7.1). Nothing of it is known to be true yet: check it by [`access_token_claims`](Self::access_token_claims), or ask
    /// the server by [`introspect`](Self::introspect).
    ///
    /// # Errors
    /// [`Error::Untrusted`] where it is something else: answer 401.
    pub fn presented(&self, authorization: &str, now: Now) -> Result<Token, Error> {
        let wrong = |why| untrusted("presented token", why);
        let (scheme, token) = authorization.split_once(' ').ok_or_else(|| wrong("the header is no scheme and token"))?;
        let scheme = ["Bearer", "DPoP"].into_iter().find(|known| known.eq_ignore_ascii_case(scheme));
        let scheme = scheme.ok_or_else(|| wrong("the header's scheme is neither Bearer nor DPoP"))?;
        let token = token.trim_start_matches(' ');
        if token.is_empty() || token.len() > LONGEST || visible(token, WHAT).is_err() {
            return Err(wrong("the header's token is no token"));
        }
        let parts = Parts {
            access_token: token,
            token_type: Some(Cow::Borrowed(scheme)),
            scheme: Some(Cow::Borrowed(scheme)),
            expires_at: None,
            refresh_token: None,
            scope: None,
            deviations: Vec::new(),
        };
        Ok(Token::issued(parts, self.provider().record().name.clone(), None, now.wall))
    }

    /// Checks an access token that is a JWT (RFC 9068 §4) by the server's published keys, for which the client needs a
    /// [`verifier`](Self::verifier), and gives its claims. `resource` is this API's own identifier (RFC 8707 §2), which must be in its `aud`.
    ///
    /// It is checked that it was signed by the provider's issuer as an access token (`at+jwt`), that it has not expired, and that `sub`, `client_id`,
    /// `iat` and `jti` are there. What the claims allow (`scope`, `authorization_details`), and how the user must have logged in
    /// ([`StepUp`](crate::StepUp)), is for the API to decide. Where there is `/cnf/jkt`, the token is bound to a key: let nobody in without
    /// [its proof](Self::proof_claims) (RFC 9449 §7.1); where there is `/cnf/x5t#S256`, to a certificate (RFC 8705 §3).
    ///
    /// An API that is no client of the server itself makes one of any id: nothing is sent but the request for the keys.
    ///
    /// ```no_run
    /// # use oauth_core::{Client, Document, Error, Exchange, Now};
    /// # fn run<T>(exchange: Exchange<T>) -> Result<T, Error> { unimplemented!() }
    /// # fn api(client: Client, authorization: &str, now: Now) -> Result<(), Error> {
    /// let token = client.presented(authorization, now)?;
    /// let claims = run(client.access_token_claims(&token, "https://api.example/"))?;
    /// let user = claims.text("/sub");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The exchange ends as [`Error::Untrusted`] where anything of it is wrong: answer 401 with `error="invalid_token"` (RFC 6750 §3.1).
    pub fn access_token_claims(&self, token: &Token, resource: &str) -> Exchange<Document> {
        self.begin(|| AccessTokenWork::new(self, token, resource))
    }
}

/// No token is longer, in bytes: a header that holds one is not.
const LONGEST: usize = 16 * 1024;

/// One access token to be checked.
struct AccessTokenWork {
    issuer: String,
    resource: String,
    statement: Statement,
}

impl AccessTokenWork {
    fn new(client: &Client, token: &Token, resource: &str) -> Result<Self, Error> {
        client.owns(token)?;
        if resource.is_empty() {
            return Err(Error::usage("access token: the resource that it must be for is missing"));
        }
        let statement = Statement::new(client, WHAT, Secret::from(token.access_token()))?;
        let issuer = issuer(client, WHAT)?;
        // RFC 9068 §4: signed, and not encrypted to a key that nobody here has; an opaque token is neither.
        if token.access_token().bytes().filter(|byte| *byte == b'.').count() != 2 {
            return Err(untrusted(WHAT, "it is no signed JWT; ask the server about it by introspection"));
        }
        Ok(Self { issuer, resource: resource.to_owned(), statement })
    }

    /// RFC 9068 §4, and §2.2 for what must be there.
    fn read(&self, payload: &[u8], header: &Header, now: Now) -> Result<Document, Error> {
        let claims = Claims::read(WHAT, payload)?;
        header.must_be(&claims, "at+jwt")?;
        claims.check_issuer(&self.issuer)?;
        claims.check_audience(&self.resource)?;
        claims.check_times(now)?;
        for name in ["sub", "client_id", "jti"] {
            claims.needed(name)?;
        }
        Ok(Document::of_json(Zeroizing::new(claims.json())))
    }
}

impl Work<Document> for AccessTokenWork {
    fn next(&mut self, now: Now) -> Result<Next<Document>, Error> {
        match self.statement.next(now)? {
            Checked::Send(request) => Ok(Next::Send(request)),
            Checked::Signed(payload, header) => self.read(&payload, &header, now).map(Next::Done),
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        self.statement.hear(outcome, now).map(|()| Next::Again)
    }
}
