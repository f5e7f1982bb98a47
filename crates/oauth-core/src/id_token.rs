//! Who logged in, by the server's signature?
//!
//! ID tokens by OpenID Connect Core 1.0 §3.1.3.7. A client with a [`Verifier`](crate::Verifier) has them checked wherever a token comes with one,
//! before the token is handed out; a wrong one is `Untrusted`, and the token goes nowhere.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    claims::{Claims, untrusted},
    client::Client,
    document::Document,
    encode::base64url,
    error::Error,
    exchange::{Next, Work},
    front::Front,
    grant::Grant,
    identity::Identity,
    message::Outcome,
    policy,
    random::{Random, unguessable},
    secret::Secret,
    statement::{Checked, Header, Statement, opened},
    step_up::Demanded,
    time::Now,
    token::Token,
    token_request::TokenWork,
};

const WHAT: &str = "ID token";

/// What an ID token must match, beside the client and the clock.
#[derive(Default)]
pub(crate) struct Expected {
    /// §3.1.3.7 number 11: the one that was sent.
    pub(crate) nonce: Option<Secret>,
    /// §3.3.2.11, where it has a `c_hash`.
    pub(crate) code: Option<Secret>,
    /// §12.2: whom the ID token before was about. None where there was none.
    pub(crate) before: Option<Identity>,
    /// §3.1.3.3: `openid` was asked for, so there must be one.
    pub(crate) needed: bool,
    /// §3.2.2.9, §3.3.2.11: what it came with came through the browser as well, so it must say that they belong together.
    pub(crate) front: bool,
    /// §3.1.3.7 numbers 12 and 13: how the user was asked to log in.
    pub(crate) demanded: Option<Demanded>,
}

/// The ID token that came with it. None where there is none; one that is no text is one that cannot be verified.
fn of(token: &Token) -> Option<Secret> {
    match token.field("/id_token")? {
        Value::Null => None,
        Value::String(text) => Some(Secret::from(text)),
        _ => Some(Secret::from(String::new())),
    }
}

/// That work, and where the client has a verifier and its provider publishes keys, the check of an ID token in what it brings.
pub(crate) fn checked(client: &Client, work: impl Work<Token> + 'static, expected: Expected) -> Box<dyn Work<Token>> {
    let work = Box::new(work);
    if !can_check(client) {
        return work;
    }
    Box::new(Identified { client: client.clone(), work, expected: Some(expected), came: None })
}

/// A renewal, by the grant where there is no refresh token. With a verifier, an ID token in it is about whom the token was about.
pub(crate) fn renewal(client: &Client, old: &Token, grant: Option<&Grant>) -> Result<Box<dyn Work<Token>>, Error> {
    let before = if can_check(client) { old.identity().map(Cow::into_owned) } else { None };
    Ok(checked(client, TokenWork::renewal(client, old, grant)?, Expected { before, ..Expected::default() }))
}

/// Whether what the provider signs can be checked.
pub(crate) fn can_check(client: &Client) -> bool {
    client.known_verifier().is_some() && client.provider().publishes_keys()
}

/// Where the ID token will be checked: the program's own nonce, or one that nobody can guess (§15.5.2).
pub(crate) fn nonce(
    client: &Client,
    parameters: &mut BTreeMap<String, String>,
    front: Option<&Front>,
    random: &dyn Random,
) -> Result<Option<Zeroizing<String>>, Error> {
    let record = client.provider().record();
    let always = record.authorize.as_ref().and_then(|rules| rules.parameters.get("scope"));
    let scope = parameters.get("scope").or(always).map_or("", String::as_str);
    // §3.2.2.1: a response_type with id_token asks for one as well.
    let asks = scope.split(' ').any(|scope| scope == "openid") || front.is_some_and(Front::has_id_token);
    if client.known_verifier().is_none() || !asks {
        return Ok(None);
    }
    // Known before the code is spent, not after.
    client.other_endpoint("jwks")?;
    if record.issuer.is_none() {
        return Err(Error::usage("authorize: an ID token cannot be checked, the provider's record names no issuer"));
    }
    let nonce = match parameters.get("nonce").filter(|nonce| !nonce.is_empty()) {
        Some(own) => Zeroizing::new(own.clone()),
        None => unguessable(random)?,
    };
    parameters.insert("nonce".to_owned(), nonce.to_string());
    Ok(Some(nonce))
}

