//! What of a login waits for the browser, and what does a callback that is believed lead to?

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    callback::{Callback, refused},
    client::Client,
    error::Error,
    exchange::Work,
    front::{Front, FrontWork},
    grant::Grant,
    hybrid::HybridWork,
    id_token::{self, Expected},
    policy,
    secret::Secret,
    step_up::Demanded,
    token::Token,
    token_request::TokenWork,
};

pub(crate) const VERSION: u32 = 1;

/// What a login keeps until its callback.
#[derive(Serialize, Deserialize, Clone)]
pub(crate) struct Kept {
    pub(crate) active_login: u32,
    pub(crate) provider: String,
    pub(crate) client_id: String,
    pub(crate) issuer: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) state: Secretive,
    pub(crate) verifier: Option<Secretive>,
    /// RFC 9449 §10: the key whose thumbprint went along; the code must be exchanged with it.
    #[serde(default)]
    pub(crate) dpop_jkt: Option<String>,
    pub(crate) expires_at: i64,
    /// RFC 6749 §5.1, §4.2.2: what the token has where its answer says nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    /// Where something else than a code was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) front: Option<Front>,
    /// JARM §2.3: where a signed answer was asked for, and so no other is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) response_mode: Option<String>,
    /// OpenID Connect Core 1.0 §15.5.2: what the ID token must repeat, where it will be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<Secretive>,
    /// RFC 9470 §4: what the ID token must say of the login, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) demanded: Option<Demanded>,
}

/// A secret that may be written into a saved login, and nowhere else.
#[derive(Serialize, Deserialize, Clone)]
pub(crate) struct Secretive(pub(crate) Zeroizing<String>);

impl Kept {
    pub(crate) fn belongs_to(&self, client: &Client) -> Result<(), Error> {
        if *self.provider != *client.provider().name() || self.client_id != client.id() {
            return Err(Error::usage("callback: this login was begun by another client"));
        }
        if self.dpop_jkt.as_deref() != client.dpop_thumbprint() {
            return Err(Error::usage(
                "callback: this login was begun with another DPoP key, and its code works with that one only; keep the key until then",
            ));
        }
        if self.nonce.is_some() && !client.provider().publishes_keys() {
            return Err(Error::usage(
                "callback: this login was begun where ID tokens can be checked, and this client's provider names no issuer or no keys \
                 (endpoints.jwks); give it the record the login was begun with",
            ));
        }
        if self.nonce.is_some() && client.known_verifier().is_none() {
            return Err(Error::usage(
                "callback: this login was begun by a client that checks ID tokens, and this one was given no verifier",
            ));
        }
        policy::check_response_type(client, self.front.as_ref().map_or("code", |front| front.response_type.as_str()))?;
        Ok(())
    }

    /// Whether the answer stands in the URL's fragment.
    pub(crate) fn in_fragment(&self) -> bool {
        match self.response_mode.as_deref() {
            None | Some("jwt") => self.front.is_some(),
            Some(mode) => mode == "fragment.jwt",
        }
    }

    /// RFC 6749 §10.12. Before anything else, and before the login is taken.
    pub(crate) fn check_state(&self, came: Option<&str>) -> Result<(), Error> {
        if came.is_some_and(|came| bool::from(came.as_bytes().ct_eq(self.state.0.as_bytes()))) {
            return Ok(());
        }
        Err(Error::Untrusted("callback: its state is not the one this login was begun with; nothing was sent on".to_owned()))
    }

    /// What a callback that is believed leads to.
    pub(crate) fn follow(self, client: &Client, callback: Callback) -> Result<Box<dyn Work<Token>>, Error> {
        // RFC 6749 §4.1.2.1: an error is looked at before a code.
        if let Some(error) = callback.error {
            return Err(refused(client, error, callback.error_description, callback.error_uri));
        }
        let nonce = self.nonce.map(|nonce| Secret::from(nonce.0.as_str()));
        let brings_id_token = self.front.as_ref().is_some_and(Front::has_id_token);
        if self.front.is_some_and(|front| !front.has_code()) {
            if !callback.brought.has_token() {
                return Err(Error::usage("callback: its fragment holds neither a token nor an error"));
            }
            let needed = nonce.is_some() && brings_id_token;
            let expected = Expected { needed, nonce, front: true, demanded: self.demanded, ..Expected::default() };
            return Ok(id_token::checked(
                client,
                FrontWork::new(client, self.scope, callback.brought, self.expires_at)?,
                expected,
            ));
        }
        let code = callback.code.ok_or_else(|| Error::usage("callback: it holds neither a code nor an error"))?;
        let code = Secret::from(code);
        let mut grant = Grant::authorization_code(code.clone(), &self.redirect_uri).until(self.expires_at);
        // RFC 8707 §2.2: for the same as the user was asked about.
        grant = self.resources.iter().fold(grant, |grant, resource| grant.parameter("resource", resource));
        if let Some(verifier) = self.verifier {
            grant = grant.secret("code_verifier", Secret::from(verifier.0.as_str()));
        }
        let token = TokenWork::new(client, grant).asked_for(self.scope);
        let needed = nonce.is_some();
        let expected = Expected { needed, nonce, code: Some(code), demanded: self.demanded, ..Expected::default() };
        if needed && brings_id_token {
            let [id_token, access_token] = ["id_token", "access_token"].map(|name| callback.brought.get(name));
            return Ok(Box::new(HybridWork::new(client, id_token, access_token, token, expected)?));
        }
        Ok(id_token::checked(client, token, expected))
    }
}
