//! What comes in a fragment: is it read where it was asked for, checked as a code is, and nowhere else?

use oauth_core::{Answer, Authorize, Client, Deviation, Error, Exchange, Kind, Login, Now, Provider, Random, Step, Token};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };
const BACK: &str = "https://app.example/cb";

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn client(iss: &str) -> Client {
    let record = format!(
        r#"{{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{{"url":"/token","auth":"none"}},
            "authorize":{{"url":"/authorize","iss":"{iss}"}}}}"#
    );
    Client::new(Provider::from_json(&record).expect("a record"), "app")
}

fn begun(client: &Client, response_type: &str) -> (Login, String) {
    let authorize = Authorize::new(BACK).scope("read write").response_type(response_type);
    let login = client.authorize(authorize, NOW, &Counting).expect("a login");
    let query = login.url().split_once('?').expect("a query").1.to_owned();
    let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state").expect("a state").1.into_owned();
    (login, state)
}

/// What an exchange without a request ends with.
fn end(mut exchange: Exchange<Token>) -> Result<Token, Error> {
    match exchange.step(NOW)? {
        Step::Done(token) => Ok(token),
        step => panic!("{step:?}"),
    }
}

fn failed(mut exchange: Exchange<Token>) -> Error {
    exchange.step(NOW).expect_err("no token")
}

#[test]
fn rfc_6749_4_2_2_a_token_is_read_from_the_fragment() {
    let client = client("optional");
    let (mut login, state) = begun(&client, "token");
    assert!(login.url().contains("response_type=token&") && !login.url().contains("code_challenge"), "{}", login.url());
    let back = format!("{BACK}#access_token=2YotnFZFEjr1zCsicMWpAA&state={state}&token_type=example&expires_in=3600");
    let token = end(client.callback(&mut login, &back)).expect("a token");
    assert_eq!((token.token_type(), token.authorization()), (Some("example"), None), "RFC 6749 §7.1");
    assert_eq!((token.expires_at(), token.deviations()), (Some(NOW.wall + 3_600_000), &[][..]));
    assert!(login.is_taken());

    let (login, state) = begun(&client, "id_token token");
    let fragment =
        format!("access_token=2YotnFZFEjr1zCsicMWpAA&token_type=Bearer&id_token=e30.e30.c2ln&state={state}&refresh_token=never");
    // In another process, as a web program would.
    let mut login = Login::restore(login.saved().expect("open").expose()).expect("saved");
    let token = end(client.callback(&mut login, &fragment)).expect("a token, also of the fragment alone");
    assert_eq!(token.authorization(), Some("Bearer 2YotnFZFEjr1zCsicMWpAA"));
    assert_eq!(token.field("/id_token"), Some("e30.e30.c2ln".into()));
    assert_eq!((token.scope(), token.is_scope_narrower()), (Some("read write"), false), "RFC 6749 §4.2.2");
    assert!(token.refresh_token().is_none(), "RFC 6749 §4.2.2: none is issued this way");
}

#[test]
fn rfc_6749_10_12_a_fragment_with_another_state_is_untrusted_and_burns_nothing() {
    let client = client("optional");
    let (mut login, state) = begun(&client, "token");
    let token = "access_token=2YotnFZFEjr1zCsicMWpAA&token_type=Bearer";
    for forged in [
        format!("{BACK}#{token}"),
        format!("{BACK}#{token}&state=other"),
        format!("{BACK}?state={state}#{token}"),
        format!("{BACK}?{token}&state={state}"),
        format!("{BACK}#{token}&state={state}&state={state}"),
        format!("{BACK}#{token}&{token}&state={state}"),
        format!("{BACK}?iss=https://as.example#{token}&state={state}&iss=https://as.example"),
        format!("{BACK}?iss=https://evil.example#{token}&state={state}"),
        format!("{BACK}#{token}&state={state}&iss=https://evil.example"),
    ] {
        let error = failed(client.callback(&mut login, &forged));
        assert_eq!(error.kind(), Kind::Untrusted, "{forged}: {error}");
        assert!(!login.is_taken() && !error.to_string().contains("2Yotn"), "{forged}");
    }
    end(client.callback(&mut login, &format!("{BACK}?iss=https://as.example#{token}&state={state}")))
        .expect("iss may stand before");
}

