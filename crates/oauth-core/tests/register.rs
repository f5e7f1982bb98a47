//! Can a client make itself known, and manage what is known of it?

use oauth_core::{Answer, Document, Error, Exchange, Kind, Now, Provider, Registration, Request, Secret, Step, client_document};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };
const METADATA: &str = r#"{"client_name":"App","redirect_uris":["https://app.example/cb"]}"#;

fn provider() -> Provider {
    Provider::from_json(
        r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},"endpoints":{"registration":"/reg"}}"#,
    )
    .expect("a record")
}

fn registered() -> Value {
    json!({
        "client_id": "s6BhdRkqt3", "client_secret": "cf136dc3c1fc93f31185e5885805d", "client_secret_expires_at": 1_577_858_400,
        "registration_access_token": "this.is.an.access.token.value.ffx83",
        "registration_client_uri": "https://as.example/reg/s6BhdRkqt3",
        "token_endpoint_auth_method": "client_secret_post", "client_name": "App",
    })
}

fn play<T: std::fmt::Debug>(mut exchange: Exchange<T>, status: u16, body: &str) -> (Request, Result<T, Error>) {
    let Ok(Step::Send(request)) = exchange.step(NOW) else { panic!("a request") };
    exchange.receive(Ok(Answer::new(status, vec![], body.as_bytes().to_vec())));
    let end = exchange.step(NOW).map(|step| match step {
        Step::Done(done) => done,
        step => panic!("{step:?}"),
    });
    (request, end)
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().iter().find(|header| header.name() == name).map(oauth_core::Header::value)
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(request.body()).expect("JSON")
}

fn registration() -> Registration {
    play(provider().register(METADATA, None), 201, &registered().to_string()).1.expect("registered")
}

#[test]
fn rfc_7591_3_1_metadata_goes_out_as_json() {
    let token = Secret::from("initial-s3cret");
    let (request, end) = play(provider().register(METADATA, Some(&token)), 201, &registered().to_string());
    assert_eq!((request.method().as_str(), request.url()), ("POST", "https://as.example/reg"));
    assert_eq!(header(&request, "authorization"), Some("Bearer initial-s3cret"));
    assert_eq!(header(&request, "content-type"), Some("application/json"));
    assert_eq!(body(&request), serde_json::from_str::<Value>(METADATA).expect("JSON"));
    assert!(!format!("{request:?}").contains("s3cret"));
    let registration = end.expect("registered");
    assert_eq!(registration.client_id(), "s6BhdRkqt3");
    assert_eq!(registration.client_secret().expect("a secret").expose(), "cf136dc3c1fc93f31185e5885805d");
    assert_eq!(registration.client_secret_expires_at(), Some(1_577_858_400_000));
    for (seconds, expiry) in [(json!(0), None), (Value::Null, None), (json!("soon"), None), (json!(i64::MAX), Some(i64::MAX))] {
        let mut answer = registered();
        answer["client_secret_expires_at"] = seconds;
        let registration = provider().registration(&answer.to_string()).expect("a registration");
        assert_eq!(registration.client_secret_expires_at(), expiry, "{answer}");
    }
    let shown = format!("{registration:?} {:?}", registration.saved());
    assert!(!shown.contains("cf136") && !shown.contains("ffx83"), "{shown}");
    let (request, _) = play(provider().register(METADATA, None), 201, &registered().to_string());
    assert_eq!(header(&request, "authorization"), None);
}

#[test]
fn rfc_7591_2_the_client_proves_itself_as_it_was_registered() {
    for (method, secret, proof) in [
        (json!("client_secret_post"), true, "body"),
        (json!("client_secret_basic"), true, "header"),
        (Value::Null, true, "header"),
        (Value::Null, false, "nothing"),
        (json!("none"), false, "nothing"),
    ] {
        let mut answer = registered();
        answer["token_endpoint_auth_method"] = method;
        if !secret {
            answer["client_secret"] = Value::Null;
        }
        let registration = play(provider().register(METADATA, None), 201, &answer.to_string()).1.expect("registered");
        let mut exchange = registration.client().token(oauth_core::Grant::client_credentials());
        let Ok(Step::Send(request)) = exchange.step(NOW) else { panic!("a request") };
        let text = std::str::from_utf8(request.body()).expect("a form");
        let shown = match (header(&request, "authorization").is_some(), text.contains("client_secret=cf136")) {
            (true, false) => "header",
            (false, true) => "body",
            (false, false) => "nothing",
            (true, true) => "both",
        };
        assert_eq!(shown, proof, "{answer}");
    }
}

