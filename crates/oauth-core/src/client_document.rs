//! What does a client's own metadata document say?
//!
//! draft-ietf-oauth-client-id-metadata-document: the client's id is the https URL of a document about it, so that a server which never
//! heard of it can read who it is. Nothing is registered and there is no secret to share.

use serde_json::Value;

use crate::{
    error::{Error, json_problem},
    fetch::{cut, identifier},
    jwk::private_member,
    message::without_query,
    redirect_uri::check_redirect_uri,
};

/// What servers read at most (§6.6), in bytes.
const LARGEST: usize = 5 * 1024;

/// The document to publish at `client_id`, as `application/json`: `metadata` (the members of RFC 7591 §2) with `client_id` put in, checked.
///
/// ```
/// let document = oauth_core::client_document(
///     "https://app.example/oauth/client.json",
///     r#"{"client_name":"App","redirect_uris":["https://app.example/cb"],"token_endpoint_auth_method":"none"}"#,
/// )?;
/// assert!(document.contains(r#""client_id":"https://app.example/oauth/client.json""#));
/// # Ok::<(), oauth_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Usage`] where `client_id` cannot be such a URL (https, a path, no dot segments, no fragment, no userinfo), where the metadata
/// names another client, holds or asks for a shared secret, has no `redirect_uris`, or where the document is larger than 5 KiB.
pub fn client_document(client_id: &str, metadata: &str) -> Result<String, Error> {
    check_id(client_id)?;
    let wrong = |why: &str| Error::usage(format!("client document: {why}"));
    let mut document: Value =
        serde_json::from_str(metadata).map_err(|error| wrong(&format!("not JSON, {}", json_problem(&error))))?;
    let members = document.as_object_mut().ok_or_else(|| wrong("must be a JSON object"))?;
    let named = members.insert("client_id".to_owned(), client_id.into());
    if named.is_some_and(|named| named != client_id) {
        return Err(wrong("its client_id is not the URL it will be published at (simple string comparison)"));
    }
    // Everybody can read it.
    if let Some(secret) = ["client_secret", "client_secret_expires_at"].into_iter().find(|name| members.contains_key(*name)) {
        return Err(wrong(&format!("{secret} has no place in a document that everybody can read")));
    }
    match members.get("token_endpoint_auth_method") {
        // RFC 7591 §2: left out, it means client_secret_basic.
        None => {
            members.insert("token_endpoint_auth_method".to_owned(), "none".into());
        }
        Some(Value::String(method)) if !method.starts_with("client_secret_") => {}
        Some(_) => return Err(wrong("token_endpoint_auth_method must be one without a shared secret: none or private_key_jwt")),
    }
    if let Some(private) = private_member(members) {
        return Err(wrong(&format!("{private} is part of a private key, and everybody can read it; publish the public JWK")));
    }
    let redirect_uris = members.get("redirect_uris").and_then(Value::as_array).filter(|uris| !uris.is_empty());
    let redirect_uris =
        redirect_uris.ok_or_else(|| wrong("redirect_uris is missing: a server has no other word of where codes may go"))?;
    for uri in redirect_uris {
        check_redirect_uri(uri.as_str().ok_or_else(|| wrong("redirect_uris must be a list of texts"))?, "redirect_uris")?;
    }
    let document = document.to_string();
    if document.len() > LARGEST {
        return Err(wrong(&format!("it has {} bytes, and servers read {LARGEST} at most", document.len())));
    }
    Ok(document)
}

/// §3: an https URL with a path, and nothing that two readers could read differently.
pub(crate) fn check_id(client_id: &str) -> Result<(), Error> {
    identifier(client_id, "client_id")?;
    let path = cut(client_id).1;
    if path.is_empty() || path == "/" || path.starts_with('?') {
        return Err(Error::usage(format!("client_id: the URL of a client's document has a path: {}", without_query(client_id))));
    }
    Ok(())
}
