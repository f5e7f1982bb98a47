//! What does a move begin?
//!
//! The commands of the driver protocol that open something. Whatever the program gives away with them and nobody may print is noted.

use serde_json::{Map, Value, json};

use crate::{
    dialogue::{Asked, Authorized, Called, Ended, Granted, Move, Opened, Refused, Registered},
    matcher::to_base64,
    secrets::Secrets,
};

/// What the conversation so far gives to a command.
pub(crate) struct Known<'a> {
    /// The step's time, as the protocol writes it.
    pub(crate) now: Value,
    /// The record that was discovered last.
    pub(crate) record: Option<&'a str>,
}

/// The command of a move that begins something; None for any other.
pub(crate) fn command(one: &Move, known: &Known<'_>, secrets: &mut Secrets) -> Option<Value> {
    let alone = |name: &str, given: bool| given.then(|| json!({"do": name}));
    one.token
        .as_ref()
        .map(|granted| with(json!({"do": "token"}), grant(granted, secrets)))
        .or_else(|| alone("refresh", one.refresh.is_some()))
        .or_else(|| one.call.as_ref().map(|called| call("call", called, secrets)))
        .or_else(|| one.session.as_ref().map(|opened| session(opened, secrets)))
        .or_else(|| alone("session_token", one.session_token.is_some()))
        .or_else(|| one.session_call.as_ref().map(|called| call("session_call", called, secrets)))
        .or_else(|| one.session_login.as_ref().map(|_| json!({"do": "session_login", "now": known.now})))
        .or_else(|| alone("session_logout", one.session_logout.is_some()))
        .or_else(|| one.device.as_ref().map(|asked| elsewhere("device", asked, secrets)))
        .or_else(|| one.backchannel.as_ref().map(|asked| elsewhere("backchannel", asked, secrets)))
        .or_else(|| one.poll.map(|what| json!({"do": "poll", "what": what.as_str()})))
        .or_else(|| one.push.as_ref().map(|authorized| login("push", authorized, known)))
        .or_else(|| alone("revoke", one.revoke.is_some()))
        .or_else(|| alone("introspect", one.introspect.is_some()))
        .or_else(|| alone("introspect_signed", one.introspect_signed.is_some()))
        .or_else(|| alone("userinfo", one.userinfo.is_some()))
        .or_else(|| one.discover.as_ref().map(|issuer| json!({"do": "discover", "issuer": issuer})))
        .or_else(|| one.resource.as_ref().map(|url| json!({"do": "resource", "url": url})))
        .or_else(|| one.register.as_ref().map(|registered| register(registered, known, secrets)))
        .or_else(|| alone("registered", one.registered.is_some()))
        .or_else(|| alone("read_registration", one.read_registration.is_some()))
        .or_else(|| {
            let metadata = one.update_registration.as_ref();
            metadata.map(|metadata| json!({"do": "update_registration", "metadata": as_text(metadata)}))
        })
        .or_else(|| alone("delete_registration", one.delete_registration.is_some()))
        .or_else(|| one.access.as_ref().map(|refused| access(refused, secrets)))
}

/// A login in the browser: `authorize`, or `push`.
pub(crate) fn login(name: &str, authorized: &Authorized, known: &Known<'_>) -> Value {
    let mut command = json!({
        "do": name,
        "redirect_uri": authorized.redirect_uri,
        "parameters": authorized.parameters.list(),
        "now": known.now,
    });
    if let Some(lifetime_ms) = authorized.lifetime_ms {
        command["lifetime_ms"] = json!(lifetime_ms);
    }
    if let Some(response_type) = &authorized.response_type {
        command["response_type"] = json!(response_type);
    }
    if let Some(fields) = &authorized.step_up {
        command["step_up"] = json!(fields);
    }
    command
}

/// A caller's access token, which is to be checked.
pub(crate) fn presented(authorization: &str, resource: &str, now: Value, secrets: &mut Secrets) -> Value {
    secrets.add(authorization.split_once(' ').map_or(authorization, |(_, token)| token).trim());
    json!({"do": "presented", "authorization": authorization, "resource": resource, "now": now})
}

