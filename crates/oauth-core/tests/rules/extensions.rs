//! Do the examples of the RFCs that extend OAuth come out?

use oauth_core::{Answer, Authorize, Client, ClientAuth, Grant, Kind, Provider, Secret, Step, Token};
use serde_json::{Value, json};

use crate::peer::{Counted, NOW, answer, ended, form, header, query, request, value};

/// The client of RFC 6749 §4.1.1 and of those that took it over.
fn client() -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://as.example.com","token":{"url":"/token"},
        "authorize":{"url":"/as/authorization.oauth2"},"endpoints":{"backchannel_authentication":"/bc-authorize","introspection":"/introspect"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "s6BhdRkqt3").secret("7Fjfp0ZBr1KtDRbnfVdmIw")
}

/// These pairs are in it, among others.
fn holds(pairs: &[(String, String)], example: &str) {
    for (name, expected) in form_urlencoded::parse(example.as_bytes()) {
        assert!(pairs.iter().any(|(known, value)| *known == name && *value == expected), "{name}={expected} is not in {pairs:?}");
    }
}

fn begun(authorize: Authorize) -> Vec<(String, String)> {
    query(client().authorize(authorize, NOW, &Counted::default()).expect("a login").url())
}

fn token(body: &str) -> Token {
    ended(client().token(Grant::client_credentials()), 200, body).expect("a token")
}

#[test]
fn rfc_7522_2_1_and_rfc_7523_2_1_the_examples_of_assertions_as_grants() {
    // Shortened in the RFCs.
    let saml = request(&mut client().token(Grant::saml_bearer("PHNhbWxwOl-ZT4")));
    holds(&form(&saml), "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&assertion=PHNhbWxwOl-ZT4");
    let assertion = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3Mi.J9l-ZhwP";
    let jwt = request(&mut client().token(Grant::jwt_bearer(assertion)));
    holds(&form(&jwt), &format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}"));
}

