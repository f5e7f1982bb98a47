//! What does BuildPass's API answer to a Bearer token?
//!
//! "include it in the Authorization header of your API requests as a Bearer token" (BuildPass OAuth guide); refusals as in
//! RFC 6750 §3. The guide prints no API answer: the data is ours.

use serde_json::{Value, json};

use crate::Provider;
use crate::ledger::Dead;
use crate::message::{Answer, Request, object};
use crate::seed::SCOPES;
use crate::state::State;

pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    let resource = request.path.strip_prefix("/v1/").unwrap_or("");
    let Some(scope) = SCOPES.into_iter().find(|scope| scope.strip_prefix("read:") == Some(resource)) else {
        return refuse(404, "not_found", "There is no such resource");
    };
    if request.method != "GET" {
        return refuse(405, "method_not_allowed", "This resource can only be read").header("Allow", "GET");
    }
    // "If the request lacks any authentication information […], the resource server SHOULD NOT include an error code" (§3.1).
    let Some(token) = request.authorization("bearer") else {
        return refuse(401, "unauthorized", "A Bearer token is needed").header("WWW-Authenticate", "Bearer realm=\"BuildPass\"");
    };
    let now_ms = state.clock.now_ms();
    match state.ledger(Provider::BuildPass).access.alive(token, now_ms) {
        Err(Dead::Expired) => challenge(401, "invalid_token", "The access token expired", ""),
        Err(Dead::Unknown | Dead::Revoked) => challenge(401, "invalid_token", "The access token is unknown or revoked", ""),
        Ok(issued) if !issued.scope.split(' ').any(|granted| granted == scope) => {
            challenge(403, "insufficient_scope", "The token does not cover this resource", &format!(", scope=\"{scope}\""))
        }
        Ok(_) => Answer::json(200, object(&[("data", data(resource))])),
    }
}

fn challenge(status: u16, code: &str, description: &str, more: &str) -> Answer {
    let value = format!("Bearer realm=\"BuildPass\", error=\"{code}\", error_description=\"{description}\"{more}");
    refuse(status, code, description).header("WWW-Authenticate", value)
}

fn refuse(status: u16, code: &str, description: &str) -> Answer {
    Answer::json(status, object(&[("error", json!(code)), ("error_description", json!(description))]))
}

fn data(resource: &str) -> Value {
    match resource {
        "builders" => json!([
            {"id": "bld_1", "name": "Riverside Constructions", "abn": "51824753556"},
            {"id": "bld_2", "name": "Hartmann & Söhne", "abn": "53004085616"},
        ]),
        "subcontractors" => json!([{"id": "sub_1", "name": "Lee Electrical", "builderId": "bld_1"}]),
        "prequalifications" => json!([{"id": "prq_1", "subcontractorId": "sub_1", "status": "approved"}]),
        "insurances" => {
            json!([{"id": "ins_1", "subcontractorId": "sub_1", "type": "public_liability", "expiresOn": "2031-06-30"}])
        }
        "contacts" => {
            json!([{"id": "con_1", "subcontractorId": "sub_1", "name": "Kim Lee", "email": "kim@lee-electrical.example"}])
        }
        "swms" => json!([{"id": "swm_1", "subcontractorId": "sub_1", "title": "Working at heights"}]),
        _ => json!([{"id": "tim_1", "subcontractorId": "sub_1", "hours": 7.5}]),
    }
}
