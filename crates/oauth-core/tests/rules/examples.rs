//! Do the RFCs' own examples come out?

use oauth_core::{Answer, Authorize, Challenge, Client, Grant, Provider, Resource, Secret, Step};

use crate::peer::{Counted, NOW, answer, ended, form, header, query, request, value};

/// The client of RFC 6749 §4.1.1 and of those that took it over.
fn client() -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://server.example.com","issuer":"https://honest.as.example","token":{"url":"/token"},
        "authorize":{"url":"/authorize"},"endpoints":{"revocation":"/revoke","introspection":"/introspect","pushed_authorization_request":"/as/par",
            "device_authorization":"/device_authorization"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "s6BhdRkqt3").secret("7Fjfp0ZBr1KtDRbnfVdmIw")
}

const BASIC: &str = "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3";

fn pairs(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

#[test]
fn rfc_6749_4_1_the_examples_of_the_code_grant() {
    let client = client();
    let login = client.authorize(Authorize::new("https://client.example.com/cb"), NOW, &Counted::default()).expect("a login");
    // §4.1.1: state, and the parameters of PKCE, are beside those of the example.
    let example = pairs("response_type=code&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb");
    assert!(login.url().starts_with("https://server.example.com/authorize?"));
    assert!(example.iter().all(|pair| query(login.url()).contains(pair)), "{}", login.url());
    // §4.1.3
    let mut exchange = client.token(Grant::authorization_code("SplxlOBeZQQYbYS6WxSbIA", "https://client.example.com/cb"));
    let sent = request(&mut exchange);
    assert_eq!((sent.url(), header(&sent, "authorization")), ("https://server.example.com/token", Some(BASIC)));
    let example =
        "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb";
    assert_eq!(form(&sent), pairs(example));
    // §4.1.4
    let body = r#"{
       "access_token":"2YotnFZFEjr1zCsicMWpAA",
       "token_type":"example",
       "expires_in":3600,
       "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
       "example_parameter":"example_value"
     }"#;
    exchange.receive(Ok(answer(200, body)));
    let Ok(Step::Done(token)) = exchange.step(NOW) else { panic!("a token") };
    assert_eq!((token.access_token(), token.expires_at()), ("2YotnFZFEjr1zCsicMWpAA", Some(NOW.wall + 3_600_000)));
    assert_eq!(token.refresh_token().map(Secret::expose), Some("tGzv3JOkF0XG5Qx2TlKWIA"));
    assert_eq!((token.token_type(), token.authorization()), (Some("example"), None), "§7.1");
    assert_eq!(token.field("/example_parameter"), Some("example_value".into()));
    // §6
    let sent = request(&mut client.refresh(&token));
    assert_eq!(header(&sent, "authorization"), Some(BASIC));
    assert_eq!(form(&sent), pairs("grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA"));
}

