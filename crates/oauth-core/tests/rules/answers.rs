//! Is what a server says read by the rules?

use oauth_core::{Deviation, Error, Grant, Kind, Now, Step, Token};
use serde_json::{Value, json};

use crate::peer::{GOOD, NOW, answer, client, ended, request, token};

fn asked(status: u16, body: impl AsRef<[u8]>) -> Result<Token, Error> {
    ended(client().token(Grant::client_credentials().scope("read write")), status, body)
}

fn garbled(body: impl AsRef<[u8]>, why: &str) {
    let error = asked(200, body).expect_err(why);
    assert_eq!(error.kind(), Kind::Garbled, "{why}: {error}");
}

/// A good answer with one member changed.
fn with(name: &str, value: Value) -> String {
    let mut answer: Value = serde_json::from_str(GOOD).expect("JSON");
    answer[name] = value;
    answer.to_string()
}

#[test]
fn rfc_6749_5_1_unknown_members_are_ignored_and_kept() {
    let token = asked(200, with("https://x.example/claim", json!({"deep": [1, null]}))).expect("a token");
    assert_eq!((token.access_token(), token.field("/https:~1~1x.example~1claim/deep/0")), ("at-1", Some(json!(1))));
}

#[test]
fn rfc_6749_3_3_a_scope_left_out_is_the_requested_one_and_another_one_is_seen() {
    let scope = |body: String| {
        let token = asked(200, body).expect("a token");
        (token.scope().map(str::to_owned), token.is_scope_narrower())
    };
    assert_eq!(scope(GOOD.to_owned()), (Some("read write".to_owned()), false));
    assert_eq!(scope(with("scope", json!("write read"))), (Some("write read".to_owned()), false));
    assert_eq!(scope(with("scope", json!("read"))), (Some("read".to_owned()), true));
}

#[test]
fn cve_2022_31690_an_empty_scope_is_not_the_requested_one() {
    let token = asked(200, with("scope", json!(""))).expect("a token");
    assert_eq!((token.scope(), token.is_scope_narrower()), (Some(""), true));
}

#[test]
fn rfc_6749_7_1_a_token_of_an_unknown_type_is_kept_and_never_used() {
    for unknown in ["mac", "N_A", "DPoP", "BearerToken", "Bearer ", "bearer,mac"] {
        let token = asked(200, with("token_type", json!(unknown))).expect("kept");
        assert_eq!((token.authorization(), token.token_type()), (None, Some(unknown)));
        let mut call = client().call(&token, oauth_core::Call::get("/x"));
        assert_eq!(call.step(NOW).expect_err("not used").kind(), Kind::Usage, "{unknown}");
    }
}

#[test]
fn rfc_6749_5_1_a_token_type_is_read_in_any_case() {
    for bearer in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        assert_eq!(token(&with("token_type", json!(bearer))).authorization(), Some("Bearer at-1"), "{bearer}");
    }
}

#[test]
fn rfc_6749_1_4_an_access_token_is_opaque() {
    // A JWT that expired in 1970, and one that is none: neither is looked into.
    for opaque in ["eyJhbGciOiJub25lIn0.eyJleHAiOjF9.", "eyJ.....", "%%%"] {
        let token = token(&with("access_token", json!(opaque)));
        assert_eq!((token.access_token(), token.expires_at()), (opaque, Some(NOW.wall + 3_600_000)));
        assert!(!token.is_expired(NOW));
    }
}

#[test]
fn rfc_6749_a_12_a_token_with_any_other_character_never_reaches_a_header() {
    for code in (0..=0x20).chain([0x7F, 0x80, 0xE4, 0x2028]) {
        let bad = format!("a{}b", char::from_u32(code).expect("a character"));
        for name in ["access_token", "refresh_token"] {
            garbled(with(name, json!(bad)), &format!("{name} with U+{code:04X}"));
        }
    }
    let visible: String = (0x21..=0x7Eu8).map(char::from).collect();
    assert_eq!(token(&with("access_token", json!(visible))).access_token(), visible);
}