#[test]
fn rfc_8705_3_4_a_client_whose_tokens_were_registered_as_bound_shows_a_certificate() {
    for (method, bound, shows) in [
        ("tls_client_auth", Value::Null, true),
        ("client_secret_post", json!(true), true),
        ("client_secret_post", json!(false), false),
        ("client_secret_post", json!("true"), false),
    ] {
        let mut answer = registered();
        answer["token_endpoint_auth_method"] = json!(method);
        answer["tls_client_certificate_bound_access_tokens"] = bound;
        let registration = play(provider().register(METADATA, None), 201, &answer.to_string()).1.expect("registered");
        assert_eq!(registration.client().shows_certificate(), shows, "{answer}");
    }
}

#[test]
fn rfc_7591_3_2_2_a_refusal_has_its_own_words() {
    let refusal = r#"{"error":"invalid_redirect_uri","error_description":"initial-s3cret: not https"}"#;
    let error = play(provider().register(METADATA, Some(&Secret::from("initial-s3cret"))), 400, refusal).1.expect_err("refused");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("invalid_redirect_uri")));
    assert_eq!(error.to_string(), "example refused the registration: invalid_redirect_uri: [redacted]: not https [HTTP 400]");
    let mut exchange = provider().register(METADATA, None);
    let Ok(Step::Send(_)) = exchange.step(NOW) else { panic!("a request") };
    let challenge = vec![("www-authenticate".to_owned(), r#"Bearer error="invalid_token""#.to_owned())];
    exchange.receive(Ok(Answer::new(401, challenge, vec![])));
    assert_eq!(exchange.step(NOW).expect_err("refused").code(), Some("invalid_token"), "RFC 6750 §3");
}

#[test]
fn rfc_7591_2_a_private_key_is_registered_nowhere() {
    for (jwks, named) in [
        (
            json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "X", "y": "Y"}, {"kty": "OKP", "x": "X", "d": "s3cret"}]}),
            "jwks.keys[1].d",
        ),
        (json!({"keys": [{"kty": "RSA", "n": "N", "e": "AQAB", "p": "s3cret"}]}), "jwks.keys[0].p"),
        (json!({"keys": [{"kty": "RSA", "n": "N", "e": "AQAB", "oth": [{"r": "s3cret"}]}]}), "jwks.keys[0].oth"),
        (json!({"keys": [{"kty": "oct", "k": "s3cret"}]}), "jwks.keys[0].k"),
        // A key where the set should be, its list or the set's list alone, and a set that was written as JSON twice.
        (json!({"kty": "EC", "crv": "P-256", "x": "X", "y": "Y", "d": "s3cret"}), "jwks.d"),
        (json!([{"kty": "OKP", "x": "X", "d": "s3cret"}]), "jwks[0].d"),
        (json!({"keys": {"kty": "OKP", "x": "X", "d": "s3cret"}}), "jwks.keys.d"),
        (json!({"keys": [[{"kty": "OKP", "x": "X", "d": "s3cret"}]]}), "jwks.keys[0][0].d"),
        (json!(json!({"keys": [{"kty": "OKP", "x": "X", "d": "s3cret"}]}).to_string()), "jwks.keys[0].d"),
    ] {
        never_sent(&json!({"redirect_uris": ["https://app.example/cb"], "jwks": jwks}), named);
    }
    let key = json!({"kty": "OKP", "x": "X", "d": "s3cret"});
    never_sent(&json!({"redirect_uris": ["https://app.example/cb"], "jwks_uri": {"keys": [key]}}), "jwks_uri.keys[0].d");
    never_sent(&json!({"redirect_uris": ["https://app.example/cb"], "ext": [key]}), "ext[0].d");
    let public = json!({"redirect_uris": ["https://app.example/cb"], "d": 1, "ext": {"d": 1}, "jwks": {"keys": [{"kty": "RSA", "n": "N", "e": "AQAB", "kid": "k"}]}});
    play(provider().register(&public.to_string(), None), 201, &registered().to_string()).1.expect("registered");
}