#[test]
fn rfc_9207_2_4_a_promised_iss_is_wanted_in_a_fragment_too() {
    let client = client("required");
    let (mut login, state) = begun(&client, "token");
    let fragment = format!("access_token=2YotnFZFEjr1zCsicMWpAA&token_type=Bearer&state={state}");
    assert_eq!(failed(client.callback(&mut login, &fragment)).kind(), Kind::Untrusted);
    end(client.callback(&mut login, &format!("{fragment}&iss=https%3A%2F%2Fas.example"))).expect("a token");
}

#[test]
fn rfc_9700_2_1_2_of_a_hybrid_answer_the_code_is_exchanged_and_the_token_left_alone() {
    let client = client("optional");
    let (mut login, state) = begun(&client, "code token");
    assert!(login.url().contains("response_type=code%20token&") && login.url().contains("code_challenge="), "{}", login.url());
    let back = format!("{BACK}#code=SplxlOBeZQQYbYS6WxSbIA&access_token=of-the-browser&token_type=Bearer&state={state}");
    let mut exchange = client.callback(&mut login, &back);
    let Ok(Step::Send(request)) = exchange.step(NOW) else { panic!("a request") };
    let body = String::from_utf8(request.body().to_vec()).expect("a form");
    assert!(body.contains("code=SplxlOBeZQQYbYS6WxSbIA") && body.contains("code_verifier="), "{body}");
    exchange.receive(Ok(Answer::new(200, vec![], br#"{"access_token":"of-the-server","expires_in":60}"#.to_vec())));
    let Ok(Step::Done(token)) = exchange.step(NOW) else { panic!("a token") };
    assert_eq!((token.access_token(), token.deviations()), ("of-the-server", &[Deviation::TOKEN_TYPE_MISSING][..]));
}

#[test]
fn rfc_6749_4_2_2_1_a_refusal_in_the_fragment_comes_before_any_token() {
    let client = client("optional");
    let (mut login, state) = begun(&client, "token");
    let back = format!("{BACK}#error=access_denied&access_token=2YotnFZFEjr1zCsicMWpAA&state={state}");
    let error = failed(client.callback(&mut login, &back));
    assert_eq!((error.kind(), error.code()), (Kind::Refused, Some("access_denied")), "{error}");
    assert!(login.is_taken());
}

#[test]
fn a_fragment_without_what_was_asked_for_is_told() {
    let client = client("optional");
    for (response_type, fragment) in [("token", "code=c"), ("code token", "access_token=t")] {
        let (mut login, state) = begun(&client, response_type);
        let error = failed(client.callback(&mut login, &format!("{fragment}&state={state}")));
        assert_eq!(error.kind(), Kind::Usage, "{error}");
    }
}

#[test]
fn a_login_that_took_too_long_brings_no_token() {
    let client = client("optional");
    let (mut login, state) = begun(&client, "token");
    let mut exchange = client.callback(&mut login, &format!("access_token=2YotnFZFEjr1zCsicMWpAA&state={state}"));
    assert_eq!(exchange.step(NOW.later(600_000)).expect_err("ten minutes").kind(), Kind::Expired);
}

#[test]
fn without_being_asked_for_a_fragment_is_passed_over() {
    let client = client("optional");
    let (mut login, state) = begun(&client, "code");
    let error = failed(client.callback(&mut login, &format!("{BACK}#access_token=2YotnFZFEjr1zCsicMWpAA&state={state}")));
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    assert!(!login.is_taken());
}

#[test]
fn a_response_type_that_brings_no_token_is_refused() {
    for wrong in ["", "id_token", "none", "token token", "code  token", "Token"] {
        let authorize = Authorize::new(BACK).response_type(wrong);
        let error = client("optional").authorize(authorize, NOW, &Counting).expect_err(wrong);
        assert_eq!(error.kind(), Kind::Usage, "{wrong}: {error}");
    }
}
