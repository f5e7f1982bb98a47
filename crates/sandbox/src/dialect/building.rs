//! How do ActiveBuilding and MyBuilding answer?
//!
//! Source: the ActiveBuilding API guide; MyBuilding's says the same. The guide gives no HTTP status for errors and no
//! example of a package: what stands here for those is ours, and the status is a reading.

use serde_json::{Value, json};

use crate::Provider;
use crate::ledger::{Issued, Package, User, UserType};
use crate::message::{Answer, BodyType, Parameters, Request, object};
use crate::random;
use crate::readings::{Expired, WrongPassword};
use crate::state::State;

pub(crate) const TOKEN: &str = "/oauth/access_token";
const COMMUNITIES: &str = "/communities";
const PACKAGES: &str = "/packages";
/// The one community that the guide prints.
const COMMUNITY: (&str, &str) = ("10", "140 Riverside");

pub(crate) fn answer(state: &mut State, provider: Provider, request: &Request) -> Answer {
    match (request.path.as_str(), request.method.as_str()) {
        (TOKEN, "POST") => token(state, provider, request),
        // "invalid_request – must use HTTP POST"
        (TOKEN, _) => error(405, "invalid_request", "must use HTTP POST").header("Allow", "POST"),
        (COMMUNITIES, "GET") => with_user(state, provider, &request.query(), |_, _| communities()),
        (PACKAGES, "GET") => with_user(state, provider, &request.query(), list_packages(provider, &request.query())),
        (PACKAGES, "POST") if request.body_type() != BodyType::Form => failed(400, "invalid_request"),
        (PACKAGES, "POST") => with_user(state, provider, &request.form(), add_package(provider, &request.form())),
        (COMMUNITIES | PACKAGES, _) => failed(405, "method_not_allowed"),
        _ => failed(404, "not_found"),
    }
}

/// "invalid_request – HTTPS required"
pub(crate) fn https_required() -> Answer {
    error(400, "invalid_request", "HTTPS required")
}

fn token(state: &mut State, provider: Provider, request: &Request) -> Answer {
    let now_ms = state.clock.now_ms();
    let readings = state.readings.building(provider).clone();
    let ledger = state.ledger(provider);
    let refuse = |code, description| error(readings.token_error_status, code, description);
    if request.body_type() != BodyType::Form {
        return refuse("invalid_request", "the body must be application/x-www-form-urlencoded");
    }
    let form = request.form();
    if let Some(name) = form.repeated() {
        return refuse("invalid_request", &format!("{name} is repeated"));
    }
    match form.one("grant_type") {
        None => return refuse("invalid_request", "grant_type is missing"),
        // "ActiveBuilding only supports the password grant_type"
        Some("password") => {}
        Some(_) => return refuse("unsupported_response_type", "response type not supported"),
    }
    let Some(client) = form.one("client_id").and_then(|id| ledger.client(id)) else {
        return refuse("invalid_client_id", "client identifier invalid");
    };
    if client.client_secret.as_deref() != form.one("client_secret") {
        return refuse("invalid_client_credentials", "client secret invalid");
    }
    let client_id = client.client_id.clone();
    let (Some(username), Some(password)) = (form.one("username"), form.one("password")) else {
        return refuse("invalid_request", "username or password is missing");
    };
    let Some(user) = ledger.user(username).cloned() else {
        return refuse("invalid_grant", "invalid user credentials");
    };
    if user.password != password {
        return match readings.wrong_password {
            WrongPassword::AuthenticationFailure => refuse("authentication_failure", "invalid password"),
            WrongPassword::InvalidGrant => refuse("invalid_grant", "invalid user credentials"),
        };
    }
    let access_token = random::hex(20);
    let issued = Issued {
        client_id,
        user: Some(user.username.clone()),
        scope: String::new(),
        expires_ms: now_ms.saturating_add(readings.lifetime_s.saturating_mul(1000)),
        revoked: false,
        family: ledger.new_family(),
        redirect_uri: String::new(),
        code_challenge: None,
    };
    ledger.access.put(access_token.clone(), issued);
    said(200, &[("access_token", json!(access_token)), ("user", user_answer(&user))]).no_store()
}

fn user_answer(user: &User) -> Value {
    let picture = format!("https://s3.amazonaws.com/assets.activebuilding.com/Profile/{}.jpg", user.user_id);
    json!({
        "userId": user.user_id, "userType": user.user_type, "email": user.email, "fullname": user.fullname,
        "profilePicture": picture,
    })
}

