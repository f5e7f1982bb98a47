//! How is a token revoked?
//!
//! RFC 7009: the token and a hint at what it is. The server answers 200 whether it knew the token or not (§2.2).

use crate::{client::Client, document::Document, error::Error, post::PostWork, token::Token};

pub(crate) fn work(client: &Client, token: &Token) -> Result<PostWork, Error> {
    client.owns(token)?;
    // §2.1: revoking the refresh token revokes the access tokens of the same grant, the other way round not always.
    let (value, hint) = match token.refresh_token() {
        Some(refresh_token) => (refresh_token.clone(), "refresh_token"),
        None => (token.access_token().into(), "access_token"),
    };
    Ok(PostWork {
        client: client.clone(),
        url: client.other_endpoint("revocation")?,
        parameters: vec![("token", value), ("token_type_hint", hint.into())],
        what: "the revocation",
        // §2.2: the body is of no use.
        read: |_| Ok(Document::nothing()),
    })
}
