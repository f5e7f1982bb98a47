//! Is a provider made of what an issuer says of itself, and of nothing that somebody else says?

use oauth_core::{Answer, Authorize, Cause, Client, Error, Exchange, Grant, Kind, NoAnswer, Now, Provider, Resource, Sent, Step};
use serde_json::{Value, json};

const ISSUER: &str = "https://login.example/tenant";
const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

fn answer(status: u16, body: &str) -> Answer {
    Answer::new(status, vec![], body.as_bytes().to_vec())
}

/// Steps an exchange through these answers; the URLs asked for, and how it ended.
fn play<T: std::fmt::Debug>(mut exchange: Exchange<T>, answers: Vec<Answer>) -> (Vec<String>, Result<T, Error>) {
    let mut asked = Vec::new();
    let mut answers = answers.into_iter();
    loop {
        match exchange.step(NOW) {
            Ok(Step::Send(request)) => {
                assert_eq!((request.method().as_str(), request.body().len()), ("GET", 0));
                assert!(request.headers().iter().all(|header| !header.is_secret()), "nothing secret goes to a stranger");
                asked.push(request.url().to_owned());
                exchange.receive(Ok(answers.next().expect("an answer for each request")));
            }
            Ok(Step::Done(done)) => return (asked, Ok(done)),
            Ok(step) => panic!("{step:?}"),
            Err(error) => return (asked, Err(error)),
        }
    }
}

fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example/tenant/authorize?x=1",
        "token_endpoint": "https://login.example/tenant/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post", "client_secret_basic"],
        "revocation_endpoint": "https://login.example/tenant/revoke",
        "introspection_endpoint": "https://login.example/tenant/introspect",
        "userinfo_endpoint": "https://login.example/tenant/me",
        "device_authorization_endpoint": "https://login.example/tenant/device",
        "pushed_authorization_request_endpoint": "https://login.example/tenant/push",
        "registration_endpoint": "https://login.example/tenant/register",
        "end_session_endpoint": "https://login.example/tenant/logout",
        "backchannel_authentication_endpoint": "https://login.example/tenant/ciba",
        "jwks_uri": "https://keys.example/jwks",
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["openid", "mail"],
        "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.login.example/token" },
        "op_policy_uri": "http://www.example/policy",
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Answer {
    let mut metadata = metadata();
    change(&mut metadata);
    answer(200, &metadata.to_string())
}

fn discovered(document: Answer) -> Result<Provider, Error> {
    play(Provider::discover(ISSUER), vec![document]).1
}

fn refused(document: Answer) -> Error {
    discovered(document).expect_err("must be refused")
}

#[test]
fn rfc_8414_2_the_metadata_becomes_a_record() {
    let provider = discovered(with(|_| {})).expect("a provider");
    let record: Value = serde_json::from_str(&provider.record_json()).expect("JSON");
    let endpoint = |name: &str| format!("https://login.example/tenant/{name}");
    assert_eq!(record["issuer"], ISSUER);
    assert_eq!(record["token"], json!({ "url": endpoint("token"), "auth": "basic" }));
    assert_eq!(record["authorize"], json!({ "url": endpoint("authorize?x=1"), "iss": "required", "pushed": "optional" }));
    let expected = json!({
        "revocation": endpoint("revoke"), "introspection": endpoint("introspect"), "userinfo": endpoint("me"),
        "device_authorization": endpoint("device"), "pushed_authorization_request": endpoint("push"),
        "registration": endpoint("register"), "end_session": endpoint("logout"), "backchannel_authentication": endpoint("ciba"),
        "jwks": "https://keys.example/jwks",
    });
    assert_eq!(record["endpoints"], expected);
    assert_eq!(provider.metadata("/scopes_supported/1"), Some(json!("mail")));
    assert_eq!(provider.metadata("/mtls_endpoint_aliases/token_endpoint"), Some(json!("https://mtls.login.example/token")));
    let again = Provider::from_json(&provider.record_json()).expect("its own record");
    assert_eq!(again.record_json(), provider.record_json());
    assert_eq!(again.name(), provider.name());
    assert_eq!(Provider::honeywell().metadata("/issuer"), None);
}