#[test]
fn rfc_7591_3_1_and_3_2_the_examples_of_a_registration() {
    let record = r#"{"version":1,"name":"example","base":"https://server.example.com","token":{"url":"/token"},"endpoints":{"registration":"/register"}}"#;
    let provider = Provider::from_json(record).expect("a record");
    let mut asked = json!({
        "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/callback2"],
        "client_name": "My Example Client",
        "client_name#ja-Jpan-JP": "\u{30AF}\u{30E9}\u{30A4}\u{30A2}\u{30F3}\u{30C8}\u{540D}",
        "token_endpoint_auth_method": "client_secret_basic",
        "logo_uri": "https://client.example.org/logo.png",
        "jwks_uri": "https://client.example.org/my_public_keys.jwks",
        "example_extension_parameter": "example_value",
    });
    let mut exchange = provider.register(&asked.to_string(), Some(&Secret::from("ey23f2.adfj230.af32-developer321")));
    let sent = request(&mut exchange);
    assert_eq!((sent.url(), header(&sent, "content-type")), ("https://server.example.com/register", Some("application/json")));
    assert_eq!(header(&sent, "authorization"), Some("Bearer ey23f2.adfj230.af32-developer321"));
    assert_eq!(serde_json::from_slice::<Value>(sent.body()).expect("JSON"), asked);
    // §3.2.1, with the members of RFC 7592 §3.
    let more = json!({
        "client_id": "s6BhdRkqt3", "client_secret": "cf136dc3c1fc93f31185e5885805d", "client_id_issued_at": 2_893_256_800_i64,
        "client_secret_expires_at": 2_893_276_800_i64, "registration_access_token": "reg-23410913-abewfq.123483",
        "registration_client_uri": "https://server.example.com/register/s6BhdRkqt3",
    });
    asked.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    exchange.receive(Ok(answer(201, asked.to_string())));
    let Ok(Step::Done(registration)) = exchange.step(NOW) else { panic!("a registration") };
    assert_eq!((registration.client_id(), registration.client_secret_expires_at()), ("s6BhdRkqt3", Some(2_893_276_800_000)));
    assert_eq!(registration.client_secret().as_ref().map(Secret::expose), Some("cf136dc3c1fc93f31185e5885805d"));
    // RFC 7592 §2.1
    let read = request(&mut registration.read_again());
    assert_eq!((read.method().as_str(), read.url()), ("GET", "https://server.example.com/register/s6BhdRkqt3"));
    assert_eq!(header(&read, "authorization"), Some("Bearer reg-23410913-abewfq.123483"));
    // §3.2.2
    let refusal = r#"{"error": "invalid_redirect_uri",
        "error_description": "The redirection URI http://sketchy.example.com is not allowed by this server."}"#;
    let error =
        ended(provider.register(r#"{"redirect_uris":["http://sketchy.example.com"]}"#, None), 400, refusal).expect_err("refused");
    assert_eq!((error.kind(), error.code()), (Kind::Refused, Some("invalid_redirect_uri")));
}

#[test]
fn rfc_8414_3_2_and_rfc_8705_5_the_examples_of_metadata() {
    let discovered = |metadata: &str| {
        let mut exchange = Provider::discover("https://server.example.com");
        assert_eq!(
            request(&mut exchange).url(),
            "https://server.example.com/.well-known/oauth-authorization-server",
            "RFC 8414 §3.1"
        );
        exchange.receive(Ok(answer(200, metadata)));
        let Ok(Step::Done(provider)) = exchange.step(NOW) else { panic!("a provider") };
        provider
    };
    let provider = discovered(
        r#"{
      "issuer": "https://server.example.com",
      "authorization_endpoint": "https://server.example.com/authorize",
      "token_endpoint": "https://server.example.com/token",
      "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
      "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
      "userinfo_endpoint": "https://server.example.com/userinfo",
      "jwks_uri": "https://server.example.com/jwks.json",
      "registration_endpoint": "https://server.example.com/register",
      "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
      "response_types_supported": ["code", "code token"],
      "service_documentation": "http://server.example.com/service_documentation.html",
      "ui_locales_supported": ["en-US", "en-GB", "en-CA", "fr-FR", "fr-CA"]
    }"#,
    );
    assert!(provider.publishes_keys());
    let locales = provider.metadata("/ui_locales_supported").expect("kept, though nobody here reads them");
    assert_eq!(locales[4], "fr-CA");
    let sent = request(&mut Client::new(provider, "s6BhdRkqt3").secret("s").token(Grant::client_credentials()));
    assert_eq!(sent.url(), "https://server.example.com/token");
    assert!(header(&sent, "authorization").is_some_and(|value| value.starts_with("Basic ")));
    let provider = discovered(
        r#"{
      "issuer": "https://server.example.com",
      "authorization_endpoint": "https://server.example.com/authz",
      "token_endpoint": "https://server.example.com/token",
      "introspection_endpoint": "https://server.example.com/introspect",
      "revocation_endpoint": "https://server.example.com/revo",
      "jwks_uri": "https://server.example.com/jwks.json",
      "response_types_supported": ["code"],
      "response_modes_supported": ["fragment", "query", "form_post"],
      "grant_types_supported": ["authorization_code", "refresh_token"],
      "token_endpoint_auth_methods_supported": ["tls_client_auth", "client_secret_basic", "none"],
      "tls_client_certificate_bound_access_tokens": true,
      "mtls_endpoint_aliases": {
        "token_endpoint": "https://mtls.example.com/token",
        "revocation_endpoint": "https://mtls.example.com/revo",
        "introspection_endpoint": "https://mtls.example.com/introspect"
      }
    }"#,
    );
    let shown = Client::new(provider.clone(), "s6BhdRkqt3").auth(ClientAuth::TlsClientAuth);
    assert_eq!(request(&mut shown.token(Grant::client_credentials())).url(), "https://mtls.example.com/token");
    let other = Client::new(provider, "s6BhdRkqt3").auth(ClientAuth::None);
    assert_eq!(request(&mut other.token(Grant::client_credentials())).url(), "https://server.example.com/token");
}

