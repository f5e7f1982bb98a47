//! Which profiles can a client promise to keep to?
//!
//! What each of them forbids stands in `policy.rs`.

use crate::error::Error;

/// A profile of OAuth that a client keeps to, by [`Client::policy`]: an open set with constants for those there are.
///
/// ```
/// use oauth_core::{Client, Grant, Kind, Now, Policy, Provider};
///
/// let client = Client::new(Provider::activebuilding(), "id").secret("secret").policy(Policy::OAUTH_2_1);
/// let error = client.token(Grant::password("jo@building.com", "secret")).step(Now::default()).unwrap_err();
/// assert_eq!(error.kind(), Kind::Usage);
/// assert!(error.to_string().starts_with("policy oauth_2_1: "), "{error}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Policy(&'static str);

impl Policy {
    /// OAuth 2.1 (draft-ietf-oauth-v2-1) and the best current practice of RFC 9700: no passwords, no access token through the browser, PKCE with
    /// every code, no token in a URL.
    pub const OAUTH_2_1: Self = Self("oauth_2_1");
    /// The FAPI 2.0 Security Profile (OpenID Foundation, final, February 2025), and with it all of OAuth 2.1: pushed requests only, `iss` in
    /// every callback, a discovered provider, `private_key_jwt` for the issuer alone or a client certificate, tokens bound by DPoP or the
    /// certificate, and no other algorithms than PS256, ES256 and EdDSA.
    pub const FAPI_2_0: Self = Self("fapi_2_0");

    /// The policy of that word: `oauth_2_1` or `fapi_2_0`.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the words.
    pub fn from_word(word: &str) -> Result<Self, Error> {
        [Self::OAUTH_2_1, Self::FAPI_2_0]
            .into_iter()
            .find(|policy| policy.0 == word)
            .ok_or_else(|| Error::usage("policy: must be oauth_2_1 or fapi_2_0"))
    }

    /// The word, the same in every language.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}