#[test]
fn a_discovered_provider_asks_for_tokens_and_logins() {
    let provider = discovered(with(|_| {})).expect("a provider");
    let client = Client::new(provider, "id").secret("s3cret");
    let mut exchange = client.token(Grant::client_credentials());
    let Step::Send(request) = exchange.step(NOW).expect("a request") else { panic!("a request") };
    assert_eq!(request.url(), "https://login.example/tenant/token");
    struct Counting;
    impl oauth_core::Random for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
            (0..).zip(bytes).for_each(|(number, byte)| *byte = number);
            Ok(())
        }
    }
    let login = client.authorize(Authorize::new("https://app.example/cb"), NOW, &Counting).expect("a login");
    assert!(
        login.url().starts_with("https://login.example/tenant/authorize?x=1&response_type=code&client_id=id&"),
        "{}",
        login.url()
    );
    assert!(login.url().contains("code_challenge_method=S256"));
}

#[test]
fn rfc_8414_3_1_the_well_known_name_is_inserted_and_openid_appends_it() {
    let gone = || answer(404, "");
    let (asked, end) = play(Provider::discover(ISSUER), vec![gone(), gone(), with(|_| {})]);
    assert_eq!(
        asked,
        [
            "https://login.example/.well-known/oauth-authorization-server/tenant",
            "https://login.example/.well-known/openid-configuration/tenant",
            "https://login.example/tenant/.well-known/openid-configuration",
        ]
    );
    end.expect("the third has it");
    let (asked, end) = play(Provider::discover("https://login.example:8443/"), vec![gone(), gone()]);
    assert_eq!(
        asked,
        [
            "https://login.example:8443/.well-known/oauth-authorization-server",
            "https://login.example:8443/.well-known/openid-configuration",
        ]
    );
    let error = end.expect_err("nowhere");
    assert_eq!((error.kind(), error.status()), (Kind::Refused, Some(404)));
    assert_eq!(
        error.to_string(),
        "login.example refused the request for its metadata: asked for \
         https://login.example:8443/.well-known/oauth-authorization-server and \
         https://login.example:8443/.well-known/openid-configuration: it does not describe itself, or by another identifier [HTTP 404]"
    );
}

#[test]
fn only_what_says_that_nothing_is_there_is_asked_for_elsewhere() {
    for elsewhere in
        [answer(400, ""), answer(403, ""), answer(410, ""), answer(200, "<html>"), answer(200, "[]"), answer(200, "")]
    {
        let (asked, end) = play(Provider::discover(ISSUER), vec![elsewhere, with(|_| {})]);
        assert_eq!(asked.len(), 2);
        end.expect("the second has it");
    }
    for status in [408, 425, 429, 500, 503] {
        let busy = Answer::new(status, vec![("Retry-After".to_owned(), "7".to_owned())], vec![]);
        let (asked, end) = play(Provider::discover(ISSUER), vec![busy]);
        let error = end.expect_err("busy");
        assert_eq!((asked.len(), error.is_transient(), error.retry_after_ms()), (1, true, Some(7000)));
    }
    let mut exchange = Provider::discover(ISSUER);
    assert!(matches!(exchange.step(NOW), Ok(Step::Send(_))));
    exchange.receive(Err(NoAnswer::new(Sent::Maybe, Cause::Timeout, "10 s")));
    let error = exchange.step(NOW).expect_err("no answer");
    assert_eq!((error.kind(), error.is_ambiguous(), error.is_transient()), (Kind::NoAnswer, false, true));
}

