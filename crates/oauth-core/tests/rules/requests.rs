//! Does what goes out keep to the rules?

use std::collections::HashSet;

use oauth_core::{Authorize, Client, ClientAuth, Error, Grant, Kind, Provider, Request, Sent, Step};

use crate::peer::{
    BACK, Counted, GOOD, NOW, SECRET, begun, client, ended, form, header, lost, provider_with, query, request, token, value,
};

/// Every kind of request to the authorization server, by one client.
fn all_requests(client: &Client) -> Vec<Request> {
    let token = token(GOOD);
    let (mut login, state) = begun(client);
    let callback = format!("{BACK}&code=the-code&state={state}");
    vec![
        request(&mut client.token(Grant::client_credentials().scope("read"))),
        request(&mut client.token(Grant::password("jo", "a-password"))),
        request(&mut client.callback(&mut login, &callback)),
        request(&mut client.refresh(&token)),
        request(&mut client.token(Grant::jwt_bearer("e30.e30.c2ln"))),
        request(&mut client.token(Grant::token_exchange("a-subject", "access_token"))),
        request(&mut client.revoke(&token)),
        request(&mut client.introspect(&token)),
        request(&mut client.device([("scope", "read")])),
        request(&mut client.backchannel([("scope", "openid"), ("login_hint", "jo")])),
        request(&mut client.push(Authorize::new(BACK), NOW, &Counted::default())),
    ]
}

#[test]
fn rfc_6749_2_3_a_request_has_one_client_authentication() {
    for auth in [ClientAuth::Basic, ClientAuth::BasicRaw, ClientAuth::Post, ClientAuth::None] {
        for request in all_requests(&client().auth(auth)) {
            let form = form(&request);
            let ways = [header(&request, "authorization"), value(&form, "client_secret"), value(&form, "client_assertion")];
            let expected = usize::from(auth != ClientAuth::None);
            assert_eq!(ways.iter().flatten().count(), expected, "{auth:?} {}", request.url());
        }
    }
    for own in ["client_secret", "client_assertion", "client_assertion_type", "client_id"] {
        let mut exchange = client().token(Grant::client_credentials().parameter(own, "another"));
        assert_eq!(exchange.step(NOW).expect_err(own).kind(), Kind::Usage, "a second way of the program's own");
    }
}

#[test]
fn rfc_6749_2_3_1_credentials_never_stand_in_the_url() {
    for auth in [ClientAuth::Basic, ClientAuth::BasicRaw, ClientAuth::Post] {
        let client = client().auth(auth);
        for request in all_requests(&client) {
            for secret in [SECRET, "a-password", "the-code", "rt-1", "at-1", "a-subject", "e30.e30.c2ln"] {
                assert!(!request.url().contains(secret), "{secret} in {}", request.url());
            }
        }
        assert!(!begun(&client).0.url().contains(SECRET));
    }
}

#[test]
fn rfc_6749_2_3_1_id_and_secret_are_form_encoded_before_basic() {
    let client = Client::new(provider_with(""), "id:with/colon").secret("a secret+100%&ä");
    let request = request(&mut client.token(Grant::client_credentials()));
    // base64 of id%3Awith%2Fcolon:a%20secret%2B100%25%26%C3%A4
    let expected = "Basic aWQlM0F3aXRoJTJGY29sb246YSUyMHNlY3JldCUyQjEwMCUyNSUyNiVDMyVBNA==";
    assert_eq!(header(&request, "authorization"), Some(expected));
}