#[test]
fn rfc_8259_7_a_token_is_a_whole_text_whatever_stands_raw_in_it() {
    for raw in ["a\u{0}b", "a\tb", "a\nb", r"a\ud800b", r"a\xb", "a\\", "ä"] {
        garbled(GOOD.replace("at-1", raw), &format!("{raw:?} in a token"));
    }
    let cut = GOOD.find("at-1").expect("a token") + 2;
    garbled(&GOOD[..cut], "the end within a token");
    garbled([&GOOD.as_bytes()[..cut], b"\xff", &GOOD.as_bytes()[cut..]].concat(), "a byte of no character");
    assert_eq!(token(&GOOD.replace("at-1", r"\u0061t\/\u002d1")).access_token(), "at/-1");
}

#[test]
fn rfc_6749_10_14_what_a_server_writes_reaches_no_terminal_as_control_characters() {
    let hostile = "\u{1b}[2J\r\nSet-Cookie: a=b\u{0}\u{7f}\u{9b}1m\u{202e}";
    let bodies = [
        json!({"error": hostile, "error_description": hostile, "error_uri": hostile}).to_string(),
        json!({"access_token": hostile}).to_string(),
        with("token_type", json!([hostile])),
        format!("<html>{hostile}"),
    ];
    for (status, body) in bodies.iter().flat_map(|body| [(200, body), (400, body), (503, body)]) {
        let Err(error) = asked(status, body) else { panic!("no token in {body:?}") };
        let shown = [
            error.to_string(),
            format!("{error:?}"),
            error.code().unwrap_or_default().to_owned(),
            error.description().unwrap_or_default().to_owned(),
            error.error_uri().unwrap_or_default().to_owned(),
        ];
        for text in shown {
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
        }
    }
}

#[test]
fn rfc_6749_5_2_an_error_keeps_its_code_and_says_whether_another_try_can_help() {
    for (status, code, transient) in [
        (400, "invalid_grant", false),
        (401, "invalid_client", false),
        (400, "invalid_scope", false),
        (400, "unheard_of", false),
        (503, "temporarily_unavailable", true),
        (400, "temporarily_unavailable", true),
        (500, "server_error", true),
        (429, "invalid_request", true),
        (200, "invalid_grant", false),
    ] {
        let error = asked(status, json!({"error": code}).to_string()).expect_err(code);
        let seen = (error.kind(), error.code(), error.standard_code(), error.status(), error.is_transient());
        assert_eq!(seen, (Kind::Refused, Some(code), Some(code), Some(status), transient));
    }
    for (status, transient) in [(400, false), (401, false), (403, false), (500, true), (502, true), (429, true)] {
        for body in ["", "<html>no</html>", "{", "[]"] {
            let error = asked(status, body).expect_err(body);
            assert_eq!((error.kind(), error.is_transient()), (Kind::Refused, transient), "{status} {body}");
        }
    }
}

#[test]
fn rfc_9700_4_12_the_token_endpoints_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let mut exchange = client().token(Grant::client_credentials());
        request(&mut exchange);
        let headers = vec![("Location".to_owned(), "https://as.example/token/?secret=1".to_owned())];
        exchange.receive(Ok(oauth_core::Answer::new(status, headers, vec![])));
        let error = exchange.step(NOW).expect_err("not followed");
        assert_eq!((error.kind(), error.status()), (Kind::Garbled, Some(status)));
        assert!(error.to_string().contains("https://as.example/token/") && !error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn rfc_6749_5_1_expiry_arithmetic_never_overflows_and_nonsense_is_no_expiry() {
    let largest = json!(9_223_372_036_854_775_807_i64);
    let lifetimes =
        [largest.clone(), json!("9223372036854775807"), json!(u64::MAX), json!(1e300), json!(-1), json!(i64::MIN), json!("-1")];
    let odd = [json!("soon"), json!([]), json!({}), json!(null), json!(true), json!(0.5), json!(0), json!("0"), json!("")];
    for lifetime in lifetimes.iter().chain(&odd) {
        for wall in [0, NOW.wall, -1, i64::MAX, i64::MIN] {
            for mono in [0, i64::MAX, i64::MIN] {
                let now = Now { wall, mono };
                let mut exchange = client().token(Grant::client_credentials());
                assert!(matches!(exchange.step(now), Ok(Step::Send(_))));
                exchange.receive(Ok(answer(200, with("expires_in", lifetime.clone()))));
                let Ok(Step::Done(token)) = exchange.step(now) else { panic!("{lifetime} at {wall}") };
                assert!(token.expires_at().is_none_or(|at| at >= wall), "{lifetime} at {wall}");
                for later in [now, NOW, Now { wall: i64::MAX, mono }, Now { wall: i64::MIN, mono }] {
                    let _ = token.is_expired(later.later(i64::MAX));
                }
                assert_eq!(Token::restore(token.saved().expose()).expect("kept").expires_at(), token.expires_at());
            }
        }
    }
    assert!(
        asked(200, with("expires_in", json!("soon"))).expect("a token").deviations().contains(&Deviation::EXPIRES_IN_UNREADABLE)
    );
    // A hundred years are the most.
    assert!(token(&with("expires_in", largest)).expires_at().is_some_and(|at| at < NOW.wall + 4_000_000_000_000));
}

#[test]
fn rfc_9110_17_5_a_deeply_nested_answer_costs_no_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for name in ["error", "access_token", "scope", "user"] {
            let deep = format!("{{\"{name}\":{}1{}}}", open.repeat(100_000), close.repeat(100_000));
            garbled(deep, name);
        }
    }
}