#[test]
fn rfc_6749_4_the_examples_of_the_other_grants_and_of_an_error() {
    let sent = request(&mut client().token(Grant::password("johndoe", "A3ddj3w")));
    assert_eq!(form(&sent), pairs("grant_type=password&username=johndoe&password=A3ddj3w"), "§4.3.2");
    let sent = request(&mut client().token(Grant::client_credentials()));
    assert_eq!(form(&sent), pairs("grant_type=client_credentials"), "§4.4.2");
    let sent = request(&mut client().auth(oauth_core::ClientAuth::Post).token(Grant::refresh_token("tGzv3JOkF0XG5Qx2TlKWIA")));
    let example =
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw";
    assert_eq!(sorted(form(&sent)), sorted(pairs(example)), "§2.3.1");
    let error = ended(client().token(Grant::client_credentials()), 400, r#"{ "error":"invalid_request" }"#).expect_err("§5.2");
    assert_eq!((error.code(), error.is_transient()), (Some("invalid_request"), false));
}

#[test]
fn rfc_6750_3_and_rfc_9470_3_the_examples_of_challenges() {
    let parse = |field: &str| Challenge::parse_all([field]).pop().expect("one");
    assert_eq!(parse(r#"Bearer realm="example""#).realm(), Some("example"));
    let dead = parse(r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#);
    assert_eq!((dead.error(), dead.error_description()), (Some("invalid_token"), Some("The access token expired")));
    let stronger = parse(
        r#"Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR""#,
    );
    assert_eq!(
        (stronger.error(), stronger.acr_values().collect::<Vec<_>>()),
        (Some("insufficient_user_authentication"), vec!["myACR"])
    );
    let newer = parse(
        r#"Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", max_age="5""#,
    );
    assert_eq!(newer.max_age(), Some(5));
    // RFC 9110 §11.6.1
    let two = Challenge::parse_all([r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#]);
    assert_eq!(two.iter().map(Challenge::scheme).collect::<Vec<_>>(), ["Basic", "Newauth"]);
    assert_eq!((two[1].parameter("type"), two[1].parameter("title")), (Some("1"), Some("Login to \"apps\"")));
    // RFC 9449 §7.1
    let dpop = parse(r#"DPoP error="invalid_token", error_description="Invalid DPoP key binding", algs="ES256""#);
    assert_eq!((dpop.scheme(), dpop.algs().collect::<Vec<_>>()), ("DPoP", vec!["ES256"]));
}

#[test]
fn rfc_7009_2_1_and_rfc_7662_2_the_examples_of_the_other_endpoints() {
    let body = r#"{"access_token":"mF_9.B5f-4.1JqM","token_type":"Bearer","refresh_token":"45ghiukldjahdnhzdauz"}"#;
    let token = ended(client().token(Grant::client_credentials()), 200, body).expect("a token");
    let sent = request(&mut client().revoke(&token));
    assert_eq!((sent.url(), header(&sent, "authorization")), ("https://server.example.com/revoke", Some(BASIC)));
    assert_eq!(form(&sent), pairs("token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token"));
    let mut exchange = client().introspect(&token);
    assert_eq!(value(&form(&request(&mut exchange)), "token"), Some("mF_9.B5f-4.1JqM"));
    let body = r#"{
      "active": true,
      "client_id": "l238j323ds-23ij4",
      "username": "jdoe",
      "scope": "read write dolphin",
      "sub": "Z5O3upPC88QrAjx00dis",
      "aud": "https://protected.example.net/resource",
      "iss": "https://server.example.com/",
      "exp": 1419356238,
      "iat": 1419350238,
      "extension_field": "twenty-seven"
     }"#;
    exchange.receive(Ok(answer(200, body)));
    let Ok(Step::Done(document)) = exchange.step(NOW) else { panic!("a document") };
    assert_eq!((document.field("/active"), document.text("/sub").as_deref()), (Some(true.into()), Some("Z5O3upPC88QrAjx00dis")));
    assert_eq!(
        ended(client().introspect(&token), 200, r#"{"active": false}"#).expect("§2.2").field("/active"),
        Some(false.into())
    );
}

#[test]
fn rfc_8628_3_the_examples_of_a_device_login() {
    let public = client().auth(oauth_core::ClientAuth::None);
    let mut exchange = public.device([("scope", "example_scope")]);
    let sent = request(&mut exchange);
    assert_eq!(sent.url(), "https://server.example.com/device_authorization");
    assert_eq!(form(&sent), pairs("client_id=s6BhdRkqt3&scope=example_scope"));
    let body = r#"{
        "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://example.com/device",
        "verification_uri_complete": "https://example.com/device?user_code=WDJB-MJHT",
        "expires_in": 1800,
        "interval": 5
      }"#;
    exchange.receive(Ok(answer(200, body)));
    let Ok(Step::Done(device)) = exchange.step(NOW) else { panic!("a device") };
    assert_eq!((device.user_code(), device.interval_ms(), device.expires_at()), ("WDJB-MJHT", 5000, NOW.wall + 1_800_000));
    let mut polling = public.poll(&device);
    let mut now = NOW;
    let sent = loop {
        match polling.step(now).expect("it polls") {
            Step::Wait(pause) => now = now.later(i64::try_from(pause.as_millis()).expect("short")),
            Step::Send(request) => break request,
            other => panic!("{other:?}"),
        }
    };
    let example = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS&client_id=s6BhdRkqt3";
    assert_eq!((sent.url(), sorted(form(&sent))), ("https://server.example.com/token", sorted(pairs(example))), "§3.4");
    assert_eq!(now.mono, 5000, "§3.5: five seconds where the server says five");
    let silent = r#"{"device_code":"d","user_code":"U","verification_uri":"https://example.com/device","expires_in":60}"#;
    assert_eq!(
        ended(public.device([("scope", "a")]), 200, silent).expect("a device").interval_ms(),
        5000,
        "§3.2: and where it says nothing"
    );
}

#[test]
fn rfc_8693_2_3_the_example_of_an_exchange() {
    let grant = Grant::token_exchange("accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC", "access_token");
    let grant = grant.parameter("resource", "https://backend.example.com/api");
    let sent = request(&mut client().token(grant.clone()));
    let example = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&resource=https%3A%2F%2Fbackend.example.com%2Fapi\
        &subject_token=accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token";
    assert_eq!(sorted(form(&sent)), sorted(pairs(example)));
    // The token itself is shortened.
    let body = r#"{"access_token":"eyJhbGciOiJFUzI1NiIsImtpZCI6IjllciJ9.eyJhdWQiOiJodHRwczovL2JhY2tlbmQuZXhhbXBsZS5jb20ifQ.c2ln",
        "issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":60}"#;
    let token = ended(client().token(grant), 200, body).expect("a token");
    assert_eq!(token.field("/issued_token_type"), Some("urn:ietf:params:oauth:token-type:access_token".into()));
}

#[test]
fn rfc_9126_2_2_and_4_the_examples_of_a_pushed_request() {
    let authorize = Authorize::new("https://client.example.org/cb").scope("account-information");
    let mut exchange = client().push(authorize, NOW, &Counted::default());
    let sent = request(&mut exchange);
    assert_eq!((sent.url(), header(&sent, "authorization")), ("https://server.example.com/as/par", Some(BASIC)));
    let body = r#"{ "request_uri": "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c", "expires_in": 60 }"#;
    exchange.receive(Ok(answer(201, body)));
    let Ok(Step::Done(login)) = exchange.step(NOW) else { panic!("a login") };
    let url = "https://server.example.com/authorize?client_id=s6BhdRkqt3&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c";
    assert_eq!((login.url(), login.url_expires_at()), (url, Some(NOW.wall + 60_000)));
}

#[test]
fn rfc_9207_2_1_and_2_2_the_examples_of_iss() {
    for (callback, expected) in [
        (
            "https://client.example/cb?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58&state={}&iss=https%3A%2F%2Fhonest.as.example",
            Ok(()),
        ),
        (
            "https://client.example/cb?error=access_denied&state={}&iss=https%3A%2F%2Fhonest.as.example",
            Err(oauth_core::Kind::Refused),
        ),
    ] {
        let end = |callback: &str| {
            let authorize = Authorize::new("https://client.example/cb");
            let mut login = client().authorize(authorize, NOW, &Counted::default()).expect("a login");
            let state = value(&query(login.url()), "state").expect("a state").to_owned();
            client().callback(&mut login, &callback.replace("{}", &state)).step(NOW).map(|_| ()).map_err(|error| error.kind())
        };
        assert_eq!(end(callback), expected, "{callback}");
        assert_eq!(end(&callback.replace("honest", "evil")), Err(oauth_core::Kind::Untrusted));
    }
}

#[test]
fn rfc_9728_3_and_5_the_examples_of_a_resource() {
    let challenge = r#"Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource""#;
    let refusal = Answer::new(401, vec![("WWW-Authenticate".to_owned(), challenge.to_owned())], vec![]);
    let mut exchange = Resource::challenged("https://resource.example.com", &refusal);
    assert_eq!(request(&mut exchange).url(), "https://resource.example.com/.well-known/oauth-protected-resource");
    let body = r#"{
      "resource": "https://resource.example.com",
      "authorization_servers": ["https://as1.example.com", "https://as2.example.net"],
      "bearer_methods_supported": ["header", "body"],
      "scopes_supported": ["profile", "email", "phone"],
      "resource_documentation": "https://resource.example.com/resource_documentation.html"
    }"#;
    exchange.receive(Ok(answer(200, body)));
    let Ok(Step::Done(resource)) = exchange.step(NOW) else { panic!("a resource") };
    assert_eq!(resource.authorization_servers(), ["https://as1.example.com", "https://as2.example.net"]);
    assert_eq!(resource.scopes_supported(), ["profile", "email", "phone"]);
    // §3.1
    let mut exchange = Resource::discover("https://resource.example.com/resource1");
    assert_eq!(request(&mut exchange).url(), "https://resource.example.com/.well-known/oauth-protected-resource/resource1");
}
