//! Does the server learn the whole request beforehand, and the browser nothing of it?

use oauth_core::{
    Answer, Authorize, Cause, Client, ClientAuth, Error, Exchange, Kind, Login, NoAnswer, Now, Provider, Random, Sent, Step,
};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn provider(pushed: &str) -> Provider {
    Provider::from_json(&format!(
        r#"{{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{{"url":"/token"}},
            "authorize":{{"url":"/authorize?tenant=1","pushed":"{pushed}","parameters":{{"audience":"x"}}}},
            "endpoints":{{"pushed_authorization_request":"/push"}}}}"#
    ))
    .expect("a record")
}

fn client() -> Client {
    Client::new(provider("required"), "app").secret("hunter2hunter2")
}

fn asked() -> Authorize {
    Authorize::new("https://app.example/cb")
        .scope("openid mail")
        .resource("https://api.example/a")
        .resource("https://api.example/b")
        .authorization_details(r#"[{"type":"payment","amount":1}]"#)
}

fn pushed<'a>(
    exchange: &mut Exchange<Login>,
    buffer: &'a mut String,
) -> Vec<(std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)> {
    let Step::Send(request) = exchange.step(NOW).expect("a request") else { panic!("a request") };
    assert_eq!((request.method().as_str(), request.url()), ("POST", "https://as.example/push"));
    *buffer = String::from_utf8(request.body().to_vec()).expect("a form");
    form_urlencoded::parse(buffer.as_bytes()).collect()
}

fn ended(client: &Client, status: u16, body: &str) -> Result<Login, Error> {
    let mut exchange = client.push(asked(), NOW, &Counting);
    pushed(&mut exchange, &mut String::new());
    exchange.receive(Ok(Answer::new(status, vec![], body.as_bytes().to_vec())));
    match exchange.step(NOW)? {
        Step::Done(login) => Ok(login),
        step => panic!("{step:?}"),
    }
}

const GOOD: &str = r#"{"request_uri":"urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c","expires_in":60}"#;