#[test]
fn cve_2021_41580_a_success_without_an_access_token_is_none() {
    for (body, why) in [
        ("{}", "no member at all"),
        (r#"{"token_type":"Bearer","expires_in":3600}"#, "no access_token"),
        (r#"{"access_token":null,"token_type":"Bearer"}"#, "null"),
        (r#"{"access_token":"","token_type":"Bearer"}"#, "empty"),
        (r#"{"access_token":{"a":"b"},"token_type":"Bearer"}"#, "an object"),
        (r#"{"access_token":["a"],"token_type":"Bearer"}"#, "a list"),
        (r#"{"access_token":1,"token_type":"Bearer"}"#, "a number"),
        (r#"{"access_token":true,"token_type":"Bearer"}"#, "true"),
        (r#"{"Access_Token":"a","token_type":"Bearer"}"#, "another name"),
        (r#"{"access_token":"a","access_token":"b"}"#, "two of them"),
        (r#"{"token":{"access_token":"a"}}"#, "elsewhere"),
        ("token_type=Bearer", "a form without it"),
        ("true", "no object"),
        ("", "nothing"),
    ] {
        for status in [200, 201, 204] {
            let error = asked(status, body).expect_err(why);
            assert_eq!(error.kind(), Kind::Garbled, "{why}: {error}");
        }
    }
}

#[test]
fn cve_2026_49214_no_line_break_of_anybodys_reaches_a_header_or_a_url() {
    for bad in ["a\r\nX: y", "a\nb", "a\rb", "a\0b"] {
        let id = oauth_core::Client::new(crate::peer::provider_with(""), bad).secret("s");
        assert_eq!(id.token(Grant::client_credentials()).step(NOW).expect_err("an id").kind(), Kind::Usage);
        let secret = client().secret(bad);
        assert_eq!(secret.token(Grant::client_credentials()).step(NOW).expect_err("a secret").kind(), Kind::Usage);
        let base = client().base(&format!("https://{bad}.example"));
        assert_eq!(base.token(Grant::client_credentials()).step(NOW).expect_err("a host").kind(), Kind::Usage);
        let header = oauth_core::Call::get("/x").header("x-own", bad);
        assert_eq!(client().call(&token(GOOD), header).step(NOW).expect_err("a header").kind(), Kind::Usage);
        let name = oauth_core::Call::get("/x").header(bad, "own");
        assert_eq!(client().call(&token(GOOD), name).step(NOW).expect_err("its name").kind(), Kind::Usage);
        let target = oauth_core::Call::get(&format!("/{bad}"));
        assert_eq!(client().call(&token(GOOD), target).step(NOW).expect_err("a target").kind(), Kind::Usage);
        let saved = token(GOOD).saved().expose().replace("at-1", &bad.escape_default().to_string());
        Token::restore(&saved).expect_err("a token from a store");
        // In a query and a form it is percent-encoded.
        let query = oauth_core::Call::get("/x").query("q", bad);
        assert!(!request(&mut client().call(&token(GOOD), query)).url().contains(char::is_control));
    }
}
