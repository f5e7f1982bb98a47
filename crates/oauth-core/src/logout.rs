//! Where does the browser go to end the user's session at the provider?
//!
//! OpenID Connect RP-Initiated Logout 1.0 §2.

use zeroize::Zeroizing;

use crate::{attach::query_pair, client::Client, error::Error, redirect_uri::check_redirect_uri, secret::Secret};

pub(crate) fn url(
    client: &Client,
    id_token_hint: Option<&Secret>,
    post_logout_redirect_uri: Option<&str>,
    state: Option<&str>,
) -> Result<Secret, Error> {
    let mut url = Zeroizing::new(client.other_endpoint("end_session")?);
    if let Some(hint) = id_token_hint {
        query_pair(&mut url, "id_token_hint", hint.expose());
    }
    // The provider needs to know whose registration the redirect URI stands in.
    query_pair(&mut url, "client_id", client.id());
    if let Some(redirect_uri) = post_logout_redirect_uri {
        check_redirect_uri(redirect_uri, "post_logout_redirect_uri")?;
        query_pair(&mut url, "post_logout_redirect_uri", redirect_uri);
        if let Some(state) = state {
            query_pair(&mut url, "state", state);
        }
    } else if state.is_some() {
        return Err(Error::usage("logout: a state comes back with post_logout_redirect_uri only, so it needs one"));
    }
    Ok(Secret::from(std::mem::take(&mut *url)))
}