#[test]
fn rfc_9126_2_1_the_whole_request_is_pushed_with_the_clients_proof() {
    for auth in [ClientAuth::Basic, ClientAuth::Post, ClientAuth::None] {
        let mut buffer = String::new();
        let mut exchange = client().auth(auth).push(asked(), NOW, &Counting);
        let form = pushed(&mut exchange, &mut buffer);
        let value = |name: &str| form.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect::<Vec<_>>();
        assert_eq!(value("client_id"), ["app"], "once, and with every kind of proof: {auth:?}");
        assert_eq!(value("response_type"), ["code"]);
        assert_eq!(value("redirect_uri"), ["https://app.example/cb"]);
        assert_eq!(value("scope"), ["openid mail"]);
        assert_eq!(value("code_challenge_method"), ["S256"]);
        assert_eq!(value("audience"), ["x"]);
        assert_eq!(value("resource"), ["https://api.example/a", "https://api.example/b"]);
        assert_eq!(value("authorization_details"), [r#"[{"type":"payment","amount":1}]"#]);
        assert_eq!((value("state").len(), value("code_challenge").len(), value("request_uri").len()), (1, 1, 0));
        assert_eq!(value("client_secret").len(), usize::from(auth == ClientAuth::Post));
        let mut again = String::new();
        assert_eq!(pushed(&mut exchange, &mut again), form, "a step before the answer gives the request again");
    }
}

#[test]
fn rfc_9126_4_the_browser_carries_only_client_id_and_request_uri() {
    let client = client();
    for status in [200, 201] {
        let mut login = ended(&client, status, GOOD).expect("a login");
        assert_eq!(
            login.url(),
            "https://as.example/authorize?tenant=1&client_id=app&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c"
        );
        assert_eq!(login.url_expires_at(), Some(NOW.wall + 60_000));
        assert!(!format!("{login:?}").contains("6esc"));
        let saved = login.saved().expect("open");
        let state =
            serde_json::from_str::<serde_json::Value>(saved.expose()).expect("JSON")["state"].as_str().expect("text").to_owned();
        let forged = client.callback(&mut login, "https://app.example/cb?code=c0dec0de&state=x&iss=https://as.example").step(NOW);
        assert_eq!(forged.expect_err("forged").kind(), Kind::Untrusted);
        let mut exchange =
            client.callback(&mut login, &format!("https://app.example/cb?code=c0dec0de&state={state}&iss=https://as.example"));
        let Step::Send(request) = exchange.step(NOW).expect("a request") else { panic!("a request") };
        let form: Vec<(String, String)> = form_urlencoded::parse(request.body()).into_owned().collect();
        let value =
            |name: &str| form.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
        assert_eq!(value("resource"), ["https://api.example/a", "https://api.example/b"], "RFC 8707 §2.2");
        assert_eq!((value("code"), value("code_verifier").len()), (vec!["c0dec0de"], 1));
    }
}

#[test]
fn rfc_9126_2_2_an_answer_without_a_name_for_the_request_is_none() {
    for bad in [
        "",
        "{}",
        "[]",
        r#"{"request_uri":"","expires_in":60}"#,
        r#"{"request_uri":7,"expires_in":60}"#,
        r#"{"request_uri":"urn:a b","expires_in":60}"#,
        r#"{"request_uri":"urn:a","expires_in":0}"#,
        r#"{"request_uri":"urn:a","expires_in":-1}"#,
        r#"{"request_uri":"urn:a","expires_in":"soon"}"#,
        r#"{"request_uri":"urn:a","expires_in":[]}"#,
    ] {
        assert_eq!(ended(&client(), 201, bad).expect_err(bad).kind(), Kind::Garbled, "{bad}");
    }
    let login = ended(&client(), 201, r#"{"request_uri":"urn:a"}"#).expect("read leniently");
    assert_eq!(login.url_expires_at(), None);
    let login = ended(&client(), 201, r#"{"request_uri":"urn:a&state=evil","expires_in":"99999999999"}"#).expect("a login");
    assert!(login.url().ends_with("request_uri=urn%3Aa%26state%3Devil"));
    assert!(login.url_expires_at().expect("known") < NOW.wall + 400 * 24 * 3600 * 1000);
}

#[test]
fn rfc_9126_2_3_a_refusal_is_in_the_servers_words_without_what_was_sent() {
    let error = ended(&client(), 400, r#"{"error":"invalid_request","error_description":"hunter2hunter2 is wrong"}"#)
        .expect_err("refused");
    assert_eq!((error.kind(), error.standard_code(), error.status()), (Kind::Refused, Some("invalid_request"), Some(400)));
    assert_eq!(
        error.to_string(),
        "example refused the pushed authorization request: invalid_request: [redacted] is wrong [HTTP 400]"
    );
    let mut exchange = client().push(asked(), NOW, &Counting);
    pushed(&mut exchange, &mut String::new());
    exchange.receive(Err(NoAnswer::new(Sent::Maybe, Cause::Cut, "")));
    let error = exchange.step(NOW).expect_err("no answer");
    assert_eq!((error.kind(), error.is_ambiguous()), (Kind::NoAnswer, false), "nothing is used up, push again");
}

#[test]
fn what_cannot_be_pushed_is_the_programs_move() {
    let usage = |client: &Client, authorize| {
        let error = client.push(authorize, NOW, &Counting).step(NOW).expect_err("must be refused");
        assert_eq!(error.kind(), Kind::Usage);
        error.to_string()
    };
    let inside = usage(&client(), asked().parameter("request_uri", "urn:x"));
    assert_eq!(inside, "authorize: request_uri is set by the client itself", "RFC 9126 §2.1");
    for (details, why) in [
        ("{}", "must be a JSON array"),
        ("[7]", "[0] must be an object with a type"),
        (r#"[{"type":"a"},{"typ":"b"}]"#, "[1] must be an object with a type"),
        (r#"[{"type":""}]"#, "[0] must be"),
        ("[", "not JSON, it ends too early at line 1"),
    ] {
        let text = usage(&client(), Authorize::new("https://app.example/cb").authorization_details(details));
        assert!(text.starts_with(&format!("authorization_details: {why}")), "{text}");
    }
    for resource in ["api", "https://api.example/#f", "", "https://api.example/ x"] {
        let text = usage(&client(), Authorize::new("https://app.example/cb").resource(resource));
        assert_eq!(text, "authorize: resource is not an absolute URI without a fragment (RFC 8707 §2)");
    }
    let without = Provider::from_json(
        r#"{"version":1,"name":"plain","base":"https://as.example","token":{"url":"/t"},"authorize":{"url":"/a"}}"#,
    )
    .expect("a record");
    assert_eq!(
        usage(&Client::new(without, "app"), asked()),
        "pushed_authorization_request: plain names no such endpoint; if it has one, its record needs endpoints.pushed_authorization_request"
    );
}

#[test]
fn rfc_9126_5_where_pushing_is_required_nothing_else_is_sent_to_the_browser() {
    let error = client().authorize(asked(), NOW, &Counting).expect_err("must be pushed");
    assert_eq!(
        error.to_string(),
        "authorize: example takes no request that was not pushed to it first (RFC 9126 §5), so push it"
    );
    let login = Client::new(provider("optional"), "app").authorize(asked(), NOW, &Counting).expect("a login");
    assert!(
        login.url().contains("&resource=https%3A%2F%2Fapi.example%2Fa&resource=https%3A%2F%2Fapi.example%2Fb"),
        "{}",
        login.url()
    );
    assert_eq!(login.url_expires_at(), None);
}

#[test]
fn a_record_overrides_nothing_that_the_client_sets_itself() {
    for name in
        ["state", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "client_secret", "request_uri"]
    {
        let record = client().provider().record_json().replace(r#""audience""#, &format!("{name:?}"));
        let client = Client::new(Provider::from_json(&record).expect("a record"), "app").secret("hunter2hunter2");
        let error = client.push(asked(), NOW, &Counting).step(NOW).expect_err(name);
        assert_eq!(error.to_string(), format!("authorize: {name} is set by the client itself"));
    }
}
