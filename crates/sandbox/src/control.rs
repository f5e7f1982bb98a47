//! What does the control address understand?
//!
//! JSON in, JSON out, over plain HTTP on loopback: a test in any language needs nothing more than curl. Every route is
//! in the README with a curl line.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::fault::FaultOrder;
use crate::ledger::{Client, User};
use crate::message::{Answer, Request};
use crate::orders::Revoke;
use crate::sandbox::Shared;
use crate::{Error, Origin, Provider};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveClock {
    advance_ms: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeOrder {
    provider: Provider,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    all: bool,
    #[serde(default)]
    refresh: bool,
}

#[derive(Deserialize)]
struct ReadingOrder {
    provider: Provider,
    #[serde(flatten)]
    wanted: Map<String, Value>,
}

// A flattened struct cannot refuse unknown fields, so these two are split by hand.
#[derive(Deserialize)]
struct Addition {
    provider: Provider,
    #[serde(flatten)]
    what: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginOrder {
    url: String,
}

/// Obeys an order.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Answer {
    // A web page that a developer has open must not steer the sandbox: browsers name the page, tests do not.
    if request.header("origin").is_some() {
        return Answer::json(403, json!({"error": "browsers are not served here"}).to_string());
    }
    match obey(shared, request) {
        Ok(Some(value)) => Answer::json(200, value.to_string()),
        Ok(None) => Answer::json(404, json!({"error": format!("there is no {} {}", request.method, request.path)}).to_string()),
        Err(cause) => Answer::json(400, json!({"error": cause.to_string()}).to_string()),
    }
}

fn obey(shared: &Shared, request: &Request) -> Result<Option<Value>, Error> {
    let done = || Ok(Some(json!({"ok": true})));
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => Ok(Some(shared.describe().clone())),
        ("GET", "/clock") => Ok(Some(json!({"now_ms": shared.advance_ms(0)}))),
        ("POST", "/clock") => Ok(Some(json!({"now_ms": shared.advance_ms(read::<MoveClock>(request)?.advance_ms)}))),
        ("POST", "/revoke") => revoke(shared, read(request)?).map(Some),
        ("GET", "/fault") => Ok(Some(json!(shared.state().faults.orders()))),
        ("POST", "/fault") => shared.fault(read::<FaultOrder>(request)?).and_then(|()| done()),
        ("DELETE", "/fault") => {
            shared.state().faults.clear();
            done()
        }
        ("GET", "/reading") => Ok(Some(json!(shared.state().readings))),
        ("POST", "/reading") => {
            let order: ReadingOrder = read(request)?;
            shared.reading(order.provider, &Value::Object(order.wanted)).and_then(|()| done())
        }
        ("DELETE", "/reading") => {
            shared.state().readings = crate::readings::Readings::default();
            done()
        }
        ("GET", "/log") => log(shared, request).map(Some),
        ("DELETE", "/log") => {
            shared.state().traffic.log.clear();
            done()
        }
        ("GET", "/counters") => Ok(Some(json!(shared.state().traffic.counters()))),
        ("DELETE", "/counters") => {
            shared.state().traffic.counters.clear();
            done()
        }
        ("POST", "/client") => {
            let Addition { provider, what } = read(request)?;
            shared.add_client(provider, member::<Client>("client", what)?).and_then(|()| done())
        }
        ("POST", "/user") => {
            let Addition { provider, what } = read(request)?;
            shared.add_user(provider, member::<User>("user", what)?).and_then(|()| done())
        }
        ("POST", "/login") => Ok(Some(json!(shared.login(&read::<LoginOrder>(request)?.url)?))),
        ("POST", "/reset") => {
            shared.start_over();
            done()
        }
        _ => Ok(None),
    }
}

fn revoke(shared: &Shared, order: RevokeOrder) -> Result<Value, Error> {
    let count = match order {
        RevokeOrder { provider, token: Some(token), all: false, refresh: false } => {
            shared.revoke(provider, &Revoke::Token(token))
        }
        RevokeOrder { provider, token: None, all, refresh } if all || refresh => {
            let access = if all { shared.revoke(provider, &Revoke::AccessTokens) } else { 0 };
            access + if refresh { shared.revoke(provider, &Revoke::RefreshTokens) } else { 0 }
        }
        _ => {
            return Err(Error::Usage("revoke: give either token, or all (access tokens) and/or refresh (refresh tokens)".into()));
        }
    };
    Ok(json!({"revoked": count}))
}

/// `GET /log`, or `GET /log?provider=buildpass`.
fn log(shared: &Shared, request: &Request) -> Result<Value, Error> {
    let query = request.query();
    let wanted = match query.one("provider") {
        None => None,
        Some(name) => Some(Origin::from_name(name).ok_or_else(|| Error::Usage(format!("log: there is no provider {name:?}")))?),
    };
    let state = shared.state();
    Ok(state
        .traffic
        .log
        .iter()
        .filter(|entry| wanted.is_none_or(|origin| entry.provider == origin))
        .map(|entry| json!(entry))
        .collect())
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Error> {
    serde_json::from_slice(&request.body)
        .map_err(|cause| Error::Usage(format!("{}: {cause}", request.path.trim_start_matches('/'))))
}

fn member<T: DeserializeOwned>(name: &str, members: Map<String, Value>) -> Result<T, Error> {
    serde_json::from_value(Value::Object(members)).map_err(|cause| Error::Usage(format!("{name}: {cause}")))
}