/// The end of the user's session at the provider.
pub(crate) fn end_session(ended: &Ended, secrets: &mut Secrets) -> Value {
    let members = [
        ("id_token_hint", &ended.id_token_hint),
        ("post_logout_redirect_uri", &ended.post_logout_redirect_uri),
        ("state", &ended.state),
    ];
    let given = members.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    secrets.of_parameters(given.clone());
    with(json!({"do": "end_session"}), given.map(|(name, value)| (name.to_owned(), json!(value))).collect())
}

/// A client, whose record and keys are texts in the protocol.
pub(crate) fn client(client: &Map<String, Value>, known: &Known<'_>, secrets: &mut Secrets) -> Map<String, Value> {
    let mut client = client.clone();
    if let Some(secret) = client.get("secret").and_then(Value::as_str) {
        secrets.add(secret);
    }
    if client.remove("discovered").is_some() {
        client.insert("record".to_owned(), known.record.unwrap_or_default().into());
    }
    if let Some(record) = client.get_mut("record") {
        *record = as_text(record).into();
    }
    for (_, key) in client.iter_mut().filter(|(name, _)| ["key", "dpop"].contains(&name.as_str())) {
        let Value::Object(key) = key else { continue };
        secrets.of_key(key);
        if let Some(jwk) = key.get_mut("jwk") {
            *jwk = as_text(jwk).into();
        }
    }
    client
}

fn grant(granted: &Granted, secrets: &mut Secrets) -> Map<String, Value> {
    secrets.of_parameters(granted.parameters.list());
    let mut members = Map::new();
    members.insert("grant".to_owned(), json!(granted.grant));
    members.insert("parameters".to_owned(), json!(granted.parameters.list()));
    members
}

fn session(opened: &Opened, secrets: &mut Secrets) -> Value {
    let mut command = json!({"do": "session"});
    if let Some(name) = &opened.grant {
        let granted = Granted { grant: name.clone(), parameters: opened.parameters.clone() };
        command = with(command, grant(&granted, secrets));
    }
    if let Some(user) = &opened.user {
        command["user"] = json!(user);
    }
    command
}

fn elsewhere(name: &str, asked: &Asked, secrets: &mut Secrets) -> Value {
    secrets.of_parameters(asked.parameters.list());
    json!({"do": name, "parameters": asked.parameters.list()})
}

fn register(registered: &Registered, known: &Known<'_>, secrets: &mut Secrets) -> Value {
    let record = registered.record.as_ref().map_or_else(|| known.record.unwrap_or_default().to_owned(), as_text);
    let mut command = json!({"do": "register", "record": record, "metadata": as_text(&registered.metadata)});
    if let Some(token) = &registered.initial_access_token {
        secrets.add(token);
        command["initial_access_token"] = json!(token);
    }
    command
}

fn access(refused: &Refused, secrets: &mut Secrets) -> Value {
    if let Some(token) = &refused.initial_access_token {
        secrets.add(token);
    }
    // Texts and JSON only: cannot fail.
    let mut command = json!(refused);
    command["do"] = json!("access");
    if let Some(metadata) = command.get_mut("register") {
        *metadata = as_text(metadata).into();
    }
    command
}

fn call(name: &str, called: &Called, secrets: &mut Secrets) -> Value {
    let mut command = json!({"do": name, "method": called.method, "target": called.target});
    for (name, pairs) in [("query", &called.query), ("headers", &called.headers)] {
        if !pairs.list().is_empty() {
            command[name] = json!(pairs.list());
        }
    }
    if let Some(form) = &called.form {
        command["form"] = json!(form.list());
    }
    if let Some(body) = &called.json {
        command["body"] = json!({"content_type": "application/json", "base64": to_base64(body.to_string().as_bytes())});
    }
    if let Some(granted) = &called.renew_by {
        command["renew_by"] = Value::Object(grant(granted, secrets));
    }
    command
}

/// JSON as a text; a text, which may be malformed JSON, as it stands.
pub(crate) fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(crate) fn with(mut command: Value, members: Map<String, Value>) -> Value {
    if let Value::Object(command) = &mut command {
        command.extend(members);
    }
    command
}
