//! How does C know who logged in, and log them out?

use std::ffi::c_char;

use oauth_core::Secret;

use crate::{
    border::text,
    client::active_client,
    exchange::active_exchange,
    token::{active_token, given},
    work::{Product, Work},
};

/// Checks the ID token that came with a token (OpenID Connect Core 1.0 §3.1.3.7) by the keys that its issuer publishes: signature, issuer, audience,
/// times and at_hash. ACTIVE_DONE brings its claims as active_exchange_document: "/iss" and "/sub" together are who logged in. Whatever is wrong with it
/// is ACTIVE_UNTRUSTED. `nonce` is what was sent as nonce; NULL where active_client_callback checked it, which it does for a login with the scope
/// "openid". The provider's record must name its issuer and endpoints.jwks, as one from active_provider_discover does. Never NULL. Free it with
/// active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_id_token(
    client: *const active_client,
    token: *const active_token,
    nonce: *const c_char,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.id_token(&given(token)?, text(nonce, "nonce")?).into()))
}

/// The URL that ends the user's session at the provider (OpenID Connect RP-Initiated Logout 1.0 §2): send the browser there. `id_token_hint` is the
/// login's active_token_id_token; the browser comes back to `post_logout_redirect_uri`, registered with the provider, with `state`. Each may be NULL.
/// ACTIVE_DONE, which its first step gives, brings the URL as active_exchange_text; it holds the ID token. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_end_session_url(
    client: *const active_client,
    id_token_hint: *const c_char,
    post_logout_redirect_uri: *const c_char,
    state: *const c_char,
) -> *mut active_exchange {
    active_exchange::open(client, |client| {
        let hint = text(id_token_hint, "id_token_hint")?.map(Secret::from);
        let back = text(post_logout_redirect_uri, "post_logout_redirect_uri")?;
        let url = client.end_session_url(hint.as_ref(), back, text(state, "state")?)?;
        Ok(Work::at_once(move || Ok(Product::Text(url))))
    })
}
