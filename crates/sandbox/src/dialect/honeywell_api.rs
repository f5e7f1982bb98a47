//! What does Honeywell Home's API answer to a Bearer token and an API key?
//!
//! From its public pages and public client code: `?apikey=` beside the Bearer header, a `UserRefID` header with client
//! credentials tokens, Apigee's faults for dead tokens. The data is ours.

use serde_json::{Value, json};

use super::honeywell::Refused;
use crate::Provider;
use crate::ledger::Dead;
use crate::message::{Answer, Request};
use crate::readings::{Errors, Needed};
use crate::seed::USER_REF_ID;
use crate::state::State;

const LOCATION: i64 = 20_034;

pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    let errors = match state.readings.honeywell.errors {
        // The API management in front of the API has one shape only, which is the fault.
        Errors::Apigee | Errors::Fault => Errors::Fault,
        Errors::Rfc => Errors::Rfc,
    };
    called(state, request).unwrap_or_else(|refused| refused.answer(errors))
}

fn called(state: &mut State, request: &Request) -> Result<Answer, Refused> {
    if !matches!(request.path.as_str(), "/v2/locations" | "/v2/devices") {
        return Err(refused(
            404,
            "not_found",
            "Unable to identify proxy for host",
            "messaging.adaptors.http.flow.ApplicationNotFound",
        ));
    }
    if request.method != "GET" {
        return Err(refused(405, "method_not_allowed", "Method not allowed", "flow.MethodNotAllowed"));
    }
    let readings = state.readings.honeywell.clone();
    let now_ms = state.clock.now_ms();
    let query = request.query();
    // The token answer says "BearerToken"; the header still says "Bearer".
    let token = request
        .authorization("bearer")
        .ok_or_else(|| refused(401, "invalid_token", "Invalid access token", "oauth.v2.InvalidAccessToken"))?;
    let issued = state.ledger(Provider::Honeywell).access.alive(token, now_ms).map_err(|dead| match dead {
        Dead::Expired => refused(401, "invalid_token", "Access Token expired", "keymanagement.service.access_token_expired"),
        Dead::Unknown | Dead::Revoked => {
            refused(401, "invalid_token", "Invalid Access Token", "keymanagement.service.invalid_access_token")
        }
    })?;
    if readings.apikey == Needed::Required {
        match query.one("apikey") {
            None => {
                let text = "Failed to resolve API Key variable request.queryparam.apikey";
                return Err(refused(401, "invalid_request", text, "steps.oauth.v2.FailedToResolveAPIKey"));
            }
            Some(key) if key != issued.client_id => {
                return Err(refused(401, "invalid_client", "Invalid ApiKey", "oauth.v2.InvalidApiKey"));
            }
            Some(_) => {}
        }
    }
    if issued.user.is_none() && readings.user_ref_id == Needed::Required && request.header("userrefid") != Some(USER_REF_ID) {
        return Err(refused(400, "invalid_request", "The header UserRefID is missing or unknown", "steps.raisefault.RaiseFault"));
    }
    if request.path == "/v2/locations" {
        return Ok(Answer::json(200, locations().to_string()));
    }
    match query.one("locationId") {
        Some(id) if id == LOCATION.to_string() => Ok(Answer::json(200, devices().to_string())),
        Some(_) => Err(refused(404, "not_found", "No such location", "steps.raisefault.RaiseFault")),
        None => Err(refused(400, "invalid_request", "locationId is missing", "steps.raisefault.RaiseFault")),
    }
}

fn refused(status: u16, code: &'static str, text: &str, fault: &'static str) -> Refused {
    Refused { status, code, text: text.into(), fault }
}

fn locations() -> Value {
    json!([{"locationID": LOCATION, "name": "Home", "devices": devices()}])
}

fn devices() -> Value {
    json!([{
        "deviceID": "LCC-00D02DB89E13", "deviceType": "Thermostat", "name": "Living room", "isAlive": true,
        "units": "Celsius", "indoorTemperature": 21.5, "changeableValues": {"mode": "Heat", "heatSetpoint": 21.0},
    }])
}
