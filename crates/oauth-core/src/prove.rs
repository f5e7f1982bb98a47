//! How do we prove it is us?
//!
//! One way per request (RFC 6749 §2.3): credentials never stand in the body and in a header at once.

use zeroize::Zeroizing;

use crate::{
    client::Client,
    encode::{Space, basic, percent},
    error::Error,
    record::ClientAuth,
    time::Now,
};

/// What client authentication adds to a token request.
pub(crate) enum Proof<'a> {
    /// An `Authorization` header's value.
    Header(Zeroizing<String>),
    /// `client_id` and, for a confidential client, `client_secret` in the body.
    Body { id: &'a str, secret: Option<&'a str> },
}

impl Proof<'_> {
    /// What of it stands in the body.
    pub(crate) fn each(&self, mut put: impl FnMut(&str, &str)) {
        if let Self::Body { id, secret } = self {
            put("client_id", id);
            if let Some(secret) = secret {
                put("client_secret", secret);
            }
        }
    }
}

pub(crate) fn prove(client: &Client, _: Now) -> Result<Proof<'_>, Error> {
    let id = client.id();
    match client.auth_method() {
        ClientAuth::Basic => {
            let secret = secret(client)?;
            Ok(Proof::Header(client.basic(|| basic(&encoded(id), &encoded(secret)))))
        }
        ClientAuth::BasicRaw => {
            // RFC 7617 §2: the first colon ends the user-id, so a raw id cannot hold one.
            if id.contains(':') {
                return Err(Error::usage(
                    "client_id: an id with a colon cannot be sent by basic_raw, the server would cut it there",
                ));
            }
            let secret = secret(client)?;
            Ok(Proof::Header(client.basic(|| basic(id, secret))))
        }
        ClientAuth::Post => Ok(Proof::Body { id, secret: Some(secret(client)?) }),
        // RFC 6749 §3.2.1: a public client names itself by client_id.
        ClientAuth::None => Ok(Proof::Body { id, secret: None }),
    }
}

fn secret(client: &Client) -> Result<&str, Error> {
    client.known_secret().map(crate::Secret::expose).ok_or_else(|| {
        Error::usage(format!(
            "client_secret: missing, {} authenticates its clients; a public client says auth none",
            client.provider().name()
        ))
    })
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before Basic. A blank becomes `%20`, which both kinds of decoders read.
fn encoded(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::new());
    percent(&mut out, text, Space::Percent);
    out
}