#[test]
fn rfc_6749_3_2_1_a_public_client_sends_its_client_id() {
    let public = Client::new(provider_with(r#","auth":"none""#), "app");
    for request in all_requests(&public) {
        assert_eq!(value(&form(&request), "client_id"), Some("app"), "{}", request.url());
    }
}

#[test]
fn rfc_6749_3_2_token_requests_are_posted_forms_without_repeated_or_empty_parameters() {
    for auth in [ClientAuth::Basic, ClientAuth::Post, ClientAuth::None] {
        for request in all_requests(&client().auth(auth)) {
            assert_eq!(request.method().as_str(), "POST", "{}", request.url());
            assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
            let form = form(&request);
            let names: HashSet<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names.len(), form.len(), "repeated: {:?}", names);
            assert!(form.iter().all(|(_, value)| !value.is_empty()), "empty: {:?}", names);
        }
    }
    let empty = Grant::client_credentials().scope("").parameter("audience", "");
    assert_eq!(form(&request(&mut client().token(empty))), [("grant_type".to_owned(), "client_credentials".to_owned())]);
    // What the record adds to every request, the program may have said already.
    let own = Client::new(provider_with(r#","parameters":{"audience":"the-records"}"#), "app").secret(SECRET);
    for (audience, expected) in [("mine", "mine"), ("", "the-records")] {
        let form = form(&request(&mut own.token(Grant::client_credentials().parameter("audience", audience))));
        let audiences: Vec<&str> = form.iter().filter(|(name, _)| name == "audience").map(|(_, value)| value.as_str()).collect();
        assert_eq!(audiences, [expected]);
    }
    let twice = Grant::client_credentials().parameter("audience", "a").parameter("audience", "b");
    assert_eq!(client().token(twice).step(NOW).expect_err("twice").kind(), Kind::Usage);
}

#[test]
fn rfc_6749_3_1_an_endpoints_query_is_kept_and_its_fragment_refused() {
    let record = |token: &str, authorize: &str| {
        let record =
            format!(r#"{{"version":1,"name":"example","token":{{"url":"{token}"}},"authorize":{{"url":"{authorize}"}}}}"#);
        Provider::from_json(&record).map(|provider| Client::new(provider, "app").secret(SECRET))
    };
    let kept = record("https://as.example/token?tenant=a%20b", "https://as.example/authorize?tenant=a%20b").expect("a record");
    assert_eq!(request(&mut kept.token(Grant::client_credentials())).url(), "https://as.example/token?tenant=a%20b");
    assert!(begun(&kept).0.url().starts_with("https://as.example/authorize?tenant=a%20b&response_type=code&"));
    let fragment = record("https://as.example/token#x", "https://as.example/authorize#x").expect("checked where it is filled");
    assert_eq!(fragment.token(Grant::client_credentials()).step(NOW).expect_err("a fragment").kind(), Kind::Usage);
    let login = fragment.authorize(Authorize::new(BACK), NOW, &Counted::default());
    assert_eq!(login.expect_err("a fragment").kind(), Kind::Usage);
}

#[test]
fn rfc_6749_4_1_3_the_redirect_uri_is_the_same_with_the_code_whatever_the_callback_says() {
    let client = client();
    for uri in [BACK, "https://app.example/CB/%7euser?x=%2f", "http://127.0.0.1:1/cb", "com.example.app:/cb"] {
        let mut login = client.authorize(Authorize::new(uri), NOW, &Counted::default()).expect(uri);
        let asked = query(login.url());
        assert_eq!(value(&asked, "redirect_uri"), Some(uri), "verbatim");
        let state = value(&asked, "state").expect("a state");
        // RFC 9700 §4.11: where the browser really came back to changes nothing.
        let callback = format!("https://evil.example/?redirect_uri=https://evil.example/&code=c&state={state}");
        assert_eq!(value(&form(&request(&mut client.callback(&mut login, &callback))), "redirect_uri"), Some(uri));
    }
    for wrong in ["/cb", "app.example/cb", "https://app.example/cb#x", "", "https://"] {
        client.authorize(Authorize::new(wrong), NOW, &Counted::default()).expect_err(wrong);
    }
}

#[test]
fn rfc_6749_4_1_2_a_code_is_used_once_whatever_came_of_it() {
    let client = client();
    for outcome in
        [Err(lost(Sent::Maybe)), Err(lost(Sent::No)), Ok(crate::peer::answer(503, "")), Ok(crate::peer::answer(200, ""))]
    {
        let (mut login, state) = begun(&client);
        let callback = format!("{BACK}&code=c&state={state}");
        let mut exchange = client.callback(&mut login, &callback);
        request(&mut exchange);
        exchange.receive(outcome.clone());
        let error = exchange.step(NOW).expect_err("no token came");
        assert_eq!(error.is_ambiguous(), outcome.is_err_and(|lost| lost.sent == Sent::Maybe), "{error}");
        assert_eq!(exchange.step(NOW).expect_err("it has ended").kind(), Kind::Usage);
        assert_eq!(client.callback(&mut login, &callback).step(NOW).expect_err("taken").kind(), Kind::Expired);
    }
}

#[test]
fn rfc_9700_4_14_2_a_refresh_whose_answer_was_lost_is_ambiguous_and_not_sent_again() {
    let client = client();
    let mut exchange = client.refresh(&token(GOOD));
    request(&mut exchange);
    exchange.receive(Err(lost(Sent::Maybe)));
    let error = exchange.step(NOW).expect_err("lost");
    assert!(error.is_ambiguous() && !error.is_transient(), "{error}");
    assert!(matches!(exchange.step(NOW), Err(Error::Usage(_))), "it is over");
    let mut exchange = client.refresh(&token(GOOD));
    request(&mut exchange);
    exchange.receive(Err(lost(Sent::No)));
    let error = exchange.step(NOW).expect_err("lost");
    assert!(!error.is_ambiguous() && error.is_transient(), "nothing was sent, so it can be begun again: {error}");
}

#[test]
fn rfc_6749_6_a_new_refresh_token_replaces_the_old_and_an_absent_one_keeps_it() {
    let old = token(GOOD);
    let refreshed = |body: &str| {
        let mut exchange = client().refresh(&old);
        assert_eq!(value(&form(&request(&mut exchange)), "refresh_token"), Some("rt-1"));
        exchange.receive(Ok(crate::peer::answer(200, body)));
        let Ok(Step::Save(saved)) = exchange.step(NOW) else { panic!("saved before it is handed out") };
        let Ok(Step::Done(token)) = exchange.step(NOW) else { panic!("the token") };
        assert_eq!(saved.saved().expose(), token.saved().expose());
        token.refresh_token().map(|token| token.expose().to_owned())
    };
    assert_eq!(refreshed(r#"{"access_token":"at-2","token_type":"bearer","refresh_token":"rt-2"}"#).as_deref(), Some("rt-2"));
    assert_eq!(refreshed(r#"{"access_token":"at-2","token_type":"bearer"}"#).as_deref(), Some("rt-1"));
}

#[test]
fn rfc_9700_2_4_a_password_is_sent_only_where_the_program_gave_one() {
    // Nothing that a client does by itself becomes a password grant, and providers that list their grants are not asked for it.
    for request in all_requests(&client()).into_iter().filter(|request| value(&form(request), "password").is_none()) {
        assert_ne!(value(&form(&request), "grant_type"), Some("password"));
    }
    for provider in [Provider::buildpass(), Provider::honeywell()] {
        let error =
            Client::new(provider, "id").secret("s").token(Grant::password("jo", "pw")).step(NOW).expect_err("not for here");
        assert_eq!(error.kind(), Kind::Usage, "{error}");
    }
}

#[test]
fn rfc_9700_2_3_what_a_token_is_for_can_be_said_and_is_said_again_at_every_renewal() {
    let grant = Grant::client_credentials().scope("read").parameter("resource", "https://api.example/");
    let first = request(&mut client().token(grant.clone()));
    let bare = ended(client().token(grant.clone()), 200, r#"{"access_token":"a","token_type":"Bearer"}"#).expect("a token");
    let again = request(&mut client().renew(&bare, &grant));
    let refreshed = request(&mut client().renew(&token(GOOD), &grant));
    for request in [&first, &again, &refreshed] {
        assert_eq!(value(&form(request), "resource"), Some("https://api.example/"));
    }
    assert_eq!(value(&form(&again), "scope"), Some("read"), "and no more than was asked for");
    // RFC 8707 §2.2: a code is exchanged for what the user was asked about, also by who kept the login.
    let asked = Authorize::new(BACK).resource("https://api.example/").resource("https://other.example/");
    let login = client().authorize(asked, NOW, &Counted::default()).expect("a login");
    let state = value(&query(login.url()), "state").expect("a state").to_owned();
    let mut kept = oauth_core::Login::restore(login.saved().expect("open").expose()).expect("restored");
    let exchanged = form(&request(&mut client().callback(&mut kept, &format!("{BACK}&code=c&state={state}"))));
    let resources: Vec<&str> = exchanged.iter().filter(|(name, _)| name == "resource").map(|(_, value)| value.as_str()).collect();
    assert_eq!(resources, ["https://api.example/", "https://other.example/"]);
}