fn never_sent(metadata: &Value, named: &str) {
    let metadata = metadata.to_string();
    let known = play(provider().register(METADATA, None), 201, &registered().to_string()).1.expect("registered");
    for error in [
        provider().register(&metadata, None).step(NOW).expect_err(named),
        known.update(&metadata).step(NOW).expect_err(named),
        client_document("https://app.example/client", &metadata).expect_err(named),
    ] {
        assert_eq!(error.kind(), Kind::Usage, "{error}");
        assert!(error.to_string().contains(named) && !error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn nonsense_is_found_before_and_after() {
    for bad in ["", "[]", "7", "{", &format!("{{\"x\":\"{}\"}}", "a".repeat(64 * 1024))] {
        assert_eq!(provider().register(bad, None).step(NOW).expect_err("no metadata").kind(), Kind::Usage);
    }
    let none = Provider::from_json(r#"{"version":1,"name":"none","token":{"url":"https://as.example/t"}}"#).expect("a record");
    assert_eq!(
        none.register(METADATA, None).step(NOW).expect_err("no endpoint").to_string(),
        "registration: none names no such endpoint; if it has one, its record needs endpoints.registration"
    );
    let plain =
        r#"{"version":1,"name":"plain","token":{"url":"https://a.example/t"},"endpoints":{"registration":"http://a.example/r"}}"#;
    let plain = Provider::from_json(plain).expect("a record");
    assert_eq!(plain.register(METADATA, None).step(NOW).expect_err("plain http").kind(), Kind::Usage);
    for (member, value, kind) in [
        ("client_id", Value::Null, Kind::Garbled),
        ("client_id", json!(7), Kind::Garbled),
        ("client_id", json!("a\nb"), Kind::Garbled),
        ("client_secret", json!("a\r\nx: y"), Kind::Garbled),
        ("registration_access_token", json!("a\nb"), Kind::Garbled),
        ("registration_client_uri", json!("http://as.example/reg"), Kind::Untrusted),
        ("registration_client_uri", json!("file:///etc/passwd"), Kind::Untrusted),
    ] {
        let mut answer = registered();
        answer[member] = value;
        let error = play(provider().register(METADATA, None), 201, &answer.to_string()).1.expect_err(member);
        assert_eq!(error.kind(), kind, "{answer}");
    }
}

#[test]
fn rfc_7592_2_a_registration_is_read_changed_and_deleted_by_its_own_token() {
    let saved = registration().saved();
    let registration = provider().registration(saved.expose()).expect("the same");
    let (request, end) = play(registration.read_again(), 200, r#"{"client_id":"s6BhdRkqt3","client_name":"New"}"#);
    assert_eq!((request.method().as_str(), request.url()), ("GET", "https://as.example/reg/s6BhdRkqt3"));
    assert_eq!(header(&request, "authorization"), Some("Bearer this.is.an.access.token.value.ffx83"));
    let read = end.expect("read");
    assert_eq!(read.document().text("/client_name").as_deref(), Some("New"));
    assert!(read.client_secret().is_some(), "what the answer leaves out stays");

    let whole = r#"{"client_name":"Two","registration_access_token":"x","registration_client_uri":"x","client_secret_expires_at":1,"client_id_issued_at":1}"#;
    let mut answer = registered();
    answer["registration_access_token"] = "another-token".into();
    let (request, end) = play(read.update(whole), 200, &answer.to_string());
    assert_eq!(request.method().as_str(), "PUT");
    assert_eq!(body(&request), json!({ "client_id": "s6BhdRkqt3", "client_name": "Two" }), "RFC 7592 §2.2");
    let changed = end.expect("changed");

    let (request, end): (_, Result<Document, _>) = play(changed.delete(), 204, "");
    assert_eq!((request.method().as_str(), request.body().len()), ("DELETE", 0));
    assert_eq!(header(&request, "authorization"), Some("Bearer another-token"), "the newest token counts");
    end.expect("deleted");
}

#[test]
fn an_answer_about_another_client_is_not_used() {
    let mut answer = registered();
    answer["client_id"] = "other".into();
    assert_eq!(play(registration().read_again(), 200, &answer.to_string()).1.expect_err("another").kind(), Kind::Untrusted);
    assert_eq!(registration().update(r#"{"client_id":"other"}"#).step(NOW).expect_err("another").kind(), Kind::Usage);
    for bad in ["", "{}", "[]", "{"] {
        let error = provider().registration(bad).expect_err(bad);
        assert!(error.kind() == Kind::Usage && error.to_string().starts_with("saved registration: "), "{error}");
    }
    let unmanaged = provider().registration(r#"{"client_id":"a"}"#).expect("a registration");
    assert_eq!(
        unmanaged.delete().step(NOW).expect_err("no token").to_string(),
        "registration: example gave no registration_client_uri, so it cannot be managed (RFC 7592 §3)"
    );
    let error = play(registration().delete(), 401, r#"{"error":"invalid_token"}"#).1.expect_err("gone");
    assert_eq!(error.to_string(), "example refused the registration's deletion: invalid_token [HTTP 401]");
}

const ID: &str = "https://app.example/oauth/client.json";

#[test]
fn a_clients_own_document_says_its_url_and_holds_no_secret() {
    let document: Value = serde_json::from_str(&client_document(ID, METADATA).expect("a document")).expect("JSON");
    assert_eq!(
        document,
        json!({ "client_id": ID, "client_name": "App", "redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "none" })
    );
    let with = |member: &str, value: Value| {
        let mut metadata: Value = serde_json::from_str(METADATA).expect("JSON");
        metadata[member] = value;
        client_document(ID, &metadata.to_string())
    };
    with("token_endpoint_auth_method", json!("private_key_jwt")).expect("no shared secret");
    with("client_id", json!(ID)).expect("the same");
    with("jwks", json!({ "keys": [{ "kty": "EC", "x": "a", "y": "b" }] })).expect("a public key");
    for (member, value) in [
        ("client_id", json!("https://app.example/oauth/client.json/")),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("token_endpoint_auth_method", json!("client_secret_post")),
        ("token_endpoint_auth_method", json!("client_secret_jwt")),
        ("token_endpoint_auth_method", Value::Null),
        ("client_secret", json!("x")),
        ("client_secret_expires_at", json!(0)),
        ("redirect_uris", json!([])),
        ("redirect_uris", Value::Null),
        ("redirect_uris", json!([7])),
        ("redirect_uris", json!(["http://app.example/cb"])),
        ("redirect_uris", json!(["javascript:alert(1)"])),
        ("jwks", json!({ "keys": [{ "kty": "EC", "d": "a" }] })),
        ("jwks", json!({ "keys": [{ "kty": "oct", "k": "a" }] })),
        ("client_name", json!("a".repeat(5 * 1024))),
    ] {
        assert_eq!(with(member, value.clone()).expect_err("must be refused").kind(), Kind::Usage, "{member} {value}");
    }
    for bad in ["", "[]", "{", "7"] {
        client_document(ID, bad).expect_err(bad);
    }
}

#[test]
fn the_url_of_a_clients_document_can_be_read_one_way_only() {
    client_document("https://app.example:8443/client?v=1", METADATA).expect("a port and a query may be");
    for bad in [
        "http://app.example/client",
        "https://app.example",
        "https://app.example/",
        "https://app.example?x",
        "https://app.example/a/./b",
        "https://app.example/a/../b",
        "https://app.example/a/%2e%2E/b",
        "https://app.example/client#f",
        "https://user@app.example/client",
        "https://user:pw@app.example/client",
        "app",
        "",
    ] {
        assert_eq!(client_document(bad, METADATA).expect_err(bad).kind(), Kind::Usage, "{bad}");
    }
}