#[test]
fn rfc_9700_4_12_a_redirect_is_not_followed() {
    let redirect = || Answer::new(302, vec![("location".to_owned(), "https://evil.example/x?t=s3cret".to_owned())], vec![]);
    let (_, end) = play(Provider::discover(ISSUER), vec![redirect(), redirect(), redirect()]);
    let text = end.expect_err("not followed").to_string();
    assert!(text.contains("redirects to https://evil.example/x, which is never followed"), "{text}");
    assert!(!text.contains("s3cret"));
}

#[test]
fn rfc_8414_3_3_a_document_of_another_issuer_is_not_used() {
    for other in [
        "https://login.example/tenant/",
        "https://login.example/Tenant",
        "https://LOGIN.example/tenant",
        "https://login.example:443/tenant",
        "https://login.example/%74enant",
        "https://evil.example/tenant",
        "",
    ] {
        let (asked, end) = play(Provider::discover(ISSUER), vec![with(|metadata| metadata["issuer"] = other.into())]);
        assert_eq!(asked.len(), 1, "and nothing more is asked");
        assert_eq!(end.expect_err(other).kind(), Kind::Untrusted, "{other}");
    }
    assert_eq!(refused(with(|metadata| metadata["issuer"] = Value::Null)).kind(), Kind::Garbled);
    assert_eq!(refused(with(|metadata| metadata["issuer"] = json!([ISSUER]))).kind(), Kind::Garbled);
}

#[test]
fn rfc_8414_2_an_issuer_is_https_without_query_or_fragment() {
    for bad in [
        "http://login.example",
        "http://127.0.0.1:1",
        "login.example",
        "https://login.example/?x=1",
        "https://login.example?",
        "https://login.example/#f",
        "https://user:s3cret@login.example/",
        "https://login.example/a/../b",
        "https://login.example/%2E%2e/b",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://login.example/\r\nx: y",
        "",
    ] {
        let (asked, end) = play(Provider::discover(bad), vec![]);
        let error = end.expect_err(bad);
        assert_eq!((asked.len(), error.kind()), (0, Kind::Usage), "{bad}");
        assert!(!error.to_string().contains("s3cret"));
    }
}

#[test]
fn cve_2025_6514_no_endpoint_is_anything_but_https() {
    let members: Vec<String> = metadata().as_object().expect("an object").keys().cloned().collect();
    for member in members.iter().filter(|member| member.ends_with("_endpoint") || *member == "jwks_uri") {
        for bad in [
            "http://login.example/x",
            "http://localhost/x",
            "javascript:alert(1)",
            "file:///bin/sh",
            "data:text/html,x",
            "//login.example/x",
            "/x",
            "",
            "https://login.example/x#f",
            "https://u:p@login.example/x",
            "https://login.example/$(calc)\"",
            "https://login.example/{client_id}",
            "https://login.example/ x",
        ] {
            let error = refused(with(|metadata| metadata[member.as_str()] = bad.into()));
            assert_eq!(error.kind(), Kind::Untrusted, "{member} {bad}");
            assert!(error.to_string().contains(member.as_str()), "{error}");
        }
    }
    let alias = with(|metadata| metadata["mtls_endpoint_aliases"]["token_endpoint"] = "http://login.example/".into());
    assert_eq!(refused(alias).kind(), Kind::Untrusted);
    let unknown = with(|metadata| metadata["challenge_endpoint"] = "javascript:1".into());
    assert_eq!(refused(unknown).kind(), Kind::Untrusted, "one that nobody here uses too");
    discovered(with(|metadata| metadata["userinfo_endpoint"] = Value::Null)).expect("null is nothing");
    assert_eq!(refused(with(|metadata| metadata["userinfo_endpoint"] = 7.into())).kind(), Kind::Garbled);
    assert_eq!(refused(with(|metadata| metadata["token_endpoint"] = Value::Null)).kind(), Kind::Garbled);
}

