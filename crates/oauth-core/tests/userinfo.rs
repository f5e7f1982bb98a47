//! Do we learn who logged in, and where the browser goes to log out?

use oauth_core::{Answer, Client, Document, Error, Kind, Now, Provider, Request, Secret, Step, Token};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

fn client() -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},
        "endpoints":{"userinfo":"/me?v=1","end_session":"/logout?x=1"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "app").secret("hunter2hunter2")
}

fn token() -> Token {
    let saved = r#"{"active_token":1,"provider":"example","access_token":"mF_9.B5f-4.1JqM","scheme":"Bearer","token_type":"Bearer","expires_at":null,
        "received_at":0,"refresh_token":null,"scope":null,"requested_scope":null,"deviations":[],"answer":""}"#;
    Token::restore(saved).expect("a token")
}

fn ask(status: u16, header: (&str, &str), body: &str) -> (Request, Result<Document, Error>) {
    let mut exchange = client().userinfo(&token());
    let Ok(Step::Send(request)) = exchange.step(NOW) else { panic!("a request") };
    exchange.receive(Ok(Answer::new(status, vec![(header.0.to_owned(), header.1.to_owned())], body.as_bytes().to_vec())));
    let end = exchange.step(NOW).map(|step| match step {
        Step::Done(document) => document,
        step => panic!("{step:?}"),
    });
    (request, end)
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn openid_core_5_3_the_user_is_asked_for_with_the_token() {
    let (request, end) = ask(200, JSON, r#"{"sub":"248289761001","name":"Jane Doe"}"#);
    assert_eq!((request.method().as_str(), request.url(), request.body().len()), ("GET", "https://as.example/me?v=1", 0));
    let header = request.headers().iter().find(|header| header.name() == "authorization").expect("the token");
    assert!(header.value() == "Bearer mF_9.B5f-4.1JqM" && header.is_secret());
    let user = end.expect("a user");
    assert_eq!(user.text("/sub").as_deref(), Some("248289761001"));
    assert!(!format!("{user:?}").contains("Jane"), "who somebody is stays out of logs");
}

#[test]
fn openid_core_5_3_2_an_answer_without_sub_is_about_nobody() {
    for bad in ["", "{}", "[]", r#"{"sub":""}"#, r#"{"sub":7}"#, r#"{"name":"Jane"}"#] {
        assert_eq!(ask(200, JSON, bad).1.expect_err(bad).kind(), Kind::Garbled, "{bad}");
    }
    let signed = ask(200, ("content-type", "application/jwt; charset=utf-8"), "eyJ.e30.x").1.expect_err("signed");
    assert!(signed.to_string().starts_with("the answer is signed, and this client cannot check that"), "{signed}");
    let encrypted = ask(200, ("content-type", "application/jwt"), "eyJ.a.b.c.d").1.expect_err("encrypted");
    assert!(encrypted.to_string().contains("userinfo_encrypted_response_alg"), "{encrypted}");
    let neither = ask(200, ("content-type", "application/jwt"), r#"{"sub":"x"}"#).1.expect_err("no JWT");
    assert!(neither.kind() == Kind::Garbled && neither.to_string().starts_with("the answer says that it is a JWT"), "{neither}");
}

#[test]
fn openid_core_5_3_3_a_refusal_stands_in_the_challenge() {
    let challenge = r#"Bearer error="invalid_token", error_description="mF_9.B5f-4.1JqM expired""#;
    let error = ask(401, ("WWW-Authenticate", challenge), "").1.expect_err("refused");
    assert_eq!((error.kind(), error.standard_code(), error.status()), (Kind::Refused, Some("invalid_token"), Some(401)));
    assert_eq!(error.to_string(), "example refused the userinfo request: invalid_token: [redacted] expired [HTTP 401]");
    let plain = ask(403, JSON, r#"{"error":"insufficient_scope"}"#).1.expect_err("refused");
    assert_eq!(plain.code(), Some("insufficient_scope"));
}

#[test]
fn a_token_of_another_provider_is_not_shown_around() {
    let other =
        r#"{"version":1,"name":"other","token":{"url":"https://b.example/t"},"endpoints":{"userinfo":"https://b.example/me"}}"#;
    let other = Client::new(Provider::from_json(other).expect("a record"), "app");
    let error = other.userinfo(&token()).step(NOW).expect_err("another");
    assert_eq!(error.to_string(), "token: it was issued by example, and this client talks to other");
}

#[test]
fn rp_initiated_logout_2_the_browser_is_sent_with_hint_redirect_and_state() {
    let hint = Secret::from("eyJ.e30.sig");
    let url = client().end_session_url(Some(&hint), Some("https://app.example/bye"), Some("a b")).expect("a URL");
    assert_eq!(
        url.expose(),
        "https://as.example/logout?x=1&id_token_hint=eyJ.e30.sig&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=a%20b"
    );
    assert_eq!(format!("{url:?}"), "[redacted]");
    let bare = client().end_session_url(None, None, None).expect("a URL");
    assert_eq!(bare.expose(), "https://as.example/logout?x=1&client_id=app");
    for (redirect, state) in
        [(None, Some("x")), (Some("/bye"), None), (Some("javascript:alert(1)"), None), (Some("https://a.example/#f"), None)]
    {
        assert_eq!(client().end_session_url(None, redirect, state).expect_err("wrong").kind(), Kind::Usage);
    }
    let none = Client::new(Provider::honeywell(), "app");
    assert_eq!(
        none.end_session_url(None, None, None).expect_err("no endpoint").to_string(),
        "end_session: honeywell names no such endpoint; if it has one, its record needs endpoints.end_session"
    );
}