#[test]
fn rfc_8693_a_1_and_a_2_the_examples_of_impersonation_and_delegation() {
    // The tokens themselves are shortened.
    const SUBJECT: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJhdWQiOiJodHRwczovL2FzLmV4YW1wbGUuY29tIn0.c2ln";
    const ACTOR: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJzdWIiOiJhZG1pbkBleGFtcGxlLm5ldCJ9.c2ln";
    const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
    let impersonated = Grant::token_exchange(SUBJECT, "jwt").parameter("resource", "https://api.example.com/");
    let sent = form(&request(&mut client().token(impersonated.clone())));
    holds(
        &sent,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&resource=https%3A%2F%2Fapi.example.com%2F",
    );
    assert_eq!((value(&sent, "subject_token"), value(&sent, "subject_token_type")), (Some(SUBJECT), Some(JWT)));
    let delegated = impersonated.clone().parameter("actor_token", ACTOR).parameter("actor_token_type", "jwt");
    let sent = form(&request(&mut client().token(delegated.clone())));
    assert_eq!((value(&sent, "actor_token"), value(&sent, "actor_token_type")), (Some(ACTOR), Some(JWT)));
    let body = format!(r#"{{"access_token":"{SUBJECT}","issued_token_type":"{JWT}","token_type":"N_A","expires_in":3600}}"#);
    for grant in [impersonated, delegated] {
        let token = ended(client().token(grant), 200, &body).expect("a token");
        // §2.2.1: it is no access token.
        assert_eq!(
            (token.token_type(), token.authorization(), token.field("/issued_token_type")),
            (Some("N_A"), None, Some(JWT.into()))
        );
    }
}

#[test]
fn rfc_8705_3_2_the_example_of_an_introspection_tells_the_certificate() {
    let token = token(r#"{"access_token":"mF_9.B5f-4.1JqM","token_type":"Bearer"}"#);
    let body = r#"{"active": true, "iss": "https://server.example.com", "sub": "ty.webb@example.com", "exp": 1493726400, "nbf": 1493722800,
        "cnf": {"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}}"#;
    let known = ended(client().introspect(&token), 200, body).expect("a document");
    assert_eq!(known.text("/cnf/x5t#S256").as_deref(), Some("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"));
}

#[test]
fn rfc_8707_2_1_and_2_2_the_examples_of_resources() {
    let asked = Authorize::new("https://client.example.org/cb").scope("calendar contacts");
    let asked = asked.resource("https://cal.example.com/").resource("https://contacts.example.com/");
    let example = "response_type=code&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fclient.example.org%2Fcb&scope=calendar%20contacts\
        &resource=https%3A%2F%2Fcal.example.com%2F&resource=https%3A%2F%2Fcontacts.example.com%2F";
    holds(&begun(asked), example);
    let renewed =
        Grant::refresh_token("4LTC8lb0acc6Oy4esc1Nk9BWC0imAwH7kic16BDC2").parameter("resource", "https://cal.example.com/");
    let example = "grant_type=refresh_token&refresh_token=4LTC8lb0acc6Oy4esc1Nk9BWC0imAwH7kic16BDC2&resource=https%3A%2F%2Fcal.example.com%2F";
    holds(&form(&request(&mut client().token(renewed))), example);
}

#[test]
fn rfc_9396_2_and_7_the_examples_of_authorization_details() {
    let details = r#"[{"type":"account_information","actions":["list_accounts","read_balances","read_transactions"],"locations":["https://example.com/accounts"]},{"type":"payment_initiation","actions":["initiate","status","cancel"],"locations":["https://example.com/payments"],"instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"Merchant A","creditorAccount":{"iban":"DE02100100109307118603"},"remittanceInformationUnstructured":"Ref Number Merchant"}]"#;
    let asked = begun(Authorize::new("https://client.example.org/cb").authorization_details(details));
    assert_eq!(value(&asked, "authorization_details"), Some(details), "§3: as it stands");
    let body = format!(
        r#"{{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,"authorization_details":{details}}}"#
    );
    let token = token(&body);
    assert_eq!(token.field("/authorization_details/1/instructedAmount/amount"), Some("123.50".into()));
    assert_eq!(token.authorization(), None, "RFC 6749 §7.1: of a type that nobody knows");
}

#[test]
fn rfc_9470_4_the_example_of_a_login_that_an_api_wants() {
    let field = r#"Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR""#;
    let refusal = Answer::new(401, vec![("WWW-Authenticate".to_owned(), field.to_owned())], vec![]);
    let demand = refusal.step_up().expect("a demand");
    let asked = Authorize::new("https://client.example.org/cb").scope("purchase").step_up(&demand);
    holds(&begun(asked), "client_id=s6BhdRkqt3&response_type=code&scope=purchase&acr_values=myACR");
}

#[test]
fn ciba_7_3_and_10_1_1_the_examples_of_a_login_elsewhere() {
    let body = r#"{"auth_req_id": "1c266114-a1be-4252-8ad1-04986c5b9ac1", "expires_in": 120, "interval": 2}"#;
    let pending = ended(client().backchannel([("scope", "openid"), ("login_hint", "jo")]), 200, body).expect("it waits");
    assert_eq!((pending.interval_ms(), pending.expires_at()), (2000, NOW.wall + 120_000));
    let mut polling = client().poll(&pending);
    assert!(matches!(polling.step(NOW), Ok(Step::Wait(pause)) if pause.as_secs() == 2));
    let Ok(Step::Send(sent)) = polling.step(NOW.later(2000)) else { panic!("a request") };
    holds(&form(&sent), "grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=1c266114-a1be-4252-8ad1-04986c5b9ac1");
    let body = r#"{"access_token": "G5kXH2wHvUra0sHlDy1iTkDJgsgUO1bN", "token_type": "Bearer", "refresh_token": "4bwc0ESC_IAhflf-ACC_vjD_ltc11ne-8gFPfA2Kx16",
        "expires_in": 120}"#;
    polling.receive(Ok(answer(200, body)));
    let Ok(Step::Done(token)) = polling.step(NOW.later(2000)) else { panic!("a token") };
    assert_eq!(token.refresh_token().map(Secret::expose), Some("4bwc0ESC_IAhflf-ACC_vjD_ltc11ne-8gFPfA2Kx16"));
}