/// One ID token to be checked.
pub(crate) struct Check {
    client: Client,
    /// What it came with, if anything.
    access_token: Option<Secret>,
    expected: Expected,
}

impl Check {
    pub(crate) fn new(client: &Client, access_token: Option<Secret>, expected: Expected) -> Self {
        Self { client: client.clone(), access_token, expected }
    }

    fn of(client: &Client, token: &Token, expected: Expected) -> Self {
        Self::new(client, Some(token.access_token().into()), expected)
    }

    /// The ID token, whose signature is yet to be checked.
    pub(crate) fn statement(&self, id_token: Option<Secret>) -> Result<Statement, Error> {
        let none = || untrusted("token", "it came without an ID token, although openid was asked for");
        Statement::new(&self.client, WHAT, id_token.ok_or_else(none)?)
    }

    pub(crate) fn read(&self, payload: &[u8], header: &Header, now: Now) -> Result<Claims, Error> {
        let claims = Claims::read(WHAT, payload)?;
        header.check_type(&claims)?;
        let issuer = self.client.provider().record().issuer.as_deref();
        claims.check_issuer(
            issuer.ok_or_else(|| Error::usage("ID token: the provider's record names no issuer to compare with"))?,
        )?;
        let others = claims.check_audience(self.client.id())?;
        match claims.text("azp")? {
            // §3.1.3.7 numbers 4 and 5
            None if others => return Err(claims.wrong("it is for several, and its azp does not say for whom it was issued")),
            Some(azp) if azp != self.client.id() => return Err(claims.wrong("its azp is another client")),
            _ => {}
        }
        claims.check_times(now)?;
        let subject = claims.needed("sub")?;
        if subject.len() > 255 || !subject.is_ascii() {
            // §2
            return Err(claims.wrong("its sub is longer than 255 ASCII characters"));
        }
        if let Some(before) = &self.expected.before {
            before.check(&claims)?;
        }
        self.check_nonce(&claims)?;
        if let Some(demanded) = &self.expected.demanded {
            demanded.check(&self.client, &claims, now)?;
        }
        for (name, of) in [("at_hash", &self.access_token), ("c_hash", &self.expected.code)] {
            let Some(of) = of else { continue };
            match claims.text(name)? {
                Some(came) => check_hash(&claims, name, came, &header.alg, of)?,
                None if self.expected.front => {
                    return Err(claims.wrong(&format!("it has no {name}, and what that is of came through the browser")));
                }
                None => {}
            }
        }
        Ok(claims)
    }

    fn check_nonce(&self, claims: &Claims) -> Result<(), Error> {
        let came = claims.text("nonce")?;
        match &self.expected.nonce {
            None => Ok(()),
            Some(nonce) if came.is_some_and(|came| bool::from(came.as_bytes().ct_eq(nonce.expose().as_bytes()))) => Ok(()),
            Some(_) => Err(claims.wrong("its nonce is not the one that was sent, so it may be replayed")),
        }
    }
}

/// §3.1.3.6, §3.3.2.11: the left half of the hash that the algorithm uses. Ed25519 uses SHA-512 (RFC 8032 §5.1).
fn check_hash(claims: &Claims, name: &str, came: &str, algorithm: &str, of: &Secret) -> Result<(), Error> {
    let of = of.expose().as_bytes();
    let half = match algorithm {
        "EdDSA" | "Ed25519" => base64url(&Sha512::digest(of)[..32]),
        known if known.ends_with("256") => base64url(&Sha256::digest(of)[..16]),
        _ => return Err(claims.wrong("its algorithm has no hash that is known here")),
    };
    if half == came { Ok(()) } else { Err(claims.wrong(&format!("its {name} is that of something else"))) }
}