#[test]
fn the_way_to_prove_oneself_is_the_first_of_ours_that_the_server_knows() {
    let auth = |methods: Value| {
        let provider =
            discovered(with(|metadata| metadata["token_endpoint_auth_methods_supported"] = methods)).expect("a provider");
        serde_json::from_str::<Value>(&provider.record_json()).expect("JSON")["token"]["auth"].clone()
    };
    assert_eq!(auth(json!(["none", "client_secret_post", "client_secret_basic"])), "basic");
    assert_eq!(auth(json!(["none", "client_secret_post"])), "post");
    assert_eq!(auth(json!(["none"])), "none");
    assert_eq!(auth(Value::Null), "basic", "RFC 8414 §2: the default");
    assert_eq!(auth(json!(["something_new"])), Value::Null);
    assert_eq!(refused(with(|metadata| metadata["token_endpoint_auth_methods_supported"] = json!("none"))).kind(), Kind::Garbled);
}

#[test]
fn promises_become_rules() {
    let record =
        |document| serde_json::from_str::<Value>(&discovered(document).expect("a provider").record_json()).expect("JSON");
    let loose = record(with(|metadata| {
        metadata["authorization_response_iss_parameter_supported"] = false.into();
        metadata["require_pushed_authorization_requests"] = "true".into();
    }));
    assert_eq!((&loose["authorize"]["iss"], &loose["authorize"]["pushed"]), (&json!("optional"), &json!("optional")));
    let strict = record(with(|metadata| metadata["require_pushed_authorization_requests"] = true.into()));
    assert_eq!(strict["authorize"]["pushed"], "required");
    assert_eq!(record(with(|metadata| metadata["authorization_endpoint"] = Value::Null)).get("authorize"), None);
}

#[test]
fn two_issuers_never_share_a_name() {
    let name = |issuer: &str| {
        let document = answer(200, &json!({ "issuer": issuer, "token_endpoint": "https://a.example/t" }).to_string());
        play(Provider::discover(issuer), vec![document]).1.expect(issuer).name().to_owned()
    };
    assert_eq!(name("https://login.example"), "login.example");
    let issuers = [
        "https://login.example",
        "https://login.example/",
        "https://login.example/a/b",
        "https://login.example/a-b",
        "https://login.example/A/b",
        "https://login.example:8443",
        "https://LOGIN.example",
        "https://honeywell",
        "https://[::1]:1/x",
    ];
    let names: std::collections::BTreeSet<String> = issuers.iter().map(|issuer| name(issuer)).collect();
    assert_eq!(names.len(), issuers.len(), "{names:?}");
    assert!(Provider::BUILT_IN.iter().all(|known| !names.contains(*known)));
    assert!(name(&format!("https://login.example/{}", "a".repeat(900))).len() < 100);
}

#[test]
fn a_document_is_bounded() {
    let large = with(|metadata| metadata["x"] = "a".repeat(256 * 1024).into());
    let (_, end) = play(Provider::discover("https://login.example/tenant"), vec![large.clone(), large.clone(), large]);
    assert_eq!(end.expect_err("too large").kind(), Kind::Garbled);
    assert_eq!(refused(with(|metadata| metadata["issuer"] = "[".repeat(100_000).into())).kind(), Kind::Untrusted);
    let deep = format!("{{\"issuer\":\"{ISSUER}\",\"x\":{}}}", "[".repeat(100_000));
    let deep = || answer(200, &deep);
    let (_, end) = play(Provider::discover(ISSUER), vec![deep(), deep(), deep()]);
    assert_eq!(end.expect_err("too deep").kind(), Kind::Garbled);
}

// Protected resources (RFC 9728)

const RESOURCE: &str = "https://api.example/mcp";

fn about(change: impl FnOnce(&mut Value)) -> Answer {
    let mut metadata = json!({
        "resource": RESOURCE,
        "authorization_servers": ["https://login.example", "https://other.example/a"],
        "scopes_supported": ["read", "write"],
        "resource_name": "Tools",
    });
    change(&mut metadata);
    answer(200, &metadata.to_string())
}

fn challenge(field: &str) -> Answer {
    Answer::new(401, vec![("WWW-Authenticate".to_owned(), field.to_owned())], vec![])
}

