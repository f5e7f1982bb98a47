//! Does a program get from an API's demand for another login to the request for it?

use oauth_core::{Answer, Authorize, Challenge, Client, Now, Provider, Random, StepUp};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn answer(status: u16, fields: &[&str]) -> Answer {
    Answer::new(status, fields.iter().map(|field| ("WWW-Authenticate".to_owned(), (*field).to_owned())).collect(), vec![])
}

/// RFC 9470 §3, the first and the second figure.
const ACR: &str = r#"Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR""#;
const MAX_AGE: &str =
    r#"Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", max_age="5""#;

#[test]
fn rfc_9470_3_the_challenge_is_found_among_others() {
    let found = answer(401, &["Basic realm=\"x\"", r#"DPoP algs="ES256""#, ACR]).step_up().expect("found");
    assert_eq!(found.acr_values().collect::<Vec<_>>(), ["myACR"]);
    let found = answer(401, &[r#"DPoP error="insufficient_user_authentication", max_age=5"#]).step_up().expect("found");
    assert_eq!((found.scheme(), found.max_age()), ("DPoP", Some(5)));
    let found = answer(403, &[r#"Bearer error="insufficient_scope", scope="a b""#]).step_up().expect("RFC 6750 §3.1");
    assert_eq!(found.scope(), Some("a b"));
    for other in [
        answer(200, &[ACR]),
        answer(503, &[ACR]),
        answer(401, &[]),
        answer(401, &["Bearer"]),
        answer(401, &[r#"Bearer error="invalid_token", max_age=5"#]),
    ] {
        assert_eq!(other.step_up(), None, "{other:?}");
    }
}

fn asked(authorize: Authorize) -> Vec<(String, String)> {
    let record =
        r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},"authorize":{"url":"/authorize"}}"#;
    let client = Client::new(Provider::from_json(record).expect("a record"), "app").secret("s");
    let login = client.authorize(authorize, NOW, &Counting).expect("a login");
    form_urlencoded::parse(login.url().split_once('?').expect("a query").1.as_bytes()).into_owned().collect()
}

fn value<'a>(asked: &'a [(String, String)], name: &str) -> Option<&'a str> {
    asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn challenge(field: &str) -> Challenge {
    Challenge::parse_all([field]).pop().expect("a challenge")
}

#[test]
fn rfc_9470_4_what_the_api_wants_goes_along() {
    let authorize = || Authorize::new("https://app.example/cb").scope("openid mail");
    let first = asked(authorize().step_up(&challenge(ACR)));
    assert_eq!((value(&first, "acr_values"), value(&first, "max_age")), (Some("myACR"), None));
    let second = asked(authorize().step_up(&challenge(MAX_AGE)));
    assert_eq!((value(&second, "acr_values"), value(&second, "max_age")), (None, Some("5")));
    assert_eq!(value(&second, "scope"), Some("openid mail"));
    let both = asked(authorize().step_up(&challenge(r#"Bearer error=x, acr_values="gold silver", max_age=0"#)));
    assert_eq!((value(&both, "acr_values"), value(&both, "max_age")), (Some("gold silver"), Some("0")));
    let shorter = asked(authorize().parameter("max_age", "3").step_up(&challenge(MAX_AGE)));
    assert_eq!(value(&shorter, "max_age"), Some("3"), "what the program wanted already is not given up");
}

#[test]
fn rfc_6750_3_1_scopes_are_added_to_those_asked_for() {
    let scope = r#"Bearer error="insufficient_scope", scope="mail send""#;
    let more = asked(Authorize::new("https://app.example/cb").scope("openid mail").step_up(&challenge(scope)));
    assert_eq!(value(&more, "scope"), Some("openid mail send"));
    let alone = asked(Authorize::new("https://app.example/cb").step_up(&challenge(scope)));
    assert_eq!(value(&alone, "scope"), Some("mail send"));
}

#[test]
fn a_challenge_that_wants_nothing_changes_nothing() {
    let authorize = || Authorize::new("https://app.example/cb").scope("openid");
    for field in ["Bearer error=insufficient_user_authentication", r#"Bearer max_age="soon", acr_values="""#] {
        assert_eq!(asked(authorize().step_up(&challenge(field))), asked(authorize()), "{field}");
    }
}

#[test]
fn rfc_9110_5_5_nothing_but_a_scheme_gets_into_an_apis_challenge() {
    let wanted = StepUp::new().acr_values("gold\r\nX: y \"z\\");
    for scheme in ["Bearer", "bearer", "", "Bearer\r\nX: y"] {
        let line = r#"Bearer error="insufficient_user_authentication", acr_values="gold X: y \"z\\""#;
        assert_eq!(wanted.challenge(scheme), line);
    }
    assert!(wanted.challenge("dpop").starts_with("DPoP error="));
}
