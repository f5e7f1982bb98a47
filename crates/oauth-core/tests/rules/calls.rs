//! Where does a token go, and when is it renewed?

use oauth_core::{Answer, Call, Client, Exchange, Grant, Kind, Provider, Reply, Step, Token};

use crate::peer::{GOOD, NOW, SECRET, answer, client, ended, header, request, token};

fn challenged(status: u16, challenge: Option<&str>) -> Answer {
    let headers = challenge.map(|value| ("WWW-Authenticate".to_owned(), value.to_owned()));
    Answer::new(status, headers.into_iter().collect(), vec![])
}

fn called(token: &Token, first: Answer) -> Exchange<Reply> {
    let mut exchange = client().call(token, Call::get("/x"));
    assert_eq!(header(&request(&mut exchange), "authorization"), Some("Bearer at-1"));
    exchange.receive(Ok(first));
    exchange
}

#[test]
fn rfc_6750_3_1_only_invalid_token_is_renewed() {
    for (challenge, renewed) in [
        (Some(r#"Bearer error="invalid_token""#), true),
        (Some(r#"bearer realm="x", ERROR=invalid_token"#), true),
        (Some(r#"Basic realm="x", Bearer error="invalid_token""#), true),
        (Some("Bearer"), true),
        (Some(r#"Bearer error="insufficient_scope""#), false),
        (Some(r#"Bearer error="invalid_request""#), false),
        (Some(r#"Bearer error="insufficient_user_authentication""#), false),
    ] {
        let mut exchange = called(&token(GOOD), challenged(401, challenge));
        match exchange.step(NOW) {
            Ok(Step::Send(request)) => assert!(renewed && request.url() == "https://as.example/token", "{challenge:?}"),
            Ok(Step::Done(reply)) => assert!(!renewed && reply.answer.status() == 401, "{challenge:?}"),
            other => panic!("{challenge:?}: {other:?}"),
        }
    }
    for status in [200, 400, 403, 404, 500] {
        let mut exchange = called(&token(GOOD), challenged(status, Some(r#"Bearer error="invalid_token""#)));
        assert!(matches!(exchange.step(NOW), Ok(Step::Done(reply)) if reply.answer.status() == status), "the caller's: {status}");
    }
}

#[test]
fn rfc_6750_3_1_a_call_is_renewed_once_and_repeated_once() {
    let mut exchange = called(&token(GOOD), challenged(401, Some(r#"Bearer error="invalid_token""#)));
    request(&mut exchange);
    exchange.receive(Ok(answer(200, r#"{"access_token":"at-2","token_type":"Bearer","refresh_token":"rt-2"}"#)));
    let Ok(Step::Save(saved)) = exchange.step(NOW) else { panic!("saved before it is used") };
    assert_eq!(saved.refresh_token().map(oauth_core::Secret::expose), Some("rt-2"));
    assert_eq!(header(&request(&mut exchange), "authorization"), Some("Bearer at-2"));
    exchange.receive(Ok(challenged(401, Some(r#"Bearer error="invalid_token""#))));
    let error = exchange.step(NOW).expect_err("no loop");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("invalid_token")));
}

#[test]
fn rfc_6750_3_a_401_or_403_without_a_challenge_is_no_crash_and_no_loop() {
    for strange in [None, Some(""), Some(",,,"), Some("="), Some("Bearer error="), Some("\u{e4}")] {
        let mut exchange = called(&token(GOOD), challenged(401, strange));
        assert_eq!(request(&mut exchange).url(), "https://as.example/token", "a bare 401 is a dead token here: {strange:?}");
        let mut exchange = called(&token(GOOD), challenged(403, strange));
        assert!(matches!(exchange.step(NOW), Ok(Step::Done(reply)) if reply.answer.status() == 403), "{strange:?}");
    }
    let bare = token(r#"{"access_token":"at-1","token_type":"Bearer"}"#);
    let error = called(&bare, challenged(401, None)).step(NOW).expect_err("nothing to renew it by");
    assert_eq!(error.kind(), Kind::Expired);
}

#[test]
fn cve_2022_27774_a_token_goes_to_its_own_scheme_host_and_port() {
    let (client, token) = (client().danger_allow_plain_http_to_loopback(), token(GOOD));
    for foreign in [
        "http://api.example/x",
        "https://api.example:444/x",
        "https://evil.example/x",
        // CVE-2023-45289: a subdomain is another host.
        "https://x.api.example/x",
        "https://api.example.evil.example/x",
        "https://api.example@evil.example/x",
        "https://evil.example#@api.example/x",
        "https://evil.example\\@api.example/x",
        "//evil.example/x",
        "@evil.example/x",
        ".evil.example/x",
        "http://127.0.0.1/x",
        // CVE-2022-27780
        "https://api.example%2Fx.evil.example/x",
        "https://api.example%00.evil.example/x",
        "https://api\u{ff0e}example/x",
    ] {
        match client.call(&token, Call::get(foreign)).step(NOW) {
            Err(error) => assert_eq!(error.kind(), Kind::Usage, "{foreign}: {error}"),
            // What begins with a slash is a path of the API's.
            Ok(Step::Send(request)) => {
                assert!(foreign.starts_with("//") && request.url().starts_with("https://api.example/"), "{foreign}")
            }
            other => panic!("{foreign}: {other:?}"),
        }
    }
    for own in ["https://api.example/x", "https://API.example:443/x", "/x"] {
        assert_eq!(header(&request(&mut client.call(&token, Call::get(own))), "authorization"), Some("Bearer at-1"), "{own}");
    }
}

#[test]
fn cve_2018_18074_a_redirect_of_an_api_is_the_callers_and_nothing_follows_it() {
    for status in [301, 302, 303, 307, 308] {
        let headers = vec![("location".to_owned(), "http://evil.example/".to_owned())];
        let mut exchange = called(&token(GOOD), Answer::new(status, headers, vec![]));
        assert!(
            matches!(exchange.step(NOW), Ok(Step::Done(reply)) if reply.answer.status() == status && reply.renewed.is_none())
        );
    }
}

#[test]
fn rfc_9700_4_3_2_a_token_is_in_a_query_only_where_the_providers_record_wants_it() {
    let ordinary = request(&mut client().call(&token(GOOD), Call::get("/x").query("q", "1")));
    assert_eq!(ordinary.url(), "https://api.example/x?q=1");
    // The one dialect that wants it: even so no error and no print holds it.
    let client = Client::new(Provider::activebuilding(), "app").secret(SECRET);
    let body = r#"{"access_token":"at-secret","token_type":"Bearer","expires_in":60}"#;
    let token = ended(client.token(Grant::password("jo", "pw")), 200, body).expect("a token");
    let mut exchange = client.call(&token, Call::get("/communities"));
    let request = request(&mut exchange);
    assert!(request.url().contains("at-secret") && !format!("{request:?}{exchange:?}").contains("at-secret"));
    exchange.receive(Err(crate::peer::lost(oauth_core::Sent::Maybe)));
    let error = exchange.step(NOW).expect_err("lost");
    assert!(!format!("{error} {error:?}").contains("at-secret"), "{error}");
    let post = client.call(&token, Call::post("/communities").form("a", "b")).step(NOW);
    assert!(
        matches!(post, Ok(Step::Send(request)) if !request.url().contains("at-secret")),
        "a form is better where there is one"
    );
}

#[test]
fn rfc_6749_3_1_2_1_no_secret_goes_over_plain_http() {
    for base in ["http://as.example", "http://localhost.evil.example", "http://10.0.0.1", "ftp://as.example", "HTTP://as.example"]
    {
        for client in [client().base(base), client().base(base).danger_allow_plain_http_to_loopback()] {
            let error = client.token(Grant::client_credentials()).step(NOW).expect_err(base);
            assert_eq!(error.kind(), Kind::Usage, "{base}: {error}");
        }
    }
    let loopback = client().base("http://127.0.0.1:8080");
    loopback.token(Grant::client_credentials()).step(NOW).expect_err("only where the program says so");
    request(&mut loopback.danger_allow_plain_http_to_loopback().token(Grant::client_credentials()));
}

#[test]
fn cve_2022_22576_nothing_of_one_clients_credentials_is_remembered_for_another() {
    let one = client();
    let two = one.clone().secret("another-secret");
    let basic =
        |client: &Client| header(&request(&mut client.token(Grant::client_credentials())), "authorization").map(str::to_owned);
    let first = basic(&one);
    assert!(first.is_some() && first != basic(&two) && first == basic(&one));
    let other = Client::new(
        Provider::from_json(
            r#"{"version":1,"name":"other","token":{"url":"https://o.example/t"},"api":{"base":"https://api.example"}}"#,
        )
        .expect("a record"),
        "app",
    )
    .secret("s");
    let error = other.call(&token(GOOD), Call::get("/x")).step(NOW).expect_err("another provider's");
    assert_eq!(error.kind(), Kind::Usage);
}
