//! How does the driver protocol write a token, an answer, a request and an error?

use oauth_core::{Admission, Answer, Backchannel, Device, Document, Error, Reply, Request, Sent, Token};
use serde_json::{Value, json};

use crate::matcher::to_base64;

pub(crate) fn request(request: &Request) -> Value {
    let headers: Vec<[&str; 2]> = request.headers().iter().map(|header| [header.name(), header.value()]).collect();
    json!({
        "method": request.method().as_str(),
        "url": request.url(),
        "headers": headers,
        "body_base64": to_base64(request.body()),
    })
}

pub(crate) fn token(token: &Token) -> Value {
    let user = token.user().map(|user| {
        json!({
            "user_id": user.user_id,
            "user_type": user.user_type,
            "email": user.email,
            "fullname": user.fullname,
            "profile_picture": user.profile_picture,
        })
    });
    let deviations: Vec<&str> = token.deviations().iter().map(|deviation| deviation.as_str()).collect();
    json!({
        "access_token": token.access_token(),
        "token_type": token.token_type(),
        "authorization": token.authorization(),
        "expires_at": token.expires_at(),
        "received_at": token.received_at(),
        "refresh_token": token.refresh_token().map(oauth_core::Secret::expose),
        "scope": token.scope(),
        "requested_scope": token.requested_scope(),
        "scope_narrower": token.is_scope_narrower(),
        "provider": token.provider(),
        "deviations": deviations,
        "user": user,
        "saved": token.saved().expose(),
    })
}

pub(crate) fn device(device: &Device) -> Value {
    let deviations: Vec<&str> = device.deviations().iter().map(|deviation| deviation.as_str()).collect();
    json!({
        "user_code": device.user_code(),
        "verification_uri": device.verification_uri(),
        "verification_uri_complete": device.verification_uri_complete(),
        "expires_at": device.expires_at(),
        "interval_ms": device.interval_ms(),
        "deviations": deviations,
        "saved": device.saved().expose(),
    })
}

pub(crate) fn backchannel(backchannel: &Backchannel) -> Value {
    json!({
        "expires_at": backchannel.expires_at(),
        "interval_ms": backchannel.interval_ms(),
        "saved": backchannel.saved().expose(),
    })
}

pub(crate) fn admission(admission: &Admission) -> Value {
    let text = |document: &Document| String::from_utf8_lossy(document.json()).into_owned();
    json!({
        "client_id": admission.client.id(),
        "scope": admission.scope,
        "record": admission.client.provider().record_json(),
        "resource": text(admission.resource.document()),
        "registration": admission.registration.as_ref().map(|registration| text(registration.document())),
    })
}

pub(crate) fn reply(reply: &Reply) -> Value {
    json!({"answer": answer(&reply.answer), "renewed": reply.renewed.as_ref().map(token)})
}

fn answer(answer: &Answer) -> Value {
    json!({"status": answer.status(), "headers": answer.headers(), "body_base64": to_base64(answer.body())})
}

pub(crate) fn error(error: &Error) -> Value {
    json!({
        "kind": error.kind().as_str(),
        "code": error.code(),
        "standard_code": error.standard_code(),
        "message": error.to_string(),
        "description": error.description(),
        "error_uri": error.error_uri(),
        "status": error.status(),
        "retry_after_ms": error.retry_after_ms(),
        "transient": error.is_transient(),
        "sent": error.sent().map(|sent| if sent == Sent::No { "no" } else { "maybe" }),
        "ambiguous": error.is_ambiguous(),
        "body_base64": error.body().map(to_base64),
    })
}
