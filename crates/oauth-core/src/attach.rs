//! How is a token put on a request?
//!
//! In the `Authorization` header (RFC 6750 §2.1); by a provider's record as a parameter, in the query of a request without a body and in
//! the form of one with (ActiveBuilding). A token in a URL is in nothing we print.

use http::Method;
use zeroize::Zeroizing;

use crate::{
    encode::{Space, form_pair, percent, push},
    error::Error,
    message::{HeaderValue, Request},
    record::Placement,
    token::Token,
};

/// What a request has for a body.
#[derive(Clone)]
pub(crate) enum Content {
    Nothing,
    Form(Vec<(String, String)>),
    Bytes { content_type: String, bytes: Zeroizing<Vec<u8>> },
}

pub(crate) fn attach(request: &mut Request, content: &Content, token: &Token, placement: &Placement) -> Result<(), Error> {
    let Some(authorization) = token.authorization() else {
        // RFC 6749 §7.1
        return Err(Error::usage(format!(
            "token: its type {:?} is not one that this library or the provider's record knows how to use",
            token.token_type().unwrap_or_default()
        )));
    };
    if token.is_dpop() && *placement != Placement::Header {
        // RFC 9449 §7.1
        return Err(Error::usage(
            "token: it is bound to a key (DPoP) and goes into a header only; this provider's record wants a parameter",
        ));
    }
    match placement {
        Placement::Header => request.header("authorization", HeaderValue::Secret(Zeroizing::new(authorization.to_owned()))),
        Placement::Parameter { name } if takes_query(&request.method, content) => {
            query_pair(&mut request.url, name, token.access_token())
        }
        Placement::Parameter { name } => match content {
            Content::Nothing | Content::Form(_) => {
                let mut form = Zeroizing::new(String::from_utf8(std::mem::take(&mut *request.body)).unwrap_or_default());
                form_pair(&mut form, name, token.access_token());
                request.body = Zeroizing::new(std::mem::take(&mut *form).into_bytes());
                if matches!(content, Content::Nothing) {
                    request.header("content-type", HeaderValue::Fixed("application/x-www-form-urlencoded"));
                }
            }
            Content::Bytes { .. } => {
                return Err(Error::usage("call: this provider takes the token in a form, so the body must be a form"));
            }
        },
    }
    Ok(())
}

fn takes_query(method: &Method, content: &Content) -> bool {
    matches!(content, Content::Nothing) && matches!(*method, Method::GET | Method::HEAD | Method::DELETE | Method::OPTIONS)
}

/// Appends `name=value` to a URL's query.
pub(crate) fn query_pair(url: &mut Zeroizing<String>, name: &str, value: &str) {
    let separator = match url.find('?') {
        None => "?",
        Some(_) if url.ends_with(['?', '&']) => "",
        Some(_) => "&",
    };
    push(url, separator);
    percent(url, name, Space::Percent);
    push(url, "=");
    percent(url, value, Space::Percent);
}