/// The check alone, for who has a token already.
pub(crate) struct IdTokenWork(Check, Statement);

impl IdTokenWork {
    pub(crate) fn new(client: &Client, token: &Token, nonce: Option<&str>) -> Result<Self, Error> {
        client.owns(token)?;
        if of(token).is_none() && token.requested_scope().is_some_and(|scope| scope.split(' ').all(|one| one != "openid")) {
            return Err(Error::usage("token: it came without an ID token, and none was asked for; log in with the scope openid"));
        }
        let expected = Expected { nonce: nonce.map(Secret::from), ..Expected::default() };
        let check = Check::of(client, token, expected);
        let statement = check.statement(of(token))?;
        Ok(Self(check, statement))
    }
}

impl Work<Document> for IdTokenWork {
    fn next(&mut self, now: Now) -> Result<Next<Document>, Error> {
        match self.1.next(now)? {
            Checked::Send(request) => Ok(Next::Send(request)),
            Checked::Signed(payload, header) => {
                let claims = self.0.read(&payload, &header, now)?;
                Ok(Next::Done(Document::of_json(Zeroizing::new(claims.json()))))
            }
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        self.1.hear(outcome, now).map(|()| Next::Again)
    }
}

/// Work that brings a token, and the check of the ID token in it before anybody has the token.
struct Identified {
    client: Client,
    work: Box<dyn Work<Token>>,
    expected: Option<Expected>,
    came: Option<(Check, Statement, Token)>,
}

impl Identified {
    fn checked(&mut self, next: Next<Token>, now: Now) -> Result<Next<Token>, Error> {
        match next {
            Next::Done(token) => {
                let expected = self.expected.take().unwrap_or_default();
                if !expected.needed && of(&token).is_none() {
                    return Ok(Next::Done(token));
                }
                let check = Check::of(&self.client, &token, expected);
                let statement = check.statement(of(&token))?;
                self.came = Some((check, statement, token));
                Ok(Next::Again)
            }
            Next::Save(token, then) => {
                let token = self.renewed(token, now)?;
                Ok(Next::Save(token.clone(), then.map(|_| token)))
            }
            other => Ok(other),
        }
    }

    /// §12.2: a renewal may leave it out. §3.1.3.7 number 6: it came from the token endpoint by TLS, which vouches for it as the signature
    /// would, and a set of keys that cannot be read now must not cost the new refresh token.
    fn renewed(&mut self, token: Token, now: Now) -> Result<Token, Error> {
        let mut check = Check::of(&self.client, &token, self.expected.take().unwrap_or_default());
        if let Some(jws) = of(&token) {
            let (payload, header) = opened(WHAT, jws.expose())?;
            policy::check_signed(&self.client, WHAT, &header.alg)?;
            header.check_algorithm(&check.read(&payload, &header, now)?)?;
        }
        Ok(match check.expected.before.take() {
            Some(before) => token.about(before),
            None => token,
        })
    }
}

impl Work<Token> for Identified {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        let Some((check, statement, token)) = &self.came else {
            let next = self.work.next(now)?;
            return self.checked(next, now);
        };
        match statement.next(now)? {
            Checked::Send(request) => Ok(Next::Send(request)),
            Checked::Signed(payload, header) => {
                check.read(&payload, &header, now)?;
                Ok(Next::Done(token.clone()))
            }
        }
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Token>, Error> {
        if let Some((_, statement, _)) = &mut self.came {
            return statement.hear(outcome, now).map(|()| Next::Again);
        }
        let next = self.work.hear(outcome, now)?;
        self.checked(next, now)
    }
}
