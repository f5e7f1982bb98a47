//! Whom is a token about?
//!
//! What an ID token said of its user, as far as no renewal may say otherwise (OpenID Connect Core 1.0 §12.2). It is kept with the token, since
//! the answer to a renewal may leave the ID token out, and the one after it not.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{claims::Claims, error::Error};

/// The user of the first ID token. Personal data: nothing prints it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Identity {
    iss: String,
    sub: String,
    /// When they logged in, in milliseconds since the epoch; None where the ID token did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    /// That of the login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<Zeroizing<String>>,
}

impl Identity {
    /// As this ID token says, unchecked. None where it cannot be read.
    pub(crate) fn read(id_token: &str) -> Option<Self> {
        Self::of(&Claims::read("ID token", &URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?).ok()?).ok()?)
    }

    /// As these claims of an ID token say.
    pub(crate) fn of(claims: &Claims) -> Option<Self> {
        Some(Self {
            iss: claims.text("iss").ok()??.to_owned(),
            sub: claims.text("sub").ok()??.to_owned(),
            // Who it is, is known even where the rest makes no sense: else an odd auth_time would let another user through.
            auth_time: claims.time("auth_time").ok().flatten(),
            nonce: claims.text("nonce").ok().flatten().map(|nonce| Zeroizing::new(nonce.to_owned())),
        })
    }

    /// The `sub`.
    pub(crate) fn subject(&self) -> &str {
        &self.sub
    }

    /// §12.2: the same `iss` and `sub`, and the time and nonce of the same login where they are said again. That `aud` still names us is checked of
    /// every ID token.
    pub(crate) fn check(&self, claims: &Claims) -> Result<(), Error> {
        if claims.text("iss")? != Some(&self.iss) || claims.text("sub")? != Some(&self.sub) {
            return Err(
                claims.wrong("it is about another user than the ID token before it (OpenID Connect Core §3.3.3.6, §12.2)")
            );
        }
        if let Some(before) = self.auth_time
            && claims.time("auth_time")?.is_some_and(|after| after != before)
        {
            return Err(another_login(claims, "auth_time"));
        }
        match (&self.nonce, claims.text("nonce")?) {
            (Some(before), Some(after)) if before.as_str() != after => Err(another_login(claims, "nonce")),
            _ => Ok(()),
        }
    }
}

fn another_login(claims: &Claims, name: &str) -> Error {
    claims.wrong(&format!("its {name} is that of another login than the ID token before it (OpenID Connect Core §12.2)"))
}
