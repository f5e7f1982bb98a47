//! What does the server know of a token?
//!
//! RFC 7662: for resource servers and the curious. `active` is the one member that is always there (§2.2).

use serde_json::Value;

use crate::{
    client::Client,
    document::Document,
    error::{Error, Garbled},
    message::Answer,
    post::PostWork,
    token::Token,
};

pub(crate) fn work(client: &Client, token: &Token) -> Result<PostWork, Error> {
    client.owns(token)?;
    Ok(PostWork {
        client: client.clone(),
        url: client.other_endpoint("introspection")?,
        parameters: vec![("token", token.access_token().into()), ("token_type_hint", "access_token".into())],
        what: "the introspection",
        read,
    })
}

fn read(answer: Answer) -> Result<Document, Error> {
    let document = Document::read(answer.clone())?;
    match document.field("/active") {
        Some(Value::Bool(_)) => Ok(document),
        _ => Err(Garbled::new("the answer does not say whether the token is active", &answer).into()),
    }
}