/// "by just adding access_token=ACCESS_TOKEN to your GET or POST request"
fn with_user(
    state: &mut State,
    provider: Provider,
    parameters: &Parameters,
    then: impl FnOnce(&mut State, &User) -> Answer,
) -> Answer {
    let now_ms = state.clock.now_ms();
    let reading = state.readings.building(provider).expired;
    let Some(token) = parameters.one("access_token") else {
        return failed(400, "invalid_request");
    };
    let ledger = state.ledger(provider);
    let owner = ledger.access.alive(token, now_ms).ok().and_then(|issued| ledger.user(issued.user.as_deref()?)).cloned();
    match owner {
        Some(user) => then(state, &user),
        None => expired(reading),
    }
}

/// "your response's meta will contain an {"response":{"message":"invalid_grant"},"status":"failed"}"
fn expired(reading: Expired) -> Answer {
    let status = match reading {
        Expired::Body200 | Expired::MetaObject | Expired::MetaString => 200,
        Expired::Body401 | Expired::MetaObject401 | Expired::MetaString401 => 401,
    };
    let envelope = json!({"response": {"message": "invalid_grant"}, "status": "failed"});
    match reading {
        Expired::Body200 | Expired::Body401 => failed(status, "invalid_grant"),
        Expired::MetaObject | Expired::MetaObject401 => said(status, &[("meta", envelope)]),
        Expired::MetaString | Expired::MetaString401 => said(status, &[("meta", json!(envelope.to_string()))]),
    }
    .refused()
}

/// The list is doubly nested, and the id a string: so it is printed in the guide.
fn communities() -> Answer {
    let community = json!([[{"communityId": COMMUNITY.0, "title": COMMUNITY.1}]]);
    success(&json!({"communities": {"community": community}}))
}

/// "Staff users […] getting the package list of the entire community"; residents see "information related only to their account".
fn list_packages(provider: Provider, query: &Parameters) -> impl FnOnce(&mut State, &User) -> Answer {
    let community_id = query.one("communityId").map(String::from);
    move |state, user| {
        let Some(community_id) = community_id else {
            return failed(400, "invalid_request");
        };
        if community_id != COMMUNITY.0 {
            return failed(404, "community_not_found");
        }
        let visible = |package: &&Package| user.user_type == UserType::Staff || package.user_id == user.user_id;
        let packages: Vec<Value> = state.ledger(provider).packages.iter().filter(visible).map(package_answer).collect();
        success(&json!({"packages": {"package": packages}}))
    }
}

/// "actions that [are] available only for staff users, such as adding packages"
fn add_package(provider: Provider, form: &Parameters) -> impl FnOnce(&mut State, &User) -> Answer {
    let asked = ["communityId", "userId", "description"].map(|name| form.one(name).map(String::from));
    move |state, user| {
        if user.user_type != UserType::Staff {
            return failed(403, "permission_denied");
        }
        let [Some(community_id), Some(user_id), Some(description)] = asked else {
            return failed(400, "invalid_request");
        };
        let ledger = state.ledger(provider);
        if community_id != COMMUNITY.0 {
            return failed(404, "community_not_found");
        }
        if ledger.packages.len() >= 1000 || description.len() > 1000 {
            return failed(413, "too_much");
        }
        let package = Package { package_id: (501 + ledger.packages.len()).to_string(), community_id, user_id, description };
        let answer = success(&json!({"package": package_answer(&package)}));
        ledger.packages.push(package);
        answer
    }
}

fn package_answer(package: &Package) -> Value {
    json!({
        "packageId": package.package_id, "communityId": package.community_id, "userId": package.user_id,
        "description": package.description,
    })
}

fn success(response: &Value) -> Answer {
    said(200, &[("response", response.clone()), ("status", json!("success"))])
}

fn failed(status: u16, message: &str) -> Answer {
    said(status, &[("response", json!({"message": message})), ("status", json!("failed"))]).refused()
}

fn error(status: u16, code: &str, description: &str) -> Answer {
    said(status, &[("error", json!(code)), ("error_description", json!(description))]).no_store().refused()
}

/// The guide prints `https:\/\/…`: every slash is escaped, as PHP's `json_encode` does. A slash stands only inside strings.
fn said(status: u16, members: &[(&str, Value)]) -> Answer {
    Answer::json(status, object(members).replace('/', "\\/"))
}