#[test]
fn rfc_9728_3_1_a_resource_says_what_it_is() {
    let (asked, end) = play(Resource::discover(RESOURCE), vec![about(|_| {})]);
    assert_eq!(asked, ["https://api.example/.well-known/oauth-protected-resource/mcp"]);
    let resource = end.expect("a resource");
    assert_eq!(resource.resource(), RESOURCE);
    assert_eq!(resource.authorization_servers(), ["https://login.example", "https://other.example/a"]);
    assert_eq!(resource.scopes_supported(), ["read", "write"]);
    assert_eq!(resource.document().text("/resource_name").as_deref(), Some("Tools"));
    for (identifier, places) in [
        ("https://api.example", &["https://api.example/.well-known/oauth-protected-resource"][..]),
        ("https://api.example/", &["https://api.example/.well-known/oauth-protected-resource"]),
        (
            "https://api.example/?k=v",
            &[
                "https://api.example/.well-known/oauth-protected-resource?k=v",
                "https://api.example/.well-known/oauth-protected-resource",
            ],
        ),
        (
            "https://api.example:1/a/?k=v",
            &[
                "https://api.example:1/.well-known/oauth-protected-resource/a/?k=v",
                "https://api.example:1/.well-known/oauth-protected-resource",
            ],
        ),
    ] {
        let (asked, end) = play(Resource::discover(identifier), places.iter().map(|_| answer(404, "")).collect());
        assert_eq!(asked, places);
        assert_eq!(end.expect_err("nowhere").status(), Some(404));
    }
}

#[test]
fn rfc_9728_5_1_a_refusal_says_where_to_ask() {
    let refusal = challenge(r#"Basic realm="x", Bearer error="invalid_token", resource_metadata="https://meta.example/api?x=1""#);
    let (asked, end) = play(Resource::challenged(RESOURCE, &refusal), vec![about(|_| {})]);
    assert_eq!(asked, ["https://meta.example/api?x=1"]);
    end.expect("a resource");
    let (asked, _) = play(Resource::challenged(RESOURCE, &challenge("Bearer")), vec![about(|_| {})]);
    assert_eq!(asked, ["https://api.example/.well-known/oauth-protected-resource/mcp"]);
    for bad in ["http://api.example/x", "javascript:alert(1)", "file:///x", "https://a@b.example/", "https://a.example/#f", "x"] {
        let refusal = challenge(&format!("Bearer resource_metadata=\"{bad}\""));
        let (asked, end) = play(Resource::challenged(RESOURCE, &refusal), vec![]);
        assert_eq!((asked.len(), end.expect_err(bad).kind()), (0, Kind::Untrusted), "{bad}");
    }
}

#[test]
fn rfc_9728_3_3_a_document_about_another_resource_is_not_used() {
    let end = |document| play(Resource::discover(RESOURCE), vec![document]).1.expect_err("must be refused").kind();
    for other in ["https://api.example/mcp/", "https://api.example", "https://API.example/mcp", "https://evil.example/mcp"] {
        assert_eq!(end(about(|metadata| metadata["resource"] = other.into())), Kind::Untrusted, "{other}");
    }
    assert_eq!(end(about(|metadata| metadata["resource"] = Value::Null)), Kind::Garbled);
    assert_eq!(end(about(|metadata| metadata["authorization_servers"] = json!(["http://login.example"]))), Kind::Untrusted);
    assert_eq!(end(about(|metadata| metadata["authorization_servers"] = json!([7]))), Kind::Garbled);
    assert_eq!(end(about(|metadata| metadata["authorization_servers"] = json!(vec![ISSUER; 65]))), Kind::Garbled);
    for bad in ["http://api.example", "api.example", "https://api.example/#f", "https://api.example/a/../b"] {
        let (asked, end) = play(Resource::discover(bad), vec![]);
        assert_eq!((asked.len(), end.expect_err(bad).kind()), (0, Kind::Usage), "{bad}");
    }
}
